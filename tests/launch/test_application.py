import os
import signal
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from launch import application
from launch.application import Application
from launch.places import Places
from launch.progress import LaunchError, Step


@pytest.fixture
def start(
    places: Places, step: Step, new_database: Callable[[], str]
) -> Iterator[Callable[..., Application]]:
    url = new_database()

    def start_it(port: int | None = None) -> Application:
        env = application.environment(places, database_url=url)
        return application.start(places, env=env, port=port, mark="mark", step=step)

    yield start_it
    application.stop(places)


def test_an_application_is_found_again_started_again_after_a_crash_and_stopped(
    places: Places, start: Callable[..., Application]
) -> None:
    assert application.find(places) is None
    first = start()
    assert application.answers(first.port)
    assert application.find(places) == first
    application.refuse_taken(places, first.port)

    os.kill(first.pid, signal.SIGKILL)
    deadline_at = time.monotonic() + 10
    while application.find(places) is not None and time.monotonic() < deadline_at:
        time.sleep(0.05)
    assert application.find(places) is None

    second = start()
    assert second.port == first.port
    assert application.stop(places) == second
    assert not application.answers(second.port)
    assert application.stop(places) is None


def test_a_port_of_somebody_else_is_refused_by_name(places: Places) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(LaunchError, match=rf"port {port} is in use by process {os.getpid()}"):
            application.refuse_taken(places, port)


def test_an_application_that_stops_while_it_starts_is_reported_with_its_last_words(
    places: Places, step: Step
) -> None:
    env = {**application.environment(places, database_url="no address at all"), "KERNKAART_SRID": "no number"}
    with pytest.raises(LaunchError, match="stopped while it started"):
        application.start(places, env=env, port=None, mark="", step=step)
    assert (
        "KERNKAART_SRID" in step.progress.log_file.read_text() or "srid" in step.progress.log_file.read_text()
    )
    assert application.find(places) is None


def test_the_variables_of_another_database_do_not_reach_the_application(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c search_path=elsewhere")
    monkeypatch.setenv("KERNKAART_SRID", "7855")
    env = application.environment(places, database_url="postgresql+psycopg://a@b/c")
    assert "PGOPTIONS" not in env
    assert env["KERNKAART_SRID"] == "7855"
    assert env["KERNKAART_DATABASE_URL"] == "postgresql+psycopg://a@b/c"


def test_another_setting_asks_for_another_start(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    before = application.fingerprint(places, database_url="a")
    assert application.fingerprint(places, database_url="a") == before
    assert application.fingerprint(places, database_url="b") != before
    monkeypatch.setenv("KERNKAART_STATEMENT_TIMEOUT_S", "61")
    assert application.fingerprint(places, database_url="a") != before
