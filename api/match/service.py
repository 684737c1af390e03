"""Both ways: shop units ranked for a requirement profile, and profiles ranked for a shop unit."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from api.errors import NotFound
from api.match import profile_queries, profiles, queries
from api.match.facts import Facts, Offer
from api.match.wishes import BY_CODE
from api.numbers import known
from api.score import profile_ranking
from api.score import profiles as score_profiles
from api.score.profile_schemas import ProfileContent
from gis.joining import joined_values, near_by_joining
from gis.knock_out import KnockOut, check_wishes
from gis.match import FITS, OUT, UNCLEAR, Wish, match, rank_matches

Row = dict[str, Any]
JOINED = ("floor_area_m2", "frontage_m", "rent_eur_per_month")


def match_units(session: Session, nis_code: str, key: str, offer: Offer) -> Row:
    """
    Shop units on offer, ranked for a profile: what fits first, then what is unclear, then what is out.

    Raises
    ------
    NotFound
        When there is no such profile.
    """
    profile = profiles.get_profile(session, nis_code, key)
    facts = Facts(session, nis_code, offer)
    values, (wishes,) = facts.values([profile])
    counts = match(values, [wishes]).of_profile(0)
    score = _scores(session, nis_code, profile)
    ranked = rank_matches(counts, score)
    answers = _answers(values, wishes)
    order = _order(ranked, counts, values.index)
    items = [
        {
            **told,
            **_standing(ranked.loc[unit], counts.loc[unit]),
            "score": None if score is None else known(score.get(unit)),
            "answers": answers[unit],
        }
        for unit, told in zip(order, _units(facts, order), strict=True)
    ]
    return {
        "profile": profile,
        "wishes": told_wishes(session, profile),
        "offered": len(items),
        **{verdict: int((ranked["verdict"] == verdict).sum()) for verdict in (FITS, UNCLEAR, OUT)},
        "items": items,
        "joined": _joined(facts, values, wishes, facts.sets),
        "can_join": bool(facts.offered["parcel_id"].notna().any()) if len(facts.offered) else False,
        "computed_at": facts.computed_at,
    }


def match_profiles(session: Session, unit_id: int) -> Row:
    """
    Profiles of a municipality, ranked for one of its shop units.

    Raises
    ------
    NotFound
        When the unit is not known or no longer active.
    """
    nis_code = queries.town_of(session, unit_id)
    if nis_code is None:
        raise NotFound(
            f"There is no active shop unit {unit_id}.", "GET /api/shop-units lists those there are."
        )
    asking = [profiles.told(row) for row in profile_queries.profiles(session, nis_code)]
    facts = Facts(session, nis_code, Offer(only=unit_id))
    values, wishes = facts.values(asking)
    counts = match(values, wishes).of_unit(unit_id)
    scores = [_scores(session, nis_code, profile) for profile in asking]
    score = pd.Series([np.nan if each is None else each.get(unit_id, np.nan) for each in scores], dtype=float)
    has_scores = any(each is not None for each in scores)
    ranked = rank_matches(counts, score if has_scores else None)
    sets = [members for members in facts.sets if unit_id in members] if asking else []
    items = [
        {
            "profile": asking[at],
            "wishes": told_wishes(session, asking[at]),
            **_standing(ranked.loc[at], counts.loc[at]),
            "score": known(score[at]),
            "answers": _answers(values.loc[[unit_id]], wishes[at])[unit_id],
            "joined": [
                each for each in _joined(facts, values, wishes[at], sets) if ranked.loc[at, "verdict"] == OUT
            ],
        }
        for at in _order(ranked, counts, pd.RangeIndex(len(asking)))
    ]
    return {
        **next(iter(_units(facts, [unit_id]))),
        "nis_code": nis_code,
        "items": items,
        "computed_at": facts.computed_at,
    }


def told_wishes(session: Session, profile: Row) -> list[Row]:
    """The wishes of a profile with their labels and units."""
    words = profile_queries.labels(session)
    return [
        {
            **wish,
            **{name: words[wish["code"]][name] for name in profiles.LABELS},
            "unit": BY_CODE[wish["code"]].unit,
        }
        for wish in profile["content"]["wishes"]
    ]


def _scores(session: Session, nis_code: str, profile: Row) -> pd.Series | None:
    """Scores of all units under the profile that it chose; a profile that is there no more ranks nothing."""
    if profile["score_profile"] is None:
        return None
    try:
        chosen = score_profiles.get_profile(session, nis_code, profile["score_profile"])
    except NotFound:
        return None
    return profile_ranking.compute_scores(session, nis_code, ProfileContent.model_validate(chosen["content"]))


def _order(ranked: pd.DataFrame, counts: pd.DataFrame, index: pd.Index) -> list[Any]:
    """By rank; behind that what is out, the fewest failed wishes first."""
    table = ranked.join(counts[["hard_failed", "soft_met"]]).assign(at=range(len(index)))
    rows = table.sort_values(
        ["rank", "hard_failed", "soft_met", "at"], ascending=[True, True, False, True], na_position="last"
    )
    return list(rows.index)


def _standing(ranked: pd.Series, counts: pd.Series) -> Row:
    figures = {name: known(ranked[name]) for name in ("rank", "rank_best", "rank_worst")}
    soft = {name: int(counts[name]) for name in ("soft_met", "soft_unknown", "soft", "hard_failed")}
    return {
        "verdict": ranked["verdict"],
        **{name: None if value is None else int(value) for name, value in figures.items()},
        "may_fall_out": bool(ranked["may_fall_out"]),
        **soft,
        "unknown": int(counts["hard_unknown"] + counts["soft_unknown"]),
    }


def _answers(values: pd.DataFrame, wishes: Sequence[Wish]) -> dict[Any, list[Row]]:
    """Per row and wish, in the order of the profile: what it has, and whether that will do."""
    verdicts = check_wishes(values, [KnockOut(wish.code, wish.low, wish.high) for wish in wishes])
    columns = [
        list(zip(values[wish.code].tolist(), verdicts[place].tolist(), strict=True))
        for place, wish in enumerate(wishes)
    ]
    return {
        row: [{"value": known(column[at][0]), "verdict": column[at][1]} for column in columns]
        for at, row in enumerate(values.index)
    }


def _units(facts: Facts, keys: Sequence[Any]) -> Iterator[Row]:
    for key, row in zip(keys, facts.offered.loc[list(keys)].to_dict("records"), strict=True):
        yield _unit({str(name): value for name, value in row.items()}, key)


def _unit(row: Row, key: Any) -> Row:
    expected: date | None = row["expected_on"] if pd.notna(row["expected_on"]) else None
    return {
        "shop_unit_id": int(key),
        "address": row["address"],
        "core": known(row["core_name"]),
        "offer": row["offer"],
        "expected_on": expected,
        "market_status": known(row["market_status"]),
        "floor_area_m2": known(row["floor_area_m2"]),
        "lon": row["lon"],
        "lat": row["lat"],
    }


def _joined(
    facts: Facts, values: pd.DataFrame, wishes: Sequence[Wish], sets: Sequence[tuple[int, ...]]
) -> list[Row]:
    """Units that would do together, smallest first."""
    found = near_by_joining(values, wishes, sets)
    if found.empty:
        return []
    whole = joined_values(values, list(found["units"]))
    told = []
    for place, row in enumerate(found.to_dict("records")):
        at = whole.loc[[(place, row["base"])]]
        members = [row["base"], *(unit for unit in row["units"] if unit != row["base"])]
        told.append(
            {
                "shop_units": list(_units(facts, members)),
                **{name: known(row[name]) for name in JOINED},
                "soft_met": int(row["soft_met"]),
                "soft": int(row["soft"]),
                "unknown": int(row["hard_unknown"] + row["soft_unknown"]),
                "answers": _answers(at, wishes)[(place, row["base"])],
            }
        )
    return told
