from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.footfall_weeks import indexed, recent_change, town_index, weekly_footfall

SUNDAY_SHARE = 0.25


def hours(weeks: int, *, level: float = 10.0, first: str = "2024-01-01") -> pd.DataFrame:
    clock = pd.date_range(first, periods=weeks * 168, freq="h", name="hour")
    values = np.where(clock.day_of_week == 6, level * SUNDAY_SHARE, level)
    return pd.DataFrame({1: values}, index=clock)


def test_a_week_is_the_mean_of_its_seven_days():
    weeks = weekly_footfall(hours(2))
    assert weeks["per_day"].tolist() == pytest.approx([(6 * 240 + 60) / 7] * 2)
    assert weeks[["iso_year", "iso_week"]].to_numpy().tolist() == [[2024, 1], [2024, 2]]
    assert weeks["starts_on"].tolist() == [date(2024, 1, 1), date(2024, 1, 8)]


def test_lost_quiet_hours_do_not_make_a_week_busier():
    table = hours(10)
    table.iloc[168 * 4 + 152 : 168 * 5, 0] = np.nan
    weeks = weekly_footfall(table)
    assert weeks["valid_share"].iloc[4] == pytest.approx(152 / 168)
    assert weeks["per_day"].iloc[4] == pytest.approx(weeks["per_day"].iloc[3])


def test_a_week_without_its_sunday_has_no_figure():
    table = hours(10)
    table.iloc[168 * 4 + 144 : 168 * 5, 0] = np.nan
    assert np.isnan(weekly_footfall(table)["per_day"].iloc[4])


def test_a_sensor_that_never_counts_at_night_has_no_week():
    table = hours(4)
    table[pd.DatetimeIndex(table.index).hour < 4] = np.nan
    assert weekly_footfall(table)["per_day"].isna().all()


def test_the_week_after_the_last_of_a_long_year_is_the_first_of_the_next():
    weeks = weekly_footfall(hours(2, first="2020-12-28"))
    assert weeks[["iso_year", "iso_week"]].to_numpy().tolist() == [[2020, 53], [2021, 1]]


def test_the_latest_weeks_are_held_against_the_same_weeks_of_last_year():
    table = hours(104)
    table.iloc[-4 * 168 :] *= 1.2
    change = recent_change(weekly_footfall(table)).loc[1]
    assert change["change_share"] == pytest.approx(0.2)
    assert (change["n_weeks"], change["n_pairs"]) == (4, 4)


def test_without_last_year_there_is_no_change():
    change = recent_change(weekly_footfall(hours(20))).loc[1]
    assert np.isnan(change["change_share"])
    assert change["per_day"] > 0


def test_half_a_year_is_no_base_for_an_index():
    assert indexed(weekly_footfall(hours(25))).empty
    assert len(indexed(weekly_footfall(hours(26)))) == 26


def test_the_latest_year_has_a_mean_of_a_hundred():
    table = hours(80)
    table.iloc[: 28 * 168] *= 3
    index = indexed(weekly_footfall(table))
    assert index["index"].tail(52).mean() == pytest.approx(100)
    assert index["index"].head(28).tolist() == pytest.approx([300] * 28)


def test_one_broken_sensor_does_not_carry_the_town():
    base = hours(60)
    table = pd.DataFrame({sensor: base[1] * sensor for sensor in (1, 2, 3)})
    table.iloc[-168:, 2] = 0.0
    town = town_index(indexed(weekly_footfall(table)))
    assert town["n_sensors"].iloc[-1] == 3
    assert town["index"].iloc[-1] == pytest.approx(100, abs=1)


def test_no_counts_give_no_weeks():
    empty = weekly_footfall(pd.DataFrame(index=pd.DatetimeIndex([])))
    assert empty.empty
    assert recent_change(empty).empty
    assert town_index(indexed(empty)).empty


@settings(deadline=None, max_examples=25)
@given(st.floats(0.5, 50), st.integers(0, 2**32 - 1))
def test_an_index_does_not_depend_on_the_unit_of_counting(factor, seed):
    table = hours(60) * np.random.default_rng(seed).uniform(0.5, 1.5, (60 * 168, 1))
    one, other = (indexed(weekly_footfall(table * scale))["index"] for scale in (1.0, factor))
    np.testing.assert_allclose(one, other)
