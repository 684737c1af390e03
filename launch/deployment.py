"""A deployment as a whole: up, down, and a word for the application in between."""

import argparse
import os
from collections.abc import Sequence

from launch import application, contents, database, frontend, opening, ports, postmaster, python_env
from launch.application import Application
from launch.database import Database
from launch.hold import hold
from launch.places import Places
from launch.progress import LaunchError, Progress, Step

LAST_PORT = 65535


def up(places: Places, progress: Progress, words: list[str]) -> int:
    """Make everything ready, start it and print its address."""
    parser = argparse.ArgumentParser(prog="./kernkaart up", description=up.__doc__)
    parser.add_argument(
        "--port", type=_port, help="port of the application (otherwise the last one, or 8000 and up)"
    )
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    opening.add_options(parser)
    wanted = parser.parse_args(words)
    if wanted.qgis and database.chosen_by_user(os.environ):
        raise LaunchError(
            "Kernkaart opens no database but its own",
            "open yours yourself, and name it to colleagues with KERNKAART_QGIS_HOST (docs/operating.md)",
        )
    with (
        hold(places.tools / "tools.lock", progress=progress),
        hold(places.home / "home.lock", progress=progress),
    ):
        if wanted.port is not None:
            application.refuse_taken(places, wanted.port)
        opening.remember(places, wanted)
        with progress.step("Python environment") as step:
            python_env.provide(places, lock=python_env.RUNTIME, step=step)
        frontend.provide(places, progress=progress)
        found, ask = _start_database(places, progress)
        env = application.environment(places, database_url=found.url, told=found.told)
        mark = application.fingerprint(places, database_url=found.url, told=found.told)
        _stop_outdated(places, progress, mark=mark, port=wanted.port)
        with progress.step("Tables") as step:
            contents.migrate(places, env=env, ask=ask, step=step)
        if not wanted.no_demo:
            with progress.step("Demo") as step:
                contents.fill(places, env=env, ask=ask, address=found.address, step=step)
        with progress.step("Results") as step:
            contents.refresh(places, env=env, step=step)
        running = _start_application(places, progress, env=env, mark=mark, port=wanted.port)
        with progress.step("Accounts") as step:
            welcome = contents.first_welcome(places, env=env, ask=ask, step=step)
    progress.line(f"\nKernkaart is at {running.address}   (./kernkaart down stops it)")
    if welcome:
        progress.line(
            "There is no administrator yet. Whoever opens this address becomes the first; it works once, for three days:\n"
            f"{running.address}#welcome={welcome}"
        )
    return 0


def down(places: Places, progress: Progress, words: list[str]) -> int:
    """Stop the application and the database of this deployment."""
    argparse.ArgumentParser(prog="./kernkaart down", description=down.__doc__).parse_args(words)
    with hold(places.home / "home.lock", progress=progress):
        stop_all(places, progress)
    return 0


def stop_all(places: Places, progress: Progress) -> None:
    """Stop what runs of this deployment; whoever calls this holds its lock."""
    with progress.step("Application") as step:
        stopped = application.stop(places)
        step.done(f"stopped (process {stopped.pid})") if stopped else step.done("was not running")
    with progress.step("Database server") as step:
        was_running = postmaster.stop(database.folder_of(places) / "pg")
        step.done("stopped" if was_running else "was not running")


def pass_on(places: Places, progress: Progress, words: Sequence[str]) -> int:
    """Become the application's own command, with its database started, in the current folder."""
    with (
        hold(places.tools / "tools.lock", progress=progress),
        hold(places.home / "home.lock", progress=progress),
    ):
        with progress.step("Python environment") as step:
            python_env.provide(places, lock=python_env.RUNTIME, step=step)
        found, _ = _start_database(places, progress)
    command = application.python_command(places, *words)
    os.execve(command[0], command, application.environment(places, database_url=found.url, told=found.told))


def _start_database(places: Places, progress: Progress) -> tuple[Database, contents.Ask | None]:
    """Return the running database, and how to ask it a question where it is our own."""
    theirs = database.chosen_by_user(os.environ)
    if theirs:
        with progress.step("Database") as step:
            step.done(f"{theirs.address}, of your own")
        return theirs, None
    with progress.step("PostgreSQL") as step:
        cluster = database.cluster_of(places, step=step)
    with progress.step("Database server") as step:
        running = database.start(places, cluster, step=step)
    with progress.step("Database") as step:
        found = database.provide(places, cluster, running, step=step)

    def ask(question: str, step: Step) -> str:
        return database.ask(places, cluster, running, question, step=step)

    return found, ask


def _stop_outdated(places: Places, progress: Progress, *, mark: str, port: int | None) -> None:
    """Stop an application that runs on other code, settings or another port than the ones asked for."""
    found = application.find(places)
    if found is None:
        return
    is_current = found.fingerprint == mark and port in (None, found.port)
    if is_current and application.answers(found.port):
        return
    with progress.step("Application") as step:
        application.stop(places)
        why = "it does not answer" if is_current else "its code, its settings or its port changed"
        step.done(f"stopped, as {why}")


def _start_application(
    places: Places, progress: Progress, *, env: dict[str, str], mark: str, port: int | None
) -> Application:
    with progress.step("Application") as step:
        found = application.find(places)
        if found:
            step.already(f"process {found.pid} on {ports.LOCAL}:{found.port}")
            return found
        started = application.start(places, env=env, port=port, mark=mark, step=step)
        step.done(f"answers on {ports.LOCAL}:{started.port}, process {started.pid}")
        return started


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port: give a number from 1 to {LAST_PORT}")
    return int(text)
