"""What the indicators of profiles read beside what a refresh has read already, as frames."""

import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session


def unit_facts(session: Session, nis_code: str) -> pd.DataFrame:
    """Front, floor and asking rent of the active shop units."""
    query = text(
        "SELECT id, frontage_m::float8 AS frontage_m, floor_level, "
        "asking_rent_eur_per_month::float8 AS asking_rent_eur_per_month "
        "FROM shop_unit_state WHERE nis_code = :nis ORDER BY id"
    )
    frame = pd.read_sql(query, session.connection(), params={"nis": nis_code}, index_col="id")
    numbers = ["frontage_m", "asking_rent_eur_per_month"]
    return frame.astype(dict.fromkeys(numbers, float))


def reached(session: Session, run_id: int) -> pd.DataFrame:
    """What this run measured of how well its shop units can be reached; infinite and unknown are empty."""
    columns = "persons_bicycle_15_min, persons_car_10_min, stop_m"
    query = text(
        f"SELECT shop_unit_id AS id, {columns} FROM accessibility WHERE run_id = :run AND shop_unit_id IS NOT NULL"
    )
    return pd.read_sql(query, session.connection(), params={"run": run_id}, index_col="id").astype(float)


def incomes(session: Session, nis_code: str) -> pd.Series:
    """Newest median income per sector of a municipality, EUR a year; hidden ones are left out."""
    query = text(
        "SELECT DISTINCT ON (t.sector_code) t.sector_code, t.value FROM sector_stat t "
        "JOIN stat_sector s ON s.code = t.sector_code WHERE s.nis_code = :nis AND t.key = 'income_median_eur' "
        "AND t.value > 0 ORDER BY t.sector_code, t.year DESC"
    )
    rows = session.execute(query, {"nis": nis_code}).all()
    return pd.Series({row.sector_code: float(row.value) for row in rows}, dtype=float)


def more_sources(session: Session, nis_code: str) -> dict[str, tuple[str, str]]:
    """Datasets of incomes and of stops, and the date or period they speak of."""
    asked = {
        "income": "SELECT string_agg(DISTINCT d.name, ', '), max(t.year)::text FROM sector_stat t "
        "JOIN stat_sector s ON s.code = t.sector_code LEFT JOIN dataset d ON d.id = t.dataset_id "
        "WHERE s.nis_code = :nis AND t.key = 'income_median_eur'",
        "stops": "SELECT string_agg(DISTINCT d.name, ', '), max(d.vintage_on)::text FROM public_place t "
        "LEFT JOIN dataset d ON d.id = t.dataset_id WHERE t.nis_code = :nis AND t.kind IN ('stop', 'station')",
    }
    found = {}
    for name, query in asked.items():
        source, when = session.execute(text(query), {"nis": nis_code}).one()
        found[name] = (source or "", when or "")
    return found
