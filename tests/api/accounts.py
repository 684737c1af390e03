"""Accounts of every role, and how far the paper town shares, for tests of rights."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.access import fingerprint
from api.accounts.queries import SUBJECTS, set_memberships
from api.db.session import SYSTEM, Asking, session_as
from tests.town_database import NIS, rows

ROLES = ("viewer", "officer", "planner", "gis", "coordinator", "supplier", "administrator")
OWN_SUBJECTS = tuple(subject for subject in SUBJECTS if subject != "accounts")


def account_with(role: str | None, nis: str | None) -> tuple[int, str]:
    """An account with one role, signed in: its key and the secret of its cookie."""
    secret = secrets.token_urlsafe(8)
    with session_as("kernkaart_accounts", SYSTEM) as session:
        key = session.execute(
            text("INSERT INTO rights.account (login, display_name) VALUES (:login, :login) RETURNING id"),
            {"login": f"{role}-{nis}-{secret}".lower()},
        ).scalar_one()
        if role:
            set_memberships(session, key, [(role, nis)])
        session.execute(
            text(
                "INSERT INTO rights.session (account_id, secret_hash, device, address, seen_at, expires_at) "
                "VALUES (:id, :hash, 'tests', 'here', '9999-01-01', '9999-01-01')"
            ),
            {"id": key, "hash": fingerprint(secret)},
        )
    return key, secret


@contextmanager
def asking_as(secret: str | None, role: str = "kernkaart_app") -> Iterator[Session]:
    """A session of the application that asks for who has the secret; None: for anybody."""
    who = Asking("public") if secret is None else Asking("session", fingerprint(secret))
    with session_as(role, who) as session:
        yield session


def share(level: str, *subjects: str, nis: str = NIS) -> None:
    """Let a municipality share subjects so far."""
    with session_as("kernkaart_accounts", SYSTEM) as session:
        for subject in subjects:
            session.execute(
                text(
                    "INSERT INTO rights.sharing (nis_code, subject, level, changed_by) VALUES (:nis, :subject, :level, 'x') "
                    "ON CONFLICT (nis_code, subject) DO UPDATE SET level = excluded.level"
                ),
                {"nis": nis, "subject": subject, "level": level},
            )


def role_right(role: str | None, subject: str) -> tuple[bool, bool, bool]:
    """Whether a role may look at, take along and change a subject where it is held."""
    found = rows(
        "SELECT may_look, may_download, may_change FROM rights.role_right WHERE role = :role AND subject = :subject",
        role=role,
        subject=subject,
    )
    return tuple(found[0]) if found else (False, False, False)
