"""The core model: areas, land, shop units and their history, footfall, parking, sources, results.

Revision ID: 0001
"""

from pathlib import Path

from alembic import op

from api.db.base import SRID

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

HERE = Path(__file__).parent

# The way from a changed row to the municipality that owns it, for the data version.
OWNED = (
    "neighbourhood core stat_sector parcel building backdrop street_segment place_hint public_place "
    "footfall_sensor shop_unit parking_zone event"
).split()
THROUGH = {
    "occupancy": "SELECT u.nis_code FROM changed c JOIN shop_unit u ON u.id = c.shop_unit_id",
    "vacancy_spell": "SELECT u.nis_code FROM changed c JOIN shop_unit u ON u.id = c.shop_unit_id",
    "shop_unit_relation": "SELECT u.nis_code FROM changed c JOIN shop_unit u ON u.id = c.to_unit_id",
    "footfall_count": "SELECT s.nis_code FROM changed c JOIN footfall_sensor s ON s.id = c.sensor_id",
    "parking_observation": "SELECT z.nis_code FROM changed c JOIN parking_zone z ON z.id = c.parking_zone_id",
    "sector_stat": "SELECT s.nis_code FROM changed c JOIN stat_sector s ON s.code = c.sector_code",
}
TABLES = (
    "vacancy_spell vacancy_cluster_unit shop_unit_relation occupancy location_score indicator_value "
    "vacancy_cluster shop_unit population_point parking_observation footfall_count street_segment stat_sector "
    "public_place place_hint parking_zone parcel neighbourhood footfall_sensor event core building backdrop "
    "analysis_run sector_stat municipality import_refusal import_change import_batch dataset code_list"
).split()


def upgrade() -> None:
    """Make the extensions, tables, functions and triggers."""
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for name in ("0001_core_model.sql", "0001_functions.sql"):
        sql = (HERE / name).read_text(encoding="utf-8").replace("__SRID__", str(SRID))
        # Without parameters psycopg sends the whole file at once, as psql would.
        op.get_bind().connection.cursor().execute(sql)
    for table in OWNED:
        _watch(table, "SELECT nis_code FROM changed")
    for table, owners in THROUGH.items():
        _watch(table, owners)


def _watch(table: str, owners: str) -> None:
    """Raise the municipality's data version on every write to `table`."""
    for event, transition in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        quoted = owners.replace("'", "''")
        op.execute(
            f"CREATE TRIGGER raise_data_version_{event.lower()} AFTER {event} ON {table} "
            f"REFERENCING {transition} TABLE AS changed "
            f"FOR EACH STATEMENT EXECUTE FUNCTION raise_data_version('{quoted}')"
        )


def downgrade() -> None:
    """Remove everything this revision made; the extensions stay, for they may serve others."""
    for table in TABLES:
        op.execute(f"DROP TABLE IF EXISTS {table}")
    for function in (
        "raise_data_version()",
        "raise_street_version()",
        "refuse_trade_during_vacancy()",
        "ensure_count_partitions(timestamptz, timestamptz)",
        "place_shop_units(text)",
    ):
        op.execute(f"DROP FUNCTION IF EXISTS {function}")
