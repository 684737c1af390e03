"""A second opinion on a weighted sum: how near a location is to the best, and how far from the worst."""

import numpy as np
import pandas as pd

from gis.errors import FrameError


def topsis_closeness(scaled: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Relative closeness of every shop unit to the ideal location.

    Hwang and Yoon (1981, doi:10.1007/978-3-642-48318-9), on values that already stand on fixed scales of 0-100: the
    ideal is 100 on every criterion and the worst 0, so that a unit that leaves the list changes no other. With the
    ideal taken from the list itself, ranks turn around in most lists (docs/methods/score.md).

    Parameters
    ----------
    scaled
        Shop units x criteria, 0-100, more is better; NaN is left out, and the others weigh in proportion.
    weights
        Part of one per criterion.

    Returns
    -------
    pandas.Series
        0-1, 1 is ideal; NaN where nothing is known.

    Raises
    ------
    FrameError
        When the weights do not belong to the columns, or are all zero.
    """
    if list(scaled.columns) != list(weights.index) or not weights.sum() > 0:
        raise FrameError("weights: one per criterion, in the order of the columns, and not all zero")
    values = scaled.to_numpy(float) / 100.0
    is_known = np.isfinite(values)
    # The weight belongs inside the square: it stretches the axis of its criterion.
    stretch = np.where(is_known, weights.to_numpy(float), 0.0)
    total = stretch.sum(axis=1, keepdims=True)
    stretch = np.divide(stretch, total, out=np.full_like(stretch, np.nan), where=total > 0)
    known = np.where(is_known, values, 0.0)
    to_best = np.sqrt(((stretch * np.where(is_known, 1.0 - known, 0.0)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((stretch * known) ** 2).sum(axis=1))
    return pd.Series(to_worst / (to_best + to_worst), index=scaled.index, name="closeness")
