import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.network import StreetNetwork
from gis.snapping import Positions
from gis.speeds import STREET_CLASSES, Speeds
from tests.gis.street_oracle import exact_times
from tests.gis.streets_frame import streets_of


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
    for column in [name for name in streets if name.startswith("is_")]:
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


@settings(deadline=None)
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


@settings(deadline=None)
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


@settings(deadline=None)
@given(cities_with_places())
def test_a_longer_limit_reaches_all_that_a_shorter_one_does(case):
    _, network, places = case
    short, long = (dense(network.times(places, places, limit_s=limit)) for limit in (100, 200))
    is_short = np.isfinite(short)
    assert np.array_equal(short[is_short], long[is_short])
    assert np.array_equal(is_short, long <= 100)


@settings(deadline=None)
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


@settings(deadline=None)
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


@settings(deadline=None)
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


@settings(deadline=None)
@given(cities_with_places(), st.lists(st.integers(0, 3), min_size=1), st.integers(0, 3))
def test_areas_with_the_usual_speeds_change_nothing_and_a_faster_area_never_lengthens_a_way(
    case, areas, fast
):
    streets, network, places = case
    areas = np.resize(np.array(areas), len(streets))
    mode, usual = network.mode, network.speeds
    twice = {name: 2 * kmh for name, kmh in usual.of(mode).items()}
    same = Speeds(by_area=dict.fromkeys(range(4), usual))
    faster = Speeds(by_area={fast: Speeds(**{f"{mode}_kmh": twice})})
    streets = streets.assign(area=areas)
    of_same, of_faster = (
        StreetNetwork.from_streets(streets, mode=mode, speeds=speeds) for speeds in (same, faster)
    )
    before, equal, after = (
        dense(net.times(places, places, limit_s=3000)) for net in (network, of_same, of_faster)
    )
    assert np.array_equal(before, equal)
    assert (after <= before + 1e-3).all()
    metres = (net.distances(places, places, limit_m=3000).toarray() for net in (network, of_faster))
    assert np.array_equal(*metres)
