"""Routes about catchments."""

from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from pydantic import Field

from api.catchment import comparing, service, stored, streets, table
from api.catchment.asked import (
    DEFAULT_MINUTES,
    MOST_BARRIERS,
    Asked,
    Direction,
    Mode,
    Unit,
    read_barrier,
    read_keys,
    read_numbers,
)
from api.catchment.schemas import CatchmentIn, NameIn, StoredList
from api.dependencies import LARGEST_KEY, InKey, InMunicipality, InSession, refuse_other_sites, stamp
from api.errors import Malformed
from api.geojson import GEOJSON, answer
from api.room import Room

router = Room(prefix="/api", tags=["catchment"])
OURS_ONLY = [Depends(refuse_other_sites)]

GEOJSON_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {GEOJSON: {}}}}
CSV_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}}
GEOJSON_MADE: dict[int | str, dict[str, Any]] = {201: {"content": {GEOJSON: {}}}}
Run = Annotated[int | None, Query(ge=0, le=LARGEST_KEY, description="A run; the last when left out.")]
Listed = Annotated[str | None, Query(max_length=4000, examples=["12,15"])]


def read_asked(
    shop_unit: Annotated[
        int | None, Query(ge=0, le=LARGEST_KEY, description="Shop unit to start from.")
    ] = None,
    parcel: Annotated[int | None, Query(ge=0, le=LARGEST_KEY, description="Or a parcel.")] = None,
    lon: Annotated[float | None, Query(ge=-180, le=180, description="Or a longitude.")] = None,
    lat: Annotated[float | None, Query(ge=-90, le=90, description="And a latitude.")] = None,
    mode: Annotated[Mode, Query(description="How people travel.")] = "walk",
    direction: Annotated[Direction, Query(description="From the place, or towards it.")] = "towards",
    minutes: Annotated[
        str | None, Query(max_length=200, description="Bands in minutes, by comma.", examples=["5,10,15"])
    ] = None,
    metres: Annotated[
        str | None, Query(max_length=200, description="Or in metres along the streets.", examples=["400,800"])
    ] = None,
    inhabitants: Annotated[
        str | None, Query(max_length=200, description="Or as far as so many people live.", examples=["5000"])
    ] = None,
    rings: Annotated[bool, Query(description="Each band without the one before it?")] = False,
    competitors: Annotated[Listed, Query(description="Shop units whose own ground is left out.")] = None,
    competitor_branch: Annotated[
        str | None, Query(pattern=r"^\w{1,60}$", description="And all that trade in this branch.")
    ] = None,
    closed: Annotated[Listed, Query(description="Street segments closed to the mode.")] = None,
    opened: Annotated[Listed, Query(description="Street segments opened to it.")] = None,
    barrier: Annotated[
        list[Annotated[str, Field(max_length=1000)]] | None,
        Query(
            max_length=MOST_BARRIERS,
            description="A line nobody crosses; may be repeated.",
            examples=["3.42,50.88;3.43,50.89"],
        ),
    ] = None,
) -> Asked:
    """
    The catchment asked for.

    Raises
    ------
    Malformed
        When bands are given twice, or anything cannot be read.
    """
    units: dict[Unit, str | None] = {"minutes": minutes, "metres": metres, "inhabitants": inhabitants}
    given: list[tuple[Unit, str]] = [(unit, text) for unit, text in units.items() if text is not None]
    if len(given) > 1:
        raise Malformed(
            f"Bands are in {' or in '.join(unit for unit, _ in given)}, not in both.",
            "Give one of the two lists.",
        )
    unit: Unit = given[0][0] if given else "minutes"
    return Asked(
        mode=mode,
        unit=unit,
        bands=read_numbers(given[0][1], unit) if given else DEFAULT_MINUTES,
        direction=direction,
        rings=rings,
        shop_unit=shop_unit,
        parcel=parcel,
        lon=lon,
        lat=lat,
        competitors=read_keys(competitors, "competitors"),
        competitor_branch=competitor_branch,
        closed=read_keys(closed, "closed"),
        opened=read_keys(opened, "opened"),
        barriers=tuple(read_barrier(line) for line in barrier or ()),
    )


InAsked = Annotated[Asked, Depends(read_asked)]


@router.get("/catchment", response_class=Response, responses=GEOJSON_ANSWER)
def get_catchment(session: InSession, request: Request, response: Response, asked: InAsked) -> Response:
    """Isochrones of a place with the people, shop units and parking spaces inside, counted on the streets."""
    # What is within reach may lie in any municipality.
    stamp(request, response, session)
    return answer(service.get_catchment(session, asked), headers=response.headers)


@router.get("/exports/catchment.geojson", response_class=Response, responses=GEOJSON_ANSWER)
def export_catchment_geojson(session: InSession, asked: InAsked) -> Response:
    """The same as a file: shapes with all they hold."""
    return answer(service.get_catchment(session, asked), headers=_attached("geojson", asked))


@router.get("/exports/catchment.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def export_catchment_csv(session: InSession, asked: InAsked) -> Response:
    """What it holds as a table: one row per band and figure, each with source, date and coverage."""
    content = table.to_csv(table.rows(service.compute(session, asked)))
    return Response(content, media_type="text/csv; charset=utf-8", headers=_attached("csv", asked))


@router.get("/exports/catchments/{key}.geojson", response_class=Response, responses=GEOJSON_ANSWER)
def export_stored_geojson(session: InSession, key: InKey, run: Run = None) -> Response:
    """A kept catchment as it was computed, as a file."""
    kept = stored.get_catchment(session, key, run)
    return answer(kept, headers=_attachment(f"bereik_{key}.geojson"))


@router.get("/exports/catchments/{key}.csv", response_class=Response, responses=CSV_ANSWER)
def export_stored_csv(session: InSession, key: InKey, run: Run = None) -> Response:
    """What a kept catchment held when it was computed, as a table."""
    content = table.to_csv(table.rows_of_run(stored.get_catchment(session, key, run)))
    return Response(content, media_type="text/csv; charset=utf-8", headers=_attachment(f"bereik_{key}.csv"))


def _attached(kind: str, asked: Asked) -> dict[str, str]:
    where = asked.shop_unit or asked.parcel or "punt"
    return _attachment(f"bereik_{asked.mode}_{where}.{kind}")


def _attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


@router.get("/street-segments/near", response_class=Response, responses=GEOJSON_ANSWER)
def get_nearest_street(
    session: InSession,
    lon: Annotated[float, Query(ge=-180, le=180, description="Longitude of the place.")],
    lat: Annotated[float, Query(ge=-90, le=90, description="Latitude of the place.")],
    mode: Annotated[Mode, Query(description="For whom it is asked.")] = "car",
) -> Response:
    """The street segment nearest to a place, with the segments of the same street, to close or open it."""
    return answer(streets.nearest(session, lon, lat, mode))


@router.get("/street-segments", response_class=Response, responses=GEOJSON_ANSWER)
def list_streets(
    session: InSession,
    ids: Annotated[str, Query(max_length=8000, description="Keys by comma.", examples=["12,15"])],
    mode: Annotated[Mode, Query(description="For whom it is asked.")] = "car",
) -> Response:
    """Street segments by key."""
    return answer(streets.listed(session, read_keys(ids, "ids"), mode))


@router.get("/catchments", response_model=StoredList)
def list_catchments(session: InSession, municipality: InMunicipality) -> dict[str, Any]:
    """Catchments that are kept, newest first, each with whether streets, data or code changed since."""
    return stored.list_catchments(session, municipality)


@router.post(
    "/catchments", dependencies=OURS_ONLY, status_code=201, response_class=Response, responses=GEOJSON_MADE
)
def add_catchment(session: InSession, given: CatchmentIn) -> Response:
    """Compute a catchment and keep it under a name."""
    return answer(stored.add_catchment(session, given.model_dump()), status=201)


@router.get("/catchments/{key}", response_class=Response, responses=GEOJSON_ANSWER)
def get_stored_catchment(session: InSession, key: InKey, run: Run = None) -> Response:
    """A kept catchment as it was computed last, or in one of its runs."""
    return answer(stored.get_catchment(session, key, run))


@router.post(
    "/catchments/{key}/runs",
    dependencies=OURS_ONLY,
    status_code=201,
    response_class=Response,
    responses=GEOJSON_MADE,
)
def run_catchment(session: InSession, key: InKey) -> Response:
    """Compute a kept catchment again with the streets and data of now; earlier runs stay."""
    return answer(stored.run_again(session, key), status=201)


@router.patch("/catchments/{key}", dependencies=OURS_ONLY, response_class=Response, responses=GEOJSON_ANSWER)
def rename_catchment(session: InSession, key: InKey, given: NameIn) -> Response:
    """Give a kept catchment another name."""
    return answer(stored.rename(session, key, given.name))


@router.delete("/catchments/{key}", dependencies=OURS_ONLY, status_code=204, response_class=Response)
def remove_catchment(session: InSession, key: InKey) -> None:
    """Put a kept catchment away; it can be taken back."""
    stored.remove(session, key)


@router.post(
    "/catchments/{key}/restore", dependencies=OURS_ONLY, response_class=Response, responses=GEOJSON_ANSWER
)
def restore_catchment(session: InSession, key: InKey) -> Response:
    """Take back a catchment that was put away."""
    return answer(stored.restore(session, key))


@router.get("/catchments/{key}/difference", response_class=Response, responses=GEOJSON_ANSWER)
def compare_catchments(
    session: InSession,
    key: InKey,
    other: Annotated[int, Query(ge=0, le=LARGEST_KEY, description="Key of the other, or of itself.")],
    run: Run = None,
    other_run: Run = None,
) -> Response:
    """What two kept catchments, or two runs of one, hold more and less, and the ground only one of them has."""
    return answer(comparing.difference(session, key, other, run=run, other_run=other_run))
