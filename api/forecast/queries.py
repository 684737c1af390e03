"""SQL about forecasts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.settings import get_settings

SENSORS = (
    "SELECT s.id, s.nis_code, s.code, s.name, s.measure_kind, d.name AS source FROM footfall_sensor s "
    "LEFT JOIN dataset d ON d.id = s.dataset_id "
)
BAND = ("expected", "q025", "q10", "q25", "q50", "q75", "q90", "q975", "is_less_certain")
_BAND = ", ".join(f"v.{name}" for name in BAND)


def municipality(session: Session, nis_code: str) -> RowMapping:
    """What the calendar of a municipality hangs on."""
    query = text(
        "SELECT nis_code, name_nl, market_weekdays, holiday_countries FROM municipality WHERE nis_code = :nis"
    )
    return session.execute(query, {"nis": nis_code}).mappings().one()


def set_holiday_countries(session: Session, nis_code: str, countries: list[str] | None) -> None:
    """Say whose holidays bring visitors; none asks for what is usual there."""
    session.execute(
        text(
            "UPDATE municipality SET holiday_countries = :countries, data_version = data_version + 1 "
            "WHERE nis_code = :nis"
        ),
        {"nis": nis_code, "countries": countries},
    )


def sensors(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """Sensors whose passages can be added up."""
    query = text(f"{SENSORS} WHERE s.nis_code = :nis AND s.measure_kind = 'passage' ORDER BY s.name, s.id")
    return session.execute(query, {"nis": nis_code}).mappings().all()


def sensor(session: Session, sensor_id: int) -> RowMapping | None:
    """One sensor."""
    return session.execute(text(f"{SENSORS} WHERE s.id = :id"), {"id": sensor_id}).mappings().first()


def events(session: Session, nis_code: str) -> pd.DataFrame:
    """Events with a begin and an end; what recurs every week is in the usual week already."""
    query = text(
        "SELECT id, name, kind, starts_at, ends_at FROM event WHERE nis_code = :nis AND recurring_rule IS NULL "
        "AND kind <> 'market' ORDER BY starts_at, id"
    )
    frame = pd.read_sql(query, session.connection(), params={"nis": nis_code})
    for column in ("starts_at", "ends_at"):
        frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame


def current_run(session: Session, nis_code: str) -> RowMapping | None:
    """The latest issue."""
    query = text(
        "SELECT * FROM forecast_run WHERE nis_code = :nis AND NOT is_back_test ORDER BY begins_on DESC LIMIT 1"
    )
    return session.execute(query, {"nis": nis_code}).mappings().first()


def run_on(session: Session, nis_code: str, begins_on: date) -> RowMapping | None:
    """The issue that begins on a day."""
    query = text("SELECT * FROM forecast_run WHERE nis_code = :nis AND begins_on = :day")
    return session.execute(query, {"nis": nis_code, "day": begins_on}).mappings().first()


def last_trial_of_learning(session: Session, nis_code: str, before: date) -> RowMapping | None:
    """The latest issue at which learning was tried, and what was chosen."""
    query = text(
        "SELECT begins_on, method FROM forecast_run WHERE nis_code = :nis AND missed -> 'learned' IS NOT NULL "
        "AND begins_on <= :before AND NOT is_back_test ORDER BY begins_on DESC LIMIT 1"
    )
    return session.execute(query, {"nis": nis_code, "before": before}).mappings().first()


def n_runs(session: Session, nis_code: str) -> int:
    """Issues there are."""
    query = text("SELECT count(*) FROM forecast_run WHERE nis_code = :nis")
    return int(session.execute(query, {"nis": nis_code}).scalar_one())


def days(session: Session, run_id: int, sensor_id: int | None = None) -> Sequence[RowMapping]:
    """Days of an issue, of one sensor or of all."""
    query = text(
        f"SELECT v.sensor_id, v.on_day, v.hours, {_BAND} FROM forecast_day v WHERE v.run_id = :run "
        "AND (CAST(:sensor AS bigint) IS NULL OR v.sensor_id = :sensor) ORDER BY v.sensor_id, v.on_day"
    )
    return session.execute(query, {"run": run_id, "sensor": sensor_id}).mappings().all()


def hours(session: Session, run_id: int, sensor_id: int | None = None) -> Sequence[RowMapping]:
    """Hours of an issue, of one sensor or of all."""
    query = text(
        f"SELECT v.sensor_id, v.hour_at, {_BAND} FROM forecast_value v WHERE v.run_id = :run "
        "AND (CAST(:sensor AS bigint) IS NULL OR v.sensor_id = :sensor) ORDER BY v.sensor_id, v.hour_at"
    )
    return session.execute(query, {"run": run_id, "sensor": sensor_id}).mappings().all()


def said(session: Session, nis_code: str, *, first: date, last: date, of_days: bool) -> pd.DataFrame:
    """What issues that began in a period said, hour by hour or day by day, to be held against what came."""
    table, moment = ("forecast_day", "v.on_day") if of_days else ("forecast_value", "v.hour_at")
    query = text(
        f"SELECT r.begins_on, r.is_back_test, r.method, v.sensor_id, {moment} AS at, {_BAND} FROM {table} v "
        "JOIN forecast_run r ON r.id = v.run_id WHERE r.nis_code = :nis AND r.begins_on BETWEEN :first AND :last"
    )
    return pd.read_sql(query, session.connection(), params={"nis": nis_code, "first": first, "last": last})


def thin_out(session: Session, nis_code: str, *, before: date, daily_days: int, weekly_days: int) -> int:
    """Of issues older than some weeks keep the first of each week, and none older than some years."""
    query = text(
        "DELETE FROM forecast_run r WHERE r.nis_code = :nis AND (r.begins_on < CAST(:before AS date) - :weekly "
        "OR (r.begins_on < CAST(:before AS date) - :daily AND EXISTS (SELECT 1 FROM forecast_run x "
        "WHERE x.nis_code = r.nis_code AND x.begins_on < r.begins_on "
        "AND date_trunc('week', x.begins_on) = date_trunc('week', r.begins_on)))) RETURNING r.id"
    )
    values: dict[str, Any] = {"nis": nis_code, "before": before, "daily": daily_days, "weekly": weekly_days}
    return len(session.execute(query, values).all())


def last_counted(session: Session, sensor_id: int) -> datetime | None:
    """When a sensor counted last."""
    query = text("SELECT max(start_at) FROM footfall_count WHERE sensor_id = :id")
    found: datetime | None = session.execute(query, {"id": sensor_id}).scalar()
    return found


WEATHER = (
    "hour_at, issued_at, temperature_c, precipitation_mm, wind_speed_kmh, sunshine_min, cloud_cover_percent"
)
ISSUED_ON = "date_trunc('day', issued_at AT TIME ZONE :zone)"


def weather(
    session: Session, nis_code: str, *, since: datetime, until: datetime, known_at: datetime
) -> pd.DataFrame:
    """Hours of weather, measured and as forecast by a moment; of the forecasts of a day the last one of each hour."""
    of_hours = "FROM weather_hour WHERE nis_code = :nis AND hour_at >= :since AND hour_at < :until"
    query = text(
        f"SELECT {WEATHER} {of_hours} AND issued_at IS NULL UNION ALL (SELECT DISTINCT ON (hour_at, {ISSUED_ON}) "
        f"{WEATHER} {of_hours} AND issued_at <= :known ORDER BY hour_at, {ISSUED_ON}, issued_at DESC) "
        "ORDER BY issued_at NULLS FIRST, hour_at"
    )
    zone = get_settings().timezone
    frame = pd.read_sql(
        query,
        session.connection(),
        params={"nis": nis_code, "since": since, "until": until, "known": known_at, "zone": zone},
    )
    for column in ("hour_at", "issued_at"):
        frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame


def newest_weather(session: Session, nis_code: str, known_at: datetime) -> RowMapping | None:
    """When the newest forecast of the weather by a moment was issued, and its dataset."""
    query = text(
        "SELECT w.issued_at, d.name AS source FROM weather_hour w LEFT JOIN dataset d ON d.id = w.dataset_id "
        "WHERE w.nis_code = :nis AND w.issued_at <= :known ORDER BY w.issued_at DESC, w.hour_at LIMIT 1"
    )
    return session.execute(query, {"nis": nis_code, "known": known_at}).mappings().first()
