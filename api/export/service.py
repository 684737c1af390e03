"""GeoJSON and CSV, streamed."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.session import ordinary_session
from api.dependencies import require_municipality
from api.errors import NotYours
from api.export import queries
from api.places.filters import UnitFilter

LONGEST_S = 1800


def check(session: Session, what: str, nis_code: str) -> str:
    """
    Refuse what the licence forbids; returns the attribution.

    Raises
    ------
    NotFound
        When the municipality is not known.
    NotYours
        When a dataset's rows may not be given to others.
    """
    require_municipality(session, nis_code)
    table = queries.TABLE_OF[what]
    if what not in queries.AGGREGATES and (names := queries.withheld(session, table, nis_code)):
        raise NotYours(
            f"The licence of {', '.join(names)}, or the persons in it, do not let single rows be given to others.",
            "Use the aggregates (GET /api/vacancy), or ask the publisher.",
        )
    return queries.attribution(session, table, nis_code)


@contextmanager
def long_session() -> Iterator[Session]:
    """A session in which a file of a million rows may take longer than a question of the map may."""
    with ordinary_session() as session:
        session.execute(text(f"SET LOCAL statement_timeout = '{LONGEST_S}s'"))
        yield session


def units_geojson(wanted: UnitFilter, attribution: str) -> Iterator[bytes]:
    """Shop units as a GeoJSON feature collection, in pieces."""
    with long_session() as session:
        yield from _collection(queries.unit_features(session, wanted), attribution)


def layer_geojson(name: str, nis_code: str, attribution: str) -> Iterator[bytes]:
    """One layer as a GeoJSON feature collection, in pieces."""
    with long_session() as session:
        yield from _collection(queries.layer_features(session, name, nis_code), attribution)


def begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Fetch the first piece before the answer starts, so that an SQL error is an error and not half a file."""
    first = next(pieces, b"")
    return chain([first], pieces)


def _collection(blocks: Iterator[bytes], attribution: str) -> Iterator[bytes]:
    """Features between the brackets of a collection; each comes with a line end, every one but the last a comma."""
    # The first block is fetched before anything is sent.
    held = next(blocks, b"")
    yield b'{"type":"FeatureCollection","attribution":' + orjson.dumps(attribution) + b',"features":[\n'
    for block in blocks:
        yield held.replace(b"\n", b",\n")
        held = block
    yield held.removesuffix(b"\n").replace(b"\n", b",\n") + b"\n]}\n"


def units_csv(wanted: UnitFilter) -> Iterator[bytes]:
    """Shop units as CSV for spreadsheets: UTF-8 with BOM, semicolons, canonical column names."""
    with long_session() as session:
        rows = queries.unit_rows(session, wanted)
        # The first rows are fetched before anything is sent.
        block = list(islice(rows, queries.AT_ONCE))
        yield "\ufeff".encode() + _lines([queries.UNIT_COLUMNS])
        while block:
            yield _lines([harmless(row[column]) for column in queries.UNIT_COLUMNS] for row in block)
            block = list(islice(rows, queries.AT_ONCE))


def csv_file(rows: Iterable[Iterable[Any]]) -> bytes:
    """A whole small table as such a file."""
    return "\ufeff".encode() + _lines([harmless(value) for value in row] for row in rows)


def _lines(rows: Iterable[Iterable[Any]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerows(rows)
    return buffer.getvalue().encode()


def harmless(value: Any) -> Any:
    """A text that begins like a formula would be run by a spreadsheet; what has parts is JSON."""
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return "'" + value
    return value


def file_name(session: Session, what: str, nis_code: str, extension: str) -> str:
    """A file name that tells what, where and when: ``handelspanden`` would not travel, so it is English ASCII."""
    name = unicodedata.normalize("NFKD", queries.municipality_name(session, nis_code)).encode(
        "ascii", "ignore"
    )
    slug = re.sub(r"[^a-z0-9]+", "-", name.decode().lower()).strip("-")
    return f"kernkaart-{slug}-{what}-{datetime.now(UTC):%Y-%m-%d}.{extension}"
