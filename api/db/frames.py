"""Millions of rows at once, as a frame."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import psycopg
from sqlalchemy.orm import Session

# How PostgreSQL writes a row: how many fields, then the length and the value of each, the high byte first.
TYPES = {"int8": ">i8", "float8": ">f8", "timestamptz": ">i8"}
NATIVE = {"int8": "int64", "float8": "float64", "timestamptz": "int64"}
HEADER_BYTES, TRAILER_BYTES = 19, 2
EPOCH = pd.Timestamp("2000-01-01", tz="UTC")


def read_numbers(
    session: Session, query: str, values: Mapping[str, Any], columns: Mapping[str, str]
) -> pd.DataFrame:
    """
    Read the rows of a query by binary COPY, which takes a tenth of the time of a cursor.

    Parameters
    ----------
    query
        With parameters as `%(name)s`. It gives just `columns`, of just these types, and nothing empty: a number that
        may miss is coalesced to NaN.
    values
        Of the parameters.
    columns
        Name and type of each: int8, float8 or timestamptz.

    Returns
    -------
    pandas.DataFrame
        Integers, floats and instants in UTC.
    """
    raw = session.connection().connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    with raw.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT binary)".encode(), values) as copy:
        data = b"".join(bytes(block) for block in copy)
    fields = [("_fields", ">i2")]
    for name, kind in columns.items():
        fields += [(f"{name}_bytes", ">i4"), (name, TYPES[kind])]
    body = memoryview(data)[HEADER_BYTES : len(data) - TRAILER_BYTES]
    rows = np.frombuffer(body, dtype=np.dtype(fields))
    assert (rows["_fields"] == len(columns)).all()
    assert all((rows[f"{name}_bytes"] == 8).all() for name in columns)
    frame = pd.DataFrame({name: rows[name].astype(NATIVE[kind]) for name, kind in columns.items()})
    for name, kind in columns.items():
        if kind == "timestamptz":
            frame[name] = EPOCH.as_unit("us") + pd.to_timedelta(frame[name], unit="us")
    return frame
