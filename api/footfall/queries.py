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
LEFT JOIN LATERAL (SELECT min(start_at) AS first_at, max(start_at) AS last_at FROM footfall_count
    WHERE sensor_id = s.id) c ON true
LEFT JOIN current_run r ON r.nis_code = s.nis_code AND r.kind = 'refresh'
LEFT JOIN indicator_value i ON i.run_id = r.id AND i.code = 'sensor_footfall' AND i.shop_unit_id IS NULL
    AND (i.detail->>'sensor_id')::bigint = s.id
"""


# One reading per moment: the sum of both directions where the sensor gives it, else the directions added up.
MOMENTS = (
    "SELECT start_at, max(minutes) AS minutes, max(quality_flag) AS flag, "
    "coalesce(sum(value) FILTER (WHERE direction = 'both'), sum(value)) AS value FROM footfall_count "
    "WHERE sensor_id = :id AND mode = :mode AND start_at >= :first AND start_at < :last GROUP BY start_at"
)


def sensors(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """Sensors of a municipality with their footfall of the current run."""
    query = text(f"{SENSORS} WHERE s.nis_code = :nis ORDER BY s.name")
    return session.execute(query, {"nis": nis_code}).mappings().all()


def sensor(session: Session, sensor_id: int) -> RowMapping | None:
    """One sensor."""
    return session.execute(text(f"{SENSORS} WHERE s.id = :id"), {"id": sensor_id}).mappings().first()


def modes(session: Session, sensor_id: int) -> list[str]:
    """What a sensor counts, by looking at its last month."""
    query = text(
        "SELECT DISTINCT mode FROM footfall_count WHERE sensor_id = :id AND start_at > "
        "(SELECT max(start_at) FROM footfall_count WHERE sensor_id = :id) - interval '31 days'"
    )
    return sorted(session.execute(query, {"id": sensor_id}).scalars().all())


def series(
    session: Session,
    sensor_id: int,
    *,
    mode: str,
    interval: str,
    timezone: str,
    first_at: datetime,
    last_at: datetime,
    is_occupancy: bool,
) -> Sequence[RowMapping]:
    """
    Counts per local hour, day, week or month: both directions together.

    Passages are summed; people present are averaged. Flagged counts are left out of the value and counted apart.
    """
    merged = (
        "avg(value) FILTER (WHERE flag IN (0, 8, 10))"
        if is_occupancy
        else "sum(value) FILTER (WHERE flag IN (0, 8, 10))"
    )
    query = text(
        f"WITH moments AS ({MOMENTS}) SELECT date_trunc(:interval, start_at, :zone) AS bucket_at, "
        f"{merged} AS value, sum(minutes) FILTER (WHERE flag IN (0, 8, 10)) AS minutes_valid, "
        "count(*) FILTER (WHERE flag NOT IN (0, 8, 10)) AS n_flagged, count(*) AS n FROM moments GROUP BY 1 ORDER BY 1"
    )
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
        f"WITH moments AS ({MOMENTS}), hours AS (SELECT date_trunc('hour', start_at) AT TIME ZONE :zone AS local_hour, "
        "sum(value) AS value FROM moments WHERE flag IN (0, 8, 10) GROUP BY date_trunc('hour', start_at)) "
        "SELECT extract(isodow FROM local_hour)::int AS weekday, extract(hour FROM local_hour)::int AS hour, "
        "avg(value) AS value, count(*) AS n FROM hours GROUP BY 1, 2 ORDER BY 1, 2"
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
