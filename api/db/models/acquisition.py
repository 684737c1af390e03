"""Acquisition cases: attempts to bring an occupant to a shop unit, and all that happened to them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Computed,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Keyed, OfMunicipality, created_at, one_of

_SIDE = ", ".join(f"'{state}'" for state in codes.CASE_SIDE)
_STEP = "case_step(coalesce(resumes_at, state))"


class AcquisitionCase(Keyed, OfMunicipality, Base):
    """One attempt to bring one occupant to one or more shop units."""

    __tablename__ = "acquisition_case"
    __table_args__ = (
        one_of("state", codes.CASE_STATE),
        one_of("resumes_at", codes.CASE_PROCESS),
        one_of("acts", codes.CASE_ACTOR),
        one_of("loss_reason", codes.LOSS_REASON),
        one_of("origin", codes.ORIGIN),
        CheckConstraint("length(title) BETWEEN 1 AND 200", name="title"),
        CheckConstraint("length(changed_by) BETWEEN 1 AND 40", name="changed_by"),
        CheckConstraint(f"(state IN ({_SIDE})) = (resumes_at IS NOT NULL)", name="side"),
        CheckConstraint(f"needs <@ ARRAY{list(codes.CASE_NEED)}", name="needs"),
        CheckConstraint("min_m2 >= 0 AND max_m2 >= 0 AND min_m2 <= max_m2", name="m2"),
        CheckConstraint("max_rent_eur_per_month >= 0", name="rent"),
        CheckConstraint("state <> 'on_hold' OR hold_until IS NOT NULL", name="hold"),
        CheckConstraint("state <> 'lost' OR loss_reason IS NOT NULL", name="lost"),
        CheckConstraint(
            f"{_STEP} < 2 OR (branch_code IS NOT NULL AND is_wished IS NOT NULL "
            "AND coalesce(min_m2, max_m2) IS NOT NULL AND max_rent_eur_per_month IS NOT NULL)",
            name="qualified",
        ),
        CheckConstraint(f"{_STEP} < 3 OR prospect_name IS NOT NULL", name="contacted"),
        CheckConstraint("state <> 'visit_planned' OR next_action_on IS NOT NULL", name="visit"),
        CheckConstraint(
            f"({_STEP} >= 9) = (signed_on IS NOT NULL AND signed_unit_id IS NOT NULL)", name="signed"
        ),
        CheckConstraint(f"{_STEP} < 11 OR (opened_on IS NOT NULL AND opened_on >= signed_on)", name="opened"),
        {"comment": "Attempts to bring one occupant to one or more shop units."},
    )

    title: Mapped[str] = mapped_column(Text, comment="What it is called on the board; no name of a person.")
    prospect_name: Mapped[str | None] = mapped_column(
        Text, comment="Organisation or formula that may come; no name of a person."
    )
    branch_code: Mapped[str | None] = mapped_column(
        Text, comment="Branch looked for, of the list of branches."
    )
    is_wished: Mapped[bool | None] = mapped_column(
        Boolean, comment="Did a person confirm that the city wants this branch? Empty: nobody said."
    )
    min_m2: Mapped[float | None] = mapped_column(Double, comment="Smallest sales floor area, m2.")
    max_m2: Mapped[float | None] = mapped_column(Double, comment="Largest sales floor area, m2.")
    max_rent_eur_per_month: Mapped[float | None] = mapped_column(Double, comment="Highest rent, EUR a month.")
    needs: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default="{}", comment="What the premises must have, of code list case_need."
    )
    origin: Mapped[str] = mapped_column(
        Text, server_default="unknown", comment="Where the occupant comes from: code list origin."
    )
    state: Mapped[str] = mapped_column(Text, server_default="identified", comment="Code list case_state.")
    resumes_at: Mapped[str | None] = mapped_column(
        Text, comment="State it was in before it was put on hold, lost or rejected."
    )
    acts: Mapped[str] = mapped_column(
        Text,
        server_default="city",
        comment="Who acts next: code list case_actor. The city is no party to the lease.",
    )
    handled_by: Mapped[str | None] = mapped_column(Text, comment="Officer who follows it up.")
    next_action: Mapped[str | None] = mapped_column(Text, comment="What is to be done next.")
    next_action_on: Mapped[date | None] = mapped_column(Date, comment="Day on which it is to be done.")
    hold_until: Mapped[date | None] = mapped_column(
        Date, comment="Day on which a case on hold is looked at again."
    )
    loss_reason: Mapped[str | None] = mapped_column(Text, comment="Code list loss_reason.")
    signed_on: Mapped[date | None] = mapped_column(Date, comment="First day of the lease.")
    signed_unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("shop_unit.id"), index=True, comment="Shop unit that was let."
    )
    signed_occupancy_id: Mapped[int | None] = mapped_column(
        ForeignKey("occupancy.id", ondelete="SET NULL"),
        index=True,
        comment="Occupancy that the signing opened, or found in the register.",
    )
    signed_batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_batch.id"),
        index=True,
        comment="What the signing wrote in the register; empty when the register said so already.",
    )
    is_temporary: Mapped[bool] = mapped_column(
        Boolean, server_default="false", comment="Temporary use? It leaves the vacancy spell open."
    )
    opened_on: Mapped[date | None] = mapped_column(
        Date, comment="First day on which it was open to customers."
    )
    version: Mapped[int] = mapped_column(
        Integer,
        server_default="1",
        comment="Raised by every change; whoever changes names the version that was read.",
    )
    made_at: Mapped[datetime] = created_at("When it was made.")
    changed_at: Mapped[datetime] = created_at("When it last changed.")
    changed_by: Mapped[str] = mapped_column(Text, comment="Name that the officer gave who last changed it.")
    removed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was removed; empty while it counts."
    )


class CaseUnit(Keyed, Base):
    """A candidate shop unit of a case."""

    __tablename__ = "case_unit"
    __table_args__ = (
        UniqueConstraint("case_id", "shop_unit_id"),
        one_of("response", codes.CASE_UNIT_RESPONSE),
        one_of("owner_state", codes.CASE_OWNER_STATE),
        {"comment": "Candidate shop units of a case, with the response to each."},
    )

    case_id: Mapped[int] = mapped_column(
        ForeignKey("acquisition_case.id", ondelete="CASCADE"), comment="The case."
    )
    shop_unit_id: Mapped[int] = mapped_column(
        ForeignKey("shop_unit.id"), index=True, comment="The shop unit."
    )
    response: Mapped[str] = mapped_column(
        Text, server_default="proposed", comment="Code list case_unit_response: what the prospect said."
    )
    owner_state: Mapped[str] = mapped_column(
        Text, server_default="unknown", comment="Code list case_owner_state: how far the owner is."
    )
    proposed_by: Mapped[str] = mapped_column(Text, comment="Name of the officer who proposed it.")
    proposed_at: Mapped[datetime] = created_at("When it was proposed.")
    changed_by: Mapped[str] = mapped_column(
        Text, comment="Name of the officer who last changed what is said of it."
    )


class CaseActivity(Keyed, Base):
    """A call, visit, mail or note about a case."""

    __tablename__ = "case_activity"
    __table_args__ = (
        one_of("kind", codes.CASE_ACTIVITY_KIND),
        CheckConstraint("length(note) <= 4000", name="note"),
        CheckConstraint("kind <> 'note' OR note IS NOT NULL", name="says_something"),
        {"comment": "Contacts about a case: calls, visits, mails and notes."},
    )

    case_id: Mapped[int] = mapped_column(
        ForeignKey("acquisition_case.id", ondelete="CASCADE"), index=True, comment="The case."
    )
    kind: Mapped[str] = mapped_column(Text, comment="Code list case_activity_kind.")
    happened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="When it was.")
    note: Mapped[str | None] = mapped_column(
        Text, comment="What was said; facts only, no opinions, health or solvency of persons."
    )
    written_by: Mapped[str] = mapped_column(Text, comment="Name of the officer who wrote it.")
    written_at: Mapped[datetime] = created_at("When it was written.")
    removed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was removed; empty while it counts."
    )


class CaseDocument(Keyed, Base):
    """A file that belongs to a case."""

    __tablename__ = "case_document"
    __table_args__ = (
        one_of("format", codes.CASE_DOCUMENT_FORMAT),
        CheckConstraint("length(name) BETWEEN 3 AND 120 AND name !~ '[/\\\\[:cntrl:]]'", name="name"),
        CheckConstraint("name LIKE '%.' || format", name="extension"),
        CheckConstraint("length(description) BETWEEN 1 AND 500", name="description"),
        CheckConstraint("octet_length(content) BETWEEN 1 AND 15000000", name="content"),
        CheckConstraint("length(added_by) BETWEEN 1 AND 40", name="added_by"),
        CheckConstraint("length(changed_by) BETWEEN 1 AND 40", name="changed_by"),
        {"comment": "Documents of cases; data of persons belong with the contacts, not here."},
    )

    case_id: Mapped[int] = mapped_column(
        ForeignKey("acquisition_case.id", ondelete="CASCADE"), index=True, comment="The case."
    )
    name: Mapped[str] = mapped_column(Text, comment="Name of the file, with its ending; no name of a person.")
    format: Mapped[str] = mapped_column(
        Text, comment="What it is by its content: pdf, docx, xlsx, pptx, odt, ods, odp or jpg."
    )
    description: Mapped[str | None] = mapped_column(Text, comment="What it is about; facts only.")
    size_bytes: Mapped[int] = mapped_column(
        Integer, Computed("octet_length(content)", persisted=True), comment="Size, bytes."
    )
    content: Mapped[bytes] = mapped_column(
        LargeBinary,
        comment="The file, at most 15,000,000 bytes; a picture is made anew without place or camera.",
    )
    added_by: Mapped[str] = mapped_column(Text, comment="Name of the officer who added it.")
    added_at: Mapped[datetime] = created_at("When it was added.")
    changed_by: Mapped[str] = mapped_column(
        Text, comment="Name of the officer who last changed name or description."
    )
    removed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True),
        comment="When it was removed; empty while it counts. Thirty days later it goes for good.",
    )


class CaseChange(Keyed, Base):
    """One change of a case; written by the database and never changed."""

    __tablename__ = "case_change"
    __table_args__ = (
        UniqueConstraint("case_id", "version"),
        one_of("kind", codes.CASE_CHANGE_KIND),
        CheckConstraint("(kind = 'undone') = (undoes_id IS NOT NULL)", name="undone"),
        {"comment": "Every change of a case, written by the database; rows are added, never changed."},
    )

    case_id: Mapped[int] = mapped_column(
        ForeignKey("acquisition_case.id", ondelete="CASCADE"), comment="The case."
    )
    version: Mapped[int] = mapped_column(Integer, comment="Version of the case that the change made.")
    kind: Mapped[str] = mapped_column(Text, comment="Code list case_change_kind.")
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="Changed columns as they were.")
    after: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="Changed columns as they became.")
    changed_by: Mapped[str] = mapped_column(Text, comment="Name of the officer who changed it.")
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="When it was changed.")
    undoes_id: Mapped[int | None] = mapped_column(
        ForeignKey("case_change.id", ondelete="CASCADE"),
        unique=True,
        comment="The change that this one takes back.",
    )


class IncentiveGrant(Keyed, Base):
    """A grant given with a case."""

    __tablename__ = "incentive_grant"
    __table_args__ = (
        CheckConstraint("amount_eur >= 0", name="amount_eur"),
        {"comment": "Grants given with a case."},
    )

    case_id: Mapped[int] = mapped_column(
        ForeignKey("acquisition_case.id", ondelete="CASCADE"), index=True, comment="The case."
    )
    scheme: Mapped[str] = mapped_column(Text, comment="Name of the scheme.")
    amount_eur: Mapped[float] = mapped_column(Double, comment="Amount, EUR.")
    paid_on: Mapped[date | None] = mapped_column(Date, comment="Day it was paid; empty while it is not.")
    written_by: Mapped[str] = mapped_column(Text, comment="Name of the officer who wrote it.")
    written_at: Mapped[datetime] = created_at("When it was written.")
    removed_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was removed; empty while it counts."
    )
