"""A file as batches of raw columns, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.importers.crs import Label
from api.importers.fields import text
from api.importers.people import guard, is_personal, is_tracking
from api.importers.reading import UnreadableSource
from api.importers.refusals import Notes, no_refusals

BATCH_ROWS = 50_000
SAMPLE_ROWS = 200


@dataclass(frozen=True)
class Batch:
    """Some rows of a file.

    Attributes
    ----------
    frame
        Raw columns; the index is the row number, 1-based, header excluded.
    geometry
        One per row, in the file's own coordinates; None for a file without geometry.
    refused
        Rows that the format itself made unreadable.
    done_share
        0-1, None where unknown.
    """

    frame: pd.DataFrame
    geometry: NDArray[Any] | None = None
    refused: pd.DataFrame = field(default_factory=no_refusals)
    done_share: float | None = None


@dataclass(frozen=True)
class Source:
    """A file that can be read, once or more often.

    Attributes
    ----------
    columns
        Names that may be read.
    read
        Gives the batches with the wanted columns only.
    label
        What the file says about coordinates; None for a file without geometry.
    head
        Gives some of the first rows without starting on the rest; None where `read` is as quick.
    """

    columns: list[str]
    read: Callable[[Sequence[str]], Iterator[Batch]]
    label: Label | None = None
    head: Callable[[Sequence[str]], pd.DataFrame] | None = None


def guarded(source: Source, notes: Notes) -> Source:
    """
    The same source without the columns that look like a person.

    Raises
    ------
    UnreadableSource
        When a column follows devices, number plates, faces or pictures: only counts are taken.
    """
    harmless = [column for column in source.columns if not is_personal(column)]
    personal = guard(source.columns, _sample(source, harmless))
    if tracking := [column for column, reason in personal.items() if is_tracking(column, reason)]:
        raise UnreadableSource(
            f"The file follows devices, number plates, faces or pictures: {', '.join(tracking)}",
            "Ask the supplier for counts alone; a file with such columns is not read at all, not even in part",
        )
    for column, reason in personal.items():
        notes.say(f"Column '{column}' is not read: {reason}")
    columns = [column for column in source.columns if column not in personal]
    return Source(columns, source.read, source.label, source.head)


def _sample(source: Source, columns: list[str]) -> dict[str, list[Any]]:
    if source.head is not None:
        head = source.head(columns)
    else:
        head = next((batch.frame for batch in source.read(columns)), pd.DataFrame()).head(SAMPLE_ROWS)
    return {str(column): head[column].dropna().tolist() for column in head.columns}


def filtered(source: Source, where: str | None, notes: Notes) -> Source:
    """The same source with only the rows that a condition lets through.

    Parameters
    ----------
    source
        The file.
    where
        Conditions on the file's own columns, split by `;`: `column=a,b` keeps rows with a or b, `column!=a,b`
        keeps the others. Case does not count; an empty word stands for an empty cell.
    notes
        Told how many rows were left out.
    """
    if not where:
        return source
    conditions = [_condition(part, source.columns) for part in where.split(";") if part.strip()]
    needed = [column for column, _, _ in conditions]

    def read(columns: Sequence[str]) -> Iterator[Batch]:
        for batch in source.read(list(dict.fromkeys([*columns, *needed]))):
            keep = np.ones(len(batch.frame), dtype=bool)
            for column, is_in, wanted in conditions:
                shown = text(batch.frame[column]).fillna("").str.lower()
                keep &= shown.isin(wanted).to_numpy() == is_in
            notes.count(f"{{n}} rows left out by where={where}", int((~keep).sum()))
            geometry = None if batch.geometry is None else batch.geometry[keep]
            yield Batch(batch.frame.loc[keep, list(columns)], geometry, batch.refused, batch.done_share)

    return Source(source.columns, read, source.label)


def _condition(part: str, columns: Sequence[str]) -> tuple[str, bool, list[str]]:
    column, sign, wanted = part.partition("=")
    is_in = not column.endswith("!")
    column = column.removesuffix("!").strip()
    if not sign or column not in columns:
        raise UnreadableSource(
            f"where={part}: the file has no column '{column}'", f"Its columns are: {', '.join(columns)}"
        )
    return column, is_in, [word.strip().lower() for word in wanted.split(",")]
