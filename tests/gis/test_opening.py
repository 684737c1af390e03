import numpy as np
import pandas as pd
import pytest

from gis.opening import inside_opening_hours, open_sunday, ordinary_days
from tests.gis.forecast_series import DAY, WEEKDAYS, table

NONE = pd.DatetimeIndex([])
OPEN = dict.fromkeys(range(6), (10, 18))


def one(**options):
    return table(levels=(1.0,), **options)[1]


def test_the_share_inside_opening_hours_is_that_of_the_day():
    told = inside_opening_hours(ordinary_days(one(weeks=10), NONE), OPEN)
    share = DAY[10:18].sum() / DAY.sum()
    assert told.loc[:5, "inside_share"].to_numpy() == pytest.approx(share)
    assert told.loc[5, "inside"] == pytest.approx(WEEKDAYS[5] * DAY[10:18].sum())
    assert told.loc[6, "inside_share"] == 0
    assert told.loc[1, ["before_hour", "before_passages"]].tolist() == [9, pytest.approx(DAY[9])]
    assert np.isnan(told.loc[6, "after_passages"])
    # Sundays that are holidays are Sundays all the same here: ten of each.
    assert told["n_days"].tolist() == [10] * 7


def test_inside_and_outside_are_the_whole_day():
    days = ordinary_days(one(weeks=10, noise=0.4), NONE)
    told = inside_opening_hours(days, OPEN)
    total = days.sum(axis=1).groupby(pd.DatetimeIndex(days.index).day_of_week).mean()
    np.testing.assert_allclose(told["inside"] + told["outside"], total)


def test_days_that_miss_hours_or_are_special_do_not_count():
    hours = one(weeks=10)
    hours.loc["2024-01-08 10:00":"2024-01-08 15:00"] = np.nan
    days = ordinary_days(hours, pd.DatetimeIndex(["2024-01-09"]))
    assert len(days) == 68
    assert not {pd.Timestamp("2024-01-08"), pd.Timestamp("2024-01-09")} & set(days.index)


def test_a_weekday_with_three_days_is_not_measured():
    told = inside_opening_hours(ordinary_days(one(weeks=3), NONE), OPEN)
    assert told["inside"].isna().all()
    assert told["n_days"].tolist() == [3] * 7


@pytest.mark.parametrize("lift", [1.0, 2.5])
def test_an_open_sunday_is_held_against_the_sundays_around_it(lift):
    hours = one(weeks=40, noise=0.05)
    held = [pd.Timestamp("2024-03-10"), pd.Timestamp("2024-05-12"), pd.Timestamp("2024-08-18")]
    for day in held:
        hours.loc[day + pd.Timedelta(hours=13) : day + pd.Timedelta(hours=17)] *= lift
    days = ordinary_days(hours, pd.DatetimeIndex(held))
    told = open_sunday(hours, days, [day.date() for day in held], (13, 18))
    assert told["reason"] is None
    assert told["ratio"] == pytest.approx(lift, rel=0.06)
    assert told["lower"] < told["expected"] < told["upper"]
    assert told["lower"] < lift * told["sunday"] < told["upper"]


def test_one_open_sunday_is_not_enough_and_none_says_so():
    hours = one(weeks=20, noise=0.1)
    days = ordinary_days(hours, NONE)
    once = open_sunday(hours, days, [pd.Timestamp("2024-03-10").date()], (13, 18))
    assert (once["reason"], once["n_held"], once["expected"]) == ("too_few_open_sundays", 1, None)
    never = open_sunday(hours, days, [], (13, 18))
    assert (never["reason"], never["n_held"]) == ("no_open_sunday", 0)
    assert never["sunday_lower"] < never["sunday"] < never["sunday_upper"]


def test_without_sundays_nothing_is_said_of_them():
    hours = one(weeks=3)
    assert open_sunday(hours, ordinary_days(hours, NONE), [], (13, 18))["reason"] == "too_few_sundays"
