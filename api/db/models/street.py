"""What the street network rests on beside the streets: speeds a city may edit, and the parts nobody reaches."""

from datetime import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, DateTime, Double, ForeignKey, Integer, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import BIGINT
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Keyed, geometry, one_of, spatial_index

CHANGED_AT = "When it was last changed; kept by the database."


class TravelSpeed(Keyed, Base):
    """A speed that is not the usual one of Kernkaart."""

    __tablename__ = "travel_speed"
    __table_args__ = (
        UniqueConstraint("nis_code", "mode", "street_class", postgresql_nulls_not_distinct=True),
        one_of("mode", codes.SPEED_MODE),
        one_of("street_class", codes.SPEED_CLASS),
        CheckConstraint(
            "CASE street_class WHEN 'ferry_wait' THEN mode = 'any' "
            "WHEN 'off_street' THEN mode = 'walk' AND nis_code IS NULL ELSE mode <> 'any' END",
            name="class_of_mode",
        ),
        CheckConstraint(
            "CASE WHEN street_class = 'ferry_wait' THEN speed_kmh IS NULL AND wait_min IS NOT NULL "
            "ELSE speed_kmh IS NOT NULL AND wait_min IS NULL END",
            name="speed_or_wait",
        ),
        CheckConstraint(
            "speed_kmh BETWEEN 0.5 AND CASE WHEN street_class = 'ferry' THEN 60 WHEN mode = 'walk' THEN 15 "
            "WHEN mode = 'bicycle' THEN 50 ELSE 150 END",
            name="speed_kmh",
        ),
        CheckConstraint("wait_min BETWEEN 0 AND 600", name="wait_min"),
        {"comment": "Speeds that differ from the usual ones of Kernkaart; a row may be edited in QGIS."},
    )

    nis_code: Mapped[str | None] = mapped_column(
        Text,
        ForeignKey("municipality.nis_code", ondelete="CASCADE"),
        comment="NIS code of the municipality on whose streets it holds; empty: all of this deployment.",
    )
    mode: Mapped[str] = mapped_column(Text, comment="walk, bicycle or car; any for the wait for a ferry.")
    street_class: Mapped[str] = mapped_column(
        Text,
        comment="Code list street_class; off_street: between a door and its street, on foot, for all municipalities; "
        "ferry_wait: before each ferry.",
    )
    speed_kmh: Mapped[float | None] = mapped_column(Double, comment="Speed, km/h; empty for ferry_wait.")
    wait_min: Mapped[float | None] = mapped_column(Double, comment="Wait, minutes; only for ferry_wait.")
    source: Mapped[str | None] = mapped_column(Text, comment="Where the number comes from.")
    changed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), comment=CHANGED_AT
    )


class StreetIsland(Keyed, Base):
    """A part of the street network of one mode on which no place is ever put."""

    __tablename__ = "street_island"
    __table_args__ = (
        one_of("mode", ("walk", "bicycle", "car")),
        *spatial_index("street_island", "geom"),
        {
            "comment": "Streets that cannot be reached from the rest, as of the last import of streets or refresh."
        },
    )

    nis_code: Mapped[str] = mapped_column(
        Text,
        ForeignKey("municipality.nis_code", ondelete="CASCADE"),
        index=True,
        comment="NIS code of the municipality that has most of it.",
    )
    mode: Mapped[str] = mapped_column(Text, comment="walk, bicycle or car.")
    segments: Mapped[int] = mapped_column(Integer, comment="Number of street segments.")
    length_m: Mapped[float] = mapped_column(Double, comment="Length of its streets, m.")
    segment_id: Mapped[int] = mapped_column(BIGINT, comment="One of its segments, the lowest key.")
    name: Mapped[str | None] = mapped_column(Text, comment="Name of one of its streets; empty: none has one.")
    computed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), comment="When it was found."
    )
    geom: Mapped[WKBElement] = geometry("MULTILINESTRING", "Its streets")
