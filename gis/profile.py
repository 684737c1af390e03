"""Rank shop units for one kind of business: its criteria, its hard wishes, and the shops it wants around it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from gis.errors import FrameError
from gis.frames import require
from gis.knock_out import KnockOut, check_wishes, is_out
from gis.rank import rank_ranges
from gis.score import Criterion, Scores, references, score_units
from gis.topsis import topsis_closeness

GOOD, BAD, COMPETITORS = "good_neighbours", "bad_neighbours", "competitors"


@dataclass(frozen=True)
class Profile:
    """What one kind of business asks of a location.

    Parameters
    ----------
    criteria
        What counts, each with its weight; one code at most once.
    wishes
        What must be so, whatever the score.
    good, bad, rivals
        Branch codes of shops it wants beside it, does not want beside it, and competes with.
    """

    criteria: Sequence[Criterion]
    wishes: Sequence[KnockOut] = ()
    good: Sequence[str] = ()
    bad: Sequence[str] = ()
    rivals: Sequence[str] = ()

    def __post_init__(self) -> None:
        codes = [criterion.code for criterion in self.criteria]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice or not codes:
            raise FrameError(f"criteria: each once and at least one; twice: {', '.join(twice) or 'none'}")


@dataclass(frozen=True)
class Ranked:
    """Shop units ranked for one profile.

    Parameters
    ----------
    scores
        Of all shop units.
    units
        On the index of all: ``is_out`` (fails a hard wish), ``rank``, ``rank_low``, ``rank_high``, ``first_share``,
        ``top_share``, ``tie_group`` as `gis.rank.rank_ranges` gives, and ``closeness`` and ``topsis_rank``; NaN
        for a unit that is no candidate or is out.
    wishes
        All shop units x positions of the hard wishes: ``met``, ``failed`` or ``unknown``.
    """

    scores: Scores
    units: pd.DataFrame
    wishes: pd.DataFrame = field(repr=False)


def profile_values(
    indicators: pd.DataFrame, near: pd.DataFrame, far: pd.DataFrame, profile: Profile
) -> pd.DataFrame:
    """Add what depends on the kind of business to the indicators of every shop unit.

    Parameters
    ----------
    indicators
        Shop units x indicators; NaN is unknown.
    near, far
        Shop units x branch codes: shops within a stone's throw, and within the reach of a competitor, as
        `gis.reach.branches_around` counts them; a row of NaN is a unit of which they cannot be counted.
    profile
        Whose neighbours and competitors are counted.

    Returns
    -------
    pandas.DataFrame
        The indicators and ``good_neighbours``, ``bad_neighbours`` (``near``) and ``competitors`` (``far``), numbers of
        shops; NaN for a business that names none, for which there is nothing to count.
    """
    wanted = {GOOD: (near, profile.good), BAD: (near, profile.bad), COMPETITORS: (far, profile.rivals)}
    counted = {
        name: _count(table, codes, indicators.index) if codes else np.nan
        for name, (table, codes) in wanted.items()
    }
    return indicators.assign(**counted)


def rank_profile(
    values: pd.DataFrame,
    profile: Profile,
    *,
    candidates: pd.Index,
    lower: pd.DataFrame | None = None,
    upper: pd.DataFrame | None = None,
    draws: int = 2000,
    top: int = 5,
) -> Ranked:
    """Rank candidates by the weighted sum, against references of all shop units.

    Parameters
    ----------
    values
        All shop units x indicators, as `profile_values` gives.
    profile
        What counts.
    candidates
        Labels of the shop units that compete: those on offer.
    lower, upper
        Ends of the 80 % interval of values that have one.
    draws
        Number of times the list is drawn up anew for the ranges.
    top
        Length of the short list of ``top_share``.

    Returns
    -------
    Ranked
        Scores of all, ranks of the candidates that fail no hard wish.

    Raises
    ------
    FrameError
        When an indicator is not there, or a candidate is not among the units.
    """
    require(values, *(criterion.code for criterion in profile.criteria), what="values")
    if not candidates.isin(values.index).all():
        raise FrameError("candidates: some are not among the shop units")
    criteria = list(profile.criteria)
    ends = references(values, criteria)
    scores = score_units(values, criteria, ends=ends)
    out = is_out(values, profile.wishes)
    chosen = candidates[~out.loc[candidates].to_numpy(bool)]
    kept = [None if frame is None else frame.loc[chosen] for frame in (lower, upper)]
    ranges = rank_ranges(
        values.loc[chosen], criteria, lower=kept[0], upper=kept[1], ends=ends, draws=draws, top=top
    )
    closeness = topsis_closeness(scores.scaled.loc[chosen], scores.weights)
    closeness = closeness.where(ranges["score"].notna())
    units = ranges.drop(columns="score").reindex(values.index)
    units["closeness"] = closeness.reindex(values.index)
    units["topsis_rank"] = closeness.rank(ascending=False, method="min").reindex(values.index)
    units.insert(0, "is_out", out)
    return Ranked(scores, units, check_wishes(values, profile.wishes))


def _count(table: pd.DataFrame, codes: Sequence[str], index: pd.Index) -> pd.Series:
    # A branch that trades nowhere has no column, and no shop either.
    counted = table.reindex(columns=list(dict.fromkeys(codes)), fill_value=0.0).sum(axis=1)
    return counted.mask(table.isna().all(axis=1) & (table.shape[1] > 0)).reindex(index)
