"""SQL about the footfall of streets."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.geojson import as_geojson

# Where the counts bear no numbers none leaves the database, nor the finer classes: only the kind of street.
WHY = "s.detail ->> 'class_reason'"
HIDDEN = ("footfall_per_day", "lower_per_day", "upper_per_day", "passage_class")
COLUMNS = (
    "s.segment_id, s.name, s.shop_units, "
    + ", ".join(f"CASE WHEN {WHY} IS NULL THEN s.{name} END AS {name}" for name in HIDDEN)
    + ", CASE WHEN s.passage_class IN ('A1', 'A2') THEN 'main' WHEN s.passage_class IN ('B1', 'B2') THEN 'secondary' "
    f"WHEN s.passage_class = 'C' THEN 'side' END AS footfall_class, {WHY} AS class_reason, "
    "s.is_class_only, s.reason, s.gain_share"
)
FROM = "FROM street_footfall s JOIN current_run r ON r.id = s.run_id "


def run(session: Session, nis_code: str) -> RowMapping | None:
    """The run whose streets are shown, with what it rests on; None before the first refresh."""
    query = text(
        "SELECT r.finished_at, r.parameters -> 'footfall_accuracy' AS accuracy, "
        "r.parameters -> 'footfall_counts' AS counts, r.parameters -> 'footfall_numbers' AS checks, (SELECT string_agg(DISTINCT d.name, ', ') "
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
        "ORDER BY footfall_per_day DESC NULLS LAST, footfall_class NULLS LAST, s.segment_id"
    )
    return session.execute(query, {"nis": nis_code}).mappings().all()


def core_names(session: Session, nis_code: str) -> dict[int, str]:
    """Names of the cores of a municipality."""
    query = text("SELECT id, coalesce(name, code) AS name FROM core WHERE nis_code = :nis")
    return {row["id"]: row["name"] for row in session.execute(query, {"nis": nis_code}).mappings()}


def street(session: Session, segment_id: int) -> dict[str, Any] | None:
    """One street and why it has its number."""
    query = text(f"SELECT s.nis_code, {COLUMNS}, s.detail {FROM} WHERE s.segment_id = :id")
    row = session.execute(query, {"id": segment_id}).mappings().first()
    return None if row is None else dict(row)
