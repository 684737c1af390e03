"""SQL about places to start from, and about what a catchment may hold."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.db.base import SRID


def unit_place(session: Session, unit_id: int) -> RowMapping | None:
    """Where a shop unit stands, metres."""
    query = text(
        "SELECT u.id, u.nis_code, coalesce(s.address, u.street) AS label, st_x(u.geom) AS x, st_y(u.geom) AS y "
        "FROM shop_unit u LEFT JOIN shop_unit_state s ON s.id = u.id WHERE u.id = :id"
    )
    return session.execute(query, {"id": unit_id}).mappings().first()


def parcel_place(session: Session, parcel_id: int) -> RowMapping | None:
    """A point inside a parcel, metres."""
    query = text(
        "SELECT id, nis_code, capakey AS label, st_x(p) AS x, st_y(p) AS y "
        "FROM (SELECT id, nis_code, capakey, st_pointonsurface(geom) AS p FROM parcel WHERE id = :id) q"
    )
    return session.execute(query, {"id": parcel_id}).mappings().first()


def parcel_key(session: Session, capakey: str) -> int | None:
    """Key of a parcel by its CAPAKEY."""
    query = text("SELECT id FROM parcel WHERE capakey = :key ORDER BY ends_on IS NULL DESC, id DESC LIMIT 1")
    found: int | None = session.execute(query, {"key": capakey}).scalar()
    return found


def municipality_at(session: Session, x: float, y: float) -> str | None:
    """NIS code of the municipality in which a place lies."""
    query = text(
        f"SELECT nis_code FROM municipality WHERE st_contains(geom, st_setsrid(st_makepoint(:x, :y), {SRID})) LIMIT 1"
    )
    found: str | None = session.execute(query, {"x": x, "y": y}).scalar()
    return found


def place_of(session: Session, lon: float, lat: float) -> tuple[float, float]:
    """Degrees to metres."""
    query = text(
        f"SELECT st_x(p), st_y(p) FROM (SELECT st_transform(st_setsrid(st_makepoint(:lon, :lat), 4326), {SRID}) p) q"
    )
    x, y = session.execute(query, {"lon": lon, "lat": lat}).one()
    return float(x), float(y)


# Subjects that a catchment counts things of.
COUNTED = ("ground", "units", "parking", "footfall")


def seen(session: Session) -> dict[str, frozenset[str]]:
    """Per subject the NIS codes of municipalities whose rows whoever asks may see; sums for partners are of more than a street."""
    query = text("SELECT " + ", ".join(f"rights.seen('{subject}')" for subject in COUNTED))
    return {
        subject: frozenset(codes)
        for subject, codes in zip(COUNTED, session.execute(query).one(), strict=True)
    }


def versions(session: Session) -> Sequence[RowMapping]:
    """The database, and of every municipality NIS code, state of its data today, and bounds of its border."""
    # Another server, or a database that was removed and made anew, has other numbers.
    query = text(
        "SELECT concat_ws('-', c.system_identifier, d.oid, 'shop_unit'::regclass::oid) AS database, m.nis_code, "
        "concat_ws('/', m.data_version, r.id, current_date) AS version, st_xmin(m.geom) AS x1, st_ymin(m.geom) AS y1, "
        "st_xmax(m.geom) AS x2, st_ymax(m.geom) AS y2 FROM pg_control_system() c, "
        "municipality m LEFT JOIN current_run r ON r.nis_code = m.nis_code AND r.kind = 'refresh', "
        "pg_database d WHERE d.datname = current_database() ORDER BY m.nis_code"
    )
    return session.execute(query).mappings().all()


# What one household or one income stands for is only known per sector: it goes with the people of that sector.
_LATEST = (
    "LEFT JOIN LATERAL (SELECT x.value FROM sector_stat x WHERE x.sector_code = s.sector_code AND x.key = '{key}' "
    "ORDER BY x.year DESC LIMIT 1) {name} ON true"
)
_ROWS = {
    "people": (
        "WITH sums AS (SELECT p.sector_code, sum(p.persons) AS persons FROM population_point p "
        "JOIN current_run r ON r.id = p.run_id WHERE p.nis_code = :nis GROUP BY p.sector_code), "
        "known AS (SELECT s.sector_code, h.value / nullif(s.persons, 0) AS households_each, i.value AS income "
        f"FROM sums s {_LATEST.format(key='households', name='h')} "
        f"{_LATEST.format(key='income_median_eur', name='i')}) "
        "SELECT st_x(p.geom) AS x, st_y(p.geom) AS y, p.persons, p.persons * k.households_each AS households, "
        "k.income FROM population_point p JOIN current_run r ON r.id = p.run_id "
        "LEFT JOIN known k ON k.sector_code = p.sector_code WHERE p.nis_code = :nis ORDER BY p.id"
    ),
    # Streets of sectors whose people are withheld, not known, or not placed yet: whoever reaches one knows a lower bound.
    "unknown_ground": (
        "WITH area AS (SELECT s.code AS sector, s.geom, p.value IS NOT NULL AND EXISTS (SELECT 1 FROM current_run r "
        "WHERE r.nis_code = s.nis_code AND r.kind = 'refresh') AS is_known FROM stat_sector s "
        "LEFT JOIN LATERAL (SELECT x.value FROM sector_stat x WHERE x.sector_code = s.code AND x.key = 'population' "
        "ORDER BY x.year DESC LIMIT 1) p ON true WHERE s.nis_code = :nis "
        "AND s.year = (SELECT max(year) FROM stat_sector t WHERE t.nis_code = :nis) "
        "UNION ALL SELECT m.nis_code, m.geom, m.population IS NOT NULL AND EXISTS (SELECT 1 FROM current_run r "
        "WHERE r.nis_code = m.nis_code AND r.kind = 'refresh') FROM municipality m WHERE m.nis_code = :nis "
        "AND m.geom IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stat_sector t WHERE t.nis_code = :nis)) "
        "SELECT st_x(c) AS x, st_y(c) AS y, a.sector FROM area a JOIN street_segment t ON t.geom && a.geom "
        "CROSS JOIN LATERAL st_lineinterpolatepoint(t.geom, 0.5) c WHERE NOT a.is_known "
        "AND t.street_class NOT IN ('motorway', 'trunk', 'ferry') AND st_intersects(a.geom, c) ORDER BY t.id, a.sector"
    ),
    "shop_units": (
        "SELECT st_x(geom) AS x, st_y(geom) AS y, id, state, branch_code, branch_group, floor_area_m2, address "
        "FROM shop_unit_state WHERE nis_code = :nis ORDER BY id"
    ),
    "parking": (
        "SELECT st_x(geom) AS x, st_y(geom) AS y, id, capacity::float8 AS spaces FROM parking_zone "
        "WHERE nis_code = :nis ORDER BY id"
    ),
    "sensors": (
        "SELECT st_x(geom) AS x, st_y(geom) AS y, id FROM footfall_sensor "
        "WHERE nis_code = :nis AND geom IS NOT NULL ORDER BY id"
    ),
    "public_places": (
        "SELECT st_x(geom) AS x, st_y(geom) AS y, id, kind FROM public_place WHERE nis_code = :nis ORDER BY id"
    ),
}
_NUMBERS = ("persons", "households", "income", "floor_area_m2", "spaces")


def held_rows(session: Session, layer: str, nis_code: str) -> pd.DataFrame:
    """Things of one kind in a municipality, with x and y."""
    result = session.execute(text(_ROWS[layer]), {"nis": nis_code})
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    # A column without any value is read as objects.
    return frame.astype({name: float for name in ("x", "y", *_NUMBERS) if name in frame})


def sectors(session: Session, nis_code: str) -> pd.DataFrame:
    """Bounds of the sectors of the newest delimitation, and whether their inhabitants are known."""
    query = text(
        "SELECT st_xmin(s.geom) AS x1, st_ymin(s.geom) AS y1, st_xmax(s.geom) AS x2, st_ymax(s.geom) AS y2, "
        "p.value IS NOT NULL AND EXISTS (SELECT 1 FROM current_run r WHERE r.nis_code = :nis AND r.kind = 'refresh') "
        "AS is_known, coalesce(p.is_suppressed, false) AS is_suppressed FROM stat_sector s "
        "LEFT JOIN LATERAL (SELECT * FROM sector_stat x WHERE x.sector_code = s.code AND x.key = 'population' "
        "ORDER BY x.year DESC LIMIT 1) p ON true WHERE s.nis_code = :nis "
        "AND s.year = (SELECT max(year) FROM stat_sector t WHERE t.nis_code = :nis)"
    )
    result = session.execute(query, {"nis": nis_code})
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    bounds = dict.fromkeys(("x1", "y1", "x2", "y2"), float)
    return frame.astype({**bounds, "is_known": bool, "is_suppressed": bool})


_DATASETS = "SELECT string_agg(DISTINCT d.name, ', ') AS source, {when} AS observed_on FROM {table} t LEFT JOIN dataset d ON d.id = t.dataset_id WHERE t.nis_code = :nis"
_STATS = (
    "SELECT string_agg(DISTINCT d.name, ', ') AS source, max(p.year)::text AS observed_on FROM stat_sector t "
    "JOIN sector_stat p ON p.sector_code = t.code AND p.key = '{key}' LEFT JOIN dataset d ON d.id = p.dataset_id "
    "WHERE t.nis_code = :nis"
)
_SOURCES = {
    "population": _STATS.format(key="population"),
    "households": _STATS.format(key="households"),
    "income": _STATS.format(key="income_median_eur"),
    "shop_units": _DATASETS.format(table="shop_unit", when="max(t.last_seen_on)::text"),
    "parking": _DATASETS.format(table="parking_zone", when="max(d.vintage_on)::text"),
    "sensors": _DATASETS.format(table="footfall_sensor", when="max(d.vintage_on)::text"),
    "public_places": _DATASETS.format(table="public_place", when="max(d.vintage_on)::text"),
}


def held_sources(session: Session, nis_code: str) -> dict[str, dict[str, Any]]:
    """Per thing counted: names of its datasets, and the day or year it speaks of."""
    found = {}
    for name, query in _SOURCES.items():
        row = session.execute(text(query), {"nis": nis_code}).mappings().one()
        found[name] = {"source": row["source"], "observed_on": row["observed_on"]}
    # Without sectors the total of the municipality is spread.
    if found["population"]["source"] is None:
        total = (
            session.execute(
                text(
                    "SELECT d.name AS source, m.population_on::text AS observed_on FROM municipality m "
                    "LEFT JOIN dataset d ON d.id = m.dataset_id WHERE m.nis_code = :nis AND m.population IS NOT NULL"
                ),
                {"nis": nis_code},
            )
            .mappings()
            .first()
        )
        found["population"] = dict(total) if total else found["population"]
    return found


SEGMENT = (
    "SELECT s.id, s.nis_code, s.name, s.street_class, s.length_m, "
    "(s.is_{mode}_forward OR s.is_{mode}_backward) AS is_open, "
    "st_asgeojson(st_transform(s.geom, 4326), 7) AS geometry{more} FROM street_segment s {where}"
)


def nearest_segment(session: Session, x: float, y: float, mode: str, max_m: float) -> RowMapping | None:
    """The street segment nearest to a place, whether the mode may use it or not."""
    point = f"st_setsrid(st_makepoint(:x, :y), {SRID})"
    query = SEGMENT.format(
        mode=mode,
        more=f", s.geom <-> {point} AS distance_m",
        where=f"WHERE st_dwithin(s.geom, {point}, :max_m) ORDER BY s.geom <-> {point} LIMIT 1",
    )
    return session.execute(text(query), {"x": x, "y": y, "max_m": max_m}).mappings().first()


def same_name(session: Session, segment: RowMapping) -> list[int]:
    """Segments of the same street in the same municipality; the segment alone where it has no name."""
    if not segment["name"]:
        return [segment["id"]]
    query = text("SELECT id FROM street_segment WHERE nis_code = :nis AND name = :name ORDER BY id")
    values = {"nis": segment["nis_code"], "name": segment["name"]}
    return list(session.execute(query, values).scalars())


def segments(session: Session, ids: Sequence[int], mode: str) -> Sequence[RowMapping]:
    """Street segments by key."""
    query = SEGMENT.format(mode=mode, more="", where="WHERE s.id = ANY(:ids) ORDER BY s.id")
    return session.execute(text(query), {"ids": list(ids)}).mappings().all()


def segments_across(session: Session, lines: Sequence[Sequence[tuple[float, float]]]) -> list[int]:
    """Segments that a line in degrees crosses or touches."""
    if not lines:
        return []
    wkt = ", ".join("(" + ", ".join(f"{lon!r} {lat!r}" for lon, lat in line) + ")" for line in lines)
    query = text(
        "SELECT s.id FROM street_segment s, "
        f"(SELECT st_transform(st_geomfromtext(:wkt, 4326), {SRID}) AS line) b WHERE st_intersects(s.geom, b.line) "
        "ORDER BY s.id"
    )
    return list(session.execute(query, {"wkt": f"MULTILINESTRING({wkt})"}).scalars())


def twins(session: Session, ids: Sequence[int]) -> list[int]:
    """Segments by key, with those that lie on the same line: near a border two municipalities hold the same street."""
    if not ids:
        return []
    query = text(
        "SELECT DISTINCT b.id FROM street_segment a JOIN street_segment b ON b.geom && a.geom "
        "AND st_equals(b.geom, a.geom) WHERE a.id = ANY(:ids)"
    )
    return sorted({*ids, *session.execute(query, {"ids": list(ids)}).scalars()})


def is_branch(session: Session, code: str) -> bool:
    """Whether a branch of that code is known."""
    query = text("SELECT 1 FROM code_list WHERE scheme = 'branch' AND code = :code LIMIT 1")
    return session.execute(query, {"code": code}).scalar() is not None
