"""What is asked about places, put together."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import shapely
from sqlalchemy.orm import Session

from api.db.base import SRID
from api.db.session import current_day
from api.dependencies import LARGEST_KEY, Box, Language, require_municipality
from api.errors import Malformed, NotFound
from api.footfall import service as footfall
from api.geojson import Row, collection, feature, in_box
from api.places import queries
from api.places.accessibility import get_accessibility
from api.places.filters import SORTS, UnitFilter, encode_cursor
from api.score import service as score
from api.vacancy import clusters

FACTS: tuple[tuple[str, str, str | None], ...] = (
    ("local_code", "local_code", None),
    ("floor_area_m2", "floor_area_m2", "m2"),
    ("gross_area_m2", "gross_area_m2", "m2"),
    ("frontage_m", "frontage_m", "m"),
    ("floor_level", "floor_level", None),
    ("is_storefront", "is_storefront", None),
    ("fitout_state", "fitout_state", None),
    ("is_terrace_possible", "is_terrace_possible", None),
    ("is_horeca_permitted", "is_horeca_permitted", None),
    ("lifecycle", "lifecycle", None),
    ("core", "core_name", None),
    ("capakey", "capakey", None),
    ("last_seen_on", "last_seen_on", None),
    ("note", "note", None),
)


def list_municipalities(session: Session) -> list[dict[str, Any]]:
    """All municipalities with counts."""
    return [_municipality(row) for row in queries.municipalities(session)]


def get_municipality(session: Session, nis_code: str) -> dict[str, Any]:
    """
    One municipality with its cores.

    Raises
    ------
    NotFound
        When it is not known here.
    """
    require_municipality(session, nis_code)
    (row,) = queries.municipalities(session, nis_code)
    return {**_municipality(row), "cores": list(queries.cores(session, nis_code))}


def _municipality(row: Row) -> dict[str, Any]:
    centre = json.loads(row["centre"])["coordinates"] if row["centre"] else None
    # The envelope of units in one line, or of a single one, is no polygon; it has bounds all the same.
    bbox = shapely.from_geojson(row["envelope"]).bounds if row["envelope"] else None
    vacancy = dict(row["vacancy"])
    vacancy["rate"] = vacancy["numerator"] / vacancy["denominator"] if vacancy["denominator"] else None
    return {**row, "centre": centre, "bbox": bbox, "counts": row, "vacancy": vacancy}


def list_areas(session: Session, nis_code: str) -> dict[str, Any]:
    """Border, cores and neighbourhoods as a feature collection."""
    require_municipality(session, nis_code)
    return collection(feature(row) for row in queries.areas(session, nis_code))


def get_code_list(session: Session, scheme: str) -> dict[str, Any]:
    """
    One code list.

    Raises
    ------
    NotFound
        When there is no such list.
    """
    rows = queries.code_list(session, scheme)
    if not rows:
        raise NotFound(
            f"There is no code list {scheme}.", "GET /api/code-lists/branch_group is one that exists."
        )
    return {"scheme": scheme, "version": rows[0]["version"], "items": rows}


def list_units(
    session: Session,
    wanted: UnitFilter,
    *,
    sort: str,
    limit: int,
    cursor: str | None,
    path: str,
    query: Mapping[str, str],
) -> dict[str, Any]:
    """One page of shop units with a true total and the address of the next page."""
    require_municipality(session, wanted.municipality)
    rows = queries.list_units(session, wanted, sort=sort, limit=limit, cursor=cursor)
    page = rows[:limit]
    following = None
    if len(rows) > limit:
        column = SORTS[sort][0]
        place = encode_cursor(page[-1][column], page[-1]["id"])
        following = f"{path}?{urlencode({**query, 'cursor': place})}"
    ranked = score.count_ranked(session, wanted.municipality)
    return {
        "total": queries.count_units(session, wanted),
        "next": following,
        "items": [unit_summary(row, ranked) for row in page],
    }


def unit_summary(row: Row, ranked: int) -> dict[str, Any]:
    """A shop unit as lists show it; `ranked` is the number of vacant units that were ranked."""
    vacant_since = None
    if row["vacant_latest_on"] is not None:
        vacant_since = {
            "earliest": row["vacant_earliest_on"],
            "latest": row["vacant_latest_on"],
            "basis": row["vacant_start_basis"],
        }
    footfall_per_day = None
    if row["footfall_value"] is not None:
        footfall_per_day = {
            "value": row["footfall_value"],
            "lower": row["footfall_lower"],
            "upper": row["footfall_upper"],
        }
    scored = None
    if row["score"] is not None:
        scored = {
            "value": row["score"],
            "rank": row["rank"],
            "rank_lower": row["rank_lower"],
            "rank_upper": row["rank_upper"],
            "of": ranked,
        }
    return {**row, "vacant_since": vacant_since, "footfall_per_day": footfall_per_day, "score": scored}


def get_unit(session: Session, unit_id: int, language: Language) -> dict[str, Any]:
    """
    One shop unit with history, score and estimates.

    Raises
    ------
    NotFound
        When it does not exist or is no longer active.
    """
    row = queries.get_unit(session, unit_id)
    if row is None:
        raise NotFound(
            f"There is no active shop unit {unit_id}.",
            "GET /api/shop-units lists those that are.",
            code="unit_gone",
        )
    facts = queries.unit_facts(session, unit_id)
    ranked = score.count_ranked(session, row["nis_code"])
    parcel = None
    if facts["parcel_id"] is not None:
        parcel = {"id": facts["parcel_id"], "capakey": facts["capakey"], "area_m2": facts["parcel_area_m2"]}
    return {
        **unit_summary(row, ranked),
        "today": current_day(session),
        "facts": [
            {
                "code": code,
                "value": _plain(facts[column]),
                "unit": unit,
                "source": facts["dataset"],
                "observed_on": facts["last_seen_on"] or facts["vintage_on"],
            }
            for code, column, unit in FACTS
            if facts[column] is not None
        ],
        "history": [_period(period, language) for period in queries.unit_history(session, unit_id)],
        "relations": list(queries.unit_relations(session, unit_id)),
        "score_detail": score.get_detail(session, unit_id, language, ranked),
        "footfall": footfall.get_estimate(session, unit_id),
        "accessibility": get_accessibility(session, unit_id, language),
        "parcel": parcel,
        "cluster": clusters.get_cluster_of(session, row["cluster_id"], language),
        "vacant_neighbours": clusters.get_neighbours_of(session, unit_id, language),
    }


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | float | bool | int) else str(value)


def _period(row: Row, language: Language) -> dict[str, Any]:
    return {
        **row,
        "from": row["from_on"],
        "to": row["to_on"],
        "from_earliest": row["from_earliest_on"],
        "branch_label": row[f"label_{language}"],
    }


def list_parcels(
    session: Session,
    nis_code: str,
    box: Box | None,
    *,
    limit: int,
    cursor: str | None,
    path: str,
    query: Mapping[str, str],
) -> dict[str, Any]:
    """
    One page of parcels as a feature collection, with a true `numberMatched`.

    Raises
    ------
    NotFound
        When the municipality is not known.
    Malformed
        When the cursor is not one of ours.
    """
    require_municipality(session, nis_code)
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and int(cursor) <= LARGEST_KEY):
        raise Malformed("The cursor is not one of ours.", "Follow `next` as it was given.")
    after = int(cursor or 0)
    total, rows = queries.parcels(
        session, nis_code, box=vars(box) if box else None, box_sql=in_box("geom"), after=after, limit=limit
    )
    page = rows[:limit]
    following = None
    if len(rows) > limit:
        following = f"{path}?{urlencode({**query, 'cursor': str(page[-1]['id'])})}"
    return collection(
        (feature(row) for row in page), numberMatched=total, numberReturned=len(page), next=following
    )


def get_parcel(session: Session, parcel_id: int) -> dict[str, Any]:
    """
    One parcel as a feature, with the shop units on it.

    Raises
    ------
    NotFound
        When it does not exist.
    """
    row = queries.parcel(session, parcel_id)
    if row is None:
        raise NotFound(f"There is no parcel {parcel_id}.", "GET /api/parcels?municipality=NIS lists them.")
    return feature(row)


def get_parcel_at(session: Session, lon: float, lat: float) -> dict[str, Any]:
    """
    The parcel on which a place lies, as a feature.

    Raises
    ------
    NotFound
        When no parcel is known there.
    """
    parcel_id = queries.parcel_at(session, lon, lat)
    if parcel_id is None:
        raise NotFound("No parcel is known at this place.", "Choose a place within a parcel on the map.")
    return get_parcel(session, parcel_id)


def about(session: Session, version: str) -> dict[str, Any]:
    """What this deployment is, and whom it must name."""
    sources = [dict(row) for row in queries.datasets(session)]
    is_demo = any(row["is_demo"] for row in sources)
    return {
        "version": version,
        "srid": SRID,
        "is_demo": is_demo,
        "languages": ["nl", "fr", "en"],
        "attribution": sources,
    }
