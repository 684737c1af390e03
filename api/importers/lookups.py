"""A user's own table from their codes to our words (`--option branch_map=FILE.csv`)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from api.importers.mapping import fold
from api.importers.reading import Request, UnreadableSource


@dataclass(frozen=True)
class Lookup:
    """Their codes to our words.

    Attributes
    ----------
    exact
        Folded code to word.
    prefixes
        Folded beginnings (`411*` in the file) to word, longest first.
    """

    exact: Mapping[str, str]
    prefixes: tuple[tuple[str, str], ...]

    def get(self, code: str) -> str | None:
        """Our word for a code, None where the table has none."""
        word = fold(code)
        if word in self.exact:
            return self.exact[word]
        return next((ours for start, ours in self.prefixes if word.startswith(start)), None)


def read_lookup(request: Request, option: str) -> Lookup | None:
    """Read the table that an option names: a CSV with their code and our word as first two columns.

    Raises
    ------
    UnreadableSource
        No such file, or no two columns.
    """
    if option not in request.options:
        return None
    path = Path(request.options[option])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableSource(f"{option}={path} cannot be read ({error})", "Give a CSV in UTF-8") from error
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    delimiter = ";" if lines and ";" in lines[0] else ","
    rows = [row for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1]
    if not rows:
        raise UnreadableSource(
            f"{option}={path} has no two columns", "Write their code; our word on each line"
        )
    if fold(rows[0][0]) in ("theirs", "code", "from") or fold(rows[0][1]) == "ours":
        rows = rows[1:]
    pairs = [(row[0].strip(), row[1].strip()) for row in rows]
    starts = [(fold(theirs[:-1]), ours) for theirs, ours in pairs if theirs.endswith("*")]
    exact = {fold(theirs): ours for theirs, ours in pairs if not theirs.endswith("*")}
    return Lookup(exact, tuple(sorted(starts, key=lambda pair: (-len(pair[0]), pair[0]))))
