"""Footfall of streets: how busy, how sure, why, and where a count by hand would help most."""

from typing import Any

import orjson
from sqlalchemy.orm import Session

from api.dependencies import require_municipality
from api.errors import NotFound
from api.export.service import csv_file, file_name
from api.footfall import street_queries as queries
from api.geojson import feature

CSV_COLUMNS = (
    "segment_id", "name", "shop_units", "footfall_per_day", "lower_per_day", "upper_per_day", "passage_class",
    "footfall_class", "is_class_only", "class_reason", "reason", "gain_share",
)  # fmt: skip
MOST_ADVICE = 3
# Below this a count would tell hardly more than what is known.
LEAST_GAIN = 0.01


def get_streets(session: Session, nis_code: str) -> dict[str, Any]:
    """Streets as GeoJSON, with how sure the estimates are and where to count."""
    require_municipality(session, nis_code)
    run = queries.run(session, nis_code)
    rows = queries.streets(session, nis_code)
    return {
        "type": "FeatureCollection",
        "features": [feature({**row, "id": row["segment_id"]}) for row in rows],
        "computed_at": run and run["finished_at"],
        "counts": (run and run["counts"]) or {"sensor": 0, "manual": 0},
        "accuracy": _accuracy(run["accuracy"] if run else None),
        "numbers": _checks(run["checks"] if run else None, queries.core_names(session, nis_code), rows),
        "source": run and run["source"],
        "period": {"from": run["from_on"], "to": run["to_on"]} if run and run["from_on"] else None,
        "advice": _advice(rows),
    }


def streets_json(session: Session, nis_code: str) -> bytes:
    """The same as bytes: shapes come from the database as they are sent."""
    return orjson.dumps(get_streets(session, nis_code))


def _accuracy(stored: dict[str, Any] | None) -> dict[str, Any] | None:
    """Each counted place left out and estimated from the others; None with fewer than three."""
    if not stored or stored.get("spearman") is None:
        return None
    names = ("spearman", "median_error_share", "within_half_share", "coverage_share", "rmse_log")
    return {"n_places": round(stored["n_sensors"]), **{name: stored.get(name) for name in names}}


def _checks(stored: Any, names: dict[int, str], rows: Any) -> list[dict[str, Any]]:
    """Where only the kind of street is told, and what would give numbers; a core that has gone since is left out."""
    if not any(row["class_reason"] for row in rows):
        return []
    told = [
        row for row in stored or [] if row["reason"] and (row["core_id"] is None or row["core_id"] in names)
    ]
    return [row | {"core": names.get(row["core_id"])} for row in told]


def _advice(rows: Any) -> list[dict[str, Any]]:
    """The shopping streets where two visits would tell most about the shops, no street twice."""
    # A quiet street far away may tell more of what draws people, but nobody goes and counts ten people there.
    known = [
        row for row in rows if row["name"] and row["shop_units"] and (row["gain_share"] or 0.0) >= LEAST_GAIN
    ]
    best: dict[str, dict[str, Any]] = {}
    for row in sorted(known, key=lambda row: (-row["gain_share"], row["segment_id"])):
        told = {name: row[name] for name in ("segment_id", "name", "gain_share")}
        best.setdefault(row["name"], told)
    return list(best.values())[:MOST_ADVICE]


def get_street(session: Session, segment_id: int) -> dict[str, Any]:
    """
    One street: its number, the counts it follows, and what pushes it up or down.

    Raises
    ------
    NotFound
        When the last refresh estimated nothing there.
    """
    row = queries.street(session, segment_id)
    if row is None:
        raise NotFound(
            f"There is no estimate for street segment {segment_id}.",
            "GET /api/footfall/streets?municipality=NIS lists those that have one; kernkaart refresh makes them.",
            code="street_not_estimated",
        )
    detail = row.pop("detail")
    # Level and factors multiply to the number that may not be given.
    parts = {} if row["class_reason"] else detail
    return {
        **row,
        "counts": detail.get("counts", []),
        "average_per_day": parts.get("average_per_day"),
        "drivers": [{"code": code, "factor": factor} for code, factor in parts.get("drivers", {}).items()],
        "nearby_factor": parts.get("nearby"),
    }


def streets_csv(session: Session, nis_code: str) -> tuple[str, bytes]:
    """Name and content of the table for a spreadsheet."""
    require_municipality(session, nis_code)
    rows = queries.streets(session, nis_code)
    content = csv_file([list(CSV_COLUMNS), *([row[name] for name in CSV_COLUMNS] for row in rows)])
    return file_name(session, "street-footfall", nis_code, "csv"), content


def streets_geojson(session: Session, nis_code: str) -> tuple[str, bytes]:
    """Name and content of the file for a map."""
    content = streets_json(session, nis_code)
    return file_name(session, "street-footfall", nis_code, "geojson"), content
