"""Where units stand in a ranking, in one line each."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from api.card import queries
from api.card.shortlist_words import SHORTLIST
from api.dependencies import Language
from api.score import profile_ranking, profiles
from api.score.profile_schemas import ProfileContent


def reasons(session: Session, unit_ids: Sequence[int], profile: str | None, language: Language) -> list[str]:
    """
    Rank and range of ranks of each unit for a profile; an empty line for one that is not ranked.

    Raises
    ------
    NotFound
        When there is no such profile.
    NotAnswerable
        When nothing was computed yet.
    """
    units = queries.units(session, unit_ids)
    towns = {unit["nis_code"] for unit in units.values()}
    # Ranks of different towns cannot stand beside each other.
    if profile is None or len(towns) != 1:
        return []
    (nis_code,) = towns
    known = profiles.get_profile(session, nis_code, profile)
    told = profile_ranking.get_ranking(
        session, nis_code, ProfileContent.model_validate(known["content"]), state="vacant"
    )
    place = {key: i for i, key in enumerate(told["ids"])}
    lines = []
    for key in unit_ids:
        i = place.get(key)
        if i is None or told["rank"][i] is None:
            lines.append("")
            continue
        words = {"rank": "rank", "lower": "rank_lower", "upper": "rank_upper"}
        ranks = {name: round(told[column][i]) for name, column in words.items()}
        name = known.get(f"label_{language}") or known.get("name") or profile
        lines.append(SHORTLIST[language]["rank"].format(**ranks, of=told["ranked"], profile=name))
    return lines
