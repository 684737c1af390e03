"""Spreadsheets (.xlsx, .xlsm, .xlsb, .xls, .ods): the rows of one sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import python_calamine as calamine

from api.importers.reading import UnreadableSource
from api.importers.refusals import Notes
from api.importers.source import Batch, Source
from api.importers.text_tables import unique_names

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_BATCH_ROWS = 10_000
_OLE_HEADER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_sheet(path: Path, options: Mapping[str, str], notes: Notes) -> Source:
    """Open one sheet of a spreadsheet.

    Parameters
    ----------
    path
        The spreadsheet.
    options
        sheet (name; default the first that holds anything) and header_row.
    notes
        Told which sheet is read.

    Raises
    ------
    UnreadableSource
        Locked with a password, damaged, or without rows.
    """
    book = _book(path)
    name, sheet = _sheet(book, path, options, notes)
    rows = iter(sheet.iter_rows())
    skipped = int(options["header_row"]) - 1 if options.get("header_row", "").isdigit() else 0
    header: list[Any] = []
    for row in islice(rows, max(skipped, 0), None):
        skipped += 1
        if any(cell not in ("", None) for cell in row):
            header = list(row)
            break
    if not header:
        raise UnreadableSource(f"Sheet '{name}' is empty", "Name another one with --option sheet=NAME")
    columns = unique_names(header, notes)

    def read(wanted: Sequence[str]) -> Iterator[Batch]:
        return _batches(sheet, skipped, columns, list(wanted), notes)

    return Source(columns, read)


def _book(path: Path) -> Any:
    with path.open("rb") as stream:
        head = stream.read(8)
    # An xlsx is a zip; one in an OLE container is encrypted.
    if head == _OLE_HEADER and path.suffix.lower() in (".xlsx", ".xlsm", ".xlsb"):
        raise UnreadableSource(
            f"{path.name} is locked with a password",
            "Save it without a password (File, Info)",
        )
    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError as error:
        raise UnreadableSource(
            f"{path.name} is locked with a password", "Save it without a password"
        ) from error
    except (calamine.CalamineError, OSError) as error:
        raise UnreadableSource(
            f"{path.name} is no readable spreadsheet ({error})",
            "Open it in Excel and save it as .xlsx or CSV",
        ) from error


def _sheet(book: Any, path: Path, options: Mapping[str, str], notes: Notes) -> tuple[str, Any]:
    names = book.sheet_names
    wanted = options.get("sheet")
    if wanted is not None and wanted not in names:
        raise UnreadableSource(f"{path.name} has no sheet '{wanted}'", f"It has: {', '.join(names)}")
    for name in [wanted] if wanted else names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height or wanted:
            if len(names) > 1:
                notes.say(
                    f"Sheet '{name}' is read; the file also has: {', '.join(n for n in names if n != name)}"
                )
            return name, sheet
    raise UnreadableSource(f"{path.name} has no rows", "Check that the file was saved with its data")


def _batches(
    sheet: Any, skipped: int, columns: Sequence[str], wanted: list[str], notes: Notes
) -> Iterator[Batch]:
    places = [columns.index(name) for name in wanted]
    total = max(1, sheet.height)
    rows = islice(iter(sheet.iter_rows()), skipped, None)
    start = 1
    while block := list(islice(rows, _BATCH_ROWS)):
        cells = [[row[place] if place < len(row) else None for place in places] for row in block]
        data = {name: [cell[i] for cell in cells] for i, name in enumerate(wanted)}
        frame = pd.DataFrame(data, index=pd.RangeIndex(start, start + len(block)), dtype="object")
        is_empty = pd.Series([all(cell in ("", None) for cell in row) for row in block], index=frame.index)
        notes.count("{n} empty rows skipped", int(is_empty.sum()))
        start += len(block)
        yield Batch(frame[~is_empty], done_share=min(1.0, (start + skipped) / total))
