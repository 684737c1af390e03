"""Footfall between the sensors: what is measured at a few points, estimated at every shop unit.

The log of the footfall is a Gaussian process: a common level, a linear part in what draws people to a place,
and a part that near places share (kriging). Straight distances carry it, because a kernel of network
distances is no covariance; the network decides what a sensor may speak for. The four variances were chosen
once, on Melbourne, and are not fitted to the few sensors a town has: docs/methods/footfall.md.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from gis.frames import require
from gis.reach import Distances, among, fit_to, nearest, reached_sum

REACH_M = 1000.0
AT_THE_DOOR_M = 50.0
# Variances of the log footfall, and the distances over which its shared parts decay.
LEVEL, PER_FEATURE, AROUND, IN_THE_STREET, OF_A_COUNT = 0.5, 0.2, 0.5, 0.09, 0.0025
AROUND_M, IN_THE_STREET_M = 500.0, 50.0
FURTHEST_FEATURE = 2.5
# Standard errors of the log below which nothing is claimed: counted at the door, and elsewhere.
LEAST_ERROR_AT_THE_DOOR, LEAST_ERROR = 0.20, 0.50
MIN_SENSORS_TO_JUDGE = 5
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
    reach_m: float = REACH_M,
) -> pd.DataFrame:
    """Estimate the passages per day at every shop unit from the sensors around it.

    Parameters
    ----------
    units
        Shop units (points).
    sensors
        Footfall sensors (points) with ``footfall_per_day``, NaN where it is not measurable.
    distances
        Units x sensors on the walking network, metres, in the order of both.
    unit_features, sensor_features
        What draws people to a place, on the index of each, as `footfall_features` gives; none of both, or
        both.
    reach_m
        A unit further from every sensor, along the streets, gets no estimate.

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
        z_units, z_sensors = _standardised(
            unit_features, sensor_features, units.index, sensors.index[measured]
        )
        surface = _fit(sensors.iloc[measured], z_sensors)
        middle[is_near], error[is_near] = _predict(
            surface, units[is_near], z_units[is_near], nearest_m[is_near]
        )
    reason = pd.Series(None, index=units.index, dtype=object)
    reason = reason.where(is_near, "no_sensor_within_reach" if len(measured) else "no_sensor")
    ids = np.array([*sensors.index[measured], None], dtype=object)
    frame = _interval(middle, error, units.index)
    frame["n_sensors"] = n_sensors
    frame["nearest_sensor_id"] = pd.Series(ids[position], index=units.index, dtype=object)
    frame["nearest_sensor_m"] = np.where(np.isfinite(nearest_m), nearest_m, np.nan)
    return frame.assign(reason=reason)


def left_out_footfall(
    sensors: gpd.GeoDataFrame,
    *,
    features: pd.DataFrame | None = None,
    unit_features: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Estimate every sensor from the others, to see how good the estimates are.

    Parameters
    ----------
    sensors
        Footfall sensors (points) with ``footfall_per_day``; those that are not measurable are left aside.
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
    measure = features if unit_features is None else unit_features
    measure_ids = measured.index if unit_features is None else unit_features.index
    _, z = _standardised(measure, features, measure_ids, measured.index)
    middle, error = np.full(len(measured), np.nan), np.full(len(measured), np.nan)
    rows = np.arange(len(measured))
    for row in rows if len(measured) > 1 else []:
        rest = rows != row
        surface = _fit(measured[rest], z[rest])
        middle[row], error[row] = (
            float(part[0]) for part in _predict(surface, measured.iloc[[row]], z[[row]], np.array([np.inf]))
        )
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
) -> pd.DataFrame:
    """Describe places by what draws people to them: shops, anchors, parking and inhabitants within walking
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
    return pd.DataFrame({name: np.log1p(total) for name, total in sums.items()}, index=index)


@dataclass(frozen=True)
class _Surface:
    """A fitted process: where the sensors are, their weights, and how much wider than expected it is."""

    xy: Floats
    z: Floats
    level: float
    weights: Floats
    inverse: Floats
    widening: float


def _covariance(xy: Floats, z: Floats, other_xy: Floats, other_z: Floats) -> Floats:
    metres = cdist(xy, other_xy)
    shared = AROUND * np.exp(-metres / AROUND_M) + IN_THE_STREET * np.exp(-metres / IN_THE_STREET_M)
    covariance: Floats = LEVEL + PER_FEATURE * z @ other_z.T + shared
    return covariance


def _fit(sensors: gpd.GeoDataFrame, z: Floats) -> _Surface:
    xy = shapely.get_coordinates(sensors.geometry.to_numpy())
    log = np.log1p(sensors["footfall_per_day"].to_numpy(float))
    inverse = np.linalg.inv(_covariance(xy, z, xy, z) + OF_A_COUNT * np.eye(len(log))).astype(np.float64)
    weights = inverse @ (log - log.mean())
    # Each sensor left out, in standard errors: when the town surprises more than it should, all is less sure.
    surprise = float(np.sqrt(np.mean(weights**2 / np.diag(inverse))))
    widening = max(1.0, surprise) if len(log) >= MIN_SENSORS_TO_JUDGE else 1.0
    return _Surface(xy, z, float(log.mean()), weights, inverse, widening)


def _predict(
    surface: _Surface, places: gpd.GeoDataFrame, z: Floats, nearest_m: Floats
) -> tuple[Floats, Floats]:
    """Log footfall at places, and its standard error."""
    xy = shapely.get_coordinates(places.geometry.to_numpy())
    across = _covariance(xy, z, surface.xy, surface.z)
    own = LEVEL + PER_FEATURE * (z**2).sum(axis=1) + AROUND + IN_THE_STREET
    left = np.maximum(own - np.einsum("ij,jk,ik->i", across, surface.inverse, across), 0.0)
    least = np.where(nearest_m <= AT_THE_DOOR_M, LEAST_ERROR_AT_THE_DOOR, LEAST_ERROR)
    error = np.maximum(surface.widening * np.sqrt(left + OF_A_COUNT), least)
    return surface.level + across @ surface.weights, error


def _standardised(
    units: pd.DataFrame | None, sensors: pd.DataFrame | None, unit_ids: pd.Index, sensor_ids: pd.Index
) -> tuple[Floats, Floats]:
    """Features in standard deviations of the units, none further out than the furthest that is believed."""
    if units is None or sensors is None:
        return np.zeros((len(unit_ids), 0)), np.zeros((len(sensor_ids), 0))
    all_units = units.loc[unit_ids].astype(float)
    mean, spread = all_units.mean(), all_units.std(ddof=0)
    spread = spread.where(spread > 1e-9)
    parts = (all_units, sensors.loc[sensor_ids, units.columns].astype(float))
    z_units, z_sensors = (((part - mean) / spread).fillna(0.0).to_numpy() for part in parts)
    return tuple(np.clip(z, -FURTHEST_FEATURE, FURTHEST_FEATURE) for z in (z_units, z_sensors))


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
