"""Sums of counts hold what a refresh needs, so that it reads no single readings; low uptime is a finding too.

Revision ID: 0020
"""

from pathlib import Path

from alembic import op

revision = "0020"
down_revision = "0017"
branch_labels = None
depends_on = None

SQL, BEFORE = (Path(__file__).with_name(name) for name in ("0020_counts.sql", "0013_counts.sql"))
COMMENTS = {
    "flagged_a": "Part of passages_flagged in direction a, where told.",
    "flagged_b": "Part of passages_flagged in direction b, where told.",
}
LOWEST_UPTIME = "Lowest share of an interval that the sensor counted, 0-1; empty where no reading tells it."
KINDS = (
    "zero_run", "stuck", "spike", "drop_out", "spike_review", "level_shift", "clock", "night", "one_direction", "twin",
    "gap",
)  # fmt: skip
# Directions and uptime are told by few sensors: the sums of the others need not be made anew.
REBUILD = """
SELECT rebuild_rollups(s.id) FROM footfall_sensor s
WHERE EXISTS (SELECT 1 FROM footfall_count c WHERE c.sensor_id = s.id AND (c.direction <> 'both' OR c.uptime IS NOT NULL))
"""


def upgrade() -> None:
    """Add what the sums lack, and sum the sensors anew that have it."""
    op.get_bind().connection.cursor().execute(SQL.read_text(encoding="utf-8"))
    for table in ("footfall_hour", "footfall_day"):
        for name, comment in COMMENTS.items():
            op.execute(f"COMMENT ON COLUMN {table}.{name} IS '{comment}'")
    op.execute(f"COMMENT ON COLUMN footfall_hour.lowest_uptime IS '{LOWEST_UPTIME}'")
    _allow((*KINDS, "low_uptime"))
    op.execute(REBUILD)


def downgrade() -> None:
    """Sum as before."""
    op.execute("DELETE FROM count_finding WHERE kind = 'low_uptime'")
    _allow(KINDS)
    for table, extra in (("footfall_hour", ", DROP COLUMN lowest_uptime"), ("footfall_day", "")):
        op.execute(f"ALTER TABLE {table} DROP COLUMN flagged_a, DROP COLUMN flagged_b{extra}")
    sql = BEFORE.read_text(encoding="utf-8")
    begin, end = (sql.index(f"CREATE FUNCTION {name}") for name in ("roll_up_counts", "follow_counts"))
    op.get_bind().connection.cursor().execute(
        sql[begin:end].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    )


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE count_finding DROP CONSTRAINT ck_count_finding_kind")
    op.execute(f"ALTER TABLE count_finding ADD CONSTRAINT ck_count_finding_kind CHECK (kind IN ({listed}))")
