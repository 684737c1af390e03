"""What a split, a merger or the end of a shop unit does to its periods: decided here, written elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from api.errors import NotAnswerable

State = Literal["as_before", "vacant", "occupied", "unknown"]
Ending = Literal["split", "merged", "converted", "demolished"]
# Two floor areas that differ less were rounded, not lost.
ROUNDING_M2 = 0.5


@dataclass(frozen=True)
class Period:
    """An occupancy or a vacancy spell of a unit; `to_on` is the first day after it, None while it lasts.

    `from_on` is its first certain day, `earliest_on` the earliest day it can have begun (None: not known). An occupant
    who goes on in another unit has moved from the one that ended, so that nobody counts a closure and an opening.
    """

    kind: Literal["occupancy", "vacancy"]
    from_on: date
    to_on: date | None = None
    earliest_on: date | None = None
    basis: str = "exact"
    id: int | None = None
    occupant_name: str | None = None
    branch_code: str | None = None
    is_chain: bool | None = None
    is_popup: bool = False
    is_anchor: bool = False
    origin: str = "unknown"
    market_status: str | None = None
    moved_from: int | None = None


@dataclass(frozen=True)
class Unit:
    """A shop unit with all its periods."""

    id: int
    label: str
    floor_area_m2: float | None
    valid_from: date | None
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True)
class Content:
    """What goes on in a unit from the day of the edit on."""

    state: State = "as_before"
    occupant_name: str | None = None
    branch_code: str | None = None


@dataclass(frozen=True)
class Part:
    """One of the units that a split makes."""

    content: Content = Content()
    floor_area_m2: float | None = None


@dataclass(frozen=True)
class NewUnit:
    """A unit to be made, with the period that opens in it, if any."""

    floor_area_m2: float | None
    opens: Period | None


@dataclass(frozen=True)
class Note:
    """A temporary use that ends with the unit it was in."""

    unit: str
    occupant_name: str | None

    def told(self, on: date) -> str:
        """As a sentence."""
        return f"The temporary use of {self.unit} by {self.occupant_name or 'an occupant'} ends on {on}."


@dataclass(frozen=True)
class Plan:
    """What an edit does: the units that cease, the periods that end with them, the units that begin.

    Nothing that was known of a day before `on` changes.
    """

    on: date
    ending: Ending
    ceases: tuple[Unit, ...]
    closes: tuple[Period, ...]
    makes: tuple[NewUnit, ...] = ()
    notes: tuple[Note, ...] = field(default=())


def plan_split(unit: Unit, parts: Sequence[Part], *, on: date, unassigned_m2: float = 0.0) -> Plan:
    """
    Split a unit into parts.

    An empty unit leaves empty parts that stand empty as long as it did, wherever no occupant is named. An
    occupant goes on in the one part that stays as it was.

    Parameters
    ----------
    unit
        The unit with its periods.
    parts
        Two or more.
    on
        First day of the parts.
    unassigned_m2
        Floor area that goes to no part, such as a new stairwell, m2.

    Raises
    ------
    NotAnswerable
        When floor area would be lost or made, an occupant would be in two places, or the day does not fit what is
        known of the unit.
    """
    open_period = _left(unit, _open_period(unit, on))
    _check_area(unit, parts, unassigned_m2)
    carried = [part for part in parts if part.content.state == "as_before"]
    if open_period and open_period.kind == "occupancy" and len(carried) > 1:
        raise NotAnswerable(
            f"{open_period.occupant_name or 'The occupant'} cannot go on trading in {len(carried)} parts.",
            "Let one part stay as it was, and say of the others what they become.",
            code="one_goes_on",
            parts=len(carried),
        )
    makes = tuple(NewUnit(part.floor_area_m2, _opened(part.content, open_period, on)) for part in parts)
    closes, notes = _closed(unit)
    return Plan(on=on, ending="split", ceases=(unit,), closes=closes, makes=makes, notes=notes)


def plan_merge(units: Sequence[Unit], content: Content, *, on: date, keeps: int | None = None) -> Plan:
    """
    Join units into one.

    Joined empty units stand empty since the last of them became so. With `as_before` the occupant of the unit
    `keeps` goes on in the whole, or of the only one that trades.

    Raises
    ------
    NotAnswerable
        When it is not clear who goes on, or the day does not fit what is known of a unit.
    """
    running = {unit.id: _left(unit, _open_period(unit, on)) for unit in units}
    before = _carried(units, running, keeps) if content.state == "as_before" else _emptied(running)
    areas = [unit.floor_area_m2 for unit in units]
    known = [area for area in areas if area is not None]
    closes: tuple[Period, ...] = ()
    notes: tuple[Note, ...] = ()
    for unit in units:
        closed, told = _closed(unit)
        closes, notes = closes + closed, notes + told
    whole = NewUnit(sum(known) if len(known) == len(areas) else None, _opened(content, before, on))
    return Plan(on=on, ending="merged", ceases=tuple(units), closes=closes, makes=(whole,), notes=notes)


def plan_end(unit: Unit, ending: Literal["converted", "demolished"], *, on: date) -> Plan:
    """
    End a unit that became something else or was pulled down.

    Raises
    ------
    NotAnswerable
        When the day does not fit what is known of the unit.
    """
    _open_period(unit, on)
    closes, notes = _closed(unit)
    return Plan(on=on, ending=ending, ceases=(unit,), closes=closes, notes=notes)


def _open_period(unit: Unit, on: date) -> Period | None:
    """The period that runs up to the day, after checking that nothing is known of later days."""
    if unit.valid_from is not None and on <= unit.valid_from:
        raise NotAnswerable(
            f"{unit.label} itself came to be on {unit.valid_from}.",
            "Choose a later day, or undo that edit first.",
            code="unit_is_newer",
            unit=unit.label,
            on=unit.valid_from,
        )
    for period in unit.periods:
        if period.from_on >= on or (period.to_on is not None and period.to_on > on):
            until = f" to {period.to_on}" if period.to_on else ""
            raise NotAnswerable(
                f"Something is already known of {unit.label} after {on}: a period from {period.from_on}{until}.",
                "Choose a day after it.",
                code="known_later",
                unit=unit.label,
                on=period.to_on or period.from_on,
            )
    running = [one for one in unit.periods if one.to_on is None and not one.is_popup]
    return running[0] if running else None


def _left(unit: Unit, running: Period | None) -> Period | None:
    """What ran in a unit, with the unit that whoever goes on elsewhere has left."""
    return running and replace(running, moved_from=unit.id)


def _check_area(unit: Unit, parts: Sequence[Part], unassigned_m2: float) -> None:
    areas = [part.floor_area_m2 for part in parts]
    if unit.floor_area_m2 is None or any(area is None for area in areas):
        return
    total = sum(area for area in areas if area is not None) + unassigned_m2
    if abs(total - unit.floor_area_m2) > ROUNDING_M2:
        raise NotAnswerable(
            f"The parts and what goes to none add up to {total:g} m2; {unit.label} has {unit.floor_area_m2:g} m2.",
            "Correct a floor area, leave it empty where it is not known, or say how much goes to no part.",
            code="area_off",
            total=total,
            unit=unit.label,
            area=unit.floor_area_m2,
        )


def _carried(units: Sequence[Unit], running: dict[int, Period | None], keeps: int | None) -> Period | None:
    if keeps is not None:
        if keeps not in running:
            raise NotAnswerable(
                f"Shop unit {keeps} is not one of those that are joined.",
                "Name one of them in `keeps`.",
                code="keeps_not_joined",
            )
        return running[keeps]
    trading = [period for period in running.values() if period and period.kind == "occupancy"]
    if len(trading) > 1:
        raise NotAnswerable(
            f"{len(trading)} of the units are in use; only one occupant can go on in the whole.",
            "Name in `keeps` the unit whose occupant does, or say what the whole becomes.",
            code="several_trade",
            n=len(trading),
        )
    if trading:
        return trading[0]
    if any(running[unit.id] is None for unit in units):
        return None
    return _last_emptied([period for period in running.values() if period])


def _emptied(running: dict[int, Period | None]) -> Period | None:
    """What stood empty before, for a whole that is empty after: None when some of it was not."""
    periods = list(running.values())
    if all(period is not None and period.kind == "vacancy" for period in periods):
        return _last_emptied([period for period in periods if period])
    trading = [period for period in periods if period and period.kind == "occupancy"]
    return trading[0] if len(trading) == 1 else None


def _last_emptied(spells: Sequence[Period]) -> Period:
    """The whole is empty since the last part became so; that day lies between the latest bounds."""
    latest = max(spell.from_on for spell in spells)
    known = [spell.earliest_on for spell in spells if spell.earliest_on is not None]
    earliest = min(max(known), latest) if known else None
    basis = "first_seen" if earliest is None else "exact" if earliest == latest else "between_visits"
    branches = {spell.branch_code for spell in spells}
    return Period(
        "vacancy",
        latest,
        earliest_on=earliest,
        basis=basis,
        branch_code=branches.pop() if len(branches) == 1 else None,
    )


def _opened(content: Content, before: Period | None, on: date) -> Period | None:
    """The period that opens in a new unit."""
    was_vacant = before is not None and before.kind == "vacancy"
    if content.state == "unknown" or (content.state == "as_before" and before is None):
        return None
    if content.state == "occupied":
        return Period(
            "occupancy",
            on,
            earliest_on=on,
            occupant_name=content.occupant_name,
            branch_code=content.branch_code,
        )
    if before is not None and was_vacant:
        return Period(
            "vacancy",
            before.from_on,
            earliest_on=before.earliest_on,
            basis=before.basis,
            branch_code=before.branch_code,
            market_status=before.market_status,
        )
    if content.state == "vacant":
        return Period("vacancy", on, earliest_on=on, branch_code=before.branch_code if before else None)
    assert before is not None
    return Period(
        "occupancy",
        on,
        earliest_on=on,
        occupant_name=before.occupant_name,
        branch_code=before.branch_code,
        is_chain=before.is_chain,
        is_anchor=before.is_anchor,
        origin=before.origin,
        moved_from=before.moved_from,
    )


def _closed(unit: Unit) -> tuple[tuple[Period, ...], tuple[Note, ...]]:
    closes = tuple(period for period in unit.periods if period.to_on is None)
    notes = tuple(Note(unit.label, one.occupant_name) for one in closes if one.is_popup)
    return closes, notes
