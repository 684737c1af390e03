"""SQL about unit cards and their changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.card.fields import NAMES

Row = dict[str, Any]
UNIT = """
SELECT s.id, s.nis_code, coalesce(nullif(s.address, ''), s.local_code) AS address, s.postcode, s.place, s.street,
    s.local_code, s.state, s.occupant_name, s.branch_code, s.vacancy_class, s.vacant_earliest_on, s.vacant_latest_on,
    s.vacant_start_basis, s.asking_rent_eur_per_month, s.last_branch_code, s.floor_area_m2, s.gross_area_m2,
    s.frontage_m, s.fitout_state, s.is_terrace_possible, s.last_seen_on, s.parcel_id, p.capakey, c.name AS core_name, c.area_type AS core_type,
    d.name AS dataset, d.vintage_on,
    coalesce(d.redistribute_rows, true) AS is_shareable, m.name_nl, coalesce(m.name_fr, m.name_nl) AS name_fr,
    coalesce(m.name_en, m.name_nl) AS name_en, m.is_demo, st_x(s.geom) AS x, st_y(s.geom) AS y,
    st_x(st_transform(s.geom, 4326)) AS lon, st_y(st_transform(s.geom, 4326)) AS lat,
    (SELECT max(v.ended_on) FROM vacancy_spell v WHERE v.shop_unit_id = s.id) AS last_vacancy_ended_on,
    (SELECT o.occupant_name FROM occupancy o WHERE o.shop_unit_id = s.id AND upper(o.period) <= current_date
        AND NOT o.is_popup ORDER BY upper(o.period) DESC LIMIT 1) AS last_occupant
FROM shop_unit_state s
JOIN municipality m ON m.nis_code = s.nis_code
LEFT JOIN parcel p ON p.id = s.parcel_id
LEFT JOIN core c ON c.id = s.core_id
LEFT JOIN dataset d ON d.id = s.dataset_id
WHERE s.id = ANY(:ids)
"""


def units(session: Session, unit_ids: Sequence[int]) -> dict[int, Row]:
    """Active shop units with what the register knows of them, by key."""
    rows = session.execute(text(UNIT), {"ids": list(unit_ids)}).mappings()
    return {row["id"]: dict(row) for row in rows}


def card(session: Session, unit_id: int, *, is_locked: bool = False) -> Row | None:
    """The card of a unit; None where nobody wrote one."""
    lock = "FOR UPDATE" if is_locked else ""
    query = text(f"SELECT * FROM unit_card WHERE shop_unit_id = :id {lock}")
    row = session.execute(query, {"id": unit_id}).mappings().first()
    return None if row is None else dict(row)


def cards(session: Session, unit_ids: Sequence[int]) -> dict[int, Row]:
    """Cards of units, by key of the unit."""
    query = text("SELECT * FROM unit_card WHERE shop_unit_id = ANY(:ids)")
    return {
        row["shop_unit_id"]: dict(row) for row in session.execute(query, {"ids": list(unit_ids)}).mappings()
    }


def make(session: Session, unit_id: int, by: str) -> None:
    """An empty card, where there is none."""
    session.execute(
        text(
            "INSERT INTO unit_card (shop_unit_id, changed_by) VALUES (:id, :by) ON CONFLICT (shop_unit_id) DO NOTHING"
        ),
        {"id": unit_id, "by": by},
    )


def write(
    session: Session, unit_id: int, values: Mapping[str, Any], by: str, *, undoes: int | None = None
) -> None:
    """Change columns of a card; the database raises its version and writes the log."""
    names = [name for name in values if name in NAMES]
    changed = ", ".join(f"{name} = :{name}" for name in names)
    _undoing(session, undoes)
    session.execute(
        text(f"UPDATE unit_card SET {changed}, changed_by = :by WHERE shop_unit_id = :id"),
        {**{name: values[name] for name in names}, "by": by, "id": unit_id},
    )
    _undoing(session, None)


def _undoing(session: Session, undoes: int | None) -> None:
    session.execute(
        text("SELECT set_config('kernkaart.undoes_card_change', :undoes, true)"),
        {"undoes": str(undoes or "")},
    )


def changes(session: Session, unit_id: int, *, after: int = 0) -> list[Row]:
    """What happened to a card, the latest first; of versions after one."""
    query = text(
        "SELECT c.id, c.version, c.before, c.after, c.changed_by, c.changed_at, c.undoes_id, "
        "EXISTS (SELECT 1 FROM unit_card_change o WHERE o.undoes_id = c.id) AS is_undone "
        "FROM unit_card_change c WHERE c.shop_unit_id = :id AND c.version > :after ORDER BY c.version DESC"
    )
    return [dict(row) for row in session.execute(query, {"id": unit_id, "after": after}).mappings()]


def reopen(session: Session, change_id: int) -> None:
    """What was accepted with a change that is taken back waits again."""
    session.execute(
        text(
            "UPDATE unit_proposal_field SET decision = 'pending', decided_by = NULL, decided_at = NULL, "
            "change_id = NULL, reason = NULL WHERE change_id = :id"
        ),
        {"id": change_id},
    )


def photos(session: Session, unit_id: int) -> list[Row]:
    """Photographs of a unit, accepted ones and those that wait, the newest first."""
    query = text(
        "SELECT id, decision, width_px, height_px, added_by, added_at, proposal_id FROM unit_photo "
        "WHERE shop_unit_id = :id AND removed_at IS NULL AND decision <> 'rejected' ORDER BY added_at DESC, id DESC"
    )
    return [dict(row) for row in session.execute(query, {"id": unit_id}).mappings()]


def add_photo(session: Session, unit_id: int, values: Mapping[str, Any]) -> int:
    """A photograph; gives its key."""
    query = text(
        "INSERT INTO unit_photo (shop_unit_id, proposal_id, is_without_persons, width_px, height_px, jpeg, decision, "
        "added_by) VALUES (:unit, :proposal, true, :width_px, :height_px, :jpeg, :decision, :by) RETURNING id"
    )
    return int(session.execute(query, {**values, "unit": unit_id}).scalar_one())


def photo(session: Session, photo_id: int) -> Row | None:
    """One photograph that was not removed."""
    query = text(
        "SELECT id, shop_unit_id, proposal_id, jpeg, decision, added_at FROM unit_photo "
        "WHERE id = :id AND removed_at IS NULL"
    )
    row = session.execute(query, {"id": photo_id}).mappings().first()
    return None if row is None else dict(row)


def set_photo_removed(session: Session, unit_id: int, photo_id: int, *, is_removed: bool) -> bool:
    """Remove a photograph or put it back; False where there is none."""
    query = text(
        "UPDATE unit_photo SET removed_at = CASE WHEN :removed THEN clock_timestamp() END "
        "WHERE id = :id AND shop_unit_id = :unit RETURNING id"
    )
    values = {"id": photo_id, "unit": unit_id, "removed": is_removed}
    return session.execute(query, values).scalar() is not None


def front(session: Session, unit_id: int, *, with_rounds: bool) -> Row | None:
    """The newest accepted photograph of a unit, else the newest that a street round accepted."""
    query = text(
        "SELECT * FROM (SELECT 0 AS place, id, jpeg, added_at AS taken_at FROM unit_photo WHERE shop_unit_id = :id "
        "AND removed_at IS NULL AND decision = 'accepted' UNION ALL SELECT 1, p.id, p.jpeg, o.observed_at "
        "FROM survey_photo p JOIN survey_observation o ON o.id = p.observation_id WHERE o.shop_unit_id = :id "
        "AND :rounds AND o.status <> 'new_unit' AND o.decision = 'accepted') x ORDER BY place, taken_at DESC, id DESC LIMIT 1"
    )
    row = session.execute(query, {"id": unit_id, "rounds": with_rounds}).mappings().first()
    return None if row is None else dict(row)


def labels(session: Session, schemes: Sequence[str]) -> list[Row]:
    """Code lists in the order of their menus."""
    query = text(
        "SELECT scheme, code, label_nl, label_fr, label_en FROM code_list WHERE scheme = ANY(:schemes) "
        "ORDER BY scheme, sort_order, code"
    )
    return [dict(row) for row in session.execute(query, {"schemes": list(schemes)}).mappings()]
