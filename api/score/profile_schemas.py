"""Score profiles as they are asked and answered."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.dependencies import NIS_PATTERN
from api.score.criteria import INDICATORS

ShareLevel = Literal["own", "partners", "public"]
Direction = Literal["more", "less", "ideal"]
Scale = Literal["linear", "log"]
LARGEST = 1e9
Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]
Code = Annotated[
    str, Field(json_schema_extra={"enum": [item.code for item in INDICATORS]}, description="Indicator.")
]
Branch = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$", description="Branch code.")]
Branches = Annotated[list[Branch], Field(max_length=100)]
# No zero byte: PostgreSQL has no such text.
Name = Annotated[
    str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*\S[^\x00]*$", examples=["Bakker met terras"])
]
By = Annotated[str | None, Field(max_length=80, pattern=r"^[^\x00]*$", description="Who made this version.")]


class CriterionIn(BaseModel):
    """One criterion of a profile."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    weight: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = 0.1
    is_on: bool = Field(default=True, description="One that is off keeps its settings and does not count.")
    direction: Direction = "more"
    scale: Scale = "linear"
    ideal: Number | None = Field(default=None, description="The ideal value, for the direction ideal only.")
    low: Number | None = Field(
        default=None, description="Minimum of the scale; none: 5th percentile of all units."
    )
    high: Number | None = Field(
        default=None, description="Maximum of the scale; none: 95th percentile of all units."
    )


class WishIn(BaseModel):
    """One hard wish of a profile: a unit that fails it is out."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    low: Number | None = Field(default=None, description="Least, itself included.")
    high: Number | None = Field(default=None, description="Most, itself included.")
    is_unknown_out: bool = Field(
        default=False, description="A unit of which the value is not known is out too."
    )

    @model_validator(mode="after")
    def _has_an_end(self) -> "WishIn":
        if self.low is None and self.high is None:
            raise ValueError("give a least, a most, or both")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("the least must not be above the most")
        return self


class ProfileContent(BaseModel):
    """What one kind of business asks of a location."""

    model_config = ConfigDict(extra="forbid")

    criteria: Annotated[list[CriterionIn], Field(min_length=1, max_length=len(INDICATORS))]
    wishes: Annotated[list[WishIn], Field(max_length=30)] = []
    good: Branches = Field(default=[], description="Branches wanted next door.")
    bad: Branches = Field(default=[], description="Branches not wanted next door.")
    rivals: Branches = Field(default=[], description="Branches it competes with.")


class ProfileIn(BaseModel):
    """A profile of a municipality's own, or its next version."""

    model_config = ConfigDict(extra="forbid")

    municipality: str = Field(
        pattern=NIS_PATTERN, description="NIS code of the municipality.", examples=["34040"]
    )
    name: Name
    based_on: str | None = Field(
        default=None, max_length=80, pattern=r"^[^\x00]*$", description="Key of the profile it was made from."
    )
    content: ProfileContent
    share_level: ShareLevel = "own"
    made_by: By = None


class ProfileOut(BaseModel):
    """A profile; one that ships has no version."""

    key: str = Field(description="Name of a profile that ships, or the identity of one's own.")
    name: str
    label_nl: str
    label_fr: str
    label_en: str
    is_own: bool
    nis_code: str | None
    version: int | None
    based_on: str | None
    share_level: ShareLevel
    is_removed: bool
    made_by: str | None
    made_at: datetime | None
    content: ProfileContent


class Indicator(BaseModel):
    """What may count in a profile, with the settings it starts from."""

    code: str
    label_nl: str
    label_fr: str
    label_en: str
    unit: str | None
    direction: Direction
    scale: Scale


class ProfileList(BaseModel):
    """Profiles that a municipality may use: those that ship, its own, and those that others share."""

    items: list[ProfileOut]
    indicators: list[Indicator]


class ProfileVersions(BaseModel):
    """All versions of one profile, the newest first."""

    items: list[ProfileOut]
