"""Past forecasts held against what came: how often bands held, and what was missed."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from api.forecast import queries, reading, service
from api.numbers import whole
from api.settings import get_settings
from gis.forecast_score import hit_rate

WEEKS = 8
LEAST_DAYS = 10
WEEK = pd.Timedelta(days=7)


def get_hit_rate(
    session: Session, nis_code: str, sensor_id: int | None = None, *, weeks: int = WEEKS
) -> dict[str, Any]:
    """
    What became of the forecasts of the last weeks, in all, by distance, by kind of day and per sensor.

    Raises
    ------
    NotFound
        When the sensor is not known in the municipality.
    """
    if sensor_id is not None:
        service.one_sensor(session, sensor_id)
    run = queries.current_run(session, nis_code)
    empty: dict[str, Any] = {
        "municipality": nis_code, "sensor_id": sensor_id, "weeks": weeks, "from_on": None, "to_on": None,
        "n_issues": 0, "n_back_tests": 0, "hours": None, "days": None, "by_week": [], "less_certain": None, "sensors": [],
    }  # fmt: skip
    if run is None:
        return empty
    last = run["begins_on"] - timedelta(days=1)
    first = last - timedelta(days=7 * weeks - 1)
    hours, days = held_against(session, nis_code, first=first, last=last)
    if sensor_id is not None:
        hours, days = (part[part["sensor_id"] == sensor_id] for part in (hours, days))
    if hours.empty:
        return empty
    names = {row["id"]: row["name"] for row in queries.sensors(session, nis_code)}
    issues = hours.drop_duplicates("begins_on")
    return {
        **empty,
        "from_on": first,
        "to_on": last,
        "n_issues": len(issues),
        "n_back_tests": int(issues["is_back_test"].sum()),
        "hours": hit_rate(hours),
        "days": hit_rate(days, least=LEAST_DAYS),
        "by_week": [
            {"week": whole(week), **hit_rate(part)}
            for week, part in hours.groupby(hours["lead_day"] // 7 + 1)
        ],
        "less_certain": hit_rate(hours[hours["is_less_certain"]], least=24),
        "sensors": [
            {"id": whole(sensor), "name": names[whole(sensor)], **hit_rate(part)}
            for sensor, part in hours.groupby("sensor_id")
            if whole(sensor) in names
        ],
    }


def held_against(
    session: Session, nis_code: str, *, first: date, last: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give hours and days that were forecast and have been counted since, in a period."""
    table = _counted(session, nis_code, first - timedelta(days=28))
    issued_from = first - timedelta(days=13)
    said = queries.said(session, nis_code, first=issued_from, last=last, of_days=False)
    zone = get_settings().timezone
    said["at"] = pd.to_datetime(said["at"], utc=True).dt.tz_convert(zone).dt.tz_localize(None)
    said_days = queries.said(session, nis_code, first=issued_from, last=last, of_days=True)
    said_days["at"] = pd.to_datetime(said_days["at"])
    daily = table.groupby(pd.DatetimeIndex(table.index).normalize()).sum(min_count=1) if len(table) else table
    full = table.groupby(pd.DatetimeIndex(table.index).normalize()).count() if len(table) else table
    # A day that misses hours would look like a forecast that was too high.
    entire = daily.where(full >= 0.95 * full.max()) if len(table) else daily
    return _beside(said, table, first, last), _beside(said_days, entire, first, last)


def _counted(session: Session, nis_code: str, first: date) -> pd.DataFrame:
    since = pd.Timestamp(first, tz=get_settings().timezone).to_pydatetime()
    return reading.valid_hours(reading.passages(session, nis_code, first_at=since))


def _beside(said: pd.DataFrame, table: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """Put what came beside what was said, and the last week that was known then as the naive answer."""
    begins = pd.to_datetime(said["begins_on"])
    said = said.assign(lead_day=(said["at"].dt.normalize() - begins).dt.days)
    if said.empty or table.empty:
        return said.assign(value=0.0, naive=0.0).iloc[:0]
    long = (
        table.rename_axis(index="at")
        .reset_index()
        .melt("at", var_name="sensor_id", value_name="value")
        .dropna()
    )
    long["sensor_id"] = long["sensor_id"].astype("int64")
    found = said.merge(long, on=["sensor_id", "at"])
    found["then"] = found["at"] - WEEK * (found["lead_day"] // 7 + 1)
    naive = long.rename(columns={"at": "then", "value": "naive"})
    found = found.merge(naive, on=["sensor_id", "then"], how="left")
    inside = found["at"].between(pd.Timestamp(first), pd.Timestamp(last) + pd.Timedelta(hours=23))
    return found[inside]
