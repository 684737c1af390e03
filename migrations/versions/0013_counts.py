"""Counts summed per hour and day, suppliers that push, manual counts, figures of areas.

Revision ID: 0013
"""

from pathlib import Path

from alembic import op
from sqlalchemy import text

from api.db.base import SRID
from api.settings import get_settings

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_name("0013_counts.sql")
_SUMMED = {
    "passages": "Sum of the valid readings, both directions; empty where people present are measured.",
    "passages_flagged": "Sum of the flagged readings, which passages leaves out.",
    "passages_a": "Part of passages in direction a, where told.",
    "passages_b": "Part of passages in direction b, where told.",
    "present": "Mean of the valid readings of people present, or of visitors; never a sum.",
    "present_max": "Highest valid reading of people present.",
    "minutes": "Minutes of all readings.",
    "minutes_valid": "Minutes of the valid readings.",
    "n": "Number of moments with a reading.",
    "n_flagged": "Number of them that are flagged.",
    "worst_flag": "Highest quality flag of its readings.",
}
_IMPORTED = {"batch_id": "Import batch that made the row.", "dataset_id": "Dataset the row belongs to."}
_OWNED = {"id": "Stable integer key.", "nis_code": "NIS code of the municipality."}
_MODE = "ped, bike, auto, truck or all."
ABOUT = {
    "footfall_clock": "The clock by which counts are summed to hours and days; one row.",
    "footfall_hour": "Counts per hour, kept by the database; they stay when single readings are dropped.",
    "footfall_day": "Counts per local day, kept by the database.",
    "push_supplier": "Suppliers that may push counts of the sensors that name them as supplier.",
    "manual_count": "Counts by hand: minutes counted and the factor that makes an hour, day or week of them.",
    "area_figure": "Spending and visitors of areas; a suppressed cell has a state of its own and no value.",
}
COMMENTS = {
    "footfall_clock": {
        "is_only": "Always true: there is one clock.",
        "timezone": "Time zone of local hours and days.",
    },
    "footfall_hour": {
        "sensor_id": "The sensor.",
        "start_at": "Start of the hour.",
        "mode": _MODE,
        "longest_minutes": "Longest interval among its readings; over 60 it is no count of this hour alone.",
        **_SUMMED,
    },
    "footfall_day": {
        "sensor_id": "The sensor.",
        "counted_on": "The day.",
        "mode": _MODE,
        "day_minutes": "Length of the day: 1440 minutes, 1380 or 1500 when the clock is moved.",
        **_SUMMED,
    },
    "push_supplier": {
        **_OWNED,
        "name": "Name; its sensors carry it as their supplier.",
        "token_sha256": "SHA-256 of its token, hexadecimal; the token itself is not kept.",
        "created_at": "When the token was made.",
        "revoked_at": "When the token was revoked; empty while it is good.",
        "last_push_at": "When it last pushed counts that were stored.",
    },
    "manual_count": {
        **_OWNED,
        "code": "Code of the counting point.",
        "name": "Name of the counting point.",
        "start_at": "Start of the counting.",
        "mode": _MODE,
        "minutes": "Minutes counted.",
        "value": "Passages in those minutes, as counted.",
        "factor": "What the value was multiplied by; empty where nobody said.",
        "expands_to": "What value x factor stands for: hour, day or week.",
        "expanded": "value x factor: passages per hour, day or week.",
        "geom": f"Place of the counting, EPSG:{SRID}.",
        **_IMPORTED,
    },
    "area_figure": {
        **_OWNED,
        "kind": "spending or visitors.",
        "area": "Name or code of the area, as the source says it.",
        "from_on": "First day of the period.",
        "to_on": "Day after the last of the period.",
        "origin": "Where the visitors or buyers live; all: from everywhere.",
        "branch_group": "Group of branches; all: of every branch.",
        "unit": "eur, index, persons or transactions.",
        "value": "The figure; empty unless its state is known.",
        "state": "known, suppressed (hidden for privacy) or missing (not measured); never zero for these.",
        "cards": "Number of cards it rests on; under 10 it is hidden.",
        "merchants": "Number of merchants it rests on; under 3 it is hidden.",
        **_IMPORTED,
    },
    "municipality": {"raw_months": "Single readings of counters are kept so many months; empty: for ever."},
    "footfall_sensor": {
        "measure_kind": "passage and entries may be summed over time; occupancy and visitors never.",
        "shop_unit_id": "Shop unit at whose door it counts entries; only for measure_kind entries.",
        "raw_months": "Single readings are kept so many months; empty: as the municipality says.",
        "raw_from_at": "Single readings before this were dropped; their hours and days stay. Empty: none were.",
    },
}
# Their rows alter figures; hours and days do so by the readings they are made of.
WATCHED = ("manual_count", "area_figure")
FUNCTIONS = (
    "set_footfall_clock(text)",
    "follow_measure_kind()",
    "rebuild_rollups(bigint)",
    "follow_counts()",
    "roll_up_counts(bigint[], timestamptz[], timestamptz[])",
)


def upgrade() -> None:
    """Make the tables and what keeps them, and sum what was counted so far."""
    sql = SQL.read_text(encoding="utf-8").replace("__SRID__", str(SRID))
    op.get_bind().connection.cursor().execute(sql)
    for table, columns in COMMENTS.items():
        if table in ABOUT:
            op.execute(f"COMMENT ON TABLE {table} IS '{ABOUT[table]}'")
        for name, comment in columns.items():
            op.execute(f"COMMENT ON COLUMN {table}.{name} IS '{comment}'")
    for table in WATCHED:
        for event, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            op.execute(
                f"CREATE TRIGGER raise_data_version_{event.lower()} AFTER {event} ON {table} "
                f"REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT "
                "EXECUTE FUNCTION raise_data_version('SELECT nis_code FROM changed')"
            )
    zone = {"zone": get_settings().timezone}
    op.get_bind().execute(text("INSERT INTO footfall_clock (timezone) VALUES (:zone)"), zone)
    op.execute("SELECT rebuild_rollups(id) FROM footfall_sensor")


def downgrade() -> None:
    """Remove them."""
    for event in ("insert", "update", "delete"):
        op.execute(f"DROP TRIGGER roll_up_{event} ON footfall_count")
    op.execute("DROP TRIGGER follow_measure_kind ON footfall_sensor")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    for table in (
        "area_figure",
        "manual_count",
        "push_supplier",
        "footfall_day",
        "footfall_hour",
        "footfall_clock",
    ):
        op.execute(f"DROP TABLE {table}")
    op.execute(
        "ALTER TABLE footfall_sensor DROP COLUMN shop_unit_id, DROP COLUMN raw_months, DROP COLUMN raw_from_at"
    )
    op.execute("ALTER TABLE municipality DROP COLUMN raw_months")
    op.execute(
        "COMMENT ON COLUMN footfall_sensor.measure_kind IS 'passage may be summed over time; occupancy never.'"
    )
