"""What the hours before, and the other sensors, say of an hour of counts."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

WEEK_H = 168
SCALE_WEEKS, MIN_BASE, LEAST_SCALE = 26, 3, 0.2
QUANTILE_DAYS, QUANTILE, MIN_QUANTILE_H = 56, 0.999, 336
Floats = NDArray[np.float64]


@njit(cache=True, nogil=True)
def past_median(table: Floats, t: int, s: int, n_weeks: int, least: int) -> float:
    """Median of the same hour in the weeks before, NaN with fewer than ``least`` values."""
    past, n = np.empty(n_weeks), 0
    for week in range(1, n_weeks + 1):
        before = t - week * WEEK_H
        if before >= 0 and not np.isnan(table[before, s]):
            past[n] = table[before, s]
            n += 1
    return np.median(past[:n]) if n >= least else np.nan


@njit(cache=True, nogil=True)
def set_scale(gap: Floats, t: int, s: int, scale: Floats) -> None:
    """Spread of the log ratio per hour of the week, smoothed over five hours, in the half year before."""
    spread = np.empty(WEEK_H)
    for hour in range(WEEK_H):
        spread[hour] = past_median(gap, t + hour, s, SCALE_WEEKS, MIN_BASE)
    for hour in range(WEEK_H):
        around, n = np.empty(5), 0
        for step in range(-2, 3):
            value = spread[(hour + step) % WEEK_H]
            if not np.isnan(value):
                around[n] = value
                n += 1
        scale[hour, s] = max(LEAST_SCALE, 1.4826 * np.median(around[:n])) if n else LEAST_SCALE


@njit(cache=True, nogil=True)
def highest(clean: Floats, t: int, s: int) -> float:
    """The 99.9 % quantile of the eight weeks before: between the highest three values."""
    first, second, third, n = -1.0, -1.0, -1.0, 0
    for before in range(max(0, t - QUANTILE_DAYS * 24), t):
        value = clean[before, s]
        if np.isnan(value):
            continue
        n += 1
        if value > first:
            first, second, third = value, first, second
        elif value > second:
            second, third = value, second
        elif value > third:
            third = value
    if n < MIN_QUANTILE_H:
        return np.inf
    place = (n - 1) * (1 - QUANTILE)
    if place <= 1:
        return first + place * (second - first)
    return second + (place - 1) * (third - second)


@njit(cache=True, nogil=True)
def median_of_others(z: Floats, s: int) -> float:
    """What the other sensors say of the same hour, NaN when none says anything."""
    others, n = np.empty(len(z)), 0
    for other in range(len(z)):
        if other != s and not np.isnan(z[other]):
            others[n] = z[other]
            n += 1
    return np.median(others[:n]) if n else np.nan


@njit(cache=True, nogil=True)
def median_before(table: Floats, t: int, s: int, n_hours: int) -> float:
    """Median of the hours just before, NaN when nothing is known of any."""
    past, n = np.empty(n_hours), 0
    for before in range(max(0, t - n_hours), t):
        if not np.isnan(table[before, s]):
            past[n] = table[before, s]
            n += 1
    return np.median(past[:n]) if n else np.nan
