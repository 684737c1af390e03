"""What fictional owners and officers said of vacant units: cards, consent to publish, a proposal, and a contact."""

import io
from datetime import date, timedelta
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.card import owner, owner_queries, queries
from api.card.fields import PUBLISHABLE
from api.round.pictures import remake

TOWNS = ("31022", "31004")
BY = "Demo An"
VACANT = (
    "SELECT id, coalesce(floor_area_m2, 80) AS m2, asking_rent_eur_per_month AS rent FROM shop_unit_state "
    "WHERE nis_code = :nis AND state = 'vacant' AND core_id IS NOT NULL ORDER BY md5(local_code || 'card') LIMIT 6"
)
CARDS: tuple[dict[str, Any], ...] = (
    {
        "storage_m2": 25.0, "basement_m2": 30.0, "floors": 1, "ceiling_height_m": 3.2, "fitout_state": "ready",
        "epc_label": "B", "step_access": "step_free", "is_terrace_possible": False, "heritage": "none",
        "planning_use": "retail", "horeca": "unfit", "delivery": "Laadzone om de hoek, elke werkdag tot 11 uur",
        "rent_eur_per_month": 1150.0, "charges_eur_per_month": 60.0, "deposit_months": 3.0,
        "lease_type": "commercial", "broker_name": "Vastgoedkantoor De Luifel (demo)",
        "broker_contact": "verhuur@deluifel.example", "grants": "Demopremie starters: tot € 2.500",
    },
    {
        "storage_m2": 40.0, "floors": 2, "ceiling_height_m": 3.6, "fitout_state": "refresh", "epc_label": "C",
        "step_access": "threshold", "is_terrace_possible": True, "heritage": "townscape", "planning_use": "mixed",
        "horeca": "with_works", "rent_eur_per_month": 1600.0, "deposit_months": 2.0, "lease_type": "commercial",
        "broker_name": "Vastgoedkantoor De Luifel (demo)", "broker_contact": "verhuur@deluifel.example",
    },
    {
        "floors": 1, "fitout_state": "ready", "step_access": "step_free", "planning_use": "mixed", "horeca": "fit",
        "is_terrace_possible": True, "rent_eur_per_month": 750.0, "lease_type": "popup",
        "delivery": "Straat open voor leveren tussen 6 en 10 uur",
    },
    {"storage_m2": 12.0, "fitout_state": "renovate", "heritage": "inventory", "price_eur": 265000.0, "lease_type": "sale"},
)  # fmt: skip


def make_demo_offer(session: Session, nis_code: str, *, until: date) -> int:
    """
    Write cards of vacant units of a fictional town.

    Returns
    -------
    How many were written.
    """
    units = session.execute(text(VACANT), {"nis": nis_code}).mappings().all()
    at = (until - timedelta(days=20)).isoformat() + "T10:00:00+00:00"
    session.execute(text("SELECT set_config('kernkaart.case_clock', :at, true)"), {"at": at})
    for number, (unit, facts) in enumerate(zip(units, CARDS, strict=False)):
        queries.make(session, unit["id"], BY)
        # What is advertised already is not said twice.
        told = {
            name: value for name, value in facts.items() if name != "rent_eur_per_month" or not unit["rent"]
        }
        queries.write(session, unit["id"], told, BY)
        if number < 3:
            _photo(session, unit["id"], number)
            _consent(session, unit["id"], number)
    if units:
        _propose(session, units[0]["id"], float(units[0]["rent"] or CARDS[0]["rent_eur_per_month"]))
    session.execute(text("SELECT set_config('kernkaart.case_clock', '', true)"))
    told = {"organisation": "Dienst lokale economie (demo)", "contact": "economie@stad.example"}
    owner.set_contact(session, nis_code, told, BY)
    return min(len(units), len(CARDS))


def _consent(session: Session, unit_id: int, number: int) -> None:
    # The third owner keeps the rent to himself, and nobody says who lets it.
    hidden = {"rent_eur_per_month", "broker_name", "broker_contact"} if number == 2 else set()
    told = {"role": "owner", "given_via": "letter", "link": None, "by": BY}
    fields = [name for name in PUBLISHABLE if name not in hidden]
    owner_queries.add_consent(session, unit_id, {**told, "fields": fields})


def _propose(session: Session, unit_id: int, rent: float) -> None:
    # A digest that no link has: the form of the demo cannot be opened with it.
    owner_queries.add_link(
        session, unit_id, {"role": "owner", "digest": f"demo-{unit_id}", "by": BY, "days": 30}
    )
    (link,) = owner_queries.links(session, unit_id)
    proposal = owner_queries.add_proposal(session, unit_id, link)
    for field, old, new in (("rent_eur_per_month", str(rent), str(rent - 50)), ("epc_label", '"B"', '"A"')):
        owner_queries.add_field(session, proposal, field, old, new)


def _photo(session: Session, unit_id: int, number: int) -> None:
    """A drawn front, so that nobody takes it for a photograph of somewhere."""
    colours = (("#c9b79c", "#7a2e1d"), ("#b9c4c9", "#27506b"), ("#d8cfa8", "#2f5d3a"))[number]
    image = Image.new("RGB", (960, 640), "#dfe8ee")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 560, 960, 640), fill="#9aa0a3")
    draw.rectangle((140, 60, 820, 560), fill=colours[0])
    for left in (200, 440, 680):
        draw.rectangle((left, 110, left + 90, 230), fill="#eef4f7", outline="#6b7478", width=4)
    draw.rectangle((170, 280, 790, 330), fill=colours[1])
    draw.rectangle((190, 340, 610, 540), fill="#eef4f7", outline="#4d565a", width=6)
    draw.rectangle((640, 340, 770, 560), fill="#5b4a3c", outline="#3a2f26", width=6)
    out = io.BytesIO()
    image.save(out, "PNG")
    made = remake(out.getvalue())._asdict()
    queries.add_photo(session, unit_id, {**made, "proposal": None, "decision": "accepted", "by": BY})
