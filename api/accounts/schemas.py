"""What is said about accounts."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["viewer", "officer", "planner", "gis", "coordinator", "supplier", "administrator"]
Level = Literal["own", "partners", "public"]
Subject = Literal["ground", "units", "footfall", "parking", "reach", "acquisition", "persons", "accounts"]
Login = Annotated[
    str, Field(pattern=r"^[^\s\x00]{2,120}$", description="E-mail address or name to sign in with.")
]
Name = Annotated[
    str,
    Field(min_length=1, max_length=40, pattern=r"^[^\x00]*\S[^\x00]*$", description="Name on the screen."),
]
Password = Annotated[str, Field(max_length=1000, description="Password.")]
Code = Annotated[str | None, Field(default=None, max_length=12, description="One-time code.")]
Nis = Annotated[str | None, Field(default=None, max_length=20, description="NIS code; empty: all.")]


class Given(BaseModel):
    """What comes in: nothing that is not known."""

    model_config = ConfigDict(extra="forbid")


class SignIn(Given):
    """Who signs in."""

    login: Login
    password: Password
    code: Code


class Welcome(Given):
    """A password that is chosen with a link, and for the first account also who it is."""

    secret: str = Field(max_length=200, description="Secret of the link.")
    password: Password
    login: Login | None = None
    display_name: Name | None = None


class WelcomeFor(BaseModel):
    """What a link is for."""

    purpose: Literal["first", "invitation", "reset"]
    login: str | None
    display_name: str | None
    expires_at: datetime


class NewPassword(Given):
    """A password in the place of another."""

    old: Password
    new: Password


class TotpCode(Given):
    """A one-time code, and at first the secret it was made with."""

    code: str = Field(max_length=12, description="One-time code.")
    secret: str | None = Field(default=None, pattern=r"^[A-Z2-7]{32}$", description="Secret that was shown.")


class TotpStart(BaseModel):
    """A secret to read into an application for one-time codes."""

    secret: str
    address: str
    qr_svg: str


class Membership(BaseModel):
    """A role in a municipality, or in all."""

    role: Role
    nis_code: Nis


class Rights(BaseModel):
    """NIS codes where something may be done with a subject."""

    look: list[str]
    download: list[str]
    change: list[str]


class Me(BaseModel):
    """Who is signed in, and what they may do where."""

    account_id: int | None
    login: str | None
    display_name: str | None
    is_desk: bool
    has_totp: bool
    has_password: bool
    memberships: list[Membership]
    rights: dict[Subject, Rights]
    provider: str | None = Field(
        description="Name of the identity provider one may sign in with; empty: none."
    )
    has_administrator: bool


class SessionOut(BaseModel):
    """A browser that is signed in."""

    id: int
    device: str
    address: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_this: bool


class TokenIn(Given):
    """A token for a program."""

    name: str = Field(min_length=1, max_length=60, pattern=r"^[^\x00]*\S[^\x00]*$")
    scope: Literal["read", "write", "push"]
    days: int = Field(default=90, ge=1, le=366, description="How long it works, days.")


class TokenOut(BaseModel):
    """A token as it is listed; its secret is shown once, when it is made."""

    id: int
    name: str
    scope: str
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime
    secret: str | None = None


class AccountIn(Given):
    """A new account."""

    login: Login
    display_name: Name
    is_desk: bool = False
    memberships: list[Membership] = Field(min_length=1, max_length=60)


class AccountChange(Given):
    """What changes of an account; what is left out stays."""

    display_name: Name | None = None
    is_desk: bool | None = None
    is_active: bool | None = None
    memberships: list[Membership] | None = Field(default=None, min_length=1, max_length=60)


class AccountOut(BaseModel):
    """An account as an administrator sees it."""

    id: int
    login: str
    display_name: str
    is_desk: bool
    is_active: bool
    has_password: bool
    has_totp: bool
    database_login: str | None
    signed_in_at: datetime | None
    memberships: list[Membership]
    may_manage: bool


class LinkOut(BaseModel):
    """A link that is given to somebody, shown once."""

    secret: str
    expires_at: datetime


class DatabaseLogin(BaseModel):
    """A login in PostgreSQL, its password shown once."""

    user: str
    password: str
    database: str
    service: str = Field(description="Lines for the service file (pg_service.conf).")
    needs_certificate: bool = Field(
        description="Whether the certificate of the database is to be fetched too, and kept as root.crt."
    )


class ShareOut(BaseModel):
    """How far a subject is shared."""

    subject: Subject
    level: Level
    widest: Level
    is_default: bool
    changed_by: str | None
    changed_at: datetime | None


class ShareIn(Given):
    """How far a subject is to be shared."""

    subject: Subject
    level: Level


class AuditRow(BaseModel):
    """Something that was done."""

    id: int
    at: datetime
    account_name: str
    action: str
    nis_code: str | None
    subject: str | None
    about: str | None
