"""The invented towns: Flanders-size filler around the seven, for benchmarks."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np

from api.demo.plan import TownPlan
from api.demo.seven import SEVEN

SPACING_M = 7900.0
MOST_INVENTED = 293
_BOX_M = (24_000.0, 256_000.0, 150_000.0, 246_000.0)
_COAST_M = ((20_000.0, 199_500.0), (80_000.0, 229_500.0))
_SQUARES = ("Grote Markt", "Markt", "Marktplein", "Kerkplein", "Dorpsplein")
_MAIN = (
    "Kerkstraat",
    "Hoogstraat",
    "Nieuwstraat",
    "Kapelstraat",
    "Molenstraat",
    "Gasthuisstraat",
    "Brugstraat",
)
_WATER = ("Zwartebeek", "Oude Vaart", "Demobeek", "Lange Gracht", "Zandleie")
_VILLAGES = (
    "Molendorp",
    "Kapellehoek",
    "Ter Heide",
    "Gaverhoek",
    "Sint-Maartenshoek",
    "Vierhuizen",
    "Kruisdorp",
)


def plans(municipalities: int) -> list[TownPlan]:
    """List the towns: the seven, then as many invented ones as asked.

    Parameters
    ----------
    municipalities
        How many towns, 1 to 300.

    Raises
    ------
    ValueError
        Fewer than 1 or more than 300 towns.
    """
    most = len(SEVEN) + MOST_INVENTED
    if not 1 <= municipalities <= most:
        raise ValueError(f"The demo has 1 to {most} municipalities, not {municipalities}.")
    return [*SEVEN, *invented()][:municipalities]


@cache
def invented() -> tuple[TownPlan, ...]:
    """Spread 293 invented towns over an area as large as Flanders, clear of the seven."""
    return tuple(_invent(number, x, y) for number, (x, y) in enumerate(_sites(), start=1))


def _sites() -> list[tuple[float, float]]:
    west, east, south, north = _BOX_M
    rows = np.arange(south, north, SPACING_M * np.sqrt(3) / 2)
    grid = np.concatenate(
        [
            np.column_stack(
                [xs := np.arange(west + (i % 2) * SPACING_M / 2, east, SPACING_M), np.full(len(xs), y)]
            )
            for i, y in enumerate(rows)
        ]
    )
    grid += np.random.default_rng(90001).uniform(-0.09, 0.09, grid.shape) * SPACING_M
    (x0, y0), (x1, y1) = _COAST_M
    inland_m = ((grid[:, 0] - x0) * (y1 - y0) - (grid[:, 1] - y0) * (x1 - x0)) / np.hypot(x1 - x0, y1 - y0)
    free = inland_m > 4000.0
    for plan in SEVEN:
        free &= np.hypot(*(grid - plan.centre).T) > 1.3 * plan.radius_m + 5200.0
    grid = grid[free].round()
    nearest_first = np.argsort(
        np.hypot(*(grid - np.mean([p.centre for p in SEVEN], axis=0)).T), kind="stable"
    )
    return [(float(x), float(y)) for x, y in grid[nearest_first[:MOST_INVENTED]]]


def _invent(number: int, x_m: float, y_m: float) -> TownPlan:
    rng = np.random.default_rng([90000, number])
    name = f"Demostad {number:03d}"
    population = int(np.clip(rng.lognormal(9.75, 0.45), 7000, 45000))
    bearings = (rng.uniform(0, 360) + np.array([0, 90, 180, 270]) + rng.uniform(-18, 18, 4)) % 360
    streets = rng.permutation(np.array(_MAIN))[:4]
    water_bearing = float((bearings[0] + bearings[1]) / 2 % 360)
    has_water = rng.random() < 0.6
    return TownPlan(
        nis_code=str(90000 + number),
        name_nl=name,
        name_fr=name,
        name_en=name,
        postcodes=(f"{9990 + number % 10}",),
        area_km2=float(rng.uniform(24.0, 39.0).__round__(2)),
        population=population,
        population_on=date(2020, 1, 1),
        centre_x_m=x_m,
        centre_y_m=y_m,
        market_weekdays=(int(rng.integers(1, 7)),),
        square=str(rng.choice(_SQUARES)),
        main_streets=tuple(zip(map(str, streets), map(float, bearings.round(1)), strict=True)),
        station_street=str(streets[2]),
        quay="Kaai" if has_water else "",
        water=str(rng.choice(_WATER)) if has_water else "",
        water_bearing=water_bearing,
        water_distance_m=float(rng.uniform(280, 1200)),
        water_width_m=float(rng.uniform(10, 36)) if has_water else 0.0,
        rail_bearing=(water_bearing + 180) % 360,
        rail_distance_m=float(rng.uniform(480, 640)),
        villages=tuple(map(str, rng.permutation(np.array(_VILLAGES))[: int(rng.integers(1, 4))])),
        unit_factor=float(rng.uniform(0.85, 1.4)),
        is_pedestrianised=bool(rng.random() < 0.3),
        declines=int(rng.choice(3, p=[0.4, 0.45, 0.15])),
        vacancy_share=float(rng.uniform(0.085, 0.155)),
        passages_per_day=float(rng.uniform(900, 3200)),
    )
