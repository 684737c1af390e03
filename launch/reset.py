"""Letting go of a deployment's data, after asking."""

import argparse
import os
import shutil
import sys

from launch import database, deployment
from launch.hold import hold
from launch.places import Places
from launch.progress import LaunchError, Progress

WORD = "reset"


def ask_and_do(places: Places, progress: Progress, words: list[str]) -> int:
    """Remove the database of this checkout and everything in it; programs and set-up logs stay."""
    parser = argparse.ArgumentParser(prog="./kernkaart reset", description=ask_and_do.__doc__)
    parser.add_argument("--yes", action="store_true", help="do not ask, for scripts")
    wanted = parser.parse_args(words)
    theirs = database.chosen_by_user(os.environ)
    folder = database.folder_of(places)
    sys.stdout.write(
        f"This stops the application and removes for good:\n  {folder}  (the database)\n  {places.state}\n"
    )
    if theirs:
        sys.stdout.write(f"Your own database {theirs.address} is left as it is.\n")
    if not wanted.yes:
        _ask()
    with hold(places.home / "home.lock", progress=progress):
        deployment.stop_all(places, progress)
        with progress.step("Reset") as step:
            database.remove(places)
            shutil.rmtree(places.state, ignore_errors=True)
            (places.logs / "app.log").unlink(missing_ok=True)
            step.done("removed; ./kernkaart up begins anew")
    return 0


def _ask() -> None:
    if not sys.stdin.isatty():
        raise LaunchError("reset asks first, and there is nobody to ask", "say ./kernkaart reset --yes")
    sys.stdout.write(f"Type the word {WORD} to go on: ")
    sys.stdout.flush()
    if sys.stdin.readline().strip() != WORD:
        raise LaunchError("nothing was removed", f"type the word {WORD} when you are asked")
