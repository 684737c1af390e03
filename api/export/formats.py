"""One writer for each kind of file: rows come in blocks and go out at once."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
import orjson
import pyarrow as pa
import pyogrio
import pyproj
import shapely
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from pyarrow import parquet
from sqlalchemy.orm import Session

from api.errors import NotAnswerable
from api.export import geopackage
from api.export.arrow import GEOMETRY, compiled, reader_of, rows_of, schema_of, shape_sql, value_sql
from api.export.readme import Beside, as_json, as_text, sections
from api.export.readme_words import WORDS
from api.export.selecting import Selection

Format = Literal["geojson", "gpkg", "fgb", "parquet", "csv", "xlsx"]
FORMATS: tuple[Format, ...] = ("geojson", "gpkg", "fgb", "parquet", "csv", "xlsx")
# Rows of a sheet, less its heading.
LONGEST_SHEET = 1_048_575
DEGREES, METRES = 7, 2


def decimals(crs: int) -> int:
    """Decimals of a coordinate: a centimetre; more is noise."""
    return DEGREES if crs == 4326 else METRES


def write_geojson(
    session: Session, chosen: Selection, told: Beside, path: Path, *, with_crs: bool = False
) -> None:
    """
    Write GeoJSON, each feature on a line of its own.

    In degrees it is RFC 7946, which knows no `crs` member; another CRS always has it, as GeoJSON of 2008 asked.
    """
    listed = ", ".join(
        f'{value_sql(column)} AS "{column.name}"' for column in chosen.columns if column.name != "id"
    )
    shape = f"st_asgeojson({shape_sql(chosen, told.crs)}, {decimals(told.crs)}, 0)"
    raw, query, values = compiled(
        session,
        'SELECT format(\'{"type":"Feature","id":%s,"geometry":%s,"properties":%s}\', q.id, '
        "coalesce(q.shape, 'null'), row_to_json((SELECT p FROM (SELECT "
        + ", ".join(f'q."{column.name}"' for column in chosen.columns if column.name != "id")
        + f") p))) FROM (SELECT v.id, {listed}, {shape} AS shape {chosen.source()} ORDER BY v.id) q",
        chosen.bound,
    )
    members: dict[str, Any] = {"type": "FeatureCollection", "name": chosen.layer.name}
    if with_crs or told.crs != 4326:
        name = "urn:ogc:def:crs:OGC:1.3:CRS84" if told.crs == 4326 else f"urn:ogc:def:crs:EPSG::{told.crs}"
        members["crs"] = {"type": "name", "properties": {"name": name}}
    members |= {"attribution": told.attribution, "readme": as_json(told), "features": []}
    with path.open("wb") as file, raw.cursor().copy(f"COPY ({query}) TO STDOUT", values) as copy:
        file.write(orjson.dumps(members).removesuffix(b"]}") + b"\n")
        held = b""
        for block in copy:
            file.write(held.replace(b"\n", b",\n"))
            # Text of COPY doubles every backslash.
            held = bytes(block).replace(b"\\\\", b"\\")
        file.write(held.removesuffix(b"\n").replace(b"\n", b",\n") + b"\n]}\n")


def write_csv(session: Session, chosen: Selection, told: Beside, path: Path) -> None:
    """Write a table for spreadsheets: UTF-8 with a mark, semicolons; points as x and y, other shapes as WKT."""
    text_columns = [column.name for column in chosen.columns if column.kind == "text"]
    listed = ", ".join(
        _cell(column.name, value_sql(column), column.name in text_columns) for column in chosen.columns
    )
    names, shapes = _coordinates(chosen, told.crs)
    raw, query, values = compiled(
        session,
        f"SELECT {listed}, {shapes} FROM (SELECT v.*, {shape_sql(chosen, told.crs)} AS shape "
        f"{chosen.source()}) v ORDER BY v.id",
        chosen.bound,
    )
    with path.open("wb") as file:
        line = io.StringIO()
        csv.writer(line, delimiter=";", lineterminator="\n").writerow(
            [*(column.name for column in chosen.columns), *names]
        )
        file.write("\ufeff".encode() + line.getvalue().encode())
        with raw.cursor().copy(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, DELIMITER ';')", values) as copy:
            for block in copy:
                file.write(bytes(block))


def _cell(name: str, value: str, is_text: bool) -> str:
    """SQL of a cell; a text that begins like a formula would be run by a spreadsheet."""
    if not is_text:
        return f'{value} AS "{name}"'
    return f"CASE WHEN {value} ~ E'^[=+@\\\\t\\\\r-]' THEN '''' || {value} ELSE {value} END AS \"{name}\""


def _coordinates(chosen: Selection, crs: int) -> tuple[tuple[str, ...], str]:
    """Names of the columns of place, and SQL of their values."""
    if chosen.layer.geometry == "Point":
        names = ("lon", "lat") if crs == 4326 else ("x", "y")
        digits = decimals(crs)
        return names, f"round(st_x(v.shape)::numeric, {digits}), round(st_y(v.shape)::numeric, {digits})"
    return ("wkt",), f"st_astext(v.shape, {decimals(crs)})"


def write_xlsx(session: Session, chosen: Selection, told: Beside, path: Path) -> None:
    """
    Write a workbook: the rows, and a sheet that tells what they are.

    Raises
    ------
    NotAnswerable
        When there are more rows than a sheet holds.
    """
    if told.rows > LONGEST_SHEET:
        raise NotAnswerable(
            f"A sheet holds {LONGEST_SHEET:,} rows, and these are {told.rows:,}.",
            "Take CSV, GeoPackage or GeoParquet, or filter further.",
            code="export_sheet_full",
            rows=told.rows,
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet(chosen.layer.name[:31])
    sheet.freeze_panes = "A2"
    names, shapes = _coordinates(chosen, told.crs)
    sheet.append([_bold(sheet, name) for name in (*(column.name for column in chosen.columns), *names)])
    shape = f"ARRAY[{shapes}]".replace("v.shape", shape_sql(chosen, told.crs))
    for block in rows_of(session, chosen, shape):
        for *values, place in block:
            sheet.append([_value(sheet, value) for value in (*values, *_placed(place, len(names)))])
    _tell(book, told)
    book.save(path)


def _placed(place: list[Any], wanted: int) -> list[Any]:
    return [float(part) if part is not None and wanted == 2 else part for part in place]


def _bold(sheet: Any, value: str) -> Any:
    cell = WriteOnlyCell(sheet, value)
    cell.font = Font(bold=True)
    return cell


def _value(sheet: Any, value: Any) -> Any:
    """A cell of a sheet, which knows no zones, no control characters, and runs what begins with an equals sign."""
    if isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    clean = ILLEGAL_CHARACTERS_RE.sub("", value)
    if not clean.startswith("="):
        return clean
    cell = WriteOnlyCell(sheet, clean)
    cell.data_type = "s"
    return cell


def _tell(book: Workbook, told: Beside) -> None:
    sheet = book.create_sheet(WORDS[told.language]["sheet"])
    sheet.column_dimensions["A"].width = 34
    sheet.column_dimensions["B"].width = 100
    for heading, pairs in sections(told):
        sheet.append([_bold(sheet, heading)])
        for name, what in pairs:
            cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", what))
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            sheet.append([name, cell])
        sheet.append([])


# Rows of a FlatGeobuf that has a spatial index, and bytes of a GeoPackage's that are held before they are written.
MOST_INDEXED = 150_000
pyogrio.set_gdal_config_options({"OGR_GPKG_MAX_RAM_USAGE_RTREE": "50000000"})


def _kind(chosen: Selection) -> str:
    return "Unknown" if chosen.layer.geometry == "Geometry" else chosen.layer.geometry


def _write_gdal(driver: str, **options: str) -> Callable[[Session, Selection, Beside, Path], None]:
    def write(session: Session, chosen: Selection, told: Beside, path: Path) -> None:
        pyogrio.write_arrow(
            reader_of(session, chosen, told.crs),
            path,
            layer=chosen.layer.name.replace("-", "_"),
            driver=driver,
            geometry_name=GEOMETRY,
            geometry_type=_kind(chosen),
            crs=f"EPSG:{told.crs}",
            layer_options=options,
        )

    return write


def write_fgb(session: Session, chosen: Selection, told: Beside, path: Path) -> None:
    """Write FlatGeobuf, with a spatial index as long as that, which is held until it is written, stays small."""
    is_indexed = "YES" if told.rows <= MOST_INDEXED else "NO"
    _write_gdal("FlatGeobuf", SPATIAL_INDEX=is_indexed)(session, chosen, told, path)


def write_gpkg(session: Session, chosen: Selection, told: Beside, path: Path) -> None:
    """Write a GeoPackage that opens well drawn, with what it is beside it."""
    _write_gdal("GPKG", GEOMETRY_NAME="geom", FID="fid")(session, chosen, told, path)
    geopackage.finish(path, chosen.layer, sections(told), as_text(told))


def write_parquet(session: Session, chosen: Selection, told: Beside, path: Path) -> None:
    """Write GeoParquet 1.1, in row groups, with a box beside each geometry by which a reader passes over groups."""
    covering = {"bbox": {side: [BOX, side] for side in SIDES}}
    about: dict[str, Any] = {"encoding": "WKB", "geometry_types": _types(chosen), "covering": covering}
    if told.crs != 4326:
        # Where it is left away, a reader takes it for degrees, longitude first.
        about["crs"] = pyproj.CRS.from_epsg(told.crs).to_json_dict()
    geo = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: about}}
    schema = pa.schema([*schema_of(chosen.columns), pa.field(BOX, BOX_TYPE)]).with_metadata(
        {"geo": orjson.dumps(geo), "kernkaart:readme": as_text(told).encode()}
    )
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _grouped(reader_of(session, chosen, told.crs)):
            writer.write_table(batch.cast(schema))


GROUP_ROWS = 64_000
BOX, SIDES = "bbox", ("xmin", "ymin", "xmax", "ymax")
BOX_TYPE = pa.struct([(side, pa.float64()) for side in SIDES])


def _with_boxes(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same rows with the box around each geometry; nothing where there is none."""
    shapes = shapely.from_wkb(batch.column(GEOMETRY).to_numpy(zero_copy_only=False))
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    boxes = pa.StructArray.from_arrays(
        [pa.array(side) for side in bounds.T.copy()],
        fields=list(BOX_TYPE),
        mask=pa.array(np.isnan(bounds[:, 0])),
    )
    return batch.append_column(pa.field(BOX, BOX_TYPE), boxes)


def _grouped(reader: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Batches put together into row groups of a size that compresses well."""
    held: list[pa.RecordBatch] = []
    schema = reader.schema.append(pa.field(BOX, BOX_TYPE))
    for batch in reader:
        held.append(_with_boxes(batch))
        if sum(each.num_rows for each in held) >= GROUP_ROWS:
            yield pa.Table.from_batches(held)
            held = []
    yield pa.Table.from_batches(held, schema=schema)


def _types(chosen: Selection) -> list[str]:
    # An empty list says: any.
    return [] if chosen.layer.geometry == "Geometry" else [chosen.layer.geometry]


WRITERS: dict[Format, Callable[[Session, Selection, Beside, Path], None]] = {
    "geojson": write_geojson,
    "gpkg": write_gpkg,
    "fgb": write_fgb,
    "parquet": write_parquet,
    "csv": write_csv,
    "xlsx": write_xlsx,
}
