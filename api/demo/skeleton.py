"""The lines a town hangs on: market square, roads out, ring, water, railway, sea front."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPolygon, Point, Polygon

from api.demo.borders import Border, shore, unit_vector, wave
from api.demo.plan import TownPlan, dice
from api.demo.words import OUTER_NAMES, STREET_ROOTS

RAIL_WIDTH_M = 14.0
_STEP_M = 90.0


@dataclass(frozen=True)
class Line:
    """A street before it is cut at its junctions.

    Attributes
    ----------
    geometry
        The line.
    name
        Street name; empty for a path without one.
    kind
        square, main, radial, ribbon, village, ring, quay, railside, shore or split.
    rank
        Attraction for shops, 1 at the best street down to 0.
    """

    geometry: LineString
    name: str
    kind: str
    rank: float = 0.0


@dataclass(frozen=True)
class Village:
    """A village: its name and middle."""

    name: str
    x_m: float
    y_m: float


@dataclass
class Skeleton:
    """What the rest of a town is hung on.

    Attributes
    ----------
    square
        The market square.
    lines
        The streets so far.
    water, rail
        Strips that only bridges and level crossings cross.
    station
        Where the station street meets the railway.
    ribbon
        The stretch of road with big boxes.
    villages
        Villages on the roads out.
    mains
        The main streets from the square outwards, in the order of the plan.
    """

    square: Polygon
    lines: list[Line] = field(default_factory=list)
    water: Polygon | MultiPolygon = field(default_factory=Polygon)
    rail: Polygon | MultiPolygon = field(default_factory=Polygon)
    station: Point = field(default_factory=Point)
    ribbon: LineString = field(default_factory=LineString)
    villages: list[Village] = field(default_factory=list)
    mains: list[LineString] = field(default_factory=list)


@dataclass(frozen=True)
class _Road:
    name: str
    outer: str
    rank: float
    bearing: float


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
    roads = _roads(plan, rng)
    ribbon = max(range(len(plan.main_streets)), key=lambda i: _ribbon_room(plan, roads[i].bearing))
    for number, road in enumerate(roads):
        _draw_road(plan, rng, limits, drawn, road, village=number, is_ribbon=number == ribbon)
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


def _ribbon_room(plan: TownPlan, bearing: float) -> float:
    """How well big boxes would stand along a road: away from water, sea and railway."""
    away = [plan.water_bearing] if plan.water_width_m else []
    away += [plan.coast_bearing] if plan.coast_distance_m else []
    facing = [np.cos(np.radians(bearing - other)) for other in [*away, plan.rail_bearing]]
    return -float(max(facing))


def _roads(plan: TownPlan, rng: np.random.Generator) -> list[_Road]:
    outer = [name for name in (*plan.outer_names, *OUTER_NAMES) if name != plan.quay or plan.coast_distance_m]
    streets = [(name, bearing, 1.0 - 0.16 * i) for i, (name, bearing) in enumerate(plan.main_streets)]
    roots = iter(rng.permutation(np.array(STREET_ROOTS["old"])))
    while True:
        bearings = np.sort([bearing for _, bearing, _ in streets])
        gaps = np.diff(np.append(bearings, bearings[0] + 360))
        widest = int(np.argmax(gaps))
        if gaps[widest] < 84:
            break
        middle = float((bearings[widest] + gaps[widest] * rng.uniform(0.42, 0.58)) % 360)
        streets.append((f"{next(roots)}straat", _clear_of_water(plan, middle), 0.30))
    return [_Road(name, outer[i], rank, bearing) for i, (name, bearing, rank) in enumerate(streets)]


def _clear_of_water(plan: TownPlan, bearing: float) -> float:
    """Turn a road away from running along the water, where it would cross at a sharp angle."""
    if not plan.water_width_m:
        return bearing
    off = (bearing - plan.water_bearing + 180) % 360 - 180
    if 68 < abs(off) < 95:
        off = np.sign(off) * (66 if abs(off) < 80 else 97)
    return float((plan.water_bearing + off) % 360)


def _road_path(plan: TownPlan, rng: np.random.Generator, road: _Road, square: Polygon) -> NDArray[np.float64]:
    reach = 2.4 * plan.radius_m
    ray = LineString([plan.centre, plan.centre + unit_vector(road.bearing) * 400.0])
    start = shapely.get_coordinates(shapely.intersection(ray, square.exterior))[0]
    first = float(np.hypot(*(start - plan.centre)))
    radius = np.arange(first + 45.0, reach, _STEP_M)
    sway = wave(rng, radius / 800.0, (1, 2, 4)) * np.clip((radius - first) / 900.0, 0.05, 1.0) * 0.13
    sway -= sway[0]
    angle = np.radians(road.bearing) + sway
    return np.concatenate(
        [[start], plan.centre + np.column_stack([np.sin(angle), np.cos(angle)]) * radius[:, None]]
    )


def _draw_road(
    plan: TownPlan,
    rng: np.random.Generator,
    limits: Border,
    drawn: Skeleton,
    road: _Road,
    *,
    village: int,
    is_ribbon: bool,
) -> None:
    path = _road_path(plan, rng, road, drawn.square)
    to_sea = bool(plan.coast_distance_m) and np.cos(np.radians(road.bearing - plan.coast_bearing)) > 0.7
    whole = shapely.intersection(
        LineString(path), shapely.buffer(limits.land, -18.0) if to_sea else limits.land
    )
    whole = shapely.get_parts(whole)[0]
    inner = whole.length if to_sea else plan.ring_radius_m
    is_main = road.rank > 0.35
    drawn.lines.append(Line(_between(whole, 0, inner), road.name, "main" if is_main else "radial", road.rank))
    if is_main:
        drawn.mains.append(drawn.lines[-1].geometry)
    if road.name == plan.station_street:
        crossing = shapely.intersection(whole, drawn.rail)
        drawn.station = (
            crossing.centroid if not crossing.is_empty else shapely.line_interpolate_point(whole, inner)
        )
    cuts = {inner: (road.outer, "radial"), whole.length: ("", "")}
    if is_ribbon:
        start = plan.built_radius_m + 60.0
        cuts |= {start: (road.outer, "ribbon"), start + 1150.0: (road.outer, "radial")}
        drawn.ribbon = _between(whole, start, start + 1150.0)
    elif village < len(plan.villages) + 1 and len(drawn.villages) < len(plan.villages):
        middle = _village_at(plan, whole, rng)
        if middle:
            name = plan.villages[len(drawn.villages)]
            point = shapely.line_interpolate_point(whole, middle)
            drawn.villages.append(Village(name, point.x, point.y))
            street = ("Dorpsstraat", "Kerkdreef", "Plaatsstraat")[len(drawn.villages) - 1]
            cuts |= {middle - 260.0: (street, "village"), middle + 260.0: (road.outer, "radial")}
    places = sorted(cuts)
    for start, end in pairwise(places):
        name, kind = cuts[start]
        if end - start > 1 and start < whole.length:
            drawn.lines.append(
                Line(_between(whole, start, end), name, kind, 0.5 if kind == "village" else 0.15)
            )


def _village_at(plan: TownPlan, road: LineString, rng: np.random.Generator) -> float | None:
    nearest, furthest = plan.built_radius_m + 900.0, road.length - 500.0
    return float(nearest + (furthest - nearest) * rng.uniform(0.1, 0.55)) if furthest > nearest else None


def _between(line: LineString, start_m: float, end_m: float) -> LineString:
    at = shapely.line_locate_point(line, shapely.points(shapely.get_coordinates(line)))
    inside = shapely.get_coordinates(line)[(at > start_m + 0.5) & (at < end_m - 0.5)]
    ends = shapely.get_coordinates(
        shapely.line_interpolate_point(line, [max(start_m, 0.0), min(end_m, line.length)])
    )
    return LineString(np.concatenate([ends[:1], inside, ends[1:]]))
