"""Shapes of the questions about events."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Kind = Literal[
    "market", "fair", "braderie", "festival", "sales_sunday", "sport", "procession", "action", "seasonal", "works",
    "street_closure", "parking_measure", "other",
]  # fmt: skip
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")
]
Note = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=r"^[^\x00]*$")
]
Position = Annotated[list[Annotated[float, Field(allow_inf_nan=False)]], Field(min_length=2, max_length=3)]
Ring = Annotated[list[Position], Field(min_length=4, max_length=2000)]
Instant = Annotated[
    AwareDatetime,
    Field(
        ge=datetime.fromisoformat("1990-01-01T00:00:00+00:00"),
        lt=datetime.fromisoformat("2200-01-01T00:00:00+00:00"),
    ),
]


class Place(BaseModel):
    """A GeoJSON point or polygon in degrees."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["Point", "Polygon"]
    coordinates: Position | Annotated[list[Ring], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _fits(self) -> "Place":
        is_point = not isinstance(self.coordinates[0], list)
        if is_point != (self.type == "Point"):
            raise ValueError("the coordinates are not those of this type")
        rings: list[Any] = [] if is_point else list(self.coordinates)
        positions: list[Any] = [self.coordinates] if is_point else [one for ring in rings for one in ring]
        if not all(-180 <= one[0] <= 180 and -85 <= one[1] <= 85 for one in positions):
            raise ValueError("coordinates are longitude and latitude in degrees")
        if any(ring[0] != ring[-1] for ring in rings):
            raise ValueError("a ring ends where it begins")
        return self


class EventIn(BaseModel):
    """An event, action or measure as somebody enters it."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    kind: Kind
    starts_at: Instant = Field(description="Begin, with its zone.")
    ends_at: Instant | None = Field(default=None, description="End; null: a measure that still goes on.")
    recurring_rule: Line | None = Field(
        default=None, description="RFC 5545, such as FREQ=MONTHLY;BYDAY=1SU; null: once."
    )
    cost_net_eur: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | None = None
    organiser: Line | None = Field(default=None, description="An organisation, never a person.")
    geometry: Place | None = Field(default=None, description="Where; null: streets, or the whole centre.")
    streets: Annotated[list[Line], Field(max_length=100)] | None = None
    reach_m: Annotated[int, Field(ge=10, le=5000)] | None = Field(
        default=None,
        description="How far around its place it is felt; null: 150 m, 30 m around an area or street.",
    )
    note: Note | None = None

    @model_validator(mode="after")
    def _ends_later(self) -> "EventIn":
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            raise ValueError("it ends before it begins")
        if self.recurring_rule is not None and self.ends_at is None:
            raise ValueError("an event that comes back needs an end")
        return self


class EventChange(EventIn):
    """The same, over an event that was read before."""

    version: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")] = Field(
        description="As it was read: what somebody else changed since is not written over."
    )
