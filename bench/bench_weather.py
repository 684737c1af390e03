"""What weather adds to the forecast of footfall: on counts with a known effect, and how Kortrijk's counts follow it.

Simulated: two years of four sensors whose passers-by stay home when it rains, forecasts of the weather that are right or
wrong now and then, eight fortnights forecast with weather and without. Real: eleven weeks of two counters in Kortrijk
beside the weather of an archive; too short to forecast with weather, so only how what the weeks before miss goes with
rain and warmth.
"""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1]))
import numpy as np
import pandas as pd

from bench.report import figure, run
from gis.calendar import day_table
from gis.forecast import forecast
from gis.forecast_base import DAY_H, HORIZON_H, WEEK_H, Counted, base_forecast, counted
from gis.weather import Issue, Weather

DATA = Path(__file__).parents[2] / "shared" / "data" / "flanders" / "telraam_kortrijk"
WEEKS, FIRST = 110, pd.Timestamp("2024-01-01")
EFFECT = 0.25
DAYTIME = (10, 18)
DRAWS = 2000


def sky(rng, n_hours):
    """Showers by day, a yearly wave of warmth with days that last, wind by chance; hours x 5."""
    n_days = n_hours // DAY_H
    day = np.arange(n_hours) // DAY_H
    wet = rng.random(n_days) < 0.45
    showers = wet[day] & (rng.random(n_hours) < 0.55)
    told = np.full((n_hours, 5), np.nan)
    told[:, 0] = 11 - 7 * np.cos(2 * np.pi * day / 365.25) + rng.normal(0, 3, n_days)[day]
    told[:, 1] = np.where(showers, rng.gamma(1.5, 0.8, n_hours), 0.0)
    told[:, 2] = rng.gamma(4, 4, n_days)[day]
    return told


def simulated(rng, wrong):
    """Counts, and the weather with a forecast of a week for every week of the last year."""
    n_hours = WEEKS * WEEK_H
    index = pd.date_range(FIRST, periods=n_hours, freq="h")
    weather = sky(rng, n_hours)
    hour = np.arange(n_hours) % DAY_H
    shape = np.where((hour >= 8) & (hour < 20), 300.0, 15.0)
    weekday = np.array([1, 1, 1.2, 1, 1.3, 1.8, 0.5])[index.dayofweek]
    rain = 1 - EFFECT * (weather[:, 1] > 0) * (hour >= 7)
    warm = np.exp(0.012 * (weather[:, 0] - 11))
    drift = np.exp(np.cumsum(rng.normal(0, 0.01, WEEKS * 7)))[np.arange(n_hours) // DAY_H]
    mean = (shape * weekday * rain * warm * drift)[:, None] * np.array([1.0, 0.6, 2.0, 1.4])
    values = rng.poisson(mean * rng.gamma(28, 1 / 28, mean.shape)).astype(float)
    issues = []
    for weeks in range(52, -1, -1):
        origin = n_hours - HORIZON_H - weeks * WEEK_H
        told = weather[origin : origin + WEEK_H].copy()
        is_wrong = (rng.random(7) < wrong)[np.arange(WEEK_H) // DAY_H]
        told[is_wrong, 1] = weather[rng.integers(0, n_hours - WEEK_H) :][:WEEK_H][is_wrong, 1]
        told[:, 0] += np.cumsum(rng.normal(0, 0.7, 7))[np.arange(WEEK_H) // DAY_H]
        issues.append(Issue(origin, origin, told))
    days = day_table(index[0].date(), (index[-1] + pd.Timedelta(days=20)).date())
    past = counted(pd.DataFrame(values, index=index), days)
    return past, Weather(weather, tuple(issues))


def with_weather(past, weather):
    """The same counts with weather beside them, or without."""
    return Counted(past.values, past.sensors, past.days, past.editions, weather)


def gains(quick):
    """WAPE with and without, and how often the 80 % band holds, over hours whose weather was known."""
    for wrong in (0.0, 0.2, 0.5):
        for is_learning in (False, True):
            yield from _gain(wrong, is_learning=is_learning, n=2 if quick else 8)


def _gain(wrong, *, is_learning, n):
    past, weather = simulated(np.random.default_rng(7), wrong)
    last = past.n_days * DAY_H - HORIZON_H
    missed, held, used, seconds = np.zeros(3), [], 0, [0.0, 0.0]
    for k in range(n):
        origin = last - 2 * k * WEEK_H
        truth = past.values[origin : origin + WEEK_H]
        for place, each in enumerate((None, weather)):
            started = time.process_time()
            told = forecast(with_weather(past, each), origin, is_learning=is_learning)
            seconds[place] += time.process_time() - started
            missed[place] += np.abs(told.expected[:WEEK_H] - truth).sum()
        used += bool(told.weather and told.weather.is_used)
        quantiles = told.quantiles[:WEEK_H]
        held.append(((truth >= quantiles[:, :, 1]) & (truth <= quantiles[:, :, 5])).mean())
        missed[2] += truth.sum()
    name = f"{'learned' if is_learning else 'plain'}.wrong_{wrong:.0%}"
    yield figure(f"{name}.wape_without", missed[0] / missed[2], "share")
    yield figure(f"{name}.wape_with", missed[1] / missed[2], "share", note=f"used {used} of {n}")
    yield figure(f"{name}.in_80", float(np.mean(held)), "share")
    yield figure(f"{name}.extra_s", (seconds[1] - seconds[0]) / n, "s CPU")


def telraam(name):
    """Pedestrians by the hour (UTC) where the window saw more than half of it."""
    raw = pd.read_csv(DATA / f"{name}_per-hour.csv")
    at = pd.to_datetime(raw["date"], utc=True).dt.tz_convert("Europe/Brussels").dt.tz_localize(None)
    kept = raw.assign(at=at)[raw["uptime"] > 0.5].drop_duplicates("at").set_index("at")["pedestrian"]
    return kept.astype(float)


def kortrijk():
    """Days: log of passages over the weeks before, beside rain and warmth of the same hours."""
    names = ("graaf_karel_de_goedelaan", "sintmartenslatemlaan")
    table = pd.concat({name: telraam(name) for name in names}, axis=1)
    hours = pd.date_range(table.index[0].normalize(), table.index[-1], freq="h")
    table = table.reindex(hours)
    last = (hours[-1] + pd.Timedelta(days=20)).date()
    past = counted(table, day_table(hours[0].date(), last))
    rows = []
    for origin in range(2 * WEEK_H, len(hours), WEEK_H):
        told = base_forecast(past, origin).holiday_aware[:WEEK_H]
        truth = past.values[origin : origin + WEEK_H]
        told = told[: len(truth)]
        hour = np.arange(len(truth)) % DAY_H
        is_used = (
            np.isfinite(truth) & np.isfinite(told) & ((hour >= DAYTIME[0]) & (hour < DAYTIME[1]))[:, None]
        )
        is_used &= ~past.is_special()[origin : origin + len(truth), None]
        for day in range(len(truth) // DAY_H):
            part = slice(day * DAY_H, (day + 1) * DAY_H)
            kept = is_used[part]
            if kept.sum() < 6:
                continue
            came, expected = truth[part][kept].sum(), told[part][kept].sum()
            if expected > 0:
                rows.append((hours[origin] + pd.Timedelta(days=day), np.log((came + 1) / (expected + 1))))
    days = pd.DataFrame(rows, columns=["on", "missed"]).set_index("on")
    weather = pd.read_csv(DATA / "weather_kortrijk.csv", parse_dates=["date"])
    inside = weather[weather["date"].dt.hour.between(DAYTIME[0], DAYTIME[1] - 1)]
    by_day = inside.groupby(inside["date"].dt.normalize()).agg(
        rain=("precipitation_mm", "sum"), warmth=("temperature_c", "mean"), sun=("sunshine_duration_s", "sum")
    )
    return days.join(by_day, how="inner").dropna()


def correlations():
    """Rank correlation of what was missed with the weather, with a 95 % interval from weeks drawn again."""
    days = kortrijk()
    week = ((days.index - days.index[0]) // pd.Timedelta(days=7)).to_numpy()
    rng = np.random.default_rng(1)
    for name in ("rain", "warmth", "sun"):
        drawn = []
        for _ in range(DRAWS):
            chosen = rng.choice(np.unique(week), len(np.unique(week)))
            rows = np.concatenate([np.flatnonzero(week == each) for each in chosen])
            part = days.iloc[rows]
            if part[name].nunique() > 1:
                drawn.append(part["missed"].corr(part[name], method="spearman"))
        low, high = np.quantile(drawn, [0.025, 0.975])
        value = days["missed"].corr(days[name], method="spearman")
        yield figure(
            f"kortrijk.{name}_correlation",
            value,
            "rank",
            note=f"95 % {low:.2f} to {high:.2f}, n = {len(days)} days of {len(np.unique(week))} weeks",
        )


def measure(quick):
    """All figures."""
    if DATA.exists():
        yield from correlations()
    else:
        print("kortrijk skipped: its counts are not beside the project (../shared/data)")
    yield from gains(quick)


if __name__ == "__main__":
    run(measure, about=__doc__)
