import pytest
from sqlalchemy.exc import ProgrammingError
from typer.testing import CliRunner

from api.__main__ import app as cli
from api.db.session import session_as
from api.persons import retention
from tests.api.conftest import good, problem
from tests.api.test_cases import AN
from tests.api.test_persons import PETRA, WHY, add
from tests.town_database import EMPTY_NIS, NIS, rows

PARAMS = {"municipality": NIS}


@pytest.fixture
def at_work(own_town, client):
    return own_town


def read(client, municipality=NIS):
    return good(client.get("/api/persons/retention", params={"municipality": municipality}))


def choose(client, **body):
    return client.put("/api/persons/retention", params=PARAMS, json=body, headers=AN)


def test_r8_a_city_that_chose_nothing_keeps_as_long_as_the_rule_says(client, at_work):
    told = read(client, EMPTY_NIS)
    months = {name: told[name] for name in retention.MONTHS}
    assert (
        months
        == told["usual"]
        == {"prospect_months": 24, "owner_months": 12, "lost_months": 24, "log_months": 24}
    )
    assert (told["changes"], told["runs"], told["changed_by"]) == ([], [], None)


def test_r8_every_choice_stays_in_the_log_with_its_reason_and_who_made_it(client, at_work):
    problem(choose(client, prospect_months=6), 422)
    problem(choose(client, prospect_months=6, reason="  "), 422)
    short = good(choose(client, prospect_months=6, **WHY))
    assert short["was"]["prospect_months"] == 24
    back = good(choose(client, **short["was"], reason="Toch niet"))
    assert [(one["prospect_months"], one["reason"], one["changed_by"]) for one in back["changes"]] == [
        (24, "Toch niet", "An"),
        (6, WHY["reason"], "An"),
    ]
    for statement in ("UPDATE crm.retention_change SET reason = 'x'", "DELETE FROM crm.retention_change"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            session_as("kernkaart_crm") as session,
        ):
            session.connection().exec_driver_sql(statement)


def test_r8_a_refresh_lets_go_of_what_was_kept_long_enough_and_says_so_in_numbers(client, at_work):
    add(client, **PETRA, collected_on="2020-01-01")
    kept = add(client, **PETRA)
    done = CliRunner().invoke(cli, ["refresh", "--if-stale", "--municipality", NIS])
    assert "1 contacts, 0 rows of the log of reads" in " ".join(done.output.split())
    assert "Petra" not in done.output
    assert rows("SELECT id FROM crm.person") == [(kept["id"],)]
    assert rows("SELECT officer FROM crm.access_log WHERE action = 'erase'") == [("kernkaart refresh",)]
    (run,) = read(client)["runs"]
    counts = {name: n for name, n in run.items() if name != "ran_at"}
    assert counts == {"n_prospect": 1, "n_owner": 0, "n_lost": 0, "n_log": 0, "n_documents": 0}
    assert read(client, EMPTY_NIS)["runs"] == []


def test_r8_that_nothing_was_due_is_told_too(client, at_work):
    with session_as("kernkaart_crm") as session:
        retention.let_go(session)
        retention.let_go(session)
    told = read(client, EMPTY_NIS)["runs"]
    assert len(told) == 2
    assert told[0]["ran_at"] > told[1]["ran_at"]
    assert all(run["n_prospect"] == 0 for run in told)
