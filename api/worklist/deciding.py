"""Deciding on items, and taking decisions back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from sqlalchemy.orm import Session

from api.db.store import UndoRefused, undo_batch
from api.db.store.statement import Statement, StatementRefused, state_unit
from api.dependencies import require_municipality
from api.errors import ChangedMeanwhile, Malformed, NotAnswerable, NotFound
from api.geojson import Row
from api.worklist import queries
from api.worklist.evidence import VERDICTS

DATASET = {"code": "worklist", "name": "Werklijst", "publisher": "Eigen gemeente"}
SOURCE = "worklist"


def decide(session: Session, given: dict[str, Any]) -> list[int]:
    """
    Write a decision on each item; with `register_right` also what the other source says, as history of the unit.

    Raises
    ------
    NotFound
        The municipality is not known.
    Malformed
        The verdict is not one for this kind, or a change is missing, superfluous or impossible.
    ChangedMeanwhile
        An item is gone, was decided, or rests on other facts by now.
    NotAnswerable
        The history of the unit does not allow the change.
    """
    nis = given["municipality"]
    require_municipality(session, nis)
    _check(given)
    queries.lock(session, nis)
    known = queries.items_of_units(session, nis, [one["shop_unit_id"] for one in given["items"]])
    rows = [_current(known, one) for one in given["items"]]
    if len({row["id"] for row in rows}) < len(rows):
        raise Malformed("The same item is named twice.", "Name each item once.")
    batch = None
    if given["change"] is not None:
        batch = _write(session, rows[0], nis, given["change"])
    return queries.add_decisions(
        session,
        [
            {
                "nis_code": nis,
                "shop_unit_id": row["shop_unit_id"],
                "kind": row["kind"],
                "evidence_key": row["evidence_key"],
                "facts": orjson.dumps(row["facts"]).decode(),
                "seen_on": row["last_seen_on"],
                "verdict": given["verdict"],
                "reason": given["reason"] or None,
                "decided_by": given["by"],
                "change_batch_id": batch,
                "undoes_id": None,
            }
            for row in rows
        ],
    )


def _check(given: dict[str, Any]) -> None:
    """What can be said of a decision before anything is looked up."""
    verdict = given["verdict"]
    for one in given["items"]:
        if verdict not in VERDICTS[one["kind"]]:
            allowed = ", ".join(VERDICTS[one["kind"]])
            raise Malformed(f"{verdict} is no answer to {one['kind']}.", f"Choose from {allowed}.")
    if (verdict == "register_right") != (given["change"] is not None):
        raise Malformed(
            "A change goes with register_right, and only with it.",
            "Send `change` with state and day when the other source is right; leave it out otherwise.",
        )
    if given["change"] is not None and len(given["items"]) > 1:
        raise Malformed("A change is about one unit.", "Send the items one by one.")


def _current(known: Mapping[tuple[int, str], Any], one: dict[str, Any]) -> Any:
    row = known.get((one["shop_unit_id"], one["kind"]))
    if row is None or row["decision_id"] is not None or row["evidence_key"] != one["evidence_key"]:
        raise ChangedMeanwhile(
            "Somebody settled this item meanwhile, or the sources say something else by now.",
            "Load the list again and look at it as it is.",
            code="item_changed",
        )
    return row


def _write(session: Session, row: Row, nis: str, change: dict[str, Any]) -> int:
    """Write what the other source says by the rules of an observation; the key of the batch that undoes it."""
    today: date = queries.settings(session, nis)["today"]
    if change["on"] > today:
        raise Malformed(
            f"{change['on']} lies in the future.",
            "Give a day up to today.",
            code="day_to_come",
            on=change["on"],
        )
    if change["branch_code"] is not None and not queries.is_branch(session, change["branch_code"]):
        raise Malformed(
            f"There is no branch {change['branch_code']}.",
            "GET /api/code-lists/branch lists them.",
            code="branch_gone",
        )
    if row["last_seen_on"] is not None and change["on"] < row["last_seen_on"]:
        raise NotAnswerable(
            f"Somebody saw the unit on {row['last_seen_on']}, after the day that is given.",
            "Give a later day, or decide that the survey is right.",
            code="seen_later",
            on=row["last_seen_on"],
        )
    is_vacant = change["state"] == "vacant"
    statement = Statement(
        nis_code=nis,
        local_code=row["local_code"],
        state=change["state"],
        on=change["on"],
        occupant_name=None if is_vacant else change["occupant_name"] or None,
        branch_code=None if is_vacant else change["branch_code"],
    )
    try:
        return state_unit(session, statement, source=SOURCE, dataset=DATASET)
    except StatementRefused as refused:
        raise NotAnswerable(refused.what, refused.remedy, code=refused.code) from refused


def undo(session: Session, given: dict[str, Any]) -> list[int]:
    """
    Take decisions back, with what they wrote.

    Raises
    ------
    NotFound
        A decision does not exist in this municipality.
    NotAnswerable
        It was taken back already, or a later import rests on what it wrote.
    """
    nis, keys = given["municipality"], given["decisions"]
    require_municipality(session, nis)
    queries.lock(session, nis)
    rows = [row for row in queries.decisions(session, keys) if row["nis_code"] == nis]
    if missing := set(keys) - {row["id"] for row in rows}:
        raise NotFound(
            f"There is no decision {min(missing)} in this municipality.",
            "GET /api/worklist?status=settled lists them.",
            code="decision_gone",
        )
    if any(row["is_undone"] or row["verdict"] == "undone" for row in rows):
        raise NotAnswerable(
            "This decision was taken back already.", "Load the list again.", code="undone_already"
        )
    for row in reversed(rows):
        if row["change_batch_id"] is not None:
            try:
                undo_batch(session, row["change_batch_id"])
            except UndoRefused as refused:
                raise NotAnswerable(
                    str(refused), "Undo the later import first.", code=refused.code, **refused.values
                ) from refused
    return queries.add_decisions(session, [_undone(row, given["by"]) for row in rows])


def _undone(row: Row, by: str) -> dict[str, Any]:
    kept = ("nis_code", "shop_unit_id", "kind", "evidence_key", "seen_on")
    return {name: row[name] for name in kept} | {
        "facts": orjson.dumps(row["facts"]).decode(),
        "verdict": "undone",
        "reason": None,
        "decided_by": by,
        "change_batch_id": None,
        "undoes_id": row["id"],
    }
