"""Footfall of a refresh: flags, means per sensor, estimates at every shop unit."""

from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.refresh import queries
from api.refresh.findings import judge_counts
from api.refresh.ground import Ground
from api.settings import get_settings
from gis.counts import VALID_FLAGS, quality_flags
from gis.footfall import footfall_per_day, passage_class
from gis.footfall_estimate import (
    estimate_footfall,
    footfall_features,
    left_out_accuracy,
    left_out_footfall,
)
from gis.reach import nearest

FEATURE_REACH_M = 900.0
REPEATED_HOUR = 11


@dataclass
class Footfall:
    """What a refresh knows of footfall."""

    sensors: gpd.GeoDataFrame
    means: pd.DataFrame
    flagged: pd.Series
    estimates: pd.DataFrame
    passage: pd.Series
    accuracy: dict[str, Any] = field(default_factory=dict)
    # Writes of the refresh itself, each of which raises the data version.
    own_writes: int = 0


def compute_footfall(session: Session, nis_code: str, ground: Ground) -> Footfall:
    """Flag the counts, average them, and estimate between the sensors."""
    sensors = queries.sensors(session, nis_code)
    counts = queries.counts(session, nis_code)
    counts = counts[counts["sensor_id"].isin(sensors.index)].reset_index(drop=True)
    timezone = get_settings().timezone
    own_writes = 0
    if len(counts):
        flags = quality_flags(counts, timezone=timezone)
        flags = judge_counts(session, nis_code, counts, flags, timezone=timezone)
        own_writes = _store_flags(session, counts, flags)
        counts = counts.assign(quality_flag=flags)
        means = footfall_per_day(counts, timezone=timezone).reindex(sensors.index)
        is_flagged = ~flags.isin(VALID_FLAGS)
        flagged = is_flagged.groupby(counts["sensor_id"]).mean().reindex(sensors.index)
    else:
        columns = ["footfall_per_day", "n_days", "n_days_counted", "from_on", "to_on", "reason"]
        means = pd.DataFrame(index=sensors.index, columns=columns)
        means["footfall_per_day"] = means["footfall_per_day"].astype(float)
        flagged = pd.Series(np.nan, index=sensors.index)
    sensors = sensors.assign(footfall_per_day=means["footfall_per_day"].astype(float))
    return replace(_estimate(sensors, means, flagged, ground), own_writes=own_writes)


def _store_flags(session: Session, counts: pd.DataFrame, flags: pd.Series) -> int:
    """Write the flags that changed, and say in how many writes; the readings themselves are never touched."""
    # That the clock showed an hour twice is known from the file alone.
    is_repeated = (counts["stored_flag"] == REPEATED_HOUR) & (flags == 0)
    is_changed = (flags.astype(int) != counts["stored_flag"]) & ~is_repeated
    changed = counts.assign(flag=flags.astype(int))[is_changed]
    if changed.empty:
        return 0
    session.execute(
        text(
            "UPDATE footfall_count c SET quality_flag = n.flag FROM unnest(CAST(:sensors AS bigint[]), "
            "CAST(:starts AS timestamptz[]), CAST(:modes AS text[]), CAST(:flags AS smallint[])) "
            "AS n(sensor_id, start_at, mode, flag) "
            "WHERE c.sensor_id = n.sensor_id AND c.start_at = n.start_at AND c.mode = n.mode"
        ),
        {
            "sensors": changed["sensor_id"].tolist(),
            "starts": [moment.to_pydatetime() for moment in changed["start_at"]],
            "modes": changed["mode"].tolist(),
            "flags": changed["flag"].tolist(),
        },
    )
    return 1


def _estimate(sensors: gpd.GeoDataFrame, means: pd.DataFrame, flagged: pd.Series, ground: Ground) -> Footfall:
    units = ground.units
    at_sensors = ground.snap(sensors)
    to_sensors = ground.distances(ground.at_units, at_sensors, limit_m=1500.0)
    unit_features = sensor_features = None
    trading = units["state"].eq("occupied").to_numpy()
    if trading.any() and len(sensors):
        unit_features = _features(ground, ground.at_units, units.index, trading)
        sensor_features = _features(ground, at_sensors, sensors.index, trading)
    estimates = estimate_footfall(
        units, sensors, distances=to_sensors, unit_features=unit_features, sensor_features=sensor_features
    )
    core = units["core_id"].astype("object").where(units["core_id"].notna(), None)
    accuracy: dict[str, Any] = {}
    if sensors["footfall_per_day"].notna().sum() >= 3:
        accuracy = left_out_accuracy(
            left_out_footfall(sensors, features=sensor_features, unit_features=unit_features)
        )
    passage = passage_class(estimates["footfall_per_day"], core, busiest=_busiest(sensors, core, to_sensors))
    return Footfall(sensors, means, flagged, estimates, passage, accuracy)


def _busiest(sensors: gpd.GeoDataFrame, core: pd.Series, to_sensors: csr_array) -> pd.Series:
    """Passages per day at the busiest counting point of each core; a sensor is of the core of the unit next to it."""
    position, _ = nearest(csr_array(to_sensors.T))
    core_of = [core.iloc[row] if row >= 0 else None for row in position]
    cores = pd.Series(core_of, index=sensors.index, dtype=object)
    busiest: pd.Series = sensors["footfall_per_day"].groupby(cores).max()
    return busiest


def _features(ground: Ground, places: Any, index: pd.Index, trading: Any) -> pd.DataFrame:
    units = ground.units
    shops = ground.at_units[np.flatnonzero(trading)]
    anchors = ground.at_units[np.flatnonzero(trading & units["is_anchor"].to_numpy())]
    optional: dict[str, Any] = {}
    if len(anchors):
        optional["to_anchors"] = ground.distances(places, anchors, limit_m=FEATURE_REACH_M)
    if len(ground.parking):
        optional["to_parking"] = ground.distances(places, ground.at_parking, limit_m=FEATURE_REACH_M)
        optional["spaces"] = ground.parking["spaces"]
    return footfall_features(
        index,
        to_shops=ground.distances(places, shops, limit_m=FEATURE_REACH_M),
        floor_area_m2=units["floor_area_m2"][trading],
        **optional,
    )
