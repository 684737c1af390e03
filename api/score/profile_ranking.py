"""Shop units ranked for a profile, and why one of them stands where it stands."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from api.dependencies import Language
from api.errors import NotAnswerable, NotFound
from api.numbers import known
from api.score import profile_queries, queries
from api.score.criteria import BY_CODE
from api.score.profile_schemas import ProfileContent
from api.score.profiles import as_profile
from gis.knock_out import FAILED, UNKNOWN
from gis.profile import Profile, Ranked, profile_values, rank_profile
from gis.rank import drop_one_ranks
from gis.score import references, score_units

DRAWS = 2000
KEPT = 12


@dataclass(frozen=True)
class Answer:
    """A ranking and what it was made of."""

    profile: Profile
    values: pd.DataFrame
    footfall_ends: pd.DataFrame
    candidates: pd.Index
    ranked: Ranked


_answers: OrderedDict[tuple[Any, ...], Answer] = OrderedDict()
_lock = Lock()


def get_ranking(session: Session, nis_code: str, content: ProfileContent, *, state: str) -> dict[str, Any]:
    """
    All shop units scored for a profile, as columns in the order of `ids`; those of the state are ranked.

    Raises
    ------
    NotAnswerable
        When the indicators of this municipality are not computed yet.
    Malformed
        When the profile makes no sense.
    """
    answer = _answer(session, nis_code, content, state)
    units, scores = answer.ranked.units, answer.ranked.scores
    columns = {
        "score": scores.units["score"],
        "rank": units["rank"],
        "rank_lower": units["rank_low"],
        "rank_upper": units["rank_high"],
        "first_share": units["first_share"],
        "top_share": units["top_share"],
        "tie_group": units["tie_group"],
        "topsis_rank": units["topsis_rank"],
    }
    both = units[["rank", "topsis_rank"]].dropna()
    return {
        "ids": [int(key) for key in answer.values.index],
        **{name: _column(series) for name, series in columns.items()},
        "scaled": {code: _column(series) for code, series in scores.scaled.items()},
        "criteria": _criteria(session, answer),
        "wishes": _wishes(session, answer.profile),
        "failed": _places(answer, FAILED),
        "unknown": _places(answer, UNKNOWN),
        "is_out": [bool(value) for value in units["is_out"]],
        "candidates": len(answer.candidates),
        "ranked": len(both),
        "out": int(units.loc[answer.candidates, "is_out"].sum()),
        # How far the second method agrees with the order of the first, from -1 to 1.
        "topsis_agreement": known(both["rank"].corr(both["topsis_rank"], method="kendall"))
        if len(both) > 1
        else None,
    }


def get_explanation(
    session: Session, unit_id: int, nis_code: str, content: ProfileContent, *, language: Language
) -> dict[str, Any]:
    """
    Why one shop unit has its score for a profile: components, hard wishes, and the rank without each criterion.

    Raises
    ------
    NotFound
        When the unit is not among those of the last refresh.
    NotAnswerable, Malformed
        As in `get_ranking`.
    """
    answer = _answer(session, nis_code, content, "vacant")
    if unit_id not in answer.values.index:
        raise NotFound(f"Shop unit {unit_id} is not in the last refresh.", "Run: ./kernkaart refresh")
    ranked, labels = answer.ranked, queries.labels(session, "criterion")
    own, scores = ranked.units.loc[unit_id], ranked.scores
    scaled = scores.scaled.loc[unit_id]
    run = queries.run_parameters(session, nis_code)
    assert run is not None
    without = _without(answer, unit_id)
    return {
        "score": known(ranked.scores.units.loc[unit_id, "score"]),
        "of": int(ranked.units["rank"].notna().sum()),
        **{
            name: known(own[column])
            for name, column in {
                "rank": "rank", "rank_lower": "rank_low", "rank_upper": "rank_high", "first_share": "first_share",
                "top_share": "top_share", "topsis_rank": "topsis_rank",
            }.items()
        },
        "is_out": bool(own["is_out"]),
        "missing": [code for code in scaled.index if scores.weights[code] > 0 and np.isnan(scaled[code])],
        "components": [
            _component(
                answer,
                unit_id,
                criterion.code,
                label=labels[criterion.code][f"label_{language}"],
                origin=run["parameters"]["indicators"].get(criterion.code, {}),
            )
            | {"rank_without": without.get(criterion.code)}
            for criterion in answer.profile.criteria
        ],
        "wishes": [
            {
                **wish,
                "value": known(answer.values.loc[unit_id, wish["code"]]),
                "verdict": str(ranked.wishes.loc[unit_id, place]),
            }
            for place, wish in enumerate(_wishes(session, answer.profile))
        ],
        "run": {"finished_at": run["finished_at"], "data_version": run["data_version"]},
    }  # fmt: skip


def _answer(session: Session, nis_code: str, content: ProfileContent, state: str) -> Answer:
    run = queries.run_parameters(session, nis_code)
    if run is None or "indicators" not in run["parameters"]:
        raise NotAnswerable(
            "The indicators of this municipality are not computed yet.", "Run: ./kernkaart refresh"
        )
    profile = as_profile(content)
    rows = profile_queries.unit_rows(session, nis_code)
    states = tuple((row["id"], row["state"]) for row in rows)
    key = (nis_code, run["id"], state, states, content.model_dump_json())
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            return _answers[key]
    found = _compute(rows, profile, state)
    with _lock:
        _answers[key] = found
        while len(_answers) > KEPT:
            _answers.popitem(last=False)
    return found


def compute_scores(session: Session, nis_code: str, content: ProfileContent) -> pd.Series:
    """Scores of all shop units of the last refresh for a profile, without ranks; empty before the first refresh."""
    profile = as_profile(content)
    rows = profile_queries.unit_rows(session, nis_code)
    if not rows:
        return pd.Series(dtype=float)
    values, _ = _values(rows, profile)
    criteria = list(profile.criteria)
    return score_units(values, criteria, ends=references(values, criteria)).units["score"]


def _values(rows: Any, profile: Profile) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Shop units x what the profile weighs, and both ends of the interval of footfall."""
    index = pd.Index([row["id"] for row in rows], dtype="int64")
    told = [row["indicators"] for row in rows]
    # A value with an interval is a list of three.
    plain = [
        {code: value[0] if isinstance(value, list) else value for code, value in row.items()} for row in told
    ]
    indicators = pd.DataFrame(plain, index=index).reindex(columns=list(BY_CODE)).astype(float)
    ends = [
        row["footfall"][1:] if isinstance(row.get("footfall"), list) else [np.nan, np.nan] for row in told
    ]
    footfall = pd.DataFrame(np.array(ends, dtype=float).reshape(-1, 2), index=index, columns=["low", "high"])
    near, far = (_around([row[name] for row in rows], index) for name in ("near", "far"))
    return profile_values(indicators, near, far, profile), footfall


def _compute(rows: Any, profile: Profile, state: str) -> Answer:
    values, footfall = _values(rows, profile)
    candidates = values.index[[row["state"] == state for row in rows]]
    ranked = rank_profile(
        values,
        profile,
        candidates=candidates,
        lower=footfall[["low"]].set_axis(["footfall"], axis=1),
        upper=footfall[["high"]].set_axis(["footfall"], axis=1),
        draws=DRAWS,
    )
    return Answer(profile, values, footfall, candidates, ranked)


def _around(told: list[dict[str, int] | None], index: pd.Index) -> pd.DataFrame:
    """Shop units x branch codes; NaN for a unit of which neighbours cannot be counted."""
    counted = pd.DataFrame([row or {} for row in told], index=index).fillna(0.0)
    counted.loc[[row is None for row in told]] = np.nan
    return counted


def _column(series: pd.Series) -> list[float | None]:
    return [None if np.isnan(value) else round(value, 4) for value in series.astype(float).tolist()]


def _places(answer: Answer, verdict: str) -> dict[str, list[int]]:
    """Per unit on offer the positions of the hard wishes of which this is the answer, where there are any."""
    found = {}
    for key, row in answer.ranked.wishes.loc[answer.candidates].iterrows():
        if places := [place for place, told in enumerate(row) if told == verdict]:
            found[str(key)] = places
    return found


def _criteria(session: Session, answer: Answer) -> list[dict[str, Any]]:
    labels, ends = queries.labels(session, "criterion"), answer.ranked.scores.references
    return [
        {
            "code": criterion.code,
            **{name: labels[criterion.code][name] for name in ("label_nl", "label_fr", "label_en")},
            "unit": BY_CODE[criterion.code].unit,
            "direction": criterion.direction,
            "scale": criterion.scale,
            "weight": criterion.weight,
            "reference_low": known(ends.loc[criterion.code, "low"]),
            "reference_high": known(ends.loc[criterion.code, "high"]),
        }
        for criterion in answer.profile.criteria
    ]


def _wishes(session: Session, profile: Profile) -> list[dict[str, Any]]:
    labels = queries.labels(session, "criterion")
    return [
        {
            **{name: labels[wish.code][name] for name in ("label_nl", "label_fr", "label_en")},
            **vars(wish),
            "unit": BY_CODE[wish.code].unit,
        }
        for wish in profile.wishes
    ]


def _without(answer: Answer, unit_id: int) -> dict[str, int]:
    """The rank of a candidate when one criterion does not count, per criterion."""
    chosen = answer.ranked.units["rank"].dropna().index
    if unit_id not in chosen:
        return {}
    criteria = list(answer.profile.criteria)
    ranks = drop_one_ranks(answer.values.loc[chosen], criteria, ends=answer.ranked.scores.references)
    found = {str(code): known(rank) for code, rank in ranks.loc[unit_id].items()}
    return {code: round(rank) for code, rank in found.items() if rank is not None}


def _component(
    answer: Answer, unit_id: int, code: str, *, label: str, origin: dict[str, Any]
) -> dict[str, Any]:
    scores = answer.ranked.scores
    share = scores.units.loc[unit_id, "known_weight_share"]
    scaled, points = scores.scaled.loc[unit_id, code], known(scores.points.loc[unit_id, code])
    ends = answer.footfall_ends.loc[unit_id]
    return {
        "code": code,
        "label": label,
        "value": known(answer.values.loc[unit_id, code]),
        "unit": BY_CODE[code].unit,
        "lower": known(ends["low"]) if code == "footfall" else None,
        "upper": known(ends["high"]) if code == "footfall" else None,
        "scaled": known(scaled),
        "weight": 0.0 if points is None else float(scores.weights[code] / share),
        "contribution": points or 0.0,
        "source": origin.get("source"),
        "observed_on": origin.get("observed_on"),
        "note": None,
    }
