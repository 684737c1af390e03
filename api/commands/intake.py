"""One file in one transaction: read, stage, write, report."""

import csv
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.base import SRID
from api.db.store import TARGETS, Batch, Stage, finish_batch, open_batch
from api.db.store.ended import end_superseded_parcels
from api.db.store.observation import observe
from api.db.store.register import close_missing
from api.importers import IMPORTERS, Reading, Request
from api.registers.importing import RecordsHeld, unmatched_query
from api.registers.matching import match_registers
from api.registers.registers import MOVES
from api.settings import get_settings

Progressed = Callable[[str, int, float | None], None]


@dataclass(frozen=True)
class Order:
    """What somebody asked to import."""

    source: str
    nis_code: str | None
    mapping: dict[str, str]
    options: dict[str, str]
    dataset: dict[str, Any]
    is_dry_run: bool = False


@dataclass(frozen=True)
class Report:
    """What became of one file."""

    batch: Batch
    assumed: list[str]
    history: dict[str, int]
    refusals: Path | None
    changes: Path | None
    unmatched: Path | None = None


def import_file(session: Session, path: Path, order: Order, *, progressed: Progressed) -> Report:
    """
    Import one file in the caller's transaction.

    Raises
    ------
    api.importers.UnreadableSource
        When the file as a whole cannot be read.
    """
    # Two imports at once would each compare with what the other is about to change.
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('kernkaart.import'))"))
    session.execute(text("SET LOCAL statement_timeout = 0"))
    request = Request(
        path=path,
        srid=SRID,
        nis_code=order.nis_code,
        mapping=order.mapping,
        within=border_of(session, order.nis_code),
        options=order.options,
        postcodes=postcodes_of(session, order.nis_code),
    )
    records = RecordsHeld(IMPORTERS[order.source].open(request))
    batch = open_batch(
        session,
        dataset=order.dataset,
        source=order.source,
        nis_code=order.nis_code,
        file=fingerprint(path),
        mapping={**order.mapping, **order.options},
    )
    seen_on = order.dataset.get("vintage_on")
    assumed, history = write_readings(session, batch, records, progressed=progressed, seen_on=seen_on)
    assumed += records.close(session, batch, is_complete=order.options.get("complete") == "yes", on=seen_on)
    finish_batch(session, batch, assumed=assumed)
    folder = get_settings().home / "imports"
    return Report(
        batch=batch,
        assumed=assumed,
        history=history,
        refusals=_write_refusals(session, batch, folder, order),
        changes=_write_changes(session, batch, folder, order),
        unmatched=_write_unmatched(session, batch, folder, order),
    )


def write_readings(
    session: Session,
    batch: Batch,
    readings: Iterable[Reading],
    *,
    progressed: Progressed,
    seen_on: date | None = None,
) -> tuple[list[str], dict[str, int]]:
    """
    Stage and write every reading; `seen_on` is the day of observations that do not say theirs.

    Returns
    -------
    What was assumed, and what became of the history of shop units.
    """
    assumed: list[str] = []
    history: dict[str, int] = {}
    for reading in readings:
        stage = Stage(session, batch, TARGETS[reading.target])
        for chunk in reading.chunks:
            stage.add(chunk.rows, chunk.refused)
            progressed(reading.target, stage.outcome.read, chunk.done_share)
        if reading.target == "shop_unit" and seen_on is not None:
            # Never today: the same file would tell something else tomorrow.
            stage.fill("seen_on", seen_on)
        stage.write()
        if reading.target == "shop_unit":
            history = observe(stage)
        if reading.target == "company_establishment":
            history = history | close_missing(stage)
        stage.close()
        assumed += [sentence for sentence in reading.assumed if sentence not in assumed]
    if "parcel" in batch.outcomes and (ended := end_superseded_parcels(session, batch, seen_on)):
        assumed.append(f"{ended:,} earlier parcels ended: those of this file lie where they lay")
    if {"shop_unit", "core", "parcel"} & set(batch.outcomes):
        _place_units(session, batch)
    if MOVES & set(batch.outcomes):
        match_registers(session, batch.nis_code)
    return assumed, history


def _place_units(session: Session, batch: Batch) -> None:
    """Core and parcel of units follow from where they stand, whichever of the three came last."""
    query = "SELECT place_shop_units(nis_code) FROM municipality"
    if batch.nis_code is not None:
        query += " WHERE nis_code = :nis"
    session.execute(text(query), {"nis": batch.nis_code} if batch.nis_code else {})


def border_of(session: Session, nis_code: str | None) -> Any:
    """Border of a municipality as a shapely geometry, or None when it is not known."""
    query = text("SELECT st_asbinary(geom) FROM municipality WHERE nis_code = :nis")
    wkb = session.execute(query, {"nis": nis_code}).scalar()
    return None if wkb is None else shapely.from_wkb(bytes(wkb))


def postcodes_of(session: Session, nis_code: str | None) -> tuple[str, ...]:
    """Postcodes of a municipality, none when they are not known."""
    query = text("SELECT postcodes FROM municipality WHERE nis_code = :nis")
    return tuple(session.execute(query, {"nis": nis_code}).scalar() or ())


def fingerprint(path: Path) -> dict[str, Any]:
    """Name, SHA-256 and size of a file; of a folder, of the files in it."""
    digest, size = hashlib.sha256(), 0
    for part in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if part.is_file():
            size += part.stat().st_size
            with part.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
    return {"file_name": path.name, "file_sha256": digest.hexdigest(), "file_bytes": size}


def _write_refusals(session: Session, batch: Batch, folder: Path, order: Order) -> Path | None:
    query = (
        "SELECT target, row_number, column_name, value, reason, remedy FROM import_refusal "
        "WHERE batch_id = :id ORDER BY target, row_number, id"
    )
    return _write_csv(session, query, batch, folder / _file_name(batch, "refused", order))


def _write_changes(session: Session, batch: Batch, folder: Path, order: Order) -> Path | None:
    query = (
        "SELECT table_name, row_key, before, after FROM import_change WHERE batch_id = :id "
        "ORDER BY table_name, id LIMIT 100000"
    )
    return _write_csv(session, query, batch, folder / _file_name(batch, "changed", order))


def _write_unmatched(session: Session, batch: Batch, folder: Path, order: Order) -> Path | None:
    query = unmatched_query(batch)
    if query is None:
        return None
    return _write_csv(session, query, batch, folder / _file_name(batch, "unmatched", order))


def _file_name(batch: Batch, what: str, order: Order) -> str:
    return f"dry-run-{what}.csv" if order.is_dry_run else f"import-{batch.id}-{what}.csv"


def _write_csv(session: Session, query: str, batch: Batch, path: Path) -> Path | None:
    """Write the rows of `query` for spreadsheets (UTF-8 with BOM, semicolons); nothing when there are none."""
    result = session.execute(text(query), {"id": batch.id})
    rows = result.all()
    if not rows:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(result.keys())
        writer.writerows(rows)
    return path


def parse_pairs(pairs: list[str], *, option: str) -> dict[str, str]:
    """
    ``["a=b"]`` to ``{"a": "b"}``.

    Raises
    ------
    ValueError
        When a pair has no ``=``.
    """
    split = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise ValueError(f"{option} takes name=value, not {pair!r}.")
        split[name.strip()] = value.strip()
    return split


def vintage_of(path: Path) -> date:
    """Day the file was last written, the best guess at its vintage when nobody says."""
    return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
