"""The ready project: layers in groups, relations, a page to print, packed as QGIS packs it."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from api.export.qgis.catalogue import GROUPS, Lang, Layer, View
from api.export.qgis.layers import LAYERS
from api.export.qgis.layout import layouts
from api.export.qgis.styles import VERSION, Column, style_children
from api.export.qgis.views import VIEWS

TITLE = {"nl": "Kernkaart", "en": "Kernkaart (English)"}
SERVICE = "kernkaart"
# QGIS gives a layer another key than ours when ours has ten letters or fewer.
KEY = "kernkaart_{}"
# What a unit has had, listed in its form.
OF_UNIT = ("vacancy_spell", "occupancy")
RELATION = "{}_of_shop_unit"
# Flanders, where nothing is known yet; west, south, east, north in EPSG:31370.
USUAL_EXTENT = (22_000.0, 153_000.0, 259_000.0, 245_000.0)
BY_NAME: dict[str, View] = {view.name: view for view in VIEWS}
# What QGIS calls the kinds of shapes of its types.
SHAPES = {"Point": "Point", "LineString": "Line", "MultiLineString": "Line", "MultiPolygon": "Polygon"}
_ONLINE = (
    "type=xyz&zmin=0&zmax=21&url=https://geo.api.vlaanderen.be/GRB/wmts?SERVICE%3DWMTS%26VERSION%3D1.0.0"
    "%26REQUEST%3DGetTile%26LAYER%3Dgrb_bsk%26STYLE%3D%26FORMAT%3Dimage/png%26TILEMATRIXSET%3DGoogleMapsVL"
    "%26TILEMATRIX%3D{z}%26TILEROW%3D{y}%26TILECOL%3D{x}"
)
_ONLINE_TITLE = {"nl": "GRB-basiskaart (internet)", "en": "GRB base map (internet)"}


@dataclass(frozen=True)
class Known:
    """
    What a project is made of beside the catalogue.

    Parameters
    ----------
    columns
        Of every view, in their order.
    srid
        EPSG code of the geometry.
    extent
        What is shown first: west, south, east, north in that CRS.
    """

    columns: Mapping[str, Sequence[Column]]
    srid: int
    extent: tuple[float, float, float, float] = USUAL_EXTENT


def source(view: View, srid: int, *, only: str = "") -> str:
    """Where QGIS finds a view: a service names host and database, and nothing names a user or a password."""
    shape = f"srid={srid} type={view.geometry} " if view.geometry else ""
    column = " (geom)" if view.geometry else ""
    where = f" sql={only}" if only else ""
    return (
        f"service='{SERVICE}' key='id' estimatedmetadata=true {shape}checkPrimaryKeyUnicity='0' "
        f'table="qgis"."{view.name}"{column}{where}'
    )


def code_list_source(srid: int) -> str:
    """Where the choices of long code lists are found."""
    return source(BY_NAME["code_list"], srid)


def layer_title(layer: Layer, lang: Lang) -> str:
    """What a layer is called in the tree."""
    return (layer.title or BY_NAME[layer.view].title)[lang == "en"]


def qgs(known: Known, lang: Lang) -> str:
    """The project as XML."""
    root = Element("qgis", version=VERSION, projectname=TITLE[lang])
    SubElement(root, "homePath", path="")
    SubElement(root, "title").text = TITLE[lang]
    SubElement(root, "autotransaction", active="0")
    SubElement(root, "evaluateDefaultValues", active="0")
    # Types and keys of views are as written here: QGIS need not read whole views to be sure.
    SubElement(root, "trust", active="1")
    _crs(SubElement(root, "projectCrs"), known.srid)
    root.append(_tree(known, lang))
    relations = SubElement(root, "relations")
    for key in OF_UNIT:
        relation = SubElement(
            relations, "relation", id=RELATION.format(key), name=BY_NAME[key].title[lang == "en"], strength="Association",
            referencingLayer=KEY.format(key), referencedLayer=KEY.format("shop_unit"),
        )  # fmt: skip
        SubElement(relation, "fieldRef", referencingField="shop_unit_id", referencedField="id")
    canvas = SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    SubElement(canvas, "units").text = "meters"
    _extent(canvas, known.extent)
    SubElement(canvas, "rotation").text = "0"
    _crs(SubElement(canvas, "destinationsrs"), known.srid)
    held = SubElement(root, "projectlayers")
    for layer in LAYERS:
        held.append(_layer(layer, known, lang))
    held.append(_online(lang))
    order = SubElement(root, "layerorder")
    for layer in LAYERS:
        SubElement(order, "layer", id=KEY.format(layer.key))
    _properties(SubElement(root, "properties"))
    root.append(layouts(known.extent, lang, _tree(known, lang, without="background")))
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{tostring(root, encoding='unicode')}"


def qgz(known: Known, lang: Lang) -> bytes:
    """The project as a file; the same bytes for the same project."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        entry = zipfile.ZipInfo("kernkaart.qgs", date_time=(2020, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        packed.writestr(entry, qgs(known, lang))
    return held.getvalue()


def _properties(held: Element) -> None:
    SubElement(SubElement(held, "SpatialRefSys"), "ProjectionsEnabled", type="int").text = "1"
    measured = SubElement(held, "Measurement")
    SubElement(measured, "DistanceUnits", type="QString").text = "meters"
    SubElement(measured, "AreaUnits", type="QString").text = "m2"
    SubElement(SubElement(held, "Paths"), "Absolute", type="bool").text = "false"


def _tree(known: Known, lang: Lang, *, without: str = "") -> Element:
    root = Element("layer-tree-group")
    for key, title in GROUPS.items():
        if key == without:
            continue
        group = SubElement(
            root, "layer-tree-group", name=title[lang == "en"], checked="Qt::Checked", expanded=str(int(key != "background"))
        )  # fmt: skip
        for layer in LAYERS:
            if layer.group == key:
                view = BY_NAME[layer.view]
                SubElement(
                    group, "layer-tree-layer", id=KEY.format(layer.key), name=layer_title(layer, lang), providerKey="postgres",
                    checked="Qt::Checked" if layer.is_on else "Qt::Unchecked", expanded=str(int(layer.is_on and key == "units")),
                    source=source(view, known.srid, only=layer.only),
                )  # fmt: skip
        if key == "background":
            SubElement(
                group, "layer-tree-layer", id=KEY.format("online"), name=_ONLINE_TITLE[lang], providerKey="wms", checked="Qt::Unchecked",
                expanded="0", source=_ONLINE,
            )  # fmt: skip
    return root


def _layer(layer: Layer, known: Known, lang: Lang) -> Element:
    view = BY_NAME[layer.view]
    drawing = view.styles[layer.style].drawing if view.styles else None
    made = Element(
        "maplayer", type="vector", geometry=SHAPES.get(view.geometry or "", "No geometry"), wkbType=view.geometry or "NoGeometry",
        hasScaleBasedVisibilityFlag=str(int(bool(layer.drawn_from))), minScale=str(layer.drawn_from or 100_000_000), maxScale="0",
        labelsEnabled=str(int(bool(drawing and drawing.label))), readOnly="0", refreshOnNotifyEnabled="0",
        simplifyDrawingHints="1" if view.geometry in {"MultiPolygon", "MultiLineString", "LineString"} else "0",
        simplifyDrawingTol="1", simplifyLocal="1", simplifyMaxScale="1", simplifyAlgorithm="0",
    )  # fmt: skip
    if view.geometry:
        _extent(made, known.extent)
    SubElement(made, "id").text = KEY.format(layer.key)
    SubElement(made, "datasource").text = source(view, known.srid, only=layer.only)
    SubElement(made, "layername").text = layer_title(layer, lang)
    _crs(SubElement(made, "srs"), known.srid if view.geometry else None)
    SubElement(made, "provider", encoding="UTF-8").text = "postgres"
    flags = SubElement(made, "flags")
    for name, value in {"Identifiable": "1", "Removable": "1", "Searchable": "1", "Private": "0"}.items():
        SubElement(flags, name).text = value
    columns = known.columns[view.name]
    relations = [RELATION.format(key) for key in OF_UNIT] if layer.key == "shop_unit" else []
    choices = code_list_source(known.srid)
    made.extend(style_children(view, drawing, columns, lang, code_list=choices, relations=relations))
    return made


def _online(lang: Lang) -> Element:
    made = Element("maplayer", type="raster")
    SubElement(made, "id").text = KEY.format("online")
    SubElement(made, "datasource").text = _ONLINE
    SubElement(made, "layername").text = _ONLINE_TITLE[lang]
    _crs(SubElement(made, "srs"), 3857)
    SubElement(made, "provider").text = "wms"
    return made


def _crs(parent: Element, srid: int | None) -> None:
    named = SubElement(parent, "spatialrefsys")
    if srid is not None:
        # QGIS believes the code of EPSG only beside a number of its own list, whichever.
        SubElement(named, "srsid").text = "1"
        SubElement(named, "authid").text = f"EPSG:{srid}"


def _extent(parent: Element, extent: tuple[float, float, float, float]) -> None:
    held = SubElement(parent, "extent")
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), extent, strict=True):
        SubElement(held, name).text = repr(float(value))
