import geopandas as gpd
import numpy as np
import pytest

from gis.errors import (
    EmptyNetwork,
    FrameError,
    GisError,
    LimitOutOfRange,
    NetworkError,
    PointOffNetwork,
    UnknownSegment,
)
from gis.network import StreetNetwork
from gis.snapping import Positions
from gis.speeds import DEFAULT_SPEEDS, Speeds
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
    assert sorted(reach.cost_s) == pytest.approx([43.5, 43.5, 118.5, 118.5], abs=1e-4)


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


def test_arrays_of_another_layout_are_refused():
    arrays = StreetNetwork.from_streets(streets_of(T_LINES), mode="walk").to_arrays()
    with pytest.raises(NetworkError, match="build the network"):
        StreetNetwork.from_arrays(arrays | {"layout": np.array([1])}, mode="walk")


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


def test_nobody_asked_and_nothing_there_are_answers_too():
    network = StreetNetwork.from_streets(streets_of(T_LINES), mode="walk")
    nowhere, places = network.snap(np.empty((0, 2))), network.snap([[10.0, 5.0], [9e5, 0.0]])
    assert network.times(nowhere, places, limit_s=60).shape == (0, 2)
    assert network.times(places, nowhere, limit_s=60).shape == (2, 0)
    assert network.sums(places, nowhere, [], limit_s=60).tolist() == [0, 0]
    assert network.sums(nowhere, places, np.ones((2, 3)), limit_s=60).shape == (0, 3)
    assert network.nearest(places, nowhere, limit_s=60)[1].tolist() == [-1, -1]
    assert network.nearest(nowhere, places, limit_s=60)[1].tolist() == []
    assert network.sums(places, places, [1, 2], limit_s=60).tolist() == [1, 0]


def test_sums_by_node_are_the_sums_of_positions_at_the_nodes():
    network = StreetNetwork.from_streets(streets_of(T_LINES, one_way=[1]), mode="walk")
    at_nodes = join(place(network, 100, 0.0), place(network, 100, 1.0), place(network, 101, 1.0))
    segment = network.graph.segment_from[at_nodes.segment], network.graph.segment_to[at_nodes.segment]
    node = np.where(at_nodes.fraction == 0, *segment)
    weights = np.zeros(network.engine.n_nodes)
    weights[node] = [1, 10, 100]
    for direction in ("outward", "towards"):
        found = network.node_sums(weights, limit_s=80, nodes=node, direction=direction)
        assert found == pytest.approx(
            network.sums(at_nodes, at_nodes, [1, 10, 100], limit_s=80, direction=direction)
        )
    assert len(network.node_sums(weights, limit_s=80)) == 4
    with pytest.raises(GisError, match="numbered from 0 to 3"):
        network.node_sums(weights, limit_s=80, nodes=[4])


@pytest.mark.parametrize(
    "options", [{"decay": "exponential"}, {"scale_s": 60.0}, {"decay": "exponential", "scale_s": 0.0}]
)
def test_a_decay_needs_its_scale_and_weights_must_be_known(options):
    network = StreetNetwork.from_streets(streets_of(T_LINES), mode="walk")
    places = place(network, 100, 0.5)
    with pytest.raises(GisError, match="decay"):
        network.sums(places, places, [1.0], limit_s=60, **options)
    with pytest.raises(GisError, match="finite"):
        network.sums(places, places, [np.nan], limit_s=60)
    with pytest.raises(GisError, match="one row per point"):
        network.sums(places, places, [1.0, 2.0], limit_s=60)


def test_speeds_name_what_is_wrong_with_them():
    with pytest.raises(GisError, match="walk has no speed above 0 for steps"):
        Speeds(walk_kmh=dict(DEFAULT_SPEEDS.walk_kmh) | {"steps": 0})
    with pytest.raises(GisError, match=r"off_street_kmh.*ferry_wait_min"):
        Speeds(off_street_kmh=0, ferry_wait_min=-1)
    assert Speeds.from_array(DEFAULT_SPEEDS.to_array()) == DEFAULT_SPEEDS


def test_a_mode_or_direction_nobody_knows_is_refused():
    with pytest.raises(GisError, match="walk, bicycle, car"):
        StreetNetwork.from_streets(streets_of(T_LINES), mode="tram")
    network = StreetNetwork.from_streets(streets_of(T_LINES), mode="walk")
    places = place(network, 100, 0.5)
    for ask in (network.times, network.nearest):
        with pytest.raises(GisError, match="outward"):
            ask(places, places, limit_s=60, direction="sideways")


def test_a_street_is_travelled_at_the_speeds_of_its_own_area():
    slow = Speeds(walk_kmh=dict(DEFAULT_SPEEDS.walk_kmh) | {"residential": 3.6})
    speeds = Speeds(by_area={7: slow})
    network = StreetNetwork.from_streets(
        streets_of(T_LINES).assign(area=[0, 7, 3]), mode="walk", speeds=speeds
    )
    start, ends = place(network, 100, 0.0), join(place(network, 101, 1.0), place(network, 102, 1.0))
    # 100 m at 80 m a minute, then 100 m at a metre a second, or 100 m more as everywhere else.
    assert network.times(start, ends, limit_s=900).toarray()[0] == pytest.approx([75 + 100, 75 + 75])
    assert network.distances(start, ends, limit_m=900).toarray()[0] == pytest.approx([200, 200])
    closed = network.scenario(closed=[102])
    assert closed.times(start, ends, limit_s=900).toarray()[0] == pytest.approx([175, 0])
    assert closed.scenario(opened=[101]).times(start, ends, limit_s=900).toarray()[0, 0] == pytest.approx(175)


def test_a_ferry_waits_as_long_as_its_area_says():
    classes = ["residential", "ferry", "residential"]
    lines = [[(0, 0), (100, 0)], [(100, 0), (900, 0)], [(900, 0), (1000, 0)]]
    streets = streets_of(lines, street_class=classes).assign(area=[1, 1, 0])
    network = StreetNetwork.from_streets(
        streets, mode="walk", speeds=Speeds(by_area={1: Speeds(ferry_wait_min=2.0)})
    )
    seconds = network.times(place(network, 100, 1.0), place(network, 102, 0.0), limit_s=3600).toarray()[0, 0]
    assert seconds == pytest.approx(120 + 800 * 3.6 / 8)


def test_speeds_of_areas_are_stored_with_the_network_and_taken_up_again():
    speeds = Speeds(
        ferry_wait_min=3.0, by_area={65_535: Speeds(car_kmh=dict(DEFAULT_SPEEDS.car_kmh) | {"path": 9.0})}
    )
    assert Speeds.from_array(speeds.to_array()) == speeds
    streets = streets_of(T_LINES).assign(area=[65_535, 0, 1])
    network = StreetNetwork.from_streets(streets, mode="walk", speeds=speeds)
    again = StreetNetwork.from_arrays(network.to_arrays(), mode="walk")
    assert again.speeds == speeds
    assert again.graph.area[again.segments_of([100, 101, 102])].tolist() == [65_535, 0, 1]
    assert again.graph.area.dtype == np.uint16
    assert again.in_mode("car").speeds == speeds


@pytest.mark.parametrize(
    "area", [[0, 1, 65_536], [0, 1, -1], [0.0, 0.5, 1.0], ["a", "b", "c"], [1.0, np.nan, 2.0]]
)
def test_an_area_is_a_whole_number_of_two_bytes(area):
    with pytest.raises(FrameError, match="whole numbers from 0 to 65535"):
        StreetNetwork.from_streets(streets_of(T_LINES).assign(area=area), mode="walk")


def test_speeds_of_areas_name_what_is_wrong_with_them():
    with pytest.raises(GisError, match=r"area 70000.*off_street_kmh of area 70000"):
        Speeds(by_area={70_000: Speeds(off_street_kmh=3.0)})
    with pytest.raises(GisError, match="areas of its own"):
        Speeds(by_area={1: Speeds(by_area={2: Speeds()})})


def test_every_open_segment_knows_its_part_of_the_network():
    lines = [[(0, 0), (3000, 0)], [(1000, 40), (1100, 40)], [(1100, 40), (1100, 80)], [(5, 5), (6, 6)]]
    streets = streets_of(lines)
    streets.loc[103, ["is_walk_forward", "is_walk_backward"]] = False
    network = StreetNetwork.from_streets(streets, mode="walk")
    assert network.components_of_segments().to_dict() == {100: 0, 101: 1, 102: 1}
    assert network.components()["segments"].tolist() == [1, 2]
