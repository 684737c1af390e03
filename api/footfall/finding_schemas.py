"""Shapes of the questions and answers about what looks wrong in counts."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from api.dependencies import LARGEST_KEY, NIS_PATTERN

State = Literal["open", "confirmed", "overruled"]
Kind = Literal[
    "zero_run", "stuck", "spike", "drop_out", "spike_review", "level_shift", "clock", "night", "one_direction",
    "twin", "gap", "low_uptime",
]  # fmt: skip
Key = Annotated[int, Field(ge=0, le=LARGEST_KEY)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00]*$")]
Alias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00]*$")
]
Nis = Annotated[str, StringConstraints(pattern=NIS_PATTERN)]


class Finding(BaseModel):
    """Hours of a sensor that look wrong."""

    id: int
    sensor_id: int
    sensor: str
    mode: str
    kind: Kind
    from_: datetime = Field(alias="from")
    to: datetime = Field(description="Instant after the last.")
    hours: float
    strength: float | None = Field(
        description="By kind: counted over usual; clock: hours ahead; twin: correlation; gap: hours that miss."
    )
    detail: dict[str, Any] = Field(description="What it rests on, in numbers.")
    sentence: str = Field(description="The same in words, in the language asked for.")
    found_at: datetime
    state: State
    is_counted: bool = Field(description="Are its hours in the figures as things stand?")
    is_decidable: bool = Field(description="False for hours that miss.")
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None


class FindingStates(BaseModel):
    """How many findings wait and how many are decided, whatever was asked for; gaps need no decision."""

    open: int
    confirmed: int
    overruled: int
    gap: int


class FindingList(BaseModel):
    """One page, newest first; `total` counts all pages of this question."""

    total: int
    states: FindingStates
    items: list[Finding]


class Beside(BaseModel):
    """One hour, day, or hour of the mean day."""

    start: str = Field(description="On the clock of the wall; of the mean day the hour.")
    value: float | None = Field(description="As received, whatever its flag; null: nothing arrived.")
    usual: float | None = Field(
        description="By its eight weeks before and by what the other sensors do that day."
    )


class Around(BaseModel):
    """A finding with what was counted around it."""

    finding: Finding
    step: Literal["hour", "day", "hour_of_day"]
    items: list[Beside]


class DecisionIn(BaseModel):
    """confirmed: the sensor was wrong, leave its hours out. overruled: it was right, count them."""

    municipality: Nis
    findings: Annotated[list[Key], Field(min_length=1, max_length=500)]
    verdict: Literal["confirmed", "overruled"]
    by: Alias = Field(description="Alias of who decides.")
    reason: Line | None = Field(default=None, description="Why; nothing about persons.")


class UndoIn(BaseModel):
    """Decisions to take back."""

    municipality: Nis
    findings: Annotated[list[Key], Field(min_length=1, max_length=500)]
    by: Alias


class Decided(BaseModel):
    """What a decision touched."""

    findings: int
    readings: int = Field(description="Readings whose flag changed; none was changed itself.")


class SensorQuality(BaseModel):
    """Shares of the hours in which a sensor should have counted; null: none was expected."""

    sensor_id: int
    sensor: str
    n_expected: int
    valid_share: float | None
    in_doubt_share: float | None = Field(description="Counted, in a finding that nobody decided on yet.")
    left_out_share: float | None = Field(description="Counted, and not believed.")
    missing_share: float | None = Field(description="Never arrived.")
    fillable_share: float | None = Field(description="Left out or missing, but can be estimated.")
    n_open: int = Field(description="Findings that wait for a decision.")


class Quality(BaseModel):
    """All sensors that count passages, over a period."""

    from_: datetime = Field(alias="from")
    to: datetime
    items: list[SensorQuality]


class FilledItem(BaseModel):
    """One hour, day, week or month."""

    start: str = Field(description="On the clock of the wall.")
    value: float | None
    n_hours: int
    n_imputed: int
    imputed_share: float
    reason: Literal["too_much_imputed", "not_whole"] | None = Field(description="Why there is no value.")


class Filled(BaseModel):
    """A series whose missing hours are filled and told apart."""

    sensor_id: int
    sensor: str
    interval: Literal["hour", "day", "week", "month"]
    timezone: str
    imputed_share: float | None = Field(description="Of all hours told.")
    items: list[FilledItem]
