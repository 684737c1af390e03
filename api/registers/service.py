"""Records on a day, those that somebody must settle, and what somebody settled."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from api.db.session import current_day
from api.errors import Malformed, NotAnswerable, NotFound
from api.export.service import check, csv_file, file_name
from api.geojson import collection, feature
from api.registers import queries
from api.registers.matching import match_register
from api.registers.registers import REGISTERS, Register

EARLIEST_YEAR = 1900
UNMATCHED_COLUMNS = (
    "record_key", "dossier_number", "capakey", "address", "entered_on", "match_doubt", "candidates",
)  # fmt: skip


def day_of(session: Session, on: date | None) -> date:
    """
    The day that is asked about, today when none is.

    Raises
    ------
    Malformed
        When nobody can know the day.
    """
    now = current_day(session)
    day = on or now
    # The day may have begun here before it does in the database's zone.
    if day > now + timedelta(days=1):
        raise Malformed(f"{day} lies in the future.", "Give a day up to today.")
    if day.year < EARLIEST_YEAR:
        raise Malformed(f"{day} is too long ago.", f"Give a day from {EARLIEST_YEAR}-01-01 on.")
    return day


def list_records(session: Session, name: str, nis_code: str, on: date | None) -> dict[str, Any]:
    """Records on a register on a day as features; one without a parcel has no geometry."""
    day = day_of(session, on)
    rows = queries.records(session, REGISTERS[name], nis_code, day)
    return collection((feature(row) for row in rows), register=name, on=day.isoformat())


def list_unmatched(session: Session, name: str, nis_code: str, on: date | None) -> dict[str, Any]:
    """Records without one parcel of today, with the reason; and those that were given one by hand."""
    day = day_of(session, on)
    rows = [dict(row) for row in queries.to_settle(session, REGISTERS[name], nis_code, day)]
    return {
        "register": name,
        "on": day,
        "records": queries.counts(session, REGISTERS[name], nis_code, day)["records"],
        "items": [row for row in rows if row["match_doubt"] is not None],
        "settled": [row for row in rows if row["match_doubt"] is None],
    }


def assign_parcel(session: Session, name: str, record_id: int, capakey: str) -> dict[str, Any]:
    """
    Give a record a parcel; it keeps it at the next import.

    Raises
    ------
    NotFound
        When there is no such record.
    NotAnswerable
        When there is no such parcel today.
    """
    register, row = _record(session, name, record_id)
    key = capakey.strip().upper()
    if not queries.parcel_exists(session, row["nis_code"], key):
        raise NotAnswerable(
            f"There is no parcel {key} in this municipality today.",
            "Point at the parcel on the map to see its key, or import the newest parcels.",
            code="parcel_gone",
            key=key,
        )
    queries.assign(session, register, row["nis_code"], row["record_key"], key)
    match_register(session, register, row["nis_code"])
    return dict(_record(session, name, record_id)[1])


def take_back(session: Session, name: str, record_id: int) -> dict[str, Any]:
    """
    Undo what somebody settled: the record lies again where its file says.

    Raises
    ------
    NotFound
        When there is no such record, or nobody gave it a parcel.
    """
    register, row = _record(session, name, record_id)
    if not queries.unassign(session, register, row["nis_code"], row["record_key"]):
        raise NotFound(
            f"Nobody gave record {row['record_key']} a parcel by hand.",
            "GET /api/registers/{register}/unmatched lists, under settled, those that have one.",
            code="undone_already",
        )
    match_register(session, register, row["nis_code"])
    return dict(_record(session, name, record_id)[1])


def _record(session: Session, name: str, record_id: int) -> tuple[Register, Any]:
    register = REGISTERS[name]
    row = queries.record(session, register, record_id)
    if row is None:
        raise NotFound(
            f"There is no record {record_id} on this register.",
            "GET /api/registers/{register}/records?municipality=NIS lists those on it.",
            code="record_gone",
        )
    return register, row


def records_csv(session: Session, name: str, nis_code: str, on: date | None) -> tuple[str, bytes]:
    """Name and content of a spreadsheet of the records on a day."""
    check(session, name, nis_code)
    rows = queries.records(session, REGISTERS[name], nis_code, day_of(session, on))
    columns = (*queries.RECORD_COLUMNS, "capakey_today")
    return file_name(session, name, nis_code, "csv"), _csv(columns, rows)


def unmatched_csv(session: Session, name: str, nis_code: str, on: date | None) -> tuple[str, bytes]:
    """Name and content of a spreadsheet of the records that somebody must settle."""
    check(session, name, nis_code)
    items = list_unmatched(session, name, nis_code, on)["items"]
    rows = [{**row, "candidates": " ".join(one["capakey"] for one in row["candidates"])} for row in items]
    return file_name(session, f"{name}-unmatched", nis_code, "csv"), _csv(UNMATCHED_COLUMNS, rows)


def _csv(columns: Iterable[str], rows: Iterable[Any]) -> bytes:
    names = list(columns)
    return csv_file([names, *([row[name] for name in names] for row in rows)])
