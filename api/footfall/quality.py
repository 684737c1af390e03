"""How much of the counts can be believed, and the series of a sensor with what was missing filled and marked."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pandas as pd
from sqlalchemy.orm import Session

from api.errors import Malformed
from api.footfall import finding_queries, service
from api.footfall.hours import read_hours
from api.numbers import known
from api.settings import get_settings
from gis.count_checks import expected_hours
from gis.count_coverage import hour_shares
from gis.count_filling import WEEKS_AROUND, fill_gaps, filled_totals
from gis.counts import OK, hourly

Interval = Literal["hour", "day", "week", "month"]
DEFAULT_DAYS = 365
LONGEST = {"hour": 62, "day": 1461, "week": 1461, "month": 1461}
SHARES = ("valid", "in_doubt", "left_out", "missing", "fillable")


def get_quality(
    session: Session, nis_code: str, *, from_at: datetime | None, to_at: datetime | None
) -> dict[str, Any]:
    """
    Per sensor: shares of the hours that should be there which are believed, in doubt, left out or missing.

    Raises
    ------
    Malformed
        When the period is empty or longer than four years.
    """
    sensors = finding_queries.sensors(session, nis_code)
    newest = max((row["last_at"] for row in sensors if row["last_at"]), default=datetime.now(UTC))
    first, last = _period(from_at, to_at, newest, "day")
    counts = _counts(session, nis_code, first, last)
    findings = finding_queries.of_period(session, nis_code, first, last)
    on_foot = findings[findings["mode"].isin(["ped", "all"])]
    shares = hour_shares(counts, on_foot, timezone=get_settings().timezone)
    open_by_sensor = (
        findings[(findings["state"] == "open") & (findings["kind"] != "gap")].groupby("sensor_id").size()
    )
    items = []
    for row in sensors:
        item: dict[str, Any] = {"sensor_id": row["id"], "sensor": row["name"], "n_expected": 0}
        item |= {f"{name}_share": None for name in SHARES} | {"n_open": int(open_by_sensor.get(row["id"], 0))}
        if row["id"] in shares.index and shares.loc[row["id"], "n_expected"]:
            own = shares.loc[row["id"]]
            item["n_expected"] = int(own["n_expected"])
            item |= {
                f"{name}_share": round(float(own[f"n_{name}"] / own["n_expected"]), 5) for name in SHARES
            }
        items.append(item)
    return {"from": first, "to": last, "items": items}


def _counts(session: Session, nis_code: str, first: datetime, last: datetime) -> pd.DataFrame:
    """People on foot; all who pass for sensors that do not tell them apart."""
    feet = read_hours(session, nis_code, mode="ped", first_at=first, last_at=last)
    everyone = read_hours(session, nis_code, mode="all", first_at=first, last_at=last)
    everyone = everyone[~everyone["sensor_id"].isin(feet["sensor_id"])]
    return pd.concat([feet, everyone], ignore_index=True) if len(everyone) else feet


def _period(
    from_at: datetime | None, to_at: datetime | None, newest: datetime, interval: Interval
) -> tuple[datetime, datetime]:
    for name, moment in (("from", from_at), ("to", to_at)):
        if moment is not None and not service.EARLIEST_YEAR <= moment.year < service.LATEST_YEAR:
            raise Malformed(
                f"{name}={moment.isoformat()} is no time of counts.",
                f"Give a year from {service.EARLIEST_YEAR} on.",
                code="no_time_of_counts",
                year=str(service.EARLIEST_YEAR),
            )
    last = _aware(to_at) if to_at else newest + timedelta(hours=1)
    days = {"hour": 14, "day": DEFAULT_DAYS, "week": 730, "month": 1461}[interval]
    first = _aware(from_at) if from_at else last - timedelta(days=days)
    if not timedelta(0) < last - first <= timedelta(days=LONGEST[interval]):
        raise Malformed(
            f"From {first.isoformat()} to {last.isoformat()} cannot be told by {interval}.",
            f"Give a `from` before `to`, at most {LONGEST[interval]} days apart.",
            code="period_too_long",
            days=LONGEST[interval],
        )
    return first, last


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def get_filled(
    session: Session,
    sensor_id: int,
    *,
    interval: Interval,
    from_at: datetime | None,
    to_at: datetime | None,
) -> dict[str, Any]:
    """
    The series of a sensor, missing hours filled and told apart; totals that rest too much on filling are held back.

    Raises
    ------
    NotFound
        When there is no such sensor.
    Malformed
        When the period is empty or too long.
    """
    sensor = service.get_sensor(session, sensor_id)
    first, last = _period(from_at, to_at, sensor["last_at"] or datetime.now(UTC), interval)
    around = timedelta(weeks=WEEKS_AROUND)
    counts = _counts(session, sensor["nis_code"], first - around, last + around)
    zone = get_settings().timezone
    answer = {"sensor_id": sensor_id, "sensor": sensor["name"], "interval": interval, "timezone": zone}
    believed = hourly(counts, timezone=zone)
    if sensor_id not in believed.columns or not len(believed):
        return {**answer, "imputed_share": None, "items": []}
    arrived = hourly(counts.assign(quality_flag=OK), timezone=zone)
    expected = pd.DataFrame(expected_hours(arrived), index=arrived.index, columns=arrived.columns)
    frame = pd.DataFrame({
        "counted": believed[sensor_id],
        "filled": fill_gaps(believed)[sensor_id],
        "is_expected": expected[sensor_id].reindex(believed.index, fill_value=False),
    })  # fmt: skip
    begin, end = (pd.Timestamp(at).tz_convert(zone).tz_localize(None) for at in (first, last))
    frame = frame[(frame.index >= begin) & (frame.index < end)]
    totals = filled_totals(frame, interval=interval)
    n_hours, n_imputed = totals["n_hours"].sum(), totals["n_imputed"].sum()
    return {
        **answer,
        "imputed_share": float(n_imputed / n_hours) if n_hours else None,
        "items": [
            {
                "start": start.isoformat(),
                "value": None if known(one["value"]) is None else round(one["value"], 1),
                "n_hours": int(one["n_hours"]),
                "n_imputed": int(one["n_imputed"]),
                "imputed_share": round(float(one["imputed_share"]), 4),
                "reason": one["reason"],
            }
            for start, one in zip(totals.index, totals.to_dict("records"), strict=True)
        ],
    }
