"""The one table from error to HTTP status; every error answers problem+json (RFC 9457)."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import psycopg
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from psycopg import errors as postgres
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from gis.errors import GisError

log = logging.getLogger("kernkaart")


class KernkaartError(Exception):
    """
    An error of ours: what is wrong, and the way out.

    Parameters
    ----------
    detail, way_out
        In English, for whoever calls the API or reads a terminal.
    code
        What it is called where a person may read it in another language: `frontend/src/text` has its words.
    headers
        What the answer says beside its body, such as when to try again.
    **values
        What those words name, such as an address or a number.
    """

    def __init__(
        self,
        detail: str,
        way_out: str,
        *,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.way_out = way_out
        self.code = code
        self.values = values
        self.headers = dict(headers or {})
        self.more: dict[str, Any] = {}


class NotFound(KernkaartError):
    """There is no such thing."""


class NotYours(KernkaartError):
    """It exists, but you may not see or change it."""


class NotAnswerable(KernkaartError):
    """The request is fine, but the data cannot answer it (yet)."""


class ChangedMeanwhile(KernkaartError):
    """Somebody changed it since you read it."""


class Malformed(KernkaartError):
    """A value in the request cannot be read."""


class NotUnderstood(KernkaartError):
    """A parameter cannot be followed, where a standard says 400."""


class NotSignedIn(KernkaartError):
    """Nobody is known by what was given."""


class TooSlow(KernkaartError):
    """The request did not come in time."""


class TooLarge(KernkaartError):
    """The request is larger than is taken."""


class WrongMedia(KernkaartError):
    """The request is packed in a way that cannot be read."""


class TooBusy(KernkaartError):
    """Too much at once; later it will go."""


class RowsRefused(Malformed):
    """Rows of a batch are wrong, so nothing of it is taken."""

    SHOWN = 100

    def __init__(self, faults: list[dict[str, Any]]) -> None:
        first = faults[0]
        places = (("row", first["row"]), ("column", first["column"]))
        place = ", ".join(f"{name} {value}" for name, value in places if value is not None)
        more = f" {len(faults):,} things are wrong in all." if len(faults) > 1 else ""
        where = f"{place[:1].upper()}{place[1:]}: " if place else ""
        super().__init__(
            f"{where}{first['reason']}{more}",
            f"{first['remedy']} Nothing of the batch was stored; send it again whole.",
        )
        self.more = {"faults": faults[: self.SHOWN], "faults_total": len(faults)}


class NotModified(Exception):
    """The reader already holds the current version."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__("unchanged")
        self.headers = headers


STATUS: dict[type[Exception], int] = {
    NotUnderstood: 400,
    NotSignedIn: 401,
    NotFound: 404,
    TooSlow: 408,
    TooLarge: 413,
    WrongMedia: 415,
    TooBusy: 429,
    NotYours: 403,
    NotAnswerable: 409,
    GisError: 409,
    IntegrityError: 409,
    ChangedMeanwhile: 412,
    Malformed: 422,
    OperationalError: 503,
    # All connections were in use for too long.
    PoolTimeout: 503,
    # What is copied in goes past SQLAlchemy.
    psycopg.OperationalError: 503,
}

PROBLEM = "application/problem+json"
MEMBERS = ("type", "title", "status", "detail", "way_out", "instance")
SHAPE = {
    "type": "object",
    "required": list(MEMBERS),
    "properties": {
        **{name: {"type": "integer" if name == "status" else "string"} for name in MEMBERS},
        "code": {
            "type": "string",
            "description": "What went wrong, where it may be told in another language.",
        },
        "values": {"type": "object", "description": "What the words of that code name."},
    },
}
MEANINGS = {
    400: "The body cannot be read.",
    401: "It is only for who is signed in.",
    403: "It may not be given to you.",
    404: "There is no such thing.",
    409: "The data cannot answer this (yet).",
    422: "The request is malformed.",
    500: "Our fault.",
    503: "The database does not answer.",
}
RETRY_S = 5


def described(meanings: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """What a route may answer, for the documentation."""
    return {
        status: {"description": meaning, "content": {PROBLEM: {"schema": SHAPE}}}
        for status, meaning in meanings.items()
    }


# What every route may answer beside what it is for, for the documentation.
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Unchanged since the version in If-None-Match."},
    **described(MEANINGS),
}


def problem(request: Request, status: int, detail: str, way_out: str, **more: Any) -> JSONResponse:
    """Make a problem+json answer."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "way_out": way_out,
        "instance": str(request.url.path),
        **more,
    }
    return JSONResponse(body, status_code=status, media_type=PROBLEM)


def _ours(request: Request, error: Exception) -> Response:
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    detail = getattr(error, "detail", None)
    if isinstance(error, IntegrityError):
        return problem(
            request,
            status,
            str(error.orig).splitlines()[0],
            "Correct the value and send it again.",
            code="rule_broken",
            values={},
        )
    if isinstance(error, OperationalError | PoolTimeout | psycopg.OperationalError):
        log.error("database: %s", error)
        answer = problem(
            request,
            status,
            "The database does not answer.",
            "Try again; if it stays, ./kernkaart status says more.",
        )
        answer.headers["Retry-After"] = str(RETRY_S)
        return answer
    way_out = getattr(error, "way_out", "Ask for a place nearer to a street, or another mode.")
    code = getattr(error, "code", None)
    named = {"code": code, "values": jsonable_encoder(error.values)} if code else {}  # type: ignore[attr-defined]
    answer = problem(request, status, detail or str(error), way_out, **named, **getattr(error, "more", {}))
    answer.headers.update(getattr(error, "headers", {}))
    return answer


def _refused_by_database(request: Request, error: Exception) -> Response:
    """Answer what the rights in the database do not allow; any other fault of a statement is ours."""
    assert isinstance(error, ProgrammingError)
    if not isinstance(error.orig, postgres.InsufficientPrivilege):
        return _fault(request, error)
    return problem(
        request,
        403,
        str(error.orig).splitlines()[0],
        "Ask an administrator of the municipality for the right.",
        code="not_yours",
        values={},
    )


def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [{"where": ".".join(str(part) for part in e["loc"]), "what": e["msg"]} for e in error.errors()]
    named = "; ".join(f"{fault['where']}: {fault['what']}" for fault in faults)
    return problem(
        request,
        422,
        named,
        "Correct the named values; /api/docs lists what is allowed.",
        faults=faults,
        code="malformed",
        values={},
    )


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    way_out = f"{request.method} is not for this address; /api/docs lists what is."
    if error.status_code == HTTPStatus.BAD_REQUEST:
        way_out = "Send JSON in UTF-8; /api/docs shows its shape."
    answer = problem(request, error.status_code, str(error.detail), way_out)
    # Such as Allow, which a 405 must carry.
    answer.headers.update(error.headers or {})
    return answer


def _unmodified(_request: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers=dict(error.headers))


def _fault(request: Request, error: Exception) -> Response:
    log.exception("unexpected error at %s", request.url.path, exc_info=error)
    return problem(
        request, 500, "Something went wrong on our side.", "Try again; ./kernkaart logs shows what happened."
    )


def add_handlers(app: FastAPI) -> None:
    """Teach the application the table."""
    for kind in STATUS:
        app.add_exception_handler(kind, _ours)
    app.add_exception_handler(ProgrammingError, _refused_by_database)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(NotModified, _unmodified)
    app.add_exception_handler(Exception, _fault)
