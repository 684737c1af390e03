"""How many planted faults in real counts are found, how soon, how often the rules cry wolf, and how well gaps are filled.

Eight counters of Leeds (2009-2016) and twelve of Melbourne (2013-2019). Faults are planted into one sensor at a time,
weeks apart, at places where nothing is found in the counts as they came; alarms in the untouched series are counted per
sensor and year, and true faults are among them.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.report import figure, run
from gis.count_checks import night_anomalies, twins
from gis.count_clocks import clock_errors
from gis.count_filling import expected_around
from gis.count_shifts import level_shifts
from gis.counts import OK, REVIEW, VALID_FLAGS, flag_hours, hourly, quality_flags
from tests.gis import leeds, melbourne

LEVELS = {"x 2": 2.0, "x 0.5": 0.5, "x 1.5": 1.5, "x 1.3": 1.3, "x 0.7": 0.7}
LAGS = {"+1 h": 1, "-1 h": -1, "+2 h": 2}
HOURS = {
    "zeros 2 h": 2, "zeros 6 h": 6, "stuck 4 h": 4, "spike x8": 1, "spike x3": 1, "spike 70,000": 1, "5 % for 6 h": 6,
    "50 % for 6 h": 6,
}  # fmt: skip
FAULT_H, EVERY_WEEKS, GAPS_H = 336, 24, (3, 12, 24, 72, 168)
NEVER = 99
DAY = pd.Timedelta(days=1)


def cities(quick):
    """Believed hours per city, clock hours x sensors."""
    if leeds.is_there():
        counts = leeds.counts(first="2013-01-01" if quick else "2009-01-01")
        flags = quality_flags(counts, timezone=leeds.TIMEZONE)
        yield "leeds", hourly(counts.assign(quality_flag=flags), timezone=leeds.TIMEZONE), leeds.TIMEZONE
    if melbourne.is_there():
        counts = melbourne.counts(first="2016-01-01" if quick else "2013-01-01")
        valid = counts[counts["quality_flag"].isin(VALID_FLAGS)]
        longest = valid.groupby("sensor_id").size().nlargest(12).index
        counts = counts[counts["sensor_id"].isin(longest)]
        yield "melbourne", hourly(counts, timezone=melbourne.TIMEZONE), melbourne.TIMEZONE


def places(table, sensor, found, rng):
    """First rows of fortnights to spoil: counted nearly whole, and nothing found there as it is."""
    own = found[found["sensor_id"] == sensor]
    for week in range(20, len(table) // 168 - 4, EVERY_WEEKS):
        row = week * 168 + int(rng.integers(0, 7)) * 24
        day = table.index[row]
        is_near = (own["from_at"] < day + 28 * DAY) & (own["to_at"] > day - 28 * DAY)
        if table[sensor].iloc[row - 8 * 168 : row + FAULT_H].notna().mean() >= 0.9 and not is_near.any():
            yield row


def delays(table, find, spoil, wanted, rng):
    """Days until each planted fortnight is found; `NEVER` when it is not found while it lasts."""
    clean, told = find(table), []
    for sensor in table.columns:
        values, rows = table[sensor].to_numpy(copy=True), list(places(table, sensor, clean, rng))
        for row in rows:
            values[row : row + FAULT_H] = spoil(table[sensor].to_numpy(), row)
        found = find(table.assign(**{str(sensor): values}))
        found = found[
            (found["sensor_id"] == sensor) & (np.sign(found["strength"].map(wanted[0])) == wanted[1])
        ]
        alarms = pd.to_datetime(found["detail"].map(lambda detail: detail["alarm_on"]))
        for row in rows:
            day = table.index[row]
            hits = alarms[(alarms >= day) & (alarms < day + 14 * DAY)]
            told.append((hits.min() - day).days + 1 if len(hits) else NEVER)
    return np.array(told)


def shifted_delays(table, factor, rng):
    """Level shifts."""
    return delays(
        table, level_shifts,
        lambda values, row: np.rint(values[row : row + FAULT_H] * factor), (np.log, np.sign(np.log(factor))), rng,
    )  # fmt: skip


def clock_delays(table, timezone, lag, rng):
    """Clock errors."""
    return delays(
        table, lambda known: clock_errors(known, timezone=timezone),
        lambda values, row: values[row - lag : row + FAULT_H - lag], (float, np.sign(lag)), rng,
    )  # fmt: skip


def hour_recall(values, kind, length, rng):
    """Share of faults in busy hours of which an hour is flagged, and the median hours until then."""
    faulty, spots = values.copy(), []
    for sensor in range(values.shape[1]):
        for week in range(20, len(values) // 168 - 1, 5):
            first = week * 168 + int(rng.integers(0, 6)) * 24 + int(rng.integers(10, 13))
            part = slice(first, first + length)
            own = values[part, sensor]
            if np.isnan(own).any() or own.min() < 20:
                continue
            spoilt = {
                "zer": 0 * own, "stu": np.full(length, own[0]), "5 %": np.rint(own * 0.05), "50 ": np.rint(own * 0.5),
            }  # fmt: skip
            size = {"spike x8": own * 8, "spike x3": own * 3, "spike 70,000": np.full(length, 70_000.0)}
            faulty[part, sensor] = size.get(kind, spoilt.get(kind[:3]))
            spots.append((part, sensor))
    codes = flag_hours(faulty)
    return np.mean([(codes[spot] != OK).any() for spot in spots]), len(spots)


def filling(values, gap_h, rng):
    """WAPE of filled hours, and the median error of the total of a gap."""
    bad, spots = values.copy(), []
    for sensor in range(values.shape[1]):
        row = int(rng.integers(600, 1500))
        while row < len(values) - 900:
            if np.isfinite(values[row : row + gap_h, sensor]).all():
                spots.append((slice(row, row + gap_h), sensor))
                bad[spots[-1]] = np.nan
            row += 1100 + int(rng.integers(0, 400))
    guess = expected_around(bad)
    off, true, totals = 0.0, 0.0, []
    for spot in spots:
        known = np.isfinite(guess[spot])
        off += np.abs(values[spot] - guess[spot])[known].sum()
        true += values[spot][known].sum()
        if known.all() and values[spot].sum() > 0:
            totals.append(abs(guess[spot].sum() / values[spot].sum() - 1))
    return off, true, totals


def told_delays(name, days):
    """Recall while it lasts and within a week, and the median delay."""
    found = days[days != NEVER]
    yield figure(f"{name} within 14 d", (days <= 14).mean(), "share", note=f"{len(days)} faults")
    yield figure(f"{name} within 7 d", (days <= 7).mean(), "share", note=f"median {np.median(found):.0f} d")


def alarms(city, table, timezone):
    """What the rules say of the series as they came, per sensor and year."""
    years = np.isfinite(table.to_numpy()).sum() / 8766
    start = time.process_time()
    shifts, clocks = level_shifts(table), clock_errors(table, timezone=timezone)
    seconds = time.process_time() - start
    for name, found in (
        ("level", shifts), ("clock", clocks), ("night", night_anomalies(table)), ("twin", twins(table)),
    ):  # fmt: skip
        days = ((found["to_at"] - found["from_at"]) / DAY).sum() / (years * 365.25)
        note = f"{len(found)} in {years:.0f} sensor-years, {days:.2%} of the days"
        yield figure(f"quality.alarms {name} {city}", len(found) / years, "per sensor-year", note=note)
    peaks = (flag_hours(table.to_numpy()) == REVIEW).sum()
    yield figure(
        f"quality.alarms spike hours {city}", peaks / years, "per sensor-year", note=f"{peaks} hours"
    )
    yield figure(f"quality.seconds {city}", seconds, "CPU s", note=f"{table.size} hours, levels and clocks")


def measure(quick):
    """All figures; nothing where the real data is not beside the project."""
    pooled = {}
    for city, table, timezone in cities(quick):
        rng = np.random.default_rng(0)
        yield from alarms(city, table, timezone)
        for name, factor in LEVELS.items():
            yield from told_delays(f"quality.level {name} {city}", shifted_delays(table, factor, rng))
        for name, lag in LAGS.items():
            yield from told_delays(f"quality.clock {name} {city}", clock_delays(table, timezone, lag, rng))
        for kind, length in HOURS.items():
            share, n = hour_recall(table.to_numpy(), kind, length, rng)
            yield figure(f"quality.hours {kind} {city}", share, "share", note=f"{n} faults")
        for gap_h in GAPS_H:
            off, true, totals = filling(table.to_numpy(), gap_h, rng)
            before = pooled.get(gap_h, (0.0, 0))
            pooled[gap_h] = (before[0] + off / true, before[1] + 1)
            note = f"total of a gap off by {np.median(totals):.1%} (median of {len(totals)})"
            yield figure(f"quality.fill {gap_h} h {city}", off / true, "WAPE", note=note)
    for gap_h, (total, n) in pooled.items():
        yield figure(f"quality.fill {gap_h} h", total / n, "WAPE", note=f"mean of {n} cities")


if __name__ == "__main__":
    if not leeds.is_there() and not melbourne.is_there():
        print("skipped: neither Leeds nor Melbourne is beside the project")
    run(measure, about=__doc__)
