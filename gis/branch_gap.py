"""Which branches a place has fewer or more of than alike places, and how sure that is."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2, nbinom, t

from gis.frames import require

# How much alike places differ by themselves cannot be told from two.
FEWEST_PEERS = 3
SURE, LIKELY = 0.05, 0.20
KINDS = ("void", "gap", "even", "surplus")
CERTAINTIES = ("sure", "likely", "usual", "too_few", "few_peers")


@dataclass(frozen=True)
class Rate:
    """Outlets per unit of exposure, with its exact 95 % interval."""

    rate: float
    lower: float
    upper: float


def rate_of(n: int, exposure: float, *, level: float = 0.95) -> Rate:
    """
    A rate with its exact Poisson interval (Garwood, 1936, doi:10.1093/biomet/28.3-4.437).

    Parameters
    ----------
    n
        Outlets counted.
    exposure
        Inhabitants, thousands; above zero.
    level
        Of the interval.
    """
    tail = (1 - level) / 2
    lower = float(chi2.ppf(tail, 2 * n)) / 2 if n else 0.0
    upper = float(chi2.ppf(1 - tail, 2 * n + 2)) / 2
    return Rate(n / exposure, lower / exposure, upper / exposure)


def own_variance(counts: pd.DataFrame, exposure: pd.Series) -> float | None:
    """
    How much alike places differ in a branch by themselves: the squared coefficient of variation of their rates.

    Moments over all branches together (derivation in docs/methods/branches.md): what counts vary more than chance alone
    makes them.

    Parameters
    ----------
    counts
        Outlets, branches x places.
    exposure
        Inhabitants per place, thousands.

    Returns
    -------
    Zero where chance explains all; None with fewer than `FEWEST_PEERS` places.
    """
    if counts.shape[1] < FEWEST_PEERS:
        return None
    weight = (exposure / exposure.sum()).to_numpy(float)
    seen = counts.to_numpy(float)
    mean = seen.sum(axis=1, keepdims=True) * weight
    excess = ((seen - mean) ** 2 - mean * (1 - weight)).sum()
    total, q = seen.sum(axis=1), float((weight**2).sum())
    # The square of a sum counts its own chance too, and what places differ by: both are taken out again.
    scale = float((total**2 - total).sum()) * (q - 2 * float((weight**3).sum()) + q * q)
    ratio = max(0.0, float(excess) / scale) if scale > 0 else 0.0
    return ratio / max(1 - ratio * q, 0.1)


def unit_gaps(
    own: pd.Series, own_exposure: float, counts: pd.DataFrame, exposure: pd.Series
) -> tuple[pd.DataFrame, float | None]:
    """
    Outlets of a place against what alike places would lead one to expect, per branch.

    What would be usual is negative binomial: the rate among the peers (a gamma with Jeffreys' half an outlet), how much alike
    places differ by themselves (`own_variance`), and chance.

    Parameters
    ----------
    own
        Outlets per branch (index).
    own_exposure
        Inhabitants of the place, thousands.
    counts
        Outlets of the peers, the same branches x places.
    exposure
        Inhabitants per peer, thousands.

    Returns
    -------
    Per branch: n_own, n_peers, n_with (peers that have it), rate_per_1000 with its exact interval, own_per_1000, expected,
    gap (expected less own, outlets), usual_lower and usual_upper (80 % of alike places), kind of `KINDS`, certainty of
    `CERTAINTIES`; and the own variance of places.
    """
    require(counts, what="counts")
    variance = own_variance(counts, exposure)
    whole = float(exposure.sum())
    n, total = own.to_numpy(float), counts.sum(axis=1).reindex(own.index).to_numpy(float)
    expected = total / whole * own_exposure
    table = pd.DataFrame({"n_own": n.astype(int), "n_peers": total.astype(int)}, index=own.index)
    table["n_with"] = (counts > 0).sum(axis=1).reindex(own.index).to_numpy(int)
    rates = [rate_of(int(one), whole) for one in total]
    table["rate_per_1000"] = [one.rate for one in rates]
    table["rate_lower_per_1000"] = [one.lower for one in rates]
    table["rate_upper_per_1000"] = [one.upper for one in rates]
    table["own_per_1000"] = n / own_exposure
    table["expected"], table["gap"] = expected, expected - n
    spread = (variance or 0.0) * (1 + float(((exposure / whole) ** 2).sum()))
    shape = 1 / (1 / (total + 0.5) + spread)
    usual = nbinom(shape, shape / (shape + (total + 0.5) / whole * own_exposure))
    is_known = variance is not None
    table["usual_lower"] = usual.ppf(LIKELY / 2) if is_known else np.nan
    table["usual_upper"] = usual.ppf(1 - LIKELY / 2) if is_known else np.nan
    table["kind"] = np.select(
        [(n == 0) & (total > 0), np.round(expected - n) >= 1, np.round(n - expected) >= 1],
        ["void", "gap", "surplus"],
        "even",
    )
    least = np.minimum(usual.cdf(n), usual.sf(n - 1))
    # Where not even having none would be unusual, the numbers are too small to tell a gap.
    told = np.select(
        [least <= SURE / 2, least <= LIKELY / 2, usual.pmf(0) > LIKELY / 2],
        ["sure", "likely", "too_few"],
        "usual",
    )
    table["certainty"] = told if is_known else "few_peers"
    return table, variance


def area_gap(
    own_m2: float, own_exposure: float, areas_m2: pd.Series, exposure: pd.Series
) -> dict[str, float | None]:
    """
    Floor area of a place against that of alike places, with an 80 % interval.

    A line through the origin with variance proportional to exposure, and the t distribution: the ratio of sums is its slope.

    Parameters
    ----------
    own_m2
        Floor area of the place, m2.
    own_exposure, exposure
        Inhabitants, thousands.
    areas_m2
        Floor area per peer, m2.

    Returns
    -------
    m2_per_1000 among the peers, expected_m2, gap_m2 (expected less own), usual_lower_m2 and usual_upper_m2; the last two None
    with fewer than `FEWEST_PEERS` peers.
    """
    whole = float(exposure.sum())
    slope = float(areas_m2.sum()) / whole
    expected = slope * own_exposure
    lower = upper = None
    if len(exposure) >= FEWEST_PEERS:
        free = len(exposure) - 1
        variance = float(((areas_m2 - slope * exposure) ** 2 / exposure).sum()) / free
        half = float(t.ppf(1 - LIKELY / 2, free)) * np.sqrt(
            variance * (own_exposure + own_exposure**2 / whole)
        )
        lower, upper = max(0.0, expected - half), expected + half
    return {
        "m2_per_1000": slope, "expected_m2": expected, "gap_m2": expected - own_m2,
        "usual_lower_m2": lower, "usual_upper_m2": upper,
    }  # fmt: skip


def room_m2(own_m2: float, leakage_share: float, online_share: float) -> float | None:
    """
    Floor area that would be added if inhabitants spent here all they now spend in shops elsewhere.

    The market space of docs/methods/branches.md with turnover per m2 and attraction as they are: own (1 - online) / (1 - leakage) less
    own.

    Parameters
    ----------
    own_m2
        Floor area of the branch group, m2.
    leakage_share
        Share of the spending of inhabitants that is done outside the place, online included, 0-1.
    online_share
        Share of it that is done online, 0-1.

    Returns
    -------
    None where nothing is bought in the place, or less leaks away than goes online: the two sources then contradict.
    """
    if leakage_share >= 1 or online_share > leakage_share or own_m2 <= 0:
        return None
    return own_m2 * ((1 - online_share) / (1 - leakage_share) - 1)
