"""SQL about shop units as they are offered, and what stands beside them."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.base import SRID

UNITS = """
SELECT s.id, coalesce(nullif(s.address, ''), s.local_code) AS address, s.street, s.house_number,
    s.house_number_suffix AS suffix, s.floor_level, s.parcel_id, s.core_id, c.name AS core_name, s.state, s.occupant_name,
    s.occupied_since IS NOT NULL AS is_in_use, s.market_status, s.floor_area_m2::float8 AS floor_area_m2,
    s.frontage_m::float8 AS frontage_m,
    coalesce(k.rent_eur_per_month, s.asking_rent_eur_per_month)::float8 AS rent_eur_per_month,
    coalesce(k.is_terrace_possible, s.is_terrace_possible) AS is_terrace_possible,
    CASE WHEN k.horeca = 'unfit' THEN false ELSE s.is_horeca_permitted END AS is_horeca_permitted,
    e.is_expected, e.expected_on,
    st_x(s.geom) AS x, st_y(s.geom) AS y, st_x(st_transform(s.geom, 4326)) AS lon, st_y(st_transform(s.geom, 4326)) AS lat
FROM shop_unit_state s
LEFT JOIN core c ON c.id = s.core_id
-- What an officer or an owner wrote on the card goes before what an import said.
LEFT JOIN unit_card k ON k.shop_unit_id = s.id
LEFT JOIN (
    SELECT shop_unit_id, true AS is_expected, min(expected_on) AS expected_on FROM expected_vacancy
    WHERE removed_at IS NULL GROUP BY shop_unit_id
) e ON e.shop_unit_id = s.id
WHERE s.nis_code = :nis ORDER BY s.id
"""


def units(session: Session, nis_code: str) -> pd.DataFrame:
    """All active shop units of a municipality as they are today, by key."""
    frame = pd.read_sql(text(UNITS), session.connection(), params={"nis": nis_code}, index_col="id")
    numbers = ["floor_area_m2", "frontage_m", "rent_eur_per_month", "x", "y"]
    return frame.astype(dict.fromkeys(numbers, float))


def indicators(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What the last refresh computed of shop units, and the shops around them; those it did not know are left out."""
    query = text(
        "SELECT i.shop_unit_id AS id, i.indicators, i.near, i.far FROM unit_indicators i "
        "JOIN current_run r ON r.id = i.run_id AND r.kind = 'refresh' WHERE i.shop_unit_id = ANY(:ids)"
    )
    return {row["id"]: dict(row) for row in session.execute(query, {"ids": list(ids)}).mappings()}


def computed_at(session: Session, nis_code: str) -> Any:
    """When the indicators were computed; None before the first refresh."""
    query = text("SELECT finished_at FROM current_run WHERE nis_code = :nis AND kind = 'refresh'")
    return session.execute(query, {"nis": nis_code}).scalar()


def parcels(session: Session, ids: Sequence[int]) -> gpd.GeoSeries:
    """Parcels by key."""
    query = text("SELECT id, geom FROM parcel WHERE id = ANY(:ids) ORDER BY id")
    frame = gpd.read_postgis(
        query, session.connection(), geom_col="geom", index_col="id", crs=SRID, params={"ids": list(ids)}
    )
    return frame.geometry


def town_of(session: Session, unit_id: int) -> str | None:
    """Municipality of an active shop unit."""
    query = text("SELECT nis_code FROM shop_unit WHERE id = :id AND lifecycle = 'active'")
    found: str | None = session.execute(query, {"id": unit_id}).scalar()
    return found
