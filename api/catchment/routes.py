"""Routes about catchments."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from api.catchment import service
from api.dependencies import LARGEST_KEY, InSession, stamp
from api.errors import Malformed
from api.geojson import GEOJSON, answer

router = APIRouter(prefix="/api", tags=["catchment"])

# In less time nobody leaves the pavement in front of the door.
MIN_MINUTES = 0.1
MAX_MINUTES = {"walk": 60.0, "bicycle": 60.0, "car": 45.0}


@router.get("/catchment", response_class=Response, responses={200: {"content": {GEOJSON: {}}}})
def get_catchment(
    session: InSession,
    request: Request,
    response: Response,
    shop_unit: Annotated[
        int | None, Query(ge=0, le=LARGEST_KEY, description="Shop unit to start from.")
    ] = None,
    lon: Annotated[float | None, Query(ge=-180, le=180, description="Or a longitude.")] = None,
    lat: Annotated[float | None, Query(ge=-90, le=90, description="And a latitude.")] = None,
    mode: Annotated[Literal["walk", "bicycle", "car"], Query(description="How people travel.")] = "walk",
    minutes: Annotated[
        str, Query(description="Bands in minutes, by comma.", examples=["5,10,15"])
    ] = "5,10,15",
    direction: Annotated[
        Literal["outward", "towards"], Query(description="From the place, or towards it.")
    ] = "towards",
) -> Response:
    """Isochrones of a place with the people, shop units and parking spaces inside, counted on the streets."""
    asked = service.Asked(mode, read_minutes(minutes, mode), direction, shop_unit, lon, lat)
    # What is within reach may lie in any municipality.
    stamp(request, response, session)
    return answer(service.get_catchment(session, asked), headers=response.headers)


def read_minutes(text: str, mode: str) -> tuple[float, ...]:
    """
    Bands in ascending order.

    Raises
    ------
    Malformed
        When they are not 1 to 6 numbers of minutes within the mode's limit.
    """
    try:
        bands = tuple(sorted({float(part) for part in text.split(",") if part.strip()}))
    except ValueError:
        bands = ()
    if not 1 <= len(bands) <= 6 or not MIN_MINUTES <= bands[0] <= bands[-1] <= MAX_MINUTES[mode]:
        raise Malformed(
            f"minutes={text} is not a list of bands.",
            f"Give 1 to 6 numbers of {MIN_MINUTES:g} or more, up to {MAX_MINUTES[mode]:g} by {mode}.",
        )
    return bands
