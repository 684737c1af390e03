"""Where the footfall between counts may be given as numbers, and where only the kind of street is known.

The number of counted places decides, by what was measured where many were left out, unless the town's own check says
otherwise more clearly than chance would: each counted place left out and estimated from the others. Of eight places
that check alone tells little (docs/methods/footfall.md).
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom

from gis.footfall_estimate import left_out_accuracy
from gis.footfall_surface import AT_THE_DOOR_M
from gis.frames import require

# With so many counted places, and not with fewer, the median town reached both bars.
LEAST_PLACES = 8
LEAST_SPEARMAN, MOST_MEDIAN_ERROR = 0.70, 0.45
# A check contradicts the bars when a town that reached them would give such a one in fewer than a twentieth of cases.
CHANCE, Z_OF_CHANCE = 0.05, 1.6448536269514722
FEW_COUNTS, CHECK_FAILED = "few_counts", "check_failed"
# The kind of street is what remains of the passage classes when the finer steps are not known.
FOOTFALL_CLASS = {"A1": "main", "A2": "main", "B1": "secondary", "B2": "secondary", "C": "side"}


def number_checks(left_out: pd.DataFrame, is_near: pd.DataFrame) -> pd.DataFrame:
    """Check for every core whether the counts around it bear numbers.

    Parameters
    ----------
    left_out
        Counted places as `gis.footfall_estimate.left_out_footfall` gives: each estimated from all others.
    is_near
        Cores x counted places (the index of ``left_out``): whether the estimates of the core rest on the count.

    Returns
    -------
    pandas.DataFrame
        Per core: ``n_places``; ``spearman`` and ``median_error_share`` of those places, each left out, NaN with fewer
        than three; ``n_missing``, how many counted places more are needed before numbers can be checked; ``reason``:
        missing where numbers may be given, ``few_counts`` (under eight places) or ``check_failed`` (rank correlation
        under 0.70, or over half of the places off by more than 45 %, beyond what chance does).

    Raises
    ------
    FrameError
        When a column is missing.
    """
    require(left_out, "observed_per_day", "footfall_per_day", what="left-out footfall")
    rows = []
    for core in is_near.index:
        near = left_out[is_near.loc[core, left_out.index].to_numpy(dtype=bool)]
        told = left_out_accuracy(near)
        reason = FEW_COUNTS if len(near) < LEAST_PLACES else None
        if reason is None and _contradicts(near, told["spearman"]):
            reason = CHECK_FAILED
        rows.append(
            {
                "n_places": len(near),
                "spearman": told["spearman"],
                "median_error_share": told["median_error_share"],
                "n_missing": max(0, LEAST_PLACES - len(near)),
                "reason": reason,
            }
        )
    columns = ["n_places", "spearman", "median_error_share", "n_missing"]
    # None among words becomes NaN when pandas chooses the type.
    reasons = pd.Series([row.pop("reason") for row in rows], index=is_near.index, dtype=object)
    return pd.DataFrame(rows, index=is_near.index, columns=columns).assign(reason=reasons)


def _contradicts(near: pd.DataFrame, spearman: float) -> bool:
    """Whether a check is worse than the bars by more than chance.

    Rank correlation: Fisher's z with variance 1.06 / (n - 3) (Fieller, Hartley and Pearson 1957,
    doi:10.1093/biomet/44.3-4.470). Median error: the sign test.
    """
    n = len(near)
    # All places alike, or all estimates: no order is told.
    if np.isnan(spearman):
        return True
    highest = np.arctanh(np.clip(spearman, -0.999, 0.999)) + Z_OF_CHANCE * np.sqrt(1.06 / (n - 3))
    error = (near["footfall_per_day"] / near["observed_per_day"].clip(lower=1.0) - 1).abs()
    n_off = int((error > MOST_MEDIAN_ERROR).sum())
    return bool(highest < np.arctanh(LEAST_SPEARMAN) or binom.sf(n_off - 1, n, 0.5) < CHANCE)


def class_reason(estimates: pd.DataFrame, core: pd.Series, checks: pd.DataFrame) -> pd.Series:
    """Tell which estimates may be given as a kind of street only, and why.

    Parameters
    ----------
    estimates
        As `gis.footfall_estimate.estimate_footfall` gives.
    core
        The core of each, a key of ``checks``; what has none takes the row of None.
    checks
        As `number_checks` gives, with a row of None.

    Returns
    -------
    pandas.Series
        On the index of ``estimates``: missing where the number may be given, else the reason of its core. At the door
        of a count (50 m along the street) the number is the count itself, and is given.

    Raises
    ------
    FrameError
        When a column is missing.
    """
    require(estimates, "footfall_per_day", "nearest_sensor_m", "is_class_only", what="estimates")
    of_core = {key: reason for key, reason in checks["reason"].items() if key is not None}
    elsewhere = checks["reason"][[key is None for key in checks.index]]
    usual = elsewhere.iloc[0] if len(elsewhere) else FEW_COUNTS
    told = np.array([of_core.get(key, usual) for key in core.to_numpy()], dtype=object)
    is_counted: NDArray[np.bool_] = (
        (estimates["nearest_sensor_m"] <= AT_THE_DOOR_M) & ~estimates["is_class_only"].astype(bool)
    ).to_numpy()
    is_free = is_counted | estimates["footfall_per_day"].isna().to_numpy()
    told[is_free] = None
    return pd.Series(told, index=estimates.index, dtype=object)
