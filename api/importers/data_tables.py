"""Tables in Parquet and in JSON lists."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from api.importers.crs import Label
from api.importers.reading import UnreadableSource
from api.importers.source import BATCH_ROWS, SAMPLE_ROWS, Batch, Source
from api.importers.text_tables import open_bytes


def open_parquet(path: Path) -> Source:
    """Open a Parquet table, with geometry where it is GeoParquet.

    Raises
    ------
    UnreadableSource
        Not Parquet, or a geometry that is not WKB.
    """
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise UnreadableSource(
            f"{path.name} is no readable Parquet file ({error})", "Export it again"
        ) from error
    geo = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
    shape = geo.get("primary_column")
    label = None
    if shape is not None:
        spec = geo["columns"][shape]
        if spec.get("encoding") != "WKB":
            raise UnreadableSource(
                f"{path.name} holds geometry as {spec.get('encoding')}", "Write GeoParquet with WKB geometry"
            )
        # GeoParquet: no crs member means WGS 84, null means unknown.
        crs = spec.get("crs", 4326)
        label = Label(None if crs is None else CRS.from_user_input(crs), is_stated="crs" in spec)
    columns = [
        name for name in file.schema_arrow.names if name != shape and not name.startswith("__index_level")
    ]

    def read(wanted: Sequence[str]) -> Iterator[Batch]:
        return _parquet_batches(file, list(wanted), shape)

    def head(wanted: Sequence[str]) -> pd.DataFrame:
        for record in file.iter_batches(SAMPLE_ROWS, columns=list(wanted)):
            return pd.DataFrame({name: record.column(name).to_pandas().array for name in wanted})
        return pd.DataFrame()

    return Source(columns, read, label, head)


def _parquet_batches(file: pq.ParquetFile, wanted: list[str], shape: str | None) -> Iterator[Batch]:
    start, total = 1, max(1, file.metadata.num_rows)
    for record in file.iter_batches(BATCH_ROWS, columns=[*wanted, *([shape] if shape else [])]):
        data = {name: record.column(name).to_pandas().array for name in wanted}
        frame = pd.DataFrame(data, index=pd.RangeIndex(start, start + record.num_rows))
        geometry = None
        if shape is not None:
            wkb = record.column(shape).to_numpy(zero_copy_only=False)
            geometry = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"))
        start += record.num_rows
        yield Batch(frame, geometry, done_share=(start - 1) / total)


def open_json(path: Path) -> Source:
    """Open a JSON file that is a list of objects, or an object with one such list in it.

    Objects in objects become columns with a dot ("location.lon"); a list of two numbers becomes ".x", ".y".

    Raises
    ------
    UnreadableSource
        No such list.
    """
    try:
        with open_bytes(path) as stream:
            found = json.loads(stream.read())
    except (ValueError, EOFError, OSError) as error:
        raise UnreadableSource(f"{path.name} is no readable JSON ({error})", "Download it again") from error
    if isinstance(found, dict):
        lists = [value for value in found.values() if _is_table(value)]
        found = lists[0] if len(lists) == 1 else None
    if not _is_table(found):
        raise UnreadableSource(
            f"{path.name} holds no single list of objects", "Give a JSON list of objects, GeoJSON, or a CSV"
        )
    records = [_flat(row) for row in found]
    columns = list(dict.fromkeys(name for row in records for name in row))

    def read(wanted: Sequence[str]) -> Iterator[Batch]:
        for start in range(0, len(records), BATCH_ROWS):
            part = records[start : start + BATCH_ROWS]
            data = {name: [row.get(name) for row in part] for name in wanted}
            frame = pd.DataFrame(data, index=pd.RangeIndex(start + 1, start + 1 + len(part)), dtype="object")
            yield Batch(frame, done_share=(start + len(part)) / len(records))

    return Source(columns, read)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _flat(row: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in row.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            out |= _flat(value, f"{name}.")
        elif isinstance(value, list) and len(value) == 2 and all(isinstance(v, int | float) for v in value):
            out[f"{name}.x"], out[f"{name}.y"] = value
        elif isinstance(value, list):
            out[name] = json.dumps(value, ensure_ascii=False)
        else:
            out[name] = value
    return out
