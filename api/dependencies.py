"""What routes ask for: a session, a language, a box, a municipality, a version to answer with."""

from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import Depends, Header, Path, Query, Request, Response
from sqlalchemy import text
from sqlalchemy.orm import Session

from api import __version__
from api.db.session import get_account_session, get_own_session, get_person_session, get_session
from api.errors import Malformed, NotFound, NotModified, NotYours

# The scope matters: with FastAPI's default the commit would come after the answer, and a failed one answer 200.
InSession = Annotated[Session, Depends(get_session, scope="function")]
# The only way to the schema of persons.
InPersonSession = Annotated[Session, Depends(get_person_session, scope="function")]

# For who shows a secret of another kind, which the service checks: an owner's link, a supplier's token.
InOwnSession = Annotated[Session, Depends(get_own_session, scope="function")]
# The only way to the accounts.
InAccountSession = Annotated[Session, Depends(get_account_session, scope="function")]

# What a key column can hold, and how a municipality may be named: other values are malformed, not merely unknown.
LARGEST_KEY = 2**63 - 1
NIS_PATTERN = r"^[0-9A-Za-z._-]{1,20}$"
KEY = Path(ge=0, le=LARGEST_KEY, description="Key of the thing.")
InKey = Annotated[int, KEY]
NIS = Query(pattern=NIS_PATTERN, description="NIS code of the municipality.", examples=["34040"])
InNisPath = Annotated[str, Path(pattern=NIS_PATTERN, description="NIS code.", examples=["34040"])]

Language = Literal["nl", "fr", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "fr", "en")


async def get_language(
    lang: Annotated[Language | None, Query(description="Language of labels.")] = None,
    accept_language: Annotated[str, Header(include_in_schema=False)] = "",
) -> Language:
    """The language asked for, else the first we know of the browser's, else Dutch."""
    if lang is not None:
        return lang
    for part in accept_language.split(","):
        wanted = part.strip()[:2].lower()
        for known in LANGUAGES:
            if wanted == known:
                return known
    return "nl"


InLanguage = Annotated[Language, Depends(get_language)]


def refuse_other_sites(request: Request) -> None:
    """
    Keep pages of other sites from writing here in the name of whoever looks at them.

    Raises
    ------
    NotYours
        When the browser says that another site's page asks.
    """
    origin = request.headers.get("origin")
    is_foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if is_foreign or request.headers.get("sec-fetch-site") == "cross-site":
        raise NotYours("Another site's page asked for this.", "Open Kernkaart itself and do it there.")


@dataclass(frozen=True)
class Box:
    """A bounding box in degrees, always west, south, east, north."""

    west: float
    south: float
    east: float
    north: float


def get_bbox(
    bbox: Annotated[
        str | None, Query(description="west,south,east,north in degrees.", examples=["3.40,50.87,3.45,50.90"])
    ] = None,
) -> Box | None:
    """
    Read `bbox`.

    Raises
    ------
    Malformed
        When it is not four numbers in order.
    """
    if bbox is None:
        return None
    try:
        west, south, east, north = (float(part) for part in bbox.split(","))
    except ValueError:
        raise Malformed(
            f"bbox={bbox} is not four numbers.", "Give west,south,east,north in degrees."
        ) from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise Malformed(
            f"bbox={bbox} is not west,south,east,north.", "Give west < east and south < north, in degrees."
        )
    return Box(west, south, east, north)


InBox = Annotated[Box | None, Depends(get_bbox)]


def get_municipality(
    session: InSession,
    municipality: Annotated[str, NIS],
) -> str:
    """
    The NIS code asked for, when it is known here.

    Raises
    ------
    NotFound
        When it is not.
    """
    require_municipality(session, municipality)
    return municipality


def require_municipality(session: Session, nis_code: str) -> None:
    """Raise `NotFound` when the municipality is not known here."""
    known = session.execute(
        text("SELECT 1 FROM municipality WHERE nis_code = :nis"), {"nis": nis_code}
    ).scalar()
    if known is None:
        raise NotFound(
            f"Municipality {nis_code} is not known here.", "GET /api/municipalities lists those that are."
        )


InMunicipality = Annotated[str, Depends(get_municipality)]

VERSION_OF_ONE = (
    "SELECT concat_ws('.', rights.state(), m.data_version, (SELECT max(r.id) FROM analysis_run r "
    "WHERE r.nis_code = m.nis_code AND r.state = 'done'), current_date, m.fresh_months, m.stale_months) FROM municipality m WHERE m.nis_code = :nis"
)
# The sum of the latest runs, and not the newest of all: of two that are under way, the one that began first may end last.
VERSION_OF_ALL = (
    "SELECT concat_ws('.', rights.state(), sum(m.data_version), count(*), sum(r.id), current_date) FROM municipality m "
    "LEFT JOIN LATERAL (SELECT a.id FROM analysis_run a WHERE a.nis_code = m.nis_code AND a.kind = 'refresh' AND a.state = 'done' "
    "ORDER BY a.finished_at DESC, a.id DESC LIMIT 1) r ON true"
)


def stamp(request: Request, response: Response, session: Session, nis_code: str | None = None) -> str:
    """
    Put the version of the data on the answer.

    The day is part of it, because a unit's state today is.

    Raises
    ------
    NotModified
        When the reader already holds this version.
    """
    query = VERSION_OF_ALL if nis_code is None else VERSION_OF_ONE
    version = session.execute(text(query), {"nis": nis_code} if nis_code else {}).scalar()
    return stamp_with(request, response, version)


def stamp_with(request: Request, response: Response, version: object) -> str:
    """The same with a version that is known already."""
    etag = f'W/"{__version__}-{version}"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Language, Accept-Encoding, Cookie, Authorization"
    held = request.headers.get("if-none-match", "")
    # Compared weakly, as it must be: some on the way take the mark of a weak one off.
    if {etag.removeprefix("W/"), "*"} & {part.strip().removeprefix("W/") for part in held.split(",")}:
        raise NotModified(dict(response.headers))
    return etag
