"""Routes about many cases at once: as a file, and those that were taken off the board."""

from typing import Annotated, Any

from fastapi import Depends, Query, Response

from api.acquisition import listing
from api.acquisition.schemas import Actor
from api.dependencies import InMunicipality, InSession
from api.room import Room
from api.vacancy.files import CSV, sent

router = Room(prefix="/api", tags=["acquisition"])
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {CSV: {}}}}


def get_wanted(
    text: Annotated[
        str, Query(max_length=200, description="Stands in title, prospect or address of a candidate unit.")
    ] = "",
    acts: Annotated[Actor | None, Query(description="Only where this one acts next.")] = None,
    handled_by: Annotated[str, Query(max_length=40, description="Only what this officer follows up.")] = "",
    with_closed: Annotated[bool, Query(description="Also what is lost, rejected or taken care of.")] = False,
) -> listing.Wanted:
    """Which cases are asked for."""
    return listing.Wanted(text=text, acts=acts, handled_by=handled_by, with_closed=with_closed)


@router.get("/cases.csv", response_class=Response, responses=FILE)
def export_cases(
    municipality: InMunicipality,
    session: InSession,
    wanted: Annotated[listing.Wanted, Depends(get_wanted)],
) -> Response:
    """Cases with their facts and candidate units as a table; nothing of persons or officers."""
    return sent(listing.cases_csv(session, municipality, wanted))


@router.get("/cases/removed")
def list_removed(municipality: InMunicipality, session: InSession) -> dict[str, Any]:
    """Cases that were taken off the board and can be put back, the last one first."""
    return listing.list_removed(session, municipality)
