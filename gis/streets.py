"""Streets as arrays: the part of a network that all modes share.

Coordinates are whole millimetres from a corner of the network: as exact as float64 for streets and half
the size. Nodes, and the segments with them, lie in the order of a Hilbert curve, so that what is close on
the ground is close in memory: a search is two to four times slower in random order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numba import njit
from numpy.typing import NDArray
from pyproj import CRS
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from gis.errors import FrameError
from gis.frames import require
from gis.speeds import LARGEST_AREA, MODES, STREET_CLASSES, Mode
from gis.street_index import index_segments

MM = 1000.0
JOIN_MM = 10.0
ACCESS_COLUMNS = tuple(f"is_{mode}_{way}" for mode in MODES for way in ("forward", "backward"))
PREFIX = "streets/"


@dataclass(frozen=True, kw_only=True, eq=False)
class StreetGraph:
    """Segments, nodes and arcs, without a mode.

    Attributes
    ----------
    crs_wkt
        The CRS as UTF-8 bytes, shape (bytes,).
    corner_m
        What was subtracted from the coordinates, metres, shape (2,).
    segment_id
        The ids of the street frame, shape (segments,).
    segment_from, segment_to
        First and last node of each segment, shape (segments,).
    length_m
        Length along the geometry, shape (segments,).
    class_code
        Position in `STREET_CLASSES`, shape (segments,).
    access
        One bit per column of `ACCESS_COLUMNS`, shape (segments,).
    car_speed_kmh
        The segment's own speed, NaN where it has none, shape (segments,).
    area
        The area whose speeds hold on the segment, see `Speeds.by_area`, shape (segments,).
    vertex_start, vertex_mm
        Vertices of segment s are rows `vertex_start[s]` up to `vertex_start[s + 1]`, millimetres.
    node_mm
        Nodes in millimetres, shape (nodes, 2).
    arc_start, arc_target, arc_segment
        Arcs leaving node n are rows `arc_start[n]` up to `arc_start[n + 1]`; every segment is two arcs.
    forward_arc, backward_arc
        The arc of each segment that leaves its first node, and the one that leaves its last.
    cell_start, cell_segment, cell_grid
        The segments through each cell of a grid; `cell_grid` is cell size in millimetres, columns, rows.
    """

    crs_wkt: NDArray[np.uint8]
    corner_m: NDArray[np.float64]
    segment_id: NDArray[np.int64]
    segment_from: NDArray[np.int32]
    segment_to: NDArray[np.int32]
    length_m: NDArray[np.float32]
    class_code: NDArray[np.uint8]
    access: NDArray[np.uint8]
    car_speed_kmh: NDArray[np.float32]
    area: NDArray[np.uint16]
    vertex_start: NDArray[np.int32]
    vertex_mm: NDArray[np.int32]
    node_mm: NDArray[np.int32]
    arc_start: NDArray[np.int32]
    arc_target: NDArray[np.int32]
    arc_segment: NDArray[np.int32]
    forward_arc: NDArray[np.int32]
    backward_arc: NDArray[np.int32]
    cell_start: NDArray[np.int32]
    cell_segment: NDArray[np.int32]
    cell_grid: NDArray[np.int64]

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, frozen(getattr(self, field.name)))

    @classmethod
    def from_streets(cls, streets: gpd.GeoDataFrame) -> "StreetGraph":
        """Join segments at endpoints less than a centimetre apart and lay them out.

        Parameters
        ----------
        streets
            Index: segment id. Geometry: LineString in a metric CRS. Columns `street_class`,
            `car_speed_kmh` (km/h or NaN) and the six of `ACCESS_COLUMNS`; `area` (0 to 65,535) where areas have
            speeds of their own, 0 without it.

        Raises
        ------
        FrameError
            With every fault of the frame.
        """
        _check(streets)
        shapes = streets.geometry.to_numpy()
        xy, owner = shapely.get_coordinates(shapes, return_index=True)
        counts = np.bincount(owner, minlength=len(shapes))
        corner_m = np.floor(xy.min(axis=0)) if len(xy) else np.zeros(2)
        mm = np.rint((xy - corner_m) * MM)
        if len(mm) and mm.max() >= 2**31 - 1:
            raise FrameError("streets: they lie more than 2,147 km apart; leave out what is misplaced")
        vertex_mm = mm.astype(np.int32)
        last = np.cumsum(counts) - 1
        ends_mm = np.concatenate([vertex_mm[last - counts + 1], vertex_mm[last]])
        node_of_end, node_mm = _nodes(ends_mm)
        start, end = np.split(node_of_end, 2)

        order = np.argsort(np.minimum(start, end), kind="stable")
        vertex_start = np.concatenate([[0], np.cumsum(counts[order])]).astype(np.int32)
        taken = np.repeat((last - counts + 1)[order] - vertex_start[:-1], counts[order])
        vertex_mm = vertex_mm[taken + np.arange(len(vertex_mm))]
        start, end = start[order], end[order]
        access = _access(streets)[order]
        is_car = (access & access_bits("car")) != 0
        arcs = _arcs(start, end, is_car, len(node_mm))
        return cls(
            crs_wkt=np.frombuffer(streets.crs.to_wkt().encode(), np.uint8),
            corner_m=corner_m,
            segment_id=streets.index.to_numpy(np.int64)[order],
            segment_from=start,
            segment_to=end,
            length_m=shapely.length(shapes)[order].astype(np.float32),
            class_code=_class_codes(streets)[order],
            access=access,
            car_speed_kmh=streets["car_speed_kmh"].to_numpy(np.float32, na_value=np.nan)[order],
            area=_areas(streets)[order],
            vertex_start=vertex_start,
            vertex_mm=vertex_mm,
            node_mm=node_mm,
            **arcs,
            **index_segments(vertex_start, vertex_mm),
        )

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "StreetGraph":
        """Take up what `to_arrays` gave; the arrays may be memory-mapped."""
        return cls(**{field.name: arrays[PREFIX + field.name] for field in fields(cls)})

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Every array under its name, to be stored by the caller."""
        return {PREFIX + field.name: getattr(self, field.name) for field in fields(self)}

    @cached_property
    def crs(self) -> CRS:
        """The CRS of the streets."""
        return CRS.from_wkt(bytes(self.crs_wkt).decode())

    def lines(self, segments: NDArray[np.integer]) -> NDArray[np.object_]:
        """LineStrings of the given segments (positions, not ids)."""
        counts = np.diff(self.vertex_start)[segments]
        first = np.cumsum(counts) - counts
        rows = np.repeat(self.vertex_start[segments] - first, counts) + np.arange(counts.sum())
        xy = self.vertex_mm[rows] / MM + self.corner_m
        return np.asarray(shapely.linestrings(xy, indices=np.repeat(np.arange(len(segments)), counts)))


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """A read-only view: nobody may write to what all share, and kernels are compiled for one kind of array only."""
    view = np.asarray(array).view()
    view.setflags(write=False)
    return view


def access_bits(mode: Mode) -> int:
    """The bits of `StreetGraph.access` that let a mode through, forward the lower one."""
    return 3 << 2 * MODES.index(mode)


def _check(streets: gpd.GeoDataFrame) -> None:
    kinds = {"street_class": "text", "car_speed_kmh": "number"} | dict.fromkeys(ACCESS_COLUMNS, "bool")
    require(streets, kinds=kinds, geometry="LineString", what="streets")
    faults = []
    if len(streets) == 0:
        faults.append("there are none")
    elif not np.issubdtype(streets.index.dtype, np.integer):
        faults.append("the index must hold whole segment ids")
    unknown = sorted(set(streets["street_class"]) - set(STREET_CLASSES))
    if unknown:
        faults.append(f"unknown street classes {unknown}: use one of {', '.join(STREET_CLASSES)}")
    if (streets["car_speed_kmh"] <= 0).any():
        faults.append("car_speed_kmh must be above 0, or missing")
    if "area" in streets.columns and not _are_areas(streets["area"]):
        faults.append(
            f"area must hold whole numbers from 0 to {LARGEST_AREA}; leave the column out without areas"
        )
    if faults:
        raise FrameError("streets: " + "; ".join(faults))


def _are_areas(column: pd.Series) -> bool:
    whole = pd.api.types.is_integer_dtype(column) and not column.isna().any()
    return bool(whole and column.between(0, LARGEST_AREA).all())


def _areas(streets: gpd.GeoDataFrame) -> NDArray[np.uint16]:
    if "area" not in streets.columns:
        return np.zeros(len(streets), np.uint16)
    return np.asarray(streets["area"], np.uint16)


def _access(streets: gpd.GeoDataFrame) -> NDArray[np.uint8]:
    bits = np.zeros(len(streets), np.uint8)
    for place, name in enumerate(ACCESS_COLUMNS):
        bits |= streets[name].to_numpy(np.uint8) << np.uint8(place)
    return bits


def _class_codes(streets: gpd.GeoDataFrame) -> NDArray[np.uint8]:
    codes = {name: code for code, name in enumerate(STREET_CLASSES)}
    return np.asarray(streets["street_class"].map(codes), np.uint8)


def _nodes(ends_mm: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Number the endpoints: the node of each end, and the nodes along a Hilbert curve."""
    key = ends_mm[:, 0].astype(np.int64) << 32 | ends_mm[:, 1]
    unique, first, node = np.unique(key, return_index=True, return_inverse=True)
    mm = ends_mm[first]
    # Rounding alone would part two ends half a millimetre on either side of a border, so near ones are paired.
    near = cKDTree(mm).query_pairs(JOIN_MM, output_type="ndarray")
    if len(near):
        links = coo_array((np.ones(len(near), np.int8), near.T), shape=(len(unique), len(unique)))
        _, group = connected_components(links, directed=False)
        _, first = np.unique(group, return_index=True)
        mm, node = mm[first], group[node]
    order = np.argsort(hilbert_distance(mm), kind="stable")
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank[node], mm[order]


def _arcs(
    start: NDArray[np.int32], end: NDArray[np.int32], is_car: NDArray[np.bool_], n_nodes: int
) -> dict[str, NDArray[Any]]:
    degree = np.bincount(start, minlength=n_nodes) + np.bincount(end, minlength=n_nodes)
    arc_start = np.concatenate([[0], np.cumsum(degree)]).astype(np.int32)
    target, segment, forward, backward = _fill_arcs(start, end, is_car, arc_start)
    return {
        "arc_start": arc_start,
        "arc_target": target,
        "arc_segment": segment,
        "forward_arc": forward,
        "backward_arc": backward,
    }


@njit(cache=True, nogil=True)
def _fill_arcs(start, end, is_car, arc_start):  # type: ignore[no-untyped-def]
    n = start.size
    free = arc_start[:-1].copy()
    target = np.empty(2 * n, np.int32)
    segment = np.empty(2 * n, np.int32)
    forward = np.empty(n, np.int32)
    backward = np.empty(n, np.int32)
    # Arcs a car may use come first at each node: its search stops at the first that no car can use.
    for turn in range(2):
        for s in range(n):
            if is_car[s] != (turn == 0):
                continue
            for way in range(2):
                a, b = (start[s], end[s]) if way == 0 else (end[s], start[s])
                place = free[a]
                free[a] += 1
                target[place] = b
                segment[place] = s
                if way == 0:
                    forward[s] = place
                else:
                    backward[s] = place
    return target, segment, forward, backward


@njit(cache=True, nogil=True)
def hilbert_distance(mm):  # type: ignore[no-untyped-def]
    """Distance of points along a Hilbert curve of 2^20 steps a side over their extent, shape (n,)."""
    n = mm.shape[0]
    out = np.empty(n, np.int64)
    if n == 0:
        return out
    x0, y0 = mm[:, 0].min(), mm[:, 1].min()
    span = max(mm[:, 0].max() - x0, mm[:, 1].max() - y0, 1)
    scale = (2**20 - 1) / span
    for i in range(n):
        x, y = np.int64((mm[i, 0] - x0) * scale), np.int64((mm[i, 1] - y0) * scale)
        d = np.int64(0)
        side = np.int64(2**19)
        while side > 0:
            rx, ry = np.int64((x & side) > 0), np.int64((y & side) > 0)
            d += side * side * ((3 * rx) ^ ry)
            if ry == 0:
                if rx == 1:
                    x, y = side - 1 - (x & (side - 1)), side - 1 - (y & (side - 1))
                x, y = y, x
            x &= side - 1
            y &= side - 1
            side >>= 1
        out[i] = d
    return out
