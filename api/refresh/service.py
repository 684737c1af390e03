"""`kernkaart refresh`: compute and store everything of one municipality, all or nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from api import __version__
from api.db.models import AnalysisRun, Municipality
from api.db.session import current_day, get_engine
from api.errors import NotAnswerable, NotFound
from api.event.service import refresh_effects
from api.forecast.issuing import issue
from api.numbers import known, whole
from api.refresh import durations, queries, store
from api.refresh.accessibility import store_accessibility
from api.refresh.clusters import join_rows, refresh_clusters
from api.refresh.footfall import compute_footfall
from api.refresh.ground import Ground
from api.refresh.indicators import store_unit_indicators
from api.refresh.scores import compute_scores
from api.refresh.street_footfall import store_streets
from api.settings import get_settings
from gis.parking import parking_occupancy
from gis.vacancy import vacancy_rate

Progressed = Callable[[str], None]
Counted = Callable[[int, int], None]
STEPS = (
    "streets and units", "inhabitants", "vacancy", "footfall", "parking", "scores", "clusters", "durations",
    "accessibility", "profiles", "forecast", "events",
)  # fmt: skip

# What the parameters of a run name when it was computed whole.
PARTS = ("accessibility", "cluster_inventories", "footfall_streets", "indicators", "forecast", "events")


@dataclass
class RefreshResult:
    """What a refresh did."""

    nis_code: str
    run_id: int
    seconds: float
    scored: int = 0
    clusters: int = 0
    parcels: int = 0
    parcels_off_streets: int = 0
    messages: list[str] = field(default_factory=list)


READ_BY_A_MAP = (
    "shop_unit", "occupancy", "vacancy_spell", "analysis_run", "indicator_value", "location_score", "vacancy_cluster",
    "vacancy_cluster_unit",
)  # fmt: skip


def stale_municipalities(session: Session, *, only_stale: bool) -> list[tuple[str, str]]:
    """NIS codes and names; with `only_stale` those whose figures are older than their data or the code."""
    query = (
        "SELECT m.nis_code, m.name_nl FROM municipality m LEFT JOIN current_run r ON r.nis_code = m.nis_code "
        "AND r.kind = 'refresh' "
    )
    if only_stale:
        # A run of before one of these parts was computed has none of it, whatever version it names.
        query += (
            "WHERE r.id IS NULL OR r.data_version <> m.data_version OR r.code_version <> :code "
            "OR NOT r.parameters ?& CAST(:parts AS text[]) "
            "OR NOT EXISTS (SELECT 1 FROM vacancy_duration d WHERE d.run_id = r.id) "
        )
    rows = session.execute(
        text(query + "ORDER BY m.nis_code"), {"code": __version__, "parts": list(PARTS)} if only_stale else {}
    )
    return [(row.nis_code, row.name_nl) for row in rows]


def refresh(
    nis_code: str,
    *,
    is_learning: bool = False,
    progressed: Progressed = lambda _: None,
    counted: Counted = lambda *_: None,
) -> RefreshResult:
    """
    Compute one municipality in one transaction: readers see the earlier figures until all are new.

    `is_learning` fits the learned forecast too, which takes some twenty seconds where counts go back far enough.
    `progressed` is called with the name of each step as it begins, `counted` within the long one with how many places
    are done and how many there are.

    Raises
    ------
    NotFound
        When the municipality is not known.
    NotAnswerable
        When there are no streets or no shop units yet.
    """
    started = time.perf_counter()
    with Session(get_engine()) as session, session.begin():
        session.execute(text("SET LOCAL statement_timeout = 0"))
        # Two refreshes of one municipality would do the same work twice.
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtext('kernkaart.refresh'), hashtext(:nis))"),
            {"nis": nis_code},
        )
        # The version before anything is read: what others write meanwhile makes the run stale, not fresh.
        version = session.execute(
            select(Municipality.data_version).where(Municipality.nis_code == nis_code)
        ).scalar()
        if version is None:
            raise NotFound(
                f"Municipality {nis_code} is not known here.", "List them: kernkaart municipality list"
            )
        run_id = session.execute(
            insert(AnalysisRun)
            .values(nis_code=nis_code, kind="refresh", data_version=version, code_version=__version__)
            .returning(AnalysisRun.id)
        ).scalar_one()
        result = _compute(
            session,
            nis_code,
            run_id,
            started=started,
            is_learning=is_learning,
            progressed=progressed,
            counted=counted,
        )
    _tell_planner()
    return result


def _tell_planner() -> None:
    """Take statistics at once of what a map reads: before the database does so by itself, it takes a large town for a small one."""
    with get_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"ANALYZE {', '.join(READ_BY_A_MAP)}"))


def _compute(
    session: Session,
    nis_code: str,
    run_id: int,
    *,
    started: float,
    is_learning: bool,
    progressed: Progressed,
    counted: Counted,
) -> RefreshResult:
    steps: list[dict[str, Any]] = []

    def step(name: str) -> None:
        steps.append({"step": name, "at_s": round(time.perf_counter() - started, 3)})
        progressed(name)

    step(STEPS[0])
    ground = Ground(session, nis_code)
    if ground.units.empty:
        raise NotAnswerable(
            f"Municipality {nis_code} has no shop units yet, so there is nothing to compute.",
            f"Import them: kernkaart import shop-units FILE --municipality {nis_code}",
        )
    sources = queries.source_names(session, nis_code)
    step(STEPS[1])
    store.store_people(session, run_id, nis_code, ground.people)
    step(STEPS[2])
    rows = list(store.rate_rows(run_id, vacancy_rate(ground.units), is_core=False, sources=sources))
    in_core = ground.units[ground.units["core_id"].notna()]
    rows += store.rate_rows(run_id, vacancy_rate(in_core, by="core_id"), is_core=True, sources=sources)
    step(STEPS[3])
    footfall = compute_footfall(session, nis_code, ground)
    rows += store.footfall_rows(run_id, footfall, sources)
    n_streets = store_streets(session, run_id, nis_code, footfall.streets)
    step(STEPS[4])
    parking = _parking_rows(session, nis_code, run_id, sources)
    rows += parking
    step(STEPS[5])
    scored = compute_scores(ground, footfall)
    n_scored = store.store_scores(session, run_id, scored, sources)
    step(STEPS[6])
    scan, inventories = refresh_clusters(ground, run_id, counted=counted)
    rows.append(_verdict_row(run_id, scan))
    rows += join_rows(run_id, ground, sources=sources)
    step(STEPS[7])
    durations.store_durations(session, run_id, nis_code, sources)
    outlook = durations.compute_outlook(session, ground, current_day(session))
    durations.store_outlook(session, run_id, outlook)
    rows.append(durations.outlook_row(run_id, outlook, sources))
    store.store_indicators(session, rows)
    step(STEPS[8])
    reached = store_accessibility(session, run_id, ground, sources=sources, counted=counted)
    step(STEPS[9])
    taken = pd.Series({row["detail"]["parking_zone_id"]: row["value"] for row in parking}, dtype=float)
    origins = store_unit_indicators(
        ground, run_id, scored=scored, footfall=footfall, scan=scan, occupancy=taken, sources=sources
    )
    step(STEPS[10])
    forecast = issue(session, nis_code, source=sources["footfall"][0] or None, is_learning=is_learning)
    step(STEPS[11])
    # Flags that this refresh wrote raise the data version at its end; the effects are of that version.
    version = queries.run_version(session, run_id) + footfall.own_writes
    measured = refresh_effects(session, nis_code, version=version, counted_at=counted)
    seconds = time.perf_counter() - started
    parameters = {
        "weights": {code: float(share) for code, share in scored.scores.weights.items()},
        "references": {
            code: [known(row["low"]), known(row["high"])] for code, row in scored.scores.references.iterrows()
        },
        "footfall_accuracy": {name: known(value) for name, value in footfall.accuracy.items()},
        "footfall_counts": footfall.calibrated(),
        "footfall_numbers": footfall.told_checks(),
        "footfall_streets": n_streets,
        "population": ground.population_coverage(),
        "off_streets": int((ground.at_units.segment < 0).sum()),
        "accessibility": reached,
        "cluster_inventories": inventories,
        "indicators": origins,
        "forecast": forecast,
        "events": measured,
    }
    store.finish_run(
        session,
        run_id,
        seconds=seconds,
        parameters=parameters,
        messages=steps,
        own_writes=footfall.own_writes,
    )
    return RefreshResult(
        nis_code,
        run_id,
        seconds,
        scored=n_scored,
        clusters=len(scan.clusters),
        parcels=reached["parcels"],
        parcels_off_streets=reached["parcels_off_streets"],
    )


def _parking_rows(
    session: Session, nis_code: str, run_id: int, sources: store.Sources
) -> list[dict[str, Any]]:
    observations = queries.parking_observations(session, nis_code)
    if observations.empty:
        return []
    table = parking_occupancy(observations, timezone=get_settings().timezone)
    return [
        {
            "run_id": run_id,
            "code": "parking_zone_occupancy",
            "value": row["occupancy_share"],
            "reason": row["reason"],
            "source": sources["parking"][0],
            "observed_on": f"{row['from_on']}/{row['to_on']}" if known(row["from_on"]) else None,
            "detail": {
                "parking_zone_id": whole(zone_id),
                "p85_share": known(row["occupancy_p85_share"]),
                "is_full_share": known(row["is_full_share"]),
                "n_days": int(row["n_days"]),
                "n_observations": int(row["n_observations"]),
                "from_on": str(row["from_on"]) if known(row["from_on"]) else None,
                "to_on": str(row["to_on"]) if known(row["to_on"]) else None,
            },
        }
        for zone_id, row in table.iterrows()
    ]


def _verdict_row(run_id: int, scan: Any) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "code": "vacancy_clusters",
        "value": float(len(scan.clusters)),
        "detail": {
            "tested_units": scan.n_units,
            "vacant": scan.n_vacant,
            "null_model": scan.null,
            "reason": scan.reason,
            "largest_window": scan.max_units,
            "replications": scan.replications,
            "alpha": scan.alpha,
        },
    }
