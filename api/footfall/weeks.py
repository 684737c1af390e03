"""Weeks of people on foot, summed by the database: the sensors of a city have millions of hours."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.frames import read_numbers
from api.footfall.hours import VALUE
from gis.counts import VALID_FLAGS
from gis.footfall_weeks import WEEK_H, hour_sums, weeks_of_sums

# Hours of the clock on the wall are numbered from a Monday, so that weeks and hours of the week are whole numbers.
ZERO = pd.Timestamp("1970-01-05")
# A sensor and a week as one number, which the database looks up in a hash; a pair it would compare one by one.
WEEKS_APART = 100_000
WHOLE_HOURS = (
    "SELECT h.sensor_id, (date_part('epoch', h.start_at AT TIME ZONE %(zone)s) / 3600)::int8 - 96 AS hour, "
    f"{VALUE} AS value FROM footfall_hour h "
    "WHERE h.sensor_id = ANY(%(sensors)s::bigint[]) AND h.mode = 'ped' AND h.start_at >= %(first)s "
    "AND h.longest_minutes <= 60 AND h.minutes >= 60 AND h.worst_flag = ANY(%(flags)s) "
    "AND coalesce(h.passages, h.passages_flagged) IS NOT NULL"
)


def read_weeks(
    session: Session, sensors: Sequence[int], *, first_at: datetime, timezone: str
) -> pd.DataFrame:
    """
    Read the weeks of sensors that count passages.

    Parameters
    ----------
    sensors
        Their keys.
    first_at
        From this hour on.
    timezone
        Zone of the clock on the wall.

    Returns
    -------
    pandas.DataFrame
        Just as `gis.footfall_weeks.weekly_footfall` gives for the valid hours.
    """
    # Sums of millions of rows in memory: on disk they take several times as long.
    session.execute(text("SET LOCAL work_mem = '64MB'"))
    odd = _odd_weeks(first_at, timezone)
    asked = {
        "sensors": list(sensors),
        "first": first_at,
        "zone": timezone,
        "flags": list(VALID_FLAGS),
        "odd": odd,
    }
    by_week = _sums(session, "hour / 168", asked)
    holed = by_week[by_week["n"] < WEEK_H]
    single = _single_hours(
        session, {**asked, "holed": (holed["sensor_id"] * WEEKS_APART + holed["key"]).tolist()}
    )
    is_odd = (pd.DatetimeIndex(single.index) - ZERO) // pd.Timedelta(hours=WEEK_H)
    of_week, of_hour = hour_sums(single[is_odd.isin(odd)])
    weeks = by_week.assign(starts_on=ZERO + pd.to_timedelta(by_week["key"] * 7, unit="D")).drop(columns="key")
    hours = _sums(session, "hour %% 168", asked).rename(columns={"key": "hour_of_week"})
    both = pd.concat([hours, of_hour]) if len(of_hour) else hours
    return weeks_of_sums(
        pd.concat([weeks, of_week], ignore_index=True) if len(of_week) else weeks,
        both.groupby(["sensor_id", "hour_of_week"], as_index=False)[["total", "n"]].sum(),
        single,
    )


def _odd_weeks(first_at: datetime, timezone: str) -> list[int]:
    """Weeks in which the clock is moved: their hours are looked at one by one."""
    first = pd.Timestamp(first_at).tz_convert(timezone).tz_localize(None).normalize()
    until = pd.Timestamp(datetime.now(UTC)).tz_localize(None) + pd.Timedelta(weeks=60)
    first_week = (first - ZERO).days // 7
    mondays = pd.date_range(ZERO + pd.Timedelta(weeks=first_week), until, freq="7D")
    lengths = mondays.tz_localize(timezone).tz_convert("UTC").diff()[1:]
    return [first_week + place for place, long in enumerate(lengths) if long != pd.Timedelta(hours=WEEK_H)]


def _sums(session: Session, key: str, asked: dict[str, Any]) -> pd.DataFrame:
    return read_numbers(
        session,
        f"SELECT sensor_id, {key} AS key, sum(value)::float8 AS total, count(*) AS n FROM ({WHOLE_HOURS}) h "
        f"WHERE hour / 168 <> ALL(%(odd)s::bigint[]) GROUP BY 1, 2 ORDER BY 1, 2",
        asked,
        {"sensor_id": "int8", "key": "int8", "total": "float8", "n": "int8"},
    )


def _single_hours(session: Session, asked: dict[str, Any]) -> pd.DataFrame:
    """Clock hours x sensors of the weeks that miss hours; an hour that the clock shows twice is none."""
    rows = read_numbers(
        session,
        f"SELECT sensor_id, hour, value FROM ({WHOLE_HOURS}) h WHERE hour / 168 = ANY(%(odd)s::bigint[]) "
        f"OR sensor_id * {WEEKS_APART} + hour / 168 = ANY(%(holed)s::bigint[])",
        asked,
        {"sensor_id": "int8", "hour": "int8", "value": "float8"},
    )
    rows = rows[~rows.duplicated(["sensor_id", "hour"], keep=False)]
    table = rows.pivot(index="hour", columns="sensor_id", values="value")
    return table.set_axis(ZERO + pd.to_timedelta(table.index.astype("int64"), unit="h"), axis=0)
