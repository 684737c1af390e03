"""The process behind the footfall between counted places: how alike places are, and what that makes of the counts.

ln(1 + passages per day) is a Gaussian process: a common level, a linear part in what draws people to a place, and a
part that near places share (kriging). Straight distances carry it, because a kernel of network distances is no
covariance. The variances are fixed, not fitted to the few counts a town has: docs/methods/footfall.md.
"""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

Floats = NDArray[np.float64]
AT_THE_DOOR_M = 50.0
# Variances of the log footfall, and the distances over which its shared parts decay.
LEVEL, PER_FEATURE, AROUND, IN_THE_STREET, OF_A_COUNT = 0.5, 0.2, 0.5, 0.09, 0.0025
AROUND_M, IN_THE_STREET_M = 500.0, 50.0
# What a standard deviation more of anything that draws people is expected to add to the log, before any count is seen;
# nothing of parking, which stands where there is room for it.
EXPECTED_SLOPE = 0.15
WITHOUT_EXPECTATION = ("parking", "from_parking")
FURTHEST_FEATURE = 2.5
# Standard errors of the log below which nothing is claimed: counted at the door, and elsewhere.
LEAST_ERROR_AT_THE_DOOR, LEAST_ERROR = 0.20, 0.50
MIN_SENSORS_TO_JUDGE = 5


@dataclass(frozen=True, eq=False)
class Features:
    """Features in standard deviations, shape (places, features), and what each is expected to add to the log."""

    z: Floats
    expected: Floats

    def __getitem__(self, rows: Any) -> "Features":
        return Features(self.z[rows], self.expected)


@dataclass(frozen=True, eq=False)
class Surface:
    """A fitted process: where the counts are, their weights, and how much wider than expected it is."""

    xy: Floats
    features: Features
    level: float
    weights: Floats
    inverse: Floats
    widening: float


def covariance(xy: Floats, z: Floats, other_xy: Floats, other_z: Floats) -> Floats:
    """Covariance of the log footfall between places and others, shape (places, others)."""
    return np.asarray(LEVEL + PER_FEATURE * z @ other_z.T + _shared(xy, other_xy))


def _shared(xy: Floats, other_xy: Floats) -> Floats:
    metres = cdist(xy, other_xy)
    return np.asarray(AROUND * np.exp(-metres / AROUND_M) + IN_THE_STREET * np.exp(-metres / IN_THE_STREET_M))


def own_errors(sensors: pd.DataFrame) -> Floats:
    """Standard error of the log of each count itself: ``sigma_log`` where it is given, that of a sensor elsewhere."""
    least = np.sqrt(OF_A_COUNT)
    if "sigma_log" not in sensors.columns:
        return np.full(len(sensors), least)
    return np.maximum(sensors["sigma_log"].astype(float).fillna(0.0).to_numpy(), least)


def fit(sensors: gpd.GeoDataFrame, features: Features) -> Surface:
    """Weigh the counts; every one needs ``footfall_per_day``."""
    xy = shapely.get_coordinates(sensors.geometry.to_numpy())
    log = np.log1p(sensors["footfall_per_day"].to_numpy(float)) - features.z @ features.expected
    noise = np.diag(own_errors(sensors) ** 2)
    inverse = np.linalg.inv(covariance(xy, features.z, xy, features.z) + noise).astype(np.float64)
    weights = inverse @ (log - log.mean())
    # Each count left out, in standard errors: when the town surprises more than it should, all is less sure.
    surprise = float(np.sqrt(np.mean(weights**2 / np.diag(inverse))))
    widening = max(1.0, surprise) if len(log) >= MIN_SENSORS_TO_JUDGE else 1.0
    return Surface(xy, features, float(log.mean()), weights, inverse, widening)


def predict(
    surface: Surface, places: gpd.GeoDataFrame, features: Features, least: Floats
) -> tuple[Floats, Floats]:
    """Log footfall at places, and its standard error, which is never below ``least``."""
    xy = shapely.get_coordinates(places.geometry.to_numpy())
    across = covariance(xy, features.z, surface.xy, surface.features.z)
    own = LEVEL + PER_FEATURE * (features.z**2).sum(axis=1) + AROUND + IN_THE_STREET
    left = np.maximum(own - ((across @ surface.inverse) * across).sum(axis=1), 0.0)
    error = np.maximum(surface.widening * np.sqrt(left + OF_A_COUNT), least)
    return surface.level + features.z @ features.expected + across @ surface.weights, error


def pull(surface: Surface, places: gpd.GeoDataFrame, features: Features) -> Floats:
    """By how much the log of an estimate moves when that of a count moves by one; rows add up to one."""
    xy = shapely.get_coordinates(places.geometry.to_numpy())
    gain = covariance(xy, features.z, surface.xy, surface.features.z) @ surface.inverse
    return np.asarray(gain + (1.0 - gain.sum(axis=1, keepdims=True)) / len(surface.weights))


def parts(surface: Surface, places: gpd.GeoDataFrame, features: Features) -> tuple[float, Floats, Floats]:
    """The log of an estimate in parts: the level, what each feature adds (places x features), and the surroundings."""
    xy = shapely.get_coordinates(places.geometry.to_numpy())
    slope = features.expected + PER_FEATURE * surface.features.z.T @ surface.weights
    level = surface.level + LEVEL * float(surface.weights.sum())
    return level, features.z * slope, _shared(xy, surface.xy) @ surface.weights


def scaled(table: pd.DataFrame, mean: pd.Series, spread: pd.Series) -> Features:
    """Features in standard deviations; one that is the same everywhere tells nothing."""
    expected = np.array([0.0 if name in WITHOUT_EXPECTATION else EXPECTED_SLOPE for name in table.columns])
    z = ((table.astype(float) - mean) / spread.where(spread > 1e-9)).fillna(0.0).to_numpy()
    return Features(np.clip(z, -FURTHEST_FEATURE, FURTHEST_FEATURE), expected)


def gain_of_a_count(
    surface: Surface,
    places: gpd.GeoDataFrame,
    features: Features,
    units: gpd.GeoDataFrame,
    unit_features: Features,
    *,
    sigma_log: float,
) -> Floats:
    """The share of what is not known about all units that one more count at each place would take away, shape (places,).

    Of the variances of the log only: what a count tells does not depend on what it will say.
    """
    xy, unit_xy = (shapely.get_coordinates(frame.geometry.to_numpy()) for frame in (places, units))
    to_places = covariance(xy, features.z, surface.xy, surface.features.z) @ surface.inverse
    across = covariance(surface.xy, surface.features.z, unit_xy, unit_features.z)
    between = covariance(xy, features.z, unit_xy, unit_features.z) - to_places @ across
    own = LEVEL + AROUND + IN_THE_STREET
    known = (to_places * covariance(xy, features.z, surface.xy, surface.features.z)).sum(axis=1)
    left = np.maximum(own + PER_FEATURE * (features.z**2).sum(axis=1) - known, 0.0)
    of_units = own + PER_FEATURE * (unit_features.z**2).sum(axis=1)
    of_units = of_units - np.einsum("ij,ik,kj->j", across, surface.inverse, across)
    whole = max(float(np.maximum(of_units, 0.0).sum()), 1e-12)
    return np.asarray((between**2).sum(axis=1) / (left + sigma_log**2) / whole)
