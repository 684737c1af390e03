"""Where vacant shop units stand closer together than chance explains: a scan over windows of the street
network."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from gis.frames import require
from gis.reach import Distances, among, fit_to
from gis.windows import (
    MIN_VACANT,
    Windows,
    counts,
    highest_by_expectation,
    highest_by_table,
    likelihood_ratios,
    likelihood_table,
    random_maps,
    windows,
)

MIN_UNITS = 20
Floats = NDArray[np.float64]
Maps = NDArray[np.uint8]


@dataclass(frozen=True)
class Scan:
    """What a scan for vacancy clusters found, and of what.

    Parameters
    ----------
    candidates
        Windows that do not overlap, the most surprising first, up to and including the first that chance
        explains. Index ``cluster`` from 1; ``centre_id``, ``n_units``, ``n_vacant``, ``expected_vacant``,
        ``relative_risk``, ``llr``, ``p_value``, ``radius_m`` and ``member_ids`` (sorted).
    n_units, n_vacant
        Shop units that are occupied or vacant, and how many are vacant.
    null
        ``homogeneous`` (more vacancy than average) or ``location_adjusted`` (more than expected for such a
        location).
    reason
        None when there is a cluster, else ``too_few_units``, ``too_few_vacant`` or ``not_more_than_chance``.
    max_units
        Units in the largest window that was looked at.
    replications, seed, alpha
        Random maps compared with, the seed that made them, and the chance of a false cluster that is
        accepted.
    """

    candidates: pd.DataFrame
    n_units: int
    n_vacant: int
    null: str
    reason: str | None
    max_units: int
    replications: int
    seed: int
    alpha: float

    @property
    def clusters(self) -> pd.DataFrame:
        """The candidates that chance does not explain."""
        return self.candidates[self.candidates["p_value"] <= self.alpha]


def vacancy_clusters(
    units: pd.DataFrame,
    distances: Distances,
    *,
    covariates: pd.DataFrame | None = None,
    alpha: float = 0.05,
    replications: int = 999,
    seed: int = 1,
    max_share: float = 0.2,
    max_units: int = 1000,
) -> Scan:
    """Find the groups of neighbouring shop units with more vacancy than chance explains.

    The Bernoulli scan statistic (Kulldorff 1997, doi:10.1080/03610929708831995) over windows of network
    distance. With covariates the expectation of each unit comes from a logistic regression on them.

    Parameters
    ----------
    units
        Shop units with ``state``; those neither occupied nor vacant are left out.
    distances
        Units x units, metres on the walking network, in the order of the frame, dense or sparse.
    covariates
        What a location explains of vacancy, on the index of ``units``: numbers and categories.
    alpha
        Chance that a map without any cluster shows one.
    replications
        Random maps to compare with.
    seed
        Makes the random maps; the same seed gives the same answer, in whatever order the rows come.
    max_share, max_units
        Largest window, as a share of all units and as a number; the smaller counts.

    Returns
    -------
    Scan
        Also when there is no cluster: ``reason`` then says why.

    Raises
    ------
    FrameError
        When the distances do not fit the units.
    """
    require(units, "state", what="shop units")
    fit_to(distances, units, units)
    used = np.flatnonzero(units["state"].isin(("occupied", "vacant")).to_numpy())
    used = used[np.argsort(units.index.to_numpy()[used], kind="stable")]
    is_vacant = (units["state"].to_numpy()[used] == "vacant").astype(np.uint8)
    n_units, n_vacant = len(used), int(is_vacant.sum())
    largest = min(int(max_share * n_units), max_units)
    facts: dict[str, Any] = {
        "n_units": n_units,
        "n_vacant": n_vacant,
        "max_units": largest,
        "replications": replications,
    }
    facts |= {
        "seed": seed,
        "alpha": alpha,
        "null": "homogeneous" if covariates is None else "location_adjusted",
    }
    reason = _too_few(n_units, n_vacant)
    if reason:
        return Scan(candidates=_candidate_frame([]), reason=reason, **facts)
    near = windows(among(distances, used, used), largest)
    ids = units.index.to_numpy()[used]
    if covariates is None:
        chance = np.full(n_units, n_vacant / n_units)
        ratios, highest = _scan_homogeneous(near, is_vacant, replications, seed)
    else:
        chance = expected_chance(covariates.loc[ids], is_vacant)
        ratios, highest = _scan_adjusted(near, is_vacant, chance, replications, seed)
    candidates = _candidates(
        near, is_vacant, chance=chance, ids=ids, ratios=ratios, highest=highest, alpha=alpha
    )
    is_cluster = bool((candidates["p_value"] <= alpha).any())
    return Scan(candidates=candidates, reason=None if is_cluster else "not_more_than_chance", **facts)


def expected_chance(covariates: pd.DataFrame, is_vacant: NDArray[np.uint8]) -> Floats:
    """Estimate each shop unit's chance of being vacant from its location.

    Parameters
    ----------
    covariates
        Numbers (standardised; unknown ones take the median) and categories, one row per unit.
    is_vacant
        1 where vacant, shape (units,).

    Returns
    -------
    numpy.ndarray
        Chances, shape (units,).
    """
    numbers = covariates.select_dtypes("number").astype(float)
    numbers = numbers.fillna(numbers.median()).fillna(0.0)
    spread = numbers.std(ddof=0)
    numbers = (numbers - numbers.mean()) / spread.where(spread > 0, 1.0)
    parts = [numbers.to_numpy()]
    for name in covariates.columns.difference(numbers.columns):
        kinds = covariates[name].astype(object).fillna("unknown").astype(str)
        parts.append(pd.get_dummies(kinds, dtype=float).to_numpy())
    design = np.hstack(parts)
    if design.shape[1] == 0 or is_vacant.min() == is_vacant.max():
        return np.full(len(is_vacant), is_vacant.mean())
    model = LogisticRegression(C=1.0, max_iter=1000).fit(design, is_vacant)
    chance: Floats = model.predict_proba(design)[:, 1]
    return chance


def _too_few(n_units: int, n_vacant: int) -> str | None:
    if n_units < MIN_UNITS:
        return "too_few_units"
    return "too_few_vacant" if n_vacant < MIN_VACANT else None


def _scan_homogeneous(near: Windows, is_vacant: Maps, replications: int, seed: int) -> tuple[Floats, Floats]:
    """Ratio of every window on the real map, and the highest on each random one."""
    n_vacant, largest = int(is_vacant.sum()), near.order.shape[1]
    table = likelihood_table(len(is_vacant), n_vacant, largest)
    vacant = counts(near, is_vacant.astype(np.int64))
    ratios = np.where(near.is_end, table[np.arange(1, largest + 1), vacant], 0.0)
    maps = random_maps(np.zeros(len(is_vacant)), n_vacant, replications, seed)
    return ratios, highest_by_table(near.order, near.is_end, maps, table)


def _scan_adjusted(
    near: Windows, is_vacant: Maps, chance: Floats, replications: int, seed: int
) -> tuple[Floats, Floats]:
    """The same against the expectation of each location."""
    n_vacant = int(is_vacant.sum())
    expected = counts(near, chance * n_vacant / chance.sum())
    odds = chance / np.maximum(1.0 - chance, 1e-9)
    maps = random_maps(np.log(odds), n_vacant, replications, seed)
    highest = highest_by_expectation(near.order, near.is_end, maps, expected, n_vacant)
    return likelihood_ratios(near, is_vacant, expected), highest


def _candidates(
    near: Windows,
    is_vacant: Maps,
    *,
    chance: Floats,
    ids: NDArray[np.object_],
    ratios: Floats,
    highest: Floats,
    alpha: float,
) -> pd.DataFrame:
    """Take the best window, then the best of those that do not touch it, until chance explains one."""
    expected = counts(near, chance * is_vacant.sum() / chance.sum())
    rows: list[dict[str, Any]] = []
    is_taken = np.zeros(len(is_vacant), dtype=np.int64)
    while ratios.max() > 0 and not (rows and rows[-1]["p_value"] > alpha):
        centre, last = _best(near, ratios)
        members = near.order[centre, : last + 1]
        inside, hoped = int(is_vacant[members].sum()), float(expected[centre, last])
        outside, hoped_outside = is_vacant.sum() - inside, is_vacant.sum() - hoped
        # Two routes to one ratio differ in the last bits; a tie counts against the cluster.
        p_value = (1 + int((highest >= ratios[centre, last] - 1e-9).sum())) / (1 + len(highest))
        risk = inside / hoped / (outside / hoped_outside) if outside else np.inf
        rows.append(
            {
                "centre_id": ids[centre],
                "n_units": last + 1,
                "n_vacant": inside,
                "expected_vacant": hoped,
                "relative_risk": risk,
                "llr": float(ratios[centre, last]),
                "p_value": p_value,
                "radius_m": float(near.metres[centre, last]),
                "member_ids": sorted(ids[members]),
            }
        )
        is_taken[members] = 1
        ratios = np.where(counts(near, is_taken) > 0, 0.0, ratios)
    return _candidate_frame(rows)


def _best(near: Windows, ratios: Floats) -> tuple[int, int]:
    """Of windows that surprise alike, take the fewest units, then the smallest radius, then the first id."""
    centres, lasts = np.nonzero(ratios >= ratios.max() - 1e-9)
    first = np.lexsort((centres, near.metres[centres, lasts], lasts))[0]
    return int(centres[first]), int(lasts[first])


def _candidate_frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    names = ["centre_id", "n_units", "n_vacant", "expected_vacant", "relative_risk"]
    names += ["llr", "p_value", "radius_m", "member_ids"]
    frame = pd.DataFrame(rows, columns=names, index=pd.RangeIndex(1, len(rows) + 1, name="cluster"))
    kinds = {"n_units": int, "n_vacant": int} | dict.fromkeys(names[3:8], float)
    return frame.astype(kinds)
