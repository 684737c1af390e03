"""Routes about contacts. Who asks is always said, and every read stands in the log."""

from typing import Annotated, Any

from fastapi import Depends, Query, Response

from api.acting import InOfficer
from api.dependencies import LARGEST_KEY, NIS, NIS_PATTERN, InKey, InPersonSession, refuse_other_sites
from api.errors import described
from api.persons import changing, retention, service
from api.persons.asking import InReader, InRoute, InVersion
from api.persons.schemas import ErasureIn, PersonFacts, PersonIn, RetentionIn, TieIn
from api.room import Room

router = Room(prefix="/api/persons", tags=["persons"])
OURS_ONLY = [Depends(refuse_other_sites)]
MEANWHILE = described({412: "Somebody changed it since you read it."})
UNIT = Query(ge=0, le=LARGEST_KEY, description="Only who is tied to this shop unit.")
CASE = Query(ge=0, le=LARGEST_KEY, description="Only who is tied to this case.")
InNis = Annotated[str, NIS]


def _tagged(response: Response, person: dict[str, Any]) -> dict[str, Any]:
    response.headers["ETag"] = f'"{person["version"]}"'
    response.headers["Cache-Control"] = "no-store"
    return person


@router.get("")
def list_persons(
    municipality: InNis,
    session: InPersonSession,
    reader: InReader,
    response: Response,
    shop_unit: Annotated[int | None, UNIT] = None,
    case: Annotated[int | None, CASE] = None,
    is_choice: Annotated[
        bool, Query(description="Only who may be chosen: without those who are not to be contacted.")
    ] = False,
) -> dict[str, Any]:
    """Contacts of a unit, a case or a municipality that the purpose lets through. Each is logged as read."""
    response.headers["Cache-Control"] = "no-store"
    return service.list_persons(
        session, municipality, reader, shop_unit=shop_unit, case=case, is_choice=is_choice
    )


@router.get("/counts")
def count_persons(
    municipality: InNis,
    session: InPersonSession,
    shop_unit: Annotated[int | None, UNIT] = None,
    case: Annotated[int | None, CASE] = None,
) -> dict[str, Any]:
    """How many contacts there are, without saying who; it needs no name of an officer."""
    return service.count_persons(session, municipality, shop_unit=shop_unit, case=case)


@router.get("/due")
def list_due(
    session: InPersonSession,
    municipality: Annotated[
        str | None, Query(pattern=NIS_PATTERN, description="NIS code; all municipalities when left out.")
    ] = None,
) -> dict[str, Any]:
    """Contacts to be informed within a week or overdue, by unit or case and without a name (GDPR 13, 14)."""
    return service.list_due(session, municipality)


@router.get("/retention")
def get_retention(municipality: InNis, session: InPersonSession) -> dict[str, Any]:
    """How long contacts and the log are kept, and which are due to be erased; without a name."""
    return retention.get_retention(session, municipality)


@router.put("/retention", dependencies=OURS_ONLY)
def set_retention(
    municipality: InNis, given: RetentionIn, session: InPersonSession, officer: InOfficer
) -> dict[str, Any]:
    """Say how long contacts and the log are kept; the answer holds what it was."""
    return retention.set_retention(session, municipality, given.model_dump(), officer)


@router.get("/reads")
def list_reads(
    municipality: InNis,
    session: InPersonSession,
    officer: InOfficer,  # noqa: ARG001 - asked of everybody who looks here
    limit: Annotated[int, Query(ge=1, le=1000, description="At most so many, the latest first.")] = 100,
) -> dict[str, Any]:
    """Who read, changed, exported or erased which contact, when, for what and by which way."""
    return service.list_reads(session, municipality, limit=limit)


@router.post("", status_code=201, dependencies=OURS_ONLY)
def add_person(
    municipality: InNis, given: PersonIn, session: InPersonSession, reader: InReader, response: Response
) -> dict[str, Any]:
    """Write a contact down, with basis, source and purpose."""
    return _tagged(response, changing.add_person(session, municipality, given.model_dump(), reader))


@router.get("/{person_id}")
def get_person(
    person_id: InKey, session: InPersonSession, reader: InReader, response: Response
) -> dict[str, Any]:
    """One contact. It is logged as read."""
    return _tagged(response, service.get_person(session, person_id, reader))


@router.patch("/{person_id}", dependencies=OURS_ONLY, responses=MEANWHILE)
def change_person(
    person_id: InKey,
    given: PersonFacts,
    session: InPersonSession,
    reader: InReader,
    version: InVersion,
    response: Response,
) -> dict[str, Any]:
    """Change what is kept of a contact; what is not named stays. Source and purpose never change."""
    values = given.model_dump(exclude_unset=True)
    return _tagged(response, changing.change_person(session, person_id, version, values, reader))


@router.post("/{person_id}/undo", dependencies=OURS_ONLY, responses=MEANWHILE)
def undo_change(
    person_id: InKey, session: InPersonSession, reader: InReader, version: InVersion, response: Response
) -> dict[str, Any]:
    """Take the last change of a contact back."""
    return _tagged(response, changing.undo(session, person_id, version, reader))


@router.post("/{person_id}/ties", dependencies=OURS_ONLY)
def add_tie(
    person_id: InKey, given: TieIn, session: InPersonSession, reader: InReader, response: Response
) -> dict[str, Any]:
    """Tie a contact to a unit or a case. A case is acquisition: the wall and do-not-contact hold."""
    return _tagged(response, changing.add_tie(session, person_id, given.model_dump(), reader))


@router.delete("/{person_id}/ties/{key}", dependencies=OURS_ONLY)
def remove_tie(
    person_id: InKey, key: InKey, session: InPersonSession, reader: InReader, response: Response
) -> dict[str, Any]:
    """Take a contact off a unit or a case; tie it again to take that back."""
    return _tagged(response, changing.remove_tie(session, person_id, key, reader))


@router.get("/{person_id}/access")
def export_person(
    person_id: InKey, session: InPersonSession, officer: InOfficer, route: InRoute, response: Response
) -> dict[str, Any]:
    """All rows about one person as a file for them: ties, notes, every change, and who read them. It is logged."""
    response.headers["Content-Disposition"] = f'attachment; filename="kernkaart-person-{person_id}.json"'
    response.headers["Cache-Control"] = "no-store"
    return service.export(session, person_id, officer, route)


@router.get("/{person_id}/erasure")
def preview_erasure(
    person_id: InKey,
    session: InPersonSession,
    officer: InOfficer,  # noqa: ARG001 - asked of everybody who looks here
) -> dict[str, Any]:
    """What an erasure would take and what it would leave; nothing is written. An erasure cannot be undone."""
    return service.preview_erasure(session, person_id)


@router.post("/{person_id}/erasure", dependencies=OURS_ONLY, responses=MEANWHILE)
def erase_person(
    person_id: InKey,
    given: ErasureIn,  # noqa: ARG001 - that it is meant is all it says
    session: InPersonSession,
    officer: InOfficer,
    route: InRoute,
    version: InVersion,
) -> dict[str, Any]:
    """Erase a person for good, also out of what was written in cases; cases and figures stay."""
    return changing.erase(session, person_id, version, officer, route)
