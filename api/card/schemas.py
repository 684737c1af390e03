"""Shapes of what is asked about unit cards, consent, links and proposals."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.card.fields import PUBLISHABLE

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")
]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=r"^[^\x00]*$")
]
Figure = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Money = Annotated[float, Field(ge=0, le=100_000_000, allow_inf_nan=False)]
Role = Literal["owner", "broker"]
FitoutState = Literal["ready", "refresh", "renovate", "shell"]
EpcLabel = Literal["A_plus", "A", "B", "C", "D", "E", "F", "G", "exempt"]
StepAccess = Literal["step_free", "threshold", "steps"]
LeaseType = Literal["commercial", "short", "popup", "other", "sale"]
Heritage = Literal["none", "inventory", "townscape", "monument"]
PlanningUse = Literal["retail", "hospitality", "services", "mixed", "other"]
Horeca = Literal["fit", "with_works", "unfit"]
Publishable = Literal[
    "floor_area_m2", "gross_area_m2", "frontage_m", "storage_m2", "basement_m2", "floors", "ceiling_height_m",
    "fitout_state", "epc_label", "step_access", "is_terrace_possible", "heritage", "planning_use", "horeca",
    "delivery", "rent_eur_per_month", "price_eur", "charges_eur_per_month", "deposit_months", "lease_type",
    "broker_name", "broker_contact", "photo", "surroundings",
]  # fmt: skip


class OwnerFacts(BaseModel):
    """Facts that an owner may propose; what is left out stays, null is not known."""

    model_config = ConfigDict(extra="forbid")

    storage_m2: Figure | None = Field(default=None, description="Storage, m2.")
    basement_m2: Figure | None = Field(default=None, description="Basement, m2.")
    floors: Annotated[int, Field(ge=1, le=60)] | None = Field(
        default=None, description="Floors of the shop, ground floor included."
    )
    ceiling_height_m: Annotated[float, Field(ge=1, le=30, allow_inf_nan=False)] | None = Field(
        default=None, description="Free height of the shop, m."
    )
    fitout_state: FitoutState | None = Field(default=None, description="Condition, code list fitout_state.")
    epc_label: EpcLabel | None = Field(default=None, description="Energy label, code list epc_label.")
    step_access: StepAccess | None = Field(
        default=None, description="How one gets in on wheels, code list step_access."
    )
    is_terrace_possible: bool | None = Field(default=None, description="Is a terrace possible?")
    rent_eur_per_month: Money | None = Field(default=None, description="Rent asked, EUR a month.")
    price_eur: Money | None = Field(default=None, description="Price asked, EUR.")
    charges_eur_per_month: Money | None = Field(default=None, description="Charges, EUR a month.")
    deposit_months: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)] | None = Field(
        default=None, description="Deposit, months of rent."
    )
    lease_type: LeaseType | None = Field(default=None, description="Contract, code list lease_type.")
    broker_name: Line | None = Field(
        default=None, description="Organisation that lets or sells it; no name of a person."
    )
    broker_contact: Line | None = Field(
        default=None, description="Public telephone number, address or website of that organisation."
    )


class CardFacts(OwnerFacts):
    """Facts of a card; what is left out stays as it was, null is not known."""

    heritage: Heritage | None = Field(default=None, description="Protection, code list heritage.")
    planning_use: PlanningUse | None = Field(
        default=None, description="Use that planning allows, code list planning_use."
    )
    horeca: Horeca | None = Field(default=None, description="Fit for food and drink, code list horeca.")
    delivery: Text | None = Field(default=None, description="When and where goods are delivered.")
    grants: Text | None = Field(default=None, description="Grants that apply.")


class ConsentIn(BaseModel):
    """What may be published of a unit beside its address."""

    model_config = ConfigDict(extra="forbid")

    fields: Annotated[list[Publishable], Field(min_length=1, max_length=len(PUBLISHABLE))] = Field(
        description="Of code list card_field."
    )


class RecordedConsentIn(ConsentIn):
    """Consent that an officer writes down."""

    role: Role = Field(description="Who agreed.")
    given_via: Literal["letter", "mail", "talk"] = Field(description="How it was given.")


class LinkIn(BaseModel):
    """A new link for an owner or broker."""

    model_config = ConfigDict(extra="forbid")

    role: Role = Field(default="owner", description="For whom it is.")
    days: Annotated[int, Field(ge=1, le=90)] = Field(default=30, description="How long it opens the form.")


class DecisionIn(BaseModel):
    """What an officer decides of one proposed value."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["pending", "accepted", "rejected"] = Field(
        description="pending takes an earlier decision back."
    )
    reason: Text | None = Field(default=None, description="Why it is rejected.")


class ContactIn(BaseModel):
    """Whom strangers ask."""

    model_config = ConfigDict(extra="forbid")

    organisation: Line = Field(description="Service of the city; no name of a person.")
    contact: Line = Field(description="Its public telephone number, address or website.")
