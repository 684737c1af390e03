"""A plain map of streets, cores and buildings around places, for pages that may ask nobody else for one."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.base import SRID

# Six decimals of a degree are a decimetre, finer than a line on the screen.
DECIMALS = 6
AROUND_M = 350.0
BUILDINGS_M = 180.0
MOST_BUILDINGS = 6000
_NEAR = f"SELECT st_transform(st_setsrid(st_makepoint(x, y), 4326), {SRID}) AS place FROM unnest(CAST(:lon AS float8[]), CAST(:lat AS float8[])) AS p(x, y)"
_SHAPE = f"st_asgeojson(st_transform(st_simplifypreservetopology({{geom}}, {{detail}}), 4326), {DECIMALS})"
STREETS = (
    f"WITH near AS (SELECT st_buffer(st_collect(place), :around) AS zone FROM ({_NEAR}) n) "
    f"SELECT {_SHAPE.format(geom='s.geom', detail=1.0)} AS shape, s.name FROM street_segment s, near "
    "WHERE st_intersects(s.geom, near.zone) AND s.street_class <> 'service' ORDER BY s.id"
)
CORES = (
    f"WITH near AS (SELECT st_buffer(st_collect(place), :around) AS zone FROM ({_NEAR}) n) "
    f"SELECT {_SHAPE.format(geom='c.geom', detail=2.0)} AS shape, c.name FROM core c, near "
    "WHERE st_intersects(c.geom, near.zone) ORDER BY c.id"
)
BUILDINGS = (
    f"WITH near AS (SELECT st_buffer(st_collect(place), :close) AS zone FROM ({_NEAR}) n) "
    f"SELECT {_SHAPE.format(geom='b.geom', detail=0.5)} AS shape, NULL AS name FROM building b, near "
    "WHERE st_intersects(b.geom, near.zone) ORDER BY b.id LIMIT :most"
)
NAMED = {"streets": STREETS, "cores": CORES, "buildings": BUILDINGS}


def ground(session: Session, places: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """
    Streets, cores and buildings around places, each a GeoJSON feature collection in degrees.

    Parameters
    ----------
    places
        Longitude and latitude of each.
    """
    values = {
        "lon": [lon for lon, _ in places], "lat": [lat for _, lat in places], "around": AROUND_M,
        "close": BUILDINGS_M, "most": MOST_BUILDINGS,
    }  # fmt: skip
    return {name: _collection(session, query, values) for name, query in NAMED.items()}


def _collection(session: Session, query: str, values: dict[str, Any]) -> dict[str, Any]:
    rows: list[Any] = list(session.execute(text(query), values).mappings()) if values["lon"] else []
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": orjson.loads(row["shape"]),
                "properties": {"name": row["name"]} if row["name"] else {},
            }
            for row in rows
        ],
    }


def ground_sources(session: Session, nis_codes: Sequence[str]) -> list[str]:
    """Whom such a map must name."""
    query = text(
        "SELECT DISTINCT coalesce(d.attribution, d.name) || CASE WHEN d.share_alike THEN ' (' || "
        "coalesce(d.licence, 'share-alike') || ')' ELSE '' END FROM dataset d WHERE d.id IN ("
        "SELECT dataset_id FROM street_segment WHERE nis_code = ANY(:nis) UNION "
        "SELECT dataset_id FROM building WHERE nis_code = ANY(:nis)) ORDER BY 1"
    )
    return list(session.execute(query, {"nis": list(nis_codes)}).scalars())
