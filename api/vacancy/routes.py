"""Routes about vacancy."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import InLanguage, InMunicipality, InSession, stamp
from api.geojson import GEOJSON, answer
from api.vacancy import clusters, service

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


InQuestion = Annotated[
    clusters.Question,
    Query(
        description="location: more than expected for such a location; average: more than in the municipality."
    ),
]
InventoryDay = Annotated[
    date | None, Query(description="The last inventory at or before this day; default today's figures.")
]


@router.get("/vacancy-clusters", response_class=Response, responses={200: {"content": {GEOJSON: {}}}})
def list_vacancy_clusters(
    municipality: InMunicipality,
    session: InSession,
    request: Request,
    response: Response,
    question: InQuestion = "location",
    on: InventoryDay = None,
    with_dissolved: Annotated[
        bool, Query(description="Also those of earlier inventories that the next one no longer found.")
    ] = False,
) -> Response:
    """Vacancy clusters as GeoJSON, and the verdict of the test; none is an answer."""
    stamp(request, response, session, municipality)
    found = clusters.list_clusters(
        session, municipality, question=question, on=on, with_dissolved=with_dissolved
    )
    return answer(found, headers=response.headers)


@router.get("/vacancy-clusters/history")
def get_vacancy_cluster_history(
    municipality: InMunicipality,
    session: InSession,
    request: Request,
    response: Response,
    question: InQuestion = "location",
) -> dict[str, Any]:
    """Every inventory with its clusters: new, growing, stable, shrinking, merged, split or dissolved."""
    stamp(request, response, session, municipality)
    return clusters.get_history(session, municipality, question=question)


@router.get("/vacancy-clusters.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def export_vacancy_clusters(
    municipality: InMunicipality,
    session: InSession,
    language: InLanguage,
    question: InQuestion = "location",
    on: InventoryDay = None,
) -> Response:
    """Vacancy clusters of a day and those that dissolved before it, for a spreadsheet."""
    table = clusters.clusters_csv(session, municipality, question=question, on=on, language=language)
    headers = {
        "Content-Disposition": f'attachment; filename="vacancy-clusters-{municipality}-{question}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)
