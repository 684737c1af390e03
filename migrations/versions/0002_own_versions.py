"""A change of a municipality's own row (its name, border, market days) raises its data version too.

Revision ID: 0002
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Watch the municipalities themselves."""
    op.execute("""
        CREATE FUNCTION raise_own_data_version() RETURNS trigger LANGUAGE plpgsql AS $$
        -- Writes to its rows raise the version by an update of this very row, which must not raise it again.
        BEGIN
            IF to_jsonb(NEW) - 'data_version' - 'street_version'
                IS DISTINCT FROM to_jsonb(OLD) - 'data_version' - 'street_version' THEN
                NEW.data_version := OLD.data_version + 1;
            END IF;
            RETURN NEW;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER raise_own_data_version BEFORE UPDATE ON municipality
            FOR EACH ROW WHEN (OLD.data_version = NEW.data_version AND OLD.street_version = NEW.street_version)
            EXECUTE FUNCTION raise_own_data_version()
    """)


def downgrade() -> None:
    """Watch them no longer."""
    op.execute("DROP TRIGGER raise_own_data_version ON municipality")
    op.execute("DROP FUNCTION raise_own_data_version()")
