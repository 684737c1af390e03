"""What the catchment engine is measured against everywhere: its own relaxations without a queue, and scipy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from gis.engine import Scratch
from gis.network import StreetNetwork
from gis.search import CLOSED, ONE_SEARCH, Bound, search_from, seed
from gis.snapping import Positions


def node_graph(network: StreetNetwork, *, direction: str = "outward") -> csr_array:
    """Seconds between neighbouring nodes; of parallel streets the quickest."""
    graph, costs = network.graph, network.engine.costs(direction)
    start = np.repeat(np.arange(len(graph.node_mm)), np.diff(graph.arc_start))
    is_open = (costs.arcs != CLOSED) & (start != graph.arc_target)
    a, b, seconds = start[is_open], graph.arc_target[is_open], costs.arcs[is_open] / costs.per_unit
    order = np.lexsort((seconds, b, a))
    a, b, seconds = a[order], b[order], np.maximum(seconds[order], 1e-9)
    is_first = np.append(True, (np.diff(a) != 0) | (np.diff(b) != 0))
    n = len(graph.node_mm)
    return coo_array((seconds[is_first], (a[is_first], b[is_first])), shape=(n, n)).tocsr()


def scipy_limit(graph: csr_array, nodes: np.ndarray, limit_s: float) -> None:
    """One search after another."""
    for node in nodes:
        dijkstra(graph, indices=int(node), limit=limit_s)


def scipy_table(
    graph: csr_array, origins: np.ndarray, destinations: np.ndarray, limit_s: float
) -> np.ndarray:
    """Seconds from nodes to nodes."""
    return dijkstra(graph, indices=origins, limit=limit_s)[:, destinations]


def scipy_sums(graph: csr_array, nodes: np.ndarray, weight: np.ndarray, limit_s: float) -> np.ndarray:
    """Sum the weights of the nodes that each of some reaches, one search after another."""
    return np.array(
        [weight[np.isfinite(dijkstra(graph, indices=int(node), limit=limit_s))].sum() for node in nodes]
    )


def scipy_nearest(graph: csr_array, facilities: np.ndarray, limit_s: float) -> np.ndarray:
    """Seconds from every node to the nearest of some."""
    return dijkstra(graph, indices=np.unique(facilities), limit=limit_s, min_only=True)


@njit(nogil=True)
def _search_all(roads, cost, spots, bound, base, work):
    total = 0
    for i in range(spots.segment.size):
        total += search_from(roads, cost, spots, i, bound, base - i * ONE_SEARCH, work)
    return total


@njit(nogil=True)
def _relax_in_order(roads, cost, order, ends, seed_node, seed_cost, limit, base, label, reached):
    """Everything a search does but keeping a queue: the nodes are taken in their final order."""
    k = 0
    for i in range(ends.size):
        own = base - i * ONE_SEARCH
        n = 0
        for j in range(2):
            if seed_cost[i, j] <= limit:
                label[seed_node[i, j]] = own + seed_cost[i, j]
                reached[n] = seed_node[i, j]
                n += 1
        while k < ends[i]:
            u = order[k]
            ku = label[u]
            k += 1
            for a in range(roads.arc_start[u], roads.arc_start[u + 1]):
                new = ku + cost[a]
                if new > own + limit:
                    continue
                v = roads.arc_target[a]
                if new >= label[v]:
                    continue
                if label[v] >= own + ONE_SEARCH:
                    reached[n] = v
                    n += 1
                label[v] = new


@dataclass
class Replay:
    """Searches, and the same relaxations without a queue."""

    search: Callable[[], Any]
    run: Callable[[], Any]
    settled: int
    relaxed: int

    @property
    def bytes_read(self) -> int:
        """Each settled node's label, number and place among the arcs; each arc's target, cost and label."""
        return self.settled * (8 + 4 + 8) + self.relaxed * (4 + 4 + 8)


def replay_of(network: StreetNetwork, origins: Positions, limit_s: float) -> Replay:
    """Search from each origin once to learn the order in which nodes are settled."""
    costs, roads = network.engine.costs("outward"), network.engine.roads
    # Neighbours are searched one after the other, as a batch over a town does.
    spots = costs.spots(origins[np.argsort(origins.segment)])
    bound = Bound(costs.bound(limit_s).limit, costs.bound(limit_s).shift)
    scratch = Scratch(network.engine.n_nodes)
    scratch.prepare(bound)
    while search_from(roads, costs.arcs, spots, 0, bound, scratch.next_searches(), scratch.work) < 0:
        scratch.grow_queue()
    for _ in range(6):
        scratch.grow_queue()
    n = len(origins)
    orders, seed_node, seed_cost = [], np.zeros((n, 2), np.int32), np.zeros((n, 2), np.int64)
    for i in range(n):
        count = search_from(roads, costs.arcs, spots, i, bound, scratch.next_searches(), scratch.work)
        nodes = scratch.work.reached[:count].copy()
        orders.append(nodes[np.argsort(scratch.work.label[nodes], kind="stable")])
        seed(roads, costs.arcs, spots, i, seed_node[i], seed_cost[i])
    order, ends = np.concatenate(orders), np.cumsum([len(nodes) for nodes in orders])

    def search() -> None:
        settled = _search_all(roads, costs.arcs, spots, bound, scratch.next_searches(n + 1), scratch.work)
        assert settled == len(order)

    def run() -> None:
        base = scratch.next_searches(n + 1)
        label, reached = scratch.work.label, scratch.work.reached
        _relax_in_order(
            roads, costs.arcs, order, ends, seed_node, seed_cost, bound.limit, base, label, reached
        )

    relaxed = int(np.diff(network.graph.arc_start)[order].sum())
    return Replay(search, run, len(order), relaxed)
