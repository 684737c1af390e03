"""How sure the rank of a location is, when weights and values could have been a little different."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.score import DEFAULT_CRITERIA, Criterion, references, scale_values, score_units, weight_shares

# Half the width of an 80 % interval, in standard errors of a normal distribution.
Z_80 = 1.2815515655446004
Floats = NDArray[np.float64]


def rank_ranges(
    values: pd.DataFrame,
    criteria: Sequence[Criterion] = DEFAULT_CRITERIA,
    *,
    lower: pd.DataFrame | None = None,
    upper: pd.DataFrame | None = None,
    ends: pd.DataFrame | None = None,
    weights: Mapping[str, float] | None = None,
    draws: int = 2000,
    seed: int = 1,
    top: int = 5,
    firmness: float = 50.0,
    min_weight_share: float = 0.5,
) -> pd.DataFrame:
    """Say between which ranks every shop unit falls when weights and values are drawn anew.

    Stochastic multicriteria acceptability (Lahdelma, Hokkanen and Salminen 1998,
    doi:10.1016/S0377-2217(97)00163-X): weights from a Dirichlet distribution around the chosen ones, values
    with an interval from that interval (lognormal on a log scale, else normal), the others with the error of
    their criterion in points.

    Parameters
    ----------
    values
        Shop units x indicators; NaN is unknown.
    criteria
        What is scored.
    lower, upper
        Ends of the 80 % interval of values, for the criteria that have one: any columns of ``values``.
    ends, weights, min_weight_share
        As in `gis.score.score_units`.
    draws
        Number of times the list is drawn up anew.
    seed
        Makes the draws.
    top
        Length of the short list of ``top_share``.
    firmness
        How firmly the weights stand: 50 moves a weight of 0.25 by about a quarter.

    Returns
    -------
    pandas.DataFrame
        On the index of ``values``: ``rank`` and ``score``, ``rank_low`` and ``rank_high`` (80 % of the draws
        lie between, best first), ``top_share`` and ``first_share`` (of the draws in which it is among the
        first, and first), and ``tie_group``: units whose order is not sure four times out of five share a
        number. NaN where a unit is not scored.
    """
    ends = references(values, criteria) if ends is None else ends
    scored = score_units(values, criteria, ends=ends, weights=weights, min_weight_share=min_weight_share)
    # In the order of the ids: the draws must not depend on the order of the rows.
    order = scored.units.index[scored.units["score"].notna()].sort_values()
    shares = weight_shares(criteria, weights)
    counting = [criterion for criterion in criteria if shares[criterion.code] > 0]
    rng = np.random.default_rng(seed)
    weighed = rng.dirichlet(firmness * shares[shares > 0].to_numpy(), size=draws)
    low, high = (_ends_of(frame, order, counting) for frame in (lower, upper))
    drawn = _drawn_scores(values.loc[order], counting, ends, weighed=weighed, low=low, high=high, rng=rng)
    facts = _rank_facts(drawn, top)
    facts["tie_group"] = _tie_groups(drawn, scored.units.loc[order, "score"].to_numpy())
    return scored.units[["score", "rank"]].join(pd.DataFrame(facts, index=order, dtype=float))


def drop_one_ranks(
    values: pd.DataFrame,
    criteria: Sequence[Criterion] = DEFAULT_CRITERIA,
    *,
    ends: pd.DataFrame | None = None,
    weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Rank every shop unit once without each criterion.

    Parameters
    ----------
    values, criteria, ends, weights
        As in `gis.score.score_units`.

    Returns
    -------
    pandas.DataFrame
        Shop units x criteria: the rank when that criterion does not count. A criterion that is the only one
        with a weight has no column.
    """
    ends = references(values, criteria) if ends is None else ends
    shares = weight_shares(criteria, weights)
    ranks = {}
    for code in shares.index[(shares > 0) & (shares < 1)]:
        rest = {**shares.to_dict(), code: 0.0}
        ranks[code] = score_units(values, criteria, ends=ends, weights=rest).units["rank"]
    return pd.DataFrame(ranks, index=values.index)


def double_counted(
    values: pd.DataFrame, criteria: Sequence[Criterion] = DEFAULT_CRITERIA, *, above: float = 0.8
) -> pd.DataFrame:
    """List the pairs of criteria that order the shop units almost alike, and so count one thing twice.

    Parameters
    ----------
    values
        Shop units x indicators.
    criteria
        What is scored.
    above
        Rank correlation (Spearman) from which a pair is listed, whatever its sign.

    Returns
    -------
    pandas.DataFrame
        ``first``, ``second`` and ``correlation``, the closest pair first.
    """
    codes = [criterion.code for criterion in criteria]
    # Ranks first and then Pearson: pandas asks scipy for Spearman and warns about constant columns.
    table = values[codes].astype(float).rank().corr().to_numpy()
    pairs = [
        (codes[i], codes[j], float(table[i, j]))
        for i in range(len(codes))
        for j in range(i + 1, len(codes))
        if abs(table[i, j]) > above
    ]
    pairs.sort(key=lambda pair: (-abs(pair[2]), pair[0], pair[1]))
    return pd.DataFrame(pairs, columns=["first", "second", "correlation"])


def _ends_of(frame: pd.DataFrame | None, order: pd.Index, counting: Sequence[Criterion]) -> pd.DataFrame:
    codes = [criterion.code for criterion in counting]
    if frame is None:
        return pd.DataFrame(np.nan, index=order, columns=codes)
    return frame.reindex(index=order, columns=codes).astype(float)


def _drawn_scores(
    values: pd.DataFrame,
    counting: Sequence[Criterion],
    ends: pd.DataFrame,
    *,
    weighed: Floats,
    low: pd.DataFrame,
    high: pd.DataFrame,
    rng: np.random.Generator,
) -> Floats:
    """Score every unit in every draw, shape (draws, units)."""
    scaled = scale_values(values, counting, ends)
    points = np.zeros((len(weighed), len(values)))
    known = weighed @ scaled.notna().to_numpy(float).T
    for column, criterion in enumerate(counting):
        code, noise = criterion.code, rng.standard_normal(points.shape)
        base = scaled[code].to_numpy()
        near = base + criterion.error_points * noise
        has_interval = (high[code].notna() & low[code].notna()).to_numpy()
        if has_interval.any():
            drawn = _drawn_values(values[code], low[code], high[code], criterion.scale, noise)[
                :, has_interval
            ]
            flat = pd.DataFrame({code: drawn.ravel()})
            near[:, has_interval] = (
                scale_values(flat, [criterion], ends)[code].to_numpy().reshape(drawn.shape)
            )
        points += weighed[:, [column]] * np.nan_to_num(near)
    drawn_scores: Floats = points / known
    return drawn_scores


def _drawn_values(value: pd.Series, low: pd.Series, high: pd.Series, scale: str, noise: Floats) -> Floats:
    """Draw values around each one, so wide that eight of ten lie in its interval."""
    middle, below, above = (series.to_numpy(float) for series in (value, low, high))
    if scale == "log":
        tiny = 1e-9
        spread = np.log(np.maximum(above, tiny) / np.maximum(below, tiny)) / (2 * Z_80)
        drawn: Floats = middle * np.exp(spread * noise)
        return drawn
    shifted: Floats = middle + (above - below) / (2 * Z_80) * noise
    return shifted


def _rank_facts(drawn: Floats, top: int) -> dict[str, Floats]:
    by_score = np.argsort(-drawn, axis=1, kind="stable")
    ranks = np.empty(drawn.shape, dtype=np.int32)
    np.put_along_axis(ranks, by_score, np.arange(1, drawn.shape[1] + 1, dtype=np.int32)[None, :], axis=1)
    ordered = np.sort(ranks, axis=0)
    n = len(ranks)
    return {
        "rank_low": ordered[int(0.1 * (n - 1))],
        "rank_high": ordered[int(np.ceil(0.9 * (n - 1)))],
        "top_share": (ranks <= top).mean(axis=0),
        "first_share": (ranks == 1).mean(axis=0),
    }


def _tie_groups(drawn: Floats, score: Floats) -> Floats:
    """Number the groups from the top; a group's first unit beats none of it four times out of five."""
    group = np.zeros(len(score))
    number, leader = 0, -1
    for unit in np.argsort(-score, kind="stable"):
        if leader < 0 or (drawn[:, leader] > drawn[:, unit]).mean() >= 0.8:
            number, leader = number + 1, unit
        group[unit] = number
    return group
