"""The words a user can type after ``./kernkaart``."""

import os
import signal
import sys
import tomllib
from collections.abc import Callable, Sequence
from types import FrameType

from launch import checks, deployment, locks, measure, reset, status, watch
from launch.places import Places
from launch.progress import LaunchError, Progress

HELP = """\
Kernkaart: a map on which a small city plans how to fill its empty shops.

  ./kernkaart up [--port N] [--no-demo]   make everything ready, start it and print its address
                 [--qgis NETWORK|off --qgis-host NAME]   ... the database open to QGIS elsewhere, over TLS
  ./kernkaart down                        stop the application and its database
  ./kernkaart status                      what runs where, versions and sizes (exit code 3: not running)
  ./kernkaart logs [app|setup|database] [-f] [-n LINES]
  ./kernkaart reset [--yes]               remove the database and everything in it (asks first)
  ./kernkaart test [PYTEST ARGUMENT...]   run every check; with arguments, only pytest with these
  ./kernkaart bench NAME [--quick]        measure one thing (developers; without a name: what there is)
  ./kernkaart lock [--upgrade]            make the lock files anew (developers; needs uv)
  ./kernkaart --version

Any other word goes to the application, with its database started, for example:

  ./kernkaart demo --help      ./kernkaart import --help      ./kernkaart refresh --help

Environment: KERNKAART_DATABASE_URL  use this database, not one of our own (postgresql+psycopg://user:password@host/name)
             KERNKAART_HOME          folder for this deployment's state, in the place of .kernkaart
             KERNKAART_PG_BIN        bin folder of the PostgreSQL to use
             KERNKAART_SRID          EPSG code of the deployment's metric coordinates (31370)
"""
INTERRUPTED = 130
TERMINATED = 143
Command = Callable[[Places, Progress, list[str]], int]
COMMANDS: dict[str, Command] = {
    "up": deployment.up,
    "down": deployment.down,
    "status": status.show,
    "logs": watch.show,
    "reset": reset.ask_and_do,
    "test": checks.run_all,
    "bench": measure.run_one,
    "lock": locks.renew,
}


def main(words: Sequence[str]) -> int:
    """Do what the user typed; return the exit code."""
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(HELP)
        return 0
    places = Places.of(os.environ)
    if words[0] == "--version":
        project = tomllib.loads((places.root / "pyproject.toml").read_text(encoding="utf-8"))
        sys.stdout.write(f"Kernkaart {project['project']['version']}\n")
        return 0
    signal.signal(signal.SIGTERM, _end_gently)
    command = COMMANDS.get(words[0])
    # What the application says goes to standard output alone, so that it can be piped; ours goes beside it.
    stream = sys.stdout if command else sys.stderr
    progress = Progress(places.logs / "setup.log", stream=stream, is_quiet=command is None)
    try:
        return (
            command(places, progress, list(words[1:]))
            if command
            else deployment.pass_on(places, progress, words)
        )
    except LaunchError as error:
        progress.explain(error)
        return 1
    except PermissionError as error:
        sys.stderr.write(f"{error}\n  Way out: run ./kernkaart as the user who made {places.home}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. Run the same command again: it goes on where it stopped.\n")
        return INTERRUPTED


def _end_gently(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the shape a signal handler has
    raise SystemExit(TERMINATED)
