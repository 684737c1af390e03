"""Changing the card of a unit, and taking a change back."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy.orm import Session

from api.card import queries
from api.card.fields import NAMES
from api.card.service import get_card, get_unit, to_undo
from api.errors import ChangedMeanwhile, Malformed, NotAnswerable, NotFound
from api.round.pictures import remake

Row = dict[str, Any]


def change_card(session: Session, unit_id: int, version: int, given: Mapping[str, Any], by: str) -> Row:
    """
    Change facts of a card; what is not named stays.

    Raises
    ------
    NotFound
        When there is no such active unit.
    ChangedMeanwhile
        When somebody changed the card since it was read; the answer holds both versions.
    """
    get_unit(session, unit_id)
    locked(session, unit_id, version, given, by)
    if given:
        queries.write(session, unit_id, given, by)
    return get_card(session, unit_id)


def undo(session: Session, unit_id: int, version: int, by: str) -> Row:
    """
    Take the last change of a card back.

    Raises
    ------
    NotFound
        When there is no such active unit.
    ChangedMeanwhile
        When somebody changed the card since it was read.
    NotAnswerable
        When there is nothing to take back.
    """
    get_unit(session, unit_id)
    locked(session, unit_id, version, {}, by)
    change = to_undo(queries.changes(session, unit_id))
    if change is None:
        raise NotAnswerable(
            "There is no change of this card to take back.", "Change it instead.", code="card_nothing_to_undo"
        )
    take_back(session, unit_id, change, by)
    return get_card(session, unit_id)


def take_back(session: Session, unit_id: int, change: Row, by: str) -> None:
    """Write what a change replaced; what an owner had proposed with it waits again."""
    queries.write(session, unit_id, change["before"], by, undoes=change["id"])
    queries.reopen(session, change["id"])


def locked(session: Session, unit_id: int, version: int, given: Mapping[str, Any], by: str) -> Row:
    """The card, made where there was none and held until the transaction ends; both versions where it is another."""
    queries.make(session, unit_id, by)
    row = queries.card(session, unit_id, is_locked=True)
    assert row is not None
    if row["version"] == version:
        return row
    since = queries.changes(session, unit_id, after=version)
    read: Row = {}
    for change in since:
        read |= change["before"]
    now = _as_json({name: row[name] for name in NAMES})
    yours = _as_json(given)
    who = since[0]["changed_by"] if since else row["changed_by"]
    raise ChangedMeanwhile(
        f"{who} changed this card since you read it.",
        "Look at both versions, choose, and send the choice with the version of now.",
        code="card_changed",
        by=who,
        version=row["version"],
        fields=[
            {"field": name, "read": read.get(name, now[name]), "yours": yours[name], "theirs": now[name]}
            for name in yours
            if yours[name] != now[name]
        ],
    )


def add_photo(session: Session, unit_id: int, sent: bytes, by: str, *, is_without_persons: bool) -> Row:
    """
    Keep a photograph, made anew without what the camera wrote.

    Raises
    ------
    NotFound
        When there is no such active unit.
    Malformed
        When it is no picture, or nobody says that no person or plate can be recognised.
    """
    get_unit(session, unit_id)
    queries.add_photo(session, unit_id, picture(sent, is_without_persons=is_without_persons) | {
        "proposal": None, "decision": "accepted", "by": by,
    })  # fmt: skip
    return get_card(session, unit_id)


def picture(sent: bytes, *, is_without_persons: bool) -> Row:
    """
    A photograph as it is kept.

    Raises
    ------
    Malformed
        When it is no picture, or nobody says that no person or plate can be recognised.
    """
    if not is_without_persons:
        raise Malformed(
            "Nobody says that no person or number plate can be recognised.",
            "Look at the photograph; blur or choose another, and say so.",
            code="photo_persons",
        )
    return remake(sent)._asdict()


def set_photo_removed(session: Session, unit_id: int, photo_id: int, *, is_removed: bool) -> Row:
    """
    Remove a photograph, or put it back.

    Raises
    ------
    NotFound
        When the unit has none with this key.
    """
    if not queries.set_photo_removed(session, unit_id, photo_id, is_removed=is_removed):
        raise NotFound("This unit has no such photograph.", "Load the card again.", code="photo_gone")
    return get_card(session, unit_id)


def get_photo(session: Session, photo_id: int) -> bytes:
    """
    The JPEG of a photograph.

    Raises
    ------
    NotFound
        When there is none.
    """
    found = queries.photo(session, photo_id)
    if found is None:
        raise NotFound(f"There is no photograph {photo_id}.", "Load the card again.", code="photo_gone")
    jpeg: bytes = found["jpeg"]
    return jpeg


def _as_json(row: Mapping[str, Any]) -> Row:
    told: Row = orjson.loads(orjson.dumps(dict(row)))
    return told
