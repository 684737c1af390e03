"""The terminal: one console, one way to stop with a way out."""

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

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def stop(what: str, way_out: str) -> NoReturn:
    """Say what is wrong and the way out, and exit with 2."""
    errors.print(f"[bold red]{what}[/]\n{way_out}")
    raise typer.Exit(2)


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
