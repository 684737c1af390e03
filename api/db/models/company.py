"""What the company register says of an address, and what people decided where sources contradict each other."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Imported, Keyed, OfMunicipality, created_at, one_of


class CompanyEstablishment(Keyed, OfMunicipality, Imported, Base):
    """An establishment in the company register (KBO): a candidate occupant, never proof of use."""

    __tablename__ = "company_establishment"
    __table_args__ = (
        UniqueConstraint("nis_code", "establishment_number"),
        one_of("matched_by", codes.ESTABLISHMENT_MATCHED_BY),
        CheckConstraint("NOT is_natural_person OR name IS NULL", name="no_name_of_a_person"),
        {"comment": "Establishments of the company register at addresses of the municipality."},
    )

    establishment_number: Mapped[str] = mapped_column(
        Text, comment="Number of the establishment, ten digits."
    )
    enterprise_number: Mapped[str | None] = mapped_column(
        Text, comment="Number of its enterprise, ten digits."
    )
    is_natural_person: Mapped[bool] = mapped_column(
        Boolean,
        server_default="true",
        comment="Is the enterprise a natural person, or not known to be a legal one? Then no name is kept.",
    )
    name: Mapped[str | None] = mapped_column(
        Text, comment="Commercial name, else name of the enterprise; only of legal persons."
    )
    street: Mapped[str | None] = mapped_column(Text, comment="Street name, without the register's suffix.")
    house_number: Mapped[str | None] = mapped_column(Text, comment="House number, without suffix.")
    house_number_suffix: Mapped[str | None] = mapped_column(Text, comment="Suffix, such as A or bis.")
    house_number_end: Mapped[str | None] = mapped_column(Text, comment="Last number of a range.")
    box: Mapped[str | None] = mapped_column(Text, comment="Box number.")
    postcode: Mapped[str | None] = mapped_column(Text, comment="Postcode.")
    nace_version: Mapped[str | None] = mapped_column(Text, comment="Version of the NACE codes: 2008 or 2025.")
    nace_code: Mapped[str | None] = mapped_column(
        Text, comment="NACE code of its main activity, digits only."
    )
    nace_codes: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text), comment="All its NACE codes of that version, main activities first."
    )
    started_on: Mapped[date | None] = mapped_column(Date, comment="Day it began, as the register says.")
    struck_off_on: Mapped[date | None] = mapped_column(
        Date, comment="Day its address was struck off, as the register says."
    )
    gone_on: Mapped[date | None] = mapped_column(
        Date, comment="Date of the first extract that no longer held it; empty while the last one does."
    )
    snapshot_on: Mapped[date] = mapped_column(Date, comment="Date of the last extract that held it.")
    shop_unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="SET NULL"),
        index=True,
        comment="The one shop unit at its address; kept by the database.",
    )
    matched_by: Mapped[str | None] = mapped_column(
        Text, comment="exact: number, suffix and box; number: without box; range. Kept by the database."
    )
    candidates: Mapped[int] = mapped_column(
        Integer,
        server_default="0",
        comment="Shop units that fit its address equally well; kept by the database.",
    )


class WorklistDecision(Keyed, OfMunicipality, Base):
    """What a person decided on one item of the work list; never changed, only undone by a later row."""

    __tablename__ = "worklist_decision"
    __table_args__ = (
        one_of("kind", codes.WORKLIST_KIND),
        one_of("verdict", codes.WORKLIST_VERDICT),
        CheckConstraint("(verdict = 'undone') = (undoes_id IS NOT NULL)", name="undone"),
        UniqueConstraint("undoes_id"),
        Index("ix_worklist_decision_item", "shop_unit_id", "kind", "evidence_key"),
        {"comment": "Decisions on items of the work list; rows are added, never changed."},
    )

    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), comment="The shop unit it is about."
    )
    kind: Mapped[str] = mapped_column(Text, comment="Code list worklist_kind.")
    evidence_key: Mapped[str] = mapped_column(
        Text, comment="SHA-256 of the facts that were judged; other facts bring the item back."
    )
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="The facts that were judged.")
    seen_on: Mapped[date | None] = mapped_column(
        Date, comment="Day the unit was last seen when it was decided; next_round holds until a later one."
    )
    verdict: Mapped[str] = mapped_column(Text, comment="Code list worklist_verdict, or undone.")
    reason: Mapped[str | None] = mapped_column(Text, comment="Why; nothing about persons.")
    decided_by: Mapped[str] = mapped_column(Text, comment="Alias of who decided.")
    decided_at: Mapped[datetime] = created_at("When it was decided.")
    change_batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_batch.id"),
        comment="What it wrote to the history of the unit, to be undone with it.",
    )
    undoes_id: Mapped[int | None] = mapped_column(
        ForeignKey("worklist_decision.id", ondelete="CASCADE"),
        comment="The decision that this row takes back.",
    )
