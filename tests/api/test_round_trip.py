import io
import sqlite3
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from sqlalchemy.orm import Session

from api.commands.intake import Order, import_file
from api.db.session import get_engine
from tests.town_database import NIS, rows

# What a city knows of its units, and the history of who traded where: all but from which import a row came.
TABLES = {
    "shop_unit": (
        "local_code, name, street, house_number, house_number_suffix, house_number_end, box, postcode, place, "
        "floor_area_m2, gross_area_m2, frontage_m, floor_level, is_storefront, lifecycle, fitout_state, valid_from, "
        "valid_to, last_seen_on, core_id, parcel_id, note, geom"
    ),
    "occupancy": "shop_unit_id, period, start_basis, occupant_name, branch_code, is_chain, is_popup, is_anchor, moved_from_unit_id",
    "vacancy_spell": (
        "shop_unit_id, start_earliest_on, start_latest_on, start_basis, ended_on, period, cause, market_status, "
        "asking_rent_eur_per_month, last_branch_code"
    ),
}


def held() -> dict[str, dict[tuple, object]]:
    """Every cell of those tables, by row and column, so that a difference names itself."""
    return {
        table: {
            (number, name): value
            for number, row in enumerate(rows(f"SELECT {columns} FROM {table} ORDER BY id"))
            for name, value in row._mapping.items()
        }
        for table, columns in TABLES.items()
    }


def differing(one, other) -> dict[str, dict]:
    return {
        table: {
            cell: (cells[cell], other[table].get(cell))
            for cell in cells
            if cells[cell] != other[table].get(cell)
        }
        for table, cells in one.items()
    }


NOTHING = {table: {} for table in TABLES}


def exported(client, tmp_path, kind):
    answer = client.get("/api/exports/layers/shop-units/file", params={"municipality": NIS, "format": kind})
    assert answer.status_code == 200, answer.text
    if kind == "xlsx":
        path = tmp_path / "units.xlsx"
        path.write_bytes(answer.content)
        return path
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    (name,) = [name for name in archive.namelist() if name != "README.txt"]
    return archive.extract(name, tmp_path)


def imported(path) -> None:
    order = Order("shop-units", NIS, {}, {}, {"code": "town", "name": "Dataset town"})
    with Session(get_engine()) as session, session.begin():
        import_file(session, Path(path), order, progressed=lambda *_: None)


def edited(path, kind) -> None:
    """Change one floor area the way a person does: in QGIS, in a text editor, in Excel."""
    if kind == "gpkg":
        with sqlite3.connect(path) as base:
            base.create_function("ST_IsEmpty", 1, lambda _: 0)
            for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
                base.create_function(name, 1, lambda _: 0.0)
            base.execute("UPDATE shop_units SET floor_area_m2 = 123 WHERE local_code = 'H1'")
    elif kind == "csv":
        table = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False, encoding="utf-8-sig")
        table.loc[table["local_code"] == "H1", "floor_area_m2"] = "123"
        table.to_csv(path, sep=";", index=False, encoding="utf-8-sig")
    elif kind in {"geojson", "fgb", "parquet"}:
        frame = gpd.read_parquet(path) if kind == "parquet" else gpd.read_file(path)
        frame.loc[frame["local_code"] == "H1", "floor_area_m2"] = 123
        frame.to_parquet(path) if kind == "parquet" else frame.to_file(path)
    else:
        book = openpyxl.load_workbook(path)
        sheet = book["shop-units"]
        heading = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            if row[heading.index("local_code")].value == "H1":
                row[heading.index("floor_area_m2")].value = 123
        book.save(path)


@pytest.mark.parametrize("kind", ["gpkg", "csv", "xlsx", "geojson", "fgb", "parquet"])
def test_a_file_that_comes_back_changes_nothing_and_an_edit_changes_only_itself(
    client, own_town, tmp_path, kind
):
    before = held()
    path = exported(client, tmp_path, kind)
    imported(path)
    assert differing(held(), before) == NOTHING
    edited(path, kind)
    imported(path)
    (place,) = [
        cell[0] for cell, value in before["shop_unit"].items() if cell[1] == "local_code" and value == "H1"
    ]
    area = before["shop_unit"][place, "floor_area_m2"]
    assert differing(held(), before) == {**NOTHING, "shop_unit": {(place, "floor_area_m2"): (123, area)}}
