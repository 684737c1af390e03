"""Symbols and renderers in the XML of QGIS."""

from collections.abc import Mapping
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement

from api.export.qgis.catalogue import Drawing, Lang, Paint

KINDS = {"Point": "marker", "LineString": "line", "MultiLineString": "line", "MultiPolygon": "fill"}
_OTHERS = {"nl": "Andere", "en": "Other"}
_BOOLEANS = {"true", "false"}
_NOT_KNOWN = {"nl": "Niet gekend", "en": "Not known"}
_UNDER = {"nl": "Minder dan {}", "en": "Under {}"}
_OVER = {"nl": "{} en meer", "en": "{} and over"}


def options(parent: Element, values: Mapping[str, str]) -> None:
    """A map of options, as QGIS writes most of its settings."""
    held = SubElement(parent, "Option", type="Map")
    for name, value in values.items():
        SubElement(held, "Option", name=name, type="QString", value=value)


def rgba(colour: str, opacity: float = 1.0) -> str:
    """``#rrggbb`` as QGIS writes it."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return ",".join(str(part) for part in (*parts, round(255 * opacity)))


def symbol(paint: Paint, geometry: str, name: str) -> Element:
    """One symbol of a layer of `geometry`."""
    kind = KINDS[geometry]
    made = Element("symbol", type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    layer = SubElement(
        made, "layer", {"class": f"Simple{kind.title()}", "enabled": "1", "locked": "0", "pass": "0"}
    )
    if kind == "marker":
        options(
            layer,
            {
                "name": paint.shape, "color": rgba(paint.fill, paint.opacity), "outline_color": rgba(paint.line),
                "outline_width": str(paint.width), "outline_width_unit": "MM", "size": str(paint.size), "size_unit": "MM",
                "outline_style": "solid", "angle": "0",
            },
        )  # fmt: skip
    elif kind == "line":
        options(
            layer,
            {
                "line_color": rgba(paint.fill), "line_width": str(paint.width), "line_width_unit": "MM",
                "line_style": paint.dash, "capstyle": "round", "joinstyle": "round",
            },
        )  # fmt: skip
    else:
        options(
            layer,
            {
                "color": rgba(paint.fill, paint.opacity), "style": "solid" if paint.opacity else "no",
                "outline_color": rgba(paint.line), "outline_width": str(paint.width), "outline_width_unit": "MM",
                "outline_style": "solid" if paint.width else "no", "joinstyle": "round",
            },
        )  # fmt: skip
    return made


def renderer(drawing: Drawing, geometry: str, lang: Lang, labels: Mapping[str, str]) -> Element:
    """
    What draws a layer.

    Parameters
    ----------
    labels
        By code, what the legend says.
    """
    if not drawing.by:
        made = Element(
            "renderer-v2", type="singleSymbol", symbollevels="0", enableorderby="0", forceraster="0"
        )
        SubElement(made, "symbols").append(symbol(drawing.paints[""], geometry, "0"))
        return made
    made = _classified(drawing, lang) if drawing.bounds else _categorized(drawing, lang, labels)
    symbols = SubElement(made, "symbols")
    for index, paint in enumerate(drawing.paints.values()):
        symbols.append(symbol(paint, geometry, str(index)))
    return made


def _categorized(drawing: Drawing, lang: Lang, labels: Mapping[str, str]) -> Element:
    made = _by(drawing.by)
    listed = SubElement(made, "categories")
    for index, code in enumerate(drawing.paints):
        own = drawing.legend[code][lang == "en"] if code in drawing.legend else None
        _category(listed, code, index, own or labels.get(code) or _OTHERS[lang])
    return made


def _classified(drawing: Drawing, lang: Lang) -> Element:
    """Classes of a number, and one of its own for what has no number, which QGIS would not draw otherwise."""
    steps = "".join(
        f" WHEN {drawing.by} < {bound:g} THEN '{index}'" for index, bound in enumerate(drawing.bounds)
    )
    last = len(drawing.bounds)
    made = _by(f"CASE WHEN {drawing.by} IS NULL THEN 'none'{steps} ELSE '{last}' END")
    listed = SubElement(made, "categories")
    ends = [f"{bound:g}" for bound in drawing.bounds]
    named = [
        _UNDER[lang].format(ends[0]),
        *(f"{a} - {b}" for a, b in pairwise(ends)),
        _OVER[lang].format(ends[-1]),
    ]
    for index, code in enumerate(drawing.paints):
        _category(listed, code, index, _NOT_KNOWN[lang] if code == "none" else named[int(code)])
    return made


def _by(expression: str) -> Element:
    return Element(
        "renderer-v2", type="categorizedSymbol", attr=expression, symbollevels="0", enableorderby="0", forceraster="0"
    )  # fmt: skip


def _category(listed: Element, code: str, index: int, label: str) -> None:
    kind = "bool" if code in _BOOLEANS else "string"
    SubElement(listed, "category", value=code, type=kind, symbol=str(index), label=label, render="true")
