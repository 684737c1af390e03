"""All parts of a study that stand beside its answer: days, hours, streets, what was moved, purchases."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from api.event.answers import share, told
from api.event.cautions import cautions
from api.event.counted import Counted
from api.event.second import other_estimates
from api.event.study import Study
from api.numbers import known
from gis.event_answer import Effect
from gis.event_days import event_days
from gis.event_effect import event_effect
from gis.event_parts import (
    blocks,
    capture_effect,
    effect_per_day,
    effect_per_hour,
    effect_per_sensor,
    saturday_share,
    weekend_around,
)

LONG_BLOCK_DAYS = 35


def parts(counted: Counted, study: Study) -> dict[str, Any]:
    """All parts of a study, for its card, its files and its page."""
    effect = study.effect
    names = ["observed", "expected", "lower", "upper"]
    per_day = effect_per_day(study.days, study.asked, base=study.base, mode=effect.mode)
    if effect.reason == "season":
        # What cannot be measured has no expected days either: they would tell the figure that the answer keeps back.
        per_day[["expected", "lower", "upper"]] = np.nan
    shown = _shown_hours(study.held.hours)
    # Twenty-four rows of a long measure would each be a study of their own.
    per_hour = (
        effect_per_hour(
            study.hours,
            study.asked,
            holidays=counted.holidays,
            events=study.others,
            shown=shown,
            mode=effect.mode,
        )
        if study.asked.length <= LONG_BLOCK_DAYS and effect.reason != "no_sensor"
        else pd.DataFrame(columns=names)
    )
    return {
        "placebo_shares": [share(value) for value in np.expm1(effect.placebos.to_numpy())],
        "n_effective": round(effect.n_effective, 1),
        "days": _series(per_day, "day", names),
        "hours": _series(per_hour, "hour", names),
        **_other_windows(study),
        **other_estimates(counted, study),
        "sensors": _sensors(study),
        "capture": _capture(counted, study),
        "cautions": cautions(counted, study),
        "counted_from": str(study.days.index[0].date()) if len(study.days.index) else None,
        "counted_to": None if counted.last_on is None else str(counted.last_on),
    }


def _shown_hours(hours: tuple[int, int]) -> tuple[int, int]:
    return max(0, hours[0] - 3), min(24, hours[1] + 3)


def _series(table: pd.DataFrame, key: str, names: list[str]) -> list[dict[str, Any]]:
    rows = []
    for at, row in table.iterrows():
        values = {name: None if not np.isfinite(row[name]) else round(float(row[name]), 1) for name in names}
        label = str(at.date()) if isinstance(at, pd.Timestamp) else at
        rows.append(
            {key: label, **values, **({"is_event": bool(row["is_event"])} if "is_event" in table else {})}
        )
    return rows


def _other_windows(study: Study) -> dict[str, Any]:
    """The day before and after, the days around, the blocks of a long measure, and the Sunday by itself."""
    start = pd.Timestamp(study.held.first_on)
    is_sunday = study.event["kind"] == "sales_sunday"
    length = study.held.days if is_sunday else study.asked.length

    def window(begin: pd.Timestamp, days: int, offset: int = 0) -> dict[str, Any]:
        asked = replace(study.asked, start=begin, length=days, offset=offset)
        effect = event_effect(study.days, asked, base=study.base, mode=study.effect.mode)
        first = begin + pd.Timedelta(days=offset)
        last = first + pd.Timedelta(days=days - 1)
        return {"from_on": str(first.date()), "to_on": str(last.date()), **told(effect)}

    day = pd.Timedelta(days=1)
    around = weekend_around(start, length)
    saturday = saturday_share(study.days, replace(study.asked, start=start, length=length))
    return {
        "before": window(start - day, 1) if length <= LONG_BLOCK_DAYS else None,
        "after": window(start, 1, length) if length <= LONG_BLOCK_DAYS else None,
        "around": window(*around) if around else None,
        "day_itself": window(start, length) if is_sunday else None,
        "saturday_share": share(saturday) if is_sunday else None,
        "blocks": [window(start, days, offset) for offset, days in blocks(length)]
        if length > LONG_BLOCK_DAYS
        else [],
    }


def _sensors(study: Study) -> list[dict[str, Any]]:
    """Every sensor: what it is to the event, and what it shows by itself."""
    own = study.roles.index[study.roles["nis_code"] == study.event["nis_code"]]
    counted = [one for one in own if one in study.hours.columns]
    alone = effect_per_sensor(study.days, study.asked, counted, base=study.base, mode=study.effect.mode)
    used = set(study.effect.treated) | set(study.effect.controls)
    rows = []
    for key, role in study.roles.iterrows():
        is_own = role["nis_code"] == study.event["nis_code"]
        # A bicycle counter is no part of this, and another town's only where it was compared with.
        is_left_out = key not in study.hours.columns and role["role"] not in {"treated", "door"}
        if is_left_out or (not is_own and key not in used):
            continue
        rows.append(
            {
                "sensor_id": known(key),
                "name": role["name"],
                "town": role["town"],
                "is_own": is_own,
                "role": role["role"],
                "is_used": key in used,
                "distance_m": None
                if not np.isfinite(role["distance_m"])
                else round(float(role["distance_m"])),
                "lon": round(float(role["lon"]), 6),
                "lat": round(float(role["lat"]), 6),
                **told(alone.get(key, Effect(reason="no_counts" if is_own else "elsewhere"))),
            }
        )
    order = ("treated", "between", "near_control", "control", "door")
    return sorted(rows, key=lambda row: (order.index(row["role"]), not row["is_own"], row["distance_m"] or 0))


def _capture(counted: Counted, study: Study) -> dict[str, Any] | None:
    """How many of those who pass go in, where entries are counted within the event."""
    doors = [one for one in study.roles.index[study.roles["role"] == "door"] if one in counted.doors.columns]
    if not doors or not study.asked.treated:
        return None
    first_hour, last_hour = study.held.hours
    entries = event_days(
        counted.doors.reindex(study.hours.index),
        first_hour=first_hour,
        last_hour=last_hour,
        holidays=counted.holidays,
    )
    share_in, effect = capture_effect(entries, study.days, study.asked, doors=doors)
    return {"doors": len(doors), "share_in": share(share_in), **told(effect)}
