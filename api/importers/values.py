"""Numbers, dates and yes or no as cities write them."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

MISSING = frozenset(
    {"", "na", "n/a", "#n/a", "nan", "null", "<null>", "none", "undefined", "-", "--", "?", "nvt", "n.v.t.",
     "nat", "onbekend", "inconnu", "unknown"}
)  # fmt: skip
_TRUE = frozenset({"1", "1.0", "true", "t", "yes", "y", "ja", "j", "oui", "o", "waar", "vrai", "x"})
_FALSE = frozenset({"0", "0.0", "false", "f", "no", "n", "nee", "neen", "non", "onwaar", "faux"})
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan janvier january", "februari feb fevrier fev february", "maart mrt mars march mar",
            "april apr avril avr", "mei mai may", "juni jun juin june", "juli jul juillet juil july",
            "augustus aug aout august", "september sep sept septembre", "oktober okt octobre oct october",
            "november nov novembre", "december dec decembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ACCENTS = str.maketrans("éèûôàç", "eeuoac")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?")
_GROUPED = {
    ",": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?"),
    ".": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?"),
}
_UNIT = re.compile(r"^(€|eur|\$)|(€|eur|euro|m2|m²|m|km/h|kmh|%|pl|plaatsen)$", re.I)
_YMD = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T ].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(T\d{6})?")
_DMY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})([T ,].*)?")
_NAMED = re.compile(r"(\d{1,2})(?:er|e|st|nd|rd|th)?[ -]([a-z]+)\.?[ -](\d{4}|\d{2})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.hu](\d{2}))?(?::(\d{2})(?:\.\d+)?)?\s*(?:h|u|uur)?", re.I)


def is_missing(value: Any) -> bool:
    """Tell whether a cell says that there is no value."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return str(value).strip().lower() in MISSING


def parse_number(text: Any, *, decimal: str | None = None) -> float:
    """Read a number with a decimal point or comma, thousands separators, and a unit around it.

    Parameters
    ----------
    text
        Such as "12,5", "1.234,50", "1 234", "€ 900", "85 m²".
    decimal
        "," or "." when known: the other sign then groups thousands; else a single sign is decimal.

    Raises
    ------
    ValueError
        Not a finite number.
    """
    if isinstance(text, float):
        value = text
    else:
        cleaned = re.sub(r"[\s\u00a0\u202f'’]", "", str(text))
        cleaned = _UNIT.sub("", _UNIT.sub("", cleaned))
        value = float(_plain(cleaned, decimal))
    if not math.isfinite(value):
        raise ValueError(f"'{text}' is not a finite number")
    return value


def _plain(text: str, decimal: str | None) -> str:
    """Rewrite a number with a decimal point and no groups."""
    for group, mark in ((",", "."), (".", ",")):
        several = text.count(group) > 1 or (group in text and mark in text)
        if _GROUPED[group].fullmatch(text) and (several or decimal == mark):
            return text.replace(group, "").replace(mark, ".")
    if _NUMBER.fullmatch(text) is None or (decimal == "." and "," in text):
        raise ValueError(f"'{text}' is not a number")
    return text.replace(",", ".")


def parse_boolean(text: Any) -> bool:
    """Read ja/nee, oui/non, yes/no, true/false, 1/0, x.

    Raises
    ------
    ValueError
        Anything else.
    """
    word = str(text).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(f"'{text}' is neither yes nor no")


def parse_date(text: Any, *, month_first: bool = False, is_whole: bool = False) -> date:
    """Read a date: ISO, day before month, a month's name, yyyymmdd, or an Excel day number.

    Parameters
    ----------
    text
        A time after the date is left out.
    month_first
        Read 3/4/2020 as 4 March.
    is_whole
        Nothing may stand after the date.

    Raises
    ------
    ValueError
        No such day, only a year or a month, or before 1800 or after 2200.
    """
    if isinstance(text, datetime):
        return text.date()
    if isinstance(text, date):
        return text
    word = str(text).strip()
    found = _date_of(word, month_first, is_whole)
    if not 1800 <= found.year <= 2200:
        raise ValueError(f"'{word}' is not a date of this time")
    return found


def _date_of(word: str, month_first: bool, is_whole: bool) -> date:
    match = _YMD.fullmatch(word) or _COMPACT.fullmatch(word)
    if match and not (is_whole and match[4]):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if (match := _DMY.fullmatch(word)) and not (is_whole and match[4]):
        day, month = (int(match[2]), int(match[1])) if month_first else (int(match[1]), int(match[2]))
        return date(_year(match[3]), month, day)
    if (match := _NAMED.fullmatch(word.lower().translate(_ACCENTS))) and match[2] in _MONTHS:
        return date(_year(match[3]), _MONTHS[match[2]], int(match[1]))
    if _SERIAL.fullmatch(word):
        return excel_day(float(word))
    raise ValueError(f"'{word}' is not a full date")


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def excel_day(serial: float) -> date:
    """The date of an Excel day number (day 1 = 1 January 1900, with Excel's 29 February 1900)."""
    return (datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=math.floor(serial))).date()


def parse_clock(text: Any) -> int:
    """Minutes after midnight of a clock time such as "8:30", "8u30", "8h" or Excel's 0.5 for noon.

    Raises
    ------
    ValueError
        Not a time of the day; 24:00 is 1440.
    """
    if isinstance(text, float) and 0 <= text < 1:
        return round(text * 1440)
    if hasattr(text, "hour"):
        return int(text.hour) * 60 + int(text.minute)
    match = _CLOCK.fullmatch(str(text).strip())
    if match is None:
        raise ValueError(f"'{text}' is not a clock time")
    minutes = int(match[1]) * 60 + int(match[2] or 0)
    if minutes > 1440 or int(match[2] or 0) > 59:
        raise ValueError(f"'{text}' is not a clock time")
    return minutes
