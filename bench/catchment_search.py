"""One search after another: against the same relaxations without a queue, against scipy, and against memory itself."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numba import njit

from bench import report
from bench.catchment_peers import node_graph, replay_of, scipy_limit
from bench.catchment_places import beside, cpu_s, nodes_of, places_on
from gis.network import StreetNetwork

Figures = Iterator[dict[str, Any]]
# The queue-free replay on this network when nobody else used the machine.
QUIET_NS = {"walk": 26, "car": 33}


def searches(walk: StreetNetwork, car: StreetNetwork, quick: bool) -> Figures:
    """Searches in one kernel, their origins in the order of the streets, as a batch over a town has them."""
    for network, limit_s, n, name in ((walk, 900, 200, "walk"), (car, 600, 40, "car")):
        origins = places_on(network, n)
        replay = replay_of(network, origins, limit_s)
        ours, without_queue = cpu_s(replay.search, replay.run, times=5 if quick else 15)
        settled = replay.settled
        yield report.figure(
            f"catchment.{name}_search_over_replay",
            ours / without_queue,
            "ratio",
            note=f"{limit_s} s, {settled / n:.0f} nodes settled a search",
        )
        yield report.figure(
            f"catchment.{name}_search_ns_per_node", ours / settled * 1e9, "ns", note="in batch"
        )
        yield report.figure(
            f"catchment.{name}_replay_ns_per_node",
            without_queue / settled * 1e9,
            "ns",
            note=f"{QUIET_NS[name]} on a quiet machine: what else runs makes every time of this run longer by as much",
        )
        yield from memory(
            network, name, replay.relaxed / ours, replay.relaxed / without_queue, replay.bytes_read / ours
        )
        graph, nodes = node_graph(network), nodes_of(network, origins)[:10]
        (peer,) = cpu_s(
            lambda graph=graph, nodes=nodes, most=limit_s: scipy_limit(graph, nodes, most), times=3
        )
        yield report.figure(
            f"catchment.{name}_search_ms", ours / n * 1e3, "ms", peer="scipy", ratio=peer / 10 / (ours / n)
        )


def memory(
    network: StreetNetwork, name: str, relaxed_per_s: float, replayed_per_s: float, bytes_per_s: float
) -> Figures:
    """Edges relaxed per second, beside what this machine's memory gives in the same minute."""
    graph = network.graph
    size = 8 * len(graph.node_mm) + 8 * len(graph.arc_target) + 4 * len(graph.arc_start)
    chain, values = _chain(size // 8), np.ones(32_000_000)
    chased, streamed = cpu_s(lambda: _chase(chain, 1_000_000), lambda: _total(values), times=3)
    stream = values.nbytes / streamed
    yield report.figure(
        f"catchment.{name}_relaxed_per_s",
        relaxed_per_s / 1e6,
        "million/s",
        peer="no queue",
        ratio=relaxed_per_s / replayed_per_s,
        note=f"arcs looked at; a chain of dependent reads through the same {size / 1e6:.1f} MB takes {chased * 1e3:.1f} ns "
        f"a step; reads {bytes_per_s / 1e9:.2f} GB/s of {stream / 1e9:.1f} GB/s streamed, so {bytes_per_s / stream:.0%}",
    )


def _chain(n: int) -> np.ndarray:
    """One cycle through all of an array in random order."""
    order = np.random.default_rng(1).permutation(n)
    chain = np.empty(n, np.int64)
    chain[order] = np.roll(order, -1)
    return chain


@njit(nogil=True)
def _chase(chain, steps):
    at = 0
    for _ in range(steps):
        at = chain[at]
    return at


@njit(nogil=True, fastmath=True)
def _total(values):
    total = 0.0
    for value in values:
        total += value
    return total


def snapping(walk: StreetNetwork) -> Figures:
    """Addresses to streets, against the tree of shapely."""
    xy = beside(walk, places_on(walk, 20_000))
    tree, points = shapely.STRtree(walk.graph.lines(np.arange(len(walk.snaps)))), shapely.points(xy)
    ours, peer = cpu_s(lambda: walk.snap(xy), lambda: tree.query_nearest(points[:4000]), times=3)
    note = "position, fraction and distance; the tree finds the segment only"
    yield report.figure(
        "catchment.snap_us", ours / 20_000 * 1e6, "us", peer="STRtree", ratio=5 * peer / ours, note=note
    )
