import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.network import StreetNetwork
from gis.street_index import index_segments
from tests.gis.streets_frame import streets_of

BENT = [[(0, 0), (100, 0), (100, 100)], [(100, 100), (300, 100)], [(300, 100), (300, -400)]]


def test_a_place_goes_to_the_nearest_point_of_the_nearest_street():
    network = StreetNetwork.from_streets(streets_of(BENT), mode="walk")
    places = network.snap([[90.0, 40.0], [200.0, 130.0], [310.0, 150.0]])
    assert network.graph.segment_id[places.segment].tolist() == [100, 101, 101]
    assert places.fraction == pytest.approx([0.7, 0.5, 1.0])
    assert places.distance_m == pytest.approx([10, 30, np.hypot(10, 50)])
    assert network.locate(places) == pytest.approx(np.array([[100, 40], [200, 100], [300, 100]]))


def test_a_place_beyond_the_largest_distance_stays_off_the_network():
    network = StreetNetwork.from_streets(streets_of(BENT), mode="walk")
    places = network.snap([[50.0, 249.9], [40.0, -250.1], [1e12, -1e12], [np.nan, 0.0]])
    assert places.is_snapped.tolist() == [True, False, False, False]
    assert np.isnan(places.distance_m[1:]).all()
    assert np.isnan(network.locate(places)[1:]).all()
    assert network.snap([[50.0, -900.0]], max_distance_m=1000).is_snapped.all()


def test_a_place_is_only_put_on_streets_the_mode_may_use():
    streets = streets_of([[(0, 0), (500, 0)], [(0, 30), (500, 30)], [(0, 0), (0, 30)]])
    streets.loc[101, ["is_car_forward", "is_car_backward"]] = False
    car = StreetNetwork.from_streets(streets, mode="car")
    assert car.snap([[250.0, 29.0]]).distance_m[0] == pytest.approx(29)
    assert car.in_mode("walk").snap([[250.0, 29.0]]).distance_m[0] == pytest.approx(1)


def test_no_door_opens_on_a_motorway():
    streets = streets_of([[(0, 0), (500, 0)], [(0, 90), (500, 90)]], street_class=["motorway", "residential"])
    network = StreetNetwork.from_streets(streets, mode="car")
    assert network.snap([[250.0, 5.0]]).distance_m[0] == pytest.approx(85)


def test_a_street_without_length_is_a_point():
    network = StreetNetwork.from_streets(streets_of([[(5, 5), (5, 5)], [(5, 5), (100, 5)]]), mode="walk")
    places = network.snap([[0.0, 5.0]])
    assert places.distance_m[0] == pytest.approx(5)
    assert places.fraction[0] == 0


def test_part_of_positions_keeps_their_order():
    network = StreetNetwork.from_streets(streets_of(BENT), mode="walk")
    places = network.snap([[90.0, 40.0], [200.0, 130.0], [310.0, 150.0]])
    assert len(places[np.array([True, False, True])]) == 2
    assert places[[2, 0]].fraction.tolist() == [1.0, pytest.approx(0.7)]
    assert len(places[1]) == 1


far_points = st.tuples(st.floats(-900, 1900), st.floats(-900, 1900))
lines = st.lists(
    st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=2, max_size=5),
    min_size=1,
    max_size=15,
)


@settings(deadline=None)
@given(lines, st.lists(far_points, min_size=1, max_size=20), st.sampled_from([40.0, 250.0, 2000.0]))
def test_the_nearest_street_is_the_one_a_look_at_all_of_them_finds(drawn, xy, max_distance_m):
    streets = streets_of([line for line in drawn if len(set(line)) > 1] or [[(0, 0), (1, 1)]])
    network = StreetNetwork.from_streets(streets, mode="walk")
    usable = network.graph.lines(np.flatnonzero(network.snaps))
    points = shapely.points(xy)
    expected = shapely.distance(points[:, None], usable[None, :]).min(axis=1)
    places = network.snap(xy, max_distance_m=max_distance_m)
    found = places.is_snapped
    assert (expected[found] <= max_distance_m + 1e-6).all()
    assert (expected[~found] >= max_distance_m - 1e-6).all()
    assert places.distance_m[found] == pytest.approx(expected[found], abs=2e-3)
    away = shapely.distance(shapely.points(network.locate(places)[found]), points[found])
    assert away == pytest.approx(places.distance_m[found], abs=1e-6)
    on_line = shapely.line_interpolate_point(
        network.graph.lines(places.segment[found]), places.fraction[found], normalized=True
    )
    assert shapely.distance(on_line, shapely.points(network.locate(places)[found])) == pytest.approx(
        0, abs=1e-6
    )


@settings(deadline=None)
@given(lines)
def test_the_index_lists_a_segment_in_every_cell_it_runs_through(drawn):
    mm = np.concatenate([np.array(line, np.int32) * 1000 for line in drawn])
    start = np.cumsum([0, *(len(line) for line in drawn)]).astype(np.int32)
    index = index_segments(start, mm)
    cell, columns, rows = index["cell_grid"]
    for r in range(rows):
        for c in range(columns):
            box = shapely.box(c * cell, r * cell, (c + 1) * cell - 1, (r + 1) * cell - 1)
            inside = {
                s
                for s in range(len(drawn))
                if box.intersects(shapely.LineString(mm[start[s] : start[s + 1]]))
            }
            k = r * columns + c
            listed = index["cell_segment"][index["cell_start"][k] : index["cell_start"][k + 1]].tolist()
            assert inside <= set(listed)
            assert len(listed) == len(set(listed))
