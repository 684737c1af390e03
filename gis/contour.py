"""From costs on a grid to clean polygons."""

import contourpy
import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from gis.snap_grid import Field


def polygon_within(field: Field, limit: float, *, step: float, min_part_m2: float) -> shapely.MultiPolygon:
    """The area where the cost is within the limit.

    Parameters
    ----------
    field
        Costs on a grid.
    limit
        In the unit of the field.
    step
        Cost of crossing one cell off the street. The border is interpolated between cells whose costs differ by less;
        where the cost jumps, at a canal or the last street, it runs within the cell.
    min_part_m2
        Smaller parts and holes are dropped; the largest part never is.

    Returns
    -------
    MultiPolygon
        Valid, possibly empty.
    """
    level = np.ones((field.cost.shape[0] + 2, field.cost.shape[1] + 2), np.float32)
    with np.errstate(invalid="ignore"):
        level[1:-1, 1:-1] = np.clip((field.cost - np.float32(limit)) / np.float32(step), -1.0, 1.0)
    generator = contourpy.contour_generator(z=level, fill_type=contourpy.FillType.OuterOffset)
    points, offsets = generator.filled(-2.0, 0.0)
    if not points:
        return shapely.MultiPolygon()
    start = np.array([field.west_m, field.south_m]) - field.cell_m
    rings, counts = [], []
    areas = [
        ring_areas(ring * field.cell_m, ends.astype(np.int64))
        for ring, ends in zip(points, offsets, strict=True)
    ]
    largest = max(area[0] for area in areas)
    for ring, ends, area in zip(points, offsets, areas, strict=True):
        if area[0] < min(min_part_m2, largest):
            continue
        kept = [k for k in range(len(area)) if k == 0 or area[k] >= min_part_m2]
        rings.extend(ring[ends[k] : ends[k + 1]] * field.cell_m + start for k in kept)
        counts.append(len(kept))
    return _assemble(rings, counts, tolerance_m=field.cell_m / 4)


def _assemble(
    rings: list[NDArray[np.float64]], counts: list[int], *, tolerance_m: float
) -> shapely.MultiPolygon:
    simple = [ring[simplified(ring, tolerance_m)] for ring in rings]
    shape = _multipolygon(simple, counts)
    # Simplified rings can touch themselves; the raw contour never does.
    return shape if shapely.is_valid(shape) else _multipolygon(rings, counts)


def _multipolygon(rings: list[NDArray[np.float64]], counts: list[int]) -> shapely.MultiPolygon:
    ends = np.cumsum([0, *(len(ring) for ring in rings)])
    shape = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON,
        np.concatenate(rings),
        (ends, np.cumsum([0, *counts]), np.array([0, len(counts)])),
    )
    return shape[0]


@njit(cache=True, nogil=True)
def ring_areas(xy, ends):  # type: ignore[no-untyped-def]
    """Area of each ring of a polygon given as points and offsets, m2, shape (rings,)."""
    out = np.zeros(ends.size - 1)
    for k in range(ends.size - 1):
        twice = 0.0
        for i in range(ends[k], ends[k + 1] - 1):
            twice += xy[i, 0] * xy[i + 1, 1] - xy[i + 1, 0] * xy[i, 1]
        out[k] = abs(twice) / 2
    return out


@njit(cache=True, nogil=True)
def simplified(ring, tolerance):  # type: ignore[no-untyped-def]
    """Which points of a closed ring Douglas-Peucker keeps, shape (points,); at least a triangle of them."""
    n = ring.shape[0]
    keep = np.zeros(n, np.bool_)
    # A closed ring has no ends of its own: cut it where it is widest from its first point.
    far, far2 = 0, -1.0
    for i in range(n):
        d2 = (ring[i, 0] - ring[0, 0]) ** 2 + (ring[i, 1] - ring[0, 1]) ** 2
        if d2 > far2:
            far, far2 = i, d2
    keep[0] = keep[far] = keep[n - 1] = True
    stack = np.empty((n + 2, 2), np.int64)
    stack[0], stack[1] = (0, far), (far, n - 1)
    top = 2
    while top > 0:
        top -= 1
        first, last = stack[top]
        x0, y0 = ring[first, 0], ring[first, 1]
        dx, dy = ring[last, 0] - x0, ring[last, 1] - y0
        size2 = dx * dx + dy * dy
        worst, worst2 = -1, tolerance * tolerance
        for i in range(first + 1, last):
            t = 0.0
            if size2 > 0.0:
                t = min(max(((ring[i, 0] - x0) * dx + (ring[i, 1] - y0) * dy) / size2, 0.0), 1.0)
            d2 = (x0 + t * dx - ring[i, 0]) ** 2 + (y0 + t * dy - ring[i, 1]) ** 2
            if d2 > worst2:
                worst, worst2 = i, d2
        if worst >= 0:
            keep[worst] = True
            stack[top], stack[top + 1] = (first, worst), (worst, last)
            top += 2
    if keep.sum() < 4:
        keep[:] = True
    return keep
