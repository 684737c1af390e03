"""How fast each mode travels on each class of street, and in which area: data a city may edit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from gis.errors import GisError

Mode = Literal["walk", "bicycle", "car"]
MODES: tuple[Mode, ...] = get_args(Mode)

STREET_CLASSES = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
    "living_street",
    "pedestrian",
    "service",
    "track",
    "cycleway",
    "footway",
    "path",
    "steps",
    "ferry",
)

LARGEST_AREA = 65_535

_FERRY_KMH = 8.0


def _per_class(usual: float, **other: float) -> dict[str, float]:
    return dict.fromkeys(STREET_CLASSES, usual) | {"ferry": _FERRY_KMH} | other


def _walk() -> dict[str, float]:
    return _per_class(4.8, steps=2.0)


def _bicycle() -> dict[str, float]:
    return _per_class(
        15.0, living_street=12.0, service=12.0, track=10.0, path=10.0, pedestrian=6.0, footway=6.0, steps=2.0
    )


def _car() -> dict[str, float]:
    return _per_class(
        10.0,
        motorway=100.0,
        trunk=75.0,
        primary=55.0,
        secondary=50.0,
        tertiary=42.0,
        unclassified=38.0,
        residential=25.0,
        living_street=15.0,
        pedestrian=8.0,
        service=12.0,
        track=15.0,
    )


@dataclass(frozen=True, kw_only=True)
class Speeds:
    """Kilometres per hour for each mode on each class of street.

    The defaults and where they come from are in `docs/methods/catchment.md`: walking 80 m a minute
    (Transport for London, PTAL), steps a little under half of it (Fruin 1971), cycling 15 km/h, and
    driving the usual Flemish limits less a fifth to a third for junctions, because no traffic and no
    turns are modelled.

    Attributes
    ----------
    walk_kmh, bicycle_kmh, car_kmh
        Speed per street class, every class present. A segment's own `car_speed_kmh` wins over `car_kmh`.
    off_street_kmh
        Speed of the straight line between a place and its street, on foot in every mode.
    ferry_wait_min
        Minutes waited before each ferry segment.
    by_area
        Other speeds on the streets of some areas (column `area` of the street frame). Only what a street itself costs
        can differ: `off_street_kmh` is the same everywhere.
    """

    walk_kmh: Mapping[str, float] = field(default_factory=_walk)
    bicycle_kmh: Mapping[str, float] = field(default_factory=_bicycle)
    car_kmh: Mapping[str, float] = field(default_factory=_car)
    off_street_kmh: float = 4.8
    ferry_wait_min: float = 10.0
    by_area: Mapping[int, "Speeds"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        faults = [
            f"{mode} has no speed above 0 for {street_class}"
            for mode in MODES
            for street_class in STREET_CLASSES
            if not 0 < self.of(mode).get(street_class, 0) < 400
        ]
        if not 0 < self.off_street_kmh < 400:
            faults.append("off_street_kmh must be above 0")
        if not 0 <= self.ferry_wait_min < 1440:
            faults.append("ferry_wait_min must be between 0 and a day")
        for area, own in self.by_area.items():
            if not 0 <= area <= LARGEST_AREA:
                faults.append(f"area {area} is not between 0 and {LARGEST_AREA}")
            if own.by_area:
                faults.append(f"area {area} has areas of its own")
            if own.off_street_kmh != self.off_street_kmh:
                faults.append(f"off_street_kmh of area {area} is not that of the others")
        if faults:
            raise GisError("; ".join(faults))

    def of(self, mode: Mode) -> Mapping[str, float]:
        """The speeds of one mode, in km/h per street class."""
        return {"walk": self.walk_kmh, "bicycle": self.bicycle_kmh, "car": self.car_kmh}[mode]

    def to_array(self) -> NDArray[np.float64]:
        """All speeds as one array: a row for everywhere else, numbered -1, then a row per area, numbered first."""
        return np.array([self._row(-1), *(own._row(area) for area, own in sorted(self.by_area.items()))])

    def _row(self, area: int) -> list[float]:
        per_class = [self.of(mode)[name] for mode in MODES for name in STREET_CLASSES]
        return [area, *per_class, self.off_street_kmh, self.ferry_wait_min]

    @classmethod
    def from_array(cls, values: NDArray[np.float64]) -> "Speeds":
        """Take up what `to_array` gave."""
        usual, *rows = values.tolist()
        return cls._of_row(usual, by_area={int(row[0]): cls._of_row(row) for row in rows})

    @classmethod
    def _of_row(cls, row: list[float], *, by_area: Mapping[int, "Speeds"] | None = None) -> "Speeds":
        _, *per_class, off_street_kmh, ferry_wait_min = row
        n = len(STREET_CLASSES)
        walk, bicycle, car = (dict(zip(STREET_CLASSES, per_class[i * n :], strict=False)) for i in range(3))
        return cls(
            walk_kmh=walk,
            bicycle_kmh=bicycle,
            car_kmh=car,
            off_street_kmh=off_street_kmh,
            ferry_wait_min=ferry_wait_min,
            by_area=by_area or {},
        )


DEFAULT_SPEEDS = Speeds()
