"""Vacancy clusters of today and of every inventory, in figures and in words."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import pandas as pd
from sqlalchemy.orm import Session

from api.dependencies import Language
from api.export.service import csv_file
from api.geojson import Row, collection, feature
from api.numbers import whole
from api.vacancy import cluster_queries as queries
from api.vacancy.cluster_sentences import cluster_sentence, neighbours_sentence, verdict_messages
from api.vacancy.inventories import states_on
from gis.cluster_change import MIN_SHARED, cluster_history, holm

Question = Literal["location", "average"]
LANGUAGES: tuple[Language, ...] = ("nl", "fr", "en")
CSV_COLUMNS = (
    "id", "label", "units", "vacant", "expected", "relative_risk", "p_value", "replications", "null_model",
    "floor_area_m2", "without_floor_area", "initial", "long_term", "structural", "unknown_duration",
    "uncertain_duration", "change", "inventories", "last_on", "sentence",
)  # fmt: skip


def list_clusters(
    session: Session, nis_code: str, *, question: Question, on: date | None, with_dissolved: bool
) -> dict[str, Any]:
    """Clusters of a day as features, and the verdict of the search in words; none is an answer."""
    scan = queries.scan(session, nis_code, question, on)
    if scan is None:
        reason = "not_computed" if on is None else "no_inventory"
        verdict = {"reason": reason, "question": question, "on": None}
        return collection([], verdict={**verdict, **verdict_messages(verdict, 0)})
    rows = [dict(row) for row in queries.clusters(session, scan["id"])]
    verdict = {**scan, "reason": scan["reason"] or "found"}
    features = [feature(_told(row, question, is_dissolved=False)) for row in rows]
    if with_dissolved:
        gone = queries.dissolved(session, nis_code, question, scan["on"])
        features += [feature(_told(dict(row), question, is_dissolved=True)) for row in gone]
    return collection(features, verdict={**verdict, **verdict_messages(verdict, len(rows))})


def _told(row: dict[str, Any], question: Question, *, is_dissolved: bool) -> dict[str, Any]:
    sentences = {
        f"sentence_{code}": cluster_sentence(row, code, question, is_dissolved=is_dissolved)
        for code in LANGUAGES
    }
    return {"last_on": None, "gone_on": None, **row, "is_dissolved": is_dissolved, **sentences}


def clusters_csv(
    session: Session, nis_code: str, *, question: Question, on: date | None, language: Language
) -> bytes:
    """Clusters of a day and those that dissolved before, one a row, as a spreadsheet wants them."""
    found = list_clusters(session, nis_code, question=question, on=on, with_dissolved=True)
    told = [
        {"id": item["id"], **item["properties"], "sentence": item["properties"][f"sentence_{language}"]}
        for item in found["features"]
    ]
    return csv_file([CSV_COLUMNS, *([row[name] for name in CSV_COLUMNS] for row in told)])


def get_history(session: Session, nis_code: str, *, question: Question) -> dict[str, Any]:
    """Every inventory with its clusters, what each was to those before and after, and how many units stood vacant."""
    scans = queries.scans(session, nis_code, question)
    rows = [dict(row) for row in queries.members(session, nis_code, question)]
    days = [scan["on"] for scan in scans]
    counted = _counted(session, nis_code, days, rows)
    # Where nothing could be tested nothing is more than chance.
    corrected = holm([1.0 if s["lowest_p_value"] is None else s["lowest_p_value"] for s in scans])
    links = _links(days, rows)
    inventories = []
    for scan, p_value in zip(scans, corrected, strict=True):
        here = [row for row in rows if row["on"] == scan["on"]]
        inventories.append(
            {
                **{key: value for key, value in scan.items() if key != "id"},
                "reason": scan["reason"] or "found",
                "p_value_over_inventories": None if scan["lowest_p_value"] is None else float(p_value),
                "clusters": [_in_time(row, links, counted) for row in here],
            }
        )
    return {"question": question, "min_shared": MIN_SHARED, "inventories": inventories}


def _in_time(row: Row, links: pd.DataFrame, counted: dict[int, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        **{key: value for key, value in row.items() if key not in {"member_ids", "on"}},
        "from_ids": [whole(key) for key in links["from_keys"][row["id"]]],
        "to_ids": [whole(key) for key in links["to_keys"][row["id"]]],
        "vacant_over_time": counted[row["id"]],
    }


def _links(days: Sequence[date], rows: Sequence[Row]) -> pd.DataFrame:
    frames = []
    for day in days:
        here = [row for row in rows if row["on"] == day]
        found = {
            "member_ids": [row["member_ids"] for row in here],
            "n_vacant": [row["vacant"] for row in here],
        }
        frames.append(pd.DataFrame(found, index=[row["id"] for row in here]))
    return cluster_history(frames)


def _counted(
    session: Session, nis_code: str, days: Sequence[date], rows: Sequence[Row]
) -> dict[int, list[dict[str, Any]]]:
    """How many of the shop units of each cluster stood vacant at every inventory, of how many in a known state."""
    states = states_on(session, nis_code, days) if rows else {}
    counted: dict[int, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    for day, frame in states.items():
        state = frame["state"]
        for row in rows:
            inside = state.reindex(row["member_ids"])
            told = {
                "vacant": int((inside == "vacant").sum()),
                "known": int((inside.isin(("occupied", "vacant"))).sum()),
            }
            counted[row["id"]].append({"on": day, **told})
    return counted


def get_cluster_of(session: Session, cluster_id: int | None, language: Language) -> dict[str, Any] | None:
    """A cluster as the panel of one of its units shows it."""
    row = None if cluster_id is None else queries.cluster(session, cluster_id)
    if row is None:
        return None
    return {**row, "sentence": cluster_sentence(row, language, "location", is_dissolved=False)}


def get_neighbours_of(session: Session, unit_id: int, language: Language) -> dict[str, Any] | None:
    """How many neighbours of a vacant unit stand vacant too, and whether chance explains it; a local view."""
    row = queries.neighbours(session, unit_id)
    return None if row is None else {**row, "sentence": neighbours_sentence(row, language)}
