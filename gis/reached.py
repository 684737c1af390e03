"""The streets a catchment is made of: whole segments, and the parts of those its border cuts."""

# numba compiles functions for positional arguments, and kernels take many.
# ruff: noqa: PLR0917

import geopandas as gpd
import numpy as np
import shapely
from numba import njit
from numpy.typing import ArrayLike

from gis.engine import Direction
from gis.errors import GisError, PointOffNetwork
from gis.network import MAX_SNAP_M, StreetNetwork
from gis.search import CLOSED, ONE_SEARCH
from gis.streets import MM


def reached_streets(
    network: StreetNetwork,
    xy: ArrayLike,
    *,
    minutes: float | None = None,
    metres: float | None = None,
    direction: Direction = "outward",
    max_distance_m: float = MAX_SNAP_M,
) -> gpd.GeoDataFrame:
    """Cut out the streets that lie within a limit: what an isochrone is drawn around.

    Parameters
    ----------
    network, xy, direction, max_distance_m
        As for `gis.catchment.isochrones`.
    minutes, metres
        The limit, one of the two.

    Returns
    -------
    GeoDataFrame
        One row per reached part of a segment, two where it is reached from both ends but not in the middle:
        `segment_id`, `from_share` and `to_share` (of its length), `length_m`, LineString geometry.

    Raises
    ------
    PointOffNetwork
        If no usable street is within `max_distance_m`.
    """
    if (minutes is None) == (metres is None):
        raise GisError("a limit in minutes or in metres is needed, and not both")
    place = network.snap(xy, max_distance_m=max_distance_m)
    if not place.is_snapped.all() or len(place) == 0:
        raise PointOffNetwork(mode=network.mode, max_distance_m=max_distance_m)
    costs = network.engine.costs(direction, "m" if minutes is None else "s")
    limit = metres if minutes is None else minutes * 60.0
    graph = network.graph
    assert limit is not None
    with network.engine.searched(place, limit, costs) as search:
        reached = search.work.reached[: search.n_reached]
        segment, begin, end = _cut(
            network.engine.roads,
            costs.arcs,
            reached,
            search.work.label,
            search.base,
            search.bound.limit,
            search.spots,
        )
    mm, first = _clip(graph.vertex_start, graph.vertex_mm, segment, begin, end)
    lines = shapely.linestrings(
        mm / MM + graph.corner_m, indices=np.repeat(np.arange(len(segment)), np.diff(first))
    )
    return gpd.GeoDataFrame(
        {
            "segment_id": graph.segment_id[segment],
            "from_share": begin,
            "to_share": end,
            "length_m": graph.length_m[segment] * (end - begin),
        },
        geometry=lines,
        crs=graph.crs,
    )


@njit(cache=True, nogil=True)
def _cut(roads, cost, reached, label, base, limit, spots):  # type: ignore[no-untyped-def]
    """The reached parts of segments as segment, begin and end share, each of shape (parts,), in no order."""
    most = 2 * spots.segment.size
    for k in range(reached.size):
        most += 2 * (roads.arc_start[reached[k] + 1] - roads.arc_start[reached[k]])
    segment, begin, end = np.empty(most, np.int32), np.empty(most), np.empty(most)
    n = 0
    for k in range(reached.size):
        u = reached[k]
        for a in range(roads.arc_start[u], roads.arc_start[u + 1]):
            s = roads.arc_segment[a]
            # Both ends reached: only the forward arc counts the segment.
            if a == roads.forward_arc[s] or label[roads.start[s]] >= base + ONE_SEARCH:
                n = _cut_segment(roads, cost, label, base, limit, spots, s, segment, begin, end, n)
    for i in range(spots.segment.size):
        s = spots.segment[i]
        is_new = (
            s >= 0 and label[roads.start[s]] >= base + ONE_SEARCH and label[roads.end[s]] >= base + ONE_SEARCH
        )
        for j in range(i):
            is_new = is_new and spots.segment[j] != s
        if is_new:
            n = _cut_segment(roads, cost, label, base, limit, spots, s, segment, begin, end, n)
    return segment[:n], begin[:n], end[:n]


@njit(cache=True, nogil=True)
def _cut_segment(roads, cost, label, base, limit, spots, s, segment, begin, end, n):  # type: ignore[no-untyped-def]
    """Add the reached parts of one segment behind the `n` there are; the sum of those is returned."""
    low, high = np.empty(2 + spots.segment.size), np.empty(2 + spots.segment.size)
    n_parts = 0
    forward, backward = cost[roads.forward_arc[s]], cost[roads.backward_arc[s]]
    at_start, at_end = label[roads.start[s]] - base, label[roads.end[s]] - base
    if at_start <= limit and forward != CLOSED:
        low[0], high[0] = 0.0, _share(limit - at_start, forward)
        n_parts = 1
    if at_end <= limit and backward != CLOSED:
        low[n_parts], high[n_parts] = 1.0 - _share(limit - at_end, backward), 1.0
        n_parts += 1
    for i in range(spots.segment.size):
        left = limit - spots.access[i]
        if spots.segment[i] == s and left >= 0:
            f = spots.fraction[i]
            low[n_parts] = max(0.0, f - _share(left, backward)) if backward != CLOSED else f
            high[n_parts] = min(1.0, f + _share(left, forward)) if forward != CLOSED else f
            n_parts += 1
    last = -1.0
    for turn in range(n_parts):
        i = turn
        for j in range(turn + 1, n_parts):
            if low[j] < low[i]:
                i = j
        low[turn], low[i], high[turn], high[i] = low[i], low[turn], high[i], high[turn]
        i = turn
        if high[i] <= max(low[i], last):
            continue
        if low[i] <= last:
            end[n - 1] = high[i]
        else:
            segment[n], begin[n], end[n] = s, low[i], high[i]
            n += 1
        last = high[i]
    return n


@njit(cache=True, nogil=True)
def _share(left, whole):  # type: ignore[no-untyped-def]
    """The share of a segment that what is left of the limit allows."""
    return 1.0 if left >= whole else left / whole


@njit(cache=True, nogil=True)
def _clip(vertex_start, vertex_mm, segment, begin, end):  # type: ignore[no-untyped-def]
    """Vertices of the parts of segments, mm, shape (vertices, 2), and where each part begins, shape (parts + 1,)."""
    first = np.zeros(segment.size + 1, np.int64)
    most = 0
    for i in range(segment.size):
        most += 2 + vertex_start[segment[i] + 1] - vertex_start[segment[i]]
    out = np.empty((most, 2))
    n = 0
    for i in range(segment.size):
        a, b = vertex_start[segment[i]], vertex_start[segment[i] + 1]
        total = 0.0
        for k in range(a, b - 1):
            total += np.hypot(
                np.float64(vertex_mm[k + 1, 0] - vertex_mm[k, 0]),
                np.float64(vertex_mm[k + 1, 1] - vertex_mm[k, 1]),
            )
        low, high, gone = begin[i] * total, end[i] * total, 0.0
        for k in range(a, b - 1):
            x, y = np.float64(vertex_mm[k, 0]), np.float64(vertex_mm[k, 1])
            dx, dy = vertex_mm[k + 1, 0] - x, vertex_mm[k + 1, 1] - y
            size = np.hypot(dx, dy)
            is_last = k == b - 2
            if size > 0.0 and (gone + size > low or is_last) and gone < high:
                if n == first[i]:
                    t = min(max((low - gone) / size, 0.0), 1.0)
                    out[n, 0], out[n, 1] = x + t * dx, y + t * dy
                    n += 1
                t = min((high - gone) / size, 1.0)
                out[n, 0], out[n, 1] = x + t * dx, y + t * dy
                n += 1
            gone += size
        while n < first[i] + 2:
            # A street without length is still a line.
            out[n, 0], out[n, 1] = vertex_mm[a, 0], vertex_mm[a, 1]
            n += 1
        first[i + 1] = n
    return out[:n], first
