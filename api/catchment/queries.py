"""SQL about what a catchment may hold."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.db.base import SRID


def unit_place(session: Session, unit_id: int) -> RowMapping | None:
    """Where a shop unit stands, metres."""
    query = text("SELECT nis_code, st_x(geom) AS x, st_y(geom) AS y FROM shop_unit WHERE id = :id")
    return session.execute(query, {"id": unit_id}).mappings().first()


def place_of(session: Session, lon: float, lat: float) -> tuple[float, float]:
    """Degrees to metres."""
    query = text(
        f"SELECT st_x(p), st_y(p) FROM (SELECT st_transform(st_setsrid(st_makepoint(:lon, :lat), 4326), {SRID}) p) q"
    )
    x, y = session.execute(query, {"lon": lon, "lat": lat}).one()
    return float(x), float(y)


def in_degrees(session: Session, x: float, y: float) -> tuple[float, float]:
    """Metres to degrees."""
    query = text(
        f"SELECT st_x(p), st_y(p) FROM (SELECT st_transform(st_setsrid(st_makepoint(:x, :y), {SRID}), 4326) p) q"
    )
    lon, lat = session.execute(query, {"x": x, "y": y}).one()
    return float(lon), float(lat)


# Everything countable within the box, as points with amounts. People are those of each municipality's current run.
PEOPLE = (
    "SELECT st_x(p.geom) AS x, st_y(p.geom) AS y, p.persons FROM population_point p "
    "JOIN current_run r ON r.id = p.run_id WHERE p.geom && st_makeenvelope(:x1, :y1, :x2, :y2, {srid})"
)
UNITS = (
    "SELECT st_x(u.geom) AS x, st_y(u.geom) AS y, 1.0 AS shop_units, "
    "CASE WHEN v.id IS NOT NULL THEN 1.0 ELSE 0.0 END AS vacant_units, u.floor_area_m2 FROM shop_unit u "
    "LEFT JOIN vacancy_spell v ON v.shop_unit_id = u.id AND v.period @> current_date "
    "WHERE u.lifecycle = 'active' AND u.geom && st_makeenvelope(:x1, :y1, :x2, :y2, {srid})"
)
PARKING = (
    "SELECT st_x(geom) AS x, st_y(geom) AS y, capacity::float8 AS parking_spaces FROM parking_zone "
    "WHERE geom && st_makeenvelope(:x1, :y1, :x2, :y2, {srid})"
)


def points(session: Session, query: str, box: tuple[float, float, float, float]) -> pd.DataFrame:
    """Rows of one of the queries above within a box in metres, without overhead for large boxes."""
    values = dict(zip(("x1", "y1", "x2", "y2"), box, strict=True))
    result = session.execute(text(query.format(srid=SRID)), values)
    columns = list(result.keys())
    rows: Sequence[Any] = result.all()
    array = np.array([tuple(row) for row in rows], dtype=float).reshape(len(rows), len(columns))
    return pd.DataFrame(array, columns=columns)


def population_sources(session: Session, box: tuple[float, float, float, float]) -> Sequence[RowMapping]:
    """Where the people in the box come from, and what share of its sectors is known."""
    query = text(
        "SELECT d.name AS dataset, max(s.year) AS year, count(*) AS sectors, "
        "count(*) FILTER (WHERE p.value IS NOT NULL) AS known, count(*) FILTER (WHERE p.is_suppressed) AS suppressed "
        "FROM stat_sector s LEFT JOIN LATERAL (SELECT * FROM sector_stat x WHERE x.sector_code = s.code "
        "AND x.key = 'population' ORDER BY x.year DESC LIMIT 1) p ON true LEFT JOIN dataset d ON d.id = p.dataset_id "
        f"WHERE s.geom && st_makeenvelope(:x1, :y1, :x2, :y2, {SRID}) GROUP BY d.name"
    )
    return session.execute(query, dict(zip(("x1", "y1", "x2", "y2"), box, strict=True))).mappings().all()
