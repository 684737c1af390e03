"""Accounts, what each may do where, how far municipalities share, and what was done: the schema rights."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, Keyed

SCHEMA = "rights"


def _of(comment: str) -> dict[str, str]:
    return {"schema": SCHEMA, "comment": comment}


def _account(*, is_optional: bool = False, comment: str = "Account.") -> Mapped[int]:
    return mapped_column(
        BigInteger,
        ForeignKey(f"{SCHEMA}.account.id", ondelete="CASCADE"),
        nullable=is_optional,
        comment=comment,
    )


class RoleRight(Base):
    """What a role may do with a subject."""

    __tablename__ = "role_right"
    __table_args__ = (_of("What each role may do with each subject."),)

    role: Mapped[str] = mapped_column(Text, primary_key=True, comment="Role.")
    subject: Mapped[str] = mapped_column(Text, primary_key=True, comment="Subject.")
    may_look: Mapped[bool] = mapped_column(Boolean, comment="May read its rows on a screen.")
    may_download: Mapped[bool] = mapped_column(Boolean, comment="May take its rows along as a file.")
    may_change: Mapped[bool] = mapped_column(Boolean, comment="May write its rows.")


class ShareDefault(Base):
    """How far a subject is shared where a municipality said nothing."""

    __tablename__ = "share_default"
    __table_args__ = (_of("How far each subject is shared where a municipality chose nothing itself."),)

    subject: Mapped[str] = mapped_column(Text, primary_key=True, comment="Subject.")
    level: Mapped[str] = mapped_column(Text, comment="own, partners or public.")
    widest: Mapped[str] = mapped_column(Text, comment="Furthest a municipality may choose.")


class RightsEpoch(Base):
    """How often rights changed."""

    __tablename__ = "epoch"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        _of("How often rights changed, so that what was kept from before is not taken for today's."),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, server_default="1", comment="Always 1.")
    n: Mapped[int] = mapped_column(BigInteger, comment="Grows with every change of rights.")


class Sharing(Base):
    """How far a municipality shares a subject."""

    __tablename__ = "sharing"
    __table_args__ = (_of("How far a municipality shares a subject, where it chose so itself."),)

    nis_code: Mapped[str] = mapped_column(
        Text,
        ForeignKey("municipality.nis_code", ondelete="CASCADE"),
        primary_key=True,
        comment="NIS code of the municipality.",
    )
    subject: Mapped[str] = mapped_column(
        Text, ForeignKey(f"{SCHEMA}.share_default.subject"), primary_key=True, comment="Subject."
    )
    level: Mapped[str] = mapped_column(
        Text, comment="own (rows and sums stay here), partners (sums for partners) or public (rows for all)."
    )
    changed_by: Mapped[str] = mapped_column(Text, comment="Name of who last chose it.")
    changed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), comment="When."
    )


class Account(Keyed, Base):
    """Somebody who may sign in."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("login"),
        UniqueConstraint("oidc_subject"),
        UniqueConstraint("database_login"),
        _of("Who may sign in."),
    )

    login: Mapped[str] = mapped_column(Text, comment="What is typed to sign in: an e-mail address or a name.")
    display_name: Mapped[str] = mapped_column(Text, comment="Name that stands beside what the account does.")
    password_hash: Mapped[str | None] = mapped_column(
        Text, comment="Argon2 hash of the password; empty: none set."
    )
    totp_secret: Mapped[str | None] = mapped_column(
        Text, comment="Secret of one-time codes; empty: not asked."
    )
    totp_step: Mapped[int | None] = mapped_column(
        BigInteger, comment="Half minute of the last code taken: a code works once."
    )
    oidc_subject: Mapped[str | None] = mapped_column(
        Text, comment="Issuer and subject at a provider of identities, with a space between."
    )
    database_login: Mapped[str | None] = mapped_column(
        Text, comment="Login in PostgreSQL for QGIS; empty: none."
    )
    is_desk: Mapped[bool] = mapped_column(
        Boolean, server_default="false", comment="Whether several people share it, who each give their name."
    )
    is_active: Mapped[bool] = mapped_column(Boolean, server_default="true", comment="Whether it may sign in.")
    signed_in_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="Last time it signed in."
    )
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), comment="When it was made."
    )


class Membership(Keyed, Base):
    """A role of an account."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("account_id", "nis_code", "role"),
        Index(
            "uq_membership_everywhere",
            "account_id",
            "role",
            unique=True,
            postgresql_where=text("nis_code IS NULL"),
        ),
        _of("Roles of accounts, each in one municipality or in all."),
    )

    account_id: Mapped[int] = _account()
    nis_code: Mapped[str | None] = mapped_column(
        Text,
        ForeignKey("municipality.nis_code", ondelete="CASCADE"),
        comment="NIS code of the municipality; empty: all.",
    )
    role: Mapped[str] = mapped_column(
        Text, comment="viewer, officer, planner, gis, coordinator, supplier or administrator."
    )
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), comment="When it was given."
    )


class SignedIn(Keyed, Base):
    """A browser in which an account is signed in."""

    __tablename__ = "session"
    __table_args__ = (
        UniqueConstraint("secret_hash"),
        Index("ix_session_account_id", "account_id"),
        _of("Browsers in which an account is signed in."),
    )

    account_id: Mapped[int] = _account()
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, comment="SHA-256 of the secret in the cookie.")
    device: Mapped[str] = mapped_column(Text, comment="Browser and system, as they say themselves.")
    address: Mapped[str] = mapped_column(Text, comment="Network address it was begun from.")
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), comment="When it was begun."
    )
    seen_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), comment="Last use, to five minutes."
    )
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="When it ends by itself.")
    ended_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was ended; empty: not."
    )


class ApiToken(Keyed, Base):
    """A secret with which a program acts for an account."""

    __tablename__ = "api_token"
    __table_args__ = (
        UniqueConstraint("secret_hash"),
        Index("ix_api_token_account_id", "account_id"),
        _of("Secrets with which programs act for an account."),
    )

    account_id: Mapped[int] = _account()
    name: Mapped[str] = mapped_column(Text, comment="What it is for.")
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, comment="SHA-256 of the secret.")
    scope: Mapped[str] = mapped_column(Text, comment="read, write or push (counts only).")
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), comment="When it was made."
    )
    used_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="Last use, to five minutes; empty: never."
    )
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="When it ends by itself.")
    ended_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was ended; empty: not."
    )


class WelcomeLink(Keyed, Base):
    """A link with which somebody chooses a password, once."""

    __tablename__ = "link"
    __table_args__ = (
        UniqueConstraint("secret_hash"),
        _of("Links with which somebody chooses a password, once."),
    )

    purpose: Mapped[str] = mapped_column(Text, comment="first (administrator), invitation or reset.")
    account_id: Mapped[int | None] = _account(
        is_optional=True, comment="Account; empty: the first is made with it."
    )
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, comment="SHA-256 of the secret in the link.")
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), comment="When it was made."
    )
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="When it ends by itself.")
    used_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was used; empty: not yet."
    )


class Attempt(Keyed, Base):
    """A failed attempt to sign in."""

    __tablename__ = "attempt"
    __table_args__ = (
        Index("ix_attempt_at", "at"),
        _of("Failed attempts to sign in, of the last day: too many are made to wait."),
    )

    login: Mapped[str] = mapped_column(Text, comment="Login that was tried.")
    address: Mapped[str] = mapped_column(Text, comment="Network address it came from.")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now(), comment="When.")


class Audit(Keyed, Base):
    """Something that was done with rights, persons or files."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_at", "at"),
        _of("Who signed in, took files along, or changed rights. It only grows; rows go after 24 months."),
    )

    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now(), comment="When.")
    account_id: Mapped[int | None] = mapped_column(
        BigInteger, comment="Account; empty: the application, or nobody signed in."
    )
    account_name: Mapped[str] = mapped_column(Text, comment="Its login then.")
    action: Mapped[str] = mapped_column(Text, comment="What was done.")
    nis_code: Mapped[str | None] = mapped_column(Text, comment="NIS code of the municipality it was about.")
    subject: Mapped[str | None] = mapped_column(Text, comment="Subject it was about.")
    about: Mapped[str | None] = mapped_column(Text, comment="Thing it was about.")
