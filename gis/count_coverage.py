"""How much of what sensors should have counted can be believed, and what a finding looks like beside the usual."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.count_base import WEEK_H, Floats
from gis.count_checks import expected_hours
from gis.count_filling import expected_around
from gis.count_findings import REVIEW_KINDS
from gis.counts import OK, hourly

BASE_WEEKS = 8


def hour_shares(counts: pd.DataFrame, findings: pd.DataFrame, *, timezone: str) -> pd.DataFrame:
    """Divide the hours in which each sensor should have counted by what became of them.

    Parameters
    ----------
    counts
        ``sensor_id``, ``start_at`` (UTC), ``minutes``, ``value`` and ``quality_flag``: a row per sensor and hour.
    findings
        ``sensor_id``, ``kind``, ``from_at``, ``to_at`` and ``state``.
    timezone
        Zone of the clock on the wall.

    Returns
    -------
    pandas.DataFrame
        Per sensor: ``n_expected`` (hours) and how many of them are ``n_valid`` (believed), ``n_in_doubt`` (counted, but
        in a finding that nobody decided on), ``n_left_out`` (counted, and not believed), ``n_missing`` (never arrived);
        and of the last two ``n_fillable`` (can be estimated from the weeks around). The first four add up.
    """
    arrived = hourly(counts.assign(quality_flag=OK), timezone=timezone)
    if not len(arrived):
        names = ["n_expected", "n_valid", "n_in_doubt", "n_left_out", "n_missing", "n_fillable"]
        return pd.DataFrame(0, index=arrived.columns, columns=names)
    believed = hourly(counts, timezone=timezone).reindex(index=arrived.index, columns=arrived.columns)
    is_there, is_believed = arrived.notna().to_numpy(), believed.notna().to_numpy()
    is_expected = expected_hours(arrived) | is_there
    doubted = _in_doubt(arrived, findings, timezone) & is_believed
    is_fillable = is_expected & ~is_believed & np.isfinite(expected_around(believed.to_numpy(dtype=float)))
    return pd.DataFrame({
        "n_expected": is_expected.sum(axis=0),
        "n_valid": (is_believed & ~doubted).sum(axis=0),
        "n_in_doubt": doubted.sum(axis=0),
        "n_left_out": (is_there & ~is_believed).sum(axis=0),
        "n_missing": (is_expected & ~is_there).sum(axis=0),
        "n_fillable": is_fillable.sum(axis=0),
    }, index=arrived.columns)  # fmt: skip


def _in_doubt(table: pd.DataFrame, findings: pd.DataFrame, timezone: str) -> NDArray[np.bool_]:
    """Mark the hours of findings that wait for a person, on the table of clock hours."""
    doubted = np.zeros(table.shape, dtype=bool)
    waiting = findings[(findings["state"] == "open") & findings["kind"].isin(list(REVIEW_KINDS))]
    for one in waiting.to_dict("records"):
        if one["sensor_id"] in table.columns:
            begin, end = (_on_clock(one[at], timezone) for at in ("from_at", "to_at"))
            rows = (table.index >= begin) & (table.index < end)
            doubted[rows, table.columns.get_loc(one["sensor_id"])] = True
    return doubted


def _on_clock(moment: pd.Timestamp, timezone: str) -> pd.Timestamp:
    return moment.tz_convert(timezone).tz_localize(None)


def usual_beside(table: pd.DataFrame, sensor: object, *, before: pd.Timestamp) -> pd.Series:
    """What a sensor would count in every hour, by its weeks before some moment and by what the others do each day.

    Parameters
    ----------
    table
        Counts, clock hours x sensors, from a Monday at midnight.
    sensor
        The sensor, a column of it.
    before
        The moment on the clock of the table: only the eight weeks before it say what is usual.

    Returns
    -------
    pandas.Series
        On the index of the table; NaN where fewer than two of those weeks were counted.
    """
    values = table.to_numpy(dtype=float)
    row = int(table.index.searchsorted(before.floor("D")))
    weeks = np.arange(1, BASE_WEEKS + 1)
    of_week = np.full((WEEK_H, values.shape[1]), np.nan)
    for hour in range(WEEK_H):
        last = row - WEEK_H + (hour - row) % WEEK_H
        places = last - (weeks - 1) * WEEK_H
        past = values[places[places >= 0]]
        known = np.isfinite(past).sum(axis=0) >= 2
        if known.any():
            of_week[hour, known] = np.nanmedian(past[:, known], axis=0)
    base = of_week[np.arange(len(values)) % WEEK_H]
    s = int(table.columns.get_indexer(pd.Index([sensor]))[0])
    return pd.Series(base[:, s] * np.exp(_day_change(values, base, s)), index=table.index)


def _day_change(values: Floats, base: Floats, s: int) -> Floats:
    """Median over the other sensors of the log ratio of each day to their base, on every hour; 0 without others."""
    both = np.isfinite(values) & np.isfinite(base)
    counted, usually = (
        np.where(both, x, 0.0).reshape(-1, 24, values.shape[1]).sum(axis=1) for x in (values, base)
    )
    ratio = np.where(usually >= 1, np.log1p(counted) - np.log1p(usually), np.nan)
    others = np.delete(ratio, s, axis=1)
    change = np.zeros(len(ratio))
    is_known = np.isfinite(others).any(axis=1)
    if is_known.any():
        change[is_known] = np.nanmedian(others[is_known], axis=1)
    return np.repeat(change, 24)
