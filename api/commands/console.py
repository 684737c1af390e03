"""The terminal: one console, one way to stop with a way out."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

# A log or a pipe has no width; a table for it must not break file names in two.
console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 160)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def stop(what: str, way_out: str) -> NoReturn:
    """Say what is wrong and the way out, and exit with 2."""
    errors.print(f"[bold red]{what}[/]\n{way_out}")
    raise typer.Exit(2)


@contextmanager
def errors_told(*, about: str = "") -> Iterator[None]:
    """Say an error of ours within the block as its way out, and exit with 2; `about` comes before it."""
    from api.errors import KernkaartError
    from gis.errors import GisError, UnknownSegment

    try:
        yield
    except KernkaartError as error:
        stop(about + error.detail, error.way_out)
    except UnknownSegment as error:
        stop(
            f"{about}{error}.",
            "An import gives streets other keys: GET /api/street-segments/near tells today's.",
        )
    except GisError as error:
        what, _, way_out = str(error).partition(": ")
        stop(about + what, way_out or "Ask for another place, mode or limit.")


def progress() -> Progress:
    """A progress bar that also counts what has no known end."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
    )
