"""Durations and outlook of a refresh: how long spells last per group, and which units may fall empty."""

import math
from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import insert
from sqlalchemy.orm import Session
from threadpoolctl import threadpool_limits

from api.db.models import VacancyDuration, VacancyOutlook
from api.db.session import current_day
from api.numbers import known, whole
from api.refresh.clusters import street_classes
from api.refresh.ground import Ground
from api.refresh.store import Sources
from api.vacancy import histories, queries
from gis.duration import Survival, survival, survival_by
from gis.outlook import Outlook, vacancy_outlook
from gis.spells import size_band, spell_lengths
from gis.unit_years import unit_years

MODEL_VERSION = "1"


def store_durations(session: Session, run_id: int, nis_code: str, sources: Sources) -> None:
    """Estimate durations for all spells, per core, branch group and size, and store them."""
    spells = histories.spells(session, nis_code)
    lengths = spell_lengths(spells, on=current_day(session))
    source, observed_on = sources["shop_unit"]
    told = {"run_id": run_id, "source": source or None, "observed_on": observed_on or None}
    rows = [
        {**told, "grouped_by": by, "group_code": code, **_row(found)}
        for by, code, found in _groups(lengths, spells.loc[lengths.index])
    ]
    session.execute(insert(VacancyDuration), rows)


def _groups(lengths: pd.DataFrame, spells: pd.DataFrame) -> Iterator[tuple[str, str | None, Survival]]:
    yield "all", None, survival(lengths)
    core = spells["core_id"].map(lambda key: str(int(key)) if known(key) is not None else None)
    groups = {
        "core": core.astype(object),
        "branch_group": spells["branch_group"].astype(object),
        "size": size_band(spells["floor_area_m2"]),
    }
    for by, group in groups.items():
        for code, found in survival_by(lengths, group.dropna()).items():
            yield by, str(code), found


def _row(found: Survival) -> dict[str, Any]:
    counts = found.counts
    middle, low, high = (known(days) for days in found.median_days)
    return {
        **{name.removeprefix("n_"): number for name, number in counts.items()},
        "method": found.method,
        "reason": found.reason,
        "median_days": middle,
        "median_lower_days": low,
        "median_upper_days": high,
        "curve": _points(found.curve, ("survival_share", "lower_share", "upper_share")),
        "chances": _points(found.let_within_a_year, ("chance", "chance_lower", "chance_upper")),
    }


def _points(table: pd.DataFrame, shares: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {
            "month": whole(month),
            **{name: round(float(row[name]), 4) for name in shares},
            "n_at_risk": int(row["n_at_risk"]),
        }
        for month, row in table.iterrows()
    ]


def compute_outlook(session: Session, ground: Ground, on: date) -> Outlook:
    """Fit and test the chance of falling empty on the years before a day."""
    _, periods = queries.register(session, ground.nis_code)
    units = ground.units[["core_id", "floor_area_m2"]].assign(
        street_class=street_classes(ground, ground.at_units.segment, ground.units.index)
    )
    rows, today = unit_years(units, periods, ground.between_units, on=on)
    # The tables are small: threads would wait for each other longer than they work.
    with threadpool_limits(1):
        return vacancy_outlook(rows, today)


def store_outlook(session: Session, run_id: int, found: Outlook) -> None:
    """Store the chance of every trading unit, where the model has proved itself."""
    if not found.is_model_used or found.chances.empty:
        return
    rows = [
        {
            "run_id": run_id,
            "shop_unit_id": whole(unit),
            "chance": float(row["chance"]),
            "chance_lower": float(row["chance_lower"]),
            "chance_upper": float(row["chance_upper"]),
            "reasons": row["reasons"],
        }
        for unit, row in found.chances.to_dict("index").items()
    ]
    session.execute(insert(VacancyOutlook), rows)


def outlook_row(run_id: int, found: Outlook, sources: Sources) -> dict[str, Any]:
    """The base rate as an indicator, with the test of the model and what it weighs."""
    source, observed_on = sources["shop_unit"]
    base = {name: value if math.isfinite(value) else None for name, value in found.base.items()}
    return {
        "run_id": run_id,
        "code": "vacancy_outlook",
        "value": base["rate_share"],
        "numerator": base["events"],
        "denominator": base["unit_years"],
        "reason": found.reason,
        "source": source or None,
        "observed_on": observed_on or None,
        "detail": {
            "base": base,
            "is_model_used": found.is_model_used,
            "reason": found.reason,
            "test": found.test or None,
            "calibration": found.calibration.to_dict("records"),
            "effects": found.effects.to_dict("records"),
            "model_version": MODEL_VERSION,
        },
    }
