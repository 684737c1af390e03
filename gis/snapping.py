"""Places on streets: the nearest point of an edge the mode may use."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray


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
def snap_points(vertex_start, vertex_mm, cell_start, cell_segment, cell_grid, may_use, xy_mm, max_mm):  # type: ignore[no-untyped-def]
    """Find the nearest usable segment of each point, ring by ring of cells around it.

    Returns
    -------
    tuple of arrays
        Segment (-1 beyond `max_mm`), fraction and distance in millimetres, each of shape (points,).
    """
    n = xy_mm.shape[0]
    segment = np.full(n, -1, np.int32)
    fraction = np.full(n, np.nan)
    distance_mm = np.full(n, np.nan)
    cell_mm, columns, rows = cell_grid[0], cell_grid[1], cell_grid[2]
    furthest = int(max_mm // cell_mm) + 1
    for i in range(n):
        x, y = xy_mm[i, 0], xy_mm[i, 1]
        # Far outside the grid there is nothing within reach, and casting would overflow.
        if not (-max_mm <= x <= columns * cell_mm + max_mm and -max_mm <= y <= rows * cell_mm + max_mm):
            continue
        column, row = int(np.floor(x / cell_mm)), int(np.floor(y / cell_mm))
        margin = min(
            x - column * cell_mm, (column + 1) * cell_mm - x, y - row * cell_mm, (row + 1) * cell_mm - y
        )
        best2, best_s, best_f = max_mm * max_mm, np.int32(-1), 0.0
        for ring in range(furthest + 1):
            for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                step = 1 if abs(r - row) == ring else max(2 * ring, 1)
                for c in range(column - ring, column + ring + 1, step):
                    if c < 0 or c >= columns:
                        continue
                    cell = r * columns + c
                    for k in range(cell_start[cell], cell_start[cell + 1]):
                        s = cell_segment[k]
                        if may_use[s]:
                            d2, f = nearest_on_segment(vertex_start, vertex_mm, s, x, y)
                            if d2 < best2 or (d2 == best2 and (best_s < 0 or s < best_s)):
                                best2, best_s, best_f = d2, s, f
            beyond = ring * cell_mm + margin
            if beyond > max_mm or beyond * beyond > best2:
                break
        if best_s >= 0:
            segment[i], fraction[i], distance_mm[i] = best_s, best_f, np.sqrt(best2)
    return segment, fraction, distance_mm


@njit(cache=True, nogil=True)
def nearest_on_segment(vertex_start, vertex_mm, s, x, y):  # type: ignore[no-untyped-def]
    """Squared distance in mm to a segment, and the fraction of its length where that is."""
    best2, best_along, length = np.inf, 0.0, 0.0
    first, last = vertex_start[s], vertex_start[s + 1] - 1
    x0, y0 = np.float64(vertex_mm[first, 0]), np.float64(vertex_mm[first, 1])
    for k in range(first + 1, last + 1):
        x1, y1 = np.float64(vertex_mm[k, 0]), np.float64(vertex_mm[k, 1])
        dx, dy = x1 - x0, y1 - y0
        size2 = dx * dx + dy * dy
        t = 0.0
        if size2 > 0.0:
            t = min(max(((x - x0) * dx + (y - y0) * dy) / size2, 0.0), 1.0)
        ex, ey = x0 + t * dx - x, y0 + t * dy - y
        d2 = ex * ex + ey * ey
        size = np.sqrt(size2)
        if d2 < best2:
            best2, best_along = d2, length + t * size
        length += size
        x0, y0 = x1, y1
    if length == 0.0:
        return best2, 0.0
    return best2, min(best_along / length, 1.0)


@njit(cache=True, nogil=True)
def points_along(vertex_start, vertex_mm, segment, fraction):  # type: ignore[no-untyped-def]
    """Coordinates in mm of positions, NaN where the segment is negative, shape (n, 2)."""
    out = np.full((segment.size, 2), np.nan)
    for i in range(segment.size):
        s = segment[i]
        if s < 0:
            continue
        first, last = vertex_start[s], vertex_start[s + 1] - 1
        length = 0.0
        for k in range(first, last):
            length += np.hypot(
                np.float64(vertex_mm[k + 1, 0] - vertex_mm[k, 0]),
                np.float64(vertex_mm[k + 1, 1] - vertex_mm[k, 1]),
            )
        left = fraction[i] * length
        out[i, 0], out[i, 1] = vertex_mm[last, 0], vertex_mm[last, 1]
        for k in range(first, last):
            dx = np.float64(vertex_mm[k + 1, 0] - vertex_mm[k, 0])
            dy = np.float64(vertex_mm[k + 1, 1] - vertex_mm[k, 1])
            size = np.hypot(dx, dy)
            if left <= size and size > 0.0:
                out[i, 0], out[i, 1] = vertex_mm[k, 0] + left / size * dx, vertex_mm[k, 1] + left / size * dy
                break
            left -= size
    return out
