"""Which hourly counts can be believed."""

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray

from gis.count_past import (
    LEAST_SCALE,
    MIN_BASE,
    WEEK_H,
    highest,
    median_before,
    median_of_others,
    past_median,
    set_scale,
)
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

BASE_WEEKS = 8
# How much of what the hours before, and the other sensors, are off by is found again in an hour: measured in two cities.
CARRIED_HOURS, CARRIED, SHARED = 3, 0.5, 0.5
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
        while other sensors count on); 8 spike to review (far over what the hours before and the other sensors let
        expect: for a person to judge, valid until then); 9 low uptime (the sensor counted half of the time or less); 10 unchecked (intervals over an
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
    # What was believed so far; its log ratio to its base, what of that was not to be expected, and the size of both.
    clean, size, size_of_rest = values.copy(), np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    ratio = np.full(values.shape, np.nan)
    scale, scale_of_rest = (
        np.full((WEEK_H, n_sensors), LEAST_SCALE),
        np.full((WEEK_H, n_sensors), LEAST_SCALE),
    )
    ceiling, base = np.full(n_sensors, np.inf), np.full(n_sensors, np.nan)
    z = np.full(n_sensors, np.nan)
    runs, evidence = np.zeros((3, n_sensors), dtype=np.int64), np.zeros(n_sensors)
    for t in range(n_hours):
        for s in range(n_sensors):
            if t % WEEK_H == 0:
                set_scale(size, t, s, scale)
                set_scale(size_of_rest, t, s, scale_of_rest)
            if t % 24 == 0:
                ceiling[s] = highest(clean, t, s)
            base[s] = past_median(clean, t, s, BASE_WEEKS, MIN_BASE)
            ratio[t, s] = np.log1p(values[t, s]) - np.log1p(base[s])
            size[t, s], z[s] = abs(ratio[t, s]), ratio[t, s] / scale[t % WEEK_H, s]
        ratios = ratio[t].copy()
        for s in range(n_sensors):
            if np.isnan(values[t, s]):
                continue
            others = median_of_others(z, s)
            expected = _expected(median_before(ratio, t, s, CARRIED_HOURS), median_of_others(ratios, s))
            size_of_rest[t, s] = abs(ratios[s] - expected)
            first, code = _zero_run(values, t, s, base[s], runs, evidence)
            if code == OK:
                first, code = _stuck(values, t, s, runs)
            if code == OK and values[t, s] > 500 and values[t, s] > 4 * ceiling[s]:
                first, code = t, SPIKE
            if code == OK and _is_alone_and_high(
                values[t, s], base[s], expected, scale_of_rest[t % WEEK_H, s], others
            ):
                first, code = t, REVIEW
            if code == OK:
                first, code = _drop_out(values[t, s], t, s, base[s], others, runs)
            if code != OK:
                _mark(codes, (clean, size, size_of_rest), ratio, s, range(t, first - 1, -1), code)


@njit(cache=True, nogil=True)
def _mark(  # noqa: PLR0917  numba takes no keywords only
    codes: Codes, believed: tuple[Floats, Floats, Floats], ratio: Floats, s: int, hours: range, code: int
) -> None:
    """Flag a run from its last hour back to what was flagged before; believe it no more."""
    for hour in hours:
        if codes[hour, s] == code:
            return
        codes[hour, s] = code
        # A peak must not make the next hours of the same peak look ordinary.
        ratio[hour, s] = np.nan
        if code != REVIEW:
            for table in believed:
                table[hour, s] = np.nan


@njit(cache=True, nogil=True)
def _expected(before: float, others: float) -> float:
    """The log ratio to be expected of an hour: half of that of the hours before and half of that of the others."""
    expected = 0.0
    if not np.isnan(before):
        expected += CARRIED * before
    if not np.isnan(others):
        expected += SHARED * others
    return expected


@njit(cache=True, nogil=True)
def _is_alone_and_high(value: float, base: float, expected: float, scale: float, others: float) -> bool:
    """Whether a count is far over what was to be expected of its hour, and the other sensors did not jump as well."""
    usual = max(base, base * np.exp(expected))
    # Few people come by chance more unevenly than many: 1 / (1 + base) is the variance of the log of a Poisson count.
    spread = np.sqrt(scale**2 + 1.0 / (1.0 + base))
    is_high = np.log1p(value) - np.log1p(base) - expected > 6 * spread and value - usual > max(50.0, usual)
    return is_high and (np.isnan(others) or others < 2.5)


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
def _drop_out(  # noqa: PLR0917  numba takes no keywords only
    value: float, t: int, s: int, base: float, others: float, runs: NDArray[np.int64]
) -> tuple[int, int]:
    """Needs another sensor: without one a storm looks like a fault."""
    is_low = base >= 50 and value < 0.1 * base and others > -1.5
    runs[2, s] = runs[2, s] + 1 if is_low else 0
    return (t - runs[2, s] + 1, DROP_OUT) if runs[2, s] >= 3 else (t, OK)
