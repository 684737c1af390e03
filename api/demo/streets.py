"""The street network: all lines cut at their junctions, with class, speed and direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from api.demo.borders import Border
from api.demo.lines import Line, Skeleton
from api.demo.plan import TownPlan, dice
from api.demo.subdivide import Shapes, subdivide
from api.demo.traffic import main_component, regulate
from api.demo.words import STREET_ENDS, STREET_ROOTS

GRID_M = 0.1
_SHORT_M = 9.0
_OVERSHOOT_M = 0.4
_PRIORITY = ("split", "railside", "quay", "ring", "radial", "ribbon", "village", "shore", "main", "square")


@dataclass(frozen=True)
class Network:
    """The streets of a town.

    Attributes
    ----------
    segments
        One row per street between two junctions: geometry, name, kind, rank, first and last (its nodes),
        street_class, car_speed_kmh, is_private and the six columns of access.
    blocks
        The land between the streets, shape (blocks,).
    """

    segments: pd.DataFrame
    blocks: Shapes


def network(plan: TownPlan, seed: int, limits: Border, drawn: Skeleton) -> Network:
    """Lay out the streets of a town.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    limits
        The town's border.
    drawn
        The lines the town hangs on.
    """
    rng = dice(plan, seed, "streets")
    lines = [*drawn.lines, *_side_streets(plan, rng, limits, drawn)]
    parts = _cut_at_junctions(np.array([line.geometry for line in lines]))
    segments = _without_strays(_named(parts, lines))
    blocks = _land_blocks(segments, limits, drawn)
    regulate(plan, rng, segments)
    if plan.has_street_island:
        segments = pd.concat([segments, _island(plan, segments, blocks)], ignore_index=True)
    return Network(segments, blocks)


def _side_streets(plan: TownPlan, rng: np.random.Generator, limits: Border, drawn: Skeleton) -> list[Line]:
    longer = _lengthened(np.array([line.geometry for line in drawn.lines]))
    edges = shapely.union_all([limits.land.exterior, *longer], grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize([edges]))
    inside = shapely.point_on_surface(faces)
    closed = shapely.union_all([drawn.water, drawn.rail, drawn.square])
    faces = faces[~shapely.contains(closed, inside)]
    road_km = 44.0 + 0.30 * plan.area_km2
    rural_m2 = 1.5 * (2.0 * plan.area_km2 * 1e6 / (road_km * 1e3)) ** 2
    kernels = [(*plan.centre, plan.ring_radius_m, 12500.0), (*plan.centre, plan.built_radius_m, 24000.0)]
    kernels += [(village.x_m, village.y_m, 210.0, 22000.0) for village in drawn.villages]

    def target_m2(shapes: Shapes) -> NDArray[np.float64]:
        target = np.full(len(shapes), rural_m2)
        for x, y, radius_m, area_m2 in kernels:
            near = shapely.distance(shapes, shapely.Point(x, y)) < radius_m
            target = np.where(near, np.minimum(target, area_m2), target)
        return target

    cuts = subdivide(faces, rng, target_m2=target_m2, sway=1.0).cuts
    names = _street_names(plan, rng, cuts, drawn)
    return [Line(cut, name, "split", 0.12) for cut, name in zip(cuts, names, strict=True)]


def _street_names(plan: TownPlan, rng: np.random.Generator, cuts: Shapes, drawn: Skeleton) -> list[str]:
    middle = shapely.get_coordinates(shapely.line_interpolate_point(cuts, 0.5, normalized=True))
    from_centre = np.hypot(*(middle - plan.centre).T)
    zone = np.select([from_centre < plan.ring_radius_m, from_centre < plan.built_radius_m * 1.4], [0, 1], 2)
    taken = {line.name for line in drawn.lines}
    names = [""] * len(cuts)
    for number, style in enumerate(STREET_ROOTS):
        pool = [root + end for root in STREET_ROOTS[style] for end in sorted(set(STREET_ENDS[style]))]
        pool = [name for name in rng.permutation(np.array(pool)) if name not in taken]
        taken.update(pool)
        for i, cut in enumerate(np.flatnonzero(zone == number)):
            again = i // len(pool)
            names[cut] = (
                str(pool[i % len(pool)])
                if not again
                else f"{('Oude', 'Nieuwe', 'Korte')[again - 1]} {pool[i % len(pool)]}"
            )
    if plan.square_street and len(cuts):
        names[int(np.argmin(from_centre))] = plan.square_street
    return names


def _cut_at_junctions(lines: Shapes) -> Shapes:
    noded = shapely.union_all(_lengthened(lines), grid_size=GRID_M)
    parts = shapely.get_parts(shapely.line_merge(noded))
    parts = _contract(parts)
    # Ends that were pulled together can leave two streets meeting in the middle of a third.
    joined: Shapes = shapely.get_parts(shapely.line_merge(shapely.union_all(parts, grid_size=GRID_M)))
    return joined


def _lengthened(lines: Shapes) -> Shapes:
    """Let lines cross what they end on: rounding to the grid would part a line from what it only touches."""
    is_ring = shapely.is_closed(lines)
    coordinates, owner = shapely.get_coordinates(lines[~is_ring], return_index=True)
    count = np.bincount(owner)
    for ends, step in ((np.cumsum(count) - count, 1), (np.cumsum(count) - 1, -1)):
        out = coordinates[ends] - coordinates[ends + step]
        coordinates[ends] += _OVERSHOOT_M * out / np.hypot(*out.T)[:, None]
    longer = lines.copy()
    longer[~is_ring] = shapely.linestrings(coordinates, indices=owner)
    return longer


def _contract(parts: Shapes) -> Shapes:
    """Pull junctions together that lie closer than a car is long: one crossing instead of two bends."""
    first, last, node = _ends(parts)
    short = (shapely.length(parts) < _SHORT_M) & (first != last)
    n = len(node)
    links = coo_array((np.ones(short.sum()), (first[short], last[short])), shape=(n, n))
    count, group = connected_components(links, directed=False)
    total = np.stack([np.bincount(group, node[:, i], count) for i in (0, 1)], axis=1)
    moved = (total / np.bincount(group, minlength=count)[:, None]).round(1)
    parts = parts[~short]
    coordinates, owner = shapely.get_coordinates(parts, return_index=True)
    start = np.searchsorted(owner, np.arange(len(parts)))
    end = np.searchsorted(owner, np.arange(len(parts)), side="right") - 1
    coordinates[start], coordinates[end] = moved[group[first[~short]]], moved[group[last[~short]]]
    parts = shapely.linestrings(coordinates, indices=owner)
    kept: Shapes = parts[shapely.length(parts) > 1.0]
    return kept


def _ends(parts: Shapes) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(parts, i)) for i in (0, -1)])
    node, number = np.unique(ends.round(2), axis=0, return_inverse=True)
    number = number.reshape(2, -1)
    return number[0], number[1], node


def _named(parts: Shapes, lines: list[Line]) -> pd.DataFrame:
    source = np.array([line.geometry for line in lines])
    priority = np.array([_PRIORITY.index(line.kind) for line in lines])
    middle = shapely.line_interpolate_point(parts, 0.5, normalized=True)
    part, line = shapely.STRtree(source).query(middle, predicate="dwithin", distance=9.0)
    off_m = shapely.distance(middle[part], source[line])
    best = np.lexsort((off_m, -priority[line], off_m > 1.5, part))
    part, line = part[best], line[best]
    _, at = np.unique(part, return_index=True)
    found = line[at]
    # Along its street, so that a direction means the same on all pieces of one street.
    begin, end = (shapely.line_locate_point(source[found], shapely.get_point(parts, i)) for i in (0, -1))
    parts = np.where(begin > end, shapely.reverse(parts), parts)
    first, last, _ = _ends(parts)
    return pd.DataFrame(
        {
            "geometry": parts,
            "street": found,
            "name": [lines[i].name for i in found],
            "kind": [lines[i].kind for i in found],
            "rank": [lines[i].rank for i in found],
            "first": first,
            "last": last,
        }
    )


def _without_strays(segments: pd.DataFrame) -> pd.DataFrame:
    """Drop a bank or road that the border cuts off from the rest."""
    return segments.loc[main_component(segments, np.ones(len(segments), bool))].reset_index(drop=True)


def _land_blocks(segments: pd.DataFrame, limits: Border, drawn: Skeleton) -> Shapes:
    edges = shapely.union_all([limits.land.exterior, *segments["geometry"]], grid_size=GRID_M)
    blocks = shapely.get_parts(shapely.polygonize([edges]))
    closed = shapely.union_all([drawn.water, drawn.rail, drawn.square])
    land: Shapes = blocks[~shapely.contains(closed, shapely.point_on_surface(blocks))]
    return land


def _island(plan: TownPlan, segments: pd.DataFrame, blocks: Shapes) -> pd.DataFrame:
    """A walk in the fields that nobody drew the way to: what a network check must find."""
    roomy = blocks[shapely.area(blocks) > 15e4]
    block = roomy[np.argmin(shapely.distance(roomy, shapely.Point(plan.centre)))]
    middle = shapely.get_coordinates(shapely.maximum_inscribed_circle(block))[0]
    corner = (middle + 45.0 * np.array([[-1, -0.6], [1, -0.8], [1.1, 0.7], [-0.8, 0.9]])).round(1)
    node = int(segments[["first", "last"]].to_numpy().max()) + 1
    island = segments.iloc[[0] * 4].assign(
        geometry=shapely.linestrings(np.stack([corner, np.roll(corner, -1, axis=0)], axis=1)),
        first=node + np.arange(4),
        last=node + (np.arange(4) + 1) % 4,
        name="Wandelpad",
        kind="island",
        rank=0.0,
        street_class="path",
        car_speed_kmh=np.nan,
        is_private=False,
    )
    for way in ("forward", "backward"):
        island = island.assign(**{f"is_walk_{way}": True, f"is_bicycle_{way}": True, f"is_car_{way}": False})
    return island
