"""What a frame must hold before anyone measures it."""

from collections.abc import Collection, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.errors import FrameError

KINDS = {
    "number": pd.api.types.is_numeric_dtype,
    "bool": pd.api.types.is_bool_dtype,
    "text": pd.api.types.is_string_dtype,
    "time": pd.api.types.is_datetime64_any_dtype,
}
NO_KINDS: Mapping[str, str] = {}


def require(
    frame: pd.DataFrame,
    *columns: str,
    kinds: Mapping[str, str] = NO_KINDS,
    geometry: str | Collection[str] | None = None,
    what: str = "frame",
) -> None:
    """Refuse a frame that lacks something, naming everything that it lacks in one error.

    Parameters
    ----------
    frame
        The frame to check. Its index must be unique.
    columns
        Columns that must be there.
    kinds
        Columns that must be there and hold one kind of value: "number", "bool", "text" or "time".
    geometry
        The geometry type or types that every row must have ("Point", "LineString", ...). The frame
        must then be a GeoDataFrame in a projected CRS in metres, without missing, empty or
        infinite geometries.
    what
        The name of the frame in the caller's words, used in the error.

    Raises
    ------
    FrameError
        With every fault found.
    """
    faults = [f"column {name} is missing" for name in (*columns, *kinds) if name not in frame.columns]
    for name, kind in kinds.items():
        if name in frame.columns and not _is_kind(frame[name], kind):
            faults.append(f"column {name} must hold {kind} values, not {frame[name].dtype}")
    if not frame.index.is_unique:
        repeated = frame.index[frame.index.duplicated()].unique()[:3].tolist()
        faults.append(f"the index is not unique (for example {repeated})")
    if geometry is not None:
        allowed = {geometry} if isinstance(geometry, str) else set(geometry)
        faults.extend(_geometry_faults(frame, allowed))
    if faults:
        raise FrameError(f"{what}: " + "; ".join(faults))


def _is_kind(column: pd.Series, kind: str) -> bool:
    if kind == "text" and column.dtype == object:
        return bool(column.map(lambda value: isinstance(value, str)).all())
    if kind != "number" and column.isna().any():
        return False
    return bool(KINDS[kind](column.dtype))


def _geometry_faults(frame: pd.DataFrame, allowed: set[str]) -> list[str]:
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        return ["it has no geometry column"]
    faults = []
    if frame.crs is None:
        faults.append("it has no CRS: say which metric one the coordinates are in")
    elif not frame.crs.is_projected or {axis.unit_name for axis in frame.crs.axis_info[:2]} != {"metre"}:
        faults.append(f"its CRS {frame.crs.to_string()} is not in metres: reproject it first")
    shapes = frame.geometry.to_numpy()
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    kinds = shapely.get_type_id(shapes)
    wrong = ~missing & ~np.isin(kinds, [shapely.GeometryType[name.upper()] for name in allowed])
    bounds = shapely.bounds(shapes)
    infinite = ~missing & ~np.isfinite(bounds).all(axis=1)
    for mask, text in (
        (missing, "have no geometry"),
        (wrong, f"are not {' or '.join(sorted(allowed))}"),
        (infinite, "have coordinates that are not finite"),
    ):
        if mask.any():
            found = (
                {shapely.GeometryType(kind).name.lower() for kind in kinds[mask]} if mask is wrong else set()
            )
            but = f" but {', '.join(sorted(found))}" if found else ""
            faults.append(f"{int(mask.sum())} rows {text}{but} (first: {frame.index[mask][0]})")
    return faults
