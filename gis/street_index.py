"""Which segments run through which cell of a grid: the index behind snapping."""

# numba compiles functions for positional arguments, and kernels take many.
# ruff: noqa: PLR0917

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

CELL_MM = 100_000
MAX_CELLS_PER_SEGMENT = 4


def index_segments(vertex_start: NDArray[np.int32], vertex_mm: NDArray[np.int32]) -> dict[str, NDArray[Any]]:
    """List the segments through each cell.

    Cells are 100 m, or larger where a sparse or far-flung network would need too many of them.

    Parameters
    ----------
    vertex_start, vertex_mm
        As in `StreetGraph`.

    Returns
    -------
    dict
        `cell_start` (cells + 1), `cell_segment` and `cell_grid` (cell size in mm, columns, rows).
    """
    n_segments = len(vertex_start) - 1
    width, height = vertex_mm.max(axis=0).astype(np.int64) + 1
    cell_mm = np.int64(CELL_MM)
    most = max(1024, MAX_CELLS_PER_SEGMENT * n_segments)
    while (width // cell_mm + 1) * (height // cell_mm + 1) > most:
        cell_mm *= 2
    columns, rows = width // cell_mm + 1, height // cell_mm + 1
    count = np.zeros(columns * rows + 1, np.int32)
    nobody = np.empty(0, np.int32)
    _walk(vertex_start, vertex_mm, cell_mm, columns, rows, count, nobody)
    cell_start = np.concatenate([[0], np.cumsum(count[:-1])]).astype(np.int32)
    cell_segment = np.empty(cell_start[-1], np.int32)
    _walk(vertex_start, vertex_mm, cell_mm, columns, rows, cell_start.copy(), cell_segment)
    grid = np.array([cell_mm, columns, rows], np.int64)
    return {"cell_start": cell_start, "cell_segment": cell_segment, "cell_grid": grid}


@njit(cache=True, nogil=True)
def _walk(vertex_start, vertex_mm, cell_mm, columns, rows, free, cell_segment):  # type: ignore[no-untyped-def]
    """Count the segments through each cell, or write them down where `cell_segment` has room."""
    last_seen = np.full(columns * rows, -1, np.int32)
    is_writing = cell_segment.size > 0
    for s in range(vertex_start.size - 1):
        for k in range(vertex_start[s], max(vertex_start[s + 1] - 1, vertex_start[s] + 1)):
            x0, y0 = np.float64(vertex_mm[k, 0]), np.float64(vertex_mm[k, 1])
            after = min(k + 1, vertex_start[s + 1] - 1)
            x1, y1 = np.float64(vertex_mm[after, 0]), np.float64(vertex_mm[after, 1])
            low, high = int(min(y0, y1) // cell_mm), int(max(y0, y1) // cell_mm)
            for row in range(low, high + 1):
                xa, xb = min(x0, x1), max(x0, x1)
                if low != high:
                    # The part of the piece inside this row of cells, a millimetre wider for rounding.
                    ta = min(max((row * cell_mm - y0) / (y1 - y0), 0.0), 1.0)
                    tb = min(max(((row + 1) * cell_mm - y0) / (y1 - y0), 0.0), 1.0)
                    xa = min(x0 + ta * (x1 - x0), x0 + tb * (x1 - x0)) - 1.0
                    xb = max(x0 + ta * (x1 - x0), x0 + tb * (x1 - x0)) + 1.0
                first = max(int(xa // cell_mm), 0)
                last = min(int(xb // cell_mm), columns - 1)
                for column in range(first, last + 1):
                    cell = row * columns + column
                    if last_seen[cell] != s:
                        last_seen[cell] = s
                        if is_writing:
                            cell_segment[free[cell]] = s
                        free[cell] += 1
