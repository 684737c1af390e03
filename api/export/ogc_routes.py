"""OGC API Features: /api/ogc."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

import orjson
from fastapi import Path, Request
from fastapi.responses import HTMLResponse, Response

from api.dependencies import InKey, InLanguage, InSession, Language
from api.errors import described
from api.export import ogc, ogc_pages
from api.export.ogc_asking import OF_ITEM, PLAIN, OgcRoute, only, question_of, wants_html
from api.room import Room

router = Room(prefix="/api/ogc", tags=["ogc"], route_class=OgcRoute)
JSON, GEOJSON, SCHEMA, HTML = (
    "application/json",
    "application/geo+json",
    "application/schema+json",
    "text/html",
)
NOT_UNDERSTOOD = described({400: "A parameter is not known, or its value cannot be read."})
InCollection = Annotated[
    str, Path(pattern=r"^[a-z-]{1,40}$", description="Collection.", examples=["shop-units"])
]


ASKED = {
    "f": "json or html; else by what the browser takes.",
    "limit": "Items on a page, 1 to 10,000.",
    "bbox": "Box, lowest corner first.",
    "bbox-crs": "CRS of that box, by its address.",
    "crs": "CRS of the answer, by its address.",
    "datetime": "Moment or interval.",
    "filter": "Filter in CQL2.",
    "filter-lang": "cql2-text or cql2-json.",
    "filter-crs": "CRS of geometries in the filter.",
    "sortby": "Properties, a minus before one that descends.",
    "cursor": "Where the page begins: follow the link `next`.",
}


def _documented(*names: str) -> dict[str, Any]:
    return {
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": ASKED[name],
                "schema": {"type": "string"},
            }
            for name in names
        ]
    }


def _answers(kind: str) -> dict[int | str, dict[str, Any]]:
    return {**NOT_UNDERSTOOD, 200: {"content": {kind: {}, HTML: {}}}}


def _root(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}/api/ogc"


def _with(address: str, query: Mapping[str, str], **more: str) -> str:
    told = urlencode({**query, **more})
    return f"{address}?{told}" if told else address


def _link(href: str, rel: str, kind: str, title: str) -> dict[str, str]:
    return {"href": href, "rel": rel, "type": kind, "title": title}


def _both(request: Request, path: str, kind: str = JSON) -> list[dict[str, str]]:
    """Links of an answer to itself and to its other form."""
    is_html, address = wants_html(request), f"{_root(request)}{path}"
    query = {name: value for name, value in request.query_params.items() if name != "f"}
    forms = [(kind, "json", "This document as JSON"), (HTML, "html", "This document as a page")]
    return [
        _link(
            _with(address, query, f=form),
            "self" if (form == "html") == is_html else "alternate",
            media,
            title,
        )
        for media, form, title in forms
    ]


def _answer(
    request: Request, body: dict[str, Any], language: Language, *, kind: str = JSON, title: str = ""
) -> Response:
    if wants_html(request):
        return HTMLResponse(ogc_pages.page(title or str(body.get("title", "OGC API")), body, language))
    return Response(orjson.dumps(body, default=str), media_type=kind)


@router.get("", response_class=Response, responses=_answers(JSON), openapi_extra=_documented("f"))
def get_landing(request: Request, language: InLanguage) -> Response:
    """Where everything begins (/req/core/root-op)."""
    only(request, PLAIN)
    root, base = _root(request), str(request.base_url).rstrip("/")
    links = [
        *_both(request, ""),
        _link(f"{base}/api/openapi.json", "service-desc", "application/vnd.oai.openapi+json;version=3.1", "The API, for machines"),
        _link(f"{base}/api/docs", "service-doc", HTML, "The API, for people"),
        _link(f"{root}/conformance", "conformance", JSON, "What it conforms to"),
        _link(f"{root}/collections", "data", JSON, "Collections"),
        _link(f"{base}/api/dcat", "describedby", "application/ld+json", "DCAT-AP"),
    ]  # fmt: skip
    about = {"title": "Kernkaart", "description": ogc_pages.WORDS[language]["about"], "links": links}
    return _answer(request, about, language)


@router.get("/conformance", response_class=Response, responses=_answers(JSON), openapi_extra=_documented("f"))
def get_conformance(request: Request, language: InLanguage) -> Response:
    """Requirements that are met (/req/core/conformance-op)."""
    only(request, PLAIN)
    body = {"links": _both(request, "/conformance"), "conformsTo": list(ogc.CONFORMS)}
    return _answer(request, body, language, title="Conformance")


@router.get("/collections", response_class=Response, responses=_answers(JSON), openapi_extra=_documented("f"))
def list_collections(request: Request, language: InLanguage, session: InSession) -> Response:
    """Every collection (/req/core/fc-md-op)."""
    only(request, PLAIN)
    found = [_linked(request, about) for about in ogc.collections(session, language)]
    body = {"links": _both(request, "/collections"), "crs": list(ogc.CRS_NAMES), "collections": found}
    return _answer(request, body, language, title=ogc_pages.WORDS[language]["collections"])


def _linked(request: Request, about: dict[str, Any]) -> dict[str, Any]:
    """A collection with the links to all that hangs on it."""
    address, name = f"{_root(request)}/collections/{about['id']}", about["id"]
    tiles = f"{str(request.base_url).rstrip('/')}/api/ogc/collections/{name}/tiles/WebMercatorQuad"
    links = [
        _link(address, "self", JSON, about["title"]),
        _link(f"{address}/items?f=json", "items", GEOJSON, "Items as GeoJSON"),
        _link(f"{address}/items?f=html", "items", HTML, "Items as a page"),
        _link(f"{address}/queryables", "http://www.opengis.net/def/rel/ogc/1.0/queryables", SCHEMA, "Queryables"),
        _link(f"{tiles}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", "item", "application/vnd.mapbox-vector-tile", "Vector tiles"),
        _link(f"{address}/style", "stylesheet", "application/vnd.mapbox.style+json", "Style"),
    ]  # fmt: skip
    return {**about, "links": links}


@router.get(
    "/collections/{collection}",
    response_class=Response,
    responses=_answers(JSON),
    openapi_extra=_documented("f"),
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
    responses=_answers(SCHEMA),
    openapi_extra=_documented("f"),
)
def get_queryables(
    request: Request, collection: InCollection, language: InLanguage, session: InSession
) -> Response:
    """What may be asked of the items, as a JSON Schema (/req/queryables/get-queryables-response)."""
    only(request, PLAIN)
    body = ogc.queryables(session, ogc.collection_of(collection), language)
    address = f"{_root(request)}/collections/{collection}/queryables"
    return _answer(request, {"$id": address, **body}, language, kind=SCHEMA)


@router.get(
    "/collections/{collection}/items",
    response_class=Response,
    responses=_answers(GEOJSON),
    openapi_extra=_documented(*ASKED),
)
def list_items(
    request: Request, collection: InCollection, language: InLanguage, session: InSession
) -> Response:
    """A page of items; every queryable may stand as a parameter of its own (/req/core/fc-op)."""
    layer = ogc.collection_of(collection)
    question = question_of(request, ogc.columns_named(session, layer))
    page = ogc.items(session, layer, question)
    path = f"/collections/{collection}/items"
    links = _both(request, path, GEOJSON)
    links.append(
        _link(f"{_root(request)}/collections/{collection}", "collection", JSON, layer.titles[language])
    )
    if page.cursor:
        query = dict(request.query_params) | {"cursor": page.cursor}
        links.append(
            _link(
                _with(f"{_root(request)}{path}", query),
                "next",
                HTML if wants_html(request) else GEOJSON,
                "Next page",
            )
        )
    body = ogc.as_collection(page, links, datetime.now(UTC))
    if wants_html(request):
        return HTMLResponse(ogc_pages.items_page(layer.titles[language], orjson.loads(body), language))
    return Response(body, media_type=GEOJSON, headers={"Content-Crs": f"<{question.crs}>"})


@router.get(
    "/collections/{collection}/items/{item}",
    response_class=Response,
    responses=_answers(GEOJSON),
    openapi_extra=_documented("f", "crs"),
)
def get_item(
    request: Request,
    collection: InCollection,
    item: InKey,
    language: InLanguage,
    session: InSession,
) -> Response:
    """One item (/req/core/f-op)."""
    only(request, OF_ITEM)
    layer, question = ogc.collection_of(collection), question_of(request, ())
    links = [
        *_both(request, f"/collections/{collection}/items/{item}", GEOJSON),
        _link(f"{_root(request)}/collections/{collection}", "collection", JSON, layer.titles[language]),
    ]
    body = (
        ogc.item(session, layer, item, question).removesuffix(b"}")
        + b',"links":'
        + orjson.dumps(links)
        + b"}"
    )
    if wants_html(request):
        return HTMLResponse(ogc_pages.page(f"{layer.titles[language]} {item}", orjson.loads(body), language))
    return Response(body, media_type=GEOJSON, headers={"Content-Crs": f"<{question.crs}>"})
