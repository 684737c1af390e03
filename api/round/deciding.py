"""What becomes of observations: into the register as an import that can be undone, or rejected."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.session import current_day
from api.db.store import TARGETS, Batch, Stage, UndoRefused, finish_batch, open_batch, undo_batch
from api.db.store.observation import CODES, OTHER_CODE, observe
from api.errors import Malformed, NotAnswerable
from api.geojson import Row
from api.round import queries
from api.round.differences import NOTES, claim_of, item_of, kind_of, rows
from api.round.service import get_round, require_round
from api.settings import get_settings

NOTHING_REFUSED = pd.DataFrame(columns=["row_number", "column_name", "value", "reason", "remedy"])
ENDED = {
    "code": "unit_gone",
    "reason": "The unit was merged, split or ended meanwhile.",
    "way_out": "Enter what was seen at the unit that came in its place, and reject this observation.",
}


def decide(session: Session, key: int, given: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """
    Accept, reject or open again.

    Accepting writes to the register as one import. Of several observations that say the same all are accepted; those
    that say something else of that unit are rejected with it. What the register cannot take is told and stays open.

    Raises
    ------
    NotFound
        When there is no such round.
    Malformed
        When an observation is both accepted and rejected, or two that differ are accepted for one unit.
    NotAnswerable
        When an observation is not of the round, or was decided meanwhile.
    """
    queries.lock_round(session, key)
    row = require_round(session, key)
    found = rows(session, key)
    by_id = {int(one["id"]): one for one in found}
    accept, reject, reopen = (set(given[name]) for name in ("accept", "reject", "reopen"))
    if (accept & reject) | (accept & reopen) | (reject & reopen):
        raise Malformed("An observation can only be decided one way.", "Name it in one of the lists.")
    _refuse_decided(by_id, accept | reject, "pending")
    _refuse_decided(by_id, reopen, "rejected")
    _mark(session, reject, "rejected")
    _mark(session, reopen, "pending")
    return _accept(session, row, [by_id[one] for one in sorted(accept)], found, rejected=reject)


def _refuse_decided(by_id: Mapping[int, Row], wanted: Iterable[int], needed: str) -> None:
    wrong = sorted(one for one in wanted if one not in by_id or by_id[one]["decision"] != needed)
    if wrong:
        named = ", ".join(str(one) for one in wrong[:5])
        raise NotAnswerable(
            f"These observations are not {needed} in this round: {named}.",
            "Somebody may have decided them meanwhile: read the differences again.",
            code="decided_meanwhile",
        )


def _accept(
    session: Session, row: Row, wanted: Sequence[Row], found: Sequence[Row], *, rejected: set[int]
) -> dict[str, Any]:
    refused = [
        {"id": one["id"], **ENDED} for one in wanted if one["lifecycle"] != "active" and not _is_note(one)
    ]
    writable = [one for one in wanted if one["lifecycle"] == "active" and not _is_note(one)]
    chosen = _one_per_unit(writable)
    batch, not_taken = _write(session, row, list(chosen.values())) if chosen else (None, {})
    taken = {unit: one for unit, one in chosen.items() if one["id"] not in not_taken}
    refused += [{"id": one, **told} for one, told in not_taken.items()]
    others = [
        one
        for one in found
        if one["decision"] == "pending"
        and one["unit_id"] in taken
        and not _is_note(one)
        and one["id"] not in rejected
    ]
    same = {one["id"] for one in others if claim_of(one) == claim_of(taken[one["unit_id"]])}
    batch_id = None if batch is None else batch.id
    _mark(session, same, "accepted", batch_id)
    _mark(session, {one["id"] for one in others} - same, "rejected", batch_id)
    notes = {one["id"] for one in wanted if _is_note(one)}
    _mark(session, notes, "accepted")
    return {
        "batch_id": batch_id,
        "accepted": len(same) + len(notes),
        "rejected": len(others) - len(same) + len(rejected),
        "refused": refused,
    }


def _is_note(one: Row) -> bool:
    return one["status"] in NOTES


def _one_per_unit(wanted: Sequence[Row]) -> dict[int, Row]:
    """The newest observation of each unit, of those that say the same."""
    chosen: dict[int, Row] = {}
    for one in wanted:
        before = chosen.get(one["unit_id"])
        if before is not None and claim_of(before) != claim_of(one):
            raise Malformed(
                f"Two observations of {one['address']} that differ cannot both be true.",
                "Accept one of them.",
                code="only_one_is_true",
                address=one["address"],
            )
        if before is None or one["observed_at"] > before["observed_at"]:
            chosen[one["unit_id"]] = one
    return chosen


def _mark(session: Session, ids: Iterable[int], decision: str, batch_id: int | None = None) -> None:
    """Store what was decided; opened again there is neither a moment nor an import."""
    session.execute(
        text(
            "UPDATE survey_observation SET decision = CAST(:decision AS text), decided_batch_id = :batch, "
            "decided_at = CASE WHEN :decision <> 'pending' THEN clock_timestamp() END WHERE id = ANY(:ids)"
        ),
        {"decision": decision, "batch": batch_id, "ids": sorted(ids)},
    )


def _write(session: Session, row: Row, chosen: Sequence[Row]) -> tuple[Batch, dict[int, dict[str, Any]]]:
    """Write observations as an import does; also what the register refused, by observation, with the way out."""
    # Two imports at once would each compare with what the other is about to change.
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('kernkaart.import'))"))
    frame = _frame(chosen, current_day(session))
    content = json.dumps(frame.to_dict("records"), default=str).encode()
    batch = open_batch(
        session,
        dataset={
            "code": f"round:{row['id']}",
            "name": row["name"],
            "vintage_on": max(frame["seen_on"]),
        },
        source="round",
        nis_code=row["nis_code"],
        file={
            "file_name": row["name"],
            "file_sha256": hashlib.sha256(content).hexdigest(),
            "file_bytes": len(content),
        },
        mapping={"round": row["id"]},
    )
    stage = Stage(session, batch, TARGETS["shop_unit"])
    stage.add(frame.dropna(axis="columns", how="all"), NOTHING_REFUSED)
    stage.write()
    observe(stage)
    stage.close()
    finish_batch(session, batch, assumed=[])
    # Now rather than at commit, so that a clash is told as one.
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    query = text(
        "SELECT DISTINCT ON (row_number) row_number, reason, remedy FROM import_refusal WHERE batch_id = :id"
    )
    told = session.execute(query, {"id": batch.id}).mappings()
    return batch, {
        int(chosen[one["row_number"] - 1]["id"]): {
            "code": CODES.get(one["reason"], OTHER_CODE),
            "reason": one["reason"],
            "way_out": one["remedy"],
        }
        for one in told
    }


def _frame(chosen: Sequence[Row], today: date) -> pd.DataFrame:
    """Observations as a survey file has them, one row per unit, none of a day that has not begun in the register."""
    zone = ZoneInfo(get_settings().timezone)
    return pd.DataFrame(
        [
            {
                "row_number": number,
                "local_code": one["local_code"],
                "status": one["base_state"] if one["status"] == "same" else one["status"],
                "occupant_name": one["occupant_name"] if one["status"] == "occupied" else None,
                "branch_code": one["branch_code"] if one["status"] == "occupied" else None,
                # The clock of a phone may run ahead; nobody saw anything after it was received.
                "seen_on": min(min(one["observed_at"], one["received_at"]).astimezone(zone).date(), today),
            }
            for number, one in enumerate(chosen, start=1)
        ]
    )


def close_round(session: Session, key: int) -> dict[str, Any]:
    """
    Close a round; what was merely confirmed and contradicts nothing goes into the register with it.

    Raises
    ------
    NotFound
        When there is no such round.
    NotAnswerable
        When it is closed already.
    """
    queries.lock_round(session, key)
    row = require_round(session, key)
    if row["closed_at"] is not None:
        raise NotAnswerable(
            "The round is closed already.", "Open it again to walk on.", code="round_is_closed"
        )
    decided = decide(session, key, {"accept": confirmed(session, key), "reject": (), "reopen": ()})
    queries.set_closed(session, key, closed=True)
    return {**get_round(session, key), "decided": decided}


def confirmed(session: Session, key: int) -> list[int]:
    """Observations that wait, say what the register says, and contradict nothing."""
    by_unit: dict[int, list[Row]] = {}
    for one in rows(session, key):
        if one["status"] != "new_unit":
            by_unit.setdefault(one["unit_id"], []).append(one)
    return [
        int(one["id"])
        for group in by_unit.values()
        if not item_of(group)["needs_choice"]
        for one in group
        if one["decision"] == "pending" and kind_of(one) == "confirmed"
    ]


def open_round(session: Session, key: int) -> dict[str, Any]:
    """
    Open a closed round again.

    Raises
    ------
    NotFound
        When there is no such round.
    """
    queries.lock_round(session, key)
    require_round(session, key)
    queries.set_closed(session, key, closed=False)
    return get_round(session, key)


def undo(session: Session, key: int, batch_id: int) -> dict[str, Any]:
    """
    Take what was accepted at once out of the register again; its observations wait as before.

    Raises
    ------
    NotFound
        When there is no such round.
    NotAnswerable
        When the round has no such import, or later ones rest on it.
    """
    queries.lock_round(session, key)
    require_round(session, key)
    query = text(
        "SELECT count(*) FROM survey_observation WHERE round_id = :round AND decided_batch_id = :batch"
    )
    number = session.execute(query, {"round": key, "batch": batch_id}).scalar_one()
    if not number:
        raise NotAnswerable(
            f"Nothing of round {key} was accepted as import {batch_id}, or it was undone.",
            "GET /api/rounds/{key}/differences lists what was accepted.",
            code="undone_already",
        )
    try:
        undo_batch(session, batch_id)
    except UndoRefused as error:
        raise NotAnswerable(
            str(error), "Undo the later one first; nothing was changed.", code=error.code, **error.values
        ) from error
    return {"batch_id": batch_id, "reopened": int(number)}
