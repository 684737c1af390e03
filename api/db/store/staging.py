"""Frames to rows of a temporary table, by COPY."""

import io
import json
from typing import Any

import geopandas as gpd
import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.csv as pa_csv
import shapely

INTEGER = {"BIGINT", "INTEGER", "SMALLINT"}
FLOATING = {"DOUBLE PRECISION", "FLOAT", "REAL", "NUMERIC"}


# What a column of each kind is too small for, and a text too long for an index or for anybody to read.
LARGEST = {"SMALLINT": 2.0**15, "INTEGER": 2.0**31, "BIGINT": 2.0**63, "REAL": 3.4e38}
SMALLEST_REAL = 1.2e-38
LONGEST, LONGEST_INDEXED = 100_000, 500


def create_stage(cursor: psycopg.Cursor[Any], name: str, columns: dict[str, str]) -> None:
    """Make the temporary table; geometry is staged as EWKB text and cast when read."""
    listed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    cursor.execute(f"CREATE TEMP TABLE {name} (row_number bigint, {listed}) ON COMMIT DROP")


def copy_rows(
    cursor: psycopg.Cursor[Any], name: str, rows: pd.DataFrame, columns: dict[str, str], *, srid: int
) -> None:
    """Append `rows` to the stage; only the columns named in `columns` are read, the others stay empty."""
    given = [column for column in columns if column in rows.columns or _is_geometry_of(rows, column)]
    arrays = {"row_number": pa.array(rows["row_number"].astype("int64"))}
    for column in given:
        series = rows.geometry if _is_geometry_of(rows, column) else rows[column]
        arrays[column] = pa.array(_as_text(series, columns[column].upper(), srid), from_pandas=True)
    buffer = io.BytesIO()
    pa_csv.write_csv(pa.table(arrays), buffer, pa_csv.WriteOptions(include_header=False))
    listed = ", ".join(f'"{column}"' for column in ["row_number", *given])
    with cursor.copy(f"COPY {name} ({listed}) FROM STDIN WITH (FORMAT csv)") as copy:
        copy.write(buffer.getbuffer())


def unfit(
    rows: pd.DataFrame, columns: dict[str, str], indexed: frozenset[str]
) -> tuple[pd.Series, pd.DataFrame]:
    """
    Find the cells that their column cannot hold.

    Returns
    -------
    Whether a row has such a cell, and a refusal of each.
    """
    is_unfit = pd.Series(False, index=rows.index)
    refused = []
    for column, declared in columns.items():
        if column not in rows.columns:
            continue
        kind = declared.upper()
        most = LONGEST_INDEXED if column in indexed else LONGEST
        bad = _is_too_long(rows[column], most) if kind == "TEXT" else _is_too_large(rows[column], kind)
        if not bad.any():
            continue
        is_unfit |= bad
        told = rows.loc[bad, ["row_number"]].assign(
            column_name=column, value=rows.loc[bad, column].map(lambda value: str(value)[:200])
        )
        if kind == "TEXT":
            refused.append(
                told.assign(
                    reason=f"{column} has more than {most:,} signs.", remedy="Shorten it, or leave it empty."
                )
            )
        else:
            refused.append(
                told.assign(
                    reason=f"{column} is beyond what can be kept.",
                    remedy="Correct the number; check its unit.",
                )
            )
    return is_unfit, pd.concat(refused) if refused else pd.DataFrame()


def _is_too_long(series: pd.Series, most: int) -> pd.Series:
    if isinstance(series.dtype, pd.StringDtype):
        return series.str.len().gt(most).fillna(False).astype(bool)
    return series.map(lambda value: isinstance(value, str) and len(value) > most).astype(bool)


def _is_too_large(series: pd.Series, kind: str) -> pd.Series:
    if kind not in LARGEST:
        return pd.Series(False, index=series.index)
    size = pd.to_numeric(series).astype("float64").abs()
    return size.ge(LARGEST[kind]) | (size.gt(0) & size.lt(SMALLEST_REAL) if kind == "REAL" else False)


def _is_geometry_of(rows: pd.DataFrame, column: str) -> bool:
    return column == "geom" and isinstance(rows, gpd.GeoDataFrame)


def _as_text(series: pd.Series, kind: str, srid: int) -> Any:
    """Values in the form PostgreSQL's input functions take, with None for unknown."""
    if kind.startswith("GEOMETRY"):
        return _as_ewkb(series, kind, srid)
    if kind in INTEGER:
        return pd.to_numeric(series).astype("Int64")
    if kind in FLOATING or kind.startswith("FLOAT"):
        return pd.to_numeric(series).astype("float64")
    if kind == "BOOLEAN":
        return series.astype("boolean")
    known = series.notna()
    if kind.endswith("[]"):
        text = series.where(known).map(_as_array, na_action="ignore")
    elif kind == "JSONB":
        text = series.where(known).map(_as_json, na_action="ignore")
    elif kind == "DATE":
        text = pd.to_datetime(series).dt.strftime("%Y-%m-%d")
    elif kind.startswith("TIMESTAMP"):
        text = pd.to_datetime(series, utc=True).dt.strftime("%Y-%m-%dT%H:%M:%S+00")
    else:
        text = (
            series.astype("object").where(known).map(lambda value: storable(str(value)), na_action="ignore")
        )
    return text.astype("object").where(known, None).tolist()


def _as_ewkb(series: pd.Series, kind: str, srid: int) -> list[str | None]:
    shapes = shapely.force_2d(series.to_numpy())
    if "MULTIPOLYGON" in kind:
        single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
        shapes = shapes.copy()
        shapes[single] = [shapely.MultiPolygon([shape]) for shape in shapes[single]]
    encoded = shapely.to_wkb(shapely.set_srid(shapes, srid), hex=True, include_srid=True)
    return [None if value is None else str(value) for value in encoded]


def _as_array(values: Any) -> str:
    if isinstance(values, str):
        return values
    return "{" + ",".join(json.dumps(storable(str(value))) for value in values) + "}"


def _as_json(value: Any) -> str:
    return storable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def storable(text: str) -> str:
    """A text without what PostgreSQL keeps in none: the sign zero, and halves of a character."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
