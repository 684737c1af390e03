"""What each arc costs a mode, and where a place may be put on the network."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.search import CLOSED
from gis.speeds import MODES, STREET_CLASSES, Mode, Speeds
from gis.streets import StreetGraph

STEPS_PER_S = 65536.0
STEPS_PER_M = 4096.0
MAX_LIMIT_S = 32_000.0
MAX_LIMIT_M = 500_000.0

# A network of several towns has several large parts; only what is smaller than this is an island nobody snaps to.
MIN_COMPONENT_M = 10_000.0
NO_DOORS: dict[Mode, tuple[str, ...]] = {
    "walk": ("motorway", "ferry"),
    "bicycle": ("motorway", "ferry"),
    "car": ("motorway", "ferry"),
}


class SegmentCosts(NamedTuple):
    """Cost steps along each segment and against it, `CLOSED` where the mode may not go, shape (segments,)."""

    forward: NDArray[np.int32]
    backward: NDArray[np.int32]


def seconds_of_segments(graph: StreetGraph, mode: Mode, speeds: Speeds) -> NDArray[np.float64]:
    """Seconds to travel each segment, whether the mode may or not, shape (segments,)."""
    by_class = np.array([speeds.of(mode)[name] for name in STREET_CLASSES])
    kmh = by_class[graph.class_code]
    is_ferry = graph.class_code == STREET_CLASSES.index("ferry")
    if mode == "car":
        has_own = ~np.isnan(graph.car_speed_kmh) & ~is_ferry
        kmh = np.where(has_own, graph.car_speed_kmh, kmh)
    return np.asarray(graph.length_m * 3.6 / kmh + is_ferry * speeds.ferry_wait_min * 60.0)


def segment_costs(
    graph: StreetGraph, mode: Mode, cost: NDArray[np.float64], *, per_unit: float
) -> SegmentCosts:
    """Turn seconds or metres into cost steps where the access columns let the mode through."""
    steps = np.minimum(np.rint(cost * per_unit), CLOSED).astype(np.int32)
    bit = 2 * MODES.index(mode)
    may_forward = (graph.access >> bit & 1).astype(bool)
    may_backward = (graph.access >> (bit + 1) & 1).astype(bool)
    return SegmentCosts(np.where(may_forward, steps, CLOSED), np.where(may_backward, steps, CLOSED))


def arc_costs(graph: StreetGraph, costs: SegmentCosts) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Cost of each arc followed away from its node, and followed towards its node: the two directions of a search."""
    away = np.empty(len(graph.arc_target), np.int32)
    away[graph.forward_arc], away[graph.backward_arc] = costs
    if np.array_equal(costs.forward, costs.backward):
        return away, away
    towards = np.empty_like(away)
    towards[graph.forward_arc], towards[graph.backward_arc] = costs.backward, costs.forward
    return away, towards


def strong_components(
    graph: StreetGraph, costs: SegmentCosts, *, connection: str = "strong"
) -> NDArray[np.int32]:
    """The component of each node: nodes that can all reach each other ("weak": in either direction)."""
    n = len(graph.node_mm)
    is_open = [np.flatnonzero(way != CLOSED) for way in costs]
    a = np.concatenate([graph.segment_from[is_open[0]], graph.segment_to[is_open[1]]])
    b = np.concatenate([graph.segment_to[is_open[0]], graph.segment_from[is_open[1]]])
    links = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(n, n)).tocsr()
    _, label = connected_components(links, directed=True, connection=connection)
    return np.asarray(label, np.int32)


def may_snap(graph: StreetGraph, mode: Mode, costs: SegmentCosts) -> NDArray[np.bool_]:
    """Which segments a place may be put on, shape (segments,).

    A segment with both ends in one component from which one can also return, where that component holds at
    least `MIN_COMPONENT_M` of streets or is the largest. Without any such segment (a single one-way street),
    the largest component of streets that are linked at all. Never a motorway or a ferry: no door opens on them.
    """
    is_open = (costs.forward != CLOSED) | (costs.backward != CLOSED)
    doorless = [STREET_CLASSES.index(name) for name in NO_DOORS[mode]]
    has_doors = is_open & ~np.isin(graph.class_code, doorless)
    for connection in ("strong", "weak"):
        label = strong_components(graph, costs, connection=connection)
        home = label[graph.segment_from]
        is_inside = is_open & (home == label[graph.segment_to])
        if not (is_inside & has_doors).any():
            continue
        length_m = np.bincount(home[is_inside & has_doors], graph.length_m[is_inside & has_doors], len(label))
        is_large = length_m >= min(MIN_COMPONENT_M, length_m.max())
        return np.asarray(is_inside & has_doors & is_large[home])
    return is_open


def list_components(graph: StreetGraph, costs: SegmentCosts, snaps: NDArray[np.bool_]) -> pd.DataFrame:
    """One row per part of the network that is linked in either direction, the longest first."""
    label = strong_components(graph, costs, connection="weak")
    is_open = (costs.forward != CLOSED) | (costs.backward != CLOSED)
    rows = np.flatnonzero(is_open)
    xy = graph.node_mm[graph.segment_from[rows]] / 1000.0 + graph.corner_m
    table = pd.DataFrame(
        {
            "component": label[graph.segment_from[rows]],
            "segments": 1,
            "length_m": graph.length_m[rows].astype(float),
            "snappable_segments": snaps[rows].astype(int),
            "segment_id": graph.segment_id[rows],
            "x_m": xy[:, 0],
            "y_m": xy[:, 1],
        }
    ).sort_values("segment_id")
    sums = table.groupby("component")[["segments", "length_m", "snappable_segments"]].sum()
    firsts = table.groupby("component")[["segment_id", "x_m", "y_m"]].first()
    nodes = pd.Series(np.bincount(label), name="nodes").reindex(sums.index)
    found = sums.join(nodes).join(firsts).sort_values(["length_m", "segment_id"], ascending=[False, True])
    found["is_island"] = found["snappable_segments"] == 0
    return found.reset_index(drop=True).rename_axis("component")
