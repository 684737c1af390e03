"""Two kept catchments, or two runs of one, side by side."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import shapely
from sqlalchemy.orm import Session

from api.catchment import kept, stored
from api.db.base import SRID
from api.errors import NotAnswerable

# What two catchments are compared by.
COMPARED = (
    "population",
    "households",
    "income_median_eur",
    "shop_units",
    "vacant_units",
    "floor_area_m2",
    "parking_spaces",
    "public_places",
    "area_m2",
)


def difference(
    session: Session, key: int, other: int, *, run: int | None, other_run: int | None
) -> dict[str, Any]:
    """
    What two kept catchments, or two runs of one, hold more and less; shapes of the largest band they share.

    Raises
    ------
    NotFound
        When one is not kept.
    NotAnswerable
        When they share no band.
    """
    sides = []
    for one, wanted in ((key, run), (other, other_run)):
        row = stored.one_kept(session, one)
        chosen = stored.chosen_run(kept.runs(session, one), one, wanted)
        bands = {band["band"]: band for band in kept.bands(session, chosen["id"]) if not band["is_baseline"]}
        sides.append((row, chosen, bands))
    (first, first_run, mine), (second, second_run, theirs) = sides
    units = {chosen["answer"]["unit"] for _, chosen, _ in sides}
    kinds = {(chosen["answer"]["unit"], chosen["answer"]["rings"]) for _, chosen, _ in sides}
    shared = sorted(set(mine) & set(theirs)) if len(kinds) == 1 else []
    if not shared:
        raise NotAnswerable(
            f"{first['name']} and {second['name']} share no band.",
            "Compare two with a band of the same minutes, metres or inhabitants, both whole or both as rings.",
        )
    return {
        "type": "FeatureCollection",
        "a": {"id": key, "name": first["name"], "run": stored.run_of(first_run)},
        "b": {"id": other, "name": second["name"], "run": stored.run_of(second_run)},
        "unit": units.pop(),
        "bands": [_compared(band, mine[band]["holdings"], theirs[band]["holdings"]) for band in shared],
        "features": _apart(mine[shared[-1]]["wkb"], theirs[shared[-1]]["wkb"], shared[-1]),
    }


def _compared(band: float, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"band": band}
    for name in COMPARED:
        a, b = mine.get(name), theirs.get(name)
        row[name] = {"a": a, "b": b, "difference": None if a is None or b is None else round(b - a, 1)}
    return row


def _apart(mine: bytes, theirs: bytes, band: float) -> list[dict[str, Any]]:
    """Ground of one only and of both, in degrees."""
    a, b = shapely.from_wkb([mine, theirs])
    parts = {
        "only_a": shapely.difference(a, b),
        "only_b": shapely.difference(b, a),
        "both": shapely.intersection(a, b),
    }
    # A difference may also hold lines where borders coincide.
    shapes = [
        shapely.MultiPolygon([p for p in shapely.get_parts(shape) if isinstance(p, shapely.Polygon)])
        for shape in parts.values()
    ]
    in_degrees = gpd.GeoSeries(np.array(shapes, object), crs=f"EPSG:{SRID}").to_crs(4326)
    return [
        {
            "type": "Feature",
            "geometry": orjson.Fragment(text),
            "properties": {"kind": kind, "band": band, "area_m2": round(shape.area)},
        }
        for kind, shape, text in zip(
            parts, shapes, shapely.to_geojson(shapely.set_precision(in_degrees.to_numpy(), 1e-6)), strict=True
        )
    ]
