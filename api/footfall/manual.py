"""Counts by hand: points to hold estimates against, kept apart from sensors."""

import geopandas as gpd
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.base import SRID


def manual_counts(session: Session, nis_code: str, *, mode: str = "ped") -> gpd.GeoDataFrame:
    """
    Read what was counted by hand in a municipality.

    Parameters
    ----------
    nis_code
        The municipality.
    mode
        Who passed: ped, bike, auto, truck or all.

    Returns
    -------
    geopandas.GeoDataFrame
        ``code`` and ``name`` of the point, ``start_at`` (UTC), ``minutes`` (counted), ``value`` (passages in those
        minutes, as counted), ``factor`` (NaN where nobody said), ``expands_to`` (hour, day, week or None), ``expanded``
        (value x factor) and ``geometry`` in the metric CRS; index: key of the count; by point and time.
    """
    query = text(
        "SELECT id, code, name, start_at, minutes::int AS minutes, value::float8 AS value, factor, expands_to, "
        "expanded, geom FROM manual_count WHERE nis_code = :nis AND mode = :mode ORDER BY code, start_at, id"
    )
    frame = gpd.read_postgis(
        query,
        session.connection(),
        geom_col="geom",
        crs=SRID,
        index_col="id",
        params={"nis": nis_code, "mode": mode},
    ).rename_geometry("geometry")
    frame["start_at"] = pd.to_datetime(frame["start_at"], utc=True)
    for name in ("factor", "expanded"):
        frame[name] = frame[name].astype(float)
    return frame
