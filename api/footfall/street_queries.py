"""SQL about the footfall of streets."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.geojson import as_geojson

COLUMNS = (
    "s.segment_id, s.name, s.shop_units, s.footfall_per_day, s.lower_per_day, s.upper_per_day, s.passage_class, "
    "s.is_class_only, s.reason, s.gain_share"
)
FROM = "FROM street_footfall s JOIN current_run r ON r.id = s.run_id "


def run(session: Session, nis_code: str) -> RowMapping | None:
    """The run whose streets are shown, with what it rests on; None before the first refresh."""
    query = text(
        "SELECT r.finished_at, r.parameters -> 'footfall_accuracy' AS accuracy, "
        "r.parameters -> 'footfall_counts' AS counts, (SELECT string_agg(DISTINCT d.name, ', ') "
        "FROM footfall_sensor f JOIN dataset d ON d.id = f.dataset_id WHERE f.nis_code = r.nis_code) AS source, "
        "(SELECT min(split_part(i.observed_on, '/', 1)) FROM indicator_value i WHERE i.run_id = r.id "
        "AND i.code = 'sensor_footfall' AND i.value IS NOT NULL) AS from_on, "
        "(SELECT max(split_part(i.observed_on, '/', 2)) FROM indicator_value i WHERE i.run_id = r.id "
        "AND i.code = 'sensor_footfall' AND i.value IS NOT NULL) AS to_on "
        "FROM current_run r WHERE r.nis_code = :nis AND r.kind = 'refresh'"
    )
    return session.execute(query, {"nis": nis_code}).mappings().first()


def streets(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """Streets of a municipality with their shape, the busiest first."""
    query = text(
        f"SELECT {COLUMNS}, {as_geojson('s.geom')} AS geometry {FROM} WHERE s.nis_code = :nis "
        "ORDER BY s.footfall_per_day DESC NULLS LAST, s.segment_id"
    )
    return session.execute(query, {"nis": nis_code}).mappings().all()


def street(session: Session, segment_id: int) -> dict[str, Any] | None:
    """One street and why it has its number."""
    query = text(f"SELECT s.nis_code, {COLUMNS}, s.detail {FROM} WHERE s.segment_id = :id")
    row = session.execute(query, {"id": segment_id}).mappings().first()
    return None if row is None else dict(row)
