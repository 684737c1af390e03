"""Requirement profiles as they are asked and answered."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from api.dependencies import LARGEST_KEY, NIS_PATTERN
from api.match.wishes import BY_CODE, NAMES

WishCode = Literal[
    "floor_area_m2", "frontage_m", "is_ground_floor", "rent_eur_per_month", "rent_eur_per_m2_year", "passage_class",
    "catchment_population", "persons_bicycle_15_min", "persons_car_10_min", "spaces_200_m", "spaces_400_m",
    "neighbours_wanted", "neighbours_unwanted", "own_branch_m", "is_terrace_possible", "is_horeca_permitted",
    "is_in_core",
]  # fmt: skip
Number = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Branch = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$", description="Branch code.")]
# No zero byte: PostgreSQL has no such text.
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")
]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00]*$")
]


class WishIn(BaseModel):
    """One wish about premises: hard ones knock out, soft ones count for the rank."""

    model_config = ConfigDict(extra="forbid")

    code: WishCode
    low: Number | None = Field(default=None, description="Least, itself included.")
    high: Number | None = Field(default=None, description="Most, itself included.")
    branches: Annotated[list[Branch], Field(max_length=50)] = Field(
        default=[], description="Branches of the neighbours that are meant."
    )
    reach_m: Literal[100, 400] = Field(
        default=100, description="How far along the streets neighbours count, m."
    )
    is_hard: bool = True

    @model_validator(mode="after")
    def _makes_sense(self) -> "WishIn":
        kind = BY_CODE[self.code].kind
        if (kind == "branches") != bool(self.branches):
            raise ValueError("neighbours need branches, and nothing else has any")
        if kind == "yes":
            self.low, self.high = 1.0, None
        elif kind == "branches" and self.low is None and self.high is None:
            # Wanted: at least one of them; not wanted: none.
            least = NAMES[self.code]
            self.low, self.high = (least, None) if least else (None, least)
        if self.low is None and self.high is None:
            raise ValueError("give a least, a most, or both")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("the least must not be above the most")
        return self


class RequirementContent(BaseModel):
    """What is asked of premises."""

    model_config = ConfigDict(extra="forbid")

    wishes: Annotated[list[WishIn], Field(min_length=1, max_length=40)]

    @model_validator(mode="after")
    def _asks_once(self) -> "RequirementContent":
        asked = [(wish.code, wish.reach_m, tuple(sorted(set(wish.branches)))) for wish in self.wishes]
        if len(set(asked)) < len(asked):
            raise ValueError("a wish stands there twice")
        return self


class RequirementIn(BaseModel):
    """A requirement profile, or its next version."""

    model_config = ConfigDict(extra="forbid")

    municipality: str = Field(
        pattern=NIS_PATTERN, description="NIS code of the municipality.", examples=["34040"]
    )
    name: Name = Field(
        description="What it is called; no name of a person.", examples=["Bakker zoekt hoekpand"]
    )
    prospect_name: Line | None = Field(
        default=None, description="Organisation or formula; no name of a person."
    )
    branch_code: Branch | None = None
    case_id: Annotated[int, Field(ge=0, le=LARGEST_KEY)] | None = Field(
        default=None, description="Case that it belongs to."
    )
    score_profile: Annotated[str, Field(pattern=r"^[\w-]{1,80}$")] | None = Field(
        default=None, description="Key of the score profile that ranks what fits equally well."
    )
    content: RequirementContent


class RequirementOut(BaseModel):
    """One version of a requirement profile."""

    key: str
    nis_code: str
    version: int
    name: str
    prospect_name: str | None
    branch_code: str | None
    case_id: int | None
    case_title: str | None = Field(description="Of a case that still counts.")
    score_profile: str | None
    content: RequirementContent
    is_removed: bool
    made_by: str
    made_at: datetime


class WishKind(BaseModel):
    """Something that may be asked."""

    code: WishCode
    kind: Literal["range", "yes", "branches"]
    unit: str | None
    label_nl: str
    label_fr: str
    label_en: str


class RequirementList(BaseModel):
    """Requirement profiles of a municipality, and what may be asked."""

    items: list[RequirementOut]
    wishes: list[WishKind]


class RequirementVersions(BaseModel):
    """All versions of one profile, the newest first."""

    items: list[RequirementOut]


class CaseAsked(BaseModel):
    """For which premises a case begins."""

    model_config = ConfigDict(extra="forbid")

    shop_units: Annotated[
        list[Annotated[int, Field(ge=0, le=LARGEST_KEY)]], Field(min_length=1, max_length=3)
    ] = Field(description="The unit, or the units that would be joined.")
