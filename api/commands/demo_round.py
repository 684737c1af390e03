"""A street round in a fictional town: walked by two officers, closed, with a few differences that wait."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.round import deciding, receiving, service

NAMESPACE = uuid.UUID("5f0c3a52-6f0b-4f0a-9c53-9d1f5a3f7b11")
# What is taken along is of today; what was seen, of so many days before.
DAYS_AGO = 2
SECONDS_EACH = 25
NEW_SHOPS = (("Atelier Zilverlinde", "books"), ("Bloem & Blad", "florist"), ("De Scherpe Blik", "optician"))
LARGEST_CORE = (
    "SELECT core_id FROM shop_unit WHERE nis_code = :nis AND core_id IS NOT NULL AND lifecycle = 'active' "
    "GROUP BY core_id ORDER BY count(*) DESC, core_id LIMIT 1"
)


def walk_demo_round(session: Session, nis_code: str, *, until: date) -> int | None:
    """
    Walk the largest core of a fictional town two days before `until`.

    Returns
    -------
    The key of the round; None in a town without a core.
    """
    core_id = session.execute(text(LARGEST_CORE), {"nis": nis_code}).scalar()
    if core_id is None:
        return None
    begun = service.add_round(
        session,
        {
            "municipality": nis_code,
            "name": f"Demoronde {until.year}",
            "scope": "core",
            "core_id": core_id,
            "streets": [],
        },
    )
    stops = service.get_package(session, begun["id"])["stops"]
    first_at = datetime.combine(until - timedelta(days=DAYS_AGO), time(8), UTC)
    seen = list(_seen(stops, nis_code, first_at))
    for start in range(0, len(seen), 500):
        receiving.receive(session, begun["id"], seen[start : start + 500])
    deciding.close_round(session, begun["id"])
    return int(begun["id"])


def _seen(stops: Sequence[Mapping[str, Any]], nis_code: str, first_at: datetime) -> list[dict[str, Any]]:
    """One observation per unit that is known, and a second one where the two officers differ."""
    seen = []
    new_shops = iter(NEW_SHOPS)
    passed: Counter[str] = Counter()
    for number, stop in enumerate(stop for stop in stops if stop["state"] != "unknown"):
        told: dict[str, Any] = {"status": "same", "is_bulk": number % 4 != 0}
        nth = passed[stop["state"]]
        passed[stop["state"]] += 1
        if stop["state"] == "vacant" and nth % 3 == 0 and (shop := next(new_shops, None)):
            told = {"status": "occupied", "occupant_name": shop[0], "branch_code": shop[1]}
        elif stop["state"] == "occupied" and nth % 17 == 2:
            told = {"status": "vacant"}
        elif number == 11:
            told = {"status": "not_found", "note": "Gevel in de steigers, geen deur te zien."}
        seen.append(_observation(stop, nis_code, "Demo A", first_at, number, **told))
        if number in {8, 20}:
            other = (
                {"status": "occupied", "occupant_name": "Pop-up"}
                if stop["state"] == "vacant"
                else {"status": "vacant"}
            )
            seen.append(_observation(stop, nis_code, "Demo B", first_at, number, **other))
        if number == 14:
            more = {"status": "new_unit", "occupant_name": "Kiosk", "note": "Nieuwe kiosk naast de deur."}
            seen.append(_observation(stop, nis_code, "Demo A", first_at, number, **more))
    return seen


def _observation(
    stop: Mapping[str, Any], nis_code: str, officer: str, first_at: datetime, number: int, **told: Any
) -> dict[str, Any]:
    named = f"{nis_code} {stop['position']} {officer} {told['status']}"
    return {
        "uid": uuid.uuid5(NAMESPACE, named),
        "unit": stop["unit_id"],
        "officer": officer,
        "branch_code": None,
        "occupant_name": None,
        "note": None,
        "is_bulk": False,
        "observed_at": first_at + timedelta(seconds=SECONDS_EACH * number),
        "supersedes": None,
        "base_state": stop["state"],
        "base_occupant_name": stop["occupant_name"],
        "base_branch_code": stop["branch_code"],
        **told,
    }
