"""Routes about events."""

from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query, Response

from api.dependencies import InKey, InLanguage, InMunicipality, InSession, refuse_other_sites
from api.errors import PROBLEM, SHAPE
from api.event import files, register, service
from api.event.schemas import EventChange, EventIn, PlaceIn
from api.geojson import GEOJSON, answer
from api.room import Room
from api.vacancy.files import CSV, PDF, XLSX, sent

router = Room(prefix="/api", tags=["event"])
OURS_ONLY = [Depends(refuse_other_sites)]
JSON = "application/json"
MEANWHILE: dict[int | str, dict[str, Any]] = {
    412: {"description": "Somebody changed it since you read it.", "content": {PROBLEM: {"schema": SHAPE}}}
}
InDay = Annotated[
    date | None,
    Query(alias="on", description="First day of the time it was held; default the last one counted."),
]


def _file(kind: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {kind: {}}}}


@router.get("/events")
def list_events(municipality: InMunicipality, session: InSession) -> Response:
    """Events, actions and measures with every time they are held, and what each changed where that was measured."""
    return answer(service.list_events(session, municipality), media_type=JSON)


@router.get("/events/choices")
def get_choices(municipality: InMunicipality, session: InSession) -> Response:
    """Kinds of events with their names, and the streets and cores they may be held in."""
    body = service.get_choices(session, municipality)
    return answer({**body, "kinds": [dict(row) for row in body["kinds"]]}, media_type=JSON)


@router.get("/events.geojson", response_class=Response, responses=_file(GEOJSON))
def export_events(municipality: InMunicipality, session: InSession) -> Response:
    """Events on the map, each with the effect of the last time that was measured."""
    return answer(service.events_geojson(session, municipality))


@router.get("/events.csv", response_class=Response, responses=_file(CSV))
def export_list(municipality: InMunicipality, session: InSession, language: InLanguage) -> Response:
    """Every time of every event with its effect, one a row."""
    return sent(files.list_csv(session, municipality, language))


@router.post("/events", dependencies=OURS_ONLY, status_code=201)
def add_event(municipality: InMunicipality, session: InSession, given: EventIn) -> dict[str, int]:
    """Enter an event, action or measure."""
    return {"id": register.add_event(session, municipality, given.model_dump())}


@router.post("/events/sensors", dependencies=OURS_ONLY)
def preview_sensors(municipality: InMunicipality, session: InSession, given: PlaceIn) -> Response:
    """Which sensors an event in a place would be felt at, and which it could be compared with; nothing is stored."""
    return answer(register.preview(session, municipality, given.model_dump()), media_type=JSON)


@router.get("/events/{event_id}")
def get_event(event_id: InKey, session: InSession) -> Response:
    """One event with its place."""
    return answer(service.get_event(session, event_id), media_type=JSON)


@router.put("/events/{event_id}", dependencies=OURS_ONLY, responses=MEANWHILE)
def change_event(event_id: InKey, session: InSession, given: EventChange) -> dict[str, int]:
    """Write over an event; what was measured of it is measured anew."""
    return {"id": register.change_event(session, event_id, given.model_dump())}


@router.delete("/events/{event_id}", dependencies=OURS_ONLY)
def remove_event(event_id: InKey, session: InSession) -> dict[str, Any]:
    """Take an event out of the register and of all studies; it can be put back."""
    return register.remove_event(session, event_id)


@router.post("/events/{event_id}/restore", dependencies=OURS_ONLY)
def restore_event(event_id: InKey, session: InSession) -> dict[str, Any]:
    """Put a removed event back."""
    return register.restore_event(session, event_id)


@router.get("/events/{event_id}/effect")
def get_effect(event_id: InKey, session: InSession, on: InDay = None) -> Response:
    """
    What an event changed the one time: counted and expected, interval, chance, other days and streets, cost.

    It is measured when it is asked for first, and again when data changed since; then the answer is kept.
    """
    return answer(service.get_effect(session, event_id, on), media_type=JSON)


@router.get("/events/{event_id}/editions")
def list_editions(event_id: InKey, session: InSession) -> Response:
    """Every time of an event and of its namesakes of other years side by side, and what they say together."""
    return answer(service.get_editions(session, event_id), media_type=JSON)


@router.get("/events/{event_id}/effect.csv", response_class=Response, responses=_file(CSV))
def export_days(event_id: InKey, session: InSession, on: InDay = None) -> Response:
    """Counted and expected of every day around an event."""
    return sent(files.effect_csv(session, event_id, on))


@router.get("/events/{event_id}/effect.xlsx", response_class=Response, responses=_file(XLSX))
def export_study(event_id: InKey, session: InSession, on: InDay = None) -> Response:
    """The whole study as a workbook: answer, days, hours, sensors, placebos and all years."""
    return sent(files.effect_xlsx(session, event_id, on))


@router.get("/events/{event_id}/effect.pdf", response_class=Response, responses=_file(PDF))
def get_page(event_id: InKey, session: InSession, language: InLanguage, on: InDay = None) -> Response:
    """One A4 page about what an event changed."""
    return sent(files.effect_pdf(session, event_id, on, language))
