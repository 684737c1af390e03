"""A catchment as somebody asks for it: in an address, in JSON, or on the command line."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from api.errors import Malformed

Mode = Literal["walk", "bicycle", "car"]
Direction = Literal["outward", "towards"]
Unit = Literal["minutes", "metres", "inhabitants"]
Line = tuple[tuple[float, float], ...]

DEFAULT_MINUTES = (5.0, 10.0, 15.0)
# In less nobody leaves the pavement in front of the door; beyond the largest a shape says nothing about a shop.
SMALLEST: dict[Unit, float] = {"minutes": 0.1, "metres": 10.0, "inhabitants": 1.0}
LARGEST: dict[Unit, dict[Mode, float]] = {
    "minutes": {"walk": 60.0, "bicycle": 60.0, "car": 45.0},
    "metres": {"walk": 5_000.0, "bicycle": 15_000.0, "car": 40_000.0},
    "inhabitants": dict.fromkeys(("walk", "bicycle", "car"), 10_000_000.0),
}
MOST_BANDS = 6
MOST_STREETS = 500
MOST_COMPETITORS = 200
MOST_BARRIERS = 10
MOST_CORNERS = 40


@dataclass(frozen=True)
class Asked:
    """A catchment as it was asked for.

    Attributes
    ----------
    mode, direction
        How people travel, and which way.
    unit, bands
        The bands, ascending, and what they are counted in.
    rings
        Each band without the one before it?
    shop_unit, parcel, lon, lat
        The place: a key, or degrees.
    competitors, competitor_branch
        Shop units whose own ground is left out: by key, and all that trade in a branch.
    closed, opened
        Street segments closed to the mode, or opened to it.
    barriers
        Lines in degrees nobody crosses.
    """

    mode: Mode = "walk"
    unit: Unit = "minutes"
    bands: tuple[float, ...] = DEFAULT_MINUTES
    direction: Direction = "towards"
    rings: bool = False
    shop_unit: int | None = None
    parcel: int | None = None
    lon: float | None = None
    lat: float | None = None
    competitors: tuple[int, ...] = ()
    competitor_branch: str | None = None
    closed: tuple[int, ...] = ()
    opened: tuple[int, ...] = ()
    barriers: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        smallest, largest = SMALLEST[self.unit], LARGEST[self.unit][self.mode]
        is_right = 1 <= len(self.bands) <= MOST_BANDS and all(smallest <= b <= largest for b in self.bands)
        if not is_right:
            raise Malformed(
                f"{self.unit}={','.join(f'{band:g}' for band in self.bands)} is not a list of bands.",
                f"Give 1 to {MOST_BANDS} numbers of {smallest:g} or more, up to {largest:g} by {self.mode}.",
            )
        places = (self.shop_unit is not None, self.parcel is not None, self.lon is not None)
        if sum(places) != 1 or (self.lon is None) != (self.lat is None):
            raise Malformed("A catchment needs one place.", "Give shop_unit, or parcel, or lon and lat.")
        if len(self.closed) + len(self.opened) > MOST_STREETS:
            raise Malformed("That are too many streets.", f"Close and open at most {MOST_STREETS} segments.")
        if len(self.competitors) > MOST_COMPETITORS:
            raise Malformed(
                "That are too many competitors.", f"Name at most {MOST_COMPETITORS}, or a branch."
            )
        if len(self.barriers) > MOST_BARRIERS or any(
            not 2 <= len(line) <= MOST_CORNERS for line in self.barriers
        ):
            raise Malformed(
                "A barrier is a line of at least two places.",
                f"Give at most {MOST_BARRIERS} lines of 2 to {MOST_CORNERS} places.",
            )

    @property
    def is_scenario(self) -> bool:
        """Whether any street is changed."""
        return bool(self.closed or self.opened or self.barriers)

    def to_parameters(self) -> dict[str, Any]:
        """The same as JSON, without what is at its default."""
        default = Asked(lon=0.0, lat=0.0)
        names = ("direction", "rings", "shop_unit", "parcel", "lon", "lat", "competitor_branch")
        found: dict[str, Any] = {"mode": self.mode, self.unit: list(self.bands)}
        for name in names:
            value = getattr(self, name)
            if value is not None and (name in {"lon", "lat"} or value != getattr(default, name)):
                found[name] = value
        for name in ("competitors", "closed", "opened", "barriers"):
            if getattr(self, name):
                found[name] = [_as_lists(item) for item in getattr(self, name)]
        return found

    @classmethod
    def from_parameters(cls, given: Mapping[str, Any]) -> "Asked":
        """
        Read what `to_parameters` gave, or what somebody sent in its place.

        Raises
        ------
        Malformed
            When the bands are given twice, or a value makes no sense.
        """
        units: tuple[Unit, ...] = ("minutes", "metres", "inhabitants")
        named = [unit for unit in units if given.get(unit) is not None]
        if len(named) > 1:
            raise Malformed(
                f"Bands are in {' or in '.join(named)}, not in both.", "Give one of the two lists."
            )
        unit = named[0] if named else "minutes"
        bands = ascending(given[unit]) if named else DEFAULT_MINUTES
        plain: dict[str, Any] = {
            name: given[name]
            for name in (
                "mode",
                "direction",
                "rings",
                "shop_unit",
                "parcel",
                "lon",
                "lat",
                "competitor_branch",
            )
            if given.get(name) is not None
        }
        keys: dict[str, Any] = {
            name: tuple(given.get(name) or ()) for name in ("competitors", "closed", "opened")
        }
        barriers = tuple(
            tuple((float(lon), float(lat)) for lon, lat in line) for line in given.get("barriers") or ()
        )
        return cls(unit=unit, bands=bands, barriers=barriers, **plain, **keys)


def ascending(values: Iterable[float]) -> tuple[float, ...]:
    """Bands in ascending order, each once."""
    return tuple(sorted({float(value) for value in values}))


def read_numbers(text: str, name: str) -> tuple[float, ...]:
    """
    Numbers by comma, ascending.

    Raises
    ------
    Malformed
        When one of them is no number.
    """
    try:
        found = ascending(float(part) for part in text.split(",") if part.strip())
    except ValueError:
        found = ()
    if not found or not all(math.isfinite(value) for value in found):
        raise Malformed(
            f"{name}={text} is not a list of bands.",
            f"Give 1 to {MOST_BANDS} numbers by comma, such as 5,10,15.",
        )
    return found


def read_keys(text: str | None, name: str) -> tuple[int, ...]:
    """
    Keys by comma.

    Raises
    ------
    Malformed
        When one of them is no key.
    """
    try:
        found = tuple(int(part) for part in (text or "").split(",") if part.strip())
    except ValueError:
        found = (-1,)
    if any(not 0 <= key < 2**63 for key in found):
        raise Malformed(f"{name}={text} is not a list of keys.", "Give whole numbers by comma.")
    return found


def read_barrier(text: str) -> Line:
    """
    A line written lon,lat;lon,lat.

    Raises
    ------
    Malformed
        When it is not.
    """
    try:
        corners = [tuple(float(part) for part in corner.split(",")) for corner in text.split(";") if corner]
    except ValueError:
        corners = []
    if len(corners) < 2 or any(not _is_on_earth(corner) for corner in corners):
        raise Malformed(
            f"barrier={text} is not a line.", "Write it as lon,lat;lon,lat with two or more places."
        )
    return tuple((lon, lat) for lon, lat in corners)


def _is_on_earth(corner: Sequence[float]) -> bool:
    return len(corner) == 2 and abs(corner[0]) <= 180 and abs(corner[1]) <= 90


def _as_lists(item: Any) -> Any:
    return [list(corner) for corner in item] if isinstance(item, tuple) else item
