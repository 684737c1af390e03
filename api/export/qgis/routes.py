"""Routes for QGIS."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.dependencies import InSession
from api.export.qgis import service

router = APIRouter(prefix="/api/qgis", tags=["export"])
PROJECT = "application/x-qgis-project"


@router.get(
    "/kernkaart.qgz",
    response_class=Response,
    responses={200: {"content": {PROJECT: {}}, "description": "The project."}},
)
def get_project(
    session: InSession,
    lang: Annotated[Literal["nl", "en"], Query(description="Language of layers, columns and texts.")] = "nl",
) -> Response:
    """A ready project for QGIS; it names the connection service `kernkaart`, and neither user nor password."""
    named = {"Content-Disposition": 'attachment; filename="kernkaart.qgz"', "Cache-Control": "no-store"}
    return Response(service.project(session, lang), media_type=PROJECT, headers=named)
