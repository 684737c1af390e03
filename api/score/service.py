"""Location scores: stored ones with their components, and a ranking under other weights."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.dependencies import Language
from api.errors import Malformed, NotAnswerable
from api.score import queries
from api.score.criteria import CRITERIA

LARGEST_WEIGHT = 1_000_000
COLUMNS = (
    "id", "lon", "lat", "state", "branch_group", "vacancy_class", "floor_area_m2", "core_id", "cluster_id", "address",
    "name", "local_code", "score", "rank", "rank_lower", "rank_upper", "footfall_per_day", "footfall_class",
    "last_seen_on", "seen_months_ago", "freshness",
)  # fmt: skip


def count_ranked(session: Session, nis_code: str) -> int:
    """How many vacant units were ranked against each other."""
    return queries.count_ranked(session, nis_code)


def get_detail(session: Session, unit_id: int, language: Language, ranked: int) -> dict[str, Any] | None:
    """The stored score of a unit with its components, labelled; None before the first refresh."""
    row = queries.detail(session, unit_id)
    if row is None:
        return None
    labels = queries.labels(session, "criterion")
    components = [
        {
            **component,
            "label": _label(labels, component["code"], language),
            "note": _note(component["note"], language),
        }
        for component in row["components"]
    ]
    run = {key: row[key] for key in ("finished_at", "code_version", "data_version")} | {"id": row["run_id"]}
    return {**row, "components": components, "run": run, "of": ranked}


def _label(labels: Mapping[str, Any], code: str, language: Language) -> str:
    return str(labels[code][f"label_{language}"]) if code in labels else code


NOTES = {
    "estimated_from_sensors": {
        "nl": "Geschat op basis van {n} sensoren.",
        "fr": "Estimé à partir de {n} capteurs.",
        "en": "Estimated from {n} sensors.",
    }
}


def _note(note: Mapping[str, Any] | None, language: Language) -> str | None:
    return None if note is None else NOTES[note["code"]][language].format(**note)


def get_points(session: Session, nis_code: str) -> dict[str, Any]:
    """All units as columns, with scaled criteria, so that a browser can re-rank without asking again."""
    rows = queries.points(session, nis_code)
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in COLUMNS}
    columns["ids"] = columns.pop("id")
    scaled = {
        item.code: [None if row["scaled"] is None else row["scaled"].get(item.code) for row in rows]
        for item in CRITERIA
    }
    freshness = queries.fresh_months(session, nis_code)
    return {**columns, **freshness, "criteria": list_criteria(session, nis_code), "scaled": scaled}


def list_criteria(session: Session, nis_code: str) -> list[dict[str, Any]]:
    """Criteria with labels, default weights and the reference values of the current run."""
    run = queries.run_parameters(session, nis_code)
    references = (run["parameters"].get("references", {}) if run else {}) or {}
    labels = queries.labels(session, "criterion")
    listed = []
    for item in CRITERIA:
        low, high = references.get(item.code, (None, None))
        words = {f"label_{code}": _label(labels, item.code, code) for code in ("nl", "fr", "en")}
        listed.append(
            {
                "code": item.code,
                **words,
                "unit": item.unit,
                "direction": item.criterion.direction,
                "scale": item.criterion.scale,
                "weight": item.criterion.weight,
                "reference_low": low,
                "reference_high": high,
            }
        )
    return listed


def weight_parameters() -> list[dict[str, Any]]:
    """The weights that may be given, as OpenAPI describes parameters: the names hold a point, so no signature can."""
    return [
        {
            "name": f"weight.{item.code}",
            "in": "query",
            "required": False,
            "description": f"Weight of the criterion {item.code}; 0 leaves it out.",
            "schema": {
                "type": "number",
                "minimum": 0,
                "maximum": LARGEST_WEIGHT,
                "default": item.criterion.weight,
            },
        }
        for item in CRITERIA
    ]


def read_weights(query: Mapping[str, str]) -> dict[str, float]:
    """
    Weights from ``weight.<criterion>=number``; those not named keep their default.

    Raises
    ------
    Malformed
        When a criterion is not known, a weight is no number of 0 or more, or all are 0.
    """
    known = {item.code: item.criterion.weight for item in CRITERIA}
    for name, value in query.items():
        if not name.startswith("weight."):
            continue
        code = name.removeprefix("weight.")
        if code not in known:
            raise Malformed(f"There is no criterion {code}.", f"Choose from {', '.join(known)}.")
        try:
            weight = float(value)
        except ValueError:
            weight = -1.0
        if not 0 <= weight <= LARGEST_WEIGHT:
            raise Malformed(f"{name}={value} is no weight.", "Give a number of 0 or more.")
        known[code] = weight
    if not any(known.values()):
        raise Malformed("All weights are 0.", "Give at least one criterion a weight.")
    return known


def rank(
    session: Session, nis_code: str, weights: Mapping[str, float], *, state: str, limit: int
) -> dict[str, Any]:
    """
    Units ranked under other weights, each with its points per criterion.

    Raises
    ------
    NotAnswerable
        When nothing has been computed yet.
    """
    if queries.run_parameters(session, nis_code) is None:
        raise NotAnswerable(
            "The scores of this municipality are not computed yet.", "Run: ./kernkaart refresh"
        )
    scored = []
    for row in queries.points(session, nis_code):
        if row["scaled"] is None or row["state"] != state:
            continue
        present = {
            code: value for code, value in row["scaled"].items() if value is not None and weights.get(code)
        }
        total = sum(weights[code] for code in present)
        if not total:
            continue
        points = {code: weights[code] / total * value for code, value in present.items()}
        missing = [code for code, weight in weights.items() if weight and code not in present]
        scored.append(
            {
                "id": row["id"],
                "address": row["address"],
                "score": sum(points.values()),
                "points": points,
                "missing": missing,
                "lon": row["lon"],
                "lat": row["lat"],
            }
        )
    scored.sort(key=lambda unit: (-unit["score"], unit["id"]))
    ranked = [{"rank": place + 1, **unit} for place, unit in enumerate(scored)]
    return {"weights": dict(weights), "state": state, "total": len(ranked), "items": ranked[:limit]}
