"""Who is at work, and which version they read: the one place that knows it."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import Depends, Header
from sqlalchemy import text

from api.dependencies import InSession
from api.errors import ChangedMeanwhile, Malformed

LONGEST = 40


def get_officer(
    session: InSession,
    kernkaart_officer: Annotated[
        str,
        Header(
            max_length=400,
            description="Name of who is at work at a desk that several people share, percent-encoded UTF-8, at most 40 "
            "characters. An account of one person has its own name.",
            examples=["An%20Peeters"],
        ),
    ] = "",
) -> str:
    """
    The name of the account, or the name that whoever works at a shared desk gives.

    Raises
    ------
    Malformed
        When a shared desk gives none.
    """
    account, name, is_desk = session.execute(text("SELECT account, name, is_desk FROM rights.acting()")).one()
    if account and not is_desk:
        return str(name)
    name = " ".join(unquote(kernkaart_officer).replace("\0", " ").split())
    if not 1 <= len(name) <= LONGEST:
        raise Malformed(
            "Nobody says who does this.",
            "Give your name, at most 40 characters (header Kernkaart-Officer).",
            code="officer_missing",
        )
    return name


InOfficer = Annotated[str, Depends(get_officer)]


def stale(
    thing: str, *, code: str, read: int, now: int, by: str | None, current: Mapping[str, Any]
) -> ChangedMeanwhile:
    """
    The refusal of a version that is no longer the newest of something that is kept version by version.

    Parameters
    ----------
    thing
        What it is called in texts.
    code
        Of the error.
    read, now
        Version that was read, and the newest.
    by
        Who wrote the newest.
    current
        The newest as it is answered, for whoever compares.
    """
    error = ChangedMeanwhile(
        f"Version {now} of this {thing} was written meanwhile; you read version {read}.",
        "Look at what the other one wrote, and save again on top of it.",
        code=code,
        by=by or "",
    )
    error.more = {"current": dict(current)}
    return error


def version_of(thing: str, *, code: str, hint: str = "") -> Callable[..., int]:
    """
    Make a dependency that reads which version of something a change is about, from If-Match.

    Parameters
    ----------
    thing
        What it is called in texts: case, card, contact.
    code
        Of the error when no version is named.
    hint
        What more the description of the header says.

    Returns
    -------
    callable
        Raises `Malformed` when the header names no version.
    """

    def get_version(
        if_match: Annotated[
            str,
            Header(
                max_length=40,
                description=f"Version of the {thing} that was read, as its ETag{hint}.",
                examples=['"3"'],
            ),
        ] = "",
    ) -> int:
        found = re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', if_match.strip(), re.ASCII)
        if found is None:
            raise Malformed(
                f"The request does not say which version of the {thing} it is about.",
                f"Read the {thing}, and send its ETag as If-Match.",
                code=code,
            )
        return int(found[1])

    return get_version
