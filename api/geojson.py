"""The door: geometry in degrees outside, metres inside; GeoJSON after RFC 7946."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from fastapi.responses import Response
from sqlalchemy.engine import RowMapping

from api.db.base import SRID

GEOJSON = "application/geo+json"
# A row of a query, or the same made into a dictionary.
Row = RowMapping | Mapping[str, Any]
# Seven decimals of a degree are a centimetre; more is noise.
DECIMALS = 7


def as_geojson(column: str) -> str:
    """SQL that makes GeoJSON text of a geometry column in the deployment's CRS."""
    return f"st_asgeojson(st_transform({column}, 4326), {DECIMALS})"


def in_box(column: str) -> str:
    """SQL that is true where `column` meets the box of `:west :south :east :north`."""
    box = f"st_transform(st_makeenvelope(:west, :south, :east, :north, 4326), {SRID})"
    return f"({column} && {box} AND st_intersects({column}, {box}))"


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


def answer(body: Any, *, headers: Mapping[str, str] | None = None, media_type: str = GEOJSON) -> Response:
    """A response of JSON made by orjson, which also takes numpy values."""
    content = orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS, default=float)
    return Response(content, media_type=media_type, headers=dict(headers or {}))
