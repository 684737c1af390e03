"""Sensors, their series, and the estimate at a shop unit."""

import calendar
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.db.codes import SUMMABLE
from api.errors import Malformed, NotFound
from api.footfall import queries
from api.settings import get_settings

Interval = Literal["hour", "day", "week", "month"]
# What is shown when nobody says from when: enough to see the pattern, little enough to be quick.
DEFAULT_SPAN = {
    "hour": timedelta(days=14),
    "day": timedelta(days=92),
    "week": timedelta(days=730),
    "month": timedelta(days=1461),
}
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


def list_sensors(session: Session, nis_code: str) -> list[dict[str, Any]]:
    """Sensors with their footfall per day."""
    return [_sensor(row) for row in queries.sensors(session, nis_code)]


def _sensor(row: Any) -> dict[str, Any]:
    detail = row["detail"] or {}
    footfall = None
    if row["value"] is not None:
        footfall = {
            "value": row["value"],
            "lower": row["lower"],
            "upper": row["upper"],
            "n_days": detail.get("n_days"),
        }
    hidden = {"detail", "value", "lower", "upper"}
    return {
        **{key: value for key, value in row.items() if key not in hidden},
        "footfall_per_day": footfall,
        "flagged_share": detail.get("flagged_share"),
    }


def get_sensor(session: Session, sensor_id: int) -> dict[str, Any]:
    """
    One sensor and what it counts.

    Raises
    ------
    NotFound
        When it does not exist.
    """
    row = queries.sensor(session, sensor_id)
    if row is None:
        raise NotFound(
            f"There is no sensor {sensor_id}.",
            "GET /api/sensors?municipality=NIS lists them.",
            code="sensor_gone",
        )
    return {**_sensor(row), "modes": queries.modes(session, sensor_id)}


def get_series(
    session: Session,
    sensor_id: int,
    *,
    interval: Interval,
    mode: str | None,
    from_at: datetime | None,
    to_at: datetime | None,
) -> dict[str, Any]:
    """
    The series of one sensor and its usual week; the mode defaults to what it counts most likely on foot.

    Raises
    ------
    NotFound
        When there is no such sensor.
    Malformed
        When the window lies outside any calendar in which somebody counted.
    """
    _refuse_strange_years(from_at, to_at)
    sensor = get_sensor(session, sensor_id)
    zone = get_settings().timezone
    counted = sensor["modes"]
    chosen = mode or ("ped" if "ped" in counted or not counted else counted[0])
    last_at = to_at or ((sensor["last_at"] or datetime.now(UTC)) + timedelta(hours=1))
    first_at = from_at or last_at - DEFAULT_SPAN[interval]
    is_summed = sensor["measure_kind"] in SUMMABLE
    rows = queries.series(
        session,
        sensor_id,
        mode=chosen,
        interval=interval,
        timezone=zone,
        first_at=_aware(first_at, zone),
        last_at=_aware(last_at, zone),
    )
    profile_from = _aware(last_at, zone) - timedelta(days=365)
    profile = queries.week_profile(
        session, sensor_id, mode=chosen, timezone=zone, first_at=profile_from, last_at=_aware(last_at, zone)
    )
    return {
        "sensor": sensor,
        "interval": interval,
        "mode": chosen,
        "timezone": zone,
        "value_is": "sum" if is_summed else "mean",
        "items": [_bucket(row, interval, zone, is_summed=is_summed) for row in rows],
        "profile": [
            {
                "weekday": row["weekday"],
                "hour": row["hour"],
                "value": round(float(row["value"]), 1),
                "n": row["n"],
            }
            for row in profile
        ],
    }


def _refuse_strange_years(from_at: datetime | None, to_at: datetime | None) -> None:
    for name, moment in (("from", from_at), ("to", to_at)):
        if moment is not None and not EARLIEST_YEAR <= moment.year < LATEST_YEAR:
            raise Malformed(
                f"{name}={moment.isoformat()} is no time of counts.",
                f"Give a year from {EARLIEST_YEAR} on.",
                code="no_time_of_counts",
                year=str(EARLIEST_YEAR),
            )


def window(
    sensor: dict[str, Any], from_at: datetime | None, to_at: datetime | None, *, span: timedelta
) -> tuple[datetime, datetime]:
    """
    From when to when a sensor is asked about: `span` up to its last count where nobody says.

    Raises
    ------
    Malformed
        When it lies outside any calendar in which somebody counted.
    """
    _refuse_strange_years(from_at, to_at)
    zone = get_settings().timezone
    last = _aware(to_at or ((sensor["last_at"] or datetime.now(UTC)) + timedelta(hours=1)), zone)
    return _aware(from_at or last - span, zone), last


def _bucket(row: Any, interval: Interval, zone: str, *, is_summed: bool) -> dict[str, Any]:
    """One hour, day, week or month: a sum of passages, or the mean and the peak of people present."""
    counted_minutes = float(row["minutes_valid"] or 0)
    return {
        "start": row["bucket_at"].astimezone(ZoneInfo(zone)),
        "value": _rounded(row["passages"] if is_summed else row["present"]),
        "peak": _rounded(row["present_max"]),
        "direction_a": _rounded(row["passages_a"]),
        "direction_b": _rounded(row["passages_b"]),
        "coverage": min(1.0, counted_minutes / minutes_in(row["bucket_at"], interval, zone)),
        "flagged": row["n_flagged"] / row["n"],
    }


def _rounded(value: Any) -> float | None:
    return None if value is None else round(float(value), 2)


def minutes_in(bucket_at: datetime, interval: Interval, zone: str) -> float:
    """Minutes between the begin of an hour, day, week or month and the next on the clock of the wall."""
    if interval == "hour":
        return 60.0
    start = bucket_at.astimezone(ZoneInfo(zone))
    days = {"day": 1, "week": 7, "month": calendar.monthrange(start.year, start.month)[1]}[interval]
    following = (start + timedelta(days=days)).astimezone(UTC)
    return (following - start.astimezone(UTC)).total_seconds() / 60


def _aware(moment: datetime, zone: str) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def get_estimate(session: Session, unit_id: int) -> dict[str, Any] | None:
    """Footfall in front of a unit with its interval and the sensors it rests on; None before the first refresh."""
    row = queries.estimate(session, unit_id)
    if row is None:
        return None
    return {
        "value": row["value"],
        "lower": row["lower"],
        "upper": row["upper"],
        "per": "day",
        "sensors": row["detail"].get("sensors", []),
        "passage_class": row["detail"].get("passage_class"),
        "footfall_class": row["detail"].get("footfall_class"),
        "reason": row["reason"],
    }
