"""The bounded shortest-path search: one numba kernel, everything else calls it.

Costs are whole numbers: 1/65,536 of a second, or 1/4,096 of a metre, so that sums are exact, do not depend on the
order of the streets, and are finer than float32. A node's label is one int64: the number of the search in the high
half and the cost in the low half. Searches count down, so a label from an earlier search is always larger, and one
comparison answers both "new in this search?" and "better?": no array is ever cleared.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

CLOSED = np.int32(2**31 - 1)
FIRST_SEARCH = 2**31 - 2
POOL = 4096


class Costs(NamedTuple):
    """What it costs to follow each arc.

    Attributes
    ----------
    arcs
        Cost of each arc in the direction of the search, `CLOSED` where the mode may not go, shape (arcs,).
    per_unit
        Whole-number steps in one second, or in one metre.
    access_per_m
        Steps for a metre between a place and its street.
    limit
        The largest limit, in seconds or metres.
    unit
        "s" or "m".
    """

    arcs: NDArray[np.int32]
    per_unit: float
    access_per_m: float
    limit: float
    unit: str


class Roads(NamedTuple):
    """The arrays of `StreetGraph` that a search reads; their meaning is documented there."""

    arc_start: NDArray[np.int32]
    arc_target: NDArray[np.int32]
    arc_segment: NDArray[np.int32]
    forward_arc: NDArray[np.int32]
    backward_arc: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]


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


class Scratch:
    """Working memory of one search at a time: 12 bytes a node, and the queue."""

    def __init__(self, n_nodes: int) -> None:
        self._search = FIRST_SEARCH
        self._label = np.full(n_nodes, np.iinfo(np.int64).max, np.int64)
        self._reached = np.empty(n_nodes, np.int32)
        self._owner = np.empty(0, np.int32)
        self._n_buckets = 0
        self.empty_queue(1024, POOL)

    def empty_queue(self, n_buckets: int, n_entries: int) -> None:
        """Start with a queue of so many buckets and entries that holds nothing."""
        self._n_buckets = n_buckets
        self.work = Work(
            label=self._label,
            reached=self._reached,
            owner=self._owner,
            head=np.full(n_buckets, -1, np.int32),
            node=np.empty(n_entries, np.int32),
            following=np.empty(n_entries, np.int32),
            key=np.empty(n_entries, np.int64),
        )

    def own(self, is_asked: bool) -> None:
        """Keep the seed of each node, or not."""
        wanted = len(self._label) if is_asked else 0
        if len(self._owner) != wanted:
            self._owner = np.empty(wanted, np.int32)
        self.work = self.work._replace(owner=self._owner)

    def need_buckets(self, n_buckets: int) -> None:
        """See to it that there are so many buckets."""
        if n_buckets > self._n_buckets:
            self.empty_queue(n_buckets, len(self.work.node))

    def grow_queue(self) -> None:
        """Double the room for entries after a search ran out of it."""
        self.empty_queue(self._n_buckets, 2 * len(self.work.node))

    def next_searches(self, count: int) -> int:
        """The label base of the first of so many new searches; each next one is 2**32 lower."""
        if self._search < count:
            self._label[:] = np.iinfo(np.int64).max
            self._search = FIRST_SEARCH
        first = self._search
        self._search -= count
        return first << 32


class ScratchPool:
    """Scratches that wait for the next search, so that threads never share one."""

    def __init__(self, n_nodes: int) -> None:
        self._n_nodes = n_nodes
        self._waiting: deque[Scratch] = deque()

    @contextmanager
    def borrow(self) -> Iterator[Scratch]:
        """One scratch for the duration of the block."""
        try:
            scratch = self._waiting.pop()
        except IndexError:
            scratch = Scratch(self._n_nodes)
        yield scratch
        # Not in a finally: after an error halfway the queue is in no known state.
        self._waiting.append(scratch)


@njit(cache=True, nogil=True)
def search_nodes(roads, cost, seed_node, seed_cost, limit, shift, base, work):  # type: ignore[no-untyped-def]
    """Reach every node within the limit.

    Buckets of 2**shift cost steps hold linked entries from one pool. An entry whose key is no longer its node's
    label is stale. A node improved inside the open bucket is simply taken again, so any bucket width is correct.

    Returns
    -------
    int
        How many nodes were reached, listed in `work.reached`; -1 when the pool was too small: the queue is then dirty.
    """
    arc_start, arc_target = roads.arc_start, roads.arc_target
    label, reached, head, owner = work.label, work.reached, work.head, work.owner
    node, following, key = work.node, work.following, work.key
    n_reached = 0
    n_queued = 0
    n_fresh = 0
    free = np.int32(-1)
    older = base + (np.int64(1) << 32)
    limit_key = base + limit
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
            owner[v] = i
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
def seed(roads, cost, segment, fraction, access, node, out):  # type: ignore[no-untyped-def]
    """Write the two ends of a position's segment with their costs into the first two rows of `node` and `out`.

    A position at the very end of a segment is its node, whichever way the segment may be travelled.
    """
    to_end, to_start = cost[roads.forward_arc[segment]], cost[roads.backward_arc[segment]]
    node[0], node[1] = roads.end[segment], roads.start[segment]
    out[0] = out[1] = np.int64(1) << 31
    if fraction >= 1.0:
        out[0] = access
    elif to_end != CLOSED:
        out[0] = access + np.int64(np.rint(to_end * (1.0 - fraction)))
    if fraction <= 0.0:
        out[1] = access
    elif to_start != CLOSED:
        out[1] = access + np.int64(np.rint(to_start * fraction))


@njit(cache=True, nogil=True, inline="always")
def cost_via_nodes(roads, cost, label, base, segment, fraction):  # type: ignore[no-untyped-def]
    """Cost to a position on a segment through either of its nodes, access leg left out; 2**31 or more if none."""
    best = np.int64(1) << 31
    newer = base + (np.int64(1) << 32)
    lu = label[roads.start[segment]]
    if lu < newer:
        forward = cost[roads.forward_arc[segment]]
        if fraction <= 0.0:
            best = lu - base
        elif forward != CLOSED:
            best = lu - base + np.int64(np.rint(forward * fraction))
    lv = label[roads.end[segment]]
    if lv < newer:
        backward = cost[roads.backward_arc[segment]]
        if fraction >= 1.0:
            best = min(best, lv - base)
        elif backward != CLOSED:
            best = min(best, lv - base + np.int64(np.rint(backward * (1.0 - fraction))))
    return best


@njit(cache=True, nogil=True, inline="always")
def cost_along(roads, cost, segment, from_fraction, to_fraction):  # type: ignore[no-untyped-def]
    """Cost between two positions on one segment without leaving it; 2**31 or more if its direction forbids it."""
    along = to_fraction - from_fraction
    if along == 0.0:
        return np.int64(0)
    whole = cost[roads.forward_arc[segment]] if along > 0.0 else cost[roads.backward_arc[segment]]
    if whole == CLOSED:
        return np.int64(1) << 31
    return np.int64(np.rint(whole * abs(along)))
