"""SQL about documents of cases."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]
TOLD = "id, name, format, description, size_bytes, added_by, added_at, changed_by"


def documents(session: Session, case_id: int) -> list[Row]:
    """Documents of a case without their content, the newest first."""
    query = text(
        f"SELECT {TOLD} FROM case_document WHERE case_id = :case AND removed_at IS NULL ORDER BY added_at DESC, id DESC"
    )
    return [dict(row) for row in session.execute(query, {"case": case_id}).mappings()]


def held(session: Session, case_id: int) -> tuple[int, int]:
    """How many documents a case holds and how many bytes; those that can be put back count too."""
    query = text("SELECT count(*), coalesce(sum(size_bytes), 0) FROM case_document WHERE case_id = :case")
    n, size = session.execute(query, {"case": case_id}).one()
    return int(n), int(size)


def add(session: Session, case_id: int, values: Mapping[str, Any], by: str) -> int:
    """A document; gives its key."""
    query = text(
        "INSERT INTO case_document (case_id, name, format, description, content, added_by, changed_by) "
        "VALUES (:case, :name, :format, :description, :content, :by, :by) RETURNING id"
    )
    return int(session.execute(query, {**values, "case": case_id, "by": by}).scalar_one())


def document(session: Session, case_id: int, key: int) -> Row | None:
    """A document without its content, held until the transaction ends."""
    query = text(
        f"SELECT {TOLD} FROM case_document WHERE id = :key AND case_id = :case AND removed_at IS NULL FOR UPDATE"
    )
    row = session.execute(query, {"key": key, "case": case_id}).mappings().first()
    return None if row is None else dict(row)


def content(session: Session, case_id: int, key: int) -> Row | None:
    """Name, format and content of a document."""
    query = text(
        "SELECT name, format, content FROM case_document WHERE id = :key AND case_id = :case AND removed_at IS NULL"
    )
    row = session.execute(query, {"key": key, "case": case_id}).mappings().first()
    return None if row is None else dict(row)


def describe(session: Session, key: int, values: Mapping[str, Any], by: str) -> None:
    """Another name or description."""
    query = text(
        "UPDATE case_document SET name = :name, description = :description, changed_by = :by WHERE id = :key"
    )
    session.execute(query, {**values, "key": key, "by": by})
