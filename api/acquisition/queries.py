"""SQL about cases."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]
FACTS = (
    "title", "prospect_name", "branch_code", "is_wished", "min_m2", "max_m2", "max_rent_eur_per_month", "needs",
    "origin", "acts", "handled_by", "next_action", "next_action_on",
)  # fmt: skip
STEPPED = (
    "state", "resumes_at", "hold_until", "loss_reason", "signed_on", "signed_unit_id", "signed_occupancy_id",
    "signed_batch_id", "is_temporary", "opened_on", "next_action_on",
)  # fmt: skip
# What undo may write back; which occupancy a signing made goes with it.
KEPT = (*FACTS, *(name for name in STEPPED if name not in FACTS), "removed_at")
COLUMNS = (
    "c.id, c.nis_code, c.title, c.prospect_name, c.branch_code, c.is_wished, c.min_m2, c.max_m2, "
    "c.max_rent_eur_per_month, c.needs, c.origin, c.state, c.resumes_at, c.acts, c.handled_by, c.next_action, "
    "c.next_action_on, c.hold_until, c.loss_reason, c.signed_on, c.signed_unit_id, c.signed_occupancy_id, "
    "c.signed_batch_id, c.is_temporary, c.opened_on, c.version, c.made_at, c.changed_at, c.changed_by, c.removed_at, "
    "(SELECT count(*) FROM case_unit u WHERE u.case_id = c.id) AS units, "
    "(SELECT max(a.happened_at) FROM case_activity a WHERE a.case_id = c.id AND a.removed_at IS NULL) AS last_contact_at"
)
# A case on hold waits for its own day; what is lost, rejected or taken care of asks for nothing but what was planned.
DUE_ON = "CASE WHEN c.state = 'on_hold' THEN c.hold_until WHEN c.state NOT IN ('lost', 'rejected') THEN c.next_action_on END"
ADDRESS = (
    "concat_ws(' ', s.street, nullif(concat(s.house_number, s.house_number_suffix, "
    "CASE WHEN s.house_number_end IS NOT NULL THEN '-' || s.house_number_end END), ''), "
    "CASE WHEN s.box IS NOT NULL THEN 'bus ' || s.box END)"
)
UNITS = (
    "SELECT u.case_id, u.shop_unit_id, u.response, u.owner_state, u.proposed_by, u.proposed_at, u.changed_by, "
    f"coalesce(nullif({ADDRESS}, ''), s.local_code) AS address, s.floor_area_m2, s.lifecycle = 'active' AS is_active, "
    "(SELECT v.state FROM shop_unit_state v WHERE v.id = s.id) AS unit_state, "
    "st_x(st_transform(s.geom, 4326)) AS lon, st_y(st_transform(s.geom, 4326)) AS lat "
    "FROM case_unit u JOIN shop_unit s ON s.id = u.shop_unit_id"
)


def cases(session: Session, nis_code: str, *, shop_unit: int | None = None) -> list[Row]:
    """Cases of a municipality, what is due first."""
    query = text(
        f"SELECT {COLUMNS}, {DUE_ON} AS due_on FROM acquisition_case c WHERE c.nis_code = :nis AND c.removed_at IS NULL "
        "AND (CAST(:unit AS bigint) IS NULL OR EXISTS (SELECT 1 FROM case_unit u WHERE u.case_id = c.id "
        "AND u.shop_unit_id = :unit)) ORDER BY due_on NULLS LAST, c.id"
    )
    return [dict(row) for row in session.execute(query, {"nis": nis_code, "unit": shop_unit}).mappings()]


def removed(session: Session, nis_code: str) -> list[Row]:
    """Cases that were taken off the board, the last one first, with who did so."""
    query = text(
        "SELECT c.id, c.title, c.prospect_name, c.branch_code, c.state, c.removed_at, (SELECT h.changed_by FROM case_change h "
        "WHERE h.case_id = c.id AND h.kind = 'removed' ORDER BY h.version DESC LIMIT 1) AS removed_by "
        "FROM acquisition_case c WHERE c.nis_code = :nis AND c.removed_at IS NOT NULL ORDER BY c.removed_at DESC, c.id DESC"
    )
    return [dict(row) for row in session.execute(query, {"nis": nis_code}).mappings()]


def due(session: Session, nis_code: str | None) -> list[Row]:
    """Cases with something to be done today or before, the longest overdue first."""
    query = text(
        f"SELECT c.id, c.nis_code, m.name_nl, m.name_fr, m.name_en, c.title, c.state, c.acts, c.handled_by, "
        f"c.next_action, {DUE_ON} AS due_on FROM acquisition_case c JOIN municipality m USING (nis_code) "
        f"WHERE c.removed_at IS NULL AND {DUE_ON} <= current_date AND (CAST(:nis AS text) IS NULL OR c.nis_code = :nis) "
        "ORDER BY due_on, c.id LIMIT 100"
    )
    return [dict(row) for row in session.execute(query, {"nis": nis_code}).mappings()]


def case(session: Session, case_id: int, *, is_locked: bool = False) -> Row | None:
    """One case, removed or not."""
    lock = "FOR UPDATE" if is_locked else ""
    query = text(f"SELECT {COLUMNS}, {DUE_ON} AS due_on FROM acquisition_case c WHERE c.id = :id {lock}")
    row = session.execute(query, {"id": case_id}).mappings().first()
    return None if row is None else dict(row)


def units(session: Session, case_ids: Sequence[int]) -> list[Row]:
    """Candidate units of cases, in the order they were proposed."""
    query = text(f"{UNITS} WHERE u.case_id = ANY(:ids) ORDER BY u.case_id, u.id")
    return [dict(row) for row in session.execute(query, {"ids": list(case_ids)}).mappings()]


def activities(session: Session, case_id: int) -> list[Row]:
    """Contacts about a case, the latest first."""
    query = text(
        "SELECT id, kind, happened_at, note, written_by, written_at FROM case_activity "
        "WHERE case_id = :id AND removed_at IS NULL ORDER BY happened_at DESC, id DESC"
    )
    return [dict(row) for row in session.execute(query, {"id": case_id}).mappings()]


def grants(session: Session, case_id: int) -> list[Row]:
    """Grants given with a case."""
    query = text(
        "SELECT id, scheme, amount_eur, paid_on, written_by, written_at FROM incentive_grant "
        "WHERE case_id = :id AND removed_at IS NULL ORDER BY id"
    )
    return [dict(row) for row in session.execute(query, {"id": case_id}).mappings()]


def changes(session: Session, case_id: int, *, after: int = 0) -> list[Row]:
    """What happened to a case, the latest first; of versions after one."""
    query = text(
        "SELECT c.id, c.version, c.kind, c.before, c.after, c.changed_by, c.changed_at, c.undoes_id, "
        "EXISTS (SELECT 1 FROM case_change o WHERE o.undoes_id = c.id) AS is_undone "
        "FROM case_change c WHERE c.case_id = :id AND c.version > :after ORDER BY c.version DESC"
    )
    return [dict(row) for row in session.execute(query, {"id": case_id, "after": after}).mappings()]


def add(session: Session, nis_code: str, values: Mapping[str, Any], by: str) -> int:
    """A new case; gives its key."""
    given = {name: value for name, value in values.items() if name in FACTS and value is not None}
    names = ", ".join(given)
    query = text(
        f"INSERT INTO acquisition_case (nis_code, changed_by, {names}) "
        f"VALUES (:nis, :by, {', '.join(f':{name}' for name in given)}) RETURNING id"
    )
    return int(session.execute(query, {**given, "nis": nis_code, "by": by}).scalar_one())


def write(
    session: Session, case_id: int, values: Mapping[str, Any], by: str, *, undoes: int | None = None
) -> None:
    """Change columns of a case; the database raises its version and writes the log."""
    allowed = [name for name in values if name in KEPT]
    changed = ", ".join(f"{name} = :{name}" for name in allowed)
    session.execute(
        text("SELECT set_config('kernkaart.undoes_change', :undoes, true)"), {"undoes": str(undoes or "")}
    )
    session.execute(
        text(f"UPDATE acquisition_case SET {changed}, changed_by = :by WHERE id = :id"),
        {**{name: values[name] for name in allowed}, "by": by, "id": case_id},
    )
    session.execute(text("SELECT set_config('kernkaart.undoes_change', '', true)"))


def restore(session: Session, case_id: int, before: Mapping[str, Any], by: str, *, undoes: int) -> None:
    """Write logged columns back as they were."""
    names = [name for name in before if name in KEPT]
    listed, restored = (", ".join(f"{prefix}{name}" for name in names) for prefix in ("", "r."))
    session.execute(
        text("SELECT set_config('kernkaart.undoes_change', :undoes, true)"), {"undoes": str(undoes)}
    )
    session.execute(
        text(
            f"UPDATE acquisition_case t SET changed_by = :by, ({listed}) = ROW({restored}) FROM case_change c, "
            "LATERAL jsonb_populate_record(NULL::acquisition_case, c.before) r "
            "WHERE t.id = :id AND c.id = :undoes"
        ),
        {"by": by, "id": case_id, "undoes": undoes},
    )
    session.execute(text("SELECT set_config('kernkaart.undoes_change', '', true)"))


def put_unit(session: Session, case_id: int, unit_id: int, values: Mapping[str, Any], by: str) -> None:
    """Add a candidate unit, or change what was said of it."""
    query = text(
        "INSERT INTO case_unit (case_id, shop_unit_id, response, owner_state, proposed_by, changed_by) "
        "VALUES (:case, :unit, :response, :owner_state, :by, :by) ON CONFLICT (case_id, shop_unit_id) "
        "DO UPDATE SET response = excluded.response, owner_state = excluded.owner_state, "
        "changed_by = excluded.changed_by"
    )
    said = {name: values[name] for name in ("response", "owner_state")}
    session.execute(query, {**said, "case": case_id, "unit": unit_id, "by": by})


def remove_unit(session: Session, case_id: int, unit_id: int) -> None:
    """Take a candidate unit off a case."""
    session.execute(
        text("DELETE FROM case_unit WHERE case_id = :case AND shop_unit_id = :unit"),
        {"case": case_id, "unit": unit_id},
    )


def unit_town(session: Session, unit_id: int) -> str | None:
    """NIS code of the municipality of an active shop unit."""
    query = text("SELECT nis_code FROM shop_unit WHERE id = :id AND lifecycle = 'active'")
    return session.execute(query, {"id": unit_id}).scalar()


def add_activity(session: Session, case_id: int, values: Mapping[str, Any], by: str) -> int:
    """A contact; gives its key."""
    query = text(
        "INSERT INTO case_activity (case_id, kind, happened_at, note, written_by) "
        "VALUES (:case, :kind, coalesce(CAST(:happened_at AS timestamptz), clock_timestamp()), :note, :by) RETURNING id"
    )
    return int(session.execute(query, {**values, "case": case_id, "by": by}).scalar_one())


def add_grant(session: Session, case_id: int, values: Mapping[str, Any], by: str) -> int:
    """A grant; gives its key."""
    query = text(
        "INSERT INTO incentive_grant (case_id, scheme, amount_eur, paid_on, written_by) "
        "VALUES (:case, :scheme, :amount_eur, :paid_on, :by) RETURNING id"
    )
    return int(session.execute(query, {**values, "case": case_id, "by": by}).scalar_one())


def set_removed(session: Session, table: str, case_id: int, key: int, *, is_removed: bool) -> bool:
    """Remove a contact or grant, or put it back; False where there is none."""
    query = text(
        f"UPDATE {table} SET removed_at = CASE WHEN :removed THEN clock_timestamp() END "
        "WHERE id = :key AND case_id = :case RETURNING id"
    )
    values = {"removed": is_removed, "key": key, "case": case_id}
    return session.execute(query, values).scalar() is not None


def is_branch(session: Session, code: str) -> bool:
    """Is this a branch of the list?"""
    query = text("SELECT EXISTS (SELECT 1 FROM code_list WHERE scheme = 'branch' AND code = :code)")
    return bool(session.execute(query, {"code": code}).scalar())


def now(session: Session) -> datetime:
    """The instant it is where the database is."""
    found: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return found
