"""SQL about sensors and counts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

SENSORS = """
SELECT s.id, s.nis_code, s.code, s.name, s.instrument, s.measure_kind, s.interval_minutes, s.supplier,
    s.active_from, s.active_to, s.direction_a, s.direction_b, st_x(st_transform(s.geom, 4326)) AS lon,
    st_y(st_transform(s.geom, 4326)) AS lat, c.first_at, c.last_at, i.value, i.lower, i.upper, i.reason, i.detail
FROM footfall_sensor s
LEFT JOIN LATERAL (SELECT (SELECT min(start_at) FROM footfall_hour WHERE sensor_id = s.id) AS first_at,
    coalesce((SELECT max(start_at) FROM footfall_count WHERE sensor_id = s.id),
        (SELECT max(start_at) FROM footfall_hour WHERE sensor_id = s.id)) AS last_at) c ON true
LEFT JOIN current_run r ON r.nis_code = s.nis_code AND r.kind = 'refresh'
LEFT JOIN indicator_value i ON i.run_id = r.id AND i.code = 'sensor_footfall' AND i.shop_unit_id IS NULL
    AND (i.detail->>'sensor_id')::bigint = s.id
"""


def sensors(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """Sensors of a municipality with their footfall of the current run."""
    query = text(f"{SENSORS} WHERE s.nis_code = :nis ORDER BY s.name")
    return session.execute(query, {"nis": nis_code}).mappings().all()


def sensor(session: Session, sensor_id: int) -> RowMapping | None:
    """One sensor."""
    return session.execute(text(f"{SENSORS} WHERE s.id = :id"), {"id": sensor_id}).mappings().first()


def may_redistribute(session: Session, sensor_id: int) -> bool:
    """Does the licence of the sensor, and of every import of its counts of the last year, let rows go to others?"""
    query = text(
        "SELECT NOT EXISTS (SELECT 1 FROM dataset d WHERE NOT d.redistribute_rows AND d.id IN ("
        "SELECT s.dataset_id FROM footfall_sensor s WHERE s.id = :id UNION SELECT b.dataset_id FROM import_batch b "
        "WHERE b.id IN (SELECT DISTINCT c.batch_id FROM footfall_count c WHERE c.sensor_id = :id AND c.start_at > "
        "(SELECT max(start_at) FROM footfall_count WHERE sensor_id = :id) - interval '1 year')))"
    )
    return bool(session.execute(query, {"id": sensor_id}).scalar())


def modes(session: Session, sensor_id: int) -> list[str]:
    """What a sensor counts, by looking at its last month."""
    query = text(
        "SELECT DISTINCT mode FROM footfall_day WHERE sensor_id = :id AND counted_on > "
        "(SELECT max(counted_on) FROM footfall_day WHERE sensor_id = :id) - 31"
    )
    return sorted(session.execute(query, {"id": sensor_id}).scalars().all())


# Sums of passages, means of people present: the other of the two is always empty, so neither is ever in the other.
BUCKET = (
    "sum(passages) AS passages, sum(present * minutes_valid) "
    "/ nullif(sum(minutes_valid) FILTER (WHERE present IS NOT NULL), 0) AS present, max(present_max) AS present_max, "
    "sum(passages_a) AS passages_a, sum(passages_b) AS passages_b, sum(minutes_valid) AS minutes_valid, "
    "sum(n_flagged) AS n_flagged, sum(n) AS n"
)
OF_HOURS = (
    f"SELECT date_trunc(:interval, start_at, :zone) AS bucket_at, {BUCKET} FROM footfall_hour "
    "WHERE sensor_id = :id AND mode = :mode AND start_at >= :first AND start_at < :last GROUP BY 1"
)
# Whole days are read as such, and the two that the window cuts hour by hour.
OF_DAYS = (
    "WITH part AS (SELECT date_trunc('day', CAST(:first AS timestamptz) - interval '1 microsecond', :zone) AT TIME ZONE "
    ":zone + interval '1 day' AS from_day, date_trunc('day', CAST(:last AS timestamptz), :zone) AT TIME ZONE :zone AS to_day), "
    "piece AS (SELECT d.counted_on::timestamp AT TIME ZONE :zone AS at, d.passages, d.present, d.present_max, d.passages_a, "
    "d.passages_b, d.minutes_valid, d.n_flagged, d.n FROM footfall_day d, part WHERE d.sensor_id = :id "
    "AND d.mode = :mode AND d.counted_on >= part.from_day::date AND d.counted_on < part.to_day::date UNION ALL "
    "SELECT h.start_at, h.passages, h.present, h.present_max, h.passages_a, h.passages_b, h.minutes_valid, h.n_flagged, "
    "h.n FROM footfall_hour h, part WHERE h.sensor_id = :id AND h.mode = :mode AND ("
    "(h.start_at >= :first AND h.start_at < least(part.from_day AT TIME ZONE :zone, :last)) "
    "OR (h.start_at >= greatest(part.to_day AT TIME ZONE :zone, part.from_day AT TIME ZONE :zone, :first) "
    "AND h.start_at < :last))) "
    f"SELECT date_trunc(:interval, at, :zone) AS bucket_at, {BUCKET} FROM piece GROUP BY 1"
)


def series(
    session: Session,
    sensor_id: int,
    *,
    mode: str,
    interval: str,
    timezone: str,
    first_at: datetime,
    last_at: datetime,
) -> Sequence[RowMapping]:
    """
    Counts per local hour, day, week or month: both directions together, and each where it is told.

    Passages are summed, people present averaged, each in a column of its own. Flagged counts are left out of the value
    and counted apart.
    """
    query = text(f"{OF_HOURS if interval == 'hour' else OF_DAYS} ORDER BY 1")
    values: dict[str, Any] = {
        "id": sensor_id,
        "mode": mode,
        "interval": interval,
        "zone": timezone,
        "first": first_at,
        "last": last_at,
    }
    return session.execute(query, values).mappings().all()


def week_profile(
    session: Session, sensor_id: int, *, mode: str, timezone: str, first_at: datetime, last_at: datetime
) -> Sequence[RowMapping]:
    """Mean per weekday (1 Monday) and hour on the clock, flagged hours left out."""
    query = text(
        "WITH hours AS (SELECT start_at AT TIME ZONE :zone AS local_hour, coalesce(passages, present) AS value "
        "FROM footfall_hour WHERE sensor_id = :id AND mode = :mode AND start_at >= :first AND start_at < :last "
        "AND minutes_valid > 0) SELECT extract(isodow FROM local_hour)::int AS weekday, "
        "extract(hour FROM local_hour)::int AS hour, avg(value) AS value, count(*) AS n FROM hours GROUP BY 1, 2 "
        "ORDER BY 1, 2"
    )
    values = {"id": sensor_id, "mode": mode, "zone": timezone, "first": first_at, "last": last_at}
    return session.execute(query, values).mappings().all()


def estimate(session: Session, unit_id: int) -> RowMapping | None:
    """The footfall estimate of a shop unit in the current run."""
    query = text(
        "SELECT i.value, i.lower, i.upper, i.reason, i.detail, i.source, i.observed_on FROM indicator_value i "
        "JOIN current_run r ON r.id = i.run_id WHERE i.shop_unit_id = :id AND i.code = 'footfall'"
    )
    return session.execute(query, {"id": unit_id}).mappings().first()
