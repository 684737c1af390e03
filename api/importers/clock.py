"""Moments as cities write them, brought to UTC; what the clock skipped or showed twice is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.importers import values
from api.importers.fields import distinct
from api.importers.reading import UnreadableSource

# Others come of a slip of the pen or of a number that is no date, and libraries stumble over them.
FIRST_YEAR, LAST_YEAR = 1900, 2199
DEFAULT_TIMEZONE = "Europe/Brussels"
_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}(?::?\d{2}(?::?\d{2}(?:[.,]\d+)?)?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?"
)
_PARTS = re.compile(r"(?P<date>.+?)[ T]+(?P<clock>\d{1,2}[:hu.]\d{2}(?::\d{2})?)")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")


@dataclass(frozen=True)
class Moments:
    """Moments of a column.

    Attributes
    ----------
    utc
        Instants; NaT where there is none or it cannot be read. In the double hour: the first of the two.
    second
        The same, with the second of the two in the double hour.
    is_bad
        Something stands there that is no moment.
    is_gap
        The clock skipped this moment when summer time began.
    is_double
        The clock showed this moment twice when summer time ended.
    """

    utc: pd.Series[Any]
    second: pd.Series[Any]
    is_bad: pd.Series[bool]
    is_gap: pd.Series[bool]
    is_double: pd.Series[bool]


def parse_timezone(name: str) -> ZoneInfo:
    """A time zone by name.

    Raises
    ------
    UnreadableSource
        No such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnreadableSource(f"timezone={name} is unknown", "Write it as Europe/Brussels") from error


def read_moments(series: pd.Series[Any], zone: ZoneInfo, *, month_first: bool = False) -> Moments:
    """Read moments: ISO 8601 with or without offset, dd/mm/yyyy hh:mm, Excel's day numbers, real timestamps.

    Parameters
    ----------
    series
        The column.
    zone
        Whose clock shows moments without an offset.
    month_first
        Read 3/4/2020 as 4 March.
    """
    if isinstance(series.dtype, np.dtype) and series.dtype.kind == "M":
        return _of_timestamps(series, zone)
    codes, found = distinct(series)
    uniques = np.asarray(found, dtype=object)
    moments = [_within(_moment(value, month_first=month_first)) for value in uniques]
    naive = [one if one is not None and one.tzinfo is None else None for one in moments]
    aware = [one.astimezone(UTC) if one is not None and one.tzinfo is not None else None for one in moments]
    local = localise(pd.DatetimeIndex(pd.to_datetime(pd.Series(naive, dtype="datetime64[us]"))), zone)
    given = pd.Series(aware, dtype="datetime64[us, UTC]")
    missing = [values.is_missing(value) for value in uniques]
    bad = np.array([one is None and not gone for one, gone in zip(moments, missing, strict=True)], dtype=bool)

    def spread(found: Any, rest: Any) -> pd.Series[Any]:
        table = pd.concat(
            [pd.Series(found), pd.Series([rest], dtype=pd.Series(found).dtype)], ignore_index=True
        )
        return pd.Series(table.array[codes], index=series.index)

    return Moments(
        spread(given.fillna(local.utc), pd.NaT),
        spread(given.fillna(local.second), pd.NaT),
        spread(bad, False),
        spread(local.is_gap, False),
        spread(local.is_double, False),
    )


def _of_timestamps(series: pd.Series[Any], zone: ZoneInfo) -> Moments:
    """Real timestamps without a zone need no reading."""
    strange = series.notna() & ~series.dt.year.between(FIRST_YEAR, LAST_YEAR)
    local = localise(pd.DatetimeIndex(series.mask(strange)), zone)
    index = series.index
    return Moments(
        local.utc.set_axis(index),
        local.second.set_axis(index),
        strange.astype(bool),
        pd.Series(local.is_gap, index=index),
        pd.Series(local.is_double, index=index),
    )


@dataclass(frozen=True)
class Localised:
    """Local clock times as instants."""

    utc: pd.Series[Any]
    second: pd.Series[Any]
    is_gap: NDArray[np.bool_]
    is_double: NDArray[np.bool_]


def localise(naive: pd.DatetimeIndex, zone: ZoneInfo) -> Localised:
    """Give clock times of a zone their instants.

    Parameters
    ----------
    naive
        Clock times without a zone.
    zone
        Whose clock it is.
    """
    summer = np.ones(len(naive), dtype=bool)
    first = naive.tz_localize(zone, ambiguous=summer, nonexistent="NaT")
    second = naive.tz_localize(zone, ambiguous=~summer, nonexistent="NaT")
    lost = np.asarray(first.isna())
    is_gap = lost & ~np.asarray(naive.isna())
    is_double = np.asarray(first != second) & ~lost
    return Localised(_utc(first), _utc(second), is_gap, is_double)


def _utc(moments: pd.DatetimeIndex) -> pd.Series[Any]:
    return pd.Series(moments.tz_convert("UTC")).astype("datetime64[us, UTC]")


def _within(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _moment(value: Any, *, month_first: bool) -> datetime | None:
    """One moment; None where it cannot be read."""
    if isinstance(value, pd.Timestamp | datetime):
        return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
    text = str(value).strip()
    try:
        if _ISO.fullmatch(text):
            return datetime.fromisoformat(text.replace(",", ".").replace(" Z", "Z"))
        if _SERIAL.fullmatch(text):
            days = float(text)
            midnight = datetime.combine(values.excel_day(days), datetime.min.time())
            return midnight + timedelta(minutes=round((days % 1) * 1440))
        parts = _PARTS.fullmatch(text)
        day = values.parse_date(parts["date"] if parts else text, month_first=month_first, is_whole=True)
        minutes = values.parse_clock(parts["clock"]) if parts else 0
        return datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    except (ValueError, OverflowError):
        return None
