"""Routes about sensors and counts."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from api.dependencies import InKey, InMunicipality, InSession, stamp
from api.footfall import service
from api.room import Room

router = Room(prefix="/api", tags=["footfall"])


@router.get("/sensors")
def list_sensors(
    municipality: InMunicipality, session: InSession, request: Request, response: Response
) -> dict[str, Any]:
    """Footfall sensors with their mean passages per day, 10 to 18 h, and its 80 % interval."""
    stamp(request, response, session, municipality)
    return {"items": service.list_sensors(session, municipality)}


@router.get("/sensors/{sensor_id}")
def get_sensor(sensor_id: InKey, session: InSession, request: Request, response: Response) -> dict[str, Any]:
    """One sensor."""
    sensor = service.get_sensor(session, sensor_id)
    stamp(request, response, session, sensor["nis_code"])
    return sensor


@router.get("/sensors/{sensor_id}/series")
def get_series(
    sensor_id: InKey,
    session: InSession,
    request: Request,
    response: Response,
    interval: Annotated[service.Interval, Query(description="Local hours, days, weeks or months.")] = "day",
    mode: Annotated[
        Literal["ped", "bike", "auto", "truck", "all"] | None, Query(description="Who passes.")
    ] = None,
    from_: Annotated[datetime | None, Query(alias="from", description="First instant.")] = None,
    to: Annotated[datetime | None, Query(description="Instant after the last.")] = None,
) -> dict[str, Any]:
    """The series of a sensor with coverage and flagged share, and its usual week."""
    sensor = service.get_sensor(session, sensor_id)
    stamp(request, response, session, sensor["nis_code"])
    return service.get_series(session, sensor_id, interval=interval, mode=mode, from_at=from_, to_at=to)
