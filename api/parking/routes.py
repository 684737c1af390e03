"""Routes about parking."""

from typing import Any

from fastapi import Request, Response

from api.dependencies import InKey, InMunicipality, InSession, stamp
from api.geojson import GEOJSON, answer
from api.parking import service
from api.room import Room

router = Room(prefix="/api", tags=["parking"])


@router.get("/parking-zones", response_class=Response, responses={200: {"content": {GEOJSON: {}}}})
def list_parking_zones(
    municipality: InMunicipality, session: InSession, request: Request, response: Response
) -> Response:
    """Parking zones as GeoJSON, with capacity, regime and measured occupancy."""
    stamp(request, response, session, municipality)
    return answer(service.list_zones(session, municipality), headers=response.headers)


@router.get("/parking-zones/{zone_id}/series")
def get_series(zone_id: InKey, session: InSession, request: Request, response: Response) -> dict[str, Any]:
    """How full a parking zone usually is, by weekday and hour."""
    week = service.get_week(session, zone_id)
    stamp(request, response, session, week["zone"]["nis_code"])
    return week
