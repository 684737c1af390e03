"""Real hourly counts for the studies of the forecast: Leeds and Melbourne, on the clock on the wall."""

import pandas as pd

from gis.counts import hourly
from tests.gis import event_series
from tests.gis import melbourne as streets_of_melbourne

# Central sensors with hardly a gap in the years of the study.
MELBOURNE_SENSORS = (
    "Bou292_T", "Bou283_T", "Swa295_T", "Swa123_T", "FliS_T", "SanBri_T", "WebBN_T", "BouHbr_T", "Col15_T",
    "Col620_T", "Lyg161_T", "Eli483_T",
)  # fmt: skip


def leeds() -> pd.DataFrame:
    """Hours x 8 cameras, 2013-2016, those that a working sensor does not give left out."""
    counts = event_series.counts("leeds", first="2013-01-07", last="2016-12-25")
    return hourly(counts, timezone=event_series.TIMEZONE["leeds"])


def melbourne() -> pd.DataFrame:
    """Hours x 12 sensors, 2013-2016."""
    counts = streets_of_melbourne.counts(first="2013-01-07", last="2017-01-15")
    names = counts["sensor_id"].drop_duplicates()
    chosen = names[names.map(lambda name: any(code in name for code in MELBOURNE_SENSORS))]
    return hourly(counts[counts["sensor_id"].isin(chosen)], timezone=streets_of_melbourne.TIMEZONE)
