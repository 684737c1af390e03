import csv
import io
import json
import math
import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pyogrio
import pytest
import shapely
from pyarrow import parquet
from sqlalchemy import text

from api.db.session import get_engine
from api.export import files, formats
from api.export.catalogue import LAYERS
from tests.api.conftest import good, problem, units
from tests.town_database import EMPTY_NIS, NIS, rows

NAMES = [layer.name for layer in LAYERS]
ZIPPED = ("geojson", "gpkg", "fgb", "parquet", "csv")


def write(statement: str, **values) -> None:
    with get_engine().begin() as connection:
        connection.execute(text(statement), values)


def ask(client, layer="shop-units", headers=None, **query):
    asked = {"municipality": NIS, **query}
    return client.get(f"/api/exports/layers/{layer}/file", params=asked, headers=headers or {})


def unpacked(answer, tmp_path):
    """Path of the data and text of the readme, out of what was answered."""
    assert answer.status_code == 200, answer.text
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    data, readme = sorted(archive.namelist(), key=lambda name: name == "README.txt")
    archive.extractall(tmp_path)
    return tmp_path / data, archive.read(readme).decode("utf-8-sig")


def table(path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";"))


def frame(path) -> gpd.GeoDataFrame:
    if path.suffix == ".parquet":
        return gpd.read_parquet(path)
    return gpd.read_file(path, layer=pyogrio.list_layers(path)[0][0])


@pytest.mark.parametrize("crs", [31370, 3812, 4326, 3857])
@pytest.mark.parametrize("kind", ["geojson", "gpkg", "fgb", "parquet"])
def test_a_file_for_gis_holds_every_unit_where_it_stands(client, town, tmp_path, kind, crs):
    path, _ = unpacked(ask(client, format=kind, crs=crs), tmp_path)
    found = frame(path).set_index("local_code")
    assert found.crs.to_epsg() == crs or (crs == 4326 and found.crs.to_authority() == ("OGC", "CRS84"))
    known = rows(
        "SELECT local_code, floor_area_m2, state, st_asbinary(st_transform(geom, :crs)) AS place FROM shop_unit_state "
        "WHERE nis_code = :nis",
        nis=NIS,
        crs=crs,
    )
    assert set(found.index) == {row.local_code for row in known} != set()
    for row in known:
        told = found.loc[row.local_code]
        assert told.geometry.distance(shapely.from_wkb(bytes(row.place))) < (2e-7 if crs == 4326 else 0.02)
        assert told["state"] == row.state
        area = None if math.isnan(told["floor_area_m2"]) else told["floor_area_m2"]
        assert area == row.floor_area_m2


@pytest.mark.parametrize(("layer", "crs"), [("shop-units", 31370), ("parcels", 4326), ("parcels", 3812)])
def test_geoparquet_passes_the_public_abstract_tests(client, town, tmp_path, layer, crs):
    path, _ = unpacked(ask(client, layer=layer, format="parquet", crs=crs), tmp_path)
    told = subprocess.run(
        [Path(sys.executable).with_name("geoparquet-validator"), "check", path],
        check=False,
        capture_output=True,
        text=True,
    )
    failed = [
        line for line in told.stdout.splitlines() if "FAIL" in line and "/conf/distribution/" not in line
    ]
    assert failed == [], told.stdout
    assert re.search(r"core: \d+ pass, 0 fail.*: conformant", told.stdout)
    assert re.search(r"covering: \d+ pass, 0 fail.*: conformant", told.stdout)
    # The boxes are those of the shapes.
    boxes = parquet.read_table(path, columns=["bbox"]).column("bbox").to_pylist()
    assert [list(box.values()) for box in boxes] == frame(path).geometry.bounds.values.tolist()


def test_a_table_and_a_workbook_hold_the_same_cells(client, town, tmp_path):
    path, _ = unpacked(ask(client, format="csv", crs=31370), tmp_path)
    lines = table(path)
    book = openpyxl.load_workbook(io.BytesIO(ask(client, format="xlsx", crs=31370).content))
    sheet = book["shop-units"]
    heading, *cells = sheet.iter_rows(values_only=True)
    assert list(heading) == list(lines[0])
    assert heading[-2:] == ("x", "y")
    assert len(cells) == len(lines) == 12
    for line, cell in zip(lines, cells, strict=True):
        told = dict(zip(heading, cell, strict=True))
        assert told["local_code"] == line["local_code"]
        assert float(line["x"]) == pytest.approx(told["x"])
        assert (str(told["last_seen_on"].date()) if told["last_seen_on"] else "") == line["last_seen_on"]
        assert ("" if told["floor_area_m2"] is None else float(told["floor_area_m2"])) == (
            float(line["floor_area_m2"]) if line["floor_area_m2"] else ""
        )
    assert "Leesmij" in book.sheetnames


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_can_be_taken_also_where_there_is_nothing(client, town, tmp_path, name):
    for nis in (NIS, EMPTY_NIS):
        about = good(client.get(f"/api/exports/layers/{name}", params={"municipality": nis}))
        assert about["columns"]
        assert all(len(column["definition"]) > 4 for column in about["columns"])
        for kind in ("gpkg", "csv"):
            path, _ = unpacked(ask(client, name, municipality=nis, format=kind), tmp_path)
            found = frame(path) if kind == "gpkg" else table(path)
            assert len(found) == about["rows"]
            assert nis == NIS or about["rows"] == 0


@pytest.mark.parametrize("kind", ["geojson", "fgb", "parquet", "xlsx"])
def test_a_layer_without_rows_is_a_whole_file_in_every_format(client, town, tmp_path, kind):
    answer = ask(client, "parcels", municipality=EMPTY_NIS, format=kind)
    assert answer.headers["kernkaart-rows"] == "0"
    if kind != "xlsx":
        assert len(frame(unpacked(answer, tmp_path)[0])) == 0


def test_geojson_in_degrees_has_no_crs_unless_it_is_asked_for(client, town, tmp_path):
    path, _ = unpacked(ask(client, format="geojson", crs=4326), tmp_path)
    assert "crs" not in json.loads(path.read_text())
    path, _ = unpacked(ask(client, format="geojson", crs=4326, crs_member=True), tmp_path)
    assert json.loads(path.read_text())["crs"]["properties"]["name"] == "urn:ogc:def:crs:OGC:1.3:CRS84"
    path, _ = unpacked(ask(client, format="geojson", crs=3812), tmp_path)
    assert json.loads(path.read_text())["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::3812"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("nl", ("Handelspanden", "Weggelaten rijen: 0", "Een leeg vak")),
        ("fr", ("Cellules commerciales", "Lignes omises: 0", "Une case vide")),
        ("en", ("Shop units", "Rows left out: 0", "An empty cell")),
    ],
)
def test_the_readme_speaks_the_language_of_who_asks(client, town, tmp_path, lang, words):
    for kind in ZIPPED:
        _, readme = unpacked(ask(client, format=kind, lang=lang), tmp_path)
        assert all(word in readme for word in words)
        assert "Dataset town" in readme
        assert "floor_area_m2: Sales floor area (WVO), m2." in readme
    assert rows("SELECT count(*) AS n FROM code_list WHERE scheme = 'market_status'")[0].n > 3
    label = rows(f"SELECT label_{lang} AS label FROM code_list WHERE scheme = 'market_status' LIMIT 1")[
        0
    ].label
    assert label in readme


def test_a_geopackage_opens_drawn_and_tells_what_it_is(client, town, tmp_path):
    path, readme = unpacked(ask(client, format="gpkg"), tmp_path)
    with sqlite3.connect(path) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        ((table_name, geom, qml, default),) = base.execute(
            "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles"
        )
        assert (table_name, geom, default) == ("shop_units", "geom", 1)
        assert 'attr="state"' in qml
        assert dict(base.execute("SELECT name, meaning FROM readme"))["Rijen"] == "12"
        assert base.execute("SELECT mime_type, metadata FROM gpkg_metadata").fetchone() == (
            "text/plain",
            readme,
        )
        listed = {name for (name,) in base.execute("SELECT table_name FROM gpkg_contents")}
    assert listed == {"shop_units", "readme", "layer_styles"}


def test_rows_that_may_not_be_given_are_left_out_and_counted(client, own_town, tmp_path):
    write("INSERT INTO dataset (code, name, redistribute_rows) VALUES ('bought', 'Bought', false)")
    write(
        "UPDATE shop_unit SET dataset_id = (SELECT id FROM dataset WHERE code = 'bought') "
        "WHERE local_code IN ('H1', 'H2')"
    )
    for name in ("shop-units", "accessibility"):
        answer = ask(client, name, format="csv", lang="en")
        assert (answer.headers["kernkaart-rows"], answer.headers["kernkaart-left-out"]) == ("10", "2")
        path, readme = unpacked(answer, tmp_path)
        assert not {"H1", "H2"} & {row["local_code"] for row in table(path)}
        assert "Rows left out: 2" in readme
        about = good(client.get(f"/api/exports/layers/{name}", params={"municipality": NIS}))
        assert (about["rows"], about["left_out"]) == (10, 2)
    # A figure about many rows gives none of them away.
    before = good(client.get("/api/exports/layers/vacancy-clusters", params={"municipality": NIS}))
    assert before["left_out"] == 0


def test_who_trades_in_a_unit_is_not_given_when_only_that_is_bought(client, own_town):
    write("INSERT INTO dataset (code, name, redistribute_rows) VALUES ('bought', 'Bought', false)")
    write(
        "UPDATE occupancy SET dataset_id = (SELECT id FROM dataset WHERE code = 'bought') WHERE occupant_name = 'Shop H1'"
    )
    assert ask(client).headers["kernkaart-left-out"] == "1"


def test_the_filter_of_the_list_is_that_of_the_file(client, town, tmp_path):
    wanted = {"state": "vacant", "min_floor_area_m2": 60}
    listed = {unit["id"] for unit in units(client, **wanted)}
    for name in ("shop-units", "accessibility"):
        path, readme = unpacked(ask(client, name, format="csv", **wanted), tmp_path)
        assert {int(row["id"]) for row in table(path)} == listed != set()
        assert "state = vacant" in readme
    refused = problem(ask(client, "parcels", state="vacant"), 422)
    assert "parcels does not tell of shop units" in refused["detail"]


def test_a_filter_in_cql2_and_a_box_hold_together(client, town, tmp_path):
    found = rows(
        "SELECT local_code, st_x(st_transform(geom, 4326)) AS x, st_y(st_transform(geom, 4326)) AS y "
        "FROM shop_unit_state WHERE nis_code = :nis AND state = 'vacant' ORDER BY local_code",
        nis=NIS,
    )
    one = found[0]
    box = f"{one.x - 1e-6},{one.y - 1e-6},{one.x + 1e-6},{one.y + 1e-6}"
    path, _ = unpacked(ask(client, format="csv", filter="state = 'vacant'", bbox=box), tmp_path)
    assert [row["local_code"] for row in table(path)] == [one.local_code]


def test_a_download_that_broke_goes_on_where_it_stopped(client, town):
    whole = ask(client, format="gpkg")
    middle = len(whole.content) // 2
    rest = ask(client, format="gpkg", headers={"Range": f"bytes={middle}-"})
    assert rest.status_code == 206
    assert rest.headers["etag"] == whole.headers["etag"]
    assert rest.headers["content-range"] == f"bytes {middle}-{len(whole.content) - 1}/{len(whole.content)}"
    assert rest.content == whole.content[middle:]
    other = ask(client, format="gpkg", headers={"Range": f"bytes={middle}-", "If-Range": '"another"'})
    assert other.status_code == 200
    assert ask(client, format="gpkg", headers={"Range": "bytes=99999999-"}).status_code == 416


def test_what_changed_meanwhile_is_never_joined_to_what_was_begun(client, own_town):
    whole = ask(client, format="csv")
    write("UPDATE shop_unit SET floor_area_m2 = 77 WHERE local_code = 'H1'")
    rest = ask(client, format="csv", headers={"Range": "bytes=100-"})
    assert rest.headers["etag"] != whole.headers["etag"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_of_a_file_is_run_by_a_spreadsheet(client, own_town, tmp_path, start):
    dangerous = f'{start}HYPERLINK("http://evil.example";"x")'
    write("UPDATE occupancy SET occupant_name = :name WHERE occupant_name = 'Shop H1'", name=dangerous)
    path, _ = unpacked(ask(client, format="csv"), tmp_path)
    assert [row["occupant_name"] for row in table(path) if row["local_code"] == "H1"] == ["'" + dangerous]
    sheet = openpyxl.load_workbook(io.BytesIO(ask(client, format="xlsx").content))["shop-units"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == dangerous]
    assert [cell.data_type for cell in cells] == ["s"]


@pytest.mark.parametrize(
    "name", ['a;b"c', "line\nbreak", "back\\slash \\n \\\\", "é 漢 🏪", "ends with \\", "Q\u2028"]
)
def test_every_letter_arrives_in_every_format(client, own_town, tmp_path, name):
    write("UPDATE occupancy SET occupant_name = :name WHERE occupant_name = 'Shop H1'", name=name)
    for kind in ZIPPED[:4]:
        found = frame(unpacked(ask(client, format=kind), tmp_path)[0]).set_index("local_code")
        assert found.loc["H1"]["occupant_name"] == name, kind
    lines = table(unpacked(ask(client, format="csv"), tmp_path)[0])
    assert [row["occupant_name"] for row in lines if row["local_code"] == "H1"] == [name]


def test_more_rows_than_a_sheet_holds_are_refused_with_a_way_out(client, town, monkeypatch):
    monkeypatch.setattr(formats, "LONGEST_SHEET", 3)
    assert "GeoPackage" in problem(ask(client, format="xlsx"), 409)["way_out"]


def test_a_flatgeobuf_too_large_to_index_holds_the_same_rows(client, town, tmp_path, monkeypatch):
    indexed = frame(unpacked(ask(client, format="fgb"), tmp_path)[0])
    monkeypatch.setattr(formats, "MOST_INDEXED", 1)
    # Another question: what was made is kept.
    plain = frame(unpacked(ask(client, format="fgb", lang="fr"), tmp_path)[0])
    assert len(plain) == len(indexed) > 1
    assert set(plain.local_code) == set(indexed.local_code)


def test_names_of_officers_are_in_no_layer(client, town):
    for name in NAMES:
        about = good(client.get(f"/api/exports/layers/{name}", params={"municipality": NIS}))
        given = {column["name"] for column in about["columns"]}
        assert not given & {
            "officer",
            "decided_by",
            "made_by",
            "changed_by",
            "note",
            "batch_id",
            "dataset_id",
        }, name
        assert {"id", "nis_code"} <= given


def test_a_layer_that_is_not_there_is_not_found(client, town):
    problem(ask(client, "persons"), 404)
    problem(client.get("/api/exports/layers/persons", params={"municipality": NIS}), 404)


def test_files_older_than_an_hour_go_when_the_next_is_made(client, town):
    answer = ask(client, format="csv")
    place = files.folder()
    (old,) = [one for one in place.glob("*.zip") if one.read_bytes() == answer.content]
    half = place / "begun.part"
    half.mkdir(exist_ok=True)
    for each in (old, half):
        os.utime(each, (0, 0))
    assert ask(client, format="csv", headers={"Range": "bytes=0-9"}).status_code in {200, 206}
    ask(client, "cores", format="csv")
    assert not half.exists()
    assert not any(one.stat().st_mtime == 0 for one in place.iterdir())
