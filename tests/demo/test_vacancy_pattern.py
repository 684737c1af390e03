from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree

from tests.demo.seven_towns import Demo, vacant_today

DECLINING = ("31004", "32003", "34013", "34027", "34040")
EVEN = ("31022", "38025")


def _chance_of_so_many_vacant_neighbours(town: dict[str, pd.DataFrame]) -> float:
    """P value of vacant units standing beside vacant units, against 999 shuffles over all units."""
    units = town["shop_unit"]
    units = units[units["lifecycle"] == "active"]
    vacant = vacant_today(town).to_numpy(float)
    at = np.column_stack([units.geometry.x, units.geometry.y])
    _, near = cKDTree(at).query(at, k=7)
    rng = np.random.default_rng(5)
    maps = np.vstack([vacant, rng.permuted(np.tile(vacant, (999, 1)), axis=1)])
    joins = (maps[:, near[:, 1:]].sum(axis=2) * maps).sum(axis=1)
    return float((joins >= joins[0]).mean())


@pytest.mark.parametrize("nis", DECLINING)
def test_vacancy_is_concentrated_where_a_street_declines(demo: Demo, nis: str) -> None:
    assert _chance_of_so_many_vacant_neighbours(demo[nis]) <= 0.005


@pytest.mark.parametrize("nis", EVEN)
def test_vacancy_is_spread_by_chance_elsewhere(demo: Demo, nis: str) -> None:
    assert _chance_of_so_many_vacant_neighbours(demo[nis]) > 0.05


def test_vacancy_rose_in_the_crisis(demo: Demo) -> None:
    def mean_of(first: str) -> float:
        return float(
            np.mean([_vacant_on(demo, day.date()) for day in pd.date_range(first, periods=12, freq="MS")])
        )

    assert mean_of("2020-10-01") > 1.15 * mean_of("2018-10-01")
    assert mean_of("2022-10-01") < mean_of("2020-10-01")


def _vacant_on(demo: Demo, day: date) -> int:
    total = 0
    for town in demo.values():
        spells = town["vacancy_spell"]
        begun = spells["start_latest_on"] <= day
        total += int((begun & (spells["ended_on"].isna() | (spells["ended_on"] > day))).sum())
    return total
