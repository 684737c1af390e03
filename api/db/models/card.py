"""The unit card: facts of premises, photographs, consent to publish, links for owners and what they propose."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Keyed, created_at, one_of

_ROLES = codes.CARD_ROLE


class UnitCard(Keyed, Base):
    """Facts of a shop unit that no register brings; empty is not known."""

    __tablename__ = "unit_card"
    __table_args__ = (
        one_of("fitout_state", codes.FITOUT_STATE),
        one_of("epc_label", codes.EPC_LABEL),
        one_of("step_access", codes.STEP_ACCESS),
        one_of("heritage", codes.HERITAGE),
        one_of("planning_use", codes.PLANNING_USE),
        one_of("horeca", codes.HORECA),
        one_of("lease_type", codes.LEASE_TYPE),
        CheckConstraint("storage_m2 >= 0 AND basement_m2 >= 0", name="areas"),
        CheckConstraint("floors BETWEEN 1 AND 60 AND ceiling_height_m BETWEEN 1 AND 30", name="heights"),
        CheckConstraint(
            "rent_eur_per_month >= 0 AND price_eur >= 0 AND charges_eur_per_month >= 0 AND deposit_months >= 0",
            name="money",
        ),
        CheckConstraint("length(changed_by) BETWEEN 1 AND 40", name="changed_by"),
        {"comment": "Facts of shop units that no register brings, as officers and owners know them."},
    )

    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), unique=True, comment="The shop unit."
    )
    storage_m2: Mapped[float | None] = mapped_column(Double, comment="Storage, m2.")
    basement_m2: Mapped[float | None] = mapped_column(Double, comment="Basement, m2.")
    floors: Mapped[int | None] = mapped_column(Integer, comment="Floors of the shop, ground floor included.")
    ceiling_height_m: Mapped[float | None] = mapped_column(Double, comment="Free height of the shop, m.")
    fitout_state: Mapped[str | None] = mapped_column(Text, comment="Code list fitout_state.")
    epc_label: Mapped[str | None] = mapped_column(Text, comment="Energy label, code list epc_label.")
    step_access: Mapped[str | None] = mapped_column(
        Text, comment="How one gets in on wheels, code list step_access."
    )
    is_terrace_possible: Mapped[bool | None] = mapped_column(Boolean, comment="Is a terrace possible?")
    heritage: Mapped[str | None] = mapped_column(Text, comment="Protection, code list heritage.")
    planning_use: Mapped[str | None] = mapped_column(
        Text, comment="Use that planning allows, code list planning_use."
    )
    horeca: Mapped[str | None] = mapped_column(Text, comment="Fit for food and drink, code list horeca.")
    delivery: Mapped[str | None] = mapped_column(Text, comment="When and where goods are delivered.")
    rent_eur_per_month: Mapped[float | None] = mapped_column(Double, comment="Rent asked, EUR a month.")
    price_eur: Mapped[float | None] = mapped_column(Double, comment="Price asked, EUR.")
    charges_eur_per_month: Mapped[float | None] = mapped_column(Double, comment="Charges, EUR a month.")
    deposit_months: Mapped[float | None] = mapped_column(Double, comment="Deposit, months of rent.")
    lease_type: Mapped[str | None] = mapped_column(Text, comment="Code list lease_type.")
    broker_name: Mapped[str | None] = mapped_column(
        Text, comment="Organisation that lets or sells it; no name of a person."
    )
    broker_contact: Mapped[str | None] = mapped_column(
        Text, comment="Public telephone number, address or website of that organisation."
    )
    grants: Mapped[str | None] = mapped_column(Text, comment="Grants that apply.")
    version: Mapped[int] = mapped_column(
        Integer,
        server_default="0",
        comment="Raised by every change; whoever changes names the version that was read.",
    )
    changed_at: Mapped[datetime] = created_at("When it last changed.")
    changed_by: Mapped[str] = mapped_column(Text, comment="Name that the officer gave who last changed it.")


class UnitCardChange(Keyed, Base):
    """One change of a unit card; written by the database and never changed."""

    __tablename__ = "unit_card_change"
    __table_args__ = (
        UniqueConstraint("shop_unit_id", "version"),
        {"comment": "Every change of a unit card, written by the database; rows are added, never changed."},
    )

    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), comment="The shop unit."
    )
    version: Mapped[int] = mapped_column(Integer, comment="Version of the card that the change made.")
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="Changed columns as they were.")
    after: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="Changed columns as they became.")
    changed_by: Mapped[str] = mapped_column(Text, comment="Name of the officer who changed it.")
    changed_at: Mapped[datetime] = created_at("When it was changed.")
    undoes_id: Mapped[int | None] = mapped_column(
        ForeignKey("unit_card_change.id", ondelete="CASCADE"),
        unique=True,
        comment="The change that this one takes back.",
    )


class OwnerLink(Keyed, Base):
    """A link with which the owner or broker of one unit looks at its facts and proposes changes."""

    __tablename__ = "owner_link"
    __table_args__ = (
        one_of("role", _ROLES),
        CheckConstraint("length(made_by) BETWEEN 1 AND 40", name="made_by"),
        {"comment": "Links for owners and brokers; only a digest of each is kept."},
    )

    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), index=True, comment="The shop unit."
    )
    role: Mapped[str] = mapped_column(Text, comment="For whom it is, code list card_role; no name.")
    token_sha256: Mapped[str] = mapped_column(
        Text, unique=True, comment="SHA-256 of the link, hexadecimal; the link itself is not kept."
    )
    made_by: Mapped[str] = mapped_column(Text, comment="Name of the officer who made it.")
    made_at: Mapped[datetime] = created_at("When it was made.")
    expires_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), comment="From when it opens nothing."
    )
    revoked_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was taken back; empty while it holds."
    )


class UnitConsent(Keyed, Base):
    """That an owner agreed to publish a unit, and what of it."""

    __tablename__ = "unit_consent"
    __table_args__ = (
        one_of("role", _ROLES),
        one_of("given_via", codes.CONSENT_VIA),
        CheckConstraint("cardinality(fields) > 0", name="fields"),
        Index(
            "uq_unit_consent_running",
            "shop_unit_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        {"comment": "Consent of owners to publish a shop unit; a row is only ever closed."},
    )

    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), index=True, comment="The shop unit."
    )
    fields: Mapped[list[str]] = mapped_column(
        ARRAY(Text), comment="What may be published beside the address, of code list card_field."
    )
    role: Mapped[str] = mapped_column(Text, comment="Who agreed, code list card_role; no name.")
    given_via: Mapped[str] = mapped_column(Text, comment="How it was given, code list consent_via.")
    link_id: Mapped[int | None] = mapped_column(
        ForeignKey("owner_link.id", ondelete="SET NULL"),
        index=True,
        comment="The link with which it was given.",
    )
    recorded_by: Mapped[str | None] = mapped_column(
        Text, comment="Officer who wrote it down; empty: the owner did."
    )
    agreed_at: Mapped[datetime] = created_at("When it was given.")
    withdrawn_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was withdrawn or replaced; empty while it holds."
    )
    withdrawn_by: Mapped[str | None] = mapped_column(
        Text, comment="Officer who withdrew or replaced it; empty while it holds, or when the owner did."
    )


class UnitProposal(Keyed, Base):
    """What an owner proposes to change, field by field."""

    __tablename__ = "unit_proposal"
    __table_args__ = ({"comment": "Proposals that owners made with a link."},)

    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), index=True, comment="The shop unit."
    )
    link_id: Mapped[int | None] = mapped_column(
        ForeignKey("owner_link.id", ondelete="SET NULL"),
        index=True,
        comment="The link with which it was made.",
    )
    role: Mapped[str] = mapped_column(Text, comment="Who proposes, code list card_role; no name.")
    made_at: Mapped[datetime] = created_at("When it was made.")


class UnitProposalField(Keyed, Base):
    """One proposed value, and what an officer decided about it."""

    __tablename__ = "unit_proposal_field"
    __table_args__ = (
        UniqueConstraint("proposal_id", "field"),
        one_of("decision", codes.PROPOSAL_DECISION),
        CheckConstraint("(decision = 'pending') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("decision <> 'rejected' OR reason IS NOT NULL", name="reason"),
        {"comment": "Proposed values, each accepted or rejected by an officer."},
    )

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("unit_proposal.id", ondelete="CASCADE"), comment="The proposal."
    )
    field: Mapped[str] = mapped_column(Text, comment="Code list card_field, or photo.")
    old_value: Mapped[Any] = mapped_column(
        JSONB(none_as_null=True), nullable=True, comment="Value as the owner saw it."
    )
    new_value: Mapped[Any] = mapped_column(
        JSONB(none_as_null=True), nullable=True, comment="Value proposed; empty: not known."
    )
    decision: Mapped[str] = mapped_column(
        Text, server_default="pending", comment="Code list proposal_decision."
    )
    reason: Mapped[str | None] = mapped_column(Text, comment="Why it was rejected.")
    decided_by: Mapped[str | None] = mapped_column(Text, comment="Officer who decided.")
    decided_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When that was decided; empty while it is not."
    )
    change_id: Mapped[int | None] = mapped_column(
        ForeignKey("unit_card_change.id", ondelete="SET NULL"),
        index=True,
        comment="Change of the card that accepting it made.",
    )


class UnitPhoto(Keyed, Base):
    """A photograph of a unit, made anew without what the camera wrote beside it."""

    __tablename__ = "unit_photo"
    __table_args__ = (
        one_of("decision", codes.PROPOSAL_DECISION),
        CheckConstraint("octet_length(jpeg) <= 2000000", name="jpeg"),
        CheckConstraint("is_without_persons", name="is_without_persons"),
        {"comment": "Photographs of shop units, re-encoded so that no place or camera is stored with them."},
    )

    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id", ondelete="CASCADE"), index=True, comment="The shop unit."
    )
    proposal_id: Mapped[int | None] = mapped_column(
        ForeignKey("unit_proposal.id", ondelete="CASCADE"),
        index=True,
        comment="The proposal it came with; empty: an officer added it.",
    )
    is_without_persons: Mapped[bool] = mapped_column(
        Boolean, comment="Whoever sent it says that no person or plate can be recognised; never false."
    )
    width_px: Mapped[int] = mapped_column(Integer, comment="Width, pixels.")
    height_px: Mapped[int] = mapped_column(Integer, comment="Height, pixels.")
    jpeg: Mapped[bytes] = mapped_column(LargeBinary, comment="The picture as JPEG, at most 2,000,000 bytes.")
    decision: Mapped[str] = mapped_column(
        Text, server_default="accepted", comment="Code list proposal_decision; only accepted ones are shown."
    )
    added_by: Mapped[str | None] = mapped_column(
        Text, comment="Officer who added it; empty: it came with a proposal."
    )
    added_at: Mapped[datetime] = created_at("When it was added.")
    removed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was removed; empty while it counts."
    )


class PublicContact(Keyed, Base):
    """Whom strangers ask about shop units of a municipality."""

    __tablename__ = "public_contact"
    __table_args__ = ({"comment": "Public contact of each municipality for its shop units."},)

    nis_code: Mapped[str] = mapped_column(
        ForeignKey("municipality.nis_code"), unique=True, comment="NIS code of the municipality."
    )
    organisation: Mapped[str] = mapped_column(Text, comment="Service of the city; no name of a person.")
    contact: Mapped[str] = mapped_column(Text, comment="Its public telephone number, address or website.")
    changed_by: Mapped[str] = mapped_column(Text, comment="Name of the officer who last changed it.")
