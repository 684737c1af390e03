"""Routes of the city page of footfall."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request, Response

from api.dependencies import NIS_PATTERN, InKey, InMunicipality, InSession, stamp
from api.footfall import overview
from api.footfall.service import Interval
from api.room import Room

router = Room(prefix="/api/footfall", tags=["footfall"])


@router.get("/overview")
def get_overview(
    municipality: InMunicipality, session: InSession, request: Request, response: Response
) -> dict[str, Any]:
    """Every sensor by ISO week, its latest four weeks against last year, and the town as an index."""
    stamp(request, response, session, municipality)
    return overview.get_overview(session, municipality)


@router.get("/comparison")
def get_comparison(
    municipalities: Annotated[
        str,
        Query(
            pattern=NIS_PATTERN.replace("._-", "._,-").replace("{1,20}", "{1,200}"),
            description="NIS codes, with commas between.",
            examples=["34040,36008"],
        ),
    ],
    session: InSession,
) -> dict[str, Any]:
    """Towns beside each other by ISO week; 100 is the latest year of each."""
    return overview.get_comparison(session, [nis for nis in municipalities.split(",") if nis])


IS_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


@router.get("/weeks.csv", response_class=Response, responses=IS_CSV)
def get_weeks_csv(municipality: InMunicipality, session: InSession) -> Response:
    """All weeks of all sensors as a table for a spreadsheet."""
    return _sent(*overview.weeks_csv(session, municipality))


@router.get("/sensors/{sensor_id}/series.csv", response_class=Response, responses=IS_CSV)
def get_series_csv(
    sensor_id: InKey,
    session: InSession,
    interval: Annotated[Interval, Query(description="Local hours, days, weeks or months.")] = "hour",
    from_: Annotated[datetime | None, Query(alias="from", description="First instant.")] = None,
    to: Annotated[datetime | None, Query(description="Instant after the last.")] = None,
) -> Response:
    """What one sensor counted, as a table for a spreadsheet; hours of the latest two weeks where nothing is asked."""
    return _sent(*overview.series_csv(session, sensor_id, interval=interval, first_at=from_, last_at=to))


def _sent(name: str, content: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
