"""The weather of a municipality as the forecast takes it, and as people see it day by day."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from api.forecast import queries
from api.numbers import known
from api.settings import get_settings
from gis.forecast import Forecast
from gis.forecast_base import HORIZON_H
from gis.weather import FIRST_HOUR, LAST_HOUR, WEATHER, Weather, weather_table

LEAST_HOURS = 6


def read_weather(
    session: Session, nis_code: str, *, first: pd.Timestamp, n_hours: int, known_at: datetime
) -> Weather | None:
    """
    Read weather beside a table of counts; None where nobody supplied it.

    Parameters
    ----------
    first
        First hour of the table, on the clock on the wall.
    n_hours
        Its hours.
    known_at
        Forecasts of later are left out.
    """
    zone = get_settings().timezone
    since = first.tz_localize(zone).to_pydatetime()
    # The fortnight begins at the latest a fortnight after the table ends.
    until = since + timedelta(hours=n_hours + 2 * HORIZON_H)
    frame = queries.weather(session, nis_code, since=since, until=until, known_at=known_at)
    return weather_table(_on_the_wall(frame, zone), first, n_hours)


def _on_the_wall(frame: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Give hours of the clock on the wall; of the hour that it shows twice the first."""
    rows = frame.assign(
        at=frame["hour_at"].dt.tz_convert(zone).dt.tz_localize(None),
        issued=frame["issued_at"].dt.tz_convert(zone).dt.tz_localize(None),
    )
    return rows.drop_duplicates(["at", "issued"])[["at", "issued", *WEATHER]]


def told_of(session: Session, nis_code: str, first: pd.Timestamp, told: Forecast) -> dict[str, Any] | None:
    """Say what an issue of the forecast keeps of the weather it used, or why it used none."""
    use = told.weather
    if use is None:
        return None
    zone = get_settings().timezone

    def moment(place: int) -> datetime:
        clock = first + pd.Timedelta(hours=place)
        return clock.tz_localize(zone, ambiguous=True, nonexistent="shift_forward").to_pydatetime()

    # The forecast reckons in whole hours; what people read is when it was issued.
    newest = None if use.issued is None else queries.newest_weather(session, nis_code, moment(use.issued))
    return {
        "is_used": use.is_used,
        "reason": use.reason,
        "issued_at": newest and newest["issued_at"].astimezone(ZoneInfo(zone)).isoformat(),
        "known_until": moment(told.origin + use.reach).isoformat() if use.reach else None,
        "n_tried": use.n_tried,
        "missed": known(round(use.missed, 5)),
        "missed_without": known(round(use.missed_without, 5)),
        "source": newest and newest["source"],
    }


def weather_days(session: Session, nis_code: str, first: date, last: date) -> dict[date, dict[str, Any]]:
    """
    Tell the weather of days: measured where it was, else as forecast last.

    Returns
    -------
    dict
        Per day with at least six hours of it between 8 and 20 h: mean temperature of those hours, precipitation
        (None unless all twelve are known: less would pass for a dry day), how many there are, and when the newest of them was forecast, None where all were measured.
    """
    zone = ZoneInfo(get_settings().timezone)
    since = datetime.combine(first, datetime.min.time(), tzinfo=zone)
    far = datetime.max.replace(tzinfo=zone) - timedelta(days=2)
    until = datetime.combine(last + timedelta(days=1), datetime.min.time(), tzinfo=zone)
    frame = queries.weather(session, nis_code, since=since, until=until, known_at=far)
    # Later forecasts of an hour go before earlier ones, and what was measured before all.
    frame = frame.sort_values("issued_at", na_position="last").drop_duplicates("hour_at", keep="last")
    clock = frame["hour_at"].dt.tz_convert(str(zone))
    frame = frame.assign(on=clock.dt.date)[clock.dt.hour.between(FIRST_HOUR, LAST_HOUR - 1)]
    found = {}
    for on, rows in frame.groupby("on"):
        if rows[["temperature_c", "precipitation_mm"]].notna().any(axis=1).sum() < LEAST_HOURS:
            continue
        issued = rows["issued_at"].max()
        found[pd.Timestamp(str(on)).date()] = {
            "temperature_c": _rounded(rows["temperature_c"].mean()),
            "precipitation_mm": _rounded(rows["precipitation_mm"].sum(min_count=LAST_HOUR - FIRST_HOUR)),
            "hours": len(rows),
            "issued_at": None if pd.isna(issued) else issued.to_pydatetime(),
        }
    return found


def _rounded(value: float) -> float | None:
    return round(float(value), 1) if np.isfinite(value) else None
