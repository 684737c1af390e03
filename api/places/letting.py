"""A shop unit is let: its vacancy spell closes and an occupancy opens, as one batch that can be undone."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from api.db.session import current_day
from api.db.store import Batch, UndoRefused, finish_batch, undo_batch
from api.errors import Malformed, NotAnswerable, NotFound
from api.places import edit_queries as queries
from api.places.lineage import Period, Unit

SOURCE = "letting"


@dataclass(frozen=True)
class Letting:
    """Who trades in a unit from day `on`; `is_temporary` leaves its vacancy spell open."""

    unit_id: int
    on: date
    occupant_name: str
    branch_code: str | None
    origin: str = "unknown"
    is_temporary: bool = False


@dataclass(frozen=True)
class Let:
    """The occupancy, and the batch that made it; no batch where the register said so already."""

    occupancy_id: int
    batch_id: int | None


def let(session: Session, letting: Letting) -> Let:
    """
    Write a letting in the caller's transaction.

    Raises
    ------
    NotFound
        When there is no such active unit.
    Malformed
        When the day is to come.
    NotAnswerable
        When the unit does not stand empty on that day, or was in use after it.
    """
    today = current_day(session)
    if letting.on > today + timedelta(days=1):
        raise Malformed(
            f"{letting.on} has yet to come.",
            "Give a day up to today; a lease that begins later is signed when it begins.",
            code="lease_to_come",
            on=letting.on,
        )
    rows = [row for row in queries.lock_units(session, [letting.unit_id]) if row["lifecycle"] == "active"]
    if not rows:
        raise NotFound(
            f"There is no active shop unit {letting.unit_id}.",
            "GET /api/shop-units lists those that are.",
            code="unit_gone",
        )
    unit = queries.history(session, rows[0])
    known = _known(unit, letting)
    if known is not None:
        return Let(known, None)
    spell, pop_up = _room(unit, letting)
    batch = queries.open_edit(
        session,
        nis_code=rows[0]["nis_code"],
        kind="let",
        label=unit.label,
        asked=vars(letting),
        source=SOURCE,
    )
    return Let(_write(session, batch, letting, spell=spell, pop_up=pop_up), batch.id)


def take_back(session: Session, batch_id: int) -> None:
    """
    Undo a letting: the spell runs on and the occupancy goes.

    Raises
    ------
    NotAnswerable
        When it was undone already or something newer rests on it.
    """
    try:
        undo_batch(session, batch_id)
    except UndoRefused as refused:
        raise NotAnswerable(
            str(refused), "Undo what is newer first.", code=refused.code, **refused.values
        ) from refused


def _known(unit: Unit, letting: Letting) -> int | None:
    """The occupancy that says so already: a street round may have seen the shop before the case was signed."""
    for period in unit.periods:
        is_then = period.from_on <= letting.on and (period.to_on is None or letting.on < period.to_on)
        is_same = (period.occupant_name or "").strip().lower() == letting.occupant_name.strip().lower()
        if period.kind == "occupancy" and is_then and is_same and period.is_popup == letting.is_temporary:
            return period.id
    return None


def _room(unit: Unit, letting: Letting) -> tuple[Period, Period | None]:
    """The spell that is open, and the temporary use that ends with it."""
    running = [period for period in unit.periods if period.to_on is None]
    spell = next((period for period in running if period.kind == "vacancy"), None)
    if spell is None:
        raise NotAnswerable(
            f"{unit.label} does not stand empty.",
            "Choose a vacant unit, or correct the register first.",
            code="unit_not_vacant",
            unit=unit.label,
        )
    if letting.on <= spell.from_on:
        raise NotAnswerable(
            f"{unit.label} stands empty since {spell.from_on} only.",
            "Give a later day.",
            code="vacant_since_later",
            unit=unit.label,
            on=spell.from_on,
        )
    pop_up = next((period for period in running if period.is_popup), None)
    if pop_up is not None and (letting.is_temporary or pop_up.from_on >= letting.on):
        raise NotAnswerable(
            f"{unit.label} is in temporary use since {pop_up.from_on}.",
            "Choose another unit, or a later day for a lease that ends the temporary use.",
            code="temporary_use_there",
            unit=unit.label,
            on=pop_up.from_on,
        )
    later = [
        period.to_on or period.from_on
        for period in unit.periods
        if period.kind == "occupancy"
        and period is not pop_up
        and (period.to_on is None or period.to_on > letting.on)
    ]
    if later:
        raise NotAnswerable(
            f"{unit.label} was in use until {max(later)}.",
            "Give a day from then on.",
            code="in_use_after",
            unit=unit.label,
            on=max(later),
        )
    return spell, pop_up


def _write(session: Session, batch: Batch, letting: Letting, *, spell: Period, pop_up: Period | None) -> int:
    assert spell.id is not None
    if letting.is_temporary:
        queries.set_market_status(session, batch, spell.id, "temporary_use")
    else:
        if pop_up is not None:
            queries.close(session, batch, pop_up, on=letting.on, end_reason="let")
        queries.set_market_status(session, batch, spell.id, "signed")
        queries.close(session, batch, spell, on=letting.on, end_reason="let")
    opens = Period(
        "occupancy",
        letting.on,
        earliest_on=letting.on,
        occupant_name=letting.occupant_name,
        branch_code=letting.branch_code,
        is_chain=True if letting.origin == "chain_expansion" else None,
        is_popup=letting.is_temporary,
        origin=letting.origin,
    )
    key = queries.open_period(session, batch, letting.unit_id, opens)
    batch.outcome("occupancy").added = 1
    finish_batch(session, batch, assumed=[])
    return key
