"""Routes about street rounds."""

import uuid
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response

from api.dependencies import KEY, InKey, InMunicipality, InSession, refuse_other_sites
from api.room import Room
from api.round import deciding, differences, receiving, service, table
from api.round.pictures import MOST_SENT_BYTES
from api.round.schemas import DecisionsIn, ObservationsIn, RoundIn

router = Room(prefix="/api", tags=["street rounds"])
OURS_ONLY = [Depends(refuse_other_sites)]
CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}}
JPEG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": {}}}}
PICTURE = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("image/jpeg", "image/png", "image/webp")
        },
    }
}


@router.get("/rounds")
def list_rounds(municipality: InMunicipality, session: InSession) -> dict[str, Any]:
    """Street rounds of a municipality with their progress, and the streets another one can be made of."""
    return service.list_rounds(session, municipality)


@router.post("/rounds", status_code=201, dependencies=OURS_ONLY)
def add_round(given: RoundIn, session: InSession) -> dict[str, Any]:
    """Start a street round: its shop units are put in walking order."""
    return service.add_round(session, given.model_dump())


@router.get("/rounds/{key}")
def get_round(key: InKey, session: InSession) -> dict[str, Any]:
    """A street round with its progress per street."""
    return service.get_round(session, key)


@router.delete("/rounds/{key}", status_code=204, dependencies=OURS_ONLY)
def remove_round(key: InKey, session: InSession) -> None:
    """Remove a street round in which nothing was seen yet."""
    service.remove_round(session, key)


@router.get("/rounds/{key}/package")
def get_package(key: InKey, session: InSession) -> dict[str, Any]:
    """All a phone needs to walk a round without reception: units in walking order, streets and branches."""
    return service.get_package(session, key)


@router.get("/rounds/{key}/seen")
def list_seen(key: InKey, session: InSession) -> dict[str, Any]:
    """Who saw which unit, so that two officers do not walk the same street twice."""
    return service.list_seen(session, key)


@router.post("/rounds/{key}/observations", dependencies=OURS_ONLY)
def add_observations(key: InKey, given: ObservationsIn, session: InSession) -> dict[str, Any]:
    """Keep what was seen; the same observation sent again is kept once and answered the same."""
    return receiving.receive(session, key, [one.model_dump() for one in given.observations])


async def _read_picture(request: Request) -> bytes:
    """The body, given up as soon as it is too large."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        receiving.refuse_large(size, MOST_SENT_BYTES)
        pieces.append(piece)
    return b"".join(pieces)


@router.put("/rounds/{key}/photos/{uid}", dependencies=OURS_ONLY, openapi_extra=PICTURE)
def add_photo(
    key: InKey,
    uid: Annotated[uuid.UUID, Path(description="Key of the photograph, made on the phone.")],
    observation: Annotated[uuid.UUID, Query(description="Key of the observation it belongs to.")],
    session: InSession,
    sent: Annotated[bytes, Depends(_read_picture)],
) -> dict[str, Any]:
    """Keep a photograph, made anew without place or camera; the same one sent again is kept once."""
    return receiving.receive_photo(session, key, uid, observation, sent)


@router.get("/rounds/{key}/photos/{photo}.jpg", response_class=Response, responses=JPEG)
def get_photo(key: InKey, photo: Annotated[int, KEY], session: InSession) -> Response:
    """A photograph of a round."""
    return Response(
        receiving.get_photo(session, key, photo),
        media_type="image/jpeg",
        headers={"Cache-Control": "private, max-age=86400"},
    )


@router.get("/rounds/{key}/differences")
def list_differences(key: InKey, session: InSession) -> dict[str, Any]:
    """What was seen, unit by unit, beside the register: what waits, why, and what was decided."""
    return differences.list_differences(session, key)


@router.post("/rounds/{key}/decisions", dependencies=OURS_ONLY)
def add_decisions(key: InKey, given: DecisionsIn, session: InSession) -> dict[str, Any]:
    """Accept observations into the register as one import that can be undone, reject them, or open them again."""
    return deciding.decide(session, key, given.model_dump())


@router.post("/rounds/{key}/close", dependencies=OURS_ONLY)
def close_round(key: InKey, session: InSession) -> dict[str, Any]:
    """Close a round; what was merely confirmed goes into the register as one import."""
    return deciding.close_round(session, key)


@router.post("/rounds/{key}/open", dependencies=OURS_ONLY)
def open_round(key: InKey, session: InSession) -> dict[str, Any]:
    """Open a closed round again."""
    return deciding.open_round(session, key)


@router.delete("/rounds/{key}/imports/{batch_id}", dependencies=OURS_ONLY)
def undo_import(
    key: InKey,
    batch_id: Annotated[int, KEY],
    session: InSession,
) -> dict[str, Any]:
    """Take out of the register what was accepted at once; its observations wait again."""
    return deciding.undo(session, key, batch_id)


@router.get("/exports/rounds/{key}.csv", response_class=Response, responses=CSV)
def export_round_csv(key: InKey, session: InSession) -> Response:
    """Every observation of a round as a table, replaced ones too."""
    return Response(
        table.to_csv(session, key),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="straatronde_{key}.csv"',
            "Cache-Control": "no-store",
        },
    )
