"""Street rounds as somebody sends them."""

import uuid
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from api.dependencies import LARGEST_KEY, NIS_PATTERN

Key = Annotated[int, Field(ge=0, le=LARGEST_KEY)]
Scope = Literal["municipality", "core", "streets"]
State = Literal["occupied", "vacant", "non_retail", "unknown"]
Status = Literal["same", "vacant", "occupied", "non_retail", "not_found", "new_unit", "withdrawn"]
# No text of PostgreSQL holds a zero byte.
NO_ZERO = r"^[^\x00]*$"
Branch = Annotated[str, Field(pattern=r"^\w{1,60}$")]
Name = Annotated[str, Field(max_length=200, pattern=NO_ZERO)]
MOST_STREETS = 500
MOST_OBSERVATIONS = 500
MOST_DECISIONS = 5000


class RoundIn(BaseModel):
    """A round to be started."""

    model_config = ConfigDict(extra="forbid")

    municipality: str = Field(
        pattern=NIS_PATTERN, description="NIS code of the municipality.", examples=["34040"]
    )
    name: str = Field(min_length=1, max_length=120, pattern=NO_ZERO, description="Such as: Autumn 2026.")
    scope: Scope = Field(default="municipality", description="The whole municipality, one core, or streets.")
    core_id: Key | None = Field(default=None, description="The core, where the scope is one.")
    streets: list[Annotated[str, Field(min_length=1, max_length=200, pattern=NO_ZERO)]] = Field(
        default_factory=list, max_length=MOST_STREETS, description="The streets, where the scope is streets."
    )


class ObservationIn(BaseModel):
    """What one officer saw of one shop unit."""

    model_config = ConfigDict(extra="forbid")

    uid: uuid.UUID = Field(description="Made on the phone; sent twice it is one observation.")
    unit: Key = Field(description="The shop unit; for a new one, the unit it stands beside.")
    officer: str = Field(min_length=1, max_length=40, pattern=NO_ZERO, description="Alias, not an account.")
    status: Status = Field(description="What was seen; same: as the register says.")
    branch_code: Branch | None = None
    occupant_name: Name | None = Field(default=None, description="Name over the door.")
    note: str | None = Field(
        default=None, max_length=500, pattern=NO_ZERO, description="For the desk; nothing about persons."
    )
    is_bulk: bool = Field(default=False, description="Confirmed with the rest of its street?")
    observed_at: AwareDatetime = Field(description="By the clock of the phone, with its zone.")
    supersedes: uuid.UUID | None = Field(
        default=None, description="Earlier observation of the same officer and unit that this one replaces."
    )
    base_state: State = Field(description="What the register said when the officer saw it.")
    base_occupant_name: Name | None = None
    base_branch_code: Branch | None = None

    @model_validator(mode="after")
    def _must_make_sense(self) -> "ObservationIn":
        if self.status == "same" and self.base_state == "unknown":
            raise ValueError("a unit of which nothing is known cannot be still the same")
        if self.status == "withdrawn" and self.supersedes is None:
            raise ValueError("what is taken back must be named in supersedes")
        if self.supersedes == self.uid:
            raise ValueError("an observation cannot supersede itself")
        if not 2000 <= self.observed_at.year <= 2200:
            raise ValueError("observed_at lies in another age: set the clock of the phone")
        return self


class ObservationsIn(BaseModel):
    """What a phone kept while it waited."""

    model_config = ConfigDict(extra="forbid")

    observations: list[ObservationIn] = Field(min_length=1, max_length=MOST_OBSERVATIONS)


class DecisionsIn(BaseModel):
    """What becomes of observations."""

    model_config = ConfigDict(extra="forbid")

    accept: list[Key] = Field(
        default_factory=list, max_length=MOST_DECISIONS, description="Observations for the register."
    )
    reject: list[Key] = Field(
        default_factory=list, max_length=MOST_DECISIONS, description="Observations that were wrong."
    )
    reopen: list[Key] = Field(
        default_factory=list, max_length=MOST_DECISIONS, description="Rejected ones, to be decided again."
    )
