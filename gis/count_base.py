"""What the same hour usually counts: the base against which weeks and days of counts are held."""

from typing import Any

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray

WEEK_H = 168
Floats = NDArray[np.float64]
EPISODE = ("sensor_id", "kind", "from_at", "to_at", "strength", "detail")
Told = list[dict[str, Any]]


def episodes(rows: Told) -> pd.DataFrame:
    """Lay findings out as a frame, one row per finding, in order of time.

    Parameters
    ----------
    rows
        Each with ``sensor_id``, ``kind``, ``from_at`` and ``to_at`` (first instant, and the one after the
        last), ``strength`` (number, its meaning is the kind's) and ``detail`` (what it rests on, in numbers).
    """
    frame = pd.DataFrame(rows, columns=list(EPISODE))
    if not rows:
        frame = frame.astype({"from_at": "datetime64[ns]", "to_at": "datetime64[ns]", "strength": float})
    return frame.sort_values(["from_at", "sensor_id"], kind="stable").reset_index(drop=True)


def usual(values: Floats, *, first_week: int = 1, last_week: int = 8, least: int = 3) -> Floats:
    """Median of the same hour of the week in the weeks before.

    Parameters
    ----------
    values
        Counts, shape (hours, sensors), NaN where there is none; begins on a Monday at midnight.
    first_week, last_week
        How many weeks back the nearest and the farthest value lie.
    least
        Values below which there is no median.

    Returns
    -------
    numpy.ndarray
        Shape (hours, sensors); NaN where fewer than ``least`` weeks were counted.
    """
    table = np.ascontiguousarray(values, dtype=float)
    found = np.full(table.shape, np.nan)
    _fill_usual(table, found, first_week, last_week, least)
    return found


@njit(cache=True, nogil=True)
def median_first(values: Floats, n: int) -> float:
    """Median of the first ``n`` values, which it puts in order; NaN of none.

    NumPy's own median takes seconds to compile, and these are never more than some dozens.
    """
    for i in range(1, n):
        value, place = values[i], i
        while place > 0 and values[place - 1] > value:
            values[place] = values[place - 1]
            place -= 1
        values[place] = value
    if n == 0:
        return np.nan
    middle = n // 2
    median: float = values[middle] if n % 2 else 0.5 * (values[middle - 1] + values[middle])
    return median


@njit(cache=True, nogil=True)
def _fill_usual(values: Floats, found: Floats, first_week: int, last_week: int, least: int) -> None:
    past = np.empty(last_week)
    for s in range(values.shape[1]):
        for t in range(len(values)):
            n = 0
            for week in range(first_week, last_week + 1):
                before = t - week * WEEK_H
                if before >= 0 and not np.isnan(values[before, s]):
                    past[n] = values[before, s]
                    n += 1
            if n >= least:
                found[t, s] = median_first(past, n)


@njit(cache=True, nogil=True)
def median_of_others(table: Floats, row: int, s: int) -> float:
    """Median over all sensors but one in a row of ``table`` (rows, sensors); NaN where no other counted."""
    others, n = np.empty(table.shape[1]), 0
    for other in range(table.shape[1]):
        if other != s and not np.isnan(table[row, other]):
            others[n] = table[row, other]
            n += 1
    return median_first(others, n)


@njit(cache=True, nogil=True)
def median_of_rows(  # noqa: PLR0917  numba takes no keywords only
    table: Floats, s: int, first: int, last: int, least: int, centre: float
) -> float:
    """Median of one sensor over rows ``first`` to ``last``; NaN with fewer than ``least`` values.

    With a ``centre`` that is not NaN, median of how far the values are from it.
    """
    known, n = np.empty(max(1, last - first)), 0
    for row in range(max(0, first), last):
        value = table[row, s]
        if not np.isnan(value):
            known[n] = value if np.isnan(centre) else abs(value - centre)
            n += 1
    return median_first(known, n) if n >= least else np.nan
