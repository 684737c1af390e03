"""The epoch of rights is a row, which nobody sees turned before the change of rights itself; a change of sharing is one line.

Revision ID: 0032
"""

import re
from pathlib import Path

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
# Where a level stands already, what is inserted becomes an update, and both come by here.
NOTED = "    PERFORM rights.note('sharing_changed'"
NOTED_ONCE = """    IF TG_OP = 'UPDATE' OR NOT EXISTS (
        SELECT FROM rights.sharing s WHERE s.nis_code = NEW.nis_code AND s.subject = NEW.subject
    ) THEN
        PERFORM rights.note('sharing_changed', NEW.nis_code, NEW.subject, NEW.level);
    END IF;
"""
BEFORE = Path(__file__).with_name("0028_accounts.sql")
SHARING = re.compile(r"^CREATE (FUNCTION rights\.check_sharing\(.*?\$\$.*?\$\$;)", re.MULTILINE | re.DOTALL)
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
    """Make the sequence a row, going on from where it was, and note a change once."""
    before = _check_of_sharing()
    noted = next(line for line in before.splitlines(keepends=True) if line.startswith(NOTED))
    _run(UP + before.replace(noted, NOTED_ONCE))


def downgrade() -> None:
    """Make the row a sequence again."""
    _run(DOWN + _check_of_sharing())


def _check_of_sharing() -> str:
    written = SHARING.search(BEFORE.read_text(encoding="utf-8"))
    if written is None:
        raise LookupError(f"rights.check_sharing is not in {BEFORE.name}")
    return f"CREATE OR REPLACE {written[1]}"


def _run(statements: str) -> None:
    # Through the cursor itself: a colon or a percent sign in SQL is no parameter.
    op.get_bind().connection.cursor().execute(statements)
