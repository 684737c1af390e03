"""The cases as they are filtered on the screen as a table, and those that were taken off the board."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from api.acquisition import queries
from api.acquisition.service import list_cases
from api.db.session import current_day
from api.dependencies import require_municipality
from api.vacancy.files import CSV, File
from api.vacancy.tables import to_csv

Row = dict[str, Any]
CLOSED = ("lost", "rejected", "aftercare")
# Nothing of persons: no contacts, no notes, and not which officer did what.
COLUMNS = (
    "case_id", "title", "prospect_name", "branch_code", "is_wished", "min_m2", "max_m2", "max_rent_eur_per_month", "needs",
    "origin", "state", "resumes_at", "acts", "next_action", "next_action_on", "hold_until", "due_on", "loss_reason",
    "signed_on", "is_temporary", "opened_on", "units", "made_on", "last_contact_on", "changed_on",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which cases are asked for, as the filters of the screen say it.

    Attributes
    ----------
    text
        Stands in title, prospect or the address of a candidate unit; empty: all.
    acts
        Who acts next; empty: anybody.
    handled_by
        Officer who follows it up; empty: all.
    with_closed
        Also what is lost, rejected or taken care of.
    """

    text: str = ""
    acts: str | None = None
    handled_by: str = ""
    with_closed: bool = False


def list_removed(session: Session, nis_code: str) -> Row:
    """
    Cases that were taken off the board and can be put back, the last one first.

    Raises
    ------
    NotFound
        When the municipality is not known.
    """
    require_municipality(session, nis_code)
    return {"items": queries.removed(session, nis_code)}


def cases_csv(session: Session, nis_code: str, wanted: Wanted) -> File:
    """
    The cases that the filters leave, what is due first.

    Raises
    ------
    NotFound
        When the municipality is not known.
    """
    items = filtered(list_cases(session, nis_code)["items"], wanted)
    name = f"cases-{nis_code}-{current_day(session)}.csv"
    return File(to_csv(COLUMNS, [_told(item) for item in items]), name, CSV)


def filtered(items: Iterable[Row], wanted: Wanted) -> list[Row]:
    """The same choice as the screen makes."""
    looked_for = wanted.text.strip().lower()

    def fits(item: Row) -> bool:
        words = [item["title"], item["prospect_name"] or "", *(unit["address"] for unit in item["units"])]
        return (
            (wanted.with_closed or item["state"] not in CLOSED)
            and (not wanted.acts or item["acts"] == wanted.acts)
            and (not wanted.handled_by or item["handled_by"] == wanted.handled_by)
            and (not looked_for or any(looked_for in word.lower() for word in words))
        )

    return [item for item in items if fits(item)]


def _told(item: Row) -> Row:
    heard = item["last_contact_at"]
    return {
        **item,
        "case_id": item["id"],
        "needs": " ".join(item["needs"]),
        "units": " | ".join(unit["address"] for unit in item["units"]),
        "made_on": item["made_at"].date(),
        "changed_on": item["changed_at"].date(),
        "last_contact_on": None if heard is None else heard.date(),
    }
