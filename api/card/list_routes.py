"""Routes that make one file of several units: a map for an e-mail, and the package for a prospect."""

from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import Field

from api.card import package, shortlist, standing
from api.dependencies import LARGEST_KEY, InLanguage, InSession
from api.room import Room

router = Room(prefix="/api", tags=["card"])
HTML: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {}}}}
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}
Key = Annotated[int, Field(ge=0, le=LARGEST_KEY)]
InUnits = Annotated[
    list[Key] | None,
    Query(description="Shop units, in the order in which they are shown.", max_length=200),
]
InCase = Annotated[
    int | None, Query(ge=0, le=LARGEST_KEY, description="A case, whose candidate units are taken instead.")
]
InTitle = Annotated[
    str | None,
    Query(max_length=120, pattern=r"^[^\x00]*$", description="What stands above it; no name of a person."),
]
InProfile = Annotated[
    str | None,
    Query(
        max_length=80, pattern=r"^[\w-]*$", description="Profile of which the rank is told, such as bakery."
    ),
]


def _sent(name: str, made: bytes, kind: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-cache",
    }
    return Response(made, media_type=kind, headers=headers)


@router.get("/shortlist.html", response_class=Response, responses=HTML)
def make_shortlist(
    *,
    session: InSession,
    language: InLanguage,
    units: InUnits = None,
    case: InCase = None,
    title: InTitle = None,
    profile: InProfile = None,
) -> Response:
    """A list and map of units as one HTML file that opens from an e-mail, without this server or the internet."""
    keys = package.chosen_units(session, units or [], case)
    reasons = standing.reasons(session, keys, profile or None, language)
    made = shortlist.shortlist_html(session, keys, language, title=title, reasons=reasons)
    return _sent("shortlist.html", made, "text/html; charset=utf-8")


@router.get("/prospect-package.pdf", response_class=Response, responses=PDF)
def make_package(
    session: InSession, language: InLanguage, units: InUnits = None, case: InCase = None
) -> Response:
    """The market of a town and a page per unit as one PDF; nothing of cases, prospects or persons stands in it."""
    name, made = package.package_pdf(session, package.chosen_units(session, units or [], case), language)
    return _sent(name, made, "application/pdf")
