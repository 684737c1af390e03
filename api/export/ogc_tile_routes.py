"""Vector tiles and styles of the collections, beside the OGC API."""

from typing import Annotated, Any

import orjson
from fastapi import Path, Request, Response

from api.dependencies import InLanguage, InSession
from api.export import ogc, ogc_tiles
from api.export.ogc_asking import PLAIN, OgcRoute, only
from api.export.ogc_routes import NOT_UNDERSTOOD, InCollection
from api.room import Room

router = Room(prefix="/api/ogc/collections", tags=["ogc"], route_class=OgcRoute)
MVT, STYLE = "application/vnd.mapbox-vector-tile", "application/vnd.mapbox.style+json"
TILE: dict[int | str, dict[str, Any]] = {
    **NOT_UNDERSTOOD,
    200: {"content": {MVT: {}}},
    204: {"description": "Nothing here."},
}
Z = Path(ge=0, le=ogc_tiles.LARGEST_ZOOM, description="Zoom.")
Y = Path(ge=0, le=2**22, description="Row, from the north.")
X = Path(ge=0, le=2**22, description="Column, from the west.")


@router.get("/{collection}/tiles/WebMercatorQuad/{z}/{y}/{x}", response_class=Response, responses=TILE)
def get_collection_tile(
    request: Request,
    collection: InCollection,
    z: Annotated[int, Z],
    y: Annotated[int, Y],
    x: Annotated[int, X],
    *,
    session: InSession,
) -> Response:
    """One vector tile of a collection, by row and column as OGC API Tiles has it."""
    only(request, PLAIN)
    layer = ogc.collection_of(collection)
    headers = {"Cache-Control": "private, no-cache"}
    if z < layer.min_zoom or max(x, y) >= 2**z:
        return Response(status_code=204, headers=headers)
    found = ogc_tiles.tile(session, layer, z, x, y)
    return (
        Response(found, media_type=MVT, headers=headers)
        if found
        else Response(status_code=204, headers=headers)
    )


@router.get(
    "/{collection}/style",
    response_class=Response,
    responses={**NOT_UNDERSTOOD, 200: {"content": {STYLE: {}}}},
)
def get_style(
    request: Request, collection: InCollection, language: InLanguage, session: InSession
) -> Response:
    """A style with the tiles of a collection, for MapLibre and for QGIS."""
    only(request, PLAIN)
    layer = ogc.collection_of(collection)
    about = ogc.described(session, layer, language)
    base = str(request.base_url).rstrip("/")
    address = f"{base}/api/ogc/collections/{collection}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}"
    body = ogc_tiles.style(layer, address, language, about.get("attribution", ""))
    return Response(orjson.dumps(body), media_type=STYLE)
