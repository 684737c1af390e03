"""Footfall sensors and their counts."""

from datetime import date, datetime

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Imported, Keyed, OfMunicipality, geometry, one_of, spatial_index


class FootfallSensor(Keyed, OfMunicipality, Imported, Base):
    """A counter at one place; a counter that is moved is a new sensor."""

    __tablename__ = "footfall_sensor"
    __table_args__ = (
        UniqueConstraint("nis_code", "code"),
        one_of("instrument", codes.INSTRUMENT),
        one_of("measure_kind", codes.MEASURE_KIND),
        CheckConstraint("shop_unit_id IS NULL OR measure_kind = 'entries'", name="door"),
        CheckConstraint(f"raw_months >= {codes.LEAST_RAW_MONTHS}", name="raw_months"),
        *spatial_index("footfall_sensor", "geom"),
        {"comment": "Counters; one that is moved is a new sensor."},
    )

    code: Mapped[str] = mapped_column(Text, comment="Code of the supplier or the city.")
    name: Mapped[str] = mapped_column(Text, comment="Name.")
    instrument: Mapped[str] = mapped_column(Text, server_default="unknown", comment="Code list instrument.")
    measure_kind: Mapped[str] = mapped_column(
        Text,
        server_default="passage",
        comment="passage and entries may be summed over time; occupancy and visitors never.",
    )
    interval_minutes: Mapped[int] = mapped_column(
        SmallInteger, server_default="60", comment="Usual interval of a count, minutes."
    )
    supplier: Mapped[str | None] = mapped_column(Text, comment="Supplier.")
    direction_a: Mapped[str | None] = mapped_column(Text, comment="What direction a means.")
    direction_b: Mapped[str | None] = mapped_column(Text, comment="What direction b means.")
    active_from: Mapped[date | None] = mapped_column(Date, comment="First day it counts.")
    active_to: Mapped[date | None] = mapped_column(Date, comment="First day it no longer counts.")
    is_indoor: Mapped[bool] = mapped_column(Boolean, server_default="false", comment="Inside a building?")
    stores_images: Mapped[bool] = mapped_column(
        Boolean, server_default="false", comment="Does it keep images? (processing register)"
    )
    on_device: Mapped[bool | None] = mapped_column(
        Boolean,
        comment="Is a count made on the sensor itself, so that nothing else leaves it? Empty: not known. (processing register)",
    )
    processor: Mapped[str | None] = mapped_column(Text, comment="Processor in the sense of the GDPR.")
    contract_end_on: Mapped[date | None] = mapped_column(Date, comment="End of the contract.")
    shop_unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="SET NULL"),
        index=True,
        comment="Shop unit at whose door it counts entries; only for measure_kind entries.",
    )
    raw_months: Mapped[int | None] = mapped_column(
        SmallInteger,
        comment="Single readings are kept so many months; empty: as the municipality says.",
    )
    raw_from_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True),
        comment="Single readings before this were dropped; their hours and days stay. Empty: none were.",
    )
    geom: Mapped[WKBElement | None] = geometry("POINT", "Place; empty when not yet placed", nullable=True)


class FootfallCount(Base):
    """One reading over one interval. No data is no row, never zero."""

    __tablename__ = "footfall_count"
    __table_args__ = (
        one_of("mode", codes.MODE),
        one_of("direction", codes.DIRECTION),
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("minutes > 0", name="minutes"),
        # Batches lie together on disk, so a block index serves an undo at no cost to the import.
        Index("ix_footfall_count_batch_id", "batch_id", postgresql_using="brin"),
        {
            "comment": "Readings; partitioned by year. No data is no row, never zero.",
            "postgresql_partition_by": "RANGE (start_at)",
        },
    )

    sensor_id: Mapped[int] = mapped_column(
        ForeignKey("footfall_sensor.id", ondelete="CASCADE"), primary_key=True, comment="The sensor."
    )
    start_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), primary_key=True, comment="Start of the interval."
    )
    mode: Mapped[str] = mapped_column(Text, primary_key=True, comment="ped, bike, auto, truck or all.")
    direction: Mapped[str] = mapped_column(Text, primary_key=True, comment="a, b or both.")
    minutes: Mapped[int] = mapped_column(SmallInteger, comment="Length of the interval, minutes.")
    quality_flag: Mapped[int] = mapped_column(
        SmallInteger,
        server_default="0",
        comment="0 fine, 2 zero run, 3 stuck, 4 spike, 5 drop-out, 8 to review, 9 low uptime, 10 unchecked, 11 an hour the clock shows twice; by decision: 6 level, 7 clock, 12 night, 13 one direction, 14 same as another sensor.",
    )
    value: Mapped[float] = mapped_column(Float, comment="Reading as received: passages, or persons present.")
    uptime: Mapped[float | None] = mapped_column(Float, comment="Share of the interval it counted, 0-1.")
    # No foreign key: a check a row would double the cost of an import; only the writer fills it.
    batch_id: Mapped[int | None] = mapped_column(BigInteger, comment="Import batch that made the row.")
    received_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), comment="When it was received."
    )
