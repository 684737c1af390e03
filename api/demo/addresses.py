"""Addresses: street, house number and place of every house, and how busy it is in front of the door."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.demo.buildings import Buildings
from api.demo.lines import Skeleton
from api.demo.lots import Lots
from api.demo.plan import TownPlan
from api.demo.streets import Network

Floats = NDArray[np.float64]

VILLAGE_M = 900.0


def addresses(plan: TownPlan, drawn: Skeleton, net: Network, made: Lots, built: Buildings) -> pd.DataFrame:
    """Give every main building on a lot its address.

    Parameters
    ----------
    plan
        The town.
    drawn
        The lines the town hangs on.
    net
        Its streets.
    made
        Its lots.
    built
        Its buildings.

    Returns
    -------
    pd.DataFrame
        One row per building with building (its number), street, number, place, postcode, village (number, -1 for
        the town), x_m and y_m (middle of the front), in_x and in_y (into the house), front_m (width), style, kind,
        rank, setback_m and busyness (1 at the busiest point).
    """
    is_main = (built.buildings["building_type"] == "main") & (built.buildings["lot"] >= 0)
    house = built.buildings[is_main]
    lot = made.lots.iloc[house["lot"]]
    faced = net.segments.iloc[lot["segment"]]
    along = house[["tx", "ty"]].to_numpy()
    inward = np.column_stack([-along[:, 1], along[:, 0]])
    middle = ((house["from_m"] + house["to_m"]) / 2).to_numpy()[:, None]
    at = house[["x_m", "y_m"]].to_numpy() + along * middle + inward * house[["front_m"]].to_numpy()
    frame = pd.DataFrame(
        {
            "building": house.index,
            "street": faced["name"].to_numpy(),
            "kind": faced["kind"].to_numpy(),
            "rank": faced["rank"].to_numpy(),
            "style": house["style"].to_numpy(),
            "setback_m": house["front_m"].to_numpy(),
            "front_m": (house["to_m"] - house["from_m"]).to_numpy(),
        }
    )
    frame[["x_m", "y_m"]], frame[["in_x", "in_y"]] = at, inward
    frame["busyness"] = busyness(plan, drawn, at, frame["rank"].to_numpy())
    frame["number"] = _house_numbers(plan, frame)
    return _placed(plan, drawn, frame)


def busyness(plan: TownPlan, drawn: Skeleton, at: Floats, rank: Floats) -> Floats:
    """Say how many people pass a place, as a share of the busiest place of the town.

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
    from_square = shapely.distance(shapely.points(at), drawn.square)
    reach = 0.85 * plan.ring_radius_m
    passing = rank**1.2 * np.exp(-((from_square / reach) ** 1.6))
    if not drawn.station.is_empty:
        to_station = np.hypot(at[:, 0] - drawn.station.x, at[:, 1] - drawn.station.y)
        passing = passing + 0.10 * np.exp(-to_station / 130.0)
    for village in drawn.villages:
        off = np.hypot(at[:, 0] - village.x_m, at[:, 1] - village.y_m)
        passing = passing + 0.11 * (0.3 + rank) * np.exp(-((off / 190.0) ** 2))
    if plan.coast_distance_m:
        front = shapely.union_all([line.geometry for line in drawn.lines if line.kind == "shore"])
        passing = passing + 0.35 * np.exp(-shapely.distance(shapely.points(at), front) / 60.0) * (rank > 0.5)
    share: Floats = np.clip(passing + 0.008, 0.008, 1.0)
    return share


def _house_numbers(plan: TownPlan, frame: pd.DataFrame) -> NDArray[np.int64]:
    """Odd on the left, even on the right, rising away from the square (clockwise along ring and square)."""
    away = frame[["x_m", "y_m"]].to_numpy() - plan.centre
    across = frame[["in_x", "in_y"]].to_numpy()
    angle = 2 * np.arctan2(-across[:, 0], across[:, 1])
    street = pd.factorize(frame["street"])[0]
    count = np.bincount(street)
    axis = (
        np.arctan2(np.bincount(street, np.sin(angle)) / count, np.bincount(street, np.cos(angle)) / count) / 2
    )
    direction = np.column_stack([np.cos(axis), np.sin(axis)])
    middle = np.column_stack([np.bincount(street, away[:, i]) / count for i in (0, 1)])
    direction[(direction * middle).sum(axis=1) < 0] *= -1
    direction = direction[street]
    is_round = frame["kind"].isin(["ring", "square"]).to_numpy()
    radial = away / np.hypot(*away.T)[:, None]
    direction = np.where(is_round[:, None], np.column_stack([radial[:, 1], -radial[:, 0]]), direction)
    order = np.where(is_round, np.arctan2(away[:, 0], away[:, 1]), (away * direction).sum(axis=1))
    is_left = direction[:, 0] * across[:, 1] - direction[:, 1] * across[:, 0] > 0
    side = street * 2 + is_left
    rows = np.lexsort((order, side))
    rank = np.empty(len(frame), np.int64)
    rank[rows] = np.arange(len(frame)) - np.searchsorted(side[rows], side[rows])
    return 2 * rank + np.where(is_left, 1, 2)


def _placed(plan: TownPlan, drawn: Skeleton, frame: pd.DataFrame) -> pd.DataFrame:
    village = np.full(len(frame), -1)
    for number, kern in enumerate(drawn.villages):
        off = np.hypot(*(frame[["x_m", "y_m"]].to_numpy() - (kern.x_m, kern.y_m)).T)
        from_centre = np.hypot(*(frame[["x_m", "y_m"]].to_numpy() - plan.centre).T)
        village = np.where((off < VILLAGE_M) & (off < from_centre), number, village)
    names = [plan.name_nl, *[kern.name for kern in drawn.villages]]
    codes = [plan.postcodes[min(i, len(plan.postcodes) - 1)] for i in range(len(names))]
    frame["village"] = village
    frame["place"] = np.array(names)[village + 1]
    frame["postcode"] = np.array(codes)[village + 1]
    return frame
