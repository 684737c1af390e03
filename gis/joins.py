"""Local join counts: has this vacant shop unit more vacant neighbours than chance gives it?"""

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, hypergeom

from gis.frames import require
from gis.reach import Distances, fit_to, reach_weights


def local_joins(units: pd.DataFrame, distances: Distances, *, reach_m: float = 100.0) -> pd.DataFrame:
    """Test for every vacant shop unit how many of its neighbours stand vacant too.

    The local join count (Anselin & Li 2019, doi:10.1007/s10109-019-00299-x) with its exact distribution: if the
    other C - 1 vacancies fell anywhere among the other N - 1 units, the vacant ones among n neighbours would be
    hypergeometric. Many units are tested: q is the share of false ones among those as small or smaller (Benjamini &
    Hochberg 1995).

    Parameters
    ----------
    units
        Shop units with ``state``; only the occupied and vacant count.
    distances
        Units x units, metres on the walking network, in the order of the frame, dense or sparse.
    reach_m
        Furthest neighbour that counts, in metres, itself included.

    Returns
    -------
    pandas.DataFrame
        On the index of ``units``: ``n_vacant_around``, ``n_units_around``, ``expected_vacant_around``, ``p_value`` and
        ``q_value`` (all but the first two NaN where the unit is not vacant or has no neighbour).

    Raises
    ------
    FrameError
        When a column is missing or the distances do not fit the units.
    """
    require(units, "state", what="shop units")
    fit_to(distances, units, units)
    is_vacant = (units["state"] == "vacant").to_numpy()
    is_counted = units["state"].isin(("occupied", "vacant")).to_numpy()
    weights = reach_weights(distances, limit_m=reach_m, is_same=True)
    weights.data[:] = 1.0
    vacant = np.rint(weights @ is_vacant.astype(float)).astype(np.int64)
    counted = np.rint(weights @ is_counted.astype(float)).astype(np.int64)
    n_units, n_vacant = int(is_counted.sum()), int(is_vacant.sum())
    is_tested = is_vacant & (counted > 0)
    expected, p_value, q_value = (np.full(len(units), np.nan) for _ in range(3))
    if is_tested.any():
        expected[is_tested] = counted[is_tested] * (n_vacant - 1) / (n_units - 1)
        chance = hypergeom.sf(vacant[is_tested] - 1, n_units - 1, n_vacant - 1, counted[is_tested])
        # The tail of a distribution may come out above one by a last bit.
        p_value[is_tested] = np.clip(chance, 0.0, 1.0)
        q_value[is_tested] = false_discovery_control(p_value[is_tested])
    return pd.DataFrame(
        {
            "n_vacant_around": vacant,
            "n_units_around": counted,
            "expected_vacant_around": expected,
            "p_value": p_value,
            "q_value": q_value,
        },
        index=units.index,
    )
