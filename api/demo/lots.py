"""Rows of lots along the streets: the parcels that buildings stand on.

Every block is bounded by straight edges. Lots are strips of an edge, perpendicular to it; where two edges
meet, either the bisector of the corner parts them or one edge owns the corner lot, as builders do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.demo.frontage import corner_gap, frontage, without_streets
from api.demo.lines import Skeleton
from api.demo.plan import TownPlan, dice
from api.demo.streets import Network
from api.demo.subdivide import Shapes

Floats = NDArray[np.float64]

RURAL_BLOCK_M2 = 45_000.0


@dataclass(frozen=True)
class Lots:
    """The lots of a town.

    Attributes
    ----------
    lots
        One row per lot: geometry, block, zone, style, segment (the street it fronts), depth_m, x_m and y_m
        (start of the frame), tx, ty (along the street), and the lot's four corners in that frame:
        front_from_m, front_to_m, back_from_m, back_to_m. Inward is the direction (-ty, tx).
    blocks
        The land between the streets without the streets themselves, shape (blocks,).
    zone
        core, town, village or rural, shape (blocks,).
    """

    lots: pd.DataFrame
    blocks: Shapes
    zone: NDArray[np.str_]


def lots(plan: TownPlan, seed: int, drawn: Skeleton, net: Network, kept_free: NDArray[np.bool_]) -> Lots:
    """Lay rows of lots along the streets.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    drawn
        The lines the town hangs on.
    net
        Its streets.
    kept_free
        Blocks with another use, shape (blocks,).
    """
    rng = dice(plan, seed, "lots")
    zone = zones(plan, drawn, net.blocks)
    inner = without_streets(net.blocks, zone)
    edges = frontage(inner, zone, net)
    edges = edges[edges["is_front"] & ~kept_free[edges["block"]]]
    made = _thinned(plan, rng, drawn, _cut(rng, edges))
    made = _without_overlaps(made, inner, net.segments["rank"].to_numpy())
    return Lots(made.reset_index(drop=True), inner, zone)


def zones(plan: TownPlan, drawn: Skeleton, blocks: Shapes) -> NDArray[np.str_]:
    """Say of each block whether it lies in the old core, the town, a village or the fields.

    Parameters
    ----------
    plan
        The town.
    drawn
        The lines the town hangs on.
    blocks
        The land between the streets, shape (blocks,).
    """
    centre = shapely.centroid(blocks)
    far = shapely.distance(centre, shapely.Point(plan.centre))
    in_village = np.zeros(len(blocks), bool)
    for village in drawn.villages:
        in_village |= shapely.distance(centre, shapely.Point(village.x_m, village.y_m)) < 420.0
    small = shapely.area(blocks) < RURAL_BLOCK_M2
    return np.select(
        [small & (far < plan.ring_radius_m), small & (far < plan.built_radius_m * 1.35), small & in_village],
        ["core", "town", "village"],
        "rural",
    )


def corners(rows: pd.DataFrame, *columns: str, depth: str = "depth_m", front: str | None = None) -> Floats:
    """Give the corners of quadrilaterals that are described in the frame of their lot, shape (rows, 4, 2).

    Parameters
    ----------
    rows
        Lots, with the four columns named.
    columns
        Names of: front from, front to, back from, back to; metres along the street.
    depth, front
        Names of the columns with the distance of the back and of the front to the lot's front, metres.
    """
    origin = rows[["x_m", "y_m"]].to_numpy()
    along = rows[["tx", "ty"]].to_numpy()
    inward = np.column_stack([-along[:, 1], along[:, 0]])
    near = rows[front].to_numpy() if front else np.zeros(len(rows))
    far = rows[depth].to_numpy()
    front_from, front_to, back_from, back_to = (rows[name].to_numpy() for name in columns)
    return np.stack(
        [
            origin + along * at[:, None] + inward * off[:, None]
            for at, off in ((front_from, near), (front_to, near), (back_to, far), (back_from, far))
        ],
        axis=1,
    )


def _cut(rng: np.random.Generator, edges: pd.DataFrame) -> pd.DataFrame:
    rural = (edges["zone"] == "rural").to_numpy()
    depth, width, length = (edges[name].to_numpy() for name in ("depth_m", "width_m", "length_m"))
    front_from, back_from = corner_gap(
        edges["start_turn"].to_numpy(), edges["owns_start"].to_numpy(), depth, rural
    )
    front_gap, back_gap = corner_gap(edges["end_turn"].to_numpy(), edges["owns_end"].to_numpy(), depth, rural)
    front_to, back_to = length - front_gap, length - back_gap
    low = np.maximum(front_from, back_from) + 0.55 * width
    high = np.minimum(front_to, back_to) - 0.55 * width
    cuts = np.where(high > low, np.floor((high - low) / width).astype(int) + 1, 0)
    fits = (front_to - front_from > 5.5) & (back_to - back_from > 1.0)
    lots_on = np.where(fits, cuts + 1, 0)
    edge = np.repeat(np.arange(len(edges)), lots_on)
    place = np.arange(len(edge)) - np.repeat(np.cumsum(lots_on) - lots_on, lots_on)
    step = ((high - low) / np.maximum(cuts - 1, 1))[edge]
    jitter = rng.uniform(-0.2, 0.2, len(edge)) * step
    # The cut on the left of each lot; the right side is the left cut of the next lot.
    left = np.where(cuts[edge] > 1, low[edge] + (place - 1) * step + jitter, ((low + high) / 2)[edge])
    right = np.append(left[1:], 0.0)
    is_first, is_last = place == 0, place == cuts[edge]
    made = edges.iloc[edge][
        ["block", "zone", "style", "segment", "x_m", "y_m", "tx", "ty", "depth_m", "kind"]
    ]
    made = made.reset_index(drop=True)
    made["edge"] = edge
    made["front_from_m"] = np.where(is_first, front_from[edge], left)
    made["front_to_m"] = np.where(is_last, front_to[edge], right)
    made["back_from_m"] = np.where(is_first, back_from[edge], left)
    made["back_to_m"] = np.where(is_last, back_to[edge], right)
    good = (made["front_to_m"] - made["front_from_m"] > 3.5) & (made["back_to_m"] - made["back_from_m"] > 0.5)
    return made[good]


def _thinned(plan: TownPlan, rng: np.random.Generator, drawn: Skeleton, made: pd.DataFrame) -> pd.DataFrame:
    """Keep in the fields only ribbon development along the roads out, big boxes, and a few farms."""
    front = (
        made[["x_m", "y_m"]].to_numpy() + made[["tx", "ty"]].to_numpy() * made[["front_from_m"]].to_numpy()
    )
    past = np.hypot(*(front - plan.centre).T) - plan.built_radius_m
    for village in drawn.villages:
        past = np.minimum(past, np.hypot(front[:, 0] - village.x_m, front[:, 1] - village.y_m) - 350.0)
    along_road = made["kind"].isin(["radial", "village"])
    share = np.where(along_road, 0.05 + 0.75 * np.exp(-np.maximum(past, 0) / 550.0), 0.03)
    share = np.where(made["style"] == "box", 0.85, share)
    keep = (made["zone"] != "rural") | (rng.random(len(made)) < share)
    made["style"] = np.where((made["zone"] == "rural") & (share < 0.04), "farm", made["style"])
    return made[keep]


def _shape(made: pd.DataFrame) -> Shapes:
    quads: Shapes = shapely.polygons(corners(made, "front_from_m", "front_to_m", "back_from_m", "back_to_m"))
    return quads


def _without_overlaps(made: pd.DataFrame, inner: Shapes, rank: Floats) -> pd.DataFrame:
    """Give contested ground to the better street; try the lots that lost again at half their depth."""
    around = shapely.buffer(inner, 0.05)
    shapely.prepare(around)
    kept = made.iloc[:0]
    rest = made.assign(geometry=_shape(made), worth=rank[made["segment"]] - made["depth_m"] / 1000.0)
    for _ in range(2):
        geometry = rest["geometry"].to_numpy()
        lies_in = shapely.contains(around[rest["block"]], geometry) & shapely.is_valid(geometry)
        both = pd.concat([kept.assign(worth=9.0), rest[lies_in]])
        loses = _losers(*(both[name].to_numpy() for name in ("geometry", "worth", "edge")))
        lost = pd.concat([rest[~lies_in], both[loses]])
        kept = both[~loses]
        half = 0.5 * lost["depth_m"]
        for side in ("from", "to"):
            lost[f"back_{side}_m"] = (lost[f"front_{side}_m"] + lost[f"back_{side}_m"]) / 2
        rest = lost.assign(depth_m=half)
        rest["geometry"] = _shape(rest)
    return kept.drop(columns="worth").sort_values(["edge", "front_from_m"])


def _losers(shapes: Shapes, worth: Floats, edge: NDArray[np.int64]) -> NDArray[np.bool_]:
    quads = shapely.get_coordinates(shapes).reshape(-1, 5, 2)
    middle = quads[:, :4].mean(axis=1, keepdims=True)
    shrunk = shapely.polygons(middle + (quads - middle) * 0.997)
    one, two = shapely.STRtree(shrunk).query(shrunk)
    # Lots of one edge stand side by side; only lots of different edges can want the same ground.
    rivals = (one < two) & (edge[one] != edge[two])
    one, two = one[rivals], two[rivals]
    clash = shapely.intersects(shrunk[one], shrunk[two])
    loses = np.zeros(len(shapes), bool)
    loses[np.where(worth[one] >= worth[two], two, one)[clash]] = True
    return loses
