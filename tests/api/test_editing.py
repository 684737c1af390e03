import datetime as dt

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.session import get_engine
from api.vacancy import queries as vacancy_queries
from api.vacancy.service import state_on
from gis.vacancy import vacancy_rate
from tests import town
from tests.api.conftest import good, problem, units
from tests.town_database import EMPTY_NIS, NIS, import_readings, reading, rows, shop_unit_rows

DAY = town.TODAY + dt.timedelta(days=30)


@pytest.fixture
def at_work(own_town, client):
    """A town that may be edited."""
    return own_town


def post(client, path, status=201, **body):
    answer = client.post(f"/api/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def register_on(day):
    """State and floor area of every unit of the town on a day, by address."""
    with Session(get_engine()) as session:
        states = state_on(*vacancy_queries.register(session, NIS), day)
    columns = ["state", "floor_area_m2", "branch_group", "vacant_start_earliest_on", "vacant_start_latest_on"]
    return states[columns].astype(str).sort_index()


def all_rows():
    """What the database holds of units and their history."""
    tables = ("shop_unit", "occupancy", "vacancy_spell", "shop_unit_relation")
    return {name: sorted(str(row) for row in rows(f"SELECT t.*::text FROM {name} t")) for name in tables}


def of_state(client, state, least=1):
    found = [unit for unit in units(client) if unit["state"] == state]
    assert len(found) >= least
    return found


def test_a_split_keeps_the_past_and_the_floor_area_and_makes_two_units_of_today(client, at_work):
    unit = of_state(client, "vacant")[0]
    past = {day: register_on(day) for day in (town.TODAY, DAY - dt.timedelta(days=1))}
    half = unit["floor_area_m2"] / 2
    body = post(
        client,
        f"shop-units/{unit['id']}/split",
        on=str(DAY),
        parts=[{"floor_area_m2": half, "box": "1"}, {"floor_area_m2": half, "box": "2"}],
    )
    assert body["ceased"] == [unit["id"]]
    assert {made["local_code"] for made in body["units"]} == {f"{unit['local_code']}.{n}" for n in (1, 2)}
    for day, before in past.items():
        assert register_on(day).equals(before), day
    after = register_on(DAY)
    for made in body["units"]:
        assert after.loc[made["id"], "state"] == "vacant"
        detail = good(client.get(f"/api/shop-units/{made['id']}"))
        assert detail["vacant_since"] == unit["vacant_since"]
        assert detail["address"].endswith(("bus 1", "bus 2"))
        assert [one["id"] for one in detail["relations"]] == [unit["id"]]
        assert detail["core_id"] == unit["core_id"]
    assert unit["id"] not in after.index
    total = vacancy_rate(register_frame(DAY)).iloc[0]
    assert total["vacant_floor_area_m2"] == pytest.approx(
        vacancy_rate(register_frame(DAY - dt.timedelta(days=1))).iloc[0]["vacant_floor_area_m2"]
    )
    problem(client.get(f"/api/shop-units/{unit['id']}"), 404)


def register_frame(day):
    with Session(get_engine()) as session:
        return state_on(*vacancy_queries.register(session, NIS), day)


def years_before(client):
    """Flows and net occupancies of the years before the edit."""
    flows = good(client.get("/api/vacancy/flows", params={"municipality": NIS}))["years"]
    net = good(client.get("/api/vacancy/chains", params={"municipality": NIS}))["years"]
    return [[row for row in rows_ if row["year"] < DAY.year] for rows_ in (flows, net)]


def test_flows_of_earlier_years_stay_and_who_goes_on_neither_closed_nor_opened(client, at_work):
    ((vacant,),) = rows("SELECT shop_unit_id FROM vacancy_spell ORDER BY id LIMIT 1")
    trading = of_state(client, "occupied")[0]
    before = years_before(client)
    net = good(client.get("/api/vacancy/chains", params={"municipality": NIS}))["years"][-1]
    assert sum(row["n_inflow"] + row["n_first_seen"] for row in before[0]) > 0
    post(client, f"shop-units/{vacant}/split", on=str(DAY), parts=[{}, {}])
    body = post(client, f"shop-units/{trading['id']}/split", on=str(DAY), parts=[{}, {"state": "vacant"}])
    assert years_before(client) == before
    told = good(client.get("/api/vacancy/flows", params={"municipality": NIS}))["years"][-1]
    assert (
        told["n_vacant_start"] + told["n_inflow"] + told["n_first_seen"] - told["n_let"] - told["n_withdrawn"]
        == (told["n_vacant_end"])
    )
    assert told["n_vacant_end"] == len(of_state(client, "vacant"))
    assert rows(
        "SELECT moved_from_unit_id FROM occupancy WHERE shop_unit_id = :id", id=body["units"][0]["id"]
    ) == [(trading["id"],)]
    after = good(client.get("/api/vacancy/chains", params={"municipality": NIS}))
    assert after["years"][-1]["n_net"] == net["n_net"]
    assert after["n_proposals"] == 0


def test_undo_brings_back_every_row_as_it_was(client, at_work):
    before = all_rows()
    vacant = of_state(client, "vacant", 2)
    trading = of_state(client, "occupied")[0]
    split = post(client, f"shop-units/{trading['id']}/split", on=str(DAY), parts=[{}, {"state": "vacant"}])
    merged = post(client, "shop-units/merge", on=str(DAY), units=[u["id"] for u in vacant[:2]], is_apart=True)
    gone = post(
        client, f"shop-units/{of_state(client, 'non_retail')[0]['id']}/end", on=str(DAY), ending="converted"
    )
    listed = good(client.get("/api/edits", params={"municipality": NIS}))["items"]
    assert [item["id"] for item in listed] == [gone["id"], merged["id"], split["id"]]
    assert [item["kind"] for item in listed] == ["end", "merge", "split"]
    assert listed[2]["label"].startswith("split: ")
    for edit in (split, gone, merged):
        good(client.post(f"/api/edits/{edit['id']}/undo"))
    assert all_rows() == before
    assert {
        item["state"] for item in good(client.get("/api/edits", params={"municipality": NIS}))["items"]
    } == {"undone"}
    assert "already" in problem(client.post(f"/api/edits/{split['id']}/undo"), 409)["detail"]


def test_an_edit_on_which_another_rests_is_undone_after_it(client, at_work):
    unit = of_state(client, "vacant")[0]
    first = post(client, f"shop-units/{unit['id']}/split", on=str(DAY), parts=[{}, {}])
    later = DAY + dt.timedelta(days=1)
    second = post(client, "shop-units/merge", on=str(later), units=[one["id"] for one in first["units"]])
    body = problem(client.post(f"/api/edits/{first['id']}/undo"), 409)
    assert str(second["id"]) in body["detail"]
    good(client.post(f"/api/edits/{second['id']}/undo"))
    good(client.post(f"/api/edits/{first['id']}/undo"))


def test_an_occupant_goes_on_after_a_merger_with_the_empty_unit_beside_it(client, at_work):
    vacant, trading = of_state(client, "vacant")[0], of_state(client, "occupied")[0]
    before = register_on(DAY - dt.timedelta(days=1))
    body = post(client, "shop-units/merge", on=str(DAY), units=[trading["id"], vacant["id"]], is_apart=True)
    (made,) = body["units"]
    detail = good(client.get(f"/api/shop-units/{made['id']}"))
    assert (detail["state"], detail["name"]) == ("occupied", trading["name"])
    assert detail["floor_area_m2"] == trading["floor_area_m2"] + vacant["floor_area_m2"]
    assert register_on(DAY - dt.timedelta(days=1)).equals(before)
    assert rows("SELECT end_reason FROM vacancy_spell WHERE shop_unit_id = :id", id=vacant["id"]) == [
        ("merged",)
    ]
    assert rows(
        "SELECT count(*) FROM shop_unit_relation WHERE to_unit_id = :id AND kind = 'merge'", id=made["id"]
    ) == [(2,)]


def test_a_part_that_is_let_on_the_day_trades_from_then_on(client, at_work):
    unit = of_state(client, "vacant")[0]
    part = {"state": "occupied", "occupant_name": "Kaasboer", "branch_code": "bakery"}
    body = post(client, f"shop-units/{unit['id']}/split", on=str(DAY), parts=[part, {}])
    detail = good(client.get(f"/api/shop-units/{body['units'][0]['id']}"))
    assert (detail["state"], detail["name"], detail["branch_code"]) == ("occupied", "Kaasboer", "bakery")
    assert detail["history"][0]["source"] == "Bewerkt in Kernkaart"


def test_units_that_stand_apart_are_joined_only_when_somebody_says_so(client, at_work):
    far = sorted(units(client), key=lambda unit: unit["lon"])
    body = problem(client.post("/api/shop-units/merge", json={"units": [far[0]["id"], far[-1]["id"]]}), 409)
    assert "m from the nearest other" in body["detail"]


def test_nothing_is_written_by_an_edit_that_is_refused(client, at_work):
    before, unit = all_rows(), of_state(client, "vacant")[0]
    path = f"/api/shop-units/{unit['id']}/split"
    half = {"floor_area_m2": unit["floor_area_m2"]}
    assert "add up to" in problem(client.post(path, json={"parts": [half, half]}), 409)["detail"]
    assert (
        "no branch"
        in problem(
            client.post(path, json={"parts": [{"state": "occupied", "branch_code": "winkel"}, {}]}), 422
        )["detail"]
    )
    assert (
        "yet to come"
        in problem(client.post(path, json={"on": "2999-01-01", "parts": [{}, {}]}), 422)["detail"]
    )
    problem(client.post(path, json={"parts": [{}, {}], "unasigned_m2": 3}), 422)
    problem(client.post(path, json={"on": "2001-01-01", "parts": [{}, {}]}), 409)
    problem(client.post("/api/shop-units/merge", json={"units": [unit["id"], unit["id"]]}), 422)
    problem(client.post("/api/shop-units/999999/split", json={"parts": [{}, {}]}), 404)
    problem(client.post("/api/edits/999999/undo"), 404)
    foreign = client.post(path, json={"parts": [{}, {}]}, headers={"Origin": "https://elsewhere.example"})
    problem(foreign, 403)
    assert all_rows() == before
    assert good(client.get("/api/edits", params={"municipality": EMPTY_NIS}))["items"] == []


def test_the_neighbours_are_those_nearby_with_the_nearest_first(client, at_work):
    unit = units(client)[0]
    items = good(client.get(f"/api/shop-units/{unit['id']}/neighbours"))["items"]
    metres = [item["distance_m"] for item in items]
    assert metres == sorted(metres)
    assert metres
    assert max(metres) <= 60
    assert unit["id"] not in {item["id"] for item in items}
    problem(client.get("/api/shop-units/999999/neighbours"), 404)


def test_a_later_survey_that_still_names_the_unit_of_before_is_told_so(client, at_work):
    unit = of_state(client, "vacant")[0]
    post(client, f"shop-units/{unit['id']}/split", on=str(DAY), parts=[{}, {}])
    seen = shop_unit_rows(seen_on=DAY + dt.timedelta(days=5))
    batch = import_readings([reading("shop_unit", seen[seen["local_code"] == unit["local_code"]])])
    told = rows("SELECT reason FROM import_refusal WHERE batch_id = :id", id=batch.id)
    assert "was split, joined" in told[0].reason
    assert rows("SELECT count(*) FROM occupancy WHERE batch_id = :id", id=batch.id) == [(0,)]


def test_two_edits_of_one_unit_at_once_cannot_both_be(client, at_work):
    unit = of_state(client, "vacant")[0]
    with get_engine().begin() as other:
        other.execute(text("SELECT 1 FROM shop_unit WHERE id = :id FOR UPDATE"), {"id": unit["id"]})
        other.execute(
            text("UPDATE shop_unit SET lifecycle = 'demolished', valid_to = :on WHERE id = :id"),
            {"id": unit["id"], "on": DAY},
        )
    problem(client.post(f"/api/shop-units/{unit['id']}/split", json={"parts": [{}, {}]}), 404)
