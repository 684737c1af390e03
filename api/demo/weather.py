"""The weather that the counts of the demo were made with, hour by hour, and forecasts of it that fade."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.demo.hours import Hours, hours
from api.demo.town import Order, Town

AHEAD_DAYS = 7
PAST_ISSUES = 26
# Issued the evening before its first day, in time for a forecast that begins at midnight.
ISSUED_BEFORE = pd.Timedelta(hours=7)
_MM = 2.4
_DAY_H = 24
Floats = NDArray[np.float64]


def weather_frame(town: Town) -> pd.DataFrame:
    """Give what was measured over the counting period, and a forecast a week long for every week of half a year.

    All towns have the same weather, as their counts do. A forecast misses the warmth by more every day, and has the
    rain of another day ever more often.

    Parameters
    ----------
    town
        The town.
    """
    order = town.order
    until = order.until + timedelta(AHEAD_DAYS)
    time = hours(until, order.count_days + AHEAD_DAYS, order.seed)
    table = _weather(time, order)
    is_past = time.day < order.count_days
    parts = [table[is_past].assign(issued_at=None)]
    parts += [_issue(table, time, order, weeks) for weeks in range(_issues(order), -1, -1)]
    frame = pd.concat(
        [part.astype({"issued_at": "datetime64[us, UTC]"}) for part in parts], ignore_index=True
    )
    frame.insert(0, "nis_code", town.plan.nis_code)
    return frame


def _issues(order: Order) -> int:
    return min(PAST_ISSUES, order.count_days // AHEAD_DAYS - 1)


def _weather(time: Hours, order: Order) -> pd.DataFrame:
    rng = np.random.default_rng([order.seed, 20001])
    n_days = len(time.days)
    # Drawn from the last day back, so that a longer period adds days and changes none.
    wind = rng.gamma(4.0, 4.0, n_days)[::-1]
    cloud = rng.uniform(15, 85, n_days)[::-1]
    warmth = time.temperature_c[time.day] - 3.4 * np.cos((time.hour - 3) / _DAY_H * 2 * np.pi)
    wet = time.rain_share
    height = np.cos((time.hour - 13) / _DAY_H * 2 * np.pi) - 0.35 * np.cos(time.year_phase[time.day])
    clouds = np.where(wet > 0, 97.0, cloud[time.day])
    sun = np.where(height > 0, 60 * (1 - clouds / 100), 0.0)
    return pd.DataFrame(
        {
            "hour_at": time.start_at,
            "temperature_c": warmth.round(1),
            "precipitation_mm": (_MM * wet).round(1),
            "wind_speed_kmh": (wind[time.day] * (1 + 0.25 * np.cos((time.hour - 14) / 12 * np.pi))).round(1),
            "sunshine_min": sun.round(0),
            "cloud_cover_percent": clouds.round(0),
        }
    )


def _issue(table: pd.DataFrame, time: Hours, order: Order, weeks: int) -> pd.DataFrame:
    """The week from so many weeks ago on, as it was told the evening before."""
    rng = np.random.default_rng([order.seed, 20002, weeks])
    first = order.count_days - AHEAD_DAYS * weeks
    is_meant = (time.day >= first) & (time.day < first + AHEAD_DAYS)
    told = table[is_meant].copy()
    ahead = time.day[is_meant] - first
    off = np.cumsum(rng.normal(0, 0.7, AHEAD_DAYS))
    told["temperature_c"] = (told["temperature_c"] + off[ahead]).round(1)
    is_wrong = (rng.random(AHEAD_DAYS) < 0.04 + 0.05 * np.arange(AHEAD_DAYS))[ahead]
    other = table.loc[is_meant, "precipitation_mm"].to_numpy()[::-1]
    told.loc[is_wrong, "precipitation_mm"] = other[is_wrong]
    begin = table.loc[time.day == first, "hour_at"].iloc[0]
    return told.assign(issued_at=begin - ISSUED_BEFORE)
