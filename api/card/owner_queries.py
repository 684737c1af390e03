"""SQL about links for owners, consent, and proposals."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

Row = dict[str, Any]


def _rows(session: Session, query: str, values: Mapping[str, Any]) -> list[Row]:
    return [dict(row) for row in session.execute(text(query), values).mappings()]


def consent(session: Session, unit_id: int) -> Row | None:
    """The consent that holds, if there is one."""
    query = (
        "SELECT id, fields, role, given_via, recorded_by, agreed_at FROM unit_consent "
        "WHERE shop_unit_id = :id AND withdrawn_at IS NULL"
    )
    found = _rows(session, query, {"id": unit_id})
    return found[0] if found else None


def withdraw(session: Session, unit_id: int, by: str | None) -> bool:
    """Close the consent that holds, by an officer or by the owner; False where there is none."""
    query = text(
        "UPDATE unit_consent SET withdrawn_at = clock_timestamp(), withdrawn_by = :by "
        "WHERE shop_unit_id = :id AND withdrawn_at IS NULL RETURNING id"
    )
    return session.execute(query, {"id": unit_id, "by": by}).first() is not None


def consent_again(session: Session, unit_id: int) -> bool:
    """Let the latest consent hold again when an officer closed it; False where there is none to let."""
    query = text(
        "UPDATE unit_consent k SET withdrawn_at = NULL, withdrawn_by = NULL WHERE k.id = (SELECT id FROM unit_consent "
        "WHERE shop_unit_id = :id ORDER BY id DESC LIMIT 1) AND k.withdrawn_by IS NOT NULL RETURNING k.id"
    )
    return session.execute(query, {"id": unit_id}).first() is not None


def add_consent(session: Session, unit_id: int, values: Mapping[str, Any]) -> None:
    """Consent as it was given."""
    query = text(
        "INSERT INTO unit_consent (shop_unit_id, fields, role, given_via, link_id, recorded_by) "
        "VALUES (:id, :fields, :role, :given_via, :link, :by)"
    )
    session.execute(query, {**values, "id": unit_id})


def links(session: Session, unit_id: int) -> list[Row]:
    """Links of a unit, the newest first; which they are, nobody can read back."""
    query = (
        "SELECT id, role, made_by, made_at, expires_at, revoked_at, "
        "revoked_at IS NULL AND expires_at > clock_timestamp() AS is_open "
        "FROM owner_link WHERE shop_unit_id = :id ORDER BY id DESC LIMIT 20"
    )
    return _rows(session, query, {"id": unit_id})


def add_link(session: Session, unit_id: int, values: Mapping[str, Any]) -> None:
    """A link, of which only the digest is kept."""
    query = text(
        "INSERT INTO owner_link (shop_unit_id, role, token_sha256, made_by, expires_at) "
        "VALUES (:id, :role, :digest, :by, clock_timestamp() + make_interval(days => :days))"
    )
    session.execute(query, {**values, "id": unit_id})


def revoke(session: Session, unit_id: int, link_id: int, *, is_revoked: bool) -> bool:
    """Take a link back, or let it hold again; False where there is none."""
    query = text(
        "UPDATE owner_link SET revoked_at = CASE WHEN :revoked THEN clock_timestamp() END "
        "WHERE id = :key AND shop_unit_id = :id RETURNING id"
    )
    values = {"id": unit_id, "key": link_id, "revoked": is_revoked}
    return session.execute(query, values).first() is not None


def link(session: Session, digest: str) -> Row | None:
    """The link with a digest, while it holds."""
    query = (
        "SELECT id, shop_unit_id, role, expires_at FROM owner_link "
        "WHERE token_sha256 = :digest AND revoked_at IS NULL AND expires_at > clock_timestamp()"
    )
    found = _rows(session, query, {"digest": digest})
    return found[0] if found else None


def sent_since(session: Session, link_id: int, *, hours: int) -> int:
    """How many proposals came with a link in the last hours."""
    query = text(
        "SELECT count(*) FROM unit_proposal WHERE link_id = :id "
        "AND made_at > clock_timestamp() - make_interval(hours => :hours)"
    )
    return int(session.execute(query, {"id": link_id, "hours": hours}).scalar_one())


def add_proposal(session: Session, unit_id: int, link: Row) -> int:
    """A proposal; gives its key."""
    query = text(
        "INSERT INTO unit_proposal (shop_unit_id, link_id, role) VALUES (:id, :link, :role) RETURNING id"
    )
    values = {"id": unit_id, "link": link["id"], "role": link["role"]}
    return int(session.execute(query, values).scalar_one())


def add_field(session: Session, proposal_id: int, field: str, old: str | None, new: str | None) -> None:
    """One proposed value, both as JSON."""
    query = text(
        "INSERT INTO unit_proposal_field (proposal_id, field, old_value, new_value) "
        "VALUES (:proposal, :field, CAST(:old AS jsonb), CAST(:new AS jsonb))"
    )
    session.execute(query, {"proposal": proposal_id, "field": field, "old": old, "new": new})


PROPOSALS = """
SELECT f.id, f.proposal_id, p.shop_unit_id, p.role, p.made_at, f.field, f.old_value, f.new_value, f.decision, f.reason,
    f.decided_by, f.decided_at, to_jsonb(c) -> f.field AS value_now, coalesce(nullif(s.address, ''), s.local_code) AS address,
    (SELECT h.id FROM unit_photo h WHERE f.field = 'photo' AND h.proposal_id = p.id LIMIT 1) AS photo_id
FROM unit_proposal_field f JOIN unit_proposal p ON p.id = f.proposal_id
JOIN shop_unit_state s ON s.id = p.shop_unit_id
LEFT JOIN unit_card c ON c.shop_unit_id = p.shop_unit_id
"""


def proposals(session: Session, *, unit_id: int | None = None, nis_code: str | None = None) -> list[Row]:
    """Proposed values of a unit or a municipality: those that wait first, then the latest decided."""
    query = (
        f"{PROPOSALS} WHERE (CAST(:unit AS bigint) IS NULL OR p.shop_unit_id = :unit) "
        "AND (CAST(:nis AS text) IS NULL OR s.nis_code = :nis) "
        "ORDER BY f.decision <> 'pending', coalesce(f.decided_at, p.made_at) DESC, f.id LIMIT 200"
    )
    return _rows(session, query, {"unit": unit_id, "nis": nis_code})


def field(session: Session, field_id: int) -> Row | None:
    """One proposed value, held until the transaction ends."""
    query = (
        "SELECT f.*, p.shop_unit_id FROM unit_proposal_field f JOIN unit_proposal p ON p.id = f.proposal_id "
        "WHERE f.id = :id FOR UPDATE OF f"
    )
    found = _rows(session, query, {"id": field_id})
    return found[0] if found else None


def decide(session: Session, field_id: int, values: Mapping[str, Any]) -> None:
    """What an officer decided; with `pending` it waits again."""
    query = text(
        "UPDATE unit_proposal_field SET decision = :decision, reason = :reason, change_id = :change, "
        "decided_by = CASE WHEN :decision <> 'pending' THEN :by END, "
        "decided_at = CASE WHEN :decision <> 'pending' THEN clock_timestamp() END WHERE id = :id"
    )
    session.execute(query, {"reason": None, "change": None, **values, "id": field_id})


def decide_photo(session: Session, proposal_id: int, decision: str) -> None:
    """The photograph of a proposal goes with its field."""
    session.execute(
        text("UPDATE unit_photo SET decision = :decision WHERE proposal_id = :id"),
        {"id": proposal_id, "decision": decision},
    )


def published(session: Session, nis_code: str | None) -> list[Row]:
    """Consent that holds, with its unit and what of it stands open: what the officer sees of the public page."""
    query = (
        "SELECT k.shop_unit_id, coalesce(nullif(s.address, ''), s.local_code) AS address, s.state, k.fields, k.role, "
        "k.given_via, k.agreed_at FROM unit_consent k JOIN shop_unit_state s ON s.id = k.shop_unit_id "
        "WHERE k.withdrawn_at IS NULL AND s.nis_code = :nis ORDER BY s.street, s.house_number, s.id"
    )
    return _rows(session, query, {"nis": nis_code})


def contact(session: Session, nis_codes: Sequence[str]) -> dict[str, Row]:
    """Public contacts of municipalities, by NIS code."""
    query = (
        "SELECT nis_code, organisation, contact, changed_by FROM public_contact WHERE nis_code = ANY(:nis)"
    )
    return {row["nis_code"]: row for row in _rows(session, query, {"nis": list(nis_codes)})}


def set_contact(session: Session, nis_code: str, values: Mapping[str, Any], by: str) -> None:
    """Write whom strangers ask."""
    query = text(
        "INSERT INTO public_contact (nis_code, organisation, contact, changed_by) "
        "VALUES (:nis, :organisation, :contact, :by) ON CONFLICT (nis_code) DO UPDATE SET "
        "organisation = excluded.organisation, contact = excluded.contact, changed_by = excluded.changed_by"
    )
    session.execute(query, {**values, "nis": nis_code, "by": by})


def now(session: Session) -> datetime:
    """The instant it is where the database is."""
    found: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return found
