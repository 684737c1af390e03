"""Parking within walking distance, and how full it is."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gis.frames import require
from gis.reach import Distances, reach_weights, reached_sum

ALL_BUT_SUNDAY = (0, 1, 2, 3, 4, 5)


def parking_around(
    units: pd.DataFrame,
    distances: Distances,
    spaces: pd.Series,
    *,
    decay_m: float = 300.0,
    reach_m: float = 400.0,
    near_m: float = 200.0,
) -> pd.DataFrame:
    """Add up the parking spaces within walking distance of every shop unit.

    Parameters
    ----------
    units
        Shop units.
    distances
        Units x parking zones, metres on the walking network, in the order of both.
    spaces
        Spaces per parking zone; NaN is unknown and adds nothing, but is counted in ``n_zones_unknown``.
    decay_m
        Distance at which a space weighs 0.37, in metres.
    reach_m, near_m
        Furthest distances that count, in metres.

    Returns
    -------
    pandas.DataFrame
        On the index of ``units``: ``parking_reach`` (spaces x exp(-distance / decay_m)), ``spaces_near`` and
        ``spaces_within_reach`` (plain counts), ``n_zones`` and ``n_zones_unknown`` within reach. All NaN
        where only zones of unknown size are in reach.
    """
    index = units.index
    is_unknown = spaces.isna().to_numpy(float)
    return pd.DataFrame(
        {
            "parking_reach": reached_sum(distances, spaces, index=index, limit_m=reach_m, decay_m=decay_m),
            "spaces_near": reached_sum(distances, spaces, index=index, limit_m=near_m),
            "spaces_within_reach": reached_sum(distances, spaces, index=index, limit_m=reach_m),
            "n_zones": reached_sum(distances, np.ones(len(spaces)), index=index, limit_m=reach_m).astype(int),
            "n_zones_unknown": reached_sum(distances, is_unknown, index=index, limit_m=reach_m).astype(int),
        }
    )


def parking_occupancy(
    observations: pd.DataFrame,
    *,
    timezone: str,
    hours: tuple[int, int] = (10, 18),
    weekdays: Sequence[int] = ALL_BUT_SUNDAY,
    min_days: int = 3,
) -> pd.DataFrame:
    """Say how full every parking zone is in opening hours.

    Parameters
    ----------
    observations
        ``parking_zone_id``, ``observed_at`` (UTC), ``occupied`` and ``capacity`` (both in spaces).
    timezone
        Zone of the clock on the wall, such as ``Europe/Brussels``.
    hours
        Opening hours on that clock: from, up to and without.
    weekdays
        Days that count, Monday is 0.
    min_days
        Days with an observation below which no mean is given.

    Returns
    -------
    pandas.DataFrame
        Per parking zone: ``occupancy_share``, ``occupancy_p85_share``, ``is_full_share`` (share of the hours
        with 85 % or more), ``n_days``, ``n_observations``, ``n_refused`` (no or impossible capacity, or a
        negative count), ``from_on``, ``to_on`` and ``reason`` (None, or why there is no mean). An hour with
        more observations weighs no more than one with few. More cars than spaces is kept: people do park
        beside the lines.
    """
    require(
        observations, "parking_zone_id", "observed_at", "occupied", "capacity", what="parking observations"
    )
    local = observations["observed_at"].dt.tz_convert(timezone)
    is_open = local.dt.hour.between(hours[0], hours[1] - 1) & local.dt.day_of_week.isin(list(weekdays))
    seen = observations.assign(on=local.dt.date, hour=local.dt.hour)[is_open]
    is_usable = (seen["capacity"] > 0) & (seen["occupied"] >= 0)
    share = (seen["occupied"] / seen["capacity"].where(seen["capacity"] > 0)).where(is_usable)
    hourly = share[is_usable].groupby([seen["parking_zone_id"], seen["on"], seen["hour"]]).mean()
    zones = pd.Index(observations["parking_zone_id"].unique(), name="parking_zone_id").sort_values()
    by_zone = hourly.groupby(level=0)
    days = seen[is_usable].groupby("parking_zone_id")["on"]
    n_days = days.nunique().reindex(zones, fill_value=0)
    has_mean = n_days >= min_days
    return pd.DataFrame(
        {
            "occupancy_share": by_zone.mean().reindex(zones).where(has_mean),
            "occupancy_p85_share": by_zone.quantile(0.85).reindex(zones).where(has_mean),
            "is_full_share": (hourly >= 0.85).groupby(level=0).mean().reindex(zones).where(has_mean),
            "n_days": n_days,
            "n_observations": days.size().reindex(zones, fill_value=0),
            "n_refused": (~is_usable).groupby(seen["parking_zone_id"]).sum().reindex(zones, fill_value=0),
            "from_on": days.min().reindex(zones),
            "to_on": days.max().reindex(zones),
            "reason": pd.Series(None, index=zones, dtype=object).where(has_mean, "too_few_days"),
        }
    )


def occupancy_around(
    units: pd.DataFrame, distances: Distances, zones: pd.DataFrame, *, reach_m: float = 400.0
) -> pd.Series:
    """Average how full the parking zones around every shop unit are, each weighing its spaces.

    Parameters
    ----------
    units
        Shop units.
    distances
        Units x parking zones, metres, in the order of both.
    zones
        Parking zones with ``spaces`` and ``occupancy_share``.
    reach_m
        Furthest zone that counts, in metres.

    Returns
    -------
    pandas.Series
        Share per shop unit; NaN where no zone within reach was observed.
    """
    require(zones, "spaces", "occupancy_share", what="parking zones")
    is_known = zones["occupancy_share"].notna() & zones["spaces"].notna()
    spaces = zones["spaces"].where(is_known, 0.0).to_numpy(float)
    taken = (zones["spaces"] * zones["occupancy_share"]).where(is_known, 0.0).to_numpy(float)
    weights = reach_weights(distances, limit_m=reach_m)
    total = weights @ spaces
    share = np.divide(weights @ taken, total, out=np.full(len(units), np.nan), where=total > 0)
    return pd.Series(share, index=units.index, name="parking_occupancy_share")
