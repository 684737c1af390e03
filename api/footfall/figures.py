"""Lists of what is kept beside sensors: counts by hand, spending and visitors of areas."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

MANUAL = """
SELECT c.id, c.code, c.name, c.start_at, c.mode, c.minutes, c.value, c.factor, c.expands_to, c.expanded,
    st_x(st_transform(c.geom, 4326)) AS lon, st_y(st_transform(c.geom, 4326)) AS lat, d.name AS source
FROM manual_count c LEFT JOIN dataset d ON d.id = c.dataset_id
WHERE c.nis_code = :nis ORDER BY c.code, c.start_at, c.mode
"""
AREAS = """
SELECT a.id, a.kind, a.area, a.from_on, a.to_on, a.origin, a.branch_group, a.unit, a.value, a.state, a.cards,
    a.merchants, a.largest_merchant_share, d.name AS source, d.licence
FROM area_figure a LEFT JOIN dataset d ON d.id = a.dataset_id
WHERE a.nis_code = :nis AND (CAST(:kind AS text) IS NULL OR a.kind = :kind)
ORDER BY a.kind, a.area, a.from_on, a.origin, a.branch_group, a.unit
"""


def list_manual_counts(session: Session, nis_code: str) -> list[dict[str, Any]]:
    """Counts by hand of a municipality."""
    return [dict(row) for row in session.execute(text(MANUAL), {"nis": nis_code}).mappings()]


def list_area_figures(session: Session, nis_code: str, *, kind: str | None) -> list[dict[str, Any]]:
    """Spending and visitors of areas; a suppressed or missing cell has a state and no value."""
    return [dict(row) for row in session.execute(text(AREAS), {"nis": nis_code, "kind": kind}).mappings()]
