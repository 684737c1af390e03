"""Footfall along streets."""

from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Double,
    ForeignKey,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Keyed, OfMunicipality, geometry, one_of, spatial_index


class StreetFootfall(Keyed, OfMunicipality, Base):
    """How many people pass along one street segment, as the latest run estimates."""

    __tablename__ = "street_footfall"
    __table_args__ = (
        UniqueConstraint("run_id", "segment_id"),
        one_of("passage_class", codes.PASSAGE_CLASS),
        one_of("reason", codes.STREET_FOOTFALL_REASON),
        CheckConstraint("(footfall_per_day IS NULL) = (reason IS NOT NULL)", name="known"),
        CheckConstraint(
            "lower_per_day <= footfall_per_day AND footfall_per_day <= upper_per_day", name="interval"
        ),
        *spatial_index("street_footfall", "geom"),
        {
            "comment": "People who pass along streets, of the latest run only: estimated from sensors and counts by hand."
        },
    )

    run_id: Mapped[int] = mapped_column(
        ForeignKey("analysis_run.id", ondelete="CASCADE"), comment="The run that estimated it."
    )
    segment_id: Mapped[int] = mapped_column(
        BigInteger, comment="Key of the street segment; no reference, for streets are imported anew."
    )
    name: Mapped[str | None] = mapped_column(Text, comment="Street name.")
    shop_units: Mapped[int] = mapped_column(Integer, comment="Shop units along it.")
    footfall_per_day: Mapped[float | None] = mapped_column(
        Double, comment="Passages per day, 10 to 18 h; empty: see reason."
    )
    lower_per_day: Mapped[float | None] = mapped_column(
        Double, comment="Lower end of the 80 % interval, passages per day."
    )
    upper_per_day: Mapped[float | None] = mapped_column(
        Double, comment="Upper end of the 80 % interval, passages per day."
    )
    passage_class: Mapped[str | None] = mapped_column(
        Text, comment="A1 to C: share of the busiest point of its core; empty: in no core, or unknown."
    )
    is_class_only: Mapped[bool] = mapped_column(
        Boolean, comment="The interval is too wide for a number: speak of its class."
    )
    reason: Mapped[str | None] = mapped_column(
        Text, comment="Why there is no estimate: code list street_footfall_reason."
    )
    gain_share: Mapped[float | None] = mapped_column(
        Double,
        comment="Share of what is not known at the shops that a count by hand here, twice, would take away, 0-1.",
    )
    detail: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default="{}", comment="Which counts it follows, and what pushes it up or down."
    )
    geom: Mapped[WKBElement] = geometry("LINESTRING", "Axis of the street")
