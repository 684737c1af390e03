"""Routes about location scores."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from api.dependencies import InMunicipality, InSession, stamp
from api.geojson import answer
from api.room import Room
from api.score import service

router = Room(prefix="/api", tags=["score"])


@router.get("/shop-units/points")
def get_points(
    municipality: InMunicipality, session: InSession, request: Request, response: Response
) -> Response:
    """All active shop units as columns, with the scaled value of each criterion: for maps and live re-ranking."""
    version = stamp(request, response, session, municipality)
    body = {**service.get_points(session, municipality), "version": version}
    return answer(body, headers=response.headers, media_type="application/json")


@router.get("/scores", openapi_extra={"parameters": service.weight_parameters()})
def rank_units(
    municipality: InMunicipality,
    session: InSession,
    request: Request,
    response: Response,
    state: Annotated[Literal["vacant", "occupied"], Query(description="Which units are ranked.")] = "vacant",
    limit: Annotated[int, Query(ge=1, le=5000, description="Units listed; `total` counts all.")] = 100,
) -> dict[str, Any]:
    """
    Units ranked under your own weights, with the points each criterion gives.

    Weights are given as `weight.<criterion>`, such as `weight.footfall=0.5`; a criterion that is not named keeps its
    default. They need not add up to one.
    """
    stamp(request, response, session, municipality)
    weights = service.read_weights(request.query_params)
    return service.rank(session, municipality, weights, state=state, limit=limit)
