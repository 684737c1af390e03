"""Days at which a series of figures changes its way of counting."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Imported, Keyed, OfMunicipality, one_of


class SeriesBreak(Keyed, OfMunicipality, Imported, Base):
    """A day from which the vacancy figures must not be compared with those before it."""

    __tablename__ = "series_break"
    __table_args__ = (
        UniqueConstraint("nis_code", "breaks_on", "kind"),
        one_of("kind", codes.SERIES_BREAK),
        CheckConstraint("length(btrim(reason)) BETWEEN 1 AND 300", name="reason"),
        {
            "comment": "Days from which vacancy figures must not be compared with those before; may be edited in QGIS."
        },
    )

    breaks_on: Mapped[date] = mapped_column(Date, comment="First day of the new way of counting.")
    kind: Mapped[str] = mapped_column(Text, comment="What changed: code list series_break.")
    reason: Mapped[str] = mapped_column(Text, comment="Why, in a sentence that stands beside the figures.")
    source: Mapped[str | None] = mapped_column(Text, comment="Where that is written.")
