"""Routes about the forecast of footfall and what opening hours meet."""

from typing import Annotated, Any

from fastapi import Depends, Query, Response

from api.dependencies import LARGEST_KEY, InKey, InMunicipality, InSession, refuse_other_sites
from api.forecast import files, hit_rate, opening, service
from api.forecast.schemas import HolidayCountriesIn
from api.room import Room

router = Room(prefix="/api/forecast", tags=["forecast"])
# Issues do not change the data, so no version of the data tells that there is a new one.
FRESH = {"Cache-Control": "no-store"}
IS_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
IS_XLSX: dict[int | str, dict[str, Any]] = {200: {"content": {files.XLSX: {}}}}
SensorQuery = Annotated[int | None, Query(ge=0, le=LARGEST_KEY, description="One sensor; all when left out.")]
Hour = Annotated[int, Query(ge=0, le=23, description="Hour of opening on the clock on the wall.")]
EndHour = Annotated[int, Query(ge=1, le=24, description="Hour of closing.")]
Weekdays = Annotated[
    str,
    Query(max_length=20, pattern=r"^[1-7,]*$", description="Open days, 1 Monday to 7, with commas between."),
]


@router.get("")
def get_overview(municipality: InMunicipality, session: InSession, response: Response) -> dict[str, Any]:
    """The latest issue, and every sensor with its first day or why it has no forecast."""
    response.headers.update(FRESH)
    return service.get_overview(session, municipality)


@router.get("/sensors/{sensor_id}")
def get_forecast(sensor_id: InKey, session: InSession, response: Response) -> dict[str, Any]:
    """A fortnight of one sensor by day and hour, with bands of 50, 80 and 95 %, what makes days special, and weather."""
    response.headers.update(FRESH)
    return service.get_forecast(session, sensor_id)


@router.get("/hit-rate")
def get_hit_rate(
    municipality: InMunicipality,
    session: InSession,
    response: Response,
    sensor: SensorQuery = None,
    weeks: Annotated[int, Query(ge=1, le=52, description="Weeks to look back.")] = hit_rate.WEEKS,
) -> dict[str, Any]:
    """Past forecasts held against what came: how often bands held, what was missed, by distance and per sensor."""
    response.headers.update(FRESH)
    return hit_rate.get_hit_rate(session, municipality, sensor, weeks=weeks)


@router.put("/holiday-countries", dependencies=[Depends(refuse_other_sites)])
def set_holiday_countries(
    municipality: InMunicipality, session: InSession, given: HolidayCountriesIn
) -> dict[str, Any]:
    """Say over which borders holidays bring visitors; the next refresh forecasts with it."""
    countries = None if given.countries is None else [str(country) for country in given.countries]
    return service.set_holiday_countries(session, municipality, countries)


@router.get("/sensors/{sensor_id}/opening-hours")
def get_opening_hours(
    sensor_id: InKey,
    session: InSession,
    response: Response,
    opens: Hour = 10,
    closes: EndHour = 18,
    weekdays: Weekdays = "1,2,3,4,5,6",
    sunday_opens: Hour = 13,
    sunday_closes: EndHour = 18,
) -> dict[str, Any]:
    """Passages inside and outside opening hours by weekday, the hours next to them, and an open Sunday."""
    response.headers.update(FRESH)
    return opening.get_opening_hours(
        session,
        sensor_id,
        opens=opens,
        closes=closes,
        weekdays=weekdays,
        sunday=(sunday_opens, sunday_closes),
    )


@router.get("/forecast.csv", response_class=Response, responses=IS_CSV)
def export_csv(municipality: InMunicipality, session: InSession) -> Response:
    """Every hour of every sensor with its bands."""
    return files.hours_csv(session, municipality)


@router.get("/forecast.xlsx", response_class=Response, responses=IS_XLSX)
def export_xlsx(municipality: InMunicipality, session: InSession) -> Response:
    """Days, hours, and what became of earlier forecasts."""
    return files.workbook(session, municipality)


@router.get("/hit-rate.csv", response_class=Response, responses=IS_CSV)
def export_hit_rate(municipality: InMunicipality, session: InSession) -> Response:
    """What became of the forecasts of the last weeks."""
    return files.hit_csv(session, municipality)


@router.get("/sensors/{sensor_id}/opening-hours.csv", response_class=Response, responses=IS_CSV)
def export_opening_hours(
    sensor_id: InKey,
    session: InSession,
    opens: Hour = 10,
    closes: EndHour = 18,
    weekdays: Weekdays = "1,2,3,4,5,6",
    sunday_opens: Hour = 13,
    sunday_closes: EndHour = 18,
) -> Response:
    """Passages inside and outside opening hours, a weekday each."""
    told = opening.get_opening_hours(
        session,
        sensor_id,
        opens=opens,
        closes=closes,
        weekdays=weekdays,
        sunday=(sunday_opens, sunday_closes),
    )
    return files.opening_csv(session, told)
