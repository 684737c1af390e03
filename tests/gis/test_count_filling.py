import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.count_filling import expected_around, fill_gaps, filled_totals
from tests.gis.test_count_shifts import FIRST, weeks_of_counts


def test_a_missing_hour_is_the_mean_of_the_weeks_around_times_what_the_others_did():
    values = np.zeros((7 * 168, 3))
    for week in range(7):
        values[week * 168 + 10] = [10 + week, 99.0, 199.0]
    at = 3 * 168 + 10
    values[at] = [np.nan, 149.0, 299.0]
    # Weeks 0-2 and 4-6 have 10, 11, 12, 14, 15, 16: 13. The others are at (149 + 1) / (99 + 1) = 1.5 and 300 / 200.
    assert expected_around(values)[at, 0] == pytest.approx(13 * 1.5)
    values[at, 2] = np.nan
    assert expected_around(values)[at, 0] == pytest.approx(13 * 1.5)
    values[at, 1] = np.nan
    assert expected_around(values)[at, 0] == pytest.approx(13)


def test_counts_stay_as_they_are_and_nothing_is_made_up_outside_the_time_of_a_sensor():
    table = weeks_of_counts(weeks=8)
    table.iloc[:100, 0] = np.nan
    table.iloc[-50:, 0] = np.nan
    table.iloc[500:520, 0] = np.nan
    filled = fill_gaps(table)
    assert filled.iloc[500:520, 0].notna().all()
    assert filled.iloc[:100, 0].isna().all()
    assert filled.iloc[-50:, 0].isna().all()
    counted = table.notna()
    pd.testing.assert_frame_equal(filled.where(counted), table.where(counted))


@given(st.integers(1, 200), st.floats(1.5, 20))
@settings(max_examples=15, deadline=None)
def test_what_is_filled_grows_with_the_sensor_and_not_with_what_the_gap_held(first, factor):
    table = weeks_of_counts(weeks=9)
    rows = slice(4 * 168 + first, 4 * 168 + first + 24)
    gone = table.copy()
    gone.iloc[rows, 1] = np.nan
    once = fill_gaps(gone).iloc[rows, 1]
    louder = gone.assign(b=gone["b"] * factor)
    assert fill_gaps(louder).iloc[rows, 1].to_numpy() == pytest.approx(once.to_numpy() * factor)


def totals(n_missing: int, interval: str, n_unfillable: int = 0) -> pd.DataFrame:
    hours = pd.date_range(FIRST, periods=168, freq="h")
    counted = pd.Series(2.0, index=hours)
    counted.iloc[:n_missing] = np.nan
    filled = counted.fillna(1.0)
    filled.iloc[:n_unfillable] = np.nan
    return filled_totals(
        pd.DataFrame({"counted": counted, "filled": filled, "is_expected": True}), interval=interval
    )


def test_a_day_rests_on_a_fifth_of_filled_hours_at_most():
    day = totals(4, "day").iloc[0]
    assert (day["value"], day["n_imputed"], day["imputed_share"], day["reason"]) == (44.0, 4, 4 / 24, None)
    five = totals(5, "day").iloc[0]
    assert np.isnan(five["value"])
    assert five["reason"] == "too_much_imputed"


def test_a_week_rests_on_a_tenth_of_filled_hours_at_most():
    week = totals(16, "week").iloc[0]
    assert (week["value"], week["reason"]) == (16 + 2 * 152, None)
    assert totals(17, "week").iloc[0]["reason"] == "too_much_imputed"


def test_a_day_with_an_hour_that_nobody_knows_has_no_total():
    day = totals(1, "day", n_unfillable=1).iloc[0]
    assert np.isnan(day["value"])
    assert day["reason"] == "not_whole"
