"""Vacant shop units that their owners agreed to publish, and of each only what they agreed to."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.card import around, owner_queries, queries
from api.card.fields import BY_NAME
from api.card.ground import ground, ground_sources
from api.card.service import choices, value_of
from api.dependencies import require_municipality
from api.errors import NotFound

Row = dict[str, Any]
PUBLISHED = (
    "SELECT k.shop_unit_id AS id, k.fields FROM unit_consent k JOIN shop_unit_state s ON s.id = k.shop_unit_id "
    "WHERE k.withdrawn_at IS NULL AND s.state = 'vacant' AND (CAST(:nis AS text) IS NULL OR s.nis_code = :nis) "
    "ORDER BY s.nis_code, s.street, s.house_number, s.id"
)
TOWNS = (
    "SELECT nis_code, name_nl, coalesce(name_fr, name_nl) AS name_fr, coalesce(name_en, name_nl) AS name_en, is_demo "
    "FROM municipality ORDER BY name_nl"
)
PHOTO = (
    "SELECT p.id, p.jpeg FROM unit_photo p JOIN unit_consent k ON k.shop_unit_id = p.shop_unit_id "
    "JOIN shop_unit_state s ON s.id = p.shop_unit_id WHERE p.shop_unit_id = :id AND p.removed_at IS NULL "
    "AND p.decision = 'accepted' AND k.withdrawn_at IS NULL AND 'photo' = ANY(k.fields) AND s.state = 'vacant' "
    "ORDER BY p.added_at DESC, p.id DESC LIMIT 1"
)


def list_units(session: Session, nis_code: str | None) -> Row:
    """
    Published units of one municipality, or of all.

    Raises
    ------
    NotFound
        When the municipality is not known here.
    """
    if nis_code is not None:
        require_municipality(session, nis_code)
    agreed = {
        row["id"]: row["fields"] for row in session.execute(text(PUBLISHED), {"nis": nis_code}).mappings()
    }
    units, cards = queries.units(session, list(agreed)), queries.cards(session, list(agreed))
    towns = [dict(row) for row in session.execute(text(TOWNS)).mappings()]
    contacts = owner_queries.contact(session, [town["nis_code"] for town in towns])
    items = [_told(session, units[key], cards.get(key), set(fields)) for key, fields in agreed.items()]
    used = {item["nis_code"] for item in items}
    told = choices(session)
    return {
        "items": items,
        "towns": [
            {**town, "contact": _contact(contacts.get(town["nis_code"]))}
            for town in towns
            if town["nis_code"] in used or town["nis_code"] == nis_code
        ],
        "fields": [
            {
                "name": field.name, "kind": field.kind, "unit": field.unit, "scheme": field.scheme,
                **next({k: v for k, v in row.items() if k != "code"} for row in told["card_field"] if row["code"] == field.name),
            }
            for field in BY_NAME.values()
            if field.name != "grants"
        ],
        "choices": {scheme: rows for scheme, rows in told.items() if scheme in SHOWN},
    }  # fmt: skip


SHOWN = {"fitout_state", "epc_label", "step_access", "heritage", "planning_use", "horeca", "lease_type"}


def _contact(row: Row | None) -> Row | None:
    return None if row is None else {"organisation": row["organisation"], "contact": row["contact"]}


def _told(session: Session, unit: Row, card: Row | None, agreed: set[str]) -> Row:
    facts = {
        name: value_of(field, unit, card, [], is_shared=True)["value"]
        for name, field in BY_NAME.items()
        if name in agreed and field.kind and not name.startswith("broker_")
    }
    item = {
        "id": unit["id"],
        "nis_code": unit["nis_code"],
        "address": unit["address"],
        "postcode": unit["postcode"],
        "place": unit["place"],
        "lon": round(unit["lon"], 6),
        "lat": round(unit["lat"], 6),
        "facts": {name: value for name, value in facts.items() if value is not None},
        "has_photo": "photo" in agreed and session.execute(text(PHOTO), {"id": unit["id"]}).first() is not None,
        "surroundings": _surroundings(session, unit["id"]) if "surroundings" in agreed else None,
        "contact": None,
    }  # fmt: skip
    if card is not None and "broker_contact" in agreed and card["broker_contact"]:
        name = card["broker_name"] if "broker_name" in agreed else None
        item["contact"] = {"organisation": name, "contact": card["broker_contact"]}
    return item


def _surroundings(session: Session, unit_id: int) -> Row:
    """In classes only: nobody reads a count out of a public page."""
    near = around.in_public(session, unit_id)
    footfall, wide = near["footfall"], near["parking"][-1]
    return {
        "passage_class": None if footfall is None else footfall["passage_class"],
        "footfall_class": None if footfall is None else footfall["footfall_class"],
        "parking_spaces": wide["spaces"],
        "parking_within_m": wide["within_m"],
        "stop": None if not near["stops"] else near["stops"][0]["name"],
        "stop_m": None if not near["stops"] else round(near["stops"][0]["distance_m"], -1),
    }


def get_ground(session: Session, nis_code: str | None) -> Row:
    """
    A plain map around the published units, so that the page asks nobody else for one.

    Raises
    ------
    NotFound
        When the municipality is not known here.
    """
    if nis_code is not None:
        require_municipality(session, nis_code)
    keys = [row["id"] for row in session.execute(text(PUBLISHED), {"nis": nis_code}).mappings()]
    units = queries.units(session, keys).values()
    drawn = ground(session, [(unit["lon"], unit["lat"]) for unit in units])
    return {**drawn, "sources": ground_sources(session, sorted({unit["nis_code"] for unit in units}))}


def get_photo(session: Session, unit_id: int) -> bytes:
    """
    The newest photograph of a published unit.

    Raises
    ------
    NotFound
        When none is published.
    """
    found = session.execute(text(PHOTO), {"id": unit_id}).mappings().first()
    if found is None:
        raise NotFound("No photograph of this unit is published.", "GET /api/public/units lists what is.")
    jpeg: bytes = found["jpeg"]
    return jpeg
