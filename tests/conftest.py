"""What all rings share: throw-away databases, made from one migrated template."""

import asyncio
import os
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

SERVER = os.environ.get("KERNKAART_TEST_DATABASE_URL")
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:9/none"
NO_SERVER = (
    "KERNKAART_TEST_DATABASE_URL is not set: run the tests with ./kernkaart test, which makes a server"
)

# Nothing in the tests may reach a real database by way of the default.
os.environ["KERNKAART_DATABASE_URL"] = "postgresql+psycopg://nobody@127.0.0.1:9/none"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where two groups of tests run at once, keep together what shares a database or a screen."""
    from xdist.scheduler import LoadScopeScheduling

    class Rings(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    return Rings(config, log)


# Its hundred thousand parcels take too long to fill twice.
IN_THE_LARGE_TOWN = {"tests/api/test_map_plans.py", "tests/qgis/test_project.py"}


def group_of(nodeid: str) -> str:
    """Name what a test must run beside: its file, what fills the same town, or the whole ring of the browser."""
    file = nodeid.partition("::")[0]
    if file in IN_THE_LARGE_TOWN:
        return "large town"
    return "browser" if file.startswith("tests/browser/") else file


def on_server(statement: str) -> None:
    engine = create_engine(str(SERVER), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def url_of(name: str) -> str:
    """Address of a database on the test server."""
    return make_url(str(SERVER)).set(database=name).render_as_string(hide_password=False)


def use_database(url: str, *, srid: int = 31370) -> None:
    """Point the application at a database and forget what it knew of another."""
    from api.catchment import networks
    from api.db.session import close_engines
    from api.settings import get_settings

    # In a thread of its own, because a browser may have a loop running in this one.
    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, close_engines()).result()
    os.environ["KERNKAART_DATABASE_URL"] = url
    os.environ["KERNKAART_SRID"] = str(srid)
    get_settings.cache_clear()
    networks._held.clear()


# What the browser of whoever tests shows: the session of a desk that several people share.
DESK = "secret-of-the-desk-in-the-tests"
SIGNED_IN = {"kernkaart_session": DESK}


def add_desk() -> None:
    """Make an account that may do everything everywhere, and a session of it that never ends."""
    from api.access import fingerprint
    from api.accounts.queries import set_memberships
    from api.db.session import SYSTEM, session_as

    with session_as("kernkaart_accounts", SYSTEM) as session:
        key = session.execute(
            text(
                "INSERT INTO rights.account (login, display_name, is_desk) VALUES ('desk', 'Desk', true) RETURNING id"
            )
        ).scalar_one()
        set_memberships(session, key, [("administrator", None), ("officer", None)])
        session.execute(
            text(
                "INSERT INTO rights.session (account_id, secret_hash, device, address, seen_at, expires_at) "
                "VALUES (:id, :hash, 'tests', 'here', '9999-01-01', '9999-01-01')"
            ),
            {"id": key, "hash": fingerprint(DESK)},
        )


def give_login(user: str, nis_code: str | None, role: str = "gis") -> None:
    """Make a login of the server that of an account, in the database that the application is pointed at."""
    from api.accounts.queries import set_memberships
    from api.db.session import SYSTEM, session_as

    with session_as("kernkaart_accounts", SYSTEM) as session:
        key = session.execute(
            text(
                "INSERT INTO rights.account (login, display_name, database_login) "
                "VALUES (:user, left(:user, 40), :user) RETURNING id"
            ),
            {"user": user},
        ).scalar_one()
        set_memberships(session, key, [(role, nis_code)])


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """State of the application goes to a folder of the test run."""
    os.environ["KERNKAART_HOME"] = str(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def template(home: None) -> Iterator[str]:
    """Name of a migrated, empty database; clone it, do not use it."""
    if SERVER is None:
        pytest.skip(NO_SERVER)
    name = f"kk_template_{uuid.uuid4().hex[:8]}"
    on_server(f"CREATE DATABASE {name}")
    use_database(url_of(name))
    from api.db import migrate, seeding
    from api.db.session import get_engine

    migrate.upgrade(get_engine())
    seeding.seed(get_engine())
    add_desk()
    get_engine().dispose()
    yield name
    on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def new_database(template: str) -> Iterator[Callable[..., str]]:
    """Make a clone of the migrated template, or of another database of the tests, and return its address."""
    made: list[str] = []

    def make(*, like: str | None = None) -> str:
        name = f"kk_test_{uuid.uuid4().hex[:8]}"
        source = template if like is None else make_url(like).database
        use_database(NOWHERE)
        on_server(f"CREATE DATABASE {name} TEMPLATE {source}")
        made.append(name)
        return url_of(name)

    yield make
    use_database(NOWHERE)
    for name in made:
        on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def database(new_database: Callable[..., str]) -> str:
    """A database of the test's own, migrated and empty; the application is pointed at it."""
    url = new_database()
    use_database(url)
    return url


@pytest.fixture(scope="session")
def demo_url(new_database: Callable[..., str]) -> str:
    """Address of a database with the towns of `demo_database`; shared, so only to be read."""
    from tests import demo_database

    url = new_database()
    use_database(url)
    demo_database.fill()
    return url


@pytest.fixture(scope="session")
def large_town_url(new_database: Callable[..., str]) -> str:
    """Address of a database with a municipality of over a hundred thousand parcels."""
    from tests import large_town

    url = new_database()
    large_town.fill(url)
    return url
