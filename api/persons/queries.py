"""SQL about contacts. Names come by way of crm.read_persons alone, which writes who reads in the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]
FACTS = (
    "full_name", "organisation", "email", "phone", "language", "legal_basis", "legal_basis_note", "informed_on",
    "last_contact_on", "do_not_contact", "note", "acquisition_basis", "acquisition_basis_note",
    "acquisition_basis_by", "acquisition_basis_at",
)  # fmt: skip
PLAIN = (
    "id, nis_code, legal_basis, source, purpose, collected_on, informed_on, last_contact_on, do_not_contact, "
    "acquisition_basis, is_for_acquisition, inform_by, version, changed_at, changed_by"
)
ADDRESS = (
    "concat_ws(' ', s.street, nullif(concat(s.house_number, s.house_number_suffix, "
    "CASE WHEN s.house_number_end IS NOT NULL THEN '-' || s.house_number_end END), ''), "
    "CASE WHEN s.box IS NOT NULL THEN 'bus ' || s.box END)"
)
TIES = (
    "SELECT t.id, t.person_id, t.role, t.shop_unit_id, t.case_id, t.made_by, t.made_at, "
    f"coalesce(c.title, nullif({ADDRESS}, ''), s.local_code) AS label FROM crm.person_tie t "
    "LEFT JOIN public.shop_unit s ON s.id = t.shop_unit_id LEFT JOIN public.acquisition_case c ON c.id = t.case_id"
)
# Which contacts a list is about, and which of them a purpose lets through: the wall.
ABOUT = (
    "p.nis_code = :nis AND (CAST(:unit AS bigint) IS NULL AND CAST(:case AS bigint) IS NULL OR EXISTS (SELECT 1 "
    "FROM crm.person_tie t WHERE t.person_id = p.id AND (t.shop_unit_id = :unit OR t.case_id = :case)))"
)
LET_THROUGH = "CASE WHEN :purpose = 'acquisition' THEN p.is_for_acquisition ELSE p.purpose = 'levy' END"


@dataclass(frozen=True)
class Reader:
    """Who reads, for what, and by which way.

    Attributes
    ----------
    officer
        Name that the officer gave.
    purpose
        levy or acquisition.
    route
        Method and address of the request, or the command.
    """

    officer: str
    purpose: str
    route: str


def listed(
    session: Session, nis_code: str, *, shop_unit: int | None, case: int | None, purpose: str, is_choice: bool
) -> tuple[list[int], int]:
    """Keys of the contacts that a purpose lets through, and how many it holds back."""
    query = text(
        f"SELECT p.id, {LET_THROUGH} AS passes FROM crm.person p WHERE {ABOUT} "
        "AND NOT (:choice AND p.do_not_contact) ORDER BY p.id LIMIT 1000"
    )
    values = {"nis": nis_code, "unit": shop_unit, "case": case, "purpose": purpose, "choice": is_choice}
    rows = session.execute(query, values).all()
    passing = [row.id for row in rows if row.passes]
    return passing, len(rows) - len(passing)


def read(session: Session, ids: Sequence[int], reader: Reader, action: str) -> list[Row]:
    """Contacts with their names; the log says who read them before they are told."""
    query = text("SELECT * FROM crm.read_persons(:ids, :officer, :action, :purpose, :route)")
    values = {"ids": list(ids), "action": action, **vars(reader)}
    return [dict(row) for row in session.execute(query, values).mappings()]


def plain(session: Session, person_id: int, *, is_locked: bool = False) -> Row | None:
    """What is known of a contact without saying who it is."""
    lock = "FOR UPDATE" if is_locked else ""
    query = text(f"SELECT {PLAIN} FROM crm.person WHERE id = :id {lock}")
    row = session.execute(query, {"id": person_id}).mappings().first()
    return None if row is None else dict(row)


def ties(session: Session, ids: Sequence[int]) -> list[Row]:
    """What contacts are tied to."""
    query = text(f"{TIES} WHERE t.person_id = ANY(:ids) ORDER BY t.person_id, t.id")
    return [dict(row) for row in session.execute(query, {"ids": list(ids)}).mappings()]


def keeps(session: Session, ids: Sequence[int]) -> dict[int, Row]:
    """By which rule and until when each contact is kept; no day where nothing ends it yet."""
    query = text(
        "SELECT person_id, rule, nullif(keep_until, 'infinity') AS keep_until FROM crm.person_keep "
        "WHERE person_id = ANY(:ids)"
    )
    rows = session.execute(query, {"ids": list(ids)}).mappings()
    return {row["person_id"]: {"rule": row["rule"], "keep_until": row["keep_until"]} for row in rows}


def undoable(session: Session, ids: Sequence[int]) -> set[int]:
    """Contacts with a change that can be taken back."""
    query = text(
        "SELECT DISTINCT h.person_id FROM crm.person_change h WHERE h.person_id = ANY(:ids) AND h.kind = 'facts' "
        "AND NOT EXISTS (SELECT 1 FROM crm.person_change o WHERE o.undoes_id = h.id)"
    )
    return {row.person_id for row in session.execute(query, {"ids": list(ids)})}


def counts(session: Session, nis_code: str, *, shop_unit: int | None, case: int | None) -> Row:
    """How many contacts there are, without saying who."""
    query = text(
        "SELECT count(*) AS n, count(*) FILTER (WHERE p.is_for_acquisition) AS n_acquisition, "
        "count(*) FILTER (WHERE p.purpose = 'levy') AS n_levy, "
        "count(*) FILTER (WHERE p.do_not_contact) AS n_not_to_contact, "
        "count(*) FILTER (WHERE p.informed_on IS NULL AND p.inform_by < current_date) AS n_overdue "
        f"FROM crm.person p WHERE {ABOUT}"
    )
    values = {"nis": nis_code, "unit": shop_unit, "case": case}
    return dict(session.execute(query, values).mappings().one())


def due(session: Session, nis_code: str | None) -> list[Row]:
    """Contacts that are to be informed within a week or should have been, by what they are tied to."""
    query = text(
        "SELECT p.id, p.nis_code, m.name_nl, m.name_fr, m.name_en, p.inform_by AS due_on, f.shop_unit_id, f.case_id, "
        f"f.label FROM crm.person p JOIN public.municipality m USING (nis_code) LEFT JOIN LATERAL ({TIES} "
        "WHERE t.person_id = p.id ORDER BY t.case_id NULLS LAST, t.id LIMIT 1) f ON true "
        "WHERE p.informed_on IS NULL AND p.inform_by <= current_date + 7 "
        "AND (CAST(:nis AS text) IS NULL OR p.nis_code = :nis) ORDER BY p.inform_by, p.id LIMIT 100"
    )
    return [dict(row) for row in session.execute(query, {"nis": nis_code}).mappings()]


def add(session: Session, nis_code: str, values: Mapping[str, Any], by: str) -> int:
    """A new contact; gives its key."""
    names = [
        name
        for name in (*FACTS, "source", "purpose", "collected_on")
        if name in values and values[name] is not None
    ]
    query = text(
        f"INSERT INTO crm.person (nis_code, changed_by, {', '.join(names)}) "
        f"VALUES (:nis, :by, {', '.join(f':{name}' for name in names)}) RETURNING id"
    )
    given = {name: values[name] for name in names}
    return int(session.execute(query, {**given, "nis": nis_code, "by": by}).scalar_one())


def write(session: Session, person_id: int, values: Mapping[str, Any], by: str) -> None:
    """Change what is kept of a contact; the database raises its version and writes the log."""
    names = [name for name in values if name in FACTS]
    changed = ", ".join(f"{name} = :{name}" for name in names)
    session.execute(
        text(f"UPDATE crm.person SET {changed}, changed_by = :by WHERE id = :id"),
        {**{name: values[name] for name in names}, "by": by, "id": person_id},
    )


def undo(session: Session, person_id: int, by: str) -> bool:
    """Take the last change back; False where there is none."""
    query = text("SELECT crm.undo_change(:id, :by)")
    return bool(session.execute(query, {"id": person_id, "by": by}).scalar())


def place_of(session: Session, *, shop_unit: int | None, case: int | None) -> str | None:
    """NIS code of the municipality of a shop unit or a case that is not removed."""
    query = text(
        "SELECT nis_code FROM public.shop_unit WHERE id = :unit AND lifecycle = 'active' UNION ALL "
        "SELECT nis_code FROM public.acquisition_case WHERE id = :case AND removed_at IS NULL"
    )
    return session.execute(query, {"unit": shop_unit, "case": case}).scalar()


def tie(session: Session, person_id: int, given: Mapping[str, Any], by: str) -> None:
    """Tie a contact to a unit or a case; twice is once."""
    query = text(
        "INSERT INTO crm.person_tie (person_id, role, shop_unit_id, case_id, made_by) "
        "VALUES (:person, :role, :shop_unit, :case, :by) ON CONFLICT (person_id, shop_unit_id, case_id) DO NOTHING"
    )
    session.execute(query, {**given, "person": person_id, "by": by})


def untie(session: Session, person_id: int, key: int) -> bool:
    """Take a tie away; False where there is none."""
    query = text("DELETE FROM crm.person_tie WHERE id = :key AND person_id = :person RETURNING id")
    return session.execute(query, {"key": key, "person": person_id}).scalar() is not None


def export(session: Session, person_id: int, officer: str, route: str) -> Any:
    """All rows about one person, as JSON."""
    query = text("SELECT crm.access_export(:id, :officer, :route)")
    return session.execute(query, {"id": person_id, "officer": officer, "route": route}).scalar()


def erasure_preview(session: Session, person_id: int) -> Any:
    """What an erasure would take and what it would leave."""
    return session.execute(text("SELECT crm.erasure_preview(:id)"), {"id": person_id}).scalar()


def documents_about(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Documents of the cases of a person, and those that name them; what is inside is not read."""
    found: list[dict[str, Any]] = session.execute(
        text("SELECT crm.documents_about(:id)"), {"id": person_id}
    ).scalar_one()
    return found


def erase(session: Session, person_id: int, officer: str, *, reason: str, route: str) -> None:
    """Erase a person for good."""
    query = text("SELECT crm.erase_person(:id, :officer, :reason, :route)")
    session.execute(query, {"id": person_id, "officer": officer, "reason": reason, "route": route})


def reads(session: Session, nis_code: str, limit: int) -> list[Row]:
    """Who read, changed, exported or erased which contact, the latest first."""
    query = text(
        "SELECT id, at, officer, action, purpose, route, person_id FROM crm.access_log WHERE nis_code = :nis "
        "ORDER BY at DESC, id DESC LIMIT :limit"
    )
    return [dict(row) for row in session.execute(query, {"nis": nis_code, "limit": limit}).mappings()]


def now(session: Session) -> datetime:
    """The instant it is where the database is."""
    found: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return found
