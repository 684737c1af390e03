"""Who may use a street: its class, speed, one-way traffic, and a network that every car can get around."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from api.demo.borders import unit_vector
from api.demo.plan import TownPlan

_SPEED_KMH = {
    "primary": 70,
    "secondary": 50,
    "tertiary": 50,
    "unclassified": 70,
    "residential": 30,
    "living_street": 20,
    "service": 30,
    "track": 30,
}


def regulate(plan: TownPlan, rng: np.random.Generator, segments: pd.DataFrame) -> None:
    """Add class, speed and access per mode and direction to the streets.

    Parameters
    ----------
    plan
        The town.
    rng
        Random numbers.
    segments
        Streets between junctions with geometry, street, name, kind, first and last.
    """
    _classify(plan, rng, segments)
    _open_for_cars(segments)
    _make_one_way(plan, rng, segments)


def main_component(segments: pd.DataFrame, used: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the largest connected part of a network.

    Parameters
    ----------
    segments
        Streets between junctions, with first and last.
    used
        Which of them count, shape (segments,).
    """
    ends = segments[["first", "last"]].to_numpy()
    nodes = int(ends.max()) + 1
    graph = coo_array((np.ones(used.sum()), (ends[used, 0], ends[used, 1])), shape=(nodes, nodes))
    _, group = connected_components(graph, directed=False)
    main = np.argmax(np.bincount(group[ends[used, 0]]))
    joined: NDArray[np.bool_] = used & (group[ends[:, 0]] == main)
    return joined


def middles(segments: pd.DataFrame) -> NDArray[np.float64]:
    """Give the middle of each street, shape (segments, 2)."""
    lines = segments["geometry"].to_numpy()
    points: NDArray[np.float64] = shapely.get_coordinates(
        shapely.line_interpolate_point(lines, 0.5, normalized=True)
    )
    return points


def _classify(plan: TownPlan, rng: np.random.Generator, segments: pd.DataFrame) -> None:
    far = np.hypot(*(middles(segments) - plan.centre).T)
    is_core, is_town = far < plan.ring_radius_m, far < plan.built_radius_m
    draw = rng.random(segments["street"].max() + 1)[segments["street"]]
    kind = segments["kind"].to_numpy()
    is_mall_street = (segments["name"] == plan.main_streets[0][0]).to_numpy() & (kind == "main")
    if plan.water_width_m:
        # The bridge stays open to cars.
        towards = (middles(segments) - plan.centre) @ unit_vector(plan.water_bearing)
        is_mall_street &= towards < plan.water_distance_m - plan.water_width_m - 40.0
    is_mall_street &= (far < 0.8 * plan.ring_radius_m) | (plan.coast_distance_m > 0)
    split = kind == "split"
    chosen = [
        (is_mall_street & plan.is_pedestrianised, "pedestrian"),
        (kind == "square", "living_street"),
        ((kind == "main") | (kind == "village"), "tertiary"),
        (kind == "ribbon", "primary"),
        ((kind == "radial") | (kind == "ring"), "secondary"),
        ((kind == "shore") & (far < 1600), "pedestrian"),
        (kind == "shore", "path"),
        ((kind == "quay") & is_town, "residential"),
        (np.isin(kind, ["quay", "railside"]), "cycleway"),
        (split & is_core & (draw < 0.10), "footway"),
        (split & is_core & (draw < 0.35), "living_street"),
        (split & (far < plan.built_radius_m * 1.25), "residential"),
        (split & (draw < 0.16), "track"),
        (split & (draw < 0.20), "service"),
    ]
    street_class = np.select([mask for mask, _ in chosen], [name for _, name in chosen], "unclassified")
    speed = pd.Series(street_class).map(_SPEED_KMH).astype(float).to_numpy()
    speed = np.where((kind == "radial") & (far > plan.built_radius_m * 1.3), 70.0, speed)
    segments["car_speed_kmh"] = np.where(
        np.isin(street_class, ["tertiary", "residential"]) & is_core, 30.0, speed
    )
    segments["street_class"] = street_class
    segments["is_private"] = street_class == "service"


def _open_for_cars(segments: pd.DataFrame) -> None:
    """Decide who may use what; a street that only a path would join to the rest makes that path a road."""
    no_cars = segments["street_class"].isin(["pedestrian", "footway", "path", "cycleway", "track"]).to_numpy()
    cost = np.where(no_cars, np.where(segments["street_class"] == "pedestrian", 30.0, 10.0), 1.0)
    needed = _spanning(segments, cost) & no_cars
    ends = segments[["first", "last"]].to_numpy()
    # A path to a dead end joins nothing.
    on_roads = np.isin(ends, np.unique(ends[~no_cars])).all(axis=1)
    opened = needed & on_roads & (segments["street_class"] != "pedestrian").to_numpy()
    segments.loc[opened, "street_class"] = "unclassified"
    segments.loc[opened, "car_speed_kmh"] = 30.0
    cars = ~no_cars | opened
    joined = main_component(segments, cars)
    segments.loc[cars & ~joined, "street_class"] = "pedestrian"
    cars &= joined
    bicycles = ~segments["street_class"].isin(["footway", "steps"]).to_numpy()
    for way in ("forward", "backward"):
        segments[f"is_walk_{way}"] = True
        segments[f"is_bicycle_{way}"] = bicycles
        segments[f"is_car_{way}"] = cars
    segments.loc[~cars, "car_speed_kmh"] = np.nan


def _spanning(segments: pd.DataFrame, cost: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Mark the segments of a cheapest tree through all junctions."""
    first, last = segments["first"].to_numpy(), segments["last"].to_numpy()
    low, high = np.minimum(first, last), np.maximum(first, last)
    order = np.lexsort((cost, high, low))
    order = order[low[order] != high[order]]
    key = np.column_stack([low, high])[order]
    fresh = np.ones(len(order), bool)
    fresh[1:] = (key[1:] != key[:-1]).any(axis=1)
    order = order[fresh]
    nodes = int(high.max()) + 1
    graph = coo_array((cost[order], (low[order], high[order])), shape=(nodes, nodes)).tocsr()
    tree = minimum_spanning_tree(graph).tocoo()
    wanted = set(zip(tree.row.tolist(), tree.col.tolist(), strict=True))
    marked = np.zeros(len(segments), bool)
    marked[[i for i in order if (low[i], high[i]) in wanted]] = True
    return marked


def _make_one_way(plan: TownPlan, rng: np.random.Generator, segments: pd.DataFrame) -> None:
    cars = segments["is_car_forward"].to_numpy()
    draw = rng.random((segments["street"].max() + 1, 2))[segments["street"]]
    wished = cars & (np.hypot(*(middles(segments) - plan.centre).T) < plan.ring_radius_m)
    wished &= segments["kind"].isin(["split", "main"]).to_numpy() & (draw[:, 0] < 0.45)
    # What the two-way tree needs stays two-way, so every street can be reached and left by car.
    cost = np.select([~cars, wished], [100.0, 10.0], 1.0)
    one_way = wished & ~_spanning(segments, cost)
    segments.loc[one_way & (draw[:, 1] < 0.5), "is_car_backward"] = False
    segments.loc[one_way & (draw[:, 1] >= 0.5), "is_car_forward"] = False
