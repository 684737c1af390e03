"""SQL about location scores."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.places.queries import UNITS


def count_ranked(session: Session, nis_code: str) -> int:
    """How many vacant units the current run ranked."""
    query = text(
        "SELECT count(l.rank) FROM location_score l JOIN current_run r ON r.id = l.run_id "
        "WHERE r.nis_code = :nis AND l.profile = 'general'"
    )
    return int(session.execute(query, {"nis": nis_code}).scalar_one())


def detail(session: Session, unit_id: int) -> RowMapping | None:
    """The current score of a unit, with its run."""
    query = text(
        "SELECT l.profile, l.score AS value, l.rank, l.rank_lower, l.rank_upper, l.p_first, l.p_top5, l.components, "
        "l.missing, r.id AS run_id, r.finished_at, r.code_version, r.data_version FROM location_score l "
        "JOIN current_run r ON r.id = l.run_id WHERE l.shop_unit_id = :id AND l.profile = 'general'"
    )
    return session.execute(query, {"id": unit_id}).mappings().first()


def labels(session: Session, scheme: str) -> dict[str, RowMapping]:
    """Labels of a code list by code."""
    query = text("SELECT code, label_nl, label_fr, label_en FROM code_list WHERE scheme = :scheme")
    return {row["code"]: row for row in session.execute(query, {"scheme": scheme}).mappings()}


def run_parameters(session: Session, nis_code: str) -> RowMapping | None:
    """Parameters of the current run: weights and reference values of its scores."""
    query = text(
        "SELECT id, parameters, finished_at, code_version, data_version FROM current_run "
        "WHERE nis_code = :nis AND kind = 'refresh'"
    )
    return session.execute(query, {"nis": nis_code}).mappings().first()


def fresh_months(session: Session, nis_code: str) -> dict[str, int]:
    """From how many months on a unit of this municipality is no longer fresh, and stale."""
    query = text("SELECT fresh_months, stale_months FROM municipality WHERE nis_code = :nis")
    return dict(session.execute(query, {"nis": nis_code}).mappings().one())


def points(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """All active units of a municipality, lean, with the scaled value of each criterion."""
    query = text(
        "SELECT u.id, u.lon, u.lat, u.state, u.branch_group, u.vacancy_class, u.floor_area_m2, u.core_id, "
        "u.cluster_id, u.address, u.name, u.score, u.rank, u.rank_lower, u.rank_upper, "
        "u.footfall_value AS footfall_per_day, u.footfall_class, u.last_seen_on, u.seen_months_ago, u.freshness, "
        "u.local_code, "
        "(SELECT jsonb_object_agg(c->>'code', c->'scaled') FROM location_score l, jsonb_array_elements(l.components) c "
        "WHERE l.shop_unit_id = u.id AND l.run_id = :run AND l.profile = 'general') AS scaled "
        f"FROM ({UNITS}) u WHERE u.nis_code = :nis ORDER BY u.id"
    )
    run = run_parameters(session, nis_code)
    return session.execute(query, {"nis": nis_code, "run": run["id"] if run else None}).mappings().all()
