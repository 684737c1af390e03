"""SQL that writes files."""

from collections.abc import Iterator
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.geojson import as_geojson
from api.places.filters import UnitFilter
from api.places.queries import UNITS
from gis.accessibility import INDICATORS

UNIT_COLUMNS = (
    "id", "uid", "nis_code", "local_code", "name", "address", "postcode", "place", "state", "branch_code",
    "branch_group", "floor_area_m2", "frontage_m", "vacancy_class", "vacant_earliest_on", "vacant_latest_on",
    "vacant_start_basis", "market_status", "asking_rent_eur_per_month", "core_id", "cluster_id", "footfall_per_day",
    "footfall_lower", "footfall_upper", "footfall_class", "class_reason", "location_score", "rank", "rank_lower", "rank_upper", "last_seen_on",
    "seen_months_ago", "freshness",
    *INDICATORS, "accessibility_reasons", "lon", "lat",
)  # fmt: skip
AT_ONCE = 2000
REGISTER_COLUMNS = (
    "record_key, dossier_number, internal_number, inventory_type, status, status_code, property_kind, street, "
    "house_number, box, postcode, place, capakey, found_on, entered_on, objection, objection_on, exemption, "
    "exemption_until, levy_year, levy_eur, removed_on, matched_by, match_doubt"
)
REGISTER_TABLES = {"legal-vacancy": "legal_vacancy_record", "business-premises": "business_premises_record"}


# Per layer the properties of a feature, and the rows that hold them with `id` and `geom`.
LAYERS: dict[str, tuple[str, str]] = {
    "parcels": ("capakey, canu, area_m2, begins_on", "FROM parcel WHERE nis_code = :nis AND ends_on IS NULL"),
    "sensors": (
        "code, name, instrument, measure_kind, interval_minutes, supplier, active_from, active_to",
        "FROM footfall_sensor WHERE nis_code = :nis",
    ),
    "parking-zones": (
        "code, name, kind, capacity, regime, max_stay_min, fee_eur_per_hour",
        "FROM (SELECT z.*, coalesce(area_geom, z.geom) AS shape FROM parking_zone z) z WHERE nis_code = :nis",
    ),
    "vacancy-clusters": (
        (
            "label, units, vacant, expected, relative_risk, p_value, replications, null_model, floor_area_m2, "
            "without_floor_area, initial, long_term, structural, unknown_duration, uncertain_duration, change, "
            "inventories, computed_at"
        ),
        (
            "FROM (SELECT c.*, r.nis_code, r.finished_at AS computed_at FROM vacancy_cluster c "
            "JOIN current_run r ON r.id = c.run_id) c WHERE nis_code = :nis"
        ),
    ),
    **{
        name: (REGISTER_COLUMNS, f"FROM {table} WHERE nis_code = :nis")
        for name, table in REGISTER_TABLES.items()
    },
}
SHAPES = {"parking-zones": "shape"}
# Whose licence holds for a file: that of the rows in it, or of the rows it was computed from.
TABLE_OF = {
    "shop-units": "shop_unit",
    "parcels": "parcel",
    "sensors": "footfall_sensor",
    "parking-zones": "parking_zone",
    "vacancy-clusters": "shop_unit",
    **REGISTER_TABLES,
}
# A figure about many rows gives none of them away.
AGGREGATES = {"vacancy-clusters"}


def units_of(wanted: UnitFilter) -> tuple[str, dict[str, Any]]:
    """SQL of the shop units that meet the filter, best score first, and its parameters."""
    where, values = wanted.where()
    named = {"footfall_per_day": "u.footfall_value", "location_score": "u.score"}
    named |= {"accessibility_reasons": "a.reasons"} | {code: f"a.{code}" for code in INDICATORS}
    columns = ", ".join(f"{named.get(column, f'u.{column}')} AS {column}" for column in UNIT_COLUMNS)
    rows = (
        f"SELECT {columns}, u.geom FROM (SELECT * FROM ({UNITS}) u WHERE {where}) u LEFT JOIN ("
        "SELECT a.* FROM accessibility a JOIN current_run r ON r.id = a.run_id AND r.kind = 'refresh'"
        ") a ON a.shop_unit_id = u.id ORDER BY u.score DESC NULLS LAST, u.id"
    )
    return rows, values


def unit_rows(session: Session, wanted: UnitFilter) -> Iterator[RowMapping]:
    """Shop units through a server-side cursor, so that a large file needs no memory."""
    query, values = units_of(wanted)
    result = session.execute(text(query), values, execution_options={"yield_per": AT_ONCE})
    yield from result.mappings()


def unit_features(session: Session, wanted: UnitFilter) -> Iterator[bytes]:
    """Shop units that meet the filter as lines of GeoJSON features."""
    query, values = units_of(wanted)
    properties = ", ".join(column for column in UNIT_COLUMNS if column != "id")
    return features(session, query, properties, values)


def layer_features(session: Session, name: str, nis_code: str) -> Iterator[bytes]:
    """One layer of a municipality as lines of GeoJSON features."""
    properties, rows = LAYERS[name]
    shape = SHAPES.get(name, "geom")
    query = f"SELECT id, {properties}, {shape} AS geom {rows} ORDER BY id"
    return features(session, query, properties, {"nis": nis_code})


def features(session: Session, rows: str, properties: str, values: dict[str, Any]) -> Iterator[bytes]:
    """
    Blocks of GeoJSON features, one a line, made by PostgreSQL and passed through as they come.

    COPY is twice as quick as a cursor; its text form doubles backslashes, which is undone here.
    """
    written = (
        'SELECT format(\'{"type":"Feature","id":%s,"geometry":%s,"properties":%s}\', q.id, '
        f"coalesce({as_geojson('q.geom')}, 'null'), row_to_json((SELECT p FROM (SELECT {properties}) p))) "
        f"FROM ({rows}) q"
    )
    bound = text(written).compile(dialect=postgresql.psycopg.dialect())  # type: ignore[no-untyped-call]
    raw = session.connection().connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    with raw.cursor().copy(f"COPY ({bound}) TO STDOUT", {**bound.params, **values}) as copy:
        for block in copy:
            yield bytes(block).replace(b"\\\\", b"\\")


def withheld(session: Session, table: str, nis_code: str) -> list[str]:
    """Datasets of this municipality's rows in a table that may not be given to others, by licence or because they are about persons."""
    query = text(
        f"SELECT DISTINCT d.name FROM {table} t JOIN dataset d ON d.id = t.dataset_id "
        "WHERE t.nis_code = :nis AND (NOT d.redistribute_rows OR d.personal_data)"
    )
    return list(session.execute(query, {"nis": nis_code}).scalars())


def attribution(session: Session, table: str, nis_code: str) -> str:
    """What must stand beside a file of the rows of a table."""
    query = text(
        f"SELECT string_agg(DISTINCT coalesce(d.attribution, d.name), '; ') FROM {table} t "
        "JOIN dataset d ON d.id = t.dataset_id WHERE t.nis_code = :nis"
    )
    return session.execute(query, {"nis": nis_code}).scalar() or ""


def municipality_name(session: Session, nis_code: str) -> str:
    """Name for the file."""
    query = text("SELECT name_nl FROM municipality WHERE nis_code = :nis")
    return str(session.execute(query, {"nis": nis_code}).scalar_one())
