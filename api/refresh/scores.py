"""Indicators, scores and clusters of a refresh."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from api.refresh import queries
from api.refresh.footfall import Footfall
from api.refresh.ground import Ground
from api.score.criteria import CRITERIA
from gis.parking import parking_around
from gis.rank import rank_ranges
from gis.reach import anchors_around, shops_around
from gis.scan import Scan, vacancy_clusters
from gis.score import Scores, references, score_units
from gis.vacancy import cluster_shapes, vacancy_around

SIZE_BANDS_M2 = (0.0, 60.0, 120.0, 300.0, 1000.0, np.inf)
DRAWS = 2000
FAR_AWAY_M = 5000.0


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


def compute_clusters(ground: Ground) -> tuple[Scan, gpd.GeoDataFrame]:
    """Vacancy clusters that chance does not explain, with their shapes."""
    on_streets = ground.at_units.segment >= 0
    units = ground.units[on_streets]
    rows = np.flatnonzero(on_streets)
    between = ground.between_units[rows][:, rows]
    scan = vacancy_clusters(units, between, covariates=_covariates(ground).loc[units.index])
    return scan, cluster_shapes(units, scan.clusters)


def _covariates(ground: Ground) -> pd.DataFrame:
    """What a location explains of vacancy: its street class, its size, and how far from the middle it is."""
    units = ground.units
    street_class = street_classes(ground)
    common = street_class.value_counts()
    street_class = street_class.where(street_class.map(common) >= 20, "other")
    band = pd.cut(units["floor_area_m2"], SIZE_BANDS_M2, labels=False).fillna(-1).astype(int).astype(str)
    return pd.DataFrame(
        {"street_class": street_class, "size_band": band, "middle_km": _distance_to_middle(ground) / 1000.0},
        index=units.index,
    )


def street_classes(ground: Ground) -> pd.Series:
    """Class of the street each unit stands in."""
    segment = ground.at_units.segment
    ids = np.where(segment >= 0, ground.network.graph.segment_id[segment], -1)
    classes = queries.segment_classes(ground.session, [int(i) for i in np.unique(ids) if i >= 0])
    found: pd.Series = pd.Series(ids, index=ground.units.index).map(classes).fillna("unknown")
    return found


def _distance_to_middle(ground: Ground) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Walking distance to the unit that has most shops around it; as far as was looked where it is further."""
    around = shops_around(ground.units, ground.between_units, reach_m=300.0).to_numpy(float)
    middle = int(np.nanargmax(around)) if len(around) else 0
    one = ground.at_units[np.array([middle])]
    table = ground.distances(one, ground.at_units, limit_m=FAR_AWAY_M)
    metres = np.full(len(around), FAR_AWAY_M)
    metres[table.indices] = table.data
    return metres
