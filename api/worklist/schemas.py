"""Shapes of the questions and answers about the work list."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from api.dependencies import LARGEST_KEY

Kind = Literal[
    "vacant_active",
    "occupied_ended",
    "other_branch",
    "vacant_hint",
    "state_unknown",
    "temporary_clash",
    "same_occupant",
    "unplaced",
    "stale",
]
Verdict = Literal["survey_right", "register_right", "next_round", "not_same"]
Key = Annotated[int, Field(ge=0, le=LARGEST_KEY)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00]*$")]
Alias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00]*$")
]


class Side(BaseModel):
    """What one source says, and when."""

    source: str
    observed_on: date | None = Field(description="Day the source describes; null: not known.")
    says: list[str] = Field(description="Sentences in the language asked for.")


class Change(BaseModel):
    """What would be written if the other source is right."""

    state: Literal["occupied", "vacant", "non_retail"]
    on: date
    occupant_name: str | None
    branch_group: str | None


class Decision(BaseModel):
    """What somebody decided."""

    id: int
    verdict: Verdict
    reason: str | None
    by: str
    at: datetime


class Item(BaseModel):
    """One thing to look at, with both sources."""

    id: int
    kind: Kind
    shop_unit_id: int
    address: str
    street: str | None
    state: Literal["occupied", "vacant", "non_retail", "unknown"]
    last_seen_on: date | None
    seen_months_ago: int | None
    lon: float
    lat: float
    evidence_key: str = Field(description="Send it back with a decision: other facts are another key.")
    survey: Side
    other: Side | None = Field(description="null: there is no other source, the unit is only stale.")
    suggestion: Verdict
    verdicts: list[Verdict] = Field(description="What may be decided.")
    change: Change | None
    decision: Decision | None


class StreetCount(BaseModel):
    """How many items a street has."""

    street: str | None
    items: int


class Companies(BaseModel):
    """What is known of the company register here."""

    snapshot_on: date
    establishments: int
    matched: int = Field(description="Establishments with exactly one shop unit at their address.")


class Worklist(BaseModel):
    """One page of the work list; `total` counts all pages of this question, `kinds` and `streets` all of them."""

    total: int
    kinds: dict[Kind, int]
    streets: list[StreetCount]
    fresh_months: int
    stale_months: int
    companies: Companies | None = Field(
        description="null: no company register was imported for this municipality."
    )
    next: str | None = Field(description="Address of the next page; null on the last.")
    items: list[Item]


class Judged(BaseModel):
    """The item a decision is about, as it was shown."""

    shop_unit_id: Key
    kind: Kind
    evidence_key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class ChangeIn(BaseModel):
    """What is to be written."""

    state: Literal["occupied", "vacant", "non_retail"]
    on: date = Field(description="From this day; not in the future and not before it was last seen.")
    occupant_name: Line | None = None
    branch_code: Annotated[str, StringConstraints(pattern=r"^\w{1,60}$")] | None = None


class DecisionIn(BaseModel):
    """A decision on one item, or the same on many."""

    municipality: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z._-]{1,20}$")]
    items: Annotated[list[Judged], Field(min_length=1, max_length=2000)]
    verdict: Verdict
    by: Alias = Field(description="Alias of who decides.")
    reason: Line | None = None
    change: ChangeIn | None = Field(default=None, description="With `register_right`, of one item.")


class UndoIn(BaseModel):
    """Decisions to take back."""

    municipality: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z._-]{1,20}$")]
    decisions: Annotated[list[Key], Field(min_length=1, max_length=2000)]
    by: Alias


class Decided(BaseModel):
    """Keys of the decisions that were written."""

    decisions: list[int]


class PastDecision(Decision):
    """What was decided once, whether or not it still holds."""

    kind: Kind
    shop_unit_id: int
    address: str
    is_written: bool = Field(description="It wrote to the history of the unit.")
    undone_by: str | None = Field(description="Alias of who took it back; null while it stands.")
    undone_at: datetime | None


class PastDecisions(BaseModel):
    """Decisions, the newest first."""

    items: list[PastDecision]
    next: int | None = Field(description="Ask with `before` this key for older ones; null: there are none.")
