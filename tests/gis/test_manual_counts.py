import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from gis.footfall_estimate import estimate_footfall, explain_footfall
from gis.footfall_surface import AROUND, IN_THE_STREET, LEVEL, OF_A_COUNT, covariance
from gis.manual_counts import expand_manual_counts
from tests import town

ZONE = "Europe/Brussels"
PER_DAY = {"high": 2400.0, "east": 960.0, "side": 320.0}


def hours() -> pd.DataFrame:
    clock = pd.date_range("2025-03-03", periods=48, freq="h")
    return pd.DataFrame({"high": 300.0, "east": 60.0, "side": 40.0}, index=clock)


def visits(*rows) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["place_id", "start_at", "minutes", "value"])
    return table.assign(start_at=pd.to_datetime(table["start_at"], utc=True))


def expanded(*rows, table=None):
    return expand_manual_counts(
        visits(*rows), hours() if table is None else table, pd.Series(PER_DAY), timezone=ZONE
    )


def test_two_hours_by_hand_are_expanded_by_the_median_of_the_sensors():
    # In two hours: 600 of 2,400, 120 of 960 and 80 of 320, so shares of 0.25, 0.125 and 0.25.
    told = expanded(("corner", "2025-03-03 10:00", 120, 50.0)).loc["corner"]
    assert told["footfall_per_day"] == pytest.approx(200.0)
    assert (told["n_visits"], told["minutes"], told["n_sensors"], told["sigma_log"]) == (1, 120.0, 3, 0.28)


def test_the_hours_are_those_of_the_clock_on_the_wall():
    table = hours()
    table.loc["2025-03-03 11:00"] *= 2
    # Ten in universal time is eleven in Brussels in March.
    told = expanded(("corner", "2025-03-03 10:00", 60, 50.0), table=table).loc["corner"]
    assert told["footfall_per_day"] == pytest.approx(50 / 0.25)


def test_part_of_an_hour_takes_the_like_part_of_what_the_sensors_counted():
    told = expanded(("corner", "2025-03-03 10:45", 30, 12.5)).loc["corner"]
    assert told["footfall_per_day"] == pytest.approx(12.5 / (0.125 * 0.5))


def test_visits_are_averaged_and_more_of_them_are_surer():
    told = expanded(
        ("corner", "2025-03-03 10:00", 120, 50.0), ("corner", "2025-03-04 10:00", 120, 100.0)
    ).loc["corner"]
    assert told["footfall_per_day"] == pytest.approx(300.0)
    assert (told["n_visits"], told["sigma_log"]) == (2, 0.20)


def test_a_sensor_that_missed_an_hour_has_no_say():
    table = hours()
    table.loc["2025-03-03 11:00", ["high", "side"]] = np.nan
    told = expanded(("corner", "2025-03-03 10:00", 60, 50.0), table=table).loc["corner"]
    assert told["n_sensors"] == 1
    assert told["footfall_per_day"] == pytest.approx(50 / 0.0625)


def test_hours_in_which_no_sensor_counted_cannot_be_expanded():
    told = expanded(("corner", "2030-03-03 10:00", 60, 50.0)).loc["corner"]
    assert np.isnan(told["footfall_per_day"])
    assert told["reason"] == "no_sensor_then"
    assert len(expanded()) == 0


# -- what a count by hand does to the estimates, and why an estimate is what it is ---------------


def counted(**columns) -> gpd.GeoDataFrame:
    return town.sensors().assign(footfall_per_day=pd.Series(PER_DAY), **columns)


def test_a_count_by_hand_pulls_less_than_a_sensor_and_leaves_its_place_less_sure():
    units = town.units()
    metres = town.metres(units, counted())
    sure = estimate_footfall(units, counted(), distances=metres)
    hand = estimate_footfall(units, counted(sigma_log=pd.Series({"high": 0.28})), distances=metres)
    assert abs(np.log(hand.loc["H3", "footfall_per_day"] / 2400)) > abs(
        np.log(sure.loc["H3", "footfall_per_day"] / 2400)
    )
    error = np.log1p(hand["footfall_upper_per_day"]) - np.log1p(hand["footfall_per_day"])
    assert error["H3"] >= 1.2815 * 0.28 - 1e-9


def features_of(places) -> pd.DataFrame:
    xy = places.geometry.get_coordinates() - np.array(town.ORIGIN)
    return pd.DataFrame({"shops": xy["x"] / 100, "parking": xy["y"] / 50}, index=places.index)


def test_the_parts_of_an_explanation_add_up_to_the_estimate():
    units, sensors = town.units(), counted()
    told = {"unit_features": features_of(units), "sensor_features": features_of(sensors)}
    table = estimate_footfall(units, sensors, distances=town.metres(units, sensors), **told)
    why = explain_footfall(units, sensors, **told)
    whole = why.level_log + why.drivers_log.sum(axis=1) + why.around_log
    np.testing.assert_allclose(whole, np.log1p(table["footfall_per_day"]))
    np.testing.assert_allclose(why.pull.sum(axis=1), 1.0)


def test_the_pull_of_a_count_is_how_the_estimate_moves_with_it():
    units, sensors = town.units(), counted()
    told = {"unit_features": features_of(units), "sensor_features": features_of(sensors)}
    metres = town.metres(units, sensors)
    why = explain_footfall(units, sensors, **told)
    more = sensors.assign(
        footfall_per_day=sensors["footfall_per_day"].where(sensors.index != "side", 2 * 321 - 1)
    )
    before = estimate_footfall(units, sensors, distances=metres, **told)["footfall_per_day"]
    after = estimate_footfall(units, more, distances=metres, **told)["footfall_per_day"]
    np.testing.assert_allclose(np.log1p(after) - np.log1p(before), why.pull["side"] * np.log(2))


def test_the_gain_of_one_more_count_is_the_variance_it_takes_away():
    units, sensors = town.units(), counted()
    why = explain_footfall(units, sensors)
    xy, here = (frame.geometry.get_coordinates().to_numpy() for frame in (units, sensors))

    def left(places, noise):
        none = np.zeros((len(places), 0))
        known = np.linalg.inv(covariance(places, none, places, none) + np.diag(noise))
        across = covariance(xy, np.zeros((len(xy), 0)), places, none)
        return (LEVEL + AROUND + IN_THE_STREET - np.einsum("ij,jk,ik->i", across, known, across)).sum()

    before = left(here, [OF_A_COUNT] * 3)
    for row, unit in enumerate(units.index):
        after = left(np.vstack([here, xy[[row]]]), [OF_A_COUNT] * 3 + [0.04])
        assert why.gain_share[unit] == pytest.approx((before - after) / before)
    # At the door of a sensor there is hardly anything left to learn.
    assert why.gain_share["H3"] < 0.1 * why.gain_share.max()


def test_where_nothing_is_counted_there_is_nothing_to_explain():
    assert explain_footfall(town.units(), counted().iloc[:0]) is None
