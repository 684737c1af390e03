"""Sums within several limits, and with decay, of many origins at once.

Origins on one segment share two searches, one from each of its nodes: what a point costs an origin is the smaller of its
ways by either node. Costs are whole numbers, so this equals a search from each origin, step for step.
"""

# numba compiles functions for positional arguments, and kernels take many.
# ruff: noqa: PLR0917

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from gis.engine import Costs, Direction, Grouped, in_parts
from gis.errors import GisError
from gis.search import ONE_SEARCH, cost_along, search_from, search_nodes, seed
from gis.snapping import Positions
from gis.tables import CostTables

ORIGINS_AT_ONCE = 512
# Further than any limit.
FAR = np.int32(2**31 - 1)


class Fade(NamedTuple):
    """What decay leaves along each leg of a point, shape (points,); `per_step` is 0 without decay."""

    per_step: float
    from_start: NDArray[np.float64]
    from_end: NDArray[np.float64]


class Seen(NamedTuple):
    """The segments with points that the searches of a group of origins came to.

    Attributes
    ----------
    mark
        The last group that saw each stop, shape (stops,).
    stop
        Which stop each row is.
    cost
        To its first and last node by the first search, then by the second; `FAR` where there is no way.
    share
        What decay leaves of each of these; no rows without decay.
    """

    mark: NDArray[np.int32]
    stop: NDArray[np.int32]
    cost: NDArray[np.int32]
    share: NDArray[np.float64]


def band_sums(
    network: CostTables,
    origins: Positions,
    points: Positions,
    weights: ArrayLike,
    *,
    limits_s: Sequence[float],
    scale_s: float | None = None,
    direction: Direction = "outward",
) -> NDArray[np.float64]:
    """Sum the weights of the points within several limits of each origin, and their decayed sum.

    Parameters
    ----------
    network
        The network of one mode.
    origins, points
        Positions; those off the network reach nothing and are not reached.
    weights
        Finite, one per point.
    limits_s
        Ascending limits in seconds.
    scale_s
        Scale of weight * exp(-time / scale_s), in seconds; points beyond the last limit do not count.
    direction
        "outward" travels from origins to points, "towards" from points to origins.

    Returns
    -------
    array
        One column per limit, and the decayed sum where a scale is given, shape (origins, columns).

    Raises
    ------
    GisError
        If the limits do not ascend, or weights or scale are not what they should be.
    LimitOutOfRange
        If a limit is negative or above 32,000 s.
    """
    costs = network.engine.costs(direction)
    limits = _limits(limits_s, costs)
    weight = np.asarray(weights, np.float64)
    if weight.shape != (len(points),) or not np.isfinite(weight).all():
        raise GisError("weights are one finite number per point: decide what an unknown amount counts for")
    if scale_s is not None and not scale_s > 0:
        raise GisError("a decay needs a scale above 0 s")
    grouped = network.engine.group(points, costs)
    weight = np.ascontiguousarray(weight[grouped.rows])
    whole = np.add.reduceat(weight, grouped.stops.first[:-1]) if len(weight) else weight
    fixed = (
        grouped.spots,
        grouped.legs,
        grouped.stops,
        weight,
        whole,
        _fade(scale_s, grouped, costs),
        limits,
    )
    n_columns = len(limits) + (scale_s is not None)
    order = np.argsort(origins.segment, kind="stable")

    def rows(part: slice) -> NDArray[np.float64]:
        spots = costs.spots(origins[order[part]])
        out = np.zeros((len(spots.segment), n_columns))
        network.engine.fill(band_rows, (costs.arcs, spots, *fixed), costs.bound(limits_s[-1]), out)
        return out

    found = np.zeros((len(origins), n_columns))
    if len(origins):
        found[order] = np.concatenate(in_parts(rows, len(origins), ORIGINS_AT_ONCE))
    return found


def _limits(limits_s: Sequence[float], costs: Costs) -> NDArray[np.int64]:
    if not limits_s or list(limits_s) != sorted(set(limits_s)):
        raise GisError("limits are one or more numbers of seconds, the shortest first")
    return np.array([costs.bound(limit).limit for limit in limits_s], np.int64)


def _fade(scale_s: float | None, grouped: Grouped, costs: Costs) -> Fade:
    if scale_s is None:
        return Fade(0.0, np.empty(0), np.empty(0))
    per_step = 1.0 / (scale_s * costs.per_unit)
    legs = grouped.legs
    return Fade(per_step, np.exp(-legs.from_start * per_step), np.exp(-legs.from_end * per_step))


@njit(cache=True, nogil=True)
def band_rows(  # type: ignore[no-untyped-def]
    roads, cost, origins, points, legs, stops, weight, whole, fade, limits, bound, base, work, done, out
):
    """Fill `out` for origins in the order of their segments; `done` and the value returned are as in `gis.travel`."""
    n_stops, segment = stops.start.size, origins.segment
    seen = Seen(
        np.full(n_stops, -1, np.int32),
        np.empty(n_stops, np.int32),
        np.empty((n_stops, 4), np.int32),
        np.empty((n_stops if fade.per_step > 0.0 else 0, 4)),
    )
    ends, way = np.empty(2, np.int32), np.empty(2, np.int64)
    one, nothing, nowhere = np.empty(1, np.int32), np.zeros(1, np.int64), np.full(4, FAR)
    i = done
    while i < segment.size:
        first, s = i, segment[i]
        while i < segment.size and segment[i] == s:
            i += 1
        if s < 0:
            continue
        own = base - first * ONE_SEARCH
        n_seen = 0
        if i - first == 1:
            n = search_from(roads, cost, origins, first, bound, own, work)
            if n < 0:
                return first
            n_seen = _take_up(roads, stops, fade, own, work, n, 0, first, n_seen, seen)
        else:
            for side in range(2):
                one[0] = roads.end[s] if side == 0 else roads.start[s]
                its = own - side * ONE_SEARCH
                n = search_nodes(roads, cost, one, nothing, bound, its, work)
                if n < 0:
                    return first
                n_seen = _take_up(roads, stops, fade, its, work, n, 2 * side, first, n_seen, seen)
        here = stops.at_arc[roads.forward_arc[s]] >> 1
        here_row = _row_of(here, n_seen, seen)
        for o in range(first, i):
            way[0] = way[1] = 0
            if i - first > 1:
                seed(roads, cost, origins, o, ends, way)
            _add_seen(stops, legs, weight, whole, fade, limits, way, here, n_seen, seen, out[o])
            if here >= 0:
                at = seen.cost[here_row] if here_row >= 0 else nowhere
                _add_here(
                    roads, cost, origins, o, points, stops, legs, weight, fade, limits, way, here, at, out[o]
                )  # fmt: skip
            for band in range(1, limits.size):
                out[o, band] += out[o, band - 1]
    return segment.size


@njit(cache=True, nogil=True)
def _take_up(roads, stops, fade, base, work, n, column, group, n_seen, seen):  # type: ignore[no-untyped-def]
    """Note the stops that a search came to, in two columns of `seen`; returns how many there are by now."""
    label, reached, arc_start, at_arc = work.label, work.reached, roads.arc_start, stops.at_arc
    start, end, mark, stop, newer = stops.start, stops.end, seen.mark, seen.stop, base + ONE_SEARCH
    known = n_seen
    # Looking at every stop in order is cheaper than looking for them at the nodes, once most were reached.
    if 3 * n > start.size:
        for k in range(start.size):
            if mark[k] != group and (label[start[k]] < newer or label[end[k]] < newer):
                mark[k], stop[n_seen] = group, k
                n_seen += 1
    else:
        for j in range(n):
            u = reached[j]
            for a in range(arc_start[u], arc_start[u + 1]):
                k = at_arc[a] >> 1
                if k >= 0 and mark[k] != group:
                    mark[k], stop[n_seen] = group, k
                    n_seen += 1
    _note_costs(stops, fade, base, label, column, known, n_seen, seen)
    return n_seen


@njit(cache=True, nogil=True)
def _note_costs(stops, fade, base, label, column, known, n_seen, seen):  # type: ignore[no-untyped-def]
    """Write what the nodes of the stops cost into two columns of `seen`; rows from `known` on are new."""
    start, end, stop, cost, share = stops.start, stops.end, seen.stop, seen.cost, seen.share
    newer, per_step = base + ONE_SEARCH, fade.per_step
    for row in range(n_seen):
        k = stop[row]
        at_start, at_end = label[start[k]], label[end[k]]
        if row >= known:
            cost[row, 0] = cost[row, 1] = cost[row, 2] = cost[row, 3] = FAR
        if at_start < newer:
            cost[row, column] = at_start - base
        if at_end < newer:
            cost[row, column + 1] = at_end - base
        if per_step > 0.0:
            for c in range(0 if row >= known else column, 4 if row >= known else column + 2):
                share[row, c] = np.exp(-cost[row, c] * per_step) if cost[row, c] < FAR else 0.0


@njit(cache=True, nogil=True)
def _add_seen(stops, legs, weight, whole, fade, limits, way, here, n_seen, seen, out):  # type: ignore[no-untyped-def]
    """Add what stands on the segments seen, but for the origin's own, to the band it is first within."""
    first, furthest_start, furthest_end = stops.first, stops.furthest_from_start, stops.furthest_from_end
    from_start, from_end, fade_start, fade_end = (
        legs.from_start,
        legs.from_end,
        fade.from_start,
        fade.from_end,
    )
    stop, cost, share = seen.stop, seen.cost, seen.share
    n_bands, last, per_step = limits.size, limits[-1], fade.per_step
    left, right = way[0], way[1]
    left_share, right_share = np.exp(-left * per_step), np.exp(-right * per_step)
    faded = 0.0
    for row in range(n_seen):
        at_start = min(left + cost[row, 0], right + cost[row, 2])
        at_end = min(left + cost[row, 1], right + cost[row, 3])
        nearest = min(at_start, at_end)
        k = stop[row]
        if nearest > last or k == here:
            continue
        longest = min(at_start + furthest_start[k], at_end + furthest_end[k])
        band = 0
        while nearest > limits[band]:
            band += 1
        is_whole = longest <= limits[band]
        if is_whole:
            out[band] += whole[k]
            if per_step == 0.0:
                continue
        start_share = max(left_share * share[row, 0], right_share * share[row, 2])
        end_share = max(left_share * share[row, 1], right_share * share[row, 3])
        for p in range(first[k], first[k + 1]):
            if not is_whole:
                best = min(at_start + from_start[p], at_end + from_end[p])
                if best > last:
                    continue
                b = band
                while best > limits[b]:
                    b += 1
                out[b] += weight[p]
            if per_step > 0.0:
                faded += weight[p] * max(start_share * fade_start[p], end_share * fade_end[p])
    if per_step > 0.0:
        out[n_bands] += faded


@njit(cache=True, nogil=True)
def _row_of(k, n_seen, seen):  # type: ignore[no-untyped-def]
    """The row of a stop among those seen, -1 where it is not."""
    stop = seen.stop
    for row in range(n_seen):
        if stop[row] == k:
            return row
    return -1


@njit(cache=True, nogil=True)
def _add_here(  # type: ignore[no-untyped-def]
    roads, cost, origins, o, points, stops, legs, weight, fade, limits, way, here, at, out
):
    """Add what stands on the origin's own segment, where there is also a way that touches no node.

    `at` is the row of `Seen.cost` of that segment.
    """
    at_start = min(way[0] + at[0], way[1] + at[2])
    at_end = min(way[0] + at[1], way[1] + at[3])
    for p in range(stops.first[here], stops.first[here + 1]):
        along = cost_along(roads, cost, points.segment[p], origins.fraction[o], points.fraction[p])
        best = min(at_start + legs.from_start[p], at_end + legs.from_end[p])
        best = min(best, origins.access[o] + along + points.access[p])
        if best > limits[-1]:
            continue
        band = 0
        while best > limits[band]:
            band += 1
        out[band] += weight[p]
        if fade.per_step > 0.0:
            out[limits.size] += weight[p] * np.exp(-best * fade.per_step)
