"""Alembic's entry: the models, and the views and rights that are dropped and rebuilt around every migration."""

import re
from pathlib import Path
from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, text

import api.db.models  # noqa: F401 - fills Base.metadata
from api.db.base import Base
from api.settings import get_settings
from migrations import rights

VIEWS = Path(__file__).parent / "views"
# No name stands for the schema that is looked in first: public.
OUR_SCHEMAS = {None, "crm", "rights"}
# What the application may while it answers: all of the tables and views, and nothing of the schema of persons.
APPLICATION_RIGHTS = (
    "GRANT USAGE ON SCHEMA public, qgis TO kernkaart_app",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, qgis TO kernkaart_app",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO kernkaart_app",
)
PARTITION = re.compile(r"footfall_count_y\d{4}$")


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out what is not ours: PostGIS's own table, the yearly partitions, and schemas of others."""
    if kind == "schema":
        return name in OUR_SCHEMAS
    return not (kind == "table" and (name == "spatial_ref_sys" or PARTITION.match(name or "")))


def views() -> list[tuple[str, str, Path]]:
    """(schema, name, file) of today's views, in order of their file names."""
    return [(path.parent.name, path.stem.split("_", 1)[1], path) for path in sorted(VIEWS.glob("*/*.sql"))]


def drop_views(connection: Connection) -> None:
    """Drop our views without CASCADE: a planner's own view on top stops the migration, by name."""
    for schema, name, _ in reversed(views()):
        connection.execute(text(f'DROP VIEW IF EXISTS "{schema}"."{name}"'))
    connection.execute(text("DROP SCHEMA IF EXISTS qgis"))


def create_views(connection: Connection) -> None:
    """Build today's views, which rest on today's tables, and say who may read and write them; an earlier revision has none."""
    if set(context.get_context().get_current_heads()) != set(context.get_head_revisions() or ()):
        return
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS qgis"))
    for _, _, path in views():
        connection.connection.cursor().execute(path.read_text(encoding="utf-8"))
    for statement in APPLICATION_RIGHTS:
        connection.execute(text(statement))
    rights.create(connection)


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
