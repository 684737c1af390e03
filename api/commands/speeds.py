"""speeds list, set, reset, export, import: how fast one travels, as a city edits it."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy.orm import Session

from api.commands.console import console, errors, errors_told, stop
from api.db.session import check_srid, get_engine

speeds = typer.Typer(no_args_is_help=True, help="Speeds by mode and street class: list, set, reset.")
Municipality = Annotated[
    str | None, typer.Option(help="NIS code; left out, the speeds of the whole deployment.")
]
NEXT = "Catchments use it from the next question on; other figures after: kernkaart refresh --if-stale"


@speeds.command("list")
def list_speeds(
    municipality: Municipality = None,
    mode: Annotated[str | None, typer.Option(help="walk, bicycle or car; all when left out.")] = None,
) -> None:
    """Show what applies, and who says so."""
    from api.streets import speeds as service

    if mode not in (None, "walk", "bicycle", "car"):
        stop(f"There is no mode {mode!r}.", "Give walk, bicycle or car.")
    with _session(municipality) as session:
        found = service.speeds_in_force(session, municipality)
    table = Table(title=f"Speeds of {municipality or 'this deployment'}", title_justify="left")
    for heading in ("mode", "street class", "value", "unit", "set by", "source", "usual"):
        table.add_column(heading, justify="right" if heading == "value" else "left")
    usual = service.usual_speeds()
    for key, speed in found.items():
        if mode in (None, speed.mode) or speed.mode == "any":
            is_own = speed.origin != "default"
            told = f"{usual[key].value:g} {speed.unit}" if is_own else ""
            who = speed.origin if is_own else "usual"
            source = speed.source if is_own else None
            table.add_row(
                speed.mode, speed.street_class, f"{speed.value:g}", speed.unit, who, source or "", told
            )
    console.print(table)
    console.print(
        "A street's own car_speed_kmh wins over its class. What is usual: docs/methods/catchment.md"
    )


@speeds.command("set")
def set_speed(
    mode: Annotated[str, typer.Argument(help="walk, bicycle or car; any for ferry_wait.")],
    street_class: Annotated[str, typer.Argument(help="Street class, off_street or ferry_wait.")],
    value: Annotated[float, typer.Argument(help="km/h; minutes for ferry_wait.")],
    municipality: Municipality = None,
    source: Annotated[str | None, typer.Option(help="Where the number comes from.")] = None,
) -> None:
    """Set one speed, for a municipality or for the whole deployment."""
    from api.streets import speeds as service

    with _session(municipality) as session, session.begin():
        before = service.speeds_in_force(session, municipality).get((mode, street_class))
        unit = before.unit if before else "km/h"
        wanted = service.Speed(
            mode=mode, street_class=street_class, value=value, unit=unit, source=source or "own setting"
        )
        with errors_told():
            changed = service.set_speeds(session, [wanted], municipality)
    was = f" (was {before.value:g})" if before else ""
    console.print(f"{mode} on {street_class} in {municipality or 'this deployment'}: {value:g} {unit}{was}.")
    if changed:
        console.print(NEXT)


@speeds.command("reset")
def reset_speeds(
    mode: Annotated[str | None, typer.Argument(help="Only of this mode.")] = None,
    street_class: Annotated[str | None, typer.Argument(help="Only on this street class.")] = None,
    municipality: Municipality = None,
) -> None:
    """Forget own speeds: those of the deployment, then the usual ones, apply again."""
    from api.streets import speeds as service

    with _session(municipality) as session, session.begin(), errors_told():
        dropped = service.reset_speeds(session, municipality, mode, street_class)
    where = municipality or "this deployment"
    if dropped:
        console.print(f"{dropped} own speeds of {where} are gone. {NEXT}")
    else:
        console.print(f"There was nothing of its own to forget in {where}.")


@speeds.command("export")
def export_speeds(
    file: Annotated[Path, typer.Argument(help="CSV to write, for a spreadsheet.")],
    municipality: Municipality = None,
) -> None:
    """Write all that applies as CSV; change the values and import it again."""
    from api.commands.speed_table import write_speeds
    from api.streets import speeds as service

    with _session(municipality) as session:
        found = service.speeds_in_force(session, municipality)
    try:
        write_speeds(file, found.values(), municipality)
    except OSError as error:
        stop(f"{file} cannot be written: {error.strerror}.", "Name a file in a folder of yours.")
    console.print(f"{len(found)} speeds are in {file}. Next: kernkaart speeds import {file}", markup=False)


@speeds.command("import")
def import_speeds(
    file: Annotated[Path, typer.Argument(help="CSV with mode, street_class, value; municipality, source.")],
    municipality: Municipality = None,
) -> None:
    """Set the speeds of a CSV that differ from what applies; all of them or none."""
    from api.commands.speed_table import Refused, read_speeds
    from api.streets import speeds as service

    try:
        by_municipality = read_speeds(file, municipality)
    except Refused as refused:
        for line in refused.lines[:20]:
            errors.print(line, style="red", markup=False)
        stop(f"{file.name}: {refused.what} Nothing was changed.", refused.way_out)
    changed = read = 0
    with _session(municipality) as session, session.begin():
        for nis_code, wanted in by_municipality.items():
            with errors_told(about=f"{file.name}: nothing was changed. "):
                service.require_known(session, nis_code)
                in_force = service.speeds_in_force(session, nis_code)
                differing = [speed for speed in wanted if in_force[speed.key].value != speed.value]
                changed += service.set_speeds(session, differing, nis_code)
            read += len(wanted)
    console.print(f"{file.name}: {read} speeds read, {changed} changed.", markup=False)
    if changed:
        console.print(NEXT)


def _session(municipality: str | None) -> Session:
    """A session, once the municipality is known to be there."""
    from api.streets.speeds import require_known

    check_srid(get_engine())
    session = Session(get_engine())
    with errors_told():
        require_known(session, municipality)
    session.rollback()
    return session
