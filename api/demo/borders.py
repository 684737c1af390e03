"""Municipality borders: irregular, of the true area, and never over a neighbour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from api.demo.invented import invented
from api.demo.plan import TownPlan, dice
from api.demo.seven import SEVEN

ANGLES = 240
_GAP_M = 40.0
_BORDER_SEED = 1
"""Borders do not follow the seed of the data set: a town keeps its shape, and neighbours stay neighbours."""


@dataclass(frozen=True)
class Border:
    """Shape of a municipality.

    Attributes
    ----------
    polygon
        The municipality, in Lambert 72.
    land
        The part that can be built on: without beach and sea.
    """

    polygon: Polygon
    land: Polygon


def wave(rng: np.random.Generator, at: NDArray[np.float64], waves: tuple[int, ...]) -> NDArray[np.float64]:
    """Make a smooth random curve with values of about -1 to 1.

    Parameters
    ----------
    rng
        Random numbers.
    at
        Where to evaluate it, radians.
    waves
        How many waves fit in a circle, one term each; later terms weigh less.
    """
    weight = 1.0 / np.arange(1, len(waves) + 1)
    phase = rng.uniform(0, 2 * np.pi, len(waves))
    terms = np.sin(np.multiply.outer(at, np.array(waves)) + phase) * weight
    curve: NDArray[np.float64] = terms.sum(axis=-1) / weight.sum()
    return curve


def unit_vector(bearing: float) -> NDArray[np.float64]:
    """Turn a bearing (degrees clockwise from north) into a direction, shape (2,)."""
    angle = np.radians(bearing)
    return np.array([np.sin(angle), np.cos(angle)])


@cache
def border(plan: TownPlan) -> Border:
    """Draw the border of a town.

    Parameters
    ----------
    plan
        The town.
    """
    rng = dice(plan, _BORDER_SEED, "border")
    angle = np.linspace(0, 2 * np.pi, ANGLES, endpoint=False)
    shape = 1.0 + 0.22 * wave(rng, angle, (2, 3, 5, 8)) + 0.05 * wave(rng, angle, (17, 29, 41))
    limit = _limit_m(plan, angle)
    low, high = 0.5, 3.0
    for _ in range(40):
        scale = (low + high) / 2
        radius = np.minimum(plan.radius_m * shape * scale, limit)
        small = 0.5 * np.sin(2 * np.pi / ANGLES) * np.sum(radius * np.roll(radius, -1)) < plan.area_km2 * 1e6
        low, high = (scale, high) if small else (low, scale)
    ring = plan.centre + np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
    polygon = Polygon(ring.round(1))
    return Border(polygon, _land(plan, polygon))


def shore(plan: TownPlan, offset_m: float) -> NDArray[np.float64]:
    """Trace the shoreline: a gentle curve across the town, shape (points, 2).

    Parameters
    ----------
    plan
        A town with a coast.
    offset_m
        How far inland of the shoreline, metres.
    """
    towards = unit_vector(plan.coast_bearing)
    along = np.array([towards[1], -towards[0]])
    at = np.linspace(-2.5, 2.5, 41) * plan.radius_m
    out = plan.coast_distance_m - offset_m - 0.000012 * at**2
    return np.asarray(plan.centre + np.outer(at, along) + np.outer(out, towards))


def _limit_m(plan: TownPlan, angle: NDArray[np.float64]) -> NDArray[np.float64]:
    limit = np.full(len(angle), 2.2 * plan.radius_m)
    for other in invented() if plan.is_invented else SEVEN:
        apart = other.centre - plan.centre
        distance = float(np.hypot(*apart))
        if other is plan or distance > 6 * max(plan.radius_m, other.radius_m):
            continue
        share = plan.radius_m / (plan.radius_m + other.radius_m)
        facing = np.cos(angle - np.arctan2(apart[1], apart[0]))
        limit = np.minimum(
            limit, np.where(facing > 0.05, (distance * share - _GAP_M) / np.maximum(facing, 0.05), np.inf)
        )
    if plan.coast_distance_m:
        towards = unit_vector(plan.coast_bearing)
        facing = np.cos(angle - np.arctan2(towards[1], towards[0]))
        # The beach belongs to the town; the sea does not.
        limit = np.where(
            facing > 0.05, np.minimum(limit, (plan.coast_distance_m + 90.0) / np.maximum(facing, 0.05)), limit
        )
    return limit


def _land(plan: TownPlan, polygon: Polygon) -> Polygon:
    if not plan.coast_distance_m:
        return polygon
    line = shore(plan, 0.0)
    inland = -4 * plan.radius_m * unit_vector(plan.coast_bearing)
    side = Polygon(np.concatenate([line, [line[-1] + inland, line[0] + inland]]))
    parts = shapely.get_parts(shapely.intersection(polygon, side))
    return parts[np.argmax(shapely.area(parts))]
