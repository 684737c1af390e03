"""An independent answer for travel times: streets cut at every place, and scipy's Dijkstra on what that gives."""

from collections import defaultdict
from itertools import pairwise

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from gis.network import StreetNetwork
from gis.snapping import Positions
from gis.speeds import DEFAULT_SPEEDS, Speeds


def kmh_of(streets: gpd.GeoDataFrame, mode: str, speeds: Speeds = DEFAULT_SPEEDS) -> NDArray[np.float64]:
    kmh = streets["street_class"].map(speeds.of(mode)).to_numpy(float)
    own = streets["car_speed_kmh"].to_numpy(float)
    return np.where(np.isnan(own), kmh, own) if mode == "car" else kmh


def exact_times(
    streets: gpd.GeoDataFrame, network: StreetNetwork, places: Positions, *, in_metres: bool = False
) -> NDArray[np.float64]:
    """Seconds (metres) from every place to every other, inf where there is no way; ferries are not handled."""
    assert not (streets["street_class"] == "ferry").any()
    mode = network.mode
    ids = network.graph.segment_id[places.segment]
    on_segment = defaultdict(list)
    for place, (segment_id, fraction) in enumerate(zip(ids, places.fraction, strict=True)):
        on_segment[segment_id].append((fraction, place))
    numbers: dict[object, int] = {}
    cheapest: dict[tuple[int, int], float] = {}

    def number(name: object) -> int:
        return numbers.setdefault(name, len(numbers))

    def link(a: object, b: object, cost: float) -> None:
        pair = number(a), number(b)
        cheapest[pair] = min(cheapest.get(pair, np.inf), cost)

    per_m = 1.0 if in_metres else 3.6 / network.speeds.off_street_kmh
    length_m = shapely.length(streets.geometry.to_numpy())
    cost = length_m if in_metres else length_m * 3.6 / kmh_of(streets, mode, network.speeds)
    forward = streets[f"is_{mode}_forward"].to_numpy()
    backward = streets[f"is_{mode}_backward"].to_numpy()
    for row, (segment_id, line) in enumerate(streets.geometry.items()):
        stops = {0.0: _node(line.coords[0]), 1.0: _node(line.coords[-1])}
        for fraction, place in on_segment[segment_id]:
            stop = stops.setdefault(fraction, ("stop", segment_id, fraction))
            access = places.distance_m[place] * per_m
            link(("door", place), stop, access)
            link(stop, ("door", place), access)
        order = sorted(stops)
        for a, b in pairwise(order):
            if forward[row]:
                link(stops[a], stops[b], cost[row] * (b - a))
            if backward[row]:
                link(stops[b], stops[a], cost[row] * (b - a))
    n = len(numbers)
    pairs = np.array(list(cheapest)).T
    # scipy takes a stored zero for "no way", so nothing is quite free.
    table = coo_array((np.maximum(list(cheapest.values()), 1e-12), pairs), shape=(n, n)).tocsr()
    doors = [numbers["door", place] for place in range(len(places))]
    return dijkstra(table, indices=doors)[:, doors]


def _node(xy: tuple[float, ...]) -> tuple[str, int, int]:
    return "node", round(xy[0] * 100), round(xy[1] * 100)
