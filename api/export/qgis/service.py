"""What QGIS gets from the application beside the database itself."""

from sqlalchemy.orm import Session

from api.export.qgis import project as projects
from api.export.qgis.catalogue import Lang
from api.export.qgis.stored import known
from api.settings import get_settings


def project(session: Session, lang: Lang) -> bytes:
    """The ready project as a file, opening on the municipalities that are known here."""
    return projects.qgz(known(session.connection(), get_settings().srid), lang)
