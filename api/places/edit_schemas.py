"""Shapes of what is asked and answered about edits of shop units."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*\S[^\x00]*$")]
Short = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[^\x00]*\S[^\x00]*$")]
Code = Annotated[str, Field(pattern=r"^\w{1,60}$")]
AreaM2 = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Key = Annotated[int, Field(ge=0, le=2**63 - 1)]


class Asked(BaseModel):
    """What every edit says: the first day of what comes after. A misspelt name is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")

    on: date | None = Field(default=None, description="First day of what comes after; today unless said.")


class ContentAsked(BaseModel):
    """What goes on in a new unit."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["as_before", "vacant", "occupied", "unknown"] = Field(
        default="as_before",
        description="as_before: who trades goes on, what is empty stays empty since then.",
    )
    occupant_name: Name | None = Field(default=None, description="Name over the door, when occupied.")
    branch_code: Code | None = Field(default=None, description="Of code list branch, when occupied.")
    house_number: Short | None = Field(default=None, description="House number; that of before unless said.")
    house_number_end: Short | None = Field(default=None, description="Last number of a range.")
    box: Short | None = Field(default=None, description="Box number.")


class PartAsked(ContentAsked):
    """One part of a unit that is split."""

    floor_area_m2: AreaM2 | None = Field(default=None, description="Sales floor area, m2; empty: not known.")
    frontage_m: AreaM2 | None = Field(default=None, description="Width of the shop front, m.")


class SplitAsked(Asked):
    """A split."""

    parts: list[PartAsked] = Field(min_length=2, max_length=20)
    unassigned_m2: AreaM2 = Field(default=0.0, description="Floor area that goes to no part, m2.")


class MergeAsked(Asked, ContentAsked):
    """A merger; the whole stands where the first of the units does."""

    units: list[Key] = Field(
        min_length=2, max_length=20, description="Shop units to join; the first gives its address."
    )
    keeps: Key | None = Field(default=None, description="Unit whose occupant goes on in the whole.")
    is_apart: bool = Field(
        default=False, description="Join them although they do not stand beside each other."
    )


class EndAsked(Asked):
    """The end of a unit."""

    ending: Literal["converted", "demolished"]


class MadeUnit(BaseModel):
    """A unit that an edit made."""

    id: int
    local_code: str
    floor_area_m2: float | None


class TemporaryUse(BaseModel):
    """A temporary use that ended with the unit it was in."""

    unit: str
    occupant_name: str | None


class EditAnswer(BaseModel):
    """What an edit did; `id` is what undo asks for."""

    id: int
    kind: Literal["split", "merge", "end"]
    on: date
    units: list[MadeUnit]
    ceased: list[int]
    notes: list[str]
    temporary_uses: list[TemporaryUse] = Field(description="What `notes` say, for other languages.")


class Edit(BaseModel):
    """An edit as the list shows it."""

    id: int
    kind: str
    label: str
    on: date
    made_at: datetime
    state: Literal["done", "undone"]
    undone_at: datetime | None
    units: list[int] = Field(description="Units it made; empty after undo.")


class EditList(BaseModel):
    """Edits, newest first."""

    items: list[Edit]


class UndoneAnswer(BaseModel):
    """What undoing brought back."""

    id: int
    report: dict[str, int] = Field(description="Rows removed and restored, by table.")


class Neighbour(BaseModel):
    """A unit near another."""

    id: int
    address: str
    state: str
    name: str | None
    floor_area_m2: float | None
    distance_m: float


class NeighbourList(BaseModel):
    """Units around one, nearest first."""

    items: list[Neighbour]
