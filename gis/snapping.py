"""Places on streets: the nearest point of an edge the mode may use."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray


class Ground(NamedTuple):
    """The arrays of `StreetGraph` that say where streets are, and which of them places may be put on."""

    vertex_start: NDArray[np.int32]
    vertex_mm: NDArray[np.int32]
    cell_start: NDArray[np.int32]
    cell_segment: NDArray[np.int32]
    cell_grid: NDArray[np.int64]
    snaps: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Positions:
    """Places on a network, each a point along a segment; equal lengths throughout.

    Attributes
    ----------
    segment
        Position of the segment in the network's arrays, -1 where the place is off the network.
    fraction
        How far along the segment, 0 to 1 of its length; NaN off the network.
    distance_m
        Straight distance between the place and that point; NaN off the network.
    """

    segment: NDArray[np.int32]
    fraction: NDArray[np.float64]
    distance_m: NDArray[np.float64]

    @property
    def is_snapped(self) -> NDArray[np.bool_]:
        """Whether each place is on the network."""
        return self.segment >= 0

    def __len__(self) -> int:
        return len(self.segment)

    def __getitem__(self, rows: Any) -> "Positions":
        keep = np.atleast_1d(np.arange(len(self))[rows])
        return Positions(self.segment[keep], self.fraction[keep], self.distance_m[keep])


@njit(cache=True, nogil=True)
def snap_points(ground, xy_mm, max_mm):  # type: ignore[no-untyped-def]
    """Find the nearest usable segment of each point.

    Returns
    -------
    tuple of arrays
        Segment (-1 beyond `max_mm`), fraction and distance in millimetres, each of shape (points,).
    """
    n = xy_mm.shape[0]
    segment = np.full(n, -1, np.int32)
    fraction = np.full(n, np.nan)
    distance_mm = np.full(n, np.nan)
    vertex_start, vertex_mm = ground.vertex_start, ground.vertex_mm
    for i in range(n):
        s, d2 = nearest_segment(ground, xy_mm[i, 0], xy_mm[i, 1], max_mm)
        if s >= 0:
            segment[i] = s
            distance_mm[i] = np.sqrt(d2)
            fraction[i] = fraction_along(vertex_start, vertex_mm, s, xy_mm[i, 0], xy_mm[i, 1])
    return segment, fraction, distance_mm


@njit(cache=True, nogil=True)
def nearest_segment(ground, x, y, max_mm):  # type: ignore[no-untyped-def]
    """The nearest usable segment of a point, -1 beyond `max_mm`, and its squared distance; of equals the first.

    Looks through rings of cells around the point until no further ring can hold anything nearer.
    """
    cell_mm, columns, rows = ground.cell_grid[0], ground.cell_grid[1], ground.cell_grid[2]
    cell_start, cell_segment, snaps = ground.cell_start, ground.cell_segment, ground.snaps
    vertex_start, vertex_mm = ground.vertex_start, ground.vertex_mm
    best2, best_s = max_mm * max_mm, np.int32(-1)
    # Nothing is within reach from far outside the grid, and casting such numbers would overflow.
    if not (-max_mm <= x <= columns * cell_mm + max_mm and -max_mm <= y <= rows * cell_mm + max_mm):
        return best_s, best2
    column, row = int(np.floor(x / cell_mm)), int(np.floor(y / cell_mm))
    margin = min(x - column * cell_mm, (column + 1) * cell_mm - x, y - row * cell_mm, (row + 1) * cell_mm - y)
    furthest = max(abs(column), abs(columns - column), abs(row), abs(rows - row))
    for ring in range(furthest + 1):
        for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
            step = 1 if abs(r - row) == ring else max(2 * ring, 1)
            for c in range(column - ring, column + ring + 1, step):
                if c < 0 or c >= columns:
                    continue
                for k in range(cell_start[r * columns + c], cell_start[r * columns + c + 1]):
                    s = cell_segment[k]
                    if snaps[s]:
                        d2 = squared_distance(vertex_start, vertex_mm, s, x, y)
                        if d2 < best2 or (d2 == best2 and (best_s < 0 or s < best_s)):
                            best2, best_s = d2, s
        beyond = ring * cell_mm + margin
        if beyond * beyond > best2:
            break
    return best_s, best2


@njit(cache=True, nogil=True)
def squared_distance(vertex_start, vertex_mm, s, x, y):  # type: ignore[no-untyped-def]
    """Squared distance between a point and a segment, mm2."""
    best2 = np.inf
    first, last = vertex_start[s], vertex_start[s + 1] - 1
    x0, y0 = np.float64(vertex_mm[first, 0]), np.float64(vertex_mm[first, 1])
    for k in range(first + 1, last + 1):
        x1, y1 = np.float64(vertex_mm[k, 0]), np.float64(vertex_mm[k, 1])
        dx, dy, px, py = x1 - x0, y1 - y0, x - x0, y - y0
        along, size2 = px * dx + py * dy, dx * dx + dy * dy
        if along <= 0.0 or size2 == 0.0:
            d2 = px * px + py * py
        elif along >= size2:
            d2 = (x - x1) ** 2 + (y - y1) ** 2
        else:
            across = px * dy - py * dx
            d2 = across * across / size2
        best2 = min(best2, d2)
        x0, y0 = x1, y1
    return best2


@njit(cache=True, nogil=True)
def fraction_along(vertex_start, vertex_mm, s, x, y):  # type: ignore[no-untyped-def]
    """The fraction of a segment's length at which it is nearest to a point."""
    best2, best_along, length = np.inf, 0.0, 0.0
    first, last = vertex_start[s], vertex_start[s + 1] - 1
    x0, y0 = np.float64(vertex_mm[first, 0]), np.float64(vertex_mm[first, 1])
    for k in range(first + 1, last + 1):
        x1, y1 = np.float64(vertex_mm[k, 0]), np.float64(vertex_mm[k, 1])
        dx, dy = x1 - x0, y1 - y0
        size = np.sqrt(dx * dx + dy * dy)
        if size > 0.0:
            t = min(max(((x - x0) * dx + (y - y0) * dy) / (size * size), 0.0), 1.0)
            d2 = (x0 + t * dx - x) ** 2 + (y0 + t * dy - y) ** 2
            if d2 < best2:
                best2, best_along = d2, length + t * size
        length += size
        x0, y0 = x1, y1
    return min(best_along / length, 1.0) if length > 0.0 else 0.0


@njit(cache=True, nogil=True)
def points_along(ground, segment, fraction):  # type: ignore[no-untyped-def]
    """Coordinates in mm of positions, NaN where the segment is negative, shape (n, 2)."""
    out = np.full((segment.size, 2), np.nan)
    vertex_start, xy = ground.vertex_start, ground.vertex_mm
    for i in range(segment.size):
        s = segment[i]
        if s < 0:
            continue
        first, last = vertex_start[s], vertex_start[s + 1] - 1
        length = 0.0
        for k in range(first, last):
            length += np.hypot(np.float64(xy[k + 1, 0] - xy[k, 0]), np.float64(xy[k + 1, 1] - xy[k, 1]))
        left = fraction[i] * length
        out[i, 0], out[i, 1] = xy[last, 0], xy[last, 1]
        for k in range(first, last):
            dx, dy = np.float64(xy[k + 1, 0] - xy[k, 0]), np.float64(xy[k + 1, 1] - xy[k, 1])
            size = np.hypot(dx, dy)
            if left <= size and size > 0.0:
                out[i, 0], out[i, 1] = xy[k, 0] + left / size * dx, xy[k, 1] + left / size * dy
                break
            left -= size
    return out
