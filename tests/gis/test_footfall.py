import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import FrameError
from gis.footfall import footfall_per_day, passage_class
from tests import town


def good_counts(**options):
    return town.counts(**options).assign(quality_flag=0)


def test_the_day_mean_is_that_of_the_open_hours_with_every_weekday_alike():
    table = footfall_per_day(good_counts(), timezone=town.TIMEZONE)
    # Eight hours at 300, 120 and 40, times the mean share of a weekday, which is 1.
    assert town.WEEKDAY_SHARES.mean() == pytest.approx(1)
    assert table.loc["high", "footfall_per_day"] == pytest.approx(8 * 300)
    assert table.loc["side", "footfall_per_day"] == pytest.approx(8 * 40)
    assert table.loc["high", "n_days"] == 84
    assert table.loc["high", ["from_on", "to_on"]].tolist() == [dt.date(2025, 1, 6), dt.date(2025, 3, 30)]
    assert table["reason"].isna().all()


def test_the_whole_day_holds_the_night_too():
    table = footfall_per_day(good_counts(), timezone=town.TIMEZONE, hours=(0, 24))
    assert table.loc["high", "footfall_per_day"] == pytest.approx(300 * (10 + 14 * 0.02), rel=0.002)


def test_too_few_days_give_no_number_but_their_number():
    table = footfall_per_day(good_counts(weeks=1), timezone=town.TIMEZONE)
    assert table["footfall_per_day"].isna().all()
    assert (table["reason"] == "too_few_days").all()
    assert (table["n_days"] == 7).all()


def test_a_weekday_that_was_never_counted_cannot_be_averaged():
    counts = good_counts()
    is_saturday = counts["start_at"].dt.tz_convert(town.TIMEZONE).dt.day_of_week == 5
    table = footfall_per_day(counts[~is_saturday], timezone=town.TIMEZONE)
    assert (table["reason"] == "weekday_missing").all()
    weekdays = footfall_per_day(counts[~is_saturday], timezone=town.TIMEZONE, weekdays=(0, 1, 2, 3, 4, 6))
    assert weekdays["footfall_per_day"].notna().all()


def test_flagged_hours_do_not_count_and_take_their_day_with_them():
    counts = good_counts()
    local = counts["start_at"].dt.tz_convert(town.TIMEZONE)
    day = (local.dt.date == dt.date(2025, 2, 5)) & (counts["sensor_id"] == "high")
    counts.loc[day & (local.dt.hour == 12), ["value", "quality_flag"]] = [70_000, 4]
    table = footfall_per_day(counts, timezone=town.TIMEZONE)
    assert table.loc["high", "n_days"] == 83
    assert table.loc["high", "n_days_counted"] == 84
    assert table.loc["high", "footfall_per_day"] == pytest.approx(8 * 300)


def test_two_missing_hours_of_a_whole_day_are_filled_in_its_own_proportions():
    counts = good_counts()
    local = counts["start_at"].dt.tz_convert(town.TIMEZONE)
    noon = local.dt.hour.isin([12, 13]) & (local.dt.day_of_week == 2)
    table = footfall_per_day(counts[~noon], timezone=town.TIMEZONE, hours=(0, 24))
    assert table.loc["high", "n_days"] == 84
    # The profile of the sensor, with fewer Wednesdays in it, is within a hundredth of each day's own.
    assert table.loc["high", "footfall_per_day"] == pytest.approx(300 * (10 + 14 * 0.02), rel=0.01)


def test_many_saturdays_do_not_weigh_more_than_few():
    counts = good_counts()
    local = counts["start_at"].dt.tz_convert(town.TIMEZONE)
    is_early = local.dt.date < dt.date(2025, 2, 3)
    kept = counts[is_early | (local.dt.day_of_week == 5)]
    table = footfall_per_day(kept, timezone=town.TIMEZONE)
    assert table.loc["high", "footfall_per_day"] == pytest.approx(8 * 300)


def test_no_counts_give_no_sensors():
    assert len(footfall_per_day(good_counts(weeks=1).iloc[:0], timezone=town.TIMEZONE)) == 0


def test_unflagged_counts_are_refused():
    with pytest.raises(FrameError, match="quality_flag"):
        footfall_per_day(town.counts(weeks=1), timezone=town.TIMEZONE)


@settings(deadline=None, max_examples=25)
@given(st.floats(0.1, 10), st.integers(0, 3))
def test_the_mean_grows_with_the_counts_and_ignores_the_order_of_rows(factor, seed):
    counts = good_counts(weeks=3)
    more = counts.assign(value=counts["value"] * factor).sample(frac=1, random_state=seed)
    before, after = (
        footfall_per_day(frame, timezone=town.TIMEZONE)["footfall_per_day"] for frame in (counts, more)
    )
    np.testing.assert_allclose(after, before * factor)


def test_classes_are_shares_of_the_busiest_counting_point_of_the_core():
    footfall = pd.Series([1000.0, 750.0, 749.0, 500.0, 250.0, 100.0, 99.0, np.nan])
    core = pd.Series("centre", index=footfall.index)
    named = passage_class(footfall, core)
    assert named.tolist()[:7] == ["A1", "A1", "A2", "A2", "B1", "B2", "C"]
    assert pd.isna(named[7])


def test_each_core_is_measured_against_itself_unless_a_counting_point_is_busier():
    footfall = pd.Series([100.0, 50.0, 1000.0], index=list("abc"))
    core = pd.Series(["north", "north", "south"], index=list("abc"))
    assert passage_class(footfall, core).tolist() == ["A1", "A2", "A1"]
    busiest = pd.Series({"north": 400.0, "south": 1000.0})
    assert passage_class(footfall, core, busiest=busiest).tolist() == ["B1", "B2", "A1"]


def test_a_place_outside_every_core_has_no_class():
    named = passage_class(pd.Series([5.0, 0.0]), pd.Series([None, "empty"]))
    assert named.isna().all()


@settings(deadline=None)
@given(st.lists(st.floats(1, 1e5), min_size=2, max_size=20), st.floats(0.01, 100))
def test_a_busier_place_never_has_a_lower_class(values, factor):
    footfall, core = pd.Series(sorted(values)), pd.Series(1, index=range(len(values)))
    named = passage_class(footfall, core)
    assert named.map({"C": 0, "B2": 1, "B1": 2, "A2": 3, "A1": 4}).is_monotonic_increasing
    assert named.iloc[-1] == "A1"
    rescaled = passage_class(footfall * 2 ** round(np.log2(factor)), core)
    assert rescaled.tolist() == named.tolist()
