"""Routes of the footfall of streets."""

from typing import Any

from fastapi import Request, Response

from api.dependencies import InKey, InMunicipality, InSession, stamp
from api.footfall import streets
from api.geojson import GEOJSON
from api.room import Room

router = Room(prefix="/api/footfall", tags=["footfall"])
FILE = {"Cache-Control": "no-store"}


@router.get(
    "/streets",
    response_class=Response,
    responses={200: {"content": {GEOJSON: {"schema": {"type": "object"}}}}},
)
def list_streets(
    municipality: InMunicipality, session: InSession, request: Request, response: Response
) -> Response:
    """Passages per day along streets with their 80 % interval, as GeoJSON; how sure that is, and where to count."""
    stamp(request, response, session, municipality)
    content = streets.streets_json(session, municipality)
    return Response(content, media_type=GEOJSON, headers=dict(response.headers))


@router.get(
    "/streets.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def get_streets_csv(municipality: InMunicipality, session: InSession) -> Response:
    """All streets as a table for a spreadsheet."""
    name, content = streets.streets_csv(session, municipality)
    headers = FILE | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.get(
    "/streets.geojson",
    response_class=Response,
    responses={200: {"content": {GEOJSON: {"schema": {"type": "object"}}}}},
)
def get_streets_geojson(municipality: InMunicipality, session: InSession) -> Response:
    """All streets as a file for another map."""
    name, content = streets.streets_geojson(session, municipality)
    headers = FILE | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=GEOJSON, headers=headers)


@router.get("/streets/{segment_id}")
def get_street(segment_id: InKey, session: InSession, request: Request, response: Response) -> dict[str, Any]:
    """One street: the counts its number follows, and what pushes it up or down."""
    street = streets.get_street(session, segment_id)
    stamp(request, response, session, street["nis_code"])
    return street
