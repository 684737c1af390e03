import csv
import io
import json

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.session import get_engine
from api.refresh import accessibility, refresh
from gis.accessibility import INDICATORS
from tests import town as paper
from tests.api.conftest import good
from tests.town_database import EMPTY_NIS, NIS, rows

COLUMNS = ", ".join(INDICATORS)


def write(statement: str, **values) -> None:
    with get_engine().begin() as connection:
        connection.execute(text(statement), values)


def of_units() -> dict[str, dict]:
    found = rows(
        f"SELECT u.local_code, {COLUMNS}, a.reasons FROM accessibility a JOIN current_run r ON r.id = a.run_id "
        "JOIN shop_unit u ON u.id = a.shop_unit_id"
    )
    return {row[0]: dict(zip((*INDICATORS, "reasons"), row[1:], strict=True)) for row in found}


def of_parcels() -> list[tuple]:
    query = f"SELECT p.capakey, {COLUMNS}, a.reasons FROM accessibility a JOIN parcel p ON p.id = a.parcel_id ORDER BY 1"
    return [tuple(row) for row in rows(query)]


def add_stop(x: float, y: float, nis: str = NIS) -> None:
    (east, north) = paper.ORIGIN
    write(
        "INSERT INTO public_place (nis_code, source_key, kind, geom) "
        "VALUES (:nis, 'stop', 'stop', st_setsrid(st_makepoint(:x, :y), 31370))",
        nis=nis, x=east + x, y=north + y,
    )  # fmt: skip


# -- what is stored -----------------------------------------------------------------------------


def test_every_unit_and_every_parcel_gets_a_row_of_the_run(town):
    ((units, parcels),) = rows(
        "SELECT count(shop_unit_id), count(parcel_id) FROM accessibility a JOIN current_run r ON r.id = a.run_id"
    )
    assert (units, parcels) == (12, 12)
    ((told,),) = rows("SELECT parameters -> 'accessibility' FROM current_run")
    assert (told["units"], told["parcels"], told["parcels_off_streets"]) == (12, 12, 0)
    assert told["sources"]["persons"]["source"] == "Dataset town"


def test_the_figures_are_those_of_the_paper_town(town):
    found = of_units()
    metres = paper.metres(paper.units(), paper.parking_zones()).min(axis=1)
    for code, expected in zip(paper.UNITS, metres, strict=True):
        assert found[code]["parking_m"] == pytest.approx(expected, abs=0.02)
    # Two of the three daily and hospitality units each; the others trade alone or not at all.
    assert found["H4"]["competitor_m"] == pytest.approx(330, abs=0.02)
    assert found["S1"]["competitor_m"] == pytest.approx(150, abs=0.02)
    assert found["H1"]["reasons"]["competitor_m"] == "none_known"
    assert found["H2"]["reasons"]["competitor_m"] == "not_trading"
    assert {row["reasons"]["stop_m"] for row in found.values()} == {"none_known"}
    # All 1,300 people whose number is known live within ten minutes by car; those of the harbour are withheld.
    assert {row["persons_car_10_min"] for row in found.values()} == {1300}
    assert {row["reasons"]["persons_car_10_min"] for row in found.values()} == {"lower_bound"}
    for row in found.values():
        walks = [row[f"persons_walk_{minutes}_min"] for minutes in (5, 10, 15)]
        assert walks == sorted(walks)
        assert 0 < row["persons_walk_decayed"] < walks[-1] <= 1300


def test_people_shops_and_stops_of_the_neighbours_count(own_town):
    before = of_units()["H1"]
    add_stop(0, 0, EMPTY_NIS)
    write(
        "INSERT INTO analysis_run (nis_code, kind, data_version, code_version, state, finished_at) "
        "VALUES (:nis, 'refresh', 1, '1', 'done', now())",
        nis=EMPTY_NIS,
    )
    (east, north) = paper.ORIGIN
    write(
        "INSERT INTO population_point (run_id, nis_code, persons, sector_code, geom) "
        "SELECT id, nis_code, 1000, 'other', st_setsrid(st_makepoint(:x, :y), 31370) FROM analysis_run "
        "WHERE nis_code = :nis",
        nis=EMPTY_NIS, x=east, y=north,
    )  # fmt: skip
    refresh(NIS)
    after = of_units()["H1"]
    assert after["stop_m"] == pytest.approx(50, abs=0.02)
    assert after["persons_walk_5_min"] == pytest.approx(before["persons_walk_5_min"] + 1000, abs=0.02)
    assert after["persons_car_10_min"] == pytest.approx(2300, abs=0.02)


def test_people_of_a_neighbour_that_was_never_refreshed_make_a_lower_bound(own_town):
    write("UPDATE sector_stat SET value = 0, is_suppressed = false WHERE value IS NULL")
    refresh(NIS)
    assert "persons_car_10_min" not in of_units()["H1"]["reasons"]
    write(
        "UPDATE municipality SET population = 5, geom = (SELECT geom FROM municipality WHERE nis_code = :nis) "
        "WHERE nis_code = :empty",
        nis=NIS,
        empty=EMPTY_NIS,
    )
    refresh(NIS)
    assert of_units()["H1"]["reasons"]["persons_car_10_min"] == "lower_bound"


def test_without_people_known_nothing_is_zero(own_town):
    write("DELETE FROM stat_sector")
    write("UPDATE municipality SET population = NULL")
    refresh(NIS)
    found = of_units()["H1"]
    assert found["persons_walk_15_min"] is found["persons_car_10_min"] is None
    assert found["reasons"]["persons_walk_15_min"] == "no_people_known"


def test_a_parcel_off_the_streets_is_counted_and_listed(own_town):
    write(
        "INSERT INTO parcel (nis_code, capakey, geom) "
        "VALUES (:nis, 'far', st_multi(st_makeenvelope(75000, 205000, 75010, 205010, 31370)))",
        nis=NIS,
    )
    result = refresh(NIS)
    assert (result.parcels, result.parcels_off_streets) == (13, 1)
    far = [row for row in of_parcels() if row[0] == "far"]
    assert far[0][1:-1] == (None,) * len(INDICATORS)
    assert set(far[0][-1]) == set(INDICATORS)
    assert rows("SELECT capakey FROM qgis.parcel_accessibility WHERE reasons LIKE '%off_network%'") == [
        ("far",)
    ]


def test_parcels_are_kept_once_and_units_of_every_run(own_town):
    before = of_units(), of_parcels()
    refresh(NIS)
    assert (of_units(), of_parcels()) == before
    assert rows("SELECT count(shop_unit_id), count(parcel_id) FROM accessibility") == [(24, 12)]


def test_a_parcel_or_unit_that_goes_takes_its_figures_along(own_town):
    write("DELETE FROM parcel")
    write("DELETE FROM shop_unit WHERE local_code = 'H1'")
    assert rows("SELECT count(shop_unit_id), count(parcel_id) FROM accessibility") == [(11, 0)]


def test_without_parcels_and_car_streets_the_rest_is_measured(own_town):
    write("DELETE FROM parcel")
    write("UPDATE street_segment SET is_car_forward = false, is_car_backward = false")
    refresh(NIS)
    found = of_units()["H1"]
    assert found["persons_walk_5_min"] > 0
    assert found["reasons"]["persons_car_10_min"] == "no_such_network"


def test_the_parts_a_refresh_works_in_change_nothing(own_town, monkeypatch):
    before = of_units(), of_parcels()
    steps, seen = [], []
    monkeypatch.setattr(accessibility, "PLACES_AT_ONCE", 5)
    refresh(
        NIS,
        progressed=steps.append,
        counted=lambda done, total: seen.append((done, total)) if steps[-1] == "accessibility" else None,
    )
    assert (of_units(), of_parcels()) == before
    assert seen == [(5, 24), (10, 24), (12, 24), (17, 24), (22, 24), (24, 24)]


def test_reading_a_region_keeps_text_that_looks_like_nothing(own_town):
    from api.refresh import surroundings

    with Session(get_engine()) as session:
        found = surroundings.points(session, "SELECT 1 AS id, 'NA' AS branch_code, 2 AS x, 3 AS y")
        none = surroundings.points(session, "SELECT 1 AS id, 2 AS x, 3 AS y WHERE false")
    assert found["branch_code"].tolist() == ["NA"]
    assert (none.crs, len(none)) == (found.crs, 0)


# -- where it is seen ---------------------------------------------------------------------------


def test_the_detail_of_a_unit_tells_values_units_sources_and_reasons(client, town):
    detail = good(client.get(f"/api/shop-units/{town.units['H4']}?lang=en"))["accessibility"]
    items = {item["code"]: item for item in detail["items"]}
    assert list(items) == list(INDICATORS)
    assert items["competitor_m"]["value"] == pytest.approx(330, abs=0.02)
    assert items["competitor_m"]["unit"] == "m"
    assert items["persons_walk_5_min"]["unit"] == "persons"
    assert items["persons_walk_5_min"]["source"] == "Dataset town"
    assert items["persons_walk_5_min"]["observed_on"] == "2025"
    assert items["persons_car_10_min"]["label"] == "Inhabitants within 10 minutes by car"
    assert items["persons_car_10_min"]["reason"] == "lower_bound"
    assert items["stop_m"]["value"] is None
    assert items["stop_m"]["reason_label"] == "None known in the region"
    assert (detail["nearest_limit_m"], detail["decay_per_min"]) == (5000, 0.1813)
    assert rows("SELECT id FROM current_run") == [(detail["run"]["id"],)]


def test_a_unit_of_a_municipality_that_was_not_refreshed_has_none(client, own_town):
    write("DELETE FROM analysis_run")
    assert good(client.get(f"/api/shop-units/{own_town.units['H4']}"))["accessibility"] is None


def test_exports_hold_the_columns_and_reasons(client, town):
    answer = client.get(f"/api/exports/shop-units.csv?municipality={NIS}")
    listed = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    (own,) = [row for row in listed if row["local_code"] == "H4"]
    assert float(own["competitor_m"]) == pytest.approx(330, abs=0.02)
    assert own["stop_m"] == ""
    assert json.loads(own["accessibility_reasons"])["stop_m"] == "none_known"
    features = good(client.get(f"/api/exports/shop-units.geojson?municipality={NIS}"))["features"]
    (own,) = [item["properties"] for item in features if item["properties"]["local_code"] == "H4"]
    assert own["persons_car_10_min"] == 1300
    assert own["accessibility_reasons"]["stop_m"] == "none_known"


def test_every_indicator_and_every_reason_has_labels(client, town):
    from typing import get_args

    from gis.accessibility import Reason

    for scheme, codes in (("accessibility", INDICATORS), ("accessibility_reason", get_args(Reason))):
        items = good(client.get(f"/api/code-lists/{scheme}"))["items"]
        assert {item["code"] for item in items} == set(codes)


@pytest.mark.parametrize(("view", "count"), [("shop_unit_accessibility", 12), ("parcel_accessibility", 12)])
def test_the_views_have_one_row_a_place_and_explain_every_column(town, view, count):
    assert rows(f"SELECT count(DISTINCT id), count(*) FROM qgis.{view}") == [(count, count)]
    silent = rows(
        "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:view AS regclass) AND attnum > 0 "
        "AND coalesce(col_description(attrelid, attnum), '') = ''",
        view=f"qgis.{view}",
    )
    assert silent == []
    ((kind, srid),) = rows(
        "SELECT type, srid FROM geometry_columns WHERE f_table_schema = 'qgis' AND f_table_name = :view",
        view=view,
    )
    assert kind in {"POINT", "MULTIPOLYGON"}
    assert srid == 31370
