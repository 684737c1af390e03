"""Open a collection of an OGC API in QGIS and print what was seen as JSON.

Runs under the machine's own Python, which knows QGIS and nothing of the project.
"""

import json
import os
import sys

from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer, QgsWkbTypes


def seen(asked):
    uri = f"url='{asked['address']}' typename='{asked['collection']}' pageSize='{asked['page']}' restrictToRequestBBOX='1'"
    layer = QgsVectorLayer(uri, asked["collection"], "OAPIF")
    if not layer.isValid():
        return {"is_valid": False}
    features = list(layer.getFeatures())
    # A box around one of them: of two towns far apart, most other boxes hold nothing.
    corner = QgsRectangle(features[0].geometry().boundingBox())
    corner.grow(0.002)
    near = list(layer.getFeatures(QgsFeatureRequest().setFilterRect(corner)))
    inside = [one for one in features if one.geometry().boundingBox().intersects(corner)]
    return {
        "is_valid": True,
        "crs": layer.crs().authid(),
        "geometry": QgsWkbTypes.displayString(layer.wkbType()),
        "names": layer.fields().names(),
        "codes": sorted(str(one["local_code"]) for one in features),
        "near": len(near),
        "inside": len(inside),
    }


application = QgsApplication([], False)
application.initQgis()
sys.stdout.write(json.dumps(seen(json.loads(sys.stdin.read()))) + "\n")
sys.stdout.flush()
# Leaving in the ordinary way ends in a fault while layers are alive.
os._exit(0)
