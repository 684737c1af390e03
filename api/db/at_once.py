"""Questions to the database in one go: for answers that a map asks for by the hundred."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from api.db.session import ENTER, asking, entering, get_engine


class Statement(NamedTuple):
    """A statement with its parameters, written `:name`."""

    sql: str
    values: Mapping[str, Any]


def ask_at_once(*statements: Statement, is_taking: bool = False) -> list[Sequence[tuple[Any, ...]]]:
    """
    Rows of each question, asked in one transaction for whoever the request is of.

    An ordinary session waits for the answer to each of its statements, of which it has some even before the first question;
    here all go out together, so that beginning, rights, questions and end are one trip.

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
    pooled = get_engine().raw_connection()
    try:
        connection = pooled.driver_connection
        assert isinstance(connection, psycopg.Connection)
        with connection.pipeline():
            cursors = [
                connection.execute(_of_the_driver(sql), values, binary=True)
                for sql, values in (begun, *statements)
            ]
            connection.commit()
        return [cursor.fetchall() for cursor in cursors[1:]]
    except psycopg.Error as fault:
        told = "; ".join(each.sql for each in statements)
        raise DBAPIError.instance(told, None, fault, psycopg.Error) from fault
    finally:
        # Going back to the pool ends what was not ended.
        pooled.close()


@lru_cache(maxsize=512)
def _of_the_driver(sql: str) -> str:
    return str(text(sql).compile(dialect=postgresql.psycopg.dialect()))  # type: ignore[no-untyped-call]
