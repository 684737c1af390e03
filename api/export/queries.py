"""SQL that writes files."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.geojson import as_geojson
from api.places.filters import UnitFilter
from api.places.queries import UNITS

UNIT_COLUMNS = (
    "id", "uid", "nis_code", "local_code", "name", "address", "postcode", "place", "state", "branch_code",
    "branch_group", "floor_area_m2", "frontage_m", "vacancy_class", "vacant_earliest_on", "vacant_latest_on",
    "vacant_start_basis", "market_status", "asking_rent_eur_per_month", "core_id", "cluster_id", "footfall_per_day",
    "footfall_lower", "footfall_upper", "location_score", "rank", "rank_lower", "rank_upper", "last_seen_on", "lon",
    "lat",
)  # fmt: skip
AT_ONCE = 2000

LAYERS: dict[str, str] = {
    "parcels": "SELECT id, capakey, canu, area_m2, begins_on, geom FROM parcel "
    "WHERE nis_code = :nis AND ends_on IS NULL",
    "sensors": "SELECT id, code, name, instrument, measure_kind, interval_minutes, supplier, active_from, active_to, "
    "geom FROM footfall_sensor WHERE nis_code = :nis",
    "parking-zones": "SELECT id, code, name, kind, capacity, regime, max_stay_min, fee_eur_per_hour, "
    "coalesce(area_geom, geom) AS geom FROM parking_zone WHERE nis_code = :nis",
    "vacancy-clusters": "SELECT c.id, c.label, c.units, c.vacant, c.expected, c.relative_risk, c.p_value, "
    "c.null_model, c.floor_area_m2, r.finished_at AS computed_at, c.geom FROM vacancy_cluster c "
    "JOIN current_run r ON r.id = c.run_id WHERE r.nis_code = :nis",
}


def units(session: Session, wanted: UnitFilter) -> Iterator[RowMapping]:
    """Shop units that meet the filter, best score first, as a stream."""
    where, values = wanted.where()
    named = {"footfall_per_day": "footfall_value", "location_score": "score"}
    columns = ", ".join(f"{named[c]} AS {c}" if c in named else c for c in UNIT_COLUMNS)
    query = text(
        f"SELECT {columns}, {as_geojson('geom')} AS geometry FROM ({UNITS}) u WHERE {where} "
        "ORDER BY score DESC NULLS LAST, id"
    )
    return stream(session, query, values)


def layer(session: Session, name: str, nis_code: str) -> Iterator[RowMapping]:
    """Features of one layer of a municipality, as a stream."""
    query = text(f"SELECT q.*, {as_geojson('q.geom')} AS geometry FROM ({LAYERS[name]}) q ORDER BY q.id")
    return stream(session, query, {"nis": nis_code})


def stream(session: Session, query: Any, values: dict[str, Any]) -> Iterator[RowMapping]:
    """Rows through a server-side cursor, so that a large file needs no memory."""
    result = session.execute(query, values, execution_options={"yield_per": AT_ONCE})
    yield from result.mappings()


def withheld(session: Session, nis_code: str) -> list[str]:
    """Datasets of this municipality's shop units whose rows may not be given to others."""
    query = text(
        "SELECT DISTINCT d.name FROM shop_unit u JOIN dataset d ON d.id = u.dataset_id "
        "WHERE u.nis_code = :nis AND NOT d.redistribute_rows"
    )
    return list(session.execute(query, {"nis": nis_code}).scalars())


def attribution(session: Session, nis_code: str) -> str:
    """What must stand beside the file."""
    query = text(
        "SELECT string_agg(DISTINCT coalesce(d.attribution, d.name), '; ') FROM shop_unit u "
        "JOIN dataset d ON d.id = u.dataset_id WHERE u.nis_code = :nis"
    )
    return session.execute(query, {"nis": nis_code}).scalar() or ""


def municipality_name(session: Session, nis_code: str) -> str:
    """Name for the file."""
    query = text("SELECT name_nl FROM municipality WHERE nis_code = :nis")
    return str(session.execute(query, {"nis": nis_code}).scalar_one())
