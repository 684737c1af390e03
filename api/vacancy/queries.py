"""SQL about vacancy."""

from datetime import date

import pandas as pd
from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session


def register(session: Session, nis_code: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Shop units, and all periods of their history.

    Returns
    -------
    Units (index id; floor_area_m2, core_id, street, valid_from, valid_to) and periods (shop_unit_id, kind,
    from_on, to_on, branch_group, start_earliest_on, start_latest_on), dates as datetime64.
    """
    units = text(
        "SELECT id, floor_area_m2, core_id, street, lifecycle, valid_from, valid_to, last_seen_on FROM shop_unit "
        "WHERE nis_code = :nis"
    )
    periods = text(
        "SELECT v.shop_unit_id, 'vacant' AS kind, v.start_latest_on AS from_on, v.ended_on AS to_on, "
        "NULL AS branch_group, v.start_earliest_on, v.start_latest_on FROM vacancy_spell v "
        "JOIN shop_unit u ON u.id = v.shop_unit_id WHERE u.nis_code = :nis "
        "UNION ALL SELECT o.shop_unit_id, 'occupied', lower(o.period), upper(o.period), b.parent_code, NULL, NULL "
        "FROM occupancy o JOIN shop_unit u ON u.id = o.shop_unit_id LEFT JOIN code_list b "
        "ON b.scheme = o.branch_scheme AND b.version = o.branch_version AND b.code = o.branch_code "
        "WHERE u.nis_code = :nis"
    )
    connection = session.connection()
    values = {"nis": nis_code}
    unit_rows = pd.read_sql(units, connection, params=values, index_col="id")
    period_rows = pd.read_sql(periods, connection, params=values)
    for frame, columns in (
        (unit_rows, ("valid_from", "valid_to", "last_seen_on")),
        (period_rows, ("from_on", "to_on", "start_earliest_on", "start_latest_on")),
    ):
        for column in columns:
            frame[column] = pd.to_datetime(frame[column])
    return unit_rows, period_rows


def sources(session: Session, nis_code: str) -> RowMapping:
    """Datasets the shop units came from, and the last day somebody looked."""
    query = text(
        "SELECT string_agg(DISTINCT d.name, ', ') AS source, max(u.last_seen_on) AS surveyed_on, "
        "min(u.last_seen_on) AS oldest_on FROM shop_unit u LEFT JOIN dataset d ON d.id = u.dataset_id "
        "WHERE u.nis_code = :nis AND u.lifecycle = 'active'"
    )
    return session.execute(query, {"nis": nis_code}).mappings().one()


def core_names(session: Session, nis_code: str) -> dict[int, str]:
    """Names of cores by id."""
    query = text("SELECT id, name FROM core WHERE nis_code = :nis")
    return {row.id: row.name for row in session.execute(query, {"nis": nis_code})}


def today(session: Session) -> date:
    """The database's day, which the views use too."""
    value = session.execute(text("SELECT current_date")).scalar_one()
    assert isinstance(value, date)
    return value
