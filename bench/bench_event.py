"""Planted effects on real footfall: is the effect of an event found, how sure is it, and how often is there none."""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.report import figure, run
from gis.calendar import day_table, public_holidays
from gis.counts import hourly
from gis.event_answer import ALPHA, half_width
from gis.event_days import Days, event_days, usual
from gis.event_effect import Question, event_effect
from gis.event_forecast import against_forecast, forecast_ratios
from gis.event_parts import pooled_effect
from gis.forecast_base import counted
from tests.gis import event_series

MOST_SENSORS = 12
PLANTED = (0.0, 0.1, 0.2, 0.4)
SCENARIOS = {
    "1 day": (1, None),
    "1 Sunday": (1, 6),
    "Sat+Sun": (2, 5),
    "14 days": (14, None),
    "28 days": (28, None),
    "84 days": (84, None),
}


def planted(days, rows, sensors, effect):
    """The same days with an effect on some of them; everything else is untouched."""
    totals = days.totals.copy()
    totals[np.ix_(rows, sensors)] *= 1 + effect
    return Days(days.index, days.sensors, totals, days.is_odd, days.is_event)


def draws(days, rng, *, length, weekday, n_treated, december):
    """Random event windows on ordinary days with a year before them, and random treated sensors."""
    index = days.index
    odd = days.is_odd[:, 0]
    while True:
        row = int(rng.integers(430, len(index) - length))
        window = range(row, row + length)
        if weekday is not None and index[row].day_of_week != weekday:
            continue
        is_december = (
            index[row].strftime("%m-%d") >= "11-22" and index[row + length - 1].strftime("%m-%d") <= "12-17"
        )
        if december and not (is_december and index[row].year == index[row + length - 1].year):
            continue
        if odd[list(window)].mean() > (0.0 if length < 3 else 0.3):
            continue
        alive = np.flatnonzero(np.isfinite(days.totals[row - 300 : row + length]).mean(axis=0) > 0.8)
        if len(alive) < n_treated + 3:
            continue
        yield row, rng.choice(alive, n_treated, replace=False), alive


def trial(days, base, row, treated, alive, *, length, mode):
    """The log effect of nothing, the interval, and the p value."""
    names = days.sensors
    asked = Question(
        days.index[row], length, tuple(names[treated]), tuple(names[np.setdiff1d(alive, treated)])
    )
    return event_effect(days, asked, base=base, mode=mode, is_season_known=True)


def judged(days, base, *, name, n_treated, n_trials, seed, december=False, mode="controls"):
    """Bias, coverage, false positives, width and power of one scenario."""
    length, weekday = SCENARIOS[name]
    rng = np.random.default_rng(seed)
    found = draws(days, rng, length=length, weekday=weekday, n_treated=n_treated, december=december)
    rows = []
    for _ in range(n_trials):
        row, treated, alive = next(found)
        seen = trial(days, base, row, treated, alive, length=length, mode=mode)
        if seen.reason is not None:
            continue
        rows.append(parts_of(seen))
    return figures_of(pd.DataFrame(rows, columns=["log", "half", "p", "wide"]))


def figures_of(table):
    """Figures of trials in which nothing was planted, and what they would be of effects that are."""
    table = table[np.isfinite(table["log"])]
    told = {
        "n": len(table),
        "mdae": 100 * np.expm1(table["log"]).abs().median(),
        "cov90": (table["log"].abs() <= table["half"]).mean(),
        "fpr5": (table["log"].abs() > table["wide"]).mean(),
        "fpr5_p": (table["p"] <= ALPHA).mean(),
        "half": np.expm1(table["half"].median()),
    }
    for effect in PLANTED:
        shifted = np.exp(table["log"] + np.log1p(effect)) - 1
        told[f"bias{effect:.0%}"] = 100 * (shifted - effect).median() / (1 + effect)
        told[f"mean_bias{effect:.0%}"] = 100 * (table["log"].mean())
        told[f"power{effect:.0%}"] = ((table["log"] + np.log1p(effect)).abs() > table["half"]).mean()
    return told


def pooled(days, base, *, editions, n_trials, seed):
    """The mean of several Sundays, five weeks apart, at one sensor: half width and false positives."""
    rng, rows = np.random.default_rng(seed), []
    found = draws(days, rng, length=1, weekday=6, n_treated=1, december=False)
    while len(rows) < n_trials:
        row, treated, alive = next(found)
        starts = [row - 35 * step for step in range(editions) if row - 35 * step > 400]
        effects = [
            trial(days, base, start, treated, alive, length=1, mode="controls")
            for start in starts
            if not days.is_odd[start, 0]
        ]
        if len(effects) < max(2, editions - 2):
            continue
        seen = pooled_effect(effects)
        if seen.reason is None:
            rows.append((seen.log_effect, seen.half_width))
    table = pd.DataFrame(rows, columns=["log", "half"])
    return {
        "n": len(table),
        "cov90": (table["log"].abs() <= table["half"]).mean(),
        "half": np.expm1(table["half"].median()),
    }


def seconds(city, days, past, *, name, n_dates, seed, december=False):
    """Both estimates of nothing on the same random dates, each sensor and random threes of them in turn."""
    length, weekday = SCENARIOS[name]
    rng, rows = np.random.default_rng(seed), []
    found = draws(days, rng, length=length, weekday=weekday, n_treated=1, december=december)
    base, started = usual(days), time.process_time()
    for _ in range(n_dates):
        row, _, alive = next(found)
        alive = np.sort(rng.permutation(alive)[:MOST_SENSORS])
        whole = Question(days.index[row], length, tuple(days.sensors[alive]))
        ratios = forecast_ratios(days, whole, past, hours=(10, 18))
        threes = [rng.choice(alive, 3, replace=False) for _ in alive]
        for treated in [*alive[:, None], *threes]:
            names = tuple(days.sensors[treated])
            others = tuple(days.sensors[np.setdiff1d(alive, treated)])
            asked = Question(days.index[row], length, names, others)
            first = event_effect(days, asked, base=base, mode="controls")
            second = against_forecast(asked, ratios, mode="controls")
            alone = against_forecast(asked, ratios, mode="own_weeks")
            rows += [
                (len(treated), which, *parts_of(seen))
                for which, seen in (("first", first), ("second", second), ("forecast alone", alone))
                if first.reason is None and second.reason is None
            ]
    table = pd.DataFrame(rows, columns=["n", "which", "log", "half", "p", "wide"])
    each = (time.process_time() - started) / n_dates
    for (n_treated, which), part in table.groupby(["n", "which"]):
        told = figures_of(part)
        yield from rows_of(f"{city}, {n_treated} sensor(s), {name}, {which}", told, None)
        yield figure(f"event.median_error {city}, {n_treated} sensor(s), {name}, {which}", told["mdae"], "%")
    yield figure(f"event.forecast_seconds {city}, {name}", each, "s", note=f"{n_dates} dates")


def parts_of(seen):
    """What is kept of an effect."""
    wide, _ = half_width(seen.placebos.to_numpy(), seen.n_effective, 1 - ALPHA)
    return seen.log_effect, seen.half_width, seen.p_value, wide


def is_planting_the_same(days, base):
    """Planting an effect in the counts moves the estimate by exactly that effect: one trial through the whole way."""
    rng = np.random.default_rng(5)
    row, treated, alive = next(draws(days, rng, length=14, weekday=None, n_treated=1, december=False))
    before = trial(days, base, row, treated, alive, length=14, mode="controls")
    changed = planted(days, list(range(row, row + 14)), treated, 0.2)
    after = trial(changed, usual(changed), row, treated, alive, length=14, mode="controls")
    return (
        abs(after.log_effect - before.log_effect - np.log(1.2)) < 0.002
        and after.half_width == before.half_width
    )


def city_days(name, *, first, last):
    """Opening-hour totals of one city with its holidays marked, and its hours with their calendar."""
    counts = event_series.counts(name, first=first, last=last)
    table = hourly(counts, timezone=event_series.TIMEZONE[name])
    holidays = public_holidays(
        table.index[0].date(), table.index[-1].date(), country=event_series.COUNTRY[name]
    )
    days = event_days(table, first_hour=10, last_hour=18, holidays=pd.DatetimeIndex(holidays.index))
    until = (table.index[-1] + pd.Timedelta(days=20)).date()
    calendar = day_table(table.index[0].date(), until, country=event_series.COUNTRY[name])
    return days, counted(table, calendar)


def measure(quick):
    """All figures; the cities are skipped where their data are not beside the project."""
    n_trials = 60 if quick else 600
    for city, (first, last) in {
        "leeds": ("2010-01-01", "2016-12-31"),
        "melbourne": ("2013-01-01", "2019-12-31"),
    }.items():
        if not event_series.is_there(city):
            print(f"skipped {city}: its open data are not beside the project")
            continue
        days, past = city_days(city, first=first, last=last)
        base = usual(days)
        for seed, name in enumerate(("1 day", "1 Sunday", "14 days")):
            yield from seconds(city, days, past, name=name, n_dates=10 if quick else 60, seed=seed)
        yield figure(f"event.planted_is_found {city}", float(is_planting_the_same(days, base)), "yes/no")
        for n_treated in (1, 3):
            for seed, name in enumerate(SCENARIOS):
                start = time.process_time()
                told = judged(days, base, name=name, n_treated=n_treated, n_trials=n_trials, seed=seed)
                yield from rows_of(f"{city}, {n_treated} sensor(s), {name}", told, start)
        for editions in (2, 4, 8):
            told = pooled(days, base, editions=editions, n_trials=n_trials // 2, seed=3)
            print(
                f"{city}, {editions} Sundays together",
                {k: round(float(v), 3) for k, v in told.items()},
                flush=True,
            )
            yield figure(f"event.pooled_half_width {city}, {editions} Sundays", told["half"], "share")
            yield figure(f"event.pooled_coverage_90 {city}, {editions} Sundays", told["cov90"], "share")
        for mode in ("controls", "own_weeks", "last_year"):
            for name in ("1 day", "1 Sunday", "14 days"):
                told = judged(
                    days,
                    base,
                    name=name,
                    n_treated=1,
                    n_trials=n_trials // 2,
                    seed=9,
                    december=True,
                    mode=mode,
                )
                yield from rows_of(f"{city}, December, {mode}, {name}", told, None)


def rows_of(name, told, start):
    """Print a scenario on a line and give its figures."""
    print(name, {key: round(float(value), 3) for key, value in told.items()}, flush=True)
    note = f"{told['n']} trials"
    if start is not None:
        note += f", {1000 * (time.process_time() - start) / max(told['n'], 1):.1f} ms each"
    yield figure(f"event.bias {name}", told["mean_bias0%"], "%", note=note)
    yield figure(f"event.coverage_90 {name}", told["cov90"], "share", note=note)
    yield figure(f"event.false_positive_5 {name}", told["fpr5"], "share", note=note)
    yield figure(f"event.half_width {name}", told["half"], "share", note=note)


if __name__ == "__main__":
    run(measure, about=__doc__)
