"""SQL about score profiles and what they weigh."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

COLUMNS = "p.nis_code, p.uid, p.version, p.name, p.based_on, p.content, p.share_level, p.is_removed, p.made_by, p.made_at"
NEWEST = "NOT EXISTS (SELECT 1 FROM score_profile n WHERE n.uid = p.uid AND n.version > p.version)"


def profiles(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """Newest versions of what a municipality made and of what others share, by name."""
    query = text(
        f"SELECT {COLUMNS} FROM score_profile p WHERE (p.nis_code = :nis OR p.share_level <> 'own') "
        f"AND NOT p.is_removed AND {NEWEST} ORDER BY lower(p.name), p.uid"
    )
    return session.execute(query, {"nis": nis_code}).mappings().all()


def newest(session: Session, uid: UUID) -> RowMapping | None:
    """The newest version of a profile, also one with which it was taken away."""
    query = text(f"SELECT {COLUMNS} FROM score_profile p WHERE p.uid = :uid AND {NEWEST}")
    return session.execute(query, {"uid": uid}).mappings().first()


def versions(session: Session, uid: UUID) -> Sequence[RowMapping]:
    """All versions of a profile, the newest first."""
    query = text(f"SELECT {COLUMNS} FROM score_profile p WHERE p.uid = :uid ORDER BY p.version DESC")
    return session.execute(query, {"uid": uid}).mappings().all()


def add_version(session: Session, values: Mapping[str, Any]) -> None:
    """Write the next version of a profile, or its first."""
    query = text(
        "INSERT INTO score_profile (nis_code, uid, version, name, based_on, content, share_level, is_removed, made_by) "
        "VALUES (:nis_code, :uid, :version, :name, :based_on, CAST(:content AS jsonb), :share_level, :is_removed, "
        ":made_by)"
    )
    session.execute(query, {**values, "content": json.dumps(values["content"])})


def wait_for(session: Session, uid: UUID) -> None:
    """Let nobody else write a version of this profile before this transaction ends."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('kernkaart.profile'), hashtext(:uid))"), {"uid": str(uid)}
    )


def unit_rows(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """Indicators of the shop units of the current run, with their state today, by key."""
    query = text(
        "SELECT i.shop_unit_id AS id, s.state, i.indicators, i.near, i.far FROM unit_indicators i "
        "JOIN current_run r ON r.id = i.run_id AND r.kind = 'refresh' JOIN shop_unit_state s ON s.id = i.shop_unit_id "
        "WHERE i.nis_code = :nis ORDER BY i.shop_unit_id"
    )
    return session.execute(query, {"nis": nis_code}).mappings().all()
