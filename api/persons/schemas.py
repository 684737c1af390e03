"""Shapes of what is asked about contacts."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.acquisition.schemas import Day, Key, Line, Note

Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$"
    ),
]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9+()/. -]{4,40}$")]
LegalBasis = Literal["public_task", "consent", "pre_contract"]
Purpose = Literal["levy", "acquisition"]
Role = Literal["owner", "broker", "prospect", "operator"]
Months = Annotated[int, Field(ge=1, le=120)]


class PersonFacts(BaseModel):
    """What is kept of a contact; what is left out of a change stays as it was. Source and purpose never change."""

    model_config = ConfigDict(extra="forbid")

    full_name: Line = Field(default="", description="Name.")
    organisation: Line | None = Field(default=None, description="Organisation they act for.")
    email: Email | None = Field(default=None, description="E-mail address.")
    phone: Phone | None = Field(default=None, description="Telephone number.")
    language: Literal["nl", "fr", "en"] = Field(default="nl", description="Language they are addressed in.")
    legal_basis: LegalBasis = Field(
        default="public_task", description="GDPR 6.1: a public authority has no legitimate interest."
    )
    legal_basis_note: Line | None = Field(
        default=None, description="Which task, or how and when consent was given; consent needs it."
    )
    informed_on: Day | None = Field(default=None, description="Day on which the person was informed.")
    last_contact_on: Day | None = Field(default=None, description="Day of the last contact.")
    do_not_contact: bool = Field(default=False, description="Did the person ask not to be contacted?")
    note: Note | None = Field(
        default=None,
        description="Facts only: no opinions, health or solvency. Shown to the person on request.",
    )
    acquisition_basis: LegalBasis | None = Field(
        default=None,
        description="On which basis a contact from cadastre, register, KBO or levy may be used for acquisition.",
    )
    acquisition_basis_note: Line | None = Field(
        default=None, description="Which task, consent or request that is."
    )


class TieIn(BaseModel):
    """What a contact is tied to: one of the two."""

    model_config = ConfigDict(extra="forbid")

    role: Role = Field(default="owner", description="What the person is there.")
    shop_unit: Key | None = Field(default=None, description="A shop unit.")
    case: Key | None = Field(default=None, description="An acquisition case.")


class PersonIn(PersonFacts):
    """A new contact."""

    full_name: Line = Field(description="Name.")
    legal_basis: LegalBasis = Field(description="GDPR 6.1: a public authority has no legitimate interest.")
    source: Literal["self", "broker_listing", "kbo", "cadastre", "register"] = Field(
        description="Where the data come from."
    )
    purpose: Purpose = Field(description="What they are collected for.")
    collected_on: Day | None = Field(default=None, description="Day of collection; today unless said.")
    tie: TieIn | None = Field(default=None, description="What the person is tied to.")


class ErasureIn(BaseModel):
    """That an erasure, which has no way back, is meant."""

    model_config = ConfigDict(extra="forbid")

    is_sure: Literal[True] = Field(description="An erasure cannot be undone.")


class RetentionIn(BaseModel):
    """How long contacts and the log of reads are kept, months; what is left out is as the rule says."""

    model_config = ConfigDict(extra="forbid")

    prospect_months: Months = Field(default=24, description="A prospect without contact.")
    owner_months: Months = Field(default=12, description="An owner or broker, after the unit was let again.")
    lost_months: Months = Field(default=24, description="A contact of a lost or rejected case.")
    log_months: Months = Field(default=24, description="The log of reads.")
    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$"),
    ] = Field(description="Why, such as the advice of the data protection officer it rests on.")
