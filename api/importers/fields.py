"""Raw columns of a batch become typed columns of ours; what cannot be read is refused."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from api.importers import values
from api.importers.mapping import Field, Match, fold
from api.importers.refusals import CELL_EMPTIED, Refusals

_WANTED = {
    "number": ("is not a number", "Write digits with a decimal point or comma."),
    "integer": ("is not a whole number", "Write digits only."),
    "boolean": ("is neither yes nor no", "Write ja or nee, oui or non, yes or no, 1 or 0."),
    "date": ("is not a full date", "Write the date as 2026-03-31 or 31/03/2026."),
    "clock": ("is not a clock time", "Write the time as 08:30."),
}
_NO_TEXT = frozenset({"", "null", "<null>", "nan", "#n/a", "none", "nat", "<na>"})


@dataclass(frozen=True)
class Style:
    """How the file writes its values.

    Attributes
    ----------
    decimal
        "," or "." where the user said so.
    month_first
        3/4/2020 is 4 March.
    """

    decimal: str | None = None
    month_first: bool = False


def read_fields(
    raw: pd.DataFrame, matched: Match, fields: Sequence[Field], refusals: Refusals, style: Style
) -> pd.DataFrame:
    """Read every matched field; a row without a required one is left out and refused.

    Parameters
    ----------
    raw
        Columns as the file has them; the index is the row number.
    matched
        Where each field comes from.
    fields
        How each is read.
    refusals
        Told about every value that cannot be read.
    style
        How the file writes numbers and dates.
    """
    out: dict[str, pd.Series[Any]] = {}
    dropped = pd.Series(False, index=raw.index)
    for one in fields:
        if one.ours not in matched:
            continue
        series = _raw(raw, matched, one.ours)
        parsed, bad = parse(series, one, style)
        dropped |= _refuse(series, parsed, bad, column=matched.label(one.ours), one=one, refusals=refusals)
        if one.otherwise is not None:
            parsed = parsed.where(~bad, one.otherwise)
        out[one.ours] = parsed
    frame = pd.DataFrame(out, index=raw.index)
    return frame[~dropped] if dropped.any() else frame


def _raw(raw: pd.DataFrame, matched: Match, ours: str) -> pd.Series[Any]:
    if ours in matched.columns:
        return raw[matched.columns[ours]]
    return pd.Series(matched.constants[ours], index=raw.index, dtype="str")


def _refuse(
    series: pd.Series[Any],
    parsed: pd.Series[Any],
    bad: pd.Series[bool],
    *,
    column: str,
    one: Field,
    refusals: Refusals,
) -> pd.Series[bool]:
    """Refuse what cannot be read; tells which rows must go."""
    reason, remedy = told(one)
    is_row_lost = one.is_required or one.is_strict
    kept = "" if is_row_lost else CELL_EMPTIED
    refusals.add_where(bad, series, column=column, reason=f"{one.ours} {reason}.{kept}", remedy=remedy)
    if not one.is_required:
        return bad & is_row_lost
    empty = parsed.isna() & ~bad
    refusals.add_where(
        empty, series, column=column, reason=f"{one.ours} is empty.", remedy="Fill it in; a row needs it."
    )
    return bad | empty


def told(one: Field) -> tuple[str, str]:
    """Why a value of a field is refused, and what would be right."""
    if one.kind == "choice":
        known = ", ".join(sorted(set(one.choices.values())))
        return "is not one of the known words", f"Write one of: {known}."
    reason, remedy = _WANTED.get(one.kind, ("cannot be read", "Correct it."))
    if one.lowest is not None or one.highest is not None:
        low = "" if one.lowest is None else f" from {one.lowest:g}"
        high = "" if one.highest is None else f" to {one.highest:g}"
        return f"{reason}{low}{high}", f"{remedy} Check the unit and the thousands separator."
    return reason, remedy


def parse(series: pd.Series[Any], one: Field, style: Style) -> tuple[pd.Series[Any], pd.Series[bool]]:
    """Read one column; second answer: what stood there but could not be read."""
    if one.kind == "raw":
        return series, pd.Series(False, index=series.index)
    if one.kind == "text":
        return text(series), pd.Series(False, index=series.index)
    if one.kind in ("number", "integer"):
        return _numbers(series, one, style)
    if one.kind == "choice":
        return parse_each(series, partial(_choose, choices=one.choices))
    reader: dict[str, Callable[[Any], Any]] = {
        "boolean": values.parse_boolean,
        "clock": values.parse_clock,
        "date": partial(values.parse_date, month_first=style.month_first),
    }
    return parse_each(series, reader[one.kind])


def _choose(value: Any, choices: Any) -> str:
    text_ = str(value)
    # "Outdoor (north side)" begins with the word that counts.
    for word in (fold(text_), fold(text_.split(maxsplit=1)[0] if text_.split() else "")):
        if word in choices:
            return str(choices[word])
    raise ValueError(f"'{value}' is not known")


def parse_each(
    series: pd.Series[Any], reader: Callable[[Any], Any]
) -> tuple[pd.Series[Any], pd.Series[bool]]:
    """Read a column with a function that raises ValueError; equal values are read once."""
    codes, uniques = distinct(series)
    read: list[Any] = []
    is_bad: list[bool] = []
    for value in np.asarray(uniques, dtype=object):
        failed, result = False, None
        if not values.is_missing(value):
            try:
                result = reader(value)
            except (ValueError, OverflowError):
                failed = True
        read.append(result)
        is_bad.append(failed)
    # The last place stands for the sentinel -1 of a missing value.
    table = np.array([*read, None], dtype=object)
    bad = np.array([*is_bad, False], dtype=bool)
    return pd.Series(table[codes], index=series.index), pd.Series(bad[codes], index=series.index)


def _numbers(series: pd.Series[Any], one: Field, style: Style) -> tuple[pd.Series[Any], pd.Series[bool]]:
    if pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype):
        found = series.astype("float64")
        bad = np.isinf(found.to_numpy())
    else:
        found, is_bad = _text_numbers(series, style)
        bad = is_bad.to_numpy(dtype=bool)
    amount = found.to_numpy(dtype="float64")
    with np.errstate(invalid="ignore"):
        if one.kind == "integer":
            bad = bad | (amount % 1 > 0)
        if one.lowest is not None:
            bad = bad | (amount < one.lowest)
        if one.highest is not None:
            bad = bad | (amount > one.highest)
    refused: pd.Series[bool] = pd.Series(np.asarray(bad, dtype=bool), index=series.index, dtype=bool)
    return found.mask(refused), refused


def _text_numbers(series: pd.Series[Any], style: Style) -> tuple[pd.Series[Any], pd.Series[bool]]:
    found = pd.Series(np.nan, index=series.index)
    rest = pd.Series(True, index=series.index)
    if style.decimal != ",":
        found = pd.to_numeric(series, errors="coerce").astype("float64")
        rest = found.isna() | np.isinf(found)
    bad = pd.Series(False, index=series.index)
    if rest.any():
        slow, slow_bad = parse_each(series[rest], partial(values.parse_number, decimal=style.decimal))
        found = found.copy()
        found[rest] = pd.to_numeric(slow, errors="coerce").astype("float64")
        bad[rest] = slow_bad
    return found, bad


def distinct(series: pd.Series[Any]) -> tuple[Any, Any]:
    """Places of the values among the different ones, and these; lists and objects of a tree count as their text."""
    try:
        return pd.factorize(series, use_na_sentinel=True)
    except TypeError:
        flat = series.map(lambda value: value if isinstance(value, Hashable) else str(value))
        return pd.factorize(flat, use_na_sentinel=True)


def text(series: pd.Series[Any]) -> pd.Series[Any]:
    """Texts without outer spaces, line ends and NUL signs; 12.0 in a column of numbers is "12"."""
    codes, uniques = distinct(series)
    table = np.array([*(_one_text(value) for value in np.asarray(uniques, dtype=object)), None], dtype=object)
    return pd.Series(table[codes], index=series.index, dtype="str")


def _one_text(value: Any) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    cleaned = " ".join(str(value).replace("\x00", "").split())
    return None if cleaned.lower() in _NO_TEXT else cleaned
