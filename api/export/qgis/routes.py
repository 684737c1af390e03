"""Routes for QGIS."""

from typing import Annotated, Literal

from fastapi import Query
from fastapi.responses import FileResponse, Response

from api.dependencies import InSession
from api.export.qgis import service
from api.room import Room

router = Room(prefix="/api/qgis", tags=["export"])
# What the server tells everybody who connects to it is no secret.
open_router = Room(prefix="/api/public/database.crt", tags=["export"])
PROJECT = "application/x-qgis-project"
CERTIFICATE = "application/x-pem-file"


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


@open_router.get(
    "",
    response_class=FileResponse,
    responses={200: {"content": {CERTIFICATE: {}}, "description": "The certificate."}},
)
def get_certificate() -> FileResponse:
    """The certificate by which QGIS elsewhere knows the database; it is kept as `root.crt`."""
    headers = {"Cache-Control": "no-cache"}
    return FileResponse(service.certificate(), media_type=CERTIFICATE, filename="root.crt", headers=headers)
