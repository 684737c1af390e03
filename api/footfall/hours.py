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
        "WITH moment AS (SELECT c.sensor_id, c.start_at, max(c.minutes) AS minutes, max(c.quality_flag) AS flag, "
        "coalesce(sum(c.value) FILTER (WHERE c.direction = 'both'), sum(c.value)) AS value FROM footfall_count c "
        "JOIN footfall_sensor s ON s.id = c.sensor_id WHERE s.nis_code = :nis AND s.measure_kind = 'passage' "
        "AND c.mode = :mode AND c.minutes <= 60 AND (CAST(:first AS timestamptz) IS NULL OR c.start_at >= :first) "
        "AND (CAST(:last AS timestamptz) IS NULL OR c.start_at < :last) GROUP BY c.sensor_id, c.start_at) "
        "SELECT sensor_id, date_trunc('hour', start_at) AS start_at, sum(minutes)::int AS minutes, "
        "sum(value)::float8 AS value, max(flag)::int AS quality_flag FROM moment GROUP BY 1, 2 ORDER BY 1, 2"
    )
    values = {"nis": nis_code, "mode": mode, "first": first_at, "last": last_at}
    frame = pd.read_sql(query, session.connection(), params=values)
    frame["start_at"] = pd.to_datetime(frame["start_at"], utc=True)
    return frame
