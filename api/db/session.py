"""Engine and sessions; the check that setting and tables agree."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any, Literal

from anyio import CancelScope
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from starlette.concurrency import run_in_threadpool

from api.settings import get_settings

# No server stops and is back within this.
FRESH_S = 1.0


class SridMismatch(RuntimeError):
    """The database holds another CRS than KERNKAART_SRID says."""


@lru_cache(maxsize=1)
def get_engine() -> Engine:
    """Engine of the process: pooled, pinged before use where that is a while ago, with a statement time-out."""
    engine = create_engine(get_settings().database_url, **_pooled())
    _watch(engine)
    return engine


@lru_cache(maxsize=1)
def get_async_engine() -> AsyncEngine:
    """The same for questions that wait in no thread; what is asked there ends its own transaction, and gives back at once."""
    arguments = {**_pooled(), "pool_reset_on_return": None, "max_overflow": 0}
    engine = create_async_engine(get_settings().database_url, **arguments)
    _watch(engine.sync_engine)
    return engine


async def close_engines() -> None:
    """Close all connections of the process that are not in use."""
    if get_async_engine.cache_info().currsize:
        await get_async_engine().dispose()
        get_async_engine.cache_clear()
    if get_engine.cache_info().currsize:
        get_engine().dispose()
        get_engine.cache_clear()


def _pooled() -> dict[str, Any]:
    settings = get_settings()
    options = f"-c statement_timeout={settings.statement_timeout_s}s -c timezone=UTC -c jit=off"
    return {
        "pool_size": settings.pool_size,
        "max_overflow": settings.pool_size,
        "connect_args": {"options": options, "application_name": "kernkaart"},
    }


def _watch(engine: Engine) -> None:
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_ping, engine))


def _note_use(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = time.monotonic()


def _ping(
    engine: Engine, connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Take another connection when the server is gone since; asking that each time would be a trip for each answer."""
    if time.monotonic() - record.info.get("used_at", 0.0) < FRESH_S:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as fault:
        raise InvalidatePoolError from fault


@dataclass
class Asking:
    """
    For whom the transactions of a request ask.

    Parameters
    ----------
    kind
        session or token with a secret, public without one, or system: the application itself.
    secret
        SHA-256 of what the browser or program showed.
    is_taking
        Whether rows are taken along, so that those which may only be looked at stay behind.
    """

    kind: Literal["system", "public", "session", "token"]
    secret: bytes = b""
    is_taking: bool = False


SYSTEM = Asking("system")
# A request says for whom it asks before anything of it runs; commands and jobs are the application itself.
asking: ContextVar[Asking] = ContextVar("asking", default=SYSTEM)
TAKING = text("SELECT set_config('kernkaart.taking', 'on', true)")
ENTER = text(
    "SELECT rights.enter(:kind, :secret), set_config('kernkaart.taking', :taking, true), set_config('role', :role, true)"
)
Role = Literal["kernkaart_app", "kernkaart_crm", "kernkaart_accounts"]


async def get_session() -> AsyncIterator[Session]:
    """One request, one transaction: commit when all went well, else roll back."""
    async with _session_of_a_request("kernkaart_app") as session:
        yield session


async def get_own_session() -> AsyncIterator[Session]:
    """The same for a request that shows a secret of another kind, which its service checks: asked by the application itself."""
    async with _session_of_a_request("kernkaart_app", SYSTEM) as session:
        yield session


async def get_person_session() -> AsyncIterator[Session]:
    """The same for a request about persons, in the role that alone may enter their schema."""
    async with _session_of_a_request("kernkaart_crm") as session:
        yield session


async def get_account_session() -> AsyncIterator[Session]:
    """The same for a request about accounts, in the role that alone may read them."""
    async with _session_of_a_request("kernkaart_accounts") as session:
        yield session


@asynccontextmanager
async def _session_of_a_request(role: Role, who: Asking | None = None) -> AsyncIterator[Session]:
    """A session that asks the database nothing before it is used, so that beginning it takes no thread."""
    session = _session(role, who or asking.get())
    try:
        yield session
        await run_in_threadpool(_end, session, session.commit)
    except BaseException:
        # Also when whoever asked is gone: the connection goes back.
        with CancelScope(shield=True):
            await run_in_threadpool(_end, session, session.rollback)
        raise


def _end(session: Session, how: Callable[[], None]) -> None:
    with session:
        how()


@contextmanager
def ordinary_session() -> Iterator[Session]:
    """A transaction that may do what the application does, and read nothing of persons."""
    with session_as("kernkaart_app") as session:
        yield session


@contextmanager
def session_as(role: Role, who: Asking | None = None, *, is_log: bool = False) -> Iterator[Session]:
    """
    A transaction in a role of lesser rights than the login's; the connection goes back to the pool without it.

    Parameters
    ----------
    role
        Role in the database.
    who
        For whom it asks; None: whoever the request is of.
    is_log
        Whether it writes what was done, which must be kept also where a database is else only read.
    """
    with _session(role, who or asking.get(), is_log=is_log) as session, session.begin():
        yield session


def _session(role: Role, who: Asking, *, is_log: bool = False) -> Session:
    """A session of which each transaction says first for whom it asks, and takes its role."""
    session = Session(get_engine())

    def enter(_: Session, transaction: SessionTransaction, connection: Connection) -> None:
        if transaction.nested:
            return
        if is_log:
            connection.exec_driver_sql("SET TRANSACTION READ WRITE")
        connection.execute(ENTER, entering(role, who, is_taking=who.is_taking))

    event.listen(session, "after_begin", enter)
    return session


def entering(role: Role, who: Asking, *, is_taking: bool) -> dict[str, Any]:
    """Parameters with which a transaction says for whom it asks, and takes its role."""
    return {"kind": who.kind, "secret": who.secret, "taking": "on" if is_taking else "", "role": role}


def take_along(session: Session) -> None:
    """Leave out of a request, in this transaction and in those to come, rows that may only be looked at."""
    asking.get().is_taking = True
    session.execute(TAKING)


@contextmanager
def adding_up(session: Session) -> Iterator[None]:
    """Read, for sums alone, also what other municipalities give their partners."""
    session.execute(text("SELECT set_config('kernkaart.sums', 'on', true)"))
    yield
    session.execute(text("SELECT set_config('kernkaart.sums', '', true)"))


@contextmanager
def as_application(session: Session) -> Iterator[None]:
    """Compute and keep what is the same for everybody, so that it does not depend on who asked first."""
    before = session.execute(text("SELECT current_setting('kernkaart.account', true)")).scalar()
    session.execute(text("SELECT set_config('kernkaart.account', '0', true)"))
    yield
    session.execute(text("SELECT set_config('kernkaart.account', :before, true)"), {"before": before or ""})


def check_srid(engine: Engine) -> None:
    """
    Refuse to work on tables in another CRS than the setting.

    Raises
    ------
    SridMismatch
        When `shop_unit.geom` has another SRID than KERNKAART_SRID.
    """
    query = text(
        "SELECT srid FROM geometry_columns WHERE f_table_schema = 'public' "
        "AND f_table_name = 'shop_unit' AND f_geometry_column = 'geom'"
    )
    with engine.connect() as connection:
        if connection.execute(text("SELECT to_regclass('public.shop_unit')")).scalar() is None:
            return
        stored = connection.execute(query).scalar()
    wanted = get_settings().srid
    if stored is not None and stored != wanted:
        raise SridMismatch(
            f"The tables hold EPSG:{stored} but KERNKAART_SRID says {wanted}. "
            f"Set KERNKAART_SRID={stored}, or use another database (KERNKAART_HOME or KERNKAART_DATABASE_URL)."
        )


def current_day(session: Session) -> date:
    """The day it is where the database is, which the views use too."""
    found: date = session.execute(text("SELECT current_date")).scalar_one()
    return found
