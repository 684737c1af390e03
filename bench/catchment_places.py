"""What the parts of the catchment benchmark share: real streets, places beside them, and how time is taken."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np

from gis.network import StreetNetwork
from gis.snapping import Positions
from tests.gis import real_streets

MODES = ("walk", "bicycle", "car")


def cpu_s(*runs: Callable[[], Any], times: int = 5) -> list[float]:
    """Median CPU seconds of each, one after the other in turns, the first turn not counted."""
    return _in_turns(time.process_time, runs, times)


def wall_s(*runs: Callable[[], Any], times: int = 5) -> list[float]:
    """The same on the clock, for what another process does or several threads do."""
    return _in_turns(time.perf_counter, runs, times)


def _in_turns(clock: Callable[[], float], runs: tuple[Callable[[], Any], ...], times: int) -> list[float]:
    took: list[list[float]] = [[] for _ in runs]
    for turn in range(times + 1):
        for mine, run in zip(took, runs, strict=True):
            started = clock()
            run()
            if turn:
                mine.append(clock() - started)
    return [statistics.median(mine) for mine in took]


def places_on(network: StreetNetwork, n: int, seed: int = 1) -> Positions:
    """Places 5 to 25 m beside streets, spread by length."""
    rng = np.random.default_rng(seed)
    rows = np.flatnonzero(network.snaps)
    length_m = network.graph.length_m[rows].astype(float)
    segment = rng.choice(rows, n, p=length_m / length_m.sum()).astype(np.int32)
    return Positions(segment, rng.uniform(0, 1, n), rng.uniform(5, 25, n))


def beside(network: StreetNetwork, places: Positions) -> np.ndarray:
    """Where those places are, at a right angle to their street."""
    rng = np.random.default_rng(3)
    at = network.locate(places)
    onwards = Positions(places.segment, np.clip(places.fraction + 0.01, 0, 1), places.distance_m)
    along = network.locate(onwards) - at
    side = rng.choice([-1, 1], len(places)) * places.distance_m / np.maximum(np.hypot(*along.T), 1e-9)
    return at + np.column_stack([-along[:, 1], along[:, 0]]) * side[:, None]


def at_nodes(network: StreetNetwork) -> Positions:
    """Every node as a position: an end of one of its segments."""
    graph = network.graph
    segment = graph.arc_segment[graph.arc_start[:-1]]
    is_start = graph.segment_from[segment] == np.arange(len(graph.node_mm))
    return Positions(segment, np.where(is_start, 0.0, 1.0), np.zeros(len(segment)))


def nodes_of(network: StreetNetwork, places: Positions) -> np.ndarray:
    """The first node of the segment of each place, for peers that know nodes only."""
    return network.graph.segment_from[places.segment]


def streets_or_invented(name: str) -> tuple[gpd.GeoDataFrame, str]:
    """A real network, or a grid of blocks where the data are not there."""
    if real_streets.has(name):
        return real_streets.read(name), f"real streets of {name}"
    print(f"skipped: {name} is not there, an invented grid stands in")
    return real_streets.grid(120), "invented grid"
