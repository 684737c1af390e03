"""Forecasts of footfall, issue by issue, so that what was said can be held against what came."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    REAL,
    Boolean,
    Date,
    DateTime,
    Double,
    ForeignKey,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Keyed, OfMunicipality, created_at, one_of


class ForecastRun(Keyed, OfMunicipality, Base):
    """One issue: a fortnight for all sensors of a municipality."""

    __tablename__ = "forecast_run"
    __table_args__ = (
        UniqueConstraint("nis_code", "begins_on"),
        one_of("method", codes.FORECAST_METHOD),
        {"comment": "Issues of the forecast of footfall: a fortnight per municipality and first day."},
    )

    begins_on: Mapped[date] = mapped_column(Date, comment="First day of the fortnight.")
    is_back_test: Mapped[bool] = mapped_column(
        Boolean,
        server_default="false",
        comment="Made afterwards with the counts of before its first day alone, to judge the method?",
    )
    issued_at: Mapped[datetime] = created_at("When it was computed.")
    counted_until: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), comment="End of the last counted hour it knows."
    )
    method: Mapped[str] = mapped_column(Text, comment="Code list forecast_method.")
    missed: Mapped[dict[str, Any]] = mapped_column(
        JSONB,
        server_default="{}",
        comment="Share of the passages that each method missed at the last eight times it was tried, 0-1.",
    )
    sensors: Mapped[list[Any]] = mapped_column(
        JSONB,
        server_default="[]",
        comment="Per sensor: days counted, hours behind the band, whether it borrows, and why it has no forecast.",
    )
    weather: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB,
        comment="What weather it rests on, from which issue, or why on none; empty where nobody supplied weather.",
    )
    source: Mapped[str | None] = mapped_column(Text, comment="Datasets of the counts.")
    code_version: Mapped[str] = mapped_column(Text, comment="Version of the application.")
    seconds: Mapped[float] = mapped_column(Double, comment="How long it took, s.")


class _Banded:
    """An expected number of passages with its bands."""

    expected: Mapped[float] = mapped_column(REAL, comment="Expected passages.", sort_order=10)
    q025: Mapped[float] = mapped_column(
        REAL, comment="Passages below which it stays in 2.5 of 100 cases.", sort_order=11
    )
    q10: Mapped[float] = mapped_column(
        REAL, comment="Passages below which it stays in 10 of 100 cases.", sort_order=12
    )
    q25: Mapped[float] = mapped_column(
        REAL, comment="Passages below which it stays in 25 of 100 cases.", sort_order=13
    )
    q50: Mapped[float] = mapped_column(
        REAL, comment="Passages below which it stays in half of the cases.", sort_order=14
    )
    q75: Mapped[float] = mapped_column(
        REAL, comment="Passages below which it stays in 75 of 100 cases.", sort_order=15
    )
    q90: Mapped[float] = mapped_column(
        REAL, comment="Passages below which it stays in 90 of 100 cases.", sort_order=16
    )
    q975: Mapped[float] = mapped_column(
        REAL, comment="Passages below which it stays in 97.5 of 100 cases.", sort_order=17
    )
    is_less_certain: Mapped[bool] = mapped_column(
        Boolean,
        comment="Holiday or day with an event? Bands hold less often there than they say.",
        sort_order=18,
    )


class ForecastValue(_Banded, Base):
    """Forecast passages of one hour at one sensor."""

    __tablename__ = "forecast_value"
    __table_args__ = ({"comment": "Forecast passages per sensor and hour, with their bands."},)

    run_id: Mapped[int] = mapped_column(
        ForeignKey("forecast_run.id", ondelete="CASCADE"),
        primary_key=True,
        comment="The issue it belongs to.",
    )
    sensor_id: Mapped[int] = mapped_column(
        ForeignKey("footfall_sensor.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
        comment="The sensor.",
    )
    hour_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), primary_key=True, comment="Begin of the hour."
    )


class ForecastDay(Keyed, _Banded, Base):
    """Forecast passages of one day at one sensor."""

    __tablename__ = "forecast_day"
    __table_args__ = (
        UniqueConstraint("run_id", "sensor_id", "on_day"),
        {
            "comment": "Forecast passages per sensor and day, with bands of their own: those of hours must not be added up."
        },
    )

    run_id: Mapped[int] = mapped_column(
        ForeignKey("forecast_run.id", ondelete="CASCADE"), comment="The issue it belongs to."
    )
    sensor_id: Mapped[int] = mapped_column(
        ForeignKey("footfall_sensor.id", ondelete="CASCADE"), index=True, comment="The sensor."
    )
    on_day: Mapped[date] = mapped_column(Date, comment="The day.")
    hours: Mapped[int] = mapped_column(SmallInteger, comment="Hours of the day that have a forecast.")
