"""Vacancy as tables for spreadsheets: every rate with all that it is made of."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from api.export.service import csv_file, harmless
from api.numbers import known
from api.vacancy import queries
from api.vacancy.rates import OUTSIDE, By, Register, Step, keyed_rows, told_durations

LEVELS: tuple[By, ...] = ("municipality", "core", "street", "branch_group")
RATES = (
    "vacancy_rate_share", "n_vacant", "n_units", "n_unknown", "n_non_retail", "state_coverage_share",
    "vacancy_rate_floor_area_share", "vacant_floor_area_m2", "floor_area_m2", "floor_area_coverage_share",
    "floor_area_reason",
)  # fmt: skip
RATE_COLUMNS = (
    "level",
    "key",
    "name",
    "on",
    "scope",
    "core",
    *RATES,
    "source",
    "surveyed_on",
    "oldest_on",
    "made_at",
)
LONGEST_COLUMNS = (
    "id", "local_code", "address", "branch_group", "floor_area_m2", "since_earliest", "since_latest", "min_days",
    "max_days", "vacancy_class", "is_uncertain", "is_active", "lon", "lat", "on", "scope", "source", "surveyed_on",
)  # fmt: skip
BREAK_COLUMNS = ("on", "kind", "reason", "before", "after", "is_automatic", "source")
Row = Mapping[str, Any]


def rate_rows(register: Register, day: date) -> list[Row]:
    """One row for the whole, and one for every core, street and branch group."""
    return [row for by in LEVELS for row in _rows(register, [day], by)]


def series_rows(register: Register, step: Step, by: By) -> list[Row]:
    """One row for every group and first day of a step."""
    return _rows(register, register.days(step, since=None, until=register.today), by)


def longest_rows(register: Register, day: date) -> list[Row]:
    """Every vacant unit of a day, the longest vacant first."""
    about = register.about()
    told = {
        "on": day,
        "scope": about["scope"],
        "source": about["source"],
        "surveyed_on": about["surveyed_on"],
    }
    return [{**row, **told} for row in told_durations(register, day)[2]]


def _rows(register: Register, days: Any, by: By) -> list[Row]:
    about = register.about()
    told = {
        "scope": about["scope"], "core": about["core_name"], "source": about["source"],
        "surveyed_on": about["surveyed_on"], "oldest_on": about["oldest_on"],
        "made_at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }  # fmt: skip
    branches = queries.labels(register.session, "branch_group") if by == "branch_group" else {}
    rows: list[Row] = []
    for (group, on), row in keyed_rows(register.rates(days, by)):
        named = {"municipality": {"key": register.asked.nis_code, "name": about["core_name"] or "all"}}.get(
            by
        )
        if by == "core":
            named = {"key": int(group), "name": register.core_names.get(int(group))}
        elif by == "street":
            named = {"key": group, "name": group}
        elif by == "branch_group":
            named = {"key": group, "name": branches[group]["label_nl"] if group in branches else group}
        values = {name: known(row[name]) for name in RATES}
        if group == OUTSIDE:
            values |= {
                "vacancy_rate_share": None,
                "vacancy_rate_floor_area_share": None,
                "floor_area_reason": OUTSIDE,
            }
        rows.append({"level": by, **(named or {}), "on": on.date(), **told, **values})
    return rows


def to_csv(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """UTF-8 with BOM, semicolons, canonical column names."""
    return csv_file([list(columns), *([row.get(column) for column in columns] for row in rows)])


def to_workbook(sheets: Mapping[str, tuple[Sequence[str], Iterable[Row]]]) -> bytes:
    """An XLSX file with a sheet for every table: numbers are numbers, shares show as percentages."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, (columns, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(list(columns))
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for row in rows:
            sheet.append([harmless(row.get(column)) for column in columns])
        sheet.freeze_panes = "A2"
        for number, column in enumerate(columns, start=1):
            letter = get_column_letter(number)
            sheet.column_dimensions[letter].width = max(11, len(column) + 2)
            if column.endswith("_share"):
                for cell in sheet[letter][1:]:
                    cell.number_format = "0.0%"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheets(register: Register, day: date) -> dict[str, tuple[Sequence[str], Iterable[Row]]]:
    """Rates, history, longest vacant units and breaks: the sheets of the workbook."""
    history = [row for by in ("municipality", "core") for row in series_rows(register, "half_year", by)]
    return {
        "rates": (RATE_COLUMNS, rate_rows(register, day)),
        "series": (RATE_COLUMNS, history),
        "longest_vacant": (LONGEST_COLUMNS, longest_rows(register, day)),
        "breaks": (BREAK_COLUMNS, register.breaks),
    }
