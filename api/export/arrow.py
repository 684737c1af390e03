"""Rows of a selection as Arrow batches: a few thousand at a time, so that memory stays flat."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pyarrow as pa
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from api.export.columns import Column
from api.export.selecting import Selection

AT_ONCE = 4000
GEOMETRY = "geometry"
# Types of the database that a file knows too; all others travel as text.
TYPES: dict[str, pa.DataType] = {
    "bigint": pa.int64(),
    "integer": pa.int32(),
    "smallint": pa.int16(),
    "double precision": pa.float64(),
    "real": pa.float64(),
    "numeric": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp with time zone": pa.timestamp("us", tz="UTC"),
}


def schema_of(columns: tuple[Column, ...]) -> pa.Schema:
    """Fields of the columns, then the geometry as WKB."""
    fields = [pa.field(column.name, TYPES.get(column.type, pa.string())) for column in columns]
    return pa.schema([*fields, pa.field(GEOMETRY, pa.binary())])


def value_sql(column: Column) -> str:
    """SQL of a column's value, in a type that files know."""
    name = f'v."{column.name}"'
    if column.type in {"numeric", "real"}:
        return f"CAST({name} AS double precision)"
    if column.type in TYPES or column.type == "text":
        return name
    return f"CAST({name} AS text)"


def shape_sql(chosen: Selection, crs: int) -> str:
    """SQL of the geometry in the CRS asked for, always flat."""
    return f"st_transform(st_force2d({chosen.geom}), {crs})"


def compiled(
    session: Session, statement: str, values: dict[str, Any]
) -> tuple[psycopg.Connection, str, dict[str, Any]]:
    """Driver connection, statement and parameters, for what SQLAlchemy does not stream itself."""
    bound = text(statement).compile(dialect=postgresql.psycopg.dialect())  # type: ignore[no-untyped-call]
    raw = session.connection().connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    return raw, str(bound), {**bound.params, **values}


def rows_of(session: Session, chosen: Selection, shape: str) -> Iterator[list[tuple[Any, ...]]]:
    """Blocks of rows by key: the columns, then `shape`."""
    listed = ", ".join(f'{value_sql(column)} AS "{column.name}"' for column in chosen.columns)
    raw, query, values = compiled(
        session, f"SELECT {listed}, {shape} AS {GEOMETRY} {chosen.source()} ORDER BY v.id", chosen.bound
    )
    with raw.cursor("kernkaart_rows") as cursor:
        cursor.execute(query, values, binary=True)
        while block := cursor.fetchmany(AT_ONCE):
            yield block


def batches_of(session: Session, chosen: Selection, crs: int) -> Iterator[pa.RecordBatch]:
    """The same as record batches with the geometry as WKB."""
    schema = schema_of(chosen.columns)
    for block in rows_of(session, chosen, f"st_asbinary({shape_sql(chosen, crs)})"):
        arrays = [
            pa.array(values, field.type)
            for values, field in zip(zip(*block, strict=True), schema, strict=True)
        ]
        yield pa.record_batch(arrays, schema=schema)


def reader_of(session: Session, chosen: Selection, crs: int) -> pa.RecordBatchReader:
    """The same as a reader, which a writer pulls from."""
    return pa.RecordBatchReader.from_batches(schema_of(chosen.columns), batches_of(session, chosen, crs))
