"""A case that begins with premises and what a prospect asks of them."""

from typing import Any

from sqlalchemy.orm import Session

from api.acquisition import changing
from api.acquisition import service as cases
from api.match import profiles

Row = dict[str, Any]
# Wishes of a profile that a case knows as needs.
NEEDS = {
    "is_ground_floor": "ground_floor",
    "is_terrace_possible": "terrace",
    "spaces_200_m": "parking_near",
    "spaces_400_m": "parking_near",
}
OVER = ("lost", "rejected", "opened", "aftercare")


def begin_case(session: Session, nis_code: str, key: str, units: list[int], by: str) -> Row:
    """
    Propose units in the case of a profile; without a case that still runs, a new one begins and belongs to it.

    Returns
    -------
    The case, the profile, and whether the case is new.

    Raises
    ------
    NotFound
        When the profile or a unit is not known.
    NotAnswerable
        When a unit lies in another municipality.
    """
    # Two who press at once begin one case.
    profiles.hold(session, key)
    profile = profiles.get_profile(session, nis_code, key)
    case_id = profile["case_id"] if profile["case_title"] is not None else None
    if case_id is not None and cases.get_case(session, case_id)["state"] in OVER:
        case_id = None
    is_new = case_id is None
    if case_id is None:
        case_id = changing.add_case(session, nis_code, _facts(profile, units[0]), by)["id"]
        profile = profiles.tie(session, key, case_id, by)
    held = {unit["shop_unit_id"] for unit in cases.get_case(session, case_id)["units"]}
    for unit in units:
        if unit not in held:
            said = {"response": "proposed", "owner_state": "unknown"}
            changing.put_unit(session, case_id, unit, said, by)
    return {"case": cases.get_case(session, case_id), "profile": profile, "is_new": is_new}


def _facts(profile: Row, unit: int) -> Row:
    wishes = {wish["code"]: wish for wish in profile["content"]["wishes"]}
    area, rent = wishes.get("floor_area_m2", {}), wishes.get("rent_eur_per_month", {})
    return {
        "title": profile["name"],
        "prospect_name": profile["prospect_name"],
        "branch_code": profile["branch_code"],
        "is_wished": None,
        "min_m2": area.get("low"),
        "max_m2": area.get("high"),
        "max_rent_eur_per_month": rent.get("high"),
        "needs": sorted({need for code, need in NEEDS.items() if code in wishes}),
        "origin": "unknown",
        "acts": "city",
        "handled_by": None,
        "next_action": None,
        "next_action_on": None,
        "shop_unit": unit,
    }
