"""SQL about speeds and the streets of islands."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.geojson import as_geojson

SCOPE = "nis_code IS NOT DISTINCT FROM :nis"


def own_speeds(session: Session, nis_code: str | None) -> list[dict[str, Any]]:
    """Speeds set for a municipality, or for the deployment when None."""
    query = text(
        "SELECT nis_code, mode, street_class, coalesce(speed_kmh, wait_min) AS value, source, changed_at "
        f"FROM travel_speed WHERE {SCOPE} ORDER BY mode, street_class"
    )
    return [dict(row) for row in session.execute(query, {"nis": nis_code}).mappings()]


def own_municipalities(session: Session) -> list[str]:
    """NIS codes of the municipalities that have speeds of their own."""
    query = text("SELECT DISTINCT nis_code FROM travel_speed WHERE nis_code IS NOT NULL ORDER BY nis_code")
    return list(session.execute(query).scalars())


def put_speed(
    session: Session, nis_code: str | None, key: tuple[str, str], value: float, source: str | None
) -> None:
    """Write one speed, or the wait for a ferry."""
    mode, street_class = key
    column = "wait_min" if street_class == "ferry_wait" else "speed_kmh"
    session.execute(
        text(
            f"INSERT INTO travel_speed (nis_code, mode, street_class, {column}, source) "
            "VALUES (:nis, :mode, :class, :value, :source) ON CONFLICT (nis_code, mode, street_class) "
            f"DO UPDATE SET {column} = excluded.{column}, source = excluded.source"
        ),
        {"nis": nis_code, "mode": mode, "class": street_class, "value": value, "source": source},
    )


def drop_speeds(session: Session, nis_code: str | None, mode: str | None, street_class: str | None) -> int:
    """Remove speeds of a scope, all of them or those of a mode and class."""
    query = text(
        f"DELETE FROM travel_speed WHERE {SCOPE} AND (CAST(:mode AS text) IS NULL OR mode = :mode) "
        "AND (CAST(:class AS text) IS NULL OR street_class = :class) RETURNING id"
    )
    values = {"nis": nis_code, "mode": mode, "class": street_class}
    return len(session.execute(query, values).all())


def is_municipality(session: Session, nis_code: str) -> bool:
    """Is the municipality known here?"""
    query = text("SELECT EXISTS (SELECT 1 FROM municipality WHERE nis_code = :nis)")
    return bool(session.execute(query, {"nis": nis_code}).scalar())


def segments(session: Session, segment_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Municipality, name, length and geometry of street segments."""
    query = text(
        f"SELECT id, nis_code, name, street_class, length_m, {as_geojson('geom')} AS geometry "
        "FROM street_segment WHERE id = ANY(:ids)"
    )
    return [dict(row) for row in session.execute(query, {"ids": list(segment_ids)}).mappings()]
