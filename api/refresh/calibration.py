"""The places at which footfall is known: sensors, and points where people counted by hand."""

import geopandas as gpd
import pandas as pd

from api.refresh.queries import CRS
from gis.counts import hourly
from gis.manual_counts import expand_manual_counts

COLUMNS = ("kind", "source_id", "name", "footfall_per_day", "sigma_log", "n_visits", "minutes")


def calibration(
    sensors: gpd.GeoDataFrame, manual: gpd.GeoDataFrame, counts: pd.DataFrame, *, timezone: str
) -> gpd.GeoDataFrame:
    """
    Put sensors and manual counts in one table.

    Parameters
    ----------
    sensors
        With `name` and `footfall_per_day`; index: key of the sensor.
    manual
        `code` and `name` of the point, `start_at`, `minutes`, `value` and the point itself: a row per visit.
    counts
        Counts of the sensors with their flags.

    Returns
    -------
    geopandas.GeoDataFrame
        `COLUMNS` and the point; numbered anew, because keys of sensors and of points are not of one kind.
    """
    known = sensors.assign(
        kind="sensor", source_id=sensors.index.astype(str), sigma_log=float("nan"), n_visits=0, minutes=0.0
    )
    parts = [known[[*COLUMNS, "geometry"]]]
    if len(manual) and len(counts):
        parts.append(_by_hand(sensors, manual, counts, timezone))
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=CRS)


def _by_hand(
    sensors: gpd.GeoDataFrame, manual: gpd.GeoDataFrame, counts: pd.DataFrame, timezone: str
) -> gpd.GeoDataFrame:
    expanded = expand_manual_counts(
        manual.assign(place_id=manual["code"]),
        hourly(counts, timezone=timezone),
        sensors["footfall_per_day"],
        timezone=timezone,
    )
    points = manual.drop_duplicates("code", keep="last").set_index("code")
    table = expanded.assign(
        kind="manual",
        source_id=expanded.index.astype(str),
        name=points["name"].reindex(expanded.index).fillna(pd.Series(expanded.index, index=expanded.index)),
        geometry=points.geometry.reindex(expanded.index),
    )
    return gpd.GeoDataFrame(table[[*COLUMNS, "geometry"]], geometry="geometry", crs=CRS)
