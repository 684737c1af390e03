"""SQL of edits: units split, joined and ended, as a batch that can be undone."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.db.store import Batch, open_batch
from api.places.lineage import Period, Unit

SOURCE = "edit"
# What is edited in QGIS is listed and taken back in the same place.
SOURCES = [SOURCE, "qgis"]
_DATASET = {"code": "own-edits", "name": "Bewerkt in Kernkaart"}
_LABEL = (
    "concat_ws(' ', u.street, nullif(concat(u.house_number, u.house_number_suffix, "
    "CASE WHEN u.house_number_end IS NOT NULL THEN '-' || u.house_number_end END), ''), "
    "CASE WHEN u.box IS NOT NULL THEN 'bus ' || u.box END)"
)
# A part stands beside the others along the street, this far from the next.
_APART_M = 4.0


def lock_units(session: Session, ids: Sequence[int]) -> Sequence[RowMapping]:
    """Active units by key, held until the transaction ends so that two edits cannot meet in one."""
    query = text(
        f"SELECT u.id, u.nis_code, u.local_code, coalesce(nullif({_LABEL}, ''), u.local_code) AS label, "
        "u.floor_area_m2, u.valid_from, u.lifecycle FROM shop_unit u WHERE u.id = ANY(:ids) ORDER BY u.id FOR UPDATE"
    )
    return session.execute(query, {"ids": list(ids)}).mappings().all()


def active(session: Session, ids: Sequence[int]) -> set[int]:
    """Which of the keys are of active units."""
    query = text("SELECT id FROM shop_unit WHERE id = ANY(:ids) AND lifecycle = 'active'")
    return set(session.execute(query, {"ids": list(ids)}).scalars())


def farthest_apart_m(session: Session, ids: Sequence[int]) -> float:
    """The largest distance from a unit to the nearest other of them, metres."""
    query = text(
        "SELECT coalesce(max(near), 0) FROM (SELECT (SELECT min(st_distance(a.geom, b.geom)) FROM shop_unit b "
        "WHERE b.id = ANY(:ids) AND b.id <> a.id) AS near FROM shop_unit a WHERE a.id = ANY(:ids)) x"
    )
    return float(session.execute(query, {"ids": list(ids)}).scalar_one())


def history(session: Session, row: RowMapping) -> Unit:
    """A locked unit with all its periods."""
    query = text(
        "SELECT 'occupancy' AS kind, id, lower(period) AS from_on, upper(period) AS to_on, lower(period) AS earliest_on, "
        "start_basis AS basis, occupant_name, branch_code, is_chain, is_popup, is_anchor, origin, NULL AS market_status "
        "FROM occupancy WHERE shop_unit_id = :id "
        "UNION ALL SELECT 'vacancy', id, start_latest_on, ended_on, start_earliest_on, start_basis, NULL, "
        "last_branch_code, NULL, false, false, 'unknown', market_status FROM vacancy_spell WHERE shop_unit_id = :id "
        "ORDER BY from_on"
    )
    rows = session.execute(query, {"id": row["id"]}).mappings().all()
    return Unit(
        row["id"],
        row["label"],
        row["floor_area_m2"],
        row["valid_from"],
        tuple(Period(**period) for period in rows),
    )


def open_edit(
    session: Session, *, nis_code: str, kind: str, label: str, asked: Mapping[str, Any], source: str = SOURCE
) -> Batch:
    """Start the batch of an edit: what it makes and changes can be undone like an import."""
    body = json.dumps(asked, default=str, sort_keys=True)
    return open_batch(
        session,
        dataset=dict(_DATASET),
        source=source,
        nis_code=nis_code,
        file={
            "file_name": f"{kind}: {label}",
            "file_sha256": hashlib.sha256(body.encode()).hexdigest(),
            "file_bytes": len(body.encode()),
        },
        mapping={"kind": kind, **json.loads(body)},
    )


def cease(session: Session, batch: Batch, unit_id: int, *, on: date, lifecycle: str) -> None:
    """A unit ends on a day; what it was before is kept for undo."""
    values = {"batch": batch.id, "id": unit_id, "on": on, "lifecycle": lifecycle}
    session.execute(
        text(
            "INSERT INTO import_change (batch_id, table_name, row_key, before, after) "
            "SELECT :batch, 'shop_unit', jsonb_build_object('id', id), "
            "jsonb_build_object('lifecycle', lifecycle, 'valid_to', valid_to), "
            "jsonb_build_object('lifecycle', CAST(:lifecycle AS text), 'valid_to', CAST(:on AS date)) "
            "FROM shop_unit WHERE id = :id"
        ),
        values,
    )
    session.execute(
        text("UPDATE shop_unit SET lifecycle = :lifecycle, valid_to = :on WHERE id = :id"),
        values,
    )


def close(session: Session, batch: Batch, period: Period, *, on: date, end_reason: str) -> None:
    """A period ends on a day; what it was before is kept for undo."""
    values = {"batch": batch.id, "id": period.id, "on": on, "reason": end_reason}
    if period.kind == "occupancy":
        table, change = "occupancy", "period = daterange(lower(period), CAST(:on AS date))"
        before = "jsonb_build_object('period', period)"
        after = "jsonb_build_object('period', daterange(lower(period), CAST(:on AS date)))"
    else:
        table, change = "vacancy_spell", "ended_on = CAST(:on AS date), end_reason = CAST(:reason AS text)"
        before = "jsonb_build_object('ended_on', ended_on, 'end_reason', end_reason)"
        after = "jsonb_build_object('ended_on', CAST(:on AS date), 'end_reason', CAST(:reason AS text))"
    session.execute(
        text(
            "INSERT INTO import_change (batch_id, table_name, row_key, before, after) "
            f"SELECT :batch, '{table}', jsonb_build_object('id', id), {before}, {after} FROM {table} WHERE id = :id"
        ),
        values,
    )
    session.execute(text(f"UPDATE {table} SET {change} WHERE id = :id"), values)


def is_code_taken(session: Session, nis_code: str, code: str) -> bool:
    """Does a unit of the municipality, past ones too, have this code?"""
    query = text("SELECT EXISTS (SELECT 1 FROM shop_unit WHERE nis_code = :nis AND local_code = :code)")
    return bool(session.execute(query, {"nis": nis_code, "code": code}).scalar())


def make_unit(
    session: Session, batch: Batch, *, like: int, on: date, values: Mapping[str, Any], place: int, of: int
) -> int:
    """A unit that looks like an earlier one but for `values`; the nth of several beside each other along the street."""
    query = text(
        "WITH street AS (SELECT st_azimuth(st_startpoint(s.geom), st_endpoint(s.geom)) AS way FROM street_segment s, "
        "shop_unit u WHERE u.id = :like AND st_dwithin(s.geom, u.geom, 60) ORDER BY s.geom <-> u.geom LIMIT 1) "
        "INSERT INTO shop_unit (nis_code, local_code, street, house_number, house_number_suffix, house_number_end, box, "
        "postcode, place, floor_area_m2, frontage_m, floor_level, is_storefront, fitout_state, valid_from, last_seen_on, "
        "geom, batch_id, dataset_id) "
        "SELECT nis_code, :code, street, coalesce(CAST(:house_number AS text), house_number), "
        "CASE WHEN CAST(:house_number AS text) IS NULL THEN house_number_suffix END, "
        "coalesce(CAST(:house_number_end AS text), CASE WHEN CAST(:house_number AS text) IS NULL THEN house_number_end END), "
        "coalesce(CAST(:box AS text), CASE WHEN CAST(:house_number AS text) IS NULL THEN box END), postcode, place, "
        ":floor_area_m2, :frontage_m, floor_level, is_storefront, fitout_state, :on, :on, "
        "st_translate(geom, :along * sin(coalesce((SELECT way FROM street), pi() / 2)), "
        ":along * cos(coalesce((SELECT way FROM street), pi() / 2))), :batch, :dataset "
        "FROM shop_unit WHERE id = :like RETURNING id"
    )
    asked = {
        "house_number": None, "house_number_end": None, "box": None, "frontage_m": None, **values,
        "like": like, "on": on, "batch": batch.id, "dataset": batch.dataset_id,
        "along": _APART_M * (place - (of - 1) / 2),
    }  # fmt: skip
    return int(session.execute(query, asked).scalar_one())


def set_market_status(session: Session, batch: Batch, spell_id: int, status: str) -> None:
    """How far an empty unit is on the market; what it was before is kept for undo."""
    values = {"batch": batch.id, "id": spell_id, "status": status}
    session.execute(
        text(
            "INSERT INTO import_change (batch_id, table_name, row_key, before, after) "
            "SELECT :batch, 'vacancy_spell', jsonb_build_object('id', id), "
            "jsonb_build_object('market_status', market_status), "
            "jsonb_build_object('market_status', CAST(:status AS text)) FROM vacancy_spell WHERE id = :id"
        ),
        values,
    )
    session.execute(text("UPDATE vacancy_spell SET market_status = :status WHERE id = :id"), values)


def open_period(session: Session, batch: Batch, unit_id: int, period: Period) -> int:
    """What goes on in a unit from a day on; gives its key."""
    values = {**vars(period), "unit": unit_id, "batch": batch.id, "dataset": batch.dataset_id}
    if period.kind == "occupancy":
        query = (
            "INSERT INTO occupancy (shop_unit_id, period, start_basis, occupant_name, branch_code, is_chain, is_popup, "
            "is_anchor, origin, moved_from_unit_id, batch_id, dataset_id) VALUES (:unit, daterange(:from_on, NULL), "
            ":basis, :occupant_name, :branch_code, :is_chain, :is_popup, :is_anchor, :origin, :moved_from, :batch, "
            ":dataset) RETURNING id"
        )
    else:
        query = (
            "INSERT INTO vacancy_spell (shop_unit_id, start_earliest_on, start_latest_on, start_basis, market_status, "
            "last_branch_code, batch_id, dataset_id) VALUES (:unit, :earliest_on, :from_on, :basis, :market_status, "
            ":branch_code, :batch, :dataset) RETURNING id"
        )
    return int(session.execute(text(query), values).scalar_one())


def relate(session: Session, batch: Batch, *, earlier: int, later: int, kind: str, on: date) -> None:
    """A unit came out of another."""
    query = text(
        "INSERT INTO shop_unit_relation (from_unit_id, to_unit_id, kind, happened_on, batch_id, dataset_id) "
        "VALUES (:earlier, :later, :kind, :on, :batch, :dataset)"
    )
    session.execute(
        query,
        {
            "earlier": earlier, "later": later, "kind": kind, "on": on,
            "batch": batch.id, "dataset": batch.dataset_id,
        },
    )  # fmt: skip


def place(session: Session, nis_code: str) -> None:
    """Tell the units of a municipality in which core and on which parcel they stand."""
    session.execute(text("SELECT place_shop_units(:nis)"), {"nis": nis_code})


def is_branch(session: Session, code: str) -> bool:
    """Is this a branch of the list?"""
    query = text("SELECT EXISTS (SELECT 1 FROM code_list WHERE scheme = 'branch' AND code = :code)")
    return bool(session.execute(query, {"code": code}).scalar())


def neighbours(session: Session, unit_id: int, *, within_m: float, limit: int) -> Sequence[RowMapping]:
    """Active units around one, nearest first."""
    query = text(
        "SELECT s.id, s.address, s.state, s.occupant_name AS name, s.floor_area_m2, "
        "st_distance(s.geom, u.geom) AS distance_m FROM shop_unit u JOIN shop_unit_state s ON s.nis_code = u.nis_code "
        "AND s.id <> u.id AND st_dwithin(s.geom, u.geom, :within) WHERE u.id = :id "
        "ORDER BY distance_m, s.id LIMIT :limit"
    )
    return session.execute(query, {"id": unit_id, "within": within_m, "limit": limit}).mappings().all()


def edits(session: Session, nis_code: str, limit: int) -> Sequence[RowMapping]:
    """Edits of a municipality, newest first, with the units they made."""
    query = text(
        "SELECT b.id, b.mapping ->> 'kind' AS kind, b.file_name AS label, CAST(b.mapping ->> 'on' AS date) AS \"on\", "
        "b.imported_at AS made_at, b.state, b.undone_at, ARRAY(SELECT u.id FROM shop_unit u WHERE u.batch_id = b.id "
        "ORDER BY u.id) AS units FROM import_batch b WHERE b.source = ANY(:sources) AND b.nis_code = :nis "
        "ORDER BY b.id DESC LIMIT :limit"
    )
    return session.execute(query, {"sources": SOURCES, "nis": nis_code, "limit": limit}).mappings().all()


def edit(session: Session, edit_id: int) -> RowMapping | None:
    """The batch of an edit."""
    query = text(
        "SELECT id, nis_code, state FROM import_batch WHERE id = :id AND source = ANY(:sources) FOR UPDATE"
    )
    return session.execute(query, {"id": edit_id, "sources": SOURCES}).mappings().first()
