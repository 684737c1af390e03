"""Undo of an import: rows it made go, rows it changed become what they were."""

from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from api.db.base import Base
from api.db.models import ImportBatch, ImportChange

# Parents before children in metadata; undo removes children first.
IMPORTED = [table for table in reversed(Base.metadata.sorted_tables) if "batch_id" in table.columns]
RECORDS = {"import_change", "import_refusal"}
# What hangs on a row, and would go with it or stand in its way: table, its column, the column it points at.
DEPENDENT: dict[str, list[tuple[str, str, str]]] = {
    "footfall_sensor": [("footfall_count", "sensor_id", "id")],
    "parking_zone": [("parking_observation", "parking_zone_id", "id")],
    "shop_unit": [
        ("occupancy", "shop_unit_id", "id"),
        ("vacancy_spell", "shop_unit_id", "id"),
        ("shop_unit_relation", "from_unit_id", "id"),
        ("shop_unit_relation", "to_unit_id", "id"),
    ],
    "municipality": [
        (table.name, "nis_code", "nis_code")
        for table in IMPORTED
        if "nis_code" in table.columns and table.name not in {"municipality", "import_batch"}
    ],
}
# Units are told their core and parcel by where they stand; that is told anew when one of these went back.
PLACING = {"shop_unit", "core", "parcel"}

# A batch may change a row more than once (counts that are pushed all day): what was before the first change counts.
FIRST_CHANGES = (
    "SELECT row_key, jsonb_object_agg(key, value) AS before FROM ("
    "SELECT DISTINCT ON (c.row_key, e.key) c.row_key, e.key, e.value FROM import_change c, jsonb_each(c.before) e "
    "WHERE c.batch_id = :id AND c.table_name = :name ORDER BY c.row_key, e.key, c.id) first GROUP BY row_key"
)


class UndoRefused(ValueError):
    """
    The import cannot be undone now; the message says what must be undone first.

    Parameters
    ----------
    code, **values
        What it is called where a person may read it in another language, and what those words name.
    """

    def __init__(self, message: str, code: str, **values: Any) -> None:
        super().__init__(message)
        self.code = code
        self.values = values


def undo_batch(session: Session, batch_id: int) -> dict[str, int]:
    """
    Undo one import in the caller's transaction.

    Returns
    -------
    Rows removed and restored, by table, as ``{"removed parcel": 3, "restored parcel": 1}``.

    Raises
    ------
    UndoRefused
        When there is no such batch, it is undone already, or a later import rests on it.
    """
    state = session.execute(select(ImportBatch.state).where(ImportBatch.id == batch_id)).scalar()
    if state is None:
        raise UndoRefused(
            f"There is no import {batch_id}. List the imports with: kernkaart imports", "import_gone"
        )
    if state == "undone":
        raise UndoRefused(f"Import {batch_id} was undone already.", "undone_already")
    _refuse_when_rested_on(session, batch_id)
    _refuse_when_walked(session, batch_id)
    _refuse_when_dropped(session, batch_id)
    _refuse_when_candidate(session, batch_id)
    _refuse_when_contacts(session, batch_id)
    _refuse_when_carded(session, batch_id)
    _refuse_when_town_has(session, batch_id)
    report = _remove_made(session, batch_id) | _put_back(session, batch_id)
    report |= _restore_changed(session, batch_id)
    if PLACING & {what.split()[-1] for what in report}:
        session.execute(text("SELECT place_shop_units(nis_code) FROM municipality"))
    # What a street round saw waits for a decision again, whoever undoes it and wherever.
    session.execute(
        text(
            "UPDATE survey_observation SET decision = 'pending', decided_at = NULL, decided_batch_id = NULL "
            "WHERE decided_batch_id = :id"
        ),
        {"id": batch_id},
    )
    session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch_id)
        .values(state="undone", undone_at=func.clock_timestamp())
    )
    return report


def _refuse_when_rested_on(session: Session, batch_id: int) -> None:
    later: list[Any] = []
    later += session.execute(
        text(
            "SELECT DISTINCT b.id, b.file_name FROM import_change mine JOIN import_change other "
            "USING (table_name, row_key) JOIN import_batch b ON b.id = other.batch_id "
            "WHERE mine.batch_id = :id AND other.batch_id > :id AND b.state = 'done'"
        ),
        {"id": batch_id},
    ).all()
    for table in _made_tables(session, batch_id):
        key = _key_json(table)
        later += session.execute(
            text(
                f"SELECT DISTINCT b.id, b.file_name FROM {table.name} t JOIN import_change c "
                f"ON c.table_name = :name AND c.row_key = {key} JOIN import_batch b ON b.id = c.batch_id "
                "WHERE t.batch_id = :id AND c.batch_id > :id AND b.state = 'done'"
            ),
            {"id": batch_id, "name": table.name},
        ).all()
        for child, column, parent in DEPENDENT.get(table.name, ()):
            hangs = f"FROM {child} c JOIN {table.name} t ON t.{parent} = c.{column} "
            later += session.execute(
                text(
                    f"SELECT DISTINCT b.id, b.file_name {hangs} JOIN import_batch b ON b.id = c.batch_id "
                    "WHERE t.batch_id = :id AND c.batch_id <> :id AND b.state = 'done'"
                ),
                {"id": batch_id},
            ).all()
            by_hand = text(f"SELECT count(*) {hangs} WHERE t.batch_id = :id AND c.batch_id IS NULL")
            if number := session.execute(by_hand, {"id": batch_id}).scalar():
                raise UndoRefused(
                    f"{number} rows of {child} that were not imported rest on import {batch_id}. "
                    "Remove or move them first.",
                    "rests_on_rows",
                    n=number,
                )
    if later:
        named = ", ".join(f"{number} ({name})" for number, name in sorted({tuple(row) for row in later}))
        raise UndoRefused(
            f"Later imports rest on import {batch_id}. Undo these first: {named}.",
            "rests_on_later",
            later=named,
        )


def _refuse_when_walked(session: Session, batch_id: int) -> None:
    """Shop units that were walked past in a street round are kept, and so is what was seen of them."""
    query = text(
        "SELECT string_agg(DISTINCT r.name, ', ') FROM survey_round r JOIN survey_stop s ON s.round_id = r.id "
        "JOIN shop_unit u ON u.id = s.shop_unit_id WHERE u.batch_id = :id"
    )
    if named := session.execute(query, {"id": batch_id}).scalar():
        raise UndoRefused(
            f"Street rounds were walked past the shop units of import {batch_id}: {named}.",
            "rests_on_rounds",
            rounds=named,
        )


def _refuse_when_dropped(session: Session, batch_id: int) -> None:
    """Sums whose single readings were dropped would go with their sensor, and nobody could make them again."""
    query = text(
        "SELECT string_agg(code, ', ' ORDER BY code) FROM footfall_sensor "
        "WHERE batch_id = :id AND raw_from_at IS NOT NULL"
    )
    if named := session.execute(query, {"id": batch_id}).scalar():
        raise UndoRefused(
            f"Older readings of sensors of import {batch_id} were dropped, and their sums would be lost: {named}.",
            "sums_would_be_lost",
            sensors=named,
        )


def _refuse_when_candidate(session: Session, batch_id: int) -> None:
    """Shop units that somebody was offered are kept while they are in a case; a removed case can be put back."""
    query = text(
        "SELECT string_agg(c.title || ' (' || c.id || ')', ', ' ORDER BY c.id) FROM acquisition_case c "
        "WHERE NOT EXISTS (SELECT 1 FROM municipality m WHERE m.nis_code = c.nis_code AND m.batch_id = :id) "
        "AND EXISTS (SELECT 1 FROM case_unit k JOIN shop_unit u ON u.id = k.shop_unit_id "
        "WHERE k.case_id = c.id AND u.batch_id = :id)"
    )
    if named := session.execute(query, {"id": batch_id}).scalar():
        raise UndoRefused(
            f"Acquisition cases are about shop units of import {batch_id}: {named}. Put a removed case back, give each "
            "another unit and take these off; a signed case goes back a step first.",
            "rests_on_cases",
            cases=named,
        )


def _refuse_when_contacts(session: Session, batch_id: int) -> None:
    """Contacts are tied to shop units for a purpose; whoever undoes their import is told how many, not who."""
    held = session.execute(text("SELECT contacts_of_import(:id)"), {"id": batch_id}).scalar_one()
    if held:
        raise UndoRefused(
            f"{held} contacts are tied to shop units of import {batch_id}. Take them off those units or erase them first.",
            "rests_on_contacts",
            n=held,
        )


def _refuse_when_carded(session: Session, batch_id: int) -> None:
    """What officers and owners wrote on cards of shop units, and the consent that owners gave, is kept."""
    written = " UNION ".join(
        f"SELECT shop_unit_id FROM {table}"
        for table in ("unit_card_change", "unit_consent", "owner_link", "unit_photo")
    )
    query = text(
        f"SELECT count(*) FROM ({written}) w JOIN shop_unit u ON u.id = w.shop_unit_id WHERE u.batch_id = :id"
    )
    if number := session.execute(query, {"id": batch_id}).scalar():
        raise UndoRefused(
            f"Cards, photographs or consent of owners are kept of {number} shop units of import {batch_id}.",
            "rests_on_cards",
            n=number,
        )


def _refuse_when_town_has(session: Session, batch_id: int) -> None:
    """Cases and own score profiles keep all that was ever said in them, and so their municipality."""
    towns = {"id": batch_id}
    of_town = "c JOIN municipality m USING (nis_code) WHERE m.batch_id = :id"
    cases = text(f"SELECT string_agg(DISTINCT c.title, ', ') FROM acquisition_case {of_town}")
    if named := session.execute(cases, towns).scalar():
        raise UndoRefused(
            f"Import {batch_id} made a municipality whose cases are kept for good: {named}.",
            "rests_on_town_cases",
            names=named,
        )
    profiles = text(f"SELECT string_agg(DISTINCT c.name, ', ') FROM score_profile {of_town}")
    if named := session.execute(profiles, towns).scalar():
        raise UndoRefused(
            f"Import {batch_id} made a municipality whose score profiles are kept for good: {named}.",
            "rests_on_profiles",
            names=named,
        )


def _made_tables(session: Session, batch_id: int) -> list[Any]:
    return [
        table
        for table in IMPORTED
        if table.name not in RECORDS
        and session.execute(
            text(f"SELECT EXISTS (SELECT 1 FROM {table.name} WHERE batch_id = :id)"), {"id": batch_id}
        ).scalar()
    ]


def _key_json(table: Any) -> str:
    pairs = ", ".join(f"'{column.name}', t.\"{column.name}\"" for column in table.primary_key)
    return f"jsonb_build_object({pairs})"


def _remove_made(session: Session, batch_id: int) -> dict[str, int]:
    report = {}
    for table in _made_tables(session, batch_id):
        if table.name == "municipality":
            # Figures of a municipality that goes have nothing left to be about.
            session.execute(
                text(
                    "DELETE FROM analysis_run r USING municipality m "
                    "WHERE m.nis_code = r.nis_code AND m.batch_id = :id"
                ),
                {"id": batch_id},
            )
        gone = session.execute(text(f"DELETE FROM {table.name} WHERE batch_id = :id"), {"id": batch_id})
        report[f"removed {table.name}"] = gone.rowcount  # type: ignore[attr-defined]
    return report


def _put_back(session: Session, batch_id: int) -> dict[str, int]:
    """Rows that the batch removed come back under their own key."""
    removed = select(ImportChange.table_name).where(
        ImportChange.batch_id == batch_id, func.jsonb_typeof(ImportChange.after) == "null"
    )
    report = {}
    for name in session.execute(removed.distinct()).scalars().all():
        columns = [c.name for c in Base.metadata.tables[name].columns if c.computed is None]
        listed, kept = (", ".join(f'{of}"{column}"' for column in columns) for of in ("", "r."))
        done = session.execute(
            text(
                f"INSERT INTO {name} ({listed}) SELECT {kept} FROM import_change c, "
                f"LATERAL jsonb_populate_record(NULL::{name}, c.before) r "
                "WHERE c.batch_id = :id AND c.table_name = :name AND jsonb_typeof(c.after) = 'null'"
            ),
            {"id": batch_id, "name": name},
        )
        report[f"put back {name}"] = done.rowcount  # type: ignore[attr-defined]
    return report


def _restore_changed(session: Session, batch_id: int) -> dict[str, int]:
    changed = (
        select(ImportChange.table_name)
        .where(ImportChange.batch_id == batch_id, func.jsonb_typeof(ImportChange.after) != "null")
        .distinct()
    )
    report = {}
    for name in session.execute(changed).scalars().all():
        table = Base.metadata.tables[name]
        primary = [column.name for column in table.primary_key]
        columns = [c.name for c in table.columns if c.computed is None and c.name not in primary]
        listed = ", ".join(f'"{column}"' for column in columns)
        restored = ", ".join(f'r."{column}"' for column in columns)
        matched = " AND ".join(f't."{c}" = k."{c}"' for c in primary)
        done = session.execute(
            text(
                f"UPDATE {name} t SET ({listed}) = (SELECT {restored} "
                "FROM jsonb_populate_record(t, c.before) r) "
                f"FROM ({FIRST_CHANGES}) c, LATERAL jsonb_populate_record(NULL::{name}, c.row_key) k "
                f"WHERE {matched}"
            ),
            {"id": batch_id, "name": name},
        )
        report[f"restored {name}"] = done.rowcount  # type: ignore[attr-defined]
    return report
