"""Vacancy rates on a day and over time, of a municipality or one of its cores, each with all that it is made of."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from api.db.session import current_day
from api.errors import Malformed, NotFound
from api.numbers import whole
from api.vacancy import queries
from api.vacancy.service import RETAIL, Scope, in_scope, state_on
from gis.vacancy import DURATION_CLASSES, vacancy_duration
from gis.vacancy_series import NO_GROUP, last_branch_group, series_stretches, source_changes, vacancy_series

EARLIEST_YEAR = 1900
By = Literal["municipality", "core", "street", "branch_group"]
Step = Literal["month", "quarter", "half_year", "year"]
MONTHS = {"month": range(1, 13), "quarter": (1, 4, 7, 10), "half_year": (1, 7), "year": (1,)}
COLUMN = {"municipality": None, "core": "core_id", "street": "street", "branch_group": "shown_group"}
# What stands empty after a use that is not counted: no trade, or another than retail when only that counts.
OUTSIDE = "outside_scope"
MIN_KNOWN_SHARE = 0.5
LONGEST = 10


@dataclass(frozen=True)
class Asked:
    """Of which municipality, core and branches."""

    nis_code: str
    scope: Scope = "all_branches"
    core_id: int | None = None


class Register:
    """All that is known of the shop units asked about, on every day; read from the database once.

    Raises
    ------
    NotFound
        When the core is not one of the municipality.
    """

    def __init__(self, session: Session, asked: Asked) -> None:
        self.session, self.asked = session, asked
        self.core_names = queries.core_names(session, asked.nis_code)
        if asked.core_id is not None and asked.core_id not in self.core_names:
            raise NotFound(
                f"Municipality {asked.nis_code} has no core {asked.core_id}.",
                f"GET /api/municipalities/{asked.nis_code} lists its cores.",
            )
        self.all_units, self.all_periods = queries.register(session, asked.nis_code)
        self.today = current_day(session)

    @cached_property
    def units(self) -> pd.DataFrame:
        """Those of the core, or all; where no street is written down, the street is empty."""
        units = self.all_units.assign(street=self.all_units["street"].fillna(""))
        return units if self.asked.core_id is None else units[units["core_id"] == self.asked.core_id]

    @cached_property
    def periods(self) -> pd.DataFrame:
        """Their periods; a vacant one has the branch group of the last occupant."""
        periods = self.all_periods[self.all_periods["shop_unit_id"].isin(self.units.index)]
        group = last_branch_group(periods)
        is_outside = group == "non_retail"
        if self.asked.scope == "retail_only":
            is_outside = ~group.isin([*RETAIL, NO_GROUP])
        return periods.assign(branch_group=group, shown_group=group.where(~is_outside, OUTSIDE))

    @property
    def trades(self) -> frozenset[str] | None:
        """Branch groups that count."""
        return RETAIL if self.asked.scope == "retail_only" else None

    def rates(self, days: Sequence[object] | pd.DatetimeIndex, by: By = "municipality") -> pd.DataFrame:
        """Rates as `vacancy_series` gives them."""
        units = self.units[self.units["core_id"].notna()] if by == "core" else self.units
        periods = self.periods[self.periods["shop_unit_id"].isin(units.index)]
        return vacancy_series(units, periods, days, by=COLUMN[by], trades=self.trades)

    def checked_day(self, on: date | None) -> date:
        """
        The day asked for, or today.

        Raises
        ------
        Malformed
            When nobody can know the day.
        """
        day = on or self.today
        # The day may have begun here before it does in the database's zone.
        if day > self.today + timedelta(days=1):
            raise Malformed(f"{day} lies in the future.", "Give a day up to today.")
        if day.year < EARLIEST_YEAR:
            raise Malformed(f"{day} is too long ago.", f"Give a day from {EARLIEST_YEAR}-01-01 on.")
        return day

    def days(self, step: Step, *, since: date | None, until: date) -> pd.DatetimeIndex:
        """First days of months, quarters or (half) years since something is known, and the last day itself."""
        begin = self.periods["from_on"].min() if since is None else pd.Timestamp(since)
        end = pd.Timestamp(until)
        if pd.isna(begin) or begin > end:
            return pd.DatetimeIndex([] if since is None else [end])
        firsts = pd.date_range(begin, end, freq="MS")
        return firsts[firsts.month.isin(list(MONTHS[step]))].union([end])

    @cached_property
    def breaks(self) -> list[dict[str, Any]]:
        """Days across which no line is drawn: those written down, and those on which the main source changed."""
        written = [
            {"on": row["breaks_on"], "is_automatic": False, "before": None, "after": None,
             **{name: row[name] for name in ("id", "kind", "reason", "source")}}
            for row in queries.breaks(self.session, self.asked.nis_code)
        ]  # fmt: skip
        months = pd.DatetimeIndex([])
        if self.all_periods["source"].nunique() > 1:
            months = self.days("month", since=None, until=self.today)
        changes = source_changes(vacancy_series(self.all_units, self.all_periods, months, by="source"))
        found = [
            {"on": row.on.date(), "is_automatic": True, "kind": "source", "before": row.before, "after": row.after,
             "id": None, "reason": None, "source": None}
            for row in plain_rows(changes)
        ]  # fmt: skip
        return sorted(written + found, key=lambda row: row["on"])

    def about(self) -> dict[str, Any]:
        """What must stand beside every figure."""
        core = self.asked.core_id
        return {
            "scope": self.asked.scope,
            "core_id": core,
            "core_name": None if core is None else self.core_names[core],
            **queries.sources(self.session, self.asked.nis_code),
        }

    def name_of(self, key: Any, by: By) -> dict[str, Any]:
        """Key and name of a group; the name of a branch group is a label of its code."""
        if by == "core":
            return {"core_id": whole(key), "name": self.core_names.get(whole(key))}
        return {"street": str(key) or None} if by == "street" else {"branch_group": str(key)}


def get_vacancy(session: Session, asked: Asked, on: date | None) -> dict[str, Any]:
    """
    Rates on a day, by core, street, branch group and duration class, and how they came to be so.

    Raises
    ------
    Malformed
        When nobody can know the day.
    NotFound
        When the core is not one of the municipality.
    """
    register = Register(session, asked)
    day = register.checked_day(on)
    total = register.rates([day])
    by_class, uncertain, longest = told_durations(register, day)
    return {
        "on": day,
        **register.about(),
        **rates_row(total.iloc[0] if len(total) else None),
        **{f"by_{by}": groups(register, day, by) for by in ("core", "street", "branch_group")},
        "by_class": by_class,
        "uncertain_classes": uncertain,
        "longest_vacant": longest[:LONGEST],
        "series": series(register, until=day),
        "breaks": [row for row in register.breaks if row["on"] <= day],
    }


def groups(register: Register, day: date, by: By) -> list[dict[str, Any]]:
    """The rates of every core, street or branch group on a day."""
    if by == "core" and register.asked.core_id is not None:
        return []
    table = register.rates([day], by)
    rows = [{**register.name_of(key[0], by), **rates_row(row)} for key, row in keyed_rows(table)]
    for row in rows:
        if row.get("branch_group") == OUTSIDE:
            # Occupied units of these trades are not counted, so there is nothing to divide by.
            row["units"]["rate"] = row["floor_area"]["rate"] = None
            row["floor_area"]["reason"] = OUTSIDE
    return [row for row in rows if row["units"]["denominator"] or row["unknown"]]


def rates_row(row: Any) -> dict[str, Any]:
    """Units and floor area with numerator, denominator and coverage."""
    if row is None:
        row = dict.fromkeys(("n_vacant", "n_units", "n_unknown", "n_non_retail"), 0) | {
            "vacancy_rate_share": None, "vacancy_rate_floor_area_share": None, "vacant_floor_area_m2": 0.0,
            "floor_area_m2": 0.0, "floor_area_coverage_share": None, "state_coverage_share": None,
            "floor_area_reason": "no_units",
        }  # fmt: skip
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
        "unknown": int(row["n_unknown"]),
        "non_retail": int(row["n_non_retail"]),
        "state_coverage": _known(row["state_coverage_share"]),
    }


def _known(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def plain_rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows with their columns as attributes; types know little of what pandas yields."""
    yield from frame.itertuples()


def keyed_rows(frame: pd.DataFrame) -> Iterator[tuple[Any, Any]]:
    """Keys and rows of a frame, likewise."""
    yield from frame.iterrows()


def is_told(table: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether the state of at least half of the units is known; a rate of fewer is not drawn."""
    share = table["state_coverage_share"].fillna(0.0).to_numpy(float)
    return np.asarray((table["n_units"].to_numpy() > 0) & (share >= MIN_KNOWN_SHARE), np.bool_)


def series(
    register: Register, *, until: date, since: date | None = None, step: Step = "half_year"
) -> list[dict[str, Any]]:
    """The rate on every first of January and July on which most units are known, and on the last day."""
    table = register.rates(register.days(step, since=since, until=until))
    if table.empty:
        return []
    stretch = stretches(register, table)
    points = []
    for number, (key, row) in zip(stretch, keyed_rows(table), strict=True):
        if number >= 0:
            told = rates_row(row)
            point = {"on": key[1].date(), "stretch": int(number), **told["units"]}
            points.append(
                {**point, "floor_area": told["floor_area"], "state_coverage": told["state_coverage"]}
            )
    return points


def stretches(register: Register, table: pd.DataFrame) -> Iterable[int]:
    """Which rows of one group may be joined by a line."""
    on = pd.DatetimeIndex(table.index.get_level_values("on"))
    return [int(n) for n in series_stretches(on, is_told(table), [row["on"] for row in register.breaks])]


def told_durations(register: Register, day: date) -> tuple[dict[str, int], int, list[dict[str, Any]]]:
    """Vacant units by duration class, how many of them may be of another, and all of them, the longest first."""
    states = in_scope(state_on(register.units, register.periods, day), register.asked.scope)
    # The group of a vacant unit is that of its last occupant.
    running = register.periods[
        (register.periods["kind"] == "vacant")
        & (register.periods["from_on"] <= pd.Timestamp(day))
        & ~(register.periods["to_on"] <= pd.Timestamp(day))
    ].set_index("shop_unit_id")
    told = states.join(vacancy_duration(states, on=day))[states["is_vacant"]]
    counted = told["duration_class"].value_counts()
    places = queries.places(register.session, register.asked.nis_code, day)
    listed = told.sort_values(
        ["vacant_start_latest_on", "vacant_start_earliest_on"], na_position="last", kind="stable"
    ).join(places[["address", "local_code", "lon", "lat"]])
    rows = [
        {
            "id": whole(key),
            "address": row["address"] or None,
            "local_code": row["local_code"],
            "branch_group": running["branch_group"].get(key, NO_GROUP),
            "floor_area_m2": _known(row["floor_area_m2"]),
            "since_earliest": _day(row["vacant_start_earliest_on"]),
            "since_latest": _day(row["vacant_start_latest_on"]),
            "min_days": int(row["min_days"]),
            "max_days": None if pd.isna(row["max_days"]) else int(row["max_days"]),
            "vacancy_class": row["duration_class"],
            "is_uncertain": bool(row["is_uncertain"]),
            "lon": float(row["lon"]),
            "lat": float(row["lat"]),
            "is_active": row["lifecycle"] == "active",
        }
        for key, row in keyed_rows(listed)
    ]
    return (
        {name: int(counted.get(name, 0)) for name in DURATION_CLASSES},
        int(told["is_uncertain"].sum()),
        rows,
    )


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else value.date()
