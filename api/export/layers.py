"""Any layer or result as a file: what there is, what would be in it, and the file itself."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from api.db.base import SRID
from api.dependencies import VERSION_OF_ONE, Language, require_municipality
from api.errors import NotFound
from api.export import cql, files, queries
from api.export.catalogue import BY_NAME, LAYERS, Layer
from api.export.formats import FORMATS, WRITERS, Format, write_geojson
from api.export.readme import Beside, as_text, beside
from api.export.selecting import CRS_CODES, Selection, count, select_of, sources
from api.export.service import LONGEST_S, file_name
from api.places.filters import UnitFilter

MEDIA = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
ZIP = "application/zip"


def layer_of(name: str) -> Layer:
    """
    Find a layer by its name.

    Raises
    ------
    NotFound
        When there is none of that name.
    """
    if name not in BY_NAME:
        raise NotFound(f"There is no layer {name}.", "GET /api/exports/layers lists what there is.")
    return BY_NAME[name]


def listed(session: Session, nis_code: str, language: Language) -> dict[str, Any]:
    """Layers of a municipality with their words, and the formats and systems there are."""
    require_municipality(session, nis_code)
    return {
        "formats": list(FORMATS),
        "crs": [SRID, *(code for code in CRS_CODES if code != SRID)],
        "items": [
            {
                "name": layer.name,
                "title": layer.titles[language],
                "subject": layer.subject,
                "geometry": layer.geometry,
                "filters_units": bool(layer.unit_key),
            }
            for layer in LAYERS
        ],
    }


@contextmanager
def answerable() -> Iterator[None]:
    """A filter that the database stumbles over is the asker's to change."""
    try:
        yield
    except OperationalError:
        raise
    except DBAPIError as fault:
        raise cql.refused(str(fault.orig).splitlines()[0]) from None


def told_of(
    session: Session, name: str, wanted: UnitFilter, written: str, language: Language
) -> dict[str, Any]:
    """How many rows a file would hold and leave out, of which sources, and what may be asked of them."""
    require_municipality(session, wanted.municipality)
    layer = layer_of(name)
    with answerable():
        chosen = select_of(session, layer, wanted, written=written)
        rows, left_out = count(session, chosen), count(session, chosen, is_left_out=True)
    found = sources(session, layer, [wanted.municipality])
    return {
        "name": layer.name,
        "title": layer.titles[language],
        "rows": rows,
        "left_out": left_out,
        "sources": [
            {
                key: row[key]
                for key in ("name", "publisher", "licence", "attribution", "vintage_on", "redistribute_rows")
            }
            for row in found
        ],
        "columns": [
            {"name": column.name, "kind": column.kind, "definition": column.definition}
            for column in chosen.columns
        ],
    }


def file_of(
    session: Session,
    name: str,
    wanted: UnitFilter,
    *,
    file_format: Format,
    crs: int,
    written: str,
    with_crs: bool,
    asked: Mapping[str, str],
    language: Language,
    is_continued: bool,
) -> files.Made:
    """
    Make a file of what is asked; or, when a download goes on, give the one that it began with.

    Raises
    ------
    NotFound
        When municipality or layer is not known.
    Malformed
        When a filter cannot be read or does not fit the layer.
    NotAnswerable
        When the format cannot hold so many rows.
    TooBusy
        When as many files as go at once are being made.
    """
    require_municipality(session, wanted.municipality)
    layer = layer_of(name)
    # It tells whose rights it is of too: what one may see is no answer for another.
    version = session.execute(text(VERSION_OF_ONE), {"nis": wanted.municipality}).scalar_one()
    key = files.key_of(version, name, file_format, crs, with_crs, language, sorted(asked.items()))
    if is_continued and (held := files.kept(key)) is not None:
        return held
    session.execute(text(f"SET LOCAL statement_timeout = '{LONGEST_S}s'"))
    with answerable():
        chosen = select_of(session, layer, wanted, written=written)
        told = beside(
            session,
            chosen,
            municipality=queries.municipality_name(session, wanted.municipality),
            nis_code=wanted.municipality,
            crs=crs,
            filtered=tuple(sorted(asked.items())),
            language=language,
        )
        with files.making(key) as work:
            stem = file_name(session, name, wanted.municipality, file_format)
            made = _written(session, chosen, told, work / stem, file_format=file_format, with_crs=with_crs)
            media = MEDIA.get(file_format, ZIP)
            return files.keep(
                key, made, name=made.name, media_type=media, rows=told.rows, left_out=told.left_out
            )


def _written(
    session: Session, chosen: Selection, told: Beside, path: Path, *, file_format: Format, with_crs: bool
) -> Path:
    """The file itself; a workbook tells of itself in a sheet, all others are packed with a readme."""
    if file_format == "geojson":
        write_geojson(session, chosen, told, path, with_crs=with_crs)
    else:
        WRITERS[file_format](session, chosen, told, path)
    if file_format == "xlsx":
        return path
    return files.zipped(path.parent, f"{path.stem}-{file_format}", path, as_text(told))


def municipalities(session: Session) -> list[tuple[str, str]]:
    """NIS code and name of those that are known here."""
    found = session.execute(text("SELECT nis_code, name_nl FROM municipality ORDER BY nis_code"))
    return [(row.nis_code, row.name_nl) for row in found]
