"""What stands empty, since when, and how that compares with the shops around it."""

import datetime as dt
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.frames import require
from gis.reach import Distances, reach_weights

STATES = ("occupied", "vacant", "non_retail", "unknown")
ONE_YEAR_DAYS, THREE_YEARS_DAYS = 365, 1096
DURATION_CLASSES = ("initial", "long_term", "structural", "unknown")


def vacancy_rate(
    units: pd.DataFrame, *, by: str | Sequence[str] | None = None, min_coverage_share: float = 0.9
) -> pd.DataFrame:
    """Measure vacancy in shop units and in floor area.

    A shop unit that serves no trade (``non_retail``) is outside numerator and denominator; one whose state is
    unknown too, and lowers the coverage.

    Parameters
    ----------
    units
        Shop units with ``state`` and ``floor_area_m2`` (NaN where not known).
    by
        Column or columns to measure per; none measures all units together, in one row ``all``.
    min_coverage_share
        Share of the counted units whose floor area must be known before a rate in floor area is given.

    Returns
    -------
    pandas.DataFrame
        Per group: ``n_vacant`` / ``n_units`` = ``vacancy_rate_share``; ``n_unknown``, ``n_non_retail`` and
        ``state_coverage_share``; ``vacant_floor_area_m2`` / ``floor_area_m2`` =
        ``vacancy_rate_floor_area_share``, ``floor_area_coverage_share``, and ``floor_area_reason`` (None,
        ``coverage`` or ``no_units``): why the rate in floor area is not measurable.

    Raises
    ------
    FrameError
        When a column is missing.
    """
    keys = [by] if isinstance(by, str) else list(by or [])
    require(units, "state", "floor_area_m2", *keys, what="shop units")
    is_vacant, is_counted = units["state"] == "vacant", units["state"].isin(("occupied", "vacant"))
    area_m2 = units["floor_area_m2"].astype(float)
    ones = pd.DataFrame(
        {
            "n_units": is_counted.astype(int),
            "n_vacant": is_vacant.astype(int),
            "n_unknown": (units["state"] == "unknown").astype(int),
            "n_non_retail": (units["state"] == "non_retail").astype(int),
            "floor_area_m2": area_m2.where(is_counted, 0.0).fillna(0.0),
            "vacant_floor_area_m2": area_m2.where(is_vacant, 0.0).fillna(0.0),
            "n_with_floor_area": (is_counted & area_m2.notna()).astype(int),
        }
    )
    if keys:
        sums = ones.groupby([units[key] for key in keys], dropna=False, observed=True).sum()
    else:
        sums = ones.sum().to_frame("all").T
    return rates_of(sums, min_coverage_share)


def rates_of(sums: pd.DataFrame, min_coverage_share: float) -> pd.DataFrame:
    """Make rates of what was counted; the columns are those that `vacancy_rate` sums and gives."""
    counts = ["n_units", "n_vacant", "n_unknown", "n_non_retail"]
    rates = sums.astype(dict.fromkeys(counts, int)).drop(columns="n_with_floor_area")
    n_units = rates["n_units"].where(rates["n_units"] > 0)
    n_known_or_not = (rates["n_units"] + rates["n_unknown"]).where(lambda n: n > 0)
    area_m2 = rates["floor_area_m2"].where(rates["floor_area_m2"] > 0)
    coverage = sums["n_with_floor_area"] / n_units
    # A share of exactly nine tenths is enough, whatever binary fractions make of it.
    is_measurable = (coverage >= min_coverage_share - 1e-9) & area_m2.notna()
    rates["vacancy_rate_share"] = rates["n_vacant"] / n_units
    rates["state_coverage_share"] = rates["n_units"] / n_known_or_not
    rates["floor_area_coverage_share"] = coverage
    rates["vacancy_rate_floor_area_share"] = (rates["vacant_floor_area_m2"] / area_m2).where(is_measurable)
    reason = pd.Series("coverage", index=rates.index, dtype=object).where(n_units.notna(), "no_units")
    rates["floor_area_reason"] = reason.where(~is_measurable, None)
    return rates


def vacancy_duration(units: pd.DataFrame, *, on: dt.date) -> pd.DataFrame:
    """Say how long every vacant shop unit stands empty at a date.

    A yearly visit sees that a shop closed, not when: the start of a spell lies between two dates. The class
    is that of the midpoint, and is marked when the two dates fall in different classes.

    Parameters
    ----------
    units
        Shop units with ``is_vacant``, ``vacant_start_earliest_on`` and ``vacant_start_latest_on``.
    on
        The date at which the durations are told.

    Returns
    -------
    pandas.DataFrame
        On the index of ``units``: ``duration_class`` (initial: under a year; long_term: one to three years;
        structural: over three years; unknown; None when not vacant at the date), ``is_uncertain``, and
        ``min_days`` and ``max_days`` (NaN where not known).
    """
    require(units, "is_vacant", "vacant_start_earliest_on", "vacant_start_latest_on", what="shop units")
    day = pd.Timestamp(on)
    earliest = pd.to_datetime(units["vacant_start_earliest_on"]).astype("datetime64[ns]")
    # Vacant today with no last possible start: it started today at the latest.
    latest = pd.to_datetime(units["vacant_start_latest_on"]).astype("datetime64[ns]")
    latest = latest.where(latest.notna() | earliest.isna(), day)
    latest = latest.where(~(latest > day), day)
    is_vacant = units["is_vacant"].astype("boolean").fillna(False).astype(bool) & ~(earliest > day)
    middle = (earliest + (latest - earliest) / 2).dt.floor("D")
    by_middle, by_earliest, by_latest = (_class_of(start, day) for start in (middle, earliest, latest))
    # First seen empty long ago: whenever it started, it is structural by now.
    is_surely_structural = earliest.isna() & (by_latest == "structural")
    named = by_middle.where(~is_surely_structural, "structural")
    is_uncertain = earliest.notna() & (by_earliest != by_latest)
    return pd.DataFrame(
        {
            "duration_class": named.where(is_vacant, None),
            "is_uncertain": is_uncertain & is_vacant,
            "min_days": (day - latest).dt.days.where(is_vacant),
            "max_days": (day - earliest).dt.days.where(is_vacant),
        }
    )


def _class_of(start: pd.Series, day: pd.Timestamp) -> pd.Series:
    days = (day - start).dt.days
    named = pd.Series("long_term", index=start.index, dtype=object)
    named = named.where(~(days < ONE_YEAR_DAYS), "initial").where(~(days >= THREE_YEARS_DAYS), "structural")
    return named.where(start.notna(), "unknown")


def vacancy_around(
    units: pd.DataFrame, distances: Distances, *, reach_m: float = 100.0, by: str = "core_id"
) -> pd.DataFrame:
    """Estimate the vacancy around every shop unit, itself left out.

    Few neighbours make a wild share: the share is drawn towards that of the core by as much as chance
    explains of the spread (empirical Bayes; Marshall 1991, doi:10.2307/2347593).

    Parameters
    ----------
    units
        Shop units with ``state`` and the column ``by``.
    distances
        Units x units, metres on the walking network, in the order of the frame.
    reach_m
        Furthest neighbour that counts, in metres.
    by
        Column of the core towards whose rate a share is drawn.

    Returns
    -------
    pandas.DataFrame
        On the index of ``units``: ``n_vacant_around``, ``n_units_around``, and ``vacancy_around_share`` (NaN
        where the core has no shop unit in a known state).
    """
    require(units, "state", by, what="shop units")
    weights = reach_weights(distances, limit_m=reach_m, is_same=True)
    is_vacant = (units["state"] == "vacant").to_numpy(float)
    is_counted = units["state"].isin(("occupied", "vacant")).to_numpy(float)
    vacant, counted = weights @ is_vacant, weights @ is_counted
    share = np.full(len(units), np.nan)
    for rows in units.groupby(by, dropna=False, observed=True).indices.values():
        n_counted = is_counted[rows].sum()
        if n_counted:
            rate = is_vacant[rows].sum() / n_counted
            share[rows] = _shrunk(vacant[rows], counted[rows], rate)
    around = {"n_vacant_around": vacant.astype(int), "n_units_around": counted.astype(int)}
    return pd.DataFrame({**around, "vacancy_around_share": share}, index=units.index)


def _shrunk(vacant: NDArray[np.float64], counted: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    """Draw each share to the rate by the part of its variance that chance makes."""
    total = counted.sum()
    if total == 0:
        return np.full(len(counted), rate)
    raw = np.divide(vacant, counted, out=np.full(len(counted), rate), where=counted > 0)
    chance = rate * (1 - rate)
    spread = float((counted * (raw - rate) ** 2).sum() / total)
    between = max(0.0, spread - chance / counted.mean())
    if between == 0.0:
        return np.full(len(counted), rate)
    trust = between / (between + chance / np.maximum(counted, 1)) * (counted > 0)
    shrunk: NDArray[np.float64] = rate + trust * (raw - rate)
    return shrunk


def cluster_shapes(
    units: gpd.GeoDataFrame, clusters: pd.DataFrame, *, buffer_m: float = 15.0, tightness: float = 0.4
) -> gpd.GeoDataFrame:
    """Draw an outline around the shop units of every cluster.

    Parameters
    ----------
    units
        Shop units (points).
    clusters
        Rows with ``member_ids``, as `gis.scan.vacancy_clusters` gives.
    buffer_m
        Width around the outermost units, in metres.
    tightness
        1 is the convex hull, towards 0 the outline follows the units more closely.

    Returns
    -------
    geopandas.GeoDataFrame
        The clusters with one valid polygon each, which holds all its members.
    """
    shapes = []
    for member_ids in clusters["member_ids"]:
        points = shapely.multipoints(units.geometry.loc[list(member_ids)].to_numpy())
        shapes.append(shapely.make_valid(shapely.concave_hull(points, ratio=tightness).buffer(buffer_m)))
    return gpd.GeoDataFrame(
        clusters.copy(), geometry=gpd.GeoSeries(shapes, index=clusters.index, crs=units.crs)
    )
