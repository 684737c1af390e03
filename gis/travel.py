"""Kernels that run many searches: tables of costs, sums of what is reached, the nearest of several.

Points are grouped by segment: those on segment s are rows `first_at[s]` up to `first_at[s + 1]`. Each kernel works on
rows `done` and further and returns the row at which the queue ran out, for the caller to give it more room.
"""

# numba compiles functions for positional arguments, and kernels take many.
# ruff: noqa: PLR0917

import numpy as np
from numba import njit

from gis.search import (
    NEVER,
    ONE_SEARCH,
    cost_along,
    cost_from_node,
    cost_via_nodes,
    search_from,
    search_from_all,
    search_nodes,
)

NONE = np.int32(-1)


@njit(cache=True, nogil=True, inline="always")
def _is_counted_here(roads, label, newer, arc, segment):  # type: ignore[no-untyped-def]
    """Whether a segment is taken up at this arc: at its forward one, or at the other if that one's node is unreached."""
    return arc == roads.forward_arc[segment] or label[roads.start[segment]] >= newer


@njit(cache=True, nogil=True)
def cost_rows(roads, cost, origins, first_at, points, column, bound, base, work, done, out):  # type: ignore[no-untyped-def]
    """Write the cost from each origin to each point into `out` (origins x points), -1 beyond the limit.

    `column` is where each of the grouped points stands in `out`.
    """
    for i in range(done, origins.segment.size):
        out[i, :] = NONE
        s0 = origins.segment[i]
        if s0 < 0:
            continue
        own = base - i * ONE_SEARCH
        n = search_from(roads, cost, origins, i, bound, own, work)
        if n < 0:
            return i
        # Looking at every point is cheaper than looking for the segments that have any, once those are many.
        if 3 * n > column.size:
            for p in range(column.size):
                _enter_point(roads, cost, origins, i, points, p, column, bound, own, work, out)
            continue
        for p in range(first_at[s0], first_at[s0 + 1]):
            _enter_point(roads, cost, origins, i, points, p, column, bound, own, work, out)
        for k in range(n):
            u = work.reached[k]
            for a in range(roads.arc_start[u], roads.arc_start[u + 1]):
                s = roads.arc_segment[a]
                if first_at[s] < first_at[s + 1] and _is_counted_here(
                    roads, work.label, own + ONE_SEARCH, a, s
                ):
                    for p in range(first_at[s], first_at[s + 1]):
                        _enter_point(roads, cost, origins, i, points, p, column, bound, own, work, out)
    return origins.segment.size


@njit(cache=True, nogil=True, inline="always")
def _cost_to_point(roads, cost, origins, i, points, p, base, label):  # type: ignore[no-untyped-def]
    s = points.segment[p]
    best = cost_via_nodes(roads, cost, label, base, s, points.fraction[p])
    if s == origins.segment[i]:
        along = cost_along(roads, cost, s, origins.fraction[i], points.fraction[p])
        best = min(best, origins.access[i] + along)
    return best + points.access[p]


@njit(cache=True, nogil=True, inline="always")
def _enter_point(roads, cost, origins, i, points, p, column, bound, base, work, out):  # type: ignore[no-untyped-def]
    best = _cost_to_point(roads, cost, origins, i, points, p, base, work.label)
    if best <= bound.limit:
        out[i, column[p]] = np.int32(best)


@njit(cache=True, nogil=True)
def sum_rows(  # type: ignore[no-untyped-def]
    roads, cost, origins, first_at, points, weight, per_scale, bound, base, work, done, out
):
    """Add the weights of the points that each origin reaches to `out` (origins x layers).

    `per_scale` is 1 / scale in cost steps for an exponential decay, 0 for none.
    """
    for i in range(done, origins.segment.size):
        s0 = origins.segment[i]
        if s0 < 0:
            continue
        own = base - i * ONE_SEARCH
        n = search_from(roads, cost, origins, i, bound, own, work)
        if n < 0:
            return i
        # The origin's own segment comes first and once: both its ends may lie beyond the limit.
        _add_points(
            roads, cost, origins, i, first_at, points, s0, weight, per_scale, bound, own, work.label, out
        )
        for k in range(n):
            u = work.reached[k]
            for a in range(roads.arc_start[u], roads.arc_start[u + 1]):
                s = roads.arc_segment[a]
                if first_at[s] == first_at[s + 1] or s == s0:
                    continue
                if _is_counted_here(roads, work.label, own + ONE_SEARCH, a, s):
                    _add_points(
                        roads,
                        cost,
                        origins,
                        i,
                        first_at,
                        points,
                        s,
                        weight,
                        per_scale,
                        bound,
                        own,
                        work.label,
                        out,
                    )
    return origins.segment.size


@njit(cache=True, nogil=True)
def _add_points(  # type: ignore[no-untyped-def]
    roads, cost, origins, i, first_at, points, segment, weight, per_scale, bound, base, label, out
):
    for p in range(first_at[segment], first_at[segment + 1]):
        best = _cost_to_point(roads, cost, origins, i, points, p, base, label)
        if best <= bound.limit:
            share = np.exp(-best * per_scale) if per_scale > 0.0 else 1.0
            for layer in range(weight.shape[1]):
                out[i, layer] += share * weight[p, layer]


@njit(cache=True, nogil=True)
def node_sum_rows(roads, cost, nodes, weight, per_scale, bound, base, work, done, out):  # type: ignore[no-untyped-def]
    """Add the weights of the nodes that each of the given nodes reaches to `out` (nodes x layers)."""
    start = np.empty(1, np.int32)
    nothing = np.zeros(1, np.int64)
    for i in range(done, nodes.size):
        own = base - i * ONE_SEARCH
        start[0] = nodes[i]
        n = search_nodes(roads, cost, start, nothing, bound, own, work)
        if n < 0:
            return i
        for k in range(n):
            u = work.reached[k]
            share = np.exp(-(work.label[u] - own) * per_scale) if per_scale > 0.0 else 1.0
            for layer in range(weight.shape[1]):
                out[i, layer] += share * weight[u, layer]
    return nodes.size


@njit(cache=True, nogil=True)
def nearest_points(roads, cost, facilities, first_at, points, bound, base, work, out_cost, out_facility):  # type: ignore[no-untyped-def]
    """Find the cheapest facility of each point by one search from all of them; -1 when the queue was too small.

    Here `first_at` groups the facilities, which are in that order.
    """
    if search_from_all(roads, cost, facilities, bound, base, work) < 0:
        return -1
    for p in range(points.segment.size):
        out_cost[p], out_facility[p] = NONE, NONE
        s = points.segment[p]
        if s < 0:
            continue
        best, who = NEVER, NONE
        for is_from_start in (True, False):
            via = cost_from_node(roads, cost, work.label, base, s, points.fraction[p], is_from_start)
            if via < best:
                best, who = via, work.owner[roads.start[s] if is_from_start else roads.end[s]]
        for f in range(first_at[s], first_at[s + 1]):
            along = cost_along(roads, cost, s, facilities.fraction[f], points.fraction[p])
            if facilities.access[f] + along < best:
                best, who = facilities.access[f] + along, np.int32(f)
        best += points.access[p]
        if best <= bound.limit:
            out_cost[p], out_facility[p] = np.int32(best), who
    return 0
