"""Where vacant shop units stand closer together than chance explains: a scan over windows of the street
network."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.chances import location_chances
from gis.frames import require
from gis.reach import Distances, among, fit_to
from gis.surprise import Surprise
from gis.windows import MIN_VACANT, random_maps

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
    location_p_value
        How likely chance alone makes vacancy follow location as closely as it does; None without covariates.
        Above 0.01 the null is homogeneous.
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
    location_p_value: float | None = None

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
    distance. With covariates the expectation of each unit comes from a logistic regression on them, where
    that explains vacancy at all.

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
    # In the order of the ids: the random maps must not depend on the order of the rows.
    used = used[np.argsort(units.index.to_numpy()[used], kind="stable")]
    ids, states = units.index.to_numpy()[used], units["state"].to_numpy()[used]
    is_vacant = (states == "vacant").astype(np.uint8)
    largest = min(int(max_share * len(used)), max_units)
    plan: dict[str, Any] = {"replications": replications, "seed": seed, "alpha": alpha}
    plan |= {"n_units": len(used), "n_vacant": int(is_vacant.sum()), "max_units": largest}
    if reason := _too_few(is_vacant):
        return Scan(_candidate_frame([]), reason=reason, null="homogeneous", **plan)
    chance, location_p_value = np.full(len(used), is_vacant.mean()), None
    if covariates is not None:
        chance, location_p_value = location_chances(covariates.loc[ids], is_vacant)
    seen = Surprise(_used(distances, used), is_vacant, chance, largest=largest)
    odds = chance / np.maximum(1.0 - chance, 1e-9)
    highest = seen.measure(random_maps(np.log(odds), int(is_vacant.sum()), replications, seed))
    found = _candidates(seen, ids=ids, highest=highest, alpha=alpha)
    return Scan(
        found,
        reason=None if (found["p_value"] <= alpha).any() else "not_more_than_chance",
        null="homogeneous" if np.ptp(chance) == 0 else "location_adjusted",
        location_p_value=location_p_value,
        **plan,
    )


def _too_few(is_vacant: Maps) -> str | None:
    if len(is_vacant) < MIN_UNITS:
        return "too_few_units"
    return "too_few_vacant" if is_vacant.sum() < MIN_VACANT else None


def _used(distances: Distances, used: NDArray[np.int64]) -> Distances:
    """Leave out the others; a table that is used whole and as it is need not be copied."""
    is_all = len(used) == distances.shape[0] and bool((used == np.arange(len(used))).all())
    return distances if is_all else among(distances, used, used)


def _candidates(seen: Surprise, *, ids: NDArray[np.object_], highest: Floats, alpha: float) -> pd.DataFrame:
    """Take the best window, then the best of those that do not touch it, until chance explains one."""
    rows: list[dict[str, Any]] = []
    total = int(seen.is_vacant.sum())
    while (best := seen.best()) and not (rows and rows[-1]["p_value"] > alpha):
        inside = int(seen.is_vacant[best.members].sum())
        outside, hoped_outside = total - inside, total - best.expected
        # Two routes to one ratio differ in the last bits; a tie counts against the cluster.
        p_value = (1 + int((highest >= best.ratio - 1e-9).sum())) / (1 + len(highest))
        risk = inside / best.expected / (outside / hoped_outside) if outside else np.inf
        rows.append(
            {
                "centre_id": ids[best.centre],
                "n_units": len(best.members),
                "n_vacant": inside,
                "expected_vacant": best.expected,
                "relative_risk": risk,
                "llr": best.ratio,
                "p_value": p_value,
                "radius_m": best.radius_m,
                "member_ids": sorted(ids[best.members]),
            }
        )
        seen.take(best.members)
    return _candidate_frame(rows)


def _candidate_frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    names = ["centre_id", "n_units", "n_vacant", "expected_vacant", "relative_risk"]
    names += ["llr", "p_value", "radius_m", "member_ids"]
    frame = pd.DataFrame(rows, columns=names, index=pd.RangeIndex(1, len(rows) + 1, name="cluster"))
    kinds = {"n_units": int, "n_vacant": int} | dict.fromkeys(names[3:8], float)
    return frame.astype(kinds)
