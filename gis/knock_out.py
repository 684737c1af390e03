"""Hard wishes: a shop unit that fails one is out, whatever its score."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis.errors import FrameError
from gis.frames import require

MET, FAILED, UNKNOWN = "met", "failed", "unknown"


@dataclass(frozen=True)
class KnockOut:
    """The least or the most an indicator may be.

    Parameters
    ----------
    code
        The indicator: the name of its column.
    low, high
        Least and most, themselves included, in the unit of the indicator; one of them may be left open.
    is_unknown_out
        A unit of which the value is not known fails. Without it, it stays in and is marked.
    """

    code: str
    low: float | None = None
    high: float | None = None
    is_unknown_out: bool = False

    def __post_init__(self) -> None:
        ends = [end for end in (self.low, self.high) if end is not None]
        if not ends or not np.isfinite(ends).all() or sorted(ends) != ends:
            raise FrameError(
                f"hard wish {self.code}: give a least, a most, or both, the least not above the most"
            )


def check_wishes(values: pd.DataFrame, wishes: Sequence[KnockOut]) -> pd.DataFrame:
    """Say of every shop unit and every hard wish whether it is met.

    Parameters
    ----------
    values
        Shop units x indicators; NaN is unknown.
    wishes
        The hard wishes, one per column of the answer; two on one indicator are two columns.

    Returns
    -------
    pandas.DataFrame
        Shop units x positions of the wishes: ``met``, ``failed`` or ``unknown``.
    """
    require(values, *(wish.code for wish in wishes), what="values")
    answers = {place: _answer(values[wish.code].to_numpy(float), wish) for place, wish in enumerate(wishes)}
    return pd.DataFrame(answers, index=values.index)


def is_out(values: pd.DataFrame, wishes: Sequence[KnockOut]) -> pd.Series:
    """Whether a shop unit fails at least one hard wish.

    Parameters
    ----------
    values, wishes
        As in `check_wishes`.

    Returns
    -------
    pandas.Series
        True where one fails, or is unknown and may not be.
    """
    answers = check_wishes(values, wishes)
    out = np.zeros(len(values), dtype=bool)
    for place, wish in enumerate(wishes):
        answer = answers[place].to_numpy()
        out |= (answer == FAILED) | ((answer == UNKNOWN) & wish.is_unknown_out)
    return pd.Series(out, index=values.index, name="is_out")


def _answer(value: np.ndarray, wish: KnockOut) -> np.ndarray:
    low = -np.inf if wish.low is None else wish.low
    high = np.inf if wish.high is None else wish.high
    is_met = (value >= low) & (value <= high)
    return np.where(np.isnan(value), UNKNOWN, np.where(is_met, MET, FAILED)).astype(object)
