import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import EmptyNetwork, FrameError, LimitOutOfRange, PointOffNetwork, UnknownSegment
from gis.network import StreetNetwork
from gis.snapping import Positions
from gis.speeds import DEFAULT_SPEEDS, STREET_CLASSES, Speeds
from tests.gis.street_oracle import exact_times
from tests.gis.streets_frame import streets_of

# A street of 200 m with a side street of 100 m at its middle.
T_LINES = [[(0, 0), (100, 0)], [(100, 0), (200, 0)], [(100, 0), (100, 100)]]


def place(network: StreetNetwork, segment_id: int, fraction: float, distance_m: float = 0.0) -> Positions:
    segment = network.segments_of([segment_id]).astype(np.int32)
    return Positions(segment, np.array([fraction]), np.array([distance_m]))


def join(*positions: Positions) -> Positions:
    return Positions(
        *(
            np.concatenate([getattr(p, name) for p in positions])
            for name in ("segment", "fraction", "distance_m")
        )
    )


def test_walking_100_metres_takes_75_seconds():
    network = StreetNetwork.from_streets(streets_of(T_LINES), mode="walk")
    start, end = place(network, 100, 0.0), place(network, 101, 0.0)
    assert network.times(start, end, limit_s=900).toarray()[0, 0] == pytest.approx(75.0)
    assert network.distances(start, end, limit_m=900).toarray()[0, 0] == pytest.approx(100.0)


def test_access_legs_at_both_ends_are_walked():
    network = StreetNetwork.from_streets(streets_of(T_LINES), mode="car")
    start, end = place(network, 100, 0.0, 40.0), place(network, 102, 1.0, 20.0)
    driving_s = 200 * 3.6 / DEFAULT_SPEEDS.car_kmh["residential"]
    walking_s = 60 * 3.6 / 4.8
    assert network.times(start, end, limit_s=900).toarray()[0, 0] == pytest.approx(
        driving_s + walking_s, abs=1e-4
    )


def test_a_place_is_reached_along_its_own_segment_without_touching_a_node():
    network = StreetNetwork.from_streets(streets_of(T_LINES), mode="walk")
    a, b = place(network, 100, 0.2), place(network, 100, 0.7)
    assert network.times(a, b, limit_s=40).toarray()[0, 0] == pytest.approx(37.5)
    assert len(network.reach(a, limit_s=10).node) == 0


def test_against_a_one_way_street_the_way_goes_round_the_block():
    block = [[(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 100), (0, 100)], [(0, 100), (0, 0)]]
    network = StreetNetwork.from_streets(streets_of(block, one_way=[0]), mode="bicycle")
    a, b = place(network, 100, 0.75), place(network, 100, 0.25)
    there = network.distances(b, a, limit_m=1000).toarray()[0, 0]
    back = network.distances(a, b, limit_m=1000).toarray()[0, 0]
    assert (there, back) == (pytest.approx(50.0), pytest.approx(350.0))
    assert network.distances(a, b, limit_m=1000, direction="towards").toarray()[0, 0] == pytest.approx(50.0)


def test_no_distance_is_stored_and_out_of_reach_is_not():
    network = StreetNetwork.from_streets(streets_of(T_LINES), mode="walk")
    a, far = place(network, 100, 0.5), place(network, 102, 1.0)
    table = network.times(a, join(a, far), limit_s=60)
    assert table.nnz == 1
    assert 0 < table[0, 0] < 1e-5


def test_reach_lists_nodes_in_order_with_their_costs():
    network = StreetNetwork.from_streets(streets_of(T_LINES), mode="walk")
    reach = network.reach(place(network, 100, 0.5, 8.0), limit_s=120)
    assert np.all(np.diff(reach.node) > 0)
    assert sorted(reach.cost) == pytest.approx([43.5, 43.5, 118.5, 118.5], abs=1e-4)


def test_endpoints_on_either_side_of_a_rounding_border_join():
    lines = [[(0, 0), (100.0049, 0)], [(100.0051, 0), (200, 0)]]
    network = StreetNetwork.from_streets(streets_of(lines), mode="walk")
    table = network.distances(place(network, 100, 0.0), place(network, 101, 1.0), limit_m=500)
    assert table.toarray()[0, 0] == pytest.approx(200.0, abs=0.01)


def test_streets_that_cross_without_a_shared_endpoint_do_not_join():
    network = StreetNetwork.from_streets(streets_of([[(0, 0), (100, 0)], [(50, -50), (50, 50)]]), mode="walk")
    assert network.distances(place(network, 100, 0.5), place(network, 101, 0.5), limit_m=900).nnz == 0


def test_a_segments_own_car_speed_wins_over_its_class():
    streets = streets_of(T_LINES, car_speed_kmh=[36.0, np.nan, np.nan])
    network = StreetNetwork.from_streets(streets, mode="car")
    own, usual = place(network, 100, 0.0), place(network, 102, 1.0)
    node = place(network, 100, 1.0)
    assert network.times(own, node, limit_s=99).toarray()[0, 0] == pytest.approx(10.0, abs=1e-4)
    assert network.times(usual, node, limit_s=99).toarray()[0, 0] == pytest.approx(14.4, abs=1e-4)


def test_a_ferry_costs_its_wait_and_nobody_lives_on_it():
    classes = ["residential", "ferry", "residential"]
    lines = [[(0, 0), (100, 0)], [(100, 0), (900, 0)], [(900, 0), (1000, 0)]]
    network = StreetNetwork.from_streets(streets_of(lines, street_class=classes), mode="walk")
    seconds = network.times(place(network, 100, 1.0), place(network, 102, 0.0), limit_s=3600).toarray()[0, 0]
    assert seconds == pytest.approx(600 + 800 * 3.6 / 8)
    assert network.snap([[500.0, 0.0]]).segment[0] == -1


def test_parallel_streets_take_the_shorter_and_a_loop_returns_to_its_node():
    lines = [
        [(0, 0), (100, 0)],
        [(0, 0), (50, 80), (100, 0)],
        [(100, 0), (150, 50), (100, 100), (50, 50), (100, 0)],
    ]
    network = StreetNetwork.from_streets(streets_of(lines), mode="walk")
    start = place(network, 100, 0.0)
    metres = network.distances(start, join(place(network, 101, 1.0), place(network, 102, 0.75)), limit_m=900)
    loop_m = 4 * np.hypot(50, 50)
    assert metres.toarray()[0] == pytest.approx([100.0, 100.0 + loop_m / 4])


def test_islands_are_listed_and_nobody_is_put_on_them():
    lines = [[(0, 0), (3000, 0)], [(1000, 40), (1100, 40)]]
    network = StreetNetwork.from_streets(streets_of(lines), mode="walk")
    parts = network.components()
    assert parts["is_island"].tolist() == [False, True]
    assert parts["segment_id"].tolist() == [100, 101]
    assert parts["length_m"].tolist() == [3000.0, 100.0]
    snapped = network.snap([[1050.0, 38.0]])
    assert network.graph.segment_id[snapped.segment[0]] == 100


def test_two_towns_of_ten_kilometres_are_both_no_island():
    lines = [[(0, 0), (12_000, 0)], [(0, 50_000), (11_000, 50_000)], [(0, 90_000), (5_000, 90_000)]]
    network = StreetNetwork.from_streets(streets_of(lines), mode="walk")
    assert network.components()["is_island"].tolist() == [False, False, True]


def test_nobody_is_put_on_a_street_that_cannot_be_left():
    lines = [*T_LINES, [(200, 0), (300, 0)]]
    network = StreetNetwork.from_streets(streets_of(lines, one_way=[3]), mode="car")
    snapped = network.snap([[280.0, 5.0]])
    assert network.graph.segment_id[snapped.segment[0]] == 101
    assert snapped.fraction[0] == 1.0


def test_a_single_one_way_street_is_used_for_want_of_another():
    network = StreetNetwork.from_streets(streets_of([[(0, 0), (100, 0)]], one_way=[0]), mode="car")
    assert network.snap([[50.0, 5.0]]).fraction[0] == pytest.approx(0.5)


def test_a_position_at_the_end_of_a_one_way_street_is_its_node():
    network = StreetNetwork.from_streets(streets_of(T_LINES, one_way=[0]), mode="car")
    against = place(network, 100, 1.0)
    assert network.distances(place(network, 101, 1.0), against, limit_m=900).toarray()[0, 0] == pytest.approx(
        100
    )
    assert network.distances(against, place(network, 101, 1.0), limit_m=900).toarray()[0, 0] == pytest.approx(
        100
    )


def test_closing_a_street_lengthens_the_way_and_opening_one_shortens_it():
    block = [[(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 100), (0, 100)], [(0, 100), (0, 0)]]
    streets = streets_of(block)
    streets.loc[103, ["is_car_forward", "is_car_backward"]] = False
    network = StreetNetwork.from_streets(streets, mode="car")
    a, b = place(network, 100, 0.0), place(network, 102, 1.0)
    assert network.distances(a, b, limit_m=900).toarray()[0, 0] == pytest.approx(300)
    assert network.scenario(opened=[103]).distances(a, b, limit_m=900).toarray()[0, 0] == pytest.approx(100)
    assert network.scenario(closed=[101]).distances(a, b, limit_m=900).nnz == 0
    assert network.scenario(closed=[101]).snap([[100.0, 50.0]]).segment[0] != network.segments_of([101])[0]
    with pytest.raises(UnknownSegment, match="7"):
        network.scenario(closed=[7])


def test_sums_count_whole_weights_or_weights_that_fade():
    network = StreetNetwork.from_streets(streets_of(T_LINES), mode="walk")
    points = join(place(network, 100, 0.5), place(network, 100, 1.0), place(network, 102, 1.0))
    origin = place(network, 100, 0.5)
    assert network.sums(origin, points, [1, 10, 100], limit_s=60) == pytest.approx([11])
    faded = network.sums(origin, points, [1, 10, 100], limit_s=60, decay="exponential", scale_s=37.5)
    assert faded == pytest.approx([1 + 10 * np.exp(-1)])
    layers = network.sums(origin, points, np.array([[1, 2], [10, 20], [100, 200]]), limit_s=900)
    assert layers.tolist() == [[111, 222]]


def test_the_nearest_facility_is_named_with_its_time():
    network = StreetNetwork.from_streets(streets_of(T_LINES), mode="walk")
    facilities = join(place(network, 100, 0.0), place(network, 102, 0.5))
    origins = join(
        place(network, 100, 0.1), place(network, 101, 1.0), Positions(*np.array([[-1], [np.nan], [np.nan]]))
    )
    origins = Positions(origins.segment.astype(np.int32), origins.fraction, origins.distance_m)
    seconds, which = network.nearest(origins, facilities, limit_s=900)
    assert seconds == pytest.approx([7.5, 112.5, np.inf])
    assert which.tolist() == [0, 1, -1]


def test_what_is_stored_and_taken_up_again_answers_the_same():
    streets = streets_of(T_LINES, one_way=[1])
    network = StreetNetwork.from_streets(streets, mode="car", speeds=Speeds(off_street_kmh=3.0))
    walk = network.in_mode("walk")
    arrays = network.to_arrays() | walk.to_arrays()
    for mode, built in (("car", network), ("walk", walk)):
        again = StreetNetwork.from_arrays(arrays, mode=mode)
        places = again.snap([[20.0, 5.0], [150.0, 9.0]])
        assert again.speeds == built.speeds
        assert (again.times(places, places, limit_s=900) != built.times(places, places, limit_s=900)).nnz == 0
        assert gpd.GeoSeries([], crs=again.graph.crs).crs == streets.crs


def test_a_frame_is_refused_with_every_fault_at_once():
    streets = streets_of(T_LINES).drop(columns="is_car_forward").assign(street_class="alley").to_crs(4326)
    with pytest.raises(FrameError, match=r"is_car_forward is missing.*not in metres"):
        StreetNetwork.from_streets(streets, mode="walk")
    with pytest.raises(FrameError, match="alley"):
        StreetNetwork.from_streets(streets_of(T_LINES, street_class="alley"), mode="walk")


def test_what_cannot_be_answered_says_so():
    streets = streets_of(T_LINES)
    streets[["is_car_forward", "is_car_backward"]] = False
    with pytest.raises(EmptyNetwork, match="car"):
        StreetNetwork.from_streets(streets, mode="car")
    network = StreetNetwork.from_streets(streets, mode="walk")
    with pytest.raises(PointOffNetwork, match="250 m"):
        network.snap_one([0.0, 400.0])
    for limit_s in (-1, 1e6, np.nan):
        with pytest.raises(LimitOutOfRange):
            network.reach(network.snap_one([0.0, 0.0]), limit_s=limit_s)


@st.composite
def cities(draw: st.DrawFn) -> gpd.GeoDataFrame:
    """Random streets: one-way, closed to some, parallel, loops, islands, every class but ferries."""
    n_nodes = draw(st.integers(2, 12))
    spot = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda p: (p[0] * 100.0, p[1] * 100.0))
    nodes = draw(st.lists(spot, min_size=n_nodes, max_size=n_nodes, unique=True))
    pair = st.tuples(st.integers(0, n_nodes - 1), st.integers(0, n_nodes - 1))
    lines = []
    for a, b in draw(st.lists(pair, min_size=1, max_size=25)):
        bend = (nodes[a][0] + 31.0, nodes[a][1] + draw(st.integers(1, 60)))
        lines.append([nodes[a], bend, (bend[0] + 5, bend[1] - 9), nodes[b]])
    n = len(lines)
    classes = st.sampled_from([name for name in STREET_CLASSES if name != "ferry"])
    streets = streets_of(
        lines,
        street_class=draw(st.lists(classes, min_size=n, max_size=n)),
        car_speed_kmh=draw(st.lists(st.sampled_from([np.nan, 30.0, 70.0]), min_size=n, max_size=n)),
    )
    for column in streets.columns[streets.dtypes == bool]:
        streets[column] = draw(st.lists(st.sampled_from([True, True, False]), min_size=n, max_size=n))
    streets.loc[100, ["is_walk_forward", "is_bicycle_forward", "is_car_forward"]] = True
    return streets


@st.composite
def cities_with_places(draw: st.DrawFn) -> tuple[gpd.GeoDataFrame, StreetNetwork, Positions]:
    streets = draw(cities())
    network = StreetNetwork.from_streets(streets, mode=draw(st.sampled_from(["walk", "bicycle", "car"])))
    n = draw(st.integers(1, 8))
    segment = draw(st.lists(st.integers(0, len(streets) - 1), min_size=n, max_size=n))
    fraction = draw(st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=n, max_size=n))
    distance_m = draw(st.lists(st.sampled_from([0.0, 0.0, 12.5, 80.0]), min_size=n, max_size=n))
    return streets, network, Positions(np.array(segment, np.int32), np.array(fraction), np.array(distance_m))


def dense(table) -> np.ndarray:
    out = np.full(table.shape, np.inf)
    table = table.tocoo()
    out[table.row, table.col] = table.data
    return out


@given(cities_with_places())
def test_times_and_distances_equal_an_independent_search_on_streets_cut_at_every_place(case):
    streets, network, places = case
    for in_metres in (False, True):
        expected = exact_times(streets, network, places, in_metres=in_metres)
        if in_metres:
            found = dense(network.distances(places, places, limit_m=20_000))
        else:
            found = dense(network.times(places, places, limit_s=20_000))
        np.fill_diagonal(expected, 2 * places.distance_m * (1 if in_metres else 3.6 / 4.8))
        assert found == pytest.approx(expected, abs=2e-3)


@given(cities_with_places(), st.sampled_from([30.0, 120.0, 600.0]))
def test_sums_and_nearest_agree_with_the_table_of_times(case, limit_s):
    _, network, places = case
    weights = np.arange(1.0, len(places) + 1)
    times = dense(network.times(places, places, limit_s=limit_s))
    assert network.sums(places, places, weights, limit_s=limit_s) == pytest.approx(
        np.isfinite(times) @ weights
    )
    faded = network.sums(places, places, weights, limit_s=limit_s, decay="exponential", scale_s=200)
    assert faded == pytest.approx(np.exp(-times / 200) @ weights, rel=1e-5)
    seconds, which = network.nearest(places, places, limit_s=limit_s)
    assert seconds == pytest.approx(times.min(axis=1), abs=1e-4)
    found = which >= 0
    assert times[found, which[found]] == pytest.approx(seconds[found], abs=1e-4)


@given(cities_with_places())
def test_a_longer_limit_reaches_all_that_a_shorter_one_does(case):
    _, network, places = case
    short, long = (dense(network.times(places, places, limit_s=limit)) for limit in (100, 200))
    is_short = np.isfinite(short)
    assert np.array_equal(short[is_short], long[is_short])
    assert np.array_equal(is_short, long <= 100)


@given(cities_with_places())
def test_turning_every_one_way_street_round_swaps_outward_and_towards(case):
    streets, network, places = case
    turned = streets.rename(
        columns=lambda name: name.replace("_forward", "_x").replace("_backward", "_forward")
    )
    turned = turned.rename(columns=lambda name: name.replace("_x", "_backward"))
    other = StreetNetwork.from_streets(turned, mode=network.mode)
    outward = network.times(places, places, limit_s=3000)
    towards = other.times(places, places, limit_s=3000, direction="towards")
    assert dense(outward) == pytest.approx(dense(towards), abs=1e-3)
    assert dense(outward.T) == pytest.approx(
        dense(network.times(places, places, limit_s=3000, direction="towards")), abs=1e-3
    )


@given(cities_with_places(), st.data())
def test_one_more_street_never_makes_a_way_longer(case, data):
    streets, network, _ = case
    shortcut = streets.iloc[[data.draw(st.integers(0, len(streets) - 1))]]
    ends = shapely.get_coordinates(shortcut.geometry)[[0, -1]]
    shortcut = shortcut.set_geometry([shapely.LineString(ends)], crs=streets.crs).set_index(pd.Index([5000]))
    more = StreetNetwork.from_streets(pd.concat([streets, shortcut]), mode=network.mode)
    before, after = (net.times(*[_on_each(net, streets)] * 2, limit_s=5000) for net in (network, more))
    assert (dense(after) <= dense(before) + 1e-3).all()


def _on_each(network: StreetNetwork, streets: gpd.GeoDataFrame) -> Positions:
    segment = network.segments_of(streets.index).astype(np.int32)
    return Positions(segment, np.full(len(segment), 0.4), np.zeros(len(segment)))


@settings(max_examples=25)
@given(cities_with_places(), st.randoms(use_true_random=False))
def test_the_order_of_the_streets_does_not_matter(case, random):
    streets, network, places = case
    order = list(range(len(streets)))
    random.shuffle(order)
    other = StreetNetwork.from_streets(streets.iloc[order], mode=network.mode)
    moved = Positions(
        other.segments_of(network.graph.segment_id[places.segment]).astype(np.int32),
        places.fraction,
        places.distance_m,
    )
    same = (net.times(p, p, limit_s=3000).toarray() for net, p in ((network, places), (other, moved)))
    assert np.array_equal(*same)
