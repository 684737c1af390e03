"""Accessibility of one shop unit, as its detail shows it."""

from typing import Any

from sqlalchemy.orm import Session

from api.dependencies import Language
from api.places import queries
from gis.accessibility import INDICATORS


def get_accessibility(session: Session, unit_id: int, language: Language) -> dict[str, Any] | None:
    """What the current run found of a unit, or None when it was not computed yet."""
    row = queries.unit_accessibility(session, unit_id)
    if row is None:
        return None
    labels, reasons = (
        {item["code"]: item[f"label_{language}"] for item in queries.code_list(session, scheme)}
        for scheme in ("accessibility", "accessibility_reason")
    )
    items = []
    for code in INDICATORS:
        reason = row["reasons"].get(code)
        # parking_m, stop_m and competitor_m, and all that begins with persons.
        source = row["told"]["sources"][code.split("_", 1)[0]]
        items.append(
            {
                "code": code,
                "label": labels.get(code, code),
                "value": row[code],
                "unit": "m" if code.endswith("_m") else "persons",
                "reason": reason,
                "reason_label": reasons.get(reason, reason),
                **source,
            }
        )
    run = {name: row[name] for name in ("finished_at", "code_version", "data_version")}
    told = {name: row["told"][name] for name in ("nearest_limit_m", "decay_per_min")}
    return {"items": items, **told, "run": {"id": row["run_id"], **run}}
