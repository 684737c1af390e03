"""Passwords, one-time codes and random secrets: what an account proves itself with."""

import io
import secrets
import time

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.errors import Malformed

SHORTEST, LONGEST = 12, 200
HASHER = PasswordHasher()
# So that an unknown login takes as long to refuse as a wrong password.
NOBODYS = HASHER.hash(secrets.token_urlsafe(16))
STEP_S = 30


def new_secret(mark: str = "") -> str:
    """A random secret of 256 bits that fits in an address."""
    return mark + secrets.token_urlsafe(32)


def hash_of(password: str, *, login: str) -> str:
    """
    Argon2id hash of a password that may be used.

    Raises
    ------
    Malformed
        When it is short, long, the login itself, or one sign repeated.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Malformed(
            f"The password has {len(password)} characters.",
            f"Choose {SHORTEST} to {LONGEST} characters: a few words in a row are easy to keep.",
            code="password_length",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    if login.lower() in password.lower() or len(set(password)) < 5:
        raise Malformed(
            "The password is easy to guess: it holds the login, or few different characters.",
            "Choose another: a few words in a row are easy to keep.",
            code="password_weak",
        )
    return HASHER.hash(password)


def is_password(kept: str | None, given: str) -> bool:
    """Whether it is the password; takes as long when none is kept."""
    try:
        return HASHER.verify(kept or NOBODYS, given) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def new_totp() -> str:
    """Secret of one-time codes."""
    return pyotp.random_base32()


def totp_address(secret: str, login: str) -> str:
    """Address that an application for one-time codes reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Kernkaart")


def qr_svg(address: str) -> str:
    """QR code of an address, as SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=4, border=2, xmldecl=False, title="QR")
    return drawn.getvalue().decode()


def step_of(secret: str, code: str, *, last: int | None) -> int | None:
    """
    The half minute whose code this is, counted from 1970; None when it is none of now, just before or just after,
    or one that was taken before.

    Source: RFC 6238 (2011), 5.2: a code is accepted once.
    """
    if not code.isascii():
        return None
    now = int(time.time()) // STEP_S
    totp = pyotp.TOTP(secret)
    for step in (now, now - 1, now + 1):
        if (last is None or step > last) and secrets.compare_digest(totp.at(step * STEP_S), code.strip()):
            return step
    return None
