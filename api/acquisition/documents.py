"""Documents of cases: kept by what they are, listed, described, removed and put back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.acquisition import document_queries, queries
from api.acquisition.document_files import LONGEST_NAME, MEDIA_TYPES, MOST_BYTES, recognise, safe_name
from api.acquisition.service import get_row
from api.errors import ChangedMeanwhile, NotAnswerable, NotFound

Row = dict[str, Any]
MOST_OF_CASE = 100
MOST_BYTES_OF_CASE = 200_000_000


def list_documents(session: Session, case_id: int) -> Row:
    """
    Documents of a case, the newest first, and what may be added.

    Raises
    ------
    NotFound
        When the case does not exist.
    """
    get_row(session, case_id)
    return {
        "case_id": case_id,
        "items": document_queries.documents(session, case_id),
        "formats": list(MEDIA_TYPES),
        "most_bytes": MOST_BYTES,
        "longest_name": LONGEST_NAME,
    }


def add_document(session: Session, case_id: int, sent: bytes, given: Mapping[str, Any], by: str) -> Row:
    """
    Keep a document; what it is, its content says.

    Raises
    ------
    NotFound
        When the case does not exist.
    Malformed
        When it is no kind of file that is kept.
    NotAnswerable
        When the case holds as much as one may.
    """
    get_row(session, case_id, is_locked=True)
    known = recognise(sent)
    n, size = document_queries.held(session, case_id)
    if n >= MOST_OF_CASE or size + len(known.content) > MOST_BYTES_OF_CASE:
        raise NotAnswerable(
            f"This case holds {n} documents of {size / 1e6:.0f} MB in all, those removed in the last thirty days too.",
            f"Remove what is no longer needed; a case may hold {MOST_OF_CASE} documents and {MOST_BYTES_OF_CASE / 1e6:.0f} MB.",
            code="documents_full",
            n=n,
            most=MOST_OF_CASE,
            most_mb=MOST_BYTES_OF_CASE // 1_000_000,
        )
    values = {
        "name": safe_name(given["name"], known.format),
        "format": known.format,
        "description": given["description"],
        "content": known.content,
    }
    key = document_queries.add(session, case_id, values, by)
    return {**list_documents(session, case_id), "added": key}


def describe_document(session: Session, case_id: int, key: int, given: Mapping[str, Any], by: str) -> Row:
    """
    Give a document another name or description.

    Raises
    ------
    NotFound
        When the case or the document does not exist.
    ChangedMeanwhile
        When somebody wrote another name or description since it was read.
    """
    get_row(session, case_id)
    row = document_queries.document(session, case_id, key)
    if row is None:
        raise _gone(key)
    if any(given["was"][name] != row[name] for name in ("name", "description")):
        raise ChangedMeanwhile(
            f"{row['changed_by']} wrote another name or description since you read it.",
            "Read the documents again, and send what was read as `was`.",
            code="document_changed",
            by=row["changed_by"],
        )
    said = {"name": safe_name(given["name"], row["format"]), "description": given["description"]}
    document_queries.describe(session, key, said, by)
    return list_documents(session, case_id)


def set_document_removed(session: Session, case_id: int, key: int, *, is_removed: bool) -> Row:
    """
    Remove a document, or put it back, which goes for thirty days.

    Raises
    ------
    NotFound
        When there is none.
    """
    get_row(session, case_id)
    if not queries.set_removed(session, "case_document", case_id, key, is_removed=is_removed):
        raise _gone(key)
    return list_documents(session, case_id)


def get_document(session: Session, case_id: int, key: int) -> tuple[str, str, bytes]:
    """
    Name, media type and content of a document.

    Raises
    ------
    NotFound
        When the case or the document does not exist.
    """
    get_row(session, case_id)
    found = document_queries.content(session, case_id, key)
    if found is None:
        raise _gone(key)
    return found["name"], MEDIA_TYPES[found["format"]], found["content"]


def _gone(key: int) -> NotFound:
    return NotFound(
        f"This case has no document {key}.", "Read the documents of the case again.", code="document_gone"
    )
