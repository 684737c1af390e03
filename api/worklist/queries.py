"""SQL about the work list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

Status = Literal["open", "settled"]
Order = Literal["street", "oldest"]

COLUMNS = (
    "i.id, i.kind, i.facts, i.told, i.evidence_key, i.shop_unit_id, i.address, i.street, i.state, i.occupant_name, "
    "i.branch_code, i.branch_group, i.occupied_since, i.vacant_latest_on, i.last_seen_on, i.seen_months_ago, "
    "i.survey, i.decision_id, i.verdict, i.reason, i.decided_by, i.decided_at, i.sort_address, "
    "st_x(st_transform(i.geom, 4326)) AS lon, st_y(st_transform(i.geom, 4326)) AS lat"
)
# Also of units that are no more.
ADDRESS = (
    "concat_ws(' ', u.street, nullif(concat(u.house_number, u.house_number_suffix, '-' || u.house_number_end), ''), "
    "'bus ' || u.box)"
)
# Never seen comes before what was seen longest ago.
ORDERS: dict[Order, str] = {
    "street": "i.sort_address, i.id",
    "oldest": "coalesce(i.last_seen_on, '0001-01-01'::date), i.id",
}
AFTER: dict[Order, str] = {
    "street": "(i.sort_address, i.id) > (:after_value, :after_id)",
    "oldest": "(coalesce(i.last_seen_on, '0001-01-01'::date), i.id) > (CAST(:after_value AS date), :after_id)",
}


@dataclass(frozen=True)
class Wanted:
    """Which items somebody asks for."""

    municipality: str
    status: Status = "open"
    kinds: tuple[str, ...] = ()
    street: str | None = None
    shop_unit: int | None = None

    def where(self) -> tuple[str, dict[str, Any]]:
        """SQL condition over `worklist_item` i, and its parameters."""
        parts = ["i.nis_code = :nis", f"i.decision_id IS {'NOT ' if self.status == 'settled' else ''}NULL"]
        values: dict[str, Any] = {"nis": self.municipality}
        if self.kinds:
            parts.append("i.kind = ANY(:kinds)")
            values["kinds"] = list(self.kinds)
        if self.street is not None:
            parts.append("i.street = :street")
            values["street"] = self.street
        if self.shop_unit is not None:
            parts.append("i.shop_unit_id = :shop_unit")
            values["shop_unit"] = self.shop_unit
        return " AND ".join(parts), values


def list_items(
    session: Session, wanted: Wanted, *, order: Order, limit: int | None, after: tuple[Any, int] | None = None
) -> Sequence[RowMapping]:
    """One page of items and one more; all of them without a limit."""
    where, values = wanted.where()
    if after is not None:
        where = f"{where} AND {AFTER[order]}"
        values |= {"after_value": after[0], "after_id": after[1]}
    cut = "" if limit is None else " LIMIT :limit"
    query = text(f"SELECT {COLUMNS} FROM worklist_item i WHERE {where} ORDER BY {ORDERS[order]}{cut}")
    return session.execute(query, values | ({} if limit is None else {"limit": limit + 1})).mappings().all()


def count_items(session: Session, wanted: Wanted) -> Sequence[RowMapping]:
    """How many items there are per kind and street, whatever kind and street are asked for."""
    where, values = Wanted(wanted.municipality, wanted.status, shop_unit=wanted.shop_unit).where()
    query = text(
        "SELECT i.kind, i.street, count(*) AS items FROM worklist_item i "
        f"WHERE {where} GROUP BY i.kind, i.street ORDER BY i.street NULLS LAST"
    )
    return session.execute(query, values).mappings().all()


def settings(session: Session, nis_code: str) -> RowMapping:
    """When a unit is stale here, and what is known of the company register."""
    query = text(
        "SELECT m.fresh_months, m.stale_months, current_date AS today, max(e.snapshot_on) AS snapshot_on, "
        "count(e.id) AS establishments, count(e.shop_unit_id) AS matched FROM municipality m "
        "LEFT JOIN company_establishment e ON e.nis_code = m.nis_code WHERE m.nis_code = :nis "
        "GROUP BY m.nis_code"
    )
    return session.execute(query, {"nis": nis_code}).mappings().one()


def labels(session: Session, language: str) -> dict[tuple[str, str], str]:
    """Labels of the code lists that sentences are made of, by scheme and code."""
    query = text(
        f"SELECT scheme, code, label_{language} AS label FROM code_list WHERE scheme IN "
        "('branch_group', 'nace_2008', 'nace_2025', 'worklist_kind', 'worklist_verdict', 'state')"
    )
    return {(row.scheme, row.code): row.label for row in session.execute(query)}


def lock(session: Session, nis_code: str) -> None:
    """Let nobody else decide in this municipality until the transaction ends."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('kernkaart.worklist'), hashtext(:nis))"),
        {"nis": nis_code},
    )


def items_of_units(
    session: Session, nis_code: str, units: Sequence[int]
) -> dict[tuple[int, str], RowMapping]:
    """Items, open or settled, of some units, by unit and kind."""
    query = text(
        f"SELECT {COLUMNS}, (SELECT u.local_code FROM shop_unit u WHERE u.id = i.shop_unit_id) AS local_code "
        "FROM worklist_item i WHERE i.nis_code = :nis AND i.shop_unit_id = ANY(:units)"
    )
    rows = session.execute(query, {"nis": nis_code, "units": list(units)}).mappings()
    return {(row["shop_unit_id"], row["kind"]): row for row in rows}


def is_branch(session: Session, code: str) -> bool:
    """Is there such a branch?"""
    query = text("SELECT EXISTS (SELECT 1 FROM code_list WHERE scheme = 'branch' AND code = :code)")
    return bool(session.execute(query, {"code": code}).scalar())


def add_decisions(session: Session, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write decisions; their keys in the order given."""
    query = text(
        "INSERT INTO worklist_decision (nis_code, shop_unit_id, kind, evidence_key, facts, seen_on, verdict, reason, "
        "decided_by, change_batch_id, undoes_id) VALUES (:nis_code, :shop_unit_id, :kind, :evidence_key, "
        "CAST(:facts AS jsonb), :seen_on, :verdict, :reason, :decided_by, :change_batch_id, :undoes_id) RETURNING id"
    )
    return [int(session.execute(query, row).scalar_one()) for row in rows]


def decisions(session: Session, keys: Sequence[int]) -> Sequence[RowMapping]:
    """Decisions by key, each with whether it was taken back."""
    query = text(
        "SELECT d.*, EXISTS (SELECT 1 FROM worklist_decision y WHERE y.undoes_id = d.id) AS is_undone "
        "FROM worklist_decision d WHERE d.id = ANY(:keys) ORDER BY d.id"
    )
    return session.execute(query, {"keys": list(keys)}).mappings().all()


def list_decisions(
    session: Session, nis_code: str, *, shop_unit: int | None, limit: int, before: int | None
) -> Sequence[RowMapping]:
    """What was decided, newest first, also what was taken back; one more than `limit` when there is more."""
    query = text(
        f"SELECT d.id, d.kind, d.shop_unit_id, {ADDRESS} AS address, d.verdict, d.reason, d.decided_by AS by, "
        "d.decided_at AS at, d.change_batch_id IS NOT NULL AS is_written, y.decided_by AS undone_by, "
        "y.decided_at AS undone_at FROM worklist_decision d JOIN shop_unit u ON u.id = d.shop_unit_id "
        "LEFT JOIN worklist_decision y ON y.undoes_id = d.id WHERE d.nis_code = :nis AND d.undoes_id IS NULL "
        "AND d.shop_unit_id = coalesce(CAST(:unit AS bigint), d.shop_unit_id) "
        "AND d.id < coalesce(CAST(:before AS bigint), d.id + 1) ORDER BY d.id DESC LIMIT :limit"
    )
    values = {"nis": nis_code, "unit": shop_unit, "before": before, "limit": limit + 1}
    return session.execute(query, values).mappings().all()
