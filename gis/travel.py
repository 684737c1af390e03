"""Kernels that run many searches: tables of costs, sums of what is reached, the nearest of several.

Points are grouped by segment: those on segment s are rows `first_at[s]` up to `first_at[s + 1]`. Kernels with `done` work
on that row and further, and return the row at which the queue ran out, for the caller to give it more room.
"""

# numba compiles functions for positional arguments, and kernels take many.
# ruff: noqa: PLR0917

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gis.search import CLOSED, NEVER, ONE_SEARCH, cost_along, search_from, search_from_all, search_nodes

NONE = np.int32(-1)


class Legs(NamedTuple):
    """The two nodes from which a point is reached, and what remains from each, its access leg included.

    What remains is `NEVER` where the direction of the segment forbids it. A node that was not reached has the label of
    an earlier search, `ONE_SEARCH` or more away: any sum with it is beyond every limit, so nobody need ask.
    """

    start: NDArray[np.int32]
    end: NDArray[np.int32]
    from_start: NDArray[np.int64]
    from_end: NDArray[np.int64]


@njit(cache=True, nogil=True)
def legs_of(roads, cost, spots):  # type: ignore[no-untyped-def]
    """The legs of positions on the network."""
    n = spots.segment.size
    start, end = np.empty(n, np.int32), np.empty(n, np.int32)
    from_start, from_end = np.full(n, NEVER), np.full(n, NEVER)
    for p in range(n):
        s, f = spots.segment[p], spots.fraction[p]
        start[p], end[p] = roads.start[s], roads.end[s]
        forward, backward = cost[roads.forward_arc[s]], cost[roads.backward_arc[s]]
        # At the very end of a segment a point is its node, whichever way the segment may be travelled.
        if f <= 0.0:
            from_start[p] = spots.access[p]
        elif forward != CLOSED:
            from_start[p] = spots.access[p] + np.int64(np.rint(forward * f))
        if f >= 1.0:
            from_end[p] = spots.access[p]
        elif backward != CLOSED:
            from_end[p] = spots.access[p] + np.int64(np.rint(backward * (1.0 - f)))
    return start, end, from_start, from_end


@njit(cache=True, nogil=True, inline="always")
def _cost_of(legs, p, label, base):  # type: ignore[no-untyped-def]
    """Cost of a point through its nodes."""
    return min(label[legs.start[p]] + legs.from_start[p], label[legs.end[p]] + legs.from_end[p]) - base


@njit(cache=True, nogil=True, inline="always")
def _cost_on_own_segment(roads, cost, origins, i, points, p, legs, label, base):  # type: ignore[no-untyped-def]
    """Cost of a point on the origin's own segment, where the way need not touch a node."""
    along = cost_along(roads, cost, points.segment[p], origins.fraction[i], points.fraction[p])
    return min(_cost_of(legs, p, label, base), origins.access[i] + along + points.access[p])


@njit(cache=True, nogil=True, inline="always")
def _is_counted_here(roads, label, base, arc, segment):  # type: ignore[no-untyped-def]
    """Whether a segment is taken up at this arc: at its forward one, or at the other if that one's node is unreached."""
    return arc == roads.forward_arc[segment] or label[roads.start[segment]] >= base + ONE_SEARCH


@njit(cache=True, nogil=True)
def cost_rows(roads, cost, origins, first_at, points, legs, column, bound, base, work, done, out):  # type: ignore[no-untyped-def]
    """Write the cost from each origin to each point into `out` (origins x points), -1 beyond the limit.

    `column` is where each of the grouped points stands in `out`.
    """
    limit, label = bound.limit, work.label
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
            _enter_points(0, column.size, legs, column, label, own, limit, out[i])
        else:
            for k in range(n):
                u = work.reached[k]
                for a in range(roads.arc_start[u], roads.arc_start[u + 1]):
                    s = roads.arc_segment[a]
                    if first_at[s] < first_at[s + 1] and _is_counted_here(roads, label, own, a, s):
                        _enter_points(first_at[s], first_at[s + 1], legs, column, label, own, limit, out[i])
        for p in range(first_at[s0], first_at[s0 + 1]):
            best = _cost_on_own_segment(roads, cost, origins, i, points, p, legs, label, own)
            if best <= limit:
                out[i, column[p]] = best
    return origins.segment.size


@njit(cache=True, nogil=True, inline="always")
def _enter_points(first, last, legs, column, label, base, limit, out):  # type: ignore[no-untyped-def]
    for p in range(first, last):
        best = _cost_of(legs, p, label, base)
        if best <= limit:
            out[column[p]] = best


@njit(cache=True, nogil=True)
def sum_rows(  # type: ignore[no-untyped-def]
    roads, cost, origins, first_at, points, legs, weight, per_scale, bound, base, work, done, out
):
    """Add the weights of the points that each origin reaches to `out` (origins x layers).

    `per_scale` is 1 / scale in cost steps for an exponential decay, 0 for none.
    """
    limit, label = bound.limit, work.label
    for i in range(done, origins.segment.size):
        s0 = origins.segment[i]
        if s0 < 0:
            continue
        own = base - i * ONE_SEARCH
        n = search_from(roads, cost, origins, i, bound, own, work)
        if n < 0:
            return i
        for p in range(first_at[s0], first_at[s0 + 1]):
            best = _cost_on_own_segment(roads, cost, origins, i, points, p, legs, label, own)
            if best <= limit:
                _add(weight, p, best, per_scale, i, out)
        for k in range(n):
            u = work.reached[k]
            for a in range(roads.arc_start[u], roads.arc_start[u + 1]):
                s = roads.arc_segment[a]
                if first_at[s] < first_at[s + 1] and s != s0 and _is_counted_here(roads, label, own, a, s):
                    for p in range(first_at[s], first_at[s + 1]):
                        best = _cost_of(legs, p, label, own)
                        if best <= limit:
                            _add(weight, p, best, per_scale, i, out)
    return origins.segment.size


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
            _add(weight, u, work.label[u] - own, per_scale, i, out)
    return nodes.size


@njit(cache=True, nogil=True, inline="always")
def _add(weight, p, cost, per_scale, i, out):  # type: ignore[no-untyped-def]
    share = np.exp(-cost * per_scale) if per_scale > 0.0 else 1.0
    for layer in range(weight.shape[1]):
        out[i, layer] += share * weight[p, layer]


@njit(cache=True, nogil=True)
def nearest_points(  # type: ignore[no-untyped-def]
    roads, cost, facilities, first_at, points, legs, bound, base, work, out_cost, out_facility
):
    """Find the cheapest facility of each point by one search from all of them; -1 when the queue was too small.

    Here `first_at` groups the facilities, which are in that order.
    """
    if search_from_all(roads, cost, facilities, bound, base, work) < 0:
        return -1
    label = work.label
    for p in range(points.segment.size):
        s = points.segment[p]
        via_start, via_end = label[legs.start[p]] + legs.from_start[p], label[legs.end[p]] + legs.from_end[p]
        best, who = min(via_start, via_end) - base, NONE
        if best <= bound.limit:
            who = work.owner[legs.start[p] if via_start <= via_end else legs.end[p]]
        for f in range(first_at[s], first_at[s + 1]):
            along = cost_along(roads, cost, s, facilities.fraction[f], points.fraction[p])
            direct = facilities.access[f] + along + points.access[p]
            if direct < best and direct <= bound.limit:
                best, who = direct, np.int32(f)
        out_facility[p] = who
        out_cost[p] = best if who >= 0 else NONE
    return 0
