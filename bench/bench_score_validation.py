"""Does the location score tell what it says: the order of footfall, and where shops stand empty?

Melbourne, the one city of which all is open. Footfall: the points of the criterion at each sensor, estimated without that sensor,
against what it counted. Vacancy: shop fronts on the ground floor in the census of 2021, the one year there is, against a score
without the criterion of vacancy. It is the same year, so this says whether a good score goes with few empty shops, not
whether it foretells them.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import report
from gis.footfall import footfall_per_day
from gis.footfall_estimate import estimate_footfall, left_out_footfall
from gis.score import DEFAULT_CRITERIA, Criterion, references, score_units
from tests.gis import melbourne

FOOTFALL = (Criterion("footfall", 1.0, scale="log"),)
# Where people live is known there by area of thousands only, which says nothing of a street: left out.
LACKING = ("vacancy_around", "catchment_population")
WITHOUT_VACANCY = tuple(c for c in DEFAULT_CRITERIA if c.code not in LACKING)
# Occupied shops within 100 m are fewer where shops stand empty: with that criterion the score would know the answer.
BLIND = tuple(c for c in WITHOUT_VACANCY if c.code != "shops_around")
DRAWS, QUINTILES = 1_000, 5
BLOCK_M = 200.0


def spearman(a: pd.Series, b: pd.Series) -> float:
    """Rank correlation."""
    return float(a.rank().corr(b.rank()))


def spearman_interval(a: pd.Series, b: pd.Series, draws: int) -> tuple[float, float]:
    """95 % of resamplings of whole sensors."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(draws):
        draw = rng.integers(len(a), size=len(a))
        found.append(spearman(a.iloc[draw].reset_index(drop=True), b.iloc[draw].reset_index(drop=True)))
    lower, upper = np.quantile(found, [0.025, 0.975])
    return float(lower), float(upper)


def auc(score: np.ndarray, is_vacant: np.ndarray) -> float:
    """Chance that an occupied shop scores higher than a vacant one; a half says nothing."""
    ranks = pd.Series(score).rank().to_numpy()
    n_occupied = int((~is_vacant).sum())
    n_vacant = int(is_vacant.sum())
    return float((ranks[~is_vacant].sum() - n_occupied * (n_occupied + 1) / 2) / (n_occupied * n_vacant))


def auc_interval(
    score: np.ndarray, is_vacant: np.ndarray, block: np.ndarray, draws: int
) -> tuple[float, float]:
    """95 % of resamplings of whole squares of 200 m: neighbours are no independent witnesses."""
    rng = np.random.default_rng(0)
    rows = [np.flatnonzero(block == one) for one in np.unique(block)]
    found = []
    for _ in range(draws):
        drawn = np.concatenate([rows[i] for i in rng.integers(len(rows), size=len(rows))])
        if is_vacant[drawn].any() and not is_vacant[drawn].all():
            found.append(auc(score[drawn], is_vacant[drawn]))
    lower, upper = np.quantile(found, [0.025, 0.975])
    return float(lower), float(upper)


def footfall_part(city: melbourne.Sensors, draws: int) -> Iterator[dict[str, Any]]:
    """The footfall part of the score at held-out sensors."""
    left = left_out_footfall(city.points, features=city.features, unit_features=city.of_shops)
    values = left[["footfall_per_day"]].set_axis(["footfall"], axis=1)
    ends = references(left[["observed_per_day"]].set_axis(["footfall"], axis=1), FOOTFALL)
    points = score_units(values, FOOTFALL, ends=ends).units["score"]
    true = score_units(left[["observed_per_day"]].set_axis(["footfall"], axis=1), FOOTFALL, ends=ends).units[
        "score"
    ]
    note = f"{len(left)} sensors, each estimated without itself"
    observed = left["observed_per_day"]
    lower, upper = spearman_interval(points, observed, draws)
    yield report.figure("score.footfall_spearman", spearman(points, observed), "rho", note=note)
    yield report.figure("score.footfall_spearman_lower", lower, "rho", note="95 %, sensors resampled")
    yield report.figure("score.footfall_spearman_upper", upper, "rho", note="95 %, sensors resampled")
    off = (points - true).abs()
    yield report.figure(
        "score.footfall_points_off", off.median(), "of 100", note="median; of points of the criterion"
    )
    yield report.figure(
        "score.footfall_points_off_p90", off.quantile(0.9), "of 100", note="nine in ten are off by less"
    )


def shop_fronts() -> gpd.GeoDataFrame:
    """Ground-floor shop fronts of the census of 2021, vacant or trading."""
    rows = pd.read_csv(melbourne.FOLDER / "clue_units_2021.csv.gz")
    is_shop = rows["storefront_class"].isin(["retail", "food", "personal"])
    is_vacant = rows["vacant"] & (rows["floor_hint"] == "ground") & rows["property_has_storefront"]
    rows = rows[(is_shop & (rows["floor_hint"] != "upper")) | is_vacant]
    geometry = gpd.points_from_xy(rows["Longitude"], rows["Latitude"], crs=4326).to_crs(melbourne.EPSG)
    return gpd.GeoDataFrame({"vacant": rows["vacant"].to_numpy(bool)}, geometry=geometry, index=rows.index)


def indicators(fronts: gpd.GeoDataFrame, city: melbourne.Sensors) -> pd.DataFrame:
    """Criteria of the score at every shop front, from the streets of the city."""
    around = melbourne.around()
    places = fronts.geometry.drop_duplicates()
    features = around.of(places)
    metres = around.metres(places, city.points.geometry)
    footfall = estimate_footfall(
        gpd.GeoDataFrame(geometry=places),
        city.points,
        distances=metres,
        unit_features=features,
        sensor_features=city.features,
        spread_of=city.of_shops,
    )
    # Features stand on a log scale of sums that fade with distance; the order of units is what a score takes from them.
    of_place = pd.DataFrame(
        {
            "footfall": footfall["footfall_per_day"],
            "anchors": np.expm1(features["anchors"]),
            "parking": np.expm1(features["parking"]),
            "shops_around": np.expm1(features["shops"]),
        }
    )
    key = pd.Series(shapely.to_wkb(fronts.geometry.to_numpy()), index=fronts.index)
    of_key = of_place.set_axis(shapely.to_wkb(places.to_numpy()), axis=0)
    return of_key.loc[key].set_axis(fronts.index, axis=0)


def vacancy_part(city: melbourne.Sensors, draws: int) -> Iterator[dict[str, Any]]:
    """Vacant shop fronts against the score without the criteria that know of vacancy."""
    fronts = shop_fronts()
    values = indicators(fronts, city)
    block = np.floor(shapely.get_coordinates(fronts.geometry.to_numpy()) / BLOCK_M).astype(int)
    block = block[:, 0] * 100_000 + block[:, 1]
    for name, criteria in (("blind", BLIND), ("footfall_only", FOOTFALL), ("with_shops", WITHOUT_VACANCY)):
        score = score_units(values, criteria).units["score"]
        is_scored = score.notna().to_numpy()
        told, is_vacant = score.to_numpy()[is_scored], fronts["vacant"].to_numpy()[is_scored]
        lower, upper = auc_interval(told, is_vacant, block[is_scored], draws)
        note = f"{len(told)} shop fronts, {int(is_vacant.sum())} vacant; 2021, the year of the score itself"
        yield report.figure(f"score.vacancy_auc_{name}", auc(told, is_vacant), "AUC", note=note)
        yield report.figure(
            f"score.vacancy_auc_{name}_lower", lower, "AUC", note="95 %, squares of 200 m resampled"
        )
        yield report.figure(
            f"score.vacancy_auc_{name}_upper", upper, "AUC", note="95 %, squares of 200 m resampled"
        )
        if name == "blind":
            fifth = pd.qcut(pd.Series(told).rank(method="first"), QUINTILES, labels=False)
            rates = pd.Series(is_vacant).groupby(fifth).mean()
            for place, rate in rates.items():
                yield report.figure(
                    f"score.vacancy_rate_fifth_{int(str(place)) + 1}", rate, "share", note="1: lowest scores"
                )


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    """Everything."""
    if not melbourne.is_there():
        print("skipped: the open data of Melbourne is not beside the project")
        return
    draws = 200 if quick else DRAWS
    counts = melbourne.counts(first="2018-01-01" if quick else "2013-01-01")
    means = footfall_per_day(counts, timezone=melbourne.TIMEZONE, min_days=100)
    city = melbourne.sensors(means["footfall_per_day"].dropna())
    yield from footfall_part(city, draws)
    yield from vacancy_part(city, draws)


if __name__ == "__main__":
    report.run(measure, about=__doc__)
