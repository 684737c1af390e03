"""Routes about documents of cases."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Query, Request, Response

from api.acquisition import documents
from api.acquisition.document_files import MEDIA_TYPES, MOST_BYTES
from api.acquisition.schemas import Described, DocumentIn, FileName
from api.acting import InOfficer
from api.dependencies import InKey, InSession, refuse_other_sites
from api.errors import TooLarge, described
from api.room import Room

router = Room(prefix="/api/cases", tags=["acquisition"])
OURS_ONLY = [Depends(refuse_other_sites)]
MEANWHILE = described({412: "Somebody wrote another name or description since you read it."})
BODY = {
    "requestBody": {
        "required": True,
        "description": "The file as it is: PDF, office file without macros, or picture, at most 15 MB.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
FILES: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in MEDIA_TYPES.values()}}}


async def read_document(request: Request) -> bytes:
    """The body, given up as soon as it is too large."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > MOST_BYTES:
            raise TooLarge(
                f"The file is larger than {MOST_BYTES // 1_000_000} MB.",
                "Make it smaller: leave pictures out, or save it as a PDF for reading on screen.",
                code="document_too_large",
            )
        pieces.append(piece)
    return b"".join(pieces)


InDocument = Annotated[bytes, Depends(read_document)]


def get_said(
    name: Annotated[FileName, Query(description="Name of the file; no name of a person.")],
    description: Annotated[
        Described | None, Query(description="What it is about: facts only, nothing of persons.")
    ] = None,
) -> dict[str, str | None]:
    """What is said of a document that is sent."""
    return {"name": name, "description": description}


InSaid = Annotated[dict[str, str | None], Depends(get_said)]


@router.get("/{case_id}/documents")
def list_documents(case_id: InKey, session: InSession) -> dict[str, Any]:
    """Documents of a case, the newest first, and which kinds may be added."""
    return documents.list_documents(session, case_id)


@router.post("/{case_id}/documents", status_code=201, dependencies=OURS_ONLY, openapi_extra=BODY)
def add_document(
    case_id: InKey, session: InSession, officer: InOfficer, sent: InDocument, said: InSaid
) -> dict[str, Any]:
    """Keep a document with a case. What it is, its content says; pictures lose place and camera."""
    return documents.add_document(session, case_id, sent, said, officer)


@router.patch("/{case_id}/documents/{key}", dependencies=OURS_ONLY, responses=MEANWHILE)
def describe_document(
    case_id: InKey, key: InKey, given: DocumentIn, session: InSession, officer: InOfficer
) -> dict[str, Any]:
    """Give a document another name or description."""
    return documents.describe_document(session, case_id, key, given.model_dump(), officer)


@router.delete("/{case_id}/documents/{key}", dependencies=OURS_ONLY)
def remove_document(case_id: InKey, key: InKey, session: InSession) -> dict[str, Any]:
    """Remove a document; for thirty days it can be put back."""
    return documents.set_document_removed(session, case_id, key, is_removed=True)


@router.post("/{case_id}/documents/{key}/restore", dependencies=OURS_ONLY)
def restore_document(case_id: InKey, key: InKey, session: InSession) -> dict[str, Any]:
    """Put a removed document back."""
    return documents.set_document_removed(session, case_id, key, is_removed=False)


@router.get("/{case_id}/documents/{key}/file", response_class=Response, responses=FILES)
def get_document(case_id: InKey, key: InKey, session: InSession) -> Response:
    """The document, to be saved and never to be opened in the page."""
    name, media_type, content = documents.get_document(session, case_id, key)
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "no-store",
        },
    )
