import csv
import datetime as dt

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.__main__ import app as command
from api.db.session import get_engine
from api.settings import get_settings
from tests import town
from tests.api.conftest import good, problem
from tests.api.register import whole_tables
from tests.conftest import use_database
from tests.town_database import EMPTY_NIS, NIS, add_municipality, import_readings, reading, rows

X, Y = town.ORIGIN
TODAY = dt.date(2026, 3, 1)
KEY = "99001A{:04d}/00A000".format
# The cadastre of before: parcel 1 is parcel 11 today, 2 was split in 21 and 22, 3 became a square without a parcel.
BEFORE = {1: (0, 0, 20, 20), 2: (20, 0, 40, 20), 3: (40, 0, 60, 20), 4: (60, 0, 80, 20)}
NOW = {11: (0, 0, 20, 20), 21: (20, 0, 28, 20), 22: (28, 0, 40, 20), 4: (60, 0, 80, 20), 5: (80, 0, 100, 20)}
HEADER = [
    "CapaKey",
    "dossiernummer",
    "straat",
    "huisnummer",
    "postcode",
    "datumOpname",
    "datum schrapping",
    "eigenaar",
]
RECORDS = [
    [KEY(4), "same", "Hoogstraat", "8", "9999", "2024-01-15", None, "Jan Janssens"],
    [KEY(1), "renumbered", "Hoogstraat", "2", "9999", "2024-02-01", None, None],
    [KEY(2), "split", "Hoogstraat", "4", "9999", "2023-06-01", None, None],
    [KEY(3), "square", "Hoogstraat", "99", "9999", "2023-06-01", None, None],
    [None, "addressed", "Hoogstraat", "10", "9999", "2025-01-01", None, None],
    [KEY(77), "unknown", "Nergensstraat", "1", "9999", "2025-01-01", None, None],
    [KEY(5), "past", "Hoogstraat", "10", "9999", "2020-01-01", "2022-01-01", None],
]
# local code: house number, x, state
UNITS = {
    "U2": ("2", 10, "vacant", "2022-05-01"),
    "U4a": ("4", 24, "vacant", "2023-01-01"),
    "U4b": ("6", 34, "occupied", None),
    "U8": ("8", 70, "occupied", None),
    "U10": ("10", 90, "vacant", "2025-11-01"),
}


def run(*words):
    result = CliRunner().invoke(command, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def imported(source, path, *words):
    result = run("import", source, path, "--municipality", NIS, *words)
    assert result.exit_code == 0, result.output
    return result.output


def layer(path, parcels):
    shapes = [shapely.box(X + a, Y + b, X + c, Y + d) for a, b, c, d in parcels.values()]
    gpd.GeoDataFrame({"CAPAKEY": [KEY(n) for n in parcels]}, geometry=shapes, crs=town.CRS).to_file(path)
    return path


def register(path, *records):
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for record in records:
        book.active.append(record)
    book.save(path)
    return path


def unit_rows():
    return gpd.GeoDataFrame(
        {
            "nis_code": NIS,
            "local_code": list(UNITS),
            "street": "Hoogstraat",
            "house_number": [row[0] for row in UNITS.values()],
            "status": [row[2] for row in UNITS.values()],
            "occupant_name": ["Shop" if row[2] == "occupied" else None for row in UNITS.values()],
            "vacant_since": [row[3] and dt.date.fromisoformat(row[3]) for row in UNITS.values()],
            "seen_on": TODAY,
        },
        geometry=shapely.points([(X + row[1], Y + 10) for row in UNITS.values()]),
        crs=town.CRS,
    )


@pytest.fixture(scope="module")
def place(new_database, tmp_path_factory):
    """A municipality whose cadastre was renewed, with five shop units; every test of this module begins with it."""
    url = new_database()
    use_database(url)
    folder = tmp_path_factory.mktemp("cadastre")
    border = shapely.MultiPolygon([shapely.box(X - 300, Y - 300, X + 900, Y + 700)])
    add_municipality(NIS, "Papierstad", geom=f"SRID={town.CRS};{border.wkt}", postcodes=["9999"])
    add_municipality(EMPTY_NIS, "Leegdorp")
    imported("parcels", layer(folder / "before.gpkg", BEFORE))
    imported("parcels", layer(folder / "now.gpkg", NOW), "--vintage", "2025-01-01")
    import_readings([reading("shop_unit", unit_rows())])
    return url


@pytest.fixture
def fresh(place, new_database):
    use_database(new_database(like=place))


@pytest.fixture
def legal(fresh, tmp_path):
    """The register imported once; the answer is what the command said."""
    return imported(
        "legal-vacancy", register(tmp_path / "register.xlsx", *RECORDS), "--vintage", "2026-02-01"
    )


def found(table="legal_vacancy_record"):
    query = (
        f"SELECT r.dossier_number AS number, r.matched_by, r.match_doubt, p.capakey FROM {table} r "
        "LEFT JOIN parcel p ON p.id = r.parcel_id"
    )
    return {row.number: (row.matched_by, row.match_doubt, row.capakey) for row in rows(query)}


def share_rows(number):
    query = (
        "SELECT p.capakey, l.share FROM register_parcel l JOIN parcel p ON p.id = l.parcel_id "
        "JOIN legal_vacancy_record r ON r.id = l.legal_vacancy_record_id WHERE r.dossier_number = :number"
    )
    return {row.capakey: pytest.approx(row.share) for row in rows(query, number=number)}


def record_id(number, table="legal_vacancy_record"):
    (row,) = rows(f"SELECT id FROM {table} WHERE dossier_number = :number", number=number)
    return row.id


def test_parcels_that_a_newer_cadastre_lies_over_end_and_stay(fresh):
    ended = rows("SELECT capakey, ends_on FROM parcel WHERE ends_on IS NOT NULL ORDER BY 1")
    # Nothing lies over parcel 3 today, so the file does not say that it is gone.
    assert [(row.capakey, row.ends_on) for row in ended] == [(KEY(n), dt.date(2025, 1, 1)) for n in (1, 2)]


def test_each_record_is_placed_by_what_is_known_of_it(legal):
    assert found() == {
        "same": ("capakey", None, KEY(4)),
        "renumbered": ("earlier_geometry", None, KEY(11)),
        "split": ("earlier_geometry", "several_parcels", None),
        "square": ("capakey", None, KEY(3)),
        "addressed": ("address", None, KEY(5)),
        "unknown": ("none", "key_unknown", None),
        "past": ("capakey", None, KEY(5)),
    }


def test_a_split_parcel_never_lands_on_one_half(legal):
    assert share_rows("split") == {KEY(22): 0.6, KEY(21): 0.4}
    assert share_rows("renumbered") == {KEY(11): 1.0}


def test_a_layer_of_an_earlier_cadastre_places_what_this_database_never_held(fresh, tmp_path):
    older = {90: (20, 0, 40, 20), 91: (0, 0, 20, 20), 92: (300, 300, 310, 310)}
    path = register(
        tmp_path / "r.xlsx",
        *(
            [KEY(n), name, None, None, None, "2024-01-01", None, None]
            for n, name in ((90, "split"), (91, "one"), (92, "nothing"))
        ),
    )
    imported("legal-vacancy", path, "--option", f"earlier={layer(tmp_path / 'older.gpkg', older)}")
    assert found() == {
        "split": ("earlier_geometry", "several_parcels", None),
        "one": ("earlier_geometry", None, KEY(11)),
        "nothing": ("none", "nothing_there", None),
    }


def test_the_report_lists_what_did_not_match_and_that_no_owner_was_read(legal):
    with next((get_settings().home / "imports").glob("import-*-unmatched.csv")).open(
        encoding="utf-8-sig"
    ) as file:
        listed = list(csv.DictReader(file, delimiter=";"))
    assert {row["record_key"]: row["reason"] for row in listed} == {
        "split": "several_parcels",
        "unknown": "key_unknown",
    }
    assert "2 records without one parcel of today" in legal
    assert "several_parcels" in legal
    assert "key_unknown" in legal
    assert "Column 'eigenaar' is not read" in legal


def test_no_word_of_an_owner_is_anywhere_in_the_database(legal):
    with Session(get_engine()) as session:
        tables = (
            session.execute(
                text(
                    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
                )
            )
            .scalars()
            .all()
        )
        for table in tables:
            held = session.execute(
                text(f"SELECT count(*) FROM \"{table}\" t WHERE t::text LIKE '%Janssens%'")
            ).scalar()
            assert held == 0, table


def test_twice_the_same_file_changes_nothing(legal, tmp_path):
    with Session(get_engine()) as session:
        before = whole_tables(session)
        version = rows("SELECT data_version FROM municipality WHERE nis_code = :nis", nis=NIS)
    imported("legal-vacancy", register(tmp_path / "register.xlsx", *RECORDS), "--vintage", "2026-02-01")
    with Session(get_engine()) as session:
        assert whole_tables(session) == before
    assert rows("SELECT data_version FROM municipality WHERE nis_code = :nis", nis=NIS) == version


def test_undo_takes_a_register_and_its_earlier_cadastre_away(fresh, tmp_path):
    with Session(get_engine()) as session:
        before = whole_tables(session)
    path = register(tmp_path / "r.xlsx", *RECORDS)
    said = imported("legal-vacancy", path, "--option", f"earlier={layer(tmp_path / 'older.gpkg', BEFORE)}")
    undone = run("import", "--undo", said.split("--undo ")[1].split()[0])
    assert undone.exit_code == 0, undone.output
    with Session(get_engine()) as session:
        assert whole_tables(session) == before


def test_a_newer_file_changes_what_differs_and_says_what_it_lacks(legal, tmp_path):
    newer = [[*RECORDS[0][:6], "2026-01-10", None], *RECORDS[1:3]]
    said = imported("legal-vacancy", register(tmp_path / "newer.xlsx", *newer))
    assert "3 records on the register are not in this file and stay as they are" in said
    (row,) = rows("SELECT removed_on, is_removed FROM legal_vacancy_record WHERE dossier_number = 'same'")
    assert (row.removed_on, row.is_removed) == (dt.date(2026, 1, 10), True)
    assert len(found()) == 7


def test_a_whole_register_strikes_off_what_it_lacks_once_and_undo_takes_that_back(legal, tmp_path):
    with Session(get_engine()) as session:
        before = whole_tables(session)
    path = register(tmp_path / "whole.xlsx", *RECORDS[:3])
    words = ("--option", "complete=yes", "--vintage", "2026-02-15")
    said = imported("legal-vacancy", path, *words)
    struck = rows(
        "SELECT dossier_number AS n FROM legal_vacancy_record WHERE removed_on = '2026-02-15' ORDER BY 1"
    )
    assert [row.n for row in struck] == ["addressed", "square", "unknown"]
    with Session(get_engine()) as session:
        after = whole_tables(session)
    imported("legal-vacancy", path, *words)
    with Session(get_engine()) as session:
        assert whole_tables(session) == after
    run("import", "--undo", said.split("--undo ")[1].split()[0])
    with Session(get_engine()) as session:
        assert whole_tables(session) == before


def test_a_record_of_another_municipality_is_refused_by_its_postcode(fresh, tmp_path):
    wrong = [KEY(4), "elsewhere", "Markt", "1", "8000", "2024-01-01", None, None]
    imported("legal-vacancy", register(tmp_path / "r.xlsx", RECORDS[0], wrong))
    (refused,) = rows(
        "SELECT row_number, column_name, value, remedy FROM import_refusal WHERE target = 'legal_vacancy_record'"
    )
    assert (refused.row_number, refused.column_name, refused.value) == (2, "postcode", "8000")
    assert "its own municipality" in refused.remedy
    assert list(found()) == ["same"]


def test_undo_of_the_newer_parcels_puts_the_records_back_on_the_earlier_ones(legal):
    (batch,) = rows("SELECT id FROM import_batch WHERE file_name = 'now.gpkg'")
    assert run("import", "--undo", batch.id).exit_code == 0
    assert found()["split"] == ("capakey", None, KEY(2))
    assert found()["renumbered"] == ("capakey", None, KEY(1))


# -- what the API tells -------------------------------------------------------------------------------------


def of(client, path, **query):
    return good(client.get(f"/api/{path}", params={"municipality": NIS, **query}))


@pytest.mark.parametrize(
    ("on", "numbers"),
    [
        ("2019-12-31", []),
        ("2020-01-01", ["past"]),
        ("2022-01-01", []),
        ("2024-01-15", ["same", "split", "square"]),
        ("2026-03-01", ["addressed", "renumbered", "same", "split", "square", "unknown"]),
    ],
)
def test_the_register_of_a_past_day_holds_what_was_on_it(client, legal, on, numbers):
    features = of(client, "registers/legal-vacancy/records", on=on)["features"]
    assert [one["properties"]["dossier_number"] for one in features] == numbers


def test_a_record_carries_its_parcel_of_today_or_the_earlier_one(client, legal):
    features = of(client, "registers/legal-vacancy/records", on="2026-03-01")["features"]
    by_number = {one["properties"]["dossier_number"]: one for one in features}
    assert by_number["renumbered"]["properties"]["capakey_today"] == KEY(11)
    assert by_number["unknown"]["geometry"] is None
    assert by_number["split"]["geometry"] is not None


def test_the_three_notions_are_told_apart_with_what_they_are_counted_of(client, legal):
    told = of(client, "vacancy-notions", on="2026-03-01")
    assert (told["market"]["vacant"], told["market"]["counted"]) == (3, 5)
    assert (told["legal"]["records"], told["legal"]["placed"]) == (6, 4)
    # U2 by its earlier parcel, U8 by its key, U10 by its address; the unit with the address of the split record is unsure.
    assert (told["legal"]["units"], told["legal"]["units_unsure"]) == (3, 1)
    assert told["legal"]["as_of"] == "2026-02-01"
    assert told["business"] == {
        "records": 0,
        "placed": 0,
        "units": 0,
        "units_unsure": 0,
        "source": None,
        "as_of": None,
    }


def test_the_lists_name_who_is_vacant_and_registered_who_could_be_and_who_could_leave(client, legal):
    told = of(client, "vacancy-notions", on="2026-03-01")

    def listed(name):
        one = told[name]
        items = [(item["address"], item["is_unsure"]) for item in one["items"]]
        return one["numerator"], one["denominator"], items

    assert listed("vacant_registered") == (2, 3, [("Hoogstraat 2", False), ("Hoogstraat 10", False)])
    assert listed("entry_candidates") == (1, 3, [("Hoogstraat 4", True)])
    assert listed("removal_candidates") == (1, 3, [("Hoogstraat 8", False)])
    assert told["removal_candidates"]["items"][0]["dossier_number"] == "same"


def test_a_site_in_the_inventory_of_business_premises_is_no_candidate_for_the_legal_register(
    client, fresh, tmp_path
):
    before = of(client, "vacancy-notions", on="2026-03-01")["entry_candidates"]["numerator"]
    path = register(
        tmp_path / "sites.xlsx", [KEY(1), "site", "Hoogstraat", "2", "9999", "2024-01-01", None, None]
    )
    imported("business-premises", path)
    told = of(client, "vacancy-notions", on="2026-03-01")
    assert found("business_premises_record") == {"site": ("earlier_geometry", None, KEY(11))}
    assert (told["business"]["records"], told["business"]["units"]) == (1, 1)
    assert told["legal"]["records"] == 0
    assert told["entry_candidates"]["numerator"] == before - 1


def test_what_must_be_settled_tells_why_and_which_parcels_it_may_be(client, legal):
    told = of(client, "registers/legal-vacancy/unmatched")
    assert {item["dossier_number"]: item["match_doubt"] for item in told["items"]} == {
        "split": "several_parcels",
        "unknown": "key_unknown",
    }
    split = next(item for item in told["items"] if item["dossier_number"] == "split")
    assert [(one["capakey"], one["units"]) for one in split["candidates"]] == [
        (KEY(22), ["Hoogstraat 6"]),
        (KEY(21), ["Hoogstraat 4"]),
    ]


def test_a_record_settled_by_hand_keeps_its_parcel_at_the_next_import_until_it_is_taken_back(
    client, legal, tmp_path
):
    path = f"/api/registers/legal-vacancy/records/{record_id('split')}/parcel"
    settled = good(client.put(path, json={"capakey": KEY(21)}))
    assert (settled["matched_by"], settled["match_doubt"], settled["capakey_today"]) == (
        "hand",
        None,
        KEY(21),
    )
    changed = [list(row) for row in RECORDS]
    changed[2][5] = "2023-07-01"
    imported("legal-vacancy", register(tmp_path / "newer.xlsx", *changed))
    assert found()["split"] == ("hand", None, KEY(21))
    told = of(client, "registers/legal-vacancy/unmatched")
    assert [item["dossier_number"] for item in told["settled"]] == ["split"]
    assert good(client.delete(path))["match_doubt"] == "several_parcels"
    assert found()["split"] == ("earlier_geometry", "several_parcels", None)


def test_settling_is_refused_with_the_way_out(client, legal):
    path = f"/api/registers/legal-vacancy/records/{record_id('split')}/parcel"
    problem(client.put(path, json={"capakey": KEY(2)}), 409)
    problem(client.put(path, json={"capakey": ""}), 422)
    problem(client.delete(path), 404)
    problem(client.put("/api/registers/legal-vacancy/records/0/parcel", json={"capakey": KEY(21)}), 404)
    problem(client.put(path, json={"capakey": KEY(21)}, headers={"Origin": "https://elsewhere.example"}), 403)


def test_settling_raises_the_version_so_that_no_reader_keeps_an_old_answer(client, legal):
    first = client.get("/api/vacancy-notions", params={"municipality": NIS})
    held = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/api/vacancy-notions", params={"municipality": NIS}, headers=held).status_code == 304
    good(
        client.put(
            f"/api/registers/legal-vacancy/records/{record_id('split')}/parcel", json={"capakey": KEY(21)}
        )
    )
    assert client.get("/api/vacancy-notions", params={"municipality": NIS}, headers=held).status_code == 200


def test_a_unit_tells_the_records_on_its_parcel_and_whether_they_are_surely_about_it(client, legal):
    units = {row.local_code: row.id for row in rows("SELECT local_code, id FROM shop_unit")}

    def of_unit(code, on="2026-03-01"):
        items = good(client.get(f"/api/shop-units/{units[code]}/registers", params={"on": on}))["items"]
        return [(item["register"], item["dossier_number"], item["is_sure"]) for item in items]

    assert of_unit("U8") == [("legal-vacancy", "same", True)]
    assert of_unit("U4a") == [("legal-vacancy", "split", False)]
    assert of_unit("U4b") == []
    assert of_unit("U10", "2021-01-01") == [("legal-vacancy", "past", True)]
    problem(client.get("/api/shop-units/0/registers"), 404)


def test_files_for_a_spreadsheet_and_for_a_map_hold_the_register(client, legal):
    sheet = client.get("/api/registers/legal-vacancy/records.csv", params={"municipality": NIS})
    listed = list(csv.DictReader(sheet.text.removeprefix("\ufeff").splitlines(), delimiter=";"))
    assert [row["dossier_number"] for row in listed] == [
        "addressed",
        "renumbered",
        "same",
        "split",
        "square",
        "unknown",
    ]
    assert listed[1]["capakey_today"] == KEY(11)
    unmatched = client.get("/api/registers/legal-vacancy/unmatched.csv", params={"municipality": NIS})
    assert len(unmatched.text.splitlines()) == 3
    layer_file = good(client.get("/api/exports/legal-vacancy.geojson", params={"municipality": NIS}))
    assert len(layer_file["features"]) == 7


@pytest.mark.parametrize("name", ["legal-vacancy", "business-premises"])
def test_an_empty_municipality_has_empty_registers(client, fresh, name):
    query = {"municipality": EMPTY_NIS}
    assert good(client.get(f"/api/registers/{name}/records", params=query))["features"] == []
    assert good(client.get(f"/api/registers/{name}/unmatched", params=query))["items"] == []
    assert client.get(f"/api/registers/{name}/records.csv", params=query).status_code == 200
    told = good(client.get("/api/vacancy-notions", params=query))
    assert (told["market"]["counted"], told["legal"]["records"], told["entry_candidates"]["items"]) == (
        0,
        0,
        [],
    )


def test_a_day_that_nobody_can_know_is_refused(client, fresh):
    problem(client.get("/api/vacancy-notions", params={"municipality": NIS, "on": "2999-01-01"}), 422)
    problem(
        client.get("/api/registers/legal-vacancy/records", params={"municipality": NIS, "on": "1200-01-01"}),
        422,
    )


def test_no_column_of_the_tables_could_hold_an_owner():
    from api.db.models import BusinessPremisesRecord, LegalVacancyRecord
    from api.importers.people import is_personal

    for table in (LegalVacancyRecord.__table__, BusinessPremisesRecord.__table__):
        names = pd.Series([column.name for column in table.columns])
        assert not names.map(is_personal).any()
