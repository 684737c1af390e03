"""Changing contacts: all of it can be taken back but erasure."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from api.db.session import current_day
from api.dependencies import require_municipality
from api.errors import Malformed, NotAnswerable, NotFound
from api.persons import queries
from api.persons.queries import Reader
from api.persons.service import check_wall, get_person, get_plain

Row = dict[str, Any]
# What comes straight from the person or from a public offer; all else stands behind the wall.
OPEN_SOURCES = ("self", "broker_listing")


def add_person(session: Session, nis_code: str, given: Mapping[str, Any], reader: Reader) -> Row:
    """
    Write a contact down.

    Raises
    ------
    NotFound
        When the municipality, the unit or the case is not known.
    Malformed
        When a day, a basis or a tie cannot be.
    NotAnswerable
        When the wall between levy and acquisition forbids it.
    """
    require_municipality(session, nis_code)
    _check(session, given, {**given, "collected_on": given["collected_on"] or current_day(session)})
    values = {**given, **_recorded(session, given, reader.officer)}
    person_id = queries.add(session, nis_code, values, reader.officer)
    if given["tie"] is not None:
        _tie(session, get_plain(session, person_id), given["tie"], reader.officer)
    return get_person(session, person_id, _as_may(session, person_id, reader))


def change_person(
    session: Session, person_id: int, version: int, given: Mapping[str, Any], reader: Reader
) -> Row:
    """
    Change what is kept of a contact; what is not named stays.

    Raises
    ------
    NotFound
        When there is none.
    ChangedMeanwhile
        When somebody changed it since it was read.
    Malformed
        When a day or a basis cannot be.
    NotAnswerable
        When the wall forbids it, or the person is not to be contacted.
    """
    row = get_plain(session, person_id, is_locked=True, version=version)
    check_wall(row, reader.purpose)
    _check(session, given, {**row, **given})
    if row["do_not_contact"] and given.get("do_not_contact", True) and "last_contact_on" in given:
        _refuse_contact()
    if "acquisition_basis" in given and given["acquisition_basis"] is None:
        _check_free_of_cases(session, row)
    if given:
        queries.write(
            session, person_id, {**given, **_recorded(session, given, reader.officer)}, reader.officer
        )
    return get_person(session, person_id, _as_may(session, person_id, reader))


def undo(session: Session, person_id: int, version: int, reader: Reader) -> Row:
    """
    Take the last change of a contact back.

    Raises
    ------
    NotFound
        When there is none.
    ChangedMeanwhile
        When somebody changed it since it was read.
    NotAnswerable
        When there is nothing to take back, or the wall forbids it.
    """
    check_wall(get_plain(session, person_id, is_locked=True, version=version), reader.purpose)
    if not queries.undo(session, person_id, reader.officer):
        raise NotAnswerable(
            "There is no change of this contact to take back.",
            "Change it, or erase the contact.",
            code="person_nothing_to_undo",
        )
    return get_person(session, person_id, _as_may(session, person_id, reader))


def add_tie(session: Session, person_id: int, given: Mapping[str, Any], reader: Reader) -> Row:
    """
    Tie a contact to a unit or a case.

    Raises
    ------
    NotFound
        When the contact, the unit or the case is not known.
    Malformed
        When it is not one of the two.
    NotAnswerable
        When the wall forbids it, the person is not to be contacted, or it lies in another municipality.
    """
    _tie(session, get_plain(session, person_id, is_locked=True), given, reader.officer)
    return get_person(session, person_id, reader)


def remove_tie(session: Session, person_id: int, key: int, reader: Reader) -> Row:
    """
    Take a contact off a unit or a case; tied again, it is as it was.

    Raises
    ------
    NotFound
        When there is no such contact or tie.
    """
    get_plain(session, person_id, is_locked=True)
    if not queries.untie(session, person_id, key):
        raise NotFound(f"This contact has no tie {key}.", "Read the contact again.", code="person_tie_gone")
    return get_person(session, person_id, reader)


def erase(session: Session, person_id: int, version: int, officer: str, route: str) -> Row:
    """
    Erase a person, also out of what was written in cases; the cases stay. There is no way back.

    Raises
    ------
    NotFound
        When there is none.
    ChangedMeanwhile
        When somebody changed it since it was read.
    """
    get_plain(session, person_id, is_locked=True, version=version)
    queries.erase(session, person_id, officer, reason="asked", route=route)
    return {"id": person_id, "is_erased": True}


def _tie(session: Session, row: Row, given: Mapping[str, Any], by: str) -> None:
    unit, case = given["shop_unit"], given["case"]
    if (unit is None) == (case is None):
        raise Malformed(
            "A contact is tied to a shop unit or to a case.",
            "Name one of the two.",
            code="person_tie_unclear",
        )
    town = queries.place_of(session, shop_unit=unit, case=case)
    if town is None:
        raise NotFound(
            "There is no such unit or case.", "Read the unit or the case again.", code="person_place_gone"
        )
    if town != row["nis_code"]:
        raise NotAnswerable(
            "The contact belongs to another municipality.",
            "Write the contact down in this municipality.",
            code="person_elsewhere",
        )
    if case is not None:
        check_wall(row, "acquisition")
        if row["do_not_contact"]:
            _refuse_contact()
    queries.tie(session, row["id"], given, by)


def _refuse_contact() -> None:
    raise NotAnswerable(
        "This person asked not to be contacted.",
        "Do not contact them; only when they say otherwise, take the mark away first.",
        code="person_not_to_contact",
    )


def _check_free_of_cases(session: Session, row: Row) -> None:
    is_open = row["purpose"] == "acquisition" and row["source"] in OPEN_SOURCES
    if not is_open and any(tie["case_id"] for tie in queries.ties(session, [row["id"]])):
        raise NotAnswerable(
            "Cases rest on the basis of this contact.",
            "Take the contact off those cases first.",
            code="person_basis_needed",
        )


def _recorded(session: Session, given: Mapping[str, Any], by: str) -> Row:
    """Who recorded a basis for acquisition, and when."""
    if "acquisition_basis" not in given:
        return {}
    is_given = given["acquisition_basis"] is not None
    return {
        "acquisition_basis_note": given.get("acquisition_basis_note") if is_given else None,
        "acquisition_basis_by": by if is_given else None,
        "acquisition_basis_at": queries.now(session) if is_given else None,
    }


def _as_may(session: Session, person_id: int, reader: Reader) -> Reader:
    """Whoever wrote a contact down, or took its basis away, knows it: they see it once more for what it may be used."""
    row = get_plain(session, person_id)
    if reader.purpose == "acquisition" and not row["is_for_acquisition"]:
        return Reader(reader.officer, "levy", reader.route)
    if reader.purpose == "levy" and row["purpose"] != "levy":
        return Reader(reader.officer, "acquisition", reader.route)
    return reader


def _check(session: Session, given: Mapping[str, Any], whole: Mapping[str, Any]) -> None:
    _check_days(session, given, whole)
    is_said_anew = "legal_basis" in given or "legal_basis_note" in given
    if whole["legal_basis"] == "consent" and is_said_anew and not given.get("legal_basis_note"):
        raise Malformed(
            "Nobody says how consent was given.",
            "Write how and when the person consented.",
            code="person_consent_unsaid",
        )
    basis = given.get("acquisition_basis")
    if (basis is not None) != (given.get("acquisition_basis_note") is not None):
        raise Malformed(
            "A basis for acquisition needs both: which it is, and on what it rests.",
            "Choose the basis and write which task, consent or request it is.",
            code="person_basis_unsaid",
        )
    if basis == "public_task" and whole["source"] == "kbo":
        raise NotAnswerable(
            "Personal data of the KBO may not be used for marketing.",
            "Ask the person: with consent, or at their own request, it may be.",
            code="person_kbo",
        )
    if (
        whole["purpose"] == "acquisition"
        and whole["source"] not in OPEN_SOURCES
        and ("acquisition_basis" in given or "source" in given)
        and basis is None
    ):
        check_wall({"is_for_acquisition": False}, "acquisition")


def _check_days(session: Session, given: Mapping[str, Any], whole: Mapping[str, Any]) -> None:
    # Where the officer is, the day may have begun while it has not where the database is.
    last = current_day(session) + timedelta(days=1)
    named = [given.get(name) for name in ("collected_on", "informed_on", "last_contact_on")]
    if any(day is not None and day > last for day in named):
        raise Malformed(
            "A day of a contact has yet to come.", "Give days up to today.", code="person_day_to_come"
        )
    informed = whole.get("informed_on")
    if informed is not None and informed < whole["collected_on"]:
        raise Malformed(
            "Nobody is informed before the data were collected.",
            "Correct the day on which the person was informed.",
            code="person_informed_early",
        )
