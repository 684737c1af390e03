"""The arithmetic of the scan: windows of neighbours, their likelihood ratios, and the same on random maps."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import xlogy

from gis.reach import Distances

Floats = NDArray[np.float64]
Maps = NDArray[np.uint8]

MIN_VACANT = 4
BLOCK_ROWS = 256


@dataclass(frozen=True)
class Windows:
    """The nearest shop units of every unit: row i of ``order`` begins with i and goes outward.

    Parameters
    ----------
    order
        Positions, shape (units, largest window), -1 where nothing more is in reach.
    metres
        Their distances, same shape, infinite where nothing more is in reach.
    is_end
        A window may end here: the next unit is further away. Units at one distance come in together, so that
        the order of the rows decides nothing.
    """

    order: NDArray[np.int32]
    metres: Floats
    is_end: NDArray[np.bool_]


def windows(distances: Distances, largest: int) -> Windows:
    """Order the neighbours of every shop unit by distance.

    Parameters
    ----------
    distances
        Units x units, metres, dense (infinite: no way) or sparse (absent: beyond the limit).
    largest
        Units in the largest window.

    Returns
    -------
    Windows
        Of at most ``largest`` units, the centre included.
    """
    n_units = distances.shape[0]
    order = np.full((n_units, largest), -1, dtype=np.int32)
    metres = np.full((n_units, largest), np.inf)
    is_end = np.zeros((n_units, largest), dtype=bool)
    table = sparse.csr_array(distances) if sparse.issparse(distances) else np.asarray(distances, dtype=float)
    for row in range(n_units):
        near, far_m = _row(table, row)
        # A way there and back differ in the last bits: equal to the centimetre is equal.
        far_m = np.round(far_m, 2)
        far_m[near == row] = -1.0
        by_distance = np.lexsort((near, far_m))
        near, far_m = near[by_distance], np.maximum(far_m[by_distance], 0.0)
        n = min(len(near), largest)
        order[row, :n], metres[row, :n] = near[:n], far_m[:n]
        next_m = np.append(far_m, np.inf)[1 : n + 1]
        is_end[row, :n] = next_m > far_m[:n]
    return Windows(order, metres, is_end)


def _row(table: Any, row: int) -> tuple[NDArray[np.int64], Floats]:
    if sparse.issparse(table):
        part = slice(table.indptr[row], table.indptr[row + 1])
        near, far_m = table.indices[part].astype(np.int64), table.data[part].astype(float)
    else:
        near = np.flatnonzero(np.isfinite(table[row]))
        far_m = table[row][near].astype(float)
    if row not in near:
        near, far_m = np.append(near, row), np.append(far_m, 0.0)
    return near, far_m


def counts(near: Windows, amounts: NDArray[Any]) -> NDArray[Any]:
    """Add up an amount per unit over every window, shape (units, largest window)."""
    inside = np.where(near.order >= 0, amounts[near.order], 0)
    total: NDArray[Any] = np.cumsum(inside, axis=1)
    return total


def random_maps(log_odds: Floats, n_vacant: int, replications: int, seed: int) -> Maps:
    """Deal the vacant shop units out anew, each unit with its own odds.

    Adding Gumbel noise to the log odds and taking the highest draws without replacement in proportion to the
    odds.

    Parameters
    ----------
    log_odds
        Per unit; all alike deals at random.
    n_vacant
        Vacant units in every map.
    replications
        Number of maps.
    seed
        Makes the draws.

    Returns
    -------
    numpy.ndarray
        1 where vacant, shape (replications, units).
    """
    rng = np.random.default_rng(seed)
    maps = np.zeros((replications, len(log_odds)), dtype=np.uint8)
    if n_vacant == 0:
        return maps
    for start in range(0, replications, BLOCK_ROWS):
        block = maps[start : start + BLOCK_ROWS]
        keys = log_odds + rng.gumbel(size=block.shape)
        chosen = np.argpartition(-keys, n_vacant - 1, axis=1)[:, :n_vacant]
        np.put_along_axis(block, chosen, 1, axis=1)
    return maps


def likelihood_table(n_units: int, n_vacant: int, largest: int) -> Floats:
    """Tabulate the log likelihood of c vacant among n units in a window, with its own share inside and
    outside.

    Parameters
    ----------
    n_units, n_vacant
        On the whole map.
    largest
        Units in the largest window.

    Returns
    -------
    numpy.ndarray
        Shape (largest + 1, n_vacant + 1), indexed by n and c: the sum of x ln x over the vacant and the
        occupied units inside and outside. Minus infinity where there cannot be as many, or are fewer than
        four vacant.
    """
    n = np.arange(largest + 1, dtype=float)[:, None]
    c = np.arange(n_vacant + 1, dtype=float)[None, :]
    cells = (c, n - c, n_vacant - c, n_units - n - n_vacant + c)
    is_possible = (cells[1] >= 0) & (cells[3] >= 0) & (c >= MIN_VACANT)
    total = sum(xlogy(np.maximum(cell, 0.0), np.maximum(cell, 1.0)) for cell in cells)
    table: Floats = np.where(is_possible, total, -np.inf)
    return table


def expectation_lines(near: Windows, chance: Floats, n_vacant: int) -> tuple[Floats, Floats, Floats]:
    """Prepare the log likelihood of every window when nothing but chance and location makes vacancy.

    Parameters
    ----------
    near
        The windows.
    chance
        Chance of each unit to be vacant, shape (units,), before it is made to add up to ``n_vacant``.
    n_vacant
        Vacant units on the map.

    Returns
    -------
    tuple of arrays
        Each of shape (units, largest window): expected vacant units E in the window, and intercept and slope
        of the log likelihood as a line in the number of vacant units c. Taken from `likelihood_table` it
        leaves the ratio sum O ln(O / E) over vacant and occupied, inside and outside; with one chance for all
        that is Kulldorff's.
    """
    n_units, largest = near.order.shape
    expected: Floats = counts(near, chance * n_vacant / chance.sum())
    n = np.arange(1.0, largest + 1.0)
    inside, occupied = np.log(np.maximum(expected, 1e-300)), np.log(np.maximum(n - expected, 1e-300))
    outside = np.log(np.maximum(n_vacant - expected, 1e-300))
    outside_occupied = np.log(np.maximum(n_units - n - n_vacant + expected, 1e-300))
    slope = inside - occupied - outside + outside_occupied
    intercept = n * occupied + n_vacant * outside + (n_units - n - n_vacant) * outside_occupied
    return expected, intercept, slope


def likelihood_ratios(
    near: Windows, is_vacant: Maps, table: Floats, lines: tuple[Floats, Floats, Floats]
) -> Floats:
    """Compute the log likelihood ratio of every window.

    Parameters
    ----------
    near
        The windows.
    is_vacant
        1 where vacant, shape (units,).
    table, lines
        As `likelihood_table` and `expectation_lines` give.

    Returns
    -------
    numpy.ndarray
        Shape (units, largest window); 0 where no window may end, or where there is no more vacancy than
        expected.
    """
    expected, intercept, slope = lines
    vacant = counts(near, is_vacant.astype(np.int64))
    ratio = table[np.arange(1, vacant.shape[1] + 1), vacant] - intercept - vacant * slope
    ratios: Floats = np.where(near.is_end & (vacant > expected), np.maximum(ratio, 0.0), 0.0)
    return ratios


@njit(cache=True, nogil=True)
def highest_ratios(
    near: tuple[NDArray[np.int32], NDArray[np.bool_]],
    maps: Maps,
    table: Floats,
    lines: tuple[Floats, Floats, Floats],
) -> Floats:
    """Find the highest ratio on each map, shape (maps,)."""
    order, is_end = near
    expected, intercept, slope = lines
    highest = np.zeros(maps.shape[0])
    for r in range(maps.shape[0]):
        best = 0.0
        for i in range(order.shape[0]):
            c = 0
            for k in range(order.shape[1]):
                j = order[i, k]
                if j < 0:
                    break
                c += maps[r, j]
                if c >= MIN_VACANT and is_end[i, k] and c > expected[i, k]:
                    best = max(best, table[k + 1, c] - intercept[i, k] - c * slope[i, k])
        highest[r] = best
    return highest
