"""What each segment costs a mode, and where a place may be put on the network."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.search import CLOSED
from gis.speeds import MODES, STREET_CLASSES, Mode, Speeds
from gis.streets import MM, StreetGraph

STEPS_PER_S = 65536.0
STEPS_PER_M = 4096.0
MAX_LIMIT_S = 32_000.0
MAX_LIMIT_M = 500_000.0

# A network of several towns has several large parts; only what is smaller than this is an island nobody snaps to.
MIN_COMPONENT_M = 10_000.0
NO_DOORS = ("motorway", "ferry")


class ArcCosts(NamedTuple):
    """Cost steps of each arc, `CLOSED` where the mode may not go, shape (arcs,).

    Attributes
    ----------
    away
        Followed away from its node: for searches outward.
    towards
        Followed towards its node: for searches towards a place. The same array where every way is the same both ways.
    """

    away: NDArray[np.int32]
    towards: NDArray[np.int32]

    def segments(self, graph: StreetGraph) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Cost steps along each segment and against it, each of shape (segments,)."""
        return self.away[graph.forward_arc], self.away[graph.backward_arc]


def arc_costs(graph: StreetGraph, forward: NDArray[np.int32], backward: NDArray[np.int32]) -> ArcCosts:
    """Lay out the costs of segments along the arcs."""
    away = np.empty(len(graph.arc_target), np.int32)
    away[graph.forward_arc], away[graph.backward_arc] = forward, backward
    if np.array_equal(forward, backward):
        return ArcCosts(away, away)
    towards = np.empty_like(away)
    towards[graph.forward_arc], towards[graph.backward_arc] = backward, forward
    return ArcCosts(away, towards)


def seconds_of_segments(graph: StreetGraph, mode: Mode, speeds: Speeds) -> NDArray[np.float64]:
    """Seconds to travel each segment, whether the mode may or not, shape (segments,)."""
    kmh = _of_classes(mode, speeds)[graph.class_code]
    wait_min = np.full(len(kmh), speeds.ferry_wait_min)
    for area, own in speeds.by_area.items():
        here = np.flatnonzero(graph.area == area)
        kmh[here] = _of_classes(mode, own)[graph.class_code[here]]
        wait_min[here] = own.ferry_wait_min
    is_ferry = graph.class_code == STREET_CLASSES.index("ferry")
    if mode == "car":
        has_own = ~np.isnan(graph.car_speed_kmh) & ~is_ferry
        kmh = np.where(has_own, graph.car_speed_kmh, kmh)
    return np.asarray(graph.length_m * 3.6 / kmh + is_ferry * wait_min * 60.0)


def _of_classes(mode: Mode, speeds: Speeds) -> NDArray[np.float64]:
    return np.array([speeds.of(mode)[name] for name in STREET_CLASSES])


def to_steps(cost: NDArray[np.floating], per_unit: float) -> NDArray[np.int32]:
    """Seconds or metres in whole cost steps; what is longer than any limit is closed."""
    return np.asarray(np.minimum(np.rint(cost * per_unit), CLOSED), np.int32)


def mode_costs(graph: StreetGraph, mode: Mode, speeds: Speeds) -> ArcCosts:
    """Costs in seconds where the access columns let the mode through."""
    steps = to_steps(seconds_of_segments(graph, mode, speeds), STEPS_PER_S)
    bit = 2 * MODES.index(mode)
    forward, backward = (np.where(graph.access >> place & 1, steps, CLOSED) for place in (bit, bit + 1))
    return arc_costs(graph, forward, backward)


def metre_costs(graph: StreetGraph, costs: ArcCosts) -> ArcCosts:
    """Costs in metres wherever those in seconds are open."""
    steps = to_steps(graph.length_m, STEPS_PER_M)
    forward, backward = (np.where(way == CLOSED, CLOSED, steps) for way in costs.segments(graph))
    return arc_costs(graph, forward, backward)


def components(graph: StreetGraph, costs: ArcCosts, *, connection: str) -> NDArray[np.int32]:
    """The component of each node: nodes that can all reach each other ("strong"), or are linked at all ("weak")."""
    n = len(graph.node_mm)
    forward, backward = (np.flatnonzero(way != CLOSED) for way in costs.segments(graph))
    a = np.concatenate([graph.segment_from[forward], graph.segment_to[backward]])
    b = np.concatenate([graph.segment_to[forward], graph.segment_from[backward]])
    links = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(n, n)).tocsr()
    _, label = connected_components(links, directed=True, connection=connection)
    return np.asarray(label, np.int32)


def is_open(graph: StreetGraph, costs: ArcCosts) -> NDArray[np.bool_]:
    """Whether the mode may use each segment in at least one direction, shape (segments,)."""
    forward, backward = costs.segments(graph)
    return np.asarray((forward != CLOSED) | (backward != CLOSED))


def has_doors(graph: StreetGraph) -> NDArray[np.bool_]:
    """Whether places stand along each segment: never along a motorway or a ferry, shape (segments,)."""
    return ~np.isin(graph.class_code, [STREET_CLASSES.index(name) for name in NO_DOORS])


def may_snap(graph: StreetGraph, costs: ArcCosts) -> NDArray[np.bool_]:
    """Which segments a place may be put on, shape (segments,).

    A segment with both ends in one component that can be entered and left, where that component holds at least
    `MIN_COMPONENT_M` of streets or is the largest. Without any such segment (a single one-way street), the largest
    component of streets that are linked at all; without any door, whatever is open.
    """
    usable = is_open(graph, costs)
    for connection in ("strong", "weak"):
        label = components(graph, costs, connection=connection)
        home = label[graph.segment_from]
        inside = usable & has_doors(graph) & (home == label[graph.segment_to])
        if inside.any():
            length_m = np.bincount(home[inside], graph.length_m[inside], label.max() + 1)
            is_large = length_m >= min(MIN_COMPONENT_M, length_m.max())
            return np.asarray(inside & is_large[home])
    return usable


def list_components(
    graph: StreetGraph, costs: ArcCosts, snaps: NDArray[np.bool_]
) -> tuple[pd.DataFrame, pd.Series]:
    """One row per part of the network that is linked in either direction, the longest first; the row of each segment."""
    label = components(graph, costs, connection="weak")
    rows = np.flatnonzero(is_open(graph, costs))
    xy = graph.node_mm[graph.segment_from[rows]] / MM + graph.corner_m
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
    place = pd.Series(np.arange(len(found)), found.index)
    of_segment = table.set_index("segment_id")["component"].map(place)
    return found.reset_index(drop=True).rename_axis("component"), of_segment
