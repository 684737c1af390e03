"""What an administrator does: accounts of others, how far a municipality shares, and the log."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.access import fingerprint
from api.accounts import queries, secrets
from api.accounts.service import own_account
from api.errors import Malformed, NotFound, NotYours
from api.settings import Settings, get_settings

LINK_HOURS = 72
Roles = list[tuple[str, str | None]]


def require_administrator(session: Session) -> None:
    """
    Go on only for who manages accounts somewhere.

    Raises
    ------
    NotSignedIn, NotYours
        When nobody is signed in, or they manage none.
    """
    own_account(session)
    found = queries.one(session, "SELECT cardinality(rights.changed('accounts')) AS n")
    if not found or not found["n"]:
        raise NotYours(
            "You manage no accounts.",
            "Ask an administrator of the municipality.",
            code="may_not_change",
            subject="accounts",
            municipality="",
        )


def accounts(session: Session) -> list[dict[str, Any]]:
    """Accounts that work in a municipality where whoever asks manages them, by name."""
    require_administrator(session)
    return queries.many(
        session,
        f"SELECT {queries.ACCOUNT} FROM rights.account a WHERE rights.may_manage(a.id) OR EXISTS (SELECT FROM "
        "rights.membership b WHERE b.account_id = a.id AND rights.may_change(b.nis_code, 'accounts')) "
        "ORDER BY a.is_active DESC, lower(a.display_name), a.id",
    )


def account(session: Session, key: int) -> dict[str, Any]:
    """
    One of them.

    Raises
    ------
    NotFound
        When there is none of that key.
    """
    found = [row for row in accounts(session) if row["id"] == key]
    if not found:
        raise NotFound("You manage no account of that key.", "GET /api/accounts lists those you manage.")
    return found[0]


def add_account(
    session: Session, login: str, display_name: str, is_desk: bool, roles: Roles
) -> dict[str, Any]:
    """
    Make an account; it can sign in after a password was chosen with a link.

    Raises
    ------
    Malformed
        When somebody has that login.
    """
    require_administrator(session)
    try:
        with session.begin_nested():
            made: int = session.execute(
                text(
                    "INSERT INTO rights.account (login, display_name, is_desk) VALUES (:login, :name, :desk) RETURNING id"
                ),
                {"login": login.lower(), "name": " ".join(display_name.split()), "desk": is_desk},
            ).scalar_one()
    except IntegrityError:
        raise Malformed(
            f"Somebody signs in as {login} already.",
            "Choose another login, or open that account again.",
            code="login_taken",
            login=login,
        ) from None
    _give(session, made, roles)
    return account(session, made)


def change_account(
    session: Session, key: int, changes: dict[str, Any], roles: Roles | None
) -> dict[str, Any]:
    """Change names and roles of an account, close it or open it again; a closed account is signed out everywhere."""
    account(session, key)
    columns = {"display_name", "is_desk", "is_active"} & changes.keys()
    if columns:
        sets = ", ".join(f"{column} = :{column}" for column in sorted(columns))
        session.execute(text(f"UPDATE rights.account SET {sets} WHERE id = :id"), {**changes, "id": key})
    if changes.get("is_active") is False:
        queries.end_sessions(session, key)
        session.execute(
            text("UPDATE rights.api_token SET ended_at = now() WHERE account_id = :id AND ended_at IS NULL"),
            {"id": key},
        )
        session.execute(text("SELECT rights.take_database_login(:id)"), {"id": key})
    if roles is not None:
        _give(session, key, roles)
    return account(session, key)


def _give(session: Session, key: int, roles: Roles) -> None:
    for role, nis in roles:
        if role == "coordinator" and nis is not None:
            raise Malformed(
                "A coordinator is one of all municipalities.",
                "Leave the municipality of that role empty.",
                code="coordinator_of_all",
            )
        if nis is not None and not queries.one(
            session, "SELECT 1 AS is_there FROM municipality WHERE nis_code = :nis", nis=nis
        ):
            raise Malformed(
                f"Municipality {nis} is not known here.", "GET /api/municipalities lists those that are."
            )
    queries.set_memberships(session, key, roles)


def add_link(session: Session, key: int) -> dict[str, Any]:
    """Make a link with which the account chooses a password: an invitation, or a reset where it has one."""
    found = account(session, key)
    if not found["may_manage"]:
        raise NotYours(
            "This account works in a municipality where you manage none.",
            "Ask an administrator of all its municipalities.",
            code="may_not_change",
            subject="accounts",
            municipality="",
        )
    purpose = "reset" if found["has_password"] else "invitation"
    secret = secrets.new_secret()
    ends = queries.make_link(session, purpose, key, fingerprint(secret), LINK_HOURS)
    session.execute(
        text("SELECT rights.note(:action, NULL, 'accounts', :login)"),
        {"action": f"{purpose}_link_made", "login": found["login"]},
    )
    return {"secret": secret, "expires_at": ends}


def give_database_login(session: Session, key: int) -> dict[str, Any]:
    """Make a login for QGIS, or a new password for it; the password is given once."""
    account(session, key)
    password = secrets.new_secret()
    user = session.execute(
        text("SELECT rights.give_database_login(:id, :secret)"), {"id": key, "secret": password}
    ).scalar_one()
    found = queries.one(session, "SELECT current_database() AS name, current_setting('port') AS port")
    assert found is not None
    lines = (
        "[kernkaart]",
        *_reached(get_settings(), found["port"]),
        f"dbname={found['name']}",
        f"user={user}",
        f"password={password}",
    )
    return {
        "user": user,
        "password": password,
        "database": found["name"],
        "service": "\n".join(lines),
        "needs_certificate": bool(get_settings().qgis_host and get_settings().qgis_certificate),
    }


def _reached(settings: Settings, own_port: str) -> list[str]:
    """Lines with where the database is reached, and how it is known to be the right one."""
    if not settings.qgis_host:
        return ["host=127.0.0.1", f"port={own_port}"]
    lines = [f"host={settings.qgis_host}", f"port={settings.qgis_port}", "sslmode=verify-full"]
    # Without a line it is looked for as root.crt in the folder that PostgreSQL has on every machine.
    return lines if settings.qgis_certificate else [*lines, "sslrootcert=system"]


def take_database_login(session: Session, key: int) -> None:
    """Remove the login for QGIS; whoever works with it is cut off."""
    account(session, key)
    session.execute(text("SELECT rights.take_database_login(:id)"), {"id": key})


def sharing(session: Session, nis_code: str) -> list[dict[str, Any]]:
    """How far a municipality shares each subject."""
    return queries.many(
        session,
        "SELECT d.subject, coalesce(s.level, d.level) AS level, d.widest, s.level IS NULL AS is_default, s.changed_by, "
        "s.changed_at FROM rights.share_default d LEFT JOIN rights.sharing s ON s.subject = d.subject AND s.nis_code = :nis "
        "WHERE d.widest <> 'own' ORDER BY array_position(CAST(:order AS text[]), d.subject)",
        nis=nis_code,
        order=list(queries.SUBJECTS),
    )


def share(session: Session, nis_code: str, subject: str, level: str) -> list[dict[str, Any]]:
    """Choose how far a municipality shares a subject."""
    name = own_account(session)["display_name"]
    session.execute(
        text(
            "INSERT INTO rights.sharing (nis_code, subject, level, changed_by) VALUES (:nis, :subject, :level, :name) "
            "ON CONFLICT (nis_code, subject) DO UPDATE SET level = excluded.level, changed_by = excluded.changed_by, "
            "changed_at = now()"
        ),
        {"nis": nis_code, "subject": subject, "level": level, "name": name},
    )
    return sharing(session, nis_code)


def audit(session: Session, before: int | None, limit: int) -> list[dict[str, Any]]:
    """What was done where whoever asks manages accounts, newest first; of all municipalities only for who manages all."""
    require_administrator(session)
    return queries.many(
        session,
        "SELECT id, at, account_name, action, nis_code, subject, about FROM rights.audit WHERE "
        "(CAST(:before AS bigint) IS NULL OR id < :before) AND (nis_code = ANY(rights.changed('accounts')) OR nis_code IS NULL AND "
        "EXISTS (SELECT FROM rights.membership b WHERE b.account_id = (SELECT account FROM rights.acting()) "
        "AND b.role = 'administrator' AND b.nis_code IS NULL)) ORDER BY id DESC LIMIT :limit",
        before=before,
        limit=limit,
    )
