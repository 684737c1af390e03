"""Open one view of the database in QGIS, draw it, and print what was seen as JSON.

Runs under the machine's own Python, which knows QGIS and nothing of the project.
"""

import json
import os
import sys

from qgis.core import (
    NULL,
    QgsApplication,
    QgsDataSourceUri,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QSize, Qt
from qgis.PyQt.QtGui import QColor

SIZE_PX = (400, 300)


def open_layer(asked):
    uri = QgsDataSourceUri()
    uri.setConnection(asked["host"], asked["port"], asked["database"], asked["user"], asked["password"])
    uri.setDataSource("qgis", asked["view"], "geom", asked["only"], asked["key"])
    return QgsVectorLayer(uri.uri(False), asked["view"], "postgres")


def drawn_pixels(layer, extent):
    """How many pixels of a drawing are not the paper."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(extent)
    settings.setOutputSize(QSize(*SIZE_PX))
    settings.setBackgroundColor(QColor(Qt.white))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    paper = QColor(Qt.white).rgb()
    return sum(image.pixel(x, y) != paper for x in range(SIZE_PX[0]) for y in range(SIZE_PX[1]))


def plain(value):
    if value == NULL:
        return None
    return value.toString(Qt.ISODate) if isinstance(value, (QDate, QDateTime)) else value


def seen_of(layer):
    names = layer.fields().names()
    features = list(layer.getFeatures())
    extent = QgsRectangle(layer.extent())
    extent.grow(200)
    elsewhere = QgsRectangle(0, 0, 1000, 750)
    return {
        "is_valid": layer.isValid(),
        "geometry": QgsWkbTypes.displayString(layer.wkbType()),
        "geometries": sorted(
            {QgsWkbTypes.displayString(feature.geometry().wkbType()) for feature in features}
        ),
        "crs": layer.crs().authid(),
        "keys": [names[index] for index in layer.primaryKeyAttributes()],
        "count": layer.featureCount(),
        "fields": {field.name(): field.typeName() for field in layer.fields()},
        "comments": {field.name(): field.comment() for field in layer.fields()},
        "layer_comment": layer.dataComment(),
        "rows": [{name: plain(feature[name]) for name in names} for feature in features],
        "places": {
            str(feature["id"]): [
                feature.geometry().centroid().asPoint().x(),
                feature.geometry().centroid().asPoint().y(),
            ]
            for feature in features
        },
        "drawn_px": drawn_pixels(layer, extent),
        "drawn_elsewhere_px": drawn_pixels(layer, elsewhere),
    }


QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
layer = open_layer(json.load(sys.stdin))
sys.stdout.write(json.dumps(seen_of(layer) if layer.isValid() else {"is_valid": False}) + "\n")
sys.stdout.flush()
# QGIS crashes when it is taken down while layers live.
os._exit(0)
