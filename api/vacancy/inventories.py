"""The register at the days at which clusters are looked for: one inventory a year."""

from collections.abc import Iterable
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from api.vacancy import queries
from api.vacancy.service import state_on
from gis.scan import MIN_UNITS

YEARS = 15
# Where of fewer units somebody knows how they stood, a map of the vacant ones would be one of the surveyed ones.
KNOWN_SHARE = 0.8


def inventory_days(today: date) -> list[date]:
    """The first of January of fifteen years, as far as they lie before today."""
    days = [date(year, 1, 1) for year in range(today.year - YEARS, today.year + 1)]
    return [day for day in days if day < today]


def states_on(session: Session, nis_code: str, days: Iterable[date]) -> dict[date, pd.DataFrame]:
    """
    The register at each of the days, as far as enough was known.

    Returns
    -------
    Per day, in order, the units as `state_on` gives them; without the days at which less than four fifths of the
    units were in a known state, or fewer than a scan needs.
    """
    units, periods = queries.register(session, nis_code)
    found = {}
    for day in sorted(days):
        states = state_on(units, periods, day)
        n_known = int((states["state"] != "unknown").sum())
        n_counted = int(states["state"].isin(("occupied", "vacant")).sum())
        if n_counted >= MIN_UNITS and n_known >= KNOWN_SHARE * len(states):
            found[day] = states
    return found
