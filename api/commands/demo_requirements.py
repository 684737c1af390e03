"""Requirement profiles in fictional towns: fictional organisations whose wishes some units meet and others do not."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.match import profiles
from api.match.facts import Facts, Offer
from api.match.schemas import RequirementIn

OFFICER = "Demo An"
Wish = dict[str, Any]


def _soft(code: str, **more: Any) -> Wish:
    return {"code": code, "is_hard": False, **more}


# name, organisation, branch, score profile, title of the case it belongs to, wishes.
PROFILES: tuple[tuple[str, str, str, str | None, str | None, tuple[Wish, ...]], ...] = (
    (
        "Bakkerij met broodjesbar", "De Gouden Korst", "bakery", "bakery", None,
        (
            {"code": "floor_area_m2", "low": 60, "high": 160},
            {"code": "is_ground_floor"},
            {"code": "rent_eur_per_month", "high": 2200},
            _soft("passage_class", low=3),
            _soft("neighbours_wanted", branches=["butcher", "supermarket", "greengrocer", "pharmacy"], reach_m=100),
            _soft("neighbours_unwanted", branches=["bakery"], reach_m=100),
            _soft("is_in_core"),
        ),
    ),
    (
        "IJssalon met terras", "Sneeuwbal", "ice_cream", None, "IJssalon met terras",
        (
            {"code": "floor_area_m2", "low": 50, "high": 130},
            {"code": "is_terrace_possible"},
            {"code": "is_horeca_permitted"},
            _soft("passage_class", low=4),
            _soft("frontage_m", low=5),
        ),
    ),
    (
        "Kinderkleding zoekt tweede winkel", "Hinkelpad", "childrens_clothing", "fashion", None,
        (
            {"code": "floor_area_m2", "low": 70, "high": 220},
            {"code": "own_branch_m", "low": 2000},
            {"code": "is_in_core"},
            _soft("neighbours_wanted", branches=["womens_clothing", "shoes", "toys"], reach_m=400),
            _soft("spaces_400_m", low=100),
            _soft("catchment_population", low=1500),
        ),
    ),
    (
        "Bouwmarkt zonder plaats", "Spijker & Plank", "diy", None, None,
        ({"code": "floor_area_m2", "low": 4000}, {"code": "frontage_m", "low": 40}, _soft("spaces_200_m", low=120)),
    ),
)  # fmt: skip
JOINED = ("Fitnessruimte zoekt twee panden", "Hartslag Noord", "fitness")


def make_demo_requirements(session: Session, nis_code: str) -> int:
    """
    Note what fictional organisations ask in a fictional town; one of them only fits two vacant units that are joined.

    Returns
    -------
    How many were made.
    """
    made = 0
    for name, prospect, branch, score, title, wishes in PROFILES:
        case_id = _case(session, nis_code, title) if title else None
        _add(session, nis_code, name, prospect, branch, list(wishes), score_profile=score, case_id=case_id)
        made += 1
    area = _joined_area(session, nis_code)
    if area is not None:
        name, prospect, branch = JOINED
        together: list[Wish] = [
            {"code": "floor_area_m2", "low": area - 5, "high": area + 40},
            {"code": "is_ground_floor"},
        ]
        _add(session, nis_code, name, prospect, branch, together)
        made += 1
    return made


def _add(
    session: Session, nis_code: str, name: str, prospect: str, branch: str, wishes: list[Wish], **more: Any
) -> None:
    given = {
        "municipality": nis_code,
        "name": name,
        "prospect_name": prospect,
        "branch_code": branch,
        "content": {"wishes": wishes},
        **more,
    }
    profiles.add_profile(session, RequirementIn.model_validate(given), OFFICER)


def _case(session: Session, nis_code: str, title: str) -> int | None:
    query = text("SELECT id FROM acquisition_case WHERE nis_code = :nis AND title = :title")
    found: int | None = session.execute(query, {"nis": nis_code, "title": title}).scalar()
    return found


def _joined_area(session: Session, nis_code: str) -> int | None:
    """Floor area of the pair of vacant neighbours of which neither comes near to what both have."""
    facts = Facts(session, nis_code, Offer(is_temporary=False, is_expected=False))
    area = facts.offered["floor_area_m2"]
    pairs = [area.loc[list(members)] for members in facts.sets if len(members) == 2]
    known = [pair for pair in pairs if pair.notna().all() and pair.min() > 0]
    if not known:
        return None
    best = min(known, key=lambda pair: (pair.max() / pair.sum(), pair.sum()))
    return int(best.sum())
