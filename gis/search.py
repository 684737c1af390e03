"""The bounded shortest-path search: one numba kernel, everything else calls it.

Costs are whole numbers: 1/65,536 of a second, or 1/4,096 of a metre, so that sums are exact, do not depend on the
order of the streets, and are finer than float32. A node's label is one int64: the number of the search in the high
half and the cost in the low half. Searches count down, so a label from an earlier search is always larger, and one
comparison answers both "new in this search?" and "better?": no array is ever cleared.
"""

# numba compiles functions for positional arguments, and kernels take many.
# ruff: noqa: PLR0917

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

CLOSED = np.int32(2**31 - 1)
# More than any limit; what a position costs that cannot be reached.
NEVER = np.int64(2**31)
# The step from the labels of one search to those of the one before it.
ONE_SEARCH = np.int64(2**32)


class Roads(NamedTuple):
    """The arrays of `StreetGraph` that a search reads; their meaning is documented there."""

    arc_start: NDArray[np.int32]
    arc_target: NDArray[np.int32]
    arc_segment: NDArray[np.int32]
    forward_arc: NDArray[np.int32]
    backward_arc: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]


class Spots(NamedTuple):
    """Positions as a kernel takes them: segment (-1 off the network), fraction, and access leg in cost steps."""

    segment: NDArray[np.int32]
    fraction: NDArray[np.float64]
    access: NDArray[np.int64]


class Bound(NamedTuple):
    """How far a search goes, in cost steps, and how far a cost is shifted to the right to give its bucket."""

    limit: int
    shift: int

    @property
    def n_buckets(self) -> int:
        """Buckets a search needs."""
        return (self.limit >> self.shift) + 1


class Work(NamedTuple):
    """What a search writes: labels and reached nodes, and a queue of linked entries in buckets.

    `owner` is the seed each node was reached from; it has no rows where nobody asks.
    """

    label: NDArray[np.int64]
    reached: NDArray[np.int32]
    owner: NDArray[np.int32]
    head: NDArray[np.int32]
    node: NDArray[np.int32]
    following: NDArray[np.int32]
    key: NDArray[np.int64]


@njit(cache=True, nogil=True)
def search_nodes(roads, cost, seed_node, seed_cost, bound, base, work):  # type: ignore[no-untyped-def]  # noqa: PLR0912, PLR0915
    """Reach every node within the limit, from seeds that come two to a position.

    Buckets hold linked entries from one pool. An entry whose key is no longer its node's label is stale. A node
    improved inside the open bucket is simply taken again, so any width of bucket is correct.

    Returns
    -------
    int
        How many nodes were reached, listed in `work.reached`; -1 when the pool was too small: the queue is then dirty.
    """
    arc_start, arc_target = roads.arc_start, roads.arc_target
    label, reached, head, owner = work.label, work.reached, work.head, work.owner
    node, following, key = work.node, work.following, work.key
    shift = bound.shift
    n_reached = n_queued = n_fresh = 0
    free = np.int32(-1)
    older = base + ONE_SEARCH
    limit_key = base + bound.limit
    for i in range(seed_node.size):
        v = seed_node[i]
        new = base + seed_cost[i]
        if new > limit_key or new >= label[v]:
            continue
        if n_fresh == node.size:
            return -1
        if label[v] >= older:
            reached[n_reached] = v
            n_reached += 1
        label[v] = new
        if owner.size > 0:
            owner[v] = i // 2
        b = (new - base) >> shift
        node[n_fresh] = v
        key[n_fresh] = new
        following[n_fresh] = head[b]
        head[b] = n_fresh
        n_fresh += 1
        n_queued += 1
    bucket = 0
    while n_queued > 0:
        e = head[bucket]
        if e < 0:
            bucket += 1
            continue
        head[bucket] = following[e]
        u = node[e]
        ku = key[e]
        following[e] = free
        free = e
        n_queued -= 1
        if label[u] != ku:
            continue
        for a in range(arc_start[u], arc_start[u + 1]):
            new = ku + cost[a]
            if new > limit_key:
                continue
            v = arc_target[a]
            old = label[v]
            if new >= old:
                continue
            if free >= 0:
                e = free
                free = following[e]
            elif n_fresh < node.size:
                e = np.int32(n_fresh)
                n_fresh += 1
            else:
                return -1
            if old >= older:
                reached[n_reached] = v
                n_reached += 1
            label[v] = new
            if owner.size > 0:
                owner[v] = owner[u]
            b = (new - base) >> shift
            node[e] = v
            key[e] = new
            following[e] = head[b]
            head[b] = e
            n_queued += 1
    return n_reached


@njit(cache=True, nogil=True, inline="always")
def seed(roads, cost, spots, i, node, out):  # type: ignore[no-untyped-def]
    """Write the two ends of a position's segment with their costs into the first two rows of `node` and `out`.

    A position at the very end of a segment is its node, whichever way the segment may be travelled.
    """
    segment, fraction, access = spots.segment[i], spots.fraction[i], spots.access[i]
    node[0] = node[1] = 0
    out[0] = out[1] = NEVER
    if segment >= 0:
        to_end, to_start = cost[roads.forward_arc[segment]], cost[roads.backward_arc[segment]]
        node[0], node[1] = roads.end[segment], roads.start[segment]
        if fraction >= 1.0:
            out[0] = access
        elif to_end != CLOSED:
            out[0] = access + np.int64(np.rint(to_end * (1.0 - fraction)))
        if fraction <= 0.0:
            out[1] = access
        elif to_start != CLOSED:
            out[1] = access + np.int64(np.rint(to_start * fraction))


@njit(cache=True, nogil=True)
def search_from(roads, cost, spots, i, bound, base, work):  # type: ignore[no-untyped-def]
    """Search from one position; returns as `search_nodes`."""
    node = np.empty(2, np.int32)
    start = np.empty(2, np.int64)
    seed(roads, cost, spots, i, node, start)
    return search_nodes(roads, cost, node, start, bound, base, work)


@njit(cache=True, nogil=True)
def search_from_all(roads, cost, spots, bound, base, work):  # type: ignore[no-untyped-def]
    """Search from all positions at once, each node from the nearest of them; returns as `search_nodes`."""
    node = np.empty(2 * spots.segment.size, np.int32)
    start = np.empty(2 * spots.segment.size, np.int64)
    for i in range(spots.segment.size):
        seed(roads, cost, spots, i, node[2 * i :], start[2 * i :])
    return search_nodes(roads, cost, node, start, bound, base, work)


@njit(cache=True, nogil=True, inline="always")
def cost_along(roads, cost, segment, from_fraction, to_fraction):  # type: ignore[no-untyped-def]
    """Cost between two positions on one segment without leaving it; `NEVER` if its direction forbids it."""
    along = to_fraction - from_fraction
    if along == 0.0:
        return np.int64(0)
    whole = cost[roads.forward_arc[segment]] if along > 0.0 else cost[roads.backward_arc[segment]]
    if whole == CLOSED:
        return NEVER
    return np.int64(np.rint(whole * abs(along)))
