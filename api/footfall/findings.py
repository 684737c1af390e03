"""What looks wrong in counts: listing it, showing it beside the usual, deciding on it and taking that back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy.orm import Session

from api.dependencies import Language, require_municipality
from api.errors import ChangedMeanwhile, Malformed, NotAnswerable, NotFound
from api.footfall import finding_queries
from api.footfall.finding_words import sentence
from api.footfall.hours import read_hours
from api.geojson import Row
from api.numbers import known
from api.settings import get_settings
from gis.count_coverage import usual_beside
from gis.count_findings import HOUR_KINDS, KINDS
from gis.counts import OK, hourly

State = Literal["open", "confirmed", "overruled"]
Verdict = Literal["confirmed", "overruled"]
BASE, AROUND_DAYS, AROUND_HOURS = timedelta(weeks=9), 21, 36
LONGEST_SHOWN = timedelta(days=92)
HOURLY_UNDER = timedelta(days=3)


def list_findings(
    session: Session,
    nis_code: str,
    language: Language,
    *,
    sensor: int | None,
    state: State | None,
    kinds: Sequence[str],
    limit: int,
    offset: int,
) -> dict[str, Any]:
    """
    Findings of a municipality, newest first.

    Raises
    ------
    Malformed
        When a kind is not known.
    """
    if unknown := set(kinds) - set(KINDS):
        raise Malformed(
            f"kind={', '.join(sorted(unknown))} is not known.", f"Choose from {', '.join(KINDS)}."
        )
    where = {"nis": nis_code, "sensor_id": sensor, "state": state, "kinds": list(kinds)}
    rows, total = finding_queries.list_findings(session, where, limit=limit, offset=offset)
    states = finding_queries.count_states(session, nis_code)
    return {
        "total": total,
        "states": {name: states.get(name, 0) for name in ("open", "confirmed", "overruled", "gap")},
        "items": [_told(row, language) for row in rows],
    }


def _told(row: Row, language: Language) -> dict[str, Any]:
    zone = get_settings().timezone
    names = ("id", "sensor_id", "sensor", "mode", "kind", "strength", "detail", "found_at", "state", "reason")
    return {
        **{name: row[name] for name in names},
        "from": row["from_at"].astimezone(ZoneInfo(zone)),
        "to": row["to_at"].astimezone(ZoneInfo(zone)),
        "hours": round((row["to_at"] - row["from_at"]) / timedelta(hours=1), 2),
        "sentence": sentence(row, language, zone),
        "is_counted": _is_counted(row),
        "is_decidable": row["kind"] != "gap",
        "decided_at": row["decided_at"],
        "decided_by": row["decided_by"],
    }


def _is_counted(row: Row) -> bool:
    """Are its hours in the figures as things stand?"""
    if row["kind"] == "gap" or row["state"] == "confirmed":
        return False
    return row["state"] == "overruled" or row["kind"] not in HOUR_KINDS


def decide(
    session: Session, nis_code: str, keys: Sequence[int], *, verdict: Verdict, by: str, reason: str | None
) -> dict[str, int]:
    """
    Say that a sensor was wrong (its hours are left out) or right (they count); the readings stay as received.

    Raises
    ------
    NotFound
        The municipality or a finding is not known.
    NotAnswerable
        Of hours that miss there is nothing to judge.
    ChangedMeanwhile
        Somebody decided meanwhile.
    """
    rows = _held(session, nis_code, keys)
    if any(row["kind"] == "gap" for row in rows):
        raise NotAnswerable(
            "Hours that never arrived cannot be judged.",
            "Import them, or leave them: they are not counted as zero.",
            code="finding_gap",
        )
    if any(row["state"] != "open" for row in rows):
        raise ChangedMeanwhile(
            "Somebody decided on this meanwhile.",
            "Load the list again and look at it as it is.",
            code="finding_decided",
        )
    readings = finding_queries.decide(session, keys, state=verdict, by=by, reason=reason)
    return {"findings": len(rows), "readings": readings}


def undo(session: Session, nis_code: str, keys: Sequence[int], *, by: str) -> dict[str, int]:
    """
    Take decisions back; the hours are as the rules say again.

    Raises
    ------
    NotFound
        The municipality or a finding is not known.
    NotAnswerable
        Nobody decided on it.
    """
    rows = _held(session, nis_code, keys)
    if any(row["state"] == "open" for row in rows):
        raise NotAnswerable("There is no decision to take back.", "Load the list again.", code="finding_open")
    readings = finding_queries.decide(session, keys, state="open", by=by, reason=None)
    return {"findings": len(rows), "readings": readings}


def _held(session: Session, nis_code: str, keys: Sequence[int]) -> list[Row]:
    require_municipality(session, nis_code)
    rows = finding_queries.findings(session, keys)
    missing = [key for key in keys if key not in rows or rows[key]["nis_code"] != nis_code]
    if missing:
        raise NotFound(
            f"There is no finding {missing[0]} in this municipality.",
            f"GET /api/footfall/findings?municipality={nis_code} lists them.",
            code="finding_gone",
        )
    return list(rows.values())


def get_around(session: Session, key: int, language: Language) -> dict[str, Any]:
    """
    The hours or days around a finding as they were counted, beside what is usual.

    Raises
    ------
    NotFound
        When there is no such finding.
    """
    row = finding_queries.finding(session, key)
    if row is None:
        raise NotFound(
            f"There is no finding {key}.",
            "GET /api/footfall/findings?municipality=NIS lists them.",
            code="finding_gone",
        )
    zone = get_settings().timezone
    first, last = row["from_at"], min(row["to_at"], row["from_at"] + LONGEST_SHOWN)
    is_hourly = last - first < HOURLY_UNDER
    margin = timedelta(hours=AROUND_HOURS) if is_hourly else timedelta(days=AROUND_DAYS)
    counts = read_hours(
        session, row["nis_code"], mode=row["mode"], first_at=first - BASE - margin, last_at=last + margin
    )
    table = hourly(counts.assign(quality_flag=OK), timezone=zone)
    finding = _told(row, language)
    if row["sensor_id"] not in table.columns or not len(table):
        return {"finding": finding, "step": "hour" if is_hourly else "day", "items": []}
    begin, end = (
        pd.Timestamp(moment).tz_convert(zone).tz_localize(None) for moment in (first - margin, last + margin)
    )
    frame = _beside(table, row, pd.Timestamp(first).tz_convert(zone).tz_localize(None))
    frame = frame[(frame.index >= begin) & (frame.index < end)]
    if row["kind"] == "clock":
        step, items = "hour_of_day", _by_hour(frame, first, last, zone)
    elif is_hourly:
        step, items = "hour", _items(frame)
    else:
        days = frame.groupby(pd.DatetimeIndex(frame.index).normalize())
        step, items = "day", _items(days.sum(min_count=12))
    return {"finding": finding, "step": step, "items": items}


def _beside(table: pd.DataFrame, row: Row, before: pd.Timestamp) -> pd.DataFrame:
    """Counted and usual per clock hour; beside a twin stands the other sensor in its proportion."""
    sensor = row["sensor_id"]
    if row["kind"] == "twin" and row["detail"]["other"] in table.columns:
        usual = table[row["detail"]["other"]] * row["detail"]["ratio"]
    else:
        usual = usual_beside(table, sensor, before=before)
    value = table[sensor]
    return pd.DataFrame({"value": value, "usual": usual.where(value.notna())})


def _by_hour(frame: pd.DataFrame, first: datetime, last: datetime, zone: str) -> list[dict[str, Any]]:
    """Mean day of the finding, hour by hour: a day chart would not show a clock."""
    begin, end = (pd.Timestamp(at).tz_convert(zone).tz_localize(None) for at in (first, last))
    inside = frame[(frame.index >= begin) & (frame.index < end)]
    mean = inside.groupby(pd.DatetimeIndex(inside.index).hour).mean()
    return [
        {"start": f"{hour:02d}:00", "value": _round(one["value"]), "usual": _round(one["usual"])}
        for hour, one in mean.iterrows()
    ]


def _items(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {"start": start.isoformat(), "value": _round(one["value"]), "usual": _round(one["usual"])}
        for start, one in zip(frame.index, frame.to_dict("records"), strict=True)
    ]


def _round(value: float) -> float | None:
    number: float | None = known(float(value))
    return None if number is None else round(number, 1)
