"""What QGIS gets from the application beside the database itself."""

from pathlib import Path

from sqlalchemy.orm import Session

from api.errors import NotFound
from api.export.qgis import project as projects
from api.export.qgis.catalogue import Lang
from api.export.qgis.stored import known
from api.settings import get_settings


def project(session: Session, lang: Lang) -> bytes:
    """The ready project as a file, opening on the municipalities that are known here."""
    return projects.qgz(known(session.connection(), get_settings().srid), lang)


def certificate() -> Path:
    """
    The file with the certificate by which QGIS elsewhere knows the database.

    Raises
    ------
    NotFound
        When it needs none, or the database is not open to others.
    """
    file = get_settings().qgis_certificate
    if not file or not Path(file).is_file():
        raise NotFound(
            "There is no certificate of the database to fetch.",
            "A database that is open to QGIS elsewhere with a certificate of its own has one: ./kernkaart status tells.",
        )
    return Path(file)
