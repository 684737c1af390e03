"""Writing the results of a refresh."""

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from api.db.base import SRID
from api.db.models import IndicatorValue, LocationScore
from api.numbers import known, whole
from api.refresh.footfall import Footfall
from api.refresh.scores import Scored
from api.score.criteria import CRITERIA, Registered
from gis.footfall_trust import FOOTFALL_CLASS

Sources = dict[str, tuple[str, str]]


def store_people(session: Session, run_id: int, nis_code: str, people: gpd.GeoDataFrame) -> None:
    """Store where people were placed; those of earlier runs go, for the totals they came from stay."""
    session.execute(text("DELETE FROM population_point WHERE nis_code = :nis"), {"nis": nis_code})
    raw = session.connection().connection.driver_connection
    assert raw is not None
    wkb = shapely.to_wkb(shapely.set_srid(people.geometry.to_numpy(), SRID), hex=True, include_srid=True)
    with raw.cursor().copy(
        "COPY population_point (run_id, nis_code, persons, sector_code, geom) FROM STDIN"
    ) as copy:
        for persons, sector, shape in zip(people["persons"], people["sector_code"], wkb, strict=True):
            copy.write_row((run_id, nis_code, float(persons), str(sector), str(shape)))


def store_indicators(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Insert indicator values; every row must name the same columns."""
    columns = (
        "run_id", "code", "shop_unit_id", "core_id", "branch_group", "value", "lower", "upper", "numerator",
        "denominator", "coverage", "reason", "source", "observed_on",
    )  # fmt: skip
    complete = [
        {**{name: known(row.get(name)) for name in columns}, "detail": row.get("detail", {})} for row in rows
    ]
    if complete:
        session.execute(insert(IndicatorValue), complete)


def footfall_rows(run_id: int, footfall: Footfall, sources: Sources) -> Iterable[dict[str, Any]]:
    """Indicators of sensors and of units."""
    source, _ = sources["footfall"]
    for sensor_id, mean in footfall.means.iterrows():
        n_days = known(mean["n_days"])
        yield {
            "run_id": run_id,
            "code": "sensor_footfall",
            "value": mean["footfall_per_day"],
            "reason": known(mean["reason"]) or (None if n_days else "no_counts"),
            "source": source,
            "observed_on": _period(mean),
            "detail": {
                "sensor_id": whole(sensor_id),
                "n_days": n_days,
                "flagged_share": known(footfall.flagged.get(sensor_id)),
            },
        }
    counted = footfall.counted
    for unit_id, row in footfall.estimates.iterrows():
        near, reason = known(row["nearest_sensor_id"]), known(row["reason"])
        # What may not be given as a number is not kept as one either: the score has its own copy, with the interval.
        only_class = known(footfall.class_reason.get(unit_id))
        passage = known(footfall.passage.get(unit_id))
        sensors = []
        if near is not None and reason is None:
            distance = known(row["nearest_sensor_m"])
            place = counted.loc[near]
            sensors = [
                {
                    # A point that was counted by hand is no sensor one can open.
                    "id": int(place["source_id"]) if place["kind"] == "sensor" else None,
                    "name": str(place["name"]),
                    "distance_m": distance and round(distance),
                }
            ]
        yield {
            "run_id": run_id,
            "code": "footfall",
            "shop_unit_id": whole(unit_id),
            "value": None if only_class else row["footfall_per_day"],
            "lower": None if only_class else row["footfall_lower_per_day"],
            "upper": None if only_class else row["footfall_upper_per_day"],
            "reason": only_class or reason,
            "source": source,
            "detail": {
                "sensors": sensors,
                "n_sensors": int(row["n_sensors"]),
                "is_class_only": bool(row["is_class_only"]),
                "passage_class": None if only_class else passage,
                "footfall_class": passage and FOOTFALL_CLASS[passage],
            },
        }


def _period(mean: pd.Series) -> str | None:
    if not known(mean["from_on"]) or not known(mean["to_on"]):
        return None
    return f"{mean['from_on']}/{mean['to_on']}"


def rate_rows(
    run_id: int, rates: pd.DataFrame, *, is_core: bool, sources: Sources
) -> Iterable[dict[str, Any]]:
    """Vacancy rates of the municipality or of its cores, as indicators."""
    source, observed_on = sources["shop_unit"]
    for key, row in rates.iterrows():
        common = {
            "run_id": run_id,
            "core_id": whole(key) if is_core else None,
            "source": source,
            "observed_on": observed_on or None,
        }
        yield {
            **common,
            "code": "vacancy_rate_units",
            "value": row["vacancy_rate_share"],
            "numerator": row["n_vacant"],
            "denominator": row["n_units"],
            "coverage": row["state_coverage_share"],
        }
        yield {
            **common,
            "code": "vacancy_rate_floor_area",
            "value": row["vacancy_rate_floor_area_share"],
            "numerator": row["vacant_floor_area_m2"],
            "denominator": row["floor_area_m2"],
            "coverage": row["floor_area_coverage_share"],
            "reason": row["floor_area_reason"],
        }


def store_scores(session: Session, run_id: int, scored: Scored, sources: Sources) -> int:
    """Store scores with their components; returns how many units were scored."""
    rows = []
    # Plain dictionaries: reading frames cell by cell costs seconds for 5,000 units.
    tables = {
        "values": scored.values.to_dict("index"),
        "scaled": scored.scores.scaled.to_dict("index"),
        "points": scored.scores.points.to_dict("index"),
        "lower": scored.lower.to_dict("index"),
        "upper": scored.upper.to_dict("index"),
    }
    ranks = scored.ranks.to_dict("index")
    for unit_id, unit in scored.scores.units.to_dict("index").items():
        if not math.isfinite(unit["score"]):
            continue
        known_share = float(unit["known_weight_share"])
        components = [
            _component(unit_id, item, scored=scored, tables=tables, sources=sources, known_share=known_share)
            for item in CRITERIA
        ]
        rank = ranks.get(unit_id, {})
        rows.append(
            {
                "run_id": run_id,
                "shop_unit_id": whole(unit_id),
                "profile": "general",
                "score": min(100.0, max(0.0, float(unit["score"]))),
                "rank": _whole(rank.get("rank")),
                "rank_lower": _whole(rank.get("rank_low")),
                "rank_upper": _whole(rank.get("rank_high")),
                "p_first": known(rank.get("first_share")),
                "p_top5": known(rank.get("top_share")),
                "components": components,
                "missing": list(unit["missing"]),
            }
        )
    if rows:
        session.execute(insert(LocationScore), rows)
    return len(rows)


def _component(
    unit_id: Any,
    item: Registered,
    *,
    scored: Scored,
    tables: dict[str, Any],
    sources: Sources,
    known_share: float,
) -> dict[str, Any]:
    code = item.code
    named = [sources[name] for name in item.sources]
    contribution = known(tables["points"][unit_id][code])
    at = known(tables["scaled"][unit_id][code])
    # The weight after missing criteria were left out, as it counts for this very unit.
    weight = 0.0 if contribution is None else float(scored.scores.weights[code]) / known_share
    return {
        "code": code,
        "value": known(tables["values"][unit_id][code]),
        "unit": item.unit,
        "lower": known(tables["lower"][unit_id].get(code)),
        "upper": known(tables["upper"][unit_id].get(code)),
        "scaled": at,
        "weight": weight,
        "contribution": contribution or 0.0,
        "source": ", ".join(name for name, _ in named if name) or None,
        "observed_on": ", ".join(when for _, when in named if when) or None,
        "note": scored.notes.get(code),
    }


def _whole(value: Any) -> int | None:
    found = known(value)
    return None if found is None else round(found)


def finish_run(
    session: Session,
    run_id: int,
    *,
    seconds: float,
    parameters: dict[str, Any],
    messages: list[Any],
    own_writes: int,
) -> None:
    """Make the run the current one; the flags it wrote itself do not make it stale."""
    session.execute(
        text(
            "UPDATE analysis_run SET state = 'done', finished_at = clock_timestamp(), seconds = :seconds, "
            "parameters = CAST(:parameters AS jsonb), messages = CAST(:messages AS jsonb), "
            "data_version = data_version + :own_writes WHERE id = :id"
        ),
        {
            "id": run_id,
            "seconds": seconds,
            "parameters": json.dumps(parameters),
            "messages": json.dumps(messages),
            "own_writes": own_writes,
        },
    )
