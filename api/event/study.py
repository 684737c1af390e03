"""The study of one event: what it changed, and all that this rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from api.event.counted import CONTROLS, Counted
from api.event.moments import Held
from api.numbers import known
from gis.event_days import Days, Floats, event_days, usual
from gis.event_effect import LEVEL, Effect, Question, event_effect
from gis.event_parts import (
    blocks,
    capture_effect,
    cost_per_extra,
    counted_days,
    effect_per_day,
    effect_per_hour,
    effect_per_sensor,
    extra_passages,
    observed_passages,
    saturday_share,
    weekend_around,
)

# Passages are rounded to the unit, shares to a tenth of a per cent.
SHARE_DIGITS = 4
LONG_BLOCK_DAYS = 35


@dataclass(frozen=True)
class Study:
    """One time an event was held, ready to be judged.

    Attributes
    ----------
    event, held
        What and when.
    days, base
        Days of all sensors in the hours of the event, and their usual.
    asked
        What is judged: the event itself, or Friday to Monday for a shopping Sunday.
    effect
        The answer.
    roles
        What each sensor is to the event.
    """

    event: Mapping[str, Any]
    held: Held
    days: Days
    base: Floats
    asked: Question
    effect: Effect
    roles: pd.DataFrame
    hours: pd.DataFrame
    others: pd.DataFrame


def make_study(counted: Counted, event: Mapping[str, Any], held: Held) -> Study:
    """Measure one time an event was held."""
    roles = counted.roles(event)
    hours = counted.hours_for(roles)
    others = counted.others(event, held)
    first_hour, last_hour = held.hours
    days = event_days(
        hours, first_hour=first_hour, last_hour=last_hour, holidays=counted.holidays, events=others
    )
    base = usual(days)
    asked = Question(
        pd.Timestamp(held.first_on),
        _length(held, counted.last_on),
        _of(roles, hours, "treated"),
        _of(roles, hours, *CONTROLS),
    )
    if event["kind"] == "sales_sunday" and (weekend := weekend_around(asked.start, 1)):
        # Shops that open on a Sunday take people from the Saturday: the weekend tells, the day itself does not.
        asked = replace(asked, start=weekend[0], length=weekend[1])
    effect = event_effect(days, asked, base=base)
    if counted.is_regular(event):
        effect = replace(effect, log_effect=np.nan, reason="every_week")
    elif counted.last_on is None or held.first_on > counted.last_on:
        effect = _to_come(days, base, asked, counted)
    elif effect.reason == "no_sensor" and not len(hours):
        effect = replace(effect, reason="no_counts")
    return Study(event, held, days, base, asked, effect, roles, hours, others)


def _length(held: Held, last_on: date | None) -> int:
    """Days that are judged: of what still goes on, those that were counted."""
    if last_on is None or held.first_on > last_on:
        return held.days
    return min(held.days, (last_on - held.first_on).days + 1)


def _of(roles: pd.DataFrame, hours: pd.DataFrame, *wanted: str) -> tuple[object, ...]:
    return tuple(roles.index[roles["role"].isin(wanted) & roles.index.isin(hours.columns)])


def _to_come(days: Days, base: Floats, asked: Question, counted: Counted) -> Effect:
    """Nothing is known yet but how large an effect must be to stand out: as of the last such weekday counted."""
    last = counted.last_on
    if last is None:
        return Effect(reason="to_come")
    back = 7 * (1 + max(0, (asked.start.date() - last).days + asked.length) // 7)
    effect = event_effect(days, replace(asked, start=asked.start - pd.Timedelta(days=back)), base=base)
    smallest = effect.smallest
    return replace(
        effect, log_effect=np.nan, p_value=np.nan, smallest=smallest, reason=effect.reason or "to_come"
    )


def stored_row(study: Study, result: dict[str, Any] | None) -> dict[str, Any]:
    """The study as a row of `event_effect`."""
    effect = study.effect
    told = headline(study)
    return {
        "nis_code": study.event["nis_code"],
        "event_id": study.event["id"],
        "occurs_on": study.held.first_on,
        "last_on": (study.asked.start + pd.Timedelta(days=study.asked.length - 1)).date(),
        "verdict": effect.verdict,
        "reason": effect.reason,
        "method": effect.mode,
        **{f"{name}_share": told[name] for name in ("effect", "lower", "upper", "level", "smallest")},
        "p_value": known(effect.p_value),
        "observed": told["observed"],
        "expected": told["expected"],
        "treated": len(effect.treated),
        "controls": len(effect.controls),
        "placebos": len(effect.placebos),
        "cost_per_extra_eur": (told["cost_per_extra"] or {}).get("value"),
        "parameters": {
            "hours": list(study.held.hours),
            "days": study.asked.length,
            "from_on": str(study.asked.start.date()),
            "treated": [known(one) for one in effect.treated],
            "controls": [known(one) for one in effect.controls],
        },
        "result": result,
    }


def headline(study: Study) -> dict[str, Any]:
    """The answer in numbers; None where there is none."""
    effect = study.effect
    is_measured = effect.verdict != "not_measurable"
    observed = observed_passages(study.days, study.asked)
    extra = extra_passages(observed, effect) if is_measured else None
    cost = study.event["cost_net_eur"]
    per_extra = cost_per_extra(float(cost), extra) if extra and cost is not None else None
    lower, upper = effect.interval
    return {
        "effect": _share(effect.share) if is_measured else None,
        "lower": _share(lower) if is_measured else None,
        "upper": _share(upper) if is_measured else None,
        "level": round(effect.level, 3),
        "smallest": _share(float(np.expm1(effect.smallest))),
        "observed": round(observed) if counted_days(study.days, study.asked) else None,
        "expected": round(observed - extra[0]) if extra else None,
        "extra": {name: round(value) for name, value in zip(("value", "lower", "upper"), extra, strict=True)}
        if extra
        else None,
        "cost_per_extra": _cost(per_extra),
    }


def _cost(found: tuple[float, float, float | None] | None) -> dict[str, Any] | None:
    if found is None:
        return None
    value, lower, upper = found
    return {
        "value": round(value, 2),
        "lower": round(lower, 2),
        "upper": None if upper is None else round(upper, 2),
    }


def _share(value: float) -> float | None:
    return round(float(value), SHARE_DIGITS) if np.isfinite(value) else None


def told(effect: Effect) -> dict[str, Any]:
    """An effect as an answer tells it."""
    is_measured = effect.verdict != "not_measurable"
    lower, upper = effect.interval
    return {
        "verdict": effect.verdict,
        "reason": effect.reason,
        "share": _share(effect.share) if is_measured else None,
        "lower": _share(lower) if is_measured else None,
        "upper": _share(upper) if is_measured else None,
        "method": effect.mode,
        "controls": len(effect.controls),
    }


def parts(counted: Counted, study: Study) -> dict[str, Any]:
    """All parts of a study, for its card, its files and its page."""
    effect = study.effect
    names = ["observed", "expected", "lower", "upper"]
    per_day = effect_per_day(study.days, study.asked, base=study.base, mode=effect.mode)
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
        "placebo_shares": [_share(value) for value in np.expm1(effect.placebos.to_numpy())],
        "n_effective": round(effect.n_effective, 1),
        "days": _series(per_day, "day", names),
        "hours": _series(per_hour, "hour", names),
        **_other_windows(study),
        "without_near": _without_near(study),
        "second": _second(study),
        "sensors": _sensors(study),
        "capture": _capture(counted, study),
        "cautions": _cautions(counted, study),
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
        "saturday_share": _share(saturday) if is_sunday else None,
        "blocks": [window(start, days, offset) for offset, days in blocks(length)]
        if length > LONG_BLOCK_DAYS
        else [],
    }


def _without_near(study: Study) -> dict[str, Any] | None:
    """The same without the nearest controls, which may feel some of the event; None where there are none of those."""
    near = set(study.roles.index[study.roles["role"] == "near_control"])
    if study.effect.mode != "controls" or not near & set(study.effect.controls):
        return None
    far = tuple(one for one in study.asked.controls if one not in near)
    return told(event_effect(study.days, replace(study.asked, controls=far), base=study.base))


def _second(study: Study) -> dict[str, Any] | None:
    """A second answer that rests on other data: the same weeks of the year before instead of other sensors."""
    if study.effect.mode != "controls":
        return None
    effect = event_effect(study.days, study.asked, base=study.base, mode="last_year")
    return told(effect) if effect.verdict != "not_measurable" else None


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
    share, effect = capture_effect(entries, study.days, study.asked, doors=doors)
    return {"doors": len(doors), "share_in": _share(share), **told(effect)}


def _cautions(counted: Counted, study: Study) -> list[dict[str, Any]]:
    """What must be read beside the answer."""
    effect, held = study.effect, study.held
    found: list[dict[str, Any]] = []
    if effect.mode != "controls" and effect.verdict != "not_measurable":
        found.append({"code": effect.mode})
    if len(effect.treated) == 1 and study.asked.length == 1:
        found.append({"code": "one_day_one_sensor"})
    if effect.level < LEVEL:
        found.append({"code": "short_past", "level": round(effect.level, 3)})
    if study.event["kind"] == "sales_sunday":
        found.append({"code": "sunday_as_weekend"})
    days = pd.date_range(held.first_on, held.last_on)
    if days.isin(counted.holidays).any():
        found.append({"code": "holiday"})
    if names := counted.overlapping(event=study.event, held=held):
        found.append({"code": "overlaps", "names": names})
    if held.last_on >= held.first_on + timedelta(days=held.days):
        found.append({"code": "first_weeks", "days": held.days})
    if _is_still_on(held, counted.last_on):
        found.append({"code": "still_on"})
    if any(town != study.event["nis_code"] for town in study.roles.loc[list(effect.controls), "nis_code"]):
        found.append({"code": "other_towns"})
    return found


def _is_still_on(held: Held, last_on: date | None) -> bool:
    return last_on is not None and held.first_on <= last_on < held.first_on + timedelta(days=held.days - 1)
