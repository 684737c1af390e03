"""Weather by the hour, as it was measured and as it was forecast."""

from datetime import datetime

from sqlalchemy import REAL, CheckConstraint, DateTime, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, Imported, Keyed, OfMunicipality


class WeatherHour(Keyed, OfMunicipality, Imported, Base):
    """One hour: measured, or as one forecast told it."""

    __tablename__ = "weather_hour"
    __table_args__ = (
        Index("ix_weather_hour_nis_code_issued_at", "nis_code", "issued_at"),
        UniqueConstraint("nis_code", "hour_at", "issued_at", postgresql_nulls_not_distinct=True),
        CheckConstraint("extract(epoch FROM hour_at) % 3600 = 0", name="hour_at"),
        CheckConstraint("temperature_c BETWEEN -60 AND 60", name="temperature_c"),
        CheckConstraint("precipitation_mm BETWEEN 0 AND 500", name="precipitation_mm"),
        CheckConstraint("wind_speed_kmh BETWEEN 0 AND 400", name="wind_speed_kmh"),
        CheckConstraint("sunshine_min BETWEEN 0 AND 60", name="sunshine_min"),
        CheckConstraint("cloud_cover_percent BETWEEN 0 AND 100", name="cloud_cover_percent"),
        {
            "comment": "Weather per municipality and hour: as it was measured, and every forecast of it as it was issued."
        },
    )

    hour_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="Begin of the hour.")
    issued_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was forecast; empty where it was measured."
    )
    temperature_c: Mapped[float | None] = mapped_column(REAL, comment="Air temperature, °C.")
    precipitation_mm: Mapped[float | None] = mapped_column(REAL, comment="Precipitation in the hour, mm.")
    wind_speed_kmh: Mapped[float | None] = mapped_column(REAL, comment="Wind speed at 10 m, km/h.")
    sunshine_min: Mapped[float | None] = mapped_column(REAL, comment="Sunshine in the hour, minutes.")
    cloud_cover_percent: Mapped[float | None] = mapped_column(
        REAL, comment="Part of the sky under clouds, 0-100."
    )
