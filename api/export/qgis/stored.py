"""Styles and projects in the database, where QGIS looks for them; written anew after every migration."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from api.export.qgis.catalogue import LANGS, Lang, View
from api.export.qgis.project import SHAPES, TITLE, USUAL_EXTENT, Known, code_list_source, qgz
from api.export.qgis.styles import Column, qml
from api.export.qgis.views import VIEWS

OWNER = "kernkaart"
_DESCRIPTION = {
    "nl": "Komt met Kernkaart; wordt bij elke nieuwe versie vervangen.",
    "en": "Comes with Kernkaart; replaced at every new version.",
}
# A style of a planner that a view opens with keeps that place.
_TAKEN = (
    "SELECT f_table_name FROM layer_styles WHERE f_table_catalog = current_database() AND f_table_schema = 'qgis' "
    "AND useasdefault"
)
_STYLE = (
    "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, stylename, styleqml, "
    "useasdefault, description, owner, type) VALUES (current_database(), 'qgis', :view, :column, :name, "
    "XMLPARSE(DOCUMENT :qml), :is_default, :description, :owner, :type)"
)


def known(connection: Connection, srid: int) -> Known:
    """What the database says of its views, and where its municipalities lie."""
    columns: dict[str, list[Column]] = {}
    query = text(
        "SELECT c.relname, a.attname, t.typname, a.attname = ANY(string_to_array(coalesce("
        "(SELECT substring(pg_get_triggerdef(g.oid) FROM '''([^'']*)''\\)$') FROM pg_trigger g "
        "WHERE g.tgrelid = c.oid AND g.tgname = 'edit_row'), ''), ',')) "
        "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid "
        "WHERE c.relnamespace = 'qgis'::regnamespace AND c.relkind = 'v' AND a.attnum > 0 AND t.typname <> 'geometry' "
        "ORDER BY c.relname, a.attnum"
    )
    for view, name, kind, is_edited in connection.execute(query):
        columns.setdefault(view, []).append(Column(name, kind, is_edited))
    query = text(
        "SELECT st_xmin(e), st_ymin(e), st_xmax(e), st_ymax(e) FROM (SELECT st_extent(geom) AS e FROM municipality) x "
        "WHERE e IS NOT NULL"
    )
    found = connection.execute(query).first()
    return Known(columns, srid, tuple(found) if found else USUAL_EXTENT)


def styles(view: View) -> Iterator[tuple[str, Lang, bool]]:
    """Names of the styles of a view with their language, and whether the view opens with it."""
    for lang in LANGS:
        for index, style in enumerate(view.styles or (None,)):
            named = style.name[lang == "en"] if style else "Kernkaart"
            full = named if lang == "nl" else f"{named} (English)"
            yield full, lang, index == 0 and lang == "nl"


def store(connection: Connection, srid: int) -> None:
    """Replace our styles and projects; those of others stay."""
    has = known(connection, srid)
    connection.execute(text("DELETE FROM layer_styles WHERE owner = :owner"), {"owner": OWNER})
    taken = set(connection.execute(text(_TAKEN)).scalars())
    connection.execute(text(_STYLE), [row for view in VIEWS for row in _style_rows(view, has, taken)])
    for lang in LANGS:
        connection.execute(
            text(
                "INSERT INTO qgis_projects (name, metadata, content) VALUES (:name, "
                "jsonb_build_object('last_modified_time', to_char(now(), 'YYYY-MM-DD HH24:MI:SS'), "
                "'last_modified_user', CAST(:owner AS text)), :content) "
                "ON CONFLICT (name) DO UPDATE SET metadata = excluded.metadata, content = excluded.content"
            ),
            {"name": TITLE[lang], "owner": OWNER, "content": qgz(has, lang)},
        )


def _style_rows(view: View, has: Known, taken: set[str]) -> Iterator[dict[str, object]]:
    drawn = view.styles or (None,)
    for index, (name, lang, is_default) in enumerate(styles(view)):
        style = drawn[index % len(drawn)]
        yield {
            "view": view.name,
            "column": "geom" if view.geometry else None,
            "name": name,
            "qml": qml(view, style, has.columns[view.name], lang, code_list=code_list_source(has.srid)),
            "is_default": is_default and view.name not in taken,
            "description": _DESCRIPTION[lang],
            "owner": OWNER,
            "type": SHAPES.get(view.geometry or ""),
        }
