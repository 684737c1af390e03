"""Two years of hourly counts: rhythm of day and week, season, weather, holidays, market days, events, chance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.demo.days import SUNDAY
from api.demo.events import TownEvent
from api.demo.faults import gaps, spoil
from api.demo.hours import Hours, hours
from api.demo.plan import TownPlan, dice
from api.demo.sensors import Sensor

Floats = NDArray[np.float64]

_DISPERSION = 28.0
"""Size parameter of the negative binomial: variance = mean + mean^2 / 28."""


def _profile(text: str) -> Floats:
    share = np.array([float(part) for part in text.split()])
    normal: Floats = share / share.sum()
    return normal


# Share of a day's passages per hour, 0-23 h, for Monday-Friday, Saturday, Sunday.
_PROFILES = {
    "shopping": (
        _profile(".2 .1 .1 .1 .1 .3 .8 2.2 4.6 6.6 8.2 8.0 7.2 6.8 7.8 8.6 9.0 8.0 5.4 3.2 2.2 1.6 1.1 .6"),
        _profile(".6 .4 .3 .2 .1 .2 .5 1.4 3.6 7.4 10 10 7.4 7.4 9.0 9.6 8.8 6.6 4.4 3.0 2.4 2.0 1.7 1.2"),
        _profile("1.2 .8 .6 .4 .2 .3 .7 2.6 6.4 9.4 10 9.0 7.0 6.0 7.0 8.0 7.6 6.2 4.6 3.4 2.6 2.0 1.3 .8"),
    ),
    "station": (
        _profile(".2 .1 .1 .1 .3 1.6 6.4 12 9.2 3.6 3.2 3.6 4.6 4.0 4.2 6.4 10 11 7.6 4.2 2.6 2.0 1.4 .8"),
        _profile(".8 .5 .3 .2 .3 .8 2.0 3.6 5.0 6.6 7.6 7.6 7.0 7.0 7.4 7.6 7.4 7.0 5.6 4.2 3.2 2.6 2.4 1.6"),
        _profile(
            "1.2 .9 .6 .3 .3 .5 1.2 2.4 4.0 5.8 6.6 6.6 6.6 6.8 7.2 7.6 8.2 8.4 7.2 5.6 4.4 3.4 2.4 1.4"
        ),
    ),
    "sea": (
        _profile(".5 .3 .2 .1 .1 .2 .6 1.6 3.4 5.6 8.0 8.6 7.6 7.6 8.8 9.2 9.0 8.0 6.4 5.4 4.2 2.8 1.6 .9"),
        _profile(".8 .5 .3 .2 .1 .2 .4 1.2 2.8 5.4 8.4 9.2 8.0 8.2 9.6 9.8 9.2 8.0 6.4 5.2 4.0 3.0 1.9 1.2"),
        _profile("1.0 .6 .4 .2 .1 .2 .5 1.4 3.2 6.0 9.0 9.4 8.4 8.4 10 10 9.2 7.6 5.6 4.0 3.0 2.2 1.4 .9"),
    ),
    "traffic": (
        _profile(
            ".5 .3 .2 .2 .4 1.4 3.8 7.4 7.8 5.4 5.0 5.2 5.6 5.4 5.8 7.2 8.6 8.4 6.4 4.8 3.6 2.8 2.0 1.2"
        ),
        _profile(
            "1.2 .8 .5 .3 .3 .6 1.4 2.6 4.4 6.4 7.8 8.0 7.2 6.8 7.0 7.0 6.8 6.4 5.6 4.8 3.8 3.2 2.8 2.0"
        ),
        _profile(
            "1.8 1.2 .8 .5 .4 .5 .9 1.8 3.6 6.2 7.8 8.0 7.0 6.6 7.4 7.8 7.6 7.0 6.0 5.0 4.0 3.2 2.4 1.6"
        ),
    ),
    # A shop is open from ten to six; on a Sunday in the afternoon, when it is open at all.
    "door": (
        _profile("0 0 0 0 0 0 0 0 0 .6 8 11 10 9 12 14 14 12 1 0 0 0 0 0"),
        _profile("0 0 0 0 0 0 0 0 0 .8 11 14 11 11 15 16 13 9 .8 0 0 0 0 0"),
        _profile("0 0 0 0 0 0 0 0 0 0 0 .4 2 14 18 19 16 10 .6 0 0 0 0 0"),
    ),
}
_WEEK = {  # Monday to Sunday, 1 on average
    "shopping": (0.92, 0.94, 1.06, 0.98, 1.12, 1.42, 0.56),
    "station": (1.14, 1.18, 1.16, 1.18, 1.12, 0.68, 0.54),
    "sea": (0.86, 0.84, 0.92, 0.88, 1.02, 1.24, 1.24),
    "traffic": (1.04, 1.06, 1.08, 1.08, 1.12, 0.92, 0.70),
    "door": (0.90, 0.94, 1.04, 0.98, 1.14, 1.72, 0.28),
}

# Of what an event adds in the street, how much is added elsewhere: who comes for a feast enters fewer shops.
LIFT_SHARES = {"station": 0.55, "door": 0.45}


def footfall_counts(
    plan: TownPlan, seed: int, listed: list[Sensor], events: list[TownEvent], *, until: date, count_days: int
) -> Iterator[pd.DataFrame]:
    """Count at every sensor of a town, one frame per sensor.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    listed
        The sensors.
    events
        The events of the town.
    until
        The day after the last one counted.
    count_days
        How many days.
    """
    time = hours(until, count_days, seed)
    town = dice(plan, seed, "days").lognormal(0, 0.07, len(time.days))
    lift = _event_lift(time, events)
    for number, sensor in enumerate(listed):
        rng = dice(plan, seed, f"counts {number}")
        rhythm = _rhythm(plan, sensor, time) * town[time.day] * _own_drift(rng, time)[time.day]
        if sensor.use != "traffic":
            rhythm *= 1 + lift * LIFT_SHARES.get(sensor.use, 1.0)
        yield _rows(rng, sensor, time, rhythm, until)


def _rhythm(plan: TownPlan, sensor: Sensor, time: Hours) -> Floats:
    """Passages per hour as a share of an average day's."""
    as_sunday = (time.weekday == SUNDAY) | time.is_holiday
    kind = np.where(as_sunday, 2, np.where(time.weekday == 6, 1, 0))
    by_hour = np.stack(_PROFILES[sensor.use])[kind[time.day], time.hour]
    by_day = np.array(_WEEK[sensor.use])[np.where(time.is_holiday, SUNDAY, time.weekday) - 1]
    by_day = by_day * _season(plan, sensor, time)
    wet = {"shopping": 0.20, "station": 0.08, "sea": 0.42, "traffic": 0.10, "door": 0.12}[sensor.use]
    rhythm = by_hour * by_day[time.day] * (1 - wet * time.rain_share)
    if sensor.use in ("shopping", "sea"):
        is_market = np.isin(time.weekday, plan.market_weekdays)[time.day]
        morning = (time.hour >= 8) & (time.hour <= 12)
        rhythm *= 1 + is_market * morning * np.where(sensor.use == "sea", 0.55, 0.95)
    return np.asarray(rhythm)


def _season(plan: TownPlan, sensor: Sensor, time: Hours) -> Floats:
    month = np.array([on.month for on in time.days])
    dom = np.array([on.day for on in time.days])
    warm = time.temperature_c - 11.0
    if sensor.use == "traffic":
        bicycle = 0.016 * warm if sensor.modes == ("bike",) else 0.003 * warm
        return np.asarray((1 + bicycle) * np.where(time.is_school_holiday, 0.86, 1.0))
    if sensor.use == "station":
        return np.asarray(np.where(time.is_school_holiday, 0.72, 1.06) * (1 + 0.003 * warm))
    shopping = 1 + 0.24 * np.clip((dom - 1) / 18, 0, 1) * (month == 12) * (dom < 25)
    shopping = shopping + 0.07 * ((month == 7) & (dom < 16)) + 0.05 * ((month == 1) & (dom < 20) & (dom > 2))
    shopping = shopping - 0.06 * (month == 8) - 0.05 * (month == 2)
    shopping = shopping * (1 + 0.008 * warm) * np.where(time.is_school_holiday, 1.05, 1.0)
    coast = 1 - 0.62 * np.cos(time.year_phase - 0.55) + 0.045 * np.clip(warm - 3, 0, 14)
    coast = coast * np.where(time.is_school_holiday, 1.38, 0.94) * np.where(time.is_holiday, 1.45, 1.0)
    french = ((month == 7) & (dom == 14)) | ((month == 5) & (dom == 8))
    if plan.nis_code == "34027":
        shopping = shopping * np.where(french, 1.16, 1.0)
    return np.asarray((1 - plan.coast_season) * shopping + plan.coast_season * np.maximum(coast, 0.25))


def _own_drift(rng: np.random.Generator, time: Hours) -> Floats:
    """Days of a street that no rule explains: a slow wander and a trend of a few per cent a year."""
    steps = np.cumsum(rng.normal(0, 0.006, len(time.days)))
    trend = rng.normal(0.0, 0.03) * np.arange(len(time.days)) / 365.0
    return np.asarray(np.exp(steps - steps.mean() + trend) * rng.lognormal(0, 0.045, len(time.days)))


def _event_lift(time: Hours, events: list[TownEvent]) -> Floats:
    lift = np.zeros(len(time.hour))
    first = pd.Timestamp(time.days[0])
    local = time.day * 24 + time.hour
    for event in events:
        if event.rule or not event.lift:
            continue
        begin, end = (
            (pd.Timestamp(at) - first) // pd.Timedelta(hours=1) for at in (event.starts, event.ends)
        )
        on = (local >= begin) & (local < end)
        if event.kind in ("braderie", "fair", "seasonal", "festival", "action"):
            # Several days: open in the same hours each day.
            opens, closes = event.starts.hour, event.ends.hour or 24
            on &= (time.hour >= opens) & (time.hour < closes)
        lift[on] += event.lift
    return lift


def _rows(rng: np.random.Generator, sensor: Sensor, time: Hours, rhythm: Floats, until: date) -> pd.DataFrame:
    directions = ("a", "b") if sensor.two_way else ("both",)
    inbound = 0.5 + 0.11 * np.cos((time.hour - 10.0) / 24.0 * 2 * np.pi)
    split = np.stack([inbound, 1 - inbound], axis=1) if sensor.two_way else np.ones((len(rhythm), 1))
    mean = np.concatenate([rhythm[:, None] * level * split for level in sensor.per_day], axis=1)
    values = rng.poisson(mean * rng.gamma(_DISPERSION, 1 / _DISPERSION, mean.shape)).astype(float)
    values = spoil(sensor.code, values, time, until)
    arrived = ~gaps(rng, len(rhythm)) & (time.day >= (sensor.active_from - time.days[0]).days)
    uptime = np.full(len(rhythm), np.nan)
    if sensor.instrument == "telraam":
        # It sees by daylight only, and divides what it saw by the share of the hour it saw.
        dark = np.cos(time.year_phase[time.day] + 0.17)
        arrived &= (time.hour >= 6.4 + 1.9 * dark) & (time.hour <= 19.4 - 2.6 * dark)
        uptime = np.round(np.clip(rng.beta(14, 2.2, len(rhythm)), 0.3, 0.99), 4)
        values = (rng.binomial(values.astype(np.int64), uptime[:, None]) / uptime[:, None]).round(3)
    rows = np.flatnonzero(arrived)
    series = [(mode, direction) for mode in sensor.modes for direction in directions]
    n, k = len(rows), len(series)
    return pd.DataFrame(
        {
            "sensor_code": pd.Series(np.repeat(np.array([sensor.code], dtype=object), n * k), dtype="str"),
            "start_at": time.start_at[np.repeat(rows, k)],
            "minutes": 60,
            "mode": pd.Series(np.tile(np.array([mode for mode, _ in series], dtype=object), n), dtype="str"),
            "direction": pd.Series(
                np.tile(np.array([way for _, way in series], dtype=object), n), dtype="str"
            ),
            "value": values[rows].ravel(),
            "uptime": np.repeat(uptime[rows], k),
            "quality_flag": 0,
        }
    )
