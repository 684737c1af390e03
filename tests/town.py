"""An invented town, small enough to check on paper: one high street, one side street, twelve shop units.

::

        y
    300 +  end of the side street
        |  S5 280
        |  S4 250 (a house by now)
        |  S3 200 (state unknown)
        |  S2 100 vacant
        |  S1  50
      0 +--H1--H2--H3--+--H4--H5--H6------H7----+   x
        0  50 100 150 200 250 300 350    500   600

The side street leaves the high street at x = 200. Streets form a tree, so a distance is a sum of two numbers. Metres
are counted from `ORIGIN`.
"""

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

ORIGIN = (70_000.0, 200_000.0)
CRS = 31370
TIMEZONE = "Europe/Brussels"
CORNER_X = 200.0
TODAY = dt.date(2026, 1, 1)

# id: x, y, state, floor area, branch group, anchor, street class, earliest and latest start of the vacancy
UNITS = {
    "H1": (50, 0, "occupied", 100, "fashion_luxury", False, "A2", None, None),
    "H2": (100, 0, "vacant", 120, "fashion_luxury", False, "A2", "2025-06-01", "2025-06-01"),
    "H3": (150, 0, "vacant", 80, "daily", False, "A1", "2022-06-01", "2024-06-01"),
    "H4": (250, 0, "occupied", 500, "daily", True, "A1", None, None),
    "H5": (300, 0, "occupied", 60, "hospitality", False, "A1", None, None),
    "H6": (350, 0, "vacant", np.nan, "services", False, "A2", "2020-01-01", "2021-01-01"),
    "H7": (500, 0, "occupied", 150, "home_garden", False, "B1", None, None),
    "S1": (200, 50, "occupied", 90, "hospitality", False, "B1", None, None),
    "S2": (200, 100, "vacant", 70, "services", False, "B1", None, None),
    "S3": (200, 200, "unknown", 50, "services", False, "C", None, None),
    "S4": (200, 250, "non_retail", 110, "non_retail", False, "C", None, None),
    "S5": (200, 280, "occupied", 40, "daily", False, "C", None, None),
}
STREETS = {
    1: ("High Street", [(0, 0), (200, 0)]),
    2: ("High Street", [(200, 0), (400, 0)]),
    3: ("High Street", [(400, 0), (600, 0)]),
    4: ("Side Street", [(200, 0), (200, 100)]),
    5: ("Side Street", [(200, 100), (200, 300)]),
}
SENSORS = {"high": (150, 0), "east": (500, 0), "side": (200, 150)}
# Passages per open hour on an ordinary weekday, on average from ten to eighteen and from nine to nineteen alike. No two
# hours of a day are alike, or the sensor would be stuck.
PER_HOUR = {"high": 300, "east": 120, "side": 40}
PARKING = {"P1": (0, 0, 100), "P2": (400, 0, 40), "P3": (200, 300, None)}
# x from, y from, x to, y to, inhabitants (None: withheld)
AREAS = {
    "west": (0, -100, 200, 400, 900),
    "north_east": (200, 0, 600, 400, 400),
    "harbour": (200, -100, 600, 0, None),
}
# area, x, y, width, depth, floors, a home?
BUILDINGS = {
    "b1": (20, 100, 10, 10, 1, True),
    "b2": (20, 200, 10, 20, 2, True),
    "b3": (20, 300, 20, 20, 1, False),
    "b4": (20, 350, 3, 3, 1, True),
}
OPEN_FROM_H = 9
HOUR_SHARES = np.array([0.6, 0.8, 1.0, 1.2, 1.1, 0.9, 1.3, 1.05, 0.65, 1.4])
NIGHT_SHARE = 0.02
WEEKDAY_SHARES = np.array([0.8, 1.0, 1.0, 1.0, 1.2, 1.6, 0.4])


def points(xy: list[tuple[float, float]]) -> NDArray[np.object_]:
    return shapely.points(np.array(xy, dtype=float).reshape(-1, 2) + ORIGIN)


def units() -> gpd.GeoDataFrame:
    """Shop units, with the columns the analyses count on."""
    rows = pd.DataFrame.from_dict(
        UNITS,
        orient="index",
        columns=[
            "x",
            "y",
            "state",
            "floor_area_m2",
            "branch_group",
            "is_anchor",
            "street_class",
            "earliest",
            "latest",
        ],
    )
    frame = rows.drop(columns=["x", "y", "earliest", "latest"]).assign(
        floor_area_m2=rows["floor_area_m2"].astype(float),
        is_vacant=rows["state"] == "vacant",
        core_id="centre",
        vacant_start_earliest_on=pd.to_datetime(rows["earliest"]),
        vacant_start_latest_on=pd.to_datetime(rows["latest"]),
    )
    return gpd.GeoDataFrame(frame, geometry=points(list(zip(rows["x"], rows["y"], strict=True))), crs=CRS)


def streets() -> gpd.GeoDataFrame:
    """Streets open to everybody both ways, as the network takes them."""
    lines = [shapely.LineString(np.array(line, dtype=float) + ORIGIN) for _, line in STREETS.values()]
    frame = {
        "name": [name for name, _ in STREETS.values()],
        "street_class": "residential",
        "car_speed_kmh": np.nan,
    }
    for mode in ("walk", "bicycle", "car"):
        frame |= {f"is_{mode}_forward": True, f"is_{mode}_backward": True}
    return gpd.GeoDataFrame(frame, geometry=lines, index=list(STREETS), crs=CRS)


def parcels() -> gpd.GeoDataFrame:
    """One parcel of 20 x 20 m under every shop unit."""
    shapes = [shapely.box(p.x - 10, p.y - 10, p.x + 10, p.y + 10) for p in units().geometry]
    capakeys = [f"34040A{number:04d}/00_000" for number in range(1, len(shapes) + 1)]
    return gpd.GeoDataFrame({"capakey": capakeys}, geometry=shapes, index=list(UNITS), crs=CRS)


def sensors() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": list(SENSORS)}, geometry=points(list(SENSORS.values())), index=list(SENSORS), crs=CRS
    )


def parking_zones() -> gpd.GeoDataFrame:
    """Three parking zones; nobody knows how many spaces the third has."""
    spaces = [np.nan if n is None else float(n) for _, _, n in PARKING.values()]
    where = points([(x, y) for x, y, _ in PARKING.values()])
    return gpd.GeoDataFrame({"spaces": spaces}, geometry=where, index=list(PARKING), crs=CRS)


def areas() -> gpd.GeoDataFrame:
    """Statistical sectors; the inhabitants of the last are withheld."""
    shapes = [shapely.box(*(np.array(row[:4], dtype=float) + ORIGIN * 2)) for row in AREAS.values()]
    people = [np.nan if row[4] is None else float(row[4]) for row in AREAS.values()]
    withheld = [row[4] is None for row in AREAS.values()]
    return gpd.GeoDataFrame(
        {"population": people, "is_suppressed": withheld}, geometry=shapes, index=list(AREAS), crs=CRS
    )


def buildings() -> gpd.GeoDataFrame:
    """Buildings in the western sector only: two houses, a hall where nobody lives, and a shed."""
    rows = pd.DataFrame.from_dict(
        BUILDINGS, orient="index", columns=["x", "y", "width", "depth", "floors", "is_residential"]
    )
    west, south = rows["x"] + ORIGIN[0], rows["y"] + ORIGIN[1]
    shapes = shapely.box(west, south, west + rows["width"], south + rows["depth"])
    return gpd.GeoDataFrame(rows[["floors", "is_residential"]], geometry=shapes, crs=CRS)


def metres(origins: gpd.GeoDataFrame, destinations: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Distances along the streets between points on them, shape (origins, destinations)."""
    start, end = (shapely.get_coordinates(frame.geometry) - ORIGIN for frame in (origins, destinations))
    straight = np.abs(start[:, None] - end[None]).sum(axis=2)
    along = np.abs(start[:, None, 0] - CORNER_X) + np.abs(end[None, :, 0] - CORNER_X)
    around = along + start[:, None, 1] + end[None, :, 1]
    is_same_street = (start[:, None, 1] == 0) & (end[None, :, 1] == 0)
    is_same_street |= (start[:, None, 0] == CORNER_X) & (end[None, :, 0] == CORNER_X)
    return np.where(is_same_street, straight, around)


def hour_shares(hours: pd.DatetimeIndex) -> NDArray[np.float64]:
    """How busy an hour of the week is, 1 being the mean open hour of the mean day."""
    day = np.full(24, NIGHT_SHARE)
    day[OPEN_FROM_H : OPEN_FROM_H + len(HOUR_SHARES)] = HOUR_SHARES
    return day[hours.hour] * WEEKDAY_SHARES[hours.day_of_week]


def counts(*, weeks: int = 12, first_on: dt.date = dt.date(2025, 1, 6)) -> pd.DataFrame:
    """Hourly counts of every sensor: the same week over and over."""
    hours = pd.date_range(first_on, periods=weeks * 168, freq="h")
    start_at = hours.tz_localize(TIMEZONE, ambiguous="NaT", nonexistent="NaT").tz_convert("UTC")
    parts = [
        pd.DataFrame({"sensor_id": name, "start_at": start_at, "value": per_hour * hour_shares(hours)})
        for name, per_hour in PER_HOUR.items()
    ]
    frame = pd.concat(parts, ignore_index=True).dropna(subset="start_at").reset_index(drop=True)
    return frame.assign(minutes=60, uptime=1.0)


def parking_observations(*, days: int = 10, first_on: dt.date = dt.date(2025, 3, 3)) -> pd.DataFrame:
    """Hourly observations: P1 half full and full on Saturdays, P2 always nine tenths."""
    hours = pd.date_range(first_on, periods=days * 24, freq="h")
    at = hours.tz_localize(TIMEZONE).tz_convert("UTC")
    share = np.where(hours.day_of_week == 5, 1.0, 0.5)
    first = pd.DataFrame(
        {"parking_zone_id": "P1", "observed_at": at, "occupied": 100 * share, "capacity": 100.0}
    )
    second = pd.DataFrame({"parking_zone_id": "P2", "observed_at": at, "occupied": 36.0, "capacity": 40.0})
    return pd.concat([first, second], ignore_index=True)
