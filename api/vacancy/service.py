"""Vacancy rates at any date."""

from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd
from sqlalchemy.orm import Session

from api.errors import Malformed
from api.numbers import whole
from api.vacancy import queries
from gis.vacancy import vacancy_duration, vacancy_rate

EARLIEST_YEAR = 1900
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


def get_vacancy(session: Session, nis_code: str, *, scope: Scope, on: date | None) -> dict[str, Any]:
    """
    Rates of a municipality on a day, by core and duration class, and how they came to be so.

    Raises
    ------
    Malformed
        When nobody can know the day.
    """
    today = queries.today(session)
    day = on or today
    # The day may have begun here before it does in the database's zone.
    if day > today + timedelta(days=1):
        raise Malformed(f"{day} lies in the future.", "Give a day up to today.")
    if day.year < EARLIEST_YEAR:
        raise Malformed(f"{day} is too long ago.", f"Give a day from {EARLIEST_YEAR}-01-01 on.")
    units, periods = queries.register(session, nis_code)
    states = in_scope(state_on(units, periods, day), scope)
    durations = vacancy_duration(states, on=day)
    counted = durations["duration_class"].value_counts()
    by_class = {name: int(counted.get(name, 0)) for name in ("initial", "long_term", "structural", "unknown")}
    names = queries.core_names(session, nis_code)
    by_core = vacancy_rate(states[states["core_id"].notna()], by="core_id")
    total = vacancy_rate(states).iloc[0] if len(states) else None
    return {
        "on": day,
        "scope": scope,
        **_rates(total),
        "by_core": [
            {"core_id": whole(key), "name": names.get(whole(key)), **_rates(row)}
            for key, row in by_core.iterrows()
        ],
        "by_class": by_class,
        "uncertain_classes": int(durations["is_uncertain"].sum()),
        "series": _series(units, periods, day, scope),
        **queries.sources(session, nis_code),
    }


def _rates(row: Any) -> dict[str, Any]:
    if row is None:
        nothing = {"rate": None, "numerator": 0, "denominator": 0}
        empty = {
            "rate": None,
            "numerator_m2": 0.0,
            "denominator_m2": 0.0,
            "coverage": None,
            "reason": "no_units",
        }
        return {"units": nothing, "floor_area": empty}
    return {
        "units": {
            "rate": _known(row["vacancy_rate_share"]),
            "numerator": int(row["n_vacant"]),
            "denominator": int(row["n_units"]),
        },
        "floor_area": {
            "rate": _known(row["vacancy_rate_floor_area_share"]),
            "numerator_m2": _known(row["vacant_floor_area_m2"]),
            "denominator_m2": _known(row["floor_area_m2"]),
            "coverage": _known(row["floor_area_coverage_share"]),
            "reason": row["floor_area_reason"],
        },
    }


def _known(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _series(units: pd.DataFrame, periods: pd.DataFrame, until: date, scope: Scope) -> list[dict[str, Any]]:
    """The rate at every half year in which something is known of most units, and today."""
    if periods.empty:
        return []
    days = [*pd.date_range(periods["from_on"].min(), until, freq="6MS").date, until]
    series = []
    for day in dict.fromkeys(days):
        states = in_scope(state_on(units, periods, day), scope)
        known = states["state"].isin(("occupied", "vacant")).sum()
        if known < max(1, 0.5 * len(states)):
            continue
        row = vacancy_rate(states).iloc[0]
        series.append(
            {
                "on": day,
                "rate": _known(row["vacancy_rate_share"]),
                "numerator": int(row["n_vacant"]),
                "denominator": int(row["n_units"]),
            }
        )
    return series
