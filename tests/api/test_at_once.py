"""Questions that go out together: what one leaves behind never reaches another, and a lost connection is replaced."""

import asyncio

import psycopg
import pytest
from psycopg.pq import PipelineStatus
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from api.db import session as sessions
from api.db.at_once import Statement, ask_at_once
from api.db.session import Asking, asking, get_async_engine, get_engine
from tests.api.conftest import problem

ME = Statement("SELECT pg_backend_pid(), current_user, current_setting('kernkaart.taking', true)", {})
WRONG = Statement("SELECT 1 / 0", {})


def of(scenario):
    """Run a scenario with connections of its own, so that the next question is asked over the same one."""

    async def run():
        before = asking.set(Asking("public"))
        try:
            return await scenario()
        finally:
            asking.reset(before)
            await get_async_engine().dispose()

    return asyncio.run(run())


async def at_rest():
    """What a connection that was given back says of itself."""
    pooled = await get_async_engine().raw_connection()
    try:
        found = await (
            await pooled.driver_connection.execute(
                "SELECT current_setting('role'), coalesce(current_setting('kernkaart.account', true), ''), "
                "coalesce(current_setting('kernkaart.taking', true), ''), session_user = current_user"
            )
        ).fetchone()
        await pooled.driver_connection.rollback()
    finally:
        pooled.close()
    return tuple(found)


def test_answers_come_in_the_order_of_the_questions_and_in_the_role_of_requests(town):
    async def scenario():
        return await ask_at_once(Statement("SELECT CAST(:a AS int)", {"a": 1}), ME, is_taking=True)

    [[first], [me]] = of(scenario)
    assert first == (1,)
    assert me[1:] == ("kernkaart_app", "on")


def test_a_connection_that_is_given_back_knows_nobody(town):
    async def scenario():
        asking.set(Asking("session", b"no such session"))
        [[before]] = await ask_at_once(ME, is_taking=True)
        resting = await at_rest()
        [[after]] = await ask_at_once(ME)
        return before, resting, after

    before, resting, after = of(scenario)
    assert resting == ("none", "", "", True)
    assert (after[0], after[2]) == (before[0], "")


def test_a_question_that_is_refused_takes_the_others_with_it_and_leaves_nothing_behind(town):
    async def scenario():
        [[before]] = await ask_at_once(ME)
        with pytest.raises(DBAPIError, match="division by zero"):
            await ask_at_once(ME, WRONG, ME)
        resting = await at_rest()
        [[after]] = await ask_at_once(ME)
        return before[0], resting, after[0]

    before, resting, after = of(scenario)
    assert resting == ("none", "", "", True)
    assert after == before


def test_who_stops_waiting_leaves_a_connection_that_answers_the_next(town):
    async def scenario():
        await ask_at_once(ME)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ask_at_once(Statement("SELECT pg_sleep(30)", {})), 0.2)
        resting = await at_rest()
        await ask_at_once(ME)
        return resting

    assert of(scenario) == ("none", "", "", True)


@pytest.mark.parametrize("is_noticed", [True, False])
def test_a_connection_that_the_server_ended_is_replaced(town, monkeypatch, is_noticed):
    # Within a second nobody looks whether it is still there: the first question then fails, and only that one.
    monkeypatch.setattr(sessions, "FRESH_S", 0.0 if is_noticed else 60.0)

    async def scenario():
        [[before]] = await ask_at_once(ME)
        with get_engine().connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": before[0]})
        if not is_noticed:
            with pytest.raises(DBAPIError):
                await ask_at_once(ME)
        [[after]] = await ask_at_once(ME)
        return before[0], after[0]

    before, after = of(scenario)
    assert after != before


def test_more_askers_than_connections_wait_for_their_turn(town):
    async def scenario():
        return await asyncio.gather(
            *(ask_at_once(Statement("SELECT CAST(:n AS int)", {"n": n})) for n in range(50))
        )

    assert of(scenario) == [[[(n,)]] for n in range(50)]


def test_who_gives_up_while_the_questions_go_out_leaves_no_pipeline_open(town, monkeypatch):
    async def scenario():
        await ask_at_once(ME)
        entered = psycopg.AsyncPipeline.__aenter__

        async def given_up(self):
            await entered(self)
            raise asyncio.CancelledError

        monkeypatch.setattr(psycopg.AsyncPipeline, "__aenter__", given_up)
        with pytest.raises(asyncio.CancelledError):
            await ask_at_once(ME)
        monkeypatch.undo()
        pooled = await get_async_engine().raw_connection()
        status = pooled.driver_connection.pgconn.pipeline_status
        pooled.close()
        [[me]] = await ask_at_once(ME)
        return status, me[1]

    assert of(scenario) == (PipelineStatus.OFF, "kernkaart_app")


def test_who_finds_all_connections_in_use_for_too_long_is_told_to_try_again(client, town, monkeypatch):
    def none_left(_self):
        raise PoolTimeout("QueuePool limit")

    monkeypatch.setattr(AsyncEngine, "raw_connection", none_left)
    answer = client.get("/api/ogc/collections/parcels/items")
    assert "does not answer" in problem(answer, 503)["detail"]
    assert answer.headers["retry-after"]
