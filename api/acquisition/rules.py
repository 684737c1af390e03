"""Which state of a case may follow which, and what each needs: decided here, enforced by the database too."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from api.db.codes import CASE_PROCESS, CASE_SIDE
from api.errors import KernkaartError, NotAnswerable

Row = Mapping[str, Any]
Way = Literal["forward", "back", "side", "resume"]
LOWEST_BACK = "qualified"
LAST_ASIDE = "negotiation"
PLACE = {state: place for place, state in enumerate(CASE_PROCESS)}
SIGNED = PLACE["signed"]

# What a state asks for, from it on or only in it; each is a refusal of its own with words in three languages.
NEEDS: dict[str, Callable[[], KernkaartError]] = {
    "branch_code": lambda: NotAnswerable(
        "A qualified case names its branch.", "Choose the branch.", code="case_needs_branch"
    ),
    "is_wished": lambda: NotAnswerable(
        "Nobody said whether the city wants this branch.", "Answer it with yes or no.", code="case_needs_wish"
    ),
    "m2": lambda: NotAnswerable(
        "A qualified case says how much floor area is looked for.",
        "Give the least or the most square metres.",
        code="case_needs_area",
    ),
    "max_rent_eur_per_month": lambda: NotAnswerable(
        "A qualified case says what rent can be paid.", "Give the highest rent.", code="case_needs_rent"
    ),
    "prospect_name": lambda: NotAnswerable(
        "Nobody was contacted while no organisation is named.",
        "Name the organisation or formula.",
        code="case_needs_prospect",
    ),
    "unit": lambda: NotAnswerable(
        "A visit needs a candidate unit.", "Add a shop unit to the case.", code="case_needs_unit"
    ),
    "next_action_on": lambda: NotAnswerable(
        "A planned visit has a day.",
        "Give the day of the visit as the next action.",
        code="case_needs_visit_day",
    ),
    "signed_on": lambda: NotAnswerable(
        "A signed lease has a first day.", "Give the day.", code="case_needs_signing_day"
    ),
    "signed_unit_id": lambda: NotAnswerable(
        "A lease is signed for one of the candidate units.", "Choose the unit.", code="case_needs_signed_unit"
    ),
    "opened_on": lambda: NotAnswerable(
        "A shop that opened did so on a day.",
        "Give the day, not before the lease.",
        code="case_needs_opening_day",
    ),
    "hold_until": lambda: NotAnswerable(
        "A case on hold has a day on which it is looked at again.",
        "Give the day.",
        code="case_needs_hold_day",
    ),
    "loss_reason": lambda: NotAnswerable(
        "A lost case has a reason.", "Choose the reason.", code="case_needs_loss_reason"
    ),
}
FROM_ON = (
    ("qualified", ("branch_code", "is_wished", "m2", "max_rent_eur_per_month")),
    ("contacted", ("prospect_name",)),
    ("visit_planned", ("unit",)),
    ("signed", ("signed_unit_id", "signed_on")),
    ("opened", ("opened_on",)),
)
ONLY_IN = {"visit_planned": ("next_action_on",), "on_hold": ("hold_until",), "lost": ("loss_reason",)}


def way(row: Row, to: str) -> Way | None:
    """How a case would go to a state; None where it may not."""
    here, there = PLACE.get(row["state"]), PLACE.get(to)
    if here is None:
        is_back = row["state"] in {"on_hold", "lost"} and to == row["resumes_at"]
        is_aside = row["state"] == "on_hold" and to in {"lost", "rejected"}
        return "resume" if is_back else "side" if is_aside else None
    if there is None:
        return "side" if to in CASE_SIDE and here <= PLACE[LAST_ASIDE] else None
    if there == here + 1:
        return "forward"
    return "back" if PLACE[LOWEST_BACK] <= there < here else None


def steps(row: Row) -> list[dict[str, Any]]:
    """Every state the case may go to now, the next one first, each with what is still missing for it."""
    ways = ((to, way(row, to)) for to in (*CASE_PROCESS, *CASE_SIDE))
    order = ("forward", "resume", "side", "back")
    found = [{"to": to, "way": how, "needs": missing(row, to)} for to, how in ways if how is not None]
    return sorted(found, key=lambda step: order.index(str(step["way"])))


def missing(row: Row, to: str) -> list[str]:
    """
    What a case still lacks for a state, of `NEEDS`.

    Parameters
    ----------
    row
        The case, with `units`, how many candidate units it has.
    to
        The state.
    """
    place = PLACE.get(to, -1)
    asked = [name for state, names in FROM_ON for name in names if place >= PLACE[state]]
    return [name for name in (*asked, *ONLY_IN.get(to, ())) if not _has(row, name)]


def check(row: Row, to: str) -> Way:
    """
    The way to a state.

    Raises
    ------
    NotAnswerable
        When the state cannot follow, or something that it needs is missing.
    """
    how = way(row, to)
    if how is None:
        raise NotAnswerable(
            f"A case cannot go from {row['state']} to {to}.",
            "Take one step forward, or go back to an earlier step; a signed case goes back before it is put aside.",
            code="case_step_not_allowed",
        )
    if lacks := missing(row, to):
        raise NEEDS[lacks[0]]()
    return how


def _has(row: Row, name: str) -> bool:
    if name == "m2":
        return row["min_m2"] is not None or row["max_m2"] is not None
    if name == "unit":
        return bool(row["units"])
    if name == "opened_on":
        opened, signed = row["opened_on"], row["signed_on"]
        return opened is not None and (signed is None or opened >= signed)
    return row[name] is not None
