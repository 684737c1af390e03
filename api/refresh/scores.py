"""Indicators and scores of a refresh."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from api.refresh.footfall import Footfall
from api.refresh.ground import Ground
from api.score.criteria import CRITERIA
from gis.parking import parking_around
from gis.rank import rank_ranges
from gis.reach import anchors_around, shops_around
from gis.score import Scores, references, score_units
from gis.vacancy import vacancy_around

DRAWS = 2000


@dataclass
class Scored:
    """Values of all criteria with intervals, scores of all units, and ranks of the vacant ones."""

    values: pd.DataFrame
    lower: pd.DataFrame
    upper: pd.DataFrame
    notes: dict[str, dict[str, Any]]
    scores: Scores
    ranks: pd.DataFrame


def compute_scores(ground: Ground, footfall: Footfall) -> Scored:
    """Score every unit against fixed references; rank the vacant ones, which are what is on offer."""
    units, between = ground.units, ground.between_units
    estimate = footfall.estimates
    values = pd.DataFrame(index=units.index)
    values["footfall"] = estimate["footfall_per_day"]
    values["catchment_population"] = ground.people_within()
    # Without a single anchor known the answer is not zero but unknown.
    values["anchors"] = anchors_around(units, between) if units["is_anchor"].any() else np.nan
    values["parking"] = _parking(ground)
    values["shops_around"] = shops_around(units, between)
    values["vacancy_around"] = vacancy_around(units, between)["vacancy_around_share"]
    # A unit that stands off the streets has neighbours that cannot be counted.
    values.loc[ground.at_units.segment < 0] = np.nan
    lower = estimate[["footfall_lower_per_day"]].set_axis(["footfall"], axis=1)
    upper = estimate[["footfall_upper_per_day"]].set_axis(["footfall"], axis=1)
    criteria = [item.criterion for item in CRITERIA]
    ends = references(values, criteria)
    scores = score_units(values, criteria, ends=ends)
    vacant = units.index[units["state"] == "vacant"]
    ranks = rank_ranges(
        values.loc[vacant], criteria, lower=lower.loc[vacant], upper=upper.loc[vacant], ends=ends, draws=DRAWS
    )
    return Scored(values, lower, upper, _notes(footfall), scores, ranks)


def _parking(ground: Ground) -> pd.Series:
    if ground.parking.empty:
        return pd.Series(np.nan, index=ground.units.index)
    near = ground.distances(ground.at_units, ground.at_parking, limit_m=400.0)
    return parking_around(ground.units, near, ground.parking["spaces"])["parking_reach"]


def _notes(footfall: Footfall) -> dict[str, dict[str, Any]]:
    measured = int(footfall.sensors["footfall_per_day"].notna().sum())
    return {"footfall": {"code": "estimated_from_sensors", "n": measured}}
