"""Routes for strangers: published vacant units and nothing else. Anybody may keep the answers for a minute."""

import hashlib
from typing import Annotated, Any

import orjson
from fastapi import Query, Request, Response

from api.dependencies import NIS_PATTERN, InKey, InOwnSession
from api.errors import NotModified
from api.finder import service
from api.room import Room

router = Room(prefix="/api/public", tags=["public"])
# A consent that was withdrawn is out of every copy after a minute.
KEPT = "public, max-age=60"
InTown = Annotated[
    str | None, Query(pattern=NIS_PATTERN, description="NIS code; all municipalities when left out.")
]


def _answer(request: Request, told: dict[str, Any]) -> Response:
    body = orjson.dumps(told)
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {"Cache-Control": KEPT, "ETag": etag, "Access-Control-Allow-Origin": "*"}
    if etag in {part.strip() for part in request.headers.get("if-none-match", "").split(",")}:
        raise NotModified(headers)
    return Response(body, media_type="application/json", headers=headers)


@router.get("/units", response_model=dict[str, Any])
def list_units(request: Request, session: InOwnSession, municipality: InTown = None) -> Response:
    """Vacant units that their owners agreed to publish, with the agreed facts only."""
    return _answer(request, service.list_units(session, municipality))


@router.get("/ground", response_model=dict[str, Any])
def get_ground(request: Request, session: InOwnSession, municipality: InTown = None) -> Response:
    """A plain map of streets, cores and buildings around the published units."""
    return _answer(request, service.get_ground(session, municipality))


@router.get(
    "/units/{unit_id}/photo.jpg", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}}
)
def get_photo(unit_id: InKey, session: InOwnSession) -> Response:
    """The photograph of a published unit, where its owner agreed to that."""
    return Response(
        service.get_photo(session, unit_id), media_type="image/jpeg", headers={"Cache-Control": KEPT}
    )
