"""Splitting, joining and ending shop units, with undo."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy.orm import Session

from api.db.session import current_day
from api.db.store import Batch, UndoRefused, finish_batch, undo_batch
from api.dependencies import require_municipality
from api.errors import Malformed, NotAnswerable, NotFound
from api.places import edit_queries as queries
from api.places.lineage import Content, Part, Plan, plan_end, plan_merge, plan_split

# Entrances of neighbours that a door in the wall joins are rarely further apart.
BESIDE_M = 30.0
NEAR_M = 60.0
NEIGHBOURS = 12
LIST_LIMIT = 100
RELATION = {"split": "split", "merged": "merge"}


def split(session: Session, unit_id: int, asked: Mapping[str, Any]) -> dict[str, Any]:
    """
    Split a unit into parts; past days stay as they were.

    Raises
    ------
    NotFound
        When there is no such active unit.
    NotAnswerable
        When floor area would be lost or made, or the day does not fit what is known.
    Malformed
        When a branch is not of the list, or the day is to come.
    """
    on = _day(session, asked["on"])
    (row,) = _locked(session, [unit_id])
    contents = [_content(session, part) for part in asked["parts"]]
    parts = [
        Part(content, part["floor_area_m2"]) for content, part in zip(contents, asked["parts"], strict=True)
    ]
    unit = queries.history(session, row)
    plan = plan_split(unit, parts, on=on, unassigned_m2=asked["unassigned_m2"])
    codes = [f"{row['local_code']}.{number}" for number in range(1, len(parts) + 1)]
    return _write(
        session, plan, kind="split", first=row, asked=asked, named=[*zip(codes, asked["parts"], strict=True)]
    )


def merge(session: Session, asked: Mapping[str, Any]) -> dict[str, Any]:
    """
    Join units into one; past days stay as they were.

    Raises
    ------
    NotFound
        When one of them is not active.
    NotAnswerable
        When they stand apart or in different municipalities, or it is not clear who goes on.
    Malformed
        When one is named twice, a branch is not of the list, or the day is to come.
    """
    on, ids = _day(session, asked["on"]), asked["units"]
    if len(set(ids)) < len(ids):
        raise Malformed("A shop unit is named twice.", "Name every unit once.", code="unit_twice")
    found = {row["id"]: row for row in _locked(session, ids)}
    rows = [found[key] for key in ids]
    if len({row["nis_code"] for row in rows}) > 1:
        raise NotAnswerable(
            "The units lie in different municipalities.",
            "Join units of one municipality.",
            code="other_municipality",
        )
    apart_m = queries.farthest_apart_m(session, ids)
    if apart_m > BESIDE_M and not asked["is_apart"]:
        raise NotAnswerable(
            f"One of the units is {apart_m:.0f} m from the nearest other.",
            "Leave it out, or confirm that they are one shop all the same (is_apart).",
            code="units_apart",
            apart_m=round(apart_m),
        )
    units = [queries.history(session, row) for row in rows]
    plan = plan_merge(units, _content(session, asked), on=on, keeps=asked["keeps"])
    return _write(
        session,
        plan,
        kind="merge",
        first=rows[0],
        asked=asked,
        named=[("+".join(r["local_code"] for r in rows), asked)],
    )


def end(session: Session, unit_id: int, asked: Mapping[str, Any]) -> dict[str, Any]:
    """
    End a unit that was converted or pulled down.

    Raises
    ------
    NotFound
        When there is no such active unit.
    NotAnswerable
        When the day does not fit what is known.
    Malformed
        When the day is to come.
    """
    on = _day(session, asked["on"])
    (row,) = _locked(session, [unit_id])
    plan = plan_end(queries.history(session, row), asked["ending"], on=on)
    return _write(session, plan, kind="end", first=row, asked=asked, named=[])


def list_edits(session: Session, nis_code: str) -> list[dict[str, Any]]:
    """The latest edits of a municipality, newest first."""
    require_municipality(session, nis_code)
    return [dict(row) for row in queries.edits(session, nis_code, LIST_LIMIT)]


def undo(session: Session, edit_id: int) -> dict[str, Any]:
    """
    Take an edit back: what it made goes, what it ended runs on.

    Raises
    ------
    NotFound
        When there is no such edit.
    NotAnswerable
        When it was undone already or something newer rests on it.
    """
    if queries.edit(session, edit_id) is None:
        raise NotFound(
            f"There is no edit {edit_id}.", "GET /api/edits?municipality=NIS lists them.", code="edit_gone"
        )
    try:
        return {"id": edit_id, "report": undo_batch(session, edit_id)}
    except UndoRefused as refused:
        raise NotAnswerable(
            str(refused), "Undo what is newer first.", code=refused.code, **refused.values
        ) from refused


def list_neighbours(session: Session, unit_id: int) -> list[dict[str, Any]]:
    """
    Active units around one, nearest first: those it may be joined with.

    Raises
    ------
    NotFound
        When there is no such active unit.
    """
    _require_active(session, [unit_id])
    return [dict(row) for row in queries.neighbours(session, unit_id, within_m=NEAR_M, limit=NEIGHBOURS)]


def _day(session: Session, asked: date | None) -> date:
    today = current_day(session)
    # The day may have begun here before it does in the database's zone.
    if asked is not None and asked > today + timedelta(days=1):
        raise Malformed(
            f"{asked} has yet to come.",
            "Give a day up to today, and edit the unit when it is there.",
            code="day_to_come",
            on=asked,
        )
    return asked or today


def _locked(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    rows = queries.lock_units(session, ids)
    _check_active(ids, {row["id"] for row in rows if row["lifecycle"] == "active"})
    return rows


def _require_active(session: Session, ids: Sequence[int]) -> None:
    _check_active(ids, queries.active(session, ids))


def _check_active(ids: Sequence[int], known: set[int]) -> None:
    for key in ids:
        if key not in known:
            raise NotFound(
                f"There is no active shop unit {key}.",
                "GET /api/shop-units lists those that are.",
                code="unit_gone",
            )


def _content(session: Session, asked: Mapping[str, Any]) -> Content:
    branch = asked["branch_code"]
    if asked["state"] != "occupied" and (branch or asked["occupant_name"]):
        raise Malformed(
            "An occupant or a branch is named for a unit that is not said to be occupied.",
            "Say state=occupied, or leave the name and the branch out.",
            code="occupant_needs_state",
        )
    if branch is not None and not queries.is_branch(session, branch):
        raise Malformed(
            f"There is no branch {branch}.", "GET /api/code-lists/branch lists them.", code="branch_gone"
        )
    return Content(asked["state"], asked["occupant_name"], branch)


def _write(
    session: Session,
    plan: Plan,
    *,
    kind: Literal["split", "merge", "end"],
    first: Mapping[str, Any],
    asked: Mapping[str, Any],
    named: Sequence[tuple[str, Mapping[str, Any]]],
) -> dict[str, Any]:
    """Write a plan as one batch; `named` gives code and address of every unit it makes."""
    nis = first["nis_code"]
    told = {**asked, "on": plan.on, "ceased": [unit.id for unit in plan.ceases]}
    label = ", ".join(unit.label for unit in plan.ceases)
    batch = queries.open_edit(session, nis_code=nis, kind=kind, label=label, asked=told)
    for period in plan.closes:
        queries.close(session, batch, period, on=plan.on, end_reason=plan.ending)
    for unit in plan.ceases:
        queries.cease(session, batch, unit.id, on=plan.on, lifecycle=plan.ending)
    made = [
        _make(session, batch, plan, first=first, number=number, code=code, values=values)
        for number, (code, values) in enumerate(named)
    ]
    if made:
        queries.place(session, nis)
    _count(session, batch, plan)
    return {
        "id": batch.id,
        "kind": kind,
        "on": plan.on,
        "units": made,
        "ceased": [unit.id for unit in plan.ceases],
        "notes": [note.told(plan.on) for note in plan.notes],
        "temporary_uses": [{"unit": note.unit, "occupant_name": note.occupant_name} for note in plan.notes],
    }


def _make(
    session: Session,
    batch: Batch,
    plan: Plan,
    *,
    first: Mapping[str, Any],
    number: int,
    code: str,
    values: Mapping[str, Any],
) -> dict[str, Any]:
    new = plan.makes[number]
    free = _free_code(session, first["nis_code"], code)
    address = {name: values.get(name) for name in ("house_number", "house_number_end", "box", "frontage_m")}
    key = queries.make_unit(
        session,
        batch,
        like=first["id"],
        on=plan.on,
        values={**address, "code": free, "floor_area_m2": new.floor_area_m2},
        place=number,
        of=len(plan.makes),
    )
    if new.opens is not None:
        queries.open_period(session, batch, key, new.opens)
    for unit in plan.ceases:
        queries.relate(session, batch, earlier=unit.id, later=key, kind=RELATION[plan.ending], on=plan.on)
    return {"id": key, "local_code": free, "floor_area_m2": new.floor_area_m2}


def _free_code(session: Session, nis_code: str, wanted: str) -> str:
    """The code wanted, or that with the first number that makes it a code of its own."""
    code, number = wanted, 1
    while queries.is_code_taken(session, nis_code, code):
        number += 1
        code = f"{wanted}~{number}"
    return code


def _count(session: Session, batch: Batch, plan: Plan) -> None:
    units = batch.outcome("shop_unit")
    units.added, units.changed = len(plan.makes), len(plan.ceases)
    units.read = units.added + units.changed
    finish_batch(session, batch, assumed=[])
