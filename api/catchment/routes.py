"""Routes about catchments."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from api.catchment import service
from api.catchment.asked import (
    DEFAULT_MINUTES,
    Asked,
    Direction,
    Mode,
    Unit,
    read_barrier,
    read_keys,
    read_numbers,
)
from api.dependencies import LARGEST_KEY, InSession, stamp
from api.errors import Malformed
from api.geojson import GEOJSON, answer

router = APIRouter(prefix="/api", tags=["catchment"])

GEOJSON_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {GEOJSON: {}}}}
Listed = Annotated[str | None, Query(max_length=8000, examples=["12,15"])]


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
        list[str] | None,
        Query(description="A line nobody crosses; may be repeated.", examples=["3.42,50.88;3.43,50.89"]),
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
