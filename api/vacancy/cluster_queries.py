"""SQL about vacancy clusters."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.geojson import as_geojson

COLUMNS = (
    "c.id, c.label, c.units, c.vacant, c.expected, c.relative_risk, c.p_value, c.replications, c.null_model, "
    "c.radius_m, c.floor_area_m2, c.without_floor_area, c.initial, c.long_term, c.structural, c.unknown_duration, "
    "c.uncertain_duration, c.change, c.next_change, c.inventories"
)
SCAN = (
    "SELECT id, as_of_on AS on, question, is_today, tested_units, vacant, null_model, location_p_value, "
    "lowest_p_value, reason, largest_window, replications, alpha, computed_at FROM vacancy_scan "
)


def scan(session: Session, nis_code: str, question: str, on: date | None) -> RowMapping | None:
    """The search of today, or the last one at or before a day."""
    query = text(
        SCAN + "WHERE nis_code = :nis AND question = :question "
        "AND CASE WHEN CAST(:on AS date) IS NULL THEN is_today ELSE as_of_on <= :on END ORDER BY as_of_on DESC LIMIT 1"
    )
    return session.execute(query, {"nis": nis_code, "question": question, "on": on}).mappings().first()


def scans(session: Session, nis_code: str, question: str) -> Sequence[RowMapping]:
    """All searches about one question, the earliest day first."""
    query = text(SCAN + "WHERE nis_code = :nis AND question = :question ORDER BY as_of_on")
    return session.execute(query, {"nis": nis_code, "question": question}).mappings().all()


def clusters(session: Session, scan_id: int) -> Sequence[RowMapping]:
    """Clusters of one search with their shop units, the most certain first."""
    query = text(
        f"SELECT {COLUMNS}, {as_geojson('c.geom')} AS geometry, (SELECT array_agg(u.shop_unit_id ORDER BY 1) "
        "FROM vacancy_cluster_unit u WHERE u.vacancy_cluster_id = c.id) AS unit_ids FROM vacancy_cluster c "
        "WHERE c.scan_id = :scan ORDER BY c.p_value, c.log_likelihood_ratio DESC, c.id"
    )
    return session.execute(query, {"scan": scan_id}).mappings().all()


def dissolved(session: Session, nis_code: str, question: str, on: date) -> Sequence[RowMapping]:
    """Clusters of earlier searches that the next one no longer found, up to a day; the last to go first."""
    query = text(
        f"SELECT * FROM (SELECT {COLUMNS}, s.as_of_on AS last_on, (SELECT min(n.as_of_on) FROM vacancy_scan n "
        "WHERE n.nis_code = s.nis_code AND n.question = s.question AND n.as_of_on > s.as_of_on) AS gone_on, "
        f"{as_geojson('c.geom')} AS geometry, (SELECT array_agg(u.shop_unit_id ORDER BY 1) "
        "FROM vacancy_cluster_unit u WHERE u.vacancy_cluster_id = c.id) AS unit_ids FROM vacancy_cluster c "
        "JOIN vacancy_scan s ON s.id = c.scan_id WHERE s.nis_code = :nis AND s.question = :question "
        "AND c.next_change = 'dissolved') g WHERE gone_on <= :on ORDER BY last_on DESC, p_value, id"
    )
    return session.execute(query, {"nis": nis_code, "question": question, "on": on}).mappings().all()


def members(session: Session, nis_code: str, question: str) -> Sequence[RowMapping]:
    """Clusters of every search about one question with the keys of their shop units, without shapes."""
    query = text(
        f"SELECT {COLUMNS}, s.as_of_on AS on, array_agg(u.shop_unit_id ORDER BY u.shop_unit_id) AS member_ids "
        "FROM vacancy_cluster c JOIN vacancy_scan s ON s.id = c.scan_id "
        "JOIN vacancy_cluster_unit u ON u.vacancy_cluster_id = c.id WHERE s.nis_code = :nis "
        "AND s.question = :question GROUP BY c.id, s.as_of_on ORDER BY s.as_of_on, c.p_value, "
        "c.log_likelihood_ratio DESC, c.id"
    )
    return session.execute(query, {"nis": nis_code, "question": question}).mappings().all()


def cluster(session: Session, cluster_id: int) -> RowMapping | None:
    """One cluster."""
    query = text(f"SELECT {COLUMNS} FROM vacancy_cluster c WHERE id = :id")
    return session.execute(query, {"id": cluster_id}).mappings().first()


def neighbours(session: Session, unit_id: int) -> dict[str, Any] | None:
    """How many neighbours of a vacant unit are vacant, by the current run."""
    query = text(
        "SELECT i.numerator::int AS vacant, i.denominator::int AS units, i.detail FROM indicator_value i "
        "JOIN current_run r ON r.id = i.run_id WHERE i.shop_unit_id = :id AND i.code = 'vacant_neighbours'"
    )
    row = session.execute(query, {"id": unit_id}).mappings().first()
    return None if row is None else {"vacant": row["vacant"], "units": row["units"], **row["detail"]}
