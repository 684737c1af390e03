"""When the clock of a sensor runs an hour or more off, daylight-saving time that was missed included."""

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray

from gis.count_base import WEEK_H, Floats, episodes, median_first, median_of_others, median_of_rows

WEEKS, MIN_WEEKS = 8, 3
WINDOW_H, MAX_LAG_H, MIN_HOURS = 168, 3, 84
MIN_GAIN, SURE_GAIN = 0.02, 0.005
USUAL_DAYS, MIN_REGAINED, MOST_SHARED = 63, 0.5, 0.5
OPEN = -1


def clock_errors(table: pd.DataFrame, *, timezone: str) -> pd.DataFrame:
    """Find the days on which the pattern of a sensor lies some hours early or late against its own usual week.

    The counts of seven days are correlated with what the same hours usually count, moved by up to three hours.
    Once a clock is known to be off, its hours are put right before later ones are held against them. Looks back
    only.

    Parameters
    ----------
    table
        Believed counts, clock hours x sensors, from a Monday at midnight, as `gis.counts.hourly` gives.
    timezone
        Zone of that clock: it says when daylight-saving time begins and ends.

    Returns
    -------
    pandas.DataFrame
        As `gis.count_base.episodes`, kind ``clock``; times on the clock of the table. ``strength`` is how many hours
        the clock is ahead: 1.0 when what happened at nine is written at ten. ``detail``: ``alarm_on``,
        ``correlation_as_is``, ``correlation_moved``, ``is_daylight_saving`` (it began within two days of a change of
        the clock), ``is_ongoing``.
    """
    values = np.ascontiguousarray(table.to_numpy(dtype=float))
    found = np.zeros((len(values) // 24 * values.shape[1] // 3 + 1, 7))
    days = pd.DatetimeIndex(table.index[::24])
    moved = _clock_changes(days, timezone)
    since = np.arange(len(days))[:, None] - moved[None, :]
    is_change_near: NDArray[np.bool_] = np.asarray(((since >= 0) & (since <= 9)).any(axis=1))
    stated = np.ascontiguousarray(np.log1p(values).T)
    base = np.full((len(stated), len(values) + MAX_LAG_H), np.nan)
    fits = np.full((len(days), len(stated)), np.nan)
    n = _find(stated, stated.copy(), base, fits, is_change_near, found)
    rows = []
    for sensor, first, last, alarm, lag, as_is, best in found[:n]:
        counted = np.flatnonzero(np.isfinite(values[:, int(sensor)])) // 24
        is_open = int(last) == OPEN
        end = int(counted[-1]) if is_open else int(last)
        near = moved[np.abs(moved - int(first)) <= 2]
        # A clock that was not moved is wrong from that night on, not from the first day that shows it.
        begin = int(near[0]) if len(near) and abs(lag) == 1 else int(first)
        rows.append({
            "sensor_id": table.columns[int(sensor)],
            "kind": "clock",
            "from_at": days[begin],
            "to_at": days[max(end, begin)] + pd.Timedelta(days=1),
            "strength": float(lag),
            "detail": {
                "alarm_on": days[int(alarm)].date().isoformat(),
                "correlation_as_is": round(float(as_is), 3),
                "correlation_moved": round(float(best), 3),
                "is_daylight_saving": bool(len(near) and abs(lag) == 1),
                "is_ongoing": is_open,
            },
        })  # fmt: skip
    return episodes(rows)


def _clock_changes(days: pd.DatetimeIndex, timezone: str) -> Floats:
    """Positions of the days on which the clock is moved."""
    begins = days.tz_localize(timezone, ambiguous=True, nonexistent="shift_forward")
    offset = begins.tz_localize(None).to_numpy() - begins.tz_convert("UTC").tz_localize(None).to_numpy()
    return np.flatnonzero(np.diff(offset).astype(np.int64) != 0).astype(float)


@njit(cache=True, nogil=True)
def _find(  # noqa: PLR0917  numba takes no keywords only
    stated: Floats, true: Floats, base: Floats, fits: Floats, is_change_near: NDArray[np.bool_], found: Floats
) -> int:
    """Walk through the days, write down what was found, and say how many.

    ``stated`` and ``true`` hold log counts, a row per sensor, as they came and with the known errors put right;
    ``base`` what was usual, with room for the largest lag; ``fits`` the correlation of the week until each day.
    """
    n, n_sensors, n_hours = 0, stated.shape[0], stated.shape[1]
    running = np.full(n_sensors, OPEN)
    gains = np.full((n_sensors, 2 * MAX_LAG_H + 1), np.nan)
    at_lag = np.full((2 * MAX_LAG_H + 1, n_sensors), np.nan)
    for d in range(n_hours // 24):
        last = d * 24 + 24
        for s in range(n_sensors):
            first_base = d * 24 + (MAX_LAG_H if d else 0)
            _set_base(true[s], base[s], first_base, min(last + MAX_LAG_H, n_hours))
            fits[d, s] = _set_gains(stated[s], base[s], last, gains[s])
            for place in range(2 * MAX_LAG_H + 1):
                at_lag[place, s] = gains[s, place]
        for s in range(n_sensors):
            best = _best(gains[s])
            lag, gain = best - MAX_LAG_H, gains[s, best]
            if running[s] == OPEN:
                # On holidays all sensors run late: that is no clock, unless the clock was moved that week.
                others = 0.0 if is_change_near[d] else median_of_others(at_lag, best, s)
                # Moved by its error a week fits as weeks do; one with another rhythm, such as Christmas, does not.
                lost = median_of_rows(fits, s, d - USUAL_DAYS, d - 7, 7, np.nan) - fits[d, s]
                if (
                    lag != 0
                    and gain > MIN_GAIN
                    and not others > MOST_SHARED * gain
                    and gain >= MIN_REGAINED * lost
                ):
                    first = _turn(stated[s], base[s], d, 0, lag)
                    _note(found[n], s, first, d, lag, fits[d, s], gain)
                    _put_right(stated[s], true[s], first * 24, last, lag)
                    running[s], n = n, n + 1
            elif not np.isnan(gain) and _run_on(stated[s], true[s], base[s], gains[s], found[running[s]], d):
                running[s] = OPEN
    return n


@njit(cache=True, nogil=True)
def _note(  # noqa: PLR0917  numba takes no keywords only
    row: Floats, s: int, first: int, d: int, lag: int, as_is: float, gain: float
) -> None:
    row[0], row[1], row[2], row[3], row[4], row[5], row[6] = s, first, OPEN, d, lag, as_is, as_is + gain


@njit(cache=True, nogil=True)
def _run_on(  # noqa: PLR0917  numba takes no keywords only
    stated: Floats, true: Floats, base: Floats, gains: Floats, row: Floats, d: int
) -> bool:
    """Put another day of a known error right, or say that the clock is right again."""
    best, held, last = _best(gains), int(row[4]), d * 24 + 24
    lag, begin = best - MAX_LAG_H, d
    if lag == 0:
        row[2] = max(_turn(stated, base, d, held, 0), int(row[1]) + 1) - 1
        _put_right(stated, true, (int(row[2]) + 1) * 24, last, 0)
        return True
    # While a week is half right, half an error of two hours looks like one.
    if lag != held and gains[best] - gains[held + MAX_LAG_H] > SURE_GAIN:
        row[4], row[6] = lag, row[5] + gains[best]
        begin = max(int(row[1]), d - 6)
    _put_right(stated, true, begin * 24, last, int(row[4]))
    return False


@njit(cache=True, nogil=True)
def _set_gains(stated: Floats, base: Floats, last: int, gains: Floats) -> float:
    """Correlation of the last seven days as they are, and how much better each lag fits; NaN with too few hours."""
    for place in range(len(gains)):
        gains[place] = np.nan
    if last - WINDOW_H < MAX_LAG_H:
        return np.nan
    as_is = _correlation(stated, base, last - WINDOW_H, last, 0)
    for place in range(len(gains)):
        gains[place] = _correlation(stated, base, last - WINDOW_H, last, place - MAX_LAG_H) - as_is
    return as_is


@njit(cache=True, nogil=True)
def _best(gains: Floats) -> int:
    best = MAX_LAG_H
    for place in range(len(gains)):
        if gains[place] > gains[best]:
            best = place
    return best


@njit(cache=True, nogil=True)
def _set_base(true: Floats, base: Floats, first: int, last: int) -> None:
    past = np.empty(WEEKS)
    for t in range(first, last):
        n = 0
        for week in range(1, WEEKS + 1):
            before = t - week * WEEK_H
            if before >= 0 and not np.isnan(true[before]):
                past[n] = true[before]
                n += 1
        base[t] = median_first(past, n) if n >= MIN_WEEKS else np.nan


@njit(cache=True, nogil=True)
def _put_right(stated: Floats, true: Floats, first: int, last: int, lag: int) -> None:
    for t in range(first, last):
        true[t] = stated[t + lag] if 0 <= t + lag < last else np.nan


@njit(cache=True, nogil=True)
def _correlation(stated: Floats, base: Floats, first: int, last: int, lag: int) -> float:
    """Pearson correlation of what is stated with what was usual ``lag`` hours earlier."""
    n, sx, sy, sxx, syy, sxy = 0, 0.0, 0.0, 0.0, 0.0, 0.0
    for t in range(first, last):
        # The same hours for every lag, so that lags are compared on the same counts.
        around = stated[t]
        for place in range(t - MAX_LAG_H, t + MAX_LAG_H + 1):
            around += base[place]
        if np.isnan(around):
            continue
        x, y = stated[t], base[t - lag]
        n += 1
        sx += x
        sy += y
        sxx += x * x
        syy += y * y
        sxy += x * y
    if n < MIN_HOURS:
        return np.nan
    vx, vy = sxx - sx * sx / n, syy - sy * sy / n
    return (sxy - sx * sy / n) / np.sqrt(vx * vy) if vx > 1e-9 and vy > 1e-9 else np.nan


@njit(cache=True, nogil=True)
def _turn(stated: Floats, base: Floats, d: int, before: int, after: int) -> int:
    """The day from which ``after`` fits better than ``before``, within the ten days until ``d``."""
    best, gain, turn = -1.0, 0.0, d
    for u in range(d, max(1, d - 10), -1):
        for t in range(u * 24, u * 24 + 24):
            if not np.isnan(stated[t]) and not np.isnan(base[t - after]) and not np.isnan(base[t - before]):
                gain += (stated[t] - base[t - before]) ** 2 - (stated[t] - base[t - after]) ** 2
        if gain > best:
            best, turn = gain, u
    return turn
