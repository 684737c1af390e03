"""What looks wrong in counts, and what a person decided about it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Double, ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Keyed, OfMunicipality, created_at, one_of


class CountFinding(Keyed, OfMunicipality, Base):
    """Hours of a sensor that look wrong; what is decided about them can be put back, the counts stay as received."""

    __tablename__ = "count_finding"
    __table_args__ = (
        one_of("mode", codes.MODE),
        one_of("kind", codes.COUNT_FINDING_KIND),
        one_of("state", codes.COUNT_FINDING_STATE),
        CheckConstraint("from_at < to_at", name="period"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        Index("ix_count_finding_sensor_id", "sensor_id", "from_at"),
        {"comment": "Hours of a sensor that look wrong, and what a person decided about them."},
    )

    sensor_id: Mapped[int] = mapped_column(
        ForeignKey("footfall_sensor.id", ondelete="CASCADE"), comment="The sensor."
    )
    mode: Mapped[str] = mapped_column(Text, comment="Which of its counts: ped, bike, auto, truck or all.")
    kind: Mapped[str] = mapped_column(Text, comment="Code list count_finding_kind.")
    flag: Mapped[int | None] = mapped_column(
        SmallInteger, comment="quality_flag of its hours once they are left out; empty: hours that miss."
    )
    from_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="First instant.")
    to_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="Instant after the last.")
    strength: Mapped[float | None] = mapped_column(
        Double,
        comment="How strong, by kind: counted over usual; clock: hours ahead; twin: correlation; gap: hours.",
    )
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="What it rests on, in numbers.")
    found_at: Mapped[datetime] = created_at("When it was first found.")
    state: Mapped[str] = mapped_column(
        Text,
        server_default="open",
        comment="open, confirmed (the sensor was wrong) or overruled (it was right).",
    )
    decided_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When somebody decided; empty while open."
    )
    decided_by: Mapped[str | None] = mapped_column(Text, comment="Alias of who decided.")
    reason: Mapped[str | None] = mapped_column(Text, comment="Why, as typed; nothing about persons.")
    history: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, server_default=text("'[]'::jsonb"), comment="Every decision on it, first to last."
    )
