"""Geometry of a batch becomes the one type that a target has; what cannot is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.importers.crs import Projection, in_area
from api.importers.refusals import Notes, Refusals
from api.importers.targets import Shape

Geometries = NDArray[Any]
_POLYGONS = (3, 6)
_LINES = (1, 2, 5)


def middles(geometry: Geometries) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middle of the box of each geometry that has one, x and y."""
    boxes = shapely.bounds(geometry[~(shapely.is_missing(geometry) | shapely.is_empty(geometry))])
    return (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2


def fit(
    geometry: pd.Series[Any], projection: Projection, shape: Shape, refusals: Refusals, notes: Notes
) -> pd.Series[Any]:
    """Transform geometries and give them the wanted shape.

    Parameters
    ----------
    geometry
        As in the file; the index is the row number.
    projection
        From the file's system to ours.
    shape
        polygon gives MultiPolygon, line LineString (a row may come more than once), point Point.
    refusals, notes
        Told what was refused and repaired.

    Returns
    -------
    Series
        Only the rows that fit.
    """
    values = geometry.to_numpy(dtype=object, copy=True)
    missing = shapely.is_missing(values) | shapely.is_empty(values)
    _refuse(refusals, geometry[missing], "The row has no geometry.", "Draw it, or leave the row out.")
    geometry = geometry[~missing]
    values = geometry.to_numpy(dtype=object, copy=True)
    inside = _inside(values, projection)
    _refuse(
        refusals,
        geometry[~inside],
        "The geometry lies outside the area of the coordinate system.",
        "Check its coordinates; 0 and swapped coordinates are common.",
    )
    geometry = geometry[inside]
    moved = pd.Series(
        projection.geometries(geometry.to_numpy(dtype=object)), index=geometry.index, dtype="object"
    )
    if shape == "polygon":
        return _polygons(moved, refusals, notes)
    if shape == "line":
        return _lines(moved, refusals, notes)
    return _points(moved, notes)


def _inside(values: Geometries, projection: Projection) -> NDArray[np.bool_]:
    if len(values) == 0:
        return np.zeros(0, dtype=bool)
    boxes = shapely.bounds(values)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    if projection.is_swapped:
        x, y = y, x
    return in_area(x, y, projection.crs, srid=projection.srid)


def _refuse(refusals: Refusals, rows: pd.Series[Any], reason: str, remedy: str) -> None:
    shown = [None if one is None else shapely.to_wkt(one, rounding_precision=1)[:80] for one in rows]
    refusals.add(rows.index, shown, column="geometry", reason=reason, remedy=remedy)


def _polygons(geometry: pd.Series[Any], refusals: Refusals, notes: Notes) -> pd.Series[Any]:
    values = geometry.to_numpy(dtype=object, copy=True)
    broken = ~shapely.is_valid(values)
    if broken.any():
        values[broken] = shapely.make_valid(values[broken])
        notes.count("{n} outlines crossed themselves and were repaired", int(broken.sum()))
    out = [_as_multipolygon(one) for one in values]
    series = pd.Series(out, index=geometry.index, dtype="object")
    bad = series.isna()
    _refuse(refusals, geometry[bad], "The geometry is not an area.", "Give a layer of polygons.")
    return series[~bad]


def _as_multipolygon(one: Any) -> Any:
    kind = shapely.get_type_id(one)
    if kind == 6:
        return one
    if kind == 3:
        return shapely.multipolygons([one])
    if kind == 7:
        parts = [part for part in shapely.get_parts(shapely.get_parts(one)) if shapely.get_type_id(part) == 3]
        return shapely.multipolygons(parts) if parts else None
    return None


def _lines(geometry: pd.Series[Any], refusals: Refusals, notes: Notes) -> pd.Series[Any]:
    values = geometry.to_numpy(dtype=object, copy=True)
    kinds = shapely.get_type_id(values)
    several = kinds == 5
    if several.any():
        values[several] = shapely.line_merge(values[several])
    parts, places = shapely.get_parts(values, return_index=True)
    is_line = np.isin(shapely.get_type_id(parts), (1, 2)) & (shapely.length(parts) > 0)
    kept = np.unique(places[is_line])
    lost = np.setdiff1d(np.arange(len(values)), kept)
    _refuse(
        refusals, geometry.iloc[lost], "The geometry is not a line with a length.", "Give a layer of lines."
    )
    notes.count("{n} lines in pieces became a segment each", int(is_line.sum() - len(kept)))
    return pd.Series(parts[is_line], index=geometry.index[places[is_line]], dtype="object")


def _points(geometry: pd.Series[Any], notes: Notes) -> pd.Series[Any]:
    values = geometry.to_numpy(dtype=object, copy=True)
    kinds = shapely.get_type_id(values)
    areas = kinds != 0
    if areas.any():
        values[areas] = shapely.point_on_surface(values[areas])
        notes.count("{n} areas and lines are represented by a point in them", int(areas.sum()))
    return pd.Series(values, index=geometry.index, dtype="object")


def outlines(geometry: pd.Series[Any], projection: Projection) -> pd.Series[Any]:
    """MultiPolygon in our CRS of each geometry that is an area, None of the others."""
    moved = projection.geometries(geometry.to_numpy(dtype=object))
    repaired = [one if one is None or shapely.is_valid(one) else shapely.make_valid(one) for one in moved]
    found = [None if one is None else _as_multipolygon(one) for one in repaired]
    return pd.Series(found, index=geometry.index, dtype="object")


def areas_m2(geometry: pd.Series[Any]) -> pd.Series[Any]:
    """Area of each outline, in m2 because our coordinates are metres."""
    values = np.round(shapely.area(geometry.to_numpy(dtype=object)), 2)
    return pd.Series(values, index=geometry.index, dtype="float64")
