"""What became of acquisition cases: a funnel, how soon they are signed, and how long shops stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from gis.frames import require

Floats: TypeAlias = NDArray[np.float64]
LEVEL = 0.95
DRAWS = 400
# Of fewer cases a resampling is often the same case over and over, and its interval says more than is known.
FEWEST = 5
OPEN, EVENT, OTHER = 0, 1, 2


@dataclass(frozen=True)
class Share:
    """A share, 0-1, with its 95 % interval; None: not measurable, an interval also of too few. `n` cases of `of`."""

    share: float | None
    lower: float | None
    upper: float | None
    n: int
    of: int


def share_of(n: int, of: int) -> Share:
    """
    A share with its interval (Wilson, 1927, doi:10.1080/01621459.1927.10502953).

    Parameters
    ----------
    n, of
        How many of how many.
    """
    if of == 0:
        return Share(None, None, None, 0, 0)
    z = float(norm.ppf((1 + LEVEL) / 2))
    p = n / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * np.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return Share(p, max(0.0, float(middle - half)), min(1.0, float(middle + half)), n, of)


def funnel(cases: pd.DataFrame, states: Sequence[str]) -> pd.DataFrame:
    """
    How many cases came to each state and went on from it.

    Parameters
    ----------
    cases
        highest (place of the furthest state ever reached, 0 = first) and is_ended (lost or rejected), one row a case.
    states
        The states in order.

    Returns
    -------
    Per state (index): n_reached, n_on, n_left (ended there), n_here (not further yet), and on_share with lower_share
    and upper_share among those that went on or ended; NaN where none did.
    """
    require(cases, "highest", "is_ended")
    rows = []
    for place in range(len(states)):
        reached = cases[cases["highest"] >= place]
        stopped = reached[reached["highest"] == place]
        on, left = len(reached) - len(stopped), int(stopped["is_ended"].sum())
        found = share_of(on, on + left)
        rows.append((len(reached), on, left, len(stopped) - left, found.share, found.lower, found.upper))
    columns = ["n_reached", "n_on", "n_left", "n_here", "on_share", "lower_share", "upper_share"]
    return pd.DataFrame(rows, index=pd.Index(states, name="state"), columns=columns)


def incidence(days: Floats, kinds: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """
    Chance that something has happened by a day, where other ends come between (Aalen & Johansen, 1978, jstor.org/stable/4615704).

    Parameters
    ----------
    days
        How long each case was followed, days, shape (cases,).
    kinds
        What happened then, shape (cases,): 0 nothing yet, 1 the thing itself, 2 another end that rules it out.

    Returns
    -------
    Days on which the chance rises, and the chance from that day on; both of shape (steps,).
    """
    at = np.unique(days[kinds != OPEN])
    n_at_risk = (days[None, :] >= at[:, None]).sum(axis=1)
    ends = (days[None, :] == at[:, None]) & (kinds[None, :] != OPEN)
    events = ends & (kinds[None, :] == EVENT)
    still = np.concatenate([[1.0], np.cumprod(1 - ends.sum(axis=1) / n_at_risk)[:-1]])
    return at, np.cumsum(still * events.sum(axis=1) / n_at_risk)


def by_day(days: Floats, kinds: NDArray[np.int64], horizon: float, *, seed: int = 0) -> Share:
    """
    Chance that something has happened within `horizon` days, with an interval of `DRAWS` resamplings.

    Cases that still run count for as long as they were followed. Not measurable where nobody was followed so long.

    Parameters
    ----------
    days, kinds
        As for `incidence`.
    horizon
        Days.
    seed
        Of the resamplings.

    Returns
    -------
    The share, without interval where there are fewer than `FEWEST` cases; `n` is how many cases it happened to by
    then, `of` all cases.
    """
    n = int(((kinds == EVENT) & (days <= horizon)).sum())
    is_watched = len(days) > 0 and bool((days >= horizon).any() or (kinds != OPEN).all())
    if not is_watched:
        return Share(None, None, None, n, len(days))
    if len(days) < FEWEST:
        return Share(_at(days, kinds, horizon), None, None, n, len(days))
    rng = np.random.default_rng(seed)
    draws = rng.integers(len(days), size=(DRAWS, len(days)))
    drawn = [_at(days[draw], kinds[draw], horizon) for draw in draws]
    lower, upper = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Share(_at(days, kinds, horizon), float(lower), float(upper), n, len(days))


def median_days(days: Floats, kinds: NDArray[np.int64]) -> float | None:
    """Day by which half of all cases have come to it; None while fewer than half are known to."""
    at, chance = incidence(days, kinds)
    reached = at[chance >= 0.5]
    return float(reached[0]) if len(reached) else None


def _at(days: Floats, kinds: NDArray[np.int64], horizon: float) -> float:
    at, chance = incidence(days, kinds)
    place = int(np.searchsorted(at, horizon, side="right"))
    return float(chance[place - 1]) if place else 0.0
