"""The snap grid: for every cell of the ground, the street position a place there would be put on.

An isochrone then is a look-up of costs and a contour, and the rule for a cell is the rule for an address.
Tiles are made where they are first needed and kept with the network.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gis.network import Search, StreetNetwork
from gis.search import CLOSED, cost_along, cost_via_nodes
from gis.snapping import Positions, nearest_on_segment
from gis.speeds import Mode

TILE_CELLS = 128
MAX_TILES = 2048
CELL_M: dict[Mode, float] = {"walk": 10.0, "bicycle": 10.0, "car": 50.0}
# How far from a street the shape reaches; further away it would promise access over fields and water.
EDGE_M: dict[Mode, float] = {"walk": 60.0, "bicycle": 60.0, "car": 150.0}


class Tile(NamedTuple):
    """A square of `TILE_CELLS` by `TILE_CELLS` cells.

    Attributes
    ----------
    segment
        Nearest usable segment of each cell centre, -1 beyond the edge distance.
    fraction
        Where on the segment, in 65,535ths.
    distance
        How far from it, in 255ths of the edge distance.
    """

    segment: NDArray[np.int32]
    fraction: NDArray[np.uint16]
    distance: NDArray[np.uint8]


class Field(NamedTuple):
    """Costs over a window of cells.

    Attributes
    ----------
    cost
        Seconds or metres at each cell centre, inf where nobody can be, shape (rows, columns); row 0 is the south.
    west_m, south_m
        Centre of the cell in the south-west corner, in the network's CRS.
    cell_m
        Size of a cell.
    """

    cost: NDArray[np.float32]
    west_m: float
    south_m: float
    cell_m: float


def cost_field(network: StreetNetwork, position: Positions, search: Search) -> Field:
    """The cost of being at each cell centre around one position, after a search from it."""
    cell_m, edge_m = CELL_M[network.mode], EDGE_M[network.mode]
    graph = network.graph
    west, south, east, north = _extent_mm(
        graph.node_mm,
        network.roads,
        graph.length_m,
        search.costs.arcs,
        search.work.reached[: search.n_reached],
        search.work.label,
        search.base,
        search.limit,
    )
    # Both ends of the place's own segment may lie beyond the limit, so it counts whether they are reached or not.
    own = graph.lines(position.segment)[0].bounds - np.tile(graph.corner_m, 2)
    reached_m = np.array([west, south, east, north]) / 1000.0
    bounds = np.concatenate([np.fmin(reached_m[:2], own[:2]), np.fmax(reached_m[2:], own[2:])])
    bounds += np.array([-1, -1, 1, 1]) * (edge_m + 2 * cell_m)
    column0, row0 = (int(v) for v in np.floor(bounds[:2] / cell_m))
    column1, row1 = (int(v) for v in np.ceil(bounds[2:] / cell_m))
    cost = np.full((row1 - row0, column1 - column0), np.inf, np.float32)
    at = int(position.segment[0]), float(position.fraction[0])
    access = float(position.distance_m[0]) * search.costs.access_per_m
    for tile_row in range(row0 // TILE_CELLS, (row1 - 1) // TILE_CELLS + 1):
        for tile_column in range(column0 // TILE_CELLS, (column1 - 1) // TILE_CELLS + 1):
            _fill_field(
                tile_of(network, tile_column, tile_row),
                tile_row * TILE_CELLS - row0,
                tile_column * TILE_CELLS - column0,
                network.roads,
                search.costs.arcs,
                search.work.label,
                search.base,
                *at,
                np.int64(round(access)),
                edge_m / 255.0 * search.costs.access_per_m,
                1.0 / search.costs.per_unit,
                cost,
            )
    half = cell_m / 2
    corner = graph.corner_m + np.array([column0, row0]) * cell_m + half
    return Field(cost, float(corner[0]), float(corner[1]), cell_m)


def tile_of(network: StreetNetwork, column: int, row: int) -> Tile:
    """One tile of the network's snap grid, made at the first call."""
    tile = network.tiles.get((column, row))
    if tile is None:
        graph = network.graph
        tile = Tile(
            *_make_tile(
                graph.vertex_start,
                graph.vertex_mm,
                graph.cell_start,
                graph.cell_segment,
                graph.cell_grid,
                network.snaps,
                column * TILE_CELLS * CELL_M[network.mode] * 1000.0,
                row * TILE_CELLS * CELL_M[network.mode] * 1000.0,
                CELL_M[network.mode] * 1000.0,
                EDGE_M[network.mode] * 1000.0,
            )
        )
        while len(network.tiles) >= MAX_TILES:
            network.tiles.pop(next(iter(network.tiles)), None)
        network.tiles[column, row] = tile
    return tile


@njit(cache=True, nogil=True)
def _extent_mm(node_mm, roads, length_m, cost, reached, label, base, limit):  # type: ignore[no-untyped-def]
    """A box around everything reached, the partly travelled arcs included."""
    west = south = np.inf
    east = north = -np.inf
    for i in range(reached.size):
        u = reached[i]
        left = limit - (label[u] - base)
        beyond = 0.0
        for a in range(roads.arc_start[u], roads.arc_start[u + 1]):
            if cost[a] != CLOSED and cost[a] > 0:
                beyond = max(beyond, min(1.0, left / cost[a]) * length_m[roads.arc_segment[a]] * 1000.0)
        west, east = min(west, node_mm[u, 0] - beyond), max(east, node_mm[u, 0] + beyond)
        south, north = min(south, node_mm[u, 1] - beyond), max(north, node_mm[u, 1] + beyond)
    return west, south, east, north


@njit(cache=True, nogil=True)
def _make_tile(  # type: ignore[no-untyped-def]
    vertex_start, vertex_mm, cell_start, cell_segment, cell_grid, may_use, west, south, cell_mm, edge_mm
):
    n = TILE_CELLS
    segment = np.full((n, n), -1, np.int32)
    best = np.full((n, n), edge_mm * edge_mm)
    size, columns, rows = cell_grid[0], cell_grid[1], cell_grid[2]
    first_row = max(int((south - edge_mm) // size), 0)
    last_row = min(int((south + n * cell_mm + edge_mm) // size), rows - 1)
    first_column = max(int((west - edge_mm) // size), 0)
    last_column = min(int((west + n * cell_mm + edge_mm) // size), columns - 1)
    for row in range(first_row, last_row + 1):
        for column in range(first_column, last_column + 1):
            index = row * columns + column
            for k in range(cell_start[index], cell_start[index + 1]):
                s = cell_segment[k]
                if may_use[s]:
                    _draw_segment(vertex_start, vertex_mm, s, west, south, cell_mm, edge_mm, segment, best)
    fraction = np.zeros((n, n), np.uint16)
    distance = np.zeros((n, n), np.uint8)
    for r in range(n):
        for c in range(n):
            s = segment[r, c]
            if s >= 0:
                x, y = west + (c + 0.5) * cell_mm, south + (r + 0.5) * cell_mm
                d2, f = nearest_on_segment(vertex_start, vertex_mm, s, x, y)
                fraction[r, c] = np.uint16(np.rint(f * 65535.0))
                distance[r, c] = np.uint8(min(np.rint(np.sqrt(d2) / edge_mm * 255.0), 255.0))
    return segment, fraction, distance


@njit(cache=True, nogil=True)
def _draw_segment(vertex_start, vertex_mm, s, west, south, cell_mm, edge_mm, segment, best):  # type: ignore[no-untyped-def]
    """Enter a segment in the cells to which it is nearer than any before it."""
    n = segment.shape[0]
    for k in range(vertex_start[s], vertex_start[s + 1] - 1):
        x0, y0 = np.float64(vertex_mm[k, 0]), np.float64(vertex_mm[k, 1])
        x1, y1 = np.float64(vertex_mm[k + 1, 0]), np.float64(vertex_mm[k + 1, 1])
        dx, dy = x1 - x0, y1 - y0
        size2 = dx * dx + dy * dy
        per2 = 1.0 / size2 if size2 > 0.0 else 0.0
        c0 = max(int(np.floor((min(x0, x1) - edge_mm - west) / cell_mm)), 0)
        c1 = min(int(np.floor((max(x0, x1) + edge_mm - west) / cell_mm)), n - 1)
        r0 = max(int(np.floor((min(y0, y1) - edge_mm - south) / cell_mm)), 0)
        r1 = min(int(np.floor((max(y0, y1) + edge_mm - south) / cell_mm)), n - 1)
        for r in range(r0, r1 + 1):
            y = south + (r + 0.5) * cell_mm
            for c in range(c0, c1 + 1):
                x = west + (c + 0.5) * cell_mm
                t = min(max(((x - x0) * dx + (y - y0) * dy) * per2, 0.0), 1.0)
                ex, ey = x0 + t * dx - x, y0 + t * dy - y
                d2 = ex * ex + ey * ey
                if d2 < best[r, c] or (d2 == best[r, c] and s < segment[r, c]):
                    best[r, c] = d2
                    segment[r, c] = s


@njit(cache=True, nogil=True)
def _fill_field(  # type: ignore[no-untyped-def]
    tile,
    row0,
    column0,
    roads,
    cost,
    label,
    base,
    from_segment,
    from_fraction,
    from_access,
    per_distance,
    per_step,
    out,
):
    """Write the costs of a tile into a window of cells that begins `row0`, `column0` cells away."""
    n = tile.segment.shape[0]
    limit = np.int64(1) << 31
    for r in range(max(0, -row0), min(n, out.shape[0] - row0)):
        for c in range(max(0, -column0), min(n, out.shape[1] - column0)):
            s = tile.segment[r, c]
            if s < 0:
                continue
            f = tile.fraction[r, c] / 65535.0
            best = cost_via_nodes(roads, cost, label, base, s, f)
            if s == from_segment:
                best = min(best, from_access + cost_along(roads, cost, s, from_fraction, f))
            if best < limit:
                out[r + row0, c + column0] = (best + tile.distance[r, c] * per_distance) * per_step
