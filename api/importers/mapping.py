"""Which column of a file is which column of ours."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from api.importers.people import is_personal
from api.importers.reading import UnreadableSource
from api.importers.refusals import Notes

FieldKind = Literal["text", "number", "integer", "boolean", "date", "clock", "choice", "raw"]
CONSTANT = "="
_OTHER_WAYS = {"year": ", or say it with --option year=2024"}


@dataclass(frozen=True)
class Field:
    """One column of ours and how files call it.

    Attributes
    ----------
    ours
        Our name. A name that the target does not have is only used on the way.
    kind
        What its values are; raw leaves them to `finish`.
    names
        Other names for it, best first; case, accents and signs do not count.
    is_required
        A row without it is refused, a file without it too.
    choices
        For kind choice: what may stand there (folded as names are) to our word.
    lowest, highest
        Bounds of a number.
    is_strict
        It may be empty, but a row in which it cannot be read is refused.
    otherwise
        What stands for a value that cannot be read.
    """

    ours: str
    kind: FieldKind = "text"
    names: tuple[str, ...] = ()
    is_required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    lowest: float | None = None
    highest: float | None = None
    is_strict: bool = False
    otherwise: str | None = None


@dataclass(frozen=True)
class Match:
    """Where each field comes from.

    Attributes
    ----------
    columns
        Our name to their column.
    constants
        Our name to a value that holds for every row.
    """

    columns: dict[str, str]
    constants: dict[str, str]

    def __contains__(self, ours: object) -> bool:
        return ours in self.columns or ours in self.constants

    def label(self, ours: str) -> str:
        """What to call the column in a refusal: their name where there is one."""
        return self.columns.get(ours, ours)


def names(words: str) -> tuple[str, ...]:
    """Synonyms from one line of text."""
    return tuple(words.split())


def fold(name: str) -> str:
    """A name without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain.lower() if letter.isalnum())


def match(fields: Sequence[Field], columns: Sequence[str], asked: Mapping[str, str], notes: Notes) -> Match:
    """Find every field among the columns of a file.

    Parameters
    ----------
    fields
        What we look for.
    columns
        What the file has.
    asked
        The user's own mapping, ours to theirs; "" leaves a field out, "=word" is a constant.
    notes
        Told which columns were taken for what.

    Raises
    ------
    UnreadableSource
        A name in `asked` does not exist, or a required field is not found.
    """
    by_name = {one.ours: one for one in fields}
    found, constants = _asked(by_name, columns, asked)
    taken = set(found.values())
    folded: dict[str, str] = {}
    for column in columns:
        folded.setdefault(fold(column), column)
    # A dBase file cuts names to ten characters, so a cut synonym is the synonym.
    is_cut = max((len(column) for column in columns), default=0) == 10
    for one in fields:
        if one.ours in found or one.ours in constants or one.ours in asked:
            continue
        for name in (one.ours, *one.names):
            theirs = folded.get(fold(name)) or (folded.get(fold(name[:10])) if is_cut else None)
            if theirs is not None and theirs not in taken:
                found[one.ours] = theirs
                taken.add(theirs)
                break
    _say(found, columns, asked, notes)
    return Match(found, constants)


def require(
    matched: Match, fields: Sequence[Field], columns: Sequence[str], needs: Sequence[Sequence[str]] = ()
) -> None:
    """Check that a file has every required field, and one of each group in `needs`.

    Raises
    ------
    UnreadableSource
        A required field is not found.
    """
    groups = [*((one.ours,) for one in fields if one.is_required), *needs]
    missing = [" or ".join(group) for group in groups if not any(ours in matched for ours in group)]
    if missing:
        have = ", ".join(columns) or "none"
        raise UnreadableSource(
            f"No column found for {', '.join(missing)}; the columns of the file are: {have}",
            f"Name it with --map {missing[0].split(' or ')[0]}=THEIR_COLUMN{_OTHER_WAYS.get(missing[0], '')}",
        )


def _asked(
    by_name: Mapping[str, Field], columns: Sequence[str], asked: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    found: dict[str, str] = {}
    constants: dict[str, str] = {}
    for ours, theirs in asked.items():
        if ours not in by_name:
            raise UnreadableSource(
                f"This source has no column '{ours}'", f"It has: {', '.join(sorted(by_name))}"
            )
        if theirs.startswith(CONSTANT):
            constants[ours] = theirs.removeprefix(CONSTANT)
        elif theirs:
            found[ours] = _existing(theirs, columns)
    return found, constants


def _existing(theirs: str, columns: Sequence[str]) -> str:
    if theirs in columns:
        return theirs
    folded = {fold(column): column for column in columns}
    if fold(theirs) in folded:
        return folded[fold(theirs)]
    if is_personal(theirs):
        raise UnreadableSource(
            f"Column '{theirs}' looks like a person or a device and is never read", "Map another column"
        )
    near = difflib.get_close_matches(theirs, columns, n=3, cutoff=0.4) or list(columns)[:30]
    raise UnreadableSource(f"The file has no column '{theirs}'", f"Did you mean: {', '.join(near)}")


def _say(found: Mapping[str, str], columns: Sequence[str], asked: Mapping[str, str], notes: Notes) -> None:
    guessed = [
        f"{theirs} as {ours}" for ours, theirs in found.items() if theirs != ours and ours not in asked
    ]
    if guessed:
        notes.say(f"Columns read: {', '.join(guessed)}")
    unused = [column for column in columns if column not in set(found.values())]
    if unused:
        shown = ", ".join(unused[:25]) + (f" and {len(unused) - 25} more" if len(unused) > 25 else "")
        notes.say(f"Columns not used: {shown}")
