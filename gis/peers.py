"""Which towns are alike, by how much, and on which facts that rests."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from gis.errors import FrameError
from gis.frames import require

# A town with twice the people is as far from one as that is from one with half of them: amounts go by their logarithm.
FACTS: Mapping[str, str] = {
    "inhabitants": "log",
    "inhabitants_per_km2": "log",
    "shops_per_1000": "log",
    "near_core_share": "linear",
    "income_eur": "log",
}
# On fewer shared facts two towns are alike by accident.
FEWEST_FACTS = 3


def alikeness(facts: pd.DataFrame, town: str, *, fewest: int = FEWEST_FACTS) -> pd.DataFrame:
    """
    How far each other town lies from one, in standard deviations per fact.

    The distance is the root of the mean squared difference over the facts that are known of both, each divided by the standard
    deviation of that fact over all towns that know it (Gower's treatment of missing values, 1971, doi:10.2307/2528823). A fact
    that is the same everywhere separates nobody.

    Parameters
    ----------
    facts
        One row a town, with the columns of `FACTS`; NaN where a fact is not known.
    town
        The town to compare with.
    fewest
        With fewer shared facts there is no distance.

    Returns
    -------
    Per other town (index, nearest first, without a distance last): distance, n_facts, and per fact `<fact>_apart`, the signed
    difference in standard deviations; NaN where one of the two is not known.

    Raises
    ------
    FrameError
        When a column is missing, an amount is not positive, or the town is not among the rows.
    """
    require(facts, kinds=dict.fromkeys(FACTS, "number"), what="facts")
    if town not in facts.index:
        raise FrameError(f"facts: there is no row for {town}")
    scaled = pd.DataFrame({name: _scaled(facts[name].astype(float), how) for name, how in FACTS.items()})
    apart = scaled.drop(index=town) - scaled.loc[town]
    n_facts = apart.notna().sum(axis=1)
    distance = np.sqrt((apart**2).mean(axis=1)).where(n_facts >= fewest)
    table = apart.add_suffix("_apart")
    table.insert(0, "n_facts", n_facts)
    table.insert(0, "distance", distance)
    order = np.lexsort([table.index.astype(str), distance.fillna(np.inf)])
    return table.iloc[order]


def _scaled(values: pd.Series, how: str) -> pd.Series:
    if how == "log":
        if (values <= 0).any():
            raise FrameError(f"facts: {values.name} must be above zero, or not known")
        values = np.log(values)
    spread = values.std(ddof=1)
    if not spread > 1e-12:
        return values * 0.0
    return (values - values.mean()) / spread
