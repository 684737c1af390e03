"""What a layer's columns are: names, types and definitions, as the database itself describes them."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.session import ordinary_session
from api.export.catalogue import Layer
from api.settings import get_settings


@dataclass(frozen=True)
class Column:
    """A column of a layer as the database describes it."""

    name: str
    kind: Literal["text", "number", "integer", "boolean", "date", "timestamp"]
    type: str
    definition: str
    scheme: str | None


KINDS: dict[str, Any] = {
    "bigint": "integer",
    "integer": "integer",
    "smallint": "integer",
    "double precision": "number",
    "real": "number",
    "numeric": "number",
    "boolean": "boolean",
    "date": "date",
    "timestamp with time zone": "timestamp",
}


def columns_of(session: Session, layer: Layer) -> list[Column]:
    """Columns that are given, the key first: types and definitions out of the database itself."""
    return _given(layer, _described(session, get_settings().database_url, layer.relation))


def columns_at_hand(layer: Layer) -> tuple[Column, ...]:
    """The same, asked of the database only the first time."""
    known = _KNOWN.get((get_settings().database_url, layer.relation))
    if known is None:
        with ordinary_session() as session:
            return tuple(columns_of(session, layer))
    return tuple(_given(layer, known))


def are_at_hand(layer: Layer) -> bool:
    """Whether the database was asked already."""
    return (get_settings().database_url, layer.relation) in _KNOWN


def _given(layer: Layer, found: list[Column]) -> list[Column]:
    wanted = {"id", "nis_code", *layer.columns} if layer.columns else None
    return [
        column
        for column in found
        if column.name not in layer.hidden and (wanted is None or column.name in wanted)
    ]


# Tables and views change only while the application stands still, so that each is described once.
_KNOWN: dict[tuple[str, str], list[Column]] = {}


def _described(session: Session, database: str, relation: str) -> list[Column]:
    if (database, relation) not in _KNOWN:
        query = text(
            "SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type, "
            "coalesce(col_description(a.attrelid, a.attnum), '') AS definition, "
            "substring(col_description(a.attrelid, a.attnum) from '[Cc]ode list ([a-z_]+)') AS scheme "
            "FROM pg_attribute a WHERE a.attrelid = CAST(:relation AS regclass) AND a.attnum > 0 "
            "AND NOT a.attisdropped AND format_type(a.atttypid, NULL) <> 'geometry' ORDER BY a.attnum"
        )
        found = session.execute(query, {"relation": relation}).mappings().all()
        _KNOWN[database, relation] = [
            Column(row["name"], KINDS.get(row["type"], "text"), row["type"], row["definition"], row["scheme"])
            for row in found
        ]
    return _KNOWN[database, relation]
