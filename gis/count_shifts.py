"""When a sensor begins to count more or less than it did, and the others do not."""

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray

from gis.count_base import WEEK_H, Floats, episodes, median_known, median_of_others

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
    ratio, found = np.full((n_days, n_sensors), np.nan), np.zeros((n_days * n_sensors // 7 + 1, 6))
    per_day = np.full((n_days, n_sensors, 2), np.nan)
    n = _find(values, ratio, per_day, found)
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
def _find(values: Floats, ratio: Floats, per_day: Floats, found: Floats) -> int:
    """Walk through the days; fill the log ratio of every day and what was found, and say how many."""
    n_days, n_sensors = ratio.shape
    # Level of the shift a day lies in, log; difference with the others; and the same without the shift.
    shift, apart, rest = np.zeros(ratio.shape), np.full(ratio.shape, np.nan), np.full(ratio.shape, np.nan)
    open_at = np.full(n_sensors, OPEN)
    n = 0
    for d in range(n_days):
        settled = np.full(n_sensors, np.nan)
        for s in range(n_sensors):
            ratio[d, s] = _day_ratio(values, shift, per_day, d, s)
            settled[s] = ratio[d, s] - (found[open_at[s], 4] if open_at[s] != OPEN else 0.0)
        for s in range(n_sensors):
            others = median_of_others(settled, s)
            apart[d, s] = ratio[d, s] - (0.0 if np.isnan(others) else others)
            is_alone = np.isnan(others)
            if open_at[s] != OPEN and _has_ended(apart, rest, shift, found[open_at[s]], d, s):
                open_at[s] = OPEN
            rest[d, s] = apart[d, s] - shift[d, s]
            if _has_begun(ratio, apart, rest, shift, found[n], d, s, is_alone):
                if open_at[s] != OPEN:
                    found[open_at[s], 2] = max(found[open_at[s], 1], found[n, 1] - 1)
                open_at[s] = n
                n += 1
            rest[d, s] = apart[d, s] - shift[d, s]
    return n


@njit(cache=True, nogil=True)
def _day_ratio(  # noqa: PLR0917  numba takes no keywords only
    values: Floats, shift: Floats, per_day: Floats, d: int, s: int
) -> float:
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
        base = np.median(past[:n])
        whole += base
        if not np.isnan(values[t, s]):
            counted += values[t, s]
            expected += base
    if expected < MIN_PER_DAY or expected < MIN_COVERAGE * whole:
        return np.nan
    per_day[d, s, 0], per_day[d, s, 1] = counted, expected
    return np.log((counted + 1) / (expected + 1))


@njit(cache=True, nogil=True)
def _has_begun(  # noqa: PLR0917  numba takes no keywords only
    ratio: Floats, apart: Floats, rest: Floats, shift: Floats, row: Floats, d: int, s: int, is_alone: bool
) -> bool:
    """Is the week until this day certainly at another level than it was? Then write down from when, and how much."""
    first = d - WINDOW_DAYS + 1
    if first < MIN_SCALE_DAYS:
        return False
    change = median_known(rest[first : d + 1, s], MIN_WINDOW_DAYS)
    own = median_known(ratio[first : d + 1, s] - shift[first : d + 1, s], MIN_WINDOW_DAYS)
    past = rest[max(0, first - SCALE_DAYS) : first, s]
    centre = median_known(past, MIN_SCALE_DAYS)
    spread = 1.4826 * median_known(np.abs(past - centre), MIN_SCALE_DAYS)
    if np.isnan(change) or np.isnan(spread):
        return False
    least = LEAST_LOG_ALONE if is_alone else LEAST_LOG
    threshold = max(least, SIGMAS * 1.25 * spread / np.sqrt(WINDOW_DAYS))
    # With few sensors the one that stayed as it was looks shifted too: its own level did not move.
    if abs(change) <= threshold or own * change <= 0 or abs(own) < 0.5 * abs(change):
        return False
    gain, best, begin = 0.0, 0.0, d
    for u in range(d, max(0, d - 2 * WINDOW_DAYS), -1):
        if not np.isnan(rest[u, s]):
            gain += 2 * change * rest[u, s] - change * change
        if gain > best:
            best, begin = gain, u
    delta = median_known(apart[begin : d + 1, s], 1)
    # What came back to the level it had before is no new shift: the end of the last one tells it.
    if abs(delta) < least:
        return False
    row[0], row[1], row[2], row[3], row[4], row[5] = s, begin, OPEN, d, delta, threshold
    shift[begin : d + 1, s] = delta
    for u in range(begin, d + 1):
        rest[u, s] = apart[u, s] - delta
    return True


@njit(cache=True, nogil=True)
def _has_ended(  # noqa: PLR0917  numba takes no keywords only
    apart: Floats, rest: Floats, shift: Floats, row: Floats, d: int, s: int
) -> bool:
    """Keep the level of a running shift up to date; say whether the week until this day is back where it was."""
    begin = int(row[1])
    if d - begin < SETTLED_DAYS:
        row[4] = median_known(apart[begin : d + 1, s], 1)
    delta = row[4]
    shift[begin : d + 1, s] = delta
    level = median_known(apart[d - WINDOW_DAYS + 1 : d + 1, s], MIN_WINDOW_DAYS)
    if np.isnan(level) or level * delta > 0.5 * delta * delta:
        return False
    best, gain, end = 0.0, 0.0, d
    for u in range(d, max(begin, d - 2 * WINDOW_DAYS), -1):
        if not np.isnan(apart[u, s]):
            gain += delta * delta - 2 * delta * apart[u, s]
        if gain > best:
            best, end = gain, u - 1
    row[2] = end
    row[4] = median_known(apart[begin : end + 1, s], 1)
    shift[begin : end + 1, s] = row[4]
    shift[end + 1 : d + 1, s] = 0.0
    for u in range(begin, d):
        rest[u, s] = apart[u, s] - shift[u, s]
    return True
