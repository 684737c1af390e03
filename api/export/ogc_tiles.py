"""Vector tiles of the collections, and a style for them."""

from typing import Any

from api.db.at_once import Statement
from api.db.base import SRID
from api.dependencies import Language
from api.export.arrow import value_sql
from api.export.catalogue import Layer
from api.export.columns import Column
from api.export.selecting import MERCATOR, select_at_hand

LARGEST_ZOOM = 22
# MATERIALIZED: else PostGIS clips every geometry twice, once to test it and once to write it.
TILE = """
WITH clipped AS MATERIALIZED (
    SELECT {columns}, st_asmvtgeom({mercator}, {box}, 4096, 64, true) AS mvt_geom {source}
)
SELECT st_asmvt(t, :layer_name, 4096, 'mvt_geom', 'id') FROM (SELECT * FROM clipped WHERE mvt_geom IS NOT NULL) t
"""


def tile(layer: Layer, z: int, x: int, y: int) -> Statement:
    """
    The statement of one tile with every column that a file would have; empty when nothing is there.

    Numbers with decimals go as doubles, and what a tile does not know goes as text.
    """
    chosen = select_at_hand(layer)
    box = "st_tileenvelope(:z, :x, :y)"
    mercator = chosen.shape_in(3857)
    if layer.relation in MERCATOR:
        chosen = chosen.also(f"{mercator} && {box}")
    else:
        # A shape's index is in the CRS of the database; a tile's edge is bent there by far less than its margin.
        margin = f"st_expand({box}, (st_xmax({box}) - st_xmin({box})) / 32)"
        chosen = chosen.also(f"{chosen.geom} && st_transform({margin}, {SRID})") if z >= 6 else chosen
    columns = ", ".join(f'{_told(column)} AS "{column.name}"' for column in chosen.columns)
    sql = TILE.format(columns=columns, mercator=mercator, box=box, source=chosen.source())
    return Statement(sql, {**chosen.bound, "z": z, "x": x, "y": y, "layer_name": layer.name})


def _told(column: Column) -> str:
    value = value_sql(column)
    return value if column.kind in {"integer", "number", "boolean", "text"} else f"CAST({value} AS text)"


def style(layer: Layer, address: str, language: Language, attribution: str) -> dict[str, Any]:
    """
    A style that MapLibre and QGIS open: its source is the tiles of the collection.

    Parameters
    ----------
    address
        Of the tiles, with {z}, {x} and {y}.
    attribution
        What must stand beside the map.
    """
    source = {
        "type": "vector",
        "tiles": [address],
        "minzoom": layer.min_zoom,
        "maxzoom": 16,
        "attribution": attribution,
    }
    return {
        "version": 8,
        "name": layer.titles[language],
        "sources": {layer.name: source},
        "layers": [
            {
                "id": f"{layer.name}-{kind}",
                "type": kind,
                "source": layer.name,
                "source-layer": layer.name,
                **rest,
            }
            for kind, rest in _drawn(layer)
        ],
    }


def _drawn(layer: Layer) -> list[tuple[str, dict[str, Any]]]:
    colour = _colour(layer)
    points = (
        "circle",
        {
            "paint": {
                "circle-color": colour,
                "circle-radius": 5,
                "circle-stroke-color": "#ffffff",
                "circle-stroke-width": 1,
            }
        },
    )
    lines = ("line", {"paint": {"line-color": colour, "line-width": 3}})
    areas = ("fill", {"paint": {"fill-color": colour, "fill-opacity": 0.3}})
    edges = ("line", {"paint": {"line-color": colour, "line-width": 1.2}})
    if layer.geometry == "Point":
        return [points]
    if layer.geometry in {"LineString", "MultiLineString"}:
        return [lines]
    if layer.geometry == "Geometry":
        only: dict[str, Any] = {"filter": ["==", ["geometry-type"], "Point"]}
        return [areas, edges, ("circle", {**points[1], **only})]
    return [areas, edges]


def _colour(layer: Layer) -> Any:
    colours = layer.colours
    if not colours.column:
        return colours.plain
    pairs = [part for pair in colours.by_code.items() for part in pair]
    return ["match", ["get", colours.column], *pairs, colours.plain]
