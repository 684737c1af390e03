"""Figures of cases: funnel, lead times, losses, what was filled, and who stayed; each with its n."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from api.acquisition import figure_queries
from api.db.codes import CASE_PROCESS
from api.db.session import current_day
from api.dependencies import require_municipality
from api.export import service as export
from api.numbers import known
from api.vacancy.files import CSV, XLSX, File
from api.vacancy.tables import to_csv, to_workbook
from gis.case_figures import EVENT, OPEN, OTHER, by_day, funnel, median_days, share_of

SIGNED_WITHIN_DAYS = (90, 180, 365)
OPENED_WITHIN_DAYS = 90
STAYED_MONTHS = (12, 36)
DAYS_PER_MONTH = 365.25 / 12
FUNNEL = (
    "state", "n_reached", "n_on", "n_left", "n_here", "on_share", "lower_share", "upper_share",
)  # fmt: skip
CHANCES = (
    "figure", "within", "unit", "share", "lower", "upper", "n", "of", "median_days", "floor_area_m2",
)  # fmt: skip
LOSSES = ("reason", "n")
Row = dict[str, Any]


def get_figures(session: Session, nis_code: str) -> Row:
    """
    All figures of the cases of a municipality; what too few were followed for is None.

    Raises
    ------
    NotFound
        When the municipality is not known.
    """
    require_municipality(session, nis_code)
    rows = pd.DataFrame(figure_queries.cases(session, nis_code), columns=list(figure_queries.CASE_COLUMNS))
    signed = rows[rows["signed_on"].notna()]
    lasting = signed[~signed["is_temporary"].astype(bool)]
    lead_days, lead_kinds = _followed(rows, "lead_days")
    open_days, open_kinds = _followed(signed, "opened_days", "is_opened")
    return {
        "today": current_day(session),
        "n_cases": len(rows),
        "first_on": None if rows.empty else min(rows["made_on"]),
        "funnel": _funnel(rows),
        "signed_within": [
            {"days": days, **asdict(by_day(lead_days, lead_kinds, days))} for days in SIGNED_WITHIN_DAYS
        ],
        "median_days_to_signing": None if rows.empty else median_days(lead_days, lead_kinds),
        "opened_within": {
            "days": OPENED_WITHIN_DAYS,
            **asdict(by_day(open_days, open_kinds, OPENED_WITHIN_DAYS)),
        },
        "losses": _losses(rows),
        "filled": {
            "n": len(lasting),
            "n_area_known": int(lasting["floor_area_m2"].notna().sum()),
            "floor_area_m2": float(lasting["floor_area_m2"].astype(float).sum()),
            "n_temporary": len(signed) - len(lasting),
        },
        "wished": asdict(share_of(int(lasting["is_wished"].astype(bool).sum()), len(lasting))),
        "n_unwanted": int(lasting["is_unwanted"].eq(True).sum()),
        "stayed": [_stayed(lasting, months) for months in STAYED_MONTHS],
    }


def figures_csv(session: Session, nis_code: str) -> File:
    """The figures as one table."""
    told = get_figures(session, nis_code)
    rows = [*_chances(told), *_counts(told)]
    return _named(session, nis_code, to_csv(CHANCES, rows), "csv", CSV)


def figures_xlsx(session: Session, nis_code: str) -> File:
    """The figures as a workbook: funnel, chances, losses."""
    told = get_figures(session, nis_code)
    sheets = {
        "funnel": (FUNNEL, told["funnel"]),
        "figures": (CHANCES, [*_chances(told), *_counts(told)]),
        "losses": (LOSSES, told["losses"]),
    }
    return _named(session, nis_code, to_workbook(sheets), "xlsx", XLSX)


def _named(session: Session, nis_code: str, content: bytes, ending: str, kind: str) -> File:
    return File(content, export.file_name(session, "case-figures", nis_code, ending), kind)


def _followed(rows: pd.DataFrame, days: str, happened: str = "is_signed") -> tuple[Any, Any]:
    """How long each case was followed, days, and what happened then."""
    is_event = rows[happened].astype(bool).to_numpy()
    is_other = rows["is_ended"].astype(bool).to_numpy() & ~is_event
    kinds = np.where(is_event, EVENT, np.where(is_other, OTHER, OPEN)).astype(np.int64)
    return rows[days].astype(float).to_numpy(), kinds


def _funnel(rows: pd.DataFrame) -> list[Row]:
    table = funnel(rows.astype({"highest": int, "is_ended": bool}), CASE_PROCESS)
    return [
        {str(name): known(value) for name, value in row.items()}
        for row in table.reset_index().to_dict("records")
    ]


def _losses(rows: pd.DataFrame) -> list[Row]:
    counted = rows["loss_reason"].dropna().value_counts()
    return [
        {"reason": str(reason), "n": int(n)}
        for reason, n in sorted(counted.items(), key=lambda one: (-one[1], str(one[0])))
    ]


def _stayed(lasting: pd.DataFrame, months: int) -> Row:
    """Share that still trades so many months after it opened: one less the chance of having closed."""
    opened = lasting[lasting["traded_days"].notna()]
    days = opened["traded_days"].to_numpy(dtype=np.float64)
    kinds = np.where(opened["is_closed"].astype(bool), EVENT, OPEN).astype(np.int64)
    closed = by_day(days, kinds, months * DAYS_PER_MONTH)
    share, upper, lower = (
        None if value is None else 1 - value for value in (closed.share, closed.lower, closed.upper)
    )
    n = int((days >= months * DAYS_PER_MONTH).sum())
    return {"months": months, "share": share, "lower": lower, "upper": upper, "n": n, "of": len(days)}


def _chances(told: Mapping[str, Any]) -> list[Row]:
    signed = [
        {**row, "figure": "signed", "within": row["days"], "unit": "days"} for row in told["signed_within"]
    ]
    opened = {**told["opened_within"], "figure": "opened", "within": OPENED_WITHIN_DAYS, "unit": "days"}
    stayed = [
        {**row, "figure": "stayed", "within": row["months"], "unit": "months"} for row in told["stayed"]
    ]
    return [*signed, opened, *stayed, {**told["wished"], "figure": "wished_branch"}]


def _counts(told: Mapping[str, Any]) -> list[Row]:
    filled = told["filled"]
    return [
        {"figure": "cases", "n": told["n_cases"]},
        {"figure": "median_days_to_signing", "median_days": told["median_days_to_signing"], "of": told["n_cases"]},
        {"figure": "filled_units", "n": filled["n"]},
        {
            "figure": "filled_floor_area_m2", "floor_area_m2": filled["floor_area_m2"],
            "n": filled["n_area_known"], "of": filled["n"],
        },
        {"figure": "unwanted_branch", "n": told["n_unwanted"], "of": told["wished"]["of"]},
        {"figure": "temporary_uses", "n": filled["n_temporary"]},
    ]  # fmt: skip
