"""Shapes of what is asked about cases."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")
]
Note = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000, pattern=r"^[^\x00]*$")
]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00]*$")
]
Code = Annotated[str, Field(pattern=r"^\w{1,60}$")]
Figure = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Key = Annotated[int, Field(ge=0, le=2**63 - 1)]
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2200, 1, 1))]
Instant = Annotated[
    AwareDatetime,
    Field(
        ge=datetime.fromisoformat("1990-01-01T00:00:00+00:00"),
        lt=datetime.fromisoformat("2200-01-01T00:00:00+00:00"),
    ),
]
Actor = Literal["city", "owner", "prospect", "broker"]
Origin = Literal[
    "starter", "relocation_within", "relocation_outside", "chain_expansion", "takeover", "unknown"
]
Need = Literal[
    "ground_floor", "corner", "terrace", "parking_near", "loading_near", "kitchen_extraction", "step_free", "storage",
]  # fmt: skip
State = Literal[
    "identified", "qualified", "contacted", "in_dialogue", "visit_planned", "visited", "offer", "negotiation",
    "signed", "fit_out", "opened", "aftercare", "on_hold", "lost", "rejected",
]  # fmt: skip
LossReason = Literal[
    "rent", "size", "state", "location_footfall", "parking_access", "permit", "finance", "expansion_stop",
    "chose_other_city", "owner_refused", "no_response", "not_wished", "other",
]  # fmt: skip


class CaseFacts(BaseModel):
    """What a case says of itself; what is left out of a change stays as it was."""

    model_config = ConfigDict(extra="forbid")

    title: Line = Field(default="", description="What it is called on the board; no name of a person.")
    prospect_name: Line | None = Field(
        default=None, description="Organisation or formula; no name of a person."
    )
    branch_code: Code | None = Field(default=None, description="Branch looked for, of code list branch.")
    is_wished: bool | None = Field(
        default=None, description="Does the city want this branch? A person says so."
    )
    min_m2: Figure | None = Field(default=None, description="Smallest sales floor area, m2.")
    max_m2: Figure | None = Field(default=None, description="Largest sales floor area, m2.")
    max_rent_eur_per_month: Figure | None = Field(default=None, description="Highest rent, EUR a month.")
    needs: Annotated[list[Need], Field(max_length=20)] = Field(
        default_factory=list, description="What the premises must have."
    )
    origin: Origin = Field(default="unknown", description="Where the occupant comes from.")
    acts: Actor = Field(default="city", description="Who acts next.")
    handled_by: Name | None = Field(default=None, description="Officer who follows it up.")
    next_action: Line | None = Field(default=None, description="What is to be done next.")
    next_action_on: Day | None = Field(default=None, description="Day on which it is to be done.")


class CaseIn(CaseFacts):
    """A new case."""

    title: Line = Field(description="What it is called on the board; no name of a person.")
    shop_unit: Key | None = Field(default=None, description="First candidate unit.")


class StepIn(BaseModel):
    """A step to another state, with what that state asks for."""

    model_config = ConfigDict(extra="forbid")

    to: State
    on: Day | None = Field(
        default=None,
        description="signed: first day of the lease; opened: first open day; of no account on a step back.",
    )
    shop_unit: Key | None = Field(default=None, description="signed: the unit that is let.")
    occupant_name: Line | None = Field(
        default=None, description="signed: name over the door; that of the prospect unless said."
    )
    is_temporary: bool = Field(
        default=False, description="signed: temporary use, which leaves the unit vacant."
    )
    next_action_on: Day | None = Field(default=None, description="visit_planned: day of the visit.")
    hold_until: Day | None = Field(default=None, description="on_hold: day on which it is looked at again.")
    loss_reason: LossReason | None = Field(default=None, description="lost: why.")


class SaidOfUnit(BaseModel):
    """How prospect and owner respond to a candidate unit."""

    model_config = ConfigDict(extra="forbid")

    response: Literal["proposed", "interested", "offered", "declined"] = "proposed"
    owner_state: Literal["unknown", "found", "informed", "cooperating", "refusing"] = "unknown"


class CaseUnitIn(SaidOfUnit):
    """What is said of a candidate unit."""

    was: SaidOfUnit | None = Field(
        default=None, description="What was read of a unit that is a candidate already; null: a new one."
    )


FileName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255, pattern=r"^[^\x00]*$")
]
Described = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$")
]


class SaidOfDocument(BaseModel):
    """Name and description of a document."""

    model_config = ConfigDict(extra="forbid")

    name: FileName = Field(description="Name of the file; no name of a person.")
    description: Described | None = Field(
        default=None, description="What it is about: facts only, nothing of persons."
    )


class DocumentIn(SaidOfDocument):
    """Another name or description of a document."""

    was: SaidOfDocument = Field(description="Both as they were read.")


class ActivityIn(BaseModel):
    """A contact about a case. No opinions, health or solvency of persons: notes are shown to whom they are about."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["call", "visit", "mail", "note"]
    happened_at: Instant | None = Field(default=None, description="When it was; now unless said.")
    note: Note | None = Field(default=None, description="Facts only; a note needs one.")


class GrantIn(BaseModel):
    """A grant that was given."""

    model_config = ConfigDict(extra="forbid")

    scheme: Line
    amount_eur: Annotated[float, Field(ge=0, le=1e8, allow_inf_nan=False)]
    paid_on: Day | None = None
