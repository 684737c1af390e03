"""What runs the search kernels: working memory, limits, and rows shared out over threads."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from gis.costs import MAX_LIMIT_M, MAX_LIMIT_S, STEPS_PER_M, STEPS_PER_S, ArcCosts, metre_costs
from gis.errors import GisError, LimitOutOfRange
from gis.search import Bound, Roads, Spots, Work, search_from_all
from gis.snapping import Positions
from gis.streets import StreetGraph
from gis.travel import Legs, Stops, legs_of, stops_of

Direction = Literal["outward", "towards"]
Unit = Literal["s", "m"]
# Buckets of 16 s or 16 m: wider ones take nodes twice, narrower ones are mostly empty.
BUCKET_SHIFT: dict[Unit, int] = {"s": 20, "m": 16}
# Labels stay so far below the largest int64 that nothing added to one can overflow.
FIRST_SEARCH = 2**30 - 2
UNSEEN = 2**62
POOL = 4096
ROWS_AT_ONCE = 64


class Costs(NamedTuple):
    """What it costs to follow each arc.

    Attributes
    ----------
    arcs
        Cost of each arc in the direction of the search, `CLOSED` where the mode may not go, shape (arcs,).
    per_unit
        Cost steps in one second, or in one metre.
    access_per_m
        Cost steps for a metre between a place and its street.
    unit
        "s" or "m".
    """

    arcs: NDArray[np.int32]
    per_unit: float
    access_per_m: float
    unit: Unit

    def bound(self, limit: float) -> Bound:
        """The limit in cost steps.

        Raises
        ------
        LimitOutOfRange
            If it is negative, not a number or more than fits.
        """
        largest = MAX_LIMIT_S if self.unit == "s" else MAX_LIMIT_M
        if not 0 <= limit <= largest:
            raise LimitOutOfRange(limit=limit, largest=largest, unit=self.unit)
        return Bound(round(limit * self.per_unit), BUCKET_SHIFT[self.unit])

    def spots(self, positions: Positions) -> Spots:
        """Positions with their access legs in cost steps."""
        metres = np.where(positions.is_snapped, positions.distance_m, 0.0)
        # Anything beyond this is out of reach, and more would overflow.
        access = np.rint(np.minimum(metres * self.access_per_m, 2.0**32)).astype(np.int64)
        # Kernels are compiled once, for arrays of one kind.
        segment = np.require(positions.segment, np.int32, ["C", "W"])
        return Spots(segment, np.require(positions.fraction, np.float64, ["C", "W"]), access)


class Search(NamedTuple):
    """A search that has run, whose labels may be read until its scratch goes back."""

    work: Work
    base: int
    n_reached: int
    bound: Bound
    costs: Costs
    spots: Spots


class Grouped(NamedTuple):
    """Positions on the network in the order of their segments.

    Attributes
    ----------
    rows
        Where each stood before, shape (snapped,).
    spots
        The positions themselves.
    legs
        From which nodes they are reached.
    stops
        The segments they are on.
    """

    rows: NDArray[np.int64]
    spots: Spots
    legs: Legs
    stops: Stops


class Scratch:
    """Working memory of one search at a time: 12 bytes a node, and the queue."""

    def __init__(self, n_nodes: int) -> None:
        self._search = FIRST_SEARCH
        self._label = np.full(n_nodes, UNSEEN, np.int64)
        self._reached = np.empty(n_nodes, np.int32)
        self._owner = np.empty(0, np.int32)
        self._empty_queue(1024, POOL)

    def _empty_queue(self, n_buckets: int, n_entries: int) -> None:
        self.work = Work(
            label=self._label,
            reached=self._reached,
            owner=self._owner,
            head=np.full(n_buckets, -1, np.int32),
            node=np.empty(n_entries, np.int32),
            following=np.empty(n_entries, np.int32),
            key=np.empty(n_entries, np.int64),
        )

    def prepare(self, bound: Bound, *, has_owners: bool = False) -> None:
        """Make room for a search that goes so far, and for the seed of each node where it is asked."""
        if bound.n_buckets > len(self.work.head):
            self._empty_queue(bound.n_buckets, len(self.work.node))
        wanted = len(self._label) if has_owners else 0
        if len(self._owner) != wanted:
            self._owner = np.empty(wanted, np.int32)
        self.work = self.work._replace(owner=self._owner)

    def grow_queue(self) -> None:
        """Double the room for entries after a search ran out of it, and empty what it left."""
        self._empty_queue(len(self.work.head), 2 * len(self.work.node))

    def next_searches(self, count: int = 1) -> int:
        """The label base of the first of so many new searches; each next one is `ONE_SEARCH` lower."""
        if self._search < count:
            self._label[:] = UNSEEN
            self._search = FIRST_SEARCH
        first = self._search
        self._search -= count
        return first << 32


class Engine:
    """Runs searches on the arcs of one mode; threads may share it.

    Parameters
    ----------
    graph
        The streets.
    seconds
        What each arc costs in seconds.
    access_s_per_m
        Seconds for a metre between a place and its street.
    """

    def __init__(self, graph: StreetGraph, seconds: ArcCosts, *, access_s_per_m: float) -> None:
        self.roads = Roads(
            arc_start=graph.arc_start,
            arc_target=graph.arc_target,
            arc_segment=graph.arc_segment,
            forward_arc=graph.forward_arc,
            backward_arc=graph.backward_arc,
            start=graph.segment_from,
            end=graph.segment_to,
        )
        self.seconds = seconds
        self._access_s_per_m = access_s_per_m
        self._graph = graph
        self._metres: ArcCosts | None = None
        self._idle: deque[Scratch] = deque()

    @property
    def n_nodes(self) -> int:
        """Nodes of the graph."""
        return len(self._graph.node_mm)

    def costs(self, direction: Direction, unit: Unit = "s") -> Costs:
        """Arc costs for a search in a direction, in seconds or metres.

        Raises
        ------
        GisError
            If the direction is neither outward nor towards.
        """
        if direction not in ("outward", "towards"):
            raise GisError(f'a direction is "outward" or "towards", not {direction!r}')
        if unit == "s":
            arcs, per_unit, access = self.seconds, STEPS_PER_S, STEPS_PER_S * self._access_s_per_m
        else:
            if self._metres is None:
                self._metres = metre_costs(self._graph, self.seconds)
            arcs, per_unit, access = self._metres, STEPS_PER_M, STEPS_PER_M
        return Costs(arcs.away if direction == "outward" else arcs.towards, per_unit, access, unit)

    @contextmanager
    def scratch(self) -> Iterator[Scratch]:
        """Working memory nobody else has for the duration of the block."""
        try:
            scratch = self._idle.pop()
        except IndexError:
            scratch = Scratch(self.n_nodes)
        yield scratch
        # Not in a finally: after an error halfway the queue is in no known state.
        self._idle.append(scratch)

    @contextmanager
    def searched(self, positions: Positions, limit: float, costs: Costs) -> Iterator[Search]:
        """Run one search from all positions together and lend its labels for the duration of the block."""
        bound, spots = costs.bound(limit), costs.spots(positions)
        with self.scratch() as scratch:
            scratch.prepare(bound)
            n = -1
            while n < 0:
                base = scratch.next_searches()
                n = search_from_all(self.roads, costs.arcs, spots, bound, base, scratch.work)
                if n < 0:
                    scratch.grow_queue()
            yield Search(scratch.work, base, n, bound, costs, spots)

    def fill(
        self, kernel: Callable[..., int], args: tuple[Any, ...], bound: Bound, out: NDArray[Any]
    ) -> None:
        """Run a kernel of `gis.travel` over the rows of `out`, with more room for the queue where it runs out."""
        with self.scratch() as scratch:
            scratch.prepare(bound)
            done = 0
            while True:
                base = scratch.next_searches(len(out) + 1)
                done = kernel(self.roads, *args, bound, base, scratch.work, done, out)
                if done == len(out):
                    return
                scratch.grow_queue()

    def group(self, positions: Positions, costs: Costs) -> Grouped:
        """Order positions by segment, those off the network left out."""
        rows = np.argsort(positions.segment, kind="stable")
        rows = rows[positions.segment[rows] >= 0]
        spots = costs.spots(positions[rows])
        legs = Legs(*legs_of(self.roads, costs.arcs, spots))
        return Grouped(rows, spots, legs, Stops(*stops_of(self.roads, spots, legs)))


def in_parts(work: Callable[[slice], Any], n: int, size: int) -> list[Any]:
    """Give every thread some rows at a time; kernels release the interpreter lock.

    Threads of our own instead of numba's `prange`: they may be used from several threads of a server at once and
    after a fork, and the kernels need not be compiled twice.
    """
    parts = [slice(first, min(first + size, n)) for first in range(0, n, size)]
    if len(parts) < 2:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(numba.get_num_threads()) as threads:
        return list(threads.map(work, parts))
