import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import FrameError
from gis.footfall_estimate import (
    estimate_footfall,
    footfall_features,
    left_out_accuracy,
    left_out_footfall,
)
from gis.footfall_surface import AROUND, AROUND_M, IN_THE_STREET, IN_THE_STREET_M, LEVEL, OF_A_COUNT
from tests import town
from tests.gis import melbourne

PER_DAY = {"high": 2400.0, "east": 960.0, "side": 320.0}


def counted(**values):
    return town.sensors().assign(footfall_per_day=pd.Series({**PER_DAY, **values}))


def estimated(sensors=None, **options):
    units = town.units()
    sensors = counted() if sensors is None else sensors
    return estimate_footfall(units, sensors, distances=town.metres(units, sensors), **options)


def test_at_a_sensor_the_estimate_is_what_it_counted():
    table = estimated()
    assert table.loc["H3", "nearest_sensor_m"] == 0
    assert table.loc["H3", "footfall_per_day"] == pytest.approx(2400, rel=0.03)
    assert table.loc["H7", "footfall_per_day"] == pytest.approx(960, rel=0.03)


def test_between_two_sensors_the_estimate_lies_between_them_and_is_less_sure():
    table = estimated()
    assert 960 < table.loc["H5", "footfall_per_day"] < 2400
    width = np.log(table["footfall_upper_per_day"] / table["footfall_lower_per_day"])
    assert width["H5"] > width["H3"]


def test_the_interval_holds_the_estimate_and_is_never_narrower_than_a_count_allows():
    table = estimated()
    assert (table["footfall_lower_per_day"] < table["footfall_per_day"]).all()
    assert (table["footfall_per_day"] < table["footfall_upper_per_day"]).all()
    sigma = np.log1p(table["footfall_upper_per_day"]) - np.log1p(table["footfall_per_day"])
    assert (sigma >= 1.2815 * np.where(table["nearest_sensor_m"] <= 50, 0.20, 0.50) - 1e-9).all()


def test_an_estimate_off_the_counted_street_is_for_classes_only():
    table = estimated()
    assert not table.loc["H3", "is_class_only"]
    assert table.loc["S5", "is_class_only"]


def test_two_sensors_are_weighed_as_kriging_weighs_them():
    sensors = counted().loc[["high", "east"]]
    table = estimated(sensors)
    shared = lambda m: LEVEL + AROUND * np.exp(-m / AROUND_M) + IN_THE_STREET * np.exp(-m / IN_THE_STREET_M)  # noqa: E731
    own, between = shared(0.0) + OF_A_COUNT, shared(350.0)
    # H5 stands 150 m east of the one and 200 m west of the other.
    weights = np.linalg.solve([[own, between], [between, own]], [shared(150.0), shared(200.0)])
    logs = np.log1p([2400.0, 960.0])
    expected = np.expm1(logs.mean() + weights @ (logs - logs.mean()))
    assert table.loc["H5", "footfall_per_day"] == pytest.approx(expected)


def test_one_sensor_speaks_for_its_surroundings_with_a_wide_interval():
    table = estimated(counted().loc[["high"]])
    assert table["footfall_per_day"].tolist() == pytest.approx([2400.0] * 12)
    assert (table.loc["H7", "footfall_upper_per_day"] / 2400) > 2.3
    assert table.loc["H7", "n_sensors"] == 1


def test_sensors_that_surprise_one_another_make_every_interval_wider():
    units = town.units()
    places = town.points([(0, 0), (50, 0), (100, 0), (150, 0), (200, 0)])
    widths = []
    for values in ([900.0, 950.0, 1000.0, 1050.0, 1100.0], [10.0, 20_000.0, 5.0, 30_000.0, 10.0]):
        sensors = gpd.GeoDataFrame({"footfall_per_day": values}, geometry=places, crs=town.CRS)
        table = estimate_footfall(units, sensors, distances=town.metres(units, sensors))
        widths.append(np.log1p(table["footfall_upper_per_day"]) - np.log1p(table["footfall_per_day"]))
    assert (widths[1] > 1.5 * widths[0]).all()


def test_without_a_sensor_in_reach_nothing_is_measurable_and_the_reason_is_told():
    table = estimated(reach_m=100)
    assert table.loc["S5", "reason"] == "no_sensor_within_reach"
    assert np.isnan(table.loc["S5", "footfall_per_day"])
    assert table.loc["S5", "n_sensors"] == 0
    assert table.loc["S5", "nearest_sensor_id"] == "side"
    assert pd.isna(table.loc["H3", "reason"])


def test_a_sensor_that_is_not_measurable_is_no_sensor():
    table = estimated(counted(high=np.nan, east=np.nan, side=np.nan))
    assert (table["reason"] == "no_sensor").all()
    assert table["footfall_per_day"].isna().all()
    assert table["nearest_sensor_id"].isna().all()
    some = estimated(counted(side=np.nan))
    assert set(some["nearest_sensor_id"]) == {"high", "east"}


def test_a_town_without_sensors_or_units_is_answered():
    units, none = town.units(), counted().iloc[:0]
    assert (estimate_footfall(units, none, distances=np.zeros((12, 0)))["reason"] == "no_sensor").all()
    empty = estimate_footfall(units.iloc[:0], counted(), distances=np.zeros((0, 3)))
    assert len(empty) == 0


def test_distances_of_other_sensors_are_refused():
    units = town.units()
    with pytest.raises(FrameError, match=r"\(12, 3\)"):
        estimate_footfall(units, counted(), distances=np.zeros((12, 2)))


def features_of_the_town(places):
    units, zones = town.units(), town.parking_zones()
    return footfall_features(
        places.index,
        to_shops=town.metres(places, units),
        floor_area_m2=units["floor_area_m2"],
        to_anchors=town.metres(places, units[units["is_anchor"]]),
        to_parking=town.metres(places, zones),
        spaces=zones["spaces"],
    )


def test_features_are_logs_of_decayed_sums():
    units = town.units()
    features = features_of_the_town(units)
    assert list(features.columns) == ["shops", "anchors", "parking"]
    assert features.loc["H5", "anchors"] == pytest.approx(np.log1p(np.exp(-50 / 300)))
    assert features.loc["H1", "parking"] == pytest.approx(
        np.log1p(100 * np.exp(-50 / 300) + 40 * np.exp(-350 / 300))
    )


def test_what_draws_people_tells_places_at_one_distance_apart():
    units, sensors = town.units(), counted()
    plain = estimated()
    told = estimate_footfall(
        units,
        sensors,
        distances=town.metres(units, sensors),
        unit_features=features_of_the_town(units),
        sensor_features=features_of_the_town(sensors),
    )
    assert not np.allclose(plain["footfall_per_day"], told["footfall_per_day"])
    assert told.loc["H3", "footfall_per_day"] == pytest.approx(2400, rel=0.05)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(st.integers(0, 800), st.integers(0, 800), st.floats(0, 30_000)), min_size=1, max_size=12
    ),
    st.floats(0.1, 10),
    st.tuples(st.integers(-3000, 3000), st.integers(-3000, 3000)),
    st.randoms(),
)
def test_estimates_are_finite_move_with_the_town_and_ignore_the_order_of_sensors(rows, factor, shift, random):
    units = town.units()
    sensors = gpd.GeoDataFrame(
        {"footfall_per_day": [value for *_, value in rows]},
        geometry=town.points([(x, y) for x, y, _ in rows]),
        index=[f"s{i}" for i in range(len(rows))],
        crs=town.CRS,
    )
    metres = np.linspace(0, 900, 12 * len(rows)).reshape(12, -1)
    table = estimate_footfall(units, sensors, distances=metres)
    assert np.isfinite(table["footfall_per_day"]).all()
    assert (table["footfall_lower_per_day"] <= table["footfall_upper_per_day"]).all()
    order = random.sample(range(len(rows)), len(rows))
    again = estimate_footfall(units, sensors.iloc[order], distances=metres[:, order])
    np.testing.assert_allclose(again["footfall_per_day"], table["footfall_per_day"], rtol=1e-6)
    moved = [frame.set_geometry(frame.translate(*shift)) for frame in (units, sensors)]
    there = estimate_footfall(*moved, distances=metres)
    np.testing.assert_allclose(there["footfall_per_day"], table["footfall_per_day"], rtol=1e-6)


def test_each_sensor_left_out_is_estimated_from_the_others():
    left_out = left_out_footfall(counted())
    assert left_out["observed_per_day"].to_dict() == PER_DAY
    rest = counted().drop(index="side")
    at_side = counted().loc[["side"]]
    expected = estimate_footfall(at_side, rest, distances=np.full((1, 2), 200.0))
    assert left_out.loc["side", "footfall_per_day"] == pytest.approx(expected["footfall_per_day"].iloc[0])


def test_a_sensor_left_out_is_measured_by_the_spread_of_the_units():
    units, sensors = town.units(), counted()
    of_units, of_sensors = features_of_the_town(units), features_of_the_town(sensors)
    left_out = left_out_footfall(sensors, features=of_sensors, unit_features=of_units)
    rest, at_side = sensors.drop(index="side"), sensors.loc[["side"]]
    # The sensor joins the units as a thirteenth place that changes their spread only a little.
    places = pd.concat([units[["geometry"]], at_side[["geometry"]]])
    table = estimate_footfall(
        places,
        rest,
        distances=np.full((13, 2), 200.0),
        unit_features=pd.concat([of_units, of_sensors.loc[["side"]]]),
        sensor_features=of_sensors,
    )
    assert left_out.loc["side", "footfall_per_day"] == pytest.approx(
        table.loc["side", "footfall_per_day"], rel=0.05
    )


def test_accuracy_is_counted_on_paper():
    left_out = pd.DataFrame(
        {
            "observed_per_day": [100.0, 200.0, 400.0, 800.0],
            "footfall_per_day": [100.0, 300.0, 200.0, 880.0],
            "footfall_lower_per_day": [50.0, 210.0, 100.0, 800.0],
            "footfall_upper_per_day": [200.0, 400.0, 300.0, 900.0],
        }
    )
    told = left_out_accuracy(left_out)
    assert told["n_sensors"] == 4
    assert told["median_error_share"] == pytest.approx(0.3)
    assert told["coverage_share"] == 0.5
    assert told["within_half_share"] == 0.75
    assert told["spearman"] == pytest.approx(0.8)


def test_two_sensors_are_too_few_to_judge():
    told = left_out_accuracy(left_out_footfall(counted(side=np.nan)))
    assert told["n_sensors"] == 2
    assert np.isnan(told["spearman"])
    assert left_out_accuracy(left_out_footfall(counted().iloc[:1]))["n_sensors"] == 0


@pytest.mark.skipif(not melbourne.is_there(), reason="the open data of Melbourne is not beside the project")
def test_real_sensors_left_out_are_put_in_order_with_honest_intervals():
    city = melbourne.sensors(melbourne.real_footfall(first="2018-01-01"))
    told = left_out_accuracy(left_out_footfall(city.points, features=city.features))
    plain = left_out_accuracy(left_out_footfall(city.points))
    assert told["n_sensors"] >= 35
    assert told["spearman"] >= 0.70
    assert told["median_error_share"] <= 0.45
    assert 0.72 <= told["coverage_share"] <= 0.95
    assert told["rmse_log"] < plain["rmse_log"]
