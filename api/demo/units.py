"""Shop units: where they are, how large they are, and which were split, merged or given another use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.demo.addresses import busyness
from api.demo.buildings import Buildings
from api.demo.lines import Skeleton
from api.demo.plan import TownPlan, dice
from api.demo.trades import PLACES, mix, trades

Floats = NDArray[np.float64]

DECLINE_RADIUS_M = 65.0
_MALL_UNITS = 20
_WANTED = {"prime": 0.46, "side": 0.19, "village": 0.07, "ribbon": 0.09, "other": 0.15}


@dataclass(frozen=True)
class Decline:
    """A place where vacancy is truly concentrated, in Lambert 72."""

    x_m: float
    y_m: float


def declines(plan: TownPlan, drawn: Skeleton) -> tuple[Decline, ...]:
    """Say where vacancy is truly concentrated: towards the end of the lesser main streets.

    Parameters
    ----------
    plan
        The town.
    drawn
        The lines the town hangs on.
    """
    places = []
    for number in range(plan.declines):
        street = drawn.mains[min(number + 1, len(drawn.mains) - 1)]
        at = shapely.line_interpolate_point(street, (0.58, 0.70)[number % 2], normalized=True)
        places.append(Decline(at.x, at.y))
    return tuple(places)


def shop_units(
    plan: TownPlan, seed: int, drawn: Skeleton, built: Buildings, houses: pd.DataFrame
) -> pd.DataFrame:
    """Choose the houses with a shop in them and describe the shop units.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    drawn
        The lines the town hangs on.
    built
        Its buildings.
    houses
        Addresses of its houses.

    Returns
    -------
    pd.DataFrame
        One row per unit that exists today: building, street, number, suffix, box, postcode, place, x_m and y_m
        (entrance), kind (number in `PLACES`), busyness, decline (number, -1 for none), area_m2, frontage_m,
        floor_level.
    """
    rng = dice(plan, seed, "units")
    spots = declines(plan, drawn)
    houses = houses.assign(
        area_m2=shapely.area(built.buildings["geometry"].to_numpy()[houses["building"]]),
        decline=_decline(spots, houses[["x_m", "y_m"]].to_numpy()),
    )
    chosen = _chosen(plan, rng, drawn, houses)
    rows = pd.concat([_in_house(rng, chosen), *_mall(plan, built)], ignore_index=True)
    rows["area_m2"] = _area_m2(rng, rows)
    return _numbered(rng, rows)


def _decline(spots: tuple[Decline, ...], at: Floats) -> NDArray[np.int64]:
    number = np.full(len(at), -1)
    for i, spot in enumerate(spots):
        number[np.hypot(at[:, 0] - spot.x_m, at[:, 1] - spot.y_m) < DECLINE_RADIUS_M] = i
    return number


def _chosen(plan: TownPlan, rng: np.random.Generator, drawn: Skeleton, houses: pd.DataFrame) -> pd.DataFrame:
    kind = houses["kind"]
    in_ring = np.hypot(*(houses[["x_m", "y_m"]].to_numpy() - plan.centre).T) < plan.ring_radius_m * 1.15
    village_off = np.full(len(houses), np.inf)
    for kern in drawn.villages:
        off = np.hypot(*(houses[["x_m", "y_m"]].to_numpy() - (kern.x_m, kern.y_m)).T)
        village_off = np.minimum(village_off, off)
    near_coast = (kind == "shore") & (houses["busyness"] > 0.12)
    masks = {
        "prime": kind.isin(["main", "square"]) & in_ring | near_coast,
        "ribbon": houses["style"] == "box",
        "village": village_off < 320.0,
        "side": in_ring & kind.isin(["split", "ring", "quay", "radial"]),
    }
    masks["other"] = ~np.logical_or.reduce(list(masks.values())) & (houses["style"] != "farm")
    units = plan.shop_units - (_MALL_UNITS if plan.mall else 0)
    appeal = np.log(houses["busyness"].to_numpy()) + 1.6 * (houses["decline"] >= 0).to_numpy()
    appeal += rng.gumbel(0, 0.6, len(houses)) + np.where(masks["village"], -village_off / 110.0, 0.0)
    taken = []
    for name, mask in masks.items():
        share = _WANTED[name] * (max(len(drawn.villages), 0.3) if name == "village" else 1.0)
        rows = np.flatnonzero(mask)
        most = min(round(units * share), int(0.9 * len(rows)))
        rows = rows[np.argsort(-appeal[rows], kind="stable")[:most]]
        taken.append(houses.iloc[rows].assign(kind=PLACES.index(name)))
    short = units - sum(map(len, taken))
    spare = np.flatnonzero(masks["side"] & ~houses["building"].isin(pd.concat(taken)["building"]))
    spare = spare[np.argsort(-appeal[spare], kind="stable")[: max(short, 0)]]
    return pd.concat([*taken, houses.iloc[spare].assign(kind=PLACES.index("side"))]).iloc[:units]


def _in_house(rng: np.random.Generator, chosen: pd.DataFrame) -> pd.DataFrame:
    """Put a unit in every chosen house, and in a few houses two side by side or one upstairs."""
    n = len(chosen)
    central = (chosen["kind"] <= 1).to_numpy()
    rows = chosen.assign(suffix="", box="", floor_level="ground", shift=0.0)
    draw = rng.random(n)
    double = central & (draw < 0.05) & (chosen["front_m"] > 6.5).to_numpy()
    upstairs = central & (draw > 0.965)
    left, right = rows[double].assign(suffix="A", shift=-0.25), rows[double].assign(suffix="B", shift=0.25)
    for half in (left, right):
        half["front_m"] /= 2.0
        half["area_m2"] /= 2.0
    upper = rows[upstairs].assign(box="1", floor_level="upper", shift=0.32)
    rows = pd.concat([rows[~double], left, right, upper])
    # Units that share a house come instead of the least central ones: the town keeps its number of units.
    rows = pd.concat([rows[rows["suffix"] != ""], rows[rows["suffix"] == ""]]).iloc[:n]
    gap = rng.uniform(2.1, 4.2, len(rows))
    across, along = rows[["in_x", "in_y"]].to_numpy(), rows[["in_y", "in_x"]].to_numpy() * (1, -1)
    sideways = (rows["shift"] + rng.uniform(-0.1, 0.1, len(rows))).to_numpy() * rows["front_m"].to_numpy()
    at = rows[["x_m", "y_m"]].to_numpy() - across * gap[:, None] + along * sideways[:, None]
    rows[["x_m", "y_m"]] = at
    return rows.rename(columns={"front_m": "frontage_m", "area_m2": "footprint_m2"})


def _mall(plan: TownPlan, built: Buildings) -> list[pd.DataFrame]:
    mall = next((special for special in built.specials if special.kind == "mall"), None)
    if mall is None or mall.building is None:
        return []
    outline = shapely.buffer(mall.building, 2.6, join_style="mitre").exterior
    at = shapely.line_interpolate_point(
        outline, (np.arange(_MALL_UNITS) + 0.5) / _MALL_UNITS, normalized=True
    )
    is_mall = built.buildings["geometry"].to_numpy() == mall.building
    rows = pd.DataFrame(
        {
            "building": int(np.flatnonzero(is_mall)[0]),
            "street": plan.mall,
            "number": np.arange(1, _MALL_UNITS + 1),
            "suffix": "",
            "box": "",
            "floor_level": "ground",
            "place": plan.name_nl,
            "postcode": plan.postcodes[0],
            "kind": PLACES.index("mall"),
            "busyness": 0.62,
            "decline": -1,
            "village": -1,
            "frontage_m": outline.length / _MALL_UNITS,
            "footprint_m2": mall.building.area / _MALL_UNITS,
        }
    )
    rows[["x_m", "y_m"]] = shapely.get_coordinates(at)
    return [rows]


def _area_m2(rng: np.random.Generator, rows: pd.DataFrame) -> Floats:
    """Sales floor area: lognormal around what the trade needs, within what the building can hold."""
    median = np.array([trade.median_m2 for trade in trades()])
    edges = np.cumsum(mix(), axis=1)[rows["kind"].to_numpy()]
    trade = (edges < rng.random((len(rows), 1))).sum(axis=1).clip(0, len(median) - 1)
    wanted = median[trade] * rng.lognormal(0, 0.42, len(rows))
    room = np.maximum(rows["footprint_m2"].to_numpy() * 1.9, 24.0)
    area: Floats = np.clip(
        np.where(wanted > room, room * rng.uniform(0.6, 1.0, len(rows)), wanted), 16.0, 3200.0
    )
    return area.round()


def _numbered(rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    wide = (rng.random(len(rows)) < 0.03) & (rows["suffix"] == "") & (rows["kind"] <= 1)
    rows["number_end"] = np.where(wide, (rows["number"] + 2).astype(str), "")
    columns = [
        "building", "street", "number", "number_end", "suffix", "box", "postcode", "place", "x_m", "y_m", "kind",
        "busyness", "decline", "village", "area_m2", "frontage_m", "floor_level",
    ]  # fmt: skip
    order = ["street", "number", "suffix", "box"]
    return rows[columns].sort_values(order, kind="stable").reset_index(drop=True)


def passages(plan: TownPlan, drawn: Skeleton, at: Floats, rank: Floats) -> Floats:
    """Give the true pedestrian passages on an average day, shape (n,).

    Parameters
    ----------
    plan
        The town.
    drawn
        The lines the town hangs on.
    at
        Places in Lambert 72, metres, shape (n, 2).
    rank
        Attraction of the street, 0-1, shape (n,).
    """
    return plan.passages_per_day * busyness(plan, drawn, at, rank)
