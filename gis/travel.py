"""Kernels that run many searches: tables of costs, sums of what is reached, the nearest of several."""

import numpy as np
from numba import njit

from gis.search import cost_along, cost_via_nodes, search_nodes, seed

NONE = np.int32(-1)


@njit(cache=True, nogil=True)
def search_from(roads, cost, segment, fraction, access, limit, shift, base, work):  # type: ignore[no-untyped-def]
    """Search from one position; -1 when the queue was too small."""
    node = np.empty(2, np.int32)
    start = np.empty(2, np.int64)
    seed(roads, cost, segment, fraction, access, node, start)
    return search_nodes(roads, cost, node, start, limit, shift, base, work)


@njit(cache=True, nogil=True)
def fill_costs(  # type: ignore[no-untyped-def]
    roads,
    cost,
    origin,
    o_segment,
    o_fraction,
    o_access,
    d_segment,
    d_fraction,
    d_access,
    limit,
    label,
    base,
    out,
):
    """Write the cost of every destination after one search; -1 beyond the limit."""
    o = o_segment[origin]
    for j in range(d_segment.size):
        s = d_segment[j]
        out[j] = NONE
        if s < 0:
            continue
        best = cost_via_nodes(roads, cost, label, base, s, d_fraction[j])
        if s == o:
            best = min(best, o_access[origin] + cost_along(roads, cost, s, o_fraction[origin], d_fraction[j]))
        best += d_access[j]
        if best <= limit:
            out[j] = np.int32(best)


@njit(cache=True, nogil=True)
def cost_rows(  # type: ignore[no-untyped-def]
    roads,
    cost,
    o_segment,
    o_fraction,
    o_access,
    d_segment,
    d_fraction,
    d_access,
    limit,
    shift,
    base,
    work,
    done,
    out,
):
    """Fill rows of `out` (origins x destinations) from row `done` on; return the row at which the queue ran out."""
    for i in range(done, o_segment.size):
        if o_segment[i] < 0:
            out[i, :] = NONE
            continue
        own_base = base - (np.int64(i) << 32)
        reached = search_from(
            roads, cost, o_segment[i], o_fraction[i], o_access[i], limit, shift, own_base, work
        )
        if reached < 0:
            return i
        fill_costs(
            roads, cost, i, o_segment, o_fraction, o_access, d_segment, d_fraction, d_access, limit, work.label,
            own_base, out[i],
        )  # fmt: skip
    return o_segment.size


@njit(cache=True, nogil=True)
def sum_rows(  # type: ignore[no-untyped-def]
    roads, cost, o_segment, o_fraction, o_access, first_at, p_fraction, p_access, weight, limit, shift, per_scale,
    base, work, done, out,
):  # fmt: skip
    """Sum the weights of the points each origin reaches; points are grouped by segment.

    `per_scale` is 1 / scale in cost steps for an exponential decay, 0 for none. Returns as `cost_rows` does.
    """
    for i in range(done, o_segment.size):
        s0 = o_segment[i]
        if s0 < 0:
            continue
        own_base = base - (np.int64(i) << 32)
        n = search_from(roads, cost, s0, o_fraction[i], o_access[i], limit, shift, own_base, work)
        if n < 0:
            return i
        newer = own_base + (np.int64(1) << 32)
        # Step -1 is the origin's own segment, whose ends may both lie beyond the limit.
        for k in range(-1, n):
            u = roads.start[s0] if k < 0 else work.reached[k]
            first, last = roads.arc_start[u], roads.arc_start[u + 1]
            if k < 0:
                first, last = roads.forward_arc[s0], roads.forward_arc[s0] + 1
            for a in range(first, last):
                s = roads.arc_segment[a]
                if first_at[s] == first_at[s + 1] or (k >= 0 and s == s0):
                    continue
                # Both ends reached: only the forward arc counts the segment.
                if a != roads.forward_arc[s] and work.label[roads.start[s]] < newer:
                    continue
                for p in range(first_at[s], first_at[s + 1]):
                    best = cost_via_nodes(roads, cost, work.label, own_base, s, p_fraction[p])
                    if k < 0:
                        along = cost_along(roads, cost, s, o_fraction[i], p_fraction[p])
                        best = min(best, o_access[i] + along)
                    best += p_access[p]
                    if best <= limit:
                        share = np.exp(-best * per_scale) if per_scale > 0.0 else 1.0
                        for c in range(weight.shape[1]):
                            out[i, c] += share * weight[p, c]
    return o_segment.size


@njit(cache=True, nogil=True)
def nearest_rows(  # type: ignore[no-untyped-def]
    roads, cost, f_segment, f_fraction, f_access, first_at, at, p_segment, p_fraction, p_access, limit, shift,
    base, work, out_cost, out_facility,
):  # fmt: skip
    """Find the cheapest facility of each point by one search from all of them; -1 when the queue was too small.

    `at` lists the facilities by segment from
    `first_at`, for points that share a segment with one.
    """
    nodes = np.empty(2 * f_segment.size, np.int32)
    costs = np.empty(2 * f_segment.size, np.int64)
    for i in range(f_segment.size):
        seed(roads, cost, f_segment[i], f_fraction[i], f_access[i], nodes[2 * i :], costs[2 * i :])
    if search_nodes(roads, cost, nodes, costs, limit, shift, base, work) < 0:
        return -1
    newer = base + (np.int64(1) << 32)
    for j in range(p_segment.size):
        out_cost[j], out_facility[j] = NONE, NONE
        s = p_segment[j]
        if s < 0:
            continue
        best, who = np.int64(1) << 31, NONE
        for way in range(2):
            end = roads.start[s] if way == 0 else roads.end[s]
            if work.label[end] < newer:
                f = p_fraction[j] if way == 0 else 1.0 - p_fraction[j]
                whole = cost[roads.forward_arc[s]] if way == 0 else cost[roads.backward_arc[s]]
                if f <= 0.0:
                    via = work.label[end] - base
                elif whole != 2**31 - 1:
                    via = work.label[end] - base + np.int64(np.rint(whole * f))
                else:
                    continue
                if via < best:
                    best, who = via, np.int32(work.owner[end] // 2)
        for k in range(first_at[s], first_at[s + 1]):
            i = at[k]
            direct = f_access[i] + cost_along(roads, cost, s, f_fraction[i], p_fraction[j])
            if direct < best:
                best, who = direct, np.int32(i)
        best += p_access[j]
        if best <= limit:
            out_cost[j], out_facility[j] = np.int32(best), who
    return 0
