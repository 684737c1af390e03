"""streets islands: parts of the network that nobody reaches."""

from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy.orm import Session

from api.commands.console import console, errors_told, stop
from api.db.session import check_srid, get_engine

streets = typer.Typer(no_args_is_help=True, help="The street network.")


@streets.callback()
def group() -> None:
    """The street network."""


@streets.command("islands")
def list_islands(
    municipality: Annotated[str | None, typer.Option(help="NIS code; all when left out.")] = None,
    mode: Annotated[str | None, typer.Option(help="walk, bicycle or car; all when left out.")] = None,
) -> None:
    """List the parts of the network that cannot be reached from the rest."""
    from api.streets import islands as service
    from api.streets.speeds import require_known
    from gis.speeds import MODES

    check_srid(get_engine())
    modes = tuple(known for known in MODES if mode in (None, known))
    if not modes:
        stop(f"There is no mode {mode!r}.", "Give walk, bicycle or car.")
    with Session(get_engine()) as session:
        with errors_told():
            require_known(session, municipality)
        parts = [part for part in service.parts_of_network(session) if part.mode in modes]
        found = service.list_islands(session, municipality, modes)
    if not parts:
        stop("There are no streets yet.", "Import them: kernkaart import osm FILE, or wegenregister FILE.")
    for part in parts:
        console.print(part.sentence)
    if not found:
        console.print("There are no islands" + (f" in {municipality}." if municipality else "."))
        return
    table = Table()
    for heading in ("mode", "municipality", "segments", "metres", "segment", "street", "lon", "lat"):
        table.add_column(heading, justify="right" if heading in ("segments", "metres") else "left")
    for island in found:
        metres, place = f"{island['length_m']:,.0f}", (f"{island['lon']:.6f}", f"{island['lat']:.6f}")
        segments, first = f"{island['segments']:,}", str(island["segment_id"])
        table.add_row(
            island["mode"], island["nis_code"], segments, metres, first, island["name"] or "", *place
        )
    console.print(table)
    console.print(service.WAY_OUT)


def tell_of_islands(session: Session) -> None:
    """Say how far the streets hang together, and keep the islands for QGIS; the caller commits."""
    from api.streets import islands as service

    parts = service.parts_of_network(session)
    service.store_islands(session)
    for part in parts:
        console.print(f"  {part.sentence}")
    if any(part.islands for part in parts):
        console.print(f"  list them: kernkaart streets islands. {service.WAY_OUT}")
