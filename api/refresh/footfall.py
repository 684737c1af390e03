"""Footfall of a refresh: flags, means per sensor, estimates at every shop unit and street."""

from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from sqlalchemy.orm import Session

from api.footfall.manual import manual_counts
from api.refresh import queries
from api.refresh.calibration import calibration
from api.refresh.draws import Draws
from api.refresh.ground import Ground
from api.refresh.judging import judge_everything
from api.refresh.street_footfall import Counted, estimate_streets
from api.settings import get_settings
from gis.counts import VALID_FLAGS
from gis.footfall import footfall_per_day, passage_class
from gis.footfall_estimate import (
    estimate_footfall,
    left_out_accuracy,
    left_out_footfall,
)
from gis.reach import nearest

SEARCH_M = 1500.0


@dataclass
class Footfall:
    """What a refresh knows of footfall."""

    sensors: gpd.GeoDataFrame
    # Sensors and counts by hand together: what the estimates rest on.
    counted: gpd.GeoDataFrame
    means: pd.DataFrame
    flagged: pd.Series
    estimates: pd.DataFrame
    passage: pd.Series
    accuracy: dict[str, Any] = field(default_factory=dict)
    streets: pd.DataFrame | None = None
    # Writes of the refresh itself, each of which raises the data version.
    own_writes: int = 0

    def calibrated(self) -> dict[str, int]:
        """How many places are counted, by sensors and by hand."""
        kinds = self.counted["kind"][self.counted["footfall_per_day"].notna()].value_counts()
        return {name: int(kinds.get(name, 0)) for name in ("sensor", "manual")}


def compute_footfall(session: Session, nis_code: str, ground: Ground) -> Footfall:
    """Flag the counts, average them, and estimate between the sensors."""
    sensors = queries.sensors(session, nis_code)
    timezone = get_settings().timezone
    counts, own_writes = judge_everything(session, nis_code, timezone=timezone)
    if len(counts):
        means = footfall_per_day(counts, timezone=timezone).reindex(sensors.index)
        flagged = _flagged_share(counts).reindex(sensors.index)
    else:
        columns = ["footfall_per_day", "n_days", "n_days_counted", "from_on", "to_on", "reason"]
        means = pd.DataFrame(index=sensors.index, columns=columns)
        means["footfall_per_day"] = means["footfall_per_day"].astype(float)
        flagged = pd.Series(np.nan, index=sensors.index)
    sensors = sensors.assign(footfall_per_day=means["footfall_per_day"].astype(float))
    counted = calibration(sensors, manual_counts(session, nis_code), counts, timezone=timezone)
    return replace(_estimate(sensors, counted, means, flagged, ground), own_writes=own_writes)


def _flagged_share(counts: pd.DataFrame) -> pd.Series:
    """Share of the readings of each sensor that lie in hours that are left out."""
    readings = counts["n"].astype(float)
    sensor = counts["sensor_id"]
    left_out = readings.where(~counts["quality_flag"].isin(VALID_FLAGS), 0.0)
    share: pd.Series = left_out.groupby(sensor).sum() / readings.groupby(sensor).sum()
    return share


def _estimate(
    sensors: gpd.GeoDataFrame,
    counted: gpd.GeoDataFrame,
    means: pd.DataFrame,
    flagged: pd.Series,
    ground: Ground,
) -> Footfall:
    units, draws = ground.units, Draws(ground)
    at_counted = ground.snap(counted)
    to_counted = ground.distances(ground.at_units, at_counted, limit_m=SEARCH_M)
    of_units = of_counted = None
    if len(counted):
        of_units = draws.of(ground.at_units, _xy(units), units.index)
        of_counted = draws.of(at_counted, _xy(counted), counted.index)
    estimates = estimate_footfall(
        units, counted, distances=to_counted, unit_features=of_units, sensor_features=of_counted
    )
    core = units["core_id"].astype("object").where(units["core_id"].notna(), None)
    accuracy: dict[str, Any] = {}
    if counted["footfall_per_day"].notna().sum() >= 3:
        accuracy = left_out_accuracy(left_out_footfall(counted, features=of_counted, unit_features=of_units))
    busiest = _busiest(counted, core, to_counted)
    passage = passage_class(estimates["footfall_per_day"], core, busiest=busiest)
    highest = estimates["footfall_per_day"].groupby(core).max()
    found = Footfall(sensors, counted, means, flagged, estimates, passage, accuracy)
    if len(counted):
        found.streets = estimate_streets(
            ground,
            Counted(counted, at_counted, of_counted, of_units),
            draws,
            busiest=busiest.where(busiest > 0, highest).combine_first(highest),
        )
    return found


def _xy(frame: gpd.GeoDataFrame) -> Any:
    return shapely.get_coordinates(frame.geometry.to_numpy())


def _busiest(counted: gpd.GeoDataFrame, core: pd.Series, to_counted: csr_array) -> pd.Series:
    """Passages per day at the busiest counting point of each core; a count is of the core of the unit next to it."""
    position, _ = nearest(csr_array(to_counted.T))
    core_of = [core.iloc[row] if row >= 0 else None for row in position]
    cores = pd.Series(core_of, index=counted.index, dtype=object)
    busiest: pd.Series = counted["footfall_per_day"].groupby(cores).max()
    return busiest
