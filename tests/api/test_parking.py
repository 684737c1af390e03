import pytest
from sqlalchemy import text

from api.db.session import get_engine
from api.refresh import refresh
from tests.api.conftest import good, problem
from tests.town_database import NIS


def zones(client) -> dict[str, dict]:
    answer = client.get(f"/api/parking-zones?municipality={NIS}")
    assert answer.headers["content-type"] == "application/geo+json"
    return {each["properties"]["code"]: each for each in good(answer)["features"]}


def test_zones_tell_their_spaces_and_the_unknown_stays_unknown(client, town):
    found = zones(client)
    assert {code: each["properties"]["capacity"] for code, each in found.items()} == {
        "P1": 100,
        "P2": 40,
        "P3": None,
    }
    assert found["P1"]["id"] == town.zones["P1"]
    assert found["P1"]["geometry"]["type"] == "Point"
    assert found["P1"]["properties"]["regime"] == "unknown"


def test_occupancy_is_that_of_open_hours_without_sundays(client, town):
    found = zones(client)
    # Nine days of eight hours: eight half full and a Saturday full.
    first = found["P1"]["properties"]["occupancy"]
    assert first["mean_share"] == pytest.approx((8 * 0.5 + 1.0) / 9)
    assert (first["n"], first["from_on"], first["to_on"]) == (72, "2025-03-03", "2025-03-12")
    assert found["P2"]["properties"]["occupancy"]["mean_share"] == pytest.approx(0.9)
    assert found["P2"]["properties"]["occupancy"]["p85_share"] == pytest.approx(0.9)


def test_a_zone_that_was_never_observed_has_no_occupancy(client, town):
    assert zones(client)["P3"]["properties"]["occupancy"] is None


def test_too_few_days_give_no_occupancy_but_a_reason(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text(
                "DELETE FROM parking_observation WHERE parking_zone_id = :id AND observed_at > '2025-03-05'"
            ),
            {"id": own_town.zones["P1"]},
        )
    refresh(NIS)
    first = zones(client)["P1"]["properties"]
    assert (first["occupancy"], first["reason"]) == (None, "too_few_days")


def test_a_zone_with_an_outline_is_drawn_as_an_area(client, own_town):
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE parking_zone SET area_geom = st_multi(st_expand(geom, 20)) WHERE code = 'P1'")
        )
    first = zones(client)["P1"]
    assert first["geometry"]["type"] == "MultiPolygon"
    assert 3 < first["properties"]["lon"] < 4


def test_the_usual_week_is_the_mean_of_each_hour_on_the_clock_of_the_wall(client, town):
    answer = good(client.get(f"/api/parking-zones/{town.zones['P1']}/series"))
    assert answer["timezone"] == "Europe/Brussels"
    assert answer["zone"]["code"] == "P1"
    week = {(each["weekday"], each["hour"]): each for each in answer["items"]}
    assert len(week) == 7 * 24
    assert (week[6, 12]["share"], week[6, 12]["n"]) == (1.0, 1)
    # Three Mondays to Wednesdays begin on Monday 3 March: Monday comes twice in ten days.
    assert (week[1, 9]["share"], week[1, 9]["n"]) == (0.5, 2)


def test_a_zone_without_observations_has_an_empty_week(client, town):
    assert good(client.get(f"/api/parking-zones/{town.zones['P3']}/series"))["items"] == []


def test_a_zone_that_does_not_exist_is_not_found(client, town):
    assert "GET /api/parking-zones" in problem(client.get("/api/parking-zones/999999/series"), 404)["way_out"]
    problem(client.get("/api/parking-zones/x/series"), 422)
