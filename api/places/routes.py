"""Routes about places."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response

from api import __version__
from api.dependencies import NIS, InBox, InKey, InLanguage, InMunicipality, InNisPath, InSession, stamp
from api.geojson import GEOJSON, answer
from api.places import schemas, search, service
from api.places.filters import Sort, UnitFilter, get_unit_filter
from api.room import Room

router = Room(prefix="/api", tags=["places"])

Filter = Annotated[UnitFilter, Depends(get_unit_filter)]
Limit = Annotated[int, Query(ge=1, le=500, description="Rows on one page.")]
Cursor = Annotated[str | None, Query(max_length=2000, description="Taken from `next`.")]
FEATURES: dict[int | str, dict[str, Any]] = {200: {"content": {GEOJSON: {}}}}


@router.get("/about")
def get_about(session: InSession) -> dict[str, Any]:
    """What this deployment is, and whose data it shows."""
    return service.about(session, __version__)


@router.get("/municipalities", response_model=schemas.MunicipalityList)
def list_municipalities(session: InSession, request: Request, response: Response) -> dict[str, Any]:
    """Municipalities with counts of what is known of them."""
    stamp(request, response, session)
    return {"items": service.list_municipalities(session)}


@router.get("/municipalities/{nis_code}", response_model=schemas.MunicipalityDetail)
def get_municipality(
    nis_code: InNisPath, session: InSession, request: Request, response: Response
) -> dict[str, Any]:
    """One municipality with its cores."""
    stamp(request, response, session, nis_code)
    return service.get_municipality(session, nis_code)


@router.get("/municipalities/{nis_code}/areas.geojson", response_class=Response, responses=FEATURES)
def list_areas(nis_code: InNisPath, session: InSession, request: Request, response: Response) -> Response:
    """Border, cores and neighbourhoods as GeoJSON."""
    stamp(request, response, session, nis_code)
    return answer(service.list_areas(session, nis_code), headers=response.headers)


@router.get("/places/search", response_model=schemas.FoundPlaces)
def search_places(
    session: InSession,
    municipality: InMunicipality,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=120,
            pattern=r"^[^\x00]*$",
            description="What people call it.",
            examples=["markt 12"],
        ),
    ],
    limit: Annotated[int, Query(ge=1, le=50, description="How many at most.")] = 8,
) -> dict[str, Any]:
    """Addresses, streets, parcels and public places by name."""
    return search.find_places(session, municipality, q, limit)


@router.get("/code-lists/{scheme}", response_model=schemas.CodeListAnswer)
def get_code_list(
    scheme: Annotated[
        str, Path(pattern=r"^[a-z_]{1,40}$", description="Name of the list.", examples=["branch_group"])
    ],
    session: InSession,
) -> dict[str, Any]:
    """A code list with labels in Dutch, French and English."""
    return service.get_code_list(session, scheme)


@router.get("/shop-units", response_model=schemas.ShopUnitPage)
def list_shop_units(
    wanted: Filter,
    session: InSession,
    request: Request,
    response: Response,
    sort: Annotated[Sort, Query(description="A minus sorts downwards; unknown values come last.")] = "-score",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Shop units that meet the filter, page by page."""
    stamp(request, response, session, wanted.municipality)
    return service.list_units(
        session,
        wanted,
        sort=sort,
        limit=limit,
        cursor=cursor,
        path=request.url.path,
        query=dict(request.query_params),
    )


@router.get("/shop-units/{unit_id}", response_model=schemas.ShopUnitDetail)
def get_shop_unit(
    unit_id: InKey, session: InSession, language: InLanguage, request: Request, response: Response
) -> dict[str, Any]:
    """One shop unit with its history, its score and where every figure came from."""
    detail = service.get_unit(session, unit_id, language)
    stamp(request, response, session, detail["nis_code"])
    return detail


@router.get("/parcels", response_class=Response, responses=FEATURES)
def list_parcels(
    municipality: Annotated[str, NIS],
    box: InBox,
    session: InSession,
    request: Request,
    response: Response,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Parcels as GeoJSON, page by page."""
    stamp(request, response, session, municipality)
    body = service.list_parcels(
        session,
        municipality,
        box,
        limit=limit,
        cursor=cursor,
        path=request.url.path,
        query=dict(request.query_params),
    )
    return answer(body, headers=response.headers)


@router.get("/parcels/at", response_class=Response, responses=FEATURES)
def get_parcel_at(
    session: InSession,
    lon: Annotated[float, Query(ge=-180, le=180, description="Longitude of the place.")],
    lat: Annotated[float, Query(ge=-90, le=90, description="Latitude of the place.")],
) -> Response:
    """The parcel on which a place lies."""
    return answer(service.get_parcel_at(session, lon, lat))


@router.get("/parcels/{parcel_id}", response_class=Response, responses=FEATURES)
def get_parcel(parcel_id: InKey, session: InSession, request: Request, response: Response) -> Response:
    """One parcel as GeoJSON, with the shop units on it."""
    parcel = service.get_parcel(session, parcel_id)
    stamp(request, response, session, parcel["properties"]["nis_code"])
    return answer(parcel, headers=response.headers)
