"""SQL about parking."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.geojson import as_geojson


def zones(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """Parking zones with how full they are in opening hours, as the current run says."""
    query = text(
        "SELECT z.id, z.code, z.name, z.kind, z.capacity, z.regime, z.max_stay_min, z.fee_eur_per_hour, "
        "i.value AS mean_share, i.detail, i.reason, st_x(st_transform(z.geom, 4326)) AS lon, "
        f"st_y(st_transform(z.geom, 4326)) AS lat, {as_geojson('coalesce(z.area_geom, z.geom)')} AS geometry "
        "FROM parking_zone z LEFT JOIN current_run r ON r.nis_code = z.nis_code AND r.kind = 'refresh' "
        "LEFT JOIN indicator_value i ON i.run_id = r.id AND i.code = 'parking_zone_occupancy' "
        "AND (i.detail->>'parking_zone_id')::bigint = z.id WHERE z.nis_code = :nis ORDER BY z.name"
    )
    return session.execute(query, {"nis": nis_code}).mappings().all()


def zone(session: Session, zone_id: int) -> RowMapping | None:
    """One parking zone."""
    query = text("SELECT id, nis_code, code, name, capacity FROM parking_zone WHERE id = :id")
    return session.execute(query, {"id": zone_id}).mappings().first()


def week(session: Session, zone_id: int, timezone: str) -> Sequence[RowMapping]:
    """Mean share of spaces taken per weekday (1 Monday) and hour on the clock."""
    query = text(
        "SELECT extract(isodow FROM observed_at AT TIME ZONE :zone)::int AS weekday, "
        "extract(hour FROM observed_at AT TIME ZONE :zone)::int AS hour, "
        "avg(occupied / nullif(o.capacity, 0)) AS share, count(*) AS n, min(observed_at) AS first_at, "
        "max(observed_at) AS last_at FROM parking_observation o WHERE parking_zone_id = :id GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return session.execute(query, {"id": zone_id, "zone": timezone}).mappings().all()
