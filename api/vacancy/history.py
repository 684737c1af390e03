"""Vacancy on many days at once: columns per group, and the units as they stood on a past day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from api.errors import Malformed
from api.geojson import collection
from api.numbers import known, whole
from api.vacancy import queries
from api.vacancy.rates import Asked, By, Register, Step, keyed_rows, stretches
from api.vacancy.service import state_on
from gis.vacancy import vacancy_duration

MOST_DAYS = 1000
LISTS = {
    "rate": "vacancy_rate_share",
    "numerator": "n_vacant",
    "denominator": "n_units",
    "unknown": "n_unknown",
    "state_coverage": "state_coverage_share",
    "rate_m2": "vacancy_rate_floor_area_share",
    "numerator_m2": "vacant_floor_area_m2",
    "denominator_m2": "floor_area_m2",
    "coverage_m2": "floor_area_coverage_share",
    "reason_m2": "floor_area_reason",
}
UNIT_LISTS = (
    "lon", "lat", "state", "branch_group", "vacancy_class", "floor_area_m2", "core_id", "address", "name", "local_code",
    "is_active",
)  # fmt: skip


def read_days(text: str | None) -> list[date]:
    """
    Days by comma.

    Raises
    ------
    Malformed
        When one is not a day.
    """
    try:
        return [date.fromisoformat(part.strip()) for part in (text or "").split(",") if part.strip()]
    except ValueError:
        raise Malformed(f"dates={text} are not all days.", "Give days as 2024-01-01, by comma.") from None


def get_series(
    session: Session,
    asked: Asked,
    *,
    by: By,
    step: Step,
    since: date | None,
    until: date | None,
    dates: str | None,
) -> dict[str, Any]:
    """
    Columns with the rates of every group on every day, and the stretches that a line may join.

    Raises
    ------
    Malformed
        When a day cannot be known, or there are too many.
    NotFound
        When the core is not one of the municipality.
    """
    register = Register(session, asked)
    days = _days(register, step=step, since=since, until=until, chosen=read_days(dates))
    table = register.rates(days, by)
    groups = []
    for key, rows in table.groupby(level="group", sort=False):
        lists = {name: [known(value) for value in rows[column]] for name, column in LISTS.items()}
        named = {} if by == "municipality" else register.name_of(key, by)
        groups.append({**named, **lists, "stretch": list(stretches(register, rows))})
    return {
        **register.about(),
        "by": by,
        "on": [day.date() for day in days],
        "groups": groups,
        "breaks": register.breaks,
    }


def _days(
    register: Register, *, step: Step, since: date | None, until: date | None, chosen: Sequence[date]
) -> pd.DatetimeIndex:
    for day in (*chosen, *(day for day in (since, until) if day)):
        register.checked_day(day)
    if chosen:
        days = pd.DatetimeIndex(sorted(set(chosen)))
    else:
        days = register.days(step, since=since, until=until or register.today)
    if len(days) > MOST_DAYS:
        raise Malformed(
            f"{len(days)} days are too many.",
            f"Ask for at most {MOST_DAYS}: a larger step, or a later start.",
        )
    return days


def units_on(session: Session, nis_code: str, on: date) -> dict[str, Any]:
    """
    Shop units that existed on a day as columns, with the state of that day; those merged or split since too.

    Raises
    ------
    Malformed
        When nobody can know the day.
    """
    frame, day = _states(session, nis_code, on)
    columns = {name: [known(value) for value in frame[name]] for name in UNIT_LISTS}
    return {"on": day, "ids": [whole(key) for key in frame.index], **columns}


def units_geojson(session: Session, nis_code: str, on: date, attribution: str) -> dict[str, Any]:
    """
    The same as GeoJSON points.

    Raises
    ------
    Malformed
        When nobody can know the day.
    """
    frame, day = _states(session, nis_code, on)
    names = [name for name in UNIT_LISTS if name not in {"lon", "lat"}]
    features = [
        {
            "type": "Feature",
            "id": whole(key),
            "geometry": {"type": "Point", "coordinates": [round(row["lon"], 7), round(row["lat"], 7)]},
            "properties": {"on": day.isoformat(), **{name: known(row[name]) for name in names}},
        }
        for key, row in keyed_rows(frame)
    ]
    return collection(features, attribution=attribution)


def _states(session: Session, nis_code: str, on: date) -> tuple[pd.DataFrame, date]:
    register = Register(session, Asked(nis_code))
    day = register.checked_day(on)
    states = state_on(register.all_units, register.all_periods, day)
    told = vacancy_duration(states, on=day)["duration_class"]
    frame = states.assign(vacancy_class=told, is_active=states["lifecycle"] == "active").join(
        queries.places(session, nis_code, day)
    )
    # What cannot be told is None, whatever pandas makes of it.
    core = frame["core_id"].astype("Int64").astype(object)
    frame = frame.assign(core_id=core.where(frame["core_id"].notna(), None))
    for column in ("branch_group", "vacancy_class", "name", "address"):
        frame[column] = frame[column].astype(object).where(frame[column].notna(), None)
    return frame.sort_index(), day
