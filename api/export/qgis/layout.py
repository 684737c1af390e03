"""Pages to print: A4 and A3, with map, title, legend, scale bar, north arrow, sources and date."""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement

from api.export.qgis.catalogue import INK, Lang
from api.export.qgis.symbols import options, rgba

# Kinds of items on a page, by the numbers that QGIS gives them.
_PAGE, _MAP, _PICTURE, _LABEL, _LEGEND, _SCALE_BAR = "65638", "65639", "65640", "65641", "65642", "65646"
_MARGIN_MM, _HEAD_MM, _FOOT_MM = 10.0, 16.0, 14.0
_WORDS = {
    "nl": {
        "page": "{} liggend",
        "title": "Titel van de kaart",
        "legend": "Legende",
        "scale": "Schaal 1 : [% format_number(item_variables('map')['map_scale'], 0, 'nl') %]",
        "sources": (
            "Bronnen: [% coalesce(aggregate('kernkaart_source', 'concatenate_unique', coalesce(\"attribution\", \"name\"), "
            "concatenator:='; '), 'Kernkaart') %]. Cijfers berekend op [% coalesce(format_date("
            "aggregate('kernkaart_municipality', 'max', \"computed_at\"), 'd MMMM yyyy', 'nl'), '-') %]. "
            "Afgedrukt op [% format_date(now(), 'd MMMM yyyy', 'nl') %]. "
            "[% item_variables('map')['map_crs'] %]."
        ),
    },
    "en": {
        "page": "{} landscape",
        "title": "Title of the map",
        "legend": "Legend",
        "scale": "Scale 1 : [% format_number(item_variables('map')['map_scale'], 0, 'en') %]",
        "sources": (
            "Sources: [% coalesce(aggregate('kernkaart_source', 'concatenate_unique', coalesce(\"attribution\", \"name\"), "
            "concatenator:='; '), 'Kernkaart') %]. Figures computed on [% coalesce(format_date("
            "aggregate('kernkaart_municipality', 'max', \"computed_at\"), 'd MMMM yyyy', 'en'), '-') %]. "
            "Printed on [% format_date(now(), 'd MMMM yyyy', 'en') %]. "
            "[% item_variables('map')['map_crs'] %]."
        ),
    },
}


@dataclass(frozen=True)
class Page:
    """A page: its name, size and the width of its legend, mm."""

    name: str
    width: float
    height: float
    legend: float


PAGES = (Page("A4", 297, 210, 70), Page("A3", 420, 297, 80))


def layouts(extent: tuple[float, float, float, float], lang: Lang, tree: Element) -> Element:
    """All pages, each with its map on `extent` and a legend of the layers in `tree`."""
    made = Element("Layouts")
    for page in PAGES:
        made.append(_layout(page, extent, lang, tree))
    return made


def _layout(page: Page, extent: tuple[float, float, float, float], lang: Lang, tree: Element) -> Element:
    words = _WORDS[lang]
    made = Element(
        "Layout", name=words["page"].format(page.name), units="mm", printResolution="300", worldFileMap=""
    )
    collection = SubElement(made, "PageCollection")
    collection.append(_fill())
    sheet = _item(collection, page, _PAGE, "page", (0, 0, page.width, page.height))
    sheet.append(_fill())
    wide = page.width - 3 * _MARGIN_MM - page.legend
    high = page.height - 2 * _MARGIN_MM - _HEAD_MM - _FOOT_MM
    top, right = _MARGIN_MM + _HEAD_MM, 2 * _MARGIN_MM + wide
    shown = _item(made, page, _MAP, "map", (_MARGIN_MM, top, wide, high), frame="true", keepLayerSet="false")
    _place_extent(shown, extent, wide / high)
    _label(
        made,
        page,
        "title",
        words["title"],
        (_MARGIN_MM, _MARGIN_MM, page.width - 2 * _MARGIN_MM, 12),
        size=18,
    )
    _label(
        made, page, "sources", words["sources"], (_MARGIN_MM, page.height - _MARGIN_MM - 11, page.width - 2 * _MARGIN_MM, 11), size=7
    )  # fmt: skip
    _legend(made, page, words["legend"], (right, top, page.legend, high - 34), tree)
    _item(
        made, page, _PICTURE, "north", (right + page.legend - 14, top + high - 32, 14, 14), file="arrows/NorthArrow_04.svg",
        mode="0", resizeMode="0", anchorPoint="0", northMode="0", mapUuid=_uuid(page, "map"), svgFillColor=rgba(INK),
        svgBorderColor=rgba(INK),
    )  # fmt: skip
    _scale_bar(made, page, (right, top + high - 14, page.legend, 8))
    _label(made, page, "scale_text", words["scale"], (right, top + high - 5, page.legend, 5), size=8)
    return made


def _uuid(page: Page, name: str) -> str:
    return f"{{{uuid5(NAMESPACE_URL, f'kernkaart/{page.name}/{name}')}}}"


def _item(
    parent: Element, page: Page, kind: str, name: str, box: tuple[float, float, float, float], **more: str
) -> Element:
    x, y, width, height = box
    return SubElement(
        parent, "LayoutItem", {
            "type": kind, "id": name, "uuid": _uuid(page, name), "templateUuid": _uuid(page, name), "position": f"{x:g},{y:g},mm",
            "positionOnPage": f"{x:g},{y:g},mm", "size": f"{width:g},{height:g},mm", "referencePoint": "0", "visibility": "1",
            "opacity": "1", "background": "false", "frame": "false", "zValue": "1", **more,
        },
    )  # fmt: skip


def _fill() -> Element:
    made = Element("symbol", type="fill", name="", alpha="1", clip_to_extent="1", force_rhr="0")
    layer = SubElement(made, "layer", {"class": "SimpleFill", "enabled": "1", "pass": "0", "locked": "0"})
    options(layer, {"color": "255,255,255,255", "style": "solid", "outline_style": "no"})
    return made


def _place_extent(item: Element, extent: tuple[float, float, float, float], ratio: float) -> None:
    """The extent, made as wide or as high as the map on the page is."""
    west, south, east, north = extent
    x, y = (west + east) / 2, (south + north) / 2
    width = max(east - west, (north - south) * ratio)
    height = width / ratio
    SubElement(
        item, "Extent", xmin=repr(x - width / 2), xmax=repr(x + width / 2), ymin=repr(y - height / 2), ymax=repr(y + height / 2)
    )  # fmt: skip


def _text_style(parent: Element, size: float, *, bold: bool = False) -> None:
    SubElement(
        parent, "text-style", fontFamily="Open Sans", fontSize=f"{size:g}", fontSizeUnit="Point", textColor=rgba(INK),
        textOpacity="1", fontWeight="75" if bold else "50", namedStyle="Bold" if bold else "Regular",
    )  # fmt: skip


def _label(
    parent: Element, page: Page, name: str, text: str, box: tuple[float, float, float, float], *, size: float
) -> None:
    made = _item(
        parent, page, _LABEL, name, box, labelText=text, htmlState="0", halign="1", valign="32", marginX="0", marginY="0"
    )  # fmt: skip
    SubElement(
        made,
        "LabelFont",
        description=f"Open Sans,{size:g},-1,5,{75 if size > 10 else 50},0,0,0,0,0",
        style="",
    )
    _text_style(made, size, bold=size > 10)


def _legend(
    parent: Element, page: Page, title: str, box: tuple[float, float, float, float], tree: Element
) -> None:
    made = _item(
        parent, page, _LEGEND, "legend", box, title=title, map_uuid=_uuid(page, "map"), legendFilterByMap="1", resizeToContents="0",
        columnCount="1", symbolWidth="5", symbolHeight="3", boxSpace="0", columnSpace="2", wrapChar="", fontColor=INK,
    )  # fmt: skip
    styles = SubElement(made, "styles")
    for name, size, above in (("title", 11, 0), ("group", 9, 2), ("subgroup", 8, 1.5), ("symbol", 8, 0.8), ("symbolLabel", 8, 0.8)):  # fmt: skip
        style = SubElement(styles, "style", name=name, alignment="1", indent="0", marginTop=f"{above:g}")
        if name == "title":
            style.set("marginBottom", "1.5")
        if name == "symbolLabel":
            style.set("marginLeft", "1.5")
        font = f"Open Sans,{size:g},-1,5,{75 if name in {'title', 'group'} else 50},0,0,0,0,0"
        SubElement(style, "styleFont", description=font, style="")
    made.append(tree)


def _scale_bar(parent: Element, page: Page, box: tuple[float, float, float, float]) -> None:
    made = _item(
        parent, page, _SCALE_BAR, "scale", box, style="Single Box", mapUuid=_uuid(page, "map"), unitType="meters", unitLabel="m",
        numMapUnitsPerScaleBarUnit="1", numSegments="2", numSegmentsLeft="0", height="2", segmentSizeMode="1",
        minBarWidth=f"{page.legend * 0.4:g}", maxBarWidth=f"{page.legend * 0.8:g}", boxContentSpace="0", labelBarSpace="1.5", alignment="0",
        numUnitsPerSegment="100", outlineWidth="0.2", lineJoinStyle="miter", lineCapStyle="square",
    )  # fmt: skip
    _text_style(made, 8)
