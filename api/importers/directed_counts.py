"""Counters that report several modes and two directions in one row: Telraam and hystreet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from api.importers.crs import Label, decide, parse_crs
from api.importers.reading import Chunk, Reading, Request, UnreadableSource
from api.importers.refusals import Notes, no_refusals
from api.importers.targets import conform
from api.importers.values import parse_number

SENSOR_OPTIONS = {
    "lon": "longitude of the counter: then the sensor itself is read too",
    "lat": "latitude of the counter",
    "name": "name of the counter",
}


@dataclass(frozen=True)
class Counted:
    """One mode in a row.

    Attributes
    ----------
    mode
        ped, bike, auto or truck.
    total, a, b
        Columns of all, of the one and of the other direction.
    """

    mode: str
    total: str
    a: str
    b: str


def long_counts(frame: pd.DataFrame, counted: Sequence[Counted], notes: Notes) -> pd.DataFrame:
    """One row per mode and direction.

    Where both directions are there and add up to the total they are given, else the total as `both`: never all
    three, so that a plain sum over directions counts everybody once.

    Parameters
    ----------
    frame
        sensor_code, start, is_utc, minutes, uptime and the columns in `counted`, as numbers; index: row number.
    counted
        The modes.
    notes
        Told where directions do not add up.
    """
    parts = []
    for one in counted:
        total = _numbers(frame, one.total)
        a, b = _numbers(frame, one.a), _numbers(frame, one.b)
        has_both = a.notna() & b.notna()
        off = (a + b - total).abs() > 0.01 * total.abs() + 0.01
        notes.count(
            "{n} times the two directions do not add up to the total: the total is kept",
            int((off & has_both).sum()),
        )
        is_directed = has_both & ~(off & total.notna())
        for direction, amount in (
            ("a", a.where(is_directed)),
            ("b", b.where(is_directed)),
            ("both", total.where(~is_directed)),
        ):
            given = amount.notna()
            part = frame.loc[given, ["sensor_code", "start", "is_utc", "minutes", "uptime"]].copy()
            part["mode"], part["direction"], part["value"] = one.mode, direction, amount[given]
            parts.append(part)
    return pd.concat(parts).sort_index(kind="stable")


def _numbers(frame: pd.DataFrame, column: str) -> pd.Series[float]:
    if column not in frame.columns:
        return pd.Series(np.nan, index=frame.index)
    return frame[column].astype("float64")


def sensor_reading(request: Request, code: str, **known: object) -> Reading | None:
    """The counter itself, where the user says with options where it stands.

    Parameters
    ----------
    request
        Options lon, lat and name.
    code
        Its code in the file.
    known
        Other columns of footfall_sensor.
    """
    if "lon" not in request.options or "lat" not in request.options:
        return None
    try:
        lon, lat = parse_number(request.options["lon"]), parse_number(request.options["lat"])
    except ValueError as error:
        raise UnreadableSource(
            f"lon and lat: {error}", "Write degrees, such as lon=3.25 lat=50.82"
        ) from error
    projection, _ = decide(np.array([lon]), np.array([lat]), Label(parse_crs("4326")), srid=request.srid)
    place = projection.geometries(np.array([shapely.Point(lon, lat)], dtype=object))
    name = request.options.get("name") or known.pop("name", None) or code
    row = {"code": code, "nis_code": request.nis_code, "name": name, **known}
    frame = pd.DataFrame([row], index=pd.Index([1], dtype="int64"))
    frame["geometry"] = pd.Series(list(place), index=frame.index, dtype="object")
    chunk = Chunk(conform(frame, "footfall_sensor", srid=request.srid), no_refusals(), 1.0)
    return Reading("footfall_sensor", [f"Sensor {code} stands where lon and lat say"], iter([chunk]))
