"""Routes of the form for owners: whoever holds a link may use them, and nobody else."""

from typing import Annotated, Any

from fastapi import Depends, Header, Response

from api.card import owner
from api.card.routes import PICTURE, InPicture, NoPersons
from api.card.schemas import ConsentIn, OwnerFacts
from api.dependencies import InOwnSession, refuse_other_sites
from api.errors import described
from api.room import Room

router = Room(prefix="/api/owner-form", tags=["owner form"], dependencies=[Depends(refuse_other_sites)])
# In a header and not in the address: addresses end up in logs and in what browsers remember.
InToken = Annotated[
    str,
    Header(alias="Kernkaart-Owner-Link", max_length=100, description="What stands behind # in the link."),
]
ENOUGH = described({429: "Too much was sent; `Retry-After` says when it may go again."})


def _private(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"


@router.get("", dependencies=[Depends(_private)], responses=ENOUGH)
def open_form(session: InOwnSession, token: InToken = "") -> dict[str, Any]:
    """What is known of the unit of a link, what is published of it, and what waits for the city."""
    return owner.open_form(session, token)


@router.post("/proposals", status_code=201, dependencies=[Depends(_private)], responses=ENOUGH)
def propose(given: OwnerFacts, session: InOwnSession, token: InToken = "") -> dict[str, Any]:
    """Propose other facts; the city accepts or rejects each."""
    return owner.propose(session, token, given.model_dump(exclude_unset=True))


@router.post(
    "/photos",
    status_code=201,
    dependencies=[Depends(_private)],
    openapi_extra=PICTURE,
    responses=ENOUGH,
)
def propose_photo(
    session: InOwnSession, sent: InPicture, is_without_persons: NoPersons = False, token: InToken = ""
) -> dict[str, Any]:
    """Send a photograph of the front; the city accepts or rejects it."""
    return owner.propose_photo(session, token, sent, is_without_persons=is_without_persons)


@router.put("/consent", dependencies=[Depends(_private)], responses=ENOUGH)
def give_consent(given: ConsentIn, session: InOwnSession, token: InToken = "") -> dict[str, Any]:
    """Agree to publish what is named, at once."""
    return owner.give_consent(session, token, given.model_dump())


@router.delete("/consent", dependencies=[Depends(_private)], responses=ENOUGH)
def withdraw_consent(session: InOwnSession, token: InToken = "") -> dict[str, Any]:
    """Withdraw consent; the unit leaves the public page at once."""
    return owner.take_consent_back(session, token)
