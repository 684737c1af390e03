"""What the weeks before say about the fortnight to come: the plain forecasts that every other one must beat."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.calendar import HOLIDAY
from gis.errors import FrameError
from gis.weather import Weather

WEEK_H, DAY_H = 168, 24
HORIZON_H = 336
YEAR_H = 52 * WEEK_H
BASE_WEEKS, BASE_VALUES = 8, 4
# With two values of its own a sensor knows its week better than its likes do (docs/methods/forecast.md).
ENOUGH_VALUES = 2
# A fortnight a year ago says how the season moves; beyond this it was a fault or a closed street.
MOVEMENT_BOUNDS = (0.5, 2.0)
# A season or a year of works is the level of the street, not a day apart.
LONGEST_EVENT_DAYS = 14
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Edition:
    """One time that an event took place: what it is called, its kind, and its hours as places in the table."""

    name: str
    kind: str
    first: int
    end: int


@dataclass(frozen=True)
class Counted:
    """Hours counted by the sensors of one municipality on the clock on the wall, and what every day was.

    Attributes
    ----------
    values
        Passages, shape (hours, sensors), from a midnight on; NaN where an hour was not counted or not valid.
    sensors
        Identifiers, shape (sensors,).
    days
        `gis.calendar.day_table` from the first day of ``values`` to at least a fortnight past its end.
    editions
        Events, in any order.
    weather
        Measured and forecast weather on the same hours; None where nobody supplied it.
    """

    values: Floats
    sensors: pd.Index
    days: pd.DataFrame
    editions: tuple[Edition, ...] = ()
    weather: Weather | None = None

    @property
    def n_days(self) -> int:
        """Whole days in the table."""
        return len(self.values) // DAY_H

    def until(self, hour: int) -> "Counted":
        """Give what was known before an hour; the calendar and the events to come stay known."""
        weather = self.weather.until(hour) if self.weather is not None else None
        return Counted(self.values[:hour], self.sensors, self.days, self.editions, weather)

    def day_column(self, name: str, hours: NDArray[np.intp]) -> NDArray[np.generic]:
        """Give a column of the calendar for hours of the table."""
        return np.asarray(self.days[name].to_numpy()[hours // DAY_H])

    def is_event(self) -> Bools:
        """Mark the hours of every event, shape (hours of ``days``,)."""
        marked = np.zeros(len(self.days) * DAY_H, dtype=bool)
        for edition in self.editions:
            marked[max(edition.first, 0) : max(edition.end, 0)] = True
        return marked

    def is_special(self) -> Bools:
        """Mark the hours that say nothing about an ordinary week: holidays, and days with an event."""
        days = (self.days["kind"].to_numpy() == HOLIDAY) | self.is_event().reshape(-1, DAY_H).any(axis=1)
        return np.asarray(np.repeat(days, DAY_H))


def counted(table: pd.DataFrame, days: pd.DataFrame, events: pd.DataFrame | None = None) -> Counted:
    """Join counts with the calendar and the events.

    Parameters
    ----------
    table
        Clock hours x sensors without a gap in the hours, as `gis.counts.hourly` gives.
    days
        `gis.calendar.day_table` over the same days and a fortnight more.
    events
        ``name``, ``kind``, ``starts`` and ``ends`` on the clock on the wall; longer than a fortnight is left out.

    Raises
    ------
    FrameError
        When the hours do not begin at midnight or the calendar does not cover them.
    """
    hours = pd.DatetimeIndex(table.index)
    if not len(hours):
        raise FrameError("counts: there is no valid hour to forecast from")
    if hours[0].hour != 0 or len(hours) != (hours[-1] - hours[0]) // pd.Timedelta(hours=1) + 1:
        raise FrameError("counts: the hours must begin at midnight and have no gap")
    if days.index[0] != hours[0] or len(days) * DAY_H < len(hours) + HORIZON_H:
        raise FrameError("calendar: it must begin with the counts and end a fortnight after them")
    editions = () if events is None else _editions(events, hours[0], len(days))
    return Counted(table.to_numpy(dtype=float), table.columns, days, editions)


def _editions(events: pd.DataFrame, first: pd.Timestamp, n_days: int) -> tuple[Edition, ...]:
    hour = pd.Timedelta(hours=1)
    found = []
    for name, kind, starts, ends in events[["name", "kind", "starts", "ends"]].itertuples(index=False):
        begin, end = (starts - first) // hour, -((first - ends) // hour)
        is_short = ends - starts <= pd.Timedelta(days=LONGEST_EVENT_DAYS)
        if is_short and end > 0 and begin < n_days * DAY_H:
            found.append(Edition(str(name), str(kind), int(begin), int(end)))
    return tuple(found)


def last_weeks(past: Counted, origin: int, *, is_ordinary_only: bool = True) -> Floats:
    """Lay the weeks before an hour out, the latest first.

    Returns
    -------
    numpy.ndarray
        Shape (8, 168, sensors); place p of a week is p hours after ``origin`` in the weeks to come.
    """
    weeks = np.full((BASE_WEEKS * WEEK_H, past.values.shape[1]), np.nan)
    start = max(0, origin - len(weeks))
    if origin > start:
        part = past.values[start:origin].copy()
        if is_ordinary_only:
            part[past.is_special()[start:origin]] = np.nan
        weeks[len(weeks) - len(part) :] = part
    return weeks.reshape(BASE_WEEKS, WEEK_H, -1)[::-1]


def latest_mean(weeks: Floats) -> tuple[Floats, NDArray[np.int_]]:
    """Average the latest four values of every hour of the week.

    Returns
    -------
    tuple
        The mean, NaN where there is none, and how many values it has, both shape (168, sensors).
    """
    is_used = np.isfinite(weeks)
    is_used &= np.cumsum(is_used, axis=0) <= BASE_VALUES
    n = is_used.sum(axis=0)
    total = np.where(is_used, weeks, 0.0).sum(axis=0)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan), n


def week_profile(past: Counted, origin: int) -> Floats:
    """Say what an ordinary week has at every hour, as known at an hour.

    Where a sensor has fewer than two values of an hour of the week, it borrows the rest from the three sensors whose
    weeks look most like its own, brought to its level.

    Returns
    -------
    numpy.ndarray
        Shape (168, sensors), NaN where neither the sensor nor another knows.
    """
    mean, n = latest_mean(last_weeks(past, origin))
    is_young = (n < ENOUGH_VALUES).any(axis=0) & (n > 0).any(axis=0)
    if mean.shape[1] < 2 or not is_young.any():
        return mean
    full = mean.copy()
    for sensor in np.flatnonzero(is_young):
        lent = _borrowed(mean, n, int(sensor))
        known = np.minimum(n[:, sensor] / ENOUGH_VALUES, 1.0)
        own = np.where(np.isfinite(mean[:, sensor]), mean[:, sensor], 0.0)
        is_lent = np.isfinite(lent)
        blend = known * own + (1 - known) * np.where(is_lent, lent, own)
        # Where a sensor never counts, as an optical one by night, nothing is invented.
        full[:, sensor] = np.where(known > 0, blend, np.nan)
    return full


def _borrowed(mean: Floats, n: NDArray[np.int_], sensor: int) -> Floats:
    """Bring the weeks of the three most similar sensors to the level of this one, shape (168,)."""
    own = np.log1p(mean[:, sensor])
    alike: list[tuple[float, Floats]] = []
    for other in range(mean.shape[1]):
        both = np.isfinite(own) & np.isfinite(mean[:, other])
        is_known = (n[:, other] >= BASE_VALUES).mean() > 0.5
        if other == sensor or not is_known or both.sum() < DAY_H or np.ptp(mean[both, other]) == 0:
            continue
        likeness = np.corrcoef(own[both], np.log1p(mean[both, other]))[0, 1]
        level = mean[both, sensor].sum() / max(mean[both, other].sum(), 1.0)
        if likeness > 0.5:
            alike.append((float(likeness), mean[:, other] * level))
    if not alike:
        return np.full(len(mean), np.nan)
    best = sorted(alike, key=lambda item: -item[0])[:3]
    return np.asarray(np.mean([week for _, week in best], axis=0))


@dataclass(frozen=True)
class Base:
    """Plain forecasts for the fortnight from ``origin``, each shape (336, sensors).

    Attributes
    ----------
    origin
        First hour of the fortnight, as a place in the table; a midnight.
    ordinary
        M4: mean of the last four weeks, whatever the day.
    holiday_aware
        M4H: the same, a holiday as a Sunday, an event as its earlier editions.
    seasonal
        M4HY: M4H moved half as far (the square root) as this fortnight moved a year ago.
    movement
        That movement, shape (sensors,); 1 where no year ago is known.
    """

    origin: int
    ordinary: Floats
    holiday_aware: Floats
    seasonal: Floats
    movement: Floats


def base_forecast(past: Counted, origin: int, lifts: "EventLifts | None" = None) -> Base:
    """Forecast a fortnight from the weeks before it and nothing else.

    Parameters
    ----------
    past
        Counts; those from ``origin`` on are not looked at.
    origin
        Place of the first hour of the fortnight.
    lifts
        What events did, from `event_lifts`; looked up for editions that ended before ``origin``.
    """
    profile = week_profile(past, origin)
    hours = origin + np.arange(HORIZON_H)
    ordinary = np.concatenate([profile, profile])
    # In the week after the origin, the first hour of the Sunday.
    weekday = int(past.days["weekday"].to_numpy()[origin // DAY_H])
    sunday = (6 - weekday) % 7 * DAY_H
    is_holiday = past.day_column("kind", hours) == HOLIDAY
    aware = np.where(is_holiday[:, None], profile[sunday + hours % DAY_H], ordinary)
    if lifts is not None:
        aware = aware * lifts.ratios(origin, past.values.shape[1])
    movement = year_movement(past, origin, profile)
    return Base(origin, ordinary, aware, aware * np.sqrt(movement), movement)


def year_movement(past: Counted, origin: int, profile: Floats) -> Floats:
    """Say how far the fortnight of a year ago moved from the weeks before it, per sensor; 1 where unknown."""
    before = origin - YEAR_H
    flat = np.ones(past.values.shape[1])
    if before < 4 * WEEK_H:
        return flat
    week = latest_mean(last_weeks(past, before))[0]
    then = past.values[before : before + HORIZON_H]
    told = np.concatenate([week, week])
    both = np.isfinite(then) & np.isfinite(told)
    enough = both.mean(axis=0) >= 0.5 * np.isfinite(profile).mean(axis=0)
    seen, expected = (np.where(both, part, 0.0).sum(axis=0) for part in (then, told))
    moved = np.where(enough & (expected > 0), seen / np.maximum(expected, 1.0), 1.0)
    return np.asarray(np.clip(moved, *MOVEMENT_BOUNDS))


def naive_forecast(past: Counted, origin: int) -> Floats:
    """Repeat the last week, or where an hour of it is not valid the last week that has it, shape (336, sensors)."""
    weeks = last_weeks(past, origin, is_ordinary_only=False)
    latest = np.argmax(np.isfinite(weeks), axis=0)
    week = np.take_along_axis(weeks, latest[None], axis=0)[0]
    return np.concatenate([week, week])


@dataclass(frozen=True)
class EventLifts:
    """How many times the ordinary passages each past edition of an event had, per sensor."""

    editions: tuple[Edition, ...]
    log_ratio: Floats

    def ratios(self, origin: int, n_sensors: int) -> Floats:
        """Multiply the fortnight from ``origin`` by what earlier editions did, shape (336, sensors).

        Earlier editions of the same name go before others of the same kind. One edition counts for two thirds, as it
        may have been its weather.
        """
        ratio = np.ones((HORIZON_H, n_sensors))
        for edition in self.editions:
            first, end = max(edition.first - origin, 0), min(edition.end - origin, HORIZON_H)
            if end <= first:
                continue
            ended = [i for i, past in enumerate(self.editions) if past.end <= origin]
            same = [i for i in ended if self.editions[i].name == edition.name]
            alike = same or [i for i in ended if self.editions[i].kind == edition.kind]
            if alike:
                ratio[first:end] = np.exp(self._shrunk(alike))
        return ratio

    def _shrunk(self, places: list[int]) -> Floats:
        told = self.log_ratio[places]
        n = np.isfinite(told).sum(axis=0)
        return np.asarray(np.where(np.isfinite(told), told, 0.0).sum(axis=0) / (n + 0.5))


def event_lifts(past: Counted) -> EventLifts:
    """Measure what every edition that was counted did, against the weeks before it."""
    editions = tuple(sorted(past.editions, key=lambda edition: edition.first))
    log_ratio = np.full((len(editions), past.values.shape[1]), np.nan)
    for place, edition in enumerate(editions):
        origin = edition.first // DAY_H * DAY_H
        hours = np.arange(max(edition.first, 0), min(edition.end, len(past.values)))
        if len(hours) and edition.first >= 0:
            told = week_profile(past, origin)[(hours - origin) % WEEK_H]
            seen = past.values[hours]
            both = np.isfinite(told) & np.isfinite(seen)
            usual = np.where(both, told, 0.0).sum(axis=0)
            came = np.where(both, seen, 0.0).sum(axis=0)
            is_measured = (both.mean(axis=0) >= 0.5) & (usual >= 20)
            log_ratio[place] = np.where(is_measured, np.log((came + 1) / (usual + 1)), np.nan)
    return EventLifts(editions, log_ratio)
