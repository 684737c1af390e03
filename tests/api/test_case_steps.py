import datetime as dt

import pytest

from tests.api.conftest import good, problem
from tests.api.test_cases import (
    AN,
    QUALIFIED,
    SIGNED_ON,
    at,
    at_work,  # noqa: F401 - a fixture is found by its name
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


def opened(client, unit):
    case = step(client, negotiating(client, unit), "signed", shop_unit=unit, on=str(SIGNED_ON))
    return step(client, step(client, case, "fit_out"), "opened", on=str(OPENED_ON))


@pytest.mark.parametrize("is_more_said", [False, True])
def test_a_step_back_to_signed_or_opened_leaves_lease_and_opening_as_they_were(client, at_work, is_more_said):
    other = {"shop_unit": at_work.units["S2"], "on": str(SIGNED_ON + dt.timedelta(days=5)), "is_temporary": True}
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
