"""Invented weather for the tests of the forecast: rain by chance, and forecasts of it that fade."""

import numpy as np
import pandas as pd

from gis.calendar import day_table
from gis.forecast_base import Counted, counted
from gis.weather import WEATHER, Issue, Weather

WEEK_H, DAY_H = 168, 24


def sky(n_hours: int, *, seed: int = 0) -> np.ndarray:
    """Hours x 5: days that are wet or dry from 7 to 22 h, a yearly wave of warmth, wind and sun by chance."""
    rng = np.random.default_rng(seed)
    day = np.arange(n_hours) // DAY_H
    n_days = int(day[-1]) + 1
    wet = (rng.random(n_days) < 0.4)[day] & (np.arange(n_hours) % DAY_H >= 7)
    told = np.empty((n_hours, len(WEATHER)))
    told[:, 0] = 11 - 8 * np.cos(2 * np.pi * day / 365.25) + rng.normal(0, 2, n_days)[day]
    told[:, 1] = np.where(wet, 1.0, 0.0)
    told[:, 2] = rng.uniform(5, 30, n_days)[day]
    told[:, 3] = np.where(wet, 0.0, 30.0)
    told[:, 4] = np.where(wet, 95.0, 40.0)
    return told


def rained_on(hours: pd.DataFrame, weather: np.ndarray, effect: float) -> pd.DataFrame:
    """The same counts, of which rain keeps a share at home."""
    return hours.mul(1 - effect * (weather[: len(hours), 1] > 0), axis=0)


def issues(weather: np.ndarray, origins, *, ahead_h: int = 168, wrong: float = 0.0, seed: int = 9) -> tuple:
    """A forecast a week long at every origin; a share of its days is told the other way round."""
    rng = np.random.default_rng(seed)
    found = []
    for origin in origins:
        told = weather[origin : origin + ahead_h].copy()
        flip = (rng.random(ahead_h // DAY_H + 1) < wrong)[np.arange(len(told)) // DAY_H]
        told[flip, 1] = np.where(told[flip, 1] > 0, 0.0, 1.0)
        told[flip, 3:] = np.where(told[flip, 1:2] > 0, [0.0, 95.0], [30.0, 40.0])
        found.append(Issue(origin, origin, told))
    return tuple(found)


def past_with(hours: pd.DataFrame, weather: Weather | None) -> Counted:
    """Counts with their calendar and weather."""
    last = (hours.index[-1] + pd.Timedelta(days=20)).date()
    told = counted(hours, day_table(hours.index[0].date(), last))
    return Counted(told.values, told.sensors, told.days, told.editions, weather)
