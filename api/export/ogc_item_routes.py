"""Items and vector tiles of the OGC API: asked together with the right to take them along."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

import orjson
from fastapi import Path, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from api.access import take_at_once
from api.db.at_once import Ask
from api.dependencies import InKey, InLanguage, stamp_with
from api.export import ogc, ogc_items, ogc_pages, ogc_tiles
from api.export.catalogue import Layer
from api.export.columns import are_at_hand, columns_at_hand
from api.export.ogc_asking import OF_ITEM, PLAIN, OgcRoute, only, question_of, wants_html
from api.export.ogc_links import (
    ASKED,
    GEOJSON,
    HTML,
    JSON,
    NOT_UNDERSTOOD,
    InCollection,
    answers,
    both,
    documented,
    link,
    root_of,
    with_query,
)
from api.room import Room
from api.tile_store import MVT, answer, tile_of

router = Room(prefix="/api/ogc/collections", tags=["ogc"], route_class=OgcRoute)
TILE: dict[int | str, dict[str, Any]] = {
    **NOT_UNDERSTOOD,
    200: {"content": {MVT: {}}},
    204: {"description": "Nothing here."},
}
# Of a page for people: one of thousands takes long to write, while others wait, and nobody reads it.
MOST_ON_A_PAGE = 500
Z = Path(ge=0, le=ogc_tiles.LARGEST_ZOOM, description="Zoom.")
Y = Path(ge=0, le=2**22, description="Row, from the north.")
X = Path(ge=0, le=2**22, description="Column, from the west.")


async def _layer_of(collection: str) -> Layer:
    """The layer of a collection, with its columns at hand: the first time they are asked of the database, in a thread."""
    layer = ogc.collection_of(collection)
    if not are_at_hand(layer):
        await run_in_threadpool(columns_at_hand, layer)
    return layer


def _taking(request: Request, layer: Layer) -> Ask:
    return partial(take_at_once, request, layer.subject)


@router.get(
    "/{collection}/items",
    response_class=Response,
    responses=answers(GEOJSON),
    openapi_extra=documented(*ASKED),
)
async def list_items(request: Request, collection: InCollection, language: InLanguage) -> Response:
    """A page of items; every queryable may stand as a parameter of its own (/req/core/fc-op)."""
    layer = await _layer_of(collection)
    question = question_of(request, columns_at_hand(layer))
    if wants_html(request):
        question = replace(question, limit=min(question.limit, MOST_ON_A_PAGE))
    page = await ogc_items.items(_taking(request, layer), layer, question)
    path = f"/collections/{collection}/items"
    links = both(request, path, GEOJSON)
    links.append(
        link(f"{root_of(request)}/collections/{collection}", "collection", JSON, layer.titles[language])
    )
    if page.cursor:
        query = dict(request.query_params) | {"cursor": page.cursor}
        links.append(
            link(
                with_query(f"{root_of(request)}{path}", query),
                "next",
                HTML if wants_html(request) else GEOJSON,
                "Next page",
            )
        )
    body = ogc_items.as_collection(page, links, datetime.now(UTC))
    if wants_html(request):
        return HTMLResponse(ogc_pages.items_page(layer.titles[language], orjson.loads(body), language))
    return Response(body, media_type=GEOJSON, headers={"Content-Crs": f"<{question.crs}>"})


@router.get(
    "/{collection}/items/{item}",
    response_class=Response,
    responses=answers(GEOJSON),
    openapi_extra=documented("f", "crs"),
)
async def get_item(
    request: Request,
    collection: InCollection,
    item: InKey,
    language: InLanguage,
) -> Response:
    """One item (/req/core/f-op)."""
    only(request, OF_ITEM)
    layer, question = await _layer_of(collection), question_of(request, ())
    links = [
        *both(request, f"/collections/{collection}/items/{item}", GEOJSON),
        link(f"{root_of(request)}/collections/{collection}", "collection", JSON, layer.titles[language]),
    ]
    found = await ogc_items.item(_taking(request, layer), layer, item, question)
    body = found.removesuffix(b"}") + b',"links":' + orjson.dumps(links) + b"}"
    if wants_html(request):
        return HTMLResponse(ogc_pages.page(f"{layer.titles[language]} {item}", orjson.loads(body), language))
    return Response(body, media_type=GEOJSON, headers={"Content-Crs": f"<{question.crs}>"})


@router.get("/{collection}/tiles/WebMercatorQuad/{z}/{y}/{x}", response_class=Response, responses=TILE)
async def get_collection_tile(
    request: Request,
    collection: InCollection,
    z: Annotated[int, Z],
    y: Annotated[int, Y],
    x: Annotated[int, X],
    *,
    response: Response,
) -> Response:
    """One vector tile of a collection, by row and column as OGC API Tiles has it."""
    only(request, PLAIN)
    layer = await _layer_of(collection)
    headers = {"Cache-Control": "private, no-cache"}
    if z < layer.min_zoom or max(x, y) >= 2**z:
        return Response(status_code=204, headers=headers)
    take, made = _taking(request, layer), ogc_tiles.tile(layer, z, x, y)
    if layer.is_table:
        tile = await tile_of(
            take,
            ("ogc", layer.name, z, x, y),
            ogc_items.VERSION,
            made,
            check=lambda known: stamp_with(request, response, "-".join(map(str, known))),
            is_known="if-none-match" in request.headers,
        )
        return answer(request, tile, response.headers)
    [[[found]]] = await take(made)
    if not found:
        return Response(status_code=204, headers=headers)
    return Response(bytes(found), media_type=MVT, headers=headers)
