"""What makes a GeoPackage more than rows: a style that QGIS opens with, and what the rows are."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import quoteattr

from api.export.catalogue import Layer

STYLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT CURRENT_TIMESTAMP
)
"""
README = (
    "CREATE TABLE readme (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, part TEXT, name TEXT, meaning TEXT)"
)
LISTED = "INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES (?, 'attributes', ?, ?)"
# The extension that the standard has for text about a whole file.
METADATA = (
    (
        "CREATE TABLE IF NOT EXISTS gpkg_metadata (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "
        "md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL, "
        "mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '')"
    ),
    (
        "CREATE TABLE IF NOT EXISTS gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, "
        "column_name TEXT, row_id_value INTEGER, timestamp DATETIME NOT NULL DEFAULT "
        "(strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL, md_parent_id INTEGER)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, "
        "definition TEXT NOT NULL, scope TEXT NOT NULL, UNIQUE (table_name, column_name, extension_name))"
    ),
)
EXTENSION = (
    "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_metadata', "
    "'http://www.geopackage.org/spec121/#extension_metadata', 'read-write')"
)


def finish(path: Path, layer: Layer, parts: Iterable[tuple[str, list[tuple[str, str]]]], readme: str) -> None:
    """Put style, readme table and metadata in a GeoPackage that GDAL wrote."""
    table = layer.name.replace("-", "_")
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute(STYLES)
            connection.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
                "styleName, styleQML, styleSLD, useAsDefault, description) VALUES ('', '', ?, 'geom', 'kernkaart', ?, '', 1, '')",
                (table, qml(layer)),
            )
            connection.execute(README)
            connection.executemany(
                "INSERT INTO readme (part, name, meaning) VALUES (?, ?, ?)",
                [(heading, name, what) for heading, pairs in parts for name, what in pairs],
            )
            connection.execute(LISTED, ("layer_styles", "layer_styles", ""))
            connection.execute(LISTED, ("readme", "readme", layer.titles["en"]))
            for statement in METADATA:
                connection.execute(statement)
            kept = connection.execute(
                "INSERT INTO gpkg_metadata (md_standard_uri, mime_type, metadata) VALUES ('https://schema.org/text', 'text/plain', ?)",
                (readme,),
            )
            connection.execute(
                "INSERT INTO gpkg_metadata_reference (reference_scope, md_file_id) VALUES ('geopackage', ?)",
                (kept.lastrowid,),
            )
            for name in ("gpkg_metadata", "gpkg_metadata_reference"):
                connection.execute(EXTENSION, (name,))
    finally:
        connection.close()


def qml(layer: Layer) -> str:
    """How QGIS draws a layer: a colour for each code of its column, else one."""
    kind = {"Point": "marker", "LineString": "line", "MultiLineString": "line"}.get(layer.geometry, "fill")
    colours = layer.colours
    if layer.geometry == "Geometry":
        return "<qgis/>"
    if not colours.column:
        symbols = _symbol("0", kind, colours.plain)
        return f'<qgis><renderer-v2 type="singleSymbol" symbollevels="0"><symbols>{symbols}</symbols></renderer-v2></qgis>'
    listed = [*colours.by_code.items(), ("", colours.plain)]
    categories = "".join(
        f'<category value={quoteattr(code)} label={quoteattr(code)} symbol="{place}" render="true"/>'
        for place, (code, _) in enumerate(listed)
    )
    symbols = "".join(_symbol(str(place), kind, colour) for place, (_, colour) in enumerate(listed))
    return (
        f'<qgis><renderer-v2 type="categorizedSymbol" attr="{colours.column}" symbollevels="0">'
        f"<categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2></qgis>"
    )


def rgba(colour: str, alpha: int = 255) -> str:
    """A colour as QGIS writes it."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"


def _symbol(name: str, kind: str, colour: str) -> str:
    made = {
        "marker": ("SimpleMarker", {"name": "circle", "color": rgba(colour), "outline_color": "255,255,255,255", "size": "2.6"}),
        "line": ("SimpleLine", {"line_color": rgba(colour), "line_width": "0.8"}),
        "fill": ("SimpleFill", {"color": rgba(colour, 70), "outline_color": rgba(colour), "outline_width": "0.3"}),
    }  # fmt: skip
    which, options = made[kind]
    # Both ways of writing an option: of QGIS before and after 3.26.
    old = "".join(f'<prop k="{key}" v="{value}"/>' for key, value in options.items())
    new = "".join(f'<Option name="{key}" type="QString" value="{value}"/>' for key, value in options.items())
    return (
        f'<symbol name="{name}" type="{kind}" alpha="1" clip_to_extent="1"><layer class="{which}" enabled="1" '
        f'locked="0" pass="0"><Option type="Map">{new}</Option>{old}</layer></symbol>'
    )
