"""Who asks about a contact, for what, by which way, and of which version."""

import re
from typing import Annotated

from fastapi import Depends, Header, Query, Request

from api.acquisition.acting import InOfficer
from api.errors import Malformed
from api.persons.queries import Reader
from api.persons.schemas import Purpose


def get_route(request: Request) -> str:
    """The way by which somebody reads, as the log keeps it: without keys, for those stand beside it."""
    route = request.scope.get("route")
    return f"{request.method} {getattr(route, 'path', request.url.path)}"


InRoute = Annotated[str, Depends(get_route)]


def get_reader(
    officer: InOfficer,
    route: InRoute,
    purpose: Annotated[
        Purpose,
        Query(description="For what it is read: contacts that were collected for the other stay hidden."),
    ] = "acquisition",
) -> Reader:
    """Who reads, for what, and by which way."""
    return Reader(officer, purpose, route)


InReader = Annotated[Reader, Depends(get_reader)]


def get_version(
    if_match: Annotated[
        str,
        Header(
            max_length=40, description="Version of the contact that was read, as its ETag.", examples=['"3"']
        ),
    ] = "",
) -> int:
    """
    Read If-Match.

    Raises
    ------
    Malformed
        When it names no version.
    """
    found = re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', if_match.strip(), re.ASCII)
    if found is None:
        raise Malformed(
            "The request does not say which version of the contact it is about.",
            "Read the contact, and send its ETag as If-Match.",
            code="person_version_missing",
        )
    return int(found[1])


InVersion = Annotated[int, Depends(get_version)]
