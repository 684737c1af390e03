"""What was refused and why, and what was noted on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

REFUSAL_COLUMNS = ("row_number", "column_name", "value", "reason", "remedy")
CELL_EMPTIED = " The row is kept without this value."


class Refusals:
    """Collects refusals of one chunk; the same cell is told once."""

    def __init__(self) -> None:
        self._parts: list[pd.DataFrame] = []

    def __len__(self) -> int:
        return sum(len(part) for part in self._parts)

    def add(
        self, rows: Iterable[Any], values: Iterable[Any], *, column: str, reason: str, remedy: str
    ) -> None:
        """Refuse rows for one reason.

        Parameters
        ----------
        rows
            Row numbers, 1-based, header excluded.
        values
            What stood there, one per row.
        column
            The column as the file names it.
        reason, remedy
            Plain sentences.
        """
        numbers = np.asarray(list(rows), dtype="int64")
        if len(numbers) == 0:
            return
        shown = ["" if value is None or value is pd.NA else str(value)[:200] for value in values]
        self._parts.append(
            pd.DataFrame(
                {
                    "row_number": numbers,
                    "column_name": column,
                    "value": shown,
                    "reason": reason,
                    "remedy": remedy,
                }
            )
        )

    def add_where(
        self, mask: pd.Series[bool], values: pd.Series[Any], *, column: str, reason: str, remedy: str
    ) -> None:
        """Refuse the rows of `values` (index: row number) where `mask` holds."""
        if mask.any():
            told = values[mask]
            self.add(told.index, told, column=column, reason=reason, remedy=remedy)

    def add_frame(self, frame: pd.DataFrame) -> None:
        """Take over refusals that another reader made."""
        if len(frame):
            self._parts.append(frame)

    def clear(self) -> None:
        """Forget what has been told."""
        self._parts = []

    def frame(self) -> pd.DataFrame:
        """All refusals in the order of the file."""
        if not self._parts:
            return no_refusals()
        return pd.concat(self._parts, ignore_index=True).sort_values(
            "row_number", kind="stable", ignore_index=True
        )


def no_refusals() -> pd.DataFrame:
    """An empty table of refusals."""
    kinds = {name: "int64" if name == "row_number" else "str" for name in REFUSAL_COLUMNS}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


class Notes:
    """Sentences on what was assumed; counted ones are written when the file has been read.

    Parameters
    ----------
    sentences
        The live list that a `Reading` shows as `assumed`.
    """

    def __init__(self, sentences: list[str] | None = None) -> None:
        self.sentences: list[str] = [] if sentences is None else sentences
        self._counts: Counter[str] = Counter()
        self._names: dict[str, Counter[str]] = {}

    def say(self, sentence: str) -> None:
        """Say something once."""
        if sentence not in self.sentences:
            self.sentences.append(sentence)

    def count(self, sentence: str, number: int) -> None:
        """Add to the {n} of a sentence."""
        if number:
            self._counts[sentence] += int(number)

    def name(self, sentence: str, names: Iterable[str]) -> None:
        """Add to the {names} of a sentence: the most frequent ones are shown."""
        self._names.setdefault(sentence, Counter()).update(names)

    def close(self) -> None:
        """Write the counted sentences."""
        for sentence, number in self._counts.items():
            self.say(sentence.replace("{n}", f"{number:,}"))
        for sentence, names in self._names.items():
            if names:
                ranked = sorted(names.items(), key=lambda item: (-item[1], item[0]))
                shown = ", ".join(f"{name} ({count})" for name, count in ranked[:12])
                more = f" and {len(ranked) - 12} more" if len(ranked) > 12 else ""
                told = sentence.replace("{n}", f"{sum(names.values()):,}")
                self.say(told.replace("{names}", shown + more))
        self._counts.clear()
        self._names.clear()
