import csv
import json
from pathlib import Path

import pytest
import shapely
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from api.__main__ import app as command
from api.db.session import get_engine
from api.importers import IMPORTERS
from api.settings import get_settings
from tests import town
from tests.api.register import whole_tables
from tests.conftest import use_database
from tests.town_database import EMPTY_NIS, NIS, add_municipality, rows

X, Y = town.ORIGIN
UNITS = """\ufeffpand_id;straat;huisnummer;postcode;naam;branche;toestand;leeg_sinds;wvo_m2;x;y;bezoekdatum;eigenaar;telefoon
A1;Hoogstraat;12A bus 2;9999;Bakkerij Jan;bakkerij;bezet;;85,5;70010;200010;14/03/2026;Jan Jansen;051 12 34 56
A2;Hoogstraat;14-16;9999;;;leeg;01/11/2025;120;70020;200010;14/03/2026;Piet Pieters;051 65 43 21
A3;Hoogstraat;18;9999;Onbekende;geheimzinnig;bezet;;75;70030;200010;14/03/2026;;
A4;Hoogstraat;20;9999;;;leeg;;veel;70040;200010;14/03/2026;;
A1;Hoogstraat;99;9999;Dubbel;;bezet;;10;70050;200010;14/03/2026;;
A6;Hoogstraat;22;9999;Ver weg;;bezet;;10;90000;220000;14/03/2026;;
"""
COUNTS = """counter_id,start_utc,count,mode,remark
high,2026-03-02T09:00:00Z,120,ped,droog weer
high,2026-03-02T10:00:00Z,140,ped,droog weer
high,2026-03-02T11:00:00Z,,ped,droog weer
mystery,2026-03-02T09:00:00Z,7,ped,droog weer
high,2026-03-02T12:00:00Z,-4,ped,droog weer
high,yesterday,9,ped,droog weer
"""


def run(*words: object):
    result = CliRunner().invoke(command, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def imported(source: str, *words: object):
    result = run("import", source, *words)
    assert result.exit_code == 0, result.output
    return result


def square(x: float, y: float) -> shapely.Polygon:
    return shapely.box(X + x, Y + y, X + x + 10, Y + y + 10)


@pytest.fixture(scope="module")
def place(new_database):
    """A municipality with a border and a sensor; every test of this module begins with it."""
    url = new_database()
    use_database(url)
    border = shapely.MultiPolygon([shapely.box(X - 300, Y - 300, X + 900, Y + 700)])
    add_municipality(NIS, "Papierstad", geom=f"SRID={town.CRS};{border.wkt}")
    add_municipality(EMPTY_NIS, "Leegdorp")
    with get_engine().begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO footfall_sensor (nis_code, code, name) VALUES ('99001', 'high', 'High')"
        )
    return url


@pytest.fixture
def fresh(place, new_database):
    """A copy of the place to import into."""
    use_database(new_database(like=place))


@pytest.fixture
def shop_file(tmp_path) -> Path:
    path = tmp_path / "schouwronde 2026.csv"
    path.write_text(UNITS, encoding="utf-8")
    return path


@pytest.fixture
def count_file(tmp_path) -> Path:
    path = tmp_path / "tellingen.csv"
    path.write_text(COUNTS, encoding="utf-8")
    return path


@pytest.fixture
def parcel_file(tmp_path) -> Path:
    """GRB parcels as GeoJSON: two fine ones, one without a key, one in another municipality, one that has ended."""

    def feature(capakey, shape, **more):
        properties = {"CAPAKEY": capakey, "NISCODE": NIS, "OPPERVL": 100.0, "VERSIE": 1, **more}
        return {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(shape)}

    features = [
        feature("99001A0001/00A000", square(0, 0)),
        feature("99001A0002/00B000", square(20, 0), BEGINDATUM="2020-01-01"),
        feature(None, square(40, 0)),
        feature("99002A0003/00C000", square(60, 0), NISCODE=EMPTY_NIS),
        feature("99001A0004/00D000", square(80, 0), EINDDATUM="2024-05-01"),
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::31370"}}
    path = tmp_path / "Adp99001.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), encoding="utf-8"
    )
    return path


def refused(result) -> list[dict[str, str]]:
    """The file of refusals that the command names."""
    (named,) = [line for line in result.stdout.splitlines() if "refused rows with reasons" in line]
    path = Path(named.split(": ", 1)[1])
    assert path.parent == get_settings().home / "imports"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def snapshot() -> dict[str, list[str]]:
    with Session(get_engine()) as session:
        return whole_tables(session)


# -- three real files ---------------------------------------------------------------------------


def test_a_survey_with_dutch_columns_becomes_units_and_their_periods(fresh, shop_file):
    imported("shop-units", shop_file, "--municipality", NIS)
    found = rows(
        "SELECT local_code, street, house_number, house_number_suffix, house_number_end, box, floor_area_m2, state, "
        "occupant_name, branch_code, last_seen_on::text, vacant_latest_on::text FROM shop_unit_state ORDER BY 1"
    )
    seen = "2026-03-14"
    assert [tuple(row) for row in found] == [
        ("A1", "Hoogstraat", "12", "A", None, "2", 85.5, "occupied", "Bakkerij Jan", "bakery", seen, None),
        ("A2", "Hoogstraat", "14", None, "16", None, 120, "vacant", None, None, seen, "2025-11-01"),
        ("A3", "Hoogstraat", "18", None, None, None, 75, "occupied", "Onbekende", None, seen, None),
        ("A4", "Hoogstraat", "20", None, None, None, None, "vacant", None, None, seen, seen),
    ]


def test_every_row_that_was_not_taken_is_told_with_reason_and_remedy(fresh, shop_file):
    result = imported("shop-units", shop_file, "--municipality", NIS)
    told = {(row["row_number"], row["value"].split()[0]): row for row in refused(result)}
    assert {number for number, _ in told} >= {"4", "5", "6"}
    assert all(
        row["reason"].strip() and row["remedy"].strip() and row["column_name"].strip()
        for row in told.values()
    )
    stored = rows("SELECT count(*) FROM import_refusal")
    assert stored == [(len(refused(result)),)]


def test_what_looks_like_a_person_is_named_and_never_stored(fresh, shop_file):
    result = imported("shop-units", shop_file, "--municipality", NIS)
    for column in ("eigenaar", "telefoon"):
        assert f"'{column}' is not read" in result.stdout
    everything = (
        json.dumps(snapshot())
        + str(rows("SELECT r::text FROM import_refusal r"))
        + str(rows("SELECT b::text FROM import_batch b"))
    )
    for personal in ("Jansen", "Pieters", "051 12 34 56", "051 65 43 21"):
        assert personal not in everything
        assert personal not in result.output


def test_parcels_of_the_municipality_are_kept_and_the_others_are_accounted_for(fresh, parcel_file):
    result = imported("parcels", parcel_file, "--municipality", NIS)
    found = rows("SELECT capakey, round(area_m2), begins_on::text FROM parcel ORDER BY 1")
    assert [tuple(row) for row in found] == [
        ("99001A0001/00A000", 100, None),
        ("99001A0002/00B000", 100, "2020-01-01"),
    ]
    reasons = [row["reason"] for row in refused(result)]
    assert len(reasons) == 2
    assert any("ended" in reason for reason in reasons)
    assert "1 rows belong to other municipalities" in result.stdout


def test_counts_are_readings_and_what_is_no_reading_is_told(fresh, count_file):
    result = imported("counts", count_file, "--municipality", NIS)
    found = rows("SELECT start_at::text, value, mode, direction, minutes FROM footfall_count ORDER BY 1")
    assert [tuple(row) for row in found] == [
        ("2026-03-02 09:00:00+00", 120, "ped", "both", 60),
        ("2026-03-02 10:00:00+00", 140, "ped", "both", 60),
    ]
    told = {row["row_number"]: row for row in refused(result)}
    assert {"4", "5", "6"} <= set(told)
    assert told["4"]["value"] == "mystery"
    assert "Import the sensors first" in told["4"]["remedy"]
    assert "droog weer" not in json.dumps(snapshot())


@pytest.mark.parametrize("source", ["shop-units", "parcels", "counts"])
def test_the_same_file_twice_changes_nothing_and_undone_leaves_nothing(fresh, request, source):
    name = {"shop-units": "shop_file", "parcels": "parcel_file", "counts": "count_file"}[source]
    path = request.getfixturevalue(name)
    empty = snapshot()
    first = imported(source, path, "--municipality", NIS)
    once = snapshot()
    assert once != empty
    assert "changed rows" not in imported(source, path, "--municipality", NIS).stdout
    assert snapshot() == once
    ((batch,),) = rows("SELECT min(id) FROM import_batch")
    assert f"kernkaart import --undo {batch}" in first.stdout
    undone = run("import", "--undo", batch)
    assert undone.exit_code == 0
    assert "is undone (removed" in undone.stdout
    assert snapshot() == empty
    again = run("import", "--undo", batch)
    assert (again.exit_code, "undone already" in again.stderr) == (2, True)


def test_a_newer_survey_is_an_update_with_a_list_of_what_changed(fresh, shop_file, tmp_path):
    imported("shop-units", shop_file, "--municipality", NIS)
    newer = tmp_path / "later.csv"
    newer.write_text(
        UNITS.replace("14/03/2026", "20/09/2026").replace("Bakkerij Jan", "Bloemen Els"), encoding="utf-8"
    )
    result = imported("shop-units", newer, "--municipality", NIS)
    assert "1 opened" in result.stdout
    assert "1 closed" in result.stdout
    (named,) = [line for line in result.stdout.splitlines() if "changed rows, before and after" in line]
    listed = Path(named.split(": ", 1)[1]).read_text(encoding="utf-8-sig")
    assert listed.startswith("table_name;row_key;before;after")
    assert "2026-09-20" in listed
    found = rows(
        "SELECT occupant_name, lower(period)::text, upper(period)::text FROM occupancy o JOIN shop_unit u "
        "ON u.id = o.shop_unit_id WHERE u.local_code = 'A1' ORDER BY 2"
    )
    assert [tuple(row) for row in found] == [
        ("Bakkerij Jan", "2026-03-14", "2026-09-20"),
        ("Bloemen Els", "2026-09-20", None),
    ]


# -- the command --------------------------------------------------------------------------------


def test_a_dry_run_says_everything_and_writes_nothing(fresh, shop_file):
    before, batches = snapshot(), rows("SELECT count(*) FROM import_batch")
    versions = rows("SELECT data_version FROM municipality ORDER BY 1")
    result = imported("shop-units", shop_file, "--municipality", NIS, "--dry-run")
    assert "dry run, nothing was written" in result.stdout
    assert refused(result)
    assert "--undo" not in result.stdout
    assert (snapshot(), rows("SELECT count(*) FROM import_batch")) == (before, batches)
    assert rows("SELECT data_version FROM municipality ORDER BY 1") == versions
    assert rows("SELECT count(*) FROM import_refusal") == [(0,)]


def test_columns_under_other_names_are_mapped(fresh, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("nummertje,laan,oost,noord,vrij\nZ9,Kaai,70011,200011,ja\n", encoding="utf-8")
    pairs = ["local_code=nummertje", "street=laan", "x=oost", "y=noord", "is_vacant=vrij"]
    imported("shop-units", path, "--municipality", NIS, *(word for pair in pairs for word in ("--map", pair)))
    assert rows("SELECT local_code, street, state FROM shop_unit_state") == [("Z9", "Kaai", "vacant")]
    ((mapping,),) = rows("SELECT mapping FROM import_batch")
    assert mapping == dict(pair.split("=") for pair in pairs)


def test_a_batch_remembers_its_file_and_its_dataset(fresh, parcel_file):
    words = (
        "--licence",
        "modellicentie",
        "--attribution",
        "Bron: GRB",
        "--vintage",
        "2026-02-03",
        "--dataset",
        "grb-2026",
    )
    imported("parcels", parcel_file, "--municipality", NIS, *words)
    (found,) = rows(
        "SELECT b.file_name, b.file_bytes, length(b.file_sha256), b.source, d.code, d.licence, d.attribution, "
        "d.vintage_on::text FROM import_batch b JOIN dataset d ON d.id = b.dataset_id"
    )
    size = parcel_file.stat().st_size
    assert tuple(found) == (
        "Adp99001.geojson", size, 64, "parcels", "grb-2026", "modellicentie", "Bron: GRB", "2026-02-03",
    )  # fmt: skip


def test_the_list_of_imports_tells_the_newest_first_with_its_state(fresh, parcel_file, count_file):
    imported("parcels", parcel_file, "--municipality", NIS)
    imported("counts", count_file, "--municipality", NIS)
    run("import", "--undo", "2")
    listed = run("imports").stdout
    assert listed.index("tellingen.csv") < listed.index("Adp99001.geojson")
    assert "undone" in listed


def test_without_a_municipality_rows_are_placed_by_where_they_lie(fresh, tmp_path):
    path = tmp_path / "buildings.geojson"
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::31370"}}
    features = [
        {"type": "Feature", "properties": {"OIDN": key}, "geometry": shapely.geometry.mapping(square(x, 0))}
        for key, x in ((1, 0), (2, 50_000))
    ]
    path.write_text(
        json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), encoding="utf-8"
    )
    result = imported("buildings", path)
    assert rows("SELECT nis_code FROM building") == [(NIS,)]
    assert [row["column_name"] for row in refused(result)] == ["nis_code"]


def test_a_file_in_degrees_or_another_belgian_system_comes_out_at_the_same_place(fresh, tmp_path):
    import geopandas as gpd

    frame = gpd.GeoDataFrame({"CAPAKEY": ["99001A0001/00A000"]}, geometry=[square(0, 0)], crs=31370)
    middles = []
    for epsg in (31370, 4326, 3812):
        path = tmp_path / f"in_{epsg}.gpkg"
        frame.to_crs(epsg).to_file(path)
        imported("parcels", path, "--municipality", NIS)
        middles.append(rows("SELECT st_x(st_centroid(geom)), st_y(st_centroid(geom)) FROM parcel")[0])
    for middle in middles:
        assert tuple(middle) == pytest.approx((X + 5, Y + 5), abs=0.05)


def test_a_file_that_cannot_be_read_changes_nothing_and_the_next_is_still_imported(
    fresh, tmp_path, parcel_file
):
    broken = tmp_path / "broken.geojson"
    broken.write_text('{"type": "FeatureCollection", "features": [{"type"')
    result = run("import", "parcels", broken, parcel_file, "--municipality", NIS)
    assert result.exit_code == 1
    assert "broken.geojson" in result.stderr
    assert "Nothing was changed" in result.stderr
    assert rows("SELECT file_name FROM import_batch") == [("Adp99001.geojson",)]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["import", "parcels", "nowhere.csv", "--municipality", NIS], "There is no file nowhere.csv"),
        (["import", "parcels"], "No file was named"),
        (["import", "rumours", "x.csv"], "There is no source 'rumours'"),
        (["import", "parcels", "x.csv", "--municipality", "00000"], "Municipality 00000 is not known here"),
        (["import", "parcels", "x.csv", "--map", "capakey"], "--map takes name=value"),
        (["import", "--undo", "999"], "There is no import 999"),
    ],
)
def test_a_command_that_cannot_be_done_says_why_and_stops(fresh, words, told):
    result = run(*words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert len(result.stderr.strip().splitlines()) >= 2


def test_the_sources_are_listed_with_what_they_read(fresh):
    result = run("import")
    assert result.exit_code == 0
    for name in IMPORTERS:
        assert name in result.stdout


def test_a_row_that_the_database_refuses_is_told_in_one_line(fresh, tmp_path):
    with get_engine().begin() as connection:
        connection.exec_driver_sql(
            "ALTER TABLE parcel ADD CONSTRAINT small CHECK (st_area(geom) < 50) NOT VALID"
        )
    import geopandas as gpd

    gpd.GeoDataFrame({"CAPAKEY": ["99001A0001/00A000"]}, geometry=[square(0, 0)], crs=31370).to_file(
        tmp_path / "large.gpkg"
    )
    result = run("import", "parcels", tmp_path / "large.gpkg", "--municipality", NIS)
    assert result.exit_code == 1
    assert "the database refused a row" in result.stderr
    assert '"small"' in result.stderr
    assert "Traceback" not in result.output
    assert rows("SELECT count(*) FROM import_batch") == [(0,)]


# -- the other commands -------------------------------------------------------------------------


def test_a_municipality_without_a_border_can_be_added_once(fresh):
    words = (
        "municipality",
        "add",
        "99009",
        "--name",
        "Nieuwdorp",
        "--name-fr",
        "Neuville",
        "--population",
        "12",
    )
    assert run(*words).exit_code == 0
    again = run(*words)
    assert (again.exit_code, "exists already" in again.stderr) == (2, True)
    assert "99009  Nieuwdorp" in run("municipality", "list").stdout
    assert rows("SELECT name_fr, population FROM municipality WHERE nis_code = '99009'") == [("Neuville", 12)]


def test_an_empty_database_is_told_from_a_filled_one_by_the_exit_code(database):
    assert run("is-empty").exit_code == 0
    add_municipality(NIS, "Papierstad")
    # 1 is what a program that breaks exits with.
    assert run("is-empty").exit_code == 3


def test_migrating_brings_an_empty_database_to_today(new_database):
    from api.db import migrate

    use_database(new_database())
    migrate.downgrade(get_engine())
    result = run("migrate")
    assert (result.exit_code, "up to date" in result.stdout) == (0, True)
    assert run("check").exit_code == 0
    assert rows("SELECT count(*) > 100 FROM code_list") == [(True,)]
