"""Footfall of every street that a count speaks for, and why it is what it is."""

import json
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import shapely
from scipy.sparse import csr_array
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.base import SRID
from api.numbers import known
from api.refresh import queries
from api.refresh.draws import Draws
from api.refresh.ground import Ground
from gis.footfall import passage_class
from gis.footfall_estimate import REACH_M, Explained, estimate_footfall, explain_footfall
from gis.footfall_trust import class_reason
from gis.reach import nearest
from gis.snapping import Positions

SEARCH_M = 1500.0
# A street belongs to the core of the shop unit nearest to its middle, if that is no further along the streets.
OF_A_CORE_M = 200.0
MOST_COUNTS = 6
# Streets in one batch of the calculation: what lies between them and the shops fits in memory.
STREETS_AT_ONCE = 2000
COLUMNS = (
    "run_id", "nis_code", "segment_id", "name", "shop_units", "footfall_per_day", "lower_per_day", "upper_per_day",
    "passage_class", "is_class_only", "reason", "gain_share", "detail", "geom",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Counted:
    """Counted places, where they are on the streets, and the features of them and of the shop units."""

    table: gpd.GeoDataFrame
    at: Positions
    features: pd.DataFrame | None
    of_units: pd.DataFrame | None


def estimate_streets(
    ground: Ground, counted: Counted, draws: Draws, *, busiest: pd.Series, checks: pd.DataFrame
) -> pd.DataFrame:
    """
    Estimate the streets within reach of a count, and those with shop units.

    `busiest` is the footfall of the busiest place of each core, `checks` whether its counts bear numbers.
    """
    streets, at = _streets(ground, counted)
    parts = [
        _some(
            ground,
            counted,
            draws,
            streets.iloc[first : first + STREETS_AT_ONCE],
            at[first : first + STREETS_AT_ONCE],
        )
        for first in range(0, len(streets), STREETS_AT_ONCE)
    ]
    if not parts:
        return pd.DataFrame(columns=[*COLUMNS])
    table = pd.concat(parts)
    near, metres = nearest(ground.distances(at, ground.at_units, limit_m=OF_A_CORE_M))
    cores = ground.units["core_id"].astype(object).where(ground.units["core_id"].notna(), None).to_numpy()
    core = np.where((near >= 0) & (metres <= OF_A_CORE_M), cores[near], None)
    of_core = pd.Series(core, index=table.index, dtype=object)
    table["passage_class"] = passage_class(table["footfall_per_day"], of_core, busiest=busiest)
    only = class_reason(table, of_core, checks)
    table["detail"] = [
        detail if why is None else detail | {"class_reason": why}
        for detail, why in zip(table["detail"], only, strict=True)
    ]
    return table


def _streets(ground: Ground, counted: Counted) -> tuple[pd.DataFrame, Positions]:
    """The streets that are asked about, with the shop units on each, and their middles."""
    streets = queries.walked_streets(ground.session, ground.nis_code)
    rows = ground.network.segments_of(streets.index.tolist())
    on = ground.at_units.segment
    units = np.bincount(on[on >= 0], minlength=len(ground.network.snaps))[rows]
    middles = _middles(rows)
    to_middles = ground.distances(counted.at, middles, limit_m=REACH_M)
    is_asked = ground.network.snaps[rows] & ((units > 0) | (np.diff(csr_array(to_middles.T).indptr) > 0))
    chosen = np.flatnonzero(is_asked)
    return streets.assign(shop_units=units).iloc[chosen], middles[chosen]


def _middles(rows: np.ndarray[Any, Any]) -> Positions:
    return Positions(rows.astype(np.int32), np.full(len(rows), 0.5), np.zeros(len(rows)))


def _some(
    ground: Ground, counted: Counted, draws: Draws, streets: pd.DataFrame, at: Positions
) -> pd.DataFrame:
    xy = ground.network.locate(at)
    places = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), index=streets.index, crs=queries.CRS)
    features = None if counted.features is None else draws.of(at, xy, streets.index)
    told: dict[str, Any] = {
        "unit_features": features,
        "sensor_features": counted.features if features is not None else None,
        "spread_of": counted.of_units if features is not None else None,
    }
    metres = csr_array(ground.distances(counted.at, at, limit_m=SEARCH_M).T)
    table = estimate_footfall(places, counted.table, distances=metres, **told)
    why = explain_footfall(places, counted.table, shops=ground.units, **told)
    table = table.assign(
        name=streets["name"], shop_units=streets["shop_units"], geom=ground.network.graph.lines(at.segment)
    )
    is_known = table["reason"].isna().to_numpy()
    details: list[dict[str, Any]] = [{}] * len(table)
    table["gain_share"] = np.nan
    if why is not None:
        table["gain_share"] = why.gain_share.where(is_known)
        told_of = _details(why, counted.table, metres.toarray())
        details = [row if ok else {} for row, ok in zip(told_of, is_known, strict=True)]
    return table.assign(detail=pd.Series(details, index=table.index, dtype=object))


def _details(why: Explained, counted: gpd.GeoDataFrame, metres: Any) -> list[dict[str, Any]]:
    """Counts each street follows most, with their share of the pull; what pushes it up or down as factors."""
    pull = why.pull.abs().to_numpy()
    share = pull / pull.sum(axis=1, keepdims=True)
    order = np.argsort(-pull, axis=1, kind="stable")[:, :MOST_COUNTS]
    places = why.pull.columns.to_numpy(int)
    names = ["kind", "source_id", "name", "footfall_per_day", "n_visits"]
    # Plain lists: reading frames cell by cell costs seconds for a town.
    known_counts = [
        {"kind": kind, "id": key, "name": str(name), "per_day": round(per_day), "n_visits": int(visits)}
        for kind, key, name, per_day, visits in counted.loc[places, names].itertuples(index=False)
    ]
    factors = np.exp(why.drivers_log.to_numpy()).round(3).tolist()
    nearby = np.exp(why.around_log.to_numpy()).round(3).tolist()
    average = round(float(np.expm1(why.level_log)))
    drivers = list(why.drivers_log.columns)
    return [
        {
            "counts": [
                known_counts[k]
                | {
                    "distance_m": round(float(metres[row, places[k]]))
                    if metres[row, places[k]] > 0
                    else None,
                    "weight": round(float(share[row, k]), 3),
                }
                for k in order[row]
            ],
            "average_per_day": average,
            "drivers": dict(zip(drivers, factors[row], strict=True)),
            "nearby": nearby[row],
        }
        for row in range(len(pull))
    ]


def store_streets(session: Session, run_id: int, nis_code: str, streets: pd.DataFrame | None) -> int:
    """Write the streets of this run; those of earlier runs go. Returns how many there are."""
    session.execute(text("DELETE FROM street_footfall WHERE nis_code = :nis"), {"nis": nis_code})
    if streets is None or streets.empty:
        return 0
    raw = session.connection().connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    shapes = shapely.to_wkb(shapely.set_srid(streets["geom"].to_numpy(), SRID), hex=True, include_srid=True)
    numbers = ["footfall_per_day", "footfall_lower_per_day", "footfall_upper_per_day"]
    with raw.cursor().copy(f"COPY street_footfall ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        rows = streets.to_dict("records")
        for segment, row, shape in zip(streets.index.tolist(), rows, shapes, strict=True):
            values = [None if known(row[name]) is None else round(float(row[name]), 1) for name in numbers]
            copy.write_row(
                (run_id, nis_code, segment, known(row["name"]), int(row["shop_units"]), *values,
                 known(row["passage_class"]), bool(row["is_class_only"]), known(row["reason"]),
                 known(row["gain_share"]), json.dumps(row["detail"]), str(shape))
            )  # fmt: skip
    return len(streets)
