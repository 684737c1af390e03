"""Buildings on their lots: terraces in the core, houses with gardens around it, big boxes on the ribbon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.demo.lines import Skeleton
from api.demo.lots import Lots, corners
from api.demo.plan import TownPlan, dice
from api.demo.subdivide import Shapes

_STOREY_M = 3.1
_ROOF_M = 2.4


@dataclass(frozen=True)
class Special:
    """A block with one use of its own.

    Attributes
    ----------
    kind
        park, church, school, hall or mall.
    block
        Number of the block.
    building
        The building on it; None in a park.
    """

    kind: str
    block: int
    building: shapely.Polygon | None


@dataclass(frozen=True)
class Buildings:
    """The buildings of a town.

    Attributes
    ----------
    buildings
        One row per building: geometry, lot (-1 for a special one), building_type, use, floors, height_m; for
        main buildings on a lot also front_m (setback), from_m and to_m (along the street, in the lot's frame).
    specials
        Blocks with one use of their own.
    """

    buildings: pd.DataFrame
    specials: tuple[Special, ...]


def buildings(plan: TownPlan, seed: int, made: Lots, specials: tuple[Special, ...]) -> Buildings:
    """Build on the lots.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    made
        The lots.
    specials
        Blocks with one use of their own, their buildings included.
    """
    rng = dice(plan, seed, "buildings")
    houses = _houses(rng, made.lots)
    annexes = _annexes(rng, houses)
    large = pd.DataFrame([_large(special) for special in specials if special.building is not None])
    return Buildings(pd.concat([houses, annexes, large], ignore_index=True), specials)


def _large(special: Special) -> dict[str, object]:
    is_church = special.kind == "church"
    return {
        "geometry": special.building,
        "lot": -1,
        "building_type": "main",
        "use": "commercial" if special.kind == "mall" else "other",
        "floors": 1 if is_church else 2,
        "height_m": 22.0 if is_church else 9.0,
    }


def choose_specials(
    plan: TownPlan, seed: int, drawn: Skeleton, blocks: Shapes, zone: NDArray[np.str_]
) -> tuple[Special, ...]:
    """Choose the blocks for a church, a hall, schools, parks and a shopping centre.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    drawn
        The lines the town hangs on.
    blocks
        The land between the streets, shape (blocks,).
    zone
        Zone of each block, shape (blocks,).
    """
    rng = dice(plan, seed, "specials")
    area = shapely.area(blocks)
    far = shapely.distance(blocks, shapely.Point(plan.centre))
    roomy = shapely.maximum_inscribed_circle(blocks, tolerance=2.0)
    room_m = shapely.length(roomy)
    free = np.ones(len(blocks), bool)
    chosen: list[Special] = []

    def take(kind: str, mask: NDArray[np.bool_], cost: NDArray[np.float64]) -> None:
        cost = np.where(mask & free, cost, np.inf)
        block = int(np.argmin(cost))
        if np.isfinite(cost[block]):
            free[block] = False
            chosen.append(Special(kind, block, _building(kind, blocks[block])))

    # A main street keeps its shop fronts; only the shopping centre may stand on it.
    quiet = shapely.distance(blocks, shapely.union_all(drawn.mains)) > 12.0
    core, town = (zone == "core") & quiet, (zone == "town") & quiet
    if plan.mall:
        take("mall", (zone == "core") & (room_m > 30) & (area < 16000) & (far > 60), far)
    take("church", core & (room_m > 22), far)
    take("hall", core & (room_m > 24), far + rng.uniform(0, 60, len(blocks)))
    take("park", core & (room_m > 26), far + rng.uniform(0, 250, len(blocks)))
    for _ in range(2):
        take(
            "school",
            (core | town) & (room_m > 32),
            np.abs(far - plan.ring_radius_m) + rng.uniform(0, 150, len(blocks)),
        )
    for _ in range(3):
        take("park", town & (room_m > 26), rng.uniform(0, 1, len(blocks)))
    return tuple(chosen)


def _building(kind: str, block: shapely.Polygon) -> shapely.Polygon | None:
    if kind == "park":
        return None
    inside = shapely.buffer(block, -9.0, join_style="mitre")
    if kind == "mall":
        parts = shapely.get_parts(inside)
        return parts[np.argmax(shapely.area(parts))]
    circle = shapely.maximum_inscribed_circle(inside, tolerance=1.0)
    middle, radius = shapely.get_coordinates(circle)[0], shapely.length(circle) * 0.97
    box = shapely.get_coordinates(shapely.oriented_envelope(block))
    along = (box[1] - box[0]) / np.hypot(*(box[1] - box[0]))
    across = np.array([-along[1], along[0]])
    slim = {"church": 0.33, "school": 0.42, "hall": 0.6}[kind]
    half = np.outer([-1, 1, 1, -1], along) * np.cos(slim) + np.outer([-1, -1, 1, 1], across) * np.sin(slim)
    return shapely.Polygon(middle + half * min(radius, 32.0))


_STYLES: dict[str, tuple[float, float, float, float, float, float]] = {
    # style: setback, its spread, depth, its spread, widest building (m), share of lots that are built
    "core": (0.0, 0.0, 12.0, 3.5, 40.0, 0.96),
    "town": (2.5, 2.5, 10.5, 2.0, 15.0, 0.93),
    "village": (4.0, 3.0, 10.5, 2.5, 13.0, 0.88),
    "rural": (7.0, 3.0, 11.0, 3.0, 13.0, 1.0),
    "farm": (9.0, 4.0, 18.0, 6.0, 12.0, 1.0),
    "box": (22.0, 5.0, 42.0, 11.0, 48.0, 1.0),
}


def _houses(rng: np.random.Generator, lots: pd.DataFrame) -> pd.DataFrame:
    style = lots["style"].to_numpy()
    setback, setback_spread, deep, deep_spread, widest, built = (
        np.array([_STYLES[s][i] for s in style]) for i in range(6)
    )
    edge = lots["edge"].to_numpy()
    per_edge = rng.uniform(-1, 1, (edge.max() + 1, 2))[edge]
    terraced = (style == "core") | ((style == "town") & (per_edge[:, 1] < 0.1))
    front = np.where(terraced & (style == "town"), 0.0, setback + setback_spread * per_edge[:, 0])
    side = np.where(terraced, 0.0, np.where(style == "town", 1.5, 2.8))
    start = lots[["front_from_m", "back_from_m"]].max(axis=1).to_numpy() + side
    end = lots[["front_to_m", "back_to_m"]].min(axis=1).to_numpy() - side
    spare = np.maximum(end - start - widest * rng.uniform(0.85, 1.0, len(lots)), 0)
    start, end = start + spare / 2, end - spare / 2
    rear = np.minimum(
        front + deep + deep_spread * rng.uniform(-1, 1, len(lots)), lots["depth_m"].to_numpy() - 1.0
    )
    houses = lots[["x_m", "y_m", "tx", "ty", "depth_m", "style"]].assign(
        lot=np.arange(len(lots)),
        from_m=start,
        to_m=end,
        front_m=front,
        rear_m=rear,
        terraced=terraced,
        building_type="main",
        use=np.select([style == "box", style == "farm"], ["commercial", "other"], "residential"),
        floors=_floors(rng, style),
    )
    houses["height_m"] = np.round(
        houses["floors"] * _STOREY_M + _ROOF_M + rng.uniform(-0.4, 1.2, len(lots)), 1
    )
    built_on = (end - start > 4.4) & (rear - front > 5.0) & (rng.random(len(lots)) < built)
    kept: pd.DataFrame = houses.loc[built_on].copy()
    kept["geometry"] = shapely.polygons(
        corners(kept, "from_m", "to_m", "from_m", "to_m", depth="rear_m", front="front_m")
    )
    return kept


def _floors(rng: np.random.Generator, style: NDArray[np.str_]) -> NDArray[np.int64]:
    n = len(style)
    core = rng.choice([2, 3, 4], n, p=[0.5, 0.38, 0.12])
    town = rng.choice([1, 2, 3], n, p=[0.06, 0.82, 0.12])
    villa = rng.choice([1, 2], n, p=[0.3, 0.7])
    return np.select(
        [style == "core", style == "town", np.isin(style, ["box", "farm"])], [core, town, 1], villa
    )


def _annexes(rng: np.random.Generator, houses: pd.DataFrame) -> pd.DataFrame:
    spare = (houses["depth_m"] - houses["rear_m"]).to_numpy()
    wanted = houses["terraced"].to_numpy() & (spare > 5.0) & (rng.random(len(houses)) < 0.5)
    annexes = houses[wanted].copy()
    share = rng.uniform(0.4, 0.7, len(annexes))
    annexes["to_m"] = annexes["from_m"] + share * (annexes["to_m"] - annexes["from_m"])
    annexes["front_m"] = annexes["rear_m"]
    annexes["rear_m"] += np.minimum(rng.uniform(3.0, 9.0, len(annexes)), spare[wanted] - 1.5)
    annexes["geometry"] = shapely.polygons(
        corners(annexes, "from_m", "to_m", "from_m", "to_m", depth="rear_m", front="front_m")
    )
    return annexes.assign(building_type="annex", floors=1, height_m=3.4)
