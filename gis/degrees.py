"""Shapes in metres to GeoJSON in degrees.

Over the extent of a catchment a map projection is so smooth that a polynomial of third degree in x and y, laid through
16 of its points, follows it to a millimetre: a projection of each vertex and a general writer of numbers would cost more
than finding the shape.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray
from pyproj import CRS, Transformer

# Seven decimals of a degree are a centimetre.
DECIMALS = 7
MAX_ERROR_M = 0.01
METRES_PER_DEGREE = 111_320.0
_NODES = np.cos((2 * np.arange(4) + 1) * np.pi / 8)
_TO_POWERS = np.linalg.inv(np.vander(_NODES, increasing=True))
# Where the polynomial is compared with the projection, both axes from -1 to 1.
_PROBES = np.linspace(-1.0, 1.0, 5)
_GRID = np.concatenate(
    [np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2) for axis in (_NODES, _PROBES)]
)


def to_degrees(xy: NDArray[np.float64], crs: CRS) -> NDArray[np.float64]:
    """Longitude and latitude of points.

    Parameters
    ----------
    xy
        Metres in the given CRS, shape (points, 2).
    crs
        A projected CRS.

    Returns
    -------
    array
        Degrees on WGS 84, shape (points, 2), at most `MAX_ERROR_M` from what PROJ says at 25 points spread over the
        extent; PROJ itself is asked for every point where that cannot be held, and for a few points.
    """
    project = _to_wgs84(crs.srs)
    if len(xy) > len(_GRID):
        low, high = xy.min(axis=0), xy.max(axis=0)
        centre, half = (low + high) / 2, np.maximum((high - low) / 2, 1.0)
        known = np.column_stack(project.transform(*(centre + _GRID * half).T))
        n = len(_NODES)
        powers = _TO_POWERS @ known[: n * n].T.reshape(2, n, n) @ _TO_POWERS.T
        off = _polynomial(_GRID[n * n :], powers) - known[n * n :]
        off[:, 0] *= np.cos(np.radians(known[n * n :, 1]))
        if abs(off).max() * METRES_PER_DEGREE <= MAX_ERROR_M:
            return np.asarray(_polynomial((xy - centre) / half, powers))
    return np.column_stack(project.transform(xy[:, 0], xy[:, 1]))


def geometry_json(shapes: Sequence[shapely.MultiPolygon | shapely.Polygon], crs: CRS) -> list[bytes]:
    """Write each shape as the text of a GeoJSON geometry (RFC 7946), to `DECIMALS` decimals.

    Parameters
    ----------
    shapes
        Their outer rings run counter-clockwise and their holes clockwise, as `gis.contour` makes them.
    crs
        The projected CRS of the shapes.
    """
    if len(shapes) == 0:
        return []
    # With an empty one of several parts at the end, polygons come out as shapes of one part.
    _, xy, offsets = shapely.to_ragged_array([*shapes, shapely.MultiPolygon()], include_z=False)
    rings, polygons, ends = (np.asarray(offset, np.int64) for offset in offsets)
    degrees = to_degrees(np.ascontiguousarray(xy), crs) if len(xy) else np.empty((0, 2))
    text, last = _write(degrees, rings, polygons, ends)
    cuts = [0, *last.tolist()]
    head = b'{"type":"MultiPolygon","coordinates":['
    return [head + text[a:b].tobytes() + b"]}" for a, b in pairwise(cuts[:-1])]


# By the text of the CRS: a CRS writes itself out as WKT whenever it is hashed.
@lru_cache(maxsize=8)
def _to_wgs84(crs: str) -> Transformer:
    return Transformer.from_crs(crs, 4326, always_xy=True)


@njit(cache=True, nogil=True)
def _polynomial(at, powers):  # type: ignore[no-untyped-def]
    """Two polynomials of third degree at points of shape (n, 2); `powers` is (2, 4, 4), by power of x and of y."""
    out = np.empty(at.shape)
    for i in range(at.shape[0]):
        x, y = at[i, 0], at[i, 1]
        for k in range(2):
            total = 0.0
            for p in range(3, -1, -1):
                row = powers[k, p]
                total = total * x + (((row[3] * y + row[2]) * y + row[1]) * y + row[0])
            out[i, k] = total
    return out


@njit(cache=True, nogil=True)
def _write(degrees, rings, polygons, shapes):  # type: ignore[no-untyped-def]
    """The polygons of every shape as text, and where each shape's text ends."""
    # Two numbers of at most 12 characters, two brackets and two commas; brackets and commas around rings and polygons.
    text = np.empty(28 * degrees.shape[0] + 3 * (rings.size + polygons.size), np.uint8)
    last = np.zeros(shapes.size - 1, np.int64)
    n = 0
    for s in range(shapes.size - 1):
        for p in range(shapes[s], shapes[s + 1]):
            n = _mark(text, n, p > shapes[s], 91)
            for r in range(polygons[p], polygons[p + 1]):
                n = _mark(text, n, r > polygons[p], 91)
                for i in range(rings[r], rings[r + 1]):
                    n = _mark(text, n, i > rings[r], 91)
                    n = _number(text, n, degrees[i, 0])
                    text[n] = 44
                    n = _number(text, n + 1, degrees[i, 1])
                    n = _mark(text, n, False, 93)
                n = _mark(text, n, False, 93)
            n = _mark(text, n, False, 93)
        last[s] = n
    return text, last


@njit(cache=True, nogil=True, inline="always")
def _mark(text, n, has_comma, mark):  # type: ignore[no-untyped-def]
    if has_comma:
        text[n] = 44
        n += 1
    text[n] = mark
    return n + 1


@njit(cache=True, nogil=True)
def _number(text, n, value):  # type: ignore[no-untyped-def]
    """Write a number of degrees; returns where the next character goes."""
    left = np.int64(np.rint(abs(value) * 10.0**DECIMALS))
    if value < 0.0 and left > 0:
        text[n] = 45
        n += 1
    whole = left // 10**DECIMALS
    left -= whole * 10**DECIMALS
    size = 1 if whole < 10 else 2 if whole < 100 else 3
    for k in range(size - 1, -1, -1):
        text[n + k] = 48 + whole % 10
        whole //= 10
    n += size
    text[n] = 46
    for k in range(DECIMALS, 0, -1):
        text[n + k] = 48 + left % 10
        left //= 10
    return n + 1 + DECIMALS
