"""Spatial science of Kernkaart: frames and arrays in, frames and arrays out."""

from gis.catchment import costs_to, holdings, isochrones, minutes_until, wrong_side_share
from gis.errors import (
    EmptyNetwork,
    FrameError,
    GisError,
    LimitOutOfRange,
    NetworkError,
    PointOffNetwork,
    UnknownSegment,
)
from gis.frames import require
from gis.network import Direction, Reach, StreetNetwork
from gis.reached import reached_streets
from gis.snapping import Positions
from gis.speeds import DEFAULT_SPEEDS, MODES, STREET_CLASSES, Mode, Speeds

__all__ = [
    "DEFAULT_SPEEDS",
    "MODES",
    "STREET_CLASSES",
    "Direction",
    "EmptyNetwork",
    "FrameError",
    "GisError",
    "LimitOutOfRange",
    "Mode",
    "NetworkError",
    "PointOffNetwork",
    "Positions",
    "Reach",
    "Speeds",
    "StreetNetwork",
    "UnknownSegment",
    "costs_to",
    "holdings",
    "isochrones",
    "minutes_until",
    "reached_streets",
    "require",
    "wrong_side_share",
]
