"""What the hours that miss would have been, and totals that say how much of them was filled."""

import numpy as np
import pandas as pd

from gis.count_base import WEEK_H, Floats

WEEKS_AROUND, MIN_WEEKS = 3, 2
MOST_FILLED = {"hour": 1.0, "day": 0.20, "week": 0.10, "month": 0.10}


def fill_gaps(table: pd.DataFrame) -> pd.DataFrame:
    """Estimate what is missing, from the same hours of the weeks around and from what the others did in that hour.

    Mean of the same hour of the week in the three weeks before and after, times exp(median over the other sensors of
    the log ratio of that hour to their own such mean). Only between the first and the last count of a sensor. For
    totals and for the eye: never to train or to test on.

    Parameters
    ----------
    table
        Believed counts, clock hours x sensors, from a Monday at midnight, as `gis.counts.hourly` gives.

    Returns
    -------
    pandas.DataFrame
        The same hours and sensors: counts where there are any, estimates where there are none; NaN outside the time of
        a sensor and where fewer than two of the six weeks were counted.
    """
    values = table.to_numpy(dtype=float)
    filled = np.where(np.isnan(values), expected_around(values), values)
    for s in range(values.shape[1]):
        counted = np.flatnonzero(np.isfinite(values[:, s]))
        first, last = (counted[0], counted[-1]) if len(counted) else (len(values), 0)
        filled[:first, s] = np.nan
        filled[last + 1 :, s] = np.nan
    return pd.DataFrame(filled, index=table.index, columns=table.columns)


def expected_around(values: Floats) -> Floats:
    """What each hour would be by the weeks around it and by the other sensors, its own count left out.

    Parameters
    ----------
    values
        Counts, shape (hours, sensors), NaN where there is none.

    Returns
    -------
    numpy.ndarray
        Shape (hours, sensors), NaN where fewer than two of the six weeks were counted.
    """
    total, n = np.zeros(values.shape), np.zeros(values.shape, dtype=np.int64)
    for week in range(-WEEKS_AROUND, WEEKS_AROUND + 1):
        step = week * WEEK_H
        if week == 0 or abs(step) >= len(values):
            continue
        to = slice(max(0, -step), len(values) - max(0, step))
        moved = values[max(0, step) : len(values) + min(0, step)]
        total[to] += np.nan_to_num(moved)
        n[to] += np.isfinite(moved)
    mean = np.where(n >= MIN_WEEKS, total / np.maximum(n, 1), np.nan)
    ratio = np.log1p(values) - np.log1p(mean)
    return np.asarray(mean * np.exp(_of_others(ratio)))


def _of_others(ratio: Floats) -> Floats:
    """Median log ratio of the other sensors in the hour; 0 where no other counted."""
    median = np.zeros(ratio.shape)
    for s in range(ratio.shape[1]):
        others = np.delete(ratio, s, axis=1)
        is_known = np.isfinite(others).any(axis=1)
        if is_known.any():
            median[is_known, s] = np.nanmedian(others[is_known], axis=1)
    return median


def filled_totals(table: pd.DataFrame, *, interval: str) -> pd.DataFrame:
    """Add up hours of one sensor, the missing ones filled, and hold back totals that rest too much on filling.

    Parameters
    ----------
    table
        One row per clock hour: ``counted`` (NaN where there is none), ``filled`` (as `fill_gaps` gives) and
        ``is_expected`` (as `gis.count_checks.expected_hours` gives: a camera that sleeps at night misses nothing).
    interval
        hour, day, week (from Monday) or month.

    Returns
    -------
    pandas.DataFrame
        Per interval of the clock: ``value`` (NaN where suppressed), ``n_hours`` (with a count or an estimate),
        ``n_imputed``, ``imputed_share`` (of those), ``reason`` (None, ``too_much_imputed`` over a fifth of a day or a
        tenth of a week or month, ``not_whole`` when an expected hour is neither counted nor can be filled).
    """
    begin = pd.DatetimeIndex(table.index).to_period(
        {"hour": "h", "day": "D", "week": "W", "month": "M"}[interval]
    )
    frame = pd.DataFrame({
        "value": table["filled"], "n_hours": table["filled"].notna(),
        "n_unknown": table["is_expected"] & table["filled"].isna(),
        "n_imputed": table["counted"].isna() & table["filled"].notna(),
    })  # fmt: skip
    sums = frame.groupby(begin.start_time).sum()
    share = sums["n_imputed"] / sums["n_hours"].where(sums["n_hours"] > 0)
    reasons = np.full(len(sums), None, dtype=object)
    reasons[(share > MOST_FILLED[interval]).to_numpy()] = "too_much_imputed"
    reasons[((sums["n_unknown"] > 0) | (sums["n_hours"] == 0)).to_numpy()] = "not_whole"
    reason = pd.Series(reasons, index=sums.index, dtype=object)
    return pd.DataFrame({
        "value": sums["value"].where(reason.isna()), "n_hours": sums["n_hours"].astype(int),
        "n_imputed": sums["n_imputed"].astype(int), "imputed_share": share.fillna(0.0), "reason": reason,
    })  # fmt: skip
