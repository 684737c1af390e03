import csv
import io

import pytest
from sqlalchemy import text

from api.db.session import get_engine
from tests.api.conftest import good, problem
from tests.api.test_catchment_choices import segment_ids
from tests.town_database import NIS, rows


def keep(client, **given):
    answer = client.post(
        "/api/catchments", json={"name": "Bakker", "municipality": NIS, "minutes": [2, 5], **given}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def listed(client) -> list[dict]:
    return good(client.get("/api/catchments", params={"municipality": NIS}))["items"]


def test_a_catchment_that_is_kept_says_what_the_live_one_said(client, own_town):
    body = keep(client, shop_unit=own_town.units["H3"])
    live = good(client.get("/api/catchment", params={"shop_unit": own_town.units["H3"], "minutes": "2,5"}))
    assert [f["properties"] for f in body["features"]] == [f["properties"] for f in live["features"]]
    stored = body["stored"]
    assert (stored["name"], stored["is_stale"], len(stored["runs"])) == ("Bakker", False, 1)
    assert stored["run"]["network_version"] == live["catchment"]["network_version"]
    assert stored["run"]["data_version"] == live["catchment"]["data_version"]
    (item,) = listed(client)
    assert (item["id"], item["mode"], item["bands"], item["is_stale"]) == (
        stored["id"],
        "walk",
        [2, 5],
        False,
    )
    assert item["largest"] == {"band": 5, "population": live["features"][0]["properties"]["population"]}
    assert rows("SELECT count(*) FROM qgis.catchment") == [(2,)]


def test_it_says_when_streets_or_data_changed_and_a_new_run_leaves_the_old_one(client, own_town):
    key = keep(client, shop_unit=own_town.units["H3"])["stored"]["id"]
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE parking_zone SET capacity = coalesce(capacity, 0) + 1"))
    assert listed(client)[0]["stale_because"] == ["data"]
    with get_engine().begin() as connection:
        connection.execute(text("DELETE FROM street_segment WHERE name = 'Side Street'"))
    assert listed(client)[0]["stale_because"] == ["streets", "data"]
    again = client.post(f"/api/catchments/{key}/runs")
    assert again.status_code == 201
    assert not again.json()["stored"]["is_stale"]
    newest, oldest = again.json()["stored"]["runs"]
    before = good(client.get(f"/api/catchments/{key}", params={"run": oldest["id"]}))
    assert (
        before["features"][0]["properties"]["area_m2"] > again.json()["features"][0]["properties"]["area_m2"]
    )
    told = good(client.get(f"/api/catchments/{key}/difference", params={"other": key, "run": oldest["id"]}))
    (small, large) = told["bands"]
    assert (small["band"], large["band"]) == (2, 5)
    assert large["shop_units"]["difference"] == large["shop_units"]["b"] - large["shop_units"]["a"] < 0
    kinds = {feature["properties"]["kind"]: feature["properties"]["area_m2"] for feature in told["features"]}
    assert kinds["only_a"] > 0
    assert kinds["both"] > 0
    assert told["b"]["run"]["id"] == newest["id"]


def test_a_scenario_is_kept_with_the_network_as_it_is(client, own_town):
    side = segment_ids("Side Street")
    body = keep(client, shop_unit=own_town.units["H3"], closed=side, competitors=[own_town.units["H7"]])
    assert body["catchment"]["scenario"]["closed"] == side
    assert [f["properties"]["band"] for f in body["baseline"]["features"]] == [5, 2]
    assert listed(client)[0]["is_scenario"] is True
    assert listed(client)[0]["parameters"]["closed"] == side
    assert good(client.get(f"/api/catchments/{body['stored']['id']}"))["baseline"]["features"]


def test_what_is_put_away_can_be_taken_back(client, own_town):
    key = keep(client, shop_unit=own_town.units["H3"])["stored"]["id"]
    assert client.delete(f"/api/catchments/{key}").status_code == 204
    assert listed(client) == []
    assert "restore" in problem(client.get(f"/api/catchments/{key}"), 404)["way_out"]
    problem(client.delete(f"/api/catchments/{key}"), 404)
    assert good(client.post(f"/api/catchments/{key}/restore"))["stored"]["name"] == "Bakker"
    assert len(listed(client)) == 1
    problem(client.post("/api/catchments/999999/restore"), 404)


def test_another_name(client, own_town):
    key = keep(client, shop_unit=own_town.units["H3"])["stored"]["id"]
    assert (
        good(client.patch(f"/api/catchments/{key}", json={"name": " Slager "}))["stored"]["name"] == "Slager"
    )
    problem(client.patch(f"/api/catchments/{key}", json={"name": "  "}), 422)
    problem(client.patch("/api/catchments/999999", json={"name": "x"}), 404)


def test_two_that_share_no_band_cannot_be_compared(client, own_town):
    first = keep(client, shop_unit=own_town.units["H3"])["stored"]["id"]
    second = keep(client, shop_unit=own_town.units["H3"], minutes=[3])["stored"]["id"]
    third = keep(client, shop_unit=own_town.units["H3"], minutes=None, metres=[50, 200])["stored"]["id"]
    rings = keep(client, shop_unit=own_town.units["H3"], rings=True)["stored"]["id"]
    for other in (second, third, rings):
        body = problem(client.get(f"/api/catchments/{first}/difference", params={"other": other}), 409)
        assert "share no band" in body["detail"]


@pytest.mark.parametrize(
    "given",
    [
        {"name": "", "shop_unit": 1},
        {"name": "  ", "lon": 3.0, "lat": 51.0},
        {"shop_unit": 1, "minutes": [61]},
        {"shop_unit": 1, "minutes": [5], "metres": [400]},
        {"minutes": [5]},
        {"shop_unit": 1, "unheard_of": True},
        {"shop_unit": 1, "barriers": [[[3.1, 51.0]]]},
    ],
)
def test_what_makes_no_sense_is_not_kept(client, own_town, given):
    given = {key: own_town.units["H3"] if key == "shop_unit" else value for key, value in given.items()}
    answer = client.post("/api/catchments", json={"name": "Bakker", "municipality": NIS, **given})
    assert answer.status_code in {409, 422}, answer.text
    assert rows("SELECT count(*) FROM catchment") == [(0,)]


def test_a_body_that_is_no_text_is_told_what_to_send(client, town):
    headers = {"Content-Type": "application/json"}
    for body, status in ((b"\x80", 400), (b"{", 422), (b"", 422)):
        problem(client.post("/api/catchments", content=body, headers=headers), status)
    assert (
        "UTF-8" in problem(client.post("/api/catchments", content=b"\x80", headers=headers), 400)["way_out"]
    )


def test_what_nobody_can_reach_is_not_kept(client, own_town):
    given = {
        "name": "Bakker",
        "municipality": NIS,
        "shop_unit": own_town.units["H3"],
        "inhabitants": [100000],
    }
    assert "100000" in problem(client.post("/api/catchments", json=given), 409)["detail"]
    problem(client.post("/api/catchments", json={**given, "municipality": "12345"}), 404)
    assert rows("SELECT count(*) FROM catchment") == [(0,)]


def test_an_empty_municipality_has_kept_nothing(client, town):
    assert good(client.get("/api/catchments", params={"municipality": town.empty}))["items"] == []
    problem(client.get("/api/catchments", params={"municipality": "12345"}), 404)


def test_another_sites_page_cannot_write_here(client, own_town):
    given = {"name": "Bakker", "municipality": NIS, "shop_unit": own_town.units["H3"]}
    for headers in ({"Origin": "https://example.org"}, {"Sec-Fetch-Site": "cross-site"}):
        body = problem(client.post("/api/catchments", json=given, headers=headers), 403)
        assert "Open Kernkaart itself" in body["way_out"]
    assert rows("SELECT count(*) FROM catchment") == [(0,)]
    own = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/catchments", json=given, headers=own).status_code == 201


def test_rings_add_up_to_the_catchment_in_the_list(client, own_town):
    whole = keep(client, shop_unit=own_town.units["H3"])
    keep(client, shop_unit=own_town.units["H3"], rings=True)
    first, second = listed(client)
    assert first["largest"]["population"] == pytest.approx(second["largest"]["population"], abs=0.05)
    assert whole["features"][0]["properties"]["population"] == second["largest"]["population"]


def test_a_name_with_a_zero_byte_is_malformed(client, own_town):
    given = {"name": "a\x00b", "municipality": NIS, "shop_unit": own_town.units["H3"]}
    problem(client.post("/api/catchments", json=given), 422)


def test_a_kept_catchment_is_exported_as_it_was_computed(client, own_town):
    body = keep(client, shop_unit=own_town.units["H3"], closed=segment_ids("Side Street"))
    key, first = body["stored"]["id"], body["stored"]["run"]["id"]
    with get_engine().begin() as connection:
        connection.execute(text("DELETE FROM parking_zone"))
    client.post(f"/api/catchments/{key}/runs")
    table = client.get(f"/api/exports/catchments/{key}.csv", params={"run": first})
    assert "attachment" in table.headers["content-disposition"]
    found = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";"))
    told = {
        (row["network"], float(row["band"]), row["measure"]): row["value"]
        for row in found
        if not row["group"]
    }
    for network, features in (("scenario", body["features"]), ("as it is", body["baseline"]["features"])):
        for feature in features:
            held = feature["properties"]
            for measure in ("population", "parking_spaces", "area_m2"):
                assert float(told[network, held["band"], measure]) == held[measure]
    newest = client.get(f"/api/exports/catchments/{key}.csv").content.decode()
    assert ";parking_spaces;;;0;" in newest
    shapes = client.get(f"/api/exports/catchments/{key}.geojson", params={"run": first})
    assert "attachment" in shapes.headers["content-disposition"]
    assert good(shapes)["features"] == body["features"]
    problem(client.get("/api/exports/catchments/999999.csv"), 404)
