"""Acquisition cases in fictional towns: in every state, with fictional organisations, and no letting written."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.acquisition import changing
from api.db.codes import CASE_PROCESS

TOWNS = ("31022", "31004")
OFFICERS = ("Demo An", "Demo Bert")
VACANT = (
    "SELECT id, floor_area_m2 FROM shop_unit_state WHERE nis_code = :nis AND state = 'vacant' AND core_id IS NOT NULL "
    "AND floor_area_m2 > 0 ORDER BY md5(local_code) LIMIT 24"
)
# Lettings that are in the register already: what is signed in the demo, happened in its history.
LET = (
    "SELECT u.id AS unit, u.floor_area_m2, o.occupant_name, o.branch_code, o.origin, lower(o.period) AS on "
    "FROM occupancy o JOIN shop_unit u ON u.id = o.shop_unit_id WHERE u.nis_code = :nis AND u.lifecycle = 'active' "
    "AND NOT o.is_popup AND o.occupant_name IS NOT NULL AND o.branch_code IS NOT NULL AND u.floor_area_m2 > 0 "
    "AND lower(o.period) BETWEEN CAST(:until AS date) - 1500 AND CAST(:until AS date) - 60 "
    "AND EXISTS (SELECT 1 FROM vacancy_spell v WHERE v.shop_unit_id = u.id AND v.ended_on = lower(o.period)) "
    "ORDER BY md5(u.local_code) LIMIT 8"
)
# title, organisation, branch, wished, m2 from and to, rent, state, begun so many days ago, next action, due in days,
# who acts, where from.
OPEN: tuple[tuple[Any, ...], ...] = (
    ("Broodbakker voor het centrum", None, None, None, None, None, None, "identified", 12, "Branche en budget navragen", 6, "city", "starter"),
    ("Speelgoedwinkel", "Het Houten Paardje", "toys", True, 90, 160, 1700, "qualified", 30, "Brief sturen", 0, "city", "starter"),
    ("Fietsenwinkel zoekt hoekpand", "Trap & Trapper", "bicycles", True, 150, 260, 2400, "contacted", 45, "Terugbellen", -3, "city", "relocation_outside"),
    ("Boekhandel met leescafé", "De Leeslamp", "books", True, 80, 140, 1500, "in_dialogue", 70, "Lijst van panden bezorgen", 2, "city", "starter"),
    ("IJssalon met terras", "Sneeuwbal", "ice_cream", True, 60, 110, 1800, "visit_planned", 60, "Bezoek aan twee panden", 4, "prospect", "chain_expansion"),
    ("Kledingzaak zoekt groter", "Naald & Draad", "womens_clothing", True, 120, 220, 2600, "visited", 95, "Antwoord na bezoek", -8, "prospect", "relocation_within"),
    ("Opticien", "Het Scherpe Oog", "optician", True, 70, 120, 1900, "offer", 120, "Voorstel nalezen", 9, "owner", "starter"),
    ("Kookwinkel", "Pollepel & Co", "home_decoration", True, 90, 170, 2100, "negotiation", 150, "Huurprijs besproken?", 1, "broker", "chain_expansion"),
    ("Gokkantoor", "Kansspel Noord", "betting_shop", False, 60, 100, 2500, "rejected", 40, None, None, "city", "chain_expansion"),
    ("Delicatessenzaak wacht op vergunning", "Zilte Zaken", "delicatessen", True, 60, 110, 1600, "on_hold", 160, "Vergunning navragen", None, "prospect", "starter"),
    ("Schoenenketen", "Zool & Zoon", "shoes", True, 250, 400, 3500, "lost:size", 210, None, None, "city", "chain_expansion"),
    ("Bloemist", "Bloemlezing", "florist", True, 50, 90, 900, "lost:rent", 260, None, None, "city", "starter"),
    ("Tweedehandszaak", "Rondje Kleed", "second_hand", True, 100, 180, 1200, "lost:no_response", 320, None, None, "city", "starter"),
)  # fmt: skip
SIGNED = ("aftercare", "aftercare", "opened", "aftercare", "opened", "fit_out", "signed", "aftercare")


def make_demo_cases(session: Session, nis_code: str, *, until: date) -> int:
    """
    Fill the board of a fictional town.

    Returns
    -------
    How many cases were made.
    """
    vacant = [row["id"] for row in session.execute(text(VACANT), {"nis": nis_code}).mappings()]
    let = session.execute(text(LET), {"nis": nis_code, "until": until}).mappings().all()
    made = 0
    if len(vacant) >= 2:
        for number, row in enumerate(OPEN):
            _open_case(session, nis_code, row, until=until, vacant=vacant, number=number)
            made += 1
    for number, (letting, state) in enumerate(zip(let, SIGNED, strict=False)):
        _signed_case(session, nis_code, dict(letting), state, until=until, number=number)
        made += 1
    session.execute(text("SELECT set_config('kernkaart.case_clock', '', true)"))
    return made


def _open_case(
    session: Session, nis_code: str, row: Sequence[Any], *, until: date, vacant: Sequence[int], number: int
) -> None:
    (title, prospect, branch, wished, least, most, rent, state, ago, action, due, acts, origin) = row
    state, _, reason = state.partition(":")
    by = OFFICERS[number % 2]
    day = until - timedelta(days=ago)
    _at(session, day)
    facts = {
        "title": title, "prospect_name": prospect, "branch_code": branch, "is_wished": wished, "min_m2": least,
        "max_m2": most, "max_rent_eur_per_month": rent, "needs": ["terrace"] if "terras" in title else [],
        "origin": origin, "acts": acts, "handled_by": by, "next_action": action,
        "next_action_on": None if due is None else until + timedelta(days=due), "shop_unit": None,
    }  # fmt: skip
    case = changing.add_case(session, nis_code, facts, by)
    if number:
        for unit, response in (
            (vacant[2 * number % len(vacant)], "interested"),
            (vacant[(2 * number + 1) % len(vacant)], "proposed"),
        ):
            said = {"response": response, "owner_state": "cooperating" if number % 3 else "informed"}
            changing.put_unit(session, case["id"], unit, said, by)
    aside = state not in CASE_PROCESS
    last = "contacted" if aside else state
    path = CASE_PROCESS[1 : CASE_PROCESS.index(last) + 1]
    gap = ago // (len(path) + 2)
    for step in path:
        day += timedelta(days=gap)
        case = _step(session, case, step, day, by, next_action_on=facts["next_action_on"] or day)
    if aside:
        day += timedelta(days=gap)
        case = _step(
            session, case, state, day, by, hold_until=until + timedelta(days=40), loss_reason=reason or None
        )
    if case["next_action"] != action:
        again = {"next_action": action, "next_action_on": facts["next_action_on"]}
        changing.change_case(session, case["id"], case["version"], again, by)
    if number > 1:
        kind, note = (("call", "Zoekt een pand dat dit jaar vrij is."), ("visit", "Twee panden bekeken."))[
            number % 2
        ]
        _contact(session, case["id"], kind, note, day, by)


def _signed_case(
    session: Session, nis_code: str, letting: Mapping[str, Any], state: str, *, until: date, number: int
) -> None:
    by = OFFICERS[number % 2]
    signed_on = letting["on"]
    lead = 60 + 35 * number
    day = signed_on - timedelta(days=lead)
    _at(session, day)
    area = round(letting["floor_area_m2"])
    facts = {
        "title": f"{letting['occupant_name']} zoekt een pand", "prospect_name": letting["occupant_name"],
        "branch_code": letting["branch_code"], "is_wished": number % 4 != 3, "min_m2": max(0, area - 40),
        "max_m2": area + 60, "max_rent_eur_per_month": 1200 + 150 * number, "needs": [],
        "origin": letting["origin"], "acts": "city", "handled_by": by, "next_action": None, "next_action_on": None,
        "shop_unit": letting["unit"],
    }  # fmt: skip
    case = changing.add_case(session, nis_code, facts, by)
    path = CASE_PROCESS[1 : CASE_PROCESS.index("signed")]
    for place, step in enumerate(path):
        at = day + timedelta(days=(place + 1) * lead // (len(path) + 1))
        case = _step(session, case, step, at, by, next_action_on=at)
    _contact(session, case["id"], "visit", "Pand bezocht samen met de eigenaar.", at, by)
    opened_on = signed_on + timedelta(days=30 + 20 * number)
    after = {
        "signed": signed_on, "fit_out": signed_on + timedelta(days=10), "opened": opened_on,
        "aftercare": opened_on + timedelta(days=14),
    }  # fmt: skip
    for step in CASE_PROCESS[CASE_PROCESS.index("signed") : CASE_PROCESS.index(state) + 1]:
        on = signed_on if step == "signed" else opened_on
        case = _step(
            session, case, step, min(after[step], until), by, on=min(on, until), shop_unit=letting["unit"]
        )
    if number == 0:
        changing.add_grant(
            session,
            case["id"],
            {"scheme": "Demopremie starters", "amount_eur": 2500.0, "paid_on": opened_on},
            by,
        )


def _step(
    session: Session, case: Mapping[str, Any], to: str, day: date, by: str, **asked: Any
) -> dict[str, Any]:
    _at(session, day)
    given = {
        "to": to, "on": None, "shop_unit": None, "occupant_name": None, "is_temporary": False,
        "next_action_on": None, "hold_until": None, "loss_reason": None, **asked,
    }  # fmt: skip
    return changing.take_step(session, case["id"], case["version"], given, by)


def _contact(session: Session, case_id: int, kind: str, note: str, day: date, by: str) -> None:
    changing.add_activity(session, case_id, {"kind": kind, "note": note, "happened_at": _noon(day)}, by)


def _at(session: Session, day: date) -> None:
    """What happens next happened on a day."""
    session.execute(
        text("SELECT set_config('kernkaart.case_clock', :at, true)"), {"at": _noon(day).isoformat()}
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(11), UTC)
