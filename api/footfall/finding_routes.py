"""Routes about what looks wrong in counts, and how much of them can be believed."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from api.dependencies import (
    LARGEST_KEY,
    InKey,
    InLanguage,
    InMunicipality,
    InSession,
    refuse_other_sites,
    stamp,
)
from api.errors import PROBLEM, SHAPE
from api.footfall import findings, quality
from api.footfall.finding_schemas import Around, Decided, DecisionIn, Filled, FindingList, Quality, UndoIn
from api.room import Room

router = Room(prefix="/api/footfall", tags=["footfall"])
OURS_ONLY = [Depends(refuse_other_sites)]
MEANWHILE: dict[int | str, dict[str, Any]] = {
    412: {"description": "Somebody decided meanwhile.", "content": {PROBLEM: {"schema": SHAPE}}}
}
InFrom = Annotated[datetime | None, Query(alias="from", description="First instant.")]
InTo = Annotated[datetime | None, Query(description="Instant after the last.")]


@router.get("/findings", response_model=FindingList)
def list_findings(  # noqa: PLR0917  FastAPI reads the questions from them
    municipality: InMunicipality,
    session: InSession,
    language: InLanguage,
    request: Request,
    response: Response,
    sensor: Annotated[int | None, Query(ge=0, le=LARGEST_KEY, description="Only of this sensor.")] = None,
    state: Annotated[findings.State | None, Query(description="What waits, or what was decided.")] = None,
    kind: Annotated[str, Query(max_length=300, description="Kinds, with commas between.")] = "",
    limit: Annotated[int, Query(ge=1, le=1000, description="Findings a page.")] = 200,
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="How many to pass over.")] = 0,
) -> dict[str, Any]:
    """What looks wrong in the counts of a municipality as of its last refresh, newest first, with what was decided."""
    stamp(request, response, session, municipality)
    kinds = [part.strip() for part in kind.split(",") if part.strip()]
    return findings.list_findings(
        session, municipality, language, sensor=sensor, state=state, kinds=kinds, limit=limit, offset=offset
    )


@router.get("/findings/{key}/around", response_model=Around)
def get_around(session: InSession, key: InKey, language: InLanguage) -> dict[str, Any]:
    """The hours or days around a finding as they were counted, beside what is usual."""
    return findings.get_around(session, key, language)


@router.post(
    "/findings/decisions",
    dependencies=OURS_ONLY,
    status_code=201,
    response_model=Decided,
    responses=MEANWHILE,
)
def add_decisions(session: InSession, given: DecisionIn) -> dict[str, int]:
    """Leave the hours of findings out of all figures, or let them count; no reading is changed, and it can be undone."""
    return findings.decide(
        session,
        given.municipality,
        given.findings,
        verdict=given.verdict,
        by=given.by,
        reason=given.reason or None,
    )


@router.post("/findings/decisions/undo", dependencies=OURS_ONLY, status_code=201, response_model=Decided)
def undo_decisions(session: InSession, given: UndoIn) -> dict[str, int]:
    """Take decisions back: the hours are as the rules say again."""
    return findings.undo(session, given.municipality, given.findings, by=given.by)


@router.get("/quality", response_model=Quality)
def get_quality(
    municipality: InMunicipality, session: InSession, from_: InFrom = None, to: InTo = None
) -> dict[str, Any]:
    """Per sensor the shares of its hours that are believed, in doubt, left out or missing; by default the last year."""
    return quality.get_quality(session, municipality, from_at=from_, to_at=to)


@router.get("/sensors/{sensor_id}/filled", response_model=Filled)
def get_filled(
    sensor_id: InKey,
    session: InSession,
    interval: Annotated[quality.Interval, Query(description="Local hours, days, weeks or months.")] = "day",
    from_: InFrom = None,
    to: InTo = None,
) -> dict[str, Any]:
    """The series of a sensor with missing hours filled and counted apart; totals filled too much are held back."""
    return quality.get_filled(session, sensor_id, interval=interval, from_at=from_, to_at=to)
