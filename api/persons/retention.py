"""How long contacts and the log of their reads are kept: what is due, and letting it go."""

from collections import Counter
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


RULES = ("prospect", "owner", "lost")
RAN = (
    "INSERT INTO crm.retention_run (nis_code, n_prospect, n_owner, n_lost, n_log, n_documents) "
    "VALUES (:nis, :n_prospect, :n_owner, :n_lost, :n_log, :n_documents)"
)
RUNS = (
    "SELECT ran_at, n_prospect, n_owner, n_lost, n_log, n_documents FROM crm.retention_run WHERE nis_code = :nis "
    "ORDER BY id DESC LIMIT 12"
)
CHANGES = (
    "SELECT prospect_months, owner_months, lost_months, log_months, reason, changed_by, changed_at "
    "FROM crm.retention_change WHERE nis_code = :nis ORDER BY id DESC LIMIT 50"
)
USUAL = {"prospect_months": 24, "owner_months": 12, "lost_months": 24, "log_months": 24}


@dataclass(frozen=True)
class Gone:
    """What was let go of one municipality: contacts, rows of the log, documents that were removed."""

    nis_code: str
    contacts: int
    log_rows: int
    documents: int


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


def let_go(session: Session, nis_codes: Sequence[str] | None = None, *, job: str = JOB) -> list[Gone]:
    """
    Erase contacts and drop rows of the log and removed documents that were kept long enough; cases and counts stay.

    That it ran is written down for each municipality, also where nothing was due.

    Parameters
    ----------
    session
        In the role that may enter the schema of persons.
    nis_codes
        Of these municipalities only; all when left out.
    job
        Under which name the log holds it.
    """
    by_town: dict[str, Counter[str]] = {}
    for each in due(session, nis_codes):
        queries.erase(session, each.person_id, job, reason=each.rule, route=job)
        by_town.setdefault(each.nis_code, Counter())[each.rule] += 1
    gone = []
    for nis_code, n in old_log(session, nis_codes).items():
        counted = by_town.get(nis_code, Counter())
        values: dict[str, Any] = {
            "nis": nis_code,
            **{f"n_{rule}": counted[rule] for rule in RULES},
            "n_log": _number(session, "SELECT crm.drop_old_log(:nis)", nis_code) if n else 0,
            "n_documents": _number(session, "SELECT crm.drop_removed_documents(:nis)", nis_code),
        }
        session.execute(text(RAN), values)
        gone.append(Gone(nis_code, sum(counted.values()), values["n_log"], values["n_documents"]))
    return gone


def get_retention(session: Session, nis_code: str) -> dict[str, Any]:
    """
    How long a municipality keeps what and who chose so, what is due now, and what the job let go each time.

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
    runs = session.execute(text(RUNS), {"nis": nis_code}).mappings()
    changes = session.execute(text(CHANGES), {"nis": nis_code}).mappings()
    return {
        **kept,
        "usual": USUAL,
        "due": listed,
        "n_log_due": old_log(session, [nis_code])[nis_code],
        "runs": [dict(row) for row in runs],
        "changes": [dict(row) for row in changes],
    }


def set_retention(session: Session, nis_code: str, given: Mapping[str, Any], by: str) -> dict[str, Any]:
    """
    Say how long a municipality keeps what; the answer holds what it was, so that it can be set back.

    Raises
    ------
    NotFound
        When the municipality is not known.
    """
    was = get_retention(session, nis_code)
    query = text(
        "INSERT INTO crm.retention (nis_code, prospect_months, owner_months, lost_months, log_months, reason, changed_by) "
        "VALUES (:nis, :prospect_months, :owner_months, :lost_months, :log_months, :reason, :by) ON CONFLICT (nis_code) "
        "DO UPDATE SET prospect_months = excluded.prospect_months, owner_months = excluded.owner_months, "
        "lost_months = excluded.lost_months, log_months = excluded.log_months, reason = excluded.reason, changed_by = excluded.changed_by, "
        "changed_at = now()"
    )
    session.execute(query, {**given, "nis": nis_code, "by": by})
    return {**get_retention(session, nis_code), "was": {name: was[name] for name in MONTHS}}


def _number(session: Session, query: str, nis_code: str) -> int:
    return int(session.execute(text(query), {"nis": nis_code}).scalar_one())
