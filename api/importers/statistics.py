"""Numbers per sector; a number that the publisher hides is a state of its own, never zero."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from api.importers.fields import Style, parse_each
from api.importers.refusals import Refusals
from api.importers.values import parse_number

STAT_KEYS = ("population", "households", "dwellings", "income_median_eur")
# Statbel writes C (confidential) or nothing where too few households would be recognisable.
HIDDEN = frozenset({"c", "x", "conf", "confidential", "vertrouwelijk", "..", "*"})


def stat_rows(
    frame: pd.DataFrame, key: str, given: pd.Series[Any], refusals: Refusals, style: Style
) -> pd.DataFrame:
    """Rows of sector_stat for one key.

    Parameters
    ----------
    frame
        With code and year; the index is the row number.
    key
        One of `STAT_KEYS`.
    given
        The values as they stand; empty and hidden ones become suppressed.
    refusals
        Told of values that are neither.
    style
        How the file writes numbers.
    """
    hidden = given.isna() | given.astype("str").str.strip().str.lower().isin([*HIDDEN, ""])
    value, bad = parse_each(given.where(~hidden), partial(parse_number, decimal=style.decimal))
    amount = pd.to_numeric(value, errors="coerce").astype("float64")
    bad = bad | (amount < 0)
    refusals.add_where(
        bad,
        given,
        column=key,
        reason=f"{key} is not a number from 0.",
        remedy="Write digits, or C where the number is not published.",
    )
    rows = pd.DataFrame(
        {
            "sector_code": frame["code"],
            "year": frame["year"],
            "key": key,
            "value": np.where(hidden, np.nan, amount),
            "is_suppressed": hidden.astype(bool),
        },
        index=frame.index,
    )
    return rows.loc[~bad & (hidden | amount.notna())]
