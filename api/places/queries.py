"""SQL about places."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.db.base import SRID
from api.geojson import as_geojson
from api.places.filters import SORTS, UnitFilter, after_cursor

# One row per active shop unit with all that lists, map and export show of it.
UNITS = """
SELECT s.id, s.uid, s.nis_code, s.local_code, coalesce(s.occupant_name, s.name) AS name, s.address, s.street,
    s.house_number, s.postcode, s.place, s.state, s.branch_code, s.branch_group, s.floor_area_m2, s.frontage_m,
    s.vacancy_class, s.vacant_earliest_on, s.vacant_latest_on, s.vacant_start_basis, s.market_status,
    s.asking_rent_eur_per_month, s.core_id, k.vacancy_cluster_id AS cluster_id, s.last_seen_on, s.is_anchor,
    months_since(s.last_seen_on) AS seen_months_ago,
    freshness_of(s.last_seen_on, m.fresh_months, m.stale_months) AS freshness,
    f.value AS footfall_value, f.lower AS footfall_lower, f.upper AS footfall_upper,
    f.detail ->> 'footfall_class' AS footfall_class,
    CASE WHEN f.reason IN ('few_counts', 'check_failed') THEN f.reason END AS class_reason,
    coalesce(f.value, array_position(ARRAY['side', 'secondary', 'main'], f.detail ->> 'footfall_class') / 10.0)
        AS footfall_order,
    l.score, l.rank, l.rank_lower, l.rank_upper, s.geom,
    concat_ws(' ', s.street, lpad(coalesce(s.house_number, ''), 6, '0'), s.house_number_suffix, s.box) AS sort_address,
    st_x(st_transform(s.geom, 4326)) AS lon, st_y(st_transform(s.geom, 4326)) AS lat
FROM shop_unit_state s
JOIN municipality m ON m.nis_code = s.nis_code
LEFT JOIN current_run r ON r.nis_code = s.nis_code AND r.kind = 'refresh'
LEFT JOIN location_score l ON l.run_id = r.id AND l.shop_unit_id = s.id AND l.profile = 'general'
LEFT JOIN indicator_value f ON f.run_id = r.id AND f.shop_unit_id = s.id AND f.code = 'footfall'
LEFT JOIN (
    SELECT c.run_id, u.shop_unit_id, u.vacancy_cluster_id
    FROM vacancy_cluster_unit u JOIN vacancy_cluster c ON c.id = u.vacancy_cluster_id
) k ON k.run_id = r.id AND k.shop_unit_id = s.id
"""

MUNICIPALITIES = f"""
SELECT m.nis_code, m.name_nl, coalesce(m.name_fr, m.name_nl) AS name_fr, coalesce(m.name_en, m.name_nl) AS name_en,
    m.population, m.population_on, m.market_weekdays, m.is_demo, m.data_version, r.finished_at AS refreshed_at,
    r.data_version IS DISTINCT FROM m.data_version AS is_stale,
    {as_geojson("st_pointonsurface(a.shape)")} AS centre, {as_geojson("st_envelope(a.shape)")} AS envelope,
    (SELECT count(*) FROM shop_unit u WHERE u.nis_code = m.nis_code AND u.lifecycle = 'active') AS shop_units,
    (SELECT count(*) FROM shop_unit u JOIN vacancy_spell v ON v.shop_unit_id = u.id AND v.period @> current_date
        WHERE u.nis_code = m.nis_code AND u.lifecycle = 'active') AS vacant,
    (SELECT json_build_object('numerator', count(*) FILTER (WHERE x.state = 'vacant'), 'denominator', count(*))
        FROM shop_unit_state x WHERE x.nis_code = m.nis_code AND x.state IN ('vacant', 'occupied')) AS vacancy,
    (SELECT count(*) FROM parcel x WHERE x.nis_code = m.nis_code AND x.ends_on IS NULL) AS parcels,
    (SELECT count(*) FROM building x WHERE x.nis_code = m.nis_code) AS buildings,
    (SELECT count(*) FROM street_segment x WHERE x.nis_code = m.nis_code) AS street_segments,
    (SELECT count(*) FROM footfall_sensor x WHERE x.nis_code = m.nis_code) AS sensors,
    (SELECT count(*) FROM parking_zone x WHERE x.nis_code = m.nis_code) AS parking_zones
FROM municipality m
LEFT JOIN current_run r ON r.nis_code = m.nis_code AND r.kind = 'refresh'
LEFT JOIN LATERAL (SELECT coalesce(
    (SELECT st_setsrid(st_extent(u.geom)::geometry, st_srid(min(u.geom))) FROM shop_unit u
        WHERE u.nis_code = m.nis_code HAVING count(*) > 0), m.geom
) AS shape) a ON true
"""


def municipalities(session: Session, nis_code: str | None = None) -> Sequence[RowMapping]:
    """Municipalities with counts, or one of them; box and middle are those of its shop units, where it has any."""
    where = "" if nis_code is None else "WHERE m.nis_code = :nis"
    query = text(f"{MUNICIPALITIES} {where} ORDER BY m.name_nl")
    return session.execute(query, {"nis": nis_code} if nis_code else {}).mappings().all()


def cores(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """Cores of a municipality, the one with most shop units first."""
    query = text(
        "SELECT c.id, c.code, c.name, c.area_type, count(u.id) AS shop_units FROM core c "
        "LEFT JOIN shop_unit u ON u.core_id = c.id AND u.lifecycle = 'active' "
        "WHERE c.nis_code = :nis GROUP BY c.id ORDER BY count(u.id) DESC, c.name"
    )
    return session.execute(query, {"nis": nis_code}).mappings().all()


def areas(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """Border, cores and neighbourhoods as features."""
    query = text(
        f"SELECT NULL AS id, 'border' AS kind, name_nl AS name, NULL AS area_type, {as_geojson('geom')} AS geometry "
        "FROM municipality WHERE nis_code = :nis AND geom IS NOT NULL "
        f"UNION ALL SELECT id, 'core', name, area_type, {as_geojson('geom')} FROM core WHERE nis_code = :nis "
        f"UNION ALL SELECT id, 'neighbourhood', name, NULL, {as_geojson('geom')} FROM neighbourhood "
        "WHERE nis_code = :nis"
    )
    return session.execute(query, {"nis": nis_code}).mappings().all()


def count_units(session: Session, wanted: UnitFilter) -> int:
    """How many shop units the filter lets through."""
    where, values = wanted.where()
    return int(session.execute(text(f"SELECT count(*) FROM ({UNITS}) u WHERE {where}"), values).scalar_one())


def list_units(
    session: Session, wanted: UnitFilter, *, sort: str, limit: int, cursor: str | None
) -> Sequence[RowMapping]:
    """One page of shop units and one row more, which tells whether there is a next page."""
    where, values = wanted.where()
    column, descends, _ = SORTS[sort]
    if cursor is not None:
        beyond, more = after_cursor(cursor, sort)
        where, values = f"{where} AND {beyond}", values | more
    direction = "DESC" if descends else "ASC"
    query = text(
        f"SELECT * FROM ({UNITS}) u WHERE {where} ORDER BY {column} {direction} NULLS LAST, id LIMIT :limit"
    )
    return session.execute(query, values | {"limit": limit + 1}).mappings().all()


def get_unit(session: Session, unit_id: int) -> RowMapping | None:
    """One shop unit, active or not."""
    query = text(f"SELECT * FROM ({UNITS}) u WHERE id = :id")
    return session.execute(query, {"id": unit_id}).mappings().first()


def unit_facts(session: Session, unit_id: int) -> RowMapping:
    """What is known of the unit itself, and where it came from."""
    query = text(
        "SELECT u.*, d.name AS dataset, d.vintage_on, p.capakey, p.area_m2 AS parcel_area_m2, c.name AS core_name "
        "FROM shop_unit u LEFT JOIN dataset d ON d.id = u.dataset_id LEFT JOIN parcel p ON p.id = u.parcel_id "
        "LEFT JOIN core c ON c.id = u.core_id WHERE u.id = :id"
    )
    return session.execute(query, {"id": unit_id}).mappings().one()


def unit_history(session: Session, unit_id: int) -> Sequence[RowMapping]:
    """Occupancies and vacancy spells, newest first."""
    query = text(
        "SELECT 'occupancy' AS kind, lower(o.period) AS from_on, upper(o.period) AS to_on, "
        "CASE WHEN o.start_basis = 'exact' THEN lower(o.period) END AS from_earliest_on, o.start_basis, "
        "o.occupant_name, o.branch_code, b.label_nl, b.label_fr, b.label_en, NULL AS cause, NULL AS end_reason, "
        "o.is_popup, o.is_chain, d.name AS source "
        "FROM occupancy o LEFT JOIN code_list b ON b.scheme = o.branch_scheme AND b.version = o.branch_version "
        "AND b.code = o.branch_code LEFT JOIN dataset d ON d.id = o.dataset_id WHERE o.shop_unit_id = :id "
        "UNION ALL SELECT 'vacancy', v.start_latest_on, v.ended_on, v.start_earliest_on, v.start_basis, NULL, NULL, "
        "NULL, NULL, NULL, v.cause, v.end_reason, false, NULL, d.name FROM vacancy_spell v "
        "LEFT JOIN dataset d ON d.id = v.dataset_id WHERE v.shop_unit_id = :id ORDER BY from_on DESC"
    )
    return session.execute(query, {"id": unit_id}).mappings().all()


def unit_relations(session: Session, unit_id: int) -> Sequence[RowMapping]:
    """Units this one came out of or went into."""
    query = text(
        "SELECT x.kind, x.happened_on, u.id, u.local_code, concat_ws(' ', u.street, u.house_number, "
        "u.house_number_suffix) AS address, x.from_unit_id = :id AS is_later FROM shop_unit_relation x "
        "JOIN shop_unit u ON u.id = CASE WHEN x.from_unit_id = :id THEN x.to_unit_id ELSE x.from_unit_id END "
        "WHERE :id IN (x.from_unit_id, x.to_unit_id) ORDER BY x.happened_on DESC"
    )
    return session.execute(query, {"id": unit_id}).mappings().all()


def unit_accessibility(session: Session, unit_id: int) -> RowMapping | None:
    """What the current run found of the unit's accessibility, with the run."""
    query = text(
        "SELECT a.*, r.finished_at, r.code_version, r.data_version, r.parameters -> 'accessibility' AS told "
        "FROM accessibility a JOIN current_run r ON r.id = a.run_id AND r.kind = 'refresh' WHERE a.shop_unit_id = :id"
    )
    return session.execute(query, {"id": unit_id}).mappings().first()


def code_list(session: Session, scheme: str) -> Sequence[RowMapping]:
    """A code list, in the order of its menus."""
    query = text(
        "SELECT version, code, label_nl, label_fr, label_en, parent_code, locatus_group, provincial_group "
        "FROM code_list WHERE scheme = :scheme ORDER BY sort_order, label_nl"
    )
    return session.execute(query, {"scheme": scheme}).mappings().all()


def parcels(
    session: Session, nis_code: str, *, box: dict[str, Any] | None, box_sql: str, after: int, limit: int
) -> tuple[int, Sequence[RowMapping]]:
    """How many parcels there are, and one page of them and one more."""
    where = f"nis_code = :nis AND ends_on IS NULL {'AND ' + box_sql if box else ''}"
    values: dict[str, Any] = {"nis": nis_code, "after": after, "limit": limit + 1, **(box or {})}
    total = session.execute(text(f"SELECT count(*) FROM parcel WHERE {where}"), values).scalar_one()
    query = text(
        f"SELECT id, capakey, area_m2, begins_on, {as_geojson('geom')} AS geometry FROM parcel "
        f"WHERE {where} AND id > :after ORDER BY id LIMIT :limit"
    )
    return int(total), session.execute(query, values).mappings().all()


def parcel(session: Session, parcel_id: int) -> RowMapping | None:
    """One parcel with its shop units."""
    query = text(
        f"SELECT p.id, p.nis_code, p.capakey, p.canu, p.area_m2, p.begins_on, p.ends_on, "
        f"{as_geojson('p.geom')} AS geometry, "
        "(SELECT coalesce(json_agg(json_build_object('id', u.id, 'local_code', u.local_code)), '[]') FROM shop_unit u "
        "WHERE u.parcel_id = p.id) AS shop_units FROM parcel p WHERE p.id = :id"
    )
    return session.execute(query, {"id": parcel_id}).mappings().first()


def datasets(session: Session) -> Sequence[RowMapping]:
    """Datasets in use, whose attribution must be shown."""
    query = text(
        "SELECT name AS dataset, publisher, licence, attribution, max(vintage_on) AS vintage_on, bool_or(is_demo) "
        "AS is_demo FROM dataset d WHERE EXISTS (SELECT 1 FROM import_batch b WHERE b.dataset_id = d.id "
        "AND b.state = 'done') GROUP BY name, publisher, licence, attribution ORDER BY name"
    )
    return session.execute(query).mappings().all()


def parcel_at(session: Session, lon: float, lat: float) -> int | None:
    """Key of the parcel on which a place lies."""
    query = text(
        "SELECT p.id FROM parcel p, (SELECT st_transform(st_setsrid(st_makepoint(:lon, :lat), 4326), "
        f"{SRID}) AS place) q WHERE p.ends_on IS NULL AND p.geom && q.place AND st_intersects(p.geom, q.place) "
        "ORDER BY p.id LIMIT 1"
    )
    found: int | None = session.execute(query, {"lon": lon, "lat": lat}).scalar()
    return found
