"""Days of an event: how busy every day was in the hours that matter, against the same weekday in the weeks before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.errors import FrameError

BASE_WEEKS, LOOK_BACK_WEEKS, MIN_BASE = 4, 9, 2
MIN_HOURS_SHARE, MIN_DAYS_SHARE = 7 / 8, 0.7
# From the week before Christmas to the first working day of the year no week is like the one before.
TURN_OF_YEAR = ((12, 18), (1, 4))
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Days:
    """Passages of whole days in the hours of an event.

    Attributes
    ----------
    index
        The days, every one from the first to the last.
    sensors
        Names of the columns.
    totals
        Passages in those hours, shape (days, sensors); NaN where too few hours were counted.
    is_odd
        Holidays, the turn of the year and days of other events, shape (days, sensors): neither compared with nor
        compared.
    is_event
        The days of other events among them.
    """

    index: pd.DatetimeIndex
    sensors: pd.Index
    totals: Floats
    is_odd: Flags
    is_event: Flags

    def at(self, day: date | pd.Timestamp) -> int:
        """Row of a day; below zero or past the end where it was not counted."""
        return int((pd.Timestamp(day) - self.index[0]).days) if len(self.index) else -1

    def columns(self, sensors: Iterable[object]) -> list[int]:
        """Columns of those sensors that are here."""
        found = self.sensors.get_indexer(pd.Index(list(sensors)))
        return [int(column) for column in found if column >= 0]

    @property
    def logs(self) -> Floats:
        """Natural logarithm of one more than the passages."""
        return np.log1p(self.totals)


def event_days(
    hours: pd.DataFrame,
    *,
    first_hour: int,
    last_hour: int,
    holidays: pd.DatetimeIndex,
    events: pd.DataFrame | None = None,
) -> Days:
    """Add up hours to days.

    Parameters
    ----------
    hours
        Clock hours x sensors as `gis.counts.hourly` lays them out: passages, NaN where not counted.
    first_hour, last_hour
        From this hour of the clock up to but without that one, 0 to 24.
    holidays
        Public holidays; the day before and the day after are no yardstick either.
    events
        Other events: ``first_on`` and ``last_on`` (both included), with ``sensor_id`` where not all are touched.

    Returns
    -------
    Days
        A day counts when seven of every eight of its hours do; the missing one is filled in their proportion.

    Raises
    ------
    FrameError
        When the hours do not lie within one day.
    """
    if not 0 <= first_hour < last_hour <= 24:
        raise FrameError(f"hours {first_hour} to {last_hour} are not within one day")
    n_days = len(hours) // 24
    values = hours.to_numpy(dtype=float)[: n_days * 24].reshape(n_days, 24, hours.shape[1])[
        :, first_hour:last_hour
    ]
    counted = np.isfinite(values).sum(axis=1)
    share = counted / (last_hour - first_hour)
    with np.errstate(invalid="ignore", divide="ignore"):
        totals = np.where(share >= MIN_HOURS_SHARE, np.nansum(values, axis=1) / share, np.nan)
    index = pd.DatetimeIndex(hours.index[: n_days * 24 : 24]).normalize().rename("day")
    is_event = _event_days(index, hours.columns, events)
    return Days(index, hours.columns, totals, is_event | _ill_suited(index, holidays)[:, None], is_event)


def _ill_suited(index: pd.DatetimeIndex, holidays: pd.DatetimeIndex) -> Flags:
    """Holidays with the days around them, and the turn of the year."""
    day = pd.Timedelta(days=1)
    near = holidays.append([holidays - day, holidays + day])
    (from_month, from_day), (to_month, to_day) = TURN_OF_YEAR
    found: Flags = (
        index.isin(near)
        | ((index.month == from_month) & (index.day >= from_day))
        | ((index.month == to_month) & (index.day <= to_day))
    )
    return found


def _event_days(index: pd.DatetimeIndex, sensors: pd.Index, events: pd.DataFrame | None) -> Flags:
    marks = np.zeros((len(index), len(sensors)), dtype=bool)
    if events is None:
        return marks
    columns = {sensor: place for place, sensor in enumerate(sensors)}
    first = index.searchsorted(pd.DatetimeIndex(events["first_on"]), side="left")
    last = index.searchsorted(pd.DatetimeIndex(events["last_on"]), side="right")
    named = events["sensor_id"].tolist() if "sensor_id" in events.columns else [None] * len(events)
    for begin, end, sensor in zip(first, last, named, strict=True):
        if sensor is None:
            marks[begin:end] = True
        elif sensor in columns:
            marks[begin:end, columns[sensor]] = True
    return marks


def usual(days: Days) -> Floats:
    """Mean log of the latest four comparable same weekdays before each day, shape (days, sensors).

    They lie at most nine weeks back; with fewer than two of them there is none.
    """
    logs = np.where(days.is_odd, np.nan, days.logs)
    total, n = np.zeros(logs.shape), np.zeros(logs.shape, dtype=int)
    for week in range(1, LOOK_BACK_WEEKS + 1):
        before = np.full(logs.shape, np.nan)
        before[7 * week :] = logs[: max(0, len(logs) - 7 * week)]
        is_used = np.isfinite(before) & (n < BASE_WEEKS)
        total[is_used] += before[is_used]
        n[is_used] += 1
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(n >= MIN_BASE, total / n, np.nan)


def log_ratios(days: Days, base: Floats, *, length: int, offset: int = 0, with_odd: bool = False) -> Floats:
    """Mean log ratio to the usual of every window of days.

    The usual of a window that begins on day t is that of the weekdays before t, however long the window is.

    Parameters
    ----------
    days
        The days.
    base
        As `usual` gives.
    length
        Days in the window.
    offset
        Days between t and the first of the window: 0 the event itself, its length the day after it.
    with_odd
        Judge holidays too; days of other events never.

    Returns
    -------
    numpy.ndarray
        Shape (days, sensors), at the row of t; NaN where less than 70 % of the days can be compared.
    """
    logs = np.where(days.is_event if with_odd else days.is_odd, np.nan, days.logs)
    n_days = len(logs)
    total, n = np.zeros(logs.shape), np.zeros(logs.shape, dtype=int)
    for step in range(offset, offset + length):
        value, ahead = np.full(logs.shape, np.nan), step % 7
        last = n_days - max(step, ahead)
        if last > 0:
            value[:last] = logs[step : step + last] - base[ahead : ahead + last]
        is_there = np.isfinite(value)
        total[is_there] += value[is_there]
        n[is_there] += 1
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(n >= MIN_DAYS_SHARE * length, total / n, np.nan)
