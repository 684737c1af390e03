"""The roads out of town: main street, approach road, ribbon with big boxes, village street."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon

from api.demo.borders import Border, unit_vector, wave
from api.demo.lines import Line, Skeleton, Village
from api.demo.plan import TownPlan
from api.demo.words import OUTER_NAMES, STREET_ROOTS

_STEP_M = 90.0
_RIBBON_M = 1150.0
_VILLAGE_STREETS = ("Dorpsstraat", "Kerkdreef", "Plaatsstraat")


@dataclass(frozen=True)
class _Road:
    name: str
    outer: str
    rank: float
    bearing: float


def draw_roads(plan: TownPlan, rng: np.random.Generator, limits: Border, drawn: Skeleton) -> None:
    """Add the roads out, with main streets, ribbon, villages and station.

    Parameters
    ----------
    plan
        The town.
    rng
        Random numbers.
    limits
        The town's border.
    drawn
        The lines so far; the roads are added to it.
    """
    roads = _roads(plan, rng)
    ribbon = max(range(len(plan.main_streets)), key=lambda i: _ribbon_room(plan, roads[i].bearing))
    for number, road in enumerate(roads):
        to_sea = bool(plan.coast_distance_m) and _facing(road.bearing, plan.coast_bearing) > 0.7
        land = shapely.buffer(limits.land, -18.0) if to_sea else limits.land
        path = LineString(_road_path(plan, rng, road, drawn.square))
        whole = shapely.get_parts(shapely.intersection(path, land))[0]
        inner = whole.length if to_sea else plan.ring_radius_m
        _draw_in_town(plan, drawn, road, whole, inner)
        _draw_outside(plan, rng, drawn, road, whole, inner_m=inner, is_ribbon=number == ribbon)


def _facing(bearing: float, other: float) -> float:
    return float(np.cos(np.radians(bearing - other)))


def _ribbon_room(plan: TownPlan, bearing: float) -> float:
    """How well big boxes would stand along a road: away from water, sea and railway."""
    away = [plan.water_bearing] if plan.water_width_m else []
    away += [plan.coast_bearing] if plan.coast_distance_m else []
    return -max(_facing(bearing, other) for other in [*away, plan.rail_bearing])


def _roads(plan: TownPlan, rng: np.random.Generator) -> list[_Road]:
    outer = list(dict.fromkeys((*plan.outer_names, *OUTER_NAMES)))
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


def _draw_in_town(plan: TownPlan, drawn: Skeleton, road: _Road, whole: LineString, inner_m: float) -> None:
    is_main = road.rank > 0.35
    street = _between(whole, 0, inner_m)
    drawn.lines.append(Line(street, road.name, "main" if is_main else "radial", road.rank))
    if is_main:
        drawn.mains.append(street)
    if road.name == plan.station_street:
        crossing = shapely.intersection(whole, drawn.rail)
        at_ring = shapely.line_interpolate_point(whole, inner_m)
        drawn.station = at_ring if crossing.is_empty else crossing.centroid


def _draw_outside(
    plan: TownPlan,
    rng: np.random.Generator,
    drawn: Skeleton,
    road: _Road,
    whole: LineString,
    *,
    inner_m: float,
    is_ribbon: bool,
) -> None:
    cuts = {inner_m: (road.outer, "radial"), whole.length: ("", "")}
    if is_ribbon:
        start = plan.built_radius_m + 60.0
        cuts |= {start: (road.outer, "ribbon"), start + _RIBBON_M: (road.outer, "radial")}
        drawn.ribbon = _between(whole, start, start + _RIBBON_M)
    elif len(drawn.villages) < len(plan.villages) and (middle := _village_at(plan, whole, rng)):
        point = shapely.line_interpolate_point(whole, middle)
        street = _VILLAGE_STREETS[len(drawn.villages)]
        drawn.villages.append(Village(plan.villages[len(drawn.villages)], point.x, point.y))
        cuts |= {middle - 260.0: (street, "village"), middle + 260.0: (road.outer, "radial")}
    for start, end in pairwise(sorted(cuts)):
        name, kind = cuts[start]
        if end - start > 1 and start < whole.length:
            piece = _between(whole, start, end)
            drawn.lines.append(Line(piece, name, kind, 0.5 if kind == "village" else 0.15))


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
