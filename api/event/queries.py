"""SQL about events and their effects."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson
import pandas as pd
from sqlalchemy import text
from sqlalchemy.engine import Result
from sqlalchemy.orm import Session

from api.geojson import as_geojson

Row = dict[str, Any]
# How far around itself an event is felt where nobody says it, m: a point stands for a square, a line for a street.
POINT_REACH_M, AREA_REACH_M = 150, 30
STREETS = "(SELECT st_union(g.geom) FROM street_segment g WHERE g.nis_code = e.nis_code AND g.name = ANY (e.streets))"
# Nothing said: the whole centre.
CENTRE = "(SELECT st_union(c.geom) FROM core c WHERE c.nis_code = e.nis_code)"
ZONE = f"coalesce(e.area_geom, {STREETS}, e.geom, {CENTRE})"
REACH = (
    f"coalesce(e.reach_m, CASE WHEN e.area_geom IS NULL AND coalesce(cardinality(e.streets), 0) = 0 "
    f"AND e.geom IS NOT NULL THEN {POINT_REACH_M} ELSE {AREA_REACH_M} END)"
)
COLUMNS = (
    "e.id, e.nis_code, e.code, e.name, e.kind, e.starts_at, e.ends_at, e.recurring_rule, e.cost_net_eur, e.organiser, "
    "e.streets, e.reach_m, e.note, e.removed_at, e.batch_id, md5(e::text) AS version, d.name AS source, "
    f"{as_geojson('coalesce(e.area_geom, e.geom)')} AS geometry, e.area_geom IS NOT NULL AS has_area"
)
FROM = "FROM event e LEFT JOIN dataset d ON d.id = e.dataset_id"
EFFECT = (
    "f.id, f.event_id, f.occurs_on, f.last_on, f.verdict, f.reason, f.method, f.effect_share, f.lower_share, "
    "f.upper_share, f.level_share, f.p_value, f.smallest_share, f.observed, f.expected, f.treated, f.controls, "
    "f.placebos, f.cost_per_extra_eur, f.computed_at, f.data_version, f.code_version, f.parameters"
)


def _first(found: Result[Any]) -> Row | None:
    row = found.mappings().first()
    return None if row is None else dict(row)


def events(session: Session, nis_codes: Sequence[str], *, with_removed: bool = False) -> list[Row]:
    """Events of municipalities, the earliest first."""
    query = text(
        f"SELECT {COLUMNS} {FROM} WHERE e.nis_code = ANY (:nis) AND (e.removed_at IS NULL OR :removed) "
        "ORDER BY e.starts_at, e.id"
    )
    values = {"nis": list(nis_codes), "removed": with_removed}
    return [dict(row) for row in session.execute(query, values).mappings()]


def event(session: Session, event_id: int) -> Row | None:
    """One event, removed or not."""
    query = text(f"SELECT {COLUMNS} {FROM} WHERE e.id = :id")
    return _first(session.execute(query, {"id": event_id}))


def lock(session: Session, event_id: int) -> None:
    """Keep others from changing an event until the end of the transaction."""
    session.execute(text("SELECT 1 FROM event WHERE id = :id FOR UPDATE"), {"id": event_id})


def write(session: Session, event_id: int | None, given: Mapping[str, Any]) -> int:
    """Insert an event, or write over one; gives its key."""
    values = {
        **given,
        "geometry": None if given["geometry"] is None else orjson.dumps(given["geometry"]).decode(),
    }
    point, area = _shapes("CAST(:geometry AS text)")
    columns = {
        "name": ":name", "kind": ":kind", "starts_at": ":starts_at", "ends_at": "CAST(:ends_at AS timestamptz)",
        "recurring_rule": ":recurring_rule", "cost_net_eur": "CAST(:cost_net_eur AS double precision)",
        "organiser": ":organiser", "streets": "CAST(:streets AS text[])", "reach_m": "CAST(:reach_m AS integer)",
        "note": ":note", "geom": point, "area_geom": area,
    }  # fmt: skip
    if event_id is None:
        columns |= {"nis_code": ":nis_code", "code": "'hand-' || gen_random_uuid()"}
        query = (
            f"INSERT INTO event ({', '.join(columns)}) VALUES ({', '.join(columns.values())}) RETURNING id"
        )
    else:
        values["id"] = event_id
        listed = ", ".join(f"{name} = {value}" for name, value in columns.items())
        query = f"UPDATE event SET {listed} WHERE id = :id RETURNING id"
    key: int = session.execute(text(query), values).scalar_one()
    return key


def _shapes(given: str) -> tuple[str, str]:
    """The point and the area of a GeoJSON geometry in degrees."""
    srid = "(SELECT srid FROM geometry_columns WHERE f_table_schema = 'public' AND f_table_name = 'event' AND f_geometry_column = 'geom')"
    shape = f"st_transform(st_setsrid(st_force2d(st_geomfromgeojson({given})), 4326), {srid})"
    is_area = f"st_dimension(st_geomfromgeojson({given})) = 2"
    return (
        f"CASE WHEN {is_area} THEN st_pointonsurface({shape}) ELSE {shape} END",
        f"CASE WHEN {is_area} THEN st_multi({shape}) END",
    )


def is_sound(session: Session, geometry: Mapping[str, Any], nis_code: str) -> bool:
    """Is it a valid shape that meets the municipality (or lies anywhere, where its border is not known)?"""
    point, area = _shapes("CAST(:geometry AS text)")
    query = text(
        f"WITH given AS (SELECT coalesce({area}, {point}) AS geom) SELECT st_isvalid(g.geom) AND coalesce("
        "st_dwithin(g.geom, m.geom, 2000), true) FROM given g, municipality m WHERE m.nis_code = :nis"
    )
    values = {"geometry": orjson.dumps(geometry).decode(), "nis": nis_code}
    return bool(session.execute(query, values).scalar())


def set_removed(session: Session, event_id: int, *, is_removed: bool) -> None:
    """Remove an event, or take that back."""
    query = text("UPDATE event SET removed_at = CASE WHEN :removed THEN clock_timestamp() END WHERE id = :id")
    session.execute(query, {"id": event_id, "removed": is_removed})


def sensors(session: Session, nis_codes: Sequence[str]) -> pd.DataFrame:
    """Sensors that stand somewhere and count passages or entries: name, town and place in metres, by key."""
    query = text(
        "SELECT s.id, s.nis_code, s.name, s.measure_kind, m.name_nl AS town, st_x(s.geom) AS x, st_y(s.geom) AS y, "
        "st_x(st_transform(s.geom, 4326)) AS lon, st_y(st_transform(s.geom, 4326)) AS lat "
        "FROM footfall_sensor s JOIN municipality m ON m.nis_code = s.nis_code WHERE s.nis_code = ANY (:nis) "
        "AND s.measure_kind IN ('passage', 'entries') AND s.geom IS NOT NULL ORDER BY s.id"
    )
    return pd.read_sql(query, session.connection(), params={"nis": list(nis_codes)}, index_col="id")


DISTANCES = (
    f"place AS (SELECT e.nis_code, {ZONE} AS geom, {REACH} AS reach_m FROM e) "
    "SELECT s.id, st_distance(s.geom, p.geom) AS distance_m, coalesce(st_distance(s.geom, p.geom) <= p.reach_m, "
    "true) AS is_inside FROM footfall_sensor s JOIN place p ON p.nis_code = s.nis_code "
    "WHERE s.geom IS NOT NULL ORDER BY s.id"
)


def distances_to(session: Session, event_id: int) -> pd.DataFrame:
    """Metres from the place of an event to each sensor of its municipality, and whether the event is felt there."""
    query = text(f"WITH e AS (SELECT * FROM event WHERE id = :id), {DISTANCES}")
    return pd.read_sql(query, session.connection(), params={"id": event_id}, index_col="id")


def distances_to_place(session: Session, nis_code: str, place: Mapping[str, Any]) -> pd.DataFrame:
    """The same of a place that no event has yet: ``geometry`` (GeoJSON), ``streets`` and ``reach_m``."""
    point, area = _shapes("CAST(:geometry AS text)")
    query = text(
        "WITH e AS (SELECT CAST(:nis AS text) AS nis_code, CAST(:streets AS text[]) AS streets, "
        f"CAST(:reach AS integer) AS reach_m, {point} AS geom, {area} AS area_geom), {DISTANCES}"
    )
    values = {
        "nis": nis_code, "streets": place["streets"], "reach": place["reach_m"],
        "geometry": None if place["geometry"] is None else orjson.dumps(place["geometry"]).decode(),
    }  # fmt: skip
    return pd.read_sql(query, session.connection(), params=values, index_col="id")


def cores(session: Session, nis_code: str) -> list[Row]:
    """Cores of a municipality with the largest of their shapes, a polygon of few corners in degrees."""
    query = text(
        "SELECT c.id, c.name, c.geometry FROM (SELECT DISTINCT ON (c.id) c.id, c.name, "
        f"{as_geojson('st_simplifypreservetopology(part.geom, 5)')} AS geometry FROM core c, st_dump(c.geom) part "
        "WHERE c.nis_code = :nis ORDER BY c.id, st_area(part.geom) DESC) c ORDER BY c.name, c.id"
    )
    return [dict(row) for row in session.execute(query, {"nis": nis_code}).mappings()]


def others_only(session: Session, nis_codes: Sequence[str]) -> list[int]:
    """Sensors that counted something, but never people on foot: bicycles, cars."""
    query = text(
        "SELECT s.id FROM footfall_sensor s WHERE s.nis_code = ANY (:nis) "
        "AND EXISTS (SELECT 1 FROM footfall_day d WHERE d.sensor_id = s.id) "
        "AND NOT EXISTS (SELECT 1 FROM footfall_day d WHERE d.sensor_id = s.id AND d.mode = 'ped') ORDER BY s.id"
    )
    return list(session.execute(query, {"nis": list(nis_codes)}).scalars())


def towns_with_sensors(session: Session, nis_code: str) -> list[str]:
    """Other municipalities that count passages, the nearest first."""
    query = text(
        "WITH middle AS (SELECT nis_code, st_centroid(st_collect(geom)) AS geom FROM footfall_sensor "
        "WHERE geom IS NOT NULL AND measure_kind = 'passage' GROUP BY nis_code) "
        "SELECT o.nis_code FROM middle o, middle h WHERE h.nis_code = :nis AND o.nis_code <> :nis "
        "ORDER BY o.geom <-> h.geom, o.nis_code"
    )
    return list(session.execute(query, {"nis": nis_code}).scalars())


def counted_span(session: Session, nis_code: str) -> tuple[datetime | None, datetime | None]:
    """First and last moment that sensors of a municipality counted passages."""
    query = text(
        "SELECT min(c.first_at) AS first_at, max(c.last_at) AS last_at FROM footfall_sensor s CROSS JOIN LATERAL "
        "(SELECT min(start_at) AS first_at, max(start_at) AS last_at FROM footfall_count WHERE sensor_id = s.id) c "
        "WHERE s.nis_code = :nis AND s.measure_kind = 'passage' AND s.geom IS NOT NULL"
    )
    row = session.execute(query, {"nis": nis_code}).one()
    return row.first_at, row.last_at


def effects(session: Session, nis_code: str) -> list[Row]:
    """Effects of a municipality as they are stored, without their parts."""
    query = text(
        f"SELECT {EFFECT} FROM event_effect f JOIN event e ON e.id = f.event_id "
        "WHERE f.nis_code = :nis AND e.removed_at IS NULL ORDER BY f.event_id, f.occurs_on"
    )
    return [dict(row) for row in session.execute(query, {"nis": nis_code}).mappings()]


def effect(session: Session, event_id: int, on: date) -> Row | None:
    """One stored effect with all its parts."""
    query = text(
        f"SELECT {EFFECT}, f.result FROM event_effect f WHERE f.event_id = :id AND f.occurs_on = :on"
    )
    return _first(session.execute(query, {"id": event_id, "on": on}))


STORED = (
    "nis_code", "event_id", "occurs_on", "last_on", "verdict", "reason", "method", "effect_share", "lower_share",
    "upper_share", "level_share", "p_value", "smallest_share", "observed", "expected", "treated", "controls",
    "placebos", "cost_per_extra_eur", "data_version", "code_version",
)  # fmt: skip


def store_effect(session: Session, row: Mapping[str, Any]) -> None:
    """Write an effect over the earlier one of the same event and day."""
    values = {name: row[name] for name in STORED}
    columns = ", ".join((*STORED, "parameters", "result", "geom"))
    given = ", ".join(f":{name}" for name in STORED)
    replaced = ", ".join(
        f"{name} = excluded.{name}"
        for name in (*STORED, "parameters", "result", "geom")
        if name not in {"event_id", "occurs_on"}
    )
    place = f"(SELECT st_pointonsurface({ZONE}) FROM event e WHERE e.id = :event_id)"
    session.execute(
        text(
            f"INSERT INTO event_effect ({columns}) VALUES ({given}, CAST(:parameters AS jsonb), CAST(:result AS jsonb), "
            f"{place}) ON CONFLICT (event_id, occurs_on) DO UPDATE SET {replaced}, computed_at = now()"
        ),
        {**values, "parameters": _json(row["parameters"]), "result": _json(row["result"])},
    )


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY).decode()


def drop_effects(session: Session, event_id: int, *, but: Sequence[date]) -> None:
    """Drop the effects of days on which an event is no longer held."""
    session.execute(
        text("DELETE FROM event_effect WHERE event_id = :id AND occurs_on <> ALL (:but)"),
        {"id": event_id, "but": list(but)},
    )


def data_version(session: Session, nis_code: str) -> int:
    """The version of the data of a municipality."""
    query = text("SELECT data_version FROM municipality WHERE nis_code = :nis")
    found: int = session.execute(query, {"nis": nis_code}).scalar_one()
    return found


def town(session: Session, nis_code: str) -> Row:
    """Names of a municipality, and whether it is fiction."""
    query = text(
        "SELECT nis_code, name_nl, name_fr, name_en, is_demo FROM municipality WHERE nis_code = :nis"
    )
    return dict(session.execute(query, {"nis": nis_code}).mappings().one())


def kinds(session: Session) -> list[Row]:
    """Kinds of events with their labels, in order."""
    query = text(
        "SELECT code, label_nl, label_fr, label_en FROM code_list WHERE scheme = 'event_kind' ORDER BY sort_order"
    )
    return [dict(row) for row in session.execute(query).mappings()]


def street_names(session: Session, nis_code: str) -> list[str]:
    """Names of the streets of a municipality."""
    query = text(
        "SELECT DISTINCT name FROM street_segment WHERE nis_code = :nis AND name IS NOT NULL ORDER BY name"
    )
    return list(session.execute(query, {"nis": nis_code}).scalars())
