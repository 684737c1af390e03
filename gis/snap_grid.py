"""The snap grid: for every cell of the ground, the street position a place there would be put on.

An isochrone then is a look-up of costs and a contour, and the rule for a cell is the rule for an address.
Tiles are made where they are first needed and kept with the network.
"""

# numba compiles functions for positional arguments, and kernels take many.
# ruff: noqa: PLR0917

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gis.engine import Search
from gis.network import MAX_SNAP_M, StreetNetwork
from gis.search import CLOSED, NEVER, ONE_SEARCH, cost_along
from gis.snapping import Positions, nearest_segment
from gis.speeds import Mode
from gis.streets import MM

TILE_CELLS = 128
BLOCK_CELLS = 8
# A window takes the finest cells of which it needs no more than so many: some milliseconds for any limit.
CELLS_M: dict[Mode, tuple[float, ...]] = {
    "walk": (4.0, 8.0, 16.0, 32.0),
    "bicycle": (10.0, 20.0, 40.0),
    "car": (10.0, 25.0, 50.0, 100.0, 200.0),
}
MAX_CELLS: dict[Mode, int] = {"walk": 150_000, "bicycle": 200_000, "car": 400_000}


class Tile(NamedTuple):
    """A square of `TILE_CELLS` by `TILE_CELLS` cells.

    Attributes
    ----------
    segment
        Nearest usable segment of each cell centre, -1 beyond `MAX_SNAP_M`.
    fraction
        Where on the segment, in 65,535ths.
    distance
        How far from it, in 255ths of `MAX_SNAP_M`.
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
    column, row
        Number of the south-west cell, counted from the corner of the network.
    cell_m
        Size of a cell.
    """

    cost: NDArray[np.float32]
    column: int
    row: int
    cell_m: float

    def corner(self, network: StreetNetwork) -> tuple[float, float]:
        """Centre of the cell in the south-west corner, in the network's CRS."""
        x, y = network.graph.corner_m + (np.array([self.column, self.row]) + 0.5) * self.cell_m
        return float(x), float(y)


def reached_window(network: StreetNetwork, positions: Positions, search: Search) -> Field:
    """An empty field over everything that a search from the positions reached, with the outside all round it."""
    graph = network.graph
    here = network.locate(positions[positions.is_snapped]) - graph.corner_m
    spots = search.spots.segment[search.spots.segment >= 0]
    nodes = search.work.reached[: search.n_reached]
    extent_m = _extent(
        graph.node_mm, network.engine.roads, graph.length_m, search.costs.arcs, nodes, here, spots, search.work.label,
        search.base, search.bound.limit,
    )  # fmt: skip
    low, high = np.array(extent_m[:2]) - MAX_SNAP_M, np.array(extent_m[2:]) + MAX_SNAP_M
    for cell_m in CELLS_M[network.mode]:
        column, row = (int(v) - 2 for v in np.floor(low / cell_m))
        columns, rows = (int(v) + 3 for v in np.ceil(high / cell_m) - (column, row))
        if columns * rows <= MAX_CELLS[network.mode]:
            break
    return Field(np.full((rows, columns), np.inf, np.float32), column, row, cell_m)


def fill_field(network: StreetNetwork, search: Search, field: Field, *, edge_m: float) -> Field:
    """Write the cost of being at each cell centre that is no further than `edge_m` from a street."""
    per_distance = MAX_SNAP_M / 255.0 * search.costs.access_per_m
    furthest = np.floor(min(edge_m, MAX_SNAP_M) / MAX_SNAP_M * 255.0)
    rows, columns = field.cost.shape
    for tile_row in range(field.row // TILE_CELLS, (field.row + rows - 1) // TILE_CELLS + 1):
        for tile_column in range(field.column // TILE_CELLS, (field.column + columns - 1) // TILE_CELLS + 1):
            _fill_tile(
                tile_of(network, field.cell_m, tile_column, tile_row),
                (tile_row * TILE_CELLS - field.row, tile_column * TILE_CELLS - field.column),
                network.engine.roads,
                search.costs.arcs,
                search.work.label,
                search.base,
                search.spots,
                furthest,
                (per_distance, 1.0 / search.costs.per_unit),
                field.cost,
            )
    field.cost[[0, -1], :] = field.cost[:, [0, -1]] = np.inf
    return field


def tile_of(network: StreetNetwork, cell_m: float, column: int, row: int) -> Tile:
    """One tile of the network's snap grid, made at the first call."""

    def make() -> Tile:
        size_mm = TILE_CELLS * cell_m * MM
        return Tile(
            *_make_tile(network.ground, column * size_mm, row * size_mm, cell_m * MM, MAX_SNAP_M * MM)
        )

    tile: Tile = network.tiles.get((cell_m, column, row), make)
    return tile


@njit(cache=True, nogil=True)
def _extent(node_mm, roads, length_m, cost, reached, here_m, segment, label, base, limit):  # type: ignore[no-untyped-def]
    """A box around everything reached, the partly travelled segments included, in metres."""
    west = south = np.inf
    east = north = -np.inf
    arc_start, arc_segment = roads.arc_start, roads.arc_segment
    forward_arc, backward_arc = roads.forward_arc, roads.backward_arc
    for i in range(reached.size + segment.size):
        beyond = 0.0
        if i < reached.size:
            u = reached[i]
            x, y, left = node_mm[u, 0] / 1000.0, node_mm[u, 1] / 1000.0, limit - (label[u] - base)
            for a in range(arc_start[u], arc_start[u + 1]):
                beyond = max(beyond, _distance_left(left, cost[a], length_m[arc_segment[a]]))
        else:
            s = segment[i - reached.size]
            x, y = here_m[i - reached.size, 0], here_m[i - reached.size, 1]
            for a in (forward_arc[s], backward_arc[s]):
                beyond = max(beyond, _distance_left(limit, cost[a], length_m[s]))
        west, east = min(west, x - beyond), max(east, x + beyond)
        south, north = min(south, y - beyond), max(north, y + beyond)
    return west, south, east, north


@njit(cache=True, nogil=True)
def _distance_left(left, cost, length_m):  # type: ignore[no-untyped-def]
    """How far along a segment what is left of the limit goes, metres."""
    if cost == CLOSED:
        return 0.0
    return np.float64(length_m) if left >= cost else length_m * (left / cost)


@njit(cache=True, nogil=True)
def _make_tile(ground, west, south, cell_mm, edge_mm):  # type: ignore[no-untyped-def]
    """Find the nearest usable segment of each cell, a block of cells at a time.

    No cell of a block can be nearest to a piece of street that lies further from the centre of the block than the
    nearest one does plus the block's diagonal: few pieces are left to compare cell by cell.
    """
    n = TILE_CELLS
    segment = np.full((n, n), -1, np.int32)
    fraction = np.zeros((n, n), np.uint16)
    distance = np.zeros((n, n), np.uint8)
    pieces = np.empty((64, 8))
    diagonal = BLOCK_CELLS * cell_mm * np.sqrt(2.0)
    for r0 in range(0, n, BLOCK_CELLS):
        for c0 in range(0, n, BLOCK_CELLS):
            x, y = west + (c0 + BLOCK_CELLS / 2) * cell_mm, south + (r0 + BLOCK_CELLS / 2) * cell_mm
            s, d2 = nearest_segment(ground, x, y, edge_mm + diagonal / 2)
            if s < 0:
                continue
            n_pieces, pieces = _pieces_near(ground, x, y, np.sqrt(d2) + diagonal + 1.0, pieces)
            for r in range(r0, r0 + BLOCK_CELLS):
                for c in range(c0, c0 + BLOCK_CELLS):
                    x, y = west + (c + 0.5) * cell_mm, south + (r + 0.5) * cell_mm
                    best2, best, best_t = edge_mm * edge_mm, -1, 0.0
                    for k in range(n_pieces):
                        x0, y0, dx, dy, per2 = (
                            pieces[k, 0],
                            pieces[k, 1],
                            pieces[k, 2],
                            pieces[k, 3],
                            pieces[k, 4],
                        )
                        t = min(max(((x - x0) * dx + (y - y0) * dy) * per2, 0.0), 1.0)
                        d2 = (x0 + t * dx - x) ** 2 + (y0 + t * dy - y) ** 2
                        if d2 < best2 or (d2 == best2 and best >= 0 and pieces[k, 7] < pieces[best, 7]):
                            best2, best, best_t = d2, k, t
                    if best >= 0:
                        segment[r, c] = np.int32(pieces[best, 7])
                        share = pieces[best, 5] + best_t * (pieces[best, 6] - pieces[best, 5])
                        fraction[r, c] = np.uint16(np.rint(share * 65535.0))
                        distance[r, c] = np.uint8(np.rint(np.sqrt(best2) / edge_mm * 255.0))
    return segment, fraction, distance


@njit(cache=True, nogil=True)
def _pieces_near(ground, x, y, radius, pieces):  # type: ignore[no-untyped-def]
    """List the straight pieces of usable segments within a radius.

    Columns: start x and y, difference in x and y, 1 / squared length, fraction of the segment at either end, segment.
    Returns how many, and the table, a larger one where it was too small.
    """
    cell_mm, columns, rows = ground.cell_grid[0], ground.cell_grid[1], ground.cell_grid[2]
    cell_start, cell_segment, snaps = ground.cell_start, ground.cell_segment, ground.snaps
    vertex_start, vertex_mm = ground.vertex_start, ground.vertex_mm
    n = 0
    for row in range(max(int((y - radius) // cell_mm), 0), min(int((y + radius) // cell_mm), rows - 1) + 1):
        for column in range(
            max(int((x - radius) // cell_mm), 0), min(int((x + radius) // cell_mm), columns - 1) + 1
        ):
            cell = row * columns + column
            for k in range(cell_start[cell], cell_start[cell + 1]):
                s = cell_segment[k]
                is_new = snaps[s]
                for i in range(n):
                    is_new = is_new and pieces[i, 7] != s
                if is_new:
                    n, pieces = _add_pieces(vertex_start, vertex_mm, s, x, y, radius, n, pieces)
    return n, pieces


@njit(cache=True, nogil=True)
def _add_pieces(vertex_start, vertex_mm, s, x, y, radius, n, pieces):  # type: ignore[no-untyped-def]
    first, last = vertex_start[s], vertex_start[s + 1] - 1
    if n + last - first > pieces.shape[0]:
        larger = np.empty((2 * (n + last - first), pieces.shape[1]))
        larger[:n] = pieces[:n]
        pieces = larger
    begin, length = n, 0.0
    for k in range(first, last):
        x0, y0 = np.float64(vertex_mm[k, 0]), np.float64(vertex_mm[k, 1])
        dx, dy = np.float64(vertex_mm[k + 1, 0]) - x0, np.float64(vertex_mm[k + 1, 1]) - y0
        size2 = dx * dx + dy * dy
        per2 = 1.0 / size2 if size2 > 0.0 else 0.0
        t = min(max(((x - x0) * dx + (y - y0) * dy) * per2, 0.0), 1.0)
        size = np.sqrt(size2)
        if (x0 + t * dx - x) ** 2 + (y0 + t * dy - y) ** 2 <= radius * radius:
            pieces[n, 0], pieces[n, 1], pieces[n, 2], pieces[n, 3], pieces[n, 4] = x0, y0, dx, dy, per2
            pieces[n, 5], pieces[n, 6], pieces[n, 7] = length, length + size, s
            n += 1
        length += size
    for k in range(begin, n):
        pieces[k, 5] = pieces[k, 5] / length if length > 0.0 else 0.0
        pieces[k, 6] = min(pieces[k, 6] / length, 1.0) if length > 0.0 else 0.0
    return n, pieces


@njit(cache=True, nogil=True)
def _fill_tile(tile, place, roads, cost, label, base, spots, furthest, per, out):  # type: ignore[no-untyped-def]
    """Write the costs of a tile into a window of cells that begins `place` (rows, columns) cells before it."""
    # In loops arrays are read from locals: every look into a tuple counts a reference, which costs more than the work.
    tile_segment, tile_fraction, tile_distance = tile.segment, tile.fraction, tile.distance
    start, end, forward_arc, backward_arc = roads.start, roads.end, roads.forward_arc, roads.backward_arc
    spot_segment, spot_fraction, spot_access = spots.segment, spots.fraction, spots.access
    n = tile_segment.shape[0]
    row0, column0 = place
    per_distance, per_step = per
    newer = base + ONE_SEARCH
    known, is_shared, is_beyond = np.int32(-1), False, True
    at_start = at_end = along = against = np.inf
    for r in range(max(0, -row0), min(n, out.shape[0] - row0)):
        for c in range(max(0, -column0), min(n, out.shape[1] - column0)):
            s = tile_segment[r, c]
            if s < 0 or tile_distance[r, c] > furthest:
                continue
            if s != known:
                # Neighbouring cells mostly share their segment, so what it costs is looked up once.
                known = s
                is_shared = False
                for i in range(spot_segment.size):
                    is_shared |= spot_segment[i] == s
                lu, lv = label[start[s]], label[end[s]]
                is_beyond = lu >= newer and lv >= newer and not is_shared
                if is_beyond:
                    continue
                at_start = np.float64(lu - base) if lu < newer else np.inf
                at_end = np.float64(lv - base) if lv < newer else np.inf
                forward, backward = cost[forward_arc[s]], cost[backward_arc[s]]
                along = np.float64(forward) if forward != CLOSED else np.inf
                against = np.float64(backward) if backward != CLOSED else np.inf
            elif is_beyond:
                continue
            f = tile_fraction[r, c] / 65535.0
            best = at_start + along * f if f > 0.0 else at_start
            best = min(best, at_end + against * (1.0 - f) if f < 1.0 else at_end)
            if is_shared:
                for i in range(spot_segment.size):
                    if spot_segment[i] == s:
                        best = min(best, spot_access[i] + cost_along(roads, cost, s, spot_fraction[i], f))
            if best < NEVER:
                out[r + row0, c + column0] = (best + tile_distance[r, c] * per_distance) * per_step
