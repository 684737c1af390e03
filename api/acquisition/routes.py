"""Routes about cases."""

from typing import Annotated, Any

from fastapi import Depends, Query, Response

from api.acquisition import changing, figures, service
from api.acquisition.schemas import ActivityIn, CaseFacts, CaseIn, CaseUnitIn, GrantIn, StepIn
from api.acting import InOfficer, version_of
from api.dependencies import LARGEST_KEY, NIS_PATTERN, InKey, InMunicipality, InSession, refuse_other_sites
from api.errors import PROBLEM, SHAPE
from api.room import Room
from api.vacancy.files import CSV, XLSX, sent

router = Room(prefix="/api", tags=["acquisition"])
OURS_ONLY = [Depends(refuse_other_sites)]
MEANWHILE: dict[int | str, dict[str, Any]] = {
    412: {
        "description": "Somebody changed it since you read it; `values.fields` holds what was read, yours and theirs.",
        "content": {PROBLEM: {"schema": SHAPE}},
    }
}


def _file(kind: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {kind: {}}}}


InVersion = Annotated[int, Depends(version_of("case", code="case_version_missing"))]


def _tagged(response: Response, case: dict[str, Any]) -> dict[str, Any]:
    response.headers["ETag"] = f'"{case["version"]}"'
    return case


@router.get("/cases")
def list_cases(
    municipality: InMunicipality,
    session: InSession,
    shop_unit: Annotated[
        int | None, Query(ge=0, le=LARGEST_KEY, description="Only of which this unit is a candidate.")
    ] = None,
) -> dict[str, Any]:
    """Cases of a municipality with their candidate units and the steps each may take, what is due first."""
    return service.list_cases(session, municipality, shop_unit=shop_unit)


@router.get("/cases/due")
def list_due(
    session: InSession,
    municipality: Annotated[
        str | None, Query(pattern=NIS_PATTERN, description="NIS code; all municipalities when left out.")
    ] = None,
) -> dict[str, Any]:
    """What is to be done today and what is overdue, the oldest first."""
    return service.list_due(session, municipality)


@router.get("/cases/figures")
def get_figures(municipality: InMunicipality, session: InSession) -> dict[str, Any]:
    """Funnel, lead times, loss reasons, filled floor area, wished branches and survival, each with its n."""
    return figures.get_figures(session, municipality)


@router.get("/cases/figures.csv", response_class=Response, responses=_file(CSV))
def export_figures(municipality: InMunicipality, session: InSession) -> Response:
    """The figures of cases as one table."""
    return sent(figures.figures_csv(session, municipality))


@router.get("/cases/figures.xlsx", response_class=Response, responses=_file(XLSX))
def export_workbook(municipality: InMunicipality, session: InSession) -> Response:
    """The figures of cases as a workbook: funnel, chances and losses."""
    return sent(figures.figures_xlsx(session, municipality))


@router.post("/cases", status_code=201, dependencies=OURS_ONLY)
def add_case(
    municipality: InMunicipality, given: CaseIn, session: InSession, officer: InOfficer, response: Response
) -> dict[str, Any]:
    """Make a case; it begins as identified."""
    return _tagged(response, changing.add_case(session, municipality, given.model_dump(), officer))


@router.get("/cases/{case_id}")
def get_case(case_id: InKey, session: InSession, response: Response) -> dict[str, Any]:
    """One case with its units, contacts, grants, every change, and the steps it may take."""
    return _tagged(response, service.get_case(session, case_id))


@router.patch("/cases/{case_id}", dependencies=OURS_ONLY, responses=MEANWHILE)
def change_case(
    case_id: InKey,
    given: CaseFacts,
    session: InSession,
    officer: InOfficer,
    version: InVersion,
    response: Response,
) -> dict[str, Any]:
    """Change what a case says; what is not named stays. Two officers never write over each other."""
    values = given.model_dump(exclude_unset=True)
    return _tagged(response, changing.change_case(session, case_id, version, values, officer))


@router.post("/cases/{case_id}/step", dependencies=OURS_ONLY, responses=MEANWHILE)
def take_step(
    case_id: InKey,
    given: StepIn,
    session: InSession,
    officer: InOfficer,
    version: InVersion,
    response: Response,
) -> dict[str, Any]:
    """Bring a case to another state. Signing closes the vacancy spell of the unit and opens its occupancy."""
    return _tagged(response, changing.take_step(session, case_id, version, given.model_dump(), officer))


@router.post("/cases/{case_id}/undo", dependencies=OURS_ONLY, responses=MEANWHILE)
def undo_change(
    case_id: InKey, session: InSession, officer: InOfficer, version: InVersion, response: Response
) -> dict[str, Any]:
    """Take the last change of a case back, with what a signing wrote in the register."""
    return _tagged(response, changing.undo(session, case_id, version, officer))


@router.delete("/cases/{case_id}", dependencies=OURS_ONLY)
def remove_case(case_id: InKey, session: InSession, officer: InOfficer) -> dict[str, Any]:
    """Take a case off the board; it can be put back."""
    return changing.set_removed(session, case_id, officer, is_removed=True)


@router.post("/cases/{case_id}/restore", dependencies=OURS_ONLY)
def restore_case(case_id: InKey, session: InSession, officer: InOfficer) -> dict[str, Any]:
    """Put a removed case back."""
    return changing.set_removed(session, case_id, officer, is_removed=False)


@router.put("/cases/{case_id}/units/{unit_id}", dependencies=OURS_ONLY, responses=MEANWHILE)
def put_unit(
    case_id: InKey, unit_id: InKey, given: CaseUnitIn, session: InSession, officer: InOfficer
) -> dict[str, Any]:
    """Add a candidate unit to a case, or say how prospect and owner responded."""
    return changing.put_unit(session, case_id, unit_id, given.model_dump(), officer)


@router.delete("/cases/{case_id}/units/{unit_id}", dependencies=OURS_ONLY)
def remove_unit(case_id: InKey, unit_id: InKey, session: InSession) -> dict[str, Any]:
    """Take a candidate unit off a case."""
    return changing.remove_unit(session, case_id, unit_id)


@router.post("/cases/{case_id}/activities", status_code=201, dependencies=OURS_ONLY)
def add_activity(case_id: InKey, given: ActivityIn, session: InSession, officer: InOfficer) -> dict[str, Any]:
    """Write a call, visit, mail or note down."""
    return changing.add_activity(session, case_id, given.model_dump(), officer)


@router.delete("/cases/{case_id}/activities/{key}", dependencies=OURS_ONLY)
def remove_activity(case_id: InKey, key: InKey, session: InSession) -> dict[str, Any]:
    """Remove a contact; it can be put back."""
    return changing.remove_part(session, "case_activity", case_id, key, is_removed=True)


@router.post("/cases/{case_id}/activities/{key}/restore", dependencies=OURS_ONLY)
def restore_activity(case_id: InKey, key: InKey, session: InSession) -> dict[str, Any]:
    """Put a removed contact back."""
    return changing.remove_part(session, "case_activity", case_id, key, is_removed=False)


@router.post("/cases/{case_id}/grants", status_code=201, dependencies=OURS_ONLY)
def add_grant(case_id: InKey, given: GrantIn, session: InSession, officer: InOfficer) -> dict[str, Any]:
    """Write a grant down."""
    return changing.add_grant(session, case_id, given.model_dump(), officer)


@router.delete("/cases/{case_id}/grants/{key}", dependencies=OURS_ONLY)
def remove_grant(case_id: InKey, key: InKey, session: InSession) -> dict[str, Any]:
    """Remove a grant; it can be put back."""
    return changing.remove_part(session, "incentive_grant", case_id, key, is_removed=True)


@router.post("/cases/{case_id}/grants/{key}/restore", dependencies=OURS_ONLY)
def restore_grant(case_id: InKey, key: InKey, session: InSession) -> dict[str, Any]:
    """Put a removed grant back."""
    return changing.remove_part(session, "incentive_grant", case_id, key, is_removed=False)
