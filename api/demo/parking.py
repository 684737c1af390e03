"""Parking: blue-zone streets, car parks, a garage, Shop&Go bays, and how full they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.demo.buildings import Buildings
from api.demo.days import SUNDAY
from api.demo.hours import Hours, hours
from api.demo.lines import Skeleton
from api.demo.lots import Lots
from api.demo.plan import TownPlan, dice
from api.demo.streets import Network
from api.demo.subdivide import Shapes

Floats = NDArray[np.float64]

OBSERVED_DAYS = 56
_SURVEY_DAYS_AGO = (20, 34)
_SURVEY_HOURS = range(9, 19)
_BAY_M = 11.0
_BAY_M2 = 27.0


@dataclass(frozen=True)
class Zone:
    """One parking zone.

    Attributes
    ----------
    name, kind, regime, capacity, max_stay_min, fee_eur_per_hour
        As in the target `parking_zone`; 0 stands for no limit and no fee.
    area
        Its area in Lambert 72.
    pressure
        Share taken at the busiest ordinary hour, 0-1.
    is_metered
        Does it report by the hour? Else two survey days are known.
    """

    name: str
    kind: str
    regime: str
    capacity: int
    max_stay_min: int
    fee_eur_per_hour: float
    area: shapely.Geometry
    pressure: float
    is_metered: bool


def parking_zones(
    plan: TownPlan, seed: int, drawn: Skeleton, *, net: Network, made: Lots, built: Buildings
) -> list[Zone]:
    """Lay out the parking zones of a town.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    drawn
        The lines the town hangs on.
    net
        Its streets.
    made
        Its lots, for the land behind them.
    built
        Its buildings; car parks keep off their blocks.
    """
    rng = dice(plan, seed, "parking")
    zones = [*_streets(plan, rng, drawn, net), *_car_parks(plan, rng, drawn, _yards(plan, made, built))]
    square = Zone(
        plan.square, "surface", "shop_and_go" if plan.nis_code == "34040" else "blue_zone",
        int(drawn.square.area * 0.45 / _BAY_M2), 120, 0.0, shapely.buffer(drawn.square, -6.0), 0.86, True,
    )  # fmt: skip
    bays = shapely.buffer(shapely.line_interpolate_point(drawn.mains[-1], 60.0), 9.0)
    shop_and_go = Zone(
        f"Shop&Go {plan.main_streets[-1][0]}", "bay_group", "shop_and_go", 6, 30, 0.0, bays, 0.62, True
    )
    station = shapely.buffer(drawn.station, 38.0) - shapely.buffer(drawn.rail, 6.0)
    at_station = Zone(
        "Stationsparking", "surface", "free", int(station.area / _BAY_M2), 0, 0.0, station, 0.84, True
    )
    return [square, shop_and_go, *([at_station] if not drawn.station.is_empty else []), *zones]


def _streets(plan: TownPlan, rng: np.random.Generator, drawn: Skeleton, net: Network) -> list[Zone]:
    fits, far = _with_bays(plan, drawn, net)
    streets = net.segments.loc[fits, ["name", "geometry"]].assign(far=far[fits])
    names = streets.groupby("name")["far"].min().sort_values(kind="stable").index[:14]
    zones = []
    for number, name in enumerate(names):
        lines = streets.loc[streets["name"] == name, "geometry"].to_numpy()
        capacity = int(shapely.length(lines).sum() / _BAY_M * rng.uniform(0.5, 0.9))
        if capacity < 3:
            continue
        regime = "blue_zone" if number < 9 else "resident" if number % 3 == 0 else "free"
        stay_min = 120 if regime == "blue_zone" else 0
        area = shapely.union_all(shapely.buffer(lines, 5.0, cap_style="flat"))
        pressure = float(np.clip(0.9 - number * 0.03 + rng.normal(0, 0.06), 0.35, 0.98))
        zones.append(Zone(str(name), "street", regime, capacity, stay_min, 0.0, area, pressure, False))
    return zones


def _with_bays(plan: TownPlan, drawn: Skeleton, net: Network) -> tuple[NDArray[np.bool_], Floats]:
    """Which streets of the old town have parking bays, and how far each is from its centre."""
    segments = net.segments
    shapes = segments["geometry"].to_numpy()
    far = shapely.distance(
        shapely.line_interpolate_point(shapes, 0.5, normalized=True), shapely.Point(plan.centre)
    )
    fits = (
        segments["is_car_forward"].to_numpy(bool) & (far < plan.ring_radius_m) & (shapely.length(shapes) > 35)
    )
    fits &= segments["kind"].isin(["main", "split", "radial"]).to_numpy()
    fits &= segments["street_class"].isin(["residential", "tertiary", "secondary"]).to_numpy()
    # Nobody parks on a bridge or a level crossing.
    return fits & ~shapely.intersects(shapes, shapely.union(drawn.water, drawn.rail)), far


def _yards(plan: TownPlan, made: Lots, built: Buildings) -> Shapes:
    """The four most central yards behind the lots of the core."""
    is_free = made.zone == "core"
    is_free[[special.block for special in built.specials]] = False
    yards = shapely.get_parts(shapely.buffer(made.blocks[is_free], -31.0))
    yards = yards[shapely.area(yards) > 350.0]
    nearest: Shapes = yards[np.argsort(shapely.distance(yards, shapely.Point(plan.centre)), kind="stable")][
        :4
    ]
    return nearest


def _car_parks(plan: TownPlan, rng: np.random.Generator, drawn: Skeleton, yards: Shapes) -> list[Zone]:
    """Car parks in the yards behind the lots, and one garage where the town is large enough."""
    zones = []
    for number, yard in enumerate(yards):
        is_garage = number == 0 and plan.population > 20_000
        paid = is_garage or (number == 1 and plan.nis_code in ("34040", "31004"))
        regime = "paid" if paid else "blue_zone" if number == 1 else "free"
        floors = 3 if is_garage else 1
        zones.append(
            Zone(
                f"Parking {('Centrum', 'Kerk', 'Oost', 'Vest')[number]}",
                "garage" if is_garage else "surface",
                regime,
                max(int(yard.area * floors / _BAY_M2), 14),
                120 if regime == "blue_zone" else 0,
                1.2 if paid else 0.0,
                yard,
                float(rng.uniform(0.5, 0.85)),
                is_metered=True,
            )
        )
    if not drawn.ribbon.is_empty:
        lot = shapely.buffer(drawn.ribbon, 20.0, cap_style="flat") - shapely.buffer(drawn.ribbon, 9.0)
        zones.append(Zone("Parking baanwinkels", "surface", "free", 240, 0, 0.0, lot, 0.5, is_metered=False))
    return zones


def zone_frame(plan: TownPlan, zones: list[Zone]) -> pd.DataFrame:
    """Give the zones as rows of the target `parking_zone`; `area_geom` is still in Lambert 72.

    Parameters
    ----------
    plan
        The town.
    zones
        The zones.
    """
    areas = np.array([zone.area for zone in zones])
    return pd.DataFrame(
        {
            "nis_code": plan.nis_code,
            "code": zone_codes(plan, zones),
            "name": [zone.name for zone in zones],
            "kind": [zone.kind for zone in zones],
            "capacity": [zone.capacity for zone in zones],
            "regime": [zone.regime for zone in zones],
            "max_stay_min": pd.array([zone.max_stay_min or None for zone in zones], dtype="Int64"),
            "fee_eur_per_hour": [zone.fee_eur_per_hour or np.nan for zone in zones],
            "area_geom": areas,
            "geometry": shapely.point_on_surface(areas),
        }
    )


def zone_codes(plan: TownPlan, zones: list[Zone]) -> list[str]:
    """Give the codes of the zones."""
    return [f"{plan.nis_code}-Z{i:02d}" for i in range(1, len(zones) + 1)]


_BY_HOUR = np.array(
    [.12, .10, .10, .10, .10, .12, .18, .34, .60, .82, .96, 1.0, .90, .84, .90, .95, .92, .82, .62, .46, .36, .28, .20, .15]
)  # fmt: skip


def parking_observations(
    plan: TownPlan, seed: int, zones: list[Zone], *, until: date, count_days: int
) -> pd.DataFrame:
    """Say how full the zones were in the last eight weeks: by the hour where metered, else on two survey days.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    zones
        The zones.
    until
        The day after the last one observed.
    count_days
        How many days of data the set holds.
    """
    time = hours(until, count_days, seed)
    recent = np.flatnonzero(time.day >= len(time.days) - OBSERVED_DAYS)
    surveyed = [until - timedelta(days) for days in _survey_days(plan, until)]
    is_surveyed = np.array([day in surveyed for day in time.days])[time.day[recent]]
    is_surveyed &= np.isin(time.hour[recent], _SURVEY_HOURS)
    parts = []
    for number, (zone, code) in enumerate(zip(zones, zone_codes(plan, zones), strict=True)):
        rng = dice(plan, seed, f"parking {number}")
        rows = recent if zone.is_metered else recent[is_surveyed]
        share = _taken_share(plan, zone, time, rows) * rng.normal(1.0, 0.07, len(rows))
        taken = rng.binomial(zone.capacity, np.clip(share, 0.0, 1.0))
        keep = rng.random(len(rows)) > 0.01 * zone.is_metered
        parts.append(
            pd.DataFrame(
                {
                    "zone_code": code,
                    "observed_at": time.start_at[rows],
                    "minutes": 60,
                    "capacity": zone.capacity,
                    "occupied": taken,
                }
            )[keep]
        )
    return pd.concat(parts, ignore_index=True)


def _survey_days(plan: TownPlan, until: date) -> tuple[int, int]:
    """An ordinary Saturday and a market day, some weeks ago."""
    weekdays = (6, plan.market_weekdays[0])
    return tuple(  # type: ignore[return-value]
        ago + ((until - timedelta(ago)).isoweekday() - weekday) % 7
        for ago, weekday in zip(_SURVEY_DAYS_AGO, weekdays, strict=True)
    )


def _taken_share(plan: TownPlan, zone: Zone, time: Hours, rows: NDArray[np.int64]) -> Floats:
    day, hour = time.day[rows], time.hour[rows]
    weekday = np.where(time.is_holiday[day], SUNDAY, time.weekday[day])
    level = np.array([0.88, 0.9, 0.96, 0.92, 1.0, 1.08, 0.55])[weekday - 1]
    if zone.name == "Stationsparking":
        level = np.array([1.05, 1.08, 1.06, 1.06, 0.95, 0.45, 0.35])[weekday - 1]
    share = zone.pressure * level * _BY_HOUR[hour]
    if zone.name == plan.square:
        # The market takes the square itself.
        is_market = np.isin(time.weekday[day], plan.market_weekdays) & (hour >= 6) & (hour <= 13)
        share = np.where(is_market, 0.0, share)
    if zone.regime == "resident":
        share = zone.pressure * (1.0 - 0.45 * _BY_HOUR[hour])
    return np.asarray(np.clip(share, 0.0, 0.99))
