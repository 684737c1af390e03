"""What the database holds: today's tables, the demo where it is empty, and fresh results."""

import os
from collections.abc import Callable, Mapping

from launch import application, stamps
from launch.places import Places
from launch.progress import LaunchError, Step

IS_EMPTY, IS_NOT_EMPTY = 0, 1
VERSION_QUESTION = "select version_num from alembic_version;"
VersionReader = Callable[[Step], str]


def migrate(
    places: Places, *, env: Mapping[str, str], read_version: VersionReader | None, step: Step
) -> None:
    """Bring the tables to today's shape.

    Parameters
    ----------
    read_version
        Asks the database for its version, to spare the work when neither it nor the migrations changed
        since the last time; None does the work.
    """
    stamp = places.state / "migrated"
    tables = stamps.hash_of_files(places.root / "migrations", places.root / "api" / "db")
    key = stamps.hash_of(tables, os.environ.get("KERNKAART_SRID", ""))
    before = read_version(step) if read_version else ""
    if before and stamps.read(stamp) == f"{key} {before}":
        step.already(f"version {before}")
        return
    stamp.unlink(missing_ok=True)
    step.run(application.python_command(places, "migrate"), env=env, cwd=places.root)
    after = read_version(step) if read_version else ""
    if after:
        stamps.write(stamp, f"{key} {after}")
    step.done(f"version {after}" if after else "tables brought to today's shape")


def fill(places: Places, *, env: Mapping[str, str], address: str, step: Step) -> None:
    """Load the demo where there is no municipality, or where loading it was cut short.

    Raises
    ------
    LaunchError
        If the database cannot say whether it is empty, or the demo does not load.
    """
    begun = places.state / "demo-begun"
    asked = step.attempt(application.python_command(places, "is-empty"), env=env, cwd=places.root)
    if asked.code not in (IS_EMPTY, IS_NOT_EMPTY):
        raise LaunchError(
            "the database cannot say whether it holds a municipality",
            "see the log, then run the same command again",
            is_in_log=True,
        )
    is_cut_short = stamps.read(begun) == address
    if asked.code == IS_NOT_EMPTY and not is_cut_short:
        step.already("the database holds municipalities")
        return
    stamps.write(begun, address)
    step.note(
        "the database is empty" if asked.code == IS_EMPTY else "loading was cut short, so it begins again"
    )
    step.run(application.python_command(places, "demo"), env=env, cwd=places.root, is_shown=True)
    begun.unlink(missing_ok=True)
    step.done("fictional data of the demo loaded")


def refresh(places: Places, *, env: Mapping[str, str], step: Step) -> None:
    """Compute and store what is not fresh."""
    command = application.python_command(places, "refresh", "--if-stale")
    step.run(command, env=env, cwd=places.root, is_shown=True)
    step.done("stored results are fresh")
