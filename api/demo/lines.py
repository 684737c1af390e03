"""What a town is hung on: streets before they are cut, villages, strips of water and railway."""

from __future__ import annotations

from dataclasses import dataclass, field

from shapely import LineString, MultiPolygon, Point, Polygon


@dataclass(frozen=True)
class Line:
    """A street before it is cut at its junctions.

    Attributes
    ----------
    geometry
        The line.
    name
        Street name; empty for a path without one.
    kind
        square, main, radial, ribbon, village, ring, quay, railside, shore or split.
    rank
        Attraction for shops, 1 at the best street down to 0.
    """

    geometry: LineString
    name: str
    kind: str
    rank: float = 0.0


@dataclass(frozen=True)
class Village:
    """A village: its name and middle."""

    name: str
    x_m: float
    y_m: float


@dataclass
class Skeleton:
    """What the rest of a town is hung on.

    Attributes
    ----------
    square
        The market square.
    lines
        The streets so far.
    water, rail
        Strips that only bridges and level crossings cross.
    station
        Where the station street meets the railway.
    ribbon
        The stretch of road with big boxes.
    villages
        Villages on the roads out.
    mains
        The main streets from the square outwards, in the order of the plan.
    """

    square: Polygon
    lines: list[Line] = field(default_factory=list)
    water: Polygon | MultiPolygon = field(default_factory=Polygon)
    rail: Polygon | MultiPolygon = field(default_factory=Polygon)
    station: Point = field(default_factory=Point)
    ribbon: LineString = field(default_factory=LineString)
    villages: list[Village] = field(default_factory=list)
    mains: list[LineString] = field(default_factory=list)
