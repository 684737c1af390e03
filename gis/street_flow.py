"""Trips on streets: how many of the trips from stations, car parks, homes and shops to shops use each street.

One bounded search per street with an origin serves all kinds of trips at once: what is found at the destinations is
brought back along the tree of shortest paths, as Brandes (2001, doi:10.1080/0022250X.2001.9990249) does for betweenness.
Places along a street are taken together as one point on it, at their mean; ways of the same length share alike.
"""

# numba compiles functions for positional arguments, and kernels take many.
# ruff: noqa: PLR0917

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from gis.engine import in_parts
from gis.errors import GisError
from gis.network import StreetNetwork
from gis.search import CLOSED, NEVER, ONE_SEARCH, Spots, search_from
from gis.snapping import Positions

Floats = NDArray[np.float64]
# Origins in one part of the work: enough to outweigh adding up its streets, and the same on every machine, so that sums
# are rounded alike.
ORIGINS_AT_ONCE = 2048
# Two places anywhere on one street are a third of it apart, in the mean.
APART_ON_ONE_STREET = 1.0 / 3.0


@dataclass(frozen=True, eq=False)
class Trips:
    """One kind of trip.

    Attributes
    ----------
    begin
        Trips that begin on each segment, shape (segments,).
    end
        What draws them to each segment, shape (segments,).
    scale_m
        The distance over which a destination loses 63 % of its pull, metres; infinite draws from near and far alike.
    limit_m
        The longest trip, metres.
    is_shared
        True divides each trip over the destinations within the limit (gravity); false sends one to each unit of
        ``end``, as betweenness does.
    """

    begin: Floats
    end: Floats
    scale_m: float
    limit_m: float
    is_shared: bool = True


def on_segments(network: StreetNetwork, at: Positions, amounts: ArrayLike | None = None) -> Floats:
    """Add up what stands on each segment.

    Parameters
    ----------
    network
        The streets.
    at
        Where the places are; those off the network are left out.
    amounts
        One per place, finite; none counts places.

    Returns
    -------
    array
        Shape (segments,).
    """
    values = np.ones(len(at)) if amounts is None else np.asarray(amounts, float)
    known = at.is_snapped
    n = len(network.graph.segment_id)
    return np.bincount(at.segment[known], values[known], n).astype(np.float64)


def points_of_segments(
    network: StreetNetwork, places: Sequence[tuple[Positions, ArrayLike | None]]
) -> Floats:
    """The point on each segment at which its places are taken together: their mean, the middle where there are none.

    Parameters
    ----------
    network
        The streets.
    places
        Positions with their amounts, as for `on_segments`.

    Returns
    -------
    array
        Fractions of the segments, shape (segments,).
    """
    weight = np.zeros(len(network.graph.segment_id))
    along = np.zeros_like(weight)
    for at, amounts in places:
        values = np.ones(len(at)) if amounts is None else np.asarray(amounts, float)
        weight += on_segments(network, at, values)
        along += on_segments(network, at, values * np.where(at.is_snapped, at.fraction, 0.0))
    return np.where(weight > 0, along / np.where(weight > 0, weight, 1.0), 0.5)


def street_flows(
    network: StreetNetwork, trips: Sequence[Trips], *, begins_at: Floats, ends_at: Floats
) -> Floats:
    """Count the trips that use each segment, every trip on its shortest way in metres.

    A trip that begins or ends on a segment counts there for the share of the segment it walks.

    Parameters
    ----------
    network
        The streets.
    trips
        Kinds of trips.
    begins_at, ends_at
        The point on each segment where trips begin and end, as `points_of_segments` gives, shape (segments,).

    Returns
    -------
    array
        Trips per kind, shape (segments, kinds).

    Raises
    ------
    GisError
        When amounts do not fit the segments, are negative or not finite.
    LimitOutOfRange
        When a limit is negative or above 500,000 m.
    """
    n, kinds = len(network.graph.segment_id), len(trips)
    if not kinds:
        return np.zeros((n, 0))
    for kind in trips:
        for amount in (kind.begin, kind.end):
            if amount.shape != (n,) or not np.isfinite(amount).all() or (amount < 0).any():
                raise GisError(f"trips: amounts must be finite, not negative, one of each of {n} segments")
    costs = network.engine.costs("outward", "m")
    bound = costs.bound(max(kind.limit_m for kind in trips))
    # A segment that cannot be walked holds no places.
    is_open = (costs.arcs[network.engine.roads.forward_arc] != CLOSED) | (
        costs.arcs[network.engine.roads.backward_arc] != CLOSED
    )
    begin = np.ascontiguousarray(np.stack([kind.begin * is_open for kind in trips], axis=1))
    end = np.ascontiguousarray(np.stack([kind.end * is_open for kind in trips], axis=1))
    per_scale = np.array([1.0 / (kind.scale_m * costs.per_unit) for kind in trips])
    limits = np.array([round(kind.limit_m * costs.per_unit) for kind in trips], np.int64)
    shared = np.array([kind.is_shared for kind in trips])
    origins = np.flatnonzero((begin > 0).any(axis=1)).astype(np.int32)
    fixed = (begin, end, per_scale, limits, shared, np.ascontiguousarray(ends_at, np.float64))

    def part(rows: slice) -> Floats:
        some = origins[rows]
        spots = Spots(some, np.ascontiguousarray(begins_at[some], np.float64), np.zeros(len(some), np.int64))
        return _flows_of(network, costs.arcs, spots, bound, fixed)

    return np.asarray(sum(in_parts(part, len(origins), ORIGINS_AT_ONCE), np.zeros((n, kinds))))


def _flows_of(network: StreetNetwork, arcs, spots: Spots, bound, fixed) -> Floats:  # type: ignore[no-untyped-def]
    out: Floats = np.zeros_like(fixed[0])
    run: Callable[..., int] = _assign
    with network.engine.scratch() as scratch:
        scratch.prepare(bound)
        done = 0
        while True:
            base = scratch.next_searches(len(spots.segment) + 1)
            done = run(network.engine.roads, arcs, spots, *fixed, bound, base, scratch.work, done, out)
            if done == len(spots.segment):
                return out
            scratch.grow_queue()


@njit(cache=True, nogil=True)
def _assign(  # type: ignore[no-untyped-def]  # noqa: PLR0912, PLR0915
    roads, cost, origins, begin, end, per_scale, limits, shared, ends_at, bound, base, work, done, out
):
    """Add the trips of each origin to `out`; returns the row at which the queue ran out, or how many there are."""
    label, reached = work.label, work.reached
    arc_start, arc_target, arc_segment = roads.arc_start, roads.arc_target, roads.arc_segment
    forward_arc, backward_arc, start, finish = roads.forward_arc, roads.backward_arc, roads.start, roads.end
    n_nodes, kinds = arc_start.size - 1, begin.shape[1]
    paths, load = np.zeros(n_nodes), np.zeros((n_nodes, kinds))
    taken = np.full(out.shape[0], -1, np.int32)
    found, weight = np.empty(out.shape[0], np.int32), np.empty((out.shape[0], kinds))
    for i in range(done, origins.segment.size):
        s0, f0 = origins.segment[i], origins.fraction[i]
        own = base - i * ONE_SEARCH
        newer = own + ONE_SEARCH
        n = search_from(roads, cost, origins, i, bound, own, work)
        if n < 0:
            return i
        labels = np.empty(n, np.int64)
        for j in range(n):
            labels[j] = label[reached[j]]
        order = np.argsort(labels)
        to_end, to_start = cost[forward_arc[s0]], cost[backward_arc[s0]]
        seed_end = NEVER if to_end == CLOSED else np.int64(np.rint(to_end * (1.0 - f0)))
        seed_start = NEVER if to_start == CLOSED else np.int64(np.rint(to_start * f0))
        # How many shortest ways lead to each node.
        for j in range(n):
            v = reached[order[j]]
            ways = 0.0
            if v == finish[s0] and label[v] - own == seed_end:
                ways += 1.0
            if v == start[s0] and label[v] - own == seed_start:
                ways += 1.0
            for a in range(arc_start[v], arc_start[v + 1]):
                u, s = arc_target[a], arc_segment[a]
                back = backward_arc[s] if forward_arc[s] == a else forward_arc[s]
                if label[u] < label[v] and cost[back] != CLOSED and label[u] + cost[back] == label[v]:
                    ways += paths[u]
            paths[v] = ways
        # What is reached on every segment with destinations.
        total = np.zeros(kinds)
        m = 0
        for j in range(n):
            u = reached[j]
            for a in range(arc_start[u], arc_start[u + 1]):
                s = arc_segment[a]
                if taken[s] == i or s == s0:
                    continue
                taken[s] = i
                c = min(_via_start(label, start, cost, forward_arc, s, ends_at[s], own, newer),
                        _via_end(label, finish, cost, backward_arc, s, ends_at[s], own, newer))  # fmt: skip
                if c > bound.limit:
                    continue
                is_used = False
                for k in range(kinds):
                    weight[m, k] = 0.0
                    if end[s, k] > 0.0 and begin[s0, k] > 0.0 and c <= limits[k]:
                        weight[m, k] = end[s, k] * np.exp(-c * per_scale[k])
                        total[k] += weight[m, k]
                        is_used = True
                if is_used:
                    found[m] = s
                    m += 1
        apart = max(abs(ends_at[s0] - f0), APART_ON_ONE_STREET)
        whole = to_end if to_end != CLOSED else to_start
        for k in range(kinds):
            here = 0.0
            if end[s0, k] > 0.0 and apart * whole <= limits[k]:
                here = end[s0, k] * np.exp(-apart * whole * per_scale[k])
                total[k] += here
            if shared[k] and total[k] > 0.0:
                here /= total[k]
            out[s0, k] += begin[s0, k] * here * apart
        for d in range(m):
            s, f = found[d], ends_at[found[d]]
            by_start = _via_start(label, start, cost, forward_arc, s, f, own, newer)
            by_end = _via_end(label, finish, cost, backward_arc, s, f, own, newer)
            part = 1.0 if by_start < by_end else 0.0
            if by_start == by_end and f < 1.0:
                # At the very end of a segment the ways over its other end are among those to the node.
                by_either = paths[start[s]] + paths[finish[s]]
                part = 1.0 if f <= 0.0 else paths[start[s]] / by_either
            for k in range(kinds):
                trips = begin[s0, k] * weight[d, k]
                if shared[k] and total[k] > 0.0:
                    trips /= total[k]
                if trips > 0.0:
                    out[s, k] += trips * (part * f + (1.0 - part) * (1.0 - f))
                    if part > 0.0:
                        load[start[s], k] += trips * part
                    if part < 1.0:
                        load[finish[s], k] += trips * (1.0 - part)
        # Back along the ways, the furthest node first.
        for j in range(n - 1, -1, -1):
            v = reached[order[j]]
            if paths[v] > 0.0:
                if v == finish[s0] and label[v] - own == seed_end:
                    for k in range(kinds):
                        out[s0, k] += load[v, k] / paths[v] * (1.0 - f0)
                if v == start[s0] and label[v] - own == seed_start:
                    for k in range(kinds):
                        out[s0, k] += load[v, k] / paths[v] * f0
                for a in range(arc_start[v], arc_start[v + 1]):
                    u, s = arc_target[a], arc_segment[a]
                    back = backward_arc[s] if forward_arc[s] == a else forward_arc[s]
                    if label[u] < label[v] and cost[back] != CLOSED and label[u] + cost[back] == label[v]:
                        share = paths[u] / paths[v]
                        for k in range(kinds):
                            part_of = load[v, k] * share
                            out[s, k] += part_of
                            load[u, k] += part_of
            for k in range(kinds):
                load[v, k] = 0.0
    return origins.segment.size


@njit(cache=True, nogil=True, inline="always")
def _via_start(label, start, cost, forward_arc, s, f, own, newer):  # type: ignore[no-untyped-def]
    """Cost of the point on a segment by its first node."""
    along = cost[forward_arc[s]]
    if label[start[s]] >= newer or along == CLOSED:
        return NEVER
    return label[start[s]] - own + np.int64(np.rint(along * f))


@njit(cache=True, nogil=True, inline="always")
def _via_end(label, finish, cost, backward_arc, s, f, own, newer):  # type: ignore[no-untyped-def]
    """Cost of the point on a segment by its last node."""
    along = cost[backward_arc[s]]
    if label[finish[s]] >= newer or along == CLOSED:
        return NEVER
    return label[finish[s]] - own + np.int64(np.rint(along * (1.0 - f)))
