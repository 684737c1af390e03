import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.count_base import usual
from gis.count_checks import expected_hours, gaps, lost_directions, night_anomalies, twins
from gis.count_clocks import clock_errors
from gis.count_shifts import level_shifts
from tests import town

TIMEZONE = "Europe/Brussels"
FIRST = pd.Timestamp("2025-01-06")
WEEKS = 30
# A Wednesday in the twentieth week.
DAY = FIRST + pd.Timedelta(weeks=19, days=2)


def weeks_of_counts(levels=(300.0, 120.0, 200.0, 90.0), *, weeks=WEEKS, seed=7) -> pd.DataFrame:
    """Sensors that share the town's days and have chance of their own."""
    hours = pd.date_range(FIRST, periods=weeks * 168, freq="h")
    rng = np.random.default_rng(seed)
    days = np.repeat(rng.lognormal(0, 0.1, weeks * 7), 24)
    mean = town.hour_shares(hours)[:, None] * days[:, None] * np.array(levels)
    own = np.repeat(rng.lognormal(0, 0.05, (weeks * 7, len(levels))), 24, axis=0)
    return pd.DataFrame(
        rng.poisson(mean * own).astype(float), index=hours, columns=list("abcd")[: len(levels)]
    )


def between(table: pd.DataFrame, first: pd.Timestamp, days: float) -> np.ndarray:
    return np.asarray((table.index >= first) & (table.index < first + pd.Timedelta(days=days)))


def test_the_usual_hour_is_the_median_of_the_same_hour_of_the_weeks_before():
    values = np.full((5 * 168, 1), np.nan)
    values[10::168, 0] = [1.0, 9.0, 4.0, np.nan, 100.0]
    found = usual(values, least=3)
    # The fifth week knows 1, 9 and 4; the fourth the same three; the third only two.
    assert found[4 * 168 + 10, 0] == found[3 * 168 + 10, 0] == 4.0
    assert np.isnan(found[2 * 168 + 10, 0])


@pytest.mark.parametrize("factor", [2.0, 0.5])
def test_a_sensor_that_counts_double_or_half_for_a_while_is_found_within_a_week_with_its_days_and_factor(
    factor,
):
    table = weeks_of_counts()
    table.loc[between(table, DAY, 21), "a"] *= factor
    (found,) = level_shifts(table).to_dict("records")
    assert (found["sensor_id"], found["kind"]) == ("a", "level_shift")
    assert (found["from_at"], found["to_at"]) == (DAY, DAY + pd.Timedelta(days=21))
    assert found["strength"] == pytest.approx(factor, rel=0.05)
    assert pd.Timestamp(found["detail"]["alarm_on"]) - DAY < pd.Timedelta(days=7)
    assert found["detail"]["n_others"] == 3
    assert not found["detail"]["is_ongoing"]
    assert found["detail"]["counted_per_day"] / found["detail"]["usual_per_day"] == pytest.approx(
        factor, rel=0.05
    )


def test_a_shift_that_stays_is_one_finding_to_the_end_however_long_it_lasts():
    table = weeks_of_counts()
    table.loc[table.index >= DAY, "b"] *= 2
    (found,) = level_shifts(table).to_dict("records")
    assert (found["sensor_id"], found["from_at"], found["detail"]["is_ongoing"]) == ("b", DAY, True)
    assert found["to_at"] == table.index[-1] + pd.Timedelta(hours=1)


def test_a_change_of_the_whole_town_is_no_fault_of_a_sensor():
    table = weeks_of_counts()
    table.loc[between(table, DAY, 21)] *= 0.4
    assert level_shifts(table).empty


def test_with_two_sensors_the_one_that_stayed_as_it_was_is_not_blamed():
    table = weeks_of_counts((300.0, 200.0))
    table.loc[between(table, DAY, 21), "a"] *= 2
    assert set(level_shifts(table)["sensor_id"]) == {"a"}


def test_a_second_change_during_the_first_is_a_finding_of_its_own():
    table = weeks_of_counts()
    table.loc[between(table, DAY, 28), "a"] *= 2
    table.loc[between(table, DAY + pd.Timedelta(days=28), 28), "a"] *= 3.5
    found = level_shifts(table)
    assert found["strength"].to_numpy() == pytest.approx([2, 3.5], rel=0.07)
    assert found["from_at"].tolist() == [DAY, DAY + pd.Timedelta(days=28)]
    assert found["to_at"].iloc[0] == found["from_at"].iloc[1]


@given(st.integers(0, 8))
@settings(max_examples=6, deadline=None)
def test_what_comes_later_does_not_change_what_was_said_before(more_weeks):
    table = weeks_of_counts(seed=3)
    table.loc[between(table, DAY, 60), "a"] *= 2
    table.loc[between(table, DAY - pd.Timedelta(days=30), 14), "c"] *= 0.5
    cut = table.iloc[: (21 + more_weeks) * 168]
    whole, part = level_shifts(table), level_shifts(cut)
    alarms = {(row["sensor_id"], row["detail"]["alarm_on"]) for row in whole.to_dict("records")}
    early = {(s, on) for s, on in alarms if pd.Timestamp(on) < cut.index[-1]}
    assert {(row["sensor_id"], row["detail"]["alarm_on"]) for row in part.to_dict("records")} == early


def moved(table: pd.DataFrame, sensor: str, hours: np.ndarray, lag: int) -> pd.DataFrame:
    late = table[sensor].shift(lag)
    return table.assign(**{sensor: table[sensor].where(~hours, late)})


@pytest.mark.parametrize("lag", [1, -1, 2])
def test_a_clock_that_is_off_is_found_within_a_week_with_its_hours(lag):
    table = weeks_of_counts()
    bad = moved(table, "c", between(table, DAY, 21), lag)
    (found,) = clock_errors(bad, timezone=TIMEZONE).to_dict("records")
    assert (found["sensor_id"], found["strength"]) == ("c", float(lag))
    assert pd.Timestamp(found["detail"]["alarm_on"]) - DAY < pd.Timedelta(days=7)
    assert abs(found["from_at"] - DAY) <= pd.Timedelta(days=1)
    assert abs(found["to_at"] - DAY - pd.Timedelta(days=21)) <= pd.Timedelta(days=1)
    assert found["detail"]["correlation_moved"] > found["detail"]["correlation_as_is"]
    assert not found["detail"]["is_daylight_saving"]


def test_a_clock_that_was_not_moved_to_summer_time_is_known_as_such():
    table = weeks_of_counts()
    # Summer time began on the thirtieth of March 2025; a clock that stays behind writes nine o'clock at eight.
    change = pd.Timestamp("2025-03-30")
    bad = moved(table, "a", np.asarray(table.index >= change), -1)
    (found,) = clock_errors(bad, timezone=TIMEZONE).to_dict("records")
    assert found["detail"]["is_daylight_saving"]
    assert found["detail"]["is_ongoing"]
    assert (found["from_at"], found["strength"]) == (change, -1.0)


def test_a_week_in_which_everybody_is_late_is_no_error_of_a_clock():
    table = weeks_of_counts()
    hours = between(table, DAY, 9)
    for sensor in table.columns:
        table = moved(table, sensor, hours, 1)
    assert clock_errors(table, timezone=TIMEZONE).empty


def test_hours_that_miss_are_one_finding_per_run_and_an_hour_or_two_are_none():
    table = weeks_of_counts(weeks=6)
    first = FIRST + pd.Timedelta(weeks=4, hours=9)
    table.loc[first : first + pd.Timedelta(hours=29), "b"] = np.nan
    table.loc[first : first + pd.Timedelta(hours=1), "c"] = np.nan
    table.loc[table.index[-10] :, "d"] = np.nan
    found = gaps(table)
    assert found["sensor_id"].tolist() == ["b", "d"]
    assert found["strength"].tolist() == [30.0, 10.0]
    assert found["to_at"].iloc[0] == first + pd.Timedelta(hours=30)
    assert [row["is_ongoing"] for row in found["detail"]] == [False, True]


def test_a_camera_that_sleeps_at_night_misses_nothing_then():
    table = weeks_of_counts(weeks=6)
    asleep = (table.index.hour < 7) | (table.index.hour > 18)
    table.loc[asleep, "a"] = np.nan
    assert gaps(table).empty
    assert not expected_hours(table)[np.asarray(asleep), 0].any()


def test_a_night_full_of_insects_is_found_and_a_night_that_everybody_is_out_is_not():
    table = weeks_of_counts((3000.0, 1200.0, 2000.0, 900.0), weeks=14)
    nights = table.index.hour.isin([1, 2, 3, 4])
    odd, festival = FIRST + pd.Timedelta(weeks=11, days=2), FIRST + pd.Timedelta(weeks=12, days=5)
    table.loc[between(table, odd, 2) & nights, "a"] += 900
    table.loc[between(table, festival, 1) & nights] += 900
    (found,) = night_anomalies(table).to_dict("records")
    assert (found["sensor_id"], found["detail"]["nights"]) == ("a", 2)
    assert found["from_at"] == odd + pd.Timedelta(hours=1)
    assert found["to_at"] == odd + pd.Timedelta(days=1, hours=5)
    assert found["detail"]["counted"] > 3600 > found["detail"]["usual"]


def directions(lost_from: int, lost_to: int) -> pd.DataFrame:
    days = pd.date_range(FIRST, periods=140, freq="D")
    rng = np.random.default_rng(1)
    a, b = rng.poisson(500, 140).astype(float), rng.poisson(460, 140).astype(float)
    b[lost_from:lost_to] *= 0.05
    return pd.DataFrame({"sensor_id": "x", "on": days, "a": a, "b": b})


def test_a_direction_that_falls_away_is_found_with_its_days():
    (found,) = lost_directions(directions(90, 120)).to_dict("records")
    assert found["detail"]["direction"] == "b"
    assert found["detail"]["usual_share"] == pytest.approx(460 / 960, abs=0.02)
    assert found["detail"]["share"] < 0.1
    assert abs((found["from_at"] - FIRST).days - 90) <= 1
    assert abs((found["to_at"] - FIRST).days - 120) <= 4
    assert lost_directions(directions(0, 0)).empty


def test_two_sensors_of_one_flow_are_twins_and_two_streets_of_one_town_are_not():
    table = weeks_of_counts((3000.0, 1200.0, 2000.0), weeks=12)
    assert twins(table).empty
    rng = np.random.default_rng(5)
    table["d"] = rng.binomial(table["a"].astype(int), 0.96).astype(float)
    (found,) = twins(table).to_dict("records")
    assert (found["sensor_id"], found["detail"]["other"]) == ("d", "a")
    assert found["strength"] > 0.98
    assert found["detail"]["ratio"] == pytest.approx(0.96, abs=0.01)


def test_too_short_a_series_has_no_findings_of_weeks():
    table = weeks_of_counts(weeks=2)
    assert level_shifts(table).empty
    assert clock_errors(table, timezone=TIMEZONE).empty
    assert night_anomalies(table).empty
    assert twins(table).empty
