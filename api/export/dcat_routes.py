"""The catalogue of what is public, for catalogues elsewhere."""

from typing import Annotated, Any, Literal

import orjson
from fastapi import Query, Request
from fastapi.responses import Response

from api.dependencies import InSession
from api.export import dcat, layers
from api.room import Room

router = Room(prefix="/api/dcat", tags=["export"])
JSON_LD, TURTLE = "application/ld+json", "text/turtle"
ANSWERS: dict[int | str, dict[str, Any]] = {200: {"content": {JSON_LD: {}, TURTLE: {}}}}


@router.get("", response_class=Response, responses=ANSWERS)
def get_dcat(
    request: Request,
    session: InSession,
    f: Annotated[
        Literal["jsonld", "ttl"] | None, Query(description="jsonld or ttl; else by the header Accept.")
    ] = None,
) -> Response:
    """Public layers and their files, by DCAT-AP, as JSON-LD or Turtle."""
    graph = dcat.catalogue(
        session,
        str(request.base_url).rstrip("/"),
        publisher="Kernkaart",
        municipalities=layers.municipalities(session),
    )
    if f == "ttl" or (f is None and TURTLE in request.headers.get("accept", "")):
        return Response(dcat.as_turtle(graph), media_type=f"{TURTLE}; charset=utf-8")
    return Response(orjson.dumps(graph), media_type=JSON_LD)
