"""The check of trade during vacancy looks at rows as they are at commit, not as they once were in the transaction.

Revision ID: 0003
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# A row that was written and then removed or changed in one transaction still has its event in the queue.
FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_trade_during_vacancy() RETURNS trigger LANGUAGE plpgsql AS $$
-- A unit cannot trade and stand empty on one day, but for temporary use, which leaves the spell open.
DECLARE
    clash daterange;
BEGIN
    IF TG_TABLE_NAME = 'occupancy' THEN
        {reread_occupancy}
        IF NEW.is_popup THEN RETURN NULL; END IF;
        SELECT v.period INTO clash FROM vacancy_spell v
        WHERE v.shop_unit_id = NEW.shop_unit_id AND v.period && NEW.period LIMIT 1;
    ELSE
        {reread_spell}
        SELECT o.period INTO clash FROM occupancy o
        WHERE o.shop_unit_id = NEW.shop_unit_id AND o.period && NEW.period AND NOT o.is_popup LIMIT 1;
    END IF;
    IF clash IS NOT NULL THEN
        RAISE EXCEPTION 'Shop unit % cannot be occupied and vacant at once: % overlaps %.',
            NEW.shop_unit_id, NEW.period, clash
            USING ERRCODE = 'exclusion_violation', HINT = 'End the earlier period first.';
    END IF;
    RETURN NULL;
END $$
"""
REREAD = "SELECT * INTO NEW FROM {table} WHERE id = NEW.id; IF NOT FOUND THEN RETURN NULL; END IF;"


def upgrade() -> None:
    """Read the row anew before it is judged."""
    op.execute(
        FUNCTION.format(
            reread_occupancy=REREAD.format(table="occupancy"),
            reread_spell=REREAD.format(table="vacancy_spell"),
        )
    )


def downgrade() -> None:
    """Judge the row as it was written."""
    op.execute(FUNCTION.format(reread_occupancy="", reread_spell=""))
