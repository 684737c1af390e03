"""Routes about durations, flows, moves inside the municipality, and what is expected to fall empty."""

from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from api.dependencies import InKey, InMunicipality, InSession, refuse_other_sites, stamp
from api.export import service as export
from api.room import Room
from api.vacancy import chains, durations, outlook
from api.vacancy.durations import By
from api.vacancy.schemas import ExpectedIn, RelocationIn

router = Room(prefix="/api", tags=["vacancy"])
OURS_ONLY = [Depends(refuse_other_sites)]
CSV_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}}
Grouping = Annotated[By, Query(description="Per core, per group of the last branch, or per size.")]
MANY = Annotated[int, Query(ge=1, le=500, description="How many units of the model's list.")]
# What people enter changes no figure, so no version of the data tells that it changed.
FRESH = {"Cache-Control": "no-store"}


@router.get("/vacancy/durations")
def get_durations(
    municipality: InMunicipality,
    session: InSession,
    request: Request,
    response: Response,
    by: Grouping = "core",
) -> dict[str, Any]:
    """How long vacancy spells last: survival curve with 95 % band, median, classes of today, in all and per group."""
    stamp(request, response, session, municipality)
    return durations.get_durations(session, municipality, by)


@router.get("/vacancy/flows")
def get_flows(
    municipality: InMunicipality, session: InSession, request: Request, response: Response
) -> dict[str, Any]:
    """What fell empty, what was let and what left the market, per year."""
    stamp(request, response, session, municipality)
    return durations.get_flows(session, municipality)


@router.get("/vacancy/chains")
def get_chains(municipality: InMunicipality, session: InSession, response: Response) -> dict[str, Any]:
    """Moves inside the municipality as chains that count as zero, openings and closures per year, and proposals."""
    response.headers.update(FRESH)
    return chains.get_chains(session, municipality)


@router.post("/vacancy/relocations", dependencies=OURS_ONLY, status_code=201)
def decide_relocation(session: InSession, given: RelocationIn) -> dict[str, Any]:
    """Confirm a proposed move, or say that it is another shop."""
    return chains.decide(session, given.occupancy_id, given.from_unit_id, is_confirmed=given.is_confirmed)


@router.delete("/vacancy/relocations/{key}", dependencies=OURS_ONLY, status_code=204, response_class=Response)
def take_back_relocation(session: InSession, key: InKey) -> None:
    """Take a decision back: the move is a proposal again."""
    chains.take_back(session, key)


@router.get("/vacancy/outlook")
def get_outlook(
    municipality: InMunicipality, session: InSession, response: Response, limit: MANY = outlook.MOST_UNITS
) -> dict[str, Any]:
    """Units that may fall empty within a year with reasons and calibration, or the base rate alone."""
    response.headers.update(FRESH)
    return outlook.get_outlook(session, municipality, limit=limit)


@router.get("/vacancy/prospects/{key}")
def get_prospects(session: InSession, key: InKey, response: Response) -> dict[str, Any]:
    """What one shop unit may expect: its chance of being let, or of falling empty, and what was announced."""
    response.headers.update(FRESH)
    return durations.get_prospects(session, key)


@router.get("/vacancy/expected")
def list_expected(municipality: InMunicipality, session: InSession, response: Response) -> dict[str, Any]:
    """Announced closings, ends of leases and other reasons, the first to come first."""
    response.headers.update(FRESH)
    return outlook.list_expected(session, municipality)


@router.post("/vacancy/expected", dependencies=OURS_ONLY, status_code=201)
def add_expected(session: InSession, given: ExpectedIn) -> dict[str, Any]:
    """Enter that a unit is expected to fall empty; nothing about persons."""
    return outlook.add_expected(session, given.model_dump())


@router.delete("/vacancy/expected/{key}", dependencies=OURS_ONLY, status_code=204, response_class=Response)
def remove_expected(session: InSession, key: InKey) -> None:
    """Put an entry away; it can be taken back."""
    outlook.remove_expected(session, key)


@router.post("/vacancy/expected/{key}/restore", dependencies=OURS_ONLY)
def restore_expected(session: InSession, key: InKey) -> dict[str, Any]:
    """Take back an entry that was put away."""
    return outlook.restore_expected(session, key)


@router.get("/exports/vacancy-durations.csv", response_class=Response, responses=CSV_ANSWER)
def export_durations(municipality: InMunicipality, session: InSession, by: Grouping = "core") -> Response:
    """The curves month by month, with what they rest on."""
    rows = durations.as_table(durations.duration_rows(session, municipality, by), durations.DURATION_COLUMNS)
    return _file(session, municipality, "vacancy-durations", rows)


@router.get("/exports/vacancy-flows.csv", response_class=Response, responses=CSV_ANSWER)
def export_flows(municipality: InMunicipality, session: InSession) -> Response:
    """What fell empty, was let and left the market, per year."""
    rows = durations.as_table(durations.flow_rows(session, municipality), durations.FLOW_COLUMNS)
    return _file(session, municipality, "vacancy-flows", rows)


@router.get("/exports/vacancy-chains.csv", response_class=Response, responses=CSV_ANSWER)
def export_chains(municipality: InMunicipality, session: InSession) -> Response:
    """Every move inside the municipality, with the chain it is part of."""
    export.check(session, "shop-units", municipality)
    rows = durations.as_table(chains.rows(session, municipality), chains.COLUMNS)
    return _file(session, municipality, "vacancy-chains", rows)


@router.get("/exports/vacancy-outlook.csv", response_class=Response, responses=CSV_ANSWER)
def export_outlook(municipality: InMunicipality, session: InSession) -> Response:
    """What was entered, and the model's chances with their reasons."""
    export.check(session, "shop-units", municipality)
    rows = durations.as_table(outlook.rows(session, municipality), outlook.COLUMNS)
    return _file(session, municipality, "vacancy-outlook", rows)


def _file(session: InSession, nis_code: str, what: str, rows: list[list[Any]]) -> Response:
    name = export.file_name(session, what, nis_code, "csv")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **FRESH}
    return Response(export.csv_file(rows), media_type="text/csv; charset=utf-8", headers=headers)
