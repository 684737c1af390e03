"""Units that are expected to fall empty: entered by people, and estimated where the estimate has proved itself."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.errors import NotAnswerable, NotFound
from api.vacancy import histories

MOST_UNITS = 20
WAY_OUT = "GET /api/vacancy/expected?municipality=... lists what is expected."
NOTHING: dict[str, Any] = {
    "base": None,
    "is_model_used": False,
    "reason": "not_computed",
    "test": None,
    "calibration": [],
    "effects": [],
    "model_version": None,
}


def get_outlook(session: Session, nis_code: str, *, limit: int = MOST_UNITS) -> dict[str, Any]:
    """What is expected, and the units the model puts first with their reasons, or the base rate alone."""
    row = histories.outlook_test(session, nis_code)
    return {
        **(NOTHING if row is None else row["detail"]),
        "computed_at": row["finished_at"] if row else None,
        "code_version": row["code_version"] if row else None,
        "source": row["source"] if row else None,
        "observed_on": row["observed_on"] if row else None,
        "items": [dict(unit) for unit in histories.outlook(session, nis_code, limit=limit)],
        "expected": list_expected(session, nis_code)["items"],
    }


def list_expected(session: Session, nis_code: str) -> dict[str, Any]:
    """What people entered, the first to come first."""
    return {"items": [dict(row) for row in histories.expected(session, nis_code)]}


def add_expected(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    """
    Enter an announced closing, the end of a lease, or another reason.

    Raises
    ------
    NotFound
        When there is no such active unit.
    NotAnswerable
        When it is vacant already.
    """
    unit = histories.unit(session, given["shop_unit_id"])
    if unit is None:
        raise NotFound(
            f"There is no active shop unit {given['shop_unit_id']}.",
            "GET /api/shop-units lists those that are.",
            code="unit_gone",
        )
    if unit["state"] == "vacant":
        raise NotAnswerable(
            f"{unit['address']} stands empty already.",
            "Enter what is expected of units that still trade.",
            code="unit_is_vacant",
            address=unit["address"],
        )
    entry = {name: given.get(name) for name in ("shop_unit_id", "kind", "expected_on", "source", "note")}
    for name in ("source", "note"):
        entry[name] = (entry[name] or "").strip() or None
    return get_expected(session, histories.expect(session, unit["nis_code"], entry))


def get_expected(session: Session, key: int) -> dict[str, Any]:
    """
    One entry.

    Raises
    ------
    NotFound
        When there never was one.
    """
    row = histories.one_expected(session, key)
    if row is None:
        raise NotFound(f"Nothing expected has the key {key}.", WAY_OUT, code="expected_gone")
    return dict(row)


def remove_expected(session: Session, key: int) -> None:
    """
    Put an entry away; `restore_expected` takes it back.

    Raises
    ------
    NotFound
        When there never was one.
    """
    get_expected(session, key)
    histories.set_expected_removed(session, key, is_removed=True)


def restore_expected(session: Session, key: int) -> dict[str, Any]:
    """
    Take back an entry that was put away.

    Raises
    ------
    NotFound
        When there never was one.
    """
    get_expected(session, key)
    histories.set_expected_removed(session, key, is_removed=False)
    return get_expected(session, key)


COLUMNS = (
    "basis", "address", "kind", "expected_on", "chance", "chance_lower", "chance_upper", "base_rate", "reasons",
    "entry_source", "note", "source", "observed_on", "model_version",
)  # fmt: skip


def rows(session: Session, nis_code: str) -> Iterator[dict[str, Any]]:
    """What people entered, then what the model says, one row per unit."""
    found = get_outlook(session, nis_code, limit=100_000)
    told = {name: found[name] for name in ("source", "observed_on", "model_version")}
    base = found["base"]["rate_share"] if found["base"] else None
    for one in found["expected"]:
        yield {**told, **one, "basis": "entered", "entry_source": one["source"], "source": told["source"]}
    for one in found["items"]:
        reasons = "; ".join(
            f"{each['feature']}={each['value']} x {each['odds_ratio']:g}" for each in one["reasons"]
        )
        yield {**told, **one, "basis": "model", "base_rate": base, "reasons": reasons}
