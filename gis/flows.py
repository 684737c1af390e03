"""What falls empty and what is let again, year by year, so that the sums close."""

import datetime as dt

import pandas as pd

from gis.frames import require


def vacancy_flows(lengths: pd.DataFrame, ended_on: pd.Series, *, on: dt.date) -> pd.DataFrame:
    """Count per calendar year what fell empty, what was let and what left the market.

    A start between two dates counts on the middle day. A spell that was already there when its unit was first
    seen is no inflow: it is counted apart, on the day it was seen.

    Parameters
    ----------
    lengths
        As `gis.spells.spell_lengths` gives.
    ended_on
        First day no longer vacant, on the same index; NaT while it lasts.
    on
        The date until which is counted.

    Returns
    -------
    pandas.DataFrame
        Per year (index): n_vacant_start + n_inflow + n_first_seen - n_let - n_withdrawn = n_vacant_end;
        n_net, the inflow less both outflows; is_partial, where the year was not watched whole.

    Raises
    ------
    FrameError
        When a column is missing.
    """
    require(lengths, "state", "is_start_known", "started_on", what="lengths of vacancy spells")
    columns = ["n_vacant_start", "n_inflow", "n_first_seen", "n_let", "n_withdrawn", "n_vacant_end", "n_net"]
    if lengths.empty:
        return pd.DataFrame(columns=[*columns, "is_partial"])
    first, last = lengths["started_on"].min(), pd.Timestamp(on)
    years = range(first.year, last.year + 1)
    begun = lengths["started_on"].dt.year
    ends = pd.to_datetime(ended_on).where(lengths["state"] != "running").dt.year
    parts = {
        "n_inflow": begun[lengths["is_start_known"]],
        "n_first_seen": begun[~lengths["is_start_known"]],
        "n_let": ends[lengths["state"] == "let"],
        "n_withdrawn": ends[lengths["state"] == "withdrawn"],
    }
    table = pd.DataFrame(
        {name: part.value_counts().reindex(years, fill_value=0) for name, part in parts.items()},
        index=list(years),
    ).astype(int)
    change = table["n_inflow"] + table["n_first_seen"] - table["n_let"] - table["n_withdrawn"]
    table["n_vacant_end"] = change.cumsum()
    table["n_vacant_start"] = table["n_vacant_end"] - change
    table["n_net"] = table["n_inflow"] - table["n_let"] - table["n_withdrawn"]
    is_first = (table.index == years[0]) & (first > pd.Timestamp(years[0], 1, 1))
    is_last = (table.index == last.year) & (last < pd.Timestamp(last.year, 12, 31))
    return table[columns].assign(is_partial=is_first | is_last)
