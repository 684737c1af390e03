"""Requirement profiles: what organisations and formulas that look for premises ask, version by version."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.acting import stale
from api.dependencies import require_municipality
from api.errors import Malformed, NotFound, NotYours
from api.match import profile_queries as queries
from api.match.schemas import RequirementIn, RequirementOut
from api.match.wishes import OWN, WISHES
from api.score import profiles as score_profiles

LABELS = ("label_nl", "label_fr", "label_en")


def list_profiles(session: Session, nis_code: str) -> dict[str, Any]:
    """Those of a municipality, and what may be asked."""
    words = queries.labels(session)
    kinds = [
        {
            "code": item.code,
            "kind": item.kind,
            "unit": item.unit,
            **{name: words[item.code][name] for name in LABELS},
        }
        for item in WISHES
    ]
    return {"items": [told(row) for row in queries.profiles(session, nis_code)], "wishes": kinds}


def get_profile(session: Session, nis_code: str, key: str) -> dict[str, Any]:
    """
    One of a municipality, as it is now.

    Raises
    ------
    NotFound
        When there is none of that key, or it was taken away.
    """
    row = queries.newest(session, _uid(key))
    if row is None or row["is_removed"] or row["nis_code"] != nis_code:
        raise _gone(key)
    return told(row)


def list_versions(session: Session, nis_code: str, key: str) -> dict[str, Any]:
    """
    All versions of one, the newest first, also after it was taken away.

    Raises
    ------
    NotFound
        When the municipality has none of that key.
    """
    rows = queries.versions(session, _uid(key))
    if not rows or rows[0]["nis_code"] != nis_code:
        raise _gone(key)
    return {"items": [told(row) for row in rows]}


def add_profile(session: Session, given: RequirementIn, by: str) -> dict[str, Any]:
    """
    Make one.

    Raises
    ------
    NotFound
        When the municipality, the case or the score profile is not known.
    Malformed
        When a branch is not of the list, or a wish about own branches has no name to look for.
    """
    require_municipality(session, given.municipality)
    return _write(session, uuid4(), 1, given, by)


def change_profile(session: Session, key: str, version: int, given: RequirementIn, by: str) -> dict[str, Any]:
    """
    Write the next version of one, or of one that was taken away.

    Raises
    ------
    NotFound, Malformed
        As in `add_profile`, and when there is none of that key.
    NotYours
        When it is of another municipality.
    ChangedMeanwhile
        When somebody wrote a version after the one that was read.
    """
    before = _to_write(session, key, version, given.municipality)
    return _write(session, before["uid"], before["version"] + 1, given, by)


def remove_profile(session: Session, nis_code: str, key: str, version: int, by: str) -> dict[str, Any]:
    """
    Take one away; its versions stay, and writing one brings it back.

    Raises
    ------
    NotFound, NotYours, ChangedMeanwhile
        As in `change_profile`.
    """
    before = dict(_to_write(session, key, version, nis_code))
    after = {"version": before["version"] + 1, "is_removed": True, "made_by": by}
    queries.add_version(session, {**before, **after})
    return told(queries.versions(session, before["uid"])[0])


def hold(session: Session, key: str) -> None:
    """Let nobody else write a version of one before this transaction ends."""
    queries.wait_for(session, _uid(key))


def tie(session: Session, key: str, case_id: int, by: str) -> dict[str, Any]:
    """Write a version that belongs to a case, whatever the version of one that is held."""
    uid = _uid(key)
    before = queries.newest(session, uid)
    assert before is not None
    after = {"version": before["version"] + 1, "case_id": case_id, "made_by": by}
    queries.add_version(session, {**before, **after})
    return told(queries.versions(session, uid)[0])


def told(row: RowMapping) -> dict[str, Any]:
    """A row as it is answered."""
    return {name: value for name, value in row.items() if name != "uid"} | {"key": str(row["uid"])}


def _write(session: Session, uid: UUID, version: int, given: RequirementIn, by: str) -> dict[str, Any]:
    _check(session, given)
    values = given.model_dump(exclude={"municipality"})
    more = {
        "nis_code": given.municipality,
        "uid": uid,
        "version": version,
        "is_removed": False,
        "made_by": by,
    }
    queries.add_version(session, {**values, **more})
    return told(queries.versions(session, uid)[0])


def _check(session: Session, given: RequirementIn) -> None:
    named = {code for wish in given.content.wishes for code in wish.branches}
    if given.branch_code is not None:
        named.add(given.branch_code)
    unknown = sorted(named - queries.branches(session, sorted(named)))
    if unknown:
        raise Malformed(
            f"There is no branch {', '.join(unknown)}.",
            "GET /api/code-lists/branch lists those there are.",
            code="requirement_branch_unknown",
        )
    if given.prospect_name is None and any(wish.code == OWN for wish in given.content.wishes):
        raise Malformed(
            "A distance to own branches is asked, but not of whom.",
            "Name the organisation or formula, or leave the wish out.",
            code="requirement_unnamed",
        )
    if given.case_id is not None and queries.case_town(session, given.case_id) != given.municipality:
        raise NotFound(
            f"Municipality {given.municipality} has no case {given.case_id}.",
            "GET /api/cases?municipality=NIS lists those there are.",
            code="requirement_case_gone",
        )
    if given.score_profile is not None:
        score_profiles.get_profile(session, given.municipality, given.score_profile)


def _to_write(session: Session, key: str, version: int, nis_code: str) -> RowMapping:
    uid = _uid(key)
    queries.wait_for(session, uid)
    before = queries.newest(session, uid)
    if before is None:
        raise _gone(key)
    if before["nis_code"] != nis_code:
        raise NotYours(
            f"Requirement profile {key} is of another municipality.",
            "Make one of your own with the same wishes.",
        )
    if before["version"] != version:
        raise stale(
            "profile",
            code="requirement_changed",
            read=version,
            now=before["version"],
            by=before["made_by"],
            current=RequirementOut.model_validate(told(before)).model_dump(mode="json"),
        )
    return before


def _uid(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        raise _gone(key) from None


def _gone(key: str) -> NotFound:
    return NotFound(
        f"There is no requirement profile {key}.",
        "GET /api/requirement-profiles?municipality=NIS lists those there are.",
        code="requirement_gone",
    )
