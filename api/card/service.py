"""The card of a shop unit, put together: facts with their source, surroundings, photographs, consent, history."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.card import around, owner_queries, queries
from api.card.fields import ALL, CARD, FALLBACK, PUBLISHABLE, SCHEMES, Field
from api.errors import NotFound

Row = dict[str, Any]


def get_unit(session: Session, unit_id: int) -> Row:
    """
    An active shop unit as the register knows it.

    Raises
    ------
    NotFound
        When there is none.
    """
    found = queries.units(session, [unit_id]).get(unit_id)
    if found is None:
        raise NotFound(
            f"There is no active shop unit {unit_id}.",
            "GET /api/shop-units lists those that are.",
            code="unit_gone",
        )
    return found


def get_card(session: Session, unit_id: int) -> Row:
    """
    All that stands on the card of a unit.

    Raises
    ------
    NotFound
        When there is no such active unit.
    """
    unit = get_unit(session, unit_id)
    card = queries.card(session, unit_id)
    changes = queries.changes(session, unit_id)
    return {
        "shop_unit": unit_id,
        "version": 0 if card is None else card["version"],
        "unit": unit,
        "fields": fields_of(session, unit, card, changes),
        "choices": choices(session),
        "around": around.around(session, unit["nis_code"], unit_id),
        "sources": around.sources(session, unit["nis_code"]),
        "photos": queries.photos(session, unit_id),
        "consent": owner_queries.consent(session, unit_id),
        "links": owner_queries.links(session, unit_id),
        "proposals": owner_queries.proposals(session, unit_id=unit_id),
        "publishable": list(PUBLISHABLE),
        "changes": changes[:50],
        "can_undo": to_undo(changes) is not None,
    }


def choices(session: Session) -> dict[str, list[Row]]:
    """The code lists of a card, and the names of its fields under `card_field`."""
    found: dict[str, list[Row]] = {}
    for row in queries.labels(
        session, [*SCHEMES, "card_field", "consent_via", "card_role", "proposal_decision"]
    ):
        found.setdefault(row.pop("scheme"), []).append(row)
    return found


def fields_of(
    session: Session, unit: Row, card: Row | None, changes: list[Row], *, is_shared: bool = False
) -> list[Row]:
    """
    Every fact with its value and where it comes from; a value that nobody knows is null.

    With `is_shared`, what the licence of a register does not let pass to others is left out.
    """
    names = {row["code"]: row for row in queries.labels(session, ["card_field"])}
    return [
        {
            "name": field.name,
            "group": field.group,
            "kind": field.kind,
            "unit": field.unit,
            "scheme": field.scheme,
            "is_editable": field in CARD,
            "is_owners": field.is_owners,
            **{
                f"label_{language}": names[field.name][f"label_{language}"] for language in ("nl", "fr", "en")
            },
            **value_of(field, unit, card, changes, is_shared=is_shared),
        }
        for field in ALL
    ]


def value_of(
    field: Field, unit: Mapping[str, Any], card: Row | None, changes: list[Row], *, is_shared: bool
) -> Row:
    """The value of a fact: what the card says goes before what the register says."""
    own = None if card is None or field not in CARD else card[field.name]
    if own is not None:
        last = next((one for one in changes if field.name in one["after"]), None)
        return {
            "value": own,
            "source": "card",
            "on": None if last is None else last["changed_at"].date(),
            "by": None if last is None else last["changed_by"],
        }
    column = FALLBACK.get(field.name) if field in CARD else field.name
    told = None if column is None else unit[column]
    if told is None or (is_shared and not unit["is_shareable"]):
        return {"value": None, "source": None, "on": None, "by": None}
    return {"value": told, "source": unit["dataset"], "on": around.seen_on(dict(unit)), "by": None}


def to_undo(changes: list[Row]) -> Row | None:
    """The change that undo would take back, given the latest first."""
    return next((one for one in changes if one["undoes_id"] is None and not one["is_undone"]), None)
