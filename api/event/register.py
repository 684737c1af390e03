"""The register of events: add, change, remove and take that back."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from api.db.session import adding_up
from api.dependencies import require_municipality
from api.errors import ChangedMeanwhile, Malformed, NotAnswerable, NotFound
from api.event import queries
from api.event.counted import Counted
from api.numbers import known
from gis.errors import FrameError
from gis.event_effect import MIN_CONTROLS
from gis.recurrence import check_rule


def get_row(session: Session, event_id: int, *, with_removed: bool = False) -> dict[str, Any]:
    """
    One event as the database holds it.

    Raises
    ------
    NotFound
        When it does not exist, or was removed.
    """
    row = queries.event(session, event_id)
    if row is None or (row["removed_at"] is not None and not with_removed):
        raise NotFound(f"There is no event {event_id}.", "GET /api/events?municipality=NIS lists them.")
    return dict(row)


def add_event(session: Session, nis_code: str, given: Mapping[str, Any]) -> int:
    """
    Enter an event; gives its key.

    Raises
    ------
    NotFound
        When the municipality is not known.
    Malformed
        When the rule cannot be read, or the place is not sound.
    """
    require_municipality(session, nis_code)
    return queries.write(session, None, {**_checked(session, nis_code, given), "nis_code": nis_code})


def change_event(session: Session, event_id: int, given: Mapping[str, Any]) -> int:
    """
    Write over an event.

    Raises
    ------
    NotFound
        When it does not exist.
    ChangedMeanwhile
        When somebody changed it since it was read.
    Malformed
        When the rule cannot be read, or the place is not sound.
    """
    queries.lock(session, event_id)
    row = get_row(session, event_id)
    if row["version"] != given["version"]:
        raise ChangedMeanwhile(
            f"{row['name']} was changed since you read it.", "Read it again and make your change anew."
        )
    checked = _checked(session, row["nis_code"], given)
    # What was measured was measured of another place or another day.
    queries.drop_effects(session, event_id, but=[])
    return queries.write(session, event_id, checked)


def remove_event(session: Session, event_id: int) -> dict[str, Any]:
    """
    Take an event out of all studies; it can be put back.

    Raises
    ------
    NotFound
        When it does not exist.
    """
    row = get_row(session, event_id)
    queries.set_removed(session, event_id, is_removed=True)
    return {"id": event_id, "name": row["name"]}


def restore_event(session: Session, event_id: int) -> dict[str, Any]:
    """
    Put a removed event back.

    Raises
    ------
    NotFound
        When it does not exist.
    NotAnswerable
        When it was not removed.
    """
    row = get_row(session, event_id, with_removed=True)
    if row["removed_at"] is None:
        raise NotAnswerable(f"{row['name']} was not removed.", "There is nothing to put back.")
    queries.set_removed(session, event_id, is_removed=False)
    return {"id": event_id, "name": row["name"]}


def _checked(session: Session, nis_code: str, given: Mapping[str, Any]) -> dict[str, Any]:
    checked = {key: value for key, value in given.items() if key != "version"}
    if rule := checked["recurring_rule"]:
        try:
            checked["recurring_rule"] = check_rule(rule)
        except FrameError as error:
            raise Malformed(str(error), "Such as FREQ=MONTHLY;BYDAY=1SU for every first Sunday.") from None
    return _place_checked(session, nis_code, checked)


def preview(session: Session, nis_code: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """
    What each sensor would be to an event in a place, while that is still being chosen.

    Raises
    ------
    NotFound
        When the municipality is not known.
    Malformed
        When the place is not sound.
    """
    require_municipality(session, nis_code)
    place = _place_checked(session, nis_code, dict(given))
    with adding_up(session):
        table = Counted(session, nis_code).roles_at(place)
    order = ("treated", "near_control", "control", "between", "door")
    rows = [
        {
            "sensor_id": known(key), "name": row["name"], "town": row["town"],
            "is_own": row["nis_code"] == nis_code, "role": row["role"],
            "distance_m": known(round(float(row["distance_m"]))) if np.isfinite(row["distance_m"]) else None,
            "lon": round(float(row["lon"]), 6), "lat": round(float(row["lat"]), 6),
        }
        for key, row in table.iterrows()
    ]  # fmt: skip
    rows.sort(
        key=lambda row: (
            order.index(row["role"]),
            not row["is_own"],
            row["distance_m"] or 0,
            row["sensor_id"],
        )
    )
    return {"items": rows, "least_controls": MIN_CONTROLS}


def _place_checked(session: Session, nis_code: str, checked: dict[str, Any]) -> dict[str, Any]:
    streets = set(queries.street_names(session, nis_code)) if checked["streets"] else set()
    if unknown := [name for name in checked["streets"] or [] if name not in streets]:
        raise Malformed(
            f"Not a street of this municipality: {', '.join(unknown[:3])}.",
            "GET /api/events/choices?municipality=NIS lists its streets.",
        )
    place = checked["geometry"]
    if place is not None and not queries.is_sound(session, place, nis_code):
        raise Malformed(
            "The place lies outside the municipality, or its edge crosses itself.",
            "Draw it anew within the municipality.",
        )
    checked["streets"] = checked["streets"] or None
    return checked
