"""Open the ready project in QGIS, draw it, print it, edit in it and export from it; tell what happened as JSON.

Runs under the machine's own Python, which knows QGIS and nothing of the project. One run does all, as starting QGIS and
opening every layer is what takes long.
"""

import json
import os
import sys

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemMap,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate, QSize, Qt
from qgis.PyQt.QtGui import QColor

SIZE_PX = (700, 500)


def key_of(name):
    return f"kernkaart_{name}"


def settings_of(layers, crs, extent):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(crs)
    settings.setExtent(extent)
    settings.setOutputSize(QSize(*SIZE_PX))
    settings.setOutputDpi(96)
    settings.setBackgroundColor(QColor(Qt.white))
    return settings


def picture(settings):
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage(), [error.message for error in job.errors()]


def colours(image):
    """How often each colour comes, as #rrggbb."""
    found = {}
    for x in range(image.width()):
        for y in range(image.height()):
            value = image.pixel(x, y) & 0xFFFFFF
            found[value] = found.get(value, 0) + 1
    return {f"#{value:06x}": count for value, count in found.items() if count > 3}


def extent_of(features):
    around = QgsRectangle()
    around.setMinimal()
    for feature in features:
        if not feature.geometry().isNull():
            around.combineExtentWith(feature.geometry().boundingBox())
    around.grow(60)
    return around


def see_layer(layer):
    features = list(layer.getFeatures())
    named = layer.fields().names()
    seen = {
        "is_valid": layer.isValid(),
        "title": layer.name(),
        "geometry": QgsWkbTypes.displayString(layer.wkbType()),
        "crs": layer.crs().authid(),
        "keys": [named[index] for index in layer.primaryKeyAttributes()],
        "count": len(features),
        "towns": sorted({feature["nis_code"] for feature in features}) if "nis_code" in named else [],
        "by_town": {},
        "aliases": [layer.attributeAlias(index) for index in range(len(named))],
        "widgets": {name: layer.editorWidgetSetup(index).type() for index, name in enumerate(named)},
        "may_edit": bool(layer.dataProvider().capabilities() & layer.dataProvider().ChangeAttributeValues),
        "may_delete": bool(layer.dataProvider().capabilities() & layer.dataProvider().DeleteFeatures),
        "readonly": [name for index, name in enumerate(named) if layer.editFormConfig().readOnly(index)],
        "tabs": [tab.name() for tab in layer.editFormConfig().tabs()],
    }
    for town in seen["towns"]:
        seen["by_town"][town] = sum(feature["nis_code"] == town for feature in features)
    shaped = [feature for feature in features if not feature.geometry().isNull()]
    if shaped:
        is_limited = layer.hasScaleBasedVisibility()
        layer.setScaleBasedVisibility(False)
        image, errors = picture(settings_of([layer], layer.crs(), extent_of(shaped[:200])))
        layer.setScaleBasedVisibility(is_limited)
        paper = QColor(Qt.white).rgb()
        seen["drawn_px"] = sum(
            image.pixel(x, y) != paper for x in range(0, SIZE_PX[0], 2) for y in range(0, SIZE_PX[1], 2)
        )
        seen["errors"] = errors
    return seen


def see_map(project, asked):
    tree = project.layerTreeRoot()
    shown = [found.layer() for found in tree.findLayers() if found.isVisible()]
    core = next(
        feature
        for feature in project.mapLayer(key_of("core")).getFeatures()
        if feature["nis_code"] == asked["town"] and feature["area_type"] == "core_shopping_area"
    )
    around = core.geometry().boundingBox()
    image, errors = picture(settings_of(shown, project.crs(), around))
    image.save(f"{asked['folder']}/map.png")
    seen = {
        "errors": errors,
        "colours": colours(image),
        "shown": [layer.id() for layer in shown],
        "pages": {},
    }
    for layout in project.layoutManager().layouts():
        on_page = next(item for item in layout.items() if isinstance(item, QgsLayoutItemMap))
        on_page.zoomToExtent(around)
        how = QgsLayoutExporter.ImageExportSettings()
        how.dpi, how.generateWorldFile = 60, False
        path = f"{asked['folder']}/{layout.name().split()[0]}.png"
        seen["pages"][layout.name()] = {
            "result": int(QgsLayoutExporter(layout).exportToImage(path, how)),
            "path": path,
            "labels": {
                item.id(): item.currentText()
                for item in layout.items()
                if isinstance(item, QgsLayoutItemLabel)
            },
        }
    return seen


def value_of(given):
    if isinstance(given, dict) and "date" in given:
        return QDate.fromString(given["date"], "yyyy-MM-dd")
    return given


def erase_elsewhere(layer, row):
    """Somebody else removes the row in the meantime."""
    other = layer.clone()
    other.startEditing()
    other.deleteFeature(next(other.getFeatures(QgsFeatureRequest().setFilterExpression(row))).id())
    assert other.commitChanges(), other.commitErrors()


def edit(project, asked):
    layer = project.mapLayer(key_of(asked["layer"]))
    layer.startEditing()
    names = layer.fields().names()
    if asked["do"] == "add":
        feature = QgsFeature(layer.fields())
        for name, value in asked["values"].items():
            feature.setAttribute(name, value_of(value))
        if "wkt" in asked:
            feature.setGeometry(QgsGeometry.fromWkt(asked["wkt"]))
        layer.addFeature(feature)
    else:
        feature = next(layer.getFeatures(QgsFeatureRequest().setFilterExpression(asked["row"])))
        key = feature.id()
        if "meanwhile" in asked:
            erase_elsewhere(layer, f'"id" = {feature["id"]}')
        if asked["do"] == "delete":
            layer.deleteFeature(key)
        elif asked["do"] == "move":
            shape = feature.geometry()
            shape.translate(*asked["by_m"])
            layer.changeGeometry(key, shape)
        else:
            for name, value in asked["values"].items():
                layer.changeAttributeValue(key, names.index(name), value_of(value))
    is_stored = layer.commitChanges()
    errors = layer.commitErrors()
    if not is_stored:
        layer.rollBack()
    return {"is_stored": is_stored, "errors": "\n".join(errors)}


def export(project, folder):
    """Write units to a GeoPackage, read it back, and compare all that QGIS knows of them."""
    layer = project.mapLayer(key_of("shop_unit"))
    path = f"{folder}/units.gpkg"
    how = QgsVectorFileWriter.SaveVectorOptions()
    how.driverName, how.layerName = "GPKG", "shop_unit"
    how.layerOptions = ["FID=fid"]
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, project.transformContext(), how)
    back = QgsVectorLayer(f"{path}|layername=shop_unit", "back", "ogr")
    names = layer.fields().names()

    def rows(of):
        return sorted(
            [
                [str(feature[name]) for name in names] + [feature.geometry().asWkt(6)]
                for feature in of.getFeatures()
            ]
        )

    return {
        "is_valid": back.isValid(),
        "crs": back.crs().authid(),
        "is_same": rows(back) == rows(layer),
        "count": back.featureCount(),
    }


def open_alone(asked):
    """A view as somebody opens it from the browser panel: with the style that the database holds."""
    seen = {}
    for name, source in asked.items():
        layer = QgsVectorLayer(source, name, "postgres")
        kind = layer.renderer().type()
        seen[name] = {
            "is_valid": layer.isValid(),
            "renderer": kind,
            "legend": [item.label() for item in layer.renderer().legendSymbolItems()],
            "aliases": [layer.attributeAlias(index) for index in range(len(layer.fields()))],
            "has_texts": layer.labelsEnabled(),
        }
    return seen


def open_many(asked):
    """A large layer, opened as the project does and drawn where somebody looks."""
    options = QgsVectorLayer.LayerOptions(False)
    layer = QgsVectorLayer(asked["source"], "many", "postgres", options)
    around = QgsRectangle(*asked["box"])
    image, errors = picture(settings_of([layer], QgsCoordinateReferenceSystem(asked["crs"]), around))
    paper = QColor(Qt.white).rgb()
    return {
        "is_valid": layer.isValid(),
        "errors": errors,
        "drawn_px": sum(image.pixel(x, y) != paper for x in range(SIZE_PX[0]) for y in range(SIZE_PX[1])),
    }


QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
asked = json.load(sys.stdin)
project = QgsProject.instance()
told = {"file": {}}
told["file"]["is_read"] = project.read(asked["file"])
told["file"]["invalid"] = [layer.id() for layer in project.mapLayers().values() if not layer.isValid()]
told["file"]["layers"] = len(project.mapLayers())
told["is_read"] = project.read(asked["project"])
told["title"] = project.title()
told["groups"] = [group.name() for group in project.layerTreeRoot().findGroups()]
told["relations"] = [relation.isValid() for relation in project.relationManager().relations().values()]
told["crs"] = project.crs().authid()
told["layers"] = {
    layer.id(): see_layer(layer) for layer in project.mapLayers().values() if layer.id() != key_of("online")
}
told["map"] = see_map(project, asked)
told["export"] = export(project, asked["folder"])
told["alone"] = open_alone(asked["alone"])
told["many"] = open_many(asked["many"])
told["edits"] = {name: edit(project, change) for name, change in asked["edits"].items()}
sys.stdout.write(json.dumps(told) + "\n")
sys.stdout.flush()
# QGIS crashes when it is taken down while layers live.
os._exit(0)
