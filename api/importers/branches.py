"""Which branch of our list a shop is, from a code or a word in any of three languages."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from api.importers.lookups import Lookup
from api.importers.mapping import fold
from api.importers.refusals import Notes

_LIST = Path(__file__).parents[1] / "db" / "seed" / "branches.csv"
VACANT = "vacant"
NON_RETAIL = "non_retail"
_VACANT_LIST = "leegstand leegstaand leeg vacant vacantspace vacancy localvide vide inoccupe tehuur alouer"
_VACANT_WORDS = frozenset(_VACANT_LIST.split())


@cache
def branch_list() -> dict[str, str]:
    """Code to branch group of our own list."""
    with _LIST.open(encoding="utf-8-sig", newline="") as stream:
        return {row["code"]: row["branch_group"] for row in csv.DictReader(stream, delimiter=";")}


@cache
def branch_words() -> dict[str, str]:
    """Folded code or label to code."""
    with _LIST.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    words: dict[str, str] = {}
    for column in ("code", "label_nl", "label_fr", "label_en"):
        for row in rows:
            words.setdefault(fold(row[column]), row["code"])
    return words


def branch_of(word: str, lookup: Lookup | None) -> str | None:
    """Our code of a branch, `vacant`, `non_retail`, or None.

    Parameters
    ----------
    word
        Their code or label.
    lookup
        The user's own table, asked first.
    """
    if lookup is not None and (ours := lookup.get(word)) is not None:
        return ours
    folded = fold(word)
    return VACANT if folded in _VACANT_WORDS else branch_words().get(folded)


def with_branches(frame: pd.DataFrame, lookup: Lookup | None, notes: Notes) -> pd.DataFrame:
    """Fill branch_code with our codes, from their code or their words; `branch_says` is vacant or non_retail.

    A branch that is not in our list is kept as text, without a code, and told.
    """
    codes = _column(frame, "branch_code")
    words = _column(frame, "branch_text")
    found = _each(codes, lookup).fillna(_each(words, lookup))
    given = codes.fillna(words)
    strange = given[found.isna() & given.notna()]
    notes.name(
        "{n} rows have a branch that is not in our list; it is kept as text: {names}", strange.tolist()
    )
    groups = branch_list()
    wrong = found[found.notna() & ~found.isin([*groups, VACANT, NON_RETAIL])]
    notes.name("The table of branches leads to codes that are not in our list: {names}", wrong.tolist())
    frame["branch_text"] = words.fillna(given)
    frame["branch_says"] = found.where(found.isin([VACANT, NON_RETAIL]))
    is_non_retail = found.map(groups) == "non_retail"
    frame.loc[is_non_retail, "branch_says"] = NON_RETAIL
    frame["branch_code"] = found.where(found.isin(list(groups)))
    return frame


def _column(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    return frame[name] if name in frame.columns else pd.Series(None, index=frame.index, dtype="str")


def _each(series: pd.Series[Any], lookup: Lookup | None) -> pd.Series[Any]:
    known = {word: branch_of(str(word), lookup) for word in series.dropna().unique()}
    return series.map(known).astype("object")
