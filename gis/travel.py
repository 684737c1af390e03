"""Kernels that run many searches: tables of costs, sums of what is reached, the nearest of several.

Points are grouped by segment. Kernels with `done` work on that row and further, and return the row at which the queue ran
out, for the caller to give it more room.
"""

# numba compiles functions for positional arguments, and kernels take many.
# ruff: noqa: PLR0917
# In loops arrays are read from locals: every look into a tuple counts a reference, which costs more than the work.

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


class Stops(NamedTuple):
    """The segments on which there are points, numbered in their order.

    Attributes
    ----------
    at_arc
        Twice the number of each arc's segment, and one more for its backward arc; -1 without points, shape (arcs,).
    start, end
        The nodes of each, shape (stops,).
    first
        Its points are rows `first[k]` up to `first[k + 1]`, shape (stops + 1,).
    furthest_from_start, furthest_from_end
        The longest leg of its points from either node, shape (stops,).
    """

    at_arc: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    first: NDArray[np.int32]
    furthest_from_start: NDArray[np.int64]
    furthest_from_end: NDArray[np.int64]


@njit(cache=True, nogil=True)
def stops_of(roads, spots, legs):  # type: ignore[no-untyped-def]
    """The parts of `Stops`, of points on the network in the order of their segments."""
    segment, node_from, node_to = spots.segment, roads.start, roads.end
    forward_arc, backward_arc, leg_start, leg_end = (
        roads.forward_arc,
        roads.backward_arc,
        legs.from_start,
        legs.from_end,
    )
    n = 0
    for p in range(segment.size):
        n += p == 0 or segment[p] != segment[p - 1]
    at_arc = np.full(roads.arc_target.size, NONE)
    start, end, first = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n + 1, np.int32)
    from_start, from_end = np.zeros(n, np.int64), np.zeros(n, np.int64)
    k = -1
    for p in range(segment.size):
        s = segment[p]
        if p == 0 or s != segment[p - 1]:
            k += 1
            start[k], end[k], first[k] = node_from[s], node_to[s], p
            at_arc[forward_arc[s]], at_arc[backward_arc[s]] = 2 * k, 2 * k + 1
        from_start[k] = max(from_start[k], leg_start[p])
        from_end[k] = max(from_end[k], leg_end[p])
    first[n] = segment.size
    return at_arc, start, end, first, from_start, from_end


@njit(cache=True, nogil=True)
def legs_of(roads, cost, spots):  # type: ignore[no-untyped-def]
    """The legs of positions on the network."""
    segment, fraction, access = spots.segment, spots.fraction, spots.access
    node_from, node_to, forward_arc, backward_arc = (
        roads.start,
        roads.end,
        roads.forward_arc,
        roads.backward_arc,
    )
    n = segment.size
    start, end = np.empty(n, np.int32), np.empty(n, np.int32)
    from_start, from_end = np.full(n, NEVER), np.full(n, NEVER)
    for p in range(n):
        s, f = segment[p], fraction[p]
        start[p], end[p] = node_from[s], node_to[s]
        forward, backward = cost[forward_arc[s]], cost[backward_arc[s]]
        # At the very end of a segment a point is its node, whichever way the segment may be travelled.
        if f <= 0.0:
            from_start[p] = access[p]
        elif forward != CLOSED:
            from_start[p] = access[p] + np.int64(np.rint(forward * f))
        if f >= 1.0:
            from_end[p] = access[p]
        elif backward != CLOSED:
            from_end[p] = access[p] + np.int64(np.rint(backward * (1.0 - f)))
    return start, end, from_start, from_end


@njit(cache=True, nogil=True, inline="always")
def _stop_at(at_arc, stop_start, arc, label, newer):  # type: ignore[no-untyped-def]
    """The stop to be taken up at an arc, or -1: at its forward one, or at the other if the first node is unreached."""
    code = at_arc[arc]
    if code < 0:
        return NONE
    k = code >> 1
    return NONE if code & 1 and label[stop_start[k]] < newer else k


@njit(cache=True, nogil=True)
def _own_cost(roads, cost, origins, i, points, p):  # type: ignore[no-untyped-def]
    """Cost of a point on the origin's own segment by a way that does not touch a node."""
    along = cost_along(roads, cost, points.segment[p], origins.fraction[i], points.fraction[p])
    return origins.access[i] + along + points.access[p]


@njit(cache=True, nogil=True)
def cost_rows(roads, cost, origins, points, legs, stops, column, bound, base, work, done, out):  # type: ignore[no-untyped-def]
    """Write the cost from each origin to each point into `out` (origins x points), -1 beyond the limit.

    `column` is where each of the grouped points stands in `out`.
    """
    limit, label, reached = bound.limit, work.label, work.reached
    arc_start, at_arc, stop_start, first = roads.arc_start, stops.at_arc, stops.start, stops.first
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
            for j in range(n):
                u = reached[j]
                for a in range(arc_start[u], arc_start[u + 1]):
                    k = _stop_at(at_arc, stop_start, a, label, own + ONE_SEARCH)
                    if k >= 0:
                        _enter_points(first[k], first[k + 1], legs, column, label, own, limit, out[i])
        here = at_arc[roads.forward_arc[s0]] >> 1
        if here >= 0:
            for p in range(first[here], first[here + 1]):
                best = _own_cost(roads, cost, origins, i, points, p)
                if best <= limit and (out[i, column[p]] < 0 or best < out[i, column[p]]):
                    out[i, column[p]] = best
    return origins.segment.size


@njit(cache=True, nogil=True)
def _enter_points(first, last, legs, column, label, base, limit, out):  # type: ignore[no-untyped-def]
    start, end, from_start, from_end = legs.start, legs.end, legs.from_start, legs.from_end
    for p in range(first, last):
        best = min(label[start[p]] + from_start[p], label[end[p]] + from_end[p]) - base
        if best <= limit:
            out[column[p]] = best


@njit(cache=True, nogil=True)
def sum_rows(  # type: ignore[no-untyped-def]
    roads, cost, origins, points, legs, stops, weight, whole, per_scale, bound, base, work, done, out
):
    """Add the weights of the points that each origin reaches to `out` (origins x layers).

    `weight` has one row per point and `whole` one per stop, the sum of its points; `per_scale` is 1 / scale in cost
    steps for an exponential decay, 0 for none.
    """
    at_arc, forward_arc, first = stops.at_arc, roads.forward_arc, stops.first
    for i in range(done, origins.segment.size):
        s0 = origins.segment[i]
        if s0 < 0:
            continue
        own = base - i * ONE_SEARCH
        n = search_from(roads, cost, origins, i, bound, own, work)
        if n < 0:
            return i
        here = at_arc[forward_arc[s0]] >> 1
        if here >= 0:
            for p in range(first[here], first[here + 1]):
                via = min(
                    work.label[legs.start[p]] + legs.from_start[p], work.label[legs.end[p]] + legs.from_end[p]
                )
                best = min(via - own, _own_cost(roads, cost, origins, i, points, p))
                if best <= bound.limit:
                    _add(weight, p, best, per_scale, out[i])
        _add_reached(roads, legs, stops, weight, whole, per_scale, here, bound.limit, own, work, n, out[i])
    return origins.segment.size


@njit(cache=True, nogil=True)
def _add_reached(roads, legs, stops, weight, whole, per_scale, here, limit, base, work, n, out):  # type: ignore[no-untyped-def]
    """Add what stands on reached segments other than `here`."""
    label, reached, arc_start = work.label, work.reached, roads.arc_start
    at_arc, start, end, first = stops.at_arc, stops.start, stops.end, stops.first
    furthest_from_start, furthest_from_end = stops.furthest_from_start, stops.furthest_from_end
    from_start, from_end = legs.from_start, legs.from_end
    for j in range(n):
        u = reached[j]
        for a in range(arc_start[u], arc_start[u + 1]):
            k = _stop_at(at_arc, start, a, label, base + ONE_SEARCH)
            if k < 0 or k == here:
                continue
            at_start, at_end = label[start[k]] - base, label[end[k]] - base
            longest = min(at_start + furthest_from_start[k], at_end + furthest_from_end[k])
            if longest <= limit and per_scale == 0.0:
                # None of its points can be beyond the limit, so they count all at once.
                for layer in range(whole.shape[1]):
                    out[layer] += whole[k, layer]
                continue
            for p in range(first[k], first[k + 1]):
                best = min(at_start + from_start[p], at_end + from_end[p])
                if best <= limit:
                    _add(weight, p, best, per_scale, out)


@njit(cache=True, nogil=True)
def node_sum_rows(roads, cost, nodes, weight, per_scale, bound, base, work, done, out):  # type: ignore[no-untyped-def]
    """Add the weights of the nodes that each of the given nodes reaches to `out` (nodes x layers)."""
    start, nothing = np.empty(1, np.int32), np.zeros(1, np.int64)
    label, reached = work.label, work.reached
    for i in range(done, nodes.size):
        own = base - i * ONE_SEARCH
        start[0] = nodes[i]
        n = search_nodes(roads, cost, start, nothing, bound, own, work)
        if n < 0:
            return i
        for k in range(n):
            u = reached[k]
            _add(weight, u, label[u] - own, per_scale, out[i])
    return nodes.size


@njit(cache=True, nogil=True, inline="always")
def _add(weight, p, cost, per_scale, out):  # type: ignore[no-untyped-def]
    share = np.exp(-cost * per_scale) if per_scale > 0.0 else 1.0
    for layer in range(weight.shape[1]):
        out[layer] += share * weight[p, layer]


@njit(cache=True, nogil=True)
def nearest_points(  # type: ignore[no-untyped-def]
    roads, cost, facilities, stops, points, legs, bound, base, work, out_cost, out_facility
):
    """Find the cheapest facility of each point by one search from all of them; -1 when the queue was too small.

    Here `stops` are the segments with facilities.
    """
    if search_from_all(roads, cost, facilities, bound, base, work) < 0:
        return -1
    label, owner, segment = work.label, work.owner, points.segment
    start, end, from_start, from_end = legs.start, legs.end, legs.from_start, legs.from_end
    at_arc, first, forward_arc = stops.at_arc, stops.first, roads.forward_arc
    for p in range(segment.size):
        via_start, via_end = label[start[p]] + from_start[p], label[end[p]] + from_end[p]
        best, who = min(via_start, via_end) - base, NONE
        if best <= bound.limit:
            who = owner[start[p] if via_start <= via_end else end[p]]
        here = at_arc[forward_arc[segment[p]]] >> 1
        if here >= 0:
            for f in range(first[here], first[here + 1]):
                direct = _own_cost(roads, cost, facilities, f, points, p)
                if direct < best and direct <= bound.limit:
                    best, who = direct, np.int32(f)
        out_facility[p] = who
        out_cost[p] = best if who >= 0 else NONE
    return 0
