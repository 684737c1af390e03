"""Catchments as somebody sends them."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.catchment.asked import MOST_BARRIERS, MOST_COMPETITORS, MOST_STREETS, Direction, Mode
from api.dependencies import LARGEST_KEY, NIS_PATTERN

Key = Annotated[int, Field(ge=0, le=LARGEST_KEY)]
Bands = Annotated[list[Annotated[float, Field(gt=0, le=10_000_000)]], Field(min_length=1, max_length=6)]
Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
Name = Annotated[
    str,
    Field(
        min_length=1, max_length=120, pattern=r"^[^\x00]*$", description="By which colleagues will know it."
    ),
]


class CatchmentIn(BaseModel):
    """A catchment to be kept: a name, a municipality, and what GET /api/catchment takes."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    municipality: str = Field(
        pattern=NIS_PATTERN, description="NIS code of the municipality.", examples=["34040"]
    )
    shop_unit: Key | None = None
    parcel: Key | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    mode: Mode = "walk"
    direction: Direction = "towards"
    minutes: Bands | None = None
    metres: Bands | None = None
    inhabitants: Bands | None = None
    rings: bool = False
    competitors: list[Key] = Field(default_factory=list, max_length=MOST_COMPETITORS)
    competitor_branch: str | None = Field(default=None, pattern=r"^\w{1,60}$")
    closed: list[Key] = Field(default_factory=list, max_length=MOST_STREETS)
    opened: list[Key] = Field(default_factory=list, max_length=MOST_STREETS)
    barriers: list[list[tuple[Lon, Lat]]] = Field(default_factory=list, max_length=MOST_BARRIERS)


class NameIn(BaseModel):
    """Another name."""

    model_config = ConfigDict(extra="forbid")

    name: Name


class StoredItem(BaseModel):
    """A kept catchment in a list."""

    id: int
    name: str
    nis_code: str
    mode: Mode
    unit: str
    bands: list[float]
    place: dict[str, Any]
    is_scenario: bool
    created_at: str
    computed_at: str
    is_stale: bool
    stale_because: list[str]
    lon: float
    lat: float
    parameters: dict[str, Any]
    largest: dict[str, float | None]


class StoredList(BaseModel):
    """Kept catchments of a municipality."""

    items: list[StoredItem]
