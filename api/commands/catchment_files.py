"""Catchments to files, and places from files."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import shapely
from pyproj import CRS

from api.catchment import service, table
from api.catchment.service import Computed, Drawn
from api.commands.console import stop
from api.db.base import SRID
from api.importers import Request, UnreadableSource
from api.importers.places_asked import read_places_asked
from gis.degrees import to_degrees

Named = tuple[str, Computed]


def read_places(path: Path) -> tuple[list[tuple[str, tuple[float, float]]], list[str]]:
    """
    Places of a file with their names, in degrees, and what was refused.

    Raises
    ------
    UnreadableSource
        When the file as a whole cannot be read.
    """
    if not path.exists():
        raise UnreadableSource(f"there is no file {path}", "Check the name")
    found: list[tuple[str, tuple[float, float]]] = []
    refused: list[str] = []
    for chunk in read_places_asked(Request(path=path, srid=SRID)).chunks:
        for row in chunk.refused.to_dict("records"):
            told = f"row {row['row_number']}: {row['reason']} {row['remedy']}"
            if told not in refused:
                refused.append(told)
        if len(chunk.rows):
            xy = shapely.get_coordinates(chunk.rows.geometry.to_numpy())
            places = [(float(lon), float(lat)) for lon, lat in to_degrees(xy, CRS.from_epsg(SRID))]
            found += zip(chunk.rows["name"], places, strict=True)
    return found, refused


def write_one(path: Path, computed: Computed) -> None:
    """Write a catchment in the kind that the name says."""
    kinds: dict[str, Callable[[Path], None]] = {
        ".geojson": lambda draft: _write(draft, _json(service.as_collection(computed))),
        ".csv": lambda draft: _write(draft, table.to_csv(table.rows(computed))),
        ".gpkg": lambda draft: _write_geopackage(draft, [("", computed)]),
    }
    _replace(path, kinds[path.suffix.lower()])


def write_many(path: Path, computed: list[Named]) -> None:
    """Write the catchments of several places, each with the name of its place."""
    kinds: dict[str, Callable[[Path], None]] = {
        ".geojson": lambda draft: _write(draft, _json(_collection(computed))),
        ".csv": lambda draft: _write(draft, _csv(computed)),
        ".gpkg": lambda draft: _write_geopackage(draft, computed),
    }
    _replace(path, kinds[path.suffix.lower()])


def _replace(path: Path, write: Callable[[Path], None]) -> None:
    """Write beside and rename: a file that somebody reads is never half of one."""
    draft = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        draft.unlink(missing_ok=True)
        write(draft)
        draft.replace(path)
    except OSError as error:
        stop(f"{path} cannot be written: {error.strerror or error}.", "Name a file in a folder of yours.")
    finally:
        draft.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _json(body: dict[str, Any]) -> bytes:
    return orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS)


def _collection(computed: list[Named]) -> dict[str, Any]:
    features: list[dict[str, Any]] = []
    for place, one in computed:
        for network, drawn in _networks(one):
            for feature in service.features(one.asked, drawn):
                own = {"place": place, "network": network, **feature["properties"]}
                features.append({**feature, "id": len(features), "properties": own})
    about = [{"label": place, **one.about} for place, one in computed]
    return {"type": "FeatureCollection", "features": features, "catchments": about}


def _csv(computed: list[Named]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, ("place", *table.COLUMNS), delimiter=";", lineterminator="\r\n", restval="")
    writer.writeheader()
    for place, one in computed:
        writer.writerows({"place": place, **row} for row in table.rows(one))
    return "\ufeff".encode() + out.getvalue().encode()


def _write_geopackage(path: Path, computed: list[Named]) -> None:
    """One layer in the metric CRS, a column per figure."""
    rows, held, shapes = [], [], []
    for place, one in computed:
        for network, drawn in _networks(one):
            common = {"place": place or one.about["place"]["label"] or "", "network": network}
            common |= {name: one.about[name] for name in ("mode", "direction", "unit")}
            common["sources"] = "; ".join(one.about["sources"])
            for i, shape in enumerate(drawn.shapes):
                rows.append(common)
                held.append(service.band_properties(one.asked, drawn, i))
                shapes.append(shape)
    flat = [own | figures for own, figures in zip(rows, _flat(held), strict=True)]
    frame = gpd.GeoDataFrame(flat, geometry=np.array(shapes, object), crs=f"EPSG:{SRID}")
    frame.to_file(path, driver="GPKG", layer="catchment")


def _networks(computed: Computed) -> list[tuple[str, Drawn]]:
    if computed.baseline is None:
        return [("as it is", computed.drawn)]
    return [("scenario", computed.drawn), ("as it is", computed.baseline)]


def _flat(bands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Figures of bands as columns such as `daily_units` and `school_places`, the same for every band."""
    groups = sorted({group for held in bands for group in held["branches"]})
    kinds = sorted({kind for held in bands for kind in held["places"]})
    # A band without a group holds none of it; that is known, unlike an amount that is missing within one.
    none = {"units": 0, "floor_area_m2": 0.0, "floor_area_m2_unknown": 0}
    rows = []
    for held in bands:
        flat = {name: value for name, value in held.items() if name not in ("branches", "places")}
        for group in groups:
            amounts = held["branches"].get(group, none)
            flat |= {f"{group}_{name}": value for name, value in amounts.items()}
        rows.append(flat | {f"{kind}_places": held["places"].get(kind, 0) for kind in kinds})
    return rows
