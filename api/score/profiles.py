"""Score profiles: those that ship, and a municipality's own, version by version."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.acting import stale
from api.dependencies import require_municipality
from api.errors import Malformed, NotFound, NotYours
from api.score import profile_queries as own
from api.score import queries
from api.score.builtin import BUILTIN
from api.score.criteria import BY_CODE
from api.score.profile_schemas import ProfileContent, ProfileIn, ProfileOut
from gis.errors import FrameError
from gis.knock_out import KnockOut
from gis.profile import Profile
from gis.score import Criterion

LABELS = ("label_nl", "label_fr", "label_en")


def list_profiles(session: Session, nis_code: str) -> dict[str, Any]:
    """Those that ship, then those of the municipality and those that others share."""
    labels = queries.labels(session, "score_profile")
    shipped = [_shipped(code, labels[code]) for code in BUILTIN]
    words = queries.labels(session, "criterion")
    indicators = [
        {
            "code": item.code,
            **{name: words[item.code][name] for name in LABELS},
            "unit": item.unit,
            "direction": item.criterion.direction,
            "scale": item.criterion.scale,
        }
        for item in BY_CODE.values()
    ]
    mine = [_own(row) for row in own.profiles(session, nis_code)]
    return {"items": shipped + mine, "indicators": indicators}


def get_profile(session: Session, nis_code: str, key: str) -> dict[str, Any]:
    """
    One that a municipality may use.

    Raises
    ------
    NotFound
        When there is none of that key, it was taken away, or another municipality keeps it to itself.
    """
    if key in BUILTIN:
        return _shipped(key, queries.labels(session, "score_profile")[key])
    row = own.newest(session, _uid(key))
    is_foreign = row is not None and row["nis_code"] != nis_code and row["share_level"] == "own"
    if row is None or row["is_removed"] or is_foreign:
        raise _gone(key)
    return _own(row)


def list_versions(session: Session, nis_code: str, key: str) -> dict[str, Any]:
    """
    All versions of one of a municipality's own, the newest first.

    Raises
    ------
    NotFound
        When it has none of that key.
    """
    rows = own.versions(session, _uid(key))
    if not rows or rows[0]["nis_code"] != nis_code:
        raise _gone(key)
    return {"items": [_own(row) for row in rows]}


def add_profile(session: Session, given: ProfileIn) -> dict[str, Any]:
    """
    Make one.

    Raises
    ------
    NotFound
        When the municipality is not known.
    Malformed
        When an indicator is not known, stands there twice, or its settings make no sense.
    """
    require_municipality(session, given.municipality)
    return _write(session, uuid4(), 1, given)


def change_profile(session: Session, key: str, version: int, given: ProfileIn) -> dict[str, Any]:
    """
    Write the next version of one, or of one that was taken away.

    Raises
    ------
    NotFound
        When there is none of that key.
    NotYours
        When it is of another municipality.
    ChangedMeanwhile
        When somebody wrote a version after the one that was read.
    Malformed
        As in `add_profile`.
    """
    before = _to_write(session, key, version, given.municipality)
    return _write(session, before["uid"], before["version"] + 1, given)


def remove_profile(
    session: Session, nis_code: str, key: str, version: int, *, made_by: str | None = None
) -> dict[str, Any]:
    """
    Take one away; its versions stay, and writing one brings it back.

    Raises
    ------
    NotFound, NotYours, ChangedMeanwhile
        As in `change_profile`.
    """
    before = dict(_to_write(session, key, version, nis_code))
    version_now = {"version": before["version"] + 1, "is_removed": True, "made_by": made_by}
    own.add_version(session, {**before, **version_now})
    return _own(own.versions(session, before["uid"])[0])


def as_profile(content: ProfileContent) -> Profile:
    """
    What is computed with: the criteria that are on.

    Raises
    ------
    Malformed
        When an indicator is not known, stands there twice, its settings make no sense, or nothing weighs.
    """
    named = {item.code for item in content.criteria} | {item.code for item in content.wishes}
    unknown = sorted(named - set(BY_CODE))
    if unknown:
        raise Malformed(f"There is no indicator {', '.join(unknown)}.", f"Choose from {', '.join(BY_CODE)}.")
    if not any(item.is_on and item.weight for item in content.criteria):
        raise Malformed(
            "All criteria are off or weigh nothing.",
            "Give at least one criterion a weight.",
            code="profile_weightless",
        )
    try:
        return Profile(
            criteria=[_criterion(item.model_dump()) for item in content.criteria if item.is_on],
            wishes=[KnockOut(**item.model_dump()) for item in content.wishes],
            good=content.good,
            bad=content.bad,
            rivals=content.rivals,
        )
    except FrameError as error:
        raise Malformed(str(error), "Correct it and send it again.", code="profile_senseless") from None


def _criterion(settings: dict[str, Any]) -> Criterion:
    settings.pop("is_on")
    return Criterion(**settings, error_points=BY_CODE[settings["code"]].criterion.error_points)


def _to_write(session: Session, key: str, version: int, nis_code: str) -> RowMapping:
    uid = _uid(key)
    own.wait_for(session, uid)
    before = own.newest(session, uid)
    if before is None:
        raise _gone(key)
    if before["nis_code"] != nis_code:
        raise NotYours(
            f"Profile {before['name']} is of another municipality.",
            "Save it under a name of your own, and change that one.",
            code="profile_of_others",
        )
    if before["version"] != version:
        raise stale(
            "profile",
            code="profile_changed",
            read=version,
            now=before["version"],
            by=before["made_by"],
            current=ProfileOut.model_validate(_own(before)).model_dump(mode="json"),
        )
    return before


def _write(session: Session, uid: UUID, version: int, given: ProfileIn) -> dict[str, Any]:
    as_profile(given.content)
    values = given.model_dump(exclude={"municipality", "name"})
    own.add_version(
        session,
        {
            **values,
            "nis_code": given.municipality,
            "name": given.name.strip(),
            "uid": uid,
            "version": version,
            "is_removed": False,
        },
    )
    return _own(own.versions(session, uid)[0])


def _uid(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        raise _gone(key) from None


def _gone(key: str) -> NotFound:
    return NotFound(
        f"There is no score profile {key}.",
        "GET /api/score-profiles?municipality=NIS lists those there are.",
        code="profile_gone",
    )


def _shipped(code: str, label: RowMapping) -> dict[str, Any]:
    profile = BUILTIN[code]
    criteria = [
        {name: value for name, value in vars(criterion).items() if name != "error_points"} | {"is_on": True}
        for criterion in profile.criteria
    ]
    words = {name: label[name] for name in LABELS}
    return {
        "key": code,
        "name": words["label_nl"],
        **words,
        "is_own": False,
        "nis_code": None,
        "version": None,
        "based_on": None,
        "share_level": "public",
        "is_removed": False,
        "made_by": None,
        "made_at": None,
        "content": {
            "criteria": criteria,
            "wishes": [dict(vars(wish)) for wish in profile.wishes],
            "good": list(profile.good),
            "bad": list(profile.bad),
            "rivals": list(profile.rivals),
        },
    }


def _own(row: RowMapping) -> dict[str, Any]:
    told = {name: value for name, value in row.items() if name != "uid"}
    words = dict.fromkeys(LABELS, row["name"])
    return {**told, **words, "key": str(row["uid"]), "is_own": True}
