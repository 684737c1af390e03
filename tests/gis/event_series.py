"""Real hourly footfall of two cities, for tests and benchmarks of events."""

import pandas as pd

from gis.counts import quality_flags
from tests.gis import leeds, melbourne

TIMEZONE = {"leeds": leeds.TIMEZONE, "melbourne": melbourne.TIMEZONE}
COUNTRY = {"leeds": "GB-ENG", "melbourne": "AU-VIC"}


def is_there(city: str) -> bool:
    return leeds.is_there() if city == "leeds" else melbourne.is_there()


def counts(city: str, *, first: str, last: str) -> pd.DataFrame:
    """Hourly counts with flags, one row per sensor and hour."""
    if city == "melbourne":
        return melbourne.counts(first=first, last=last)
    frame = leeds.counts(first=first, last=last)
    return frame.assign(quality_flag=quality_flags(frame, timezone=leeds.TIMEZONE))
