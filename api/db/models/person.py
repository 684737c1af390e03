"""Contacts and all that is kept of them, in a schema that only the role kernkaart_crm may enter."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.db import codes
from api.db.base import Base, Keyed, OfMunicipality, created_at, one_of

SCHEMA = "crm"


class Person(Keyed, OfMunicipality, Base):
    """One contact, with its legal basis, source and purpose."""

    __tablename__ = "person"
    __table_args__ = (
        one_of("language", ("nl", "fr", "en")),
        one_of("legal_basis", codes.PERSON_LEGAL_BASIS),
        one_of("source", codes.PERSON_SOURCE),
        one_of("purpose", codes.PERSON_PURPOSE),
        one_of("acquisition_basis", codes.PERSON_LEGAL_BASIS),
        {
            "schema": SCHEMA,
            "comment": "Contacts. Only the role kernkaart_crm reads them, through functions that log it.",
        },
    )

    full_name: Mapped[str] = mapped_column(Text, comment="Name.")
    organisation: Mapped[str | None] = mapped_column(Text, comment="Organisation they act for.")
    email: Mapped[str | None] = mapped_column(Text, comment="E-mail address.")
    phone: Mapped[str | None] = mapped_column(Text, comment="Telephone number.")
    language: Mapped[str] = mapped_column(
        Text, server_default="nl", comment="Language they are addressed in: nl, fr or en."
    )
    legal_basis: Mapped[str] = mapped_column(
        Text, comment="Code list person_legal_basis: public_task (GDPR 6.1.e), consent, pre_contract."
    )
    legal_basis_note: Mapped[str | None] = mapped_column(
        Text, comment="Which task, or how and when consent was given; consent needs it."
    )
    source: Mapped[str] = mapped_column(Text, comment="Code list person_source: where the data come from.")
    purpose: Mapped[str] = mapped_column(
        Text, comment="Code list person_purpose: what they were collected for."
    )
    collected_on: Mapped[date] = mapped_column(
        Date, server_default="current_date", comment="Day on which they were collected."
    )
    informed_on: Mapped[date | None] = mapped_column(
        Date, comment="Day on which the person was informed (GDPR 13, 14); empty while not."
    )
    last_contact_on: Mapped[date | None] = mapped_column(Date, comment="Day of the last contact.")
    do_not_contact: Mapped[bool] = mapped_column(
        Boolean, server_default="false", comment="Did the person ask not to be contacted?"
    )
    note: Mapped[str | None] = mapped_column(
        Text, comment="Facts only: no opinions, health or solvency. Shown to the person on request."
    )
    acquisition_basis: Mapped[str | None] = mapped_column(
        Text, comment="On which basis a contact from behind the wall may be used for acquisition."
    )
    acquisition_basis_note: Mapped[str | None] = mapped_column(
        Text, comment="Which task, consent or request that is."
    )
    acquisition_basis_by: Mapped[str | None] = mapped_column(
        Text, comment="Name of the officer who recorded it."
    )
    acquisition_basis_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When it was recorded."
    )
    is_for_acquisition: Mapped[bool] = mapped_column(
        Boolean,
        Computed(
            "acquisition_basis IS NOT NULL OR (purpose = 'acquisition' AND source IN ('self', 'broker_listing'))"
        ),
        comment="May it be used for acquisition? Generated.",
    )
    inform_by: Mapped[date] = mapped_column(
        Date,
        Computed(
            "least(CASE WHEN source = 'self' THEN collected_on ELSE (collected_on + interval '1 month')::date END, "
            "last_contact_on)"
        ),
        comment="Last day to inform the person: a month after collection, or the first contact; generated.",
    )
    version: Mapped[int] = mapped_column(
        Integer,
        server_default="1",
        comment="Raised by every change; whoever changes names the version that was read.",
    )
    made_at: Mapped[datetime] = created_at("When it was made.")
    changed_at: Mapped[datetime] = created_at("When it last changed.")
    changed_by: Mapped[str] = mapped_column(Text, comment="Name of the officer who last changed it.")


class PersonTie(Keyed, Base):
    """A contact tied to a shop unit or to a case."""

    __tablename__ = "person_tie"
    __table_args__ = (
        UniqueConstraint("person_id", "shop_unit_id", "case_id", postgresql_nulls_not_distinct=True),
        one_of("role", codes.PERSON_ROLE),
        {"schema": SCHEMA, "comment": "What a contact is tied to: a shop unit or an acquisition case."},
    )

    person_id: Mapped[int] = mapped_column(
        ForeignKey("crm.person.id", ondelete="CASCADE"), comment="The contact."
    )
    role: Mapped[str] = mapped_column(Text, comment="Code list person_role.")
    shop_unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("shop_unit.id"), index=True, comment="The shop unit, or empty."
    )
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("acquisition_case.id", ondelete="CASCADE"),
        index=True,
        comment="The acquisition case, or empty.",
    )
    made_by: Mapped[str] = mapped_column(Text, comment="Name of the officer who made the tie.")
    made_at: Mapped[datetime] = created_at("When it was made.")


class PersonChange(Keyed, Base):
    """A change of a contact, with what it was before."""

    __tablename__ = "person_change"
    __table_args__ = (
        UniqueConstraint("person_id", "version"),
        UniqueConstraint("undoes_id"),
        one_of("kind", codes.PERSON_CHANGE_KIND),
        {
            "schema": SCHEMA,
            "comment": "Every change of a contact, written by the database; goes when the person is erased.",
        },
    )

    person_id: Mapped[int] = mapped_column(
        ForeignKey("crm.person.id", ondelete="CASCADE"), comment="The contact."
    )
    version: Mapped[int] = mapped_column(Integer, comment="Version that the change made.")
    kind: Mapped[str] = mapped_column(Text, comment="made, facts or undone.")
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="Changed columns as they were.")
    after: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="Changed columns as they became.")
    changed_by: Mapped[str] = mapped_column(Text, comment="Name of the officer who changed it.")
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="When it was changed.")
    undoes_id: Mapped[int | None] = mapped_column(
        ForeignKey("crm.person_change.id", ondelete="CASCADE"), comment="The change that this one takes back."
    )


class AccessLog(Keyed, Base):
    """One read, change, export or erasure of one contact."""

    __tablename__ = "access_log"
    __table_args__ = (
        one_of("action", codes.PERSON_ACTION),
        one_of("purpose", codes.PERSON_PURPOSE),
        Index("ix_access_log_nis_code", "nis_code", "at"),
        {
            "schema": SCHEMA,
            "comment": "Who read, changed, exported or erased which contact, when and why; rows are added, never changed.",
        },
    )

    at: Mapped[datetime] = created_at("When.")
    officer: Mapped[str] = mapped_column(Text, comment="Name that the officer gave.")
    action: Mapped[str] = mapped_column(Text, comment="list, read, change, export or erase.")
    purpose: Mapped[str | None] = mapped_column(Text, comment="For what it was read: levy or acquisition.")
    route: Mapped[str] = mapped_column(
        Text, comment="By which way: the address of the request, or the command."
    )
    person_id: Mapped[int] = mapped_column(
        BigInteger, index=True, comment="Key of the contact; of nobody once it is erased."
    )
    nis_code: Mapped[str] = mapped_column(Text, comment="NIS code of the municipality.")


class Erasure(Keyed, Base):
    """That somebody was erased, without who."""

    __tablename__ = "erasure"
    __table_args__ = (
        one_of("reason", codes.ERASURE_REASON),
        {"schema": SCHEMA, "comment": "That a contact was erased: a count without a person."},
    )

    nis_code: Mapped[str] = mapped_column(
        Text,
        ForeignKey("municipality.nis_code", ondelete="CASCADE"),
        index=True,
        comment="NIS code of the municipality.",
    )
    erased_at: Mapped[datetime] = created_at("When.")
    reason: Mapped[str] = mapped_column(
        Text, comment="asked, or the rule of retention: prospect, owner, lost."
    )
    erased_by: Mapped[str] = mapped_column(Text, comment="Name of the officer, or the retention job.")
    source: Mapped[str] = mapped_column(Text, comment="Where the data came from.")
    purpose: Mapped[str] = mapped_column(Text, comment="What they were collected for.")
    months_kept: Mapped[int] = mapped_column(Integer, comment="How long they were kept, whole months.")
