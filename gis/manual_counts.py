"""Short counts by hand, made into passages per day with what the permanent sensors counted in the same hours."""

import numpy as np
import pandas as pd

from gis.frames import require

# Standard error of the log of a short count: one visit, and the mean of more (measured: docs/methods/footfall.md).
SIGMA_ONE_VISIT, SIGMA_MORE_VISITS = 0.28, 0.20
HOUR = pd.Timedelta(hours=1)


def expand_manual_counts(
    visits: pd.DataFrame, hours: pd.DataFrame, footfall_per_day: pd.Series, *, timezone: str
) -> pd.DataFrame:
    """Expand counts of an hour or two to the mean passages per day.

    A visit is divided by the median, over the sensors, of what each counted in the same minutes over its own mean per
    day (day-of-year scaling, Hankey et al. 2014). Visits to one place are averaged.

    Parameters
    ----------
    visits
        ``place_id``, ``start_at`` (UTC), ``minutes`` and ``value``: passages in these minutes, both directions.
    hours
        Counts of the permanent sensors, hours of the clock on the wall x sensors, as `gis.counts.hourly` gives: NaN
        where an hour is not valid.
    footfall_per_day
        Mean passages per day of the sensors, NaN where not measurable.
    timezone
        Zone of the clock on the wall.

    Returns
    -------
    pandas.DataFrame
        Per ``place_id``: ``footfall_per_day``, NaN where it cannot be expanded; ``n_visits`` and ``minutes`` used;
        ``n_sensors``, the fewest any visit was expanded with; ``sigma_log``; ``reason``: missing, or
        ``no_sensor_then`` when no sensor counted in any of its hours.

    Raises
    ------
    FrameError
        When a column is missing.
    """
    require(visits, "place_id", "start_at", "minutes", "value", what="manual counts")
    places = pd.Index(visits["place_id"].unique(), name="place_id").sort_values()
    known = footfall_per_day[footfall_per_day > 0].index.intersection(hours.columns)
    rows = []
    for visit in visits.to_dict("records"):
        counted = _counted(hours[known], pd.Timestamp(visit["start_at"]), float(visit["minutes"]), timezone)
        share = (counted / footfall_per_day[known]).dropna()
        ratio = float(share.median()) if len(share) else np.nan
        is_known = bool(ratio > 0) and pd.notna(visit["value"])
        rows.append(
            {
                "place_id": visit["place_id"],
                "per_day": float(visit["value"]) / ratio if is_known else np.nan,
                "minutes": float(visit["minutes"]),
                "n_sensors": len(share),
            }
        )
    table = pd.DataFrame(rows, columns=["place_id", "per_day", "minutes", "n_sensors"])
    used = table.dropna(subset=["per_day"]).groupby("place_id")
    n_visits = used.size().reindex(places, fill_value=0).astype(int)
    sigma = pd.Series(np.where(n_visits > 1, SIGMA_MORE_VISITS, SIGMA_ONE_VISIT), index=places)
    return pd.DataFrame(
        {
            "footfall_per_day": used["per_day"].mean().reindex(places),
            "n_visits": n_visits,
            "minutes": used["minutes"].sum().reindex(places, fill_value=0.0),
            "n_sensors": used["n_sensors"].min().reindex(places, fill_value=0).astype(int),
            "sigma_log": sigma.where(n_visits > 0),
            "reason": pd.Series(None, index=places, dtype=object).where(n_visits > 0, "no_sensor_then"),
        },
        index=places,
    )


def _counted(hours: pd.DataFrame, start: pd.Timestamp, minutes: float, timezone: str) -> pd.Series:
    """Passages per sensor from a moment on; of an hour that is only partly asked the like part; NaN where one misses."""
    utc = start.tz_localize("UTC") if start.tzinfo is None else start
    first = utc.tz_convert(timezone).tz_localize(None)
    last = first + pd.Timedelta(minutes=minutes)
    clock = pd.date_range(first.floor("h"), last.ceil("h") - HOUR, freq="h")
    offset_h = np.asarray((clock - first) / HOUR, float)
    share = np.minimum(offset_h + 1.0, minutes / 60.0) - np.maximum(offset_h, 0.0)
    asked = hours.reindex(clock)
    return asked.mul(share, axis=0).sum(min_count=len(clock))
