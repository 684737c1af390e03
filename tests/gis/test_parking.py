import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import FrameError
from gis.parking import occupancy_around, parking_around, parking_occupancy
from tests import town


def around_the_town(**options):
    units, zones = town.units(), town.parking_zones()
    return parking_around(units, town.metres(units, zones), zones["spaces"], **options)


def test_spaces_decay_over_three_hundred_metres_and_end_at_four_hundred():
    reach = around_the_town()["parking_reach"]
    # H1: P1 (100 spaces) at 50 m, P2 (40) at 350 m.
    assert reach["H1"] == pytest.approx(100 * np.exp(-50 / 300) + 40 * np.exp(-350 / 300))
    # S2: P1 at 300 m, P2 at 300 m; P3 at 200 m has an unknown number.
    assert reach["S2"] == pytest.approx(140 * np.exp(-1))
    # S5: only P3 within 400 m.
    assert np.isnan(reach["S5"])


def test_plain_counts_are_within_two_and_four_hundred_metres():
    around = around_the_town()
    assert around.loc["H1", ["spaces_near", "spaces_within_reach"]].tolist() == [100, 140]
    assert around.loc["H7", ["spaces_near", "spaces_within_reach"]].tolist() == [40, 40]


def test_a_zone_of_unknown_size_is_listed_not_counted_as_none():
    around = around_the_town()
    assert around.loc["S2", ["n_zones", "n_zones_unknown"]].tolist() == [3, 1]
    assert around.loc["S5", ["n_zones", "n_zones_unknown"]].tolist() == [1, 1]


def test_no_parking_at_all_is_zero_spaces():
    units = town.units()
    around = parking_around(units, np.zeros((len(units), 0)), pd.Series(dtype=float))
    assert (around["parking_reach"] == 0).all()


@settings(deadline=None)
@given(st.lists(st.floats(0, 500), min_size=1, max_size=6), st.floats(0, 300), st.integers(0, 5))
def test_more_spaces_never_lower_the_reach(spaces, extra, place):
    units, metres = town.units(), np.linspace(0, 600, 12 * len(spaces)).reshape(12, -1)
    more = pd.Series(spaces)
    more.iloc[place % len(spaces)] += extra
    before = parking_around(units, metres, pd.Series(spaces))["parking_reach"]
    assert (parking_around(units, metres, more)["parking_reach"] >= before - 1e-9).all()


def test_occupancy_is_the_mean_of_open_hours_without_sundays():
    zones = parking_occupancy(town.parking_observations(), timezone=town.TIMEZONE)
    # Ten days from Monday 3 March: nine without the Sunday, one of them a Saturday.
    assert zones.loc["P1", "n_days"] == 9
    assert zones.loc["P1", "occupancy_share"] == pytest.approx((8 * 0.5 + 1.0) / 9)
    assert zones.loc["P1", "is_full_share"] == pytest.approx(1 / 9)
    assert zones.loc["P2", "occupancy_share"] == pytest.approx(0.9)
    assert zones.loc["P2", "is_full_share"] == 1.0
    assert zones.loc["P1", "from_on"] == dt.date(2025, 3, 3)


def test_an_hour_observed_often_weighs_no_more():
    observations = town.parking_observations(days=3)
    first = observations[observations["parking_zone_id"] == "P1"].iloc[10:11]
    crowded = first.assign(occupied=100.0)
    often = pd.concat([observations, *[crowded] * 50], ignore_index=True)
    once = pd.concat([observations, crowded], ignore_index=True)
    shares = [
        parking_occupancy(frame, timezone=town.TIMEZONE).loc["P1", "occupancy_share"]
        for frame in (often, once)
    ]
    # 23 hours half full and one of 24 where one observation of 0.5 meets fifty (or one) of 1.
    assert shares[0] == pytest.approx((23 * 0.5 + (0.5 + 50) / 51) / 24)
    assert shares[1] == pytest.approx((23 * 0.5 + 0.75) / 24)


def test_too_few_days_give_no_mean_and_say_so():
    zones = parking_occupancy(town.parking_observations(days=2), timezone=town.TIMEZONE)
    assert zones["occupancy_share"].isna().all()
    assert (zones["reason"] == "too_few_days").all()
    assert zones.loc["P1", "n_days"] == 2


def test_impossible_observations_are_refused_and_counted():
    observations = town.parking_observations()
    observations.loc[observations.index[10], "capacity"] = 0
    observations.loc[observations.index[11], "occupied"] = -1
    observations.loc[observations.index[12], "occupied"] = np.nan
    zones = parking_occupancy(observations, timezone=town.TIMEZONE)
    assert zones.loc["P1", "n_refused"] == 3
    assert zones.loc["P1", "occupancy_share"] == pytest.approx((8 * 0.5 + 1.0 - 3 / 8 * 0.5) / (9 - 3 / 8))


def test_more_cars_than_spaces_are_kept():
    observations = town.parking_observations()
    observations["occupied"] *= 1.5
    assert parking_occupancy(observations, timezone=town.TIMEZONE).loc[
        "P2", "occupancy_share"
    ] == pytest.approx(1.35)


def test_hours_are_those_of_the_clock_on_the_wall():
    at = pd.to_datetime(["2025-07-07 08:30", "2025-07-08 07:30", "2025-07-09 16:30"], utc=True)
    frame = pd.DataFrame(
        {"parking_zone_id": 1, "observed_at": at, "occupied": [1.0, 2.0, 3.0], "capacity": 10.0}
    )
    zones = parking_occupancy(frame, timezone=town.TIMEZONE, min_days=1)
    # In summer 8.30 UTC is half past ten, 7.30 is before opening, 16.30 is after closing.
    assert zones.loc[1, "occupancy_share"] == pytest.approx(0.1)


def test_occupancy_around_weighs_zones_by_their_spaces():
    units, zones = town.units(), town.parking_zones().assign(occupancy_share=[0.5, 0.9, np.nan])
    around = occupancy_around(units, town.metres(units, zones), zones)
    assert around["S2"] == pytest.approx((100 * 0.5 + 40 * 0.9) / 140)
    assert np.isnan(around["S5"])


def test_a_missing_column_is_named():
    with pytest.raises(FrameError, match="capacity"):
        parking_occupancy(pd.DataFrame({"parking_zone_id": [1]}), timezone=town.TIMEZONE)
