"""OGC API Features over the published layers: collections, items, and what may be asked of them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.dependencies import Language
from api.errors import NotFound
from api.export.catalogue import BY_NAME, LAYERS, Layer
from api.export.selecting import CRS_CODES, select, sources

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CRS_NAMES = (CRS84, *(f"{EPSG}{code}" for code in CRS_CODES))
CONFORMS = tuple(
    f"http://www.opengis.net/spec/{name}"
    for name in (
        "ogcapi-common-1/1.0/conf/core",
        "ogcapi-common-2/1.0/conf/collections",
        "ogcapi-features-1/1.0/conf/core",
        "ogcapi-features-1/1.0/conf/geojson",
        "ogcapi-features-1/1.0/conf/html",
        "ogcapi-features-2/1.0/conf/crs",
        "ogcapi-features-3/1.0/conf/queryables",
        "ogcapi-features-3/1.0/conf/queryables-query-parameters",
        "ogcapi-features-3/1.0/conf/filter",
        "ogcapi-features-3/1.0/conf/features-filter",
        "cql2/1.0/conf/cql2-text",
        "cql2/1.0/conf/cql2-json",
        "cql2/1.0/conf/basic-cql2",
        "cql2/1.0/conf/advanced-comparison-operators",
        "cql2/1.0/conf/case-insensitive-comparison",
        "cql2/1.0/conf/basic-spatial-functions",
        "cql2/1.0/conf/spatial-functions",
        "cql2/1.0/conf/arithmetic",
    )
)
DEFAULT_LIMIT, LARGEST_LIMIT = 100, 10_000


@dataclass(frozen=True)
class Question:
    """What is asked of the items of a collection, as it was read from the address."""

    limit: int
    crs: str
    srid: int
    bbox: tuple[float, ...]
    bbox_srid: int
    flips_bbox: bool
    datetime: str
    filter: str
    filter_language: str
    filter_srid: int
    sortby: str
    cursor: str
    properties: Mapping[str, str]


def collection_of(name: str) -> Layer:
    """
    Find the layer of a collection.

    Raises
    ------
    NotFound
        When there is none of that name.
    """
    if name not in BY_NAME:
        raise NotFound(f"There is no collection {name}.", "GET /api/ogc/collections lists what there is.")
    return BY_NAME[name]


def described(session: Session, layer: Layer, language: Language) -> dict[str, Any]:
    """One collection: title, extent, systems and attribution, without its links."""
    about: dict[str, Any] = {
        "id": layer.name,
        "title": layer.titles[language],
        "description": _comment(session, layer),
        "itemType": "feature",
        "crs": list(CRS_NAMES),
        "storageCrs": f"{EPSG}{CRS_CODES[0]}",
    }
    if extent := _extent(session, layer):
        about["extent"] = extent
    told = dict.fromkeys(row["attribution"] or row["name"] for row in sources(session, layer))
    return about | ({"attribution": "; ".join(told)} if told else {})


def _comment(session: Session, layer: Layer) -> str:
    query = text("SELECT obj_description(CAST(:relation AS regclass))")
    return str(session.execute(query, {"relation": layer.relation}).scalar() or layer.titles["en"])


def _extent(session: Session, layer: Layer) -> dict[str, Any]:
    """Box of all that may be given, in degrees, and the first and last moment."""
    chosen = select(session, layer)
    moment = f"min(v.{layer.moment})::text, max(v.{layer.moment})::text" if layer.moment else "NULL, NULL"
    query = text(
        f"SELECT st_xmin(b), st_ymin(b), st_xmax(b), st_ymax(b), first, last FROM (SELECT st_transform("
        f"st_setsrid(st_extent({chosen.geom})::geometry, {CRS_CODES[0]}), 4326) AS b, {moment.replace(', ', ' AS first, ', 1)} AS last "
        f"{chosen.source()}) e"
    )
    west, south, east, north, first, last = session.execute(query, chosen.bound).one()
    found: dict[str, Any] = {}
    if west is not None:
        found["spatial"] = {"bbox": [[west, south, east, north]], "crs": CRS84}
    if first is not None:
        found["temporal"] = {"interval": [[_instant(first), _instant(last)]]}
    return found


def _instant(written: str) -> str:
    moment = dt.datetime.fromisoformat(written)
    return f"{moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def collections(session: Session, language: Language) -> list[dict[str, Any]]:
    """Every collection."""
    return [described(session, layer, language) for layer in LAYERS]


JSON_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "timestamp": {"type": "string", "format": "date-time"},
}
SHAPES = {
    "Geometry": "any",
    "Point": "point",
    "LineString": "linestring",
    "MultiLineString": "multilinestring",
}


def queryables(session: Session, layer: Layer, language: Language) -> dict[str, Any]:
    """What may be asked of a collection, as a JSON Schema, without its own address."""
    shape = SHAPES.get(layer.geometry, "multipolygon")
    properties: dict[str, Any] = {
        column.name: {"title": column.name, "description": column.definition, **JSON_TYPES[column.kind]}
        for column in select(session, layer).columns
    }
    properties["geometry"] = {
        "title": "geometry",
        "x-ogc-role": "primary-geometry",
        "format": f"geometry-{shape}",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "title": layer.titles[language],
        "additionalProperties": False,
        "properties": properties,
    }
