"""How good a location is, of what the score is made, and how sure its rank is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.errors import FrameError
from gis.frames import require

DIRECTIONS = ("more", "less", "ideal")
SCALES = ("linear", "log")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Criterion:
    """One thing that makes a location good.

    Parameters
    ----------
    code
        The indicator: the name of its column.
    weight
        How much it counts; weights need not add up to one.
    direction
        ``more`` or ``less`` is better, or ``ideal``: nearer to the ideal value is better.
    scale
        ``log`` where a factor matters more than a difference (footfall, people), else ``linear``.
    ideal
        The ideal value, for that direction only.
    error_points
        Standard error of the value in points of 100, for the rank range, where no interval is given.
    low, high
        Ends of the scale set by hand, in the unit of the indicator; one that is not set is taken from the units.
    """

    code: str
    weight: float
    direction: str = "more"
    scale: str = "linear"
    ideal: float | None = None
    error_points: float = 5.0
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if self.direction not in DIRECTIONS or self.scale not in SCALES:
            raise FrameError(
                f"criterion {self.code}: direction is one of {DIRECTIONS}, scale one of {SCALES}"
            )
        if (self.direction == "ideal") != (self.ideal is not None):
            raise FrameError(
                f"criterion {self.code}: an ideal value goes with the direction ideal, and only there"
            )
        if not (np.isfinite(self.weight) and self.weight >= 0):
            raise FrameError(f"criterion {self.code}: its weight must be zero or more, not {self.weight}")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise FrameError(
                f"criterion {self.code}: its minimum {self.low} must be below its maximum {self.high}"
            )


# Rent and size fit join once asking rents and a wanted size are known.
DEFAULT_CRITERIA = (
    Criterion("footfall", 0.25, scale="log"),
    Criterion("catchment_population", 0.15, scale="log"),
    Criterion("anchors", 0.15),
    Criterion("parking", 0.10),
    Criterion("shops_around", 0.10, scale="log"),
    Criterion("vacancy_around", 0.10, direction="less"),
)


@dataclass(frozen=True)
class Scores:
    """Scores of shop units and what they are made of.

    Parameters
    ----------
    units
        On the index of the values: ``score`` (0-100, NaN where too little is known), ``rank`` (1 is best),
        ``missing`` (tuple of codes without a value), ``known_weight_share`` and ``is_complete``.
    points
        Points per criterion; NaN where missing. A row adds up to its score.
    scaled
        Each value on 0-100, before weighing.
    weights
        The part of one that each criterion counts, when none is missing.
    references
        ``low`` (0 points) and ``high`` (100 points) per criterion, in the unit of the indicator.
    """

    units: pd.DataFrame
    points: pd.DataFrame
    scaled: pd.DataFrame
    weights: pd.Series
    references: pd.DataFrame


def references(
    values: pd.DataFrame,
    criteria: Sequence[Criterion] = DEFAULT_CRITERIA,
    *,
    low: float = 0.05,
    high: float = 0.95,
) -> pd.DataFrame:
    """Fix the ends of every scale at the 5th and 95th percentile of all shop units, or where they were set by hand.

    Keep the answer with the data release: a score that is measured against whatever happens to be listed
    changes when a row leaves the list.

    Parameters
    ----------
    values
        Shop units x indicators; NaN is unknown.
    criteria
        What is scored.
    low, high
        Quantiles at which a scale ends.

    Returns
    -------
    pandas.DataFrame
        Per criterion ``low`` and ``high``; NaN where no unit has a value.
    """
    require(values, *(criterion.code for criterion in criteria), what="values")
    codes = [criterion.code for criterion in criteria]
    ends = values[codes].astype(float).quantile([low, high]).T
    ends.columns = pd.Index(["low", "high"])
    for criterion in criteria:
        for side in ("low", "high"):
            if (fixed := getattr(criterion, side)) is not None:
                ends.loc[criterion.code, side] = fixed
    return ends.rename_axis(index="criterion")


def scale_values(values: pd.DataFrame, criteria: Sequence[Criterion], ends: pd.DataFrame) -> pd.DataFrame:
    """Put every indicator on 0-100 between its two references.

    Parameters
    ----------
    values
        Shop units x indicators; NaN stays NaN.
    criteria
        What is scored.
    ends
        As `references` gives.

    Returns
    -------
    pandas.DataFrame
        Shop units x criteria, 0-100. Where the references coincide the criterion tells units apart by side
        only: 0, 50 or 100.
    """
    require(values, *(criterion.code for criterion in criteria), what="values")
    low, high = ends["low"].to_dict(), ends["high"].to_dict()
    scaled = {
        c.code: _scaled(values[c.code].to_numpy(float), c, low=low[c.code], high=high[c.code])
        for c in criteria
    }
    return pd.DataFrame(scaled, index=values.index)


def score_units(
    values: pd.DataFrame,
    criteria: Sequence[Criterion] = DEFAULT_CRITERIA,
    *,
    ends: pd.DataFrame | None = None,
    weights: Mapping[str, float] | None = None,
    min_weight_share: float = 0.5,
) -> Scores:
    """Score every shop unit as the weighted sum of its indicators on fixed scales.

    A unit without a value for a criterion is scored on the others, in the same proportions, and says so. With
    less than ``min_weight_share`` of the weight known it is not scored.

    Parameters
    ----------
    values
        Shop units x indicators; NaN is unknown.
    criteria
        What is scored.
    ends
        As `references` gives; none takes those of these very units.
    weights
        Weight per code, in place of the criterion's own; others keep theirs.
    min_weight_share
        Part of the weight that must be known.

    Returns
    -------
    Scores
        Scores, points per criterion, and what they were measured against.

    Raises
    ------
    FrameError
        When a column is missing, a weight belongs to no criterion, or all weights are zero.
    """
    shares = weight_shares(criteria, weights)
    ends = references(values, criteria) if ends is None else ends
    scaled = scale_values(values, criteria, ends)
    is_known = scaled.notna()
    known = is_known.to_numpy(float) @ shares.to_numpy()
    # Nine tenths known are nine tenths, whatever binary fractions make of it.
    is_scored = (known >= min_weight_share - 1e-9) & (known > 0)
    per_unit = pd.Series(np.where(is_scored, known, np.nan), index=values.index)
    points = scaled.mul(shares, axis=1).div(per_unit, axis=0)
    score = points.sum(axis=1, min_count=1)
    counting = np.flatnonzero(shares.to_numpy() > 0)
    codes, lacks = shares.index.to_numpy()[counting], ~is_known.to_numpy()[:, counting]
    missing = [tuple(codes[row]) if row.any() else () for row in lacks]
    # The last bit of a sum depends on where its row stands; equal scores must share a rank all the same.
    rank = score.round(9).rank(ascending=False, method="min")
    units = pd.DataFrame({"score": score, "rank": rank}, index=values.index)
    units["missing"] = pd.Series(missing, index=values.index, dtype=object)
    units["known_weight_share"] = known
    units["is_complete"] = [not codes for codes in missing]
    return Scores(units=units, points=points, scaled=scaled, weights=shares, references=ends)


def weight_shares(criteria: Sequence[Criterion], weights: Mapping[str, float] | None = None) -> pd.Series:
    """Turn weights into parts of one.

    Parameters
    ----------
    criteria
        What is scored, with its own weights.
    weights
        Weight per code, in place of the criterion's own.

    Returns
    -------
    pandas.Series
        Per criterion, adding up to one.

    Raises
    ------
    FrameError
        When a weight belongs to no criterion, is negative or not a number, or all are zero.
    """
    own = pd.Series({criterion.code: criterion.weight for criterion in criteria}, dtype=float)
    changed = dict(weights or {})
    unknown = sorted(set(changed) - set(own.index))
    if unknown:
        raise FrameError(f"no criterion {', '.join(unknown)}; there are {', '.join(own.index)}")
    own.update(pd.Series(changed, dtype=float))
    if not (np.isfinite(list(changed.values())).all() and (own >= 0).all() and own.sum() > 0):
        raise FrameError(f"weights must be zero or more and not all zero, not {own.to_dict()}")
    return own / own.sum()


def shown_points(points: pd.DataFrame, *, decimals: int = 1) -> pd.DataFrame:
    """Round points so that what is shown adds up to the rounded score.

    Parameters
    ----------
    points
        As in `Scores`.
    decimals
        Decimals shown.

    Returns
    -------
    pandas.DataFrame
        Rounded points; those nearest to the next step are rounded up until the sum fits (largest remainder).
    """
    steps = points.to_numpy(float) * 10**decimals
    floor = np.floor(np.nan_to_num(steps) + 1e-9)
    left = np.rint(np.nan_to_num(steps).sum(axis=1)) - floor.sum(axis=1)
    order = np.argsort(-(np.nan_to_num(steps) - floor), axis=1, kind="stable")
    place = np.argsort(order, axis=1, kind="stable")
    rounded = (floor + (place < left[:, None])) / 10**decimals
    return pd.DataFrame(
        np.where(np.isnan(steps), np.nan, rounded), index=points.index, columns=points.columns
    )


def _scaled(value: Floats, criterion: Criterion, *, low: float, high: float) -> Floats:
    ideal = criterion.ideal
    if criterion.scale == "log":
        # One is added, so that a zero stays in: nobody passes, no shop around.
        value = np.log1p(np.maximum(value, 0.0))
        low, high = float(np.log1p(max(low, 0.0))), float(np.log1p(max(high, 0.0)))
        ideal = None if ideal is None else float(np.log1p(max(ideal, 0.0)))
    if np.isnan(low) or np.isnan(high):
        return np.full(len(value), np.nan)
    if ideal is not None:
        # The reference that is further from the ideal is worth nothing.
        return 100.0 - _between(np.abs(value - ideal), 0.0, max(ideal - low, high - ideal, 0.0))
    points = _between(value, low, high)
    return 100.0 - points if criterion.direction == "less" else points


def _between(value: Floats, low: float, high: float) -> Floats:
    if high - low <= 1e-12 * max(1.0, abs(low), abs(high)):
        return 50.0 + 50.0 * np.sign(np.where(np.isclose(value, low), 0.0, value - low))
    points: Floats = np.clip(100.0 * (value - low) / (high - low), 0.0, 100.0)
    return points
