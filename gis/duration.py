"""How long shop units stand empty, and how likely they are let: survival of vacancy spells."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from gis.frames import require
from gis.spells import DAYS_PER_MONTH
from gis.turnbull import (
    DRAW_TOLERANCE,
    MOST_DRAW_ROUNDS,
    Floats,
    likelihoods,
    median_months,
    month_cells,
    self_consistent,
    survival_of,
)

Method: TypeAlias = Literal["kaplan_meier", "turnbull"]
Reason: TypeAlias = Literal["no_spells", "too_few_let", "too_few_from_start"]

# Fewer endings than this make a curve of which nothing can be said.
FEWEST_LET = 10
# A conditional chance rests on the spells that still last at that moment.
FEWEST_AT_RISK = 8
# Starts between two dates spread an end over months: less than half of one within a year is none.
HALF_OF_ONE = 0.5
LEVEL = 0.95
DRAWS = 200
YEAR_MONTHS = 12
LENGTHS_COLUMNS = ("state", "is_start_known", "start_width_days", "exit_days", "entry_days")


@dataclass(frozen=True)
class Survival:
    """What is known of how long spells last.

    Attributes
    ----------
    method
        kaplan_meier where every start is a day, turnbull where some lie between two dates; None: not measured.
    reason
        Why nothing was measured: no_spells, too_few_let, or too_few_from_start (so few were watched from
        their start that all had ended before the others came in view); None where it was.
    counts
        n_spells, n_let, n_withdrawn, n_running, n_between_dates, n_unknown_start (left out).
    curve
        Per month since the start (index, from 0): survival_share, lower_share, upper_share, n_at_risk.
    median_days
        Estimate, lower and upper end, days; inf: longer than anybody has watched.
    let_within_a_year
        Per month since the start (index): chance of being let in the twelve months after it when still empty
        then, with chance_lower and chance_upper and n_at_risk; only months of which enough is known.
    """

    method: Method | None
    reason: Reason | None
    counts: dict[str, int]
    curve: pd.DataFrame
    median_days: tuple[float, float, float]
    let_within_a_year: pd.DataFrame


def survival(lengths: pd.DataFrame, *, seed: int = 0, draws: int = DRAWS) -> Survival:
    """Estimate how long spells last until they are let, with 95 % intervals.

    Running spells count for as long as they lasted, and so do those that ended otherwise than by being let;
    spells of which nobody knows the start are left out and counted. The mean of running spells is never used:
    it says how long one looked, not how long it lasts.

    Parameters
    ----------
    lengths
        As `gis.spells.spell_lengths` gives.
    seed
        Seed of the draws behind the intervals where starts lie between two dates.
    draws
        How many draws.

    Returns
    -------
    Survival
        Nothing but counts and a reason with fewer than ten spells that ended by being let.

    Raises
    ------
    FrameError
        When a column is missing.
    """
    require(lengths, *LENGTHS_COLUMNS, what="lengths of vacancy spells")
    known = lengths[lengths["is_start_known"] & _was_watched(lengths)]
    counts = _counts(lengths, known)
    if known.empty or counts["n_let"] < FEWEST_LET:
        return _nothing("no_spells" if known.empty else "too_few_let", counts)
    is_exact = bool((known["start_width_days"] == 0).all())
    return _kaplan_meier(known, counts) if is_exact else _turnbull(known, counts, seed=seed, draws=draws)


def survival_by(
    lengths: pd.DataFrame, groups: pd.Series, *, seed: int = 0, draws: int = DRAWS
) -> dict[object, Survival]:
    """Do the same for every group; rows without a group are in none.

    Parameters
    ----------
    lengths
        As `gis.spells.spell_lengths` gives.
    groups
        The group of each spell, on the same index.
    seed, draws
        As in `survival`.
    """
    found = {}
    for name, rows in groups.groupby(groups, observed=True).groups.items():
        found[name] = survival(lengths.loc[rows], seed=seed, draws=draws)
    return found


def _was_watched(lengths: pd.DataFrame) -> pd.Series:
    """A spell that ended before anybody could see it, or on that very day, says nothing."""
    watched: pd.Series = lengths["exit_days"] > lengths["entry_days"].clip(lower=0.0)
    return watched


def _counts(lengths: pd.DataFrame, known: pd.DataFrame) -> dict[str, int]:
    states = known["state"].value_counts()
    return {
        "n_spells": len(known),
        **{f"n_{state}": int(states.get(state, 0)) for state in ("let", "withdrawn", "running")},
        "n_between_dates": int((known["start_width_days"] > 0).sum()),
        "n_unknown_start": int((~lengths["is_start_known"]).sum()),
    }


def _nothing(reason: Reason, counts: dict[str, int]) -> Survival:
    curve = pd.DataFrame(columns=["survival_share", "lower_share", "upper_share", "n_at_risk"], dtype=float)
    chances = pd.DataFrame(columns=["chance", "chance_lower", "chance_upper", "n_at_risk"], dtype=float)
    return Survival(None, reason, counts, curve, (np.nan, np.nan, np.nan), chances)


def at_risk(lengths: pd.DataFrame, days: NDArray[np.float64]) -> NDArray[np.int64]:
    """Count the spells that were being watched and still lasted so many days after their start.

    Parameters
    ----------
    lengths
        As `gis.spells.spell_lengths` gives; a start between two dates is put in their middle.
    days
        Shape (moments,).
    """
    half = lengths["start_width_days"].to_numpy(float) / 2
    leaves = lengths["exit_days"].to_numpy(float) + half
    enters = np.maximum(lengths["entry_days"].to_numpy(float) + half, 0.0)
    counted: NDArray[np.int64] = ((leaves[None] > days[:, None]) & (enters[None] <= days[:, None])).sum(
        axis=1
    )
    return counted


def _kaplan_meier(known: pd.DataFrame, counts: dict[str, int]) -> Survival:
    # Loading it takes seconds, which whoever only asks for a chance should not wait for.
    from lifelines import KaplanMeierFitter
    from lifelines.exceptions import StatError
    from lifelines.utils import median_survival_times

    entry = known["entry_days"].clip(lower=0.0).to_numpy(float)
    fitter = KaplanMeierFitter(alpha=1 - LEVEL)
    is_let = (known["state"] == "let").to_numpy()
    try:
        fitter.fit(known["exit_days"].to_numpy(float), is_let, entry=entry if entry.any() else None)
    except StatError:
        return _nothing("too_few_from_start", counts)
    months = np.arange(int(known["exit_days"].max() // DAYS_PER_MONTH) + 1)
    days = np.asarray(months * DAYS_PER_MONTH, dtype=np.float64)
    band = fitter.confidence_interval_
    lower, upper = (_step(band[name], days) for name in band.columns)
    line = _step(fitter.survival_function_.iloc[:, 0], days)
    medians = median_survival_times(band)
    ends = (float(np.ravel(medians)[0]), float(np.ravel(medians)[1]))
    table = fitter.event_table
    chances = _greenwood(fitter.survival_function_.iloc[:, 0], table, months, at_risk(known, days))
    return Survival(
        "kaplan_meier",
        None,
        counts,
        _curve(months, line, lower, upper, at_risk(known, days)),
        (float(fitter.median_survival_time_), *ends),
        chances,
    )


def _step(line: pd.Series, days: Floats) -> Floats:
    """Read a line of steps at moments: a step holds from its day on."""
    position = np.searchsorted(line.index.to_numpy(float), days, side="right") - 1
    values: Floats = line.to_numpy(float)[np.maximum(position, 0)]
    return np.where(np.isnan(values), 1.0, values)


def _greenwood(
    line: pd.Series, table: pd.DataFrame, months: NDArray[np.int64], n_at_risk: NDArray[np.int64]
) -> pd.DataFrame:
    """Chance of an end within a year after each month, Greenwood's variance on log(-log) scale."""
    year = YEAR_MONTHS * DAYS_PER_MONTH
    ended, at = table["observed"].to_numpy(float), table["at_risk"].to_numpy(float)
    spread = np.divide(ended, at * (at - ended), out=np.zeros(len(at)), where=at > ended)
    when, z = table.index.to_numpy(float), float(norm.ppf(0.5 + LEVEL / 2))
    rows = {}
    for month, n in zip(months.tolist(), n_at_risk.tolist(), strict=True):
        day = month * DAYS_PER_MONTH
        if n < FEWEST_AT_RISK or day + year > when[-1]:
            continue
        start, end = _step(line, np.array([day, day + year]))
        if start <= 0:
            continue
        left = float(end / start)
        if 0 < left < 1:
            error = np.sqrt(spread[(when > day) & (when <= day + year)].sum()) / abs(np.log(left))
            low, high = (1 - left ** np.exp(sign * z * error) for sign in (-1, 1))
        else:
            far = _limit_of_none(n)
            low, high = (0.0, far) if left >= 1 else (1 - far, 1.0)
        rows[month] = (1 - left, low, high, n)
    return _chances(rows)


def _turnbull(known: pd.DataFrame, counts: dict[str, int], *, seed: int, draws: int) -> Survival:
    cells = month_cells(known)
    fits, seen = likelihoods(known, cells)
    line = survival_of(self_consistent(fits, seen))[0]
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(len(known), np.full(len(known), 1 / len(known)), size=draws)
    drawn = survival_of(
        self_consistent(
            fits, seen, weights=weights.astype(float), tolerance=DRAW_TOLERANCE, most_rounds=MOST_DRAW_ROUNDS
        )
    )
    tail = (1 - LEVEL) / 2
    lower, upper = np.quantile(drawn, [tail, 1 - tail], axis=0)
    months = np.arange(cells + 1)
    days = np.asarray(months * DAYS_PER_MONTH, dtype=np.float64)
    n_at_risk = at_risk(known, days)
    middle = float(median_months(line[None])[0])
    # The order statistic itself: between a number and "not reached" there is nothing to interpolate.
    low, high = np.quantile(median_months(drawn), [tail, 1 - tail], method="inverted_cdf")
    return Survival(
        "turnbull",
        None,
        counts,
        _curve(months, line, np.minimum(lower, line), np.maximum(upper, line), n_at_risk),
        (
            middle * DAYS_PER_MONTH,
            min(float(low), middle) * DAYS_PER_MONTH,
            max(float(high), middle) * DAYS_PER_MONTH,
        ),
        _drawn_chances(line, drawn, n_at_risk),
    )


def _drawn_chances(line: Floats, drawn: Floats, n_at_risk: NDArray[np.int64]) -> pd.DataFrame:
    tail, rows = (1 - LEVEL) / 2, {}
    for month in range(len(line) - YEAR_MONTHS):
        n = int(n_at_risk[month])
        still = drawn[:, month] > 0
        if n < FEWEST_AT_RISK or line[month] <= 0 or still.mean() < LEVEL:
            continue
        chance = float(1 - line[month + YEAR_MONTHS] / line[month])
        each = 1 - drawn[still, month + YEAR_MONTHS] / drawn[still, month]
        low, high = np.quantile(each, [tail, 1 - tail])
        # Where nobody left, or everybody, every draw says the same, which is not how sure one can be of it.
        if chance * n < HALF_OF_ONE:
            high = max(high, _limit_of_none(n))
        elif (1 - chance) * n < HALF_OF_ONE:
            low = min(low, 1 - _limit_of_none(n))
        rows[month] = (chance, min(float(low), chance), max(float(high), chance), n)
    return _chances(rows)


def _limit_of_none(n: int) -> float:
    """The largest chance that none among so many is compatible with: the exact limit of Clopper and Pearson."""
    return float(1 - ((1 - LEVEL) / 2) ** (1 / n))


def _chances(rows: dict[int, tuple[float, float, float, int]]) -> pd.DataFrame:
    columns = ["chance", "chance_lower", "chance_upper", "n_at_risk"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _curve(
    months: NDArray[np.int64], line: Floats, lower: Floats, upper: Floats, n_at_risk: NDArray[np.int64]
) -> pd.DataFrame:
    columns = {"survival_share": line, "lower_share": lower, "upper_share": upper, "n_at_risk": n_at_risk}
    return pd.DataFrame(columns, index=months)
