import csv
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from api.db.session import get_engine
from api.export import queries
from tests.api.conftest import good, problem, units
from tests.town_database import NIS

FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "state": st.sampled_from(["vacant", "occupied", "vacant,unknown"]),
        "min_floor_area_m2": st.sampled_from([0, 70, 100]),
        "branch_group": st.sampled_from(["daily", "hospitality,daily"]),
        "q": st.sampled_from(["side", "7", "%"]),
        "min_score": st.sampled_from([20, 60]),
    },
)


def write(statement: str, **values) -> None:
    with get_engine().begin() as connection:
        connection.execute(text(statement), values)


def as_geojson(client, **query) -> list[dict]:
    answer = client.get("/api/exports/shop-units.geojson", params={"municipality": NIS, **query})
    assert answer.headers["content-type"] == "application/geo+json"
    return good(answer)["features"]


def as_csv(client, **query) -> list[dict[str, str]]:
    answer = client.get("/api/exports/shop-units.csv", params={"municipality": NIS, **query})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    # As a spreadsheet reads it: with the byte order mark, semicolons and quotes.
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=FILTERS)
def test_a_file_holds_exactly_what_the_list_shows_in_its_order(client, town, wanted):
    listed = units(client, sort="-score", **wanted)
    features, table = as_geojson(client, **wanted), as_csv(client, **wanted)
    assert [each["id"] for each in features] == [unit["id"] for unit in listed]
    assert [int(row["id"]) for row in table] == [unit["id"] for unit in listed]
    for unit, each, row in zip(listed, features, table, strict=True):
        told = each["properties"]
        for name in (
            "uid",
            "local_code",
            "name",
            "address",
            "state",
            "branch_code",
            "floor_area_m2",
            "vacancy_class",
        ):
            assert told[name] == unit[name], name
            assert row[name] == ("" if unit[name] is None else str(unit[name])), name
        assert each["geometry"]["coordinates"] == pytest.approx([unit["lon"], unit["lat"]], abs=1e-6)
        assert told["location_score"] == unit["score"]["value"] == float(row["location_score"])
        assert told["rank"] == unit["score"]["rank"]


def test_a_table_for_a_spreadsheet_begins_with_a_mark_and_canonical_names(client, town):
    raw = client.get(f"/api/exports/shop-units.csv?municipality={NIS}").content
    assert raw.startswith(b"\xef\xbb\xbfid;uid;nis_code;local_code;name;address;")
    assert raw.count(b"\r\n") == 13
    assert list(as_csv(client)[0]) == list(queries.UNIT_COLUMNS)


def test_a_file_has_a_telling_name_without_odd_letters(client, own_town):
    write("UPDATE municipality SET name_nl = 'Ieper / Ypres (stad) é' WHERE nis_code = :nis", nis=NIS)
    named = client.get(f"/api/exports/shop-units.csv?municipality={NIS}").headers["content-disposition"]
    assert named.startswith('attachment; filename="kernkaart-ieper-ypres-stad-e-shop-units-20')
    assert named.endswith('.csv"')


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_name_that_a_spreadsheet_would_run_is_only_text(client, own_town, start):
    dangerous = f'{start}HYPERLINK("http://evil.example";"x")'
    write("UPDATE occupancy SET occupant_name = :name WHERE occupant_name = 'Shop H1'", name=dangerous)
    (row,) = [row for row in as_csv(client) if row["local_code"] == "H1"]
    assert row["name"] == "'" + dangerous
    # In GeoJSON nothing is run, and the name stays as it is.
    (feature,) = [each for each in as_geojson(client) if each["properties"]["local_code"] == "H1"]
    assert feature["properties"]["name"] == dangerous


def test_a_number_below_zero_stays_a_number(client, own_town):
    write("UPDATE vacancy_spell SET asking_rent_eur_per_month = -5.5")
    assert {row["asking_rent_eur_per_month"] for row in as_csv(client, state="vacant")} == {"-5.5"}


@pytest.mark.parametrize(
    "name",
    [
        'a;b"c',
        "line\nbreak",
        "back\\slash \\n \\\\",
        "tab\there",
        "é € 漢 🏪",
        "\\u0041",
        "ends with \\",
        "Q\u2028",
    ],
)
def test_every_letter_of_a_name_arrives_in_both_files(client, own_town, name):
    write("UPDATE occupancy SET occupant_name = :name WHERE occupant_name = 'Shop H1'", name=name)
    (row,) = [row for row in as_csv(client) if row["local_code"] == "H1"]
    (feature,) = [each for each in as_geojson(client) if each["properties"]["local_code"] == "H1"]
    assert row["name"] == feature["properties"]["name"] == name


def test_a_large_file_is_whole_and_valid_json(client, own_town):
    write(
        "INSERT INTO shop_unit (nis_code, local_code, street, geom) SELECT '99001', 'L' || n, E'a\\\\b\"c', "
        "st_setsrid(st_makepoint(70000 + n / 10.0, 200000), 31370) FROM generate_series(1, 5000) n"
    )
    features = as_geojson(client)
    assert len({each["id"] for each in features}) == 5012
    assert {
        each["properties"]["address"] for each in features if each["properties"]["local_code"][0] == "L"
    } == {'a\\b"c'}
    assert len(as_csv(client)) == 5012


def test_files_name_whom_they_owe_their_rows_to(client, own_town):
    write("UPDATE dataset SET attribution = 'Bron: stad Papierstad' WHERE code = 'town'")
    for path in ("shop-units", "parcels", "sensors", "parking-zones"):
        body = good(client.get(f"/api/exports/{path}.geojson?municipality={NIS}"))
        assert body["attribution"] == "Bron: stad Papierstad", path


LAYERS = {"parcels": 12, "sensors": 3, "parking-zones": 3, "vacancy-clusters": 0}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_is_sent_whole(client, town, layer):
    answer = client.get(f"/api/exports/{layer}.geojson?municipality={NIS}")
    features = good(answer)["features"]
    assert len(features) == LAYERS[layer]
    assert f"kernkaart-papierstad-{layer}-" in answer.headers["content-disposition"]
    assert all(each["geometry"] and each["id"] for each in features)


def test_a_sensor_that_stands_nowhere_yet_is_sent_without_a_place(client, own_town):
    write("UPDATE footfall_sensor SET geom = NULL WHERE code = 'high'")
    features = good(client.get(f"/api/exports/sensors.geojson?municipality={NIS}"))["features"]
    assert [each["geometry"] for each in features if each["properties"]["code"] == "high"] == [None]


@pytest.mark.parametrize("path", ["shop-units.geojson", "shop-units.csv"])
def test_rows_whose_licence_forbids_it_are_not_given_to_others(client, own_town, path):
    write("UPDATE dataset SET redistribute_rows = false WHERE code = 'town'")
    body = problem(client.get(f"/api/exports/{path}?municipality={NIS}"), 403)
    assert "Dataset town" in body["detail"]
    assert "GET /api/vacancy" in body["way_out"]


@pytest.mark.parametrize("layer", ["parcels", "sensors", "parking-zones"])
def test_the_licence_holds_for_every_layer(client, own_town, layer):
    write("UPDATE dataset SET redistribute_rows = false WHERE code = 'town'")
    assert (
        "Dataset town"
        in problem(client.get(f"/api/exports/{layer}.geojson?municipality={NIS}"), 403)["detail"]
    )


def test_a_licence_on_shop_units_does_not_hold_back_the_parking_zones(client, own_town):
    write("INSERT INTO dataset (code, name, redistribute_rows) VALUES ('bought', 'Bought', false)")
    write("UPDATE shop_unit SET dataset_id = (SELECT id FROM dataset WHERE code = 'bought')")
    problem(client.get(f"/api/exports/shop-units.csv?municipality={NIS}"), 403)
    good(client.get(f"/api/exports/parking-zones.geojson?municipality={NIS}"))


@pytest.mark.parametrize("path", ["shop-units.geojson", "shop-units.csv", "vacancy-clusters.geojson"])
def test_a_file_that_cannot_be_made_is_an_error_and_not_half_a_file(client, own_town, path):
    with get_engine().begin() as connection:
        for view in ("shop_unit_state", "current_run"):
            connection.execute(text(f"DROP VIEW {view} CASCADE"))
    problem(client.get(f"/api/exports/{path}?municipality={NIS}"), 500)


@pytest.mark.parametrize("query", ["bbox=9,9,1,1", "state=empty", "min_score=900", "core=x"])
def test_a_malformed_filter_gives_no_file(client, town, query):
    for path in ("shop-units.geojson", "shop-units.csv"):
        problem(client.get(f"/api/exports/{path}?municipality={NIS}&{query}"), 422)


def test_a_layer_that_nobody_knows_is_malformed(client, town):
    assert "vacancy-clusters" in json.dumps(
        problem(client.get(f"/api/exports/pets.geojson?municipality={NIS}"), 422)
    )


def test_a_large_file_may_take_longer_than_a_question_of_the_map(town):
    from api.export.service import LONGEST_S, long_session

    with long_session() as session:
        assert session.execute(text("SHOW statement_timeout")).scalar() == f"{LONGEST_S // 60}min"
