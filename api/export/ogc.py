"""OGC API Features over the published layers: collections, items, and what may be asked of them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.dependencies import LARGEST_KEY, Language
from api.errors import Malformed, NotFound
from api.export import paging
from api.export.arrow import value_sql
from api.export.catalogue import BY_NAME, LAYERS, Layer
from api.export.columns import Column
from api.export.formats import decimals
from api.export.layers import answerable
from api.export.selecting import CRS_CODES, Selection, count, select, sources

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


def asked_rows(session: Session, layer: Layer, question: Question) -> Selection:
    """Rows of a collection that meet all that is asked."""
    chosen = select(session, layer)
    if question.bbox:
        corners = _flipped(question.bbox) if question.flips_bbox else question.bbox
        chosen = chosen.within_of(corners, question.bbox_srid)
    if question.datetime:
        chosen = _during(chosen, question.datetime)
    for name, value in question.properties.items():
        chosen = _equal(chosen, name, value)
    if question.filter:
        chosen = chosen.filtered(question.filter, question.filter_language, srid=question.filter_srid)
    return chosen


def _flipped(corners: Sequence[float]) -> tuple[float, ...]:
    south, west, north, east = corners
    return west, south, east, north


def _during(chosen: Selection, written: str) -> Selection:
    """Rows whose moment lies within; one without a moment is never ruled out, as the standard asks."""
    parts = written.split("/")
    if len(parts) > 2:
        raise Malformed(
            f"datetime={written} is no moment and no interval.", "Write 2026-01-01T00:00:00Z/.. ."
        )
    moments = [None if part in {"", ".."} else _moment(part) for part in parts]
    if len(parts) == 1 and moments[0] is None:
        raise Malformed(f"datetime={written} is no moment.", "Write 2026-01-01T00:00:00Z.")
    first, last = moments[0], moments[-1]
    if first and last and first > last:
        raise Malformed("datetime ends before it begins.", "Exchange the two moments.")
    if not chosen.layer.moment:
        return chosen
    column = f'v."{chosen.layer.moment}"'
    for name, sign, moment in (("from_at", ">=", first), ("to_at", "<=", last)):
        if moment is not None:
            # A day is met by every moment in it.
            kind = next(each.kind for each in chosen.columns if each.name == chosen.layer.moment)
            bound = f"CAST(:{name} AS timestamptz)" + ("::date" if kind == "date" else "")
            chosen = chosen.also(f"({column} IS NULL OR {column} {sign} {bound})", **{name: moment})
    return chosen


def _moment(written: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(written.replace("Z", "+00:00").replace("z", "+00:00"))
    except ValueError:
        raise Malformed(f"{written} is no moment.", "Write 2026-01-01T00:00:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _equal(chosen: Selection, name: str, value: str) -> Selection:
    """Rows with a value in a column, given as a parameter of its name."""
    column = next(each for each in chosen.columns if each.name == name)
    readers: dict[str, Any] = {
        "integer": int,
        "number": float,
        "boolean": lambda text_: {"true": True, "false": False}[text_.lower()],
        "date": dt.date.fromisoformat,
        "timestamp": _moment,
        "text": str,
    }
    try:
        read = readers[column.kind](value)
    except (ValueError, KeyError):
        raise Malformed(f"{name}={value} is no {column.kind}.", "The queryables say what each is.") from None
    if (isinstance(read, int) and abs(read) > LARGEST_KEY) or "\0" in value:
        raise Malformed(f"{name}={value} is out of reach.", "Give a value that can be there.")
    return chosen.also(f'v."{name}" = :is_{name}', **{f"is_{name}": read})


@dataclass(frozen=True)
class Page:
    """Items of a collection as lines of GeoJSON, and how to go on."""

    features: Sequence[bytes]
    matched: int
    cursor: str | None


def items(session: Session, layer: Layer, question: Question) -> Page:
    """
    A page of items by keyset: nothing is cut off in silence, and nothing is skipped when rows come or go.

    Raises
    ------
    Malformed
        When the question cannot be followed.
    """
    with answerable():
        chosen = asked_rows(session, layer, question)
        order = paging.order_of(question.sortby, chosen.columns)
        begun = paging.after(chosen, order, question.cursor) if question.cursor else chosen
        query = text(
            f"SELECT {_feature(chosen, question)} AS feature, {paging.keys(order)} {begun.source()} "
            f"ORDER BY {paging.by(order)} LIMIT :page_rows"
        )
        found = session.execute(query, {**begun.bound, "page_rows": question.limit + 1}).mappings().all()
        # All on one page are counted by looking at it.
        is_all = not question.cursor and len(found) <= question.limit
        matched = len(found) if is_all else count(session, chosen)
    page = found[: question.limit]
    cursor = paging.cursor_of(page[-1], order) if len(found) > question.limit else None
    return Page([_whole(row) for row in page], matched, cursor)


def item(session: Session, layer: Layer, key: int, question: Question) -> bytes:
    """
    One item as GeoJSON.

    Raises
    ------
    NotFound
        When there is none of that key, or it may not be given.
    """
    chosen = select(session, layer).also("v.id = :item_id", item_id=key)
    query = text(f"SELECT {_feature(chosen, question)} AS feature, v.id {chosen.source()}")
    row = session.execute(query, chosen.bound).mappings().first()
    if row is None:
        raise NotFound(
            f"{layer.name} has no item {key}.", f"GET /api/ogc/collections/{layer.name}/items lists them."
        )
    return _whole(row)


def _feature(chosen: Selection, question: Question) -> str:
    """SQL of a feature; a name of EPSG 4326 says latitude first, which CRS84 does not."""
    shape = f"st_transform({chosen.geom}, {question.srid})"
    if question.crs == f"{EPSG}4326":
        shape = f"st_flipcoordinates({shape})"
    listed = ", ".join(
        f'{value_sql(column)} AS "{column.name}"' for column in chosen.columns if column.name != "id"
    )
    written = f"st_asgeojson({shape}, {decimals(question.srid)}, 0)"
    return (
        'format(\'{"type":"Feature","id":%s,"geometry":%s,"properties":%s}\', v.id, '
        f"coalesce({written}, 'null'), row_to_json((SELECT p FROM (SELECT {listed}) p)))"
    )


def _whole(row: RowMapping) -> bytes:
    return str(row["feature"]).encode()


def as_collection(page: Page, links: Sequence[Mapping[str, str]], stamped: dt.datetime) -> bytes:
    """A page as a GeoJSON feature collection."""
    members = {
        "type": "FeatureCollection",
        "timeStamp": f"{stamped:%Y-%m-%dT%H:%M:%SZ}",
        "numberMatched": page.matched,
        "numberReturned": len(page.features),
        "links": list(links),
        "features": [],
    }
    return orjson.dumps(members).removesuffix(b"]}") + b",\n".join(page.features) + b"]}"


def columns_named(session: Session, layer: Layer) -> tuple[Column, ...]:
    """Columns that may stand as parameters of their own."""
    return select(session, layer).columns
