"""The street network of one mode: edges in, times and reached nodes out."""

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gis.costs import (
    STEPS_PER_S,
    ArcCosts,
    arc_costs,
    has_doors,
    is_open,
    list_components,
    may_snap,
    mode_costs,
    seconds_of_segments,
    to_steps,
)
from gis.engine import Direction, Engine
from gis.errors import EmptyNetwork, GisError, NetworkError, PointOffNetwork, UnknownSegment
from gis.kept import Kept
from gis.search import CLOSED
from gis.snapping import Ground, Positions, points_along, snap_points
from gis.speeds import DEFAULT_SPEEDS, MODES, Mode, Speeds
from gis.streets import MM, StreetGraph, frozen
from gis.tables import CostTables

__all__ = ["LAYOUT", "MAX_SNAP_M", "Direction", "Reach", "StreetNetwork"]

MAX_SNAP_M = 250.0
# Raised when the stored arrays change their names or their meaning.
LAYOUT = 3
# Tiles of the snap grid kept by a network, 115 kB each.
MAX_TILES = 1024
# Of a scenario fewer: it is looked at for a while, around one place.
MAX_SCENARIO_TILES = 128


class Reach(NamedTuple):
    """The nodes reached from one position, and their costs.

    Attributes
    ----------
    node
        Node numbers in ascending order, shape (reached,).
    cost_s
        Seconds to each, the access leg included, shape (reached,).
    """

    node: NDArray[np.int32]
    cost_s: NDArray[np.float64]


class StreetNetwork(CostTables):
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
    snaps
        Which segments places may be put on, shape (segments,).
    engine
        What runs the searches.
    tiles
        The parts of the snap grid made so far, see `gis.snap_grid`.
    """

    def __init__(
        self, graph: StreetGraph, *, mode: Mode, speeds: Speeds, costs: ArcCosts, snaps: NDArray[np.bool_]
    ) -> None:
        self.graph = graph
        self.mode: Mode = mode
        self.speeds = speeds
        self.snaps = frozen(snaps)
        seconds = ArcCosts(*(frozen(arcs) for arcs in costs))
        self.engine = Engine(graph, seconds, access_s_per_m=3.6 / speeds.off_street_kmh)
        self.ground = Ground(
            graph.vertex_start,
            graph.vertex_mm,
            graph.cell_start,
            graph.cell_segment,
            graph.cell_grid,
            self.snaps,
        )
        self.tiles: Kept[tuple[float, int, int], Any] = Kept(MAX_TILES)

    @classmethod
    def from_streets(
        cls, streets: gpd.GeoDataFrame, *, mode: Mode, speeds: Speeds = DEFAULT_SPEEDS
    ) -> "StreetNetwork":
        """Build the network of one mode; `in_mode` then gives the others without reading the streets again.

        Parameters
        ----------
        streets
            Index: segment id (whole numbers). Geometry: LineString in a metric CRS, joined to others at its
            endpoints only. Columns `street_class`, `is_<mode>_forward` and `is_<mode>_backward` for walk, bicycle
            and car ("forward" is along the geometry), `car_speed_kmh` (NaN where unknown). Optional: `area`, a whole
            number from 0 to 65,535 that says which of `speeds.by_area` holds on the street.
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
        if mode not in MODES:
            raise GisError(f"a mode is one of {', '.join(MODES)}, not {mode!r}")
        costs = mode_costs(graph, mode, speeds)
        if not is_open(graph, costs).any():
            raise EmptyNetwork(mode)
        return cls(graph, mode=mode, speeds=speeds, costs=costs, snaps=may_snap(graph, costs))

    def in_mode(self, mode: Mode, *, speeds: Speeds | None = None) -> "StreetNetwork":
        """The same streets for another mode or with other speeds."""
        return self._of_graph(self.graph, mode, speeds or self.speeds)

    def scenario(self, *, closed: Collection[int] = (), opened: Collection[int] = ()) -> "StreetNetwork":
        """The network with some segments closed to the mode and others opened to it in both directions.

        Nothing is built anew: only the costs are copied. Places beside a closed segment go to the next street.

        Parameters
        ----------
        closed, opened
            Segment ids. A segment in both is closed.

        Raises
        ------
        UnknownSegment
            If the network has no segment of that id.
        """
        graph = self.graph
        steps = to_steps(seconds_of_segments(graph, self.mode, self.speeds), STEPS_PER_S)
        forward, backward = self.engine.seconds.segments(graph)
        snaps = self.snaps.copy()
        now_open, now_closed = self.segments_of(opened), self.segments_of(closed)
        forward[now_open] = backward[now_open] = steps[now_open]
        snaps[now_open] = has_doors(graph)[now_open]
        forward[now_closed] = backward[now_closed] = CLOSED
        snaps[now_closed] = False
        costs = arc_costs(graph, forward, backward)
        changed = StreetNetwork(graph, mode=self.mode, speeds=self.speeds, costs=costs, snaps=snaps)
        changed.tiles = Kept(MAX_SCENARIO_TILES)
        return changed

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Everything as plain arrays, for the caller to store.

        The streets have the same names for all modes, so that the dictionaries of several modes can be merged.
        """
        seconds = self.engine.seconds
        own = {"away": seconds.away, "may_snap": self.snaps, "speeds": self.speeds.to_array()}
        if seconds.towards is not seconds.away:
            own["towards"] = seconds.towards
        layout = {"layout": np.array([LAYOUT])}
        return layout | self.graph.to_arrays() | {f"{self.mode}/{name}": array for name, array in own.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], *, mode: Mode) -> "StreetNetwork":
        """Take up what `to_arrays` gave; arrays may be memory-mapped and are never written to.

        Raises
        ------
        NetworkError
            If they were stored by a version of this package that laid them out differently.
        """
        if "layout" not in arrays or int(arrays["layout"][0]) != LAYOUT:
            raise NetworkError(
                f"these arrays are not of layout {LAYOUT}: build the network from its streets again"
            )
        return cls(
            StreetGraph.from_arrays(arrays),
            mode=mode,
            speeds=Speeds.from_array(np.asarray(arrays[f"{mode}/speeds"])),
            costs=ArcCosts(arrays[f"{mode}/away"], arrays.get(f"{mode}/towards", arrays[f"{mode}/away"])),
            snaps=arrays[f"{mode}/may_snap"],
        )

    def components(self) -> pd.DataFrame:
        """List the separate parts of the network, the longest first.

        Returns
        -------
        DataFrame
            `segments`, `length_m`, `snappable_segments` (places are only put on these), `segment_id` and `x_m`,
            `y_m` (one of its segments and where that starts), `nodes` and `is_island` (no place is ever put on it).
        """
        return self._components[0].copy()

    def components_of_segments(self) -> pd.Series:
        """The row of `components` of each segment that is open to the mode; index: segment id, ascending."""
        return self._components[1].copy()

    @cached_property
    def _components(self) -> tuple[pd.DataFrame, pd.Series]:
        return list_components(self.graph, self.engine.seconds, self.snaps)

    def segments_of(self, segment_ids: Collection[int]) -> NDArray[np.int64]:
        """Positions in the arrays of segments given by id.

        Raises
        ------
        UnknownSegment
            Naming those that are not there.
        """
        wanted = np.asarray(list(segment_ids), np.int64)
        found = np.asarray(pd.Index(self.graph.segment_id).get_indexer(pd.Index(wanted)), np.int64)
        if (found < 0).any():
            raise UnknownSegment(wanted[found < 0].tolist())
        return found

    def snap(self, xy: ArrayLike, *, max_distance_m: float = MAX_SNAP_M) -> Positions:
        """Put places on the nearest point of a segment the mode may use.

        Never on a part of the network that cannot be entered and left (see `components`), a motorway or a ferry.

        Parameters
        ----------
        xy
            Coordinates in the network's CRS, metres, shape (n, 2).
        max_distance_m
            Places further from every such segment stay off the network.
        """
        points = np.asarray(xy, np.float64).reshape(-1, 2)
        mm = np.ascontiguousarray((points - self.graph.corner_m) * MM)
        segment, fraction, distance_mm = snap_points(self.ground, mm, float(max_distance_m) * MM)
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
            raise GisError(f"one point is needed, not {len(position)}")
        if not position.is_snapped[0]:
            raise PointOffNetwork(mode=self.mode, max_distance_m=max_distance_m)
        return position

    def locate(self, positions: Positions) -> NDArray[np.float64]:
        """Coordinates of positions on their segments, metres, NaN off the network, shape (n, 2)."""
        mm = points_along(self.ground, positions.segment, positions.fraction)
        return np.asarray(mm / MM + self.graph.corner_m)

    def reach(self, position: Positions, *, limit_s: float, direction: Direction = "outward") -> Reach:
        """Reach every node within the limit of one position, or of the nearest of several.

        Parameters
        ----------
        position
            Positions on the network.
        limit_s
            Largest cost in seconds.
        direction
            "outward" travels from the position, "towards" travels to it.

        Raises
        ------
        PointOffNetwork
            If no position is on the network.
        LimitOutOfRange
            If the limit is negative or above 32,000 s.
        """
        if not position.is_snapped.any():
            raise PointOffNetwork(mode=self.mode, max_distance_m=MAX_SNAP_M)
        with self.engine.searched(position, limit_s, self.engine.costs(direction)) as search:
            node = np.sort(search.work.reached[: search.n_reached])
            cost_s = (search.work.label[node] - search.base) / search.costs.per_unit
        return Reach(node, cost_s)
