"""Who is asking, and what a route asks of them: looking, taking along or changing, of which subject and municipality."""

import hashlib
import re
from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any, Literal, NamedTuple

from cachetools import TTLCache
from fastapi import Request
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from api.db.at_once import Statement, ask_at_once
from api.db.session import Asking, asking, session_as, take_along
from api.dependencies import NIS_PATTERN, InSession, refuse_other_sites
from api.errors import NotSignedIn, NotYours
from api.export.catalogue import subject_of

COOKIE = "kernkaart_session"
# How a token of an account begins, which tells it from a supplier's.
TOKEN_MARK = "kka_"
Kind = Literal["open", "look", "download", "change"]


# How long pages and tiles of one collection, taken along by one account, are one line in the log.
NOTED_S, MOST_NOTED = 600.0, 10_000
_NOTED: TTLCache[tuple[int, str, str | None], bool] = TTLCache(MOST_NOTED, NOTED_S)


class Right(NamedTuple):
    """What a route asks."""

    kind: Kind
    subject: str


# What a route is about, by how its path begins; the longest that fits counts.
SUBJECTS: dict[str, str] = {
    "/api/about": "open",
    "/api/branches": "acquisition",
    "/api/cases": "acquisition",
    "/api/catchment": "reach",
    "/api/code-lists": "open",
    "/api/dcat": "open",
    "/api/edits": "units",
    "/api/area-figures": "footfall",
    "/api/events": "footfall",
    "/api/exports/catchment": "reach",
    "/api/exports": "units",
    "/api/exports/layers": "open",
    "/api/exports/{layer}.geojson": "open",
    "/api/footfall": "footfall",
    "/api/forecast": "footfall",
    "/api/manual-counts": "footfall",
    "/api/municipalities": "open",
    "/api/ogc": "open",
    "/api/parcels": "ground",
    "/api/parking-zones": "parking",
    "/api/persons": "persons",
    "/api/places": "ground",
    "/api/prospect-package.pdf": "acquisition",
    "/api/qgis": "open",
    "/api/registers": "units",
    "/api/requirement-profiles": "acquisition",
    "/api/rounds": "units",
    "/api/score": "units",
    "/api/sensors": "footfall",
    "/api/series-breaks": "units",
    "/api/shop-units": "units",
    "/api/shop-units/{unit_id}/candidates": "acquisition",
    "/api/shop-units/{unit_id}/card": "acquisition",
    "/api/shop-units/{unit_id}/consent": "acquisition",
    "/api/shop-units/{unit_id}/owner-links": "acquisition",
    "/api/shop-units/{unit_id}/photos": "acquisition",
    "/api/shortlist.html": "acquisition",
    "/api/street-islands": "ground",
    "/api/street-segments": "ground",
    "/api/tiles": "open",
    "/api/travel-speeds": "ground",
    "/api/unit-offer": "acquisition",
    "/api/unit-photos": "acquisition",
    "/api/unit-proposals": "acquisition",
    "/api/vacancy": "units",
    "/api/worklist": "units",
}
# Routes that ask only to look, though their method or ending says otherwise.
LOOKS = {
    ("POST", "/api/score-rankings"),
    ("POST", "/api/score-rankings/shop-units/{unit_id}"),
    ("POST", "/api/events/sensors"),
    ("GET", "/api/rounds/{key}/photos/{photo}.jpg"),
    ("GET", "/api/unit-photos/{photo}.jpg"),
}
ENDINGS = (".csv", ".xlsx", ".pdf", ".geojson", ".jsonld", ".html", ".jpg")
READING = {"GET", "HEAD", "OPTIONS"}
# Which table tells the municipality of a key in a path.
KEYS = {
    "unit_id": "public.shop_unit",
    "parcel_id": "public.parcel",
    "sensor_id": "public.footfall_sensor",
    "zone_id": "public.parking_zone",
    "segment_id": "public.street_segment",
    "case_id": "public.acquisition_case",
    "event_id": "public.event",
    "person_id": "crm.person",
}


def right_of(method: str, path: str) -> Right:
    """
    What a route asks, by its method and the pattern of its path.

    Raises
    ------
    LookupError
        When nobody said what the path is about: a route without rights is not served.
    """
    known = [beginning for beginning in SUBJECTS if path.startswith(beginning)]
    if not known:
        raise LookupError(f"{method} {path} has no subject in api/access.py")
    subject = SUBJECTS[max(known, key=len)]
    if subject == "open":
        return Right("open", subject)
    if (method, path) in LOOKS:
        return Right("look", subject)
    if method not in READING:
        return Right("change", subject)
    is_file = path.startswith("/api/exports/") or path.endswith(ENDINGS)
    return Right("download" if is_file else "look", subject)


class SayWhoAsks:
    """Middleware that says, before anything of a request runs, for whom it asks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its secret, or none, known to every transaction in it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        before = asking.set(shown(dict(scope["headers"])))
        try:
            await self._app(scope, receive, send)
        finally:
            asking.reset(before)


def shown(headers: dict[bytes, bytes]) -> Asking:
    """For whom a request asks, by its headers."""
    scheme, _, secret = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() == "bearer" and secret.startswith(TOKEN_MARK):
        return Asking("token", fingerprint(secret))
    try:
        cookie = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE)
    except CookieError:
        cookie = None
    return Asking("session", fingerprint(cookie.value)) if cookie else Asking("public")


def fingerprint(secret: str) -> bytes:
    """What is kept of a secret: long and random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


def require_right(request: Request, session: InSession) -> None:
    """
    Refuse whoever may not do what the route does.

    The rows themselves are kept by the database; this answers before any work is done, and says the way out.

    Raises
    ------
    NotSignedIn
        When nobody is signed in and it is not for everybody.
    NotYours
        When the account may not do this, or another site's page asks.
    """
    right = right_of(request.method, request.scope["route"].path)
    layer = request.path_params.get("layer") or request.path_params.get("collection")
    subject = (subject_of(layer) if layer else None) or right.subject
    if request.method not in READING:
        refuse_other_sites(request)
    if right.kind == "open" and subject == "open":
        return
    kind: Kind = "download" if right.kind == "open" else right.kind
    nis = _municipality(request, session)
    asked = _verdict(kind, subject, nis)
    account = _judged(session.execute(text(asked.sql), asked.values).one(), kind, subject, nis)
    if kind == "download":
        take_along(session)
    if kind == "download" and account:
        note_export(nis, subject, request.url.path)


async def take_at_once(
    request: Request, subject: str, *statements: Statement
) -> list[Sequence[tuple[Any, ...]]]:
    """
    Ask questions of a route that `require_right` does not guard, for rows that are taken along, together with the right to.

    Raises
    ------
    NotSignedIn, NotYours
        When the account may not; nothing is told then.
    """
    nis = _named_municipality(request)
    verdict = _verdict("download", subject, nis)
    try:
        [[told], *answers] = await ask_at_once(verdict, *statements, is_taking=True)
    except DBAPIError:
        # Whoever may not is told that, whatever else is wrong.
        [[told]] = await ask_at_once(verdict)
        _judged(told, "download", subject, nis)
        raise
    if account := _judged(told, "download", subject, nis):
        # Once in a while, and not for each of the hundreds of pages or tiles that a map asks for.
        about = "/".join(request.url.path.split("/")[:6])
        if (account, about, nis) not in _NOTED:
            await run_in_threadpool(note_export, nis, subject, about)
            _NOTED[account, about, nis] = True
    return answers


def refuse(account: int | None, kind: Kind, subject: str, nis: str | None) -> None:
    """Say why not, and the way out."""
    where = nis or ""
    if account is None:
        raise NotSignedIn(
            "This is only for who is signed in."
            if asking.get().kind == "public"
            else "The session or token is not known, or it has ended.",
            "Sign in, or ask an administrator of the municipality for an account.",
            code="sign_in_needed",
            subject=subject,
            municipality=where,
        )
    this = f"this ({subject}{f', municipality {nis}' if nis else ''})"
    way_out = "Ask an administrator of the municipality for the right."
    if kind == "look":
        raise NotYours(
            f"Your account may not see {this}.",
            way_out,
            code="may_not_look",
            subject=subject,
            municipality=where,
        )
    if kind == "download":
        raise NotYours(
            f"Your account may take nothing along of {this}.",
            way_out,
            code="may_not_download",
            subject=subject,
            municipality=where,
        )
    raise NotYours(
        f"Your account may not change {this}.",
        way_out,
        code="may_not_change",
        subject=subject,
        municipality=where,
    )


def _municipality(request: Request, session: Session) -> str | None:
    """The municipality that a request names, or that a key in its path belongs to, as far as it may be seen."""
    # A key that is seen comes first: a municipality beside it is not necessarily its own.
    for name, table in KEYS.items():
        key = str(request.path_params.get(name, ""))
        if key.isdecimal() and len(key) < 19 and (found := _nis_of(session, table, int(key))) is not None:
            return found
    return _named_municipality(request)


def _named_municipality(request: Request) -> str | None:
    named = request.query_params.get("municipality") or request.path_params.get("nis_code")
    # What is malformed, the route refuses.
    return str(named) if named and re.fullmatch(NIS_PATTERN, str(named)) else None


def _nis_of(session: Session, table: str, key: int) -> str | None:
    query = text(f"SELECT nis_code FROM {table} WHERE id = :id")
    if table.startswith("crm."):
        with session_as("kernkaart_crm") as persons:
            return persons.execute(query, {"id": key}).scalar()
    return session.execute(query, {"id": key}).scalar()


def _verdict(kind: Kind, subject: str, nis: str | None) -> Statement:
    """Ask (account, may it). Where no municipality is named, having the right somewhere is enough to begin; rows decide."""
    if nis is None:
        condition = {
            "look": "true",
            "download": "cardinality(rights.taken(:subject)) > 0",
            "change": "cardinality(rights.changed(:subject)) > 0",
        }[kind]
    else:
        condition = {
            "look": "rights.may_see(:nis, :subject)",
            "download": "rights.may_download(:nis, :subject)",
            "change": "rights.may_change(:nis, :subject)",
        }[kind]
        # Of a municipality that is not known here, the route says so.
        condition += " OR NOT EXISTS (SELECT 1 FROM municipality WHERE nis_code = :nis)"
    return Statement(
        f"SELECT rights.asking() AS account, ({condition}) AS may", {"subject": subject, "nis": nis}
    )


def _judged(told: Sequence[Any], kind: Kind, subject: str, nis: str | None) -> int | None:
    """The account that may; whoever may not is refused."""
    account, may = told
    is_ended_token = asking.get().kind == "token" and account is None
    if is_ended_token or not may:
        refuse(account, kind, subject, nis)
    return int(account) if account is not None else None


def note_export(nis: str | None, subject: str, path: str) -> None:
    """Write down that a file was taken along, whatever becomes of it."""
    with session_as("kernkaart_app", is_log=True) as noting:
        noting.execute(
            text("SELECT rights.note('exported', :nis, :subject, :path)"),
            {"nis": nis, "subject": subject, "path": path[:200]},
        )
