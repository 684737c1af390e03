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
from api.numbers import known, whole
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
    REACH_M,
    estimate_footfall,
    left_out_accuracy,
    left_out_footfall,
)
from gis.footfall_trust import class_reason, number_checks
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
    # Why only the kind of street is told at a unit, and what was checked of each core.
    class_reason: pd.Series
    checks: pd.DataFrame
    accuracy: dict[str, Any] = field(default_factory=dict)
    streets: pd.DataFrame | None = None
    # Writes of the refresh itself, each of which raises the data version.
    own_writes: int = 0

    def calibrated(self) -> dict[str, int]:
        """How many places are counted, by sensors and by hand."""
        kinds = self.counted["kind"][self.counted["footfall_per_day"].notna()].value_counts()
        return {name: int(kinds.get(name, 0)) for name in ("sensor", "manual")}

    def told_checks(self) -> list[dict[str, Any]]:
        """Per core whether its counts bear numbers; the row without a core is that of all other streets."""
        rows = self.checks.to_dict("records")
        return [
            {"core_id": None if key is None else whole(key)}
            | {str(name): known(value) for name, value in row.items()}
            for key, row in zip(self.checks.index, rows, strict=True)
        ]


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
    left_out = left_out_footfall(counted, features=of_counted, unit_features=of_units)
    accuracy: dict[str, Any] = left_out_accuracy(left_out) if len(left_out) >= 3 else {}
    checks = number_checks(left_out, _rests_on(core, to_counted, counted.index))
    busiest = _busiest(counted, core, to_counted)
    passage = passage_class(estimates["footfall_per_day"], core, busiest=busiest)
    highest = estimates["footfall_per_day"].groupby(core).max()
    told = class_reason(estimates, core, checks)
    found = Footfall(sensors, counted, means, flagged, estimates, passage, told, checks, accuracy)
    if len(counted):
        found.streets = estimate_streets(
            ground,
            Counted(counted, at_counted, of_counted, of_units),
            draws,
            busiest=busiest.where(busiest > 0, highest).combine_first(highest),
            checks=checks,
        )
    return found


def _rests_on(core: pd.Series, to_counted: csr_array, counted: pd.Index) -> pd.DataFrame:
    """Cores x counted places: whether any unit of the core has the place within reach. Outside cores all count."""
    pairs = to_counted.tocoo()
    is_near = pairs.data <= REACH_M
    cores = pd.Index([*core.dropna().unique(), None], dtype=object)
    near = np.zeros((len(cores), len(counted)), dtype=bool)
    near[
        cores.get_indexer(pd.Index(core.to_numpy()[pairs.row[is_near]], dtype=object)), pairs.col[is_near]
    ] = True
    near[-1] = True
    return pd.DataFrame(near, index=cores, columns=counted)


def _xy(frame: gpd.GeoDataFrame) -> Any:
    return shapely.get_coordinates(frame.geometry.to_numpy())


def _busiest(counted: gpd.GeoDataFrame, core: pd.Series, to_counted: csr_array) -> pd.Series:
    """Passages per day at the busiest counting point of each core; a count is of the core of the unit next to it."""
    position, _ = nearest(csr_array(to_counted.T))
    core_of = [core.iloc[row] if row >= 0 else None for row in position]
    cores = pd.Series(core_of, index=counted.index, dtype=object)
    busiest: pd.Series = counted["footfall_per_day"].groupby(cores).max()
    return busiest
