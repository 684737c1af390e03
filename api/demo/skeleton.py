"""The lines a town hangs on: market square, ring, water, railway, sea front, and the roads out."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Polygon

from api.demo.borders import Border, shore, unit_vector, wave
from api.demo.lines import Line, Skeleton
from api.demo.plan import TownPlan, dice
from api.demo.roads import draw_roads

RAIL_WIDTH_M = 14.0


def skeleton(plan: TownPlan, seed: int, limits: Border) -> Skeleton:
    """Draw the lines a town hangs on.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    limits
        The town's border.
    """
    rng = dice(plan, seed, "skeleton")
    drawn = Skeleton(_square(plan, rng))
    drawn.lines.append(Line(LineString(drawn.square.exterior), plan.square, "square", 1.0))
    if plan.water_width_m:
        drawn.water = _strip(
            plan,
            rng,
            limits,
            bearing=plan.water_bearing,
            distance_m=plan.water_distance_m,
            width_m=plan.water_width_m,
            bend_m=45.0,
        )
        drawn.lines += _banks(drawn.water, limits, plan.quay, "quay")
    drawn.rail = _strip(
        plan,
        rng,
        limits,
        bearing=plan.rail_bearing,
        distance_m=plan.rail_distance_m,
        width_m=RAIL_WIDTH_M,
        bend_m=12.0,
    )
    drawn.lines += _banks(drawn.rail, limits, "Spoorwegpad", "railside")
    if plan.coast_distance_m:
        front = shapely.intersection(LineString(shore(plan, 18.0)), limits.land)
        drawn.lines += [Line(part, plan.quay, "shore", 0.75) for part in shapely.get_parts(front)]
    _ring(plan, rng, drawn)
    draw_roads(plan, rng, limits, drawn)
    return drawn


def _square(plan: TownPlan, rng: np.random.Generator) -> Polygon:
    half = np.array([rng.uniform(26, 34), rng.uniform(42, 56)])
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half * rng.uniform(0.88, 1.08, (4, 2))
    turn = np.radians(plan.main_streets[0][1] + rng.uniform(-12, 12))
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return Polygon((plan.centre + corners @ matrix.T).round(1))


def _strip(
    plan: TownPlan,
    rng: np.random.Generator,
    limits: Border,
    *,
    bearing: float,
    distance_m: float,
    width_m: float,
    bend_m: float,
) -> Polygon | MultiPolygon:
    """Draw a strip of water or railway across the town."""
    out = unit_vector(bearing)
    along = np.array([out[1], -out[0]])
    at = np.arange(-2.4 * plan.radius_m, 2.4 * plan.radius_m, 60.0)
    bend = bend_m * wave(rng, at / 1500.0, (3, 5))
    # Straight past the square, so that the quay and the main streets have a fixed place.
    bend *= np.clip(np.abs(at) / 900.0, 0.3, 1.0)
    line = plan.centre + np.outer(at, along) + np.outer(distance_m + bend, out)
    return shapely.intersection(shapely.buffer(LineString(line), width_m / 2, quad_segs=2), limits.land)


def _banks(strip: Polygon | MultiPolygon, limits: Border, name: str, kind: str) -> list[Line]:
    banks = shapely.difference(shapely.boundary(strip), limits.land.exterior, grid_size=0.1)
    return [
        Line(part, name, kind, 0.35)
        for part in shapely.get_parts(shapely.line_merge(banks))
        if part.length > 30
    ]


def _ring(plan: TownPlan, rng: np.random.Generator, drawn: Skeleton) -> None:
    angle = np.linspace(0, 2 * np.pi, 73)
    radius = plan.ring_radius_m * (1 + 0.10 * wave(rng, angle, (2, 3, 5)))
    radius[-1] = radius[0]
    for bearing, distance_m in (
        (plan.rail_bearing, plan.rail_distance_m - 60.0),
        (plan.water_bearing, (plan.water_distance_m or np.inf) - plan.water_width_m / 2 - 60.0),
        (plan.coast_bearing, (plan.coast_distance_m or np.inf) - 110.0),
    ):
        facing = np.cos(angle - np.radians(bearing))
        radius = np.minimum(radius, np.where(facing > 0.1, distance_m / np.maximum(facing, 0.1), np.inf))
    ring = LineString(plan.centre + np.column_stack([np.sin(angle), np.cos(angle)]) * radius[:, None])
    ring = shapely.difference(ring, shapely.union(drawn.water, drawn.rail))
    for part in shapely.get_parts(ring):
        # One name per quarter, as ring roads are named.
        for quarter, name in enumerate(plan.ring_names):
            wedge = np.radians([90 * quarter - 45, 90 * quarter, 90 * quarter + 45])
            corners = plan.centre + np.column_stack([np.sin(wedge), np.cos(wedge)]) * 3 * plan.ring_radius_m
            cut = shapely.intersection(part, Polygon([plan.centre, *corners]))
            drawn.lines += [
                Line(piece, name, "ring", 0.25) for piece in shapely.get_parts(cut) if piece.length > 1
            ]
