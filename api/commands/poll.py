"""poll: ask suppliers that do not push."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from api.commands.console import console, errors, stop
from api.commands.intake import Order, import_file
from api.db.session import get_engine
from api.footfall.telraam import Telraam, TelraamRefused, sensors, windows
from api.importers import UnreadableSource
from api.importers.licences import LICENCES
from api.settings import get_settings

poll = typer.Typer(no_args_is_help=True, help="Ask suppliers for new counts.")


@poll.callback()
def poll_group() -> None:
    """Ask suppliers for new counts."""


@poll.command("telraam")
def poll_telraam(
    municipality: Annotated[
        list[str] | None, typer.Option(help="NIS code; all when left out. Repeat.")
    ] = None,
    days: Annotated[
        int, typer.Option(help="How many days back for a sensor without any count.", min=1, max=3650)
    ] = 31,
) -> None:
    """Ask Telraam for the hours since the last one stored, of every sensor with instrument telraam."""
    settings = get_settings()
    if not settings.telraam_key:
        stop("There is no key for Telraam.", "Set KERNKAART_TELRAAM_KEY to the key that Telraam gave you.")
    telraam = Telraam(settings.telraam_url, settings.telraam_key)
    with Session(get_engine()) as session:
        listed = sensors(session, municipality)
    if not listed:
        stop(
            "No sensor here has instrument telraam.",
            "Import them (kernkaart import sensors FILE); their code is the number of the segment.",
        )
    failed = 0
    for sensor in listed:
        try:
            added, changed = poll_one(telraam, sensor, now=datetime.now(UTC), first_days=days)
            console.print(
                f"{sensor.code} {sensor.name}: {added} counts added, {changed} changed", markup=False
            )
        except (TelraamRefused, UnreadableSource) as error:
            failed += 1
            errors.print(f"{sensor.code} {sensor.name}: {error}", markup=False)
    raise typer.Exit(1 if failed else 0)


def poll_one(telraam: Telraam, sensor: Any, *, now: datetime, first_days: int) -> tuple[int, int]:
    """
    Ask for what is new of one sensor and store it, span by span.

    Returns
    -------
    Counts added, and counts changed.

    Raises
    ------
    TelraamRefused
        When Telraam does not give it; spans before it are stored.
    """
    added = changed = 0
    for first_at, last_at in windows(sensor.last_at, now=now, first_days=first_days):
        report = telraam.report(sensor.code, first_at, last_at)
        if report:
            more = _stored(sensor, report, f"{first_at:%Y%m%dT%H}-{last_at:%Y%m%dT%H}")
            added, changed = added + more[0], changed + more[1]
    return added, changed


def _stored(sensor: Any, report: bytes, span: str) -> tuple[int, int]:
    """Import one report as a file; one that brings nothing new leaves no trace."""
    dataset = {"code": f"telraam:{sensor.code}", **LICENCES["telraam"]}
    order = Order("telraam", sensor.nis_code, {}, {}, dataset)
    with tempfile.TemporaryDirectory() as folder, Session(get_engine()) as session:
        path = Path(folder) / f"telraam-{sensor.code}-{span}.json"
        path.write_bytes(report)
        done = import_file(session, path, order, progressed=lambda *_: None)
        outcome = done.batch.outcome("footfall_count")
        if outcome.added or outcome.changed:
            session.commit()
        else:
            session.rollback()
    return outcome.added, outcome.changed
