"""Asking rents of vacant shop units, set against those of their surroundings."""

import numpy as np
import pandas as pd

from gis.frames import require

MIN_RENTS = 5


def rent_against_core(units: pd.DataFrame, *, min_rents: int = MIN_RENTS) -> pd.DataFrame:
    """Compare the asking rent per square metre of every shop unit with the median of its core.

    Parameters
    ----------
    units
        Shop units with ``asking_rent_eur_per_month``, ``floor_area_m2`` and ``core_id``; NaN is unknown.
    min_rents
        Rents a core must have; with fewer the whole municipality is the yardstick, and with fewer than that
        in the municipality there is none.

    Returns
    -------
    pandas.DataFrame
        ``rent_eur_per_m2_year`` and ``rent_ratio`` (1 is as dear as the median of the others and itself, 1.2 is a
        fifth dearer), NaN where the rent, the floor area or a yardstick is not known.
    """
    require(units, "asking_rent_eur_per_month", "floor_area_m2", "core_id", what="units")
    area = units["floor_area_m2"].astype(float)
    rent = 12.0 * units["asking_rent_eur_per_month"].astype(float) / area.where(area > 0)
    by_core = rent.groupby(units["core_id"])
    of_core = by_core.transform("median").where(by_core.transform("count") >= min_rents)
    of_all = rent.median() if rent.count() >= min_rents else np.nan
    yardstick = of_core.fillna(of_all)
    return pd.DataFrame(
        {"rent_eur_per_m2_year": rent, "rent_ratio": rent / yardstick.where(yardstick > 0)}, index=units.index
    )
