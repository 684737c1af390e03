"""Routes about counts beside the series of a sensor: the standard's own form, counts by hand, figures of areas."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from api.dependencies import InKey, InMunicipality, InSession, stamp
from api.footfall import figures, oslo
from api.room import Room

router = Room(prefix="/api", tags=["footfall"])

JSONLD = "application/ld+json"
JSONLD_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {JSONLD: {"schema": {"type": "object"}}}}}


@router.get("/sensors/{sensor_id}/measurements.jsonld", response_class=Response, responses=JSONLD_FILE)
def export_measurements(
    sensor_id: InKey,
    session: InSession,
    from_: Annotated[datetime | None, Query(alias="from", description="First instant.")] = None,
    to: Annotated[datetime | None, Query(description="Instant after the last.")] = None,
) -> Response:
    """The valid hours of a sensor as OSLO Verkeersmetingen; the latest 31 days where nothing is asked."""
    found = oslo.measurements(session, sensor_id, first_at=from_, last_at=to)
    headers = {
        "Content-Disposition": f'attachment; filename="sensor-{sensor_id}.jsonld"',
        "Cache-Control": "no-store",
    }
    return Response(json.dumps(found, ensure_ascii=False), media_type=JSONLD, headers=headers)


@router.get("/manual-counts")
def list_manual_counts(
    municipality: InMunicipality, session: InSession, request: Request, response: Response
) -> dict[str, Any]:
    """Counts by hand: what was counted in how many minutes, and the factor that makes an hour, day or week of it."""
    stamp(request, response, session, municipality)
    return {"items": figures.list_manual_counts(session, municipality)}


@router.get("/area-figures")
def list_area_figures(
    municipality: InMunicipality,
    session: InSession,
    request: Request,
    response: Response,
    kind: Annotated[Literal["spending", "visitors"] | None, Query(description="One kind only.")] = None,
) -> dict[str, Any]:
    """Spending and visitors of areas; a suppressed or missing cell says so and has no value."""
    stamp(request, response, session, municipality)
    return {"items": figures.list_area_figures(session, municipality, kind=kind)}
