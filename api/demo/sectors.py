"""Statistical sectors whose inhabitants add up to the true number of the municipality."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from api.demo.borders import Border
from api.demo.buildings import Buildings
from api.demo.lines import Skeleton
from api.demo.plan import TownPlan, dice
from api.demo.words import STREET_ROOTS

Floats = NDArray[np.float64]

KEYS = ("population", "households", "dwellings", "income_median_eur")
_PERSONS_PER_HOUSEHOLD = 2.28
_ROUNDS = 6


@dataclass(frozen=True)
class Sectors:
    """The sectors and their figures.

    Attributes
    ----------
    sectors
        nis_code, code, year, name_nl, name_fr, geometry.
    stats
        sector_code, year, key, value, is_suppressed.
    """

    sectors: pd.DataFrame
    stats: pd.DataFrame


def sectors(plan: TownPlan, seed: int, limits: Border, drawn: Skeleton, built: Buildings) -> Sectors:
    """Divide a municipality into statistical sectors.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    limits
        The town's border.
    drawn
        The lines the town hangs on.
    built
        Its buildings.
    """
    rng = dice(plan, seed, "sectors")
    homes = built.buildings[(built.buildings["building_type"] == "main") & (built.buildings["lot"] >= 0)]
    shapes = homes["geometry"].to_numpy()
    at = shapely.get_coordinates(shapely.centroid(shapes))
    is_home = (homes["use"] == "residential").to_numpy()
    weight = shapely.area(shapes) * homes["floors"].to_numpy(float) * is_home
    seeds = _seeds(plan, rng, at)
    owner = cKDTree(seeds).query(at)[1]
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=limits.polygon, ordered=True)
    )
    geometry = shapely.intersection(cells, limits.polygon)
    population = _exact_shares(np.bincount(owner, weight, len(seeds)).astype(float), plan.population)
    year = plan.population_on.year
    codes, names = _codes_and_names(plan, rng, drawn, seeds)
    frame = pd.DataFrame(
        {
            "nis_code": plan.nis_code,
            "code": codes,
            "year": year,
            "name_nl": names,
            "name_fr": names,
            "geometry": geometry,
        }
    )
    return Sectors(frame, _stats(plan, rng, codes, population, seeds))


def _seeds(plan: TownPlan, rng: np.random.Generator, at: Floats) -> Floats:
    count = int(np.clip(plan.population / 1150, 15, 34))
    seeds = at[rng.choice(len(at), count, replace=False)]
    for _ in range(_ROUNDS):
        owner = cKDTree(seeds).query(at)[1]
        size = np.maximum(np.bincount(owner, minlength=count), 1)
        moved = np.column_stack([np.bincount(owner, at[:, i], count) for i in (0, 1)]) / size[:, None]
        seeds = np.where((np.bincount(owner, minlength=count) > 0)[:, None], moved, seeds)
    seeds = seeds.round(2)
    return seeds[np.argsort(np.hypot(*(seeds - plan.centre).T), kind="stable")]


def _exact_shares(weight: Floats, total: int) -> NDArray[np.int64]:
    """Divide a whole number in proportion, by largest remainder, so that the parts add up to it."""
    share = weight / weight.sum() * total
    whole: NDArray[np.int64] = np.floor(share).astype(np.int64)
    left = total - int(whole.sum())
    whole[np.argsort(whole - share, kind="stable")[:left]] += 1
    return whole


def _codes_and_names(
    plan: TownPlan, rng: np.random.Generator, drawn: Skeleton, seeds: Floats
) -> tuple[list[str], list[str]]:
    kerns = np.array([plan.centre, *[(v.x_m, v.y_m) for v in drawn.villages]])
    off, kern = cKDTree(kerns).query(seeds)
    roots = iter(rng.permutation(np.array(STREET_ROOTS["rural"])))
    codes, names, used = [], [], [0] * len(kerns)
    kern_names = ["Centrum", *[village.name for village in drawn.villages]]
    for i, number in enumerate(kern):
        codes.append(f"{plan.nis_code}{'ABCDE'[number]}{used[number]:02d}{'0' if off[i] < 1500 else '9'}")
        is_first = used[number] == 0
        names.append(
            kern_names[number] if is_first else f"{next(roots)}{'wijk' if off[i] < 1500 else 'veld'}"
        )
        used[number] += 1
    return codes, names


def _stats(
    plan: TownPlan, rng: np.random.Generator, codes: list[str], population: NDArray[np.int64], seeds: Floats
) -> pd.DataFrame:
    far = np.hypot(*(seeds - plan.centre).T)
    households = np.rint(population / (_PERSONS_PER_HOUSEHOLD + 0.25 * np.tanh(far / 1500.0) - 0.15))
    income = 22_800 + 4_300 * np.tanh(far / 1800.0) + rng.normal(0, 1300, len(codes))
    values = np.stack([population, households, np.rint(households * 1.06), income.round(-1)], axis=1).astype(
        float
    )
    hidden = np.zeros(values.shape, bool)
    # Statbel hides the income of sectors with few tax returns.
    hidden[np.argsort(population, kind="stable")[: 1 + int(plan.population > 20_000)], 3] = True
    values[hidden] = np.nan
    return pd.DataFrame(
        {
            "sector_code": np.repeat(codes, len(KEYS)),
            "year": plan.population_on.year,
            "key": np.tile(KEYS, len(codes)),
            "value": values.ravel(),
            "is_suppressed": hidden.ravel(),
        }
    )
