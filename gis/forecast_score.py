"""How good past forecasts were: what was said, held against what came."""

import numpy as np
import pandas as pd

from gis.frames import require

BANDS = {50: ("q25", "q75"), 80: ("q10", "q90"), 95: ("q025", "q975")}
LEAST_HOURS = 100
# Bands are kept in seven digits: a count that stands on the edge of its band is inside.
SLACK = 0.01


def hit_rate(said: pd.DataFrame, *, least: int = LEAST_HOURS) -> dict[str, float | int | None]:
    """Say how often bands held and how much was missed.

    Parameters
    ----------
    said
        ``value`` (passages that came), ``expected``, ``q025``, ``q10``, ``q25``, ``q75``, ``q90``, ``q975`` and
        ``naive`` (the same hour of the last week known, NaN where it was not counted), a row per hour or day.
    least
        Rows below which nothing is said.

    Returns
    -------
    dict
        ``n``; ``in_50_share``, ``in_80_share`` and ``in_95_share``; ``missed_share`` (sum of absolute errors over the
        sum of passages, WAPE); ``missed_share_naive`` on the rows where that is known, beside
        ``missed_share_there`` of the forecast on the same rows; ``bias_share`` (positive: too many were forecast).
        None where there are too few rows.
    """
    require(
        said,
        "value",
        "expected",
        "naive",
        *(name for pair in BANDS.values() for name in pair),
        what="forecasts",
    )
    names = (*(f"in_{share}_share" for share in BANDS), "missed_share", "missed_share_naive")
    told: dict[str, float | int | None] = dict.fromkeys((*names, "missed_share_there", "bias_share"))
    told["n"] = len(said)
    if len(said) < least:
        return told
    value = said["value"].to_numpy(dtype=float)
    for share, (low, high) in BANDS.items():
        told[f"in_{share}_share"] = float(
            ((value >= said[low] - SLACK) & (value <= said[high] + SLACK)).mean()
        )
    expected, naive = said["expected"].to_numpy(dtype=float), said["naive"].to_numpy(dtype=float)
    told["missed_share"] = _missed(value, expected)
    total = float(value.sum())
    told["bias_share"] = float((expected - value).sum()) / total if total > 0 else None
    is_known = np.isfinite(naive)
    if is_known.sum() >= least:
        told["missed_share_naive"] = _missed(value[is_known], naive[is_known])
        told["missed_share_there"] = _missed(value[is_known], expected[is_known])
    return told


def _missed(value: np.ndarray, told: np.ndarray) -> float | None:
    total = float(value.sum())
    return float(np.abs(value - told).sum()) / total if total > 0 else None
