"""The hours of the counting period, in universal and in local time, with their weather."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.signal import lfilter

from api.demo.days import is_school_holiday, public_holidays

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_WEATHER_SINCE = date(2000, 1, 1)


@dataclass(frozen=True)
class Hours:
    """Every hour from the first local midnight up to the last.

    Attributes
    ----------
    start_at
        Begin of each hour, UTC.
    day
        Number of the local day, from 0, shape (hours,).
    hour
        Local hour of the day, shape (hours,).
    days
        The local dates.
    weekday
        1 = Monday to 7 = Sunday, per day.
    is_holiday, is_school_holiday
        Per day.
    year_phase
        Place in the year, radians, per day.
    temperature_c
        Daily mean temperature, per day.
    rain_share
        How wet the hour is, 0-1, shape (hours,).
    """

    start_at: pd.DatetimeIndex
    day: Ints
    hour: Ints
    days: list[date]
    weekday: Ints
    is_holiday: NDArray[np.bool_]
    is_school_holiday: NDArray[np.bool_]
    year_phase: Floats
    temperature_c: Floats
    rain_share: Floats


@lru_cache(maxsize=4)
def hours(until: date, count_days: int, seed: int) -> Hours:
    """Lay out the counting period; all towns share it, and its weather.

    Parameters
    ----------
    until
        The day after the last one counted.
    count_days
        How many days.
    seed
        Seed of the data set.
    """
    first = until - timedelta(count_days)
    edges = [pd.Timestamp(day).tz_localize("Europe/Brussels").tz_convert("UTC") for day in (first, until)]
    start_at = pd.date_range(edges[0], edges[1], freq="h", inclusive="left").as_unit("us")
    local = start_at.tz_convert("Europe/Brussels").tz_localize(None)
    days = [first + timedelta(i) for i in range(count_days)]
    day = ((local.normalize() - pd.Timestamp(first)) // pd.Timedelta(days=1)).to_numpy().astype(np.int64)
    temperature, rain = _weather(seed, first, count_days)
    return Hours(
        start_at=start_at,
        day=day,
        hour=local.hour.to_numpy().astype(np.int64),
        days=days,
        weekday=np.array([on.isoweekday() for on in days]),
        is_holiday=np.array([on in public_holidays(on.year) for on in days]),
        is_school_holiday=np.array([is_school_holiday(on) for on in days]),
        year_phase=np.array([on.timetuple().tm_yday for on in days]) / 365.25 * 2 * np.pi,
        temperature_c=temperature,
        rain_share=rain[day, local.hour.to_numpy()],
    )


def _weather(seed: int, first: date, count_days: int) -> tuple[Floats, Floats]:
    """Temperature per day and wetness per hour; a day has the same weather whatever the period."""
    total = (first - _WEATHER_SINCE).days + count_days
    # One generator per quantity, filled day by day: a longer period adds days and changes none.
    warm, damp, showers = (np.random.default_rng([seed, 20000, i]) for i in range(3))
    season = np.array([(_WEATHER_SINCE + timedelta(i)).timetuple().tm_yday for i in range(total)]) / 365.25
    noise = lfilter([1.0], [1.0, -0.78], warm.normal(0, 1.9, total))
    temperature = 10.9 - 7.1 * np.cos(2 * np.pi * (season - 0.055)) + noise
    wet = lfilter([1.0], [1.0, -0.55], damp.normal(0, 1.0, total)) > 0.15
    rain = np.zeros((total, 24))
    drawn = showers.random((total, 3, 3))
    begin, length = np.floor(drawn[:, 0] * 24), 1 + np.floor(drawn[:, 1] * 6)
    clock = np.arange(24)
    for shower in range(3):
        under = (clock >= begin[:, [shower]]) & (clock < (begin + length)[:, [shower]])
        rain = np.maximum(rain, under * (0.3 + 0.7 * drawn[:, 2, [shower]]))
    rain *= wet[:, None]
    return temperature[-count_days:], rain[-count_days:]
