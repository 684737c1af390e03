"""The city page of footfall: every sensor by ISO week, this year beside the last, sensors and towns as an index."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from api.db.session import adding_up
from api.errors import Malformed, NotFound
from api.export import service as export
from api.footfall import overview_queries as queries
from api.footfall.service import Interval, get_series
from api.footfall.weeks import read_weeks
from api.numbers import known
from api.settings import get_settings
from gis.footfall_weeks import indexed, recent_change, town_index

SERIES_COLUMNS = (
    "sensor_code", "sensor", "mode", "measure_kind", "start", "value", "valid_share", "flagged_share",
)  # fmt: skip
# A year, the year before it to hold it against, and one more.
WEEKS = 160
MOST_TOWNS = 8
CSV_COLUMNS = (
    "municipality", "sensor", "sensor_code", "iso_year", "iso_week", "starts_on", "passages_per_day",
    "valid_hours_share", "index_100_is_latest_year", "source",
)  # fmt: skip


def get_overview(session: Session, nis_code: str) -> dict[str, Any]:
    """Every sensor of a municipality: its weeks, its latest weeks against last year, and its index."""
    sensors = queries.sensor_names(session, [nis_code])
    weeks = _weeks(session, nis_code)
    change = recent_change(weeks)
    index = indexed(weeks)
    by_sensor = dict(list(weeks.groupby("sensor_id")))
    levels = dict(list(index.groupby("sensor_id")))
    nothing = weeks.iloc[:0].assign(index=None)
    return {
        "municipality": nis_code,
        "unit": "passages per day, all hours, both directions",
        "items": [
            _sensor(row, by_sensor.get(row["id"], nothing), levels.get(row["id"], nothing), change)
            for row in sensors
        ],
        "town": _town(index),
        "towns": _counted(session),
    }


def get_comparison(session: Session, nis_codes: Sequence[str]) -> dict[str, Any]:
    """
    Towns beside each other, week by week, each against its own latest year.

    Raises
    ------
    Malformed
        When too many are asked at once.
    NotFound
        When one is not known here, or counts nobody.
    """
    if len(nis_codes) > MOST_TOWNS:
        raise Malformed(
            f"{len(nis_codes)} towns are too many to compare.",
            f"Ask at most {MOST_TOWNS}.",
            code="too_many_towns",
            n=len(nis_codes),
            most=MOST_TOWNS,
        )
    names = {row["nis_code"]: row["name"] for row in _counted(session)}
    strange = [nis for nis in nis_codes if nis not in names]
    if strange:
        raise NotFound(
            f"Nothing is counted in municipality {strange[0]}.",
            "Choose among towns of /api/footfall/overview.",
            code="nothing_counted",
            town=strange[0],
        )
    with adding_up(session):
        weeks = {nis: _weeks(session, nis) for nis in dict.fromkeys(nis_codes)}
    return {
        "index": "100 is the mean of each sensor's own latest year; a town is the median of its sensors",
        "items": [
            {"nis_code": nis, "name": names[nis], "weeks": _town(indexed(of_town))}
            for nis, of_town in weeks.items()
        ],
    }


def _counted(session: Session) -> list[dict[str, Any]]:
    """Towns that count, and let whoever asks see at least their indices."""
    with adding_up(session):
        return [dict(row) for row in queries.counted_municipalities(session)]


def weeks_csv(session: Session, nis_code: str) -> tuple[str, bytes]:
    """Name and content of a table of all weeks of all sensors."""
    named = {row["id"]: row for row in queries.sensor_names(session, [nis_code])}
    weeks = _weeks(session, nis_code)
    index = indexed(weeks).set_index(["sensor_id", "starts_on"])["index"]
    rows: list[Sequence[Any]] = [CSV_COLUMNS]
    for row in weeks.to_dict("records"):
        sensor = named[row["sensor_id"]]
        at = (row["sensor_id"], row["starts_on"])
        rows.append(
            (
                nis_code,
                sensor["name"],
                sensor["code"],
                row["iso_year"],
                row["iso_week"],
                row["starts_on"].isoformat(),
                _rounded(row["per_day"]),
                round(row["valid_share"], 3),
                _rounded(index[at]) if at in index.index else None,
                sensor["source"],
            )
        )
    return export.file_name(session, "footfall-weeks", nis_code, "csv"), export.csv_file(rows)


def series_csv(
    session: Session,
    sensor_id: int,
    *,
    interval: Interval,
    first_at: datetime | None,
    last_at: datetime | None,
) -> tuple[str, bytes]:
    """
    Name and content of a table of one sensor, never finer than an hour.

    Raises
    ------
    NotFound
        When there is no such sensor.
    NotYours
        When its counts may not be given to others.
    """
    answer = get_series(session, sensor_id, interval=interval, mode=None, from_at=first_at, to_at=last_at)
    sensor = answer["sensor"]
    export.check(session, "sensors", sensor["nis_code"])
    rows: list[Sequence[Any]] = [SERIES_COLUMNS]
    for item in answer["items"]:
        start = item["start"].isoformat()
        figures = (item["value"], round(item["coverage"], 3), round(item["flagged"], 3))
        rows.append((sensor["code"], sensor["name"], answer["mode"], sensor["measure_kind"], start, *figures))
    name = export.file_name(session, f"counts-{interval}-{sensor_id}", sensor["nis_code"], "csv")
    return name, export.csv_file(rows)


def _weeks(session: Session, nis_code: str) -> pd.DataFrame:
    """Weeks that lie wholly behind us; the running one would look like a fall."""
    newest = queries.newest_hour(session, nis_code) or datetime.now(UTC)
    first_at = newest - timedelta(weeks=WEEKS)
    sensors = [row["id"] for row in queries.sensor_names(session, [nis_code])]
    return read_weeks(session, sensors, first_at=first_at, timezone=get_settings().timezone)


def _sensor(row: Any, weeks: pd.DataFrame, index: pd.DataFrame, change: pd.DataFrame) -> dict[str, Any]:
    levels = dict(zip(index["starts_on"], index["index"], strict=True))
    latest = change.loc[row["id"]].to_dict() if row["id"] in change.index else None
    return {
        "id": row["id"],
        "code": row["code"],
        "name": row["name"],
        "source": row["source"],
        "latest": latest
        and {
            "per_day": _rounded(latest["per_day"]),
            "n_weeks": int(latest["n_weeks"]),
            "from": latest["from_on"].isoformat(),
            "to": (latest["to_on"] + timedelta(days=6)).isoformat(),
            "before_per_day": _rounded(latest["before_per_day"]),
            "n_pairs": int(latest["n_pairs"]),
            "change_share": known(latest["change_share"]),
        },
        "weeks": [
            {
                "year": week["iso_year"],
                "week": week["iso_week"],
                "starts_on": week["starts_on"].isoformat(),
                "per_day": _rounded(week["per_day"]),
                "valid_share": round(week["valid_share"], 3),
                "index": _rounded(levels.get(week["starts_on"])),
            }
            for week in weeks.to_dict("records")
        ],
    }


def _town(index: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "starts_on": row["starts_on"].isoformat(),
            "year": row["iso_year"],
            "week": row["iso_week"],
            "index": _rounded(row["index"]),
            "n_sensors": row["n_sensors"],
        }
        for row in town_index(index).to_dict("records")
    ]


def _rounded(value: Any) -> float | None:
    number = known(value)
    return None if number is None else round(float(number), 1)
