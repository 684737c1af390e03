"""Forecasts and what became of them as files."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.responses import Response
from sqlalchemy.orm import Session

from api.export import service as export
from api.forecast import hit_rate, opening, queries, service
from api.settings import get_settings
from api.vacancy.tables import to_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ABOUT = ("sensor", "sensor_code", "method", "issued_at", "counted_until", "source")
DAY_COLUMNS = ("on", "hours", *queries.BAND, *ABOUT)
HOUR_COLUMNS = ("start", *queries.BAND, *ABOUT)
HIT_COLUMNS = (
    "what", "n", "in_50_share", "in_80_share", "in_95_share", "missed_share", "missed_share_naive",
    "missed_share_there", "bias_share", "from_on", "to_on",
)  # fmt: skip
Row = Mapping[str, Any]


def hours_csv(session: Session, nis_code: str) -> Response:
    """Every hour of every sensor."""
    return _csv(session, nis_code, "forecast", HOUR_COLUMNS, _rows(session, nis_code, of_days=False))


def workbook(session: Session, nis_code: str) -> Response:
    """Days, hours, and what became of earlier forecasts."""
    sheets = {
        "days": (DAY_COLUMNS, _rows(session, nis_code, of_days=True)),
        "hours": (HOUR_COLUMNS, _rows(session, nis_code, of_days=False)),
        "hit_rate": (HIT_COLUMNS, hit_rows(session, nis_code)),
    }
    return _sent(to_workbook(sheets), XLSX, export.file_name(session, "forecast", nis_code, "xlsx"))


def opening_csv(session: Session, told: dict[str, Any]) -> Response:
    """Opening hours, a weekday each."""
    nis_code = told["sensor"]["nis_code"]
    return _csv(session, nis_code, "opening-hours", opening.COLUMNS, opening.rows(told))


def hit_csv(session: Session, nis_code: str) -> Response:
    """What became of the forecasts of the last weeks."""
    return _csv(session, nis_code, "forecast-hit-rate", HIT_COLUMNS, hit_rows(session, nis_code))


def hit_rows(session: Session, nis_code: str) -> list[dict[str, Any]]:
    """Rows of the hit rate: in all, days, weeks ahead, and sensors."""
    told = hit_rate.get_hit_rate(session, nis_code)
    named = [("hours", told["hours"]), ("days", told["days"]), ("less certain hours", told["less_certain"])]
    named += [(f"hours of week {row['week']}", row) for row in told["by_week"]]
    named += [(row["name"], row) for row in told["sensors"]]
    period = {"from_on": told["from_on"], "to_on": told["to_on"]}
    return [{"what": what, **row, **period} for what, row in named if row]


def _rows(session: Session, nis_code: str, *, of_days: bool) -> list[dict[str, Any]]:
    run = queries.current_run(session, nis_code)
    if run is None:
        return []
    zone = ZoneInfo(get_settings().timezone)
    names = {row["id"]: row for row in queries.sensors(session, nis_code)}
    about = {"method": run["method"], "source": run["source"]} | {
        name: run[name].astimezone(zone).replace(tzinfo=None) for name in ("issued_at", "counted_until")
    }
    told = queries.days(session, run["id"]) if of_days else queries.hours(session, run["id"])
    rows = []
    for row in told:
        sensor = names[row["sensor_id"]]
        at = (
            {"on": row["on_day"], "hours": row["hours"]}
            if of_days
            else {"start": row["hour_at"].astimezone(zone).replace(tzinfo=None)}
        )
        band = {name: row[name] for name in queries.BAND if name == "is_less_certain"}
        band |= {name: round(float(row[name]), 1) for name in service.NUMBERS}
        rows.append({"sensor": sensor["name"], "sensor_code": sensor["code"], **at, **band, **about})
    return rows


def _csv(session: Session, nis_code: str, what: str, columns: Sequence[str], rows: Iterable[Row]) -> Response:
    lines: list[list[Any]] = [list(columns), *([row.get(column) for column in columns] for row in rows)]
    name = export.file_name(session, what, nis_code, "csv")
    return _sent(export.csv_file(lines), "text/csv; charset=utf-8", name)


def _sent(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
