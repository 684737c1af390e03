import datetime as dt
import itertools

import pytest
from sqlalchemy import text

from api.db.session import get_engine
from tests import town as paper
from tests.api.conftest import good, problem, units
from tests.town_database import EMPTY_NIS, NIS, rows

CODES = {code: values[2] for code, values in paper.UNITS.items()}
VACANT = {"H2", "H3", "H6", "S2"}


# -- municipalities -----------------------------------------------------------------------------


def test_municipalities_are_listed_by_name_with_what_is_known_of_them(client, town):
    empty, full = good(client.get("/api/municipalities"))["items"]
    assert (full["nis_code"], full["name_nl"], full["population"]) == (NIS, "Papierstad", 1300)
    assert full["counts"] == {
        "shop_units": 12,
        "vacant": 4,
        "parcels": 12,
        "buildings": 4,
        "street_segments": 5,
        "sensors": 3,
        "parking_zones": 3,
    }
    assert full["refreshed_at"] is not None
    assert full["is_stale"] is False
    assert (empty["nis_code"], empty["name_nl"]) == (EMPTY_NIS, "Leegdorp")
    assert set(empty["counts"].values()) == {0}
    assert (empty["centre"], empty["bbox"], empty["refreshed_at"]) == (None, None, None)
    assert empty["is_stale"] is True


def test_a_name_that_is_missing_in_one_language_is_the_dutch_one(client, town):
    empty = good(client.get("/api/municipalities"))["items"][0]
    assert empty["name_fr"] == empty["name_en"] == "Leegdorp"


def test_the_box_of_a_municipality_is_that_of_its_shop_units(client, town):
    full = good(client.get(f"/api/municipalities/{NIS}"))
    west, south, east, north = full["bbox"]
    lon, lat = ([unit[axis] for unit in units(client)] for axis in ("lon", "lat"))
    # The box is that of a rectangle in metres, which stands a little askew on degrees.
    assert (west, south, east, north) == pytest.approx((min(lon), min(lat), max(lon), max(lat)), abs=1e-4)
    assert west < full["centre"][0] < east
    assert south < full["centre"][1] < north
    assert (3.2, 51.1) < (west, south) < (3.3, 51.2)


@pytest.mark.parametrize(("keep", "points"), [("H1", 1), ("H1 H7", 2)])
def test_the_box_of_units_in_a_point_or_a_line_still_holds_them(client, own_town, keep, points):
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE shop_unit SET lifecycle = 'demolished' WHERE local_code <> ALL(:keep)"),
            {"keep": keep.split()},
        )
        connection.execute(text("DELETE FROM shop_unit WHERE lifecycle = 'demolished'"))
    found = units(client)
    assert len(found) == points
    west, south, east, north = good(client.get(f"/api/municipalities/{NIS}"))["bbox"]
    for unit in found:
        assert west - 1e-5 <= unit["lon"] <= east + 1e-5
        assert south - 1e-5 <= unit["lat"] <= north + 1e-5


def test_one_municipality_tells_its_cores_and_how_many_units_stand_in_each(client, town):
    answer = good(client.get(f"/api/municipalities/{NIS}"))
    core = {"id": town.core, "code": "K1", "name": "Kern", "area_type": "trading_core", "shop_units": 7}
    assert answer["cores"] == [core]
    assert good(client.get(f"/api/municipalities/{EMPTY_NIS}"))["cores"] == []


def test_areas_are_the_border_and_the_cores(client, town):
    answer = client.get(f"/api/municipalities/{NIS}/areas.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    kinds = [(each["properties"]["kind"], each["properties"]["name"]) for each in answer.json()["features"]]
    assert kinds == [("border", "Papierstad"), ("core", "Kern")]
    assert answer.json()["features"][1]["id"] == town.core
    assert good(client.get(f"/api/municipalities/{EMPTY_NIS}/areas.geojson"))["features"] == []


# -- code lists ---------------------------------------------------------------------------------


def test_a_code_list_comes_with_labels_in_three_languages(client, town):
    answer = good(client.get("/api/code-lists/branch_group"))
    assert answer["scheme"] == "branch_group"
    assert {item["code"] for item in answer["items"]} == {
        "daily", "fashion_luxury", "leisure_goods", "home_garden", "retail_other", "hospitality",
        "leisure_culture", "services", "transport_fuel", "non_retail",
    }  # fmt: skip
    assert all(item["label_nl"] and item["label_fr"] and item["label_en"] for item in answer["items"])


def test_a_branch_knows_its_group(client, town):
    items = good(client.get("/api/code-lists/branch"))["items"]
    groups = {item["code"]: item["parent_code"] for item in items}
    assert groups["bakery"] == "daily"
    assert groups["restaurant"] == "hospitality"


# -- lists of shop units ------------------------------------------------------------------------


def test_every_unit_is_listed_with_its_state(client, town):
    answer = good(client.get(f"/api/shop-units?municipality={NIS}"))
    assert answer["total"] == 12
    assert answer["next"] is None
    assert {unit["local_code"]: unit["state"] for unit in answer["items"]} == CODES


def test_a_vacant_unit_tells_since_when_and_how_that_is_known(client, town):
    found = {unit["local_code"]: unit for unit in units(client, state="vacant")}
    assert found["H2"]["vacant_since"] == {"earliest": "2025-06-01", "latest": "2025-06-01", "basis": "exact"}
    assert found["H3"]["vacant_since"] == {
        "earliest": "2022-06-01",
        "latest": "2024-06-01",
        "basis": "between_visits",
    }
    assert found["S2"]["vacant_since"] == {"earliest": None, "latest": "2026-01-01", "basis": "first_seen"}
    assert found["H2"]["name"] is None
    assert found["H6"]["floor_area_m2"] is None
    assert found["H2"]["address"] == "High Street 2"


def test_the_class_of_a_vacancy_is_that_of_its_middle_day(client, town):
    (today,) = rows("SELECT current_date")[0]
    found = {unit["local_code"]: unit["vacancy_class"] for unit in units(client)}
    middles = {"H2": dt.date(2025, 6, 1), "H3": dt.date(2023, 6, 1), "H6": dt.date(2020, 7, 2)}
    for code, middle in middles.items():
        days = (today - middle).days
        assert found[code] == ("initial" if days < 365 else "long_term" if days < 1096 else "structural"), (
            code
        )
    assert {found[code] for code in CODES if code not in VACANT} == {None}


@pytest.mark.parametrize(("days", "expected"), [(1095, "unknown"), (1096, "structural")])
def test_a_vacancy_first_seen_over_three_years_ago_is_structural_whenever_it_began(session, days, expected):
    session.execute(
        text(
            "UPDATE vacancy_spell SET start_latest_on = current_date - CAST(:days AS int) WHERE start_basis = 'first_seen'"
        ),
        {"days": days},
    )
    found = session.execute(
        text("SELECT vacancy_class FROM shop_unit_state WHERE local_code = 'S2'")
    ).scalar()
    assert found == expected


def test_an_occupied_unit_tells_who_trades_there_and_in_what(client, town):
    (h1,) = [unit for unit in units(client) if unit["local_code"] == "H1"]
    assert (h1["name"], h1["branch_code"], h1["branch_group"]) == ("Shop H1", "clothing", "fashion_luxury")
    assert h1["vacant_since"] is None
    assert h1["vacancy_class"] is None
    assert (h1["core_id"], h1["floor_area_m2"], h1["last_seen_on"]) == (town.core, 100, "2026-01-01")


def test_a_unit_that_is_no_longer_one_is_not_listed(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE shop_unit SET lifecycle = 'demolished' WHERE local_code = 'H1'"))
    assert {unit["local_code"] for unit in units(client)} == set(CODES) - {"H1"}


def test_a_popup_in_a_vacant_unit_leaves_one_row_that_is_vacant(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO occupancy (shop_unit_id, period, is_popup, occupant_name) "
                "VALUES (:id, daterange(current_date - 9, NULL), true, 'Pop')"
            ),
            {"id": own_town.units["H2"]},
        )
    found = [unit for unit in units(client) if unit["local_code"] == "H2"]
    assert [(unit["state"], unit["name"]) for unit in found] == [("vacant", "Pop")]
    assert good(client.get(f"/api/shop-units?municipality={NIS}"))["total"] == 12


# -- one unit -----------------------------------------------------------------------------------


def test_a_unit_tells_its_facts_with_unit_source_and_date(client, town):
    unit = good(client.get(f"/api/shop-units/{town.units['H1']}"))
    facts = {fact["code"]: fact for fact in unit["facts"]}
    assert facts["floor_area_m2"] == {
        "code": "floor_area_m2",
        "value": 100.0,
        "unit": "m2",
        "source": "Dataset town",
        "observed_on": "2026-01-01",
    }
    assert facts["core"]["value"] == "Kern"
    assert facts["is_storefront"]["value"] is True
    assert "frontage_m" not in facts
    assert unit["parcel"]["area_m2"] == pytest.approx(400)
    assert unit["parcel"]["capakey"] == facts["capakey"]["value"] == "34040A0001/00_000"


def test_the_history_of_a_unit_runs_from_today_back(client, town):
    unit = good(client.get(f"/api/shop-units/{town.units['H3']}?lang=en"))
    spell, shop = unit["history"]
    assert (spell["kind"], spell["from"], spell["from_earliest"], spell["to"]) == (
        "vacancy",
        "2024-06-01",
        "2022-06-01",
        None,
    )
    assert (shop["kind"], shop["from"], shop["to"]) == ("occupancy", "2015-01-01", "2024-06-01")
    assert (shop["occupant_name"], shop["branch_code"], shop["source"]) == (
        "Shop H3",
        "supermarket",
        "Dataset town",
    )
    assert "upermarket" in shop["branch_label"]


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("?lang=fr", "en", "fr"),
        ("?lang=en", "", "en"),
        ("", "fr-BE,fr;q=0.9,en;q=0.8", "fr"),
        ("", "de-DE,en;q=0.5", "en"),
        ("", "de", "nl"),
        ("", "", "nl"),
    ],
)
def test_labels_are_in_the_language_asked_for_else_that_of_the_browser_else_dutch(
    client, town, query, header, language
):
    items = {item["code"]: item for item in good(client.get("/api/code-lists/branch"))["items"]}
    answer = client.get(f"/api/shop-units/{town.units['H1']}{query}", headers={"Accept-Language": header})
    assert good(answer)["history"][0]["branch_label"] == items["clothing"][f"label_{language}"]
    assert "Accept-Language" in answer.headers["vary"]


def test_units_that_were_split_point_at_each_other(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO shop_unit_relation (from_unit_id, to_unit_id, kind, happened_on) "
                "VALUES (:a, :b, 'split', '2024-01-01')"
            ),
            {"a": own_town.units["H1"], "b": own_town.units["H2"]},
        )
    (later,) = good(client.get(f"/api/shop-units/{own_town.units['H1']}"))["relations"]
    (earlier,) = good(client.get(f"/api/shop-units/{own_town.units['H2']}"))["relations"]
    assert (later["local_code"], later["is_later"], later["kind"]) == ("H2", True, "split")
    assert (earlier["local_code"], earlier["is_later"], earlier["happened_on"]) == ("H1", False, "2024-01-01")


@pytest.mark.parametrize("unit", [0, 999_999])
def test_a_unit_that_does_not_exist_is_not_found(client, town, unit):
    assert "GET /api/shop-units" in problem(client.get(f"/api/shop-units/{unit}"), 404)["way_out"]


@pytest.mark.parametrize("unit", ["x", "-1", "99999999999999999999", "1.5"])
def test_a_key_that_is_no_number_of_ours_is_malformed(client, town, unit):
    problem(client.get(f"/api/shop-units/{unit}"), 422)


# -- parcels ------------------------------------------------------------------------------------


def test_parcels_are_paged_with_a_true_total(client, town):
    answer = good(client.get(f"/api/parcels?municipality={NIS}&limit=5"))
    keys = []
    while True:
        assert (answer["numberMatched"], answer["numberReturned"]) == (12, len(answer["features"]))
        keys += [each["properties"]["capakey"] for each in answer["features"]]
        if answer["next"] is None:
            break
        answer = good(client.get(answer["next"]))
    assert sorted(keys) == sorted(town.parcels)


def test_a_parcel_is_drawn_in_degrees_with_the_outer_ring_against_the_clock(client, town):
    feature = good(client.get(f"/api/parcels?municipality={NIS}&limit=1"))["features"][0]
    assert feature["properties"]["area_m2"] == pytest.approx(400)
    ring = feature["geometry"]["coordinates"][0][0]
    assert all(3 < lon < 4 and 51 < lat < 52 for lon, lat in ring)
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))
    assert area > 0


def test_a_parcel_that_has_ended_is_not_listed(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE parcel SET ends_on = '2024-01-01' WHERE capakey = '34040A0001/00_000'")
        )
    assert good(client.get(f"/api/parcels?municipality={NIS}"))["numberMatched"] == 11


def test_parcels_in_a_box(client, town):
    (h7,) = [unit for unit in units(client) if unit["local_code"] == "H7"]
    box = f"{h7['lon'] - 1e-4},{h7['lat'] - 1e-4},{h7['lon'] + 1e-4},{h7['lat'] + 1e-4}"
    answer = good(client.get(f"/api/parcels?municipality={NIS}&bbox={box}"))
    assert [each["properties"]["capakey"] for each in answer["features"]] == ["34040A0007/00_000"]


def test_one_parcel_tells_its_shop_units(client, town):
    key = town.parcels["34040A0007/00_000"]
    answer = good(client.get(f"/api/parcels/{key}"))
    assert answer["properties"]["shop_units"] == [{"id": town.units["H7"], "local_code": "H7"}]
    problem(client.get("/api/parcels/999999"), 404)


@pytest.mark.parametrize("cursor", ["zzz", "-1", "²", "99999999999999999999", ""])
def test_a_cursor_of_parcels_that_is_not_ours_is_malformed(client, town, cursor):
    problem(client.get("/api/parcels", params={"municipality": NIS, "cursor": cursor}), 422)
