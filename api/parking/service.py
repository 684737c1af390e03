"""Parking zones and how full they are."""

from typing import Any

from sqlalchemy.orm import Session

from api.errors import NotFound
from api.geojson import collection, feature
from api.parking import queries
from api.settings import get_settings


def list_zones(session: Session, nis_code: str) -> dict[str, Any]:
    """Parking zones as features; occupancy is None where it was never observed."""
    features = []
    for row in queries.zones(session, nis_code):
        detail = row["detail"] or {}
        occupancy = None
        if row["mean_share"] is not None:
            occupancy = {
                "mean_share": row["mean_share"],
                "p85_share": detail.get("p85_share"),
                "n": detail.get("n_observations"),
                "from_on": detail.get("from_on"),
                "to_on": detail.get("to_on"),
            }
        shown = {key: value for key, value in row.items() if key not in {"detail", "mean_share"}}
        features.append(feature({**shown, "occupancy": occupancy}))
    return collection(features)


def get_week(session: Session, zone_id: int) -> dict[str, Any]:
    """
    How full a zone usually is, by weekday and hour.

    Raises
    ------
    NotFound
        When it does not exist.
    """
    row = queries.zone(session, zone_id)
    if row is None:
        raise NotFound(
            f"There is no parking zone {zone_id}.", "GET /api/parking-zones?municipality=NIS lists them."
        )
    timezone = get_settings().timezone
    usual = [dict(item) for item in queries.week(session, zone_id, timezone)]
    return {"zone": dict(row), "timezone": timezone, "items": usual}
