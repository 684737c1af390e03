"""How long vacancy spells lasted, as far as it is known: starts between two dates, ends that have not come yet."""

import datetime as dt
import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.frames import require

DAYS_PER_MONTH = 365.25 / 12
LET = ("let", "sold_own_use")
# From here on a register holds what rounds found and little else: spells between two rounds are missing.
ROUNDS_SHARE = 0.8
SIZE_BANDS_M2 = {"under_80": (0.0, 80.0), "80_to_200": (80.0, 200.0), "from_200": (200.0, math.inf)}


def spell_lengths(spells: pd.DataFrame, *, on: dt.date) -> pd.DataFrame:
    """Say how long each spell lasted at a date, how sure that is, and since when it was watched.

    A length is told from the latest day on which the spell can have begun; it may be longer by up to
    ``start_width_days``. A spell that ended otherwise than by being let (rebuilt, merged, pulled down) is
    watched until that day and says nothing of how long letting would have taken.

    Parameters
    ----------
    spells
        Vacancy spells with ``start_earliest_on`` (NaT: not known), ``start_latest_on``, ``start_basis``,
        ``ended_on`` (NaT while it lasts), ``end_reason`` and ``watched_from_on`` (first day on which anybody
        would have seen that it stood empty; NaT: from its start).
    on
        The date; spells that began later are left out.

    Returns
    -------
    pandas.DataFrame
        For the spells that had begun: ``state`` (let, withdrawn, running), ``is_start_known``,
        ``start_width_days``, ``exit_days`` and ``entry_days`` (days from the latest start to the end of
        watching and to its beginning; -inf: from its start), and ``started_on``, the middle of the interval.

    Raises
    ------
    FrameError
        When a column is missing.
    """
    columns = ("start_earliest_on", "start_latest_on", "start_basis", "ended_on", "end_reason")
    require(spells, *columns, "watched_from_on", what="vacancy spells")
    day = pd.Timestamp(on)
    latest = pd.to_datetime(spells["start_latest_on"]).astype("datetime64[ns]")
    here = spells[latest <= day]
    latest = latest[latest <= day]
    earliest = pd.to_datetime(here["start_earliest_on"]).astype("datetime64[ns]")
    ended = pd.to_datetime(here["ended_on"]).astype("datetime64[ns]")
    has_ended = ended.notna() & (ended <= day)
    state = np.where(has_ended, np.where(here["end_reason"].isin(LET), "let", "withdrawn"), "running")
    width = (latest - earliest).dt.days.astype(float)
    watched = pd.to_datetime(here["watched_from_on"]).astype("datetime64[ns]")
    entry = (watched - latest).dt.days.astype(float).fillna(-math.inf)
    # Somebody who only comes by once a year cannot have seen it before the day it was found.
    if is_found_by_rounds(here):
        by_visit = here["start_basis"] == "between_visits"
        entry = entry.where(~by_visit, entry.clip(lower=0.0))
    return pd.DataFrame(
        {
            "state": state,
            "is_start_known": earliest.notna(),
            "start_width_days": width.fillna(0.0),
            "exit_days": (ended.where(has_ended, day) - latest).dt.days.astype(float),
            "entry_days": entry,
            "started_on": (earliest + (latest - earliest) / 2).dt.floor("D").fillna(latest),
        },
        index=here.index,
    )


def is_found_by_rounds(spells: pd.DataFrame) -> bool:
    """Say whether a register knows nearly all its spells from visits, and so misses those between two visits."""
    is_known = spells["start_earliest_on"].notna()
    if not is_known.any():
        return False
    return bool((spells.loc[is_known, "start_basis"] == "between_visits").mean() >= ROUNDS_SHARE)


def size_band(floor_area_m2: pd.Series) -> pd.Series:
    """Band of floor area: under_80, 80_to_200, from_200 (m2); None where the area is not known.

    Parameters
    ----------
    floor_area_m2
        Sales floor area, m2.
    """
    area = floor_area_m2.to_numpy(float)
    named: NDArray[np.object_] = np.full(len(area), None, dtype=object)
    for name, (low, high) in SIZE_BANDS_M2.items():
        named[(area >= low) & (area < high)] = name
    return pd.Series(named, index=floor_area_m2.index, dtype=object)
