"""Entries and decisions about vacancy as somebody sends them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import LARGEST_KEY

Key = Annotated[int, Field(ge=0, le=LARGEST_KEY)]
Words = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]


class ExpectedIn(BaseModel):
    """A unit that is expected to fall empty; nothing about persons."""

    model_config = ConfigDict(extra="forbid")

    shop_unit_id: Key
    kind: Literal["announced_closing", "lease_end", "other"]
    expected_on: date | None = Field(default=None, description="Day on which it is expected, when known.")
    source: Words | None = Field(default=None, description="Where it is known from.")
    note: Words | None = Field(default=None, description="Nothing about persons.")


class RelocationIn(BaseModel):
    """What a person says of a move inside the municipality."""

    model_config = ConfigDict(extra="forbid")

    occupancy_id: Key = Field(description="The occupancy of the new place.")
    from_unit_id: Key = Field(description="The unit that was left.")
    is_confirmed: bool = Field(description="Is it the same shop? If not, the proposal does not come back.")
