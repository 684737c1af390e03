"""What is sent about branches."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.dependencies import NIS_PATTERN

Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$")
]
Code = Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z0-9_]+$")]


class WishIn(BaseModel):
    """What a town wants of a branch."""

    model_config = ConfigDict(extra="forbid")

    branch_code: Code = Field(description="Branch of the list of branches.", examples=["bakery"])
    stance: Literal["wished", "unwanted", "open"] = Field(
        description="open: no position any more; of a core: the same as the whole municipality."
    )
    reason: Words = Field(description="Why, such as the decision it rests on.")
    core: Annotated[int, Field(ge=0, le=2**63 - 1)] | None = Field(
        None, description="Core it is said of; the whole municipality when left out."
    )
    since_on: date | None = Field(None, description="Day from which; today when left out.")


class ChoiceIn(BaseModel):
    """The towns to compare with."""

    model_config = ConfigDict(extra="forbid")

    peer_codes: list[Annotated[str, StringConstraints(pattern=NIS_PATTERN)]] | None = Field(
        None, min_length=1, max_length=20, description="NIS codes; the most alike when left out."
    )
    reason: Words = Field(description="Why these.")


class FlowIn(BaseModel):
    """A share of spending that flows away or online."""

    model_config = ConfigDict(extra="forbid")

    branch_group: Code = Field(examples=["daily"])
    kind: Literal["leakage", "online"]
    share: float | None = Field(None, ge=0, le=1, description="0-1; empty when it is no longer known.")
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")] | None = None  # fmt: skip
    year: int | None = Field(None, ge=1990, le=2100)
    reason: Words
