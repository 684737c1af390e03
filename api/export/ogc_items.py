"""Items of the OGC API's collections: which are asked for, a page of them, and one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.db.at_once import Ask, Statement
from api.dependencies import LARGEST_KEY, VERSION_OF_ALL
from api.errors import Malformed, NotFound
from api.export import paging
from api.export.arrow import value_sql
from api.export.catalogue import Layer
from api.export.formats import decimals
from api.export.layers import answerable
from api.export.ogc import EPSG, Question
from api.export.selecting import HELD_BACK, Selection, select_at_hand

# Differs as soon as rows of a table may, or those of them that may be given.
VERSION = Statement(f"SELECT ({VERSION_OF_ALL}), array_to_string({HELD_BACK}, '.')", {})
# How many rows met a condition at a version of the data, where everything that they rest on raises it.
_COUNTED: dict[tuple[object, ...], int] = {}
MOST_COUNTED = 2000


def asked_rows(layer: Layer, question: Question) -> Selection:
    """Rows of a collection that meet all that is asked."""
    chosen = select_at_hand(layer)
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


async def items(take: Ask, layer: Layer, question: Question) -> Page:
    """
    A page of items by keyset: nothing is cut off in silence, and nothing is skipped when rows come or go.

    Raises
    ------
    Malformed
        When the question cannot be followed.
    """
    chosen = asked_rows(layer, question)
    order = paging.order_of(question.sortby, chosen.columns)
    begun = paging.after(chosen, order, question.cursor) if question.cursor else chosen
    query = Statement(
        f"SELECT {_feature(chosen, question)} AS feature, {paging.keys(order)} {begun.source()} "
        f"ORDER BY {paging.by(order)} LIMIT :page_rows",
        {**begun.bound, "page_rows": question.limit + 1},
    )
    with answerable():
        [version], found = await take(VERSION, query)
        # All on one page are counted by looking at it.
        is_all = not question.cursor and len(found) <= question.limit
        matched = len(found) if is_all else await _counted(take, chosen, version)
    page = found[: question.limit]
    cursor = paging.cursor_of(page[-1][1:]) if len(found) > question.limit else None
    return Page([row[0] for row in page], matched, cursor)


async def _counted(take: Ask, chosen: Selection, version: tuple[Any, ...]) -> int:
    """How many rows are met, remembered while nothing changes that they rest on, for pages of a large table."""
    counting = Statement(f"SELECT count(*) {chosen.source()}", chosen.bound)
    if not chosen.layer.is_table:
        return int((await take(counting))[0][0][0])
    key = (*version, counting.sql, repr(sorted(chosen.bound.items())))
    if key not in _COUNTED:
        if len(_COUNTED) >= MOST_COUNTED:
            _COUNTED.clear()
        _COUNTED[key] = int((await take(counting))[0][0][0])
    return _COUNTED[key]


async def item(take: Ask, layer: Layer, key: int, question: Question) -> bytes:
    """
    One item as GeoJSON.

    Raises
    ------
    NotFound
        When there is none of that key, or it may not be given.
    """
    chosen = select_at_hand(layer).also("v.id = :item_id", item_id=key)
    [found] = await take(
        Statement(f"SELECT {_feature(chosen, question)} AS feature {chosen.source()}", chosen.bound)
    )
    if not found:
        raise NotFound(
            f"{layer.name} has no item {key}.", f"GET /api/ogc/collections/{layer.name}/items lists them."
        )
    return bytes(found[0][0])


def _feature(chosen: Selection, question: Question) -> str:
    """SQL of a feature; a name of EPSG 4326 says latitude first, which CRS84 does not."""
    shape = chosen.shape_in(question.srid)
    if question.crs == f"{EPSG}4326":
        shape = f"st_flipcoordinates({shape})"
    listed = ", ".join(
        f'{value_sql(column)} AS "{column.name}"' for column in chosen.columns if column.name != "id"
    )
    written = f"st_asgeojson({shape}, {decimals(question.srid)}, 0)"
    return (
        'convert_to(format(\'{"type":"Feature","id":%s,"geometry":%s,"properties":%s}\', v.id, '
        f"coalesce({written}, 'null'), row_to_json((SELECT p FROM (SELECT {listed}) p))), 'UTF8')"
    )


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
