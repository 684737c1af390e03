"""The laws again on real streets, which are left out where the data are not there."""

import numpy as np
import pandas as pd
import pytest

from gis.catchment import costs_to, holdings, isochrones, wrong_side_share
from gis.network import StreetNetwork
from gis.snapping import Positions
from tests.gis import real_streets
from tests.gis.street_oracle import exact_times

NAMES = ("enschede", "krems", "melbourne", "wechelderzande", "helsinki")


@pytest.fixture(scope="module", params=NAMES)
def town(request):
    if not real_streets.has(request.param):
        pytest.skip(
            f"{real_streets.FILES[request.param][0].name} is not here: see SOURCES.md of the shared data"
        )
    streets = real_streets.read(request.param)
    return streets, StreetNetwork.from_streets(streets, mode="walk")


def places_beside_streets(network: StreetNetwork, n: int, seed: int = 1) -> Positions:
    rng = np.random.default_rng(seed)
    segment = rng.choice(np.flatnonzero(network.snaps), n, p=_by_length(network))
    return Positions(segment.astype(np.int32), rng.uniform(0, 1, n), rng.uniform(5, 25, n))


def _by_length(network: StreetNetwork) -> np.ndarray:
    length_m = network.graph.length_m[network.snaps].astype(float)
    return length_m / length_m.sum()


@pytest.mark.parametrize("mode", ["walk", "bicycle", "car"])
def test_times_sums_and_nearest_equal_a_search_on_streets_cut_at_every_place(town, mode):
    streets, walk = town
    network = walk.in_mode(mode)
    places = places_beside_streets(network, 60)
    expected = exact_times(streets, network, places)
    limit_s = float(np.median(expected[np.isfinite(expected)]))
    np.fill_diagonal(expected, 2 * places.distance_m * 3.6 / 4.8)
    is_within = expected <= limit_s
    table = network.times(places, places, limit_s=limit_s)
    assert np.array_equal(table.toarray() > 0, is_within)
    # Costs are rounded to 1/65,536 s per segment, and lengths to float32.
    assert table.toarray()[is_within] == pytest.approx(expected[is_within], abs=0.01)
    people = np.random.default_rng(2).integers(1, 9, 60)
    assert network.sums(places, places, people, limit_s=limit_s).tolist() == (is_within @ people).tolist()
    seconds, _ = network.nearest(places, places[:5], limit_s=limit_s)
    nearest = expected[:, :5].min(axis=1)
    assert seconds == pytest.approx(np.where(nearest <= limit_s, nearest, np.inf), abs=0.01)


def test_the_polygon_leaves_few_people_on_the_wrong_side(town):
    _, network = town
    homes = places_beside_streets(network, 10_000)
    xy = beside(network, homes)
    homes = network.snap(xy)
    shares = []
    for origin in xy[:40]:
        shape = isochrones(network, origin, minutes=[15])
        assert shape.is_valid.all()
        cost = costs_to(network, origin, homes, minutes=30)
        if (cost <= 15).sum() > 200:
            shares.append(wrong_side_share(shape.geometry[0], xy, cost, limit=15))
    wrongly_in, wrongly_out = np.array(shares).T
    assert np.median(wrongly_in) < 0.008
    assert np.median(wrongly_out) < 0.008
    assert np.percentile(wrongly_in, 90) < 0.012
    assert np.percentile(wrongly_out, 90) < 0.012


def beside(network: StreetNetwork, places: Positions) -> np.ndarray:
    """Points at the places' distance from their street, at a right angle to it."""
    rng = np.random.default_rng(3)
    at = network.locate(places)
    nudge = Positions(places.segment, np.clip(places.fraction + 0.01, 0, 1), places.distance_m)
    along = network.locate(nudge) - at
    length = np.maximum(np.hypot(*along.T), 1e-9)
    side = rng.choice([-1, 1], len(places)) * places.distance_m / length
    return at + np.column_stack([-along[:, 1], along[:, 0]]) * side[:, None]


def test_a_longer_walk_holds_a_shorter_one_and_nobody_twice(town):
    _, network = town
    homes = places_beside_streets(network, 2_000)
    people = pd.DataFrame({"people": np.ones(2_000)})
    for origin in network.locate(homes[:10]):
        held = holdings(network, origin, homes, people, minutes=[5, 10, 15, 500])["people"]
        assert held.is_monotonic_increasing
        assert held.iloc[-1] <= 2_000
        shapes = isochrones(network, origin, minutes=[5, 10, 15]).geometry
        for inner, outer in ((0, 1), (1, 2)):
            assert shapes[inner].difference(shapes[outer]).area < 0.002 * shapes[outer].area


def test_every_island_is_listed_and_the_town_is_not_one(town):
    _, network = town
    parts = network.components()
    assert not parts["is_island"].iloc[0]
    assert parts["length_m"].is_monotonic_decreasing
    assert parts["length_m"].iloc[0] > 0.9 * parts["length_m"].sum()
    assert parts["segments"].sum() == len(network.graph.segment_id) - (~_open(network)).sum()


def _open(network: StreetNetwork) -> np.ndarray:
    return (network.graph.access & 0b11) != 0
