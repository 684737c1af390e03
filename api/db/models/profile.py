"""Score profiles of a municipality's own, and the indicators that they weigh."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Keyed, OfMunicipality, created_at, one_of


class ScoreProfile(Keyed, OfMunicipality, Base):
    """One version of what a kind of business asks of a location; versions are added, never changed."""

    __tablename__ = "score_profile"
    __table_args__ = (
        UniqueConstraint("uid", "version"),
        one_of("share_level", codes.SHARE_LEVEL),
        CheckConstraint("length(btrim(name)) BETWEEN 1 AND 80", name="name"),
        CheckConstraint("version >= 1", name="version"),
        {"comment": "Score profiles of a municipality's own, version by version; the newest one counts."},
    )

    uid: Mapped[UUID] = mapped_column(comment="The profile: the same in all its versions.")
    version: Mapped[int] = mapped_column(Integer, comment="1, 2, 3 ...")
    name: Mapped[str] = mapped_column(Text, comment="What the municipality calls it.")
    based_on: Mapped[str | None] = mapped_column(Text, comment="Profile it was made from.")
    content: Mapped[dict[str, Any]] = mapped_column(
        JSONB, comment="Criteria, hard wishes, branches of good and bad neighbours and of competitors."
    )
    share_level: Mapped[str] = mapped_column(
        Text, server_default="own", comment="Who else may use it: own, partners or public."
    )
    is_removed: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="With this version it was taken away."
    )
    made_by: Mapped[str | None] = mapped_column(Text, comment="Who made this version.")
    made_at: Mapped[datetime] = created_at("When this version was made.")


class UnitIndicators(Keyed, OfMunicipality, Base):
    """What profiles weigh of one shop unit, as the latest run computed it."""

    __tablename__ = "unit_indicators"
    __table_args__ = (
        UniqueConstraint("shop_unit_id", "run_id"),
        {"comment": "Indicators of shop units that profiles weigh, of the latest run only."},
    )

    run_id: Mapped[int] = mapped_column(
        ForeignKey("analysis_run.id", ondelete="CASCADE"), index=True, comment="The run that computed it."
    )
    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), comment="The shop unit."
    )
    indicators: Mapped[dict[str, Any]] = mapped_column(
        JSONB,
        comment="Per indicator its value, or value and both ends of its 80 % interval; absent: not known.",
    )
    near: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB,
        comment="Per branch code the shops within 100 m along the streets; empty: it stands off the streets.",
    )
    far: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB,
        comment="Per branch code the shops within 400 m along the streets; empty: it stands off the streets.",
    )
