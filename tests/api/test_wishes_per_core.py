import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.branches import entries
from tests.api.conftest import good, problem
from tests.api.test_cases import AN, SIGNED_ON, negotiating, step
from tests.town_database import NIS

PARAMS = {"municipality": NIS}


@pytest.fixture
def at_work(own_town, client):
    return own_town


def say(client, stance, core=None, **more):
    body = {
        "branch_code": "bakery",
        "stance": stance,
        "reason": "Nota",
        "core": core,
        "since_on": "2025-01-01",
        **more,
    }
    return client.post("/api/branches/wishes", params=PARAMS, json=body, headers=AN)


def share(client):
    told = good(client.get("/api/cases/figures", params=PARAMS))
    return told["wished"]["n"], told["n_unwanted"]


def test_a_core_may_want_otherwise_than_the_municipality_and_goes_back_to_it(client, at_work):
    good(say(client, "wished"))
    told = good(say(client, "unwanted", at_work.core))
    assert [(one["core_name"], one["stance"]) for one in told["items"]] == [
        (None, "wished"),
        (told["history"][0]["core_name"], "unwanted"),
    ]
    assert told["history"][0]["core_code"] == "K1"
    told = good(say(client, "open", at_work.core))
    assert [(one["core_code"], one["stance"]) for one in told["items"]] == [(None, "wished")]
    key = told["history"][0]["id"]
    back = good(client.post(f"/api/branches/wishes/{key}/undo", params=PARAMS, headers=AN))
    assert [one["core_code"] for one in back["items"]] == [None, "K1"]


def test_a_core_of_elsewhere_is_refused(client, at_work):
    problem(say(client, "wished", 987654), 404)


def test_a_letting_counts_as_wished_by_its_core_first_and_by_the_municipality_else(client, at_work):
    case = negotiating(client, at_work.units["H2"])
    step(client, case, "signed", shop_unit=at_work.units["H2"], on=str(SIGNED_ON))
    assert share(client) == (0, 0)
    good(say(client, "wished"))
    assert share(client) == (1, 0)
    good(say(client, "unwanted", at_work.core))
    assert share(client) == (0, 1)
    good(say(client, "open", at_work.core))
    assert share(client) == (1, 0)
    good(say(client, "unwanted", at_work.core, since_on=str(SIGNED_ON + dt.timedelta(days=1))))
    assert share(client) == (1, 0)


SAID = st.lists(
    st.tuples(st.sampled_from(["wished", "unwanted", "open"]), st.sampled_from([None, "K1", "K2"])),
    max_size=8,
)


@given(SAID)
def test_what_is_said_of_one_core_changes_nothing_elsewhere_and_silence_falls_back(said):
    day = dt.date(2026, 1, 1)
    rows = [
        {
            "id": n,
            "branch_code": "bakery",
            "stance": stance,
            "core_code": core,
            "since_on": day,
            "undone_at": None,
        }
        for n, (stance, core) in enumerate(said)
    ]
    town = entries.stances(rows, day)
    assert town == entries.stances([row for row in rows if row["core_code"] is None], day)
    without = [row for row in rows if row["core_code"] != "K2"]
    assert entries.stances(without, day, "K1") == entries.stances(rows, day, "K1")
    assert entries.stances(without, day, "K2") == town
    own = [stance for stance, core in said if core == "K1"]
    if own and own[-1] != "open":
        assert entries.stances(rows, day, "K1")["bakery"]["stance"] == own[-1]
