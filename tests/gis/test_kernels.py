import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from gis.catchment import isochrones
from gis.engine import Scratch
from gis.network import StreetNetwork
from gis.search import ONE_SEARCH, Bound
from gis.snapping import Positions
from tests.gis.streets_frame import streets_of

ROOT = Path(__file__).parents[2]

EVERY_KERNEL = """
import numpy as np
from gis.catchment import costs_to, isochrones
from gis.degrees import geometry_json
from gis.engine import Scratch
from gis.reached import reached_streets
from tests.gis.test_kernels import town

import gis.engine
gis.engine.POOL = 2
for mode in ("walk", "bicycle", "car"):
    network = town(12).in_mode(mode)
    xy = np.random.default_rng(1).uniform(-300, 1400, (80, 2))
    places = network.snap(xy)
    at = places[places.is_snapped]
    for direction in ("outward", "towards"):
        network.times(places, places, limit_s=600, direction=direction)
        network.times(at[:2], places, limit_s=20, direction=direction)
        network.distances(places, places, limit_m=900, direction=direction)
        network.sums(places, places, np.ones((80, 2)), limit_s=300, decay="exponential", scale_s=60.0)
        network.node_sums(np.ones(network.engine.n_nodes), limit_s=300)
        network.nearest(places, places[:4], limit_s=900, direction=direction)
        network.locate(places)
        centre = network.locate(at[:1])[0]
        bands = isochrones(network, centre, minutes=(1, 4, 9), direction=direction, competitors=xy[:3])
        geometry_json(list(bands.geometry), network.graph.crs)
        isochrones(network, centre, metres=(30, 600), rings=True)
        reached_streets(network, centre, minutes=4, direction=direction)
print("within bounds")
"""


def town(n: int) -> StreetNetwork:
    """A grid of blocks of 100 m, n by n, with some one-way streets and a bend in each."""
    lines = []
    for i in range(n):
        for j in range(n):
            x, y = i * 100.0, j * 100.0
            lines += [[(x, y), (x + 50, y + 7), (x + 100, y)], [(x, y), (x - 5, y + 50), (x, y + 100)]]
    return StreetNetwork.from_streets(streets_of(lines, one_way=range(0, len(lines), 7)), mode="walk")


def test_no_kernel_reads_or_writes_outside_its_arrays(request):
    # Compiled code is kept apart from the usual: numba does not ask whether it was compiled to check bounds.
    kept = request.config.cache.mkdir("numba-boundscheck")
    run = subprocess.run(
        [sys.executable, "-c", EVERY_KERNEL],
        cwd=ROOT,
        env=os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(kept), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert run.stdout == "within bounds\n", run.stderr[-2000:]


def test_origins_in_any_order_have_the_same_rows():
    network = town(20)
    xy = np.random.default_rng(1).uniform(-300, 2000, (300, 2))
    origins, places = network.snap(xy), network.snap(xy[:90] + 40)
    assert not origins.is_snapped.all()
    order = np.random.default_rng(2).permutation(len(origins))
    table, turned = (network.times(some, places, limit_s=500) for some in (origins, origins[order]))
    assert np.array_equal(table[order].toarray(), turned.toarray())
    assert np.array_equal(table.indices, np.concatenate([table[[i]].indices for i in range(len(origins))]))
    weights = np.arange(180.0).reshape(90, 2)
    sums, turned = (network.sums(some, places, weights, limit_s=500) for some in (origins, origins[order]))
    assert np.array_equal(sums[order], turned)
    assert network.times(origins[:0], places, limit_s=500).shape == (0, 90)
    assert network.sums(origins[:0], places, weights, limit_s=500).shape == (0, 2)


def test_a_queue_that_runs_out_grows_and_the_answer_stays():
    network = town(20)
    places = network.snap(np.random.default_rng(1).uniform(0, 2000, (30, 2)))
    expected = network.times(places, places, limit_s=3000).toarray()
    with network.engine.scratch() as scratch:
        scratch._empty_queue(1, 1)
    assert np.array_equal(network.times(places, places, limit_s=3000).toarray(), expected)


def test_labels_start_anew_when_the_searches_are_used_up():
    scratch = Scratch(3)
    scratch.prepare(Bound(10, 2))
    scratch._search = 5
    scratch.work.label[:] = 7
    first = scratch.next_searches(6)
    assert first > 10**18
    assert (scratch.work.label > first + ONE_SEARCH).all()


def test_threads_share_a_network_without_touching_each_others_searches():
    network = town(20)
    xy = np.random.default_rng(1).uniform(200, 1800, (24, 2))
    expected = [isochrones(network, point, minutes=[5]).geometry[0] for point in xy]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda point: isochrones(network, point, minutes=[5]).geometry[0], xy))
    assert all(a.equals_exact(b) for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize("distance_m", [0.0, 1e12])
def test_a_place_absurdly_far_from_its_street_is_out_of_reach_and_nothing_overflows(distance_m):
    network = town(3)
    segment = np.zeros(2, np.int32)
    places = Positions(segment, np.array([0.5, 0.5]), np.array([0.0, distance_m]))
    assert network.times(places, places, limit_s=32_000).nnz == (4 if distance_m == 0 else 1)
