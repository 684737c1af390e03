"""What a refresh reads around a municipality: places do not end at its border, nor does what they are measured against."""

import io
from typing import Any

import geopandas as gpd
import pandas as pd
import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.base import SRID

CRS = f"EPSG:{SRID}"
Extent = tuple[float, float, float, float]
IN_BOX = f"st_makeenvelope(%(west)s, %(south)s, %(east)s, %(north)s, {SRID})"

PARCELS = (
    "SELECT p.id, st_x(c) AS x, st_y(c) AS y FROM parcel p, LATERAL st_pointonsurface(p.geom) c "
    # In the order of a space-filling curve, so that neighbours share their searches.
    "WHERE p.nis_code = %(nis)s AND p.ends_on IS NULL ORDER BY c, p.id"
)
SHOPS = (
    "SELECT id, branch_code, st_x(geom) AS x, st_y(geom) AS y FROM shop_unit_state "
    f"WHERE state = 'occupied' AND geom && {IN_BOX} ORDER BY id"
)
PARKING = f"SELECT id, st_x(geom) AS x, st_y(geom) AS y FROM parking_zone WHERE geom && {IN_BOX} ORDER BY id"
STOPS = (
    "SELECT id, st_x(geom) AS x, st_y(geom) AS y FROM public_place "
    f"WHERE kind IN ('stop', 'station') AND geom && {IN_BOX} ORDER BY id"
)
# The own ones are of the run that is under way, which nobody else sees yet.
PEOPLE = (
    "SELECT p.id, p.persons, st_x(p.geom) AS x, st_y(p.geom) AS y FROM population_point p "
    "LEFT JOIN current_run r ON r.id = p.run_id "
    f"WHERE (r.id IS NOT NULL OR p.run_id = %(run)s) AND p.geom && {IN_BOX} ORDER BY p.id"
)
# Areas whose people are withheld, not known, or not placed yet because their municipality was never refreshed.
UNKNOWN = f"""
WITH area AS (
    SELECT s.nis_code, s.geom, NOT coalesce(p.is_suppressed, false) AND p.value IS NOT NULL AS is_known
    FROM stat_sector s
    LEFT JOIN LATERAL (
        SELECT value, is_suppressed FROM sector_stat x
        WHERE x.sector_code = s.code AND x.key = 'population' ORDER BY x.year DESC LIMIT 1
    ) p ON true
    WHERE s.geom && {IN_BOX} AND s.year = (SELECT max(year) FROM stat_sector t WHERE t.nis_code = s.nis_code)
    UNION ALL
    SELECT m.nis_code, m.geom, m.population IS NOT NULL FROM municipality m
    WHERE m.geom && {IN_BOX} AND NOT EXISTS (SELECT 1 FROM stat_sector t WHERE t.nis_code = m.nis_code)
), unknown AS (
    SELECT geom FROM area WHERE NOT is_known OR (
        nis_code <> %(nis)s AND NOT EXISTS (SELECT 1 FROM current_run r WHERE r.nis_code = area.nis_code)
    )
)
SELECT DISTINCT t.id, st_x(c) AS x, st_y(c) AS y
FROM unknown u
JOIN street_segment t ON t.geom && u.geom
CROSS JOIN LATERAL st_lineinterpolatepoint(t.geom, 0.5) c
WHERE t.street_class NOT IN ('motorway', 'trunk', 'ferry') AND st_intersects(u.geom, c)
ORDER BY t.id
"""


def points(session: Session, query: str, **values: Any) -> gpd.GeoDataFrame:
    """Rows of a query with `id`, `x` and `y`; COPY, because a region holds half a million people's places."""
    raw = session.connection().connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    buffer = io.BytesIO()
    with raw.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)".encode(), values) as copy:
        for block in copy:
            buffer.write(block)
    buffer.seek(0)
    kinds = {"id": "int64", "x": "float64", "y": "float64", "persons": "float64", "branch_code": "object"}
    # No branch is called NA, but an empty one is missing.
    frame = pd.read_csv(buffer, dtype=kinds, index_col="id", keep_default_na=False, na_values=[""])
    shapes = gpd.points_from_xy(frame.pop("x"), frame.pop("y"))
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=CRS)


def box(extent: Extent, reach_m: float) -> dict[str, float]:
    """An extent and so much around it, as parameters of the queries."""
    west, south, east, north = extent
    return {
        "west": west - reach_m,
        "south": south - reach_m,
        "east": east + reach_m,
        "north": north + reach_m,
    }


def datasets(session: Session, nis_code: str) -> dict[str, dict[str, str | None]]:
    """Per kind of source its datasets and the date or period they speak of, where not known to `source_names`."""
    query = text(
        "SELECT string_agg(DISTINCT d.name, ', '), max(d.vintage_on)::text FROM public_place t "
        "LEFT JOIN dataset d ON d.id = t.dataset_id WHERE t.nis_code = :nis AND t.kind IN ('stop', 'station')"
    )
    source, when = session.execute(query, {"nis": nis_code}).one()
    return {"stops": {"source": source, "observed_on": when}}
