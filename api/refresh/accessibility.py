"""Accessibility of a refresh: every shop unit and every parcel, in parts, so that memory does not grow with them."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.catchment.networks import MODES, get_network
from api.refresh import surroundings
from api.refresh.ground import Ground
from gis.accessibility import (
    INDICATORS,
    NEAREST_LIMIT_M,
    PEOPLE,
    WALK_DECAY_PER_MIN,
    Surroundings,
    accessibility,
    furthest_m,
)
from gis.errors import EmptyNetwork
from gis.network import StreetNetwork
from gis.speeds import Mode

Counted = Callable[[int, int], None]
Sources = dict[str, tuple[str, str]]
PLACES_AT_ONCE = 4096
COLUMNS = ("run_id", "nis_code", "shop_unit_id", "parcel_id", *INDICATORS, "reasons")


def store_accessibility(
    session: Session, run_id: int, ground: Ground, *, sources: Sources, counted: Counted
) -> dict[str, Any]:
    """Measure and store all places of the municipality; returns what the run should remember.

    Parcels of earlier runs go, for they are many and what they were made of stays; shop units of earlier runs are kept.
    """
    nis = ground.nis_code
    session.execute(
        text("DELETE FROM accessibility WHERE nis_code = :nis AND parcel_id IS NOT NULL"), {"nis": nis}
    )
    units = ground.units[["state", "branch_code", "geometry"]]
    parcels = surroundings.points(session, surroundings.PARCELS, nis=nis)
    around = _around(session, run_id, ground, parcels)
    total, done = len(units) + len(parcels), 0
    off_streets = {"units": 0, "parcels": 0}
    for kind, places in (("units", units), ("parcels", parcels)):
        for part in _parts(places):
            table = accessibility(part, around)
            _copy(session, run_id, nis, table, is_parcel=kind == "parcels")
            off_streets[kind] += int((table["parking_m_reason"] == "off_network").sum())
            done += len(part)
            counted(done, total)
    return {
        "units": len(units),
        "parcels": len(parcels),
        "units_off_streets": off_streets["units"],
        "parcels_off_streets": off_streets["parcels"],
        "people_points": len(around.people),
        "decay_per_min": WALK_DECAY_PER_MIN,
        "nearest_limit_m": NEAREST_LIMIT_M,
        "sources": _sources(session, nis, sources),
    }


def _around(session: Session, run_id: int, ground: Ground, parcels: gpd.GeoDataFrame) -> Surroundings:
    networks: dict[Mode, StreetNetwork] = {}
    for mode in MODES:
        try:
            networks[mode] = get_network(session, mode)
        except EmptyNetwork:
            continue
    bounds = np.array([frame.total_bounds for frame in (ground.units, parcels) if len(frame)])
    west, south = bounds[:, :2].min(axis=0).tolist()
    east, north = bounds[:, 2:].max(axis=0).tolist()
    extent = (west, south, east, north)
    reach_m = max(furthest_m(network, max(PEOPLE[mode].values())) for mode, network in networks.items())
    far = surroundings.box(extent, reach_m)
    near = surroundings.box(extent, NEAREST_LIMIT_M)
    known: dict[str, Any] = {"nis": ground.nis_code, "run": run_id}
    return Surroundings(
        networks=networks,
        people=surroundings.points(session, surroundings.PEOPLE, **known, **far),
        parking=surroundings.points(session, surroundings.PARKING, **near),
        stops=surroundings.points(session, surroundings.STOPS, **near),
        shops=surroundings.points(session, surroundings.SHOPS, **near),
        unknown=surroundings.points(session, surroundings.UNKNOWN, **known, **far),
        extent=extent,
    )


def _parts(places: gpd.GeoDataFrame) -> Iterator[gpd.GeoDataFrame]:
    for first in range(0, len(places), PLACES_AT_ONCE):
        yield places.iloc[first : first + PLACES_AT_ONCE]


def _copy(session: Session, run_id: int, nis_code: str, table: pd.DataFrame, *, is_parcel: bool) -> None:
    raw = session.connection().connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    # A hundredth of a person and a decimetre are finer than anything that went in.
    numbers = table[list(INDICATORS)].to_numpy(float).round(2)
    values = numbers.astype(object)
    values[~np.isfinite(numbers)] = None
    reasons = table[[f"{name}_reason" for name in INDICATORS]].to_numpy(object).tolist()
    with raw.cursor().copy(f"COPY accessibility ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        for key, row, why in zip(table.index.tolist(), values.tolist(), reasons, strict=True):
            subject = (None, key) if is_parcel else (key, None)
            copy.write_row((run_id, nis_code, *subject, *row, _told(why)))


def _told(why: list[str | None]) -> str:
    return json.dumps({name: reason for name, reason in zip(INDICATORS, why, strict=True) if reason})


def _sources(session: Session, nis_code: str, known: Sources) -> dict[str, Any]:
    """Dataset and date behind each kind of indicator."""
    named = {"persons": "population", "parking": "parking", "competitor": "shop_unit"}
    found: dict[str, Any] = {
        kind: {"source": known[name][0] or None, "observed_on": known[name][1] or None}
        for kind, name in named.items()
    }
    stops = surroundings.datasets(session, nis_code)["stops"]
    return {**found, "stop": stops}
