"""The logs of a deployment."""

import argparse
import sys
import time
from collections import deque
from pathlib import Path

from launch import database
from launch.places import Places
from launch.progress import LaunchError, Progress

POLL_S = 0.3


def show(places: Places, progress: Progress, words: list[str]) -> int:  # noqa: ARG001 - the shape of a command
    """Show the last lines of a log, and with -f what is added to it."""
    parser = argparse.ArgumentParser(prog="./kernkaart logs", description=show.__doc__)
    parser.add_argument("which", nargs="?", default="app", choices=["app", "setup", "database"])
    parser.add_argument("-f", "--follow", action="store_true", help="go on showing what is added")
    parser.add_argument("-n", "--lines", type=int, default=50, help="how many lines to begin with (50)")
    wanted = parser.parse_args(words)
    log = _log(places, wanted.which)
    if not log.exists() and not wanted.follow:
        raise LaunchError(f"there is no {log} yet", "./kernkaart up makes it")
    end = _show_last(log, wanted.lines)
    while wanted.follow:
        try:
            end = _show_added(log, end)
            time.sleep(POLL_S)
        except KeyboardInterrupt:
            return 0
    return 0


def _log(places: Places, which: str) -> Path:
    if which == "database":
        return database.folder_of(places) / "server.log"
    return places.logs / f"{which}.log"


def _show_last(log: Path, lines: int) -> int:
    if not log.exists():
        return 0
    with log.open(encoding="utf-8", errors="replace") as file:
        sys.stdout.writelines(deque(file, maxlen=max(lines, 0)))
        return file.tell()


def _show_added(log: Path, start: int) -> int:
    """Show what was added since ``start`` bytes; a log that became shorter was begun anew."""
    size = log.stat().st_size if log.exists() else 0
    if size == start:
        return size
    with log.open("rb") as file:
        file.seek(start if size > start else 0)
        sys.stdout.write(file.read().decode(errors="replace"))
        sys.stdout.flush()
        return file.tell()
