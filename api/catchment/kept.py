"""SQL about catchments that are kept."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from api.db.base import SRID

_LARGEST = (
    # Rings add up to the catchment.
    "LEFT JOIN LATERAL (SELECT max(b.band) AS largest_band, CASE WHEN (r.answer ->> 'rings')::boolean "
    "THEN sum(b.population) ELSE (array_agg(b.population ORDER BY b.band DESC))[1] END AS largest_population "
    "FROM catchment_band b WHERE b.run_id = r.id AND NOT b.is_baseline) l ON true"
)


def listed(session: Session, nis_code: str) -> Sequence[RowMapping]:
    """Kept catchments of a municipality with their latest run, newest first."""
    query = text(
        "SELECT c.*, r.network_version, r.data_version, r.code_version, r.computed_at, r.answer, "
        "l.largest_band, l.largest_population FROM catchment c JOIN LATERAL (SELECT * FROM catchment_run x "
        f"WHERE x.catchment_id = c.id ORDER BY x.computed_at DESC, x.id DESC LIMIT 1) r ON true {_LARGEST} "
        "WHERE c.nis_code = :nis AND c.removed_at IS NULL ORDER BY c.created_at DESC, c.id DESC"
    )
    return session.execute(query, {"nis": nis_code}).mappings().all()


def one(session: Session, key: int) -> RowMapping | None:
    """A catchment, also one that was put away."""
    return session.execute(text("SELECT * FROM catchment WHERE id = :id"), {"id": key}).mappings().first()


def runs(session: Session, key: int) -> Sequence[RowMapping]:
    """Its runs, newest first."""
    query = text(
        f"SELECT r.*, l.largest_band, l.largest_population FROM catchment_run r {_LARGEST} "
        "WHERE r.catchment_id = :id ORDER BY r.computed_at DESC, r.id DESC"
    )
    return session.execute(query, {"id": key}).mappings().all()


def bands(session: Session, run_id: int) -> Sequence[RowMapping]:
    """Bands of a run, largest first."""
    query = text(
        "SELECT id, band, is_baseline, holdings, st_asbinary(geom) AS wkb, "
        "st_asgeojson(st_transform(geom, 4326), 6) AS geometry FROM catchment_band "
        "WHERE run_id = :id ORDER BY band DESC"
    )
    return session.execute(query, {"id": run_id}).mappings().all()


def insert(
    session: Session, *, nis_code: str, name: str, parameters: Mapping[str, Any], xy: tuple[float, float]
) -> int:
    """Keep what was asked; returns its key."""
    query = text(
        "INSERT INTO catchment (nis_code, name, parameters, geom) VALUES (:nis, :name, CAST(:parameters AS jsonb), "
        f"st_setsrid(st_makepoint(:x, :y), {SRID})) RETURNING id"
    )
    values = {"nis": nis_code, "name": name, "parameters": json.dumps(parameters), "x": xy[0], "y": xy[1]}
    return int(session.execute(query, values).scalar_one())


def insert_run(
    session: Session,
    key: int,
    *,
    code_version: str,
    answer: Mapping[str, Any],
    bands: Sequence[Mapping[str, Any]],
) -> None:
    """Keep a run with its bands."""
    run_id = session.execute(
        text(
            "INSERT INTO catchment_run (catchment_id, network_version, data_version, code_version, computed_at, seconds, "
            "answer) VALUES (:id, :network, :data, :code, clock_timestamp(), :seconds, CAST(:answer AS jsonb)) RETURNING id"
        ),
        {
            "id": key,
            "network": answer["network_version"],
            "data": answer["data_version"],
            "code": code_version,
            "seconds": answer["computed_ms"] / 1000.0,
            "answer": orjson.dumps(answer).decode(),
        },
    ).scalar_one()
    session.execute(
        text(
            "INSERT INTO catchment_band (run_id, band, is_baseline, population, holdings, geom) "
            "VALUES (:run, :band, :is_baseline, :population, CAST(:holdings AS jsonb), CAST(:wkb AS geometry))"
        ),
        [
            {
                "run": run_id,
                "band": band["band"],
                "is_baseline": band["is_baseline"],
                "population": band["holdings"]["population"],
                "holdings": orjson.dumps(band["holdings"]).decode(),
                "wkb": band["wkb"].hex(),
            }
            for band in bands
        ],
    )


def rename(session: Session, key: int, name: str) -> None:
    """Another name."""
    session.execute(text("UPDATE catchment SET name = :name WHERE id = :id"), {"id": key, "name": name})


def set_removed(session: Session, key: int, *, is_removed: bool) -> None:
    """Put away, or take back."""
    query = text(
        "UPDATE catchment SET removed_at = CASE WHEN :gone THEN coalesce(removed_at, now()) END WHERE id = :id"
    )
    session.execute(query, {"id": key, "gone": is_removed})
