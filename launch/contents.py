"""What the database holds: today's tables, the demo where it is empty, and fresh results."""

import os
from collections.abc import Callable, Mapping

from launch import application, stamps
from launch.places import Places
from launch.progress import LaunchError, Step

# A program that breaks exits with 1, which must not be taken for an answer.
IS_EMPTY, IS_NOT_EMPTY = 0, 3
VERSION_QUESTION = "select version_num from alembic_version;"
ADMINISTRATOR_QUESTION = (
    "select exists (select from rights.membership where role = 'administrator' and nis_code is null);"
)
FULL_QUESTION = "select exists (select from municipality);"
# Asks the database one question in SQL; nothing where it cannot answer.
Ask = Callable[[str, Step], str]

# What a migration writes comes from here: tables, views, and what QGIS finds in the database.
REMEMBERED = ("migrations", "api/db", "api/export/qgis")


def migrate(places: Places, *, env: Mapping[str, str], ask: Ask | None, step: Step) -> None:
    """Bring the tables to today's shape.

    Parameters
    ----------
    ask
        How to ask our own database for its version, to spare the work when neither it nor the migrations
        changed since the last time; None does the work.
    """
    stamp = places.state / "migrated"
    tables = stamps.hash_of_files(*(places.root / folder for folder in REMEMBERED))
    key = stamps.hash_of(tables, os.environ.get("KERNKAART_SRID", ""))
    before = ask(VERSION_QUESTION, step) if ask else ""
    if before and stamps.read(stamp) == f"{key} {before}":
        step.already(f"version {before}")
        return
    stamp.unlink(missing_ok=True)
    step.run(application.python_command(places, "migrate"), env=env, cwd=places.root)
    after = ask(VERSION_QUESTION, step) if ask else ""
    if after:
        stamps.write(stamp, f"{key} {after}")
    step.done(f"version {after}" if after else "tables brought to today's shape")


def fill(places: Places, *, env: Mapping[str, str], ask: Ask | None, address: str, step: Step) -> None:
    """Load the demo where there is no municipality, or where loading it was cut short.

    Raises
    ------
    LaunchError
        If the database cannot say whether it is empty, or the demo does not load.
    """
    begun = places.state / "demo-begun"
    is_cut_short = stamps.read(begun) == address
    is_empty = _is_empty(places, env=env, ask=ask, step=step)
    if not is_empty and not is_cut_short:
        step.already("the database holds municipalities")
        return
    stamps.write(begun, address)
    step.note("the database is empty" if is_empty else "loading was cut short, so it begins again")
    step.run(application.python_command(places, "demo"), env=env, cwd=places.root, is_shown=True)
    begun.unlink(missing_ok=True)
    step.done("fictional data of the demo loaded")


def _is_empty(places: Places, *, env: Mapping[str, str], ask: Ask | None, step: Step) -> bool:
    # Asking our own server takes a hundredth of the time that the application takes to be imported.
    if ask and ask(FULL_QUESTION, step) == "t":
        return False
    ran = step.attempt(application.python_command(places, "is-empty"), env=env, cwd=places.root)
    if ran.code not in (IS_EMPTY, IS_NOT_EMPTY):
        raise LaunchError(
            "the database cannot say whether it holds a municipality",
            "see the log, then run the same command again",
            is_in_log=True,
        )
    return ran.code == IS_EMPTY


def refresh(places: Places, *, env: Mapping[str, str], step: Step) -> None:
    """Compute and store what is not fresh."""
    command = application.python_command(places, "refresh", "--if-stale")
    step.run(command, env=env, cwd=places.root, is_shown=True)
    step.done("stored results are fresh")


def first_welcome(places: Places, *, env: Mapping[str, str], ask: Ask | None, step: Step) -> str:
    """Return the secret with which the first administrator comes in; nothing where there is one.

    Raises
    ------
    LaunchError
        If the application cannot make it.
    """
    if ask and ask(ADMINISTRATOR_QUESTION, step) == "t":
        step.already("there is an administrator")
        return ""
    # By way of a file of our own: what a step prints is kept in its log.
    file = places.state / "welcome"
    try:
        step.run(
            application.python_command(places, "user", "first", "--to", str(file)), env=env, cwd=places.root
        )
        secret = file.read_text(encoding="utf-8") if file.exists() else ""
    finally:
        file.unlink(missing_ok=True)
    step.done("a link for the first administrator is made" if secret else "there is an administrator")
    return secret
