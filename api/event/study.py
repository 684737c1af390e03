"""The study of one event: which days of which sensors are judged, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from api.event.counted import CONTROLS, Counted
from api.event.moments import Held
from gis.event_answer import Effect
from gis.event_days import Days, Floats, event_days, usual
from gis.event_effect import Question, event_effect, is_advent
from gis.event_parts import weekend_around


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
    earlier = replace(asked, start=asked.start - pd.Timedelta(days=back))
    # The season is that of the days on which it will be held, not of those that stand in for them.
    effect = event_effect(days, earlier, base=base, is_season_known=True)
    reason = effect.reason
    if reason is None and effect.mode == "own_weeks" and is_advent(asked):
        reason = "season"
    return replace(effect, log_effect=np.nan, p_value=np.nan, reason=reason or "to_come")
