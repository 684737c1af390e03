"""Routes about unit cards, their photographs, links for owners, consent and proposals."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response

from api.acting import InOfficer, version_of
from api.card import changing, owner, paper, service
from api.card.schemas import CardFacts, ContactIn, DecisionIn, LinkIn, RecordedConsentIn
from api.dependencies import KEY, InKey, InLanguage, InMunicipality, InSession, refuse_other_sites
from api.errors import PROBLEM, SHAPE
from api.room import Room
from api.round.pictures import MOST_SENT_BYTES
from api.round.receiving import refuse_large

router = Room(prefix="/api", tags=["card"])
OURS_ONLY = [Depends(refuse_other_sites)]
MEANWHILE: dict[int | str, dict[str, Any]] = {
    412: {
        "description": "Somebody changed it since you read it; `values.fields` holds what was read, yours and theirs.",
        "content": {PROBLEM: {"schema": SHAPE}},
    }
}
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}
JPEG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": {}}}}
PICTURE = {
    "requestBody": {
        "required": True,
        "description": "A photograph as JPEG, PNG or WebP, at most 12 MB.",
        "content": {
            f"image/{kind}": {"schema": {"type": "string", "format": "binary"}}
            for kind in ("jpeg", "png", "webp")
        },
    }
}


async def read_picture(request: Request) -> bytes:
    """The body, given up as soon as it is too large."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        refuse_large(size, MOST_SENT_BYTES)
        pieces.append(piece)
    return b"".join(pieces)


InVersion = Annotated[
    int, Depends(version_of("card", code="card_version_missing", hint="; 0 where nobody wrote one"))
]
InPicture = Annotated[bytes, Depends(read_picture)]
InUnit = Annotated[int, KEY]
NoPersons = Annotated[
    bool, Query(description="Does whoever sends it say that no person or number plate can be recognised?")
]


def _tagged(response: Response, card: dict[str, Any]) -> dict[str, Any]:
    response.headers["ETag"] = f'"{card["version"]}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return card


@router.get("/shop-units/{unit_id}/card")
def get_card(unit_id: InKey, session: InSession, response: Response) -> dict[str, Any]:
    """The card of a unit: facts with source and date, surroundings, photographs, consent, proposals, changes."""
    return _tagged(response, service.get_card(session, unit_id))


@router.patch("/shop-units/{unit_id}/card", dependencies=OURS_ONLY, responses=MEANWHILE)
def change_card(
    unit_id: InKey,
    given: CardFacts,
    session: InSession,
    officer: InOfficer,
    version: InVersion,
    response: Response,
) -> dict[str, Any]:
    """Change facts of a card; what is not named stays. Two officers never write over each other."""
    values = given.model_dump(exclude_unset=True)
    return _tagged(response, changing.change_card(session, unit_id, version, values, officer))


@router.post("/shop-units/{unit_id}/card/undo", dependencies=OURS_ONLY, responses=MEANWHILE)
def undo_change(
    unit_id: InKey, session: InSession, officer: InOfficer, version: InVersion, response: Response
) -> dict[str, Any]:
    """Take the last change of a card back; what an owner had proposed with it waits again."""
    return _tagged(response, changing.undo(session, unit_id, version, officer))


@router.get("/shop-units/{unit_id}/card.pdf", response_class=Response, responses=PDF)
def print_card(unit_id: InKey, session: InSession, language: InLanguage) -> Response:
    """The card as one A4 page with map, scale, sources and dates."""
    name, made = paper.card_pdf(session, unit_id, language)
    return Response(
        made,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "private, no-cache",
        },
    )


@router.post(
    "/shop-units/{unit_id}/photos",
    status_code=201,
    dependencies=OURS_ONLY,
    openapi_extra=PICTURE,
)
def add_photo(
    unit_id: InKey,
    session: InSession,
    officer: InOfficer,
    sent: InPicture,
    is_without_persons: NoPersons = False,
) -> dict[str, Any]:
    """Keep a photograph, made anew without place or camera; only when no person or plate can be recognised."""
    return changing.add_photo(session, unit_id, sent, officer, is_without_persons=is_without_persons)


@router.delete("/shop-units/{unit_id}/photos/{key}", dependencies=OURS_ONLY)
def remove_photo(unit_id: InKey, key: InKey, session: InSession) -> dict[str, Any]:
    """Remove a photograph; it can be put back."""
    return changing.set_photo_removed(session, unit_id, key, is_removed=True)


@router.post("/shop-units/{unit_id}/photos/{key}/restore", dependencies=OURS_ONLY)
def restore_photo(unit_id: InKey, key: InKey, session: InSession) -> dict[str, Any]:
    """Put a removed photograph back."""
    return changing.set_photo_removed(session, unit_id, key, is_removed=False)


@router.get("/unit-photos/{photo}.jpg", response_class=Response, responses=JPEG)
def get_photo(
    photo: Annotated[int, Path(ge=0, le=2**63 - 1, description="Key of the photograph.")], session: InSession
) -> Response:
    """A photograph of a unit."""
    return Response(
        changing.get_photo(session, photo),
        media_type="image/jpeg",
        headers={"Cache-Control": "private, max-age=86400"},
    )


@router.post("/shop-units/{unit_id}/owner-links", status_code=201, dependencies=OURS_ONLY)
def add_link(unit_id: InKey, given: LinkIn, session: InSession, officer: InOfficer) -> dict[str, Any]:
    """Make a link with which an owner or broker proposes changes; `token` is told once and never again."""
    return owner.make_link(session, unit_id, given.model_dump(), officer)


@router.delete("/shop-units/{unit_id}/owner-links/{key}", dependencies=OURS_ONLY)
def revoke_link(unit_id: InKey, key: InKey, session: InSession) -> dict[str, Any]:
    """Take a link back: it opens nothing any more."""
    return owner.set_revoked(session, unit_id, key, is_revoked=True)


@router.post("/shop-units/{unit_id}/owner-links/{key}/restore", dependencies=OURS_ONLY)
def restore_link(unit_id: InKey, key: InKey, session: InSession) -> dict[str, Any]:
    """Let a link hold again until it expires."""
    return owner.set_revoked(session, unit_id, key, is_revoked=False)


@router.put("/shop-units/{unit_id}/consent", dependencies=OURS_ONLY)
def record_consent(
    unit_id: InKey, given: RecordedConsentIn, session: InSession, officer: InOfficer
) -> dict[str, Any]:
    """Write down what an owner agreed to publish; it replaces what held before."""
    return owner.record_consent(session, unit_id, given.model_dump(), officer)


@router.delete("/shop-units/{unit_id}/consent", dependencies=OURS_ONLY)
def withdraw_consent(unit_id: InKey, session: InSession, officer: InOfficer) -> dict[str, Any]:
    """Take a unit off the public page, at once."""
    return owner.withdraw(session, unit_id, officer)


@router.post("/shop-units/{unit_id}/consent/restore", dependencies=OURS_ONLY)
def restore_consent(unit_id: InKey, session: InSession) -> dict[str, Any]:
    """Take back that an officer withdrew consent; what an owner withdrew stays withdrawn."""
    return owner.consent_again(session, unit_id)


@router.get("/unit-offer")
def list_offer(municipality: InMunicipality, session: InSession) -> dict[str, Any]:
    """What is published of a municipality, what its owners propose, and whom strangers ask."""
    return owner.list_offer(session, municipality)


@router.put("/unit-offer/contact", dependencies=OURS_ONLY)
def set_contact(
    municipality: InMunicipality, given: ContactIn, session: InSession, officer: InOfficer
) -> dict[str, Any]:
    """Write whom strangers ask about units of a municipality."""
    return owner.set_contact(session, municipality, given.model_dump(), officer)


@router.post("/unit-proposals/{key}/decision", dependencies=OURS_ONLY)
def decide_proposal(key: InKey, given: DecisionIn, session: InSession, officer: InOfficer) -> dict[str, Any]:
    """Accept or reject one value that an owner proposed, or take an earlier decision back."""
    return owner.decide(session, key, given.model_dump(), officer)
