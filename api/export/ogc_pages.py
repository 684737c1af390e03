"""Pages for people of what the OGC API answers: plain, readable, without a script."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from api.dependencies import Language

WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "about": "Kaartlagen en resultaten van Kernkaart, volgens de standaard OGC API Features.",
        "collections": "Verzamelingen",
        "links": "Verder naar",
        "matched": "rijen in totaal, op deze bladzijde",
        "next": "Volgende bladzijde",
        "none": "Hier is niets.",
        "home": "Begin",
    },
    "fr": {
        "about": "Couches et résultats de Kernkaart, selon la norme OGC API Features.",
        "collections": "Collections",
        "links": "Aller vers",
        "matched": "lignes au total, sur cette page",
        "next": "Page suivante",
        "none": "Il n'y a rien ici.",
        "home": "Début",
    },
    "en": {
        "about": "Layers and results of Kernkaart, by the standard OGC API Features.",
        "collections": "Collections",
        "links": "Go on to",
        "matched": "rows in all, on this page",
        "next": "Next page",
        "none": "There is nothing here.",
        "home": "Start",
    },
}
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:0 auto;padding:1.5rem;color:#1c2733;background:#fff}"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}a{color:#0b5c6b}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #dbe2e8;overflow-wrap:anywhere}thead th{white-space:nowrap}.rows td,.rows th{white-space:nowrap}"
    "th{font-weight:600}.wide{overflow-x:auto}pre{white-space:pre-wrap}"
)


def page(title: str, body: Mapping[str, Any], language: Language) -> str:
    """A page of any answer: what it says in a table, where it leads to below."""
    told = {name: value for name, value in body.items() if name not in {"links", "title", "collections"}}
    rows = "".join(
        f"<tr><th scope=row>{escape(name)}</th><td>{_value(value)}</td></tr>" for name, value in told.items()
    )
    parts = [f"<div class=wide tabindex=0><table>{rows}</table></div>" if rows else ""]
    parts += [_collection(about) for about in body.get("collections", ())]
    return _framed(title, "".join(parts) + _links(body.get("links", ()), language), language)


def items_page(title: str, body: Mapping[str, Any], language: Language) -> str:
    """A page of items as a table, with the way to the next."""
    words, found = WORDS[language], body["features"]
    count = f"<p>{body['numberMatched']} {words['matched']} {body['numberReturned']}.</p>"
    after = [link for link in body["links"] if link["rel"] == "next"]
    onward = f'<p><a rel=next href="{escape(after[0]["href"])}">{words["next"]}</a></p>' if after else ""
    if not found:
        return _framed(title, f"{count}<p>{words['none']}</p>{_links(body['links'], language)}", language)
    names = list(found[0]["properties"])
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in ("id", *names))
    rows = "".join(
        f"<tr><th scope=row>{each['id']}</th>{_cells(each['properties'], names)}</tr>" for each in found
    )
    table = f"<div class=wide tabindex=0><table class=rows><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    return _framed(title, count + onward + table + onward + _links(body["links"], language), language)


def _cells(properties: Mapping[str, Any], names: Sequence[str]) -> str:
    return "".join(f"<td>{_value(properties.get(name))}</td>" for name in names)


def _collection(about: Mapping[str, Any]) -> str:
    own = next(link["href"] for link in about["links"] if link["rel"] == "self")
    name = escape(str(about["title"]))
    return f'<h2><a href="{escape(own)}">{name}</a></h2><p>{escape(str(about["description"]))}</p>'


def _links(links: Sequence[Mapping[str, str]], language: Language) -> str:
    listed = "".join(
        f'<li><a href="{escape(link["href"])}">{escape(link["title"])}</a> ({escape(link["type"])})</li>'
        for link in links
        if "{" not in link["href"]
    )
    return f"<h2>{WORDS[language]['links']}</h2><ul>{listed}</ul>" if listed else ""


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "<br>".join(f"{escape(str(name))}: {_value(each)}" for name, each in value.items())
    if isinstance(value, list):
        return "<br>".join(_value(each) for each in value)
    return escape(f"{value:.6g}" if isinstance(value, float) else str(value))


def _framed(title: str, body: str, language: Language) -> str:
    name = escape(title)
    home = WORDS[language]["home"]
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{name} - Kernkaart</title><style>{STYLE}</style></head><body>'
        f'<nav aria-label="Kernkaart"><a href="/api/ogc?f=html&amp;lang={language}">{home}</a></nav>'
        f"<main><h1>{name}</h1>{body}</main></body></html>"
    )
