"""SQL that places the records of a register."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import psycopg
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.base import SRID
from api.registers.registers import Register

if TYPE_CHECKING:
    from api.registers.matching import Found

WRITE = """
WITH found AS (
    SELECT f.*, CASE
        WHEN f.earlier IS NOT NULL AND f.parcel_id IS NULL THEN st_multi(st_geomfromwkb(f.earlier, {srid}))
        ELSE (SELECT p.geom FROM parcel p WHERE p.id = f.parcel_id) END AS geom
    FROM register_found f
)
UPDATE {table} r SET matched_by = f.matched_by, match_doubt = f.doubt, parcel_id = f.parcel_id, geom = f.geom
FROM found f
WHERE f.id = r.id AND (r.matched_by, r.match_doubt, r.parcel_id, st_asewkb(r.geom))
    IS DISTINCT FROM (f.matched_by, f.doubt, f.parcel_id, st_asewkb(f.geom))
"""


def municipalities(session: Session, register: Register, nis_code: str | None) -> list[str]:
    """Municipalities with records, or the one that was named if it has some."""
    query = f"SELECT DISTINCT nis_code FROM {register.table} WHERE :nis IS NULL OR nis_code = :nis ORDER BY 1"
    return list(
        session.execute(text(query.replace(":nis IS", "CAST(:nis AS text) IS")), {"nis": nis_code}).scalars()
    )


def records(session: Session, register: Register, nis_code: str) -> pd.DataFrame:
    """Records with what places them: id, capakey, street, house_number, assigned (a key given by hand)."""
    query = text(
        f"SELECT r.id, r.capakey, r.street, r.house_number, a.capakey AS assigned FROM {register.table} r "
        "LEFT JOIN register_assignment a ON a.nis_code = r.nis_code AND a.register = :register "
        "AND a.record_key = r.record_key WHERE r.nis_code = :nis ORDER BY r.id"
    )
    rows = session.execute(query, {"nis": nis_code, "register": register.code}).all()
    names = ["id", "capakey", "street", "house_number", "assigned"]
    return pd.DataFrame(rows, columns=names, dtype=object)


def parcels_of_today(session: Session, nis_code: str, keys: Iterable[str]) -> dict[str, int]:
    """Parcels of today with one of these keys."""
    query = text(
        "SELECT capakey, id FROM parcel WHERE nis_code = :nis AND ends_on IS NULL AND capakey = ANY(:keys)"
    )
    found = session.execute(query, {"nis": nis_code, "keys": sorted(keys)})
    return {row.capakey: row.id for row in found}


def earlier_parcels(session: Session, nis_code: str, keys: Iterable[str]) -> gpd.GeoDataFrame:
    """Shapes, by key, of parcels that are no more: those that ended here first, else those of a layer given for it."""
    query = text(
        "SELECT DISTINCT ON (capakey) capakey, st_asbinary(geom) AS wkb FROM ("
        "SELECT capakey, geom, 1 AS rank FROM parcel WHERE nis_code = :nis AND ends_on IS NOT NULL "
        "AND capakey = ANY(:keys) UNION ALL SELECT capakey, geom, 2 FROM former_parcel WHERE nis_code = :nis "
        "AND capakey = ANY(:keys)) known ORDER BY capakey, rank"
    )
    rows = session.execute(query, {"nis": nis_code, "keys": sorted(keys)}).all()
    return _frame([row.capakey for row in rows], [row.wkb for row in rows])


def parcels_near(session: Session, nis_code: str, earlier: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Parcels of today, by id, that touch the earlier ones."""
    query = text(
        "SELECT DISTINCT p.id, st_asbinary(p.geom) AS wkb FROM unnest(CAST(:shapes AS bytea[])) AS s(wkb) "
        f"JOIN parcel p ON p.geom && st_geomfromwkb(s.wkb, {SRID}) "
        "WHERE p.nis_code = :nis AND p.ends_on IS NULL ORDER BY p.id"
    )
    shapes = list(shapely.to_wkb(earlier.geometry.to_numpy()))
    rows = session.execute(query, {"nis": nis_code, "shapes": shapes}).all()
    return _frame([row.id for row in rows], [row.wkb for row in rows])


def _frame(keys: list[object], shapes: list[bytes]) -> gpd.GeoDataFrame:
    geometry = shapely.from_wkb([bytes(one) for one in shapes]) if shapes else []
    return gpd.GeoDataFrame(index=pd.Index(keys), geometry=geometry, crs=SRID)


def unit_addresses(session: Session, nis_code: str) -> pd.DataFrame:
    """Street, number (with suffix and end of range) and parcel of the shop units that have all three."""
    query = text(
        "SELECT street, concat(house_number, house_number_suffix, '-' || house_number_end) AS number, parcel_id "
        "FROM shop_unit WHERE nis_code = :nis AND street IS NOT NULL AND house_number IS NOT NULL "
        "AND parcel_id IS NOT NULL AND lifecycle = 'active'"
    )
    rows = session.execute(query, {"nis": nis_code}).all()
    return pd.DataFrame(rows, columns=["street", "number", "parcel_id"], dtype=object)


def write(session: Session, register: Register, found: Mapping[int, "Found"]) -> None:
    """Store where the records lie; only what differs from what is stored."""
    raw = session.connection().connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    cursor = raw.cursor()
    cursor.execute(
        "CREATE TEMP TABLE register_found (id bigint, matched_by text, doubt text, parcel_id bigint, earlier bytea) "
        "ON COMMIT DROP; CREATE TEMP TABLE register_share (record_id bigint, parcel_id bigint, share float8) "
        "ON COMMIT DROP"
    )
    with cursor.copy("COPY register_found FROM STDIN") as copy:
        for key, one in found.items():
            copy.write_row((key, one.matched_by, one.doubt, one.parcel_id, one.earlier_wkb))
    with cursor.copy("COPY register_share FROM STDIN") as copy:
        for key, one in found.items():
            for parcel_id, share in one.parcels:
                copy.write_row((key, parcel_id, share))
    cursor.execute(WRITE.format(table=register.table, srid=SRID))
    own = f"l.{register.key} IN (SELECT id FROM register_found)"
    cursor.execute(
        f"DELETE FROM register_parcel l WHERE {own} AND NOT EXISTS (SELECT 1 FROM register_share s "
        f"WHERE s.record_id = l.{register.key} AND s.parcel_id = l.parcel_id AND s.share = l.share)"
    )
    cursor.execute(
        f"INSERT INTO register_parcel ({register.key}, parcel_id, share) SELECT record_id, parcel_id, share "
        f"FROM register_share ON CONFLICT ({register.key}, parcel_id) DO NOTHING"
    )
    cursor.execute("DROP TABLE register_found, register_share")
