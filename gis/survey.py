"""One search around a place, from which the shapes and the costs of everything within reach are read."""

# numba compiles functions for positional arguments, and kernels take many.
# ruff: noqa: PLR0917

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from gis.engine import Search
from gis.isochrone import Bands, draw_bands
from gis.kept import Kept
from gis.network import MAX_SNAP_M, StreetNetwork
from gis.search import ONE_SEARCH, Spots, cost_along
from gis.snap_grid import reached_window
from gis.snapping import Positions
from gis.travel import Legs, legs_of

# Both directions, in seconds and in metres.
MOST_LEGS = 4


@dataclass(frozen=True, eq=False)
class Placed:
    """Things with a place on a network, ready to be counted many times.

    Attributes
    ----------
    positions
        Where they are.
    """

    positions: Positions
    _legs: Kept[int, tuple[Any, NDArray[np.int64], Spots, Legs]] = field(
        default_factory=lambda: Kept(MOST_LEGS), repr=False
    )

    def legs(self, network: StreetNetwork, search: Search) -> tuple[NDArray[np.int64], Spots, Legs]:
        """Rows on the network, their spots, and from which nodes they are reached, along the costs of a search."""
        arcs = search.costs.arcs

        def make() -> tuple[Any, NDArray[np.int64], Spots, Legs]:
            rows = np.flatnonzero(self.positions.is_snapped)
            spots = search.costs.spots(self.positions[rows])
            return arcs, rows, spots, Legs(*legs_of(network.engine.roads, arcs, spots))

        # With the array itself among what is kept, nothing else can take its id.
        _, rows, spots, legs = self._legs.get(id(arcs), make)
        return rows, spots, legs


class Survey:
    """What one search found; read it inside the block of `surveyed` only.

    Attributes
    ----------
    network, place, bands
        As given to `surveyed`.
    n_reached
        Nodes of the network within the largest limit.
    """

    def __init__(
        self,
        network: StreetNetwork,
        place: Positions,
        bands: Bands,
        *,
        found: Search,
        rivals: Search | None = None,
    ) -> None:
        self.network = network
        self.place = place
        self.bands = bands
        self.n_reached = found.n_reached
        self._found = found
        self._rivals = rivals

    def shapes(self, *, edge_m: float = MAX_SNAP_M) -> list[shapely.MultiPolygon]:
        """One valid shape per band, each holding those before it; see `gis.isochrone.draw_bands`."""
        return draw_bands(
            self.network, self.place, self.bands, found=self._found, rivals=self._rivals, edge_m=edge_m
        )

    def extent(self) -> tuple[float, float, float, float]:
        """Box of all that can be within reach, metres: everything reached and `MAX_SNAP_M` around it."""
        graph = self.network.graph
        window = reached_window(self.network, self.place, self._found)
        low = graph.corner_m + np.array([window.column, window.row]) * window.cell_m
        rows, columns = window.cost.shape
        west, south = low
        return (
            float(west),
            float(south),
            float(west + columns * window.cell_m),
            float(south + rows * window.cell_m),
        )

    def costs(self, placed: Placed) -> NDArray[np.float64]:
        """The cost of each place: minutes or metres; inf beyond the largest band, nearer to a competitor, or off the network.

        Parameters
        ----------
        placed
            Places on the same network.

        Returns
        -------
        array
            Shape (places,).
        """
        rows, cost = self._steps(placed, self._found)
        if self._rivals is not None:
            _, theirs = self._steps(placed, self._rivals)
            cost = np.where((theirs >= 0) & (theirs < cost), np.int64(-1), cost)
        per_unit = self._found.costs.per_unit * (60.0 if self.bands.unit == "s" else 1.0)
        out = np.full(len(placed.positions), np.inf)
        is_found = cost >= 0
        out[rows[is_found]] = cost[is_found] / per_unit
        return out

    def _steps(self, placed: Placed, search: Search) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        rows, spots, legs = placed.legs(self.network, search)
        work, limit = search.work, np.int64(search.bound.limit)
        roads, arcs = self.network.engine.roads, search.costs.arcs
        return rows, point_costs(roads, arcs, work.label, search.base, limit, search.spots, spots, legs)


@contextmanager
def surveyed(
    network: StreetNetwork, place: Positions, bands: Bands, *, competitors: Positions | None = None
) -> Iterator[Survey]:
    """Search once around a place, and once around its competitors, and lend what was found for the block.

    Parameters
    ----------
    network
        Streets of one mode.
    place
        Positions on the network, at least one; the catchment is that of all of them together.
    bands
        The limits.
    competitors
        Ground and places that are nearer to one of these do not count.
    """
    costs = network.engine.costs(bands.direction, bands.unit)
    limit = bands.limits[-1]
    with ExitStack() as stack:
        found = stack.enter_context(network.engine.searched(place, limit, costs))
        rivals = None
        if competitors is not None and competitors.is_snapped.any():
            rivals = stack.enter_context(network.engine.searched(competitors, limit, costs))
        yield Survey(network, place, bands, found=found, rivals=rivals)


@njit(cache=True, nogil=True)
def point_costs(roads, cost, label, base, limit, origins, points, legs):  # type: ignore[no-untyped-def]
    """Cost steps to each point from a search that has run, -1 beyond the limit, shape (points,)."""
    start, end, from_start, from_end = legs.start, legs.end, legs.from_start, legs.from_end
    segment, fraction, access = points.segment, points.fraction, points.access
    origin_segment, origin_fraction, origin_access = origins.segment, origins.fraction, origins.access
    out = np.full(segment.size, np.int64(-1))
    first = origin_segment[0] if origin_segment.size == 1 else -1
    newer = base + ONE_SEARCH
    for p in range(segment.size):
        at_start, at_end = label[start[p]], label[end[p]]
        is_here = segment[p] == first or first < 0
        if at_start >= newer and at_end >= newer and not is_here:
            continue
        best = min(at_start + from_start[p], at_end + from_end[p]) - base
        if is_here:
            for i in range(origin_segment.size):
                if origin_segment[i] == segment[p]:
                    along = cost_along(roads, cost, segment[p], origin_fraction[i], fraction[p])
                    best = min(best, origin_access[i] + along + access[p])
        if best <= limit:
            out[p] = best
    return out
