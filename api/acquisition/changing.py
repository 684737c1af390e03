"""Changing cases: facts, steps, candidate units, contacts and grants, each of which can be taken back."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import orjson
from sqlalchemy.orm import Session

from api.acquisition import queries, rules
from api.acquisition.service import get_case, get_row, to_undo
from api.db.session import current_day
from api.dependencies import require_municipality
from api.errors import ChangedMeanwhile, Malformed, NotAnswerable, NotFound
from api.places.letting import Letting, let, take_back

Row = dict[str, Any]
UNSIGNED = {
    "signed_on": None, "signed_unit_id": None, "signed_occupancy_id": None, "signed_batch_id": None,
    "is_temporary": False, "opened_on": None,
}  # fmt: skip
DAYS = ("next_action_on", "hold_until", "signed_on", "opened_on")


def add_case(session: Session, nis_code: str, given: Mapping[str, Any], by: str) -> Row:
    """
    Make a case.

    Raises
    ------
    NotFound
        When the municipality or the unit is not known.
    Malformed
        When the branch is not of the list, or the least is more than the most.
    NotAnswerable
        When the unit lies in another municipality.
    """
    require_municipality(session, nis_code)
    _check_facts(session, given, given)
    case_id = queries.add(session, nis_code, given, by)
    if given["shop_unit"] is not None:
        _check_unit(session, nis_code, given["shop_unit"])
        said = {"response": "proposed", "owner_state": "unknown"}
        queries.put_unit(session, case_id, given["shop_unit"], said, by)
    return get_case(session, case_id)


def change_case(session: Session, case_id: int, version: int, given: Mapping[str, Any], by: str) -> Row:
    """
    Change facts of a case; what is not named stays.

    Raises
    ------
    NotFound
        When it does not exist.
    ChangedMeanwhile
        When somebody changed it since it was read; the answer holds both versions.
    Malformed
        When a value cannot be.
    """
    row = _locked(session, case_id, version, given)
    _check_facts(session, given, {**row, **given})
    _check_kept(row, given)
    if given:
        queries.write(session, case_id, given, by)
    return get_case(session, case_id)


def take_step(session: Session, case_id: int, version: int, given: Mapping[str, Any], by: str) -> Row:
    """
    Bring a case to another state; signing lets the unit, going back before it takes that back.

    Raises
    ------
    NotFound
        When it does not exist.
    ChangedMeanwhile
        When somebody changed it since it was read.
    NotAnswerable
        When the state cannot follow, something it needs is missing, or the unit cannot be let.
    Malformed
        When the lease or the opening has yet to come.
    """
    to = given["to"]
    row = _locked(session, case_id, version, {"state": to})
    values = {
        "state": to,
        "resumes_at": None,
        **_asked(to, given, is_forward=rules.way(row, to) == "forward"),
    }
    way = rules.check({**row, **values, "state": row["state"], "resumes_at": row["resumes_at"]}, to)
    if way == "side":
        values["resumes_at"] = row["resumes_at"] or row["state"]
    elif way == "resume":
        values |= {"hold_until": None, "loss_reason": None}
    elif way == "forward" and to == "visited":
        # The visit that was planned is made; what comes next is for somebody to say.
        values |= {"next_action": None, "next_action_on": None}
    elif way == "forward" and to == "signed":
        values |= _sign(session, row, given)
    elif way == "forward" and to == "opened":
        _check_opened(session, given["on"])
    elif way == "back":
        values |= _unsigned(to)
    queries.write(session, case_id, values, by)
    if way == "back" and "signed_batch_id" in values and row["signed_batch_id"] is not None:
        take_back(session, row["signed_batch_id"])
    return get_case(session, case_id)


def undo(session: Session, case_id: int, version: int, by: str) -> Row:
    """
    Take the last change of a case back, with what it wrote in the register.

    Raises
    ------
    NotFound
        When it does not exist.
    ChangedMeanwhile
        When somebody changed it since it was read.
    NotAnswerable
        When there is nothing to take back, a candidate unit that it needs was taken off since, or something newer
        rests on what it wrote.
    """
    row = _locked(session, case_id, version, {})
    change = to_undo(queries.changes(session, case_id))
    if change is None:
        raise NotAnswerable(
            "There is no change of this case to take back.",
            "Take a step instead; a lease that was taken back is signed anew.",
            code="case_nothing_to_undo",
        )
    _check_kept({**row, **_as_was(change["before"])}, {})
    queries.restore(session, case_id, change["before"], by, undoes=change["id"])
    batch_id = change["after"].get("signed_batch_id")
    if batch_id is not None and row["signed_batch_id"] == batch_id:
        take_back(session, batch_id)
    return get_case(session, case_id)


def set_removed(session: Session, case_id: int, by: str, *, is_removed: bool) -> Row:
    """
    Remove a case from the board, or put it back; what a signing wrote stays.

    Raises
    ------
    NotFound
        When it does not exist.
    """
    row = get_row(session, case_id, is_locked=True, with_removed=True)
    if (row["removed_at"] is not None) != is_removed:
        removed_at = queries.now(session) if is_removed else None
        queries.write(session, case_id, {"removed_at": removed_at}, by)
    return {"id": case_id, "title": row["title"]}


def put_unit(session: Session, case_id: int, unit_id: int, given: Mapping[str, Any], by: str) -> Row:
    """
    Add a candidate unit, or say how prospect and owner responded.

    Raises
    ------
    NotFound
        When the case or the unit does not exist.
    NotAnswerable
        When the unit lies in another municipality.
    ChangedMeanwhile
        When somebody said something else of it since it was read.
    """
    row = get_row(session, case_id, is_locked=True)
    known = {unit["shop_unit_id"]: unit for unit in queries.units(session, [case_id])}.get(unit_id)
    if known is None:
        _check_unit(session, row["nis_code"], unit_id)
    elif any((given.get("was") or {}).get(name) != known[name] for name in ("response", "owner_state")):
        raise ChangedMeanwhile(
            f"{known['changed_by']} changed what is said of this unit since you read it.",
            "Read the case again, and send what was read as `was`.",
            code="case_unit_changed",
            by=known["changed_by"],
        )
    queries.put_unit(session, case_id, unit_id, given, by)
    return get_case(session, case_id)


def remove_unit(session: Session, case_id: int, unit_id: int) -> Row:
    """
    Take a candidate unit off a case.

    Raises
    ------
    NotFound
        When the case does not exist or has no such unit.
    NotAnswerable
        When the case is too far to be without it.
    """
    row = get_row(session, case_id, is_locked=True)
    known = {unit["shop_unit_id"] for unit in queries.units(session, [case_id])}
    if unit_id not in known:
        raise NotFound(
            f"Unit {unit_id} is no candidate of this case.", "Load the case again.", code="case_unit_gone"
        )
    place = rules.PLACE.get(row["resumes_at"] or row["state"], 0)
    if unit_id == row["signed_unit_id"] or (len(known) == 1 and place >= rules.PLACE["visit_planned"]):
        raise NotAnswerable(
            "The case is too far to be without this unit.",
            "Add another unit first, or go back a step.",
            code="case_unit_needed",
        )
    queries.remove_unit(session, case_id, unit_id)
    return get_case(session, case_id)


def add_activity(session: Session, case_id: int, given: Mapping[str, Any], by: str) -> Row:
    """
    Write a contact down.

    Raises
    ------
    NotFound
        When the case does not exist.
    Malformed
        When a note says nothing.
    """
    get_row(session, case_id)
    if given["kind"] == "note" and given["note"] is None:
        raise Malformed("The note says nothing.", "Write what is to be noted.", code="case_note_empty")
    key = queries.add_activity(session, case_id, given, by)
    return {**get_case(session, case_id), "added": key}


def add_grant(session: Session, case_id: int, given: Mapping[str, Any], by: str) -> Row:
    """
    Write a grant down.

    Raises
    ------
    NotFound
        When the case does not exist.
    """
    get_row(session, case_id)
    key = queries.add_grant(session, case_id, given, by)
    return {**get_case(session, case_id), "added": key}


def remove_part(session: Session, table: str, case_id: int, key: int, *, is_removed: bool) -> Row:
    """
    Remove a contact or a grant, or put it back.

    Raises
    ------
    NotFound
        When there is none.
    """
    get_row(session, case_id)
    if not queries.set_removed(session, table, case_id, key, is_removed=is_removed):
        raise NotFound(f"This case has no entry {key}.", "Load the case again.", code="case_entry_gone")
    return get_case(session, case_id)


def _locked(session: Session, case_id: int, version: int, given: Mapping[str, Any]) -> Row:
    """The case, held until the transaction ends; both versions where it is not the one that was read."""
    row = get_row(session, case_id, is_locked=True)
    if row["version"] == version:
        return row
    since = queries.changes(session, case_id, after=version)
    read: dict[str, Any] = {}
    for change in since:
        read |= change["before"]
    now = _as_json(row)
    yours = _as_json(given)
    fields = [
        {"field": name, "read": read.get(name, now[name]), "yours": yours[name], "theirs": now[name]}
        for name in yours
        if yours[name] != now[name]
    ]
    by = since[0]["changed_by"] if since else row["changed_by"]
    raise ChangedMeanwhile(
        f"{by} changed this case since you read it.",
        "Look at both versions, choose, and send the choice with the version of now.",
        code="case_changed",
        by=by,
        version=row["version"],
        fields=fields,
        others=sorted({name for change in since for name in change["after"]} - set(yours)),
    )


def _as_json(row: Mapping[str, Any]) -> Row:
    told: Row = orjson.loads(orjson.dumps(dict(row)))
    return told


def _as_was(before: Mapping[str, Any]) -> Row:
    """Columns of the log, their days as days."""
    days = {name: date.fromisoformat(before[name]) for name in DAYS if before.get(name)}
    return {**before, **days}


def _check_opened(session: Session, on: date) -> None:
    if on > current_day(session) + timedelta(days=1):
        raise Malformed(
            f"{on} has yet to come.",
            "Give a day up to today; a shop that opens later is told of when it opens.",
            code="opening_to_come",
            on=on,
        )


def _check_facts(session: Session, given: Mapping[str, Any], whole: Mapping[str, Any]) -> None:
    branch = given.get("branch_code")
    if branch is not None and not queries.is_branch(session, branch):
        raise Malformed(
            f"There is no branch {branch}.", "GET /api/code-lists/branch lists them.", code="branch_gone"
        )
    least, most = whole.get("min_m2"), whole.get("max_m2")
    if least is not None and most is not None and least > most:
        raise Malformed(
            "The least floor area is more than the most.", "Correct one of them.", code="case_area_order"
        )


def _check_kept(row: Row, given: Mapping[str, Any]) -> None:
    """What a state asks for cannot be taken away while the case is in it."""
    state = row["resumes_at"] or row["state"]
    asked = {*rules.missing({**row, **given}, state), *rules.missing({**row, **given}, row["state"])}
    for name in rules.NEEDS:
        if name in asked:
            raise rules.NEEDS[name]()


def _check_unit(session: Session, nis_code: str, unit_id: int) -> None:
    town = queries.unit_town(session, unit_id)
    if town is None:
        raise NotFound(
            f"There is no active shop unit {unit_id}.",
            "GET /api/shop-units lists those that are.",
            code="unit_gone",
        )
    if town != nis_code:
        raise NotAnswerable(
            "The unit lies in another municipality.",
            "Choose a unit of the municipality of the case.",
            code="case_unit_elsewhere",
        )


def _asked(to: str, given: Mapping[str, Any], *, is_forward: bool) -> Row:
    """What a step says, under the names of the columns; a step back leaves lease and opening as they were."""
    if to == "signed":
        return {"signed_unit_id": given["shop_unit"], "signed_on": given["on"]} if is_forward else {}
    if to == "opened":
        return {"opened_on": given["on"]} if is_forward else {}
    named = {"visit_planned": "next_action_on", "on_hold": "hold_until", "lost": "loss_reason"}.get(to)
    return {} if named is None or given[named] is None else {named: given[named]}


def _sign(session: Session, row: Row, given: Mapping[str, Any]) -> Row:
    if given["shop_unit"] not in {unit["shop_unit_id"] for unit in queries.units(session, [row["id"]])}:
        raise rules.NEEDS["signed_unit_id"]()
    made = let(
        session,
        Letting(
            unit_id=given["shop_unit"],
            on=given["on"],
            occupant_name=given["occupant_name"] or row["prospect_name"],
            branch_code=row["branch_code"],
            origin=row["origin"],
            is_temporary=given["is_temporary"],
        ),
    )
    return {
        "signed_occupancy_id": made.occupancy_id,
        "signed_batch_id": made.batch_id,
        "is_temporary": given["is_temporary"],
    }


def _unsigned(to: str) -> Row:
    place = rules.PLACE[to]
    if place < rules.SIGNED:
        return dict(UNSIGNED)
    return {"opened_on": None} if place < rules.PLACE["opened"] else {}
