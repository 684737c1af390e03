"""Questions to the database in one go: for answers that a map asks for by the hundred."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

import psycopg
from anyio import CancelScope
from psycopg.pq import PipelineStatus, TransactionStatus
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from api.db.session import ENTER, asking, entering, get_async_engine


class Statement(NamedTuple):
    """A statement with its parameters, written `:name`."""

    sql: str
    values: Mapping[str, Any]


# Asks statements for whoever the request is of, and gives the rows of each.
Ask = Callable[..., Awaitable[list[Sequence[tuple[Any, ...]]]]]


async def ask_at_once(*statements: Statement, is_taking: bool = False) -> list[Sequence[tuple[Any, ...]]]:
    """
    Rows of each question, asked in one transaction for whoever the request is of.

    An ordinary session waits for the answer to each of its statements, of which it has some even before the first question;
    here all go out together, so that beginning, rights, questions and end are one trip, and no thread waits for it.

    Parameters
    ----------
    statements
        What is asked; a later one cannot rest on the answer to an earlier one.
    is_taking
        Whether rows are taken along, so that those which may only be looked at stay behind.

    Raises
    ------
    DBAPIError
        When the database refuses one of them.
    """
    begun = Statement(ENTER.text, entering("kernkaart_app", asking.get(), is_taking=is_taking))
    pooled = await get_async_engine().raw_connection()
    connection = pooled.driver_connection
    assert isinstance(connection, psycopg.AsyncConnection)
    try:
        async with connection.pipeline():
            cursors = [
                await connection.execute(_of_the_driver(sql), values, binary=True)
                for sql, values in (begun, *statements)
            ]
            await connection.commit()
        return [await cursor.fetchall() for cursor in cursors[1:]]
    except psycopg.Error as fault:
        told = "; ".join(each.sql for each in statements)
        raise DBAPIError.instance(told, None, fault, psycopg.Error) from fault
    finally:
        if not _is_at_rest(connection):
            with CancelScope(shield=True):
                await _end(connection)
        if not _is_at_rest(connection):
            pooled.invalidate(soft=True)
        pooled.close()


def _is_at_rest(connection: psycopg.AsyncConnection) -> bool:
    pgconn = connection.pgconn
    is_idle = pgconn.transaction_status == TransactionStatus.IDLE
    # Who gives up at the right moment leaves the pipeline open.
    return is_idle and pgconn.pipeline_status == PipelineStatus.OFF and connection._pipeline is None


async def _end(connection: psycopg.AsyncConnection) -> None:
    """End what was begun, or the connection: nothing of one request may reach another."""
    with suppress(psycopg.Error):
        await connection.rollback()
    if not _is_at_rest(connection):
        await connection.close()


@lru_cache(maxsize=512)
def _of_the_driver(sql: str) -> str:
    return str(text(sql).compile(dialect=postgresql.psycopg.dialect()))  # type: ignore[no-untyped-call]
