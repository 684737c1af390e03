"""A shortlist of units as one HTML file with a map, read without this server and without the internet."""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import folium
from branca.element import Element, MacroElement
from jinja2 import Template
from sqlalchemy.orm import Session

from api.card import around, queries
from api.card.ground import ground, ground_sources
from api.card.paper import labels_in, parking_text, passing_class, passing_text, value_text
from api.card.paper_words import WORDS
from api.card.service import fields_of
from api.card.shortlist_words import SHORTLIST
from api.dependencies import Language
from api.errors import Malformed, NotAnswerable, NotFound
from api.settings import get_settings
from api.vacancy.page_words import day_text

Row = dict[str, Any]
MOST = 60
# Beside the built pages; in a working copy where nothing was built, as the packages brought it.
PLACES = (("offline",), ("..", "node_modules", "leaflet", "dist"))
TOLD = (
    "floor_area_m2",
    "frontage_m",
    "storage_m2",
    "fitout_state",
    "epc_label",
    "rent_eur_per_month",
    "price_eur",
    "lease_type",
)
STYLES = {
    "cores": {"color": "#b9a97d", "weight": 1, "fillColor": "#f3eee2", "fillOpacity": 0.7},
    "streets": {"color": "#bcc5c9", "weight": 4, "fill": False},
    "buildings": {"color": "#c9c2b2", "weight": 0.6, "fillColor": "#e3ded3", "fillOpacity": 1},
}


class _Ground(MacroElement):
    """Streets, cores and buildings of our own, drawn once on a canvas."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{% for layer in this.layers %}L.geoJSON({{ layer.data|tojson }}, {interactive: false, style: "
        "{{ layer.style|tojson }}}).addTo({{ this._parent.get_name() }});{% endfor %}"
        "{% endmacro %}"
    )

    def __init__(self, drawn: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Ground"
        self.layers = [{"data": drawn[name], "style": style} for name, style in STYLES.items()]


class _Places(MacroElement):
    """Numbered markers with a popup; folium's own popup asks for jQuery, which would be one more thing to carry."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "const places = {{ this.items|tojson }};"
        "const signs = places.map(p => L.marker([p.lat, p.lon], {title: p.title, alt: p.title, "
        "icon: L.divIcon({className: 'sign', html: p.number, iconSize: [28, 28]})})"
        ".bindPopup(p.popup, {maxWidth: 300, minWidth: 220}).addTo({{ this._parent.get_name() }}));"
        "document.querySelectorAll('[data-place]').forEach(b => b.addEventListener('click', () => "
        "{ signs[b.dataset.place].openPopup(); }));"
        "{{ this._parent.get_name() }}.fitBounds(L.latLngBounds(places.map(p => [p.lat, p.lon])).pad(0.25), {maxZoom: 17});"
        "{{ this._parent.get_name() }}.attributionControl.setPrefix('Leaflet').addAttribution({{ this.sources|tojson }});"
        "L.control.scale({imperial: false}).addTo({{ this._parent.get_name() }});"
        "{% endmacro %}"
    )

    def __init__(self, items: Sequence[Row], sources: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Places"
        self.items, self.sources = list(items), sources


def shortlist_html(
    session: Session,
    unit_ids: Sequence[int],
    language: Language,
    *,
    title: str | None,
    reasons: Sequence[str],
) -> bytes:
    """
    The file: a list and a map of units in the order they are given, with facts, sources and date.

    Parameters
    ----------
    reasons
        Per unit one line that says why it stands where it stands; fewer than units where there are none.

    Raises
    ------
    Malformed
        When none or too many are asked.
    NotFound
        When one of them is not an active unit.
    NotAnswerable
        When the front end, of which the map takes its code, is not built.
    """
    units = listed_units(session, unit_ids)
    words = SHORTLIST[language]
    cards = queries.cards(session, unit_ids)
    labels = labels_in(session, language)
    rows = [
        _told(session, unit, cards.get(unit["id"]), labels, language, number=number, reason=reason)
        for number, (unit, reason) in enumerate(
            zip(units, [*reasons, *[""] * (len(units) - len(reasons))], strict=True), start=1
        )
    ]
    towns = sorted({unit["nis_code"] for unit in units})
    grounds = "; ".join(ground_sources(session, towns))
    drawn = _map(session, units, rows, grounds)
    made = words["made"].format(day=day_text(datetime.now(UTC).date(), language))
    heading = title or words["title"]
    page = folium.Figure()
    page.add_child(drawn)
    parts = {
        "title": heading,
        "demo": WORDS[language]["demo"] if any(unit["is_demo"] for unit in units) else "",
        "made": made,
        "sources": _sources(units, grounds, language),
    }
    return _as_file(page, parts, rows, language).encode()


def listed_units(session: Session, unit_ids: Sequence[int]) -> list[Row]:
    """
    Active units in the order asked.

    Raises
    ------
    Malformed
        When none or too many are asked.
    NotFound
        When one of them is not an active unit.
    """
    if not 1 <= len(unit_ids) <= MOST:
        raise Malformed(
            f"{len(unit_ids)} units are asked.",
            f"Ask between 1 and {MOST}; choose or filter first.",
            code="shortlist_size",
            most=MOST,
        )
    units = queries.units(session, unit_ids)
    for key in unit_ids:
        if key not in units:
            raise NotFound(
                f"There is no active shop unit {key}.",
                "GET /api/shop-units lists those that are.",
                code="unit_gone",
            )
    return [units[key] for key in dict.fromkeys(unit_ids)]


def _told(
    session: Session,
    unit: Row,
    card: Row | None,
    labels: Any,
    language: Language,
    *,
    number: int,
    reason: str,
) -> Row:
    facts = {one["name"]: one for one in fields_of(session, unit, card, [], is_shared=True)}
    near, words = around.around(session, unit["nis_code"], unit["id"]), WORDS[language]
    rows = [
        (facts[name][f"label_{language}"], value_text(facts[name], language, labels))
        for name in TOLD
        if facts[name]["value"] is not None or name in {"floor_area_m2", "rent_eur_per_month"}
    ]
    footfall = near["footfall"]
    if footfall is not None and footfall["value"] is not None:
        rows.append((words["passage_class"], footfall["passage_class"] or words["unknown"]))
        rows.append((words["passage"], passing_text(footfall, words, language)))
    else:
        rows.append((words["passage"], passing_class(footfall, words)))
    rows.append((words["parking"], parking_text(near["parking"][-1], words, language)))
    state = words["state_unknown" if unit["state"] == "unknown" else unit["state"]]
    cells = "".join(
        f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>" for name, value in rows
    )
    why = f"<p class='why'>{html.escape(reason)}</p>" if reason else ""
    town = " ".join(part for part in (unit["postcode"], unit["place"] or unit[f"name_{language}"]) if part)
    body = f"<p>{html.escape(town)} · {html.escape(state)}</p>{why}<table>{cells}</table>"
    return {
        "number": f"<span aria-hidden='true'>{number}</span>",
        "title": unit["address"],
        "lat": round(unit["lat"], 6),
        "lon": round(unit["lon"], 6),
        "body": body,
        "popup": f"<h3>{number}. {html.escape(unit['address'])}</h3>{body}",
    }


def _map(session: Session, units: Sequence[Row], rows: Sequence[Row], grounds: str) -> folium.Map:
    drawn = folium.Map(
        location=[units[0]["lat"], units[0]["lon"]],
        zoom_start=16,
        tiles=None,
        prefer_canvas=True,
        max_zoom=19,
        height="100%",
    )
    # What folium would fetch from elsewhere is put in by `_as_file`, or is not needed.
    drawn.default_js, drawn.default_css = [], []
    drawn.add_child(_Ground(ground(session, [(unit["lon"], unit["lat"]) for unit in units])))
    drawn.add_child(_Places(rows, html.escape(grounds)))
    return drawn


def _sources(units: Sequence[Row], grounds: str, language: Language) -> str:
    words, told = WORDS[language], SHORTLIST[language]
    by_source: dict[str, Any] = {}
    for unit in units:
        name, seen = unit["dataset"] or words["unknown"], around.seen_on(unit)
        by_source[name] = max(filter(None, (by_source.get(name), seen)), default=None)
    lines = [
        words["source_units"].format(
            source=name, day=words["unknown"] if seen is None else day_text(seen, language)
        )
        for name, seen in by_source.items()
    ]
    return " ".join(
        [*lines, words["source_streets"].format(source=grounds or words["unknown"]), told["foot"]]
    )


def leaflet(name: str) -> str:
    """
    A file of Leaflet as it was published.

    Raises
    ------
    NotAnswerable
        When the front end is not built.
    """
    built: Path = get_settings().frontend
    for place in PLACES:
        file = built.joinpath(*place, name)
        if file.is_file():
            return file.read_text(encoding="utf-8")
    raise NotAnswerable(
        "The map takes its code from the front end, which is not built.",
        "Run: ./kernkaart up",
        code="front_end_missing",
    )


def _as_file(page: folium.Figure, parts: Mapping[str, str], rows: Sequence[Row], language: Language) -> str:
    # Leaflet's own pictures are of buttons and shadows that this map does not show.
    style = re.sub(r"[^{}]*\{[^{}]*url\((?!#)[^)]*\)[^{}]*\}", "", leaflet("leaflet.css"))
    script = re.sub(r"//# sourceMappingURL=.*", "", leaflet("leaflet.js")).replace("</script", "<\\/script")
    header, body = page.header, page.html
    header.add_child(Element(f"<title>{html.escape(parts['title'])} · Kernkaart</title>"), name="title")
    header.add_child(Element(f"<style>{style}{STYLE}</style>"), name="style")
    header.add_child(Element(f"<script>{script}</script>"), name="leaflet")
    listed = "".join(
        f"<li><h2><button type='button' data-place='{place}'><span class='sign'>{place + 1}</span> "
        f"{html.escape(row['title'])}</button></h2>{row['body']}</li>"
        for place, row in enumerate(rows)
    )
    demo = f"<p class='demo'>{html.escape(parts['demo'])}</p>" if parts["demo"] else ""
    body.add_child(
        Element(
            f"<aside><h1>{html.escape(parts['title'])}</h1>{demo}<p>{html.escape(parts['made'])}</p>"
            f"<ol>{listed}</ol><footer>{html.escape(parts['sources'])}</footer></aside>"
        ),
        name="aside",
    )
    # Whoever reads badly must be able to enlarge it.
    made = re.sub(r",\s*maximum-scale=1\.0,\s*user-scalable=no", "", page.render())
    return made.replace("<html>", f'<html lang="{language}">', 1)


STYLE = """
body{margin:0;display:flex;height:100vh;font:15px/1.4 system-ui,sans-serif;color:#1d2b33}
aside{order:-1;box-sizing:border-box;width:400px;max-width:100%;padding:16px;overflow:auto;border-right:1px solid #ccd4d8}
.folium-map{position:relative!important;flex:1;width:auto!important;height:100%!important;background:#fbfaf7}
h1{margin:0 0 4px;font-size:22px;line-height:1.2}h2,h3{margin:12px 0 4px;font-size:16px}p{margin:4px 0}
ol{margin:0;padding:0;list-style:none}li{border-top:1px solid #ccd4d8;padding-bottom:10px}
button{display:flex;gap:8px;align-items:center;padding:4px 0;border:0;background:none;font:inherit;font-weight:600;color:#0b5563;
text-align:left;cursor:pointer}
table{border-collapse:collapse;width:100%;font-size:13.5px}th{width:46%;padding:2px 8px 2px 0;font-weight:400;color:#52616b;
text-align:left;vertical-align:top}td{padding:2px 0}
.sign{display:inline-grid!important;place-items:center;flex:none;width:28px;height:28px;box-sizing:border-box;border:2px solid #fff;
border-radius:50%;background:#b8400e;color:#fff;font:600 13px system-ui,sans-serif;box-shadow:0 1px 4px rgb(0 0 0/40%)}
.leaflet-popup-content{font:14px/1.35 system-ui,sans-serif}.leaflet-popup-content p{margin:3px 0}
.demo{color:#b8400e;font-weight:600}.why{font-weight:600}footer{margin-top:14px;font-size:12.5px;color:#52616b}
@media(max-width:760px){body{flex-direction:column;height:auto}aside{order:1;width:auto;border:0}
.folium-map{flex:none;width:100%!important;height:55vh!important}}
"""
