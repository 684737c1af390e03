"""What a phone sends: observations and photographs, each kept once however often it comes."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.errors import Malformed, NotAnswerable, NotFound
from api.geojson import Row
from api.round import queries
from api.round.pictures import remake
from api.round.service import require_round

SENT = (
    "officer",
    "status",
    "branch_code",
    "occupant_name",
    "note",
    "is_bulk",
    "observed_at",
    "supersedes",
    "base_state",
    "base_occupant_name",
    "base_branch_code",
)
INSERT = (
    f"INSERT INTO survey_observation (uid, round_id, shop_unit_id, is_late, {', '.join(SENT)}) "
    f"VALUES (:uid, :round, :unit, :is_late, {', '.join(f':{name}' for name in SENT)}) "
    "ON CONFLICT (uid) DO NOTHING RETURNING uid"
)
# Whichever of the two comes first: the link works both ways.
SUPERSEDE = """
UPDATE survey_observation o SET decision = 'superseded', decided_at = clock_timestamp()
FROM survey_observation n
WHERE o.round_id = :round AND n.round_id = o.round_id AND n.supersedes = o.uid AND n.officer = o.officer
    AND n.shop_unit_id = o.shop_unit_id AND o.decision = 'pending'
"""


def receive(session: Session, key: int, given: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """
    Keep observations; those that are known already are answered the same and not kept twice.

    Returns
    -------
    Per observation its key and whether it came after the round was closed.

    Raises
    ------
    NotFound
        When there is no such round.
    NotAnswerable
        When a unit is not of the round, or an observation of the same key says something else. Nothing of the
        request is kept then.
    """
    queries.lock_round(session, key)
    row = require_round(session, key)
    _refuse_other_units(session, key, given)
    for one in given:
        values = {name: one[name] for name in ("uid", "unit", *SENT)}
        session.execute(text(INSERT), values | {"round": key, "is_late": row["closed_at"] is not None})
    kept = _kept(session, [one["uid"] for one in given])
    _refuse_differing(key, given, kept)
    session.execute(text(SUPERSEDE), {"round": key})
    return {
        "closed_at": row["closed_at"],
        "items": [{"uid": one["uid"], "is_late": kept[one["uid"]]["is_late"]} for one in given],
    }


def _refuse_other_units(session: Session, key: int, given: Sequence[Mapping[str, Any]]) -> None:
    query = text("SELECT shop_unit_id FROM survey_stop WHERE round_id = :id")
    own = set(session.execute(query, {"id": key}).scalars())
    strange = sorted({int(one["unit"]) for one in given} - own)
    if strange:
        named = ", ".join(str(unit) for unit in strange[:5])
        raise NotAnswerable(
            f"These shop units are not of round {key}: {named}.",
            "Send the others without them; keep them on the phone and tell the desk.",
            code="not_of_round",
        )


def _kept(session: Session, uids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Row]:
    query = text(
        f"SELECT uid, round_id, shop_unit_id AS unit, is_late, {', '.join(SENT)} FROM survey_observation "
        "WHERE uid = ANY(:uids)"
    )
    return {row["uid"]: row for row in session.execute(query, {"uids": list(uids)}).mappings()}


def _refuse_differing(key: int, given: Sequence[Mapping[str, Any]], kept: Mapping[uuid.UUID, Row]) -> None:
    for one in given:
        held = kept[one["uid"]]
        if held["round_id"] != key or any(held[name] != one[name] for name in ("unit", *SENT)):
            raise NotAnswerable(
                f"Observation {one['uid']} was received before, with another content.",
                "Nothing of this request was kept: send the others again, and this one under a new key.",
                code="received_otherwise",
            )


def receive_photo(
    session: Session, key: int, uid: uuid.UUID, observation: uuid.UUID, sent: bytes
) -> dict[str, Any]:
    """
    Keep a photograph, made anew without place or camera; the same one sent again is not kept twice.

    Raises
    ------
    NotFound
        When there is no such round.
    NotAnswerable
        When its observation did not come yet, or another photograph has its key.
    Malformed
        When it is no photograph.
    """
    require_round(session, key)
    digest = hashlib.sha256(sent).hexdigest()
    owner = session.execute(
        text("SELECT id FROM survey_observation WHERE uid = :uid AND round_id = :round"),
        {"uid": observation, "round": key},
    ).scalar()
    if owner is None:
        raise NotAnswerable(
            f"Observation {observation} is not known in this round.", "Send the observation first."
        )
    held = _photo(session, uid)
    if held is None:
        picture = remake(sent)
        session.execute(
            text(
                "INSERT INTO survey_photo (uid, observation_id, sent_sha256, width_px, height_px, jpeg) "
                "VALUES (:uid, :owner, :digest, :width_px, :height_px, :jpeg) ON CONFLICT (uid) DO NOTHING"
            ),
            {"uid": uid, "owner": owner, "digest": digest, **picture._asdict()},
        )
        held = _photo(session, uid)
    assert held is not None
    if (held["observation_id"], held["sent_sha256"]) != (owner, digest):
        raise NotAnswerable(f"Another photograph has the key {uid}.", "Send this one again under a new key.")
    return {name: held[name] for name in ("id", "uid", "width_px", "height_px")}


def _photo(session: Session, uid: uuid.UUID) -> Row | None:
    query = text(
        "SELECT id, uid, observation_id, sent_sha256, width_px, height_px FROM survey_photo WHERE uid = :uid"
    )
    return session.execute(query, {"uid": uid}).mappings().first()


def get_photo(session: Session, key: int, photo: int) -> bytes:
    """
    The picture itself.

    Raises
    ------
    NotFound
        When the round has no such photograph.
    """
    query = text(
        "SELECT p.jpeg FROM survey_photo p JOIN survey_observation o ON o.id = p.observation_id "
        "WHERE p.id = :photo AND o.round_id = :round"
    )
    jpeg = session.execute(query, {"photo": photo, "round": key}).scalar()
    if jpeg is None:
        raise NotFound(
            f"Round {key} has no photograph {photo}.", "GET /api/rounds/{key}/differences lists them."
        )
    return bytes(jpeg)


def refuse_large(size: int, largest: int) -> None:
    """Raise `Malformed` when a body grows past what is taken."""
    if size > largest:
        raise Malformed(
            f"The body holds more than {largest:,} bytes.", "Send a smaller photograph: the phone page does."
        )
