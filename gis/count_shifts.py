"""When a sensor begins to count more or less than it did, and the others do not."""

import numpy as np
import pandas as pd
from numba import njit

from gis.count_base import WEEK_H, Floats, episodes, median_first, median_of_others, median_of_rows

FIRST_WEEK, LAST_WEEK, MIN_WEEKS = 2, 8, 3
WINDOW_DAYS, MIN_WINDOW_DAYS = 7, 5
SCALE_DAYS, MIN_SCALE_DAYS = 56, 14
# Standard error of a median of seven is 1.25 sigma / sqrt(7); four of them are hardly chance.
SIGMAS, LEAST_LOG, LEAST_LOG_ALONE = 4.0, 0.25, 0.5
MIN_PER_DAY, MIN_COVERAGE = 20.0, 0.5
SETTLED_DAYS = 28
OPEN = -1


def level_shifts(table: pd.DataFrame) -> pd.DataFrame:
    """Find the days on which a sensor counted at another level than before, while the others did not.

    Every day is held against the same hours of the weeks two to eight before it, and then against what the
    median of the other sensors did. The level of a shift is taken out of what later days are held against, so
    that a shift that lasts stays one finding. Looks back only.

    Parameters
    ----------
    table
        Believed counts, clock hours x sensors, from a Monday at midnight, as `gis.counts.hourly` gives.

    Returns
    -------
    pandas.DataFrame
        As `gis.count_base.episodes`, kind ``level_shift``; times on the clock of the table. ``strength`` is the
        factor (2.0 is twice as many). ``detail``: ``alarm_on`` (day it was certain), ``counted_per_day`` and
        ``usual_per_day`` (at the level of before, what the others did included), ``n_others`` (sensors it was held against), ``threshold`` (factor that would have been
        needed), ``is_ongoing``.
    """
    values = np.ascontiguousarray(table.to_numpy(dtype=float))
    n_days, n_sensors = len(values) // 24, values.shape[1]
    tables, found = np.full((6, n_days, n_sensors), np.nan), np.zeros((n_days * n_sensors // 7 + 1, 6))
    tables[4] = 0.0
    per_day, ratio = np.full((n_days, n_sensors, 2), np.nan), tables[0]
    n = _find(values, per_day, tables, found)
    days = pd.DatetimeIndex(table.index[::24])
    rows = []
    for sensor, first, last, alarm, delta, threshold in found[:n]:
        s, begin, end = int(sensor), int(first), int(last)
        is_open = end == OPEN
        end = _last_counted(ratio[:, s]) if is_open else end
        counted = float(np.nanmean(per_day[begin : end + 1, s, 0]))
        rows.append({
            "sensor_id": table.columns[s],
            "kind": "level_shift",
            "from_at": days[begin],
            "to_at": days[end] + pd.Timedelta(days=1),
            "strength": float(np.exp(delta)),
            "detail": {
                "alarm_on": days[int(alarm)].date().isoformat(),
                "counted_per_day": round(counted, 1),
                "usual_per_day": round(counted / float(np.exp(delta)), 1),
                "n_others": int(np.isfinite(np.delete(ratio[int(alarm)], s)).sum()),
                "threshold": round(float(np.exp(threshold)), 3),
                "is_ongoing": is_open,
            },
        })  # fmt: skip
    return episodes(rows)


def _last_counted(ratio: Floats) -> int:
    return int(np.flatnonzero(np.isfinite(ratio))[-1])


@njit(cache=True, nogil=True)
def _find(values: Floats, per_day: Floats, days: Floats, found: Floats) -> int:
    """Walk through the days, write down what was found, and say how many.

    ``days`` holds, per sensor and day: log ratio to the usual; the same without the shift it lies in; difference with
    the others; the same without the shift; the shift; and the ratio without the shift known the day before.
    """
    ratio, apart, shift, settled = days[0], days[2], days[4], days[5]
    n, n_sensors = 0, ratio.shape[1]
    open_at = np.full(n_sensors, OPEN)
    for d in range(len(ratio)):
        for s in range(n_sensors):
            ratio[d, s] = _day_ratio(values, shift, per_day, d, s)
            settled[d, s] = ratio[d, s] - (found[open_at[s], 4] if open_at[s] != OPEN else 0.0)
        for s in range(n_sensors):
            others = median_of_others(settled, d, s)
            is_alone = np.isnan(others)
            apart[d, s] = ratio[d, s] - (0.0 if is_alone else others)
            if open_at[s] != OPEN and _has_ended(apart, shift, found[open_at[s]], d, s):
                open_at[s] = OPEN
            _settle(days, max(0, d - SETTLED_DAYS), d, s)
            if _has_begun(days, found[n], d, s, is_alone):
                if open_at[s] != OPEN:
                    found[open_at[s], 2] = max(found[open_at[s], 1], found[n, 1] - 1)
                open_at[s] = n
                n += 1
                _settle(days, max(0, d - SETTLED_DAYS), d, s)
    return n


@njit(cache=True, nogil=True)
def _settle(days: Floats, first: int, last: int, s: int) -> None:
    """Take the shift out of the latest days."""
    for d in range(first, last + 1):
        days[1, d, s] = days[0, d, s] - days[4, d, s]
        days[3, d, s] = days[2, d, s] - days[4, d, s]


@njit(cache=True, nogil=True)
def _day_ratio(values: Floats, shift: Floats, per_day: Floats, d: int, s: int) -> float:
    """Log of what a day counted over what the same hours usually do; NaN with too little to go by."""
    counted, expected, whole = 0.0, 0.0, 0.0
    past = np.empty(LAST_WEEK)
    for t in range(d * 24, d * 24 + 24):
        n = 0
        for week in range(FIRST_WEEK, LAST_WEEK + 1):
            before = t - week * WEEK_H
            if before >= 0 and not np.isnan(values[before, s]):
                past[n] = values[before, s] * np.exp(-shift[before // 24, s])
                n += 1
        if n < MIN_WEEKS:
            continue
        base = median_first(past, n)
        whole += base
        if not np.isnan(values[t, s]):
            counted += values[t, s]
            expected += base
    if expected < MIN_PER_DAY or expected < MIN_COVERAGE * whole:
        return np.nan
    per_day[d, s, 0], per_day[d, s, 1] = counted, expected
    ratio: float = np.log((counted + 1) / (expected + 1))
    return ratio


@njit(cache=True, nogil=True)
def _has_begun(days: Floats, row: Floats, d: int, s: int, is_alone: bool) -> bool:
    """Is the week until this day certainly at another level than it was? Then write down from when, and how much."""
    own, apart, rest, shift = days[1], days[2], days[3], days[4]
    first = d - WINDOW_DAYS + 1
    if first < MIN_SCALE_DAYS:
        return False
    change = median_of_rows(rest, s, first, d + 1, MIN_WINDOW_DAYS, np.nan)
    itself = median_of_rows(own, s, first, d + 1, MIN_WINDOW_DAYS, np.nan)
    centre = median_of_rows(rest, s, first - SCALE_DAYS, first, MIN_SCALE_DAYS, np.nan)
    if np.isnan(change) or np.isnan(centre):
        return False
    spread = 1.4826 * median_of_rows(rest, s, first - SCALE_DAYS, first, MIN_SCALE_DAYS, centre)
    least = LEAST_LOG_ALONE if is_alone else LEAST_LOG
    threshold = max(least, SIGMAS * 1.25 * spread / np.sqrt(WINDOW_DAYS))
    # With few sensors the one that stayed as it was looks shifted too: its own level did not move.
    if abs(change) <= threshold or itself * change <= 0 or abs(itself) < 0.5 * abs(change):
        return False
    gain, best, begin = 0.0, 0.0, d
    for u in range(d, max(0, d - 2 * WINDOW_DAYS), -1):
        if not np.isnan(rest[u, s]):
            gain += 2 * change * rest[u, s] - change * change
        if gain > best:
            best, begin = gain, u
    delta = median_of_rows(apart, s, begin, d + 1, 1, np.nan)
    # What came back to the level it had before is no new shift: the end of the last one tells it.
    if abs(delta) < least:
        return False
    row[0], row[1], row[2], row[3], row[4], row[5] = s, begin, OPEN, d, delta, threshold
    _lay(shift, s, begin, d + 1, delta)
    return True


@njit(cache=True, nogil=True)
def _lay(shift: Floats, s: int, first: int, last: int, delta: float) -> None:
    for d in range(first, last):
        shift[d, s] = delta


@njit(cache=True, nogil=True)
def _has_ended(apart: Floats, shift: Floats, row: Floats, d: int, s: int) -> bool:
    """Keep the level of a running shift up to date; say whether the week until this day is back where it was."""
    begin = int(row[1])
    if d - begin < SETTLED_DAYS:
        row[4] = median_of_rows(apart, s, begin, d + 1, 1, np.nan)
        _lay(shift, s, begin, d, row[4])
    delta = row[4]
    shift[d, s] = delta
    level = median_of_rows(apart, s, d - WINDOW_DAYS + 1, d + 1, MIN_WINDOW_DAYS, np.nan)
    if np.isnan(level) or level * delta > 0.5 * delta * delta:
        return False
    best, gain, end = 0.0, 0.0, d
    for u in range(d, max(begin, d - 2 * WINDOW_DAYS), -1):
        if not np.isnan(apart[u, s]):
            gain += delta * delta - 2 * delta * apart[u, s]
        if gain > best:
            best, end = gain, u - 1
    row[2] = end
    if d - begin < SETTLED_DAYS:
        row[4] = median_of_rows(apart, s, begin, end + 1, 1, np.nan)
        _lay(shift, s, begin, end + 1, row[4])
    _lay(shift, s, end + 1, d + 1, 0.0)
    return True
