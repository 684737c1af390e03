"""The street network of one mode: edges in, times and reached nodes out."""

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

import geopandas as gpd
import numba
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from gis.costs import (
    MAX_LIMIT_M,
    MAX_LIMIT_S,
    STEPS_PER_M,
    STEPS_PER_S,
    SegmentCosts,
    arc_costs,
    list_components,
    may_snap,
    seconds_of_segments,
    segment_costs,
)
from gis.errors import EmptyNetwork, LimitOutOfRange, PointOffNetwork, UnknownSegment
from gis.search import CLOSED, Costs, Roads, ScratchPool, Work
from gis.snapping import Positions, points_along, snap_points
from gis.speeds import DEFAULT_SPEEDS, Mode, Speeds
from gis.streets import MM, StreetGraph
from gis.travel import cost_rows, nearest_rows, search_from, sum_rows

Direction = Literal["outward", "towards"]
Decay = Literal["flat", "exponential"]
MAX_SNAP_M = 250.0
# A destination at no distance is stored as this, so that a sparse table keeps it apart from "out of reach".
SMALLEST = 1e-6
ROWS_AT_ONCE = 64
CELLS_AT_ONCE = 4_000_000


class Reach(NamedTuple):
    """The nodes reached from one position, and their costs.

    Attributes
    ----------
    node
        Node numbers in ascending order, shape (reached,).
    cost
        Seconds (metres for a limit in metres) to each, the access leg included, shape (reached,).
    """

    node: NDArray[np.int32]
    cost: NDArray[np.float64]


class Search(NamedTuple):
    """A search that has run and whose labels may be read until its scratch goes back."""

    work: Work
    base: int
    n_reached: int
    limit: int
    costs: Costs


class StreetNetwork:
    """Streets as one mode may use them, and what can be reached on them.

    Make one with `from_streets` or `from_arrays`; it never changes afterwards and threads may share it.

    Attributes
    ----------
    graph
        The streets without a mode, shared by the networks of all modes.
    mode
        "walk", "bicycle" or "car".
    speeds
        The speeds the costs were made of.
    """

    def __init__(
        self, graph: StreetGraph, *, mode: Mode, speeds: Speeds, costs: SegmentCosts, snaps: NDArray[np.bool_]
    ) -> None:
        self.graph = graph
        self.mode: Mode = mode
        self.speeds = speeds
        self._costs = costs
        self.snaps = snaps
        self._away, self._towards = arc_costs(graph, costs)
        self._metres: tuple[NDArray[np.int32], NDArray[np.int32]] | None = None
        self.roads = Roads(
            arc_start=graph.arc_start,
            arc_target=graph.arc_target,
            arc_segment=graph.arc_segment,
            forward_arc=graph.forward_arc,
            backward_arc=graph.backward_arc,
            start=graph.segment_from,
            end=graph.segment_to,
        )
        self._pool = ScratchPool(len(graph.node_mm))
        self.tiles: dict[tuple[int, int], Any] = {}

    @classmethod
    def from_streets(
        cls, streets: gpd.GeoDataFrame, *, mode: Mode, speeds: Speeds = DEFAULT_SPEEDS
    ) -> "StreetNetwork":
        """Build the network of one mode; `in_mode` then gives the others without reading the streets again.

        Parameters
        ----------
        streets
            Index: segment id (whole numbers). Geometry: LineString in a metric CRS, joined to others at its
            endpoints only. Columns `street_class`, `is_<mode>_forward` and `is_<mode>_backward` for walk, bicycle and
            car ("forward" is along the geometry), `car_speed_kmh` (NaN where unknown).
        mode
            "walk", "bicycle" or "car".
        speeds
            Speed of each mode on each street class.

        Raises
        ------
        FrameError
            With every fault of the frame.
        EmptyNetwork
            If no segment is open to the mode.
        """
        return cls._of_graph(StreetGraph.from_streets(streets), mode, speeds)

    @classmethod
    def _of_graph(cls, graph: StreetGraph, mode: Mode, speeds: Speeds) -> "StreetNetwork":
        seconds = seconds_of_segments(graph, mode, speeds)
        costs = segment_costs(graph, mode, seconds, per_unit=STEPS_PER_S)
        if (costs.forward == CLOSED).all() and (costs.backward == CLOSED).all():
            raise EmptyNetwork(mode)
        return cls(graph, mode=mode, speeds=speeds, costs=costs, snaps=may_snap(graph, mode, costs))

    def in_mode(self, mode: Mode, *, speeds: Speeds | None = None) -> "StreetNetwork":
        """The same streets for another mode or with other speeds."""
        return self._of_graph(self.graph, mode, speeds or self.speeds)

    def scenario(self, *, closed: Collection[int] = (), opened: Collection[int] = ()) -> "StreetNetwork":
        """The network with some segments closed to the mode and others opened to it in both directions.

        Parameters
        ----------
        closed, opened
            Segment ids. A segment in both is closed.

        Raises
        ------
        UnknownSegment
            If the network has no segment of that id.
        """
        forward, backward, snaps = self._costs.forward.copy(), self._costs.backward.copy(), self.snaps.copy()
        seconds = seconds_of_segments(self.graph, self.mode, self.speeds)
        everything = dataclasses.replace(self.graph, access=np.full_like(self.graph.access, 255))
        steps = segment_costs(everything, self.mode, seconds, per_unit=STEPS_PER_S).forward
        now_open, now_closed = self.segments_of(opened), self.segments_of(closed)
        forward[now_open] = backward[now_open] = steps[now_open]
        snaps[now_open] = True
        forward[now_closed] = backward[now_closed] = CLOSED
        snaps[now_closed] = False
        return StreetNetwork(
            self.graph, mode=self.mode, speeds=self.speeds, costs=SegmentCosts(forward, backward), snaps=snaps
        )

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Everything as plain arrays, for the caller to store.

        The streets have the same names for all modes, so that the dictionaries of several modes can be merged.
        """
        own = {"forward": self._costs.forward, "backward": self._costs.backward, "may_snap": self.snaps}
        own["speeds"] = self.speeds.to_array()
        return self.graph.to_arrays() | {f"{self.mode}/{name}": array for name, array in own.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], *, mode: Mode) -> "StreetNetwork":
        """Take up what `to_arrays` gave; arrays may be memory-mapped and are never written to."""
        costs = SegmentCosts(np.asarray(arrays[f"{mode}/forward"]), np.asarray(arrays[f"{mode}/backward"]))
        return cls(
            StreetGraph.from_arrays(arrays),
            mode=mode,
            speeds=Speeds.from_array(np.asarray(arrays[f"{mode}/speeds"])),
            costs=costs,
            snaps=np.asarray(arrays[f"{mode}/may_snap"]),
        )

    def components(self) -> pd.DataFrame:
        """List the separate parts of the network, the longest first.

        Returns
        -------
        DataFrame
            `segments`, `length_m`, `snappable_segments` (places are only put on these), `segment_id` and
            `x_m`, `y_m` (one of its segments and where that starts), `nodes` and `is_island` (no place is ever put on it).
        """
        return list_components(self.graph, self._costs, self.snaps)

    def segments_of(self, segment_ids: Collection[int]) -> NDArray[np.int64]:
        """Positions in the arrays of segments given by id.

        Raises
        ------
        UnknownSegment
            Naming those that are not there.
        """
        wanted = np.asarray(list(segment_ids), np.int64)
        found = pd.Index(self.graph.segment_id).get_indexer(wanted)
        if (found < 0).any():
            raise UnknownSegment(wanted[found < 0].tolist())
        return found.astype(np.int64)

    # Positions

    def snap(self, xy: ArrayLike, *, max_distance_m: float = MAX_SNAP_M) -> Positions:
        """Put places on the nearest point of a segment the mode may use.

        Never on a part of the network that cannot be left (see `components`), a motorway or a ferry.

        Parameters
        ----------
        xy
            Coordinates in the network's CRS, metres, shape (n, 2).
        max_distance_m
            Places further from every such segment stay off the network.
        """
        points = np.asarray(xy, np.float64).reshape(-1, 2)
        graph = self.graph
        mm = np.ascontiguousarray((points - graph.corner_m) * MM)
        segment, fraction, distance_mm = snap_points(
            graph.vertex_start,
            graph.vertex_mm,
            graph.cell_start,
            graph.cell_segment,
            graph.cell_grid,
            self.snaps,
            mm,
            float(max_distance_m) * MM,
        )
        return Positions(segment, fraction, distance_mm / MM)

    def snap_one(self, xy: ArrayLike, *, max_distance_m: float = MAX_SNAP_M) -> Positions:
        """Put one place on the network.

        Raises
        ------
        PointOffNetwork
            If no usable segment is near enough.
        """
        position = self.snap(xy, max_distance_m=max_distance_m)
        if len(position) != 1:
            raise ValueError(f"one point is needed, not {len(position)}")
        if position.segment[0] < 0:
            raise PointOffNetwork(mode=self.mode, max_distance_m=max_distance_m)
        return position

    def locate(self, positions: Positions) -> NDArray[np.float64]:
        """Coordinates of positions on their segments, metres, NaN off the network, shape (n, 2)."""
        graph = self.graph
        mm = points_along(graph.vertex_start, graph.vertex_mm, positions.segment, positions.fraction)
        return np.asarray(mm / MM + graph.corner_m)

    # Searches

    def reach(self, position: Positions, *, limit_s: float, direction: Direction = "outward") -> Reach:
        """Reach every node within the limit of one position.

        Parameters
        ----------
        position
            One position that is on the network.
        limit_s
            Largest cost in seconds.
        direction
            "outward" travels from the position, "towards" travels to it.

        Raises
        ------
        PointOffNetwork
            If the position is off the network.
        LimitOutOfRange
            If the limit is negative or above 32,000 s.
        """
        with self.searched(position, limit=limit_s, direction=direction) as search:
            node = np.sort(search.work.reached[: search.n_reached])
            cost = (search.work.label[node] - search.base) / search.costs.per_unit
        return Reach(node, cost)

    @contextmanager
    def searched(
        self, position: Positions, *, limit: float, direction: Direction = "outward", unit: str = "s"
    ) -> Iterator[Search]:
        """Run a search from one position and lend its labels for the duration of the block."""
        if len(position) != 1 or position.segment[0] < 0:
            raise PointOffNetwork(mode=self.mode, max_distance_m=MAX_SNAP_M)
        costs = self.costs(direction, unit)
        steps, shift = self._limit(limit, costs)
        access = int(self._access(position, costs)[0])
        with self._pool.borrow() as scratch:
            scratch.own(False)
            scratch.need_buckets((steps >> shift) + 1)
            n = -1
            while n < 0:
                base = scratch.next_searches(1)
                where = int(position.segment[0]), float(position.fraction[0]), access
                n = search_from(self.roads, costs.arcs, *where, steps, shift, base, scratch.work)
                if n < 0:
                    scratch.grow_queue()
            yield Search(scratch.work, base, n, steps, costs)

    def times(
        self, origins: Positions, destinations: Positions, *, limit_s: float, direction: Direction = "outward"
    ) -> csr_array:
        """Travel times between positions, exact along their segments and with both access legs.

        Parameters
        ----------
        origins, destinations
            Positions; those off the network have no entries.
        limit_s
            Pairs further apart are left out.
        direction
            "outward" travels from origins to destinations, "towards" from destinations to origins.

        Returns
        -------
        csr_array
            Seconds as float32, shape (origins, destinations). A time of zero is stored as 1e-6 s, so that only what is
            out of reach is missing.
        """
        return self._table(origins, destinations, limit_s, self.costs(direction, "s"))

    def distances(
        self, origins: Positions, destinations: Positions, *, limit_m: float, direction: Direction = "outward"
    ) -> csr_array:
        """Shortest distances in metres; otherwise as `times`."""
        return self._table(origins, destinations, limit_m, self.costs(direction, "m"))

    def _table(self, origins: Positions, destinations: Positions, limit: float, costs: Costs) -> csr_array:
        steps, shift = self._limit(limit, costs)
        shape = (len(origins), len(destinations))
        access = self._access(destinations, costs)
        size = int(np.clip(CELLS_AT_ONCE // max(1, len(destinations)), 1, ROWS_AT_ONCE))

        def rows(part: slice) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
            some = origins[part]
            out = np.empty((len(some), len(destinations)), np.int32)
            self._run(
                cost_rows,
                (self.roads, costs.arcs, some.segment, some.fraction, self._access(some, costs)),
                (destinations.segment, destinations.fraction, access, steps, shift),
                out,
            )
            is_in = out >= 0
            found = np.maximum(out[is_in] / costs.per_unit, SMALLEST).astype(np.float32)
            return is_in.sum(axis=1), np.nonzero(is_in)[1].astype(np.int32), found

        parts = self._in_parts(rows, len(origins), size)
        counts = np.concatenate([[0], *(part[0] for part in parts)])
        columns = np.concatenate([np.empty(0, np.int32), *(part[1] for part in parts)])
        values = np.concatenate([np.empty(0, np.float32), *(part[2] for part in parts)])
        return csr_array((values, columns, np.cumsum(counts)), shape=shape)

    def sums(
        self,
        origins: Positions,
        points: Positions,
        weights: ArrayLike,
        *,
        limit_s: float,
        decay: Decay = "flat",
        scale_s: float | None = None,
        direction: Direction = "outward",
    ) -> NDArray[np.float64]:
        """Sum the weights of the points that each origin reaches.

        Parameters
        ----------
        origins, points
            Positions; those off the network reach nothing and are not reached.
        weights
            One weight per point, or one row of weights, shape (points,) or (points, layers).
        limit_s
            Points further away do not count.
        decay
            "flat" counts whole weights, "exponential" weight * exp(-time / scale_s).
        scale_s
            The scale of the exponential decay in seconds.

        Returns
        -------
        array
            Shape (origins,) or (origins, layers).
        """
        if (decay == "exponential") != (scale_s is not None) or (scale_s is not None and not scale_s > 0):
            raise ValueError("an exponential decay needs scale_s above 0, a flat one takes none")
        costs = self.costs(direction, "s")
        steps, shift = self._limit(limit_s, costs)
        weight = np.asarray(weights, np.float64)
        if len(weight) != len(points):
            raise ValueError(f"{len(weight)} weights for {len(points)} points")
        layers = weight.reshape(len(points), -1)
        rows, first_at = self._by_segment(points)
        per_scale = 0.0 if scale_s is None else 1.0 / (scale_s * costs.per_unit)
        grouped = points[rows]
        fixed = (
            first_at,
            grouped.fraction,
            self._access(grouped, costs),
            layers[rows],
            steps,
            shift,
            per_scale,
        )

        def part_sums(part: slice) -> NDArray[np.float64]:
            some = origins[part]
            out = np.zeros((len(some), layers.shape[1]))
            own = (self.roads, costs.arcs, some.segment, some.fraction, self._access(some, costs))
            self._run(sum_rows, own, fixed, out)
            return out

        found = np.concatenate(
            [np.empty((0, layers.shape[1])), *self._in_parts(part_sums, len(origins), ROWS_AT_ONCE)]
        )
        return found[:, 0] if weight.ndim == 1 else found

    def nearest(
        self, origins: Positions, facilities: Positions, *, limit_s: float, direction: Direction = "outward"
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Find the nearest facility of each origin by a single search from all facilities.

        Parameters
        ----------
        origins, facilities
            Positions.
        limit_s
            Facilities further away are not found.
        direction
            "outward" travels from the origin to the facility, "towards" from the facility to the origin.

        Returns
        -------
        tuple of arrays
            Seconds (inf where there is none) and the row of the facility (-1), each of shape (origins,).
        """
        costs = self.costs("towards" if direction == "outward" else "outward", "s")
        steps, shift = self._limit(limit_s, costs)
        rows, first_at = self._by_segment(facilities)
        known = facilities[rows]
        at = np.arange(len(known), dtype=np.int32)
        cost = np.empty(len(origins), np.int32)
        which = np.empty(len(origins), np.int32)
        with self._pool.borrow() as scratch:
            scratch.own(True)
            scratch.need_buckets((steps >> shift) + 1)
            while nearest_rows(
                self.roads, costs.arcs, known.segment, known.fraction, self._access(known, costs), first_at, at,
                origins.segment, origins.fraction, self._access(origins, costs), steps, shift,
                scratch.next_searches(1), scratch.work, cost, which,
            ) < 0:  # fmt: skip
                scratch.grow_queue()
        is_found = which >= 0
        seconds = np.where(is_found, cost / costs.per_unit, np.inf)
        facility = np.full(len(origins), -1, np.int64)
        facility[is_found] = rows[which[is_found]]
        return seconds, facility

    # What the searches share

    def costs(self, direction: Direction, unit: str = "s") -> Costs:
        """Arc costs for a search in seconds ("s") or metres ("m")."""
        if direction not in ("outward", "towards"):
            raise ValueError(f"direction is outward or towards, not {direction}")
        is_away = direction == "outward"
        if unit == "s":
            access = STEPS_PER_S * 3.6 / self.speeds.off_street_kmh
            return Costs(self._away if is_away else self._towards, STEPS_PER_S, access, MAX_LIMIT_S, "s")
        if self._metres is None:
            steps = np.minimum(np.rint(self.graph.length_m * STEPS_PER_M), CLOSED).astype(np.int32)
            ways = (np.where(way == CLOSED, CLOSED, steps) for way in self._costs)
            self._metres = arc_costs(self.graph, SegmentCosts(*ways))
        return Costs(self._metres[0 if is_away else 1], STEPS_PER_M, STEPS_PER_M, MAX_LIMIT_M, "m")

    def _limit(self, limit: float, costs: Costs) -> tuple[int, int]:
        """The limit in cost steps, and how far a cost is shifted to give its bucket."""
        if not 0 <= limit <= costs.limit:
            raise LimitOutOfRange(limit=limit, largest=costs.limit, unit=costs.unit)
        return round(limit * costs.per_unit), 18

    @staticmethod
    def _access(positions: Positions, costs: Costs) -> NDArray[np.int64]:
        metres = np.where(positions.is_snapped, positions.distance_m, 0.0)
        return np.rint(np.minimum(metres * costs.access_per_m, 2.0**32)).astype(np.int64)

    def _by_segment(self, positions: Positions) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Rows of the snapped positions ordered by segment, and where each segment's begin."""
        rows = np.argsort(positions.segment, kind="stable")
        rows = rows[positions.segment[rows] >= 0]
        count = np.bincount(positions.segment[rows], minlength=len(self.graph.segment_id))
        return rows, np.concatenate([[0], np.cumsum(count)]).astype(np.int32)

    def _run(self, kernel: Any, own: tuple[Any, ...], fixed: tuple[Any, ...], out: NDArray[Any]) -> None:
        """Run a kernel over its rows, with more room for the queue where it ran out."""
        steps, shift = (value for value in fixed if isinstance(value, int))
        with self._pool.borrow() as scratch:
            scratch.own(False)
            scratch.need_buckets((steps >> shift) + 1)
            done = 0
            while True:
                base = scratch.next_searches(len(out) + 1)
                done = kernel(*own, *fixed, base, scratch.work, done, out)
                if done == len(out):
                    return
                scratch.grow_queue()

    @staticmethod
    def _in_parts(work: Any, n: int, size: int) -> list[Any]:
        """Give every thread some rows at a time; kernels release the interpreter lock."""
        parts = [slice(first, min(first + size, n)) for first in range(0, n, size)]
        if len(parts) < 2:
            return [work(part) for part in parts]
        with ThreadPoolExecutor(numba.get_num_threads()) as threads:
            return list(threads.map(work, parts))
