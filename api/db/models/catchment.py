"""Catchments that are kept: what was asked, its runs, and their bands."""

from datetime import datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    DateTime,
    Double,
    ForeignKey,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, Keyed, OfMunicipality, created_at, geometry, spatial_index


class Catchment(Keyed, OfMunicipality, Base):
    """A catchment somebody wants to see again."""

    __tablename__ = "catchment"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 120", name="name"),
        *spatial_index("catchment", "geom"),
        {"comment": "Catchments that are kept: what was asked."},
    )

    name: Mapped[str] = mapped_column(Text, comment="Name its maker gave it.")
    parameters: Mapped[dict[str, Any]] = mapped_column(
        JSONB,
        comment="What was asked: place, mode, bands, direction, competitors, closed and opened streets, barriers.",
    )
    created_at: Mapped[datetime] = created_at("When it was first kept.")
    removed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was put away; empty while it is kept."
    )
    geom: Mapped[WKBElement] = geometry("POINT", "Place it is drawn from")


class CatchmentRun(Keyed, Base):
    """One computation of a kept catchment."""

    __tablename__ = "catchment_run"
    __table_args__ = ({"comment": "Computations of a kept catchment; earlier ones stay."},)

    catchment_id: Mapped[int] = mapped_column(
        ForeignKey("catchment.id", ondelete="CASCADE"), index=True, comment="The catchment."
    )
    network_version: Mapped[str] = mapped_column(
        Text, comment="Version of the street network it was searched on."
    )
    data_version: Mapped[str] = mapped_column(Text, comment="Version of the data that were counted.")
    code_version: Mapped[str] = mapped_column(Text, comment="Version of the application.")
    computed_at: Mapped[datetime] = created_at("When it was computed.")
    seconds: Mapped[float] = mapped_column(Double, comment="How long it took, s.")
    answer: Mapped[dict[str, Any]] = mapped_column(
        JSONB, comment="Place, snapping, sources with dates and coverage, as the API gave them."
    )


class CatchmentBand(Keyed, Base):
    """One band of a run, with its shape and what it holds."""

    __tablename__ = "catchment_band"
    __table_args__ = (
        UniqueConstraint("run_id", "band", "is_baseline"),
        *spatial_index("catchment_band", "geom"),
        {"comment": "Bands of a run, each with its shape and what it holds."},
    )

    run_id: Mapped[int] = mapped_column(
        ForeignKey("catchment_run.id", ondelete="CASCADE"), comment="The run."
    )
    band: Mapped[float] = mapped_column(
        Double, comment="Limit in minutes or metres, or the inhabitants asked for."
    )
    is_baseline: Mapped[bool] = mapped_column(
        Boolean, server_default="false", comment="Is it the network as it is, beside a scenario?"
    )
    population: Mapped[float | None] = mapped_column(
        Double, comment="Inhabitants inside, persons; empty when not known."
    )
    holdings: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="All it holds, as the API gave it.")
    geom: Mapped[WKBElement] = geometry("MULTIPOLYGON", "Ground within the band")
