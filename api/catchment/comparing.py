"""Two kept catchments, or two runs of one, side by side."""

from collections.abc import Mapping
from typing import Any

import orjson
import shapely
from pyproj import CRS
from sqlalchemy.orm import Session

from api.catchment import kept, stored
from api.db.base import SRID
from api.errors import NotAnswerable
from gis.degrees import geometry_json
from gis.isochrone import polygons_of

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
        "unit": first_run["answer"]["unit"],
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
    shapes = [polygons_of(shape) for shape in parts.values()]
    return [
        {
            "type": "Feature",
            "geometry": orjson.Fragment(text),
            "properties": {"kind": kind, "band": band, "area_m2": round(shape.area)},
        }
        for kind, shape, text in zip(parts, shapes, geometry_json(shapes, CRS.from_epsg(SRID)), strict=True)
    ]
