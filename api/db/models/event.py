"""Events, actions and measures, and what each of them changed."""

from datetime import date, datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Imported, Keyed, OfMunicipality, created_at, geometry, one_of, spatial_index


class Event(Keyed, OfMunicipality, Imported, Base):
    """An event, action or measure."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("nis_code", "code"),
        one_of("kind", codes.EVENT_KIND),
        CheckConstraint("ends_at > starts_at", name="period"),
        CheckConstraint("reach_m BETWEEN 10 AND 5000", name="reach_m"),
        *spatial_index("event", "geom", "area_geom"),
        {"comment": "Events, actions and measures."},
    )

    code: Mapped[str] = mapped_column(Text, comment="Code in the source.")
    name: Mapped[str] = mapped_column(Text, comment="Name.")
    kind: Mapped[str] = mapped_column(Text, comment="Code list event_kind.")
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="Begin.")
    ends_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="End; empty: still going on."
    )
    recurring_rule: Mapped[str | None] = mapped_column(Text, comment="Recurrence (RFC 5545 RRULE).")
    cost_net_eur: Mapped[float | None] = mapped_column(Double, comment="Net cost, EUR.")
    organiser: Mapped[str | None] = mapped_column(Text, comment="Organising body; never a person.")
    geom: Mapped[WKBElement | None] = geometry("POINT", "Place", nullable=True)
    area_geom: Mapped[WKBElement | None] = geometry("MULTIPOLYGON", "Area", nullable=True)
    streets: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text), comment="Names of the streets it is held in; empty: where its point or area is."
    )
    reach_m: Mapped[int | None] = mapped_column(
        Integer, comment="How far around its point or area it is felt, m; empty: 150."
    )
    note: Mapped[str | None] = mapped_column(Text, comment="What somebody should know who reads its effect.")
    removed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was removed; empty while it counts."
    )


class EventEffect(Keyed, OfMunicipality, Base):
    """What an event changed the one time, with interval and what it rests on."""

    __tablename__ = "event_effect"
    __table_args__ = (
        UniqueConstraint("event_id", "occurs_on"),
        one_of("verdict", codes.EVENT_VERDICT),
        one_of("method", codes.EVENT_METHOD),
        CheckConstraint("p_value BETWEEN 0 AND 1", name="p_value"),
        *spatial_index("event_effect", "geom"),
        {"comment": "What each event changed, with interval and what it rests on."},
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), comment="The event.")
    occurs_on: Mapped[date] = mapped_column(Date, comment="First local day of the time it was held.")
    last_on: Mapped[date] = mapped_column(Date, comment="Last local day that was judged.")
    verdict: Mapped[str] = mapped_column(
        Text, comment="Code list event_verdict: more, less, not_conclusive or not_measurable."
    )
    reason: Mapped[str | None] = mapped_column(Text, comment="Why it is not measurable.")
    method: Mapped[str] = mapped_column(
        Text,
        comment="Code list event_method: against other sensors, the year before, or its own weeks only.",
    )
    effect_share: Mapped[float | None] = mapped_column(
        Double, comment="More (or fewer) passages as a share of the expected."
    )
    lower_share: Mapped[float | None] = mapped_column(Double, comment="Lower end of the interval.")
    upper_share: Mapped[float | None] = mapped_column(Double, comment="Upper end of the interval.")
    level_share: Mapped[float] = mapped_column(
        Double, comment="Level of the interval, 0-1: 0.9, less where the past is too short."
    )
    p_value: Mapped[float | None] = mapped_column(Double, comment="How often chance does this much, 0-1.")
    smallest_share: Mapped[float | None] = mapped_column(
        Double, comment="Smallest effect that would stand out in four of five cases."
    )
    observed: Mapped[float | None] = mapped_column(
        Double, comment="Passages counted by the sensors in the event, in its hours."
    )
    expected: Mapped[float | None] = mapped_column(Double, comment="Passages expected there without it.")
    treated: Mapped[int] = mapped_column(Integer, comment="Sensors in the event.")
    controls: Mapped[int] = mapped_column(Integer, comment="Sensors compared with.")
    placebos: Mapped[int] = mapped_column(Integer, comment="Ordinary windows the interval rests on.")
    cost_per_extra_eur: Mapped[float | None] = mapped_column(
        Double, comment="Net cost of one extra passage, EUR; empty when unknown or without meaning."
    )
    result: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB, comment="All parts of the study; empty until somebody asks for it."
    )
    parameters: Mapped[dict[str, Any]] = mapped_column(
        JSONB, comment="Hours, sensors and days it was computed with."
    )
    data_version: Mapped[int] = mapped_column(BigInteger, comment="Data version it was computed from.")
    code_version: Mapped[str] = mapped_column(Text, comment="Version of the application.")
    computed_at: Mapped[datetime] = created_at("When it was computed.")
    geom: Mapped[WKBElement | None] = geometry("POINT", "Place of the event", nullable=True)
