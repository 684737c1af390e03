"""Real hourly counts for the studies of footfall: Leeds and Melbourne, on the clock on the wall."""

from pathlib import Path

import numpy as np
import pandas as pd

from gis.counts import VALID_FLAGS, flag_hours

DATA = Path(__file__).parents[2] / "shared" / "data"
# Central sensors with hardly a gap in the years of the study.
MELBOURNE_SENSORS = (
    "Bou292_T", "Bou283_T", "Swa295_T", "Swa123_T", "FliS_T", "SanBri_T", "WebBN_T", "BouHbr_T", "Col15_T",
    "Col620_T", "Lyg161_T", "Eli483_T",
)  # fmt: skip


def leeds() -> pd.DataFrame:
    """Hours x 8 cameras, 2014-2016; the file writes days in two ways and has some rows twice."""
    raw = pd.read_csv(DATA / "leeds/footfall.csv.gz", usecols=["Date", "Hour", "LocationName", "InCount"])
    day = pd.to_datetime(raw["Date"], format="%d/%m/%Y", errors="coerce")
    other = pd.to_datetime(raw["Date"], format="%Y-%m-%d", errors="coerce")
    raw["hour"] = day.fillna(other) + pd.to_timedelta(raw["Hour"], unit="h")
    raw = raw.dropna(subset=["hour"]).drop_duplicates(["hour", "LocationName"])
    table = raw.pivot_table(index="hour", columns="LocationName", values="InCount")
    return believed(table.loc["2013-01-07":])


def melbourne() -> pd.DataFrame:
    """Hours x 12 sensors, 2013-2016."""
    wide = pd.read_parquet(DATA / "melbourne/ped_hourly_wide_2013_2021.parquet")
    chosen = [name for name in wide.columns if any(code in name for code in MELBOURNE_SENSORS)]
    return believed(wide.loc["2013-01-07":"2017-01-15", chosen].astype(float))


def believed(table: pd.DataFrame) -> pd.DataFrame:
    """Every hour from a Monday on, those that a working sensor does not give left out."""
    table = table.reindex(pd.date_range(table.index[0].normalize(), table.index[-1], freq="h"))
    table = table.iloc[: len(table) // 168 * 168]
    values = table.to_numpy(dtype=float)
    codes = flag_hours(values)
    return pd.DataFrame(np.where(np.isin(codes, VALID_FLAGS), values, np.nan), table.index, table.columns)
