"""Files about vacancy, each with its name; what a licence forbids is refused."""

from dataclasses import dataclass
from datetime import date

import orjson
from fastapi.responses import Response
from sqlalchemy.orm import Session

from api.dependencies import Language
from api.errors import NotYours
from api.export import service as export
from api.geojson import GEOJSON
from api.vacancy import history, tables
from api.vacancy.page import council_page
from api.vacancy.rates import Asked, By, Register, Step

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
KINDS = {"csv": CSV, "xlsx": XLSX, "pdf": PDF, "geojson": GEOJSON}


@dataclass(frozen=True)
class File:
    """What is sent, under which name."""

    content: bytes
    name: str
    media_type: str


def sent(file: File) -> Response:
    """As an answer that a browser saves."""
    kind = f"{file.media_type}; charset=utf-8" if file.media_type == CSV else file.media_type
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
    return Response(file.content, media_type=kind, headers=headers)


def rates_csv(session: Session, asked: Asked, on: date | None) -> File:
    """Rates of a day."""
    register = Register(session, asked)
    rows = tables.rate_rows(register, register.checked_day(on))
    return _named(session, asked, "vacancy-rates", tables.to_csv(tables.RATE_COLUMNS, rows), "csv")


def rates_xlsx(session: Session, asked: Asked, on: date | None) -> File:
    """The same, the history, the longest vacant units and the breaks; without single units where a licence forbids them."""
    register = Register(session, asked)
    sheets = tables.sheets(register, register.checked_day(on))
    try:
        export.check(session, "shop-units", asked.nis_code)
    except NotYours:
        del sheets["longest_vacant"]
    return _named(session, asked, "vacancy-rates", tables.to_workbook(sheets), "xlsx")


def series_csv(session: Session, asked: Asked, step: Step, by: By) -> File:
    """Rates over time."""
    rows = tables.series_rows(Register(session, asked), step, by)
    return _named(session, asked, "vacancy-series", tables.to_csv(tables.RATE_COLUMNS, rows), "csv")


def longest_csv(session: Session, asked: Asked, on: date | None) -> File:
    """
    Vacant units of a day.

    Raises
    ------
    NotYours
        When a dataset's rows may not be given to others.
    """
    export.check(session, "shop-units", asked.nis_code)
    register = Register(session, asked)
    rows = tables.longest_rows(register, register.checked_day(on))
    return _named(session, asked, "longest-vacant", tables.to_csv(tables.LONGEST_COLUMNS, rows), "csv")


def units_geojson(session: Session, nis_code: str, on: date) -> File:
    """
    Shop units of a day.

    Raises
    ------
    NotYours
        When a dataset's rows may not be given to others.
    """
    attribution = export.check(session, "shop-units", nis_code)
    content = orjson.dumps(history.units_geojson(session, nis_code, on, attribution))
    return _named(session, Asked(nis_code), f"shop-units-on-{on}", content, "geojson")


def page_pdf(session: Session, asked: Asked, on: date | None, language: Language) -> File:
    """One A4 page for the council."""
    content = council_page(Register(session, asked), on, language)
    return _named(session, asked, "vacancy", content, "pdf")


def _named(session: Session, asked: Asked, what: str, content: bytes, ending: str) -> File:
    what = what if asked.core_id is None else f"{what}-core-{asked.core_id}"
    return File(content, export.file_name(session, what, asked.nis_code, ending), KINDS[ending])
