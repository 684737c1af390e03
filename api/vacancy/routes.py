"""Routes about vacancy."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import InMunicipality, InSession, stamp
from api.geojson import GEOJSON, answer
from api.vacancy import service

router = APIRouter(prefix="/api", tags=["vacancy"])


@router.get("/vacancy")
def get_vacancy(
    municipality: InMunicipality,
    session: InSession,
    request: Request,
    response: Response,
    scope: Annotated[service.Scope, Query(description="Which branches count.")] = "all_branches",
    on: Annotated[
        date | None, Query(description="The register as it stood on this day; default today.")
    ] = None,
) -> dict[str, Any]:
    """Vacancy rates in units and floor area with numerator, denominator, coverage and source."""
    stamp(request, response, session, municipality)
    return service.get_vacancy(session, municipality, scope=scope, on=on)


@router.get("/vacancy-clusters", response_class=Response, responses={200: {"content": {GEOJSON: {}}}})
def list_vacancy_clusters(
    municipality: InMunicipality, session: InSession, request: Request, response: Response
) -> Response:
    """Vacancy clusters as GeoJSON, and the verdict of the test; none is an answer."""
    stamp(request, response, session, municipality)
    return answer(service.list_clusters(session, municipality), headers=response.headers)
