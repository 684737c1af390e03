import logging

import pytest
from fastapi import APIRouter
from sqlalchemy import text
from starlette.testclient import TestClient

from api.app import create_app
from api.dependencies import InSession
from api.errors import STATUS, ChangedMeanwhile, KernkaartError, Malformed, NotAnswerable, NotFound, NotYours
from gis.errors import EmptyNetwork, FrameError, GisError, PointOffNetwork
from tests.api.conftest import problem
from tests.conftest import SIGNED_IN, use_database
from tests.town_database import rows

ERRORS = {
    "not_found": (NotFound("Nothing is here.", "Look elsewhere, please."), 404),
    "not_yours": (NotYours("It is not yours.", "Ask its owner."), 403),
    "not_answerable": (NotAnswerable("The data lack it.", "Import it first."), 409),
    "changed": (ChangedMeanwhile("Somebody changed it.", "Read it again."), 412),
    "malformed": (Malformed("It cannot be read.", "Write it well."), 422),
    "off_network": (PointOffNetwork(mode="walk", max_distance_m=250), 409),
    "no_network": (EmptyNetwork("car"), 409),
    "frame": (FrameError("shop units: no column state"), 409),
    "ours": (ZeroDivisionError("division by zero in a secret place"), 500),
    "key": (KeyError("secret"), 500),
    "value": (ValueError("secret"), 500),
}


@pytest.fixture(scope="module")
def breakable(copy_town):
    """A copy of the town, for the tests of this module."""
    return copy_town()


@pytest.fixture
def faulty(breakable):
    """The application with a few routes that go wrong on purpose."""
    use_database(breakable.url)
    router = APIRouter()

    @router.post("/faults/{name}")
    def fail(name: str) -> None:
        raise ERRORS[name][0]

    @router.post("/faults/at/commit")
    def fail_at_commit(session: InSession) -> dict[str, str]:
        """The check of the history is deferred: this row is refused by the commit and not before."""
        session.execute(
            text(
                "INSERT INTO occupancy (shop_unit_id, period, occupant_name) "
                "SELECT id, '[2030-01-01,)', 'at commit' FROM shop_unit WHERE local_code = 'H2'"
            )
        )
        return {"status": "written"}

    @router.post("/faults/at/once")
    def fail_at_once(session: InSession) -> None:
        session.execute(text("UPDATE footfall_count SET value = -1"))

    @router.post("/faults/at/query")
    def fail_at_query(session: InSession) -> None:
        session.execute(text("SELECT secret FROM nowhere"))

    @router.post("/faults/at/leisure")
    def take_too_long(session: InSession) -> None:
        session.execute(text("SET LOCAL statement_timeout = '20ms'"))
        session.execute(text("SELECT pg_sleep(2)"))

    @router.post("/fine")
    def write(session: InSession) -> dict[str, str]:
        session.execute(text("UPDATE shop_unit SET note = 'written' WHERE local_code = 'H1'"))
        return {"status": "written"}

    app = create_app()
    app.include_router(router)
    return TestClient(app, raise_server_exceptions=False, cookies=SIGNED_IN)


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_has_its_status_and_the_way_out(faulty, name):
    error, status = ERRORS[name]
    body = problem(faulty.post(f"/faults/{name}"), status)
    if isinstance(error, KernkaartError):
        assert (body["detail"], body["way_out"]) == (error.detail, error.way_out)
    elif isinstance(error, GisError):
        assert body["detail"] == str(error)
    assert body["instance"] == f"/faults/{name}"


@pytest.mark.parametrize("name", ["ours", "key", "value"])
def test_an_unexpected_error_is_our_fault_logged_and_never_shown(faulty, caplog, name):
    with caplog.at_level(logging.ERROR, logger="kernkaart"):
        answer = faulty.post(f"/faults/{name}")
    assert problem(answer, 500)["detail"] == "Something went wrong on our side."
    for told in ("secret", "Traceback", "KeyError", "division", "site-packages"):
        assert told not in answer.text
    assert caplog.records[0].exc_info is not None


def test_a_commit_that_fails_is_an_error_and_not_a_success(faulty):
    body = problem(faulty.post("/faults/at/commit"), 409)
    assert "cannot be occupied and vacant at once" in body["detail"]
    assert rows("SELECT 1 FROM occupancy WHERE occupant_name = 'at commit'") == []


def test_a_value_that_the_database_refuses_is_told_by_its_constraint(faulty):
    body = problem(faulty.post("/faults/at/once"), 409)
    assert "ck_footfall_count_value" in body["detail"]
    assert "UPDATE" not in body["detail"]


def test_sql_of_ours_that_is_wrong_is_our_fault(faulty):
    answer = faulty.post("/faults/at/query")
    problem(answer, 500)
    assert "nowhere" not in answer.text


def test_a_question_that_takes_too_long_says_so(faulty):
    body = problem(faulty.post("/faults/at/leisure"), 503)
    assert "SELECT" not in body["detail"]


def test_a_request_that_goes_well_is_committed_before_it_is_answered(faulty):
    assert faulty.post("/fine").status_code == 200
    assert rows("SELECT note FROM shop_unit WHERE local_code = 'H1'") == [("written",)]


def test_a_database_that_does_not_answer_is_said_in_plain_words(client, town):
    use_database("postgresql+psycopg://nobody:hidden@127.0.0.1:9/none")
    answer = client.get("/api/municipalities")
    body = problem(answer, 503)
    assert "./kernkaart status" in body["way_out"]
    assert "hidden" not in answer.text
    assert problem(client.get("/api/health"), 503)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_method_that_is_not_for_an_address_is_a_problem_that_names_those_that_are(client, town, method):
    answer = getattr(client, method)("/api/municipalities")
    problem(answer, 405)
    assert answer.headers["allow"] == "GET"


def test_the_table_of_errors_holds_every_kind_of_ours():
    kinds = set(KernkaartError.__subclasses__())
    assert kinds <= set(STATUS)
