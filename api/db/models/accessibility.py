"""Accessibility of shop units and parcels: one wide row per run and place."""

from typing import Any

from sqlalchemy import CheckConstraint, Double, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, Keyed, OfMunicipality


class Accessibility(Keyed, OfMunicipality, Base):
    """How well one shop unit or one parcel can be reached."""

    __tablename__ = "accessibility"
    __table_args__ = (
        CheckConstraint("num_nonnulls(shop_unit_id, parcel_id) = 1", name="subject"),
        UniqueConstraint("shop_unit_id", "run_id"),
        UniqueConstraint("parcel_id", "run_id"),
        {"comment": "Accessibility of shop units (of every run) and of parcels (of the latest run only)."},
    )

    run_id: Mapped[int] = mapped_column(
        ForeignKey("analysis_run.id", ondelete="CASCADE"), index=True, comment="The run that computed it."
    )
    shop_unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), comment="The shop unit; empty for a parcel."
    )
    parcel_id: Mapped[int | None] = mapped_column(
        ForeignKey("parcel.id", ondelete="CASCADE"), comment="The parcel; empty for a shop unit."
    )
    persons_walk_5_min: Mapped[float | None] = mapped_column(
        Double, comment="Inhabitants within 5 minutes on foot, persons."
    )
    persons_walk_10_min: Mapped[float | None] = mapped_column(
        Double, comment="Inhabitants within 10 minutes on foot, persons."
    )
    persons_walk_15_min: Mapped[float | None] = mapped_column(
        Double, comment="Inhabitants within 15 minutes on foot, persons."
    )
    persons_walk_decayed: Mapped[float | None] = mapped_column(
        Double,
        comment="Inhabitants within 15 minutes on foot, each weighed by exp(-0.1813 x minutes), persons.",
    )
    persons_bicycle_15_min: Mapped[float | None] = mapped_column(
        Double, comment="Inhabitants within 15 minutes by bicycle, persons."
    )
    persons_car_10_min: Mapped[float | None] = mapped_column(
        Double, comment="Inhabitants within 10 minutes by car, persons."
    )
    parking_m: Mapped[float | None] = mapped_column(
        Double, comment="Way on foot from the nearest parking zone, m, at most 5,000."
    )
    stop_m: Mapped[float | None] = mapped_column(
        Double, comment="Way on foot from the nearest stop or station of public transport, m, at most 5,000."
    )
    competitor_m: Mapped[float | None] = mapped_column(
        Double,
        comment="Way on foot from the nearest other occupied unit of the same branch, m, at most 5,000.",
    )
    reasons: Mapped[dict[str, Any]] = mapped_column(
        JSONB,
        server_default="{}",
        comment="Per column why it is empty, or that it is a lower bound: code list accessibility_reason.",
    )
