"""OGC API Features: /api/ogc."""

from typing import Any

import orjson
from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from api.dependencies import InLanguage, InSession, Language
from api.export import ogc, ogc_pages, ogc_tiles
from api.export.ogc_asking import PLAIN, OgcRoute, only, wants_html
from api.export.ogc_links import (
    GEOJSON,
    HTML,
    JSON,
    NOT_UNDERSTOOD,
    SCHEMA,
    STYLE,
    InCollection,
    answers,
    both,
    documented,
    link,
    root_of,
)
from api.room import Room

router = Room(prefix="/api/ogc", tags=["ogc"], route_class=OgcRoute)


def _answer(
    request: Request, body: dict[str, Any], language: Language, *, kind: str = JSON, title: str = ""
) -> Response:
    if wants_html(request):
        return HTMLResponse(ogc_pages.page(title or str(body.get("title", "OGC API")), body, language))
    return Response(orjson.dumps(body, default=str), media_type=kind)


@router.get("", response_class=Response, responses=answers(JSON), openapi_extra=documented("f"))
def get_landing(request: Request, language: InLanguage) -> Response:
    """Where everything begins (/req/core/root-op)."""
    only(request, PLAIN)
    root, base = root_of(request), str(request.base_url).rstrip("/")
    links = [
        *both(request, ""),
        link(f"{base}/api/openapi.json", "service-desc", "application/vnd.oai.openapi+json;version=3.1", "The API, for machines"),
        link(f"{base}/api/docs", "service-doc", HTML, "The API, for people"),
        link(f"{root}/conformance", "conformance", JSON, "What it conforms to"),
        link(f"{root}/collections", "data", JSON, "Collections"),
        link(f"{base}/api/dcat", "describedby", "application/ld+json", "DCAT-AP"),
    ]  # fmt: skip
    about = {"title": "Kernkaart", "description": ogc_pages.WORDS[language]["about"], "links": links}
    return _answer(request, about, language)


@router.get("/conformance", response_class=Response, responses=answers(JSON), openapi_extra=documented("f"))
def get_conformance(request: Request, language: InLanguage) -> Response:
    """Requirements that are met (/req/core/conformance-op)."""
    only(request, PLAIN)
    body = {"links": both(request, "/conformance"), "conformsTo": list(ogc.CONFORMS)}
    return _answer(request, body, language, title="Conformance")


@router.get("/collections", response_class=Response, responses=answers(JSON), openapi_extra=documented("f"))
def list_collections(request: Request, language: InLanguage, session: InSession) -> Response:
    """Every collection (/req/core/fc-md-op)."""
    only(request, PLAIN)
    found = [_linked(request, about) for about in ogc.collections(session, language)]
    body = {"links": both(request, "/collections"), "crs": list(ogc.CRS_NAMES), "collections": found}
    return _answer(request, body, language, title=ogc_pages.WORDS[language]["collections"])


def _linked(request: Request, about: dict[str, Any]) -> dict[str, Any]:
    """A collection with the links to all that hangs on it."""
    address, name = f"{root_of(request)}/collections/{about['id']}", about["id"]
    tiles = f"{str(request.base_url).rstrip('/')}/api/ogc/collections/{name}/tiles/WebMercatorQuad"
    links = [
        link(address, "self", JSON, about["title"]),
        link(f"{address}/items?f=json", "items", GEOJSON, "Items as GeoJSON"),
        link(f"{address}/items?f=html", "items", HTML, "Items as a page"),
        link(f"{address}/queryables", "http://www.opengis.net/def/rel/ogc/1.0/queryables", SCHEMA, "Queryables"),
        link(f"{tiles}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", "item", "application/vnd.mapbox-vector-tile", "Vector tiles"),
        link(f"{address}/style", "stylesheet", "application/vnd.mapbox.style+json", "Style"),
    ]  # fmt: skip
    return {**about, "links": links}


@router.get(
    "/collections/{collection}",
    response_class=Response,
    responses=answers(JSON),
    openapi_extra=documented("f"),
)
def get_collection(
    request: Request, collection: InCollection, language: InLanguage, session: InSession
) -> Response:
    """One collection (/req/core/sfc-md-op)."""
    only(request, PLAIN)
    about = ogc.described(session, ogc.collection_of(collection), language)
    return _answer(request, _linked(request, about), language)


@router.get(
    "/collections/{collection}/queryables",
    response_class=Response,
    responses=answers(SCHEMA),
    openapi_extra=documented("f"),
)
def get_queryables(
    request: Request, collection: InCollection, language: InLanguage, session: InSession
) -> Response:
    """What may be asked of the items, as a JSON Schema (/req/queryables/get-queryables-response)."""
    only(request, PLAIN)
    body = ogc.queryables(session, ogc.collection_of(collection), language)
    address = f"{root_of(request)}/collections/{collection}/queryables"
    return _answer(request, {"$id": address, **body}, language, kind=SCHEMA)


@router.get(
    "/collections/{collection}/style",
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
