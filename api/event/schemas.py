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
Rings = Annotated[list[Ring], Field(min_length=1, max_length=20)]
Instant = Annotated[
    AwareDatetime,
    Field(
        ge=datetime.fromisoformat("1990-01-01T00:00:00+00:00"),
        lt=datetime.fromisoformat("2200-01-01T00:00:00+00:00"),
    ),
]


def _depth(given: list[Any]) -> int:
    """How deep lists lie in a list: 1 of a position, 3 of a polygon, 4 of several."""
    return 1 + _depth(given[0]) if isinstance(given[0], list) else 1


class Place(BaseModel):
    """A GeoJSON point, polygon or several polygons in degrees."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["Point", "Polygon", "MultiPolygon"]
    coordinates: Position | Rings | Annotated[list[Rings], Field(min_length=1, max_length=50)]

    @model_validator(mode="after")
    def _fits(self) -> "Place":
        given: list[Any] = list(self.coordinates)
        if self.type != ("Point", "Polygon", "MultiPolygon")[_depth(given) // 2]:
            raise ValueError("the coordinates are not those of this type")
        polygons = given if self.type == "MultiPolygon" else [given] if self.type == "Polygon" else []
        rings: list[Any] = [ring for polygon in polygons for ring in polygon]
        positions: list[Any] = [one for ring in rings for one in ring] or [given]
        if not all(-180 <= one[0] <= 180 and -85 <= one[1] <= 85 for one in positions):
            raise ValueError("coordinates are longitude and latitude in degrees")
        if any(ring[0] != ring[-1] for ring in rings):
            raise ValueError("a ring ends where it begins")
        return self


class PlaceIn(BaseModel):
    """Where an event is or would be."""

    model_config = ConfigDict(extra="forbid")

    geometry: Place | None = Field(default=None, description="Where; null: streets, or the whole centre.")
    streets: Annotated[list[Line], Field(max_length=100)] | None = None
    reach_m: Annotated[int, Field(ge=10, le=5000)] | None = Field(
        default=None,
        description="How far around its place it is felt; null: 150 m, 30 m around an area or street.",
    )


class EventIn(PlaceIn):
    """An event, action or measure as somebody enters it."""

    name: Line
    kind: Kind
    starts_at: Instant = Field(description="Begin, with its zone.")
    ends_at: Instant | None = Field(default=None, description="End; null: a measure that still goes on.")
    recurring_rule: Line | None = Field(
        default=None, description="RFC 5545, such as FREQ=MONTHLY;BYDAY=1SU; null: once."
    )
    cost_net_eur: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | None = None
    organiser: Line | None = Field(default=None, description="An organisation, never a person.")
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
