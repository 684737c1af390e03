"""The epoch of rights is a row, which nobody sees turned before the change of rights itself.

Revision ID: 0032
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

# A sequence is seen ahead of the transaction that turns it: what was made with the old rights while that one was open
# carried the new epoch, and was taken for right when it had ended.
UP = """
CREATE TEMPORARY TABLE turned ON COMMIT DROP AS SELECT last_value AS n FROM rights.epoch;
DROP SEQUENCE rights.epoch;
CREATE TABLE rights.epoch (
    id SMALLINT DEFAULT 1 NOT NULL,
    n BIGINT NOT NULL,
    CONSTRAINT pk_epoch PRIMARY KEY (id),
    CONSTRAINT ck_epoch_only_one CHECK (id = 1)
);
COMMENT ON TABLE rights.epoch IS 'How often rights changed, so that what was kept from before is not taken for today''s.';
COMMENT ON COLUMN rights.epoch.id IS 'Always 1.';
COMMENT ON COLUMN rights.epoch.n IS 'Grows with every change of rights.';
INSERT INTO rights.epoch (n) SELECT n + 1 FROM turned;
CREATE OR REPLACE FUNCTION rights.turn_epoch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = rights, pg_temp AS $$
BEGIN
    UPDATE epoch SET n = n + 1;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION rights.state() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = rights, pg_temp AS $$
BEGIN
    RETURN concat_ws('-', coalesce(rights.asking()::text, 'p'), rights.scope(), (SELECT n FROM epoch));
END $$;
"""
DOWN = """
CREATE TEMPORARY TABLE turned ON COMMIT DROP AS SELECT n FROM rights.epoch;
DROP TABLE rights.epoch;
CREATE SEQUENCE rights.epoch;
SELECT setval('rights.epoch', (SELECT n + 1 FROM turned));
CREATE OR REPLACE FUNCTION rights.turn_epoch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = rights, pg_temp AS $$
BEGIN
    PERFORM nextval('rights.epoch');
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION rights.state() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = rights, pg_temp AS $$
    SELECT concat_ws('-', coalesce(rights.asking()::text, 'p'), rights.scope(), (SELECT last_value FROM rights.epoch))
$$;
"""


def upgrade() -> None:
    """Make the sequence a row, going on from where it was."""
    _run(UP)


def downgrade() -> None:
    """Make the row a sequence again."""
    _run(DOWN)


def _run(statements: str) -> None:
    # Through the cursor itself: a colon or a percent sign in SQL is no parameter.
    op.get_bind().connection.cursor().execute(statements)
