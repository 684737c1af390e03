"""The catchment of a place: its shape, and who and what is in it."""

import time
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from api.catchment import queries
from api.catchment.networks import get_network
from api.errors import Malformed, NotFound
from gis.catchment import holdings, isochrones
from gis.network import Direction, StreetNetwork
from gis.speeds import Mode

COUNTED = ("population", "shop_units", "vacant_units", "floor_area_m2", "parking_spaces")
LAYERS: tuple[tuple[str, dict[str, str]], ...] = (
    (queries.PEOPLE, {"persons": "population"}),
    (queries.UNITS, {}),
    (queries.PARKING, {}),
)


@dataclass(frozen=True)
class Asked:
    """A catchment as it was asked for."""

    mode: Mode
    minutes: tuple[float, ...]
    direction: Direction
    shop_unit: int | None = None
    lon: float | None = None
    lat: float | None = None


def get_catchment(session: Session, asked: Asked) -> dict[str, Any]:
    """
    Bands of a catchment, largest first, with what each holds, counted on the network.

    Raises
    ------
    NotFound
        When there is no such shop unit.
    Malformed
        When no place was given.
    NotAnswerable
        When there are no streets.
    PointOffNetwork
        When no street for this mode is near.
    """
    started = time.perf_counter()
    x, y = _place(session, asked)
    network = get_network(session, asked.mode)
    shapes = isochrones(network, (x, y), minutes=asked.minutes, direction=asked.direction)
    box = _box(shapes)
    bands = shapes.assign(**_holdings(session, network, (x, y), asked, box))
    position = network.snap_one((x, y))
    on_street = network.locate(position)[0]
    people = queries.population_sources(session, box)
    sectors, known = sum(row["sectors"] for row in people), sum(row["known"] for row in people)
    return {
        "type": "FeatureCollection",
        "features": _features(bands),
        "catchment": {
            "mode": asked.mode,
            "direction": asked.direction,
            "origin": queries.in_degrees(session, x, y),
            "snapped": queries.in_degrees(session, *on_street),
            "snap_distance_m": round(float(position.distance_m[0]), 1),
            "population_coverage": known / sectors if sectors else None,
            "suppressed_sectors": sum(row["suppressed"] for row in people),
            "sources": sorted({f"{row['dataset']} ({row['year']})" for row in people if row["dataset"]}),
            "computed_ms": round((time.perf_counter() - started) * 1000, 1),
        },
    }


def _place(session: Session, asked: Asked) -> tuple[float, float]:
    if asked.shop_unit is not None:
        row = queries.unit_place(session, asked.shop_unit)
        if row is None:
            raise NotFound(f"There is no shop unit {asked.shop_unit}.", "GET /api/shop-units lists them.")
        return row["x"], row["y"]
    if asked.lon is None or asked.lat is None:
        raise Malformed("A catchment needs a place.", "Give shop_unit, or lon and lat.")
    return queries.place_of(session, asked.lon, asked.lat)


def _box(shapes: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """Box around all that can be inside: the shape with the margin that its cells may cut off."""
    west, south, east, north = shapes.total_bounds
    if not np.isfinite([west, south, east, north]).all():
        return 0.0, 0.0, 0.0, 0.0
    margin = 250.0
    return west - margin, south - margin, east + margin, north + margin


def _holdings(
    session: Session,
    network: StreetNetwork,
    xy: tuple[float, float],
    asked: Asked,
    box: tuple[float, float, float, float],
) -> dict[str, Any]:
    """Each band's counts; a thing of which nothing is known in the region is None, never zero."""
    columns: dict[str, Any] = {}
    for query, names in LAYERS:
        points = queries.points(session, query, box).rename(columns=names)
        amounts = points.drop(columns=["x", "y"])
        places = network.snap(points[["x", "y"]].to_numpy())
        held = holdings(network, xy, places, amounts, minutes=asked.minutes, direction=asked.direction)
        for name in amounts.columns:
            columns[name] = held[name].to_numpy() if len(points) else [None] * len(held)
            columns[f"{name}_unknown"] = (
                held[f"{name}_unknown"].to_numpy() if len(points) else [0] * len(held)
            )
    return columns


def _features(bands: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    in_degrees = bands.to_crs(4326)
    geometries = shapely.to_geojson(shapely.set_precision(in_degrees.geometry.to_numpy(), 1e-6))
    features = []
    for i in reversed(range(len(bands))):
        row = bands.iloc[i]
        properties: dict[str, Any] = {
            "minutes": float(row["minutes"]),
            "area_m2": round(float(row["area_m2"])),
        }
        for name in COUNTED:
            value = row[name]
            properties[name] = None if value is None or pd.isna(value) else round(float(value), 1)
            properties[f"{name}_unknown"] = int(row[f"{name}_unknown"])
        features.append(
            {"type": "Feature", "id": i, "geometry": orjson.Fragment(geometries[i]), "properties": properties}
        )
    return features
