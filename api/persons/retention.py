"""How long contacts and the log of their reads are kept: what is due, and letting it go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.dependencies import require_municipality
from api.persons import queries

JOB = "kernkaart persons retention"
MONTHS = ("prospect_months", "owner_months", "lost_months", "log_months")
DUE = """
SELECT k.person_id, k.nis_code, k.rule, k.keep_until, (SELECT array_agg(coalesce(c.title, s.street || ' ' || coalesce(s.house_number, ''), s.local_code)
    ORDER BY t.id) FROM crm.person_tie t LEFT JOIN public.shop_unit s ON s.id = t.shop_unit_id
    LEFT JOIN public.acquisition_case c ON c.id = t.case_id WHERE t.person_id = k.person_id) AS places
FROM crm.person_keep k WHERE k.keep_until <= current_date AND (CAST(:nis AS text[]) IS NULL OR k.nis_code = ANY(:nis))
ORDER BY k.nis_code, k.keep_until, k.person_id
"""
OLD_LOG = """
SELECT k.nis_code, (SELECT count(*) FROM crm.access_log l WHERE l.nis_code = k.nis_code
    AND l.at < now() - make_interval(months => k.log_months)) AS n
FROM crm.kept_months k WHERE CAST(:nis AS text[]) IS NULL OR k.nis_code = ANY(:nis) ORDER BY k.nis_code
"""


@dataclass(frozen=True)
class Due:
    """A contact that was kept long enough; who it is, is not told.

    Attributes
    ----------
    person_id, nis_code
        Which contact of which municipality.
    rule
        prospect, owner or lost.
    keep_until
        Day until which it was to be kept.
    places
        Titles of cases and addresses of units it is tied to.
    """

    person_id: int
    nis_code: str
    rule: str
    keep_until: date
    places: list[str] | None


def due(session: Session, nis_codes: Sequence[str] | None = None) -> list[Due]:
    """Contacts that were kept long enough; nothing is written."""
    rows = session.execute(text(DUE), {"nis": None if nis_codes is None else list(nis_codes)}).mappings()
    return [Due(**row) for row in rows]


def old_log(session: Session, nis_codes: Sequence[str] | None = None) -> dict[str, int]:
    """How many rows of the log are older than they are to be kept, by municipality; nothing is written."""
    rows = session.execute(text(OLD_LOG), {"nis": None if nis_codes is None else list(nis_codes)})
    return {row.nis_code: row.n for row in rows}


def let_go(session: Session, nis_codes: Sequence[str] | None = None) -> tuple[int, int]:
    """
    Erase contacts that were kept long enough, and old rows of the log; cases and counts of erasures stay.

    Returns
    -------
    How many contacts and how many rows went.
    """
    listed = due(session, nis_codes)
    for each in listed:
        queries.erase(session, each.person_id, JOB, reason=each.rule, route=JOB)
    gone = 0
    for nis_code, n in old_log(session, nis_codes).items():
        if n:
            gone += int(
                session.execute(text("SELECT crm.drop_old_log(:nis)"), {"nis": nis_code}).scalar_one()
            )
    return len(listed), gone


def get_retention(session: Session, nis_code: str) -> dict[str, Any]:
    """
    How long a municipality keeps what, and what is due now.

    Raises
    ------
    NotFound
        When the municipality is not known.
    """
    require_municipality(session, nis_code)
    query = text(
        "SELECT prospect_months, owner_months, lost_months, log_months, changed_by, changed_at "
        "FROM crm.kept_months WHERE nis_code = :nis"
    )
    kept = dict(session.execute(query, {"nis": nis_code}).mappings().one())
    listed = [vars(each) for each in due(session, [nis_code])]
    return {**kept, "due": listed, "n_log_due": old_log(session, [nis_code])[nis_code]}


def set_retention(session: Session, nis_code: str, given: Mapping[str, int], by: str) -> dict[str, Any]:
    """
    Say how long a municipality keeps what; the answer holds what it was, so that it can be set back.

    Raises
    ------
    NotFound
        When the municipality is not known.
    """
    was = get_retention(session, nis_code)
    query = text(
        "INSERT INTO crm.retention (nis_code, prospect_months, owner_months, lost_months, log_months, changed_by) "
        "VALUES (:nis, :prospect_months, :owner_months, :lost_months, :log_months, :by) ON CONFLICT (nis_code) "
        "DO UPDATE SET prospect_months = excluded.prospect_months, owner_months = excluded.owner_months, "
        "lost_months = excluded.lost_months, log_months = excluded.log_months, changed_by = excluded.changed_by, "
        "changed_at = now()"
    )
    session.execute(query, {**given, "nis": nis_code, "by": by})
    return {**get_retention(session, nis_code), "was": {name: was[name] for name in MONTHS}}
