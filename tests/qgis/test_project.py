"""The ready project in a real QGIS, as a login of QGIS sees it: one database and one QGIS for all of these."""

import datetime as dt
import json
import os
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url
from starlette.testclient import TestClient

from api.export.qgis.layers import LAYERS
from api.export.qgis.project import BY_NAME, TITLE, source
from tests.conftest import give_login, on_server, use_database
from tests.demo_database import CALM, CLUSTERED, EMPTY, UNREFRESHED
from tests.large_town import MIDDLE

SCRIPT = Path(__file__).with_name("work.py")
TOWNS = (CALM, CLUSTERED, UNREFRESHED, EMPTY)
TODAY = dt.datetime.now(tz=dt.UTC).date()
OURS = f"\"nis_code\" = '{CLUSTERED}'"


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg", "postgresql")


@pytest.fixture(scope="module")
def login() -> Iterator[str]:
    """A login of QGIS, as the application makes them."""
    name = f"kk_gis_{uuid.uuid4().hex[:8]}"
    yield name
    on_server(f"DROP ROLE IF EXISTS {name}")


@pytest.fixture(scope="module")
def edited(demo_url: str, new_database: Callable[..., str], login: str) -> str:
    """A copy of the demo that may be edited."""
    url = new_database(like=demo_url)
    on_server(f"CREATE ROLE {login} LOGIN PASSWORD 'geheim' IN ROLE kernkaart_gis")
    use_database(url)
    give_login(login, None)
    with psycopg.connect(plain(url), autocommit=True) as connection:
        # A copy has another name than the database that the styles were written for.
        connection.execute("UPDATE layer_styles SET f_table_catalog = current_database()")
    return url


@pytest.fixture(scope="module")
def many(large_town_url: str) -> str:
    """The same under a short name."""
    return large_town_url


def changes(town: dict[str, Any]) -> dict[str, Any]:
    """What is done in QGIS, one after another; each is saved on its own."""
    occupied = f"{OURS} AND \"state\" = 'occupied'"
    today = {"date": TODAY.isoformat()}
    x, y = town["x"], town["y"]
    return {
        "area": {"layer": "shop_unit", "do": "change", "row": occupied, "values": {"floor_area_m2": 123.5, "note": "In QGIS"}},
        "move": {"layer": "shop_unit", "do": "move", "row": occupied, "by_m": [1, 1]},
        "computed": {"layer": "shop_unit", "do": "change", "row": occupied, "values": {"state": "vacant"}},
        "away": {"layer": "shop_unit", "do": "move", "row": occupied, "by_m": [100_000, 0]},
        "negative": {"layer": "shop_unit", "do": "change", "row": occupied, "values": {"floor_area_m2": -1.0}},
        "gone": {"layer": "street_segment", "do": "change", "row": OURS, "values": {"name": "Weg"}, "meanwhile": "erased"},
        "erase_unit": {"layer": "shop_unit", "do": "delete", "row": occupied},
        "new_unit": {"layer": "shop_unit", "do": "add", "values": {"street": "Nieuwstraat", "house_number": "1"}, "wkt": f"POINT({x} {y})"},
        "clash": {"layer": "vacancy_spell", "do": "add", "values": {"shop_unit_id": town["occupied"], "start_latest_on": today, "start_basis": "exact"}, "wkt": f"POINT({x} {y})"},
        "to_come": {"layer": "vacancy_spell", "do": "change", "row": f"{OURS} AND \"is_open\"", "values": {"ended_on": {"date": "2199-01-01"}, "end_reason": "let"}},
        "half": {"layer": "vacancy_spell", "do": "change", "row": f"{OURS} AND \"is_open\"", "values": {"ended_on": today}},
        "let": {"layer": "vacancy_spell", "do": "change", "row": f"{OURS} AND \"shop_unit_id\" = {town['vacant']} AND \"is_open\"", "values": {"ended_on": today, "end_reason": "let"}},
        "zone": {"layer": "parking_zone", "do": "change", "row": OURS, "values": {"capacity": 77}},
        "area_of_zone": {"layer": "parking_area", "do": "move", "row": OURS, "by_m": [2, 0]},
        "core": {"layer": "core", "do": "change", "row": OURS, "values": {"plan_ref": "RUP Centrum"}},
        "erase_core": {"layer": "core", "do": "delete", "row": OURS},
        "street": {"layer": "street_segment", "do": "add", "values": {"name": "Nieuwe Gang", "street_class": "footway", "is_walk_forward": True, "is_walk_backward": True, "is_bicycle_forward": False, "is_bicycle_backward": False, "is_car_forward": False, "is_car_backward": False, "is_private": False}, "wkt": f"LINESTRING({x} {y},{x + 40} {y})"},
        "erase_street": {"layer": "street_segment", "do": "delete", "row": OURS},
        "unknown_class": {"layer": "street_segment", "do": "change", "row": OURS, "values": {"street_class": "boulevard"}},
    }  # fmt: skip


@pytest.fixture(scope="module")
def before(edited: str) -> dict[str, Any]:
    with psycopg.connect(plain(edited)) as connection:
        row = connection.execute(
            "SELECT st_x(geom), st_y(geom), id, (SELECT min(id) FROM shop_unit_state WHERE nis_code = %(nis)s "
            "AND state = 'vacant'), (SELECT data_version FROM municipality WHERE nis_code = %(nis)s), "
            "(SELECT street_version FROM municipality WHERE nis_code = %(nis)s) FROM shop_unit_state "
            "WHERE nis_code = %(nis)s AND state = 'occupied' ORDER BY id LIMIT 1",
            {"nis": CLUSTERED},
        ).fetchone()
    assert row is not None
    return dict(zip(("x", "y", "occupied", "vacant", "data_version", "street_version"), row, strict=True))


def scans(url: str) -> int:
    """Rows of parcels that were read one after another, not by an index."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        row = connection.execute(
            "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'parcel'"
        ).fetchone()
    assert row is not None
    return int(row[0])


def service(url: str, user: str, name: str) -> str:
    at = make_url(url)
    return f"[{name}]\nhost={at.host}\nport={at.port}\ndbname={at.database}\nuser={user}\npassword=geheim\nsslmode=disable\n"


@pytest.fixture(scope="module")
def services(edited: str, many: str, login: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that says where services are, as each user of QGIS has one."""
    file = tmp_path_factory.mktemp("services") / "pg_service.conf"
    file.write_text(service(edited, login, "kernkaart") + service(many, login, "many"), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def folder(edited: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the project as the application gives it."""
    from api.app import create_app
    from api.db.session import get_engine

    made = tmp_path_factory.mktemp("qgis")
    use_database(edited)
    given = TestClient(create_app()).get("/api/qgis/kernkaart.qgz")
    get_engine().dispose()
    assert given.status_code == 200
    (made / "kernkaart.qgz").write_bytes(given.content)
    return made


@pytest.fixture(scope="module")
def told(
    qgis_python: Path, folder: Path, many: str, before: dict[str, Any], services: Path
) -> dict[str, Any]:
    """What one QGIS saw, drew, printed, exported and edited."""
    asked = {
        "project": f"postgresql://?service=kernkaart&schema=public&project={TITLE['nl']}",
        "file": str(folder / "kernkaart.qgz"),
        "town": CLUSTERED,
        "folder": str(folder),
        "alone": {name: source(BY_NAME[name], 31370) for name in ("shop_unit", "parking_zone", "core")},
        "many": {
            "source": source(BY_NAME["parcel"], 31370).replace("'kernkaart'", "'many'"),
            "box": [*MIDDLE, MIDDLE[0] + 300, MIDDLE[1] + 200],
            "crs": "EPSG:31370",
        },
        "edits": changes(before),
    }
    scanned = scans(many)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PG"))}
    ran = subprocess.run(
        [qgis_python, SCRIPT],
        input=json.dumps(asked),
        env={**kept, "QT_QPA_PLATFORM": "offscreen", "PGSERVICEFILE": str(services)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, f"QGIS ended with {ran.returncode}:\n{ran.stderr[-3000:]}"
    return {**json.loads(ran.stdout.splitlines()[-1]), "scans": (scanned, scans(many))}


def test_the_project_opens_from_the_database_and_from_the_file_with_every_layer_valid(
    told: dict[str, Any],
) -> None:
    assert told["file"] == {"is_read": True, "invalid": [], "layers": len(LAYERS) + 1}
    assert (told["is_read"], told["title"], told["crs"]) == (True, "Kernkaart", "EPSG:31370")
    assert told["groups"] == [
        "Panden",
        "Leegstand",
        "Acquisitie",
        "Passanten",
        "Parkeren",
        "Bereik",
        "Achtergrond",
    ]
    assert told["relations"] == [True, True]
    assert set(told["layers"]) == {f"kernkaart_{layer.key}" for layer in LAYERS}
    assert [name for name, layer in told["layers"].items() if not layer["is_valid"]] == []


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.key)
def test_a_layer_has_its_key_its_shape_and_a_name_for_every_column_and_is_drawn(
    layer: Any, told: dict[str, Any]
) -> None:
    seen, view = told["layers"][f"kernkaart_{layer.key}"], BY_NAME[layer.view]

    assert seen["keys"] == ["id"]
    assert (seen["geometry"], seen["crs"]) == (
        (view.geometry, "EPSG:31370") if view.geometry else ("NoGeometry", "")
    )
    assert [alias for alias in seen["aliases"] if not alias] == []
    if view.geometry and seen["count"]:
        assert seen["errors"] == []
        # Some records of registers have no place.
        assert seen.get("drawn_px", 0) > 10 or "record" in layer.view


def test_the_demo_has_life_in_nearly_every_layer(told: dict[str, Any]) -> None:
    empty = {name.removeprefix("kernkaart_") for name, layer in told["layers"].items() if not layer["count"]}

    assert empty <= {
        "street_island",
        "travel_speed",
        "series_break",
        "catchment",
        "neighbourhood",
        "manual_count",
        "event_area",
    }


@pytest.mark.parametrize("town", TOWNS)
def test_a_layer_holds_what_the_api_holds(town: str, told: dict[str, Any], ask: Callable[..., Any]) -> None:
    def held(layer: str) -> int:
        return int(told["layers"][f"kernkaart_{layer}"]["by_town"].get(town, 0))

    assert held("shop_unit") == ask("shop-units", municipality=town, limit=1)["total"]
    assert held("shop_unit_vacant") == ask("shop-units", municipality=town, state="vacant", limit=1)["total"]
    assert held("vacancy_cluster") == len(ask("vacancy-clusters", municipality=town)["features"])
    assert held("parking_zone") == len(ask("parking-zones", municipality=town)["features"])
    assert held("footfall_sensor") == len(ask("exports/sensors.geojson", municipality=town)["features"])
    assert held("parcel") == len(ask("exports/parcels.geojson", municipality=town)["features"])
    assert held("case_unit") == sum(len(case["units"]) for case in ask("cases", municipality=town)["items"])


def test_a_map_of_the_centre_shows_states_in_the_colours_of_the_application(told: dict[str, Any]) -> None:
    drawn = told["map"]

    assert drawn["errors"] == []
    vacant, occupied, building = (
        drawn["colours"].get(colour, 0) for colour in ("#c4450f", "#5a7d95", "#dcd6cd")
    )
    assert vacant > 100
    assert occupied > vacant
    assert building > occupied


def test_a_page_prints_with_title_scale_sources_and_date(told: dict[str, Any]) -> None:
    assert set(told["map"]["pages"]) == {"A4 liggend", "A3 liggend"}
    for page in told["map"]["pages"].values():
        assert page["result"] == 0
        assert Path(page["path"]).stat().st_size > 20_000
        assert page["labels"]["scale_text"].startswith("Schaal 1 : ")
        assert str(TODAY.year) in page["labels"]["sources"]
        assert "Fictieve demodata" in page["labels"]["sources"]
        assert "[%" not in "".join(page["labels"].values())


def test_a_view_opened_by_itself_is_drawn_and_named_as_in_the_project(told: dict[str, Any]) -> None:
    alone = told["alone"]

    assert alone["shop_unit"]["renderer"] == "categorizedSymbol"
    assert alone["shop_unit"]["legend"] == ["Leegstaand", "In gebruik", "Geen handel", "Onbekend"]
    for name, seen in alone.items():
        assert seen["is_valid"]
        assert seen["has_texts"]
        assert seen["aliases"] == told["layers"][f"kernkaart_{name}"]["aliases"]


def test_a_form_has_tabs_and_choices_and_locks_what_is_computed(told: dict[str, Any]) -> None:
    units = told["layers"]["kernkaart_shop_unit"]

    assert units["tabs"] == ["Adres", "Pand", "Toestand vandaag", "Score", "Overige", "Geschiedenis"]
    assert units["widgets"]["fitout_state"] == "ValueMap"
    assert units["widgets"]["branch_code"] == "ValueRelation"
    assert {"id", "nis_code", "state", "location_score"} <= set(units["readonly"])
    assert not {"floor_area_m2", "street", "note"} & set(units["readonly"])
    editable = {
        name.removeprefix("kernkaart_") for name, layer in told["layers"].items() if layer["may_edit"]
    }
    assert editable == {
        "shop_unit", "shop_unit_score", "shop_unit_vacant", "vacancy_spell", "core", "street_segment", "parking_zone",
        "parking_area", "travel_speed", "series_break",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["area", "move", "new_unit", "let", "zone", "area_of_zone", "core", "street", "erase_street"]
)
def test_an_edit_that_is_allowed_is_stored(name: str, told: dict[str, Any]) -> None:
    assert told["edits"][name]["is_stored"], told["edits"][name]["errors"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("computed", "Niet te wijzigen: state."),
        ("away", "Dit ligt buiten"),
        ("negative", "De waarde is niet toegestaan"),
        ("gone", "er is niets bewaard"),
        ("erase_unit", "Een pand wordt niet gewist"),
        ("clash", "een pand staat niet tegelijk leeg en in gebruik"),
        ("to_come", "De dag 2199-01-01 moet nog komen."),
        ("half", "Einddag en reden van einde horen samen"),
        ("erase_core", "Een kern wordt niet gewist"),
        ("unknown_class", "De waarde is niet toegestaan"),
    ],
)
def test_an_edit_that_is_refused_says_why(name: str, said: str, told: dict[str, Any]) -> None:
    assert not told["edits"][name]["is_stored"]
    assert said in told["edits"][name]["errors"]
    assert "HINT:" in told["edits"][name]["errors"]


def test_what_was_edited_is_in_the_register_with_who_did_it_and_raises_the_version_of_the_data(
    told: dict[str, Any], edited: str, before: dict[str, Any], login: str
) -> None:
    assert told["edits"]["area"]["is_stored"]
    with psycopg.connect(plain(edited)) as connection:

        def one(query: str, *values: Any) -> Any:
            row = connection.execute(query, values).fetchone()
            return row if row is None or len(row) > 1 else row[0]

        assert one("SELECT count(*) FROM shop_unit WHERE floor_area_m2 = 123.5 AND note = 'In QGIS'") == 1
        assert (
            one("SELECT count(*) FROM shop_unit WHERE street = 'Nieuwstraat' AND nis_code = %s", CLUSTERED)
            == 1
        )
        assert one("SELECT ended_on, end_reason FROM vacancy_spell WHERE shop_unit_id = %s AND ended_on = %s", before["vacant"], TODAY) == (TODAY, "let")  # fmt: skip
        assert one("SELECT count(*) FROM parking_zone WHERE capacity = 77") == 1
        assert one("SELECT count(*) FROM core WHERE plan_ref = 'RUP Centrum'") == 1
        assert one("SELECT count(*) FROM street_segment WHERE name = 'Nieuwe Gang'") == 1
        assert one("SELECT count(DISTINCT mapping ->> 'officer'), min(mapping ->> 'officer') FROM import_batch WHERE source = 'qgis'") == (1, login)  # fmt: skip
        assert one("SELECT count(*) FROM import_batch WHERE source = 'qgis'") == 10
        version = "SELECT {} FROM municipality WHERE nis_code = %s"
        assert one(version.format("data_version"), CLUSTERED) > before["data_version"]
        assert one(version.format("street_version"), CLUSTERED) > before["street_version"]


def test_units_exported_to_a_geopackage_come_back_as_they_were(told: dict[str, Any]) -> None:
    assert told["export"] == {
        "is_valid": True,
        "crs": "EPSG:31370",
        "is_same": True,
        "count": told["layers"]["kernkaart_shop_unit"]["count"],
    }


def test_a_hundred_thousand_parcels_open_and_are_drawn_without_reading_them_all(told: dict[str, Any]) -> None:
    assert told["many"]["is_valid"]
    assert told["many"]["errors"] == []
    assert told["many"]["drawn_px"] > 1000
    was, became = told["scans"]
    assert became - was < 1000


def test_a_map_of_few_of_many_parcels_is_asked_of_the_index(many: str, login: str, edited: str) -> None:
    at = make_url(many).set(username=login, password="geheim", drivername="postgresql")
    with psycopg.connect(at.render_as_string(hide_password=False)) as connection:
        plan = connection.execute(
            "EXPLAIN SELECT id, st_asbinary(geom) FROM qgis.parcel "
            "WHERE geom && st_makeenvelope(104000, 164000, 104300, 164200, 31370)"
        ).fetchall()
        rows = connection.execute("SELECT count(*) FROM qgis.parcel WHERE id < 50").fetchone()
    told = "\n".join(line for (line,) in plan)
    assert "Seq Scan" not in told
    assert "geom" in told
    assert rows is not None
    assert rows[0] > 0
