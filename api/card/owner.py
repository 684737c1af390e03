"""Links for owners, consent to publish, and what owners propose until an officer decides."""

import hashlib
import secrets
import time
from collections import deque
from collections.abc import Mapping
from threading import Lock
from typing import Any

import orjson
from sqlalchemy.orm import Session

from api.card import owner_queries, queries
from api.card.changing import locked, picture, take_back
from api.card.fields import BY_NAME, OWNERS, PUBLISHABLE
from api.card.service import choices, fields_of, get_card, get_unit
from api.dependencies import require_municipality
from api.errors import Malformed, NotAnswerable, NotFound, TooBusy

Row = dict[str, Any]
MOST_A_DAY = 10
# Guessing 256 bits is hopeless; whoever tries is told to stop.
MOST_MISSES, MISSES_S = 60, 60.0
_misses: deque[float] = deque(maxlen=MOST_MISSES)
_lock = Lock()


def make_link(session: Session, unit_id: int, given: Mapping[str, Any], by: str) -> Row:
    """
    A new link; it is told once and never again.

    Raises
    ------
    NotFound
        When there is no such active unit.
    """
    get_unit(session, unit_id)
    token = secrets.token_urlsafe(32)
    owner_queries.add_link(session, unit_id, {**given, "digest": _digest(token), "by": by})
    return {**get_card(session, unit_id), "token": token}


def set_revoked(session: Session, unit_id: int, link_id: int, *, is_revoked: bool) -> Row:
    """
    Take a link back, or let it hold again until it expires.

    Raises
    ------
    NotFound
        When the unit has none with this key.
    """
    if not owner_queries.revoke(session, unit_id, link_id, is_revoked=is_revoked):
        raise NotFound("This unit has no such link.", "Load the card again.", code="owner_link_unknown")
    return get_card(session, unit_id)


def record_consent(session: Session, unit_id: int, given: Mapping[str, Any], by: str) -> Row:
    """
    Write down consent that an owner gave otherwise than on the form; it replaces what held.

    Raises
    ------
    NotFound
        When there is no such active unit.
    """
    get_unit(session, unit_id)
    _replace(session, unit_id, {**given, "link": None, "by": by})
    return get_card(session, unit_id)


def withdraw(session: Session, unit_id: int, by: str) -> Row:
    """
    Take a unit off the public page at once.

    Raises
    ------
    NotFound
        When there is no such active unit.
    """
    get_unit(session, unit_id)
    owner_queries.withdraw(session, unit_id, by)
    return get_card(session, unit_id)


def consent_again(session: Session, unit_id: int) -> Row:
    """
    Take back that an officer withdrew consent; what an owner withdrew stays withdrawn.

    Raises
    ------
    NotFound
        When there is no such active unit.
    NotAnswerable
        When the latest consent was not withdrawn by an officer.
    """
    get_unit(session, unit_id)
    if not owner_queries.consent_again(session, unit_id):
        raise NotAnswerable(
            "The latest consent was not withdrawn by the city.",
            "Ask the owner for consent, and write it down.",
            code="consent_not_ours",
        )
    return get_card(session, unit_id)


def open_form(session: Session, token: str) -> Row:
    """
    What an owner sees: facts, what is published of them, and what waits.

    Raises
    ------
    NotFound
        When the link opens nothing, or no longer.
    TooBusy
        When links are tried that open nothing.
    """
    link, unit = _opened(session, token)
    unit_id = unit["id"]
    card = queries.card(session, unit_id)
    facts = fields_of(session, unit, card, [], is_shared=True)
    hidden = {"by", "source", "is_editable", "is_owners"}
    own = [one for one in owner_queries.proposals(session, unit_id=unit_id) if one["role"] == link["role"]]
    told = ("id", "made_at", "field", "old_value", "new_value", "decision", "reason")
    consent = owner_queries.consent(session, unit_id)
    return {
        "address": unit["address"],
        **{f"town_{language}": unit[f"name_{language}"] for language in ("nl", "fr", "en")},
        "role": link["role"],
        "expires_at": link["expires_at"],
        "facts": [
            {key: value for key, value in one.items() if key not in hidden}
            | {"may_propose": one["name"] in OWNERS}
            for one in facts
        ],
        "choices": choices(session),
        "publishable": list(PUBLISHABLE),
        "consent": None
        if consent is None
        else {"fields": consent["fields"], "agreed_at": consent["agreed_at"]},
        "proposals": [{name: one[name] for name in told} for one in own[:50]],
        "contact": owner_queries.contact(session, [unit["nis_code"]]).get(unit["nis_code"]),
    }


def propose(session: Session, token: str, given: Mapping[str, Any]) -> Row:
    """
    Keep what an owner proposes until an officer decides; the card stays as it is.

    Raises
    ------
    NotFound
        When the link opens nothing.
    TooBusy
        When too much came with this link today.
    Malformed
        When nothing differs from what is known.
    """
    link, unit = _opened(session, token)
    card = queries.card(session, unit["id"])
    facts = {one["name"]: one["value"] for one in fields_of(session, unit, card, [], is_shared=True)}
    changed = {name: value for name, value in given.items() if value != facts[name]}
    if not changed:
        raise Malformed(
            "Nothing differs from what is known already.", "Change a value first.", code="proposal_same"
        )
    _check_rate(session, link)
    proposal = owner_queries.add_proposal(session, unit["id"], link)
    for name, value in changed.items():
        owner_queries.add_field(session, proposal, name, _json(facts[name]), _json(value))
    return open_form(session, token)


def propose_photo(session: Session, token: str, sent: bytes, *, is_without_persons: bool) -> Row:
    """
    Keep a photograph that an owner sends until an officer decides.

    Raises
    ------
    NotFound
        When the link opens nothing.
    TooBusy
        When too much came with this link today.
    Malformed
        When it is no picture, or nobody says that no person or plate can be recognised.
    """
    link, unit = _opened(session, token)
    made = picture(sent, is_without_persons=is_without_persons)
    _check_rate(session, link)
    proposal = owner_queries.add_proposal(session, unit["id"], link)
    owner_queries.add_field(session, proposal, "photo", None, None)
    queries.add_photo(session, unit["id"], {**made, "proposal": proposal, "decision": "pending", "by": None})
    return open_form(session, token)


def give_consent(session: Session, token: str, given: Mapping[str, Any]) -> Row:
    """
    Publish what an owner agrees to, at once; it replaces what held.

    Raises
    ------
    NotFound
        When the link opens nothing.
    """
    link, unit = _opened(session, token)
    told = {"fields": given["fields"], "role": link["role"], "given_via": "link", "link": link["id"]}
    _replace(session, unit["id"], {**told, "by": None})
    return open_form(session, token)


def take_consent_back(session: Session, token: str) -> Row:
    """
    Publish nothing any more, at once.

    Raises
    ------
    NotFound
        When the link opens nothing.
    """
    _, unit = _opened(session, token)
    owner_queries.withdraw(session, unit["id"], None)
    return open_form(session, token)


def list_offer(session: Session, nis_code: str) -> Row:
    """What is published of a municipality, what owners propose, and whom strangers ask."""
    require_municipality(session, nis_code)
    return {
        "published": owner_queries.published(session, nis_code),
        "proposals": owner_queries.proposals(session, nis_code=nis_code),
        "contact": owner_queries.contact(session, [nis_code]).get(nis_code),
        "choices": choices(session),
        "fields": [
            {"name": field.name, "kind": field.kind, "unit": field.unit, "scheme": field.scheme}
            for field in BY_NAME.values()
        ],
    }


def set_contact(session: Session, nis_code: str, given: Mapping[str, Any], by: str) -> Row:
    """Write whom strangers ask about units of a municipality."""
    require_municipality(session, nis_code)
    owner_queries.set_contact(session, nis_code, given, by)
    return list_offer(session, nis_code)


def decide(session: Session, field_id: int, given: Mapping[str, Any], by: str) -> Row:
    """
    Accept or reject one proposed value, or take an earlier decision back.

    Raises
    ------
    NotFound
        When there is no such proposal.
    NotAnswerable
        When it was decided already, or the card changed since so that taking back would lose something.
    Malformed
        When a rejection gives no reason.
    """
    row = owner_queries.field(session, field_id)
    if row is None:
        raise NotFound(
            f"There is no proposed value {field_id}.", "Load the list again.", code="proposal_gone"
        )
    get_unit(session, row["shop_unit_id"])
    decision = given["decision"]
    if decision == "pending":
        _reopen(session, row, by)
    elif row["decision"] != "pending":
        raise NotAnswerable(
            "Somebody decided this already.", "Take that decision back first.", code="proposal_decided"
        )
    elif decision == "rejected":
        _reject(session, row, given["reason"], by)
    else:
        change = None if row["field"] == "photo" else _accept(session, row, by)
        owner_queries.decide(session, field_id, {"decision": decision, "by": by, "change": change})
    if row["field"] == "photo":
        owner_queries.decide_photo(session, row["proposal_id"], decision)
    return get_card(session, row["shop_unit_id"])


def _accept(session: Session, row: Row, by: str) -> int | None:
    unit_id, name = row["shop_unit_id"], row["field"]
    queries.make(session, unit_id, by)
    before = queries.card(session, unit_id, is_locked=True)
    assert before is not None
    queries.write(session, unit_id, {name: row["new_value"]}, by)
    made = queries.changes(session, unit_id, after=before["version"])
    # What the card says already makes no change.
    return made[0]["id"] if made else None


def _reject(session: Session, row: Row, reason: str | None, by: str) -> None:
    if reason is None:
        raise Malformed(
            "A rejection gives a reason.", "Write why; the owner reads it.", code="reason_missing"
        )
    owner_queries.decide(session, row["id"], {"decision": "rejected", "reason": reason, "by": by})


def _reopen(session: Session, row: Row, by: str) -> None:
    unit_id, name = row["shop_unit_id"], row["field"]
    if row["change_id"] is not None:
        changes = queries.changes(session, unit_id)
        change = next(one for one in changes if one["id"] == row["change_id"])
        card = locked(session, unit_id, changes[0]["version"], {}, by)
        if card[name] != change["after"].get(name):
            raise NotAnswerable(
                "The card was changed since this was accepted.",
                "Change the card itself instead.",
                code="card_newer_change",
            )
        take_back(session, unit_id, change, by)
    owner_queries.decide(session, row["id"], {"decision": "pending", "by": by})


def _opened(session: Session, token: str) -> tuple[Row, Row]:
    link = owner_queries.link(session, _digest(token))
    unit = None if link is None else queries.units(session, [link["shop_unit_id"]]).get(link["shop_unit_id"])
    if link is not None and unit is not None:
        return link, unit
    # A link that holds always opens; only guessing is slowed down.
    with _lock:
        is_flooded = len(_misses) == MOST_MISSES and time.monotonic() - _misses[0] < MISSES_S
        _misses.append(time.monotonic())
    if is_flooded:
        raise TooBusy(
            "Too many links were tried that open nothing.",
            "Wait a minute, and open the link from the message again.",
            code="owner_links_tried",
            headers={"Retry-After": "60"},
        )
    raise NotFound(
        "This link opens nothing, or no longer.", "Ask the city for a new one.", code="owner_link_gone"
    )


def _check_rate(session: Session, link: Row) -> None:
    if owner_queries.sent_since(session, link["id"], hours=24) >= MOST_A_DAY:
        raise TooBusy(
            f"With this link came {MOST_A_DAY} proposals today.",
            "Send the rest tomorrow, or ask the city.",
            code="proposals_enough",
            headers={"Retry-After": "3600"},
            most=MOST_A_DAY,
        )


def _replace(session: Session, unit_id: int, values: Row) -> None:
    owner_queries.withdraw(session, unit_id, values["by"])
    fields = [name for name in PUBLISHABLE if name in values["fields"]]
    owner_queries.add_consent(session, unit_id, {**values, "fields": fields})


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()
