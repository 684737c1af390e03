"""Counts per hour, as the calculations take them: always from the sums that the database keeps, never from readings."""

from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.frames import read_numbers

VALUE = "(coalesce(h.passages, 0) + coalesce(h.passages_flagged, 0))::float8"
HOURS = {
    "sensor_id": "int8",
    "start_at": "timestamptz",
    "minutes": "int8",
    "value": "float8",
    "quality_flag": "int8",
}
JUDGED = {**HOURS, "n": "int8", "uptime": "float8"}


def read_hours(
    session: Session,
    nis_code: str,
    *,
    mode: str = "ped",
    measure_kind: str = "passage",
    first_at: datetime | None = None,
    last_at: datetime | None = None,
) -> pd.DataFrame:
    """
    Read what the sensors of a municipality counted, hour by hour.

    Both directions are together: the sum where the sensor gives it, else its directions added up. People present in
    an area are left out, as they cannot be summed.

    Parameters
    ----------
    nis_code
        The municipality.
    mode
        Who passes: ped, bike, auto, truck or all.
    measure_kind
        What is counted: passage, or entries at doors.
    first_at, last_at
        From, and up to but without; none reads all.

    Returns
    -------
    pandas.DataFrame
        ``sensor_id``, ``start_at`` (UTC), ``minutes`` (counted, 60 where whole), ``value`` (passages) and
        ``quality_flag`` (the worst of the hour), a row per sensor and hour, in that order.
    """
    return read_numbers(
        session,
        f"SELECT h.sensor_id, h.start_at, h.minutes::int8, {VALUE}, h.worst_flag::int8 "
        "FROM footfall_hour h JOIN footfall_sensor s ON s.id = h.sensor_id "
        "WHERE s.nis_code = %(nis)s AND s.measure_kind = %(kind)s AND h.mode = %(mode)s AND h.longest_minutes <= 60 "
        "AND (%(first)s::timestamptz IS NULL OR h.start_at >= %(first)s) "
        "AND (%(last)s::timestamptz IS NULL OR h.start_at < %(last)s) ORDER BY h.sensor_id, h.start_at",
        {"nis": nis_code, "mode": mode, "kind": measure_kind, "first": first_at, "last": last_at},
        HOURS,
    )


def counted_modes(session: Session, nis_code: str) -> dict[str, list[int]]:
    """Sensors of a municipality that count passages somewhere on the map, by who passes."""
    query = text(
        "SELECT m.mode, array_agg(s.id ORDER BY s.id) AS sensors FROM footfall_sensor s "
        "CROSS JOIN unnest(ARRAY['ped', 'bike', 'auto', 'truck', 'all']) AS m(mode) "
        "WHERE s.nis_code = :nis AND s.measure_kind = 'passage' AND s.geom IS NOT NULL AND EXISTS "
        "(SELECT 1 FROM footfall_day d WHERE d.sensor_id = s.id AND d.mode = m.mode) GROUP BY 1"
    )
    return {row.mode: row.sensors for row in session.execute(query, {"nis": nis_code})}


def read_judged_hours(session: Session, nis_code: str, modes: pd.Series, *, days: int) -> pd.DataFrame:
    """
    Read the hours of the last days, with what the rules of quality ask beside the passages.

    Parameters
    ----------
    nis_code
        The municipality.
    modes
        Who passes, by key of the sensor.
    days
        So many days before the newest count of the municipality.

    Returns
    -------
    pandas.DataFrame
        As `read_hours`, with ``n`` (readings in the hour), ``uptime`` (the lowest share of them, NaN where not told)
        and ``mode``. An hour that holds an interval of more than an hour has the minutes of all.
    """
    frame = read_numbers(
        session,
        "SELECT h.sensor_id, h.start_at, CASE WHEN h.longest_minutes > 60 THEN greatest(h.minutes, h.longest_minutes) "
        f"ELSE least(h.minutes, 60) END::int8, {VALUE}, h.worst_flag::int8, h.n::int8, "
        "coalesce(h.lowest_uptime, 'NaN')::float8 FROM unnest(%(sensors)s::bigint[], %(modes)s::text[]) AS s(id, mode) "
        "JOIN footfall_hour h ON h.sensor_id = s.id AND h.mode = s.mode "
        "WHERE h.start_at > (SELECT max(l.last_at) FROM footfall_sensor x CROSS JOIN LATERAL (SELECT max(start_at) "
        "AS last_at FROM footfall_hour WHERE sensor_id = x.id) l WHERE x.nis_code = %(nis)s) "
        "- make_interval(days => %(days)s) ORDER BY h.sensor_id, h.start_at",
        {"nis": nis_code, "sensors": modes.index.tolist(), "modes": modes.tolist(), "days": days},
        JUDGED,
    )
    return frame.assign(mode=frame["sensor_id"].map(modes))


def read_direction_days(
    session: Session, modes: pd.Series, *, first_at: datetime, timezone: str
) -> pd.DataFrame:
    """
    Read passages per local day and direction, believed or not, of the sensors that tell directions apart.

    Returns
    -------
    pandas.DataFrame
        ``sensor_id``, ``on`` (day), ``a`` and ``b`` (none in a direction is zero). The first day may begin before
        ``first_at``.
    """
    query = text(
        'SELECT d.sensor_id, d.counted_on AS "on", (coalesce(d.passages_a, 0) + coalesce(d.flagged_a, 0))::float8 AS a, '
        "(coalesce(d.passages_b, 0) + coalesce(d.flagged_b, 0))::float8 AS b FROM footfall_day d "
        "JOIN unnest(CAST(:sensors AS bigint[]), CAST(:modes AS text[])) AS s(id, mode) "
        "ON s.id = d.sensor_id AND s.mode = d.mode WHERE d.counted_on >= (CAST(:first AS timestamptz) AT TIME ZONE :zone)::date "
        "AND num_nonnulls(d.passages_a, d.passages_b, d.flagged_a, d.flagged_b) > 0 ORDER BY 1, 2"
    )
    values: dict[str, Any] = {
        "sensors": modes.index.tolist(),
        "modes": modes.tolist(),
        "first": first_at,
        "zone": timezone,
    }
    frame = pd.read_sql(query, session.connection(), params=values)
    return frame.assign(on=pd.to_datetime(frame["on"]))
