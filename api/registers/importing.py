"""What the import of a register does beside writing its rows."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.store import Batch
from api.db.store.ended import strike_off_missing
from api.importers import Chunk, Reading
from api.registers.registers import REGISTERS

TABLES = {register.table for register in REGISTERS.values()}


class RecordsHeld:
    """
    Hands readings on and remembers which records of a register went by.

    Parameters
    ----------
    readings
        What an importer gives; any source may come by.
    """

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._readings = readings
        self._held: dict[str, set[str]] = {}

    def __iter__(self) -> Iterator[Reading]:
        for reading in self._readings:
            if reading.target in TABLES:
                yield replace(reading, chunks=self._watched(reading))
            else:
                yield reading

    def _watched(self, reading: Reading) -> Iterator[Chunk]:
        held = self._held.setdefault(reading.target, set())
        for chunk in reading.chunks:
            held |= set(chunk.rows["record_key"].dropna())
            yield chunk

    def close(self, session: Session, batch: Batch, *, is_complete: bool, on: date | None) -> list[str]:
        """Strike off, or only count, the records that the file no longer holds; sentences to show."""
        said = []
        for table, held in self._held.items():
            if batch.outcome(table).refused and is_complete:
                said.append("Rows were refused, so no record was struck off: correct the file first")
            elif is_complete:
                struck = strike_off_missing(session, batch, table, held=held, on=on)
                batch.outcome(table).changed += struck
                said += [f"{struck:,} records that the file lacks were struck off"] * bool(struck)
            elif missing := _missing(session, batch, table, held):
                said.append(
                    f"{missing:,} records on the register are not in this file and stay as they are; "
                    "where the file is the whole register, say --option complete=yes"
                )
        return said


def _missing(session: Session, batch: Batch, table: str, held: set[str]) -> int:
    if batch.nis_code is None:
        return 0
    query = text(
        f"SELECT count(*) FROM {table} WHERE nis_code = :nis AND NOT is_removed AND record_key <> ALL(:held)"
    )
    return int(session.execute(query, {"nis": batch.nis_code, "held": sorted(held)}).scalar_one())


def unmatched_query(batch: Batch) -> str | None:
    """SQL of the records, of the register that this batch holds, that somebody must settle; `:id` is the batch."""
    table = next((name for name in batch.outcomes if name in TABLES), None)
    return table and (
        "SELECT r.record_key, r.capakey, r.street, r.house_number, r.box, r.match_doubt AS reason, "
        f"(SELECT label_nl FROM code_list c WHERE c.scheme = 'match_doubt' AND c.code = r.match_doubt) AS reason_nl "
        f"FROM {table} r, import_batch b WHERE b.id = :id AND (b.nis_code IS NULL OR b.nis_code = r.nis_code) "
        "AND r.match_doubt IS NOT NULL ORDER BY r.record_key"
    )
