"""The forecast as people and programs ask for it."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.errors import Malformed, NotFound
from api.forecast import queries, reading
from api.forecast.marks import marks
from api.forecast.weather import weather_days
from api.settings import get_settings

# Days of counts shown before the forecast, so that its level can be seen.
DAYS_BEFORE = 14
NUMBERS = ("expected", "q025", "q10", "q25", "q50", "q75", "q90", "q975")
Row = RowMapping


def get_overview(session: Session, nis_code: str) -> dict[str, Any]:
    """The latest issue of a municipality, and every sensor with its first day or why it has none."""
    run = queries.current_run(session, nis_code)
    about = queries.municipality(session, nis_code)
    reasons = {row["sensor_id"]: row for row in (run["sensors"] if run else [])}
    tomorrow: dict[int, Row] = {}
    for row in queries.days(session, run["id"]) if run else []:
        tomorrow.setdefault(row["sensor_id"], row)
    return {
        "municipality": nis_code,
        "unit": "passages per day, both directions",
        "issue": _issue(run),
        "holiday_countries": list(reading.neighbours_of(nis_code, about["holiday_countries"])),
        "holiday_countries_are_usual": about["holiday_countries"] is None,
        "items": [
            {
                "id": row["id"],
                "code": row["code"],
                "name": row["name"],
                "source": row["source"],
                **_about(reasons.get(row["id"])),
                "first_day": _band(tomorrow[row["id"]]) if row["id"] in tomorrow else None,
            }
            for row in queries.sensors(session, nis_code)
        ],
    }


def get_forecast(session: Session, sensor_id: int) -> dict[str, Any]:
    """
    The fortnight of one sensor: days with what makes them special, and their hours.

    Raises
    ------
    NotFound
        When there is no such sensor.
    """
    sensor = one_sensor(session, sensor_id)
    nis_code = sensor["nis_code"]
    run = queries.current_run(session, nis_code)
    told = next((row for row in (run["sensors"] if run else []) if row["sensor_id"] == sensor_id), None)
    days = queries.days(session, run["id"], sensor_id) if run else []
    hours = queries.hours(session, run["id"], sensor_id) if run else []
    zone = ZoneInfo(get_settings().timezone)
    span = (days[0]["on_day"], days[-1]["on_day"]) if days else None
    found = marks(session, nis_code, *span) if span else {}
    weather = weather_days(session, nis_code, *span) if span else {}
    reason = "no_issue" if run is None else None
    return {
        "sensor": {name: sensor[name] for name in ("id", "nis_code", "code", "name", "source")},
        "unit": "passages, both directions",
        "timezone": get_settings().timezone,
        "issue": _issue(run),
        **_about(told),
        **({"reason": reason} if reason else {}),
        "before": counted_days(session, nis_code, sensor_id, run["begins_on"]) if run else [],
        "days": [
            {
                "on": row["on_day"],
                "hours": row["hours"],
                **_band(row),
                "marks": found[row["on_day"]],
                "weather": weather.get(row["on_day"]),
            }
            for row in days
        ],
        "hours": [{"start": row["hour_at"].astimezone(zone), **_band(row)} for row in hours],
    }


def one_sensor(session: Session, sensor_id: int) -> Row:
    """
    A sensor whose passages can be added up.

    Raises
    ------
    NotFound
        When there is no such sensor.
    """
    sensor = queries.sensor(session, sensor_id)
    if sensor is None:
        raise NotFound(
            f"There is no sensor {sensor_id}.", "GET /api/forecast?municipality=... lists those there are."
        )
    return sensor


def counted_days(session: Session, nis_code: str, sensor_id: int, before: date) -> list[dict[str, Any]]:
    """What was counted per day in the fortnight before; None where a tenth or more of the usual hours miss."""
    zone = ZoneInfo(get_settings().timezone)
    first = datetime.combine(before - timedelta(days=DAYS_BEFORE), datetime.min.time(), tzinfo=zone)
    frame = reading.passages(session, nis_code, first_at=first)
    frame = frame[(frame["sensor_id"] == sensor_id) & (frame["start_at"] < _midnight(before, zone))]
    table = reading.valid_hours(frame)
    if table.empty:
        return []
    days = table.iloc[:, 0].groupby(pd.DatetimeIndex(table.index).normalize()).agg(["sum", "count"])
    days = days.loc[str(first.date()) : str(before - timedelta(days=1))]
    usual = max(int(days["count"].max()), 1)
    return [
        {"on": str(at)[:10], "value": float(total) if count >= 0.9 * usual else None}
        for at, total, count in days.itertuples()
    ]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=zone)


def set_holiday_countries(session: Session, nis_code: str, countries: list[str] | None) -> dict[str, Any]:
    """
    Say over which borders holidays bring visitors; the next refresh forecasts with it.

    Raises
    ------
    Malformed
        When a country comes twice.
    """
    if countries is not None and len(set(countries)) != len(countries):
        raise Malformed("A country is named twice.", "Name each country once.")
    queries.set_holiday_countries(session, nis_code, countries)
    return get_overview(session, nis_code)


def _issue(run: Row | None) -> dict[str, Any] | None:
    if run is None:
        return None
    names = (
        "begins_on",
        "issued_at",
        "counted_until",
        "method",
        "missed",
        "weather",
        "source",
        "code_version",
        "seconds",
    )
    return {**{name: run[name] for name in names}, "ends_on": run["begins_on"] + timedelta(days=13)}


def _about(told: dict[str, Any] | None) -> dict[str, Any]:
    names = ("reason", "is_cold", "n_days", "n_errors", "from_on", "to_on")
    if told is None:
        return {**dict.fromkeys(names), "reason": "no_counts", "is_cold": False, "n_days": 0, "n_errors": 0}
    return {name: told[name] for name in names}


def _band(row: Row) -> dict[str, Any]:
    return {
        **{name: round(float(row[name]), 1) for name in NUMBERS},
        "is_less_certain": row["is_less_certain"],
    }
