from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import text

from api.app import create_app
from api.db.session import get_engine
from api.settings import get_settings
from tests.api.conftest import good
from tests.conftest import use_database
from tests.town_database import NIS

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# Made while tests are collected: the document needs no database.
DOCUMENT = create_app().openapi()
schema = schemathesis.openapi.from_dict(DOCUMENT)
KEYS = {"unit_id", "parcel_id", "sensor_id", "zone_id", "shop_unit", "cluster", "parcel", "key", "other"}
OPERATIONS = [
    (path, method, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def known_here(name: str, value: Any) -> Any:
    """Questions about what the town has reach further than those about what nobody has."""
    if value == "34040":
        return NIS
    if name in KEYS and str(value).isdecimal() and len(str(value)) < 19 and int(value) % 3:
        return int(value) % 13
    return value


@pytest.fixture(scope="module")
def asked_town(copy_town):
    return copy_town()


@pytest.fixture
def asked(asked_town):
    """One town for all questions: what one of them changed or removed, the next ones meet."""
    if get_settings().database_url != asked_town.url:
        use_database(asked_town.url)
    # One of the questions may have been to sign out.
    with get_engine().begin() as connection:
        connection.execute(text("UPDATE rights.session SET ended_at = NULL WHERE expires_at > '9998-01-01'"))


@schema.parametrize()
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_asked_the_answer_is_no_fault_and_one_that_is_documented(case, client, asked):
    for values in (case.path_parameters, case.query):
        for name in values or {}:
            values[name] = known_here(name, values[name])
    question = case.as_transport_kwargs(base_url="http://testserver")
    client.cookies.update(question.pop("cookies", None) or {})
    if isinstance(question.get("data"), bytes):
        question["content"] = question.pop("data")
    # No client sends an address longer than this, the one of these tests neither.
    assume(len(urlencode(question.get("params") or {}, doseq=True)) < 60_000)
    case.validate_response(client.request(**question), checks=CHECKS)


def test_a_stranger_can_read_what_every_route_does(client, town):
    for path, method, operation in OPERATIONS:
        assert operation.get("description"), f"{method} {path}"
        assert operation.get("tags"), f"{method} {path}"


@pytest.mark.parametrize("part", OPERATIONS, ids=lambda part: f"{part[1]} {part[0]}")
def test_every_parameter_says_what_it_means(part):
    for parameter in part[2].get("parameters", []):
        assert parameter.get("description"), parameter["name"]


def test_every_route_documents_how_it_fails():
    for path, _, operation in OPERATIONS:
        for status in ("404", "422", "503"):
            assert "application/problem+json" in operation["responses"][status]["content"], path


def test_a_route_that_gives_geojson_does_not_promise_plain_json():
    for path, _, operation in OPERATIONS:
        content = next(iter(operation["responses"].values())).get("content", {})
        if "application/geo+json" in content or "text/csv" in content or path.startswith("/api/tiles"):
            assert "application/json" not in content, path


def test_the_document_is_served_as_it_was_made(client, town):
    assert good(client.get("/api/openapi.json")) == DOCUMENT
