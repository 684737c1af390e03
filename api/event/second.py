"""What the answer about an event is held against: the same study on other data or with another baseline."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from api.event.answers import told
from api.event.counted import Counted
from api.event.study import Study
from api.forecast.reading import calendar
from gis.event_answer import Effect
from gis.event_effect import event_effect
from gis.event_forecast import LEAST_WEEKS, LONGEST_DAYS, forecast_effect
from gis.forecast_base import counted as with_calendar

# A forecast looks a fortnight ahead; the calendar must reach as far.
AHEAD = timedelta(days=LONGEST_DAYS + 2)
SURE = ("more", "less")


def other_estimates(counted: Counted, study: Study) -> dict[str, Any]:
    """The estimates beside the first one, and whether the forecast agrees with it."""
    forecast = _against_forecast(counted, study)
    return {
        "without_near": _without_near(study),
        "second": _last_year(study),
        "forecast": {
            **told(forecast),
            "level": round(forecast.level, 3),
            "placebos": len(forecast.placebos),
            "agreement": agreement(study.effect, forecast),
            "least_weeks": LEAST_WEEKS,
            "most_days": LONGEST_DAYS,
        },
    }


def agreement(first: Effect, second: Effect) -> str | None:
    """Do two estimates point the same way?

    Returns
    -------
    same (both stand out the same way), partly (the same way, but only one stands out), neither (neither stands out),
    against (one stands out and the other points the other way: then nothing is concluded); None where one is missing.
    """
    verdicts = (first.verdict, second.verdict)
    if "not_measurable" in verdicts:
        return None
    if not any(verdict in SURE for verdict in verdicts):
        return "neither"
    if (first.log_effect > 0) != (second.log_effect > 0):
        return "against"
    return "same" if verdicts[0] == verdicts[1] else "partly"


def _against_forecast(counted: Counted, study: Study) -> Effect:
    """The same with the learned forecast of these hours as what was expected."""
    if study.effect.reason is not None:
        # What the first cannot measure, no forecast repairs: nobody counted, or nothing ordinary is near.
        return Effect(reason=study.effect.reason)
    first, last = study.days.index[0].date(), study.days.index[-1].date()
    days = calendar(counted.session, counted.nis_code, first, last + AHEAD)
    return forecast_effect(
        study.days,
        study.asked,
        with_calendar(study.hours, days),
        hours=study.held.hours,
        mode=study.effect.mode,
    )


def _without_near(study: Study) -> dict[str, Any] | None:
    """The same without the nearest controls, which may feel some of the event; None where there are none of those."""
    near = set(study.roles.index[study.roles["role"] == "near_control"])
    if study.effect.mode != "controls" or not near & set(study.effect.controls):
        return None
    far = tuple(one for one in study.asked.controls if one not in near)
    return told(event_effect(study.days, replace(study.asked, controls=far), base=study.base))


def _last_year(study: Study) -> dict[str, Any] | None:
    """A second answer that rests on other data: the same weeks of the year before instead of other sensors."""
    if study.effect.mode != "controls":
        return None
    effect = event_effect(study.days, study.asked, base=study.base, mode="last_year")
    return told(effect) if effect.verdict != "not_measurable" else None
