"""Where footfall and traffic are counted, by what, and how much passes there on an average day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import shapely

from api.demo.lines import Skeleton
from api.demo.plan import TownPlan, dice
from api.demo.units import passages

LATE_DAYS = 300
"""One sensor per town was put up later than the others; so long before the last day."""

DOOR_TOWNS = ("31022", "34040")
"""Where a shop counts who comes in; the others have no such counter, as most towns."""
ENTRY_SHARE = 0.09
"""Of all who pass a shop in a day."""


@dataclass(frozen=True)
class Sensor:
    """One counter.

    Attributes
    ----------
    code, name, instrument, measure_kind
        As in the target `footfall_sensor`.
    use
        Which daily rhythm it sees: shopping, station, sea, traffic or door.
    modes
        What it counts.
    two_way
        Does it tell directions apart?
    per_day
        True passages on an average day, per mode.
    x_m, y_m
        Place in Lambert 72.
    towards
        Names of the two directions.
    active_from
        First day.
    is_indoor
        Does it hang in the shopping centre?
    """

    code: str
    name: str
    instrument: str
    measure_kind: str
    use: str
    modes: tuple[str, ...]
    two_way: bool
    per_day: tuple[float, ...]
    x_m: float
    y_m: float
    towards: tuple[str, str]
    active_from: date
    is_indoor: bool = False


def sensors(plan: TownPlan, seed: int, drawn: Skeleton, until: date, count_days: int) -> list[Sensor]:
    """Place the counters of a town.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    drawn
        The lines the town hangs on.
    until
        The day after the last one counted.
    count_days
        How many days are counted.
    """
    rng = dice(plan, seed, "sensors")
    first = until - timedelta(count_days)
    found: list[Sensor] = []
    for number, (road, share, instrument, two_way, use) in enumerate(_spots(plan, drawn), start=1):
        at = shapely.get_coordinates(
            shapely.line_interpolate_point(drawn.mains[road], share, normalized=True)
        )
        rank = np.array([next(line.rank for line in drawn.lines if line.geometry is drawn.mains[road])])
        level = float(passages(plan, drawn, at, rank)[0] * rng.lognormal(0, 0.06))
        late = number == 4 and count_days > LATE_DAYS
        street = plan.main_streets[road][0]
        found.append(
            Sensor(
                code=f"{plan.nis_code}-P{number}",
                name=f"{street} {'kop' if share < 0.5 else 'midden' if share < 0.8 else 'stationszijde'}",
                instrument=instrument,
                measure_kind="passage",
                use=use,
                modes=("ped",),
                two_way=two_way,
                per_day=(level,),
                x_m=float(at[0, 0].round(2)),
                y_m=float(at[0, 1].round(2)),
                towards=(f"naar {plan.square}", "weg van het centrum"),
                active_from=until - timedelta(LATE_DAYS) if late else first,
            )
        )
    others = [*_area_sensor(plan, drawn, first), *_traffic(plan, rng, drawn, first)]
    return [*found, *others, *_door(plan, found[1])]


def _spots(plan: TownPlan, drawn: Skeleton) -> list[tuple[int, float, str, bool, str]]:
    """Main street, place along it, instrument, two directions?, rhythm."""
    station = next((i for i, (name, _) in enumerate(plan.main_streets) if name == plan.station_street), 1)
    sea = "sea" if plan.coast_season > 0.5 else "shopping"
    spots = [
        (0, 0.25, "laser", True, sea),
        (0, 0.78, "camera", True, sea),
        (1, 0.40, "laser", False, "shopping"),
        (station, 0.99 if station == 0 else 0.86, "laser", True, "station"),
    ]
    if plan.population > 20_000 and len(drawn.mains) > 2:
        spots.append((2, 0.45, "laser", False, "shopping"))
    return spots


def _area_sensor(plan: TownPlan, drawn: Skeleton, first: date) -> list[Sensor]:
    """People present on the square: an occupancy, which nobody may add up."""
    if plan.population < 25_000:
        return []
    middle = shapely.centroid(drawn.square)
    return [
        Sensor(
            code=f"{plan.nis_code}-A1",
            name=f"{plan.square} (aanwezigen)",
            instrument="rf_attenuation",
            measure_kind="occupancy",
            use="shopping",
            modes=("ped",),
            two_way=False,
            per_day=(plan.passages_per_day * 0.34,),
            x_m=round(middle.x, 2),
            y_m=round(middle.y, 2),
            towards=("", ""),
            active_from=first,
        )
    ]


def _door(plan: TownPlan, outside: Sensor) -> list[Sensor]:
    """The door of a shop beside a counter in the street: who goes in, of those who pass."""
    if plan.nis_code not in DOOR_TOWNS:
        return []
    street = outside.name.rsplit(" ", 1)[0]
    return [
        replace(
            outside,
            code=f"{plan.nis_code}-D1",
            name=f"Winkeldeur {street}",
            measure_kind="entries",
            use="door",
            two_way=False,
            per_day=(outside.per_day[0] * ENTRY_SHARE,),
            x_m=round(outside.x_m + 6.0, 2),
            towards=("", ""),
        )
    ]


def _traffic(plan: TownPlan, rng: np.random.Generator, drawn: Skeleton, first: date) -> list[Sensor]:
    """A window sensor of a resident on the ring, and a loop in a cycle path."""
    ring = max((line for line in drawn.lines if line.kind == "ring"), key=lambda line: line.geometry.length)
    window = shapely.line_interpolate_point(ring.geometry, 0.4, normalized=True)
    radial = next(line for line in drawn.lines if line.kind == "radial" and line.geometry.length > 600)
    loop = shapely.line_interpolate_point(radial.geometry, 320.0)
    cars = plan.population * rng.uniform(0.16, 0.24)
    places = [
        (
            "T1",
            ring.name,
            "telraam",
            ("ped", "bike", "auto", "truck"),
            False,
            (260.0, 620.0, cars, cars * 0.035),
            window,
        ),
        (
            "F1",
            f"{radial.name} fietspad",
            "loop",
            ("bike",),
            True,
            (plan.population * rng.uniform(0.02, 0.045),),
            loop,
        ),
    ]
    return [
        Sensor(
            code=f"{plan.nis_code}-{code}",
            name=name,
            instrument=instrument,
            measure_kind="passage",
            use="traffic",
            modes=modes,
            two_way=two_way,
            per_day=per_day,
            x_m=round(at.x, 2),
            y_m=round(at.y, 2),
            towards=("naar het centrum", "uit het centrum"),
            active_from=first,
        )
        for code, name, instrument, modes, two_way, per_day, at in places
    ]


def sensor_frame(plan: TownPlan, listed: list[Sensor]) -> pd.DataFrame:
    """Give the counters as rows of the target `footfall_sensor`.

    Parameters
    ----------
    plan
        The town.
    listed
        The counters.
    """
    suppliers = ["Telbedrijf Demo" if sensor.instrument != "telraam" else "Buurttelling" for sensor in listed]
    return pd.DataFrame(
        {
            "nis_code": plan.nis_code,
            "code": [sensor.code for sensor in listed],
            "name": [sensor.name for sensor in listed],
            "instrument": [sensor.instrument for sensor in listed],
            "measure_kind": [sensor.measure_kind for sensor in listed],
            "interval_minutes": 60,
            "supplier": suppliers,
            "processor": suppliers,
            # Neighbours who count at their window have no contract.
            "contract_end_on": [
                None if sensor.instrument == "telraam" else date(sensor.active_from.year + 8, 12, 31)
                for sensor in listed
            ],
            "active_from": [sensor.active_from for sensor in listed],
            "active_to": None,
            "direction_a": [sensor.towards[0] if sensor.two_way else None for sensor in listed],
            "direction_b": [sensor.towards[1] if sensor.two_way else None for sensor in listed],
            "is_indoor": [sensor.is_indoor for sensor in listed],
            "local_code": None,
            "stores_images": False,
            "on_device": True,
            "geometry": shapely.points([(sensor.x_m, sensor.y_m) for sensor in listed]),
        }
    )
