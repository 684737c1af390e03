"""Every trading unit at the start of every past year: what was known of it then, and whether it fell empty in it."""

import datetime as dt

import numpy as np
import pandas as pd

from gis.frames import require
from gis.reach import Distances
from gis.spells import size_band
from gis.vacancy import vacancy_around

YEAR = pd.Timedelta(days=365)
# Before that too little is on record to say what stood empty.
KNOWN_SHARE = 0.5
MOST_YEARS = 15
NEAR_M = 100.0


def unit_years(
    units: pd.DataFrame, periods: pd.DataFrame, between: Distances, *, on: dt.date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Line up what was known of trading units a year, two years and so on before a date.

    Parameters
    ----------
    units
        Shop units with ``core_id``, ``floor_area_m2`` and ``street_class``.
    periods
        Their history: ``shop_unit_id``, ``kind`` (occupied, vacant), ``from_on``, ``to_on`` (NaT while it
        lasts) and ``branch_group``.
    between
        Units x units, metres on the walking network, in the order of ``units``.
    on
        The date.

    Returns
    -------
    tuple of DataFrames
        Unit-years (``shop_unit_id``, ``year``: years before the date, negative; ``falls_vacant``) and the
        units that trade at the date (index), both with branch_group, size_band, street_class, had_vacancy and
        vacancy_around_share (within 100 m along the streets). Years of which less than half of the units is
        known are left out.

    Raises
    ------
    FrameError
        When a column is missing.
    """
    require(units, "core_id", "floor_area_m2", "street_class", what="shop units")
    require(periods, "shop_unit_id", "kind", "from_on", "to_on", "branch_group", what="periods")
    known = periods[periods["shop_unit_id"].isin(units.index)]
    day = pd.Timestamp(on)
    today = _trading(units, known, between, day).drop(columns="known_share")
    years = []
    for back in range(1, MOST_YEARS + 1):
        start = day - back * YEAR
        rows = _trading(units, known, between, start)
        if rows.empty or rows["known_share"].iloc[0] < KNOWN_SHARE:
            break
        empty = known[
            (known["kind"] == "vacant") & (known["from_on"] > start) & (known["from_on"] <= start + YEAR)
        ]
        fell = rows.index.isin(empty["shop_unit_id"])
        years.append(rows.assign(year=-back, falls_vacant=fell).rename_axis("shop_unit_id").reset_index())
    if not years:
        none = today.iloc[:0].rename_axis("shop_unit_id").reset_index()
        return none.assign(year=0, falls_vacant=False), today
    return pd.concat(years, ignore_index=True).drop(columns="known_share"), today


def _trading(
    units: pd.DataFrame, periods: pd.DataFrame, between: Distances, day: pd.Timestamp
) -> pd.DataFrame:
    running = periods[(periods["from_on"] <= day) & (periods["to_on"].isna() | (periods["to_on"] > day))]
    group = running[running["kind"] == "occupied"].drop_duplicates("shop_unit_id").set_index("shop_unit_id")
    branch = group["branch_group"].reindex(units.index)
    is_vacant = units.index.isin(running.loc[running["kind"] == "vacant", "shop_unit_id"])
    trades = units.index.isin(group.index) & (branch != "non_retail").to_numpy() & ~is_vacant
    state = pd.Series(np.select([is_vacant, trades], ["vacant", "occupied"], "unknown"), index=units.index)
    around = vacancy_around(units.assign(state=state), between, reach_m=NEAR_M)["vacancy_around_share"]
    earlier = periods[(periods["kind"] == "vacant") & (periods["to_on"] <= day)]
    rows = pd.DataFrame(
        {
            "branch_group": branch,
            "size_band": size_band(units["floor_area_m2"]),
            "street_class": units["street_class"],
            "had_vacancy": units.index.isin(earlier["shop_unit_id"]),
            "vacancy_around_share": around,
            "known_share": float((state != "unknown").mean()) if len(state) else 0.0,
        },
        index=units.index,
    )
    return rows[trades]
