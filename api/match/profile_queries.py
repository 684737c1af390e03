"""SQL about requirement profiles."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

COLUMNS = (
    "p.nis_code, p.uid, p.version, p.name, p.prospect_name, p.branch_code, p.case_id, p.score_profile, p.content, "
    "p.is_removed, p.made_by, p.made_at, c.title AS case_title"
)
FROM = "requirement_profile p LEFT JOIN acquisition_case c ON c.id = p.case_id AND c.removed_at IS NULL"
NEWEST = "NOT EXISTS (SELECT 1 FROM requirement_profile n WHERE n.uid = p.uid AND n.version > p.version)"


def profiles(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """Newest versions of what a municipality keeps, by name."""
    query = text(
        f"SELECT {COLUMNS} FROM {FROM} WHERE p.nis_code = :nis AND NOT p.is_removed AND {NEWEST} "
        "ORDER BY lower(p.name), p.uid"
    )
    return session.execute(query, {"nis": nis_code}).mappings().all()


def newest(session: Session, uid: UUID) -> RowMapping | None:
    """The newest version of a profile, also one with which it was taken away."""
    query = text(f"SELECT {COLUMNS} FROM {FROM} WHERE p.uid = :uid AND {NEWEST}")
    return session.execute(query, {"uid": uid}).mappings().first()


def versions(session: Session, uid: UUID) -> Sequence[RowMapping]:
    """All versions of a profile, the newest first."""
    query = text(f"SELECT {COLUMNS} FROM {FROM} WHERE p.uid = :uid ORDER BY p.version DESC")
    return session.execute(query, {"uid": uid}).mappings().all()


def add_version(session: Session, values: Mapping[str, Any]) -> None:
    """Write the next version of a profile, or its first."""
    query = text(
        "INSERT INTO requirement_profile (nis_code, uid, version, name, prospect_name, branch_code, case_id, "
        "score_profile, content, is_removed, made_by) VALUES (:nis_code, :uid, :version, :name, :prospect_name, "
        ":branch_code, :case_id, :score_profile, CAST(:content AS jsonb), :is_removed, :made_by)"
    )
    session.execute(query, {**values, "content": json.dumps(values["content"])})


def wait_for(session: Session, uid: UUID) -> None:
    """Let nobody else write a version of this profile before this transaction ends."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('kernkaart.requirement'), hashtext(:uid))"),
        {"uid": str(uid)},
    )


def branches(session: Session, codes: Sequence[str]) -> set[str]:
    """Which of the codes are of the list of branches."""
    query = text("SELECT code FROM code_list WHERE scheme = 'branch' AND code = ANY(:codes)")
    return set(session.execute(query, {"codes": list(codes)}).scalars())


def case_town(session: Session, case_id: int) -> str | None:
    """Municipality of a case that counts."""
    query = text("SELECT nis_code FROM acquisition_case WHERE id = :id AND removed_at IS NULL")
    found: str | None = session.execute(query, {"id": case_id}).scalar()
    return found


def labels(session: Session) -> dict[str, RowMapping]:
    """Labels of what may be asked, by code."""
    query = text("SELECT code, label_nl, label_fr, label_en FROM code_list WHERE scheme = 'match_wish'")
    return {row["code"]: row for row in session.execute(query).mappings()}
