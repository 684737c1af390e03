"""Signing in and out, and what somebody sees and does of their own account."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.access import TOKEN_MARK, fingerprint
from api.accounts import queries, secrets
from api.db.session import SYSTEM, asking, session_as
from api.errors import Malformed, NotFound, NotSignedIn, NotYours, TooBusy
from api.settings import get_settings

WAIT_S = 900


@dataclass(frozen=True)
class From:
    """Where a request comes from."""

    address: str
    device: str


def sign_in(login: str, password: str, code: str | None, come_from: From) -> str:
    """
    Check who it is and begin a session; return the secret of its cookie.

    Raises
    ------
    TooBusy
        After too many failed attempts.
    NotSignedIn
        When login, password or one-time code are not right, or a code is wanted.
    """
    with session_as("kernkaart_accounts", SYSTEM) as session:
        if queries.too_many_attempts(session, login, come_from.address):
            raise TooBusy(
                "Too many failed attempts.",
                "Wait a quarter of an hour, or ask an administrator for a new password.",
                headers={"Retry-After": str(WAIT_S)},
                code="too_many_attempts",
            )
        found = queries.account_by_login(session, login)
        fault = _fault(session, found, password, code)
        if fault is None:
            assert found is not None
            return _begin(session, found["id"], come_from, "signed_in")
        if fault.code != "code_wanted":
            queries.note_attempt(session, login, come_from.address)
    raise fault


def _fault(session: Session, found: Any, password: str, code: str | None) -> NotSignedIn | None:
    if not secrets.is_password(found["password_hash"] if found else None, password):
        return NotSignedIn(
            "The login or the password is not right.",
            "Try again, or ask an administrator for a new password.",
            code="login_wrong",
        )
    if not found["totp_secret"]:
        return None
    if not code:
        return NotSignedIn(
            "A one-time code is wanted too.",
            "Give the code that your telephone shows now.",
            code="code_wanted",
        )
    step = secrets.step_of(found["totp_secret"], code, last=found["totp_step"])
    if step is None:
        return NotSignedIn(
            "The one-time code is not right, or it was used before.",
            "Give the code that your telephone shows now.",
            code="code_wrong",
        )
    session.execute(
        text("UPDATE rights.account SET totp_step = :step WHERE id = :id"), {"step": step, "id": found["id"]}
    )
    return None


def _begin(session: Session, account: int, come_from: From, action: str) -> str:
    secret = secrets.new_secret()
    queries.begin_session(session, account, fingerprint(secret), come_from.device, come_from.address)
    login = queries.one(session, "SELECT login FROM rights.account WHERE id = :id", id=account)
    session.execute(
        text("SELECT rights.note(:action, NULL, 'accounts', :login)"),
        {"action": action, "login": login["login"] if login else ""},
    )
    return secret


def begin_known(account: int, come_from: From) -> str:
    """Begin a session for an account that an identity provider vouched for; return the secret of its cookie."""
    with session_as("kernkaart_accounts", SYSTEM) as session:
        return _begin(session, account, come_from, "signed_in_by_provider")


def sign_out(session: Session) -> None:
    """End the session that asks."""
    account = queries.one(session, "SELECT account FROM rights.acting()")
    if account and account["account"]:
        session.execute(
            text("UPDATE rights.session SET ended_at = now() WHERE secret_hash = :hash AND account_id = :id"),
            {"hash": asking.get().secret, "id": account["account"]},
        )


def me(session: Session) -> dict[str, Any]:
    """Who asks, and what they may do where."""
    settings = get_settings()
    found = queries.one(
        session,
        f"SELECT {queries.ACCOUNT} FROM rights.account a WHERE a.id = (SELECT account FROM rights.acting())",
    )
    known = dict(found) if found else {}
    return {
        "account_id": known.get("id"),
        "login": known.get("login"),
        "display_name": known.get("display_name"),
        "is_desk": known.get("is_desk", False),
        "has_totp": known.get("has_totp", False),
        "has_password": known.get("has_password", False),
        "memberships": known.get("memberships", []),
        "rights": queries.rights_of_asking(session),
        "provider": settings.oidc_name if settings.oidc_issuer else None,
        "has_administrator": queries.has_administrator(session),
    }


def own_account(session: Session) -> Any:
    """
    The account that asks.

    Raises
    ------
    NotSignedIn
        When nobody is signed in.
    NotYours
        When a token asks for what only a person may do.
    """
    found = queries.one(
        session, "SELECT * FROM rights.account WHERE id = (SELECT account FROM rights.acting())"
    )
    if found is None:
        raise NotSignedIn("This is only for who is signed in.", "Sign in first.", code="sign_in_needed")
    if asking.get().kind != "session":
        raise NotYours("A token may not manage its account.", "Sign in with a browser.", code="token_may_not")
    return found


def welcome_for(secret: str) -> dict[str, Any]:
    """
    What a link is for.

    Raises
    ------
    NotFound
        When it was used, has ended, or never was.
    """
    with session_as("kernkaart_accounts", SYSTEM) as session:
        return dict(_open_link(session, secret))


def _open_link(session: Session, secret: str) -> Any:
    found = queries.open_link(session, fingerprint(secret))
    if found is None:
        raise NotFound(
            "This link was used, or it has ended.",
            "Ask an administrator for a new one; where there is none yet, ./kernkaart up prints one.",
            code="link_ended",
        )
    return found


def welcome(secret: str, password: str, login: str | None, display_name: str | None, come_from: From) -> str:
    """
    Choose a password with a link, and sign in; the first link makes the account too.

    Raises
    ------
    NotFound
        When the link cannot be used.
    Malformed
        When the password will not do, or the first account does not say who it is.
    """
    with session_as("kernkaart_accounts", SYSTEM) as session:
        link = _open_link(session, secret)
        account = link["account_id"] or _first_account(session, login, display_name)
        name = link["login"] or str(login).lower()
        session.execute(
            text("UPDATE rights.account SET password_hash = :hash WHERE id = :id"),
            {"hash": secrets.hash_of(password, login=name), "id": account},
        )
        if link["purpose"] == "reset":
            session.execute(
                text("UPDATE rights.account SET totp_secret = NULL, totp_step = NULL WHERE id = :id"),
                {"id": account},
            )
            queries.end_sessions(session, account)
        session.execute(text("UPDATE rights.link SET used_at = now() WHERE id = :id"), {"id": link["id"]})
        return _begin(session, account, come_from, "password_chosen")


def _first_account(session: Session, login: str | None, display_name: str | None) -> int:
    if not login or not display_name:
        raise Malformed(
            "The first account has no login or no name.", "Give both.", code="first_account_names"
        )
    if queries.has_administrator(session):
        raise NotFound("There is an administrator already.", "Ask them for an account.", code="link_ended")
    made: int = session.execute(
        text("INSERT INTO rights.account (login, display_name) VALUES (:login, :name) RETURNING id"),
        {"login": login.lower(), "name": " ".join(display_name.split())},
    ).scalar_one()
    roles: list[tuple[str, str | None]] = [("administrator", None)]
    # Whoever tries the fictional towns wants to see everything; a real city decides who its officers are.
    demo = queries.one(session, "SELECT bool_and(is_demo) AS only FROM municipality")
    if demo and demo["only"]:
        roles.append(("officer", None))
    queries.set_memberships(session, made, roles)
    return made


def change_password(session: Session, old: str, new: str) -> None:
    """
    Put a password in the place of another, and end all other sessions.

    Raises
    ------
    Malformed
        When the old one is not right, or the new one will not do.
    """
    account = own_account(session)
    if not secrets.is_password(account["password_hash"], old):
        raise Malformed(
            "The present password is not right.",
            "Give the password you signed in with.",
            code="old_password_wrong",
        )
    session.execute(
        text("UPDATE rights.account SET password_hash = :hash WHERE id = :id"),
        {"hash": secrets.hash_of(new, login=account["login"]), "id": account["id"]},
    )
    queries.end_sessions(session, account["id"], but=asking.get().secret)
    session.execute(
        text("SELECT rights.note('password_changed', NULL, 'accounts', :login)"), {"login": account["login"]}
    )


def start_totp(session: Session) -> dict[str, str]:
    """Make a secret for one-time codes; nothing is kept before a code of it was given."""
    account = own_account(session)
    secret = secrets.new_totp()
    address = secrets.totp_address(secret, account["login"])
    return {"secret": secret, "address": address, "qr_svg": secrets.qr_svg(address)}


def keep_totp(session: Session, secret: str | None, code: str) -> None:
    """
    Ask for one-time codes from now on (with a secret), or no longer (without).

    Raises
    ------
    Malformed
        When the code is not one of the secret.
    """
    account = own_account(session)
    used = secret or account["totp_secret"]
    step = secrets.step_of(used, code, last=account["totp_step"] if not secret else None) if used else None
    if step is None:
        raise Malformed(
            "The one-time code is not right.",
            "Give the code that your telephone shows now.",
            code="code_wrong",
        )
    session.execute(
        text("UPDATE rights.account SET totp_secret = :secret, totp_step = :step WHERE id = :id"),
        {"secret": secret, "step": step, "id": account["id"]},
    )
    session.execute(
        text("SELECT rights.note(:action, NULL, 'accounts', :login)"),
        {"action": "codes_asked" if secret else "codes_not_asked", "login": account["login"]},
    )


def sessions(session: Session) -> list[dict[str, Any]]:
    """Where the account is signed in, last used first."""
    account = own_account(session)
    return queries.many(
        session,
        "SELECT id, device, address, created_at, seen_at, expires_at, secret_hash = :hash AS is_this "
        "FROM rights.session WHERE account_id = :id AND ended_at IS NULL AND expires_at > now() "
        "ORDER BY seen_at DESC, id DESC",
        id=account["id"],
        hash=asking.get().secret,
    )


def end_session(session: Session, key: int) -> None:
    """
    End one session of the account.

    Raises
    ------
    NotFound
        When the account has no such session.
    """
    account = own_account(session)
    if not queries.end_sessions(session, account["id"], only=key):
        raise NotFound("You have no such session.", "GET /api/me/sessions lists them.")


def tokens(session: Session) -> list[dict[str, Any]]:
    """Tokens of the account that still work, newest first."""
    account = own_account(session)
    return queries.many(
        session,
        "SELECT id, name, scope, created_at, used_at, expires_at FROM rights.api_token WHERE account_id = :id "
        "AND ended_at IS NULL AND expires_at > now() ORDER BY id DESC",
        id=account["id"],
    )


def add_token(session: Session, name: str, scope: str, days: int) -> dict[str, Any]:
    """
    Make a token; its secret is given once.

    Raises
    ------
    NotYours
        When the account may take nothing along: a program would do just that.
    """
    account = own_account(session)
    may = queries.one(
        session,
        "SELECT EXISTS (SELECT rights.held('download', '')) OR :scope = 'push' AND EXISTS "
        "(SELECT rights.held('change', 'footfall')) AS may",
        scope=scope,
    )
    if not may or not may["may"]:
        raise NotYours(
            "Your account may look, but take nothing along.",
            "Ask an administrator of the municipality for another role.",
            code="may_not_download",
            subject="accounts",
            municipality="",
        )
    secret = secrets.new_secret(TOKEN_MARK)
    row = queries.one(
        session,
        "INSERT INTO rights.api_token (account_id, name, secret_hash, scope, expires_at) VALUES (:id, :name, :hash, "
        ":scope, now() + make_interval(days => :days)) RETURNING id, name, scope, created_at, used_at, expires_at",
        id=account["id"],
        name=" ".join(name.split()),
        hash=fingerprint(secret),
        scope=scope,
        days=days,
    )
    session.execute(
        text("SELECT rights.note('token_made', NULL, 'accounts', :about)"), {"about": f"{scope} {name}"[:100]}
    )
    assert row is not None
    return {**row, "secret": secret}


def end_token(session: Session, key: int) -> None:
    """
    End a token of the account.

    Raises
    ------
    NotFound
        When the account has no such token.
    """
    account = own_account(session)
    done = session.execute(
        text(
            "UPDATE rights.api_token SET ended_at = now() WHERE id = :key AND account_id = :id AND ended_at IS NULL"
        ),
        {"key": key, "id": account["id"]},
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise NotFound("You have no such token.", "GET /api/me/tokens lists them.")


def first_link() -> tuple[str, datetime] | None:
    """A link for the first administrator, in the place of the last one; None when there is one."""
    with session_as("kernkaart_accounts", SYSTEM) as session:
        if queries.has_administrator(session):
            return None
        secret = secrets.new_secret()
        return secret, queries.make_link(session, "first", None, fingerprint(secret), 72)
