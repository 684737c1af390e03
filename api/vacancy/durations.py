"""How long units stand empty, per group; what fell empty and was let per year; what one unit may expect."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import pandas as pd
from sqlalchemy.orm import Session

from api.db.session import current_day
from api.errors import NotFound
from api.geojson import Row
from api.numbers import known, whole
from api.vacancy import histories, queries
from gis.flows import vacancy_flows
from gis.spells import DAYS_PER_MONTH, size_band, spell_lengths
from gis.vacancy import DURATION_CLASSES, vacancy_duration

By = Literal["core", "branch_group", "size"]
TOLD_MONTHS = (6, 12, 24, 36)
YEAR_MONTHS = 12
FEWEST_LET, LEVEL = 10, 0.95
COUNTS = ("spells", "let", "withdrawn", "running", "between_dates", "unknown_start")


def get_durations(session: Session, nis_code: str, by: By) -> dict[str, Any]:
    """Survival of vacancy spells in the current run, all together and per group, with the classes of today."""
    rows = histories.durations(session, nis_code, grouped_by=("all", by))
    classes = _classes(session, nis_code, by)
    about = rows[0] if rows else None
    groups = [_group(row, classes) for row in rows]
    return {
        "by": by,
        "computed_at": about["finished_at"] if about else None,
        "code_version": about["code_version"] if about else None,
        "level": LEVEL,
        "fewest_let": FEWEST_LET,
        "whole": next((group for group in groups if group["code"] is None), None),
        "groups": [group for group in groups if group["code"] is not None],
        "on": current_day(session),
        **queries.sources(session, nis_code),
    }


def _classes(session: Session, nis_code: str, by: By) -> dict[str | None, dict[str, Any]]:
    """Vacant units of today per class and group; None is all of them."""
    spells = histories.spells(session, nis_code)
    today = current_day(session)
    day = pd.Timestamp(today)
    now = spells[
        (spells["lifecycle"] == "active")
        & (spells["start_latest_on"] <= day)
        & (spells["ended_on"].isna() | (spells["ended_on"] > day))
    ]
    frame = now[["start_earliest_on", "start_latest_on"]].add_prefix("vacant_").assign(is_vacant=True)
    told = vacancy_duration(frame, on=today)
    group = _group_of(now, by)
    found: dict[str | None, dict[str, Any]] = {None: _counted(told)}
    for code, members in told.groupby(group):
        found[str(code)] = _counted(members)
    return found


def _group_of(spells: pd.DataFrame, by: By) -> pd.Series:
    if by == "size":
        return size_band(spells["floor_area_m2"])
    if by == "branch_group":
        return spells["branch_group"].astype(object)
    return spells["core_id"].map(lambda key: None if known(key) is None else str(int(key))).astype(object)


def _counted(told: pd.DataFrame) -> dict[str, Any]:
    named = told["duration_class"]
    counts = {name: int((named == name).sum()) for name in DURATION_CLASSES}
    unsure = {name: int(((named == name) & told["is_uncertain"]).sum()) for name in DURATION_CLASSES}
    return {"counts": counts, "uncertain": unsure, "vacant": len(told)}


def _group(row: Row, classes: Mapping[str | None, dict[str, Any]]) -> dict[str, Any]:
    curve = {point["month"]: point for point in row["curve"]}
    year = curve.get(YEAR_MONTHS)
    nothing = {"counts": dict.fromkeys(DURATION_CLASSES, 0), "uncertain": {}, "vacant": 0}
    return {
        "code": row["group_code"],
        "name": row["core_name"],
        **{name: row[name] for name in COUNTS},
        **{name: row[name] for name in ("method", "reason", "source", "observed_on")},
        **{name: row[name] for name in ("median_days", "median_lower_days", "median_upper_days")},
        "watched_months": max(curve, default=None),
        "still_empty": [curve[month] for month in TOLD_MONTHS if month in curve],
        "let_within_a_year": None
        if year is None
        else {
            "chance": 1 - year["survival_share"],
            "chance_lower": 1 - year["upper_share"],
            "chance_upper": 1 - year["lower_share"],
        },
        "curve": row["curve"],
        "classes": classes.get(row["group_code"], nothing),
    }


def get_flows(session: Session, nis_code: str) -> dict[str, Any]:
    """Per year what fell empty, what was let, and what left the market; the sums close."""
    table, today = flows(session, nis_code)
    years = [{"year": whole(year), **_counts_of(row)} for year, row in table.iterrows()]
    return {"on": today, "years": years, **queries.sources(session, nis_code)}


def flows(session: Session, nis_code: str) -> tuple[pd.DataFrame, date]:
    """The same as a frame, and the day until which was counted."""
    today = current_day(session)
    spells = histories.spells(session, nis_code)
    lengths = spell_lengths(spells, on=today)
    here = spells.loc[lengths.index]
    # A part of a split unit stands empty since longer than it exists: it comes in when it came to be.
    is_late = here["unit_from_on"] > lengths["started_on"]
    lengths = lengths.assign(started_on=lengths["started_on"].where(~is_late, here["unit_from_on"]))
    return vacancy_flows(lengths, here["ended_on"], on=today), today


def _counts_of(row: pd.Series) -> dict[str, Any]:
    return {str(name): bool(value) if name == "is_partial" else int(value) for name, value in row.items()}


def get_prospects(session: Session, unit_id: int) -> dict[str, Any]:
    """
    What one unit may expect: being let when it is vacant, falling empty when it trades.

    Raises
    ------
    NotFound
        When it does not exist or is no longer active.
    """
    unit = histories.unit(session, unit_id)
    if unit is None:
        raise NotFound(
            f"There is no active shop unit {unit_id}.", "GET /api/shop-units lists those that are."
        )
    is_vacant = unit["state"] == "vacant"
    return {
        "shop_unit_id": unit_id,
        "state": unit["state"],
        "reletting": _reletting(session, unit) if is_vacant else None,
        "expected": [dict(row) for row in histories.expected_of_unit(session, unit_id)],
        "outlook": None if is_vacant else _own_outlook(session, unit_id),
    }


def _own_outlook(session: Session, unit_id: int) -> dict[str, Any] | None:
    row = histories.outlook_of_unit(session, unit_id)
    return None if row is None else dict(row)


def _reletting(session: Session, unit: Row) -> dict[str, Any]:
    """Chance of being let within a year, from the core's curve or, where that knows too little, from all."""
    rows = histories.durations(session, unit["nis_code"], grouped_by=("all", "core"))
    today = current_day(session)
    earliest, latest = unit["vacant_earliest_on"], unit["vacant_latest_on"]
    start = latest if earliest is None else earliest + (latest - earliest) / 2
    months = int((today - start).days / DAYS_PER_MONTH)
    told: dict[str, Any] = {"months_empty": months, "is_start_known": earliest is not None, "level": LEVEL}
    if not rows:
        return {**told, "chance": None, "reason": "not_computed"}
    core = None if unit["core_id"] is None else str(unit["core_id"])
    why = "no_core" if core is None else "too_few_let"
    for row in sorted(rows, key=lambda row: row["grouped_by"] == "all"):
        if row["grouped_by"] == "core" and row["group_code"] != core:
            continue
        point = next((one for one in row["chances"] if one["month"] == months), None)
        if point is not None:
            is_all = row["grouped_by"] == "all"
            told |= {name: point[name] for name in ("chance", "chance_lower", "chance_upper", "n_at_risk")}
            told |= {"group": row["grouped_by"], "group_name": row["core_name"], "reason": None}
            told |= {"wider_because": why if is_all else None, "spells": row["spells"], "let": row["let"]}
            return {**told, "source": row["source"], "observed_on": row["observed_on"]}
        if row["grouped_by"] == "core" and row["method"] is not None:
            why = "too_few_so_long"
    return {**told, "chance": None, "reason": "too_few_so_long"}


DURATION_COLUMNS = (
    "grouped_by", "code", "name", *COUNTS, "method", "reason", "median_days", "median_lower_days",
    "median_upper_days", "month", "survival_share", "lower_share", "upper_share", "n_at_risk", "source", "observed_on",
)  # fmt: skip
FLOW_COLUMNS = (
    "year", "n_vacant_start", "n_inflow", "n_first_seen", "n_let", "n_withdrawn", "n_vacant_end", "n_net",
    "is_partial", "source", "surveyed_on",
)  # fmt: skip


def duration_rows(session: Session, nis_code: str, by: By) -> Iterator[dict[str, Any]]:
    """One row per group and month of its curve; a group that is not measured has one row with the reason."""
    found = get_durations(session, nis_code, by)
    for group in [found["whole"], *found["groups"]]:
        if group is None:
            continue
        common = {**group, "grouped_by": "all" if group["code"] is None else by}
        yield from ({**common, **point} for point in group["curve"] or [{}])


def flow_rows(session: Session, nis_code: str) -> Iterator[dict[str, Any]]:
    """One row per year."""
    found = get_flows(session, nis_code)
    yield from (
        {**year, "source": found["source"], "surveyed_on": found["surveyed_on"]} for year in found["years"]
    )


def as_table(rows: Iterator[dict[str, Any]], columns: Sequence[str]) -> list[list[Any]]:
    """Rows as lists under the names of their columns."""
    return [list(columns), *([row.get(name) for name in columns] for row in rows)]
