"""Routes about the street network."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from api.dependencies import InMunicipality, InSession, stamp
from api.geojson import GEOJSON, answer
from api.room import Room
from api.streets import islands, speeds

router = Room(prefix="/api", tags=["streets"])


@router.get("/travel-speeds")
def list_travel_speeds(
    municipality: InMunicipality, session: InSession, request: Request, response: Response
) -> dict[str, Any]:
    """How fast each mode travels on each class of street here, and who says so."""
    stamp(request, response, session, municipality)
    return {
        "municipality": municipality,
        "items": speeds.as_items(speeds.speeds_in_force(session, municipality).values()),
    }


@router.get("/street-islands", response_class=Response, responses={200: {"content": {GEOJSON: {}}}})
def list_street_islands(
    municipality: InMunicipality,
    session: InSession,
    request: Request,
    response: Response,
    mode: Annotated[
        Literal["walk", "bicycle", "car"] | None, Query(description="Of one mode; all when left out.")
    ] = None,
) -> Response:
    """Streets that cannot be reached from the rest, as GeoJSON: one feature per island and mode."""
    # What joins an island to the rest may lie in any municipality.
    stamp(request, response, session)
    return answer(islands.islands_geojson(session, municipality, mode), headers=response.headers)
