"""SQL about the registers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.geojson import as_geojson
from api.registers.registers import REGISTERS, Register

RECORD_COLUMNS = (
    "id", "record_key", "dossier_prefix", "dossier_type", "dossier_number", "internal_number", "inventory_type",
    "status", "status_code", "property_kind", "street", "house_number", "box", "postcode", "place", "capakey",
    "found_on", "entered_on", "objection", "objection_on", "exemption", "exemption_until", "levy_year", "levy_eur",
    "removed_on", "matched_by", "match_doubt",
)  # fmt: skip
_LISTED = ", ".join(f"r.{name}" for name in RECORD_COLUMNS)
ADDRESS = "concat_ws(' ', r.street, r.house_number, 'bus ' || r.box)"


def records(session: Session, register: Register, nis_code: str, on: date) -> Sequence[RowMapping]:
    """Records on the register on a day, with the parcel of today and a shape."""
    query = text(
        f"SELECT {_LISTED}, {ADDRESS} AS address, r.parcel_id, p.capakey AS capakey_today, "
        f"{as_geojson('r.geom')} AS geometry FROM {register.table} r LEFT JOIN parcel p ON p.id = r.parcel_id "
        "WHERE r.nis_code = :nis AND r.period @> CAST(:on AS date) ORDER BY r.record_key"
    )
    return session.execute(query, {"nis": nis_code, "on": on}).mappings().all()


def to_settle(session: Session, register: Register, nis_code: str, on: date) -> Sequence[RowMapping]:
    """Records that somebody must settle, and those that somebody did."""
    query = text(
        f"SELECT r.id, r.record_key, r.dossier_number, r.capakey, {ADDRESS} AS address, r.entered_on, r.found_on, "
        "r.matched_by, r.match_doubt, a.capakey AS assigned_capakey, a.assigned_at, coalesce(("
        "SELECT jsonb_agg(jsonb_build_object('capakey', p.capakey, 'share', l.share, 'units', ("
        "SELECT coalesce(jsonb_agg(DISTINCT concat_ws(' ', u.street, concat(u.house_number, u.house_number_suffix))), "
        "'[]') FROM shop_unit u WHERE u.parcel_id = p.id AND u.lifecycle = 'active')) ORDER BY l.share DESC) "
        f"FROM register_parcel l JOIN parcel p ON p.id = l.parcel_id WHERE l.{register.key} = r.id), '[]') "
        f"AS candidates FROM {register.table} r LEFT JOIN register_assignment a ON a.nis_code = r.nis_code "
        "AND a.register = :register AND a.record_key = r.record_key WHERE r.nis_code = :nis "
        "AND r.period @> CAST(:on AS date) AND (r.match_doubt IS NOT NULL OR a.id IS NOT NULL) ORDER BY r.record_key"
    )
    values = {"nis": nis_code, "on": on, "register": register.code}
    return session.execute(query, values).mappings().all()


def record(session: Session, register: Register, record_id: int) -> RowMapping | None:
    """One record, with the key given to it by hand."""
    query = text(
        f"SELECT r.id, r.nis_code, r.record_key, r.dossier_number, r.capakey, {ADDRESS} AS address, r.matched_by, "
        f"r.match_doubt, p.capakey AS capakey_today, a.capakey AS assigned_capakey FROM {register.table} r "
        "LEFT JOIN parcel p ON p.id = r.parcel_id LEFT JOIN register_assignment a ON a.nis_code = r.nis_code "
        "AND a.register = :register AND a.record_key = r.record_key WHERE r.id = :id"
    )
    return session.execute(query, {"id": record_id, "register": register.code}).mappings().first()


def parcel_exists(session: Session, nis_code: str, capakey: str) -> bool:
    """Is there a parcel of today with this key?"""
    query = text(
        "SELECT EXISTS (SELECT 1 FROM parcel WHERE nis_code = :nis AND capakey = :key AND ends_on IS NULL)"
    )
    return bool(session.execute(query, {"nis": nis_code, "key": capakey}).scalar())


def assign(session: Session, register: Register, nis_code: str, record_key: str, capakey: str) -> None:
    """Give a record a parcel."""
    query = text(
        "INSERT INTO register_assignment (nis_code, register, record_key, capakey) "
        "VALUES (:nis, :register, :record, :key) ON CONFLICT (nis_code, register, record_key) "
        "DO UPDATE SET capakey = excluded.capakey, assigned_at = now()"
    )
    values = {"nis": nis_code, "register": register.code, "record": record_key, "key": capakey}
    session.execute(query, values)


def unassign(session: Session, register: Register, nis_code: str, record_key: str) -> bool:
    """Take a parcel given by hand back; was there one?"""
    query = text(
        "DELETE FROM register_assignment WHERE nis_code = :nis AND register = :register AND record_key = :record"
    )
    done = session.execute(query, {"nis": nis_code, "register": register.code, "record": record_key})
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _links(register: str, which: Register) -> str:
    return (
        f"SELECT '{register}' AS register, r.id, u.id AS shop_unit_id, r.match_doubt IS NULL AS is_sure, "
        "coalesce(lower(r.street) = lower(u.street) AND upper(r.house_number) = upper(concat(u.house_number, "
        "u.house_number_suffix, '-' || u.house_number_end)), false) AS is_same_address, r.dossier_number, "
        "r.record_key, r.status, r.found_on, r.entered_on, r.objection, r.exemption, r.exemption_until "
        f"FROM {which.table} r JOIN register_parcel l ON l.{which.key} = r.id "
        "JOIN shop_unit u ON u.parcel_id = l.parcel_id "
        "WHERE r.nis_code = :nis AND r.period @> CAST(:on AS date)"
    )


def unit_links(session: Session, nis_code: str, on: date) -> pd.DataFrame:
    """Shop units that stand on a parcel of a record, one row per record and unit; of any time, so filter them."""
    query = " UNION ALL ".join(_links(name, register) for name, register in REGISTERS.items())
    result = session.execute(text(f"{query} ORDER BY 1, 2, 3"), {"nis": nis_code, "on": on})
    return pd.DataFrame(result.all(), columns=list(result.keys()))


def counts(session: Session, register: Register, nis_code: str, on: date) -> dict[str, Any]:
    """How many records are on the register on a day and on one parcel each, of which source and day."""
    query = text(
        "SELECT count(*) AS records, count(*) FILTER (WHERE r.match_doubt IS NULL) AS placed, "
        "string_agg(DISTINCT d.name, ', ') AS source, max(coalesce(d.vintage_on, CAST(b.imported_at AS date))) "
        f"AS as_of FROM {register.table} r LEFT JOIN dataset d ON d.id = r.dataset_id "
        "LEFT JOIN import_batch b ON b.id = r.batch_id "
        "WHERE r.nis_code = :nis AND r.period @> CAST(:on AS date)"
    )
    return dict(session.execute(query, {"nis": nis_code, "on": on}).mappings().one())


def unit_names(session: Session, ids: Sequence[int]) -> dict[int, RowMapping]:
    """What to call shop units, by key."""
    query = text(
        "SELECT id, concat_ws(' ', street, concat(house_number, house_number_suffix, '-' || house_number_end), "
        "'bus ' || box) AS address FROM shop_unit WHERE id = ANY(:ids)"
    )
    return {row["id"]: row for row in session.execute(query, {"ids": list(ids)}).mappings()}


def municipality_of_unit(session: Session, unit_id: int) -> str | None:
    """NIS code of a shop unit."""
    return session.execute(text("SELECT nis_code FROM shop_unit WHERE id = :id"), {"id": unit_id}).scalar()
