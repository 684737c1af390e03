"""Reading contacts: each read stands in the log, and what was collected for the levy stays out of acquisition."""

from typing import Any

from sqlalchemy.orm import Session

from api.db.session import current_day
from api.dependencies import require_municipality
from api.errors import ChangedMeanwhile, NotAnswerable, NotFound
from api.persons import queries
from api.persons.queries import Reader

Row = dict[str, Any]


def list_persons(
    session: Session,
    nis_code: str,
    reader: Reader,
    *,
    shop_unit: int | None = None,
    case: int | None = None,
    is_choice: bool = False,
) -> Row:
    """
    Contacts of a unit, a case or a municipality that a purpose lets through, and how many it holds back.

    Raises
    ------
    NotFound
        When the municipality is not known.
    """
    require_municipality(session, nis_code)
    ids, held_back = queries.listed(
        session, nis_code, shop_unit=shop_unit, case=case, purpose=reader.purpose, is_choice=is_choice
    )
    return {
        "today": current_day(session),
        "purpose": reader.purpose,
        "n_held_back": held_back,
        "items": _told(session, ids, reader, "list"),
    }


def get_person(session: Session, person_id: int, reader: Reader) -> Row:
    """
    One contact.

    Raises
    ------
    NotFound
        When there is none.
    NotAnswerable
        When it was not collected for what it is read for.
    """
    check_wall(get_plain(session, person_id), reader.purpose)
    return {"today": current_day(session), **_told(session, [person_id], reader, "read")[0]}


def get_plain(
    session: Session, person_id: int, *, is_locked: bool = False, version: int | None = None
) -> Row:
    """
    What is known of a contact without saying who it is.

    Raises
    ------
    NotFound
        When there is none.
    ChangedMeanwhile
        When it is not the version that was read.
    """
    row = queries.plain(session, person_id, is_locked=is_locked)
    if row is None:
        raise NotFound(
            f"There is no contact {person_id}.",
            "It may have been erased. Read the list again.",
            code="person_gone",
        )
    if version is not None and row["version"] != version:
        raise ChangedMeanwhile(
            f"{row['changed_by']} changed this contact since you read it.",
            "Read the contact again and make your change in it.",
            code="person_changed",
            by=row["changed_by"],
            version=row["version"],
        )
    return row


def check_wall(row: Row, purpose: str) -> None:
    """
    Keep what was collected for one purpose from being used for another.

    Raises
    ------
    NotAnswerable
        When it is.
    """
    if purpose == "acquisition" and not row["is_for_acquisition"]:
        raise NotAnswerable(
            "This contact comes from cadastre, register, KBO or levy and may not be used for acquisition.",
            "Record on which basis it may be, or ask the person.",
            code="person_walled",
        )
    if purpose == "levy" and row["purpose"] != "levy":
        raise NotAnswerable(
            "This contact was collected for acquisition, not for the levy.",
            "Look it up for acquisition.",
            code="person_not_levy",
        )


def count_persons(session: Session, nis_code: str, *, shop_unit: int | None, case: int | None) -> Row:
    """
    How many contacts there are, without a name.

    Raises
    ------
    NotFound
        When the municipality is not known.
    """
    require_municipality(session, nis_code)
    return queries.counts(session, nis_code, shop_unit=shop_unit, case=case)


def list_due(session: Session, nis_code: str | None) -> Row:
    """
    Who is to be informed within a week or should have been, by unit or case and without a name.

    Raises
    ------
    NotFound
        When the municipality is not known.
    """
    if nis_code is not None:
        require_municipality(session, nis_code)
    return {"today": current_day(session), "items": queries.due(session, nis_code)}


def list_reads(session: Session, nis_code: str, *, limit: int) -> Row:
    """
    Who read which contact, when, for what and by which way.

    Raises
    ------
    NotFound
        When the municipality is not known.
    """
    require_municipality(session, nis_code)
    return {"items": queries.reads(session, nis_code, limit)}


def export(session: Session, person_id: int, officer: str, route: str) -> Row:
    """
    All rows about one person: what is kept, ties, notes and documents of cases, every change, and who read them.

    Raises
    ------
    NotFound
        When there is none.
    """
    get_plain(session, person_id)
    found: Row = queries.export(session, person_id, officer, route)
    return {**found, "documents_of_cases": queries.documents_about(session, person_id)}


def preview_erasure(session: Session, person_id: int) -> Row:
    """
    What an erasure would take and what it would leave, without a name.

    Raises
    ------
    NotFound
        When there is none.
    """
    row = get_plain(session, person_id)
    documents = queries.documents_about(session, person_id)
    return {
        "version": row["version"],
        "can_undo": False,
        **queries.erasure_preview(session, person_id),
        "n_documents_blanked": sum(one["is_named"] for one in documents),
        # What is inside is for somebody to look at.
        "documents_kept": [{"case_id": one["case_id"], "added_at": one["added_at"]} for one in documents],
    }


def _told(session: Session, ids: list[int], reader: Reader, action: str) -> list[Row]:
    rows = queries.read(session, ids, reader, action)
    today = current_day(session)
    keeps, undoable = queries.keeps(session, ids), queries.undoable(session, ids)
    by_person: dict[int, list[Row]] = {}
    for tie in queries.ties(session, ids):
        by_person.setdefault(tie.pop("person_id"), []).append(tie)
    return [
        {
            **row,
            "ties": by_person.get(row["id"], []),
            "keep": keeps.get(row["id"]),
            "can_undo": row["id"] in undoable,
            "is_information_overdue": row["informed_on"] is None and row["inform_by"] < today,
        }
        for row in rows
    ]
