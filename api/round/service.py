"""Street rounds: started, listed, taken along on a phone, closed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.dependencies import require_municipality
from api.errors import Malformed, NotAnswerable, NotFound
from api.numbers import known
from api.round import queries
from api.settings import get_settings
from gis.round import walking_order

# Beside the last door of a street so much more of it is drawn.
DRAWN_BEYOND_M = 40.0
SIMPLER_BY_M = 1.0
LIST = "GET /api/rounds?municipality=... lists those that are there."


def list_rounds(session: Session, nis_code: str) -> dict[str, Any]:
    """Rounds of a municipality, and the streets another one can be made of."""
    return {
        "items": [dict(row) for row in queries.rounds(session, nis_code)],
        "streets": [dict(row) for row in queries.streets_with_units(session, nis_code)],
    }


def require_round(session: Session, key: int) -> RowMapping:
    """
    One round.

    Raises
    ------
    NotFound
        When there is none of this key.
    """
    row = queries.one_round(session, key)
    if row is None:
        raise NotFound(f"There is no street round {key}.", LIST, code="round_gone")
    return row


def get_round(session: Session, key: int) -> dict[str, Any]:
    """One round with its progress per street."""
    row = require_round(session, key)
    return {**row, "by_street": [dict(street) for street in queries.progress(session, key)]}


def add_round(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    """
    Start a round: put its units in walking order and keep that order.

    Raises
    ------
    NotFound
        When the municipality is not known.
    Malformed
        When the area makes no sense.
    NotAnswerable
        When no unit lies in it.
    """
    nis_code, scope = given["municipality"], given["scope"]
    require_municipality(session, nis_code)
    name = str(given["name"]).strip()
    if not name:
        raise Malformed(
            "A round needs a name.", "Give it one by which colleagues will know it.", code="round_unnamed"
        )
    if scope == "core" and given["core_id"] is None:
        raise Malformed("No core was named.", "Name one in core_id, or take the whole municipality.")
    if scope == "streets" and not given["streets"]:
        raise Malformed("No street was named.", "Name at least one in streets.")
    core_id = given["core_id"] if scope == "core" else None
    streets = given["streets"] if scope == "streets" else []
    units = queries.units_of_area(session, nis_code, scope=scope, core_id=core_id, streets=streets)
    if units.empty:
        raise NotAnswerable(
            "No shop unit lies in this area.",
            "Choose another area, or import the shop units first.",
            code="no_units_in_area",
        )
    order = walking_order(units, queries.streets_around(session, units))
    today = datetime.now(ZoneInfo(get_settings().timezone)).date()
    key = queries.insert_round(
        session,
        {
            "nis_code": nis_code,
            "name": name,
            "scope": scope,
            "core_id": core_id,
            "streets": streets,
            "started_on": today,
        },
    )
    queries.insert_stops(session, key, order)
    return get_round(session, key)


def remove_round(session: Session, key: int) -> None:
    """
    Remove a round that was started by mistake.

    Raises
    ------
    NotFound
        When there is none of this key.
    NotAnswerable
        When something was seen in it: that is never thrown away.
    """
    queries.lock_round(session, key)
    row = require_round(session, key)
    if row["officers"]:
        raise NotAnswerable(
            "Something was seen in this round, and that is kept.",
            "Close the round; reject what was wrong.",
            code="round_was_walked",
        )
    queries.remove_round(session, key)


def get_package(session: Session, key: int) -> dict[str, Any]:
    """All a phone needs to walk a round without reception."""
    row = require_round(session, key)
    stops = queries.stops(session, key)
    corner = np.floor(stops.total_bounds[:2]) if len(stops) else np.zeros(2)
    return {
        "round": {name: row[name] for name in ("id", "nis_code", "name", "started_on", "closed_at")},
        "made_at": datetime.now(ZoneInfo(get_settings().timezone)),
        "streets": _drawn_streets(stops, queries.streets_around(session, stops), corner),
        "stops": _told_stops(stops, corner),
        "branches": [dict(branch) for branch in queries.branches(session)],
        "seen": [dict(one) for one in queries.seen(session, key)],
    }


def _told_stops(stops: gpd.GeoDataFrame, corner: Any) -> list[dict[str, Any]]:
    xy = np.round(shapely.get_coordinates(stops.geometry.to_numpy()) - corner, 1)
    return [
        {
            "unit_id": int(row.Index),
            "position": int(row.position),
            "street": row.walked_as,
            "side": row.side,
            "address": row.address,
            "state": row.state,
            "occupant_name": known(row.occupant_name),
            "branch_code": known(row.branch_code),
            "last_branch_code": known(row.last_branch_code),
            "vacant_latest_on": known(row.vacant_latest_on),
            "last_seen_on": known(row.last_seen_on),
            "is_ended": row.lifecycle != "active",
            "x_m": float(x),
            "y_m": float(y),
        }
        for row, (x, y) in zip(stops.itertuples(), xy, strict=True)
    ]


def _drawn_streets(stops: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, corner: Any) -> list[dict[str, Any]]:
    """Each street of the walk, in its order, with its lines in whole metres from the corner of the round."""
    named = streets["name"].fillna("").str.strip().str.casefold()
    drawn = []
    for name in dict.fromkeys(stops["walked_as"]):
        west, south, east, north = stops.geometry[stops["walked_as"] == name].total_bounds
        own = streets.geometry[named == name.strip().casefold()].to_numpy() if name else np.array([])
        clipped = shapely.clip_by_rect(
            own, west - DRAWN_BEYOND_M, south - DRAWN_BEYOND_M, east + DRAWN_BEYOND_M, north + DRAWN_BEYOND_M
        )
        parts = shapely.get_parts(shapely.simplify(clipped, SIMPLER_BY_M))
        lines = [
            np.round(shapely.get_coordinates(part) - corner, 1).tolist()
            for part in parts
            if not shapely.is_empty(part)
        ]
        drawn.append({"name": name, "lines": lines})
    return drawn


def list_seen(session: Session, key: int) -> dict[str, Any]:
    """Who saw which unit, so that two officers do not do the same street twice."""
    row = require_round(session, key)
    return {"closed_at": row["closed_at"], "items": [dict(one) for one in queries.seen(session, key)]}
