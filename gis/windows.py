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
    """Tabulate the log likelihood ratio of c vacant among n units in a window.

    Parameters
    ----------
    n_units, n_vacant
        On the whole map.
    largest
        Units in the largest window.

    Returns
    -------
    numpy.ndarray
        Shape (largest + 1, n_vacant + 1), indexed by n and c; 0 where the window has fewer than four vacant
        units or no higher share than the rest.
    """
    n = np.arange(largest + 1, dtype=float)[:, None]
    c = np.arange(n_vacant + 1, dtype=float)[None, :]
    outside, vacant_outside = n_units - n, n_vacant - c
    is_possible = (c <= n) & (n - c <= n_units - n_vacant) & (n > 0)
    is_higher = c * outside > vacant_outside * n
    keep = is_possible & is_higher & (c >= MIN_VACANT)
    inner = np.where(keep, n - c, 0.0), np.where(keep, outside - vacant_outside, 0.0)
    ratio = _log_likelihood(c, inner[0]) + _log_likelihood(vacant_outside, inner[1])
    return np.where(keep, ratio - _log_likelihood(float(n_vacant), float(n_units - n_vacant)), 0.0)


def _log_likelihood(vacant: Floats | float, occupied: Floats | float) -> Floats:
    total = vacant + occupied
    value: Floats = xlogy(vacant, vacant) + xlogy(occupied, occupied) - xlogy(total, total)
    return value


def likelihood_ratios(near: Windows, is_vacant: Maps, expected: Floats) -> Floats:
    """Compute the log likelihood ratio of every window against its own expectation.

    Parameters
    ----------
    near
        The windows.
    is_vacant
        1 where vacant, shape (units,).
    expected
        Vacant units expected in every window, shape (units, largest window).

    Returns
    -------
    numpy.ndarray
        Shape (units, largest window); 0 where no window ends or where there is no more vacancy than expected.
    """
    vacant = counts(near, is_vacant.astype(np.int64)).astype(float)
    total = float(is_vacant.sum())
    keep = near.is_end & (vacant >= MIN_VACANT) & (vacant > expected) & (expected < total)
    c, e = np.where(keep, vacant, 1.0), np.where(keep, expected, 1.0)
    rest, rest_expected = np.where(keep, total - c, 0.0), np.where(keep, total - e, 1.0)
    ratio = c * np.log(c / e) + xlogy(rest, np.where(rest > 0, rest, 1.0) / rest_expected)
    return np.where(keep, ratio, 0.0)


@njit(cache=True, nogil=True)
def highest_by_table(
    order: NDArray[np.int32], is_end: NDArray[np.bool_], maps: Maps, table: Floats
) -> Floats:
    """Find the highest tabulated ratio on each map, shape (maps,)."""
    highest = np.zeros(maps.shape[0])
    for r in range(maps.shape[0]):
        for i in range(order.shape[0]):
            c = 0
            for k in range(order.shape[1]):
                j = order[i, k]
                if j < 0:
                    break
                c += maps[r, j]
                if is_end[i, k] and table[k + 1, c] > highest[r]:
                    highest[r] = table[k + 1, c]
    return highest


@njit(cache=True, nogil=True)
def highest_by_expectation(
    order: NDArray[np.int32], is_end: NDArray[np.bool_], maps: Maps, expected: Floats, n_vacant: int
) -> Floats:
    """Find the highest ratio against expectation on each map, shape (maps,)."""
    highest = np.zeros(maps.shape[0])
    c_log_c = np.zeros(n_vacant + 1)
    for c in range(1, n_vacant + 1):
        c_log_c[c] = c * np.log(c)
    log_inside, log_outside = np.log(expected), np.log(np.maximum(n_vacant - expected, 1e-300))
    for r in range(maps.shape[0]):
        for i in range(order.shape[0]):
            c = 0
            for k in range(order.shape[1]):
                j = order[i, k]
                if j < 0:
                    break
                c += maps[r, j]
                if c >= MIN_VACANT and is_end[i, k] and c > expected[i, k] and expected[i, k] < n_vacant:
                    ratio = c_log_c[c] + c_log_c[n_vacant - c]
                    ratio -= c * log_inside[i, k] + (n_vacant - c) * log_outside[i, k]
                    highest[r] = max(highest[r], ratio)
    return highest
