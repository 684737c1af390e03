"""Wide tables of counts: a row per hour, a column per sensor."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.importers.clock import parse_timezone, read_moments
from api.importers.counts import DOUBLE_HOUR, MAX_PER_HOUR, dates_and_hours, zone_of
from api.importers.fields import Style, parse, text
from api.importers.lookups import read_lookup
from api.importers.mapping import Field, Match, match, names, require
from api.importers.opening import open_source, told_plainly
from api.importers.reading import Chunk, Reading, Request, UnreadableSource
from api.importers.refusals import Notes, Refusals
from api.importers.source import Batch
from api.importers.streaming import style_of
from api.importers.targets import conform

# Cells at a time: a batch of a table of sixty sensors would otherwise become millions of rows.
_MAX_CELLS = 400_000
_START = "timestamp tijdstip datum_tijd datetime date_time start begin moment t time index"
FIELDS = (
    Field("start_utc", "raw", names=names("utc timestamp_utc start_at")),
    Field("start_local", "raw", names=names(_START)),
    Field("date", names=names("datum jour")),
    Field("hour", names=names("uur heure")),
)
_VALUE = Field("value", "number")


def read_counts_wide(request: Request) -> list[Reading]:
    """Read a wide table; the name of a column is the code of its sensor, unless options say otherwise.

    Options: `code_pattern`, a regular expression whose first group is the code; `code_map`, a CSV from column name
    to code; `timezone`, `minutes`, `mode`, `max_per_hour`.
    """
    notes = Notes()
    with told_plainly(request.path):
        source = open_source(request, notes)
        quiet = Notes()
        matched = match(FIELDS, source.columns, request.mapping, quiet)
        require(matched, FIELDS, source.columns, (("start_local", "start_utc", "date"),))
        moments = list(matched.columns.values())
        batches = source.read(source.columns)
        first = next(batches, None)
        if first is None:
            raise UnreadableSource(f"{request.path.name} has no rows", "Check that the export was not empty")
        sensors = _sensor_columns(first, [name for name in source.columns if name not in moments], notes)
        table = _Table(request, matched, _codes(sensors, request), notes)
    notes.say(f"The moment is read from: {', '.join(moments)}; {len(sensors)} other columns are sensors")
    return [Reading("footfall_count", notes.sentences, table.chunks(chain([first], batches)))]


def _sensor_columns(first: Batch, columns: list[str], notes: Notes) -> list[str]:
    """Columns that hold numbers, or nothing yet."""
    sensors = []
    for column in columns:
        values, bad = parse(first.frame[column].head(1000), _VALUE, Style())
        if bad.any() and values.notna().sum() < bad.sum():
            notes.say(f"Column '{column}' holds no numbers: it is no sensor")
        else:
            sensors.append(column)
    if not sensors:
        raise UnreadableSource(
            "No column holds counts", "For one row per counter and moment use source counts"
        )
    return sensors


def _codes(sensors: list[str], request: Request) -> dict[str, str]:
    """Column name to sensor code; columns that the options do not know are left out."""
    lookup = read_lookup(request, "code_map")
    pattern = request.options.get("code_pattern")
    codes: dict[str, str] = {}
    for column in sensors:
        code: str | None = column
        if lookup is not None:
            code = lookup.get(column)
        elif pattern:
            found = _search(pattern, column)
            code = found
        if code:
            codes[column] = code
    if not codes:
        raise UnreadableSource("No column of the table becomes a sensor", "Check code_map or code_pattern")
    return codes


def _search(pattern: str, column: str) -> str | None:
    try:
        found = re.search(pattern, column)
    except re.error as error:
        raise UnreadableSource(
            f"code_pattern={pattern} is no pattern ({error})", r"Such as \[(\d+)\]"
        ) from error
    return (found[1] if found.groups() else found[0]) if found else None


class _Table:
    """Turns wide batches into long chunks."""

    def __init__(self, request: Request, matched: Match, codes: dict[str, str], notes: Notes) -> None:
        self.request = request
        self.matched = matched
        self.columns = list(codes)
        self.codes = np.array(list(codes.values()), dtype=object)
        self.notes = notes
        self.style = style_of(request)
        self.zone = zone_of(request)
        self.minutes = int(float(request.options.get("minutes", "60")))
        self.mode = request.options.get("mode", "ped")
        self.most = float(request.options.get("max_per_hour", MAX_PER_HOUR))
        self.doubles: Counter[str] = Counter()
        if "start_utc" not in matched.columns:
            notes.say(f"Moments without an offset are read by the clock of {self.zone.key}")
        notes.say(
            f"Counts are taken to be per {self.minutes} minutes, of mode {self.mode}, both directions together"
        )

    def chunks(self, batches: Iterator[Batch]) -> Iterator[Chunk]:
        """Chunks of at most some hundred thousand counts."""
        step = max(1, _MAX_CELLS // len(self.columns))
        with told_plainly(self.request.path):
            for batch in batches:
                for place in range(0, max(1, len(batch.frame)), step):
                    part = batch.frame.iloc[place : place + step]
                    refusals = Refusals()
                    if place == 0:
                        refusals.add_frame(batch.refused)
                    rows = self._long(part, refusals)
                    yield Chunk(rows, refusals.frame(), batch.done_share)
            self.notes.close()

    def _long(self, part: pd.DataFrame, refusals: Refusals) -> pd.DataFrame:
        start, flags = self._moments(part, refusals)
        values = np.full((len(part), len(self.columns)), np.nan)
        for place, column in enumerate(self.columns):
            values[:, place] = self._column(part[column], start.notna().to_numpy(), refusals)
        rows, places = np.nonzero(~np.isnan(values))
        self.notes.count("{n} empty cells are no rows: a missing count is not zero", values.size - len(rows))
        long = pd.DataFrame(
            {
                "sensor_code": self.codes[places],
                "mode": self.mode,
                "direction": "both",
                "start_at": start.array[rows],
                "minutes": self.minutes,
                "quality_flag": flags[rows],
                "value": values[rows, places],
            },
            index=part.index[rows],
        )
        repeated = long.duplicated(["sensor_code", "start_at"])
        refusals.add_where(
            repeated,
            long["sensor_code"],
            column="start",
            reason="An earlier row has the same moment.",
            remedy="Keep one of the two rows.",
        )
        return conform(long.loc[~repeated], "footfall_count", srid=self.request.srid)

    def _moments(self, part: pd.DataFrame, refusals: Refusals) -> tuple[pd.Series[Any], NDArray[np.int64]]:
        """The instant of each row, NaT where it is refused, and its quality flag."""
        columns = self.matched.columns
        name = columns.get("start_utc") or columns.get("start_local")
        if name:
            given = part[name]
        else:
            hours = text(part[columns["hour"]]) if "hour" in columns else None
            given = dates_and_hours(text(part[columns["date"]]), hours)
        zone = parse_timezone("UTC") if "start_utc" in columns else self.zone
        moments = read_moments(given, zone, month_first=self.style.month_first)
        refusals.add_where(
            moments.utc.isna() & ~moments.is_gap,
            given,
            column=name or columns["date"],
            reason="This is not a moment: the whole row is refused.",
            remedy="Write 2026-03-31T08:00, or 31/03/2026 08:00.",
        )
        self._gap(part, given, moments.is_gap, refusals)
        double = moments.is_double.to_numpy(dtype=bool)
        second = np.zeros(len(part), dtype=bool)
        for place in np.flatnonzero(double):
            word = str(given.iloc[place])
            self.doubles[word] += 1
            second[place] = self.doubles[word] > 1
        told = "{n} rows lie in the hour that the clock showed twice: first come, first hour; quality flag 2"
        self.notes.count(told, int(double.sum()))
        return moments.utc.where(~second, moments.second), np.where(double, DOUBLE_HOUR, 0)

    def _gap(
        self, part: pd.DataFrame, given: pd.Series[Any], is_gap: pd.Series[bool], refusals: Refusals
    ) -> None:
        skipped = part.loc[is_gap.to_numpy(dtype=bool)]
        for column in self.columns if len(skipped) else ():
            counts = parse(skipped[column], _VALUE, self.style)[0].dropna()
            refusals.add(
                counts.index,
                [f"{at}: {value:g}" for at, value in zip(given.loc[counts.index], counts, strict=True)],
                column=str(column),
                reason="The clock skipped this moment when summer time began: nothing can have been counted.",
                remedy="Nothing to do; a clock without summer time, or UTC, has no such hours.",
            )

    def _column(
        self, series: pd.Series[Any], is_timed: NDArray[np.bool_], refusals: Refusals
    ) -> NDArray[np.float64]:
        """The counts of one sensor, NaN where there is none or it is refused."""
        values, bad = parse(series, _VALUE, self.style)
        counts = values.to_numpy(dtype="float64", copy=True)
        with np.errstate(invalid="ignore"):
            negative, absurd = counts < 0, counts * 60 / self.minutes > self.most
        for mask, reason in (
            (bad.to_numpy(dtype=bool), "This is not a number."),
            (negative, "A count cannot be negative."),
            (absurd, f"More than {self.most:,.0f} per hour is more than a counter can see."),
        ):
            told = pd.Series(mask & is_timed, index=series.index)
            refusals.add_where(
                told, series, column=str(series.name), reason=reason, remedy="Correct it, or leave it empty."
            )
        counts[bad.to_numpy(dtype=bool) | negative | absurd | ~is_timed] = np.nan
        return counts
