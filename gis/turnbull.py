"""Lengths that are known only within limits: the self-consistent estimate on months, with what it may vary.

Turnbull (1976, doi:10.1111/j.2517-6161.1976.tb01597.x) for lengths between two limits and spells that were seen
only because they still lasted; a start anywhere between two visits as by De Gruttola and Lagakos (1989,
doi:10.2307/2532030). ``lifelines`` has the first without the second, and no interval around either.
"""

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from gis.spells import DAYS_PER_MONTH

Floats = NDArray[np.float64]

# Starts tried between two visits: a year in steps of half a month.
MOST_STARTS = 24
TOLERANCE, MOST_ROUNDS = 1e-5, 500
DRAW_TOLERANCE, MOST_DRAW_ROUNDS = 1e-3, 60
MOST_LEAP = 16.0


def month_cells(lengths: pd.DataFrame) -> int:
    """Whole months that the longest watched spell lasted, at least one.

    Parameters
    ----------
    lengths
        As `gis.spells.spell_lengths` gives.
    """
    longest = float((lengths["exit_days"] + lengths["start_width_days"]).max())
    return max(1, math.ceil(longest / DAYS_PER_MONTH))


def likelihoods(lengths: pd.DataFrame, cells: int) -> tuple[Floats, Floats]:
    """Tell for every spell which lengths fit it, and with which lengths it would have been seen at all.

    Parameters
    ----------
    lengths
        As `gis.spells.spell_lengths` gives; starts known.
    cells
        Number of months; one more cell is for all that lasts longer.

    Returns
    -------
    tuple of arrays
        Both of shape (spells, cells + 1): the share of the possible starts with which a length in that month
        fits what was seen of the spell, and with which it would have been seen.
    """
    n = len(lengths)
    width, leaves = lengths["start_width_days"].to_numpy(float), lengths["exit_days"].to_numpy(float)
    enters = lengths["entry_days"].to_numpy(float)
    is_let = (lengths["state"] == "let").to_numpy()
    fits, seen = np.zeros((n, cells + 1)), np.zeros((n, cells + 1))
    steps = np.clip(np.ceil(width / (DAYS_PER_MONTH / 2)).astype(int), 1, MOST_STARTS)
    rows = np.arange(n)
    for step in range(int(steps.max(initial=1))):
        part = rows[steps > step]
        before = width[part] * (step + 0.5) / steps[part]
        share = 1.0 / steps[part]
        months = np.maximum(leaves[part] + before, 0.5) / DAYS_PER_MONTH
        ended = is_let[part]
        cell = np.minimum(np.ceil(months[ended]).astype(int) - 1, cells)
        fits[part[ended], cell] += share[ended]
        fits[part[~ended]] += share[~ended, None] * _beyond(months[~ended], cells)
        since = np.maximum(enters[part] + before, 0.0) / DAYS_PER_MONTH
        seen[part] += share[:, None] * _beyond(since, cells)
    return fits, seen


def _beyond(months: Floats, cells: int) -> Floats:
    """Share of every month that lies after a length, shape (lengths, cells + 1)."""
    edges = np.arange(1, cells + 1)
    inside: Floats = np.clip(edges - months[:, None], 0.0, 1.0)
    return np.hstack([inside, np.ones((len(months), 1))])


def self_consistent(
    fits: Floats,
    seen: Floats,
    *,
    weights: Floats | None = None,
    tolerance: float = TOLERANCE,
    most_rounds: int = MOST_ROUNDS,
) -> Floats:
    """Spread one over the months so that it repeats itself: the likeliest lengths of all spells.

    Parameters
    ----------
    fits, seen
        As `likelihoods` gives, shape (spells, cells).
    weights
        How often each spell counts, shape (draws, spells); once when left out.
    tolerance
        Largest change of a share still to be expected.
    most_rounds
        Rounds after which it stops in any case.

    Returns
    -------
    numpy.ndarray
        Share of spells per month of length, shape (draws, cells); each row adds up to one.
    """
    counts = np.ones((1, len(fits))) if weights is None else np.asarray(weights, dtype=float)
    # Equal spells need to be looked at once.
    distinct, group = np.unique(np.hstack([fits, seen]), axis=0, return_inverse=True)
    fits, seen = distinct[:, : fits.shape[1]], distinct[:, fits.shape[1] :]
    sums = np.zeros((len(distinct), len(counts)))
    np.add.at(sums, group.ravel(), counts.T)
    possible = fits.any(axis=0)
    shares = np.tile(possible / possible.sum(), (len(counts), 1))
    moving = np.arange(len(counts))
    # These tables are small: threads would wait for each other longer than they work.
    with threadpool_limits(1):
        for _ in range(most_rounds):
            before = shares[moving]
            after = _leap(before, sums.T[moving], fits, seen)
            shares[moving] = after
            change = np.abs(np.cumsum(after - before, axis=1)).max(axis=1)
            moving = moving[change >= tolerance]
            if not len(moving):
                break
    return shares


def _round(shares: Floats, sums: Floats, fits: Floats, seen: Floats) -> Floats:
    """Deal every spell over the lengths that fit it, as likely as they were thought to be."""
    grown = (sums / np.maximum(shares @ fits.T, 1e-300)) @ fits
    if seen.min() < 1.0:
        # For every spell that was seen there were others that ended before anybody could see them.
        grown += (sums / np.maximum(shares @ seen.T, 1e-300)) @ (1.0 - seen)
    following = shares * grown
    dealt: Floats = following / following.sum(axis=1, keepdims=True)
    return dealt


def _leap(shares: Floats, sums: Floats, fits: Floats, seen: Floats) -> Floats:
    """Two rounds, and as far on in their direction as they promise (Varadhan and Roland 2008, SQUAREM)."""
    once = _round(shares, sums, fits, seen)
    twice = _round(once, sums, fits, seen)
    first = once - shares
    bend = twice - once - first
    norms = np.linalg.norm(bend, axis=1)
    far = np.divide(np.linalg.norm(first, axis=1), norms, out=np.ones(len(norms)), where=norms > 1e-14)
    far = np.clip(far, 1.0, MOST_LEAP)[:, None]
    ahead = np.maximum(shares + 2 * far * first + far**2 * bend, shares * 1e-6)
    ahead /= ahead.sum(axis=1, keepdims=True)
    return _round(ahead, sums, fits, seen)


def survival_of(shares: Floats) -> Floats:
    """Share of spells that last longer than each whole month, shape (draws, cells), month 0 first.

    Parameters
    ----------
    shares
        As `self_consistent` gives, the last cell holding all that lasts longer.
    """
    lasting: Floats = 1.0 - np.cumsum(shares, axis=1)
    return np.clip(np.hstack([np.ones((len(shares), 1)), lasting[:, :-1]]), 0.0, 1.0)


def median_months(survival: Floats) -> Floats:
    """Month at which half of the spells have ended, on the straight line between whole months; inf: not reached.

    Parameters
    ----------
    survival
        Shape (draws, months), as `survival_of` gives.
    """
    below = survival <= 0.5
    first = np.argmax(below, axis=1)
    rows = np.arange(len(survival))
    before, after = survival[rows, np.maximum(first - 1, 0)], survival[rows, first]
    step = np.divide(before - 0.5, before - after, out=np.ones(len(survival)), where=before > after)
    return np.where(below.any(axis=1), first - 1 + step, np.inf)
