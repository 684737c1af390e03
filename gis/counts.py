"""Which hourly counts can be believed."""

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray

from gis.errors import FrameError
from gis.frames import require

OK, MISSING, ZERO_RUN, STUCK, SPIKE, DROP_OUT, REVIEW, LOW_UPTIME, UNCHECKED = 0, 1, 2, 3, 4, 5, 8, 9, 10
# Only a person gives these, of a finding that takes days or weeks of counts to see.
LEVEL_SHIFT, CLOCK, NIGHT, ONE_DIRECTION, TWIN = 6, 7, 12, 13, 14
# What the importer knows of the file alone: an hour that the clock shows twice.
REPEATED_HOUR = 11
FLAG_NAMES = {
    OK: "ok",
    MISSING: "missing",
    ZERO_RUN: "zero_run",
    STUCK: "stuck",
    SPIKE: "spike",
    DROP_OUT: "drop_out",
    LEVEL_SHIFT: "level_shift",
    CLOCK: "clock",
    REVIEW: "spike_review",
    LOW_UPTIME: "low_uptime",
    UNCHECKED: "unchecked",
    REPEATED_HOUR: "repeated_hour",
    NIGHT: "night",
    ONE_DIRECTION: "one_direction",
    TWIN: "twin",
}
# A real event peaks at fifty times the usual hour: an unusual hour is looked at, not thrown away.
VALID_FLAGS = (OK, REVIEW, UNCHECKED)
LOW_UPTIME_SHARE = 0.5

WEEK_H = 168
BASE_WEEKS, SCALE_WEEKS, MIN_BASE = 8, 26, 3
QUANTILE_DAYS, QUANTILE, MIN_QUANTILE_H = 56, 0.999, 336
DISPERSION, ZERO_EVIDENCE, LEADING_ZEROS_H = 4.0, 13.8, 24
Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]


def quality_flags(counts: pd.DataFrame, *, timezone: str) -> pd.Series:
    """Flag counts that a working sensor does not give, from what was known before them.

    Every hour is held against the median of the same hour of the week over the eight weeks before. A run is
    flagged from its first hour once it is long enough to be sure. The value itself is never changed.

    Parameters
    ----------
    counts
        ``sensor_id``, ``start_at`` (UTC), ``minutes``, ``value`` and, where known, ``uptime`` (share): one
        row per sensor and interval, both directions together.
    timezone
        Zone of the clock on the wall, such as ``Europe/Brussels``: weeks repeat on that clock.

    Returns
    -------
    pandas.Series
        On the index of ``counts``, codes of ``FLAG_NAMES``: 0 ok; 1 missing (no value); 2 zero run (zeros
        that would come by chance once in a million times); 3 stuck (three or more equal counts of 20 or
        more); 4 spike (over four times anything seen); 5 drop-out (three hours under a tenth of the usual
        while other sensors count on); 8 spike to review (unusually high: for a person to judge, valid until
        then); 9 low uptime (the sensor counted half of the time or less); 10 unchecked (intervals over an
        hour).

    Raises
    ------
    FrameError
        When a column is missing or a sensor has two rows for one start.
    """
    table, hour = _table(counts, timezone)
    codes = np.full(len(counts), UNCHECKED, dtype=np.uint8)
    if len(table):
        found = flag_hours(table.to_numpy())
        row = ((hour - table.index[0]) // pd.Timedelta(hours=1)).to_numpy()
        column = table.columns.get_indexer(pd.Index(counts["sensor_id"]))
        is_inside = (counts["minutes"] <= 60).to_numpy() & (row >= 0) & (row < len(table))
        codes[is_inside] = found[row[is_inside], column[is_inside]]
    codes[counts["value"].isna().to_numpy()] = MISSING
    codes[_is_down(counts)] = LOW_UPTIME
    return pd.Series(codes, index=counts.index, name="quality_flag")


def hourly(counts: pd.DataFrame, *, timezone: str) -> pd.DataFrame:
    """Lay valid counts out as clock hours x sensors.

    Parameters
    ----------
    counts
        As for `quality_flags`, with ``quality_flag``, which takes the low uptimes out too.
    timezone
        Zone of the clock on the wall.

    Returns
    -------
    pandas.DataFrame
        Every hour of that clock from the first Monday to the last Sunday; NaN where an hour was not counted
        whole, is flagged, or comes twice or never because the clock was moved.
    """
    require(counts, "quality_flag", what="counts")
    # The flag has the last word: a person may have said that an hour of low uptime was counted well.
    believed = counts[counts["quality_flag"].isin(VALID_FLAGS)].drop(columns="uptime", errors="ignore")
    return _table(believed, timezone)[0]


def _is_down(counts: pd.DataFrame) -> NDArray[np.bool_]:
    if "uptime" not in counts.columns:
        return np.zeros(len(counts), dtype=bool)
    return (counts["uptime"].astype(float) <= LOW_UPTIME_SHARE).to_numpy()


def _table(counts: pd.DataFrame, timezone: str) -> tuple[pd.DataFrame, pd.Series]:
    """Clock hours x sensors in whole weeks, and the clock hour of every row."""
    require(counts, "sensor_id", "start_at", "minutes", "value", what="counts")
    if counts.duplicated(["sensor_id", "start_at"]).any():
        raise FrameError("counts: a sensor has two rows for one start; add its directions up first")
    hour_at = counts["start_at"].dt.floor("h")
    hour = hour_at.dt.tz_convert(timezone).dt.tz_localize(None)
    is_used = (counts["minutes"] <= 60).to_numpy() & ~_is_down(counts) & counts["value"].notna().to_numpy()
    used = counts[is_used].astype({"value": float, "minutes": float})
    if (hour_at == counts["start_at"]).all():
        # A row per hour, as the sums of the database are: there is nothing to add up.
        is_whole = used["minutes"] >= 60
        index = [used.loc[is_whole, "sensor_id"], hour[is_used][is_whole].rename("hour")]
        value = used.loc[is_whole, "value"].set_axis(pd.MultiIndex.from_arrays(index))
    else:
        keys = [used["sensor_id"], hour_at[is_used], hour[is_used].rename("hour")]
        whole = used.groupby(keys, observed=True)[["value", "minutes"]].sum()
        value = whole["value"][whole["minutes"] >= 60].reset_index(level=1, drop=True)
    value = value[~value.index.duplicated(keep=False)]
    # Hours that the first sensors did not count would stand last otherwise.
    table = value.unstack(level=0).sort_index()
    if len(table):
        first = table.index[0].normalize() - pd.Timedelta(days=table.index[0].day_of_week)
        n_weeks = (table.index[-1] - first) // pd.Timedelta(days=7) + 1
        table = table.reindex(pd.date_range(first, periods=n_weeks * WEEK_H, freq="h", name="hour"))
    return table.reindex(columns=pd.Index(counts["sensor_id"].unique()).sort_values()), hour


def flag_hours(values: Floats) -> Codes:
    """Flag a table of hours, which begins on a Monday at midnight.

    Parameters
    ----------
    values
        Counts, shape (hours, sensors), NaN where there is none.

    Returns
    -------
    numpy.ndarray
        Codes of ``FLAG_NAMES``, shape (hours, sensors).
    """
    codes = np.zeros(values.shape, dtype=np.uint8)
    _flag(np.ascontiguousarray(values, dtype=float), codes)
    _flag_leading_zeros(values, codes)
    return codes


def _flag_leading_zeros(values: Floats, codes: Codes) -> None:
    """A sensor that begins with a day of zeros was not switched on: it has no past to be held against."""
    for sensor in range(values.shape[1]):
        counted = np.flatnonzero(np.isfinite(values[:, sensor]))
        above = np.flatnonzero(values[counted, sensor] > 0)
        first = counted[above[0]] if len(above) else len(values)
        leading = counted[counted < first]
        if len(leading) >= LEADING_ZEROS_H:
            codes[leading, sensor] = ZERO_RUN


@njit(cache=True, nogil=True)
def _flag(values: Floats, codes: Codes) -> None:
    n_hours, n_sensors = values.shape
    # What was believed so far, and how far it was from its base (absolute log ratio).
    clean, gap = values.copy(), np.full(values.shape, np.nan)
    scale, ceiling = np.full((WEEK_H, n_sensors), 0.2), np.full(n_sensors, np.inf)
    base, z = np.full(n_sensors, np.nan), np.full(n_sensors, np.nan)
    runs, evidence = np.zeros((3, n_sensors), dtype=np.int64), np.zeros(n_sensors)
    for t in range(n_hours):
        for s in range(n_sensors):
            if t % WEEK_H == 0:
                _set_scale(gap, t, s, scale)
            if t % 24 == 0:
                ceiling[s] = _ceiling(clean, t, s)
            base[s] = _past_median(clean, t, s, BASE_WEEKS, MIN_BASE)
            ratio = np.log1p(values[t, s]) - np.log1p(base[s])
            gap[t, s], z[s] = abs(ratio), ratio / scale[t % WEEK_H, s]
        for s in range(n_sensors):
            if np.isnan(values[t, s]):
                continue
            others = _median_of_others(z, s)
            first, code = _zero_run(values, t, s, base[s], runs, evidence)
            if code == OK:
                first, code = _stuck(values, t, s, runs)
            if code == OK:
                first, code = t, _spike(values[t, s], base[s], z[s], others, ceiling[s])
            if code == OK:
                first, code = _drop_out(values[t, s], t, s, base[s], others, runs)
            if code != OK:
                _mark(codes, clean, gap, s, range(t, first - 1, -1), code)


@njit(cache=True, nogil=True)
def _mark(  # noqa: PLR0917  numba takes no keywords only
    codes: Codes, clean: Floats, gap: Floats, s: int, hours: range, code: int
) -> None:
    """Flag a run from its last hour back to what was flagged before; believe it no more."""
    for hour in hours:
        if codes[hour, s] == code:
            return
        codes[hour, s] = code
        if code != REVIEW:
            clean[hour, s] = gap[hour, s] = np.nan


@njit(cache=True, nogil=True)
def _past_median(table: Floats, t: int, s: int, n_weeks: int, least: int) -> float:
    """Median of the same hour in the weeks before, NaN with fewer than ``least`` values."""
    past, n = np.empty(n_weeks), 0
    for week in range(1, n_weeks + 1):
        before = t - week * WEEK_H
        if before >= 0 and not np.isnan(table[before, s]):
            past[n] = table[before, s]
            n += 1
    return np.median(past[:n]) if n >= least else np.nan


@njit(cache=True, nogil=True)
def _set_scale(gap: Floats, t: int, s: int, scale: Floats) -> None:
    """Spread of the log ratio per hour of the week, smoothed over five hours, in the half year before."""
    spread = np.empty(WEEK_H)
    for hour in range(WEEK_H):
        spread[hour] = _past_median(gap, t + hour, s, SCALE_WEEKS, MIN_BASE)
    for hour in range(WEEK_H):
        around, n = np.empty(5), 0
        for step in range(-2, 3):
            value = spread[(hour + step) % WEEK_H]
            if not np.isnan(value):
                around[n] = value
                n += 1
        scale[hour, s] = max(0.2, 1.4826 * np.median(around[:n])) if n else 0.2


@njit(cache=True, nogil=True)
def _ceiling(clean: Floats, t: int, s: int) -> float:
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
def _median_of_others(z: Floats, s: int) -> float:
    others, n = np.empty(len(z)), 0
    for other in range(len(z)):
        if other != s and not np.isnan(z[other]):
            others[n] = z[other]
            n += 1
    return np.median(others[:n]) if n else np.nan


@njit(cache=True, nogil=True)
def _zero_run(  # noqa: PLR0917  numba takes no keywords only
    values: Floats, t: int, s: int, base: float, runs: NDArray[np.int64], evidence: Floats
) -> tuple[int, int]:
    """Zeros add evidence by how many people usually pass; one person who passes ends the run."""
    if values[t, s] > 0:
        runs[0, s], evidence[s] = -1, 0.0
        return t, OK
    if runs[0, s] < 0 or evidence[s] == 0.0:
        runs[0, s] = t
    if base > 0:
        evidence[s] += DISPERSION * np.log(1 + base / DISPERSION)
    if evidence[s] >= ZERO_EVIDENCE:
        return runs[0, s], ZERO_RUN
    return t, OK


@njit(cache=True, nogil=True)
def _stuck(values: Floats, t: int, s: int, runs: NDArray[np.int64]) -> tuple[int, int]:
    is_same = t > 0 and values[t, s] == values[t - 1, s] and values[t, s] >= 20
    runs[1, s] = runs[1, s] + 1 if is_same else 1
    return (t - runs[1, s] + 1, STUCK) if runs[1, s] >= 3 else (t, OK)


@njit(cache=True, nogil=True)
def _spike(value: float, base: float, z: float, others: float, ceiling: float) -> int:
    if value > 500 and value > 4 * ceiling:
        return SPIKE
    is_alone = np.isnan(others) or others < 2.5
    return REVIEW if z > 6 and value - base > 50 and is_alone else OK


@njit(cache=True, nogil=True)
def _drop_out(  # noqa: PLR0917  numba takes no keywords only
    value: float, t: int, s: int, base: float, others: float, runs: NDArray[np.int64]
) -> tuple[int, int]:
    """Needs another sensor: without one a storm looks like a fault."""
    is_low = base >= 50 and value < 0.1 * base and others > -1.5
    runs[2, s] = runs[2, s] + 1 if is_low else 0
    return (t - runs[2, s] + 1, DROP_OUT) if runs[2, s] >= 3 else (t, OK)
