"""Checks a request before a file is opened."""

from __future__ import annotations

import difflib
import math
from pathlib import Path

from api.importers.clock import FIRST_YEAR, LAST_YEAR
from api.importers.reading import Importer, Request, UnreadableSource
from api.importers.registry import COMMON_OPTIONS

_NUMBERS = frozenset({"margin_m", "max_per_hour", "minutes", "year", "header_row", "max_share"})


def check(importer: Importer, request: Request) -> None:
    """Check that the file is there and that every option is one of the source's.

    Raises
    ------
    UnreadableSource
        What is wrong with the request.
    """
    known = {**COMMON_OPTIONS, **importer.options}
    for option, value in request.options.items():
        if option not in known:
            near = difflib.get_close_matches(option, known, n=3, cutoff=0.5) or sorted(known)
            raise UnreadableSource(
                f"Source {importer.name} has no option '{option}'", f"Did you mean: {', '.join(near)}"
            )
        if option in _NUMBERS and not _is_number(value):
            raise UnreadableSource(f"{option}={value} is not a number", "Write digits")
        if option == "year" and not FIRST_YEAR <= float(value) <= LAST_YEAR:
            raise UnreadableSource(
                f"year={value} cannot be", f"Write a year from {FIRST_YEAR} to {LAST_YEAR}"
            )
    if not Path(request.path).exists():
        raise UnreadableSource(f"{request.path} does not exist", "Check the name of the file")


def _is_number(text: str) -> bool:
    try:
        return 0 <= float(text) < math.inf
    except ValueError:
        return False
