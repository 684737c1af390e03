"""Who asks about a contact, for what, by which way, and of which version."""

from typing import Annotated

from fastapi import Depends, Query, Request

from api.acting import InOfficer, version_of
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


InVersion = Annotated[int, Depends(version_of("contact", code="person_version_missing"))]
