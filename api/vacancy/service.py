"""The register as it stood on a day."""

from datetime import date
from typing import Literal

import pandas as pd

Scope = Literal["retail_only", "all_branches"]
RETAIL = frozenset({"daily", "fashion_luxury", "leisure_goods", "home_garden", "retail_other"})


def state_on(units: pd.DataFrame, periods: pd.DataFrame, on: date) -> pd.DataFrame:
    """
    The register as it stood on a day.

    Parameters
    ----------
    units, periods
        As `queries.register` gives them.
    on
        The day.

    Returns
    -------
    Units that existed that day, with ``state``, ``branch_group``, ``is_vacant``, ``vacant_start_earliest_on`` and
    ``vacant_start_latest_on``.
    """
    day = pd.Timestamp(on)
    # A unit without dates that was merged, split or pulled down since is only in the past.
    exists = (units["valid_from"].isna() | (units["valid_from"] <= day)) & (
        units["valid_to"].isna() & (units["lifecycle"] == "active") | (units["valid_to"] > day)
    )
    here = units[exists]
    running = periods[(periods["from_on"] <= day) & (periods["to_on"].isna() | (periods["to_on"] > day))]
    vacant = running[running["kind"] == "vacant"].drop_duplicates("shop_unit_id").set_index("shop_unit_id")
    trading = running[running["kind"] == "occupied"].drop_duplicates("shop_unit_id").set_index("shop_unit_id")
    is_vacant = pd.Series(here.index.isin(vacant.index), index=here.index)
    group = trading["branch_group"].reindex(here.index)
    state = pd.Series("unknown", index=here.index, dtype=object)
    state[here.index.isin(trading.index)] = "occupied"
    state[group == "non_retail"] = "non_retail"
    state[is_vacant] = "vacant"
    return here.assign(
        state=state,
        branch_group=group,
        is_vacant=is_vacant,
        vacant_start_earliest_on=vacant["start_earliest_on"].reindex(here.index),
        vacant_start_latest_on=vacant["start_latest_on"].reindex(here.index),
    )


def in_scope(states: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Retail only leaves out what trades in no goods; a vacant unit counts either way."""
    if scope == "all_branches":
        return states
    return states[(states["state"] != "occupied") | states["branch_group"].isin(RETAIL)]
