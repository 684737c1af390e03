"""Counts in long form: one row per counter, moment, mode and direction."""

from __future__ import annotations

from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from api.importers import values
from api.importers.clock import DEFAULT_TIMEZONE, parse_timezone, read_moments
from api.importers.count_fields import FIELDS
from api.importers.fields import parse
from api.importers.mapping import Field
from api.importers.reading import Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.streaming import Recipe, read, style_of

# Bits of quality_flag; 0 is fine.
LOW_UPTIME = 1
DOUBLE_HOUR = 2
# The busiest hour of 62 counters in the centre of Melbourne in nine years was 15 979 people.
MAX_PER_HOUR = 30_000.0
UPTIME_MIN = 0.5
_VALUE = Field("value", "number")
NEEDS = (("start_utc", "start_local", "date"), ("value",))


def read_counts(request: Request) -> list[Reading]:
    """Read counts in long form; the moment is one column, or a date and an hour."""
    checks = Checks(request)

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        if "measure_kind" in frame.columns:
            kinds = ", ".join(sorted(frame["measure_kind"].dropna().unique()))
            notes.say(f"The kind of measure ({kinds}) belongs to the sensor: give it with the sensors")
        frame = with_defaults(frame.copy(), request, notes)
        return checks.run(with_start(frame, request, notes), refusals, notes)

    return [read(request, Recipe("footfall_count", FIELDS, finish, needs=NEEDS))]


def with_defaults(frame: pd.DataFrame, request: Request, notes: Notes) -> pd.DataFrame:
    """Fill minutes, mode and direction where the file does not give them."""
    for name, default, told in (
        ("minutes", request.options.get("minutes", "60"), "Counts are taken to be per {} minutes"),
        ("mode", request.options.get("mode", "ped"), "Counts are taken to be of mode {}"),
        ("direction", "both", "Counts are taken to be of both directions together"),
    ):
        if name not in frame.columns:
            notes.say(told.format(default))
            frame[name] = int(default) if name == "minutes" else default
        else:
            frame[name] = frame[name].fillna(int(default) if name == "minutes" else default)
    return frame


def with_start(frame: pd.DataFrame, request: Request, notes: Notes) -> pd.DataFrame:
    """Fill `start`, the text or timestamp of the moment, and `is_utc`."""
    if "start_utc" in frame.columns:
        frame["start"] = frame["start_utc"]
        frame["is_utc"] = True
        return frame
    frame["is_utc"] = False
    if "start_local" in frame.columns:
        frame["start"] = frame["start_local"]
    else:
        frame["start"] = dates_and_hours(frame["date"], frame.get("hour"))
    notes.say(f"Moments without an offset are read by the clock of {zone_of(request).key}")
    return frame


def zone_of(request: Request) -> ZoneInfo:
    """Whose clock the file shows."""
    return parse_timezone(request.options.get("timezone", DEFAULT_TIMEZONE))


def dates_and_hours(dates: pd.Series[Any], hours: pd.Series[Any] | None) -> pd.Series[Any]:
    """Put a date and an hour (0-23 or 08:30) together as one text."""
    if hours is None:
        return dates.astype("str")
    clocks: dict[Any, str] = {}
    for hour in hours.dropna().unique():
        try:
            minutes = values.parse_clock(
                int(float(hour)) if str(hour).replace(".", "", 1).isdigit() else hour
            )
            clocks[hour] = f"{minutes // 60:02d}:{minutes % 60:02d}"
        except ValueError:
            clocks[hour] = f"?{hour}"
    return dates.astype("str") + " " + hours.map(clocks).astype("str")


class Checks:
    """What every count must pass; keeps what it must remember between chunks.

    Parameters
    ----------
    request
        Options timezone, max_per_hour and date_order are used.
    """

    def __init__(self, request: Request) -> None:
        self.zone = zone_of(request)
        self.style = style_of(request)
        self.max_per_hour = float(request.options.get("max_per_hour", MAX_PER_HOUR))
        self.doubles: Counter[tuple[Any, ...]] = Counter()

    def run(self, frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        """Rows with start_at, value and quality_flag; `frame` has start, is_utc, minutes, mode, direction, value.

        A count that is missing is no row at all: it is not zero.
        """
        frame = self._valued(frame, refusals, notes)
        frame = self._timed(frame, refusals, notes)
        low = (
            frame["uptime"] <= UPTIME_MIN
            if "uptime" in frame.columns
            else pd.Series(False, index=frame.index)
        )
        frame["quality_flag"] = frame["quality_flag"] + low.fillna(False).astype("int64") * LOW_UPTIME
        notes.count(
            "{n} counts have an uptime of 0.5 or less: kept, and left out of the figures until a person says otherwise",
            int(low.sum()),
        )
        return frame

    def _valued(self, frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        given = frame["value"]
        parsed, bad = parse(given, _VALUE, self.style)
        refusals.add_where(
            bad,
            given,
            column="value",
            reason="value is not a number.",
            remedy="Leave it empty where nothing was counted.",
        )
        missing = parsed.isna() & ~bad
        notes.count("{n} empty counts are no rows: a missing count is not zero", int(missing.sum()))
        refusals.add_where(
            parsed < 0,
            given,
            column="value",
            reason="A count cannot be negative.",
            remedy="Correct or empty it.",
        )
        absurd = parsed * 60 / frame["minutes"].astype("float64") > self.max_per_hour
        refusals.add_where(
            absurd,
            given,
            column="value",
            reason=f"More than {self.max_per_hour:,.0f} per hour is more than a counter can see.",
            remedy="Correct it, or raise the limit with --option max_per_hour=NUMBER.",
        )
        keep = parsed.notna() & (parsed >= 0) & ~absurd
        kept = frame.loc[keep].copy()
        kept["value"] = parsed[keep]
        return kept

    def _timed(self, frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        is_utc = bool(frame["is_utc"].all()) if len(frame) else True
        zone = ZoneInfo("UTC") if is_utc else self.zone
        moments = read_moments(frame["start"], zone, month_first=self.style.month_first)
        refusals.add_where(
            moments.is_bad | (moments.utc.isna() & ~moments.is_gap),
            frame["start"],
            column="start",
            reason="This is not a moment.",
            remedy="Write 2026-03-31T08:00, or 31/03/2026 08:00.",
        )
        refusals.add_where(
            moments.is_gap,
            frame["start"],
            column="start",
            reason="The clock skipped this moment when summer time began: nothing can have been counted.",
            remedy="Leave the row out, or give the moments in UTC (start_utc).",
        )
        start = moments.utc.where(~self._is_second(frame, moments.is_double), moments.second)
        told = (
            "{n} counts lie in the hour that the clock showed twice: first come, first hour; quality flag 2"
        )
        notes.count(told, int(moments.is_double.sum()))
        frame = frame.assign(
            start_at=start, quality_flag=np.where(moments.is_double.to_numpy(dtype=bool), DOUBLE_HOUR, 0)
        )
        kept: pd.DataFrame = frame.loc[start.notna()].copy()
        return kept

    def _is_second(self, frame: pd.DataFrame, is_double: pd.Series[bool]) -> pd.Series[bool]:
        """Which rows are the second with their clock time: the clock had been put back."""
        second = pd.Series(False, index=frame.index)
        columns = ["sensor_code", "start", "mode", "direction"]
        for row, *key in frame.loc[is_double.to_numpy(dtype=bool), columns].itertuples():
            self.doubles[tuple(key)] += 1
            second[row] = self.doubles[tuple(key)] > 1
        return second
