"""What a learned forecast looks at: the calendar, and how the weeks before stand to their own past."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.calendar import HOLIDAY
from gis.forecast_base import (
    BASE_WEEKS,
    DAY_H,
    HORIZON_H,
    WEEK_H,
    YEAR_H,
    Base,
    Counted,
    Floats,
    last_weeks,
)
from gis.weather import WEATHER_FEATURES, Season, day_of_year, weather_features

FEATURES = (
    "sensor", "hour", "weekday", "acts_as", "is_holiday", "holiday", "is_before_holiday", "is_after_holiday",
    "school_holiday", "neighbours_off", "is_sales", "is_event", "sin_1", "cos_1", "sin_2", "cos_2",
    "days_to_christmas", "horizon_day", "last_week", "median_8_weeks", "year_ago", "sunday", "ordinary",
    "log_base", "base_to_28_days", "days_7_to_28", "days_28_to_year_ago", "year_ago_movement",
)  # fmt: skip


@dataclass(frozen=True)
class Ahead:
    """The weather of a fortnight as far as it is known, shape (336, 5), and what is usual in its season."""

    weather: Floats
    season: Season | None


def fortnight_features(past: Counted, base: Base, ahead: Ahead | None = None) -> NDArray[np.float32]:
    """Describe every hour of a fortnight at every sensor, from what was known when it began.

    Parameters
    ----------
    past
        Counts; those from the origin of ``base`` on are not looked at.
    base
        The plain forecast of the fortnight.
    ahead
        Its weather, where weather is to be looked at.

    Returns
    -------
    numpy.ndarray
        Shape (336, sensors, features) in the order of ``FEATURES``, then of ``WEATHER_FEATURES`` where weather is looked
        at; NaN where a year ago or the weather is not known.
    """
    hours = base.origin + np.arange(HORIZON_H)
    n_sensors = past.values.shape[1]
    told_of = past.weather if ahead is not None else None
    n_features = len(FEATURES) + (len(WEATHER_FEATURES) if told_of is not None else 0)
    told = np.empty((HORIZON_H, n_sensors, n_features), dtype=np.float32)
    calendar = _calendar(past, hours)
    told[:, :, 0] = np.arange(n_sensors)
    told[:, :, 1 : 1 + len(calendar)] = np.stack(calendar, axis=1)[:, None, :]
    recent = _recent(past, base, hours)
    told[:, :, 1 + len(calendar) : len(FEATURES)] = np.stack(recent, axis=2)
    if ahead is not None and told_of is not None:
        weather = weather_features(
            told_of,
            ahead.weather,
            base.origin,
            season=ahead.season,
            first_day_of_year=day_of_year(past.days),
        )
        told[:, :, len(FEATURES) :] = weather[:, None, :]
    return told


def _calendar(past: Counted, hours: NDArray[np.intp]) -> list[Floats]:
    def daily(name: str) -> Floats:
        return np.asarray(past.day_column(name, hours), dtype=float)

    weekday, is_holiday = daily("weekday"), daily("kind") == HOLIDAY
    school = past.days["school_holiday"].notna().to_numpy()[hours // DAY_H].astype(float)
    # The same holiday has the same number in every table: its name is all that is looked at.
    names = past.day_column("holiday", hours)
    family = np.array([-1.0 if name is None else float(sum(map(ord, str(name))) % 97) for name in names])
    angle = 2 * np.pi * pd.DatetimeIndex(past.days.index).day_of_year.to_numpy()[hours // DAY_H] / 365.25
    return [
        (hours % DAY_H).astype(float),
        weekday,
        np.where(is_holiday, 6.0, weekday),
        is_holiday.astype(float),
        family,
        daily("is_before_holiday"),
        daily("is_after_holiday"),
        school,
        daily("n_neighbours_off"),
        daily("is_sales"),
        past.is_event()[hours].astype(float),
        np.sin(angle),
        np.cos(angle),
        np.sin(2 * angle),
        np.cos(2 * angle),
        daily("days_to_christmas"),
        (np.arange(HORIZON_H) // DAY_H).astype(float),
    ]


def _recent(past: Counted, base: Base, hours: NDArray[np.intp]) -> list[Floats]:
    origin, told = base.origin, base.holiday_aware
    weeks = last_weeks(past, origin)
    sunday = (6 - int(past.days["weekday"].to_numpy()[origin // DAY_H])) % 7 * DAY_H

    def against(values: Floats) -> Floats:
        return np.asarray(np.log((values + 1) / (told + 1)))

    def twice(week: Floats) -> Floats:
        return np.concatenate([week, week])

    month, week = (recent_mean(past, origin, days) for days in (28, 7))
    before, after = (
        recent_mean(past, origin - YEAR_H + shift, days) for shift, days in ((0, 28), (HORIZON_H, 14))
    )
    flat = np.ones((HORIZON_H, 1))
    return [
        against(twice(_latest(weeks))),
        against(twice(_median(weeks))),
        against(year_ago(past, hours)),
        against(base.ordinary[sunday + hours % DAY_H]),
        against(base.ordinary),
        np.log1p(told),
        np.log((told + 1) / (month + 1)),
        flat * np.log((week + 1) / (month + 1)),
        flat * np.log((month + 1) / (before + 1)),
        flat * np.log((after + 1) / (before + 1)),
    ]


def _latest(weeks: Floats) -> Floats:
    place = np.argmax(np.isfinite(weeks), axis=0)
    return np.asarray(np.take_along_axis(weeks, place[None], axis=0)[0])


def _median(weeks: Floats) -> Floats:
    """Median over the weeks, NaN where there is none: sorting puts NaN last."""
    n = np.isfinite(weeks).sum(axis=0)
    ordered = np.sort(weeks, axis=0)
    low, high = np.maximum(n - 1, 0) // 2, np.minimum(n // 2, BASE_WEEKS - 1)
    middle = [np.take_along_axis(ordered, place[None], axis=0)[0] for place in (low, high)]
    return np.asarray((middle[0] + middle[1]) / 2)


def recent_mean(past: Counted, end: int, days: int) -> Floats:
    """Average the passages of an hour in the days before an hour, shape (sensors,); NaN with under half of them."""
    first = max(0, end - days * DAY_H)
    if end <= 0:
        return np.full(past.values.shape[1], np.nan)
    part = past.values[first:end]
    n = np.isfinite(part).sum(axis=0)
    # A sensor that counts by day only never has half of the hours: the hours it counts are its day.
    enough = n >= 0.5 * np.maximum(_usual_hours(past, end, days), DAY_H)
    return np.where(enough, np.nansum(part, axis=0) / np.maximum(n, 1), np.nan)


def _usual_hours(past: Counted, end: int, days: int) -> Floats:
    """Hours that each sensor counts in so many days when it counts as it usually does."""
    seen = np.isfinite(past.values[max(0, end - WEEK_H * BASE_WEEKS) : end])
    by_day = seen[: len(seen) // DAY_H * DAY_H].reshape(-1, DAY_H, seen.shape[1]).sum(axis=1)
    return np.asarray(by_day.max(axis=0, initial=0) * float(days))


def year_ago(past: Counted, hours: NDArray[np.intp]) -> Floats:
    """Average the hours of 51, 52 and 53 weeks before, without holidays and events, NaN where none is known."""
    is_special = past.is_special()
    found = np.full((3, len(hours), past.values.shape[1]), np.nan)
    for place, weeks in enumerate((51, 52, 53)):
        then = hours - weeks * WEEK_H
        is_known = (then >= 0) & (then < len(past.values))
        known = then[is_known]
        part = past.values[known].copy()
        part[is_special[known]] = np.nan
        found[place, is_known] = part
    n = np.isfinite(found).sum(axis=0)
    return np.where(n > 0, np.nansum(found, axis=0) / np.maximum(n, 1), np.nan)


def feature_frame(rows: NDArray[np.float32]) -> pd.DataFrame:
    """Name the columns of features, for a person to look at."""
    names = (*FEATURES, *WEATHER_FEATURES)[: rows.shape[-1]]
    return pd.DataFrame(rows.reshape(-1, len(names)), columns=list(names))
