import csv
import io

import pytest

from api.acquisition.listing import Wanted, filtered
from tests.api.conftest import good, problem
from tests.api.test_cases import AN, QUALIFIED, at, make, step
from tests.town_database import EMPTY_NIS, NIS


@pytest.fixture
def at_work(own_town, client):
    return own_town


def table(client, municipality=NIS, **query):
    answer = client.get("/api/cases.csv", params={"municipality": municipality, **query})
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def removed(client, municipality=NIS):
    return good(client.get("/api/cases/removed", params={"municipality": municipality}))["items"]


def test_a_removed_case_is_listed_until_it_is_put_back(client, at_work):
    first, second = make(client, title="Bakker"), make(client, title="Kapper")
    assert removed(client) == []
    for case in (first, second):
        good(client.delete(f"/api/cases/{case['id']}", headers=AN))
    assert [(one["title"], one["removed_by"], one["state"]) for one in removed(client)] == [
        ("Kapper", "An", "identified"),
        ("Bakker", "An", "identified"),
    ]
    good(client.post(f"/api/cases/{first['id']}/restore", headers=AN))
    assert [one["title"] for one in removed(client)] == ["Kapper"]


def test_the_table_holds_the_cases_of_the_filters_with_their_units_and_facts(client, at_work):
    case = make(client, shop_unit=at_work.units["H2"], handled_by="An", next_action="Bellen", **QUALIFIED)
    other = make(client, title="Kapper", acts="owner")
    step(client, step(client, other, "on_hold", hold_until="2030-01-01"), "lost", loss_reason="rent")
    (row,) = table(client)
    assert (row["case_id"], row["title"], row["state"], row["max_m2"]) == (
        str(case["id"]),
        "Bakker",
        "identified",
        "140.0",
    )
    assert row["units"] == case["units"][0]["address"]
    assert len(table(client, with_closed=True)) == 2
    assert [one["title"] for one in table(client, with_closed=True, acts="owner")] == ["Kapper"]
    assert table(client, handled_by="Ben") == []
    assert len(table(client, handled_by="An", text="GOUDKORST")) == 1
    assert len(table(client, text=case["units"][0]["address"][:6].lower())) == 1


def test_the_table_names_no_officer_no_contact_and_no_note(client, at_work):
    who = {"Kernkaart-Officer": "Zeldzame%20Naam"}
    case = make(client, handled_by="Zeldzame Naam")
    client.post(
        f"/api/cases/{case['id']}/activities", json={"kind": "note", "note": "Zeldzame woorden"}, headers=who
    )
    good(client.patch(f"/api/cases/{case['id']}", json={"min_m2": 5}, headers=at(case, who)))
    (row,) = table(client)
    assert not any("Zeldzame" in value for value in row.values())


def test_a_title_that_a_spreadsheet_would_run_is_words_only(client, at_work):
    make(client, title="=1+1")
    assert table(client)[0]["title"] != "=1+1"
    assert table(client)[0]["title"].endswith("=1+1")


def test_an_empty_municipality_has_a_head_and_no_rows_and_an_unknown_one_is_not_found(client, at_work):
    assert table(client, EMPTY_NIS) == []
    assert removed(client, EMPTY_NIS) == []
    for path in ("/api/cases.csv", "/api/cases/removed"):
        problem(client.get(path, params={"municipality": "00000"}), 404)


def test_filters_that_ask_nothing_leave_what_is_open():
    items = [
        {
            "title": state,
            "prospect_name": None,
            "units": [],
            "state": state,
            "acts": "city",
            "handled_by": None,
        }
        for state in ("identified", "lost", "rejected", "aftercare", "on_hold")
    ]
    assert [one["state"] for one in filtered(items, Wanted())] == ["identified", "on_hold"]
    assert filtered(items, Wanted(with_closed=True)) == items
