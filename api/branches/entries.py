"""What a town says of branches: added by a person with a reason, taken back by one, never changed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from api.branches import queries
from api.db.models.unit import BRANCH_VERSION
from api.db.session import current_day
from api.dependencies import require_municipality
from api.errors import Malformed, NotAnswerable, NotFound

Row = dict[str, Any]
WISH, CHOICE, FLOW = "branch_wish", "peer_choice", "branch_flow"


def list_wishes(session: Session, nis_code: str) -> Row:
    """
    Branches that a town wishes or does not want today, and all that was ever said of them.

    Raises
    ------
    NotFound
        When the municipality is not known.
    """
    require_municipality(session, nis_code)
    known = {row["code"]: row for row in queries.branches(session, "branch", BRANCH_VERSION)}
    cores = queries.core_names(session, nis_code)
    rows = [
        {
            **_labels(known, row["branch_code"]),
            **row,
            "core_name": None if row["core_code"] is None else cores.get(row["core_code"], row["core_code"]),
        }
        for row in queries.entries(session, WISH, nis_code)
    ]
    today = current_day(session)
    said_of = sorted({row["core_code"] for row in rows if row["core_code"] is not None})
    items = [one for code in (None, *said_of) for one in _standing(rows, today, code).values()]
    return {"today": today, "items": items, "history": rows}


def stances(rows: Iterable[Row], on: date, core_code: str | None = None) -> dict[str, Row]:
    """
    The entry that counts for each branch on a day, by branch; a branch that was set open again is left out.

    Parameters
    ----------
    rows
        Entries.
    on
        A later day on which a town wants something outweighs an earlier one; on the same day the later entry does.
    core_code
        Of this core; where nothing of its own is said, what holds for the whole municipality does.
    """
    said = list(rows)
    town = _standing(said, on, None)
    return town if core_code is None else {**town, **_standing(said, on, core_code)}


def _standing(rows: Iterable[Row], on: date, core_code: str | None) -> dict[str, Row]:
    standing = [
        row
        for row in rows
        if row["undone_at"] is None and row["since_on"] <= on and row.get("core_code") == core_code
    ]
    newest = {
        row["branch_code"]: row for row in sorted(standing, key=lambda row: (row["since_on"], row["id"]))
    }
    return {code: row for code, row in newest.items() if row["stance"] != "open"}


def add_wish(session: Session, nis_code: str, given: Row, officer: str) -> Row:
    """
    Say that a town, or one of its cores, wishes a branch, does not want it, or has no position any more.

    Raises
    ------
    NotFound
        When municipality, core or branch are not known.
    Malformed
        When the day lies ahead.
    """
    require_municipality(session, nis_code)
    known = {row["code"] for row in queries.branches(session, "branch", BRANCH_VERSION)}
    if given["branch_code"] not in known:
        raise NotFound(
            f"There is no branch {given['branch_code']} to wish for.",
            "GET /api/code-lists/branch lists those that are known.",
            code="branch_unknown",
        )
    today = current_day(session)
    since_on = given["since_on"] or today
    if since_on > today:
        raise Malformed(
            "A wish cannot begin on a day that has not come.",
            "Give today or an earlier day.",
            code="branch_wish_ahead",
        )
    core = None if given.get("core") is None else require_core(session, nis_code, given["core"])
    queries.lock(session, nis_code)
    said = {name: given[name] for name in ("branch_code", "stance", "reason")}
    where = {"nis_code": nis_code, "core_code": None if core is None else core["code"]}
    queries.add(session, WISH, {**said, **where, "since_on": since_on, "made_by": officer})
    return list_wishes(session, nis_code)


def undo_wish(session: Session, nis_code: str, key: int, officer: str) -> Row:
    """
    Take back what somebody said of a branch: what was said before counts again.

    Raises
    ------
    NotFound
        When municipality or entry are not known.
    NotAnswerable
        When it was taken back already.
    """
    _take_back(session, WISH, nis_code, key, officer)
    return list_wishes(session, nis_code)


def require_core(session: Session, nis_code: str, core_id: int) -> Row:
    """
    A core of the municipality.

    Raises
    ------
    NotFound
        When it has no such core.
    """
    row = queries.core(session, core_id)
    if row is None or row["nis_code"] != nis_code:
        raise NotFound(
            f"There is no core {core_id} in this municipality.", "GET /api/cores?municipality=NIS lists them."
        )
    return dict(row)


def chosen_peers(session: Session, nis_code: str) -> Row | None:
    """The choice of towns that stands; None where nobody chose."""
    rows = queries.entries(session, CHOICE, nis_code)
    return next((row for row in rows if row["undone_at"] is None), None)


def choose_peers(session: Session, nis_code: str, given: Row, officer: str) -> None:
    """
    Choose the towns to compare with; without any, those that are most alike.

    Raises
    ------
    NotFound
        When a municipality is not known.
    Malformed
        When a town would be compared with itself.
    """
    require_municipality(session, nis_code)
    codes = given["peer_codes"]
    if codes is not None:
        codes = list(dict.fromkeys(codes))
        for code in codes:
            require_municipality(session, code)
        if nis_code in codes:
            raise Malformed(
                "A town cannot be compared with itself.", "Choose other towns.", code="peer_is_itself"
            )
    queries.lock(session, nis_code)
    queries.add(
        session,
        CHOICE,
        {"peer_codes": codes, "reason": given["reason"], "nis_code": nis_code, "made_by": officer},
    )


def undo_choice(session: Session, nis_code: str, officer: str) -> None:
    """
    Take the last choice of towns back.

    Raises
    ------
    NotFound
        When the municipality is not known.
    NotAnswerable
        When nobody chose.
    """
    require_municipality(session, nis_code)
    queries.lock(session, nis_code)
    row = chosen_peers(session, nis_code)
    if row is None:
        raise NotAnswerable(
            "Nobody chose towns, so there is nothing to take back.",
            "Choose towns first.",
            code="peers_not_chosen",
        )
    queries.take_back(session, CHOICE, row["id"], officer)


def list_flows(session: Session, nis_code: str) -> Row:
    """
    Leakage and online share per branch group as they were entered, and all that was ever entered.

    Raises
    ------
    NotFound
        When the municipality is not known.
    """
    require_municipality(session, nis_code)
    rows = queries.entries(session, FLOW, nis_code)
    groups = queries.branches(session, "group", BRANCH_VERSION)
    return {"items": list(flows(rows).values()), "history": rows, "groups": groups}


def flows(rows: Iterable[Row]) -> dict[tuple[str, str], Row]:
    """The entry that counts per branch group and kind; one that says that it is no longer known is left out."""
    newest: dict[tuple[str, str], Row] = {}
    for row in sorted((row for row in rows if row["undone_at"] is None), key=lambda row: row["id"]):
        newest[row["branch_group"], row["kind"]] = row
    return {key: row for key, row in newest.items() if row["share"] is not None}


def add_flow(session: Session, nis_code: str, given: Row, officer: str) -> Row:
    """
    Enter a leakage or online share with its source and year, or that it is no longer known.

    Raises
    ------
    NotFound
        When municipality or branch group are not known.
    Malformed
        When source or year are missing.
    """
    require_municipality(session, nis_code)
    if given["branch_group"] not in {
        row["code"] for row in queries.branches(session, "group", BRANCH_VERSION)
    }:
        raise NotFound(
            f"There is no branch group {given['branch_group']}.",
            "GET /api/code-lists/branch_group lists them.",
            code="branch_unknown",
        )
    told = [given[name] for name in ("share", "source", "year")]
    if any(value is None for value in told) and any(value is not None for value in told):
        raise Malformed(
            "A share goes with its source and its year.",
            "Give all three, or none of them to say that it is no longer known.",
            code="branch_flow_source",
        )
    queries.lock(session, nis_code)
    queries.add(session, FLOW, {**given, "nis_code": nis_code, "made_by": officer})
    return list_flows(session, nis_code)


def undo_flow(session: Session, nis_code: str, key: int, officer: str) -> Row:
    """Take an entered share back: what was entered before counts again; raises as `undo_wish`."""
    _take_back(session, FLOW, nis_code, key, officer)
    return list_flows(session, nis_code)


def _take_back(session: Session, table: str, nis_code: str, key: int, officer: str) -> None:
    require_municipality(session, nis_code)
    queries.lock(session, nis_code)
    row = next((row for row in queries.entries(session, table, nis_code) if row["id"] == key), None)
    if row is None:
        raise NotFound(
            f"There is no entry {key} of this municipality.", "Read the list again.", code="branch_entry_gone"
        )
    if row["undone_at"] is not None:
        raise NotAnswerable(
            f"Entry {key} was taken back already.",
            "Read the list again.",
            code="branch_entry_undone",
            by=row["undone_by"],
        )
    queries.take_back(session, table, key, officer)


def _labels(known: dict[str, Row], code: str) -> Row:
    row = known.get(code, {})
    return {name: row.get(name, code) for name in ("label_nl", "label_fr", "label_en")}
