"""What must be read beside the answer about an event."""

from datetime import date, timedelta
from typing import Any

import pandas as pd

from api.event.counted import Counted
from api.event.moments import Held
from api.event.study import Study
from gis.event_answer import LEVEL


def cautions(counted: Counted, study: Study) -> list[dict[str, Any]]:
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
