"""Every street segment of the deployment as one frame, packed by the database: a row at a time takes ten times as long."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.db.base import SRID
from gis.speeds import MODES, STREET_CLASSES

AT_ONCE = 50_000
# As PostgreSQL's send functions write them: the highest byte first.
ROW = np.dtype(
    [
        ("id", ">i8"),
        ("n_points", ">i4"),
        ("access", ">i4"),
        ("class", ">i4"),
        ("area", ">i4"),
        ("speed", ">f8"),
    ]
)
ACCESS = [f"is_{mode}_{way}" for mode in MODES for way in ("forward", "backward")]
# Byte order, type and number of points of a line in well-known binary.
HEAD_BYTES = 9
PACKED = """
SELECT max(id), string_agg(
    int8send(id) || int4send(st_npoints(geom)) || int4send({access}) || int4send({street_class})
    || int4send(coalesce((CAST(:numbers AS integer[]))[array_position(CAST(:codes AS text[]), nis_code)], 0))
    || float8send(coalesce(car_speed_kmh, 'NaN')), ''::bytea ORDER BY id),
    string_agg(st_asbinary(geom, 'NDR'), ''::bytea ORDER BY id)
FROM (SELECT * FROM street_segment WHERE id > :last ORDER BY id LIMIT :at_once) s
"""
SQL = PACKED.format(
    access=" + ".join(f"{name}::integer * {1 << place}" for place, name in enumerate(ACCESS)),
    street_class="CASE street_class "
    + " ".join(f"WHEN '{name}' THEN {code}" for code, name in enumerate(STREET_CLASSES))
    + " END",
)


def read_streets(session: Session, areas: Mapping[str, int]) -> gpd.GeoDataFrame:
    """
    The streets as `StreetNetwork.from_streets` takes them, in the order of their keys.

    Parameters
    ----------
    session
        A session.
    areas
        Number of each municipality that has speeds of its own; the streets of the others are in area 0.
    """
    values = {"codes": list(areas), "numbers": list(areas.values()), "at_once": AT_ONCE}
    last, parts, lines = -(2**63), list[NDArray[np.void]](), list[NDArray[np.float64]]()
    while True:
        newest, packed, shapes = session.execute(text(SQL), {**values, "last": last}).one()
        if newest is None:
            break
        rows = np.frombuffer(packed, ROW)
        parts.append(rows)
        lines.append(_coordinates(np.frombuffer(shapes, np.uint8), rows["n_points"].astype(np.int64)))
        last = newest
    rows = np.concatenate(parts) if parts else np.empty(0, ROW)
    xy = np.concatenate(lines) if lines else np.empty((0, 2))
    owners = np.repeat(np.arange(len(rows)), rows["n_points"].astype(np.int64))
    columns = {name: (rows["access"] >> place & 1).astype(bool) for place, name in enumerate(ACCESS)}
    frame = {
        "street_class": np.array(STREET_CLASSES, object)[rows["class"]],
        "car_speed_kmh": rows["speed"].astype(float),
        "area": rows["area"].astype(np.int64),
        **columns,
    }
    geometry = shapely.linestrings(xy, indices=owners) if len(rows) else np.empty(0, object)
    index = pd.Index(rows["id"].astype(np.int64), name="id")
    return gpd.GeoDataFrame(frame, geometry=geometry, index=index, crs=f"EPSG:{SRID}")


def _coordinates(binary: NDArray[np.uint8], n_points: NDArray[np.int64]) -> NDArray[np.float64]:
    """The vertices of lines in well-known binary, one after the other, shape (points, 2)."""
    sizes = HEAD_BYTES + 16 * n_points
    starts = np.cumsum(sizes) - sizes
    is_vertex = np.ones(len(binary), bool)
    is_vertex[(starts[:, None] + np.arange(HEAD_BYTES)).ravel()] = False
    return binary[is_vertex].view("<f8").reshape(-1, 2)
