"""Writing searches for vacancy clusters and what they found."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from api.db.base import SRID
from api.db.codes import CLUSTER_QUESTION as QUESTIONS
from api.db.models import VacancyCluster, VacancyClusterUnit, VacancyScan
from api.numbers import known, whole
from gis.scan import Scan
from gis.vacancy import DURATION_CLASSES, vacancy_duration

__all__ = ["QUESTIONS", "Asked", "inventories", "keep", "store_changes", "store_scan"]
COLUMN_OF = {"unknown": "unknown_duration"}


@dataclass(frozen=True)
class Asked:
    """Which question was asked of which day; with the run when it is today's."""

    nis_code: str
    on: date
    question: str
    data_key: str
    seconds: float
    run_id: int | None


def keep(session: Session, nis_code: str, keys: dict[date, str]) -> set[date]:
    """Remove all searches but those of these days and data; returns the days that are kept."""
    query = text("SELECT id, as_of_on, data_key, is_today FROM vacancy_scan WHERE nis_code = :nis")
    rows = session.execute(query, {"nis": nis_code}).all()
    is_kept = {row.id: not row.is_today and keys.get(row.as_of_on) == row.data_key for row in rows}
    gone = {"ids": [key for key, stays in is_kept.items() if not stays]}
    # Clusters of earlier runs stay with their run; only those of no run are forgotten.
    session.execute(text("DELETE FROM vacancy_cluster WHERE scan_id = ANY(:ids) AND run_id IS NULL"), gone)
    session.execute(text("DELETE FROM vacancy_scan WHERE id = ANY(:ids)"), gone)
    return {row.as_of_on for row in rows if is_kept[row.id]}


def store_scan(
    session: Session, asked: Asked, scan: Scan, shapes: gpd.GeoDataFrame, units: gpd.GeoDataFrame
) -> None:
    """Store one search and its clusters; those about the location are the run's own, which older parts read."""
    tested = scan.candidates["p_value"]
    scan_id = session.execute(
        insert(VacancyScan)
        .values(
            nis_code=asked.nis_code,
            as_of_on=asked.on,
            question=asked.question,
            is_today=asked.run_id is not None,
            data_key=asked.data_key,
            tested_units=scan.n_units,
            vacant=scan.n_vacant,
            null_model=scan.null,
            location_p_value=known(scan.location_p_value),
            lowest_p_value=float(tested.min()) if len(tested) else None,
            reason=scan.reason,
            largest_window=scan.max_units,
            replications=scan.replications,
            seed=scan.seed,
            alpha=scan.alpha,
            seconds=asked.seconds,
        )
        .returning(VacancyScan.id)
    ).scalar_one()
    durations = vacancy_duration(units, on=asked.on)
    run_id = asked.run_id if asked.question == "location" else None
    for _, row in shapes.iterrows():
        told = _cluster(row, units.loc[list(row["member_ids"])], durations)
        told |= {"run_id": run_id, "scan_id": scan_id}
        told |= {"null_model": scan.null, "replications": scan.replications}
        cluster_id = session.execute(
            insert(VacancyCluster).values(told).returning(VacancyCluster.id)
        ).scalar_one()
        links = [
            {"vacancy_cluster_id": cluster_id, "shop_unit_id": whole(unit)} for unit in row["member_ids"]
        ]
        session.execute(insert(VacancyClusterUnit), links)


def _cluster(row: pd.Series, members: gpd.GeoDataFrame, durations: pd.DataFrame) -> dict[str, Any]:
    """One cluster, named after the street most of its vacant units stand in."""
    vacant = members[members["state"] == "vacant"]
    streets = (
        vacant["street"].dropna().value_counts().sort_index().sort_values(ascending=False, kind="stable")
    )
    lasted = durations.loc[vacant.index]
    shape = row["geometry"]
    multi = shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])
    classes = lasted["duration_class"].value_counts()
    return {
        "label": str(streets.index[0]) if len(streets) else "?",
        "units": int(row["n_units"]),
        "vacant": int(row["n_vacant"]),
        "expected": float(row["expected_vacant"]),
        "relative_risk": float(row["relative_risk"]),
        "log_likelihood_ratio": float(row["llr"]),
        "p_value": float(row["p_value"]),
        "radius_m": float(row["radius_m"]),
        "floor_area_m2": float(vacant["floor_area_m2"].sum())
        if vacant["floor_area_m2"].notna().any()
        else None,
        "without_floor_area": int(vacant["floor_area_m2"].isna().sum()),
        **{COLUMN_OF.get(name, name): int(classes.get(name, 0)) for name in DURATION_CLASSES},
        "uncertain_duration": int(lasted["is_uncertain"].sum()),
        "geom": f"SRID={SRID};{shapely.to_wkt(multi, rounding_precision=2)}",
    }


def inventories(session: Session, nis_code: str, question: str) -> list[pd.DataFrame]:
    """Clusters of every search about one question, from the earliest day to today, as their history wants them."""
    query = text(
        "SELECT s.as_of_on, c.id, c.vacant AS n_vacant, array_agg(u.shop_unit_id) AS member_ids "
        "FROM vacancy_scan s LEFT JOIN vacancy_cluster c ON c.scan_id = s.id "
        "LEFT JOIN vacancy_cluster_unit u ON u.vacancy_cluster_id = c.id "
        "WHERE s.nis_code = :nis AND s.question = :question GROUP BY s.as_of_on, c.id, c.vacant ORDER BY 1, 2"
    )
    values = {"nis": nis_code, "question": question}
    rows = pd.read_sql(query, session.connection(), params=values)
    return [
        found.dropna(subset="id").astype({"id": int, "n_vacant": int}).set_index("id")
        for _, found in rows.groupby("as_of_on", sort=True)
    ]


def store_changes(session: Session, history: pd.DataFrame) -> None:
    """Write into every cluster what it was to the inventories beside its own."""
    query = text(
        "UPDATE vacancy_cluster SET change = :change, next_change = :next_change, inventories = :n WHERE id = :id"
    )
    rows = [
        {
            "id": whole(key),
            "change": row["change"],
            "next_change": row["next_change"],
            "n": row["n_inventories"],
        }
        for key, row in history.to_dict("index").items()
    ]
    if rows:
        session.execute(query, rows)
