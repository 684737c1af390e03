"""Pages by keyset: the next one begins behind the last row of this one, whatever came or went meanwhile."""

import base64
import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.dependencies import LARGEST_KEY
from api.errors import Malformed
from api.export.columns import Column
from api.export.selecting import Selection

CASTS = {
    "text": "text",
    "number": "double precision",
    "integer": "bigint",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamptz",
}


@dataclass(frozen=True)
class Order:
    """A column to sort by, and whether it descends; what is empty comes last either way."""

    column: Column
    descends: bool


def order_of(sortby: str, columns: Sequence[Column]) -> tuple[Order, ...]:
    """
    Read `sortby`; the key always decides between equals.

    Raises
    ------
    Malformed
        When a property is not there, or named twice.
    """
    known = {column.name: column for column in columns}
    wanted: list[Order] = []
    for part in (each.strip() for each in sortby.split(",") if each.strip()):
        name = part.removeprefix("+").removeprefix("-").strip()
        if name not in known or name in {order.column.name for order in wanted}:
            raise Malformed(
                f"sortby={part} cannot be followed.", "Name properties of the queryables, each once."
            )
        wanted.append(Order(known[name], part.startswith("-")))
    if "id" not in {order.column.name for order in wanted}:
        wanted.append(Order(known["id"], False))
    return tuple(wanted)


def by(order: Sequence[Order]) -> str:
    """SQL behind ORDER BY."""
    return ", ".join(
        f'v."{each.column.name}"' + (" DESC" if each.descends else "")
        + ("" if each.column.name == "id" else " NULLS LAST")
        for each in order
    )  # fmt: skip


def keys(order: Sequence[Order]) -> str:
    """SQL of the values that a cursor is made of."""
    return ", ".join(f'v."{each.column.name}" AS key_{place}' for place, each in enumerate(order))


def cursor_of(values: Sequence[Any]) -> str:
    """Where the page begins that comes behind a row with these values of what is sorted by."""
    shown = [value.isoformat() if isinstance(value, dt.date) else value for value in values]
    return base64.urlsafe_b64encode(orjson.dumps(shown)).decode().rstrip("=")


def after(chosen: Selection, order: Sequence[Order], cursor: str) -> Selection:
    """
    Rows behind a cursor.

    Raises
    ------
    Malformed
        When the cursor is not one of ours, or of another order.
    """
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(order):
            raise ValueError(cursor)
        read = [_read(value, each.column.kind) for value, each in zip(values, order, strict=True)]
    except (ValueError, TypeError):
        raise Malformed("The cursor is not one of ours.", "Follow the link `next` as it was given.") from None
    beyond, same, bound = [], "true", {}
    for place, (each, value) in enumerate(zip(order, read, strict=True)):
        name, column = f"after_{place}", f'v."{each.column.name}"'
        if value is None:
            # What is empty stands at the end: nothing of this column comes behind it.
            same = f"{same} AND {column} IS NULL"
            continue
        last = f"CAST(:{name} AS {CASTS[each.column.kind]})"
        bound[name] = value
        sign = "<" if each.descends else ">"
        empty = "" if each.column.name == "id" else f" OR {column} IS NULL"
        beyond.append(f"({same} AND ({column} {sign} {last}{empty}))")
        same = f"{same} AND {column} = {last}"
    return chosen.also(f"({' OR '.join(beyond) or 'false'})", **bound)


def _read(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind in {"date", "timestamp"}:
        return (dt.date if kind == "date" else dt.datetime).fromisoformat(value)
    wanted: dict[str, type | tuple[type, ...]] = {
        "text": str, "number": (int, float), "integer": int, "boolean": bool,
    }  # fmt: skip
    if not isinstance(value, wanted[kind]) or (kind != "boolean" and isinstance(value, bool)):
        raise ValueError(value)
    if isinstance(value, int | float) and not (math.isfinite(value) and abs(value) <= LARGEST_KEY):
        raise ValueError(value)
    if isinstance(value, str) and "\0" in value:
        raise ValueError(value)
    return value
