"""Eight counters of Leeds for tests and benchmarks of counts: hour by hour, from 2009 to 2016."""

from pathlib import Path

import pandas as pd

FILE = Path(__file__).parents[3] / "shared" / "data" / "leeds" / "footfall.csv.gz"
TIMEZONE = "Europe/London"


def is_there() -> bool:
    return FILE.exists()


def counts(*, first: str = "2009-01-01", last: str = "2016-12-31") -> pd.DataFrame:
    """Hourly counts, one row per sensor and hour that the file holds once."""
    rows = pd.read_csv(FILE, usecols=["NewDate", "Hour", "InCount", "LocationName"])
    day = pd.to_datetime(rows["NewDate"], format="%d-%b-%Y")
    clock = day + pd.to_timedelta(rows["Hour"], unit="h")
    start = clock.dt.tz_localize(TIMEZONE, ambiguous="NaT", nonexistent="NaT").dt.tz_convert("UTC")
    frame = pd.DataFrame({
        "sensor_id": rows["LocationName"].astype(str), "start_at": start,
        "minutes": 60, "value": rows["InCount"].astype(float),
    })  # fmt: skip
    frame = frame[start.notna() & day.between(first, last)]
    # A row that comes twice is one count; two that differ are none.
    frame = frame.drop_duplicates().drop_duplicates(["sensor_id", "start_at"], keep=False)
    return frame.sort_values(["sensor_id", "start_at"]).reset_index(drop=True)
