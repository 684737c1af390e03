"""SQL about accounts; the database itself keeps who may manage whom."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

KEPT = timedelta(days=30)
SUBJECTS = ("ground", "units", "footfall", "parking", "reach", "acquisition", "persons", "accounts")
ROLES = (
    "coalesce((SELECT jsonb_agg(jsonb_build_object('role', b.role, 'nis_code', b.nis_code) "
    "ORDER BY b.nis_code NULLS FIRST, b.role) FROM rights.membership b WHERE b.account_id = a.id), '[]')"
)
ACCOUNT = (
    "a.id, a.login, a.display_name, a.is_desk, a.is_active, a.password_hash IS NOT NULL AS has_password, "
    f"a.totp_secret IS NOT NULL AS has_totp, a.database_login, a.signed_in_at, {ROLES} AS memberships, "
    "rights.may_manage(a.id) AS may_manage"
)


def one(session: Session, sql: str, **values: Any) -> RowMapping | None:
    """The first row of a query."""
    return session.execute(text(sql), values).mappings().first()


def many(session: Session, sql: str, **values: Any) -> list[dict[str, Any]]:
    """All rows of a query."""
    return [dict(row) for row in session.execute(text(sql), values).mappings()]


def account_by_login(session: Session, login: str) -> RowMapping | None:
    """An account that may sign in, with what it is known by."""
    return one(
        session,
        "SELECT id, login, display_name, password_hash, totp_secret, totp_step FROM rights.account "
        "WHERE login = :login AND is_active FOR UPDATE",
        login=login.lower(),
    )


def too_many_attempts(session: Session, login: str, address: str) -> bool:
    """Whether so many attempts failed in the last quarter of an hour that the next must wait."""
    found = one(
        session,
        "SELECT count(*) FILTER (WHERE login = :login) AS of_login, count(*) FILTER (WHERE address = :address) "
        "AS of_address FROM rights.attempt WHERE at > now() - interval '15 minutes'",
        login=login.lower(),
        address=address,
    )
    assert found is not None
    return bool(found["of_login"] >= 8 or found["of_address"] >= 40)


def note_attempt(session: Session, login: str, address: str) -> None:
    """Keep a failed attempt, and forget those of before yesterday."""
    session.execute(text("DELETE FROM rights.attempt WHERE at < now() - interval '1 day'"))
    session.execute(
        text("INSERT INTO rights.attempt (login, address) VALUES (:login, :address)"),
        {"login": login.lower(), "address": address},
    )


def begin_session(session: Session, account: int, secret_hash: bytes, device: str, address: str) -> None:
    """Keep that an account signed in."""
    session.execute(
        text(
            "INSERT INTO rights.session (account_id, secret_hash, device, address, expires_at) "
            "VALUES (:account, :hash, :device, :address, now() + :kept)"
        ),
        {"account": account, "hash": secret_hash, "device": device[:200], "address": address, "kept": KEPT},
    )
    session.execute(text("UPDATE rights.account SET signed_in_at = now() WHERE id = :id"), {"id": account})
    session.execute(text("DELETE FROM rights.session WHERE expires_at < now() - interval '30 days'"))


def end_sessions(session: Session, account: int, *, only: int | None = None, but: bytes = b"") -> int:
    """End one session of an account, or all but one; return how many."""
    done = session.execute(
        text(
            "UPDATE rights.session SET ended_at = now() WHERE account_id = :account AND ended_at IS NULL "
            "AND secret_hash <> :but AND (CAST(:only AS bigint) IS NULL OR id = :only)"
        ),
        {"account": account, "only": only, "but": but},
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def rights_of_asking(session: Session) -> dict[str, dict[str, list[str]]]:
    """Where whoever asks may do what, per subject."""
    found = many(
        session,
        "SELECT s AS subject, rights.seen(s) AS look, rights.changed(s) AS change, ARRAY(SELECT rights.held('download', s) "
        "UNION SELECT rights.shared(s, 'public') ORDER BY 1) AS download FROM unnest(CAST(:subjects AS text[])) AS s",
        subjects=list(SUBJECTS),
    )
    return {
        row["subject"]: {kind: sorted(row[kind]) for kind in ("look", "download", "change")} for row in found
    }


def set_memberships(session: Session, account: int, wanted: list[tuple[str, str | None]]) -> None:
    """Make the roles of an account those that are wanted; what is given comes first, so that no way in is lost between."""
    held = {
        (row["role"], row["nis_code"]): row["id"]
        for row in many(
            session,
            "SELECT id, role, nis_code FROM rights.membership WHERE account_id = :id",
            id=account,
        )
    }
    for role, nis in dict.fromkeys(wanted):
        if (role, nis) not in held:
            session.execute(
                text("INSERT INTO rights.membership (account_id, nis_code, role) VALUES (:id, :nis, :role)"),
                {"id": account, "nis": nis, "role": role},
            )
    gone = [key for pair, key in held.items() if pair not in set(wanted)]
    if gone:
        session.execute(text("DELETE FROM rights.membership WHERE id = ANY(:gone)"), {"gone": gone})


def make_link(session: Session, purpose: str, account: int | None, secret_hash: bytes, hours: int) -> Any:
    """Keep a link in the place of earlier ones for the same; return when it ends."""
    session.execute(
        text(
            "DELETE FROM rights.link WHERE used_at IS NULL AND account_id IS NOT DISTINCT FROM CAST(:account AS bigint)"
        ),
        {"account": account},
    )
    return session.execute(
        text(
            "INSERT INTO rights.link (purpose, account_id, secret_hash, expires_at) "
            "VALUES (:purpose, :account, :hash, now() + make_interval(hours => :hours)) RETURNING expires_at"
        ),
        {"purpose": purpose, "account": account, "hash": secret_hash, "hours": hours},
    ).scalar_one()


def open_link(session: Session, secret_hash: bytes) -> RowMapping | None:
    """A link that may still be used."""
    return one(
        session,
        "SELECT l.id, l.purpose, l.account_id, l.expires_at, a.login, a.display_name FROM rights.link l "
        "LEFT JOIN rights.account a ON a.id = l.account_id WHERE l.secret_hash = :hash AND l.used_at IS NULL "
        "AND l.expires_at > now() AND coalesce(a.is_active, true) FOR UPDATE OF l",
        hash=secret_hash,
    )


def has_administrator(session: Session) -> bool:
    """Whether somebody may manage all accounts."""
    found = one(
        session,
        "SELECT EXISTS (SELECT FROM rights.membership WHERE role = 'administrator' AND nis_code IS NULL) AS has",
    )
    return bool(found and found["has"])
