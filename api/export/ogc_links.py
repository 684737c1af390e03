"""What answers of the OGC API share: kinds of media, links to each other, and how they are documented."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Path, Request

from api.errors import described
from api.export.ogc_asking import wants_html

STYLE = "application/vnd.mapbox.style+json"
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


def documented(*names: str) -> dict[str, Any]:
    """Parameters of a query, for the documentation."""
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


def answers(kind: str) -> dict[int | str, dict[str, Any]]:
    """What a route may answer, for the documentation."""
    return {**NOT_UNDERSTOOD, 200: {"content": {kind: {}, HTML: {}}}}


def root_of(request: Request) -> str:
    """Address of the landing page, as it was asked."""
    return f"{str(request.base_url).rstrip('/')}/api/ogc"


def with_query(address: str, query: Mapping[str, str], **more: str) -> str:
    """An address with its parameters, and more of them."""
    told = urlencode({**query, **more})
    return f"{address}?{told}" if told else address


def link(href: str, rel: str, kind: str, title: str) -> dict[str, str]:
    """A link in an answer."""
    return {"href": href, "rel": rel, "type": kind, "title": title}


def both(request: Request, path: str, kind: str = JSON) -> list[dict[str, str]]:
    """Links of an answer to itself and to its other form."""
    is_html, address = wants_html(request), f"{root_of(request)}{path}"
    query = {name: value for name, value in request.query_params.items() if name != "f"}
    forms = [(kind, "json", "This document as JSON"), (HTML, "html", "This document as a page")]
    return [
        link(
            with_query(address, query, f=form),
            "self" if (form == "html") == is_html else "alternate",
            media,
            title,
        )
        for media, form, title in forms
    ]
