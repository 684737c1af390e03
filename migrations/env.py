"""Alembic's entry: the models, and the views and rights that are dropped and rebuilt around every migration."""

import json
import re
from pathlib import Path
from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, text

import api.db.models  # noqa: F401 - fills Base.metadata
from api import __version__
from api.db.base import Base
from api.export.qgis import stored
from api.export.qgis.views import VIEWS as VIEWS_OF_QGIS
from api.settings import get_settings
from migrations import rights

VIEWS = Path(__file__).parent / "views"
# What stands behind the views that are edited: goes and comes with them.
FUNCTIONS = Path(__file__).parent / "qgis" / "functions.sql"
# They are known by a comment: an earlier version may have had others, and a planner may have one.
OUR_MARK = "Of Kernkaart; made anew at every migration."
OUR_FUNCTIONS = (
    "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
    f"WHERE n.nspname = 'qgis' AND obj_description(p.oid, 'pg_proc') = '{OUR_MARK}'"
)
# Tables that QGIS reads and expects to look so; they are no model of ours.
OF_OTHERS = {"spatial_ref_sys", "layer_styles", "qgis_projects"}
# No name stands for the schema that is looked in first: public.
OUR_SCHEMAS = {None, "crm", "rights"}
# What the application may while it answers: all of the tables and views, and nothing of the schema of persons.
APPLICATION_RIGHTS = (
    "GRANT USAGE ON SCHEMA public, qgis TO kernkaart_app",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, qgis TO kernkaart_app",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO kernkaart_app",
)
# The views read with the rights of a lesser role, never with those of whoever looks: rows are kept apart by its policies.
VIEW_OWNER = "kernkaart_reader"
# What a login of QGIS may: read the views, write those that have rules of their own, and find styles and projects.
QGIS_RIGHTS = (
    f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {VIEW_OWNER}",
    "GRANT USAGE ON SCHEMA qgis TO kernkaart_gis",
    "GRANT SELECT ON ALL TABLES IN SCHEMA qgis TO kernkaart_gis",
    "GRANT SELECT ON public.layer_styles, public.qgis_projects TO kernkaart_gis",
)
PARTITION = re.compile(r"footfall_count_y\d{4}$")


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out what is not ours: tables of PostGIS and QGIS, the yearly partitions, and schemas of others."""
    if kind == "schema":
        return name in OUR_SCHEMAS
    return not (kind == "table" and (name in OF_OTHERS or PARTITION.match(name or "")))


def views() -> list[tuple[str, str, Path]]:
    """(schema, name, file) of today's views, in order of their file names."""
    return [(path.parent.name, path.stem.split("_", 1)[1], path) for path in sorted(VIEWS.glob("*/*.sql"))]


def drop_views(connection: Connection) -> None:
    """Drop our views without CASCADE: a planner's own view on top stops the migration, by name."""
    for schema, name, _ in reversed(views()):
        connection.execute(text(f'DROP VIEW IF EXISTS "{schema}"."{name}"'))
    for signature in connection.execute(text(OUR_FUNCTIONS)).scalars().all():
        connection.execute(text(f"DROP FUNCTION {signature}"))
    connection.execute(text("DROP SCHEMA IF EXISTS qgis"))


def create_views(connection: Connection) -> None:
    """Build today's views, which rest on today's tables, and say who may read and write them; an earlier revision has none."""
    if set(context.get_context().get_current_heads()) != set(context.get_head_revisions() or ()):
        return
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS qgis"))
    titles = json.dumps({view.name: view.title[0] for view in VIEWS_OF_QGIS}, ensure_ascii=False)
    functions = FUNCTIONS.read_text(encoding="utf-8")
    functions = functions.replace("__VERSION__", __version__).replace("__TITLES__", titles)
    cursor = connection.connection.cursor()
    cursor.execute(functions)
    for name in re.findall(r"CREATE FUNCTION (qgis\.\w+)\(", functions):
        cursor.execute(f"COMMENT ON FUNCTION {name} IS '{OUR_MARK}'")
    for schema, name, path in views():
        written = path.read_text(encoding="utf-8")
        cursor.execute(written)
        if "INSTEAD OF" in written:
            cursor.execute(f'GRANT INSERT, UPDATE, DELETE ON "{schema}"."{name}" TO kernkaart_gis')
    for statement in (*APPLICATION_RIGHTS, *QGIS_RIGHTS):
        connection.execute(text(statement))
    give_views(connection)
    rights.create(connection)
    stored.store(connection, get_settings().srid)


def give_views(connection: Connection) -> None:
    """Hand the views to the role that reads for them."""
    for schema in ("public", "qgis"):
        # Whoever is given a view must be able to make one there; not a moment longer.
        connection.execute(text(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {VIEW_OWNER}"))
    for schema, name, _ in views():
        connection.execute(text(f'ALTER VIEW "{schema}"."{name}" OWNER TO {VIEW_OWNER}'))
    for schema in ("public", "qgis"):
        connection.execute(text(f"REVOKE CREATE ON SCHEMA {schema} FROM {VIEW_OWNER}"))


def run_migrations(connection: Connection) -> None:
    """Run inside one transaction: views away, revisions, views back."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=include_name,
        include_schemas=True,
        compare_type=True,
        compare_server_default=False,
    )
    with context.begin_transaction():
        # What a query of a request may take is too short for the tables of years.
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        if not is_check():
            rights.drop(connection)
            drop_views(connection)
        context.run_migrations()
        if not is_check():
            create_views(connection)


def is_check() -> bool:
    """`alembic check` and `alembic current` only look."""
    command = getattr(context.config.cmd_opts, "cmd", None)
    name = command[0].__name__ if command else context.config.attributes.get("command", "")
    return name in {"check", "current", "history", "heads"}


if "connection" in context.config.attributes:
    run_migrations(context.config.attributes["connection"])
else:
    engine = create_engine(get_settings().database_url)
    with engine.connect() as outer:
        run_migrations(outer)
        outer.commit()
