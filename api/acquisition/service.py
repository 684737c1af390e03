"""Reading cases."""

from typing import Any

from sqlalchemy.orm import Session

from api.acquisition import queries, rules
from api.db.session import current_day
from api.dependencies import require_municipality
from api.errors import NotFound

Row = dict[str, Any]


def list_cases(session: Session, nis_code: str, *, shop_unit: int | None = None) -> dict[str, Any]:
    """
    Cases of a municipality with their candidate units, what is due first.

    Raises
    ------
    NotFound
        When the municipality is not known.
    """
    require_municipality(session, nis_code)
    rows = queries.cases(session, nis_code, shop_unit=shop_unit)
    by_case: dict[int, list[Row]] = {}
    for unit in queries.units(session, [row["id"] for row in rows]):
        by_case.setdefault(unit.pop("case_id"), []).append(unit)
    items = [{**row, "units": by_case.get(row["id"], []), "steps": rules.steps(row)} for row in rows]
    return {"today": current_day(session), "items": items}


def list_due(session: Session, nis_code: str | None) -> dict[str, Any]:
    """
    What is to be done today and what is overdue, in one municipality or in all.

    Raises
    ------
    NotFound
        When the municipality is not known.
    """
    if nis_code is not None:
        require_municipality(session, nis_code)
    return {"today": current_day(session), "items": queries.due(session, nis_code)}


def get_case(session: Session, case_id: int) -> Row:
    """
    One case with its units, contacts, grants, all that changed, and the steps it may take.

    Raises
    ------
    NotFound
        When it does not exist.
    """
    row = get_row(session, case_id)
    units = queries.units(session, [case_id])
    changes = queries.changes(session, case_id)
    return {
        **row,
        "units": units,
        "activities": queries.activities(session, case_id),
        "grants": queries.grants(session, case_id),
        "changes": changes,
        "steps": rules.steps(row),
        "can_undo": to_undo(changes) is not None,
        "today": current_day(session),
    }


def get_row(session: Session, case_id: int, *, is_locked: bool = False, with_removed: bool = False) -> Row:
    """
    One case as the database holds it.

    Raises
    ------
    NotFound
        When it does not exist, or was removed.
    """
    row = queries.case(session, case_id, is_locked=is_locked)
    if row is None or (row["removed_at"] is not None and not with_removed):
        raise NotFound(
            f"There is no case {case_id}.", "GET /api/cases?municipality=NIS lists them.", code="case_gone"
        )
    return row


def to_undo(changes: list[Row]) -> Row | None:
    """
    The change that undo would take back, given the latest first.

    That a case was removed or put back is no step in it: a removed case is put back as such. A lease that was taken back cannot come again by undo: what it wrote in the register is gone.
    """
    passed = {"undone", "removed", "restored"}
    last = next((one for one in changes if one["kind"] not in passed and not one["is_undone"]), None)
    if last is None or last["kind"] == "made":
        return None
    is_unsigning = last["before"].get("signed_on") is not None and last["after"].get("signed_on", "") is None
    return None if is_unsigning else last
