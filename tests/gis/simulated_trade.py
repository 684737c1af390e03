"""Towns whose true chances of falling empty are known."""

import numpy as np
import pandas as pd

BRANCHES = np.array(["fashion_luxury", "daily", "hospitality", "services"])
SIZES = np.array(["under_80", "80_to_200", "from_200"])


def features(rng, units):
    return pd.DataFrame(
        {
            "branch_group": rng.choice(BRANCHES, units),
            "size_band": rng.choice(SIZES, units),
            "street_class": rng.choice(["pedestrian", "residential"], units),
            "had_vacancy": rng.random(units) < 0.3,
            "vacancy_around_share": rng.beta(1.2, 8, units),
        }
    )


def true_chance(rows, *, is_driven):
    """Eight per cent a year for all, or driven by branch, earlier vacancy and the vacancy around."""
    if not is_driven:
        return np.full(len(rows), 0.08)
    pull = -3.1 + 0.9 * (rows["branch_group"] == "fashion_luxury") + 0.8 * rows["had_vacancy"].astype(float)
    pull += 4.0 * (rows["vacancy_around_share"] - 0.13) - 0.6 * (rows["size_band"] == "from_200")
    return 1 / (1 + np.exp(-pull.to_numpy(float)))


def unit_years(rng, *, units=400, years=10, is_driven):
    parts = []
    for year in range(years):
        rows = features(rng, units)
        fell = rng.random(units) < true_chance(rows, is_driven=is_driven)
        parts.append(rows.assign(year=year - years, falls_vacant=fell, shop_unit_id=np.arange(units)))
    return pd.concat(parts, ignore_index=True)
