"""The door: geometry in degrees outside, metres inside; GeoJSON after RFC 7946."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from fastapi.responses import Response
from pyproj import CRS
from sqlalchemy.engine import RowMapping

from api.db.base import SRID

GEOJSON = "application/geo+json"
# A row of a query, or the same made into a dictionary.
Row = RowMapping | Mapping[str, Any]
_AREA = CRS.from_epsg(SRID).area_of_use
# With a degree around it, for what lies just across the border.
_AREA_OF_USE = (
    (_AREA.west - 1, _AREA.south - 1, _AREA.east + 1, _AREA.north + 1)
    if _AREA
    else (-180.0, -89.0, 180.0, 89.0)
)
# Between points a tenth of a degree apart, the edge of a box bends by less.
MARGIN_M = 10
# Seven decimals of a degree are a centimetre; more is noise.
DECIMALS = 7


def as_geojson(column: str) -> str:
    """SQL that makes GeoJSON text of a geometry column in the deployment's CRS."""
    return f"st_asgeojson(st_transform({column}, 4326), {DECIMALS})"


def in_box(column: str) -> str:
    """
    SQL that is true where `column` meets the box of `:west :south :east :north`.

    A box of degrees is no box of metres, and far outside its area of use the projection makes no sense: the index is
    asked with the part of the box that lies in that area, the rows it gives are judged in degrees. What lies well within
    that part needs no judging, which costs more than finding it.
    """
    west, south, east, north = _AREA_OF_USE
    near = (
        f"st_makeenvelope(greatest(:west, {west}), greatest(:south, {south}), least(:east, {east}), "
        f"least(:north, {north}), 4326)"
    )
    there = f"st_transform(st_segmentize({near}, 0.1), {SRID})"
    is_near = f":west < {east} AND :east > {west} AND :south < {north} AND :north > {south}"
    # In queries of their own: in a plan that is kept for any values they would else be made anew for each row.
    about = f"(SELECT st_expand({there}, {MARGIN_M}))"
    well_within = f"(SELECT CASE WHEN {is_near} THEN st_buffer({there}, -{MARGIN_M}) END)"
    box = "st_makeenvelope(:west, :south, :east, :north, 4326)"
    exact = f"st_intersects(st_transform({column}, 4326), {box})"
    return f"({column} && {about} AND (st_contains({well_within}, {column}) OR {exact}))"


def feature(row: Row) -> dict[str, Any]:
    """A GeoJSON feature of a row: `geometry` holds GeoJSON text, `id` the key, the rest are properties."""
    properties = {key: value for key, value in row.items() if key not in {"geometry", "id"}}
    geometry = row["geometry"]
    return {
        "type": "Feature",
        "id": row.get("id"),
        "geometry": None if geometry is None else orjson.Fragment(geometry),
        "properties": properties,
    }


def collection(features: Iterable[dict[str, Any]], **members: Any) -> dict[str, Any]:
    """A GeoJSON feature collection, with further members."""
    return {"type": "FeatureCollection", "features": list(features), **members}


def answer(
    body: Any, *, headers: Mapping[str, str] | None = None, media_type: str = GEOJSON, status: int = 200
) -> Response:
    """A response of JSON made by orjson, which also takes numpy values."""
    content = orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS, default=float)
    return Response(content, status_code=status, media_type=media_type, headers=dict(headers or {}))
