import datetime as dt

import pytest
from sqlalchemy import text

from api.db.session import get_engine
from tests.api.conftest import good, problem
from tests.api.test_cases import (
    AN,
    QUALIFIED,
    SIGNED_ON,
    at,
    make,
    negotiating,
    refused,
    step,
    undone,
)
from tests.api.test_editing import all_rows
from tests.town_database import rows

LEASE = ("signed_on", "signed_unit_id", "signed_occupancy_id", "signed_batch_id", "is_temporary")
OPENED_ON = SIGNED_ON + dt.timedelta(days=30)


@pytest.fixture
def at_work(own_town, client):
    return own_town


def opened(client, unit):
    case = step(client, negotiating(client, unit), "signed", shop_unit=unit, on=str(SIGNED_ON))
    return step(client, step(client, case, "fit_out"), "opened", on=str(OPENED_ON))


@pytest.mark.parametrize("is_more_said", [False, True])
def test_a_step_back_to_signed_or_opened_leaves_lease_and_opening_as_they_were(client, at_work, is_more_said):
    other = {
        "shop_unit": at_work.units["S2"],
        "on": str(SIGNED_ON + dt.timedelta(days=5)),
        "is_temporary": True,
    }
    more = other if is_more_said else {}
    case = step(client, opened(client, at_work.units["H2"]), "aftercare")
    lease = {name: case[name] for name in LEASE}
    before = all_rows()
    case = step(client, case, "opened", **more)
    assert case["opened_on"] == str(OPENED_ON)
    case = step(client, step(client, case, "fit_out"), "signed", **more)
    assert {name: case[name] for name in LEASE} == lease
    assert case["opened_on"] is None
    assert all_rows() == before


def test_a_shop_is_not_open_on_a_day_to_come(client, at_work):
    unit = at_work.units["H2"]
    case = step(client, negotiating(client, unit), "signed", shop_unit=unit, on=str(SIGNED_ON))
    case = step(client, case, "fit_out")
    answer = client.post(
        f"/api/cases/{case['id']}/step", json={"to": "opened", "on": "2190-01-01"}, headers=at(case)
    )
    assert problem(answer, 422)["code"] == "opening_to_come"
    assert step(client, case, "opened", on=case["today"])["opened_on"] == case["today"]


def test_undo_passes_over_a_removal_that_was_put_back(client, at_work):
    case = make(client, **QUALIFIED)
    path = f"/api/cases/{case['id']}"

    def there_and_back():
        good(client.delete(path, headers=AN))
        gone = client.post(f"{path}/undo", headers={**AN, "If-Match": f'"{case["version"] + 1}"'})
        assert problem(gone, 404)["code"] == "case_gone"
        good(client.post(f"{path}/restore", headers=AN))
        return good(client.get(path))

    assert not there_and_back()["can_undo"]
    case = step(client, good(client.get(path)), "qualified")
    case = there_and_back()
    assert case["can_undo"]
    assert undone(client, case)["state"] == "identified"


def test_a_step_back_is_not_undone_when_the_unit_it_needs_was_taken_off_since(client, at_work):
    unit = at_work.units["H2"]
    case = step(client, negotiating(client, unit), "in_dialogue")
    path = f"/api/cases/{case['id']}"
    good(client.delete(f"{path}/units/{unit}"))
    assert problem(client.post(f"{path}/undo", headers=at(case)), 409)["code"] == "case_needs_unit"
    good(client.put(f"{path}/units/{unit}", json={}, headers=AN))
    assert undone(client, case)["state"] == "negotiation"


def test_a_step_back_over_the_opening_is_undone_with_its_day(client, at_work):
    case = step(client, opened(client, at_work.units["H2"]), "fit_out")
    assert undone(client, case)["opened_on"] == str(OPENED_ON)


def test_a_lease_does_not_begin_while_an_ended_temporary_use_still_ran(client, at_work):
    unit = at_work.units["H2"]
    case = negotiating(client, unit)
    case = step(client, case, "signed", shop_unit=unit, on=str(SIGNED_ON), is_temporary=True)
    end_on = SIGNED_ON + dt.timedelta(days=30)
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE occupancy SET period = daterange(lower(period), :on) WHERE id = :o"),
            {"on": end_on, "o": case["signed_occupancy_id"]},
        )
    other = negotiating(client, unit, title="Blijver")
    told = {"shop_unit": unit, "occupant_name": "Blijver"}
    early = end_on - dt.timedelta(days=1)
    assert refused(client, other, "signed", on=str(early), **told) == "in_use_after"
    step(client, other, "signed", on=str(end_on), **told)
    assert rows(
        "SELECT count(*) FROM occupancy WHERE shop_unit_id = :u AND lower(period) = :on", u=unit, on=end_on
    ) == [(1,)]
