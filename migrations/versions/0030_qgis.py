"""QGIS: the two tables in which it looks for styles and projects.

Revision ID: 0030
"""

from alembic import op

revision = "0030"
down_revision = "0028"
branch_labels = None
depends_on = None

# As QGIS makes them itself: it finds nothing under another name or in another schema. A planner may have made them.
TABLES = (
    """
    CREATE TABLE IF NOT EXISTS layer_styles (
        id SERIAL CONSTRAINT pk_layer_styles PRIMARY KEY, f_table_catalog VARCHAR, f_table_schema VARCHAR,
        f_table_name VARCHAR, f_geometry_column VARCHAR, stylename TEXT, styleqml XML, stylesld XML, useasdefault BOOLEAN,
        description TEXT, owner VARCHAR(63) DEFAULT current_user, ui XML, update_time TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
        type VARCHAR
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS qgis_projects (
        name TEXT CONSTRAINT pk_qgis_projects PRIMARY KEY, metadata JSONB, content BYTEA
    )
    """,
)
COMMENTS = {
    "layer_styles": "Styles of layers for QGIS; ours are written anew at every migration.",
    "layer_styles.id": "Stable integer key.",
    "layer_styles.f_table_catalog": "Name of this database; QGIS finds no style under another.",
    "layer_styles.f_table_schema": "Schema of the layer.",
    "layer_styles.f_table_name": "View or table of the layer.",
    "layer_styles.f_geometry_column": "Column of the geometry; empty when there is none.",
    "layer_styles.stylename": "Name of the style.",
    "layer_styles.styleqml": "The style, as QGIS writes it.",
    "layer_styles.stylesld": "The style as SLD; not used.",
    "layer_styles.useasdefault": "Is it the style that a layer opens with?",
    "layer_styles.description": "What the style is for.",
    "layer_styles.owner": "Who wrote it; kernkaart for those that come with the application.",
    "layer_styles.ui": "Form of the layer; not used.",
    "layer_styles.update_time": "When it was written.",
    "layer_styles.type": "Kind of geometry.",
    "qgis_projects": "Projects of QGIS kept in the database.",
    "qgis_projects.name": "Name of the project.",
    "qgis_projects.metadata": "When and by whom it was written last.",
    "qgis_projects.content": "The project, packed (qgz).",
}


def upgrade() -> None:
    """Make the tables."""
    for statement in TABLES:
        op.execute(statement)
    for name, comment in COMMENTS.items():
        op.execute(f"COMMENT ON {'COLUMN' if '.' in name else 'TABLE'} {name} IS '{comment}'")


def downgrade() -> None:
    """Remove ours, and what the roles that read and edit may."""
    # What planners kept there themselves stays.
    op.execute("DELETE FROM qgis_projects WHERE name IN ('Kernkaart', 'Kernkaart (English)')")
    op.execute("DELETE FROM layer_styles WHERE owner = 'kernkaart'")
    for table in ("qgis_projects", "layer_styles"):
        op.execute(
            f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM {table}) THEN DROP TABLE {table}; END IF; END $$"
        )
    for role in ("kernkaart_reader", "kernkaart_gis"):
        for what in ("ALL TABLES IN SCHEMA public", "SCHEMA public"):
            op.execute(f"REVOKE ALL ON {what} FROM {role}")
