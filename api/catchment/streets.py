"""Streets that an officer may close or open."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from api.catchment import queries
from api.errors import NotAnswerable
from api.geojson import Row, collection, feature

# A click further from every street than this means something else.
FURTHEST_M = 100.0


def nearest(session: Session, lon: float, lat: float, mode: str) -> dict[str, Any]:
    """
    The street nearest to a place, and the other segments of the same name.

    Raises
    ------
    NotAnswerable
        When no street is near.
    """
    x, y = queries.place_of(session, lon, lat)
    row = queries.nearest_segment(session, x, y, mode, FURTHEST_M)
    if row is None:
        raise NotAnswerable(f"There is no street within {FURTHEST_M:g} m.", "Click nearer to a street.")
    found = feature(_of(row, distance_m=round(float(row["distance_m"]), 1)))
    found["properties"]["same_name"] = queries.same_name(session, row)
    return found


def listed(session: Session, ids: Sequence[int], mode: str) -> dict[str, Any]:
    """Street segments by key, to draw what was closed; those that are gone are missing."""
    return collection(feature(_of(row)) for row in queries.segments(session, ids, mode))


def _of(row: Row, **more: Any) -> dict[str, Any]:
    names = ("id", "name", "street_class", "is_open", "geometry")
    return {**{name: row[name] for name in names}, "length_m": round(float(row["length_m"]), 1), **more}
