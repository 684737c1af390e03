"""Contacts in fictional towns: clearly invented people, with every basis and what is to be done about them."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.persons import queries

CASES = (
    "SELECT id FROM acquisition_case WHERE nis_code = :nis AND state NOT IN ('lost', 'rejected', 'identified') "
    "AND signed_on IS NULL ORDER BY id LIMIT 3"
)
UNITS = (
    "SELECT u.shop_unit_id FROM case_unit u JOIN acquisition_case c ON c.id = u.case_id WHERE c.nis_code = :nis "
    "AND c.signed_on IS NULL GROUP BY u.shop_unit_id ORDER BY min(u.id) LIMIT 2"
)
BY = "Demo An"
# name, organisation, basis, its note, source, purpose, role, collected so many days ago, informed so many days ago,
# not to contact, note, tied to.
PEOPLE: tuple[tuple[Any, ...], ...] = (
    ("Fictieve Fien Fantasia", "Het Houten Paardje", "pre_contract", None, "self", "acquisition", "prospect", 30, 30, False, "Belt liefst in de voormiddag.", "case0"),
    ("Verzonnen Victor Voorbeeld", "Makelaardij Nergens", "public_task", "Detailhandelsbeleid van de stad", "broker_listing", "acquisition", "broker", 45, None, False, None, "case1"),
    ("Gefingeerde Gerda", None, "consent", "Formulier op de ondernemersavond", "self", "acquisition", "prospect", 60, 60, True, None, "unit0"),
    ("Bedachte Boudewijn", None, "public_task", "Leegstandsheffing", "cadastre", "levy", "owner", 26, None, False, None, "unit0"),
    ("Ingebeelde Ida", "Patrimonium Droomland", "public_task", "Leegstandsheffing", "register", "levy", "owner", 90, 80, False, None, "unit1"),
)  # fmt: skip


def make_demo_persons(session: Session, nis_code: str, *, until: date) -> int:
    """
    Write fictional contacts down at the cases and units of a fictional town.

    Returns
    -------
    How many there are.
    """
    places: dict[str, int] = {}
    for kind, query in (("case", CASES), ("unit", UNITS)):
        keys = session.execute(text(query), {"nis": nis_code}).scalars().all()
        places |= {f"{kind}{number}": key for number, key in enumerate(keys)}
    made = 0
    for number, person in enumerate(PEOPLE):
        (name, organisation, basis, basis_note, source, purpose, role, ago, told, is_off, note, place) = (
            person
        )
        if place not in places:
            continue
        values = {
            "full_name": name, "organisation": organisation, "legal_basis": basis, "legal_basis_note": basis_note,
            "source": source, "purpose": purpose, "collected_on": until - timedelta(days=ago),
            "informed_on": None if told is None else until - timedelta(days=told), "do_not_contact": is_off,
            "note": note, "email": f"{name.split()[-1].lower()}@verzonnen.example", "phone": f"+32 9 000 00 0{number}",
        }  # fmt: skip
        key = queries.add(session, nis_code, values, BY)
        is_case = place.startswith("case")
        tie = {
            "role": role,
            "shop_unit": None if is_case else places[place],
            "case": places[place] if is_case else None,
        }
        queries.tie(session, key, tie, BY)
        made += 1
    return made
