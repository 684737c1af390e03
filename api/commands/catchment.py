"""catchment: who can reach a place, from the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from sqlalchemy.orm import Session

from api.commands.console import console, errors, errors_told, progress, stop
from api.db.session import check_srid, get_engine

if TYPE_CHECKING:
    from api.catchment.service import Computed

Kinds = {".geojson", ".gpkg", ".csv"}


def catchment_command(
    shop_unit: Annotated[int | None, typer.Option(help="Key of a shop unit.")] = None,
    parcel: Annotated[str | None, typer.Option(help="Or the CAPAKEY of a parcel.")] = None,
    at: Annotated[str | None, typer.Option(help="Or LON,LAT in degrees.")] = None,
    xy: Annotated[str | None, typer.Option(help="Or X,Y in the metres of this deployment.")] = None,
    places: Annotated[Path | None, typer.Option(help="Or a file of places, one catchment each.")] = None,
    mode: Annotated[str, typer.Option(help="walk, bicycle or car.")] = "walk",
    direction: Annotated[str, typer.Option(help="towards the place, or outward from it.")] = "towards",
    minutes: Annotated[
        str | None, typer.Option(help="Bands by comma; 5,10,15 when no bands are given.")
    ] = None,
    metres: Annotated[str | None, typer.Option(help="Or in metres along the streets.")] = None,
    inhabitants: Annotated[str | None, typer.Option(help="Or as far as so many people live.")] = None,
    rings: Annotated[bool, typer.Option("--rings", help="Each band without the one before it.")] = False,
    competitors: Annotated[
        str | None, typer.Option(help="Shop units by comma, whose own ground is left out.")
    ] = None,
    competitor_branch: Annotated[str | None, typer.Option(help="And all that trade in this branch.")] = None,
    closed: Annotated[str | None, typer.Option(help="Street segments by comma, closed to the mode.")] = None,
    opened: Annotated[str | None, typer.Option(help="Street segments by comma, opened to it.")] = None,
    barrier: Annotated[
        list[str] | None, typer.Option(help="LON,LAT;LON,LAT: a line nobody crosses. Repeat.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="File to write: .geojson, .gpkg or .csv. One that is there is replaced."),
    ] = None,
) -> None:
    """Draw who can reach a place, and count who and what is inside."""
    from api.catchment.asked import Asked

    _check_output(output)
    check_srid(get_engine())
    with Session(get_engine()) as session, errors_told():
        given = {
            "mode": mode,
            "direction": direction,
            "minutes": _numbers(minutes, "minutes"),
            "metres": _numbers(metres, "metres"),
            "inhabitants": _numbers(inhabitants, "inhabitants"),
            "rings": rings,
            "competitors": _keys(competitors, "competitors"),
            "competitor_branch": competitor_branch,
            "closed": _keys(closed, "closed"),
            "opened": _keys(opened, "opened"),
            "barriers": _barriers(barrier or []),
        }
        _check_words(mode, direction)
        one = _one_place(session, shop_unit=shop_unit, parcel=parcel, at=at, xy=xy)
        if (places is None) == (one is None):
            stop(
                "A catchment needs one place.",
                "Give --shop-unit, --parcel, --at, --xy, or a file with --places.",
            )
        if places is not None:
            _many(session, places, given, output)
            return
        _one(session, Asked.from_parameters({**given, **(one or {})}), output)


def _one(session: Session, asked: Any, output: Path | None) -> None:
    from api.catchment import service
    from api.commands.catchment_files import write_one
    from api.commands.catchment_table import print_catchment

    with errors.status("Drawing and counting"):
        computed = service.compute(session, asked)
    print_catchment(computed)
    if output is not None:
        write_one(output, computed)
        console.print(f"Written: {output}", markup=False)


def _many(session: Session, places: Path, given: dict[str, Any], output: Path | None) -> None:
    from api.catchment import service
    from api.catchment.asked import Asked
    from api.commands.catchment_files import read_places, write_many
    from api.commands.catchment_table import print_places
    from api.errors import KernkaartError
    from api.importers import UnreadableSource
    from gis.errors import GisError

    try:
        found, refused = read_places(places)
    except UnreadableSource as error:
        stop(f"{places.name}: {error.what}.", f"{error.way_out}.")
    computed: list[tuple[str, Computed]] = []
    with progress() as bar:
        task = bar.add_task("catchments", total=len(found))
        for label, (lon, lat) in found:
            # Of the question itself, not of the place: the first would fail as all the others.
            asked = Asked.from_parameters({**given, "lon": lon, "lat": lat})
            try:
                computed.append((label, service.compute(session, asked)))
            except (KernkaartError, GisError) as error:
                refused.append(f"{label}: {getattr(error, 'detail', error)}")
            bar.advance(task)
    print_places(computed)
    for line in refused:
        errors.print(line, style="red", markup=False)
    console.print(
        f"{len(computed)} catchments; {len(refused)} places of {places.name} have none.", markup=False
    )
    if output is not None and computed:
        write_many(output, computed)
        console.print(f"Written: {output}", markup=False)
    if refused:
        raise typer.Exit(1)


def _one_place(
    session: Session, *, shop_unit: int | None, parcel: str | None, at: str | None, xy: str | None
) -> dict[str, Any] | None:
    """The place as a question names it; None when none or more than one is given."""
    from api.catchment import queries

    given = [value for value in (shop_unit, parcel, at, xy) if value is not None]
    if len(given) != 1:
        if given:
            stop("A catchment starts from one place.", "Give one of --shop-unit, --parcel, --at and --xy.")
        return None
    if shop_unit is not None:
        return {"shop_unit": shop_unit}
    if parcel is not None:
        key = queries.parcel_key(session, parcel.strip())
        if key is None:
            stop(
                f"There is no parcel {parcel}.", "Give a CAPAKEY such as 34040A0001/00_000, or --at LON,LAT."
            )
        return {"parcel": key}
    if at is not None:
        lon, lat = _pair(at, "--at", "LON,LAT in degrees, such as 3.4265,50.8903")
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            stop(f"--at {at} is no place in degrees.", "Give LON,LAT; for metres there is --xy.")
        return {"lon": lon, "lat": lat}
    x, y = _pair(xy or "", "--xy", "X,Y in metres, such as 80500,174300")
    lon, lat = _in_degrees(x, y)
    return {"lon": lon, "lat": lat}


def _in_degrees(x: float, y: float) -> tuple[float, float]:
    import numpy as np
    from pyproj import CRS

    from api.db.base import SRID
    from gis.degrees import to_degrees

    ((lon, lat),) = to_degrees(np.array([[x, y]], float), CRS.from_epsg(SRID))
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        stop(
            f"{x:g},{y:g} is no place on earth.",
            "Give X,Y in the metres of this deployment, or --at LON,LAT.",
        )
    return float(lon), float(lat)


def _pair(text: str, option: str, way_out: str) -> tuple[float, float]:
    try:
        first, second = (float(part) for part in text.split(","))
    except ValueError:
        stop(f"{option} {text} is not two numbers.", f"Give {way_out}.")
    return first, second


def _numbers(text: str | None, name: str) -> tuple[float, ...] | None:
    from api.catchment.asked import read_numbers

    return None if text is None else read_numbers(text, name)


def _keys(text: str | None, name: str) -> tuple[int, ...]:
    from api.catchment.asked import read_keys

    return read_keys(text, name)


def _barriers(lines: list[str]) -> list[Any]:
    from api.catchment.asked import read_barrier

    return [read_barrier(line) for line in lines]


def _check_words(mode: str, direction: str) -> None:
    if mode not in ("walk", "bicycle", "car"):
        stop(f"There is no mode {mode!r}.", "Give walk, bicycle or car.")
    if direction not in ("towards", "outward"):
        stop(f"There is no direction {direction!r}.", "Give towards or outward.")


def _check_output(output: Path | None) -> None:
    """Before anything is computed for nothing."""
    if output is None:
        return
    if output.suffix.lower() not in Kinds:
        stop(
            f"{output.name} is of no kind that can be written.", f"Give a name in {', '.join(sorted(Kinds))}."
        )
    if not output.parent.is_dir():
        stop(f"There is no folder {output.parent}.", "Make it first, or name another.")
