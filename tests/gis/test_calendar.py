import itertools
from datetime import date, timedelta

import pandas as pd
import pytest
from dateutil.easter import easter as easter_by_dateutil
from hypothesis import given
from hypothesis import strategies as st

from gis.calendar import (
    HOLIDAY,
    SATURDAY,
    SUNDAY,
    WORKDAY,
    day_table,
    days_to_christmas,
    easter,
    public_holidays,
    sales_days,
    school_holidays,
)
from gis.errors import FrameError
from gis.school_years import PUBLISHED

# First and last day of the holidays of Flemish schools as published; Easter Monday on top where it follows.
FLEMISH = {
    2022: ("02-28 03-06", "04-04 04-18", "10-31 11-06", "12-26 01-08"),
    2023: ("02-20 02-26", "04-03 04-16", "10-30 11-05", "12-25 01-07"),
    2024: ("02-12 02-18", "04-01 04-14", "10-28 11-03", "12-23 01-05"),
    2025: ("03-03 03-09", "04-07 04-21", "10-27 11-02", "12-22 01-04"),
    2026: ("02-16 02-22", "04-06 04-19", "11-02 11-08", "12-21 01-03"),
    2027: ("02-08 02-14", "03-29 04-11", "11-01 11-07", "12-27 01-09"),
}
NAMES = ("winter", "spring", "autumn", "christmas")


@pytest.mark.parametrize("year", FLEMISH)
def test_the_rules_give_the_published_school_holidays_of_flanders(year):
    found = school_holidays(date(year, 2, 1), date(year + 1, 1, 20))
    spans = {name: days.index for name, days in found.groupby(found)}
    told = tuple(f"{spans[name][0]:%m-%d} {spans[name][-1]:%m-%d}" for name in NAMES)
    assert told == FLEMISH[year]
    assert (spans["summer"][0], spans["summer"][-1]) == (
        pd.Timestamp(year, 7, 1),
        pd.Timestamp(year, 8, 31),
    )


@given(st.integers(1900, 2100))
def test_easter_is_that_of_another_program(year):
    assert easter(year) == easter_by_dateutil(year)


@given(st.integers(1991, 2080))
def test_flemish_schools_close_for_the_weeks_that_the_decision_gives(year):
    days = school_holidays(date(year, 1, 15), date(year + 1, 1, 14))
    lengths = days.groupby(days).size()
    assert lengths["autumn"] == 7
    assert lengths["winter"] == 7
    assert lengths["summer"] == 62
    assert lengths["spring"] in (14, 15)
    assert lengths["christmas"] == 14
    spring = days.index[days == "spring"]
    # Easter Monday is always free, inside the fortnight or right behind it.
    assert pd.Timestamp(easter(year)) + pd.Timedelta(days=1) in spring
    assert all(days[days == name].index[0].day_of_week == 0 for name in NAMES)


def test_belgium_has_ten_public_holidays():
    found = public_holidays(date(2026, 1, 1), date(2026, 12, 31))
    assert found.index.strftime("%m-%d").tolist() == (
        "01-01 04-06 05-01 05-14 05-25 07-21 08-15 11-01 11-11 12-25".split()
    )
    assert found.loc["2026-07-21"] == "National Day"


def test_holidays_over_the_border_are_those_of_that_country():
    french = public_holidays(date(2026, 1, 1), date(2026, 12, 31), country="FR")
    assert {"2026-05-08", "2026-07-14"} <= set(french.index.strftime("%Y-%m-%d"))
    dutch = public_holidays(date(2026, 4, 1), date(2026, 4, 30), country="NL")
    assert pd.Timestamp("2026-04-27") in dutch.index
    england = public_holidays(date(2015, 8, 1), date(2015, 8, 31), country="GB-ENG")
    assert england.index.tolist() == [pd.Timestamp("2015-08-31")]


def test_a_country_without_a_calendar_is_refused_with_the_way_out():
    with pytest.raises(FrameError, match="ISO 3166"):
        public_holidays(date(2026, 1, 1), date(2026, 2, 1), country="XX")


@pytest.mark.parametrize("country", PUBLISHED)
def test_published_school_holidays_follow_one_another_and_begin_on_a_saturday(country):
    spans = PUBLISHED[country]
    assert all(first.isoweekday() == 6 for first, _, _ in spans)
    assert all(first < last for first, last, _ in spans)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(spans))
    # Five holidays in each of five school years, in their order.
    assert [name for _, _, name in spans] == ["autumn", "christmas", "winter", "spring", "summer"] * 5


def test_every_day_has_one_kind_and_a_holiday_goes_before_the_weekend():
    days = day_table(date(2026, 8, 14), date(2026, 8, 17), market_weekdays=[1])
    # Assumption Day 2026 is a Saturday.
    assert days["kind"].tolist() == [WORKDAY, HOLIDAY, SUNDAY, WORKDAY]
    assert days["is_before_holiday"].tolist() == [True, False, False, False]
    assert days["is_after_holiday"].tolist() == [False, False, True, False]
    assert days["is_market"].tolist() == [False, False, False, True]
    assert days["school_holiday"].tolist() == ["summer"] * 4
    assert day_table(date(2026, 8, 8), date(2026, 8, 8))["kind"].tolist() == [SATURDAY]


def test_the_eve_and_the_morrow_of_a_holiday_outside_the_period_are_seen():
    days = day_table(date(2025, 12, 26), date(2025, 12, 31))
    assert days["is_after_holiday"].iloc[0]
    assert days["is_before_holiday"].iloc[-1]
    assert not days["is_holiday"].any()


def test_neighbours_count_once_each_and_the_first_gives_the_name():
    days = day_table(date(2026, 5, 8), date(2026, 5, 8), neighbours=("NL", "FR"))
    assert days["n_neighbours_off"].tolist() == [1]
    assert days["neighbour_holiday"].tolist() == ["FR: Victory Day"]
    alone = day_table(date(2026, 5, 8), date(2026, 5, 8))
    assert alone["n_neighbours_off"].tolist() == [0]
    assert alone["neighbour_holiday"].isna().all()


def test_sales_begin_a_day_early_where_the_first_day_is_a_sunday():
    found = sales_days(date(2026, 1, 1), date(2027, 12, 31)).strftime("%Y-%m-%d")
    assert "2026-01-03" in found
    assert "2026-01-02" not in found
    assert "2027-01-02" in found
    assert "2027-01-01" not in found
    assert "2026-07-31" in found
    assert "2026-08-01" not in found


def test_days_to_christmas_run_down_to_it_and_on_into_january():
    asked = pd.DatetimeIndex(
        ["2025-06-01", "2025-12-20", "2025-12-25", "2025-12-31", "2026-01-08", "2026-01-20"]
    )
    assert days_to_christmas(asked).tolist() == [45, 5, 0, -6, -14, 45]


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 60))
def test_a_day_is_the_same_in_every_period_that_holds_it(first, length):
    long = day_table(first - timedelta(9), first + timedelta(length + 9))
    short = day_table(first, first + timedelta(length))
    pd.testing.assert_frame_equal(long.loc[short.index], short, check_freq=False)
