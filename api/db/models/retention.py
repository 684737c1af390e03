"""How long contacts are kept: what a municipality chose, every choice it made, and what was let go."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, Keyed, created_at
from api.db.models.person import SCHEMA


class Retention(Base):
    """How long a municipality keeps contacts, where it chose so itself."""

    __tablename__ = "retention"
    __table_args__ = (
        CheckConstraint("length(btrim(reason)) BETWEEN 1 AND 500", name="reason"),
        {
            "schema": SCHEMA,
            "comment": "How long each municipality keeps contacts and the log of reads, where it chose so itself.",
        },
    )

    nis_code: Mapped[str] = mapped_column(
        Text,
        ForeignKey("municipality.nis_code", ondelete="CASCADE"),
        primary_key=True,
        comment="NIS code of the municipality.",
    )
    prospect_months: Mapped[int] = mapped_column(
        Integer, server_default="24", comment="A prospect without contact is erased after so many months."
    )
    owner_months: Mapped[int] = mapped_column(
        Integer,
        server_default="12",
        comment="An owner or broker is erased so many months after the unit was let again.",
    )
    lost_months: Mapped[int] = mapped_column(
        Integer,
        server_default="24",
        comment="A contact of a lost or rejected case is erased after so many months.",
    )
    log_months: Mapped[int] = mapped_column(
        Integer, server_default="24", comment="The log of reads is kept so many months."
    )
    changed_by: Mapped[str] = mapped_column(Text, comment="Name of the officer who last changed it.")
    changed_at: Mapped[datetime] = created_at("When it last changed.")
    reason: Mapped[str | None] = mapped_column(
        Text, comment="Why the municipality chose so; empty: chosen before a reason was asked."
    )


class RetentionChange(Keyed, Base):
    """A choice of how long contacts are kept; written by the database and never changed."""

    __tablename__ = "retention_change"
    __table_args__ = (
        {
            "schema": SCHEMA,
            "comment": "Every choice of how long contacts are kept, written by the database; rows are only added.",
        },
    )

    nis_code: Mapped[str] = mapped_column(
        Text,
        ForeignKey("municipality.nis_code", ondelete="CASCADE"),
        index=True,
        comment="NIS code of the municipality.",
    )
    prospect_months: Mapped[int] = mapped_column(
        Integer, comment="A prospect without contact is erased after so many months."
    )
    owner_months: Mapped[int] = mapped_column(
        Integer, comment="An owner or broker is erased so many months after the unit was let again."
    )
    lost_months: Mapped[int] = mapped_column(
        Integer, comment="A contact of a lost or rejected case is erased after so many months."
    )
    log_months: Mapped[int] = mapped_column(Integer, comment="The log of reads is kept so many months.")
    reason: Mapped[str | None] = mapped_column(Text, comment="Why; empty: chosen before a reason was asked.")
    changed_by: Mapped[str] = mapped_column(Text, comment="Name of the officer who chose.")
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="When.")


class RetentionRun(Keyed, Base):
    """What the retention job let go, in numbers."""

    __tablename__ = "retention_run"
    __table_args__ = ({"schema": SCHEMA, "comment": "What the retention job let go each time, in numbers."},)

    nis_code: Mapped[str] = mapped_column(
        Text,
        ForeignKey("municipality.nis_code", ondelete="CASCADE"),
        index=True,
        comment="NIS code of the municipality.",
    )
    ran_at: Mapped[datetime] = created_at("When it ran.")
    n_prospect: Mapped[int] = mapped_column(Integer, comment="Contacts erased by the rule of prospects.")
    n_owner: Mapped[int] = mapped_column(
        Integer, comment="Contacts erased by the rule of owners and brokers."
    )
    n_lost: Mapped[int] = mapped_column(Integer, comment="Contacts erased by the rule of lost cases.")
    n_log: Mapped[int] = mapped_column(Integer, comment="Rows of the log of reads that went.")
    n_documents: Mapped[int] = mapped_column(
        Integer, comment="Documents of cases that were removed thirty days before and went for good."
    )
