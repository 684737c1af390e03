from itertools import pairwise, permutations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import GisError
from gis.flow_features import Flows, Places, flow_features, trips_on_streets
from gis.network import StreetNetwork
from gis.snapping import Positions
from gis.street_flow import APART_ON_ONE_STREET, Trips, on_segments, points_of_segments, street_flows
from tests.gis.streets_frame import streets_of

FAR_M = 100_000.0


def network_of(lines) -> StreetNetwork:
    return StreetNetwork.from_streets(streets_of(lines), mode="walk")


def at(network, *segments: int, fraction: float = 0.5) -> Positions:
    rows = network.segments_of(segments).astype(np.int32)
    return Positions(rows, np.full(len(rows), fraction), np.zeros(len(rows)))


def by_id(network, flows) -> pd.Series:
    return pd.Series(np.asarray(flows)[:, 0], index=network.graph.segment_id).sort_index()


def assigned(network, begin, end, *, scale_m=np.inf, limit_m=FAR_M, is_shared=True) -> pd.Series:
    half = np.full(len(network.graph.segment_id), 0.5)
    trips = Trips(begin, end, scale_m, limit_m, is_shared)
    return by_id(network, street_flows(network, [trips], begins_at=half, ends_at=half))


LINE = [[(0, 0), (100, 0)], [(100, 0), (200, 0)], [(200, 0), (300, 0)]]


def test_a_trip_counts_whole_on_the_way_and_half_where_it_begins_and_ends():
    network = network_of(LINE)
    begin, end = on_segments(network, at(network, 100), [3.0]), on_segments(network, at(network, 102))
    assert assigned(network, begin, end).to_dict() == {100: 1.5, 101: 3.0, 102: 1.5}


def test_trips_are_divided_over_the_shops_by_their_nearness():
    network = network_of([*LINE, [(0, 0), (-100, 0)]])
    begin = on_segments(network, at(network, 100), [1.0])
    end = on_segments(network, at(network, 102, 103))
    far, near = np.exp(-200 / 400), np.exp(-100 / 400)
    flows = assigned(network, begin, end, scale_m=400.0)
    assert flows[101] == pytest.approx(far / (far + near))
    assert flows[103] == pytest.approx(0.5 * near / (far + near))


def test_nobody_walks_further_than_the_longest_trip():
    network = network_of(LINE)
    begin, end = on_segments(network, at(network, 100)), on_segments(network, at(network, 102))
    assert assigned(network, begin, end, limit_m=199.0).sum() == 0
    assert assigned(network, begin, end, limit_m=200.0).sum() == pytest.approx(2.0)


def test_two_ways_of_the_same_length_share_alike():
    square = [[(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 100), (0, 100)], [(0, 100), (0, 0)]]
    network = network_of(square)
    begin, end = on_segments(network, at(network, 100)), on_segments(network, at(network, 102))
    assert assigned(network, begin, end).to_dict() == pytest.approx({100: 0.5, 101: 0.5, 102: 0.5, 103: 0.5})


def test_shops_on_the_street_of_the_origin_are_a_third_of_it_away():
    network = network_of(LINE)
    one = on_segments(network, at(network, 101))
    assert assigned(network, one, one).to_dict() == pytest.approx({100: 0, 101: APART_ON_ONE_STREET, 102: 0})


def test_places_along_a_street_are_taken_together_at_their_mean():
    network = network_of(LINE)
    here = Positions(
        np.concatenate([at(network, 101).segment, at(network, 101).segment]),
        np.array([0.2, 0.8]),
        np.zeros(2),
    )
    points = points_of_segments(network, [(here, [3.0, 1.0])])
    assert points[network.segments_of([101])[0]] == pytest.approx(0.35)
    assert points[network.segments_of([100])[0]] == 0.5


def test_amounts_that_no_street_can_have_are_refused():
    network = network_of(LINE)
    with pytest.raises(GisError, match="not negative"):
        assigned(network, np.array([1.0, -1.0, 0.0]), np.ones(3))


@st.composite
def grids(draw):
    """A grid with some streets left out and corners moved, one piece; exact where nothing is moved."""
    n, seed = draw(st.integers(2, 4)), draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    moved = draw(st.booleans()) * rng.integers(-30, 30, (n, n, 2))
    xy = np.stack(np.meshgrid(np.arange(n) * 100, np.arange(n) * 100, indexing="ij"), -1) + moved
    lines = [[tuple(xy[i, j]), tuple(xy[i + 1, j])] for i in range(n - 1) for j in range(n)]
    lines += [[tuple(xy[i, j]), tuple(xy[i, j + 1])] for i in range(n) for j in range(n - 1)]
    rng.shuffle(lines)
    whole = nx.Graph([(tuple(a), tuple(b)) for a, b in lines])
    for line in list(lines):
        a, b = map(tuple, line)
        if rng.random() < 0.3:
            whole.remove_edge(a, b)
            if nx.is_connected(whole):
                lines = [other for other in lines if other is not line]
            else:
                whole.add_edge(a, b)
    return lines


@settings(deadline=None, max_examples=25)
@given(grids())
def test_trips_between_all_streets_are_the_shortest_ways_of_networkx(lines):
    network = network_of(lines)
    graph = nx.Graph()
    for segment, (a, b) in zip(range(100, 100 + len(lines)), lines, strict=True):
        # In the steps of the search, so that ways tie alike.
        half = round(float(np.hypot(*np.subtract(a, b))) * 4096) / 2
        graph.add_edge(tuple(a), segment, length=half)
        graph.add_edge(segment, tuple(b), length=half)
    # Way by way: its betweenness of a subset weighs ways that tie by their last step, not by how many there are.
    expected = dict.fromkeys(range(100, 100 + len(lines)), 0.0)
    for begin, end in permutations(expected, 2):
        ways = list(nx.all_shortest_paths(graph, begin, end, weight="length"))
        for edge in (edge for way in ways for edge in pairwise(way)):
            segment = next(node for node in edge if isinstance(node, int))
            expected[segment] += 0.5 / len(ways)
    ones = np.ones(len(lines))
    flows = assigned(network, ones, ones, is_shared=False) - APART_ON_ONE_STREET
    odd = any(round(float(np.hypot(*np.subtract(a, b))) * 4096) % 2 for a, b in lines)
    # Half of an odd number of steps is rounded, which may break a tie of networkx, never more.
    assert flows.to_dict() == pytest.approx(expected, abs=1e-6 if not odd else 0.5 * len(lines))


@settings(deadline=None, max_examples=25)
@given(grids(), st.integers(0, 1000))
def test_the_metres_walked_are_those_of_the_trips(lines, seed):
    network, rng = network_of(lines), np.random.default_rng(seed)
    n = len(lines)
    begin, end = rng.integers(0, 5, n).astype(float), rng.integers(0, 3, n).astype(float)
    half = np.full(n, 0.5)
    everywhere = Positions(np.arange(n, dtype=np.int32), half, np.zeros(n))
    metres = network.distances(everywhere, everywhere, limit_m=FAR_M).toarray().astype(float)
    np.fill_diagonal(metres, APART_ON_ONE_STREET * network.graph.length_m)
    pull = end * np.exp(-metres / 300.0)
    total = pull.sum(axis=1, keepdims=True)
    trips = begin[:, None] * np.divide(pull, total, out=np.zeros_like(pull), where=total > 0)
    flows = street_flows(network, [Trips(begin, end, 300.0, FAR_M)], begins_at=half, ends_at=half)[:, 0]
    assert flows @ network.graph.length_m == pytest.approx((trips * metres).sum(), rel=1e-4, abs=1e-6)


def test_features_are_the_trips_of_the_streets_around_out_of_a_thousand():
    network = network_of([*LINE, [(0, 5000), (100, 5000)]])
    shops, stops = at(network, 102), at(network, 100)
    flows = trips_on_streets(network, shops=Places(shops), origins={"from_stops": Places(stops, [7.0])})
    assert flows.kinds == ("from_stops", "between_shops")
    where = np.array([[150.0, 0.0], [150.0, 4000.0]])
    features = flow_features(flows, where, index=pd.Index(["on", "off"]))
    weights, values = [], []
    for i in range(15):
        weights.append(20.0 * np.exp(-abs(10 + 20 * i - 150) / 100))
        values.append(1000.0 if 5 <= i < 10 else 500.0)
    assert features.loc["on", "from_stops"] == pytest.approx(
        np.log1p(np.average(values, weights=weights)), rel=1e-5
    )
    assert features.loc["off"].tolist() == [0.0, 0.0]


def test_without_shops_there_are_no_trips():
    network = network_of(LINE)
    none = Places(at(network)[np.arange(0)])
    flows = trips_on_streets(network, shops=none, origins={"from_homes": Places(at(network, 100))})
    assert isinstance(flows, Flows)
    told = flow_features(flows, shapely.get_coordinates(shapely.points([[0.0, 0.0]])), index=pd.Index([1]))
    assert told.to_numpy().sum() == 0
