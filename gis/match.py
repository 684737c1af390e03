"""Lay what businesses ask of premises beside what shop units have: what fits, what falls out, what nobody knows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.errors import FrameError
from gis.frames import require

FITS, UNCLEAR, OUT = "fits", "unclear", "out"
COUNTS = ("hard_failed", "hard_unknown", "soft_met", "soft_unknown", "soft")
Counts = NDArray[np.uint8]
Floats = NDArray[np.float64]
Keys = NDArray[np.int64]


@dataclass(frozen=True)
class Wish:
    """The least or the most that something of a shop unit may be.

    Parameters
    ----------
    code
        What is asked about: the name of its column.
    low, high
        Least and most, themselves included, in the unit of the column; one of them may be left open.
    is_hard
        A unit that fails it is out. A soft wish only counts for the rank.
    """

    code: str
    low: float | None = None
    high: float | None = None
    is_hard: bool = True

    def __post_init__(self) -> None:
        ends = [end for end in (self.low, self.high) if end is not None]
        if not ends or not np.isfinite(ends).all() or sorted(ends) != ends:
            raise FrameError(f"wish {self.code}: give a least, a most, or both, the least not above the most")


@dataclass(frozen=True)
class Matches:
    """How many wishes of every profile every shop unit meets, fails, or is not known to do either.

    Parameters
    ----------
    units
        Labels of the shop units.
    hard_failed, hard_unknown, soft_met, soft_unknown
        Numbers of wishes, shape (profiles, units).
    soft
        Soft wishes of each profile, shape (profiles,).
    """

    units: pd.Index
    hard_failed: Counts
    hard_unknown: Counts
    soft_met: Counts
    soft_unknown: Counts
    soft: Counts

    def of_profile(self, place: int) -> pd.DataFrame:
        """Counts of one profile, a row per shop unit, as `rank_matches` takes them."""
        counts = {name: getattr(self, name)[place] for name in COUNTS[:-1]}
        return pd.DataFrame({**counts, "soft": self.soft[place]}, index=self.units)

    def of_unit(self, label: object) -> pd.DataFrame:
        """Counts of one shop unit, a row per profile, as `rank_matches` takes them."""
        at = self.units.get_loc(label)
        counts = {name: getattr(self, name)[:, at] for name in COUNTS[:-1]}
        return pd.DataFrame({**counts, "soft": self.soft})


def match(values: pd.DataFrame, profiles: Sequence[Sequence[Wish]]) -> Matches:
    """Hold the wishes of many profiles against many shop units.

    Parameters
    ----------
    values
        Shop units x what is asked about; NaN is unknown, infinite is a number like others.
    profiles
        The wishes of each profile, at most 255.

    Returns
    -------
    Matches
        Counts of shape (profiles, units). Every wish is met, failed or unknown: what is unknown counts as neither.

    Raises
    ------
    FrameError
        When a column is missing, or a profile has more than 255 wishes.
    """
    asked = [wish for wishes in profiles for wish in wishes]
    require(values, *dict.fromkeys(wish.code for wish in asked), what="values")
    lengths = [len(wishes) for wishes in profiles]
    if max(lengths, default=0) > np.iinfo(np.uint8).max:
        raise FrameError("profiles: one has more than 255 wishes")
    codes = list(dict.fromkeys(wish.code for wish in asked))
    place = {code: at for at, code in enumerate(codes)}
    table = np.ascontiguousarray(values[codes].to_numpy(float).T).reshape(len(codes), len(values))
    failed, unknown, met, doubtful = _counted(table, profiles, place)
    soft = np.array([sum(not wish.is_hard for wish in wishes) for wishes in profiles], dtype=np.uint8)
    return Matches(values.index, failed, unknown, met, doubtful, soft)


def rank_matches(counts: pd.DataFrame, score: pd.Series | None = None) -> pd.DataFrame:
    """Rank what fails no hard wish: by the share of soft wishes met, then by score.

    Parameters
    ----------
    counts
        Rows that compete (shop units for one profile, or profiles for one shop unit) with ``hard_failed``,
        ``hard_unknown``, ``soft_met``, ``soft_unknown`` and ``soft``.
    score
        On the same index, any scale; NaN is unknown. None: nothing but the wishes counts.

    Returns
    -------
    pandas.DataFrame
        ``verdict`` (``fits``: meets every hard wish; ``unclear``: fails none, but of some it is not known; ``out``),
        ``share_low`` and ``share_high`` (soft wishes met when all that is unknown turns out failed, or met; 1 where
        there are none), ``rank`` (1 is best, equals share it, what is unclear stands behind what fits; NaN when
        out), ``rank_best`` and ``rank_worst`` (the best and worst it can become when what is unknown, of itself
        and of the others, becomes known), ``may_fall_out``.

    Raises
    ------
    FrameError
        When a column is missing.
    """
    require(counts, *COUNTS, what="counts")
    is_in = (counts["hard_failed"] == 0).to_numpy()
    is_clear = is_in & (counts["hard_unknown"] == 0).to_numpy()
    low, high = _shares(counts)
    known = pd.Series(np.nan, counts.index) if score is None else score.reindex(counts.index).astype(float)
    is_scored = score is not None
    points = known.to_numpy()
    worst_points = np.where(np.isnan(points), -np.inf, points) if is_scored else np.zeros(len(points))
    best_points = np.where(np.isnan(points), np.inf, points) if is_scored else worst_points
    worst, best = _ordered((low, worst_points), (high, best_points))
    told = np.full((3, len(counts)), np.nan)
    told[0, is_in] = _places((is_clear * (best.max(initial=0) + 1) + worst)[is_in])
    clear_worst = np.sort(worst[is_clear])
    told[1, is_in] = (
        1 + len(clear_worst) - np.searchsorted(clear_worst, best[is_in] + 0, side="right").astype(float)
    )
    in_best = np.sort(best[is_in])
    ahead = len(in_best) - np.searchsorted(in_best, worst[is_in], side="right")
    # A row is not ahead of itself.
    told[2, is_in] = 1 + ahead - (best[is_in] > worst[is_in])
    told[2, is_in & ~is_clear] = is_in.sum()
    return pd.DataFrame(
        {
            "verdict": np.select([is_clear, is_in], [FITS, UNCLEAR], OUT).astype(object),
            "share_low": low,
            "share_high": high,
            "rank": told[0],
            "rank_best": told[1],
            "rank_worst": told[2],
            "may_fall_out": is_in & ~is_clear,
        },
        index=counts.index,
    )


def own_branch_distance(at: Floats, own: Floats, unnamed: Floats, *, least_m: float) -> Floats:
    """Distance from shop units to the nearest shop of the same business, as far as the register can tell.

    Parameters
    ----------
    at
        Entrances of the shop units, metres, shape (units, 2).
    own
        Entrances of the known shops of the business, shape (shops, 2).
    unnamed
        Entrances of shops of which the name is not known, shape (shops, 2): each may be one of the business.
    least_m
        The distance that is asked for.

    Returns
    -------
    array
        Metres in a straight line, shape (units,); infinite where there is no own shop; NaN where a shop without a name
        stands nearer than what is asked and no own shop does, so that nobody knows.
    """
    nearest, doubtful = _nearest(at, own), _nearest(at, unnamed)
    return np.where((nearest >= least_m) & (doubtful < least_m), np.nan, nearest)


def _nearest(at: Floats, others: Floats) -> Floats:
    if not len(others):
        return np.full(len(at), np.inf)
    apart = np.hypot(at[:, None, 0] - others[None, :, 0], at[:, None, 1] - others[None, :, 1])
    return np.asarray(apart.min(axis=1), dtype=float)


def _shares(counts: pd.DataFrame) -> tuple[Floats, Floats]:
    soft = counts["soft"].to_numpy(float)
    met, unknown = counts["soft_met"].to_numpy(float), counts["soft_unknown"].to_numpy(float)
    of = np.where(soft > 0, soft, 1.0)
    return np.where(soft > 0, met / of, 1.0), np.where(soft > 0, (met + unknown) / of, 1.0)


def _ordered(*keys: tuple[Floats, Floats]) -> list[Keys]:
    """Whole numbers in the order of pairs (share, score), over all keys together; rounded, so that equal sums meet."""
    pairs = np.concatenate([np.column_stack(key) for key in keys]).round(9)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    placed = np.empty(len(pairs), dtype=np.int64)
    placed[order] = np.cumsum(np.r_[False, (pairs[order][1:] != pairs[order][:-1]).any(axis=1)][: len(pairs)])
    return np.split(placed, len(keys))


def _places(keys: Keys) -> Floats:
    """Rank by descending key; equals share the best."""
    ahead = len(keys) - np.searchsorted(np.sort(keys), keys, side="right")
    return np.asarray(1 + ahead, dtype=float)


def _counted(table: Floats, profiles: Sequence[Sequence[Wish]], place: dict[str, int]) -> Counts:
    """Count per profile and unit: hard failed, hard unknown, soft met, soft unknown; whole columns at a time."""
    is_unknown = np.isnan(table).view(np.uint8)
    counts = np.zeros((4, len(profiles), table.shape[1]), dtype=np.uint8)
    for row, wishes in enumerate(profiles):
        for wish in wishes:
            at = place[wish.code]
            first = 0 if wish.is_hard else 2
            # A comparison with what is unknown is never true.
            if wish.low is None:
                is_met = table[at] <= wish.high
            elif wish.high is None:
                is_met = table[at] >= wish.low
            else:
                is_met = (table[at] >= wish.low) & (table[at] <= wish.high)
            counts[first, row] += is_met.view(np.uint8)
            counts[first + 1, row] += is_unknown[at]
        # What is neither met nor unknown has failed.
        hard = np.uint8(sum(wish.is_hard for wish in wishes))
        counts[0, row] = hard - counts[0, row] - counts[1, row]
    return counts
