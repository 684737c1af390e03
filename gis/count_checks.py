"""Checks of counts beyond the single hour: hours that miss, nights, directions, and sensors that say the same."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.count_base import WEEK_H, Floats, Told, episodes, usual

DAY_H, EXPECTED_DAYS = 24, 14
NIGHT_HOURS = slice(1, 5)
NIGHT_Z, LEAST_NIGHT, LEAST_NIGHT_SPREAD, NIGHT_DAYS = 6.0, 40.0, 0.35, 56
DIRECTION_DAYS, DIRECTION_PAST, LEAST_TURN, TURN_SPREADS = 7, 56, 0.25, 5.0
TWIN_WEEKS, TWIN_R, TWIN_RATIO, TWIN_HOURS = 8, 0.98, 0.03, 600


def gaps(table: pd.DataFrame, *, min_hours: int = 3) -> pd.DataFrame:
    """Find the hours that should be there and are not.

    An hour is expected from the first to the last count of any sensor, when the sensor counted that hour of the day
    on at least half of the fourteen days before, so that a camera that sleeps at night misses nothing.

    Parameters
    ----------
    table
        Everything that arrived, believed or not, clock hours x sensors, from a Monday at midnight.
    min_hours
        Expected hours in a row below which it is no finding.

    Returns
    -------
    pandas.DataFrame
        As `gis.count_base.episodes`, kind ``gap``; ``strength`` is the number of expected hours that miss.
        ``detail``: ``hours`` the same, ``is_ongoing`` (it still misses at the end of the table).
    """
    arrived = table.notna().to_numpy()
    expected = expected_hours(table)
    last_row = int(np.flatnonzero(arrived.any(axis=1))[-1]) if arrived.any() else 0
    rows: Told = []
    for s, sensor in enumerate(table.columns):
        places = np.flatnonzero(expected[: last_row + 1, s])
        for first, last in _runs(~arrived[places, s]):
            n_hours = last - first + 1
            if n_hours >= min_hours:
                end = table.index[places[last]] + pd.Timedelta(hours=1)
                is_ongoing = bool(last == len(places) - 1)
                detail = {"hours": n_hours, "is_ongoing": is_ongoing}
                rows.append(_row(sensor, "gap", table.index[places[first]], end, n_hours, detail))
    return episodes(rows)


def expected_hours(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Mark the hours in which each sensor should have counted.

    Parameters
    ----------
    table
        Everything that arrived, clock hours x sensors, from a Monday at midnight.

    Returns
    -------
    numpy.ndarray
        Shape (hours, sensors). A sensor that was silent for longer than two weeks is held to its habit of before.
    """
    arrived = table.notna().to_numpy()
    expected = np.zeros(arrived.shape, dtype=bool)
    days = arrived.reshape(-1, DAY_H, arrived.shape[1])
    for s in range(arrived.shape[1]):
        seen = np.flatnonzero(days[:, :, s].any(axis=1))
        if not len(seen):
            continue
        # Days on which it counted at all; the days between them keep the habit of the last ones.
        habit = pd.DataFrame(days[seen, :, s].astype(float)).rolling(EXPECTED_DAYS, min_periods=1).mean()
        before = np.searchsorted(seen, np.arange(len(days)), side="left") - 1
        usual_day = habit.to_numpy()[np.maximum(before, 0)] >= 0.5
        usual_day[: seen[0] + 1] = days[seen[0], :, s]
        usual_day[: seen[0]] = False
        expected[:, s] = usual_day.ravel()
        expected[: int(np.argmax(arrived[:, s])), s] = False
    holed = pd.DatetimeIndex(table.index)
    # Hours in which nobody's clock counted: the one that is skipped or shown twice when the clock is moved.
    is_sunday_night = (holed.day_of_week == 6) & (holed.hour < 4)
    expected[np.asarray(is_sunday_night) & ~arrived.any(axis=1)] = False
    return expected


def night_anomalies(table: pd.DataFrame) -> pd.DataFrame:
    """Find the nights in which a sensor counts far more than at night it does, while the others do not.

    Rain, insects, a lamp or a festival: from one to five o'clock, against the same weekday of the eight weeks
    before. Looks back only.

    Parameters
    ----------
    table
        Believed counts, clock hours x sensors, from a Monday at midnight.

    Returns
    -------
    pandas.DataFrame
        As `gis.count_base.episodes`, kind ``night``, nights in a row together; ``strength`` is how many times the
        usual. ``detail``: ``counted``, ``usual`` (per night), ``nights``.
    """
    hours = table.to_numpy(dtype=float).reshape(-1, DAY_H, table.shape[1])[:, NIGHT_HOURS]
    totals = hours.sum(axis=1)
    # One night a week: hours of the week are days of the week here.
    by_week = np.full((len(totals) // 7 * WEEK_H, table.shape[1]), np.nan)
    by_week[::DAY_H] = totals
    base = usual(by_week)[::DAY_H]
    gap = np.log1p(totals) - np.log1p(base)
    spread = pd.DataFrame(np.abs(gap)).rolling(NIGHT_DAYS, min_periods=14).median().shift(1).to_numpy()
    z = gap / np.fmax(LEAST_NIGHT_SPREAD, 1.4826 * spread)
    is_odd = (z > NIGHT_Z) & (totals - base > LEAST_NIGHT) & ~(_median_elsewhere(z) >= 2.5)
    days = pd.DatetimeIndex(table.index[::DAY_H])
    rows: Told = []
    for s, sensor in enumerate(table.columns):
        for first, last in _runs(is_odd[:, s]):
            counted, normal = totals[first : last + 1, s].mean(), base[first : last + 1, s].mean()
            detail = {
                "counted": round(float(counted)),
                "usual": round(float(normal), 1),
                "nights": last - first + 1,
            }
            begin, end = days[first] + pd.Timedelta(hours=1), days[last] + pd.Timedelta(hours=5)
            rows.append(_row(sensor, "night", begin, end, (counted + 1) / (normal + 1), detail))
    return episodes(rows)


def lost_directions(directions: pd.DataFrame) -> pd.DataFrame:
    """Find when one of the two directions of a sensor fell away or changed its share.

    The unevenness (a - b) / (a + b) of seven days is held against that of the eight weeks before. Looks back only.

    Parameters
    ----------
    directions
        Passages per day: ``sensor_id``, ``on`` (day), ``a`` and ``b``, a row per sensor and day.

    Returns
    -------
    pandas.DataFrame
        As `gis.count_base.episodes`, kind ``one_direction``; ``strength`` is the share of all passages that changed
        sides, 0-1. ``detail``: ``direction`` (the one that lost), ``share`` and ``usual_share`` of it, ``is_ongoing``.
    """
    rows: Told = []
    for sensor, own in directions.groupby("sensor_id"):
        days = pd.date_range(own["on"].min(), own["on"].max(), freq="D")
        both = own.set_index("on")[["a", "b"]].reindex(days)
        week = both.rolling(DIRECTION_DAYS, min_periods=4).sum()
        share = (week["a"] / (week["a"] + week["b"])).to_numpy()
        for first, last, before in _turns(share):
            begin = max(0, first - DIRECTION_DAYS + 1)
            one_day = (both["a"] / (both["a"] + both["b"])).to_numpy()
            begin += int(np.argmax(np.abs(one_day[begin : first + 1] - before) > LEAST_TURN / 2))
            now = float(np.nanmedian(one_day[begin : last + 1]))
            lost, is_a = (now, True) if now < before else (1 - now, False)
            detail = {
                "direction": "a" if is_a else "b",
                "share": round(lost, 3),
                "usual_share": round(float(before if is_a else 1 - before), 3),
                "is_ongoing": bool(last == len(days) - 1),
            }
            end = days[last] + pd.Timedelta(days=1)
            rows.append(_row(sensor, "one_direction", days[begin], end, abs(now - before), detail))
    return episodes(rows)


def _turns(share: Floats) -> list[tuple[int, int, float]]:
    """First and last place at which a share is not what it was, and what it was."""
    known, found, begin, before = share.copy(), [], -1, np.nan
    for d in range(DIRECTION_PAST // 2, len(share)):
        if begin < 0:
            past = known[max(0, d - DIRECTION_PAST) : d - DIRECTION_DAYS + 1]
            past = past[np.isfinite(past)]
            if len(past) < 14 or np.isnan(share[d]):
                continue
            before = float(np.median(past))
            spread = 1.4826 * float(np.median(np.abs(past - before)))
            if abs(share[d] - before) > max(LEAST_TURN, TURN_SPREADS * spread):
                begin = d
        elif abs(share[d] - before) < LEAST_TURN / 2:
            found.append((begin, max(begin, d - DIRECTION_DAYS // 2), before))
            known[begin : d + 1] = np.nan
            begin = -1
    return [*found, (begin, len(share) - 1, before)] if begin >= 0 else found


def twins(table: pd.DataFrame) -> pd.DataFrame:
    """Find pairs of sensors that count the same flow: it must never be added up.

    Parameters
    ----------
    table
        Believed counts, clock hours x sensors, from a Monday at midnight.

    Returns
    -------
    pandas.DataFrame
        As `gis.count_base.episodes`, kind ``twin``, on the later of the two in the order of the table; eight weeks or
        more in which the hours correlate over 0.98 and the ratio of the weeks stays within 3 %. ``strength`` is the
        correlation. ``detail``: ``other`` (sensor), ``ratio``, ``weeks``.
    """
    values = table.to_numpy(dtype=float).reshape(-1, WEEK_H, table.shape[1])
    weeks = pd.DatetimeIndex(table.index[::WEEK_H])
    rows: Told = []
    for one, two in combinations(range(table.shape[1]), 2):
        a, b = values[:, :, one], values[:, :, two]
        both = np.isfinite(a) & np.isfinite(b)
        a, b = np.where(both, a, 0.0), np.where(both, b, 0.0)
        sums = [x.sum(axis=1) for x in (both, a, b, a * a, b * b, a * b)]
        n, sa, sb, saa, sbb, sab = (_of_weeks(x) for x in sums)
        with np.errstate(invalid="ignore", divide="ignore"):
            r = (n * sab - sa * sb) / np.sqrt((n * saa - sa**2) * (n * sbb - sb**2))
            ratio = sums[2] / sums[1]
            steady = np.array([_is_steady(ratio[w : w + TWIN_WEEKS]) for w in range(len(r))], dtype=bool)
            is_twin = (n >= TWIN_HOURS) & (r > TWIN_R) & steady
        for first, last in _runs(is_twin):
            end = min(last + TWIN_WEEKS, len(weeks))
            detail = {
                "other": table.columns[one],
                "ratio": round(float(np.nanmedian(ratio[first:end])), 3),
                "weeks": end - first,
            }
            to_at = weeks[end - 1] + pd.Timedelta(days=7)
            rows.append(_row(table.columns[two], "twin", weeks[first], to_at, float(r[first]), detail))
    return episodes(rows)


def _of_weeks(weekly: NDArray[np.float64]) -> Floats:
    """Sums over windows of weeks, shape (weeks - 7,)."""
    if len(weekly) < TWIN_WEEKS:
        return np.empty(0)
    summed: Floats = np.lib.stride_tricks.sliding_window_view(weekly.astype(float), TWIN_WEEKS).sum(axis=1)
    return summed


def _is_steady(ratio: Floats) -> bool:
    return bool(np.isfinite(ratio).all() and np.abs(ratio / np.median(ratio) - 1).max() <= TWIN_RATIO)


def _median_elsewhere(z: Floats) -> Floats:
    """Median over the other sensors of each row; -inf where there is none."""
    out = np.full(z.shape, -np.inf)
    for s in range(z.shape[1]):
        others = np.delete(z, s, axis=1)
        is_known = np.isfinite(others).any(axis=1)
        if is_known.any():
            out[is_known, s] = np.nanmedian(others[is_known], axis=1)
    return out


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last place of every run of True."""
    edges = np.diff(np.concatenate([[0], mask.astype(np.int8), [0]]))
    return list(zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1, strict=True))


def _row(  # noqa: PLR0917  one finding
    sensor: object,
    kind: str,
    begin: pd.Timestamp,
    end: pd.Timestamp,
    strength: float,
    detail: Mapping[str, object],
) -> dict[str, object]:
    return {
        "sensor_id": sensor, "kind": kind, "from_at": begin, "to_at": end,
        "strength": float(strength), "detail": detail,
    }  # fmt: skip
