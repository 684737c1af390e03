"""The order in which somebody on foot passes shop units: street by street, along each street as it lies."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from gis.frames import require
from gis.street_axis import StreetGround, axis_of

# What crossing a street costs beside its width: looking, waiting and walking over, as metres of walking.
CROSSING_M = 20.0
# Of a street that nobody drew, doors so near to the line through all of them may stand on either side.
BESIDE_M = 3.0
# A street that cannot be reached on the network comes after all that can.
UNREACHED_M = 100_000.0


class Walk(NamedTuple):
    """One way to walk a street: rows of the units in order, and what it costs in metres."""

    rows: tuple[int, ...]
    cost_m: float


def walking_order(units: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> pd.DataFrame:
    """Put shop units in the order in which one officer walks past them.

    Each street is walked whole: up one side and down the other, or, where that is shorter, forward with crossings in
    the best places. Streets follow each other nearest-next along the network, beginning with the one that has most
    units. The order of the rows of either frame does not matter.

    Parameters
    ----------
    units
        Index: unique, sortable keys. Geometry: Point in a metric CRS. Column `street`: name of the street of its
        address, missing where unknown (the nearest street is taken then).
    streets
        Geometry: LineString in the same CRS, joined at endpoints; those that may be walked. Column `name`.

    Returns
    -------
    DataFrame
        On the index of `units`: `position` (0 = first, each number once), `street` (name under which it is walked,
        empty where none is known) and `side` ("left" or "right" of the street).

    Raises
    ------
    FrameError
        With every fault of the frames.
    """
    require(units, "street", geometry="Point", what="units")
    require(streets, "name", geometry="LineString", what="streets")
    ordered = units.sort_index()
    ground = StreetGround(streets)
    xy = shapely.get_coordinates(ordered.geometry.to_numpy())
    names = _names(ordered, ground)
    walks, side = [], np.full(len(ordered), "left", dtype=object)
    shown = []
    for name in sorted(set(names)):
        rows = np.flatnonzero(names == name)
        spelt = ordered["street"].to_numpy()[rows]
        shown.append(_spelling(spelt, ground.spelling.get(name, "")))
        walks.append(_walks_of_street(rows, xy, ground.pieces(name), side))
    turn = _chain(walks, xy, ground)
    position = np.empty(len(ordered), np.int64)
    street = np.empty(len(ordered), dtype=object)
    done = 0
    for number, walk in turn:
        rows = np.asarray(walk.rows)
        position[rows] = np.arange(done, done + len(rows))
        street[rows] = shown[number]
        done += len(rows)
    told = pd.DataFrame({"position": position, "street": street, "side": side}, index=ordered.index)
    return told.reindex(units.index)


def _names(units: gpd.GeoDataFrame, ground: StreetGround) -> NDArray[np.object_]:
    """The street of each unit in small letters: of its address, else of the nearest street."""
    given = units["street"]
    names = np.array([str(name).strip().casefold() if pd.notna(name) else "" for name in given], dtype=object)
    unnamed = np.flatnonzero(names == "")
    if len(unnamed) and len(ground.lines):
        nearest = ground.tree.nearest(units.geometry.to_numpy()[unnamed])
        names[unnamed] = ground.names[nearest]
    return names


def _spelling(given: NDArray[np.object_], drawn: str) -> str:
    """The name as most addresses write it."""
    counted = Counter(str(name).strip() for name in given if pd.notna(name) and str(name).strip())
    return min(counted, key=lambda name: (-counted[name], name)) if counted else drawn


def _walks_of_street(
    rows: NDArray[np.int64],
    xy: NDArray[np.float64],
    pieces: list[NDArray[np.object_]],
    side: NDArray[np.object_],
) -> list[Walk]:
    """Ways to walk a street that may lie in several pieces; `side` is filled for its rows."""
    lines = [axis_of(piece) for piece in pieces] or [_line_through(xy[rows])]
    points = shapely.points(xy[rows])
    away = np.array([shapely.distance(line, points) for line in lines])
    piece_of = away.argmin(axis=0)
    by_piece = []
    for number, line in enumerate(lines):
        own = rows[piece_of == number]
        if len(own):
            along, is_left = _along(line, xy[own], beside_m=1e-3 if pieces else BESIDE_M)
            side[own] = np.where(is_left, "left", "right")
            by_piece.append(_walks_of_piece(own, along, is_left))
    if len(by_piece) == 1:
        return by_piece[0]
    return [
        _through_pieces(walk, [other for other in by_piece if other is not start], xy)
        for start in by_piece
        for walk in start
    ]


def _line_through(xy: NDArray[np.float64]) -> shapely.LineString:
    """A straight line along doors whose street is not drawn: their direction of largest spread."""
    middle = xy.mean(axis=0)
    _, _, directions = np.linalg.svd(xy - middle, full_matrices=False)
    direction = directions[0] if directions[0][np.abs(directions[0]).argmax()] > 0 else -directions[0]
    reach = np.abs((xy - middle) @ direction).max() + 1.0
    return shapely.LineString([middle - reach * direction, middle + reach * direction])


def _along(
    line: shapely.LineString, xy: NDArray[np.float64], *, beside_m: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Metres along the line of each door, and whether it lies left of it, or less than `beside_m` right of it."""
    along = shapely.line_locate_point(line, shapely.points(xy))
    before = shapely.get_coordinates(shapely.line_interpolate_point(line, np.maximum(along - 0.5, 0.0)))
    after = shapely.get_coordinates(
        shapely.line_interpolate_point(line, np.minimum(along + 0.5, shapely.length(line)))
    )
    heading, out = after - before, xy - before
    across_m = (heading[:, 0] * out[:, 1] - heading[:, 1] * out[:, 0]) / np.maximum(
        np.hypot(*heading.T), 1e-9
    )
    # A door on the line itself must not change sides with the last digit.
    return along, across_m >= -beside_m


def _walks_of_piece(
    rows: NDArray[np.int64], along: NDArray[np.float64], is_left: NDArray[np.bool_]
) -> list[Walk]:
    """Round one side and back along the other from either end, and forward with crossings from either end."""
    order = np.lexsort((rows, along))
    left = [int(i) for i in order if is_left[i]]
    right = [int(i) for i in order if not is_left[i]]
    forward = _merge(left, right, along)
    orders = [
        left + right[::-1],
        right + left[::-1],
        left[::-1] + right,
        right[::-1] + left,
        forward,
        forward[::-1],
    ]
    return [Walk(tuple(int(rows[i]) for i in one), _cost(one, along, is_left)) for one in orders]


def _cost(order: Sequence[int], along: NDArray[np.float64], is_left: NDArray[np.bool_]) -> float:
    at = np.asarray(order)
    return float(
        np.abs(np.diff(along[at])).sum() + CROSSING_M * np.count_nonzero(np.diff(is_left[at].astype(int)))
    )


def _merge(left: list[int], right: list[int], along: NDArray[np.float64]) -> list[int]:
    """The shortest order that goes forward on each side, with a crossing wherever that is best.

    A dynamic programme over how many doors of each side are done and on which side the last one was.
    """
    if not left or not right:
        return left + right
    a, b = along[left], along[right]
    cost = np.full((len(a) + 1, len(b) + 1, 2), np.inf)
    came_from = np.zeros(cost.shape, np.int8)
    cost[1, 0, 0] = cost[0, 1, 1] = 0.0
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            if i and i + j > 1:
                stay = cost[i - 1, j, 0] + (a[i - 1] - a[i - 2] if i > 1 else np.inf)
                cross = cost[i - 1, j, 1] + CROSSING_M + (abs(a[i - 1] - b[j - 1]) if j else np.inf)
                cost[i, j, 0], came_from[i, j, 0] = min((stay, 0), (cross, 1))
            if j and i + j > 1:
                stay = cost[i, j - 1, 1] + (b[j - 1] - b[j - 2] if j > 1 else np.inf)
                cross = cost[i, j - 1, 0] + CROSSING_M + (abs(b[j - 1] - a[i - 1]) if i else np.inf)
                cost[i, j, 1], came_from[i, j, 1] = min((stay, 1), (cross, 0))
    i, j = len(a), len(b)
    on = int(cost[i, j, 1] < cost[i, j, 0])
    order = []
    while i + j:
        order.append(right[j - 1] if on else left[i - 1])
        was = int(came_from[i, j, on])
        i, j = (i, j - 1) if on else (i - 1, j)
        on = was
    return order[::-1]


def _through_pieces(start: Walk, others: list[list[Walk]], xy: NDArray[np.float64]) -> Walk:
    """Go on to the nearest piece of the same street until all are walked."""
    rows, cost_m, left = start.rows, start.cost_m, list(others)
    while left:
        here = xy[rows[-1]]
        _, number, way = min(
            (float(np.hypot(*(xy[walk.rows[0]] - here))) + walk.cost_m, number, way)
            for number, walks in enumerate(left)
            for way, walk in enumerate(walks)
        )
        walk = left.pop(number)[way]
        cost_m += float(np.hypot(*(xy[walk.rows[0]] - here))) + walk.cost_m
        rows += walk.rows
    return Walk(rows, cost_m)


def _chain(walks: list[list[Walk]], xy: NDArray[np.float64], ground: StreetGround) -> list[tuple[int, Walk]]:
    """Streets one after the other, each time the nearest along the network; ties by name."""
    if not walks:
        return []
    first = max(range(len(walks)), key=lambda number: (len(walks[number][0].rows), -number))
    left = [number for number in range(len(walks)) if number != first]
    # The best way to walk the first street whose end lies well is not looked for: nobody waits at its beginning.
    turn = [(first, min(walks[first], key=lambda walk: walk.cost_m))]
    node, snap_m = ground.nearest_nodes(xy)
    while left:
        last = turn[-1][1].rows[-1]
        reach_m = dijkstra(ground.graph, directed=False, indices=node[last]) if len(ground.nodes) else None
        starts = [(number, walk) for number in left for walk in walks[number]]
        entry = np.array([walk.rows[0] for _, walk in starts])
        straight_m = np.hypot(*(xy[entry] - xy[last]).T)
        way_m = straight_m + UNREACHED_M
        if reach_m is not None:
            known = np.maximum(reach_m[node[entry]] + snap_m[entry] + snap_m[last], straight_m)
            way_m = np.where(
                node[entry] == node[last], straight_m, np.where(np.isfinite(known), known, way_m)
            )
        nearest = starts[int(way_m.argmin())][0]
        best = min(
            (float(way_m[i]) + walk.cost_m, i) for i, (number, walk) in enumerate(starts) if number == nearest
        )[1]
        turn.append(starts[best])
        left.remove(nearest)
    return turn
