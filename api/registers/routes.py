"""Routes about the registers."""

from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response

from api.dependencies import InKey, InMunicipality, InSession, refuse_other_sites, stamp
from api.geojson import GEOJSON, answer
from api.registers import notions, service
from api.registers.registers import Name
from api.registers.schemas import Notions, ParcelIn, RecordsOfUnit, Settled, Unmatched
from api.room import Room

router = Room(prefix="/api", tags=["vacancy"])

OURS_ONLY = [Depends(refuse_other_sites)]
FEATURES: dict[int | str, dict[str, Any]] = {200: {"content": {GEOJSON: {}}}}
CSV_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}}
On = Annotated[date | None, Query(description="The register as it stood on this day; default today.")]
Register = Annotated[Name, Path(description="Which register.")]


@router.get("/registers/{register}/records", response_class=Response, responses=FEATURES)
def list_register_records(
    register: Register,
    municipality: InMunicipality,
    session: InSession,
    request: Request,
    response: Response,
    on: On = None,
) -> Response:
    """Records on a register on a day as GeoJSON: the legal vacancy register or the inventory of business premises."""
    stamp(request, response, session, municipality)
    return answer(service.list_records(session, register, municipality, on), headers=response.headers)


@router.get("/registers/{register}/records.csv", response_class=Response, responses=CSV_FILE)
def export_register_records(
    register: Register, municipality: InMunicipality, session: InSession, on: On = None
) -> Response:
    """Records on a register on a day, for a spreadsheet."""
    return _attached(*service.records_csv(session, register, municipality, on))


@router.get("/registers/{register}/unmatched", response_model=Unmatched)
def list_unmatched_records(
    register: Register,
    municipality: InMunicipality,
    session: InSession,
    request: Request,
    response: Response,
    on: On = None,
) -> dict[str, Any]:
    """Records without one parcel of today, why, and which parcels it may be; and those settled by hand."""
    stamp(request, response, session, municipality)
    return service.list_unmatched(session, register, municipality, on)


@router.get("/registers/{register}/unmatched.csv", response_class=Response, responses=CSV_FILE)
def export_unmatched_records(
    register: Register, municipality: InMunicipality, session: InSession, on: On = None
) -> Response:
    """Records without one parcel of today, for a spreadsheet."""
    return _attached(*service.unmatched_csv(session, register, municipality, on))


@router.put("/registers/{register}/records/{key}/parcel", dependencies=OURS_ONLY, response_model=Settled)
def assign_parcel(register: Register, key: InKey, session: InSession, given: ParcelIn) -> dict[str, Any]:
    """Give a record the parcel it lies on; the next import of the register keeps it."""
    return service.assign_parcel(session, register, key, given.capakey)


@router.delete("/registers/{register}/records/{key}/parcel", dependencies=OURS_ONLY, response_model=Settled)
def take_parcel_back(register: Register, key: InKey, session: InSession) -> dict[str, Any]:
    """Undo what somebody settled: the record lies again where its file says."""
    return service.take_back(session, register, key)


@router.get("/vacancy-notions", response_model=Notions)
def get_vacancy_notions(
    municipality: InMunicipality, session: InSession, request: Request, response: Response, on: On = None
) -> dict[str, Any]:
    """Three notions of vacancy side by side on a day, and the units on which they agree or not."""
    stamp(request, response, session, municipality)
    return notions.get_notions(session, municipality, on)


@router.get("/shop-units/{unit_id}/registers", response_model=RecordsOfUnit)
def list_registers_of_unit(
    unit_id: InKey, session: InSession, request: Request, response: Response, on: On = None
) -> dict[str, Any]:
    """Records of both registers that lie on the parcel of a shop unit."""
    found = notions.of_unit(session, unit_id, on)
    stamp(request, response, session, found["nis_code"])
    return found


def _attached(name: str, content: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
