"""Costs between many positions, sums of what many reach, and the nearest of several."""

from functools import partial
from typing import Literal

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from gis.engine import ROWS_AT_ONCE, Costs, Direction, Engine, in_parts
from gis.errors import GisError
from gis.snapping import Positions
from gis.travel import Legs, cost_rows, legs_of, nearest_points, node_sum_rows, sum_rows

Decay = Literal["flat", "exponential"]
# A destination at no distance is stored as this, so that a sparse table keeps it apart from "out of reach".
SMALLEST = 1e-6
CELLS_AT_ONCE = 4_000_000


class CostTables:
    """What a network answers about many positions at once.

    Attributes
    ----------
    engine
        What runs the searches.
    """

    engine: Engine

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
            Seconds as float32, shape (origins, destinations). A time of zero is stored as 1e-6 s, so that only what
            is out of reach is missing.

        Raises
        ------
        LimitOutOfRange
            If the limit is negative or above 32,000 s.
        """
        return self._table(origins, destinations, limit_s, self.engine.costs(direction))

    def distances(
        self, origins: Positions, destinations: Positions, *, limit_m: float, direction: Direction = "outward"
    ) -> csr_array:
        """Shortest distances in metres, at most 500,000; otherwise as `times`."""
        return self._table(origins, destinations, limit_m, self.engine.costs(direction, "m"))

    def _table(self, origins: Positions, destinations: Positions, limit: float, costs: Costs) -> csr_array:
        bound, grouped, n = costs.bound(limit), self.engine.group(destinations, costs), len(destinations)
        fixed = (grouped.spots, grouped.legs, grouped.stops, grouped.rows.astype(np.int32))
        order = _along_streets(origins)

        def rows(part: slice) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
            some = origins[order[part]]
            out = np.empty((len(some), n), np.int32)
            self.engine.fill(cost_rows, (costs.arcs, costs.spots(some), *fixed), bound, out)
            counts, columns, values = _compressed(out, costs.per_unit, np.float32(SMALLEST))
            return counts, columns, values

        size = int(np.clip(CELLS_AT_ONCE // max(1, n), 1, ROWS_AT_ONCE))
        parts = in_parts(rows, len(origins), size)
        counts = np.empty(len(origins), np.int64)
        counts[order] = np.concatenate([np.empty(0, np.int64), *(part[0] for part in parts)])
        starts = np.concatenate([[0], np.cumsum(counts)])
        columns, values = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32)
        for i, part in enumerate(parts):
            _put(part, starts[order[i * size : (i + 1) * size]], (columns, values))
        return csr_array((values, columns, starts), shape=(len(origins), n))

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
            Finite; one weight per point, or one row of weights, shape (points,) or (points, layers).
        limit_s
            Points further away do not count.
        decay
            "flat" counts whole weights, "exponential" weight * exp(-time / scale_s).
        scale_s
            The scale of the exponential decay in seconds.
        direction
            "outward" travels from origins to points, "towards" from points to origins.

        Returns
        -------
        array
            Shape (origins,) or (origins, layers).
        """
        costs = self.engine.costs(direction)
        bound, grouped = costs.bound(limit_s), self.engine.group(points, costs)
        layers = _layers(weights, len(points))
        weight = np.ascontiguousarray(layers[grouped.rows])
        whole = np.add.reduceat(weight, grouped.stops.first[:-1]) if len(weight) else weight
        fixed = (grouped.spots, grouped.legs, grouped.stops, weight, whole, _per_scale(decay, scale_s, costs))
        order = _along_streets(origins)

        def rows(part: slice) -> NDArray[np.float64]:
            some = origins[order[part]]
            out = np.zeros((len(some), layers.shape[1]))
            self.engine.fill(sum_rows, (costs.arcs, costs.spots(some), *fixed), bound, out)
            return out

        found = _stacked(in_parts(rows, len(origins), ROWS_AT_ONCE), layers, np.ndim(weights))
        sums = np.empty_like(found)
        sums[order] = found
        return sums

    def node_sums(
        self,
        weights: ArrayLike,
        *,
        limit_s: float,
        nodes: ArrayLike | None = None,
        decay: Decay = "flat",
        scale_s: float | None = None,
        direction: Direction = "outward",
    ) -> NDArray[np.float64]:
        """Sum weights held by nodes over what each node reaches: a surface for the whole network, or `nodes` of it.

        Coarser than `sums`, because what stands along a segment has to be put on one of its ends.
        Other parameters are as for `sums`; `weights` has one row per node of the graph.
        """
        n_nodes = self.engine.n_nodes
        chosen = np.arange(n_nodes, dtype=np.int32) if nodes is None else np.asarray(nodes, np.int32)
        if len(chosen) and not 0 <= chosen.min() <= chosen.max() < n_nodes:
            raise GisError(f"nodes are numbered from 0 to {n_nodes - 1}")
        costs = self.engine.costs(direction)
        bound, layers = costs.bound(limit_s), np.ascontiguousarray(_layers(weights, n_nodes))
        per_scale = _per_scale(decay, scale_s, costs)

        def rows(part: slice) -> NDArray[np.float64]:
            out = np.zeros((len(chosen[part]), layers.shape[1]))
            self.engine.fill(node_sum_rows, (costs.arcs, chosen[part], layers, per_scale), bound, out)
            return out

        return _stacked(in_parts(rows, len(chosen), 16 * ROWS_AT_ONCE), layers, np.ndim(weights))

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
        return self.nearest_along(origins, facilities, limit_s, self.engine.costs(_turned(direction)))

    def nearest_distances(
        self, origins: Positions, facilities: Positions, *, limit_m: float, direction: Direction = "outward"
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Find the facility that is nearest in metres; otherwise as `nearest`."""
        return self.nearest_along(origins, facilities, limit_m, self.engine.costs(_turned(direction), "m"))

    def nearest_along(
        self, origins: Positions, facilities: Positions, limit: float, costs: Costs
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Find the nearest facility by one search from the facilities along the given costs; returns as `nearest`."""
        bound, known = costs.bound(limit), self.engine.group(facilities, costs)
        asked = np.flatnonzero(origins.is_snapped)
        spots = costs.spots(origins if len(asked) == len(origins) else origins[asked])
        cost, which = np.empty(len(asked), np.int32), np.empty(len(asked), np.int32)
        legs = Legs(*legs_of(self.engine.roads, costs.arcs, spots))
        fixed = (costs.arcs, known.spots, known.stops, spots, legs, bound)
        with self.engine.scratch() as scratch:
            scratch.prepare(bound, has_owners=True)
            run = partial(nearest_points, self.engine.roads, *fixed)
            while run(scratch.next_searches(), scratch.work, cost, which) < 0:
                scratch.grow_queue()
        found, facility = np.full(len(origins), np.inf), np.full(len(origins), -1, np.int64)
        is_found = which >= 0
        found[asked[is_found]] = cost[is_found] / costs.per_unit
        facility[asked[is_found]] = known.rows[which[is_found]]
        return found, facility


@njit(cache=True, nogil=True)
def _compressed(table, per_unit, smallest):  # type: ignore[no-untyped-def]
    """What is not negative in each row: how many, in which columns, and their costs in seconds or metres."""
    counts = np.zeros(table.shape[0], np.int64)
    for i in range(table.shape[0]):
        for j in range(table.shape[1]):
            counts[i] += table[i, j] >= 0
    columns, values = np.empty(counts.sum(), np.int32), np.empty(counts.sum(), np.float32)
    n = 0
    for i in range(table.shape[0]):
        for j in range(table.shape[1]):
            if table[i, j] >= 0:
                columns[n] = j
                values[n] = max(np.float32(table[i, j] / per_unit), smallest)
                n += 1
    return counts, columns, values


@njit(cache=True, nogil=True)
def _put(part, starts, table):  # type: ignore[no-untyped-def]
    """Copy the columns and values of some rows, counted in `part` before them, to where each row starts in the table."""
    counts, columns, values = part
    all_columns, all_values = table
    n = 0
    for i in range(counts.size):
        for k in range(counts[i]):
            all_columns[starts[i] + k] = columns[n]
            all_values[starts[i] + k] = values[n]
            n += 1


def _along_streets(origins: Positions) -> NDArray[np.intp]:
    """Rows in the order of their segments.

    Neighbours that are searched one after the other find their streets in the cache: half the time on a large network.
    """
    return np.argsort(origins.segment, kind="stable")


def _turned(direction: Direction) -> Direction:
    """The direction of a search from the facilities for a way that starts at the origins."""
    turned: dict[Direction, Direction] = {"outward": "towards", "towards": "outward"}
    return turned.get(direction, direction)


def _layers(weights: ArrayLike, n: int) -> NDArray[np.float64]:
    weight = np.asarray(weights, np.float64)
    if weight.ndim not in (1, 2) or len(weight) != n:
        raise GisError(f"weights of shape {weight.shape} for {n} points: one row per point is needed")
    if not np.isfinite(weight).all():
        raise GisError("weights must be finite: decide what an unknown amount counts for")
    return weight[:, None] if weight.ndim == 1 else weight


def _per_scale(decay: Decay, scale: float | None, costs: Costs) -> float:
    if decay == "flat" and scale is None:
        return 0.0
    if decay == "exponential" and scale is not None and scale > 0:
        return 1.0 / (scale * costs.per_unit)
    raise GisError('a decay is "flat" without a scale, or "exponential" with a scale above 0')


def _stacked(parts: list[NDArray[np.float64]], layers: NDArray[np.float64], ndim: int) -> NDArray[np.float64]:
    found = np.concatenate([np.empty((0, layers.shape[1])), *parts])
    return found[:, 0] if ndim == 1 else found
