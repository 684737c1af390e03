"""What `gis` raises, all of it a `ValueError` that says what is wrong and the way out.

::

    ValueError
    └── GisError                 anything this package refuses
        ├── FrameError           a frame does not hold what the question needs
        └── NetworkError         the street network cannot answer
            ├── EmptyNetwork     no street is open to the mode
            ├── PointOffNetwork  a place lies too far from every street the mode may use
            ├── UnknownSegment   a street segment id the network does not have
            └── LimitOutOfRange  a time or distance limit the search cannot hold
"""

from collections.abc import Sequence


class GisError(ValueError):
    """Anything this package refuses."""


class FrameError(GisError):
    """A frame does not hold what the question needs."""


class NetworkError(GisError):
    """The street network cannot answer."""


class EmptyNetwork(NetworkError):
    """No street is open to the mode."""

    def __init__(self, mode: str) -> None:
        self.mode = mode
        super().__init__(f"no street is open to {mode}: import streets first, or check their access columns")


class PointOffNetwork(NetworkError):
    """A place lies too far from every street the mode may use.

    Parameters
    ----------
    mode
        walk, bicycle or car.
    max_distance_m
        How far was looked, in metres.
    """

    def __init__(self, *, mode: str, max_distance_m: float) -> None:
        self.mode = mode
        self.max_distance_m = max_distance_m
        super().__init__(
            f"no street open to {mode} within {max_distance_m:g} m of this point: "
            "choose a point nearer to a street, or import the streets around it"
        )


class UnknownSegment(NetworkError):
    """A street segment id the network does not have."""

    def __init__(self, segment_ids: Sequence[int]) -> None:
        self.segment_ids = tuple(segment_ids)
        shown = ", ".join(str(i) for i in self.segment_ids[:5])
        more = len(self.segment_ids) - 5
        super().__init__(f"no such street segment: {shown}" + (f" and {more} more" if more > 0 else ""))


class LimitOutOfRange(NetworkError):
    """A time or distance limit the search cannot hold."""

    def __init__(self, *, limit: float, largest: float, unit: str) -> None:
        self.limit = limit
        super().__init__(f"a limit of {limit:g} {unit} is not between 0 and {largest:g} {unit}")
