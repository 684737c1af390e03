"""Routes that give files."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Path
from fastapi.responses import Response, StreamingResponse

from api.dependencies import InMunicipality, InSession
from api.export import service
from api.geojson import GEOJSON
from api.places.filters import UnitFilter, get_unit_filter
from api.room import Room

router = Room(prefix="/api/exports", tags=["export"])

Filter = Annotated[UnitFilter, Depends(get_unit_filter)]
GEOJSON_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {GEOJSON: {}}}}
CSV_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}}


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


@router.get("/shop-units.geojson", response_class=Response, responses=GEOJSON_FILE)
def export_units_geojson(wanted: Filter, session: InSession) -> StreamingResponse:
    """Exactly the shop units that the filter lets through, as GeoJSON."""
    attribution = service.check(session, "shop-units", wanted.municipality)
    name = service.file_name(session, "shop-units", wanted.municipality, "geojson")
    pieces = service.begun(service.units_geojson(wanted, attribution))
    return StreamingResponse(pieces, media_type=GEOJSON, headers=_attached(name))


@router.get("/shop-units.csv", response_class=Response, responses=CSV_FILE)
def export_units_csv(wanted: Filter, session: InSession) -> StreamingResponse:
    """Exactly the shop units that the filter lets through, for a spreadsheet."""
    service.check(session, "shop-units", wanted.municipality)
    name = service.file_name(session, "shop-units", wanted.municipality, "csv")
    pieces = service.begun(service.units_csv(wanted))
    return StreamingResponse(pieces, media_type="text/csv; charset=utf-8", headers=_attached(name))


@router.get("/{layer}.geojson", response_class=Response, responses=GEOJSON_FILE)
def export_layer(
    layer: Annotated[
        Literal[
            "parcels", "sensors", "parking-zones", "vacancy-clusters", "legal-vacancy", "business-premises"
        ],
        Path(description="What is wanted."),
    ],
    municipality: InMunicipality,
    session: InSession,
) -> StreamingResponse:
    """A whole layer of one municipality as GeoJSON."""
    attribution = service.check(session, layer, municipality)
    name = service.file_name(session, layer, municipality, "geojson")
    pieces = service.begun(service.layer_geojson(layer, municipality, attribution))
    return StreamingResponse(pieces, media_type=GEOJSON, headers=_attached(name))
