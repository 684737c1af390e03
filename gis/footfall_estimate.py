"""Footfall between the counted places: what is measured at a few points, estimated at every shop unit and street.

Counted is where a sensor stands, or where people counted by hand. The network decides what a count may speak for, the
process of `gis.footfall_surface` what it says.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.footfall_surface import (
    AT_THE_DOOR_M,
    LEAST_ERROR,
    LEAST_ERROR_AT_THE_DOOR,
    Features,
    Surface,
    fit,
    gain_of_a_count,
    own_errors,
    parts,
    predict,
    pull,
    scaled,
)
from gis.frames import require
from gis.manual_counts import SIGMA_MORE_VISITS
from gis.reach import Distances, among, fit_to, nearest, reached_sum

REACH_M = 1000.0
CLASS_ONLY_ABOVE = 1.8
Z_80 = 1.2815515655446004
Floats = NDArray[np.float64]


def estimate_footfall(
    units: gpd.GeoDataFrame,
    sensors: gpd.GeoDataFrame,
    *,
    distances: Distances,
    unit_features: pd.DataFrame | None = None,
    sensor_features: pd.DataFrame | None = None,
    spread_of: pd.DataFrame | None = None,
    reach_m: float = REACH_M,
) -> pd.DataFrame:
    """Estimate the passages per day at every shop unit, or every street, from the counts around it.

    Parameters
    ----------
    units
        Shop units, or the middles of streets (points).
    sensors
        Counted places (points) with ``footfall_per_day``, NaN where it is not measurable, and, where a count is less
        sure than that of a sensor, ``sigma_log``: the standard error of its log.
    distances
        Units x sensors on the walking network, metres, in the order of both.
    unit_features, sensor_features
        What draws people to a place, on the index of each, as `footfall_features` and
        `gis.flow_features.flow_features` give; none of both, or both.
    spread_of
        The features of the places whose spread is the measure of each. None takes the units.
    reach_m
        A unit further from every count, along the streets, gets no estimate.

    Returns
    -------
    pandas.DataFrame
        On the index of ``units``: ``footfall_per_day`` with its 80 % interval ``footfall_lower_per_day`` and
        ``footfall_upper_per_day``; ``is_class_only`` (the interval is too wide for a number to be shown);
        ``n_sensors`` (within reach), ``nearest_sensor_id``, ``nearest_sensor_m``; ``reason``: missing,
        ``no_sensor`` (none with a measurable footfall) or ``no_sensor_within_reach``.

    Raises
    ------
    FrameError
        When a frame lacks a column, is not in metres, or does not fit the distances.
    """
    require(units, geometry="Point", what="shop units")
    require(sensors, "footfall_per_day", geometry="Point", what="sensors")
    fit_to(distances, units, sensors)
    measured = np.flatnonzero(sensors["footfall_per_day"].notna())
    near_m = among(distances, np.arange(len(units)), measured)
    position, nearest_m = nearest(near_m)
    n_sensors = reached_sum(near_m, np.ones(len(measured)), index=units.index, limit_m=reach_m).astype(int)
    is_near = nearest_m <= reach_m
    middle, error = np.full(len(units), np.nan), np.full(len(units), np.nan)
    if is_near.any():
        counted = sensors.iloc[measured]
        of_units, of_counts = _features(unit_features, sensor_features, spread_of, units.index, counted.index)
        # Whoever stands at the door of a count knows no more than the count.
        at_the_door = np.maximum(own_errors(counted)[position], LEAST_ERROR_AT_THE_DOOR)
        least = np.where(nearest_m <= AT_THE_DOOR_M, np.minimum(at_the_door, LEAST_ERROR), LEAST_ERROR)
        middle[is_near], error[is_near] = predict(
            fit(counted, of_counts), units[is_near], of_units[is_near], least[is_near]
        )
    reason = pd.Series(None, index=units.index, dtype=object)
    reason = reason.where(is_near, "no_sensor_within_reach" if len(measured) else "no_sensor")
    ids = np.array([*sensors.index[measured], None], dtype=object)
    frame = _interval(middle, error, units.index)
    frame["n_sensors"] = n_sensors
    frame["nearest_sensor_id"] = pd.Series(ids[position], index=units.index, dtype=object)
    frame["nearest_sensor_m"] = np.where(np.isfinite(nearest_m), nearest_m, np.nan)
    return frame.assign(reason=reason)


@dataclass(frozen=True, eq=False)
class Explained:
    """Why estimates are what they are.

    Attributes
    ----------
    pull
        By what share an estimate follows each count, shape (places, counts): the log of the estimate moves by so much
        when that of the count moves by one. Rows add up to one.
    level_log
        ln(1 + passages) of an average place of this town.
    drivers_log
        What each feature adds to it, a frame of places x features.
    around_log
        What the counts near by add beyond that, shape (places,).
    gain_share
        The share of what is not known about the footfall at the given shops that a count by hand, twice, would take
        away at each place.
    """

    pull: pd.DataFrame
    level_log: float
    drivers_log: pd.DataFrame
    around_log: pd.Series
    gain_share: pd.Series


def explain_footfall(
    units: gpd.GeoDataFrame,
    sensors: gpd.GeoDataFrame,
    *,
    unit_features: pd.DataFrame | None = None,
    sensor_features: pd.DataFrame | None = None,
    spread_of: pd.DataFrame | None = None,
    shops: gpd.GeoDataFrame | None = None,
) -> Explained | None:
    """Take estimates apart: which counts they follow, and what pushes each up or down.

    Parameters
    ----------
    units, sensors, unit_features, sensor_features, spread_of
        As `estimate_footfall`.
    shops
        Shop units (points, on the index of ``spread_of``) whose footfall matters; none takes the units.

    Returns
    -------
    Explained or None
        ``level_log`` + the row of ``drivers_log`` + ``around_log`` is ln(1 + ``footfall_per_day``) of
        `estimate_footfall`. None where nothing is counted.
    """
    require(units, geometry="Point", what="shop units")
    require(sensors, "footfall_per_day", geometry="Point", what="sensors")
    counted = sensors[sensors["footfall_per_day"].notna()]
    if counted.empty:
        return None
    of_units, of_counts = _features(unit_features, sensor_features, spread_of, units.index, counted.index)
    surface = fit(counted, of_counts)
    level, drivers, around = parts(surface, units, of_units)
    names = [] if unit_features is None else list(unit_features.columns)
    of_shops, where = of_units, units
    if shops is not None:
        where = shops
        of_shops, _ = _features(spread_of, sensor_features, spread_of, shops.index, counted.index)
    gain = gain_of_a_count(surface, units, of_units, where, of_shops, sigma_log=SIGMA_MORE_VISITS)
    return Explained(
        pull=pd.DataFrame(pull(surface, units, of_units), index=units.index, columns=counted.index),
        level_log=level,
        drivers_log=pd.DataFrame(drivers, index=units.index, columns=names),
        around_log=pd.Series(around, index=units.index),
        gain_share=pd.Series(gain, index=units.index),
    )


def left_out_footfall(
    sensors: gpd.GeoDataFrame,
    *,
    features: pd.DataFrame | None = None,
    unit_features: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Estimate every counted place from the others, to see how good the estimates are.

    Parameters
    ----------
    sensors
        Counted places (points) as for `estimate_footfall`; those that are not measurable are left aside.
    features
        As ``sensor_features`` of `estimate_footfall`.
    unit_features
        As there: the spread of the units is the measure of a feature. None takes that of the sensors.

    Returns
    -------
    pandas.DataFrame
        Per sensor: ``observed_per_day``, ``footfall_per_day``, its interval, and ``is_class_only``.
    """
    require(sensors, "footfall_per_day", geometry="Point", what="sensors")
    measured = sensors[sensors["footfall_per_day"].notna()]
    spread_of = features if unit_features is None else unit_features
    _, told = _features(features, features, spread_of, measured.index, measured.index)
    middle, error = np.full(len(measured), np.nan), np.full(len(measured), np.nan)
    rows = np.arange(len(measured))
    for row in rows if len(measured) > 1 else []:
        rest, one = rows != row, [row]
        surface: Surface = fit(measured[rest], told[rest])
        middle[one], error[one] = predict(surface, measured.iloc[one], told[one], np.array([LEAST_ERROR]))
    frame = _interval(middle, error, measured.index)
    frame.insert(0, "observed_per_day", measured["footfall_per_day"])
    return frame


def left_out_accuracy(left_out: pd.DataFrame) -> dict[str, float]:
    """Sum up how far the left-out estimates were off.

    Parameters
    ----------
    left_out
        As `left_out_footfall` gives.

    Returns
    -------
    dict
        ``n_sensors``; ``rmse_log`` and ``r2_log`` (of the log footfall); ``spearman`` (is the order of the
        places right); ``median_error_share``; ``within_half_share`` (of the places, off by less than x 1.5);
        ``coverage_share`` (of the places inside their 80 % interval). NaN with fewer than three sensors.
    """
    known = left_out.dropna(subset=["footfall_per_day"])
    names = ["rmse_log", "r2_log", "spearman", "median_error_share", "within_half_share", "coverage_share"]
    if len(known) < 3:
        return {"n_sensors": float(len(known)), **dict.fromkeys(names, float("nan"))}
    observed, estimated = known["observed_per_day"], known["footfall_per_day"]
    true_log, log_error = np.log1p(observed), np.log1p(estimated) - np.log1p(observed)
    spread = float(((true_log - true_log.mean()) ** 2).sum())
    inside = observed.between(known["footfall_lower_per_day"], known["footfall_upper_per_day"])
    figures = [
        float(np.sqrt((log_error**2).mean())),
        1 - float((log_error**2).sum()) / spread if spread > 0 else float("nan"),
        float(observed.rank().corr(estimated.rank())),
        float((estimated / observed.clip(lower=1.0) - 1).abs().median()),
        float((log_error.abs() < np.log(1.5)).mean()),
        float(inside.mean()),
    ]
    return {"n_sensors": float(len(known)), **dict(zip(names, figures, strict=True))}


def footfall_features(
    index: pd.Index,
    *,
    to_shops: Distances,
    floor_area_m2: pd.Series,
    to_anchors: Distances | None = None,
    to_parking: Distances | None = None,
    spaces: pd.Series | None = None,
    to_people: Distances | None = None,
    persons: pd.Series | None = None,
    to_stops: Distances | None = None,
    power: pd.Series | None = None,
) -> pd.DataFrame:
    """Describe places by what draws people to them: shops, anchors, parking, inhabitants and stops within walking
    distance.

    Parameters
    ----------
    index
        Ids of the places (shop units, or sensors).
    to_shops, floor_area_m2
        Places x occupied shops in metres, and the floor area of those; unknown floor areas take the median.
    to_anchors
        Places x trading anchor shops, metres.
    to_parking, spaces
        Places x parking zones, metres, and their spaces.
    to_people, persons
        Places x points where people live, metres, and how many live there.
    to_stops, power
        Places x stations and stops, metres, and how much each draws.

    Returns
    -------
    pandas.DataFrame
        On ``index``, one column per given group, on a log scale: ready for `estimate_footfall`. Not a matter
        of taste which sign each has: the sensors decide.
    """
    usual_m2 = float(floor_area_m2.median()) if floor_area_m2.notna().any() else 1.0
    sums = {"shops": reached_sum(to_shops, floor_area_m2.fillna(usual_m2), index=index, decay_m=300.0)}
    if to_anchors is not None:
        sums["anchors"] = reached_sum(to_anchors, np.ones(to_anchors.shape[1]), index=index, decay_m=300.0)
    if to_parking is not None and spaces is not None:
        sums["parking"] = reached_sum(to_parking, spaces.fillna(0.0), index=index, decay_m=300.0)
    if to_people is not None and persons is not None:
        sums["people"] = reached_sum(to_people, persons.fillna(0.0), index=index, decay_m=500.0)
    if to_stops is not None and power is not None:
        sums["stops"] = reached_sum(to_stops, power, index=index, decay_m=500.0)
    return pd.DataFrame({name: np.log1p(total) for name, total in sums.items()}, index=index)


def _features(
    units: pd.DataFrame | None,
    sensors: pd.DataFrame | None,
    spread_of: pd.DataFrame | None,
    unit_ids: pd.Index,
    sensor_ids: pd.Index,
) -> tuple[Features, Features]:
    """Features of units and of counts in standard deviations."""
    if units is None or sensors is None:
        empty = (pd.DataFrame(index=unit_ids), pd.DataFrame(index=sensor_ids))
        nothing = pd.Series(dtype=float)
        return scaled(empty[0], nothing, nothing), scaled(empty[1], nothing, nothing)
    measure = (units.loc[unit_ids] if spread_of is None else spread_of[units.columns]).astype(float)
    mean, spread = measure.mean(), measure.std(ddof=0)
    of_units, of_sensors = units.loc[unit_ids], sensors.loc[sensor_ids, units.columns]
    return scaled(of_units, mean, spread), scaled(of_sensors, mean, spread)


def _interval(middle: Floats, error: Floats, index: pd.Index) -> pd.DataFrame:
    factor = np.exp(Z_80 * error)
    return pd.DataFrame(
        {
            "footfall_per_day": np.expm1(middle).clip(min=0.0),
            "footfall_lower_per_day": np.expm1(middle - Z_80 * error).clip(min=0.0),
            "footfall_upper_per_day": np.expm1(middle + Z_80 * error).clip(min=0.0),
            "is_class_only": factor > CLASS_ONLY_ABOVE,
        },
        index=index,
    )
