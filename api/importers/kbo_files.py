"""An extract of KBO Open Data as it is downloaded: a zip or a folder with tables that belong together."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from api.importers.mapping import fold
from api.importers.reading import UnreadableSource
from api.importers.refusals import Notes
from api.importers.source import Batch, Source
from api.importers.text_tables import open_text
from api.importers.values import parse_date

# contact.csv (telephone, e-mail) is never opened.
TABLES = ("meta", "enterprise", "establishment", "denomination", "address", "activity")


@dataclass(frozen=True)
class Extract:
    """The tables of one extract.

    Attributes
    ----------
    path
        The zip or the folder.
    members
        Table to file name within it.
    notes
        Told what was found while reading.
    """

    path: Path
    members: dict[str, str]
    notes: Notes

    def batches(self, table: str, columns: Sequence[str]) -> Iterator[Batch]:
        """Rows of a table in pieces, with the wanted columns under the register's own names.

        Raises
        ------
        UnreadableSource
            The table lacks a column.
        """
        source = self._open(table)
        by_name = {fold(name): name for name in source.columns}
        missing = [name for name in columns if fold(name) not in by_name]
        if missing:
            raise UnreadableSource(
                f"{self.members[table]} has no column {', '.join(missing)}; it has {', '.join(source.columns)}",
                "Give the extract of KBO Open Data as it was downloaded",
            )
        theirs = {by_name[fold(name)]: name for name in columns}
        for batch in source.read(list(theirs)):
            yield Batch(batch.frame.rename(columns=theirs), None, batch.refused, batch.done_share)

    def _open(self, table: str) -> Source:
        # What is said of the encoding of each of six tables is of no use to anybody.
        quiet, name = Notes(), self.members[table]
        if self.path.is_dir():
            return open_text(self.path / name, {}, quiet)
        return open_text(self.path, {}, quiet, member=name)


def open_extract(path: Path, notes: Notes) -> Extract:
    """Find the tables.

    Raises
    ------
    UnreadableSource
        No zip and no folder, an update instead of a full extract, or a table is missing.
    """
    if path.is_dir():
        names = [part.name for part in path.iterdir() if part.is_file()]
    elif zipfile.is_zipfile(path):
        names = zipfile.ZipFile(path).namelist()
    else:
        raise UnreadableSource(
            f"{path.name} is neither a zip nor a folder",
            "Give the whole extract of KBO Open Data, not one of its tables",
        )
    stems = {Path(name).stem.lower(): name for name in names if name.lower().endswith(".csv")}
    if any(stem.endswith(("_insert", "_delete")) for stem in stems):
        raise UnreadableSource(
            f"{path.name} is an update, which holds only what changed since the extract before it",
            "Download the full extract (..._Full.zip): what is no longer in it is then known to have ended",
        )
    missing = [f"{table}.csv" for table in TABLES if table not in stems]
    if missing:
        raise UnreadableSource(
            f"{path.name} lacks {', '.join(missing)}",
            "Give the full extract of KBO Open Data as it was downloaded",
        )
    return Extract(path, {table: stems[table] for table in TABLES}, notes)


def snapshot_of(extract: Extract) -> date:
    """The day the extract describes.

    Raises
    ------
    UnreadableSource
        meta.csv does not say it, or says that the extract is an update.
    """
    said: dict[str, str] = {}
    for batch in extract.batches("meta", ("Variable", "Value")):
        said |= {fold(name): value for name, value in batch.frame.itertuples(index=False)}
    kind = said.get("extracttype", "full")
    if fold(kind) != "full":
        raise UnreadableSource(
            f"meta.csv says that the extract is of type {kind}", "Download the full extract (..._Full.zip)"
        )
    try:
        return parse_date(said["snapshotdate"])
    except (KeyError, ValueError) as error:
        raise UnreadableSource(
            "meta.csv does not say on which day the extract was made (SnapshotDate)",
            "Give the full extract of KBO Open Data as it was downloaded",
        ) from error


def digits(numbers: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers without dots, ten digits: some copies write them with dots in one table and without in another."""
    plain = numbers.astype("object").str.replace(r"\D", "", regex=True)
    return plain.where(plain.str.len() != 9, "0" + plain)


def is_checked(number: str) -> bool:
    """Do the last two digits follow from the first eight, as in every number of the register (modulo 97)?"""
    return len(number) == 10 and 97 - int(number[:8]) % 97 == int(number[8:])


class Kept:
    """Rows of a large table that belong to some numbers; only those are put in order.

    Parameters
    ----------
    numbers
        Ten digits each.
    """

    def __init__(self, numbers: Sequence[str]) -> None:
        self._forms = set(numbers)
        for number in numbers:
            dots = (
                f"{number[0]}.{number[1:4]}.{number[4:7]}.{number[7:]}",
                f"{number[:4]}.{number[4:7]}.{number[7:]}",
            )
            self._forms |= {*dots, number.removeprefix("0")}

    def rows(self, frame: pd.DataFrame, column: str) -> pd.DataFrame:
        """The rows of `frame` whose `column` is one of the numbers, which it then holds as ten digits."""
        kept = frame.loc[frame[column].str.strip().isin(self._forms)].copy()
        kept[column] = digits(kept[column])
        return kept
