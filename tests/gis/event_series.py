"""Real hourly footfall of two cities, for tests and benchmarks of events."""

from pathlib import Path

import pandas as pd

from gis.counts import quality_flags
from tests.gis import melbourne

LEEDS = Path(__file__).parents[3] / "shared" / "data" / "leeds" / "footfall.csv.gz"
TIMEZONE = {"leeds": "Europe/London", "melbourne": melbourne.TIMEZONE}
COUNTRY = {"leeds": "GB-ENG", "melbourne": "AU-VIC"}


def is_there(city: str) -> bool:
    return LEEDS.exists() if city == "leeds" else melbourne.is_there()


def counts(city: str, *, first: str, last: str) -> pd.DataFrame:
    """Hourly counts with flags, one row per sensor and hour."""
    if city == "melbourne":
        return melbourne.counts(first=first, last=last)
    return _leeds(first, last)


def _leeds(first: str, last: str) -> pd.DataFrame:
    """The file writes its days in two ways, and tells some hours twice."""
    raw = pd.read_csv(LEEDS, usecols=["InCount", "LocationName", "Hour", "NewDate"], dtype={"NewDate": str})
    day = pd.to_datetime(raw["NewDate"], format="%d-%b-%Y", errors="coerce")
    day = day.fillna(pd.to_datetime(raw["NewDate"], format="%Y-%m-%d", errors="coerce"))
    hour = pd.to_numeric(raw["Hour"].astype(str).str[:2], errors="coerce")
    clock = (day + pd.to_timedelta(hour, unit="h")).dt.tz_localize(
        TIMEZONE["leeds"], ambiguous="NaT", nonexistent="NaT"
    )
    frame = pd.DataFrame(
        {
            "sensor_id": raw["LocationName"],
            "start_at": clock.dt.tz_convert("UTC"),
            "minutes": 60,
            "value": raw["InCount"].astype(float),
        }
    )
    frame = frame[day.between(first, last) & clock.notna()]
    frame = frame.drop_duplicates(["sensor_id", "start_at"]).sort_values(["sensor_id", "start_at"])
    frame = frame.reset_index(drop=True)
    return frame.assign(quality_flag=quality_flags(frame, timezone=TIMEZONE["leeds"]))
