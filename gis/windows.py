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
Ints = NDArray[np.int64]
Maps = NDArray[np.uint8]

MIN_VACANT = 4
BLOCK_ROWS = 32
# Maps that are counted side by side: one line of the processor's cache holds a unit on all of them.
LANES = 64


@dataclass(frozen=True)
class Windows:
    """The nearest shop units of some units: each row of ``order`` begins with its own unit and goes outward.

    Parameters
    ----------
    order
        Positions, shape (rows, largest window), -1 where nothing more is in reach.
    metres
        Their distances, same shape, infinite where nothing more is in reach.
    is_end
        A window may end here: the next unit is further away. Units at one distance come in together, so that
        the order of the rows decides nothing.
    """

    order: NDArray[np.int32]
    metres: Floats
    is_end: NDArray[np.bool_]


def windows(distances: Distances, largest: int, *, rows: Ints | None = None) -> Windows:
    """Order the neighbours of shop units by distance.

    Parameters
    ----------
    distances
        Units x units, metres, dense (infinite: no way) or sparse (absent: beyond the limit).
    largest
        Units in the largest window.
    rows
        Positions of the units whose neighbours are wanted; all without.

    Returns
    -------
    Windows
        Of at most ``largest`` units, the centre included, one row per wanted unit.
    """
    n_units = distances.shape[0]
    wanted = np.arange(n_units) if rows is None else rows
    order = np.full((len(wanted), largest), -1, dtype=np.int32)
    metres = np.full((len(wanted), largest), np.inf)
    is_end = np.zeros((len(wanted), largest), dtype=bool)
    table = sparse.csr_array(distances) if sparse.issparse(distances) else np.asarray(distances, dtype=float)
    for position, row in enumerate(wanted):
        # One whole number per neighbour holds distance and position: sorting those is quickest.
        keys = np.sort(_keys(table, int(row)))
        far_cm, n = keys // n_units, min(len(keys), largest)
        order[position, :n] = keys[:n] % n_units
        metres[position, :n] = np.maximum(far_cm[:n], 0) / 100.0
        is_end[position, :n] = np.append(far_cm, np.iinfo(np.int64).max)[1 : n + 1] > np.maximum(
            far_cm[:n], 0
        )
    return Windows(order, metres, is_end)


def _keys(table: Any, row: int) -> Ints:
    """Distance in centimetres times units, plus position; the unit itself comes first, below zero."""
    n_units = table.shape[0]
    if sparse.issparse(table):
        part = slice(table.indptr[row], table.indptr[row + 1])
        near, far_m = table.indices[part].astype(np.int64), table.data[part].astype(float)
    else:
        near = np.flatnonzero(np.isfinite(table[row]))
        far_m = table[row][near]
    keys = in_centimetres(far_m) * n_units + near
    return np.append(keys[near != row], row - n_units)


def in_centimetres(metres: Floats) -> Ints:
    """Round to whole centimetres: a way there and back differ in the last bits."""
    rounded: Ints = np.rint(metres * 100.0).astype(np.int64)
    return rounded


def counts(near: Windows, amounts: NDArray[Any]) -> NDArray[Any]:
    """Add up an amount per unit over every window, shape (rows, largest window)."""
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
        Indexed by n (to ``largest``) and c (to the smaller of ``largest`` and ``n_vacant``): the sum of x ln x over the vacant and the
        occupied units inside and outside. Minus infinity where there cannot be as many, or are fewer than
        four vacant.
    """
    n = np.arange(largest + 1, dtype=float)[:, None]
    c = np.arange(min(largest, n_vacant) + 1, dtype=float)[None, :]
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
        Each of shape (rows, largest window): expected vacant units E in the window, and intercept and slope
        of the log likelihood as a line in the number of vacant units c. Taken from `likelihood_table` it
        leaves the ratio sum O ln(O / E) over vacant and occupied, inside and outside; with one chance for all
        that is Kulldorff's.
    """
    n_units, largest = len(chance), near.order.shape[1]
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
        Shape (rows, largest window); 0 where no window may end, or where there is no more vacancy than
        expected.
    """
    expected, intercept, slope = lines
    vacant = counts(near, is_vacant.astype(np.int64))
    ratio = table[np.arange(1, vacant.shape[1] + 1), vacant] - intercept - vacant * slope
    ratios: Floats = np.where(near.is_end & (vacant > expected), np.maximum(ratio, 0.0), 0.0)
    return ratios


def side_by_side(maps: Maps) -> Maps:
    """Lay maps beside each other, unit by unit: shape (blocks, units, 64); the last block is filled with none."""
    n_blocks = -(-len(maps) // LANES)
    beside = np.zeros((n_blocks, maps.shape[1], LANES), dtype=np.uint8)
    for block in range(n_blocks):
        part = maps[block * LANES : (block + 1) * LANES]
        beside[block, :, : len(part)] = part.T
    return beside


@njit(cache=True, nogil=True)
def raise_highest(
    highest: Floats,
    near: tuple[NDArray[np.int32], NDArray[np.bool_]],
    beside: Maps,
    table: Floats,
    lines: tuple[Floats, Floats, Floats],
) -> None:
    """Raise the highest ratio of each map to that of these windows, where it is higher.

    The ratio grows with the vacant units beyond expectation: where the map with most of them in a window does not
    reach the lowest of what is to be beaten, none does.

    Parameters
    ----------
    highest
        Shape (blocks, 64); raised in place.
    near
        ``order`` and ``is_end`` of the windows.
    beside
        As `side_by_side` gives.
    table, lines
        As `likelihood_table` and `expectation_lines` give.
    """
    order, is_end = near
    expected, intercept, slope = lines
    counted = np.zeros(beside.shape[2], dtype=np.int32)
    for b in range(beside.shape[0]):
        maps, best = beside[b], highest[b]
        lowest = best.min()
        for i in range(order.shape[0]):
            counted[:] = 0
            for k in range(order.shape[1]):
                j = order[i, k]
                if j < 0:
                    break
                most = np.int32(0)
                for r in range(counted.shape[0]):
                    counted[r] += maps[j, r]
                    most = max(most, counted[r])
                if not is_end[i, k] or most < MIN_VACANT or most <= expected[i, k]:
                    continue
                if table[k + 1, most] - intercept[i, k] - most * slope[i, k] <= lowest:
                    continue
                for r in range(counted.shape[0]):
                    c = counted[r]
                    if c >= MIN_VACANT and c > expected[i, k]:
                        best[r] = max(best[r], table[k + 1, c] - intercept[i, k] - c * slope[i, k])
                lowest = best.min()
