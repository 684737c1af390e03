"""What a round says that the register does not, unit by unit, and what a person must decide."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.geojson import Row
from api.round.service import require_round

# Rows of one unit together, in walking order; a replaced row is left out (its photographs are not), and one that was
# taken back as well, unless it was accepted before that came in.
ROWS = """
SELECT o.id, o.uid, o.shop_unit_id AS unit_id, o.officer, o.status, o.branch_code, o.occupant_name, o.note, o.is_bulk,
    o.observed_at, o.received_at, o.is_late, o.base_state, o.base_occupant_name, o.base_branch_code, o.decision,
    o.decided_at, o.decided_batch_id AS batch_id, s.position, s.street, u.lifecycle, u.local_code, u.last_seen_on,
    coalesce(x.address, concat_ws(' ', u.street, nullif(concat(u.house_number, u.house_number_suffix), ''))) AS address,
    coalesce(x.state, 'unknown') AS now_state, x.occupant_name AS now_occupant_name, x.branch_code AS now_branch_code,
    (SELECT coalesce(array_agg(p.id ORDER BY p.id), '{}') FROM survey_photo p JOIN survey_observation e
        ON e.id = p.observation_id WHERE e.round_id = o.round_id AND e.shop_unit_id = o.shop_unit_id
        AND e.officer = o.officer AND (e.id = o.id OR e.decision = 'superseded')) AS photos
FROM survey_observation o
JOIN survey_stop s ON s.round_id = o.round_id AND s.shop_unit_id = o.shop_unit_id
JOIN shop_unit u ON u.id = o.shop_unit_id
LEFT JOIN shop_unit_state x ON x.id = u.id
WHERE o.round_id = :id AND o.decision <> 'superseded' AND (o.status <> 'withdrawn' OR EXISTS (
    SELECT 1 FROM survey_observation e WHERE e.uid = o.supersedes AND e.decision = 'accepted'))
ORDER BY s.position, o.observed_at, o.id
"""
TOLD = (
    "id",
    "uid",
    "officer",
    "status",
    "branch_code",
    "occupant_name",
    "note",
    "is_bulk",
    "observed_at",
    "received_at",
    "is_late",
    "base_state",
    "base_occupant_name",
    "base_branch_code",
    "decision",
    "decided_at",
    "batch_id",
    "photos",
)
# Something that a person must settle; the others may be accepted together.
SETTLED_BY_HAND = frozenset({"two_views", "register_changed", "unit_ended"})
# What is told to the desk and changes nothing in the register by itself.
NOTES = frozenset({"not_found", "new_unit", "withdrawn"})


def list_differences(session: Session, key: int) -> dict[str, Any]:
    """All that was seen in a round, one item per unit, with how many of each kind wait."""
    row = require_round(session, key)
    items = [item_of(group) for group in _by_unit(rows(session, key))]
    waiting = Counter(item["kind"] for item in items if item["decision"] == "pending")
    batches = session.execute(
        text(
            "SELECT b.id, b.imported_at, count(*) FILTER (WHERE o.decision = 'accepted') AS accepted "
            "FROM import_batch b JOIN survey_observation o ON o.decided_batch_id = b.id "
            "WHERE o.round_id = :id AND b.state = 'done' GROUP BY b.id ORDER BY b.id DESC"
        ),
        {"id": key},
    ).mappings()
    return {
        "round": row["id"],
        "closed_at": row["closed_at"],
        "items": items,
        "waiting": dict(waiting),
        "batches": [dict(batch) for batch in batches],
    }


def rows(session: Session, key: int) -> Sequence[Row]:
    """Observations that still say something, those of a unit together."""
    return session.execute(text(ROWS), {"id": key}).mappings().all()


def _by_unit(found: Sequence[Row]) -> Iterator[list[Row]]:
    """Observations of one unit; a new unit is a thing of its own beside it."""
    for _, group in groupby(found, key=lambda row: row["unit_id"]):
        of_unit = list(group)
        if own := [row for row in of_unit if row["status"] != "new_unit"]:
            yield own
        yield from ([row] for row in of_unit if row["status"] == "new_unit")


def item_of(group: Sequence[Row]) -> dict[str, Any]:
    """One line of the list."""
    open_rows = [row for row in group if row["decision"] == "pending"]
    told = open_rows or [row for row in group if row["decision"] == "accepted"] or list(group)
    # Where one officer saw a change and another none, the unit stands among the changes.
    shown = next((row for row in reversed(told) if kind_of(row) != "confirmed"), told[-1])
    decisions = {row["decision"] for row in group}
    conflicts = conflicts_of(open_rows)
    return {
        "unit_id": shown["unit_id"],
        "local_code": shown["local_code"],
        "address": shown["address"],
        "street": shown["street"],
        "position": shown["position"],
        "kind": kind_of(shown),
        "decision": next(one for one in ("pending", "accepted", "rejected") if one in decisions),
        "conflicts": conflicts,
        "needs_choice": bool(SETTLED_BY_HAND & set(conflicts)),
        "now": {
            "state": shown["now_state"],
            "occupant_name": shown["now_occupant_name"],
            "branch_code": shown["now_branch_code"],
            "last_seen_on": shown["last_seen_on"],
        },
        "observations": [{name: row[name] for name in TOLD} for row in group],
    }


def kind_of(row: Row) -> str:
    """What an observation would change, beside what the officer was shown."""
    status, base = row["status"], row["base_state"]
    if status == "withdrawn":
        return "taken_back"
    if status in NOTES:
        return str(status)
    if status == "same" or status == base == "vacant":
        return "confirmed"
    if status == "vacant":
        return "became_vacant"
    if status == "non_retail":
        return "confirmed" if base == "non_retail" else "non_retail"
    return {"vacant": "let", "occupied": "other_occupant"}.get(base, "now_trading")


def claim_of(row: Row) -> tuple[str, str | None, str | None]:
    """What an observation says of the unit: state, name and branch; two that say the same are one claim."""
    status = row["status"]
    if status == "same":
        return row["base_state"], _plain(row["base_occupant_name"]), row["base_branch_code"]
    if status == "occupied":
        return "occupied", _plain(row["occupant_name"]), row["branch_code"]
    return status, None, None


def _plain(name: str | None) -> str | None:
    return name.strip().casefold() or None if name else None


def conflicts_of(open_rows: Sequence[Row]) -> list[str]:
    """Why what waits cannot simply be taken over, in the words of the documentation."""
    found: list[str] = []
    if not open_rows:
        return found
    if len({claim_of(row) for row in open_rows}) > 1:
        found.append("two_views")
    if any(_has_changed(row) for row in open_rows):
        found.append("register_changed")
    if any(row["lifecycle"] != "active" for row in open_rows):
        found.append("unit_ended")
    if any(row["is_late"] for row in open_rows):
        found.append("late")
    return found


def _has_changed(row: Row) -> bool:
    """Does the register say something else now than it did to the officer?"""
    if row["lifecycle"] != "active" or row["status"] in NOTES:
        return False
    seen = (row["base_state"], _plain(row["base_occupant_name"]), row["base_branch_code"])
    return seen != (row["now_state"], _plain(row["now_occupant_name"]), row["now_branch_code"])
