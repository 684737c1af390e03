"""Invented counts for the tests of the forecast: a week of which everything is known."""

import numpy as np
import pandas as pd

from gis.calendar import day_table
from gis.forecast_base import Counted, counted

FIRST = pd.Timestamp("2024-01-01")
HOURS = np.arange(24)
DAY = np.where((HOURS >= 8) & (HOURS < 20), 100.0, 4.0)
WEEKDAYS = np.array([1.0, 1.0, 1.2, 1.0, 1.3, 1.8, 0.4])


def table(
    *, weeks: int, levels=(1.0, 3.0), noise: float = 0.0, seed: int = 0, holidays: float = 1.0
) -> pd.DataFrame:
    """Hours x sensors: the same week at several levels, with noise, and holidays as Sundays times a factor."""
    index = pd.date_range(FIRST, periods=weeks * 168, freq="h")
    days = day_table(index[0].date(), index[-1].date())
    weekday = np.where(days["is_holiday"], 6, days["weekday"])
    factor = WEEKDAYS[weekday] * np.where(days["is_holiday"], holidays, 1.0)
    week = np.repeat(factor, 24) * np.tile(DAY, len(days))
    values = week[:, None] * np.array(levels)
    if noise:
        values = values * np.random.default_rng(seed).lognormal(0, noise, values.shape)
        values = np.rint(values)
    return pd.DataFrame(values, index=index, columns=list(range(1, len(levels) + 1)))


def past(hours: pd.DataFrame, events: pd.DataFrame | None = None) -> Counted:
    """The same with its calendar."""
    last = (hours.index[-1] + pd.Timedelta(days=20)).date()
    return counted(hours, day_table(hours.index[0].date(), last), events)


def event(name: str, starts: str, ends: str, kind: str = "festival") -> dict:
    """A row of events."""
    return {"name": name, "kind": kind, "starts": pd.Timestamp(starts), "ends": pd.Timestamp(ends)}
