"""A study in numbers: its headline, its row in the database, and any effect as an answer tells it."""

from typing import Any

import numpy as np
import pandas as pd

from api.event.study import Study
from api.numbers import known
from gis.event_answer import Effect
from gis.event_parts import cost_per_extra, counted_days, extra_passages, observed_passages

# What two estimates that contradict each other leave of an answer, whatever the first was sure of.
CONTRADICTED = {"verdict": "not_conclusive", "reason": "contradicted", "cost_per_extra_eur": None}
# Passages are rounded to the unit, shares to a hundredth of a per cent.
SHARE_DIGITS = 4


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
        **(CONTRADICTED if result and result["forecast"]["agreement"] == "against" else {}),
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
        "effect": share(effect.share) if is_measured else None,
        "lower": share(lower) if is_measured else None,
        "upper": share(upper) if is_measured else None,
        "level": round(effect.level, 3),
        "smallest": share(float(np.expm1(effect.smallest))),
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


def share(value: float) -> float | None:
    """A share as answers tell it, to a tenth of a per cent and a bit; None where there is none."""
    return round(float(value), SHARE_DIGITS) if np.isfinite(value) else None


def told(effect: Effect) -> dict[str, Any]:
    """An effect as an answer tells it."""
    is_measured = effect.verdict != "not_measurable"
    lower, upper = effect.interval
    return {
        "verdict": effect.verdict,
        "reason": effect.reason,
        "share": share(effect.share) if is_measured else None,
        "lower": share(lower) if is_measured else None,
        "upper": share(upper) if is_measured else None,
        "method": effect.mode,
        "controls": len(effect.controls),
    }
