"""The paper town behind the API: filled and refreshed once, copied where a test writes."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import make_url, text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from tests import town_database
from tests.conftest import SIGNED_IN, use_database
from tests.town_database import EMPTY_NIS, NIS, rows


@dataclass(frozen=True)
class Town:
    """A database with the paper town, and the keys it gave to what a test knows by code."""

    url: str
    units: dict[str, int]
    sensors: dict[str, int]
    zones: dict[str, int]
    parcels: dict[str, int]
    core: int
    nis: str = NIS
    empty: str = EMPTY_NIS


def _keys(table: str, column: str) -> dict[str, int]:
    found = rows(f"SELECT {column} AS code, id FROM {table} WHERE nis_code = :nis", nis=NIS)
    return {row.code: row.id for row in found}


def _known(url: str) -> Town:
    return Town(
        url,
        units=_keys("shop_unit", "local_code"),
        sensors=_keys("footfall_sensor", "code"),
        zones=_keys("parking_zone", "code"),
        parcels=_keys("parcel", "capakey"),
        core=_keys("core", "code")["K1"],
    )


@pytest.fixture(scope="session")
def filled_town(new_database: Callable[..., str]) -> Town:
    """The town, filled and refreshed; shared, so only to be read."""
    from api.db.session import get_engine
    from api.refresh import refresh

    url = new_database()
    use_database(url)
    town_database.fill()
    refresh(NIS)
    known = _known(url)
    # A test that writes to the town of all tests by mistake must fail, not the test after it.
    with get_engine().begin() as connection:
        connection.execute(
            text(f"ALTER DATABASE {make_url(url).database} SET default_transaction_read_only = on")
        )
    return known


@pytest.fixture
def town(filled_town: Town) -> Town:
    """The shared town, with the application pointed at it: for tests that only read."""
    from api.settings import get_settings

    if get_settings().database_url != filled_town.url:
        use_database(filled_town.url)
    return filled_town


@pytest.fixture(scope="session")
def copy_town(filled_town: Town, new_database: Callable[..., str]) -> Callable[[], Town]:
    """Copies the town and points the application at the copy."""

    def copy() -> Town:
        url = new_database(like=filled_town.url)
        use_database(url)
        return Town(**{**vars(filled_town), "url": url})

    return copy


@pytest.fixture
def own_town(copy_town: Callable[[], Town]) -> Town:
    """A copy of the town for a test that writes."""
    return copy_town()


@contextmanager
def writable_session() -> Iterator[Session]:
    """A session on the current database that may write, even to the shared town, and takes everything back."""
    from api.db.session import get_engine

    with Session(get_engine()) as opened:
        opened.execute(text("SET TRANSACTION READ WRITE"))
        yield opened
        opened.rollback()


@pytest.fixture
def session(town: Town) -> Iterator[Session]:
    """A session on the shared town; whatever a test writes in it is rolled back."""
    with writable_session() as opened:
        yield opened


@pytest.fixture(scope="session")
def app(home: None) -> FastAPI:
    """The application; it serves whichever database it is pointed at."""
    from api.app import create_app

    return create_app()


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """A browser of the application, which shows errors as answers."""
    # Without its context the client starts no warm-up thread; test_about does that once.
    return TestClient(app, raise_server_exceptions=False, cookies=SIGNED_IN)


PROBLEM_MEMBERS = {"type", "title", "status", "detail", "way_out", "instance"}


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The body of an answer that must be a problem with a way out."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body.keys() >= PROBLEM_MEMBERS
    assert body["status"] == status
    assert body["title"]
    assert re.search(r"\w+ \w+", body["detail"])
    assert re.search(r"\w+ \w+", body["way_out"])
    assert body["instance"].startswith("/")
    return body


def good(answer: Any) -> Any:
    """The body of an answer that must be fine."""
    assert answer.status_code == 200, answer.text
    return answer.json()


def units(client, **query) -> list[dict]:
    """All pages of a list of shop units."""
    answer = good(client.get("/api/shop-units", params={"municipality": NIS, **query}))
    items = answer["items"]
    while answer["next"]:
        answer = good(client.get(answer["next"]))
        items += answer["items"]
    return items
