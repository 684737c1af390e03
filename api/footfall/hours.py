"""Counts per hour, as the calculations take them."""

from datetime import datetime

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session


def read_hours(
    session: Session,
    nis_code: str,
    *,
    mode: str = "ped",
    first_at: datetime | None = None,
    last_at: datetime | None = None,
) -> pd.DataFrame:
    """
    Read what the sensors of a municipality counted, hour by hour.

    Both directions are together: the sum where the sensor gives it, else its directions added up. People present in
    an area are left out, as they cannot be summed.

    Parameters
    ----------
    nis_code
        The municipality.
    mode
        Who passes: ped, bike, auto, truck or all.
    first_at, last_at
        From, and up to but without; none reads all.

    Returns
    -------
    pandas.DataFrame
        ``sensor_id``, ``start_at`` (UTC), ``minutes`` (counted, 60 where whole), ``value`` (passages) and
        ``quality_flag`` (the worst of the hour), a row per sensor and hour, in that order.
    """
    query = text(
        "SELECT h.sensor_id, h.start_at, h.minutes::int AS minutes, "
        "(coalesce(h.passages, 0) + coalesce(h.passages_flagged, 0))::float8 AS value, "
        "h.worst_flag::int AS quality_flag FROM footfall_hour h JOIN footfall_sensor s ON s.id = h.sensor_id "
        "WHERE s.nis_code = :nis AND s.measure_kind = 'passage' AND h.mode = :mode AND h.longest_minutes <= 60 "
        "AND (CAST(:first AS timestamptz) IS NULL OR h.start_at >= :first) "
        "AND (CAST(:last AS timestamptz) IS NULL OR h.start_at < :last) ORDER BY 1, 2"
    )
    values = {"nis": nis_code, "mode": mode, "first": first_at, "last": last_at}
    frame = pd.read_sql(query, session.connection(), params=values)
    frame["start_at"] = pd.to_datetime(frame["start_at"], utc=True)
    return frame
