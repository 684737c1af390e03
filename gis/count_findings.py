"""Everything that looks wrong in counts, as findings that a person can judge, and what a judgement does to the hours."""

from collections.abc import Collection, Hashable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.count_base import Floats, Told, episodes, usual
from gis.count_checks import gaps, lost_directions, night_anomalies, twins
from gis.count_clocks import clock_errors
from gis.count_shifts import level_shifts
from gis.counts import (
    CLOCK,
    DROP_OUT,
    FLAG_NAMES,
    LEVEL_SHIFT,
    LOW_UPTIME,
    MISSING,
    NIGHT,
    OK,
    ONE_DIRECTION,
    REPEATED_HOUR,
    REVIEW,
    SPIKE,
    STUCK,
    TWIN,
    ZERO_RUN,
    hourly,
)
from gis.frames import require

# Out until somebody says that the sensor was right.
HOUR_KINDS = {
    "zero_run": ZERO_RUN,
    "stuck": STUCK,
    "spike": SPIKE,
    "drop_out": DROP_OUT,
    "low_uptime": LOW_UPTIME,
}
# In until somebody says that the sensor was wrong: a street that really changed looks the same.
REVIEW_KINDS = {
    "spike_review": SPIKE,
    "level_shift": LEVEL_SHIFT,
    "clock": CLOCK,
    "night": NIGHT,
    "one_direction": ONE_DIRECTION,
    "twin": TWIN,
}
KINDS = (*HOUR_KINDS, *REVIEW_KINDS, "gap")
LOW_UPTIME_APART = np.timedelta64(7, "D")
# Known from the file: nobody's judgement makes an hour of them.
FIXED = (MISSING, REPEATED_HOUR)


def find_faults(
    counts: pd.DataFrame,
    flags: pd.Series,
    *,
    timezone: str,
    directions: pd.DataFrame | None = None,
    kinds: Collection[str] = KINDS,
) -> pd.DataFrame:
    """Find everything that looks wrong in the counts of some sensors that stand in one town.

    Parameters
    ----------
    counts
        ``sensor_id``, ``start_at`` (UTC), ``minutes``, ``value`` and, where known, ``uptime``: one row per sensor
        and interval, both directions together.
    flags
        What `gis.counts.quality_flags` says of each row.
    timezone
        Zone of the clock on the wall.
    directions
        As `gis.count_checks.lost_directions` takes; None where no sensor tells them apart.
    kinds
        Which findings are told.

    Returns
    -------
    pandas.DataFrame
        As `gis.count_base.episodes`, of the kinds in `KINDS`, with ``from_at`` and ``to_at`` in UTC.

    Raises
    ------
    FrameError
        When a column is missing or a sensor has two rows for one start.
    """
    require(counts, "sensor_id", "start_at", "minutes", "value", what="counts")
    arrived = hourly(
        counts.drop(columns="uptime", errors="ignore").assign(quality_flag=OK), timezone=timezone
    )
    believed = hourly(counts.assign(quality_flag=flags), timezone=timezone)
    believed = believed.reindex(index=arrived.index, columns=arrived.columns)
    found = [flag_runs(counts, flags, believed, timezone=timezone)]
    if len(arrived):
        on_clock = [
            level_shifts(believed), clock_errors(believed, timezone=timezone), gaps(arrived),
            night_anomalies(believed), twins(believed),
        ]  # fmt: skip
        if directions is not None and len(directions):
            on_clock.append(lost_directions(directions))
        found += [_in_utc(frame, timezone) for frame in on_clock]
    known = [frame for frame in found if len(frame)]
    if not known:
        return found[0]
    table = pd.concat(known, ignore_index=True)
    return table[table["kind"].isin(list(kinds))].sort_values(["from_at", "kind"], ignore_index=True)


def _in_utc(frame: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """The instant of an hour that the clock shows twice is its first; one that it skips, the next."""
    return frame.assign(**{
        name: frame[name]
        .dt.tz_localize(timezone, ambiguous=np.ones(len(frame), dtype=bool), nonexistent="shift_forward")
        .dt.tz_convert("UTC")
        for name in ("from_at", "to_at")
    })  # fmt: skip


def flag_runs(
    counts: pd.DataFrame, flags: pd.Series, believed: pd.DataFrame, *, timezone: str
) -> pd.DataFrame:
    """Join hours with one flag into findings.

    Parameters
    ----------
    counts, flags, timezone
        As for `find_faults`.
    believed
        Counts that can be believed, clock hours x sensors.

    Returns
    -------
    pandas.DataFrame
        As `gis.count_base.episodes`, kinds ``zero_run``, ``stuck``, ``spike``, ``drop_out``, ``low_uptime`` and ``spike_review``,
        in UTC; ``strength`` is what was counted over what is usual. ``detail``: ``hours``, ``counted`` and ``usual``
        (None where not known), both together over those hours.
    """
    rows: Told = []
    order = counts.sort_values(["sensor_id", "start_at"]).index
    table = counts.loc[order]
    code = flags.loc[order].to_numpy().astype(int)
    expected = _usual_of(table, believed, timezone)
    names = {**{code: name for name, code in HOUR_KINDS.items()}, REVIEW: "spike_review"}
    for kind, places in _runs_of(table, code, names):
        part = table.iloc[places]
        usually = float(expected[places].sum())
        counted = float(part["value"].sum())
        is_known = bool(np.isfinite(usually))
        rows.append({
            "sensor_id": part["sensor_id"].iloc[0],
            "kind": kind,
            "from_at": part["start_at"].iloc[0],
            "to_at": part["start_at"].iloc[-1] + pd.Timedelta(minutes=int(part["minutes"].iloc[-1])),
            "strength": (counted + 1) / (usually + 1) if is_known else np.nan,
            "detail": {
                "hours": round(float(part["minutes"].sum()) / 60, 2),
                "counted": round(counted, 1),
                "usual": round(usually, 1) if is_known else None,
            },
        })  # fmt: skip
    found = episodes(rows)
    if not rows:
        found = found.assign(**{name: found[name].dt.tz_localize("UTC") for name in ("from_at", "to_at")})
    return found


def _runs_of(
    table: pd.DataFrame, code: NDArray[np.int64], names: dict[int, str]
) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Rows of each finding: next to each other with one code; hours of low uptime also with days between them.

    A camera that cannot see at dusk is one thing for a person to judge, not one every evening.
    """
    sensor = table["sensor_id"].to_numpy()
    new = np.ones(len(table), dtype=bool)
    new[1:] = (code[1:] != code[:-1]) | (sensor[1:] != sensor[:-1])
    for run in np.split(np.arange(len(table)), np.flatnonzero(new)[1:]):
        if len(run) and code[run[0]] in names and code[run[0]] != LOW_UPTIME:
            yield names[int(code[run[0]])], run
    low = np.flatnonzero(code == LOW_UPTIME)
    start = table["start_at"].to_numpy()[low]
    apart = (sensor[low][1:] != sensor[low][:-1]) | (np.diff(start) > LOW_UPTIME_APART)
    for run in np.split(low, np.flatnonzero(apart) + 1):
        if len(run):
            yield names[LOW_UPTIME], run


def _usual_of(table: pd.DataFrame, believed: pd.DataFrame, timezone: str) -> Floats:
    """What each row usually counts, NaN where not known."""
    out = np.full(len(table), np.nan)
    if not len(believed):
        return out
    base = usual(believed.to_numpy(dtype=float))
    clock = table["start_at"].dt.tz_convert(timezone).dt.tz_localize(None).dt.floor("h")
    row = ((clock - believed.index[0]) // pd.Timedelta(hours=1)).to_numpy()
    column = believed.columns.get_indexer(pd.Index(table["sensor_id"]))
    inside = (row >= 0) & (row < len(base)) & (column >= 0)
    share = table["minutes"].to_numpy(dtype=float) / 60
    out[inside] = base[row[inside], column[inside]] * share[inside]
    return out


def decided_flags(counts: pd.DataFrame, flags: pd.Series, findings: pd.DataFrame) -> pd.Series:
    """Apply what people decided to the flags that the rules give.

    Parameters
    ----------
    counts
        ``sensor_id`` and ``start_at``.
    flags
        What the rules say of each row, on the same index.
    findings
        ``sensor_id``, ``kind``, ``from_at``, ``to_at`` and ``state``: open, confirmed (the sensor was wrong) or
        overruled (it was right).

    Returns
    -------
    pandas.Series
        On the index of ``counts``. Overruled hours are ok again; hours of a confirmed finding carry its code. What is
        known from the file (missing, an hour shown twice) stays; low uptime does until that itself is overruled.
    """
    codes = flags.to_numpy().copy()
    decided = findings[findings["state"] != "open"]

    # What a person calls wrong is wrong, even where another finding on the same hour was overruled.
    def weight(one: dict[Hashable, Any]) -> int:
        return REVIEW_KINDS.get(one["kind"], 0) if one["state"] == "confirmed" else -1

    for one in sorted(decided.to_dict("records"), key=weight):
        kind = str(one["kind"])
        inside = _inside(counts, one["sensor_id"], one["from_at"], one["to_at"])
        if kind == "low_uptime":
            codes[inside & (codes == LOW_UPTIME) & (one["state"] == "overruled")] = OK
            continue
        inside = inside & ~np.isin(codes, (*FIXED, LOW_UPTIME))
        if one["state"] == "overruled":
            given = REVIEW if kind == "spike_review" else HOUR_KINDS.get(kind)
            codes[inside & (codes == given)] = OK
        elif kind == "spike_review":
            codes[inside & np.isin(codes, (OK, REVIEW))] = SPIKE
        elif kind in REVIEW_KINDS:
            codes[inside] = REVIEW_KINDS[kind]
    return pd.Series(codes, index=flags.index, name=flags.name)


def _inside(
    counts: pd.DataFrame, sensor: object, begin: pd.Timestamp, end: pd.Timestamp
) -> NDArray[np.bool_]:
    inside = (counts["sensor_id"] == sensor) & (counts["start_at"] >= begin) & (counts["start_at"] < end)
    return inside.to_numpy()


def flag_of(kind: str) -> int | None:
    """Code that the hours of a finding carry once it counts against the sensor; None for hours that miss."""
    return (HOUR_KINDS | REVIEW_KINDS).get(kind)


def name_of(flag: int) -> str:
    """Name of a code."""
    return FLAG_NAMES[flag]
