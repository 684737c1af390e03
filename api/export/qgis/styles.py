"""Styles of layers: drawing, texts, names of columns, and forms, as QGIS stores them (QML)."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from api.db.seeding import code_rows
from api.export.qgis.catalogue import INK, WHITE, Drawing, Lang, Style, View
from api.export.qgis.symbols import KINDS, options, renderer, rgba

VERSION = "3.22.16-Białowieża"
FIELDS = Path(__file__).with_name("fields.csv")
# Longer lists are looked up in the database, so that a style stays small.
LONGEST_MAP = 40
_HISTORY = {"nl": "Geschiedenis", "en": "History"}
_REST = {"nl": "Overige", "en": "Other"}
_PLACEMENT = {"marker": "6", "line": "2", "fill": "0"}


@dataclass(frozen=True)
class Column:
    """A column of a view; `is_edited` when it may be changed there."""

    name: str
    type: str
    is_edited: bool


@dataclass(frozen=True)
class Field:
    """What a column is called, and the code list of its values."""

    alias: str
    codes: str


@cache
def _fields() -> dict[str, dict[str, str]]:
    with FIELDS.open(encoding="utf-8", newline="") as file:
        return {row["field"]: row for row in csv.DictReader(file, delimiter=";")}


@cache
def _code_lists() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(code_rows(), key=lambda row: row["sort_order"]):
        found.setdefault(row["scheme"], []).append(row)
    return found


@cache
def labels(scheme: str, lang: Lang) -> dict[str, str]:
    """Labels of a code list by code, in the order of menus."""
    return {row["code"]: row[f"label_{lang}"] for row in _code_lists()[scheme]}


def field_of(view: str, column: str, lang: Lang) -> Field:
    """What a column of a view is called; the word of the view wins over the usual one."""
    row = _fields().get(f"{view}.{column}") or _fields()[column]
    return Field(row[lang], row["codes"] or "")


def style_children(
    view: View,
    drawing: Drawing | None,
    columns: Sequence[Column],
    lang: Lang,
    *,
    code_list: str,
    relations: Sequence[str] = (),
) -> list[Element]:
    """
    The parts of a style, which are the parts of a layer in a project too.

    Parameters
    ----------
    code_list
        Data source of the view of code lists, for the choices of long lists.
    relations
        Of the project, whose rows the form lists.
    """
    made: list[Element] = []
    if drawing is not None and view.geometry is not None:
        named = labels(drawing.codes, lang) if drawing.codes else {}
        made.append(renderer(drawing, view.geometry, lang, named))
        if drawing.label:
            made.append(_labeling(drawing, KINDS[view.geometry]))
    made.append(_widgets(view, columns, lang, code_list))
    aliases = Element("aliases")
    for index, column in enumerate(columns):
        alias = field_of(view.name, column.name, lang).alias
        SubElement(aliases, "alias", index=str(index), field=column.name, name=alias)
    made += [aliases, _constraints(view, columns)]
    layout = Element("editorlayout")
    layout.text = "tablayout" if view.form else "generatedlayout"
    made.append(layout)
    if view.form:
        made.append(_form(view, columns, lang, relations))
    editable = Element("editable")
    for column in columns:
        SubElement(editable, "field", name=column.name, editable="1" if column.is_edited else "0")
    made.append(editable)
    if drawing is not None and drawing.label:
        tip = Element("previewExpression")
        tip.text = drawing.label
        made.append(tip)
    return made


def qml(view: View, style: Style | None, columns: Sequence[Column], lang: Lang, *, code_list: str) -> str:
    """A style as QGIS stores it."""
    drawing = style.drawing if style else None
    root = Element(
        "qgis", version=VERSION, styleCategories="AllStyleCategories", labelsEnabled=str(int(bool(drawing and drawing.label))),
        readOnly="0",
    )  # fmt: skip
    root.extend(style_children(view, drawing, columns, lang, code_list=code_list))
    return tostring(root, encoding="unicode")


def _labeling(drawing: Drawing, kind: str) -> Element:
    made = Element("labeling", type="simple")
    settings = SubElement(made, "settings", calloutType="simple")
    text = SubElement(
        settings, "text-style", fieldName=drawing.label, isExpression="1", fontFamily="Open Sans", fontSize="8",
        fontSizeUnit="Point", textColor=rgba(INK), textOpacity="1", fontWeight="50", namedStyle="Regular",
    )  # fmt: skip
    SubElement(
        text, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM", bufferColor=rgba(WHITE),
        bufferOpacity="0.9", bufferNoFill="0", bufferJoinStyle="128",
    )  # fmt: skip
    SubElement(
        settings, "placement", placement=_PLACEMENT[kind], dist="1", distUnits="MM", priority="5", placementFlags="10",
        polygonPlacementFlags="2", predefinedPositionOrder="R,L,TR,BR,TL,BL,TSR,BSR",
    )  # fmt: skip
    SubElement(
        settings, "rendering", scaleVisibility="1", scaleMin=str(drawing.label_until), scaleMax=str(drawing.label_from), obstacle="1",
        drawLabels="1", mergeLines="1" if kind == "line" else "0",
    )  # fmt: skip
    return made


def _widgets(view: View, columns: Sequence[Column], lang: Lang, code_list: str) -> Element:
    made = Element("fieldConfiguration")
    for column in columns:
        codes = field_of(view.name, column.name, lang).codes
        field = SubElement(made, "field", name=column.name, configurationFlags="None")
        if codes and len(labels(codes, lang)) <= LONGEST_MAP:
            _value_map(field, labels(codes, lang))
        elif codes:
            widget = SubElement(SubElement(field, "editWidget", type="ValueRelation"), "config")
            options(
                widget,
                {
                    "Layer": "kernkaart_code_list", "LayerName": "code_list", "LayerProviderName": "postgres", "LayerSource": code_list,
                    "Key": "code", "Value": f"label_{lang}", "FilterExpression": f"\"scheme\" = '{codes}'", "AllowNull": "1",
                    "OrderByValue": "1", "UseCompleter": "1",
                },
            )  # fmt: skip
        else:
            SubElement(field, "editWidget", type=_WIDGETS.get(column.type, "TextEdit")).append(
                Element("config")
            )
    return made


_WIDGETS = {"date": "DateTime", "timestamptz": "DateTime", "bool": "CheckBox"}


def _value_map(field: Element, named: Mapping[str, str]) -> None:
    config = SubElement(SubElement(field, "editWidget", type="ValueMap"), "config")
    choices = SubElement(SubElement(config, "Option", type="Map"), "Option", name="map", type="List")
    # As QGIS itself writes an empty value.
    for code, label in {**named, "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}": "-"}.items():
        SubElement(
            SubElement(choices, "Option", type="Map"), "Option", name=label, type="QString", value=code
        )


def _constraints(view: View, columns: Sequence[Column]) -> Element:
    made = Element("constraints")
    for column in columns:
        is_needed = str(int(column.name in view.required))
        SubElement(
            made, "constraint", field=column.name, constraints=is_needed, notnull_strength=is_needed, unique_strength="0",
            exp_strength="0",
        )  # fmt: skip
    return made


def _form(view: View, columns: Sequence[Column], lang: Lang, relations: Sequence[str]) -> Element:
    made = Element("attributeEditorForm")
    place = {column.name: str(index) for index, column in enumerate(columns)}
    named = {name for _, names in view.form for name in names}
    rest = tuple(name for name in place if name not in named)
    groups = [(title[lang == "en"], names) for title, names in view.form] + [(_REST[lang], rest)]
    for title, names in groups:
        tab = _tab(made, title)
        for name in names:
            SubElement(tab, "attributeEditorField", name=name, index=place[name], showLabel="1")
    if relations:
        tab = _tab(made, _HISTORY[lang])
        for key in relations:
            SubElement(
                tab, "attributeEditorRelation", name=key, relation=key, relationWidgetTypeId="relation_editor", nmRelationId="",
                forceSuppressFormPopup="0", label="", showLabel="1",
            )  # fmt: skip
    return made


def _tab(form: Element, title: str) -> Element:
    return SubElement(
        form, "attributeEditorContainer", name=title, groupBox="0", columnCount="1", showLabel="1",
        visibilityExpressionEnabled="0", visibilityExpression="",
    )  # fmt: skip
