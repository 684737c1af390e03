"""Vacancy clusters of a refresh: today's, and those of every inventory of the past whose data changed."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.db.session import current_day
from api.numbers import whole
from api.refresh import cluster_store as store
from api.refresh import queries
from api.refresh.ground import Ground
from api.vacancy.inventories import inventory_days, states_on
from gis.cluster_change import cluster_history
from gis.joins import local_joins
from gis.reach import Distances, among, shops_around
from gis.scan import Scan, vacancy_clusters
from gis.snapping import Positions
from gis.vacancy import cluster_shapes

# Raise it when the scan, its covariates or what is stored of a cluster changes: all inventories are computed anew.
DEFINITION = "1"
SIZE_BANDS_M2 = (0.0, 60.0, 120.0, 300.0, 1000.0, np.inf)
FAR_AWAY_M = 5000.0
JOIN_REACH_M = 100.0
KEY_COLUMNS = [
    "state",
    "floor_area_m2",
    "street",
    "vacant_start_earliest_on",
    "vacant_start_latest_on",
    "x",
    "y",
]
Counted = Callable[[int, int], None]


@dataclass
class Stand:
    """The shop units of a day that stand on the streets, where, and how far from each other."""

    on: date
    units: gpd.GeoDataFrame
    at: Positions
    between: Distances


class EveryUnit:
    """All shop units that ever were, on the streets; measured only when an inventory asks for it."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.frame = queries.every_unit(ground.session, ground.nis_code)

    @cached_property
    def at(self) -> Positions:
        """Their positions on the walking network."""
        return self.ground.snap(self.frame)

    @cached_property
    def between(self) -> Distances:
        """Walking distances between all of them."""
        if self.frame.index.equals(self.ground.units.index):
            return self.ground.between_units
        return self.ground.between(self.at)

    def stand(self, on: date, states: pd.DataFrame) -> Stand:
        """The units of a day, as the register knew them."""
        rows = self.frame.index.get_indexer(states.index)
        rows = rows[self.at.segment[rows] >= 0]
        units = self.frame.iloc[rows].join(states)
        return Stand(on, units, self.at[rows], among(self.between, rows, rows))


def refresh_clusters(ground: Ground, run_id: int, *, counted: Counted) -> tuple[Scan, list[dict[str, Any]]]:
    """
    Search today's map and those of past inventories, and tell how clusters changed in between.

    An inventory is searched again only where its data, the streets or the definition changed.

    Returns
    -------
    Today's answer to whether there is more vacancy than expected for such a location, and per day whether it was
    computed or kept.
    """
    session, nis_code = ground.session, ground.nis_code
    today = _stand_of_today(ground)
    past = states_on(session, nis_code, inventory_days(today.on))
    every, streets = EveryUnit(ground), queries.street_version(session, nis_code)
    keys = {on: _key(every.frame, states, streets) for on, states in past.items()}
    kept = store.keep(session, nis_code, keys)
    told = [{"on": str(on), "is_computed": on not in kept} for on in past]
    missing = [on for on in past if on not in kept]
    for done, on in enumerate(missing):
        counted(done, len(missing) + 1)
        _store(ground, every.stand(on, past[on]), data_key=keys[on])
    counted(len(missing), len(missing) + 1)
    scan = _store(ground, today, data_key="", run_id=run_id)
    for question in store.QUESTIONS:
        store.store_changes(session, cluster_history(store.inventories(session, nis_code, question)))
    return scan, [*told, {"on": str(today.on), "is_computed": True}]


def _stand_of_today(ground: Ground) -> Stand:
    rows = np.flatnonzero(ground.at_units.segment >= 0)
    units, between = ground.units.iloc[rows], ground.between_units[rows][:, rows]
    return Stand(current_day(ground.session), units, ground.at_units[rows], between)


def _key(every: gpd.GeoDataFrame, states: pd.DataFrame, street_version: int) -> str:
    """Fingerprint of all that the search of a day rests on."""
    at = every.loc[states.index]
    frame = states.assign(x=at.geometry.x, y=at.geometry.y)[KEY_COLUMNS].sort_index()
    hashed = pd.util.hash_pandas_object(frame.astype({"street": object})).to_numpy().tobytes()
    return sha256(hashed + f"{DEFINITION}/{street_version}".encode()).hexdigest()


def _store(ground: Ground, stand: Stand, *, data_key: str, run_id: int | None = None) -> Scan:
    """Ask both questions of one day and store the answers; returns that about the location."""
    answers: dict[str, Scan] = {}
    for question in store.QUESTIONS:
        started = time.perf_counter()
        if question == "location":
            scan = vacancy_clusters(stand.units, stand.between, covariates=_covariates(ground, stand))
        elif answers["location"].null == "location_adjusted":
            scan = vacancy_clusters(stand.units, stand.between)
        else:
            # Location explains nothing: what is expected of a place is the average.
            scan = answers["location"]
        answers[question] = scan
        asked = store.Asked(
            ground.nis_code, stand.on, question, data_key, time.perf_counter() - started, run_id
        )
        store.store_scan(ground.session, asked, scan, cluster_shapes(stand.units, scan.clusters), stand.units)
    return answers["location"]


def _covariates(ground: Ground, stand: Stand) -> pd.DataFrame:
    """What a location explains of vacancy: its street class, its size, and how far from the middle it is."""
    units, segment = stand.units, stand.at.segment
    street_class = street_classes(ground, segment, units.index)
    common = street_class.value_counts()
    street_class = street_class.where(street_class.map(common) >= 20, "other")
    band = pd.cut(units["floor_area_m2"], SIZE_BANDS_M2, labels=False).fillna(-1).astype(int).astype(str)
    middle_km = _distance_to_middle(ground, stand) / 1000.0
    return pd.DataFrame(
        {"street_class": street_class, "size_band": band, "middle_km": middle_km}, index=units.index
    )


def street_classes(ground: Ground, segment: NDArray[np.int32], index: pd.Index) -> pd.Series:
    """Class of the street on which each position lies; ``unknown`` where there is none."""
    known = segment >= 0
    ids = (
        np.where(known, ground.network.graph.segment_id[np.where(known, segment, 0)], -1)
        if len(segment)
        else segment
    )
    classes = queries.segment_classes(ground.session, [int(i) for i in np.unique(ids) if i >= 0])
    found: pd.Series = pd.Series(ids, index=index).map(classes).fillna("unknown")
    return found


def _distance_to_middle(ground: Ground, stand: Stand) -> NDArray[np.float64]:
    """Walking distance to the unit that has most shops around it; as far as was looked where it is further."""
    metres = np.full(len(stand.units), FAR_AWAY_M)
    if len(stand.units):
        around = shops_around(stand.units, stand.between, reach_m=300.0).to_numpy(float)
        middle = stand.at[np.array([int(np.nanargmax(around))])]
        table = ground.distances(middle, stand.at, limit_m=FAR_AWAY_M)
        metres[table.indices] = table.data
    return metres


def join_rows(
    run_id: int, ground: Ground, *, sources: dict[str, tuple[str, str]]
) -> Iterable[dict[str, Any]]:
    """Per vacant unit how many of its neighbours are vacant, as indicators."""
    source, observed_on = sources["shop_unit"]
    found = local_joins(ground.units, ground.between_units, reach_m=JOIN_REACH_M)
    n_tested = int(found["p_value"].notna().sum())
    for unit_id, row in found[found["p_value"].notna()].iterrows():
        yield {
            "run_id": run_id,
            "code": "vacant_neighbours",
            "shop_unit_id": whole(unit_id),
            "value": row["n_vacant_around"],
            "numerator": row["n_vacant_around"],
            "denominator": row["n_units_around"],
            "source": source,
            "observed_on": observed_on or None,
            "detail": {
                "expected": float(row["expected_vacant_around"]),
                "p_value": float(row["p_value"]),
                "q_value": float(row["q_value"]),
                "reach_m": JOIN_REACH_M,
                "n_tested": n_tested,
            },
        }
