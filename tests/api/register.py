"""What the tests of importing and undoing look at: whole tables, changes, refusals, periods."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.base import Base

# What an import or an undo records about itself, and what a refresh makes.
RECORDS = {
    "import_batch",
    "import_change",
    "import_refusal",
    "dataset",
    "code_list",
    "municipality",
    "footfall_clock",
}
MADE_BY_REFRESH = {
    "analysis_run",
    "indicator_value",
    "location_score",
    "vacancy_cluster",
    "vacancy_cluster_unit",
    "vacancy_duration",
    "vacancy_outlook",
    "street_footfall",
    "forecast_run",
    "forecast_value",
    "forecast_day",
    "vacancy_scan",
    "population_point",
    "unit_indicators",
}
KEPT = [
    name
    for name, table in Base.metadata.tables.items()
    # Who may do what is no part of what is imported.
    if name not in RECORDS | MADE_BY_REFRESH and table.schema != "rights"
]


def whole_tables(session: Session) -> dict[str, list[str]]:
    """Every row of every table that holds data, geometry as stored, byte by byte."""
    found = {}
    for name in KEPT:
        query = text(f"SELECT t::text FROM {name} t ORDER BY 1")
        found[name] = list(session.execute(query).scalars())
    named = (
        "SELECT (to_jsonb(m) - 'data_version' - 'street_version')::text || m.geom::text FROM municipality m"
    )
    found["municipality"] = sorted(str(row) for row in session.execute(text(named)).scalars())
    return found


def rows_in(session: Session, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """Rows of a query within a test's own session."""
    return [tuple(row) for row in session.execute(text(query), values)]


def changes(session: Session, batch_id: int) -> list[tuple[Any, ...]]:
    """What an import changed: table, before, after."""
    query = "SELECT table_name, before, after FROM import_change WHERE batch_id = :id ORDER BY id"
    return rows_in(session, query, id=batch_id)


def refusals(session: Session, batch_id: int) -> list[tuple[Any, ...]]:
    """What an import refused: row, column, value, reason."""
    query = (
        "SELECT row_number, column_name, value, reason FROM import_refusal WHERE batch_id = :id ORDER BY 1"
    )
    return rows_in(session, query, id=batch_id)


def periods(session: Session, local_code: str) -> list[tuple[Any, ...]]:
    """History of a unit in order: kind, first day, day after the last, who or how it is known."""
    query = (
        "SELECT 'occupancy', lower(o.period), upper(o.period), coalesce(o.occupant_name, o.branch_code) "
        "FROM occupancy o JOIN shop_unit u ON u.id = o.shop_unit_id WHERE u.local_code = :code "
        "UNION ALL SELECT 'vacancy', v.start_latest_on, v.ended_on, v.start_basis FROM vacancy_spell v "
        "JOIN shop_unit u ON u.id = v.shop_unit_id WHERE u.local_code = :code ORDER BY 2, 1"
    )
    return rows_in(session, query, code=local_code)
