"""Parking zones and how full they are."""

from datetime import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Double,
    Float,
    ForeignKey,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Imported, Keyed, OfMunicipality, geometry, one_of, spatial_index


class ParkingZone(Keyed, OfMunicipality, Imported, Base):
    """An area or facility with one regime and a number of spaces."""

    __tablename__ = "parking_zone"
    __table_args__ = (
        UniqueConstraint("nis_code", "code"),
        one_of("kind", codes.PARKING_KIND),
        one_of("regime", codes.PARKING_REGIME),
        CheckConstraint("capacity >= 0", name="capacity"),
        *spatial_index("parking_zone", "geom", "area_geom"),
        {"comment": "Areas or facilities with one parking regime."},
    )

    code: Mapped[str] = mapped_column(Text, comment="Code in the source.")
    name: Mapped[str | None] = mapped_column(Text, comment="Name.")
    kind: Mapped[str] = mapped_column(Text, server_default="street", comment="Code list parking_kind.")
    capacity: Mapped[int | None] = mapped_column(Integer, comment="Spaces; empty when not known.")
    regime: Mapped[str] = mapped_column(Text, server_default="unknown", comment="Code list parking_regime.")
    max_stay_min: Mapped[int | None] = mapped_column(Integer, comment="Longest stay, minutes.")
    fee_eur_per_hour: Mapped[float | None] = mapped_column(Double, comment="Fee, EUR an hour.")
    geom: Mapped[WKBElement] = geometry("POINT", "Entrance or middle")
    area_geom: Mapped[WKBElement | None] = geometry("MULTIPOLYGON", "Area", nullable=True)


class ParkingObservation(Base):
    """How many spaces were taken at one moment or over one band of time."""

    __tablename__ = "parking_observation"
    __table_args__ = (
        CheckConstraint("occupied >= 0", name="occupied"),
        {"comment": "How many spaces were taken, by zone and time."},
    )

    parking_zone_id: Mapped[int] = mapped_column(
        ForeignKey("parking_zone.id", ondelete="CASCADE"), primary_key=True, comment="The parking zone."
    )
    observed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), primary_key=True, comment="Moment, or start of the band."
    )
    minutes: Mapped[int] = mapped_column(
        SmallInteger, server_default="0", comment="Length of the band, minutes."
    )
    capacity: Mapped[int | None] = mapped_column(Integer, comment="Spaces in use then.")
    occupied: Mapped[float] = mapped_column(Float, comment="Spaces taken.")
    batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_batch.id"), index=True, comment="Import batch that made the row."
    )
