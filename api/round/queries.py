"""SQL about street rounds."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.db.base import SRID
from api.numbers import whole

CRS = f"EPSG:{SRID}"
# How far beyond the units the streets are read: the way from one street to the next may lead outside.
AROUND_M = 500.0
# An observation that still says something: not replaced, and itself no mere taking back.
COUNTS = "o.decision <> 'superseded' AND o.status <> 'withdrawn'"
OF_UNIT = f"{COUNTS} AND o.status <> 'new_unit'"

ROUNDS = f"""
SELECT r.id, r.nis_code, r.name, r.scope, r.core_id, c.name AS core_name, r.streets, r.started_on, r.created_at,
    r.closed_at, (SELECT count(*) FROM survey_stop s WHERE s.round_id = r.id) AS stops,
    (SELECT count(DISTINCT o.shop_unit_id) FROM survey_observation o WHERE o.round_id = r.id AND {OF_UNIT}) AS seen,
    (SELECT count(*) FROM survey_observation o WHERE o.round_id = r.id AND {COUNTS} AND o.decision = 'pending')
        AS pending,
    (SELECT coalesce(array_agg(DISTINCT o.officer), '{{}}') FROM survey_observation o WHERE o.round_id = r.id)
        AS officers
FROM survey_round r LEFT JOIN core c ON c.id = r.core_id
"""

# A unit that was merged or split has no state today, but was walked past all the same.
STOPS = """
SELECT s.shop_unit_id AS id, s.position, s.street AS walked_as, s.side, u.local_code, u.lifecycle, u.street,
    u.last_seen_on, coalesce(x.state, 'unknown') AS state, x.occupant_name, x.branch_code, x.vacant_latest_on,
    coalesce(x.address, concat_ws(' ', u.street, nullif(concat(u.house_number, u.house_number_suffix), ''))) AS address,
    coalesce(x.last_branch_code, (SELECT o.branch_code FROM occupancy o WHERE o.shop_unit_id = u.id
        ORDER BY lower(o.period) DESC NULLS LAST LIMIT 1)) AS last_branch_code, u.geom
FROM survey_stop s JOIN shop_unit u ON u.id = s.shop_unit_id LEFT JOIN shop_unit_state x ON x.id = u.id
WHERE s.round_id = :id ORDER BY s.position
"""


def rounds(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """Rounds of a municipality, newest first."""
    query = text(f"{ROUNDS} WHERE r.nis_code = :nis ORDER BY r.created_at DESC, r.id DESC")
    return session.execute(query, {"nis": nis_code}).mappings().all()


def one_round(session: Session, key: int) -> RowMapping | None:
    """One round."""
    return session.execute(text(f"{ROUNDS} WHERE r.id = :id"), {"id": key}).mappings().first()


def lock_round(session: Session, key: int) -> None:
    """Let writes to one round wait for each other: whether it is closed must not change between look and write."""
    session.execute(text("SELECT 1 FROM survey_round WHERE id = :id FOR UPDATE"), {"id": key})


def streets_with_units(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """Streets that have shop units, by name."""
    query = text(
        "SELECT btrim(street) AS street, count(*) AS units, max(last_seen_on) AS last_seen_on FROM shop_unit "
        "WHERE nis_code = :nis AND lifecycle = 'active' AND btrim(street) <> '' GROUP BY btrim(street) ORDER BY 1"
    )
    return session.execute(query, {"nis": nis_code}).mappings().all()


def units_of_area(
    session: Session, nis_code: str, *, scope: str, core_id: int | None, streets: Sequence[str]
) -> gpd.GeoDataFrame:
    """Active shop units of an area: index id, `street`, `geometry`."""
    where = {
        "municipality": "true",
        "core": "core_id = :core",
        "streets": "btrim(street) = ANY(CAST(:streets AS text[]))",
    }[scope]
    query = f"SELECT id, street, geom FROM shop_unit WHERE nis_code = :nis AND lifecycle = 'active' AND {where} ORDER BY id"
    return _frame(session, query, {"nis": nis_code, "core": core_id, "streets": list(streets)})


def streets_around(session: Session, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Streets that may be walked, around the units: index id, `name`, `geometry`."""
    west, south, east, north = (0.0, 0.0, -1.0, -1.0) if units.empty else units.total_bounds
    query = (
        "SELECT id, name, geom FROM street_segment WHERE (is_walk_forward OR is_walk_backward) "
        f"AND geom && st_expand(st_makeenvelope(:west, :south, :east, :north, {SRID}), :around) ORDER BY id"
    )
    box = {"west": west, "south": south, "east": east, "north": north, "around": AROUND_M}
    return _frame(session, query, box)


def _frame(session: Session, query: str, values: dict[str, Any]) -> gpd.GeoDataFrame:
    frame = gpd.read_postgis(
        text(query), session.connection(), geom_col="geom", index_col="id", crs=CRS, params=values
    )
    return frame.rename_geometry("geometry")


def insert_round(session: Session, values: dict[str, Any]) -> int:
    """Store a round; its key."""
    query = text(
        "INSERT INTO survey_round (nis_code, name, scope, core_id, streets, started_on) "
        "VALUES (:nis_code, :name, :scope, :core_id, :streets, :started_on) RETURNING id"
    )
    return int(session.execute(query, values).scalar_one())


def insert_stops(session: Session, key: int, order: pd.DataFrame) -> None:
    """Store the walk of a round."""
    rows = [
        {"round": key, "unit": whole(unit), "position": position, "street": street, "side": side}
        for unit, position, street, side in zip(
            order.index, order["position"].tolist(), order["street"], order["side"], strict=True
        )
    ]
    query = text(
        "INSERT INTO survey_stop (round_id, shop_unit_id, position, street, side) "
        "VALUES (:round, :unit, :position, :street, :side)"
    )
    session.execute(query, rows)


def stops(session: Session, key: int) -> gpd.GeoDataFrame:
    """Units of a round as they stand today, in walking order: index shop unit."""
    return _frame(session, STOPS, {"id": key})


def set_closed(session: Session, key: int, *, closed: bool) -> None:
    """Close a round now, or open it again."""
    query = text(
        "UPDATE survey_round SET closed_at = CASE WHEN :closed THEN clock_timestamp() END WHERE id = :id"
    )
    session.execute(query, {"id": key, "closed": closed})


def remove_round(session: Session, key: int) -> None:
    """Remove a round in which nothing was seen yet."""
    session.execute(text("DELETE FROM survey_round WHERE id = :id"), {"id": key})


def progress(session: Session, key: int) -> Sequence[RowMapping]:
    """Per street in walking order: units, how many were seen, and how many wait for a decision."""
    query = text(
        "SELECT s.street, count(*) AS stops, count(x.seen) AS seen, coalesce(sum(x.pending), 0)::integer AS pending, "
        "max(x.seen) AS last_seen_at FROM survey_stop s LEFT JOIN (SELECT o.shop_unit_id, max(o.observed_at) "
        "FILTER (WHERE o.status <> 'new_unit') AS seen, count(*) FILTER (WHERE o.decision = 'pending') AS pending "
        f"FROM survey_observation o WHERE o.round_id = :id AND {COUNTS} GROUP BY o.shop_unit_id) x "
        "ON x.shop_unit_id = s.shop_unit_id WHERE s.round_id = :id GROUP BY s.street ORDER BY min(s.position)"
    )
    return session.execute(query, {"id": key}).mappings().all()


def seen(session: Session, key: int) -> Sequence[RowMapping]:
    """Who saw which unit last, by unit."""
    query = text(
        "SELECT DISTINCT ON (o.shop_unit_id, o.officer) o.shop_unit_id AS unit_id, o.officer, o.status, o.observed_at, "
        f"o.uid FROM survey_observation o WHERE o.round_id = :id AND {OF_UNIT} "
        "ORDER BY o.shop_unit_id, o.officer, o.observed_at DESC, o.id DESC"
    )
    return session.execute(query, {"id": key}).mappings().all()


def branches(session: Session) -> Sequence[RowMapping]:
    """The list of branches, in the order of its menus."""
    query = text(
        "SELECT b.code, b.parent_code AS branch_group, b.label_nl, b.label_fr, b.label_en FROM code_list b "
        "WHERE b.scheme = 'branch' ORDER BY b.sort_order, b.label_nl"
    )
    return session.execute(query).mappings().all()
