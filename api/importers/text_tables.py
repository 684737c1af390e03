"""Delimited text: which encoding, which separator, and its rows in batches."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pcsv

from api.importers.reading import UnreadableSource
from api.importers.refusals import Notes, Refusals
from api.importers.source import SAMPLE_ROWS, Batch, Source

DELIMITERS = {";": ";", ",": ",", "|": "|", "\t": "tab"}
_BLOCK_BYTES = 4 << 20
_HEAD_BYTES = 1 << 16


@dataclass(frozen=True)
class Dialect:
    """How a text file is written.

    Attributes
    ----------
    encoding
        Of Python's codecs.
    delimiter
        Between the fields.
    columns
        The header, made unique.
    skipped_lines
        Physical lines up to and including the header.
    size
        Bytes when unpacked.
    sample
        The first rows.
    """

    encoding: str
    delimiter: str
    columns: list[str]
    skipped_lines: int
    size: int
    sample: list[list[str]]


def open_bytes(path: Path, member: str | None = None) -> IO[bytes]:
    """Open a plain, gzipped or zipped file as bytes."""
    if member is not None:
        return zipfile.ZipFile(path).open(member)
    with path.open("rb") as peek:
        is_gzip = peek.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path, "rb")) if is_gzip else path.open("rb")


def open_text(path: Path, options: Mapping[str, str], notes: Notes, *, member: str | None = None) -> Source:
    """Open a text table.

    Parameters
    ----------
    path
        The file, or the zip that holds `member`.
    options
        encoding, delimiter and header_row where the user knows better.
    notes
        Told what was found.
    member
        Name inside a zip.

    Raises
    ------
    UnreadableSource
        Empty, cut off, or not a text table.
    """
    dialect = sniff(path, options, notes, member=member)

    def read(columns: Sequence[str]) -> Iterator[Batch]:
        return _batches(path, member, dialect, list(columns), notes)

    def head(columns: Sequence[str]) -> pd.DataFrame:
        places = {name: dialect.columns.index(name) for name in columns}
        rows = [row for row in dialect.sample if len(row) == len(dialect.columns)]
        return pd.DataFrame({name: [row[place] for row in rows] for name, place in places.items()})

    return Source(dialect.columns, read, head=head)


def sniff(path: Path, options: Mapping[str, str], notes: Notes, *, member: str | None = None) -> Dialect:
    """Find encoding, separator and header; the whole file is looked through for late surprises."""
    head, size, encoding = _scan(path, member)
    if not size:
        raise UnreadableSource(f"{path.name} is empty", "Export the file again")
    if b"\x00" in head and encoding not in ("utf-16",):
        raise UnreadableSource(
            f"{path.name} is not a text table", "Save it as CSV (UTF-8), or give it its own file extension"
        )
    encoding = options.get("encoding", encoding)
    if encoding not in ("utf-8", "utf-8-sig"):
        notes.say(f"Text is read as {'Windows-1252' if encoding == 'cp1252' else encoding}")
    elif encoding == "utf-8-sig":
        notes.say("The file begins with a byte order mark: read as UTF-8")
    lines = _head_lines(head, encoding)
    delimiter = options.get("delimiter") or _delimiter(lines)
    delimiter = {"tab": "\t", "semicolon": ";", "comma": ",", "pipe": "|"}.get(delimiter, delimiter)
    if delimiter != ",":
        notes.say(f"Separator is {DELIMITERS.get(delimiter, delimiter)}")
    columns, skipped = _header(lines, delimiter, options, notes)
    sample = list(islice(csv.reader(iter(lines[skipped:]), delimiter=delimiter), SAMPLE_ROWS))
    return Dialect(encoding, delimiter, columns, skipped, size, sample)


def _scan(path: Path, member: str | None) -> tuple[bytes, int, str]:
    """First bytes, unpacked size and encoding."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    head, size, is_utf8 = b"", 0, True
    try:
        with open_bytes(path, member) as stream:
            while block := stream.read(_BLOCK_BYTES):
                head = head or block[:_HEAD_BYTES]
                size += len(block)
                if is_utf8:
                    try:
                        decoder.decode(block)
                    except UnicodeDecodeError:
                        is_utf8 = False
            if is_utf8:
                try:
                    decoder.decode(b"", final=True)
                except UnicodeDecodeError:
                    is_utf8 = False
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, RuntimeError) as error:
        raise UnreadableSource(
            f"{path.name} is cut off, damaged or locked ({error})", "Download it again, without a password"
        ) from error
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head, size, "utf-16"
    if head.startswith(codecs.BOM_UTF8) and is_utf8:
        return head, size, "utf-8-sig"
    return head, size, "utf-8" if is_utf8 else "cp1252"


def _head_lines(head: bytes, encoding: str) -> list[str]:
    try:
        text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)
    except LookupError as error:
        raise UnreadableSource(f"'{encoding}' is no encoding", "Use utf-8 or cp1252") from error
    lines = io.StringIO(text, newline="").readlines()
    # The last line of a long head is cut.
    return lines[:-1] if len(lines) > 2 and len(head) >= _HEAD_BYTES else lines


def _delimiter(lines: Sequence[str]) -> str:
    """The separator that splits the header and most of the first rows into the same number of fields."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        rows = [len(row) for row in csv.reader(lines[:200], delimiter=delimiter) if any(row)]
        if not rows:
            continue
        width, hits = Counter(rows).most_common(1)[0]
        score = (hits / len(rows) if width > 1 else 0.0, width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _header(
    lines: Sequence[str], delimiter: str, options: Mapping[str, str], notes: Notes
) -> tuple[list[str], int]:
    if lines and lines[0].strip().lower().startswith("sep=") and len(lines[0].strip()) <= 5:
        delimiter_line = 1
    else:
        delimiter_line = 0
    wanted = options.get("header_row")
    start = int(wanted) - 1 if wanted and wanted.isdigit() and int(wanted) > 0 else delimiter_line
    reader = csv.reader(iter(lines[start:]), delimiter=delimiter)
    for row in reader:
        if any(cell.strip() for cell in row):
            return unique_names(row, notes), start + reader.line_num
    raise UnreadableSource("The file has no header", "Put the names of the columns in the first row")


def unique_names(names: Sequence[Any], notes: Notes) -> list[str]:
    """Column names without spaces around them; a name that comes twice gets a number."""
    seen: Counter[str] = Counter()
    out: list[str] = []
    for place, name in enumerate(names, start=1):
        plain = " ".join(str("" if name is None else name).replace("\x00", "").split()) or f"column_{place}"
        seen[plain] += 1
        if seen[plain] > 1:
            plain = f"{plain}_{seen[plain]}"
            notes.say(f"A column name comes twice: the second is called {plain}")
        out.append(plain)
    return out


def _batches(
    path: Path, member: str | None, dialect: Dialect, columns: list[str], notes: Notes
) -> Iterator[Batch]:
    bad: list[tuple[int, int, str]] = []

    def refuse(row: Any) -> str:
        bad.append((row.number - dialect.skipped_lines, row.actual_columns, row.text or ""))
        return "skip"

    with open_bytes(path, member) as stream, _decoded(stream, dialect) as text:
        reader = pcsv.open_csv(
            text,
            read_options=pcsv.ReadOptions(
                use_threads=False,
                column_names=dialect.columns,
                skip_rows=dialect.skipped_lines,
                block_size=_BLOCK_BYTES,
            ),
            parse_options=pcsv.ParseOptions(
                delimiter=dialect.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=refuse,
            ),
            convert_options=pcsv.ConvertOptions(
                column_types={name: pa.string() for name in dialect.columns},
                include_columns=columns or dialect.columns[:1],
                strings_can_be_null=False,
            ),
        )
        yield from _numbered(reader, stream, bad, dialect, notes, columns=columns)


def _decoded(stream: IO[bytes], dialect: Dialect) -> Any:
    """The bytes as UTF-8, whatever they were."""
    if dialect.encoding in ("utf-8", "utf-8-sig"):
        return pa.PythonFile(stream, mode="r")
    return pa.transcoding_input_stream(pa.PythonFile(stream, mode="r"), dialect.encoding, "utf-8")


def _numbered(
    reader: Any,
    stream: IO[bytes],
    bad: list[tuple[int, int, str]],
    dialect: Dialect,
    notes: Notes,
    *,
    columns: Sequence[str],
) -> Iterator[Batch]:
    """Give every row its number; rows of a wrong width were skipped and take their own numbers."""
    next_row, told, seen = 1, 0, 0
    for record in reader:
        frame = record.to_pandas()
        numbers = np.arange(next_row, next_row + len(frame) + len(bad), dtype="int64")
        numbers = numbers[~np.isin(numbers, [row for row, _, _ in bad])][: len(frame)]
        next_row = int(numbers[-1]) + 1 if len(numbers) else next_row
        frame.index = pd.Index(numbers)
        is_empty = (frame == "").all(axis=1)
        notes.count("{n} empty rows skipped", int(is_empty.sum()))
        refusals = Refusals()
        for row, width, raw in bad[told:]:
            _refuse_width(refusals, row, width, raw, len(dialect.columns))
        told = len(bad)
        seen += record.nbytes
        yield Batch(frame[~is_empty], None, refusals.frame(), _share(stream, dialect, seen))
    refusals = Refusals()
    for row, width, raw in bad[told:]:
        _refuse_width(refusals, row, width, raw, len(dialect.columns))
    if len(refusals):
        nothing = pd.DataFrame(columns=list(columns), index=pd.RangeIndex(0), dtype="str")
        yield Batch(nothing, None, refusals.frame(), 1.0)


def _refuse_width(refusals: Refusals, row: int, width: int, raw: str, expected: int) -> None:
    refusals.add(
        [row],
        [raw],
        column="",
        reason=f"The row has {width} fields, the header has {expected}.",
        remedy="Put text that holds the separator between quotes, or fill the missing fields.",
    )


def _share(stream: IO[bytes], dialect: Dialect, seen: int) -> float:
    try:
        place = stream.tell()
    except (OSError, ValueError):
        place = seen
    return min(1.0, place / dialect.size)
