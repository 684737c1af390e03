"""SQL about what happened: spells, occupancies, moves, and what is expected."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.db.models.unit import BRANCH_VERSION

ADDRESS = (
    "concat_ws(' ', u.street, nullif(concat(u.house_number, u.house_number_suffix, CASE WHEN u.house_number_end "
    "IS NOT NULL THEN '-' || u.house_number_end END), ''), CASE WHEN u.box IS NOT NULL THEN 'bus ' || u.box END)"
)
# A part of a unit that was split is watched from then on: the time before is that of the whole.
# A unit whose first period on record is a spell was not watched before somebody looked for the first time.
SPELLS = """
WITH first_look AS (
    SELECT coalesce(
        (SELECT min(v.start_latest_on) FROM vacancy_spell v JOIN shop_unit u ON u.id = v.shop_unit_id
         WHERE u.nis_code = :nis AND v.start_basis = 'first_seen'),
        (SELECT min(last_seen_on) FROM shop_unit WHERE nis_code = :nis)
    ) AS on_day
)
SELECT v.id, v.shop_unit_id, v.start_earliest_on, v.start_latest_on, v.start_basis, v.ended_on, u.core_id,
    u.lifecycle, u.floor_area_m2, coalesce(v.end_reason, CASE WHEN EXISTS (SELECT 1 FROM occupancy o
        WHERE o.shop_unit_id = v.shop_unit_id AND lower(o.period) = v.ended_on) THEN 'let' END) AS end_reason,
    coalesce(b.parent_code, before.parent_code) AS branch_group,
    u.valid_from AS unit_from_on,
    CASE WHEN u.valid_from > v.start_latest_on THEN u.valid_from
        WHEN before.shop_unit_id IS NULL AND NOT coalesce(u.valid_from >= v.start_earliest_on, false)
        AND NOT EXISTS (SELECT 1 FROM vacancy_spell e WHERE e.shop_unit_id = u.id AND e.ended_on <= v.start_latest_on)
        THEN (SELECT on_day FROM first_look) END AS watched_from_on
FROM vacancy_spell v
JOIN shop_unit u ON u.id = v.shop_unit_id
LEFT JOIN code_list b ON b.scheme = 'branch' AND b.version = :version AND b.code = v.last_branch_code
LEFT JOIN LATERAL (
    SELECT o.shop_unit_id, c.parent_code FROM occupancy o LEFT JOIN code_list c ON c.scheme = o.branch_scheme
        AND c.version = o.branch_version AND c.code = o.branch_code
    WHERE o.shop_unit_id = v.shop_unit_id AND NOT o.is_popup AND lower(o.period) < v.start_latest_on
    ORDER BY o.period DESC LIMIT 1
) before ON true
WHERE u.nis_code = :nis AND v.end_reason IS DISTINCT FROM 'data_error'
ORDER BY v.id
"""
OCCUPANCIES = f"""
SELECT o.id, o.shop_unit_id, lower(o.period) AS from_on, upper(o.period) AS to_on, o.occupant_name, o.start_basis,
    o.moved_from_unit_id, c.parent_code AS branch_group, u.core_id, {ADDRESS} AS address
FROM occupancy o
JOIN shop_unit u ON u.id = o.shop_unit_id
LEFT JOIN code_list c ON c.scheme = o.branch_scheme AND c.version = o.branch_version AND c.code = o.branch_code
WHERE u.nis_code = :nis AND NOT o.is_popup AND c.parent_code IS DISTINCT FROM 'non_retail'
ORDER BY o.id
"""


def _frame(session: Session, query: str, dates: Sequence[str], **values: Any) -> pd.DataFrame:
    frame = pd.read_sql(text(query), session.connection(), params=values, index_col="id")
    for column in dates:
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[ns]")
    return frame


def spells(session: Session, nis_code: str) -> pd.DataFrame:
    """All vacancy spells of a municipality, with the group of each and since when anybody would have seen it."""
    dates = ("start_earliest_on", "start_latest_on", "ended_on", "watched_from_on", "unit_from_on")
    frame = _frame(session, SPELLS, dates, nis=nis_code, version=BRANCH_VERSION)
    return frame.assign(floor_area_m2=frame["floor_area_m2"].astype(float))


def occupancies(session: Session, nis_code: str) -> pd.DataFrame:
    """All occupancies of a municipality but temporary ones and those that are no trade."""
    return _frame(session, OCCUPANCIES, ("from_on", "to_on"), nis=nis_code)


def decisions(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """What people decided about proposed moves, the newest first."""
    query = text(
        "SELECT d.id, d.occupancy_id, d.from_unit_id, d.is_confirmed, d.decided_at, o.occupant_name, "
        f"o.shop_unit_id AS to_unit_id, {ADDRESS} AS to_address, "
        f"(SELECT {ADDRESS} FROM shop_unit u WHERE u.id = d.from_unit_id) AS from_address FROM relocation_decision d "
        "JOIN occupancy o ON o.id = d.occupancy_id JOIN shop_unit u ON u.id = o.shop_unit_id "
        "WHERE d.nis_code = :nis ORDER BY d.decided_at DESC, d.id DESC"
    )
    return session.execute(query, {"nis": nis_code}).mappings().all()


def occupancy(session: Session, occupancy_id: int) -> RowMapping | None:
    """One occupancy with its municipality."""
    query = text(
        "SELECT o.id, o.shop_unit_id, o.moved_from_unit_id, u.nis_code FROM occupancy o "
        "JOIN shop_unit u ON u.id = o.shop_unit_id WHERE o.id = :id"
    )
    return session.execute(query, {"id": occupancy_id}).mappings().first()


def unit(session: Session, unit_id: int) -> RowMapping | None:
    """One active unit as it stands today."""
    query = text(
        "SELECT id, nis_code, state, core_id, vacant_earliest_on, vacant_latest_on, address "
        "FROM shop_unit_state WHERE id = :id"
    )
    return session.execute(query, {"id": unit_id}).mappings().first()


def unit_place(session: Session, unit_id: int) -> RowMapping | None:
    """The municipality of a unit, past or present."""
    query = text("SELECT id, nis_code FROM shop_unit WHERE id = :id")
    return session.execute(query, {"id": unit_id}).mappings().first()


def decide(
    session: Session, nis_code: str, occupancy_id: int, from_unit_id: int, *, is_confirmed: bool
) -> int:
    """Keep a decision, in place of an earlier one about the same move."""
    query = text(
        "INSERT INTO relocation_decision (nis_code, occupancy_id, from_unit_id, is_confirmed) "
        "VALUES (:nis, :occupancy, :unit, :confirmed) ON CONFLICT (occupancy_id, from_unit_id) "
        "DO UPDATE SET is_confirmed = excluded.is_confirmed, decided_at = now() RETURNING id"
    )
    values = {"nis": nis_code, "occupancy": occupancy_id, "unit": from_unit_id, "confirmed": is_confirmed}
    return int(session.execute(query, values).scalar_one())


def set_moved_from(session: Session, occupancy_id: int, from_unit_id: int | None) -> None:
    """Say which unit an occupant left for this one."""
    query = text("UPDATE occupancy SET moved_from_unit_id = :unit WHERE id = :id")
    session.execute(query, {"id": occupancy_id, "unit": from_unit_id})


def take_back(session: Session, decision_id: int) -> RowMapping | None:
    """Forget a decision; gives what it was."""
    query = text(
        "DELETE FROM relocation_decision WHERE id = :id RETURNING occupancy_id, from_unit_id, is_confirmed"
    )
    return session.execute(query, {"id": decision_id}).mappings().first()


EXPECTED = (
    f"SELECT e.id, e.shop_unit_id, {ADDRESS} AS address, e.kind, k.label_nl, k.label_fr, k.label_en, e.expected_on, "
    "e.source, e.note, e.entered_at, e.removed_at, e.nis_code, s.state FROM expected_vacancy e "
    "JOIN shop_unit u ON u.id = e.shop_unit_id LEFT JOIN shop_unit_state s ON s.id = u.id "
    "LEFT JOIN code_list k ON k.scheme = 'expected_vacancy_kind' AND k.code = e.kind "
)


def expected(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """What is expected to fall empty, the first to come first."""
    query = text(
        EXPECTED + "WHERE e.nis_code = :nis AND e.removed_at IS NULL ORDER BY e.expected_on NULLS LAST, e.id"
    )
    return session.execute(query, {"nis": nis_code}).mappings().all()


def expected_of_unit(session: Session, unit_id: int) -> Sequence[RowMapping]:
    """What is expected of one unit."""
    query = text(
        EXPECTED
        + "WHERE e.shop_unit_id = :id AND e.removed_at IS NULL ORDER BY e.expected_on NULLS LAST, e.id"
    )
    return session.execute(query, {"id": unit_id}).mappings().all()


def one_expected(session: Session, key: int) -> RowMapping | None:
    """One entry, also when it was put away."""
    return session.execute(text(EXPECTED + "WHERE e.id = :id"), {"id": key}).mappings().first()


def expect(session: Session, nis_code: str, entry: dict[str, Any]) -> int:
    """Enter what is expected."""
    query = text(
        "INSERT INTO expected_vacancy (nis_code, shop_unit_id, kind, expected_on, source, note) "
        "VALUES (:nis, :shop_unit_id, :kind, :expected_on, :source, :note) RETURNING id"
    )
    return int(session.execute(query, {"nis": nis_code, **entry}).scalar_one())


def set_expected_removed(session: Session, key: int, *, is_removed: bool) -> None:
    """Put an entry away, or take it back."""
    query = text("UPDATE expected_vacancy SET removed_at = CASE WHEN :removed THEN now() END WHERE id = :id")
    session.execute(query, {"id": key, "removed": is_removed})


def durations(session: Session, nis_code: str, *, grouped_by: Sequence[str]) -> Sequence[RowMapping]:
    """Durations of the current run, all spells first."""
    query = text(
        "SELECT d.*, c.name AS core_name, r.finished_at, r.data_version, r.code_version FROM vacancy_duration d "
        "JOIN current_run r ON r.id = d.run_id AND r.kind = 'refresh' LEFT JOIN core c ON d.grouped_by = 'core' "
        "AND c.id::text = d.group_code WHERE r.nis_code = :nis AND d.grouped_by = ANY(:by) "
        "ORDER BY d.grouped_by <> 'all', d.spells DESC, d.group_code"
    )
    return session.execute(query, {"nis": nis_code, "by": list(grouped_by)}).mappings().all()


def outlook(session: Session, nis_code: str, *, limit: int) -> Sequence[RowMapping]:
    """Units that trade, the most at risk first, of the current run."""
    query = text(
        "SELECT l.shop_unit_id, s.address, s.occupant_name, s.branch_group, l.chance, l.chance_lower, l.chance_upper, "
        "l.reasons FROM vacancy_outlook l JOIN current_run r ON r.id = l.run_id AND r.kind = 'refresh' "
        "JOIN shop_unit_state s ON s.id = l.shop_unit_id WHERE r.nis_code = :nis AND s.state = 'occupied' "
        "ORDER BY l.chance DESC, l.shop_unit_id LIMIT :limit"
    )
    return session.execute(query, {"nis": nis_code, "limit": limit}).mappings().all()


def outlook_of_unit(session: Session, unit_id: int) -> RowMapping | None:
    """The chance of one unit in the current run."""
    query = text(
        "SELECT l.chance, l.chance_lower, l.chance_upper, l.reasons FROM vacancy_outlook l "
        "JOIN current_run r ON r.id = l.run_id AND r.kind = 'refresh' WHERE l.shop_unit_id = :id"
    )
    return session.execute(query, {"id": unit_id}).mappings().first()


def outlook_test(session: Session, nis_code: str) -> RowMapping | None:
    """What the last refresh found of the model, and when."""
    query = text(
        "SELECT i.detail, i.source, i.observed_on, r.finished_at, r.code_version FROM current_run r "
        "JOIN indicator_value i ON i.run_id = r.id AND i.code = 'vacancy_outlook' "
        "WHERE r.nis_code = :nis AND r.kind = 'refresh'"
    )
    return session.execute(query, {"nis": nis_code}).mappings().first()
