"""What opening hours meet: passages inside and outside them, an extra hour, an open Sunday."""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from api.errors import Malformed
from api.forecast import queries, reading, service
from api.numbers import known
from api.settings import get_settings
from gis.opening import inside_opening_hours, open_sunday, ordinary_days

DAYS = 366
OPEN_SUNDAY = "sales_sunday"
COLUMNS = (
    "sensor", "weekday", "opens", "closes", "inside", "outside", "inside_share", "n_days", "before_hour",
    "before_passages", "before_lower", "before_upper", "after_hour", "after_passages", "after_lower", "after_upper",
    "from_on", "to_on", "source",
)  # fmt: skip


def get_opening_hours(
    session: Session, sensor_id: int, *, opens: int, closes: int, weekdays: str, sunday: tuple[int, int]
) -> dict[str, Any]:
    """
    Passages inside and outside opening hours by weekday over the last year, and what more hours would meet.

    Raises
    ------
    NotFound
        When there is no such sensor.
    Malformed
        When shops close before they open, or a weekday is no weekday.
    """
    sensor = service.one_sensor(session, sensor_id)
    chosen = _checked(opens, closes, weekdays, sunday)
    table = _table(session, sensor)
    told: dict[str, Any] = {
        "sensor": {name: sensor[name] for name in ("id", "nis_code", "code", "name", "source")},
        "unit": "passages, both directions",
        "opens": opens,
        "closes": closes,
        "weekdays": sorted(day + 1 for day in chosen),
        "sunday_hours": list(sunday),
        "from_on": None,
        "to_on": None,
        "items": [],
        "sunday": None,
        "sundays_held": [],
    }
    if table.empty:
        return told
    first, last = table.index[0].date(), table.index[-1].date()
    events = reading.local_events(session, sensor["nis_code"])
    calendar = reading.calendar(session, sensor["nis_code"], first, last)
    special = pd.DatetimeIndex(calendar.index[calendar["is_holiday"]]).union(_days_of(events))
    days = ordinary_days(table, special)
    if days.empty:
        return told
    held = [
        day.date() for day in _days_of(events[events["kind"] == OPEN_SUNDAY]) if first <= day.date() <= last
    ]
    rows = inside_opening_hours(days, dict.fromkeys(chosen, (opens, closes)))
    items = rows.reset_index().to_dict("records")
    return {
        **told,
        "from_on": days.index[0].date(),
        "to_on": days.index[-1].date(),
        "items": [
            {**{str(name): known(value) for name, value in row.items()}, "weekday": int(row["weekday"]) + 1}
            for row in items
        ],
        "sunday": {name: known(value) for name, value in open_sunday(table, days, held, sunday).items()},
        "sundays_held": held,
    }


def rows(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The same as rows of a table, a weekday each."""
    common = {
        "sensor": told["sensor"]["name"], "from_on": told["from_on"], "to_on": told["to_on"],
        "source": told["sensor"]["source"],
    }  # fmt: skip
    return [
        {
            **common,
            **item,
            "opens": told["opens"] if item["weekday"] in told["weekdays"] else None,
            "closes": told["closes"] if item["weekday"] in told["weekdays"] else None,
        }
        for item in told["items"]
    ]


def _checked(opens: int, closes: int, weekdays: str, sunday: tuple[int, int]) -> list[int]:
    if closes <= opens or sunday[1] <= sunday[0]:
        raise Malformed(
            "Shops close after they open.", "Give an hour of closing that is later than that of opening."
        )
    days = [part for part in weekdays.split(",") if part]
    if not set(days) <= {str(day) for day in range(1, 8)}:
        raise Malformed(
            f"weekdays={weekdays} names a day that is none.", "Give 1 (Monday) to 7, with commas between."
        )
    return sorted({int(day) - 1 for day in days})


def _table(session: Session, sensor: Any) -> pd.Series:
    run = queries.last_counted(session, sensor["id"])
    if run is None:
        return pd.Series(dtype=float)
    since = pd.Timestamp(run).tz_convert(get_settings().timezone).normalize() - pd.Timedelta(days=DAYS)
    frame = reading.passages(session, sensor["nis_code"], first_at=since.to_pydatetime())
    table = reading.valid_hours(frame[frame["sensor_id"] == sensor["id"]])
    return pd.Series(dtype=float) if table.empty else table.iloc[:, 0]


def _days_of(events: pd.DataFrame) -> pd.DatetimeIndex:
    days: set[date] = set()
    for starts, ends in events[["starts", "ends"]].itertuples(index=False):
        if ends - starts <= pd.Timedelta(days=14):
            last = ends - pd.Timedelta(seconds=1)
            days |= {day.date() for day in pd.date_range(starts.normalize(), last.normalize(), freq="D")}
    return pd.DatetimeIndex(sorted(days))
