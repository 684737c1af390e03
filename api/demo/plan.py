"""What is true of the seven municipalities, and what the generator is told to invent around it."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from datetime import date

import numpy as np

SOURCE_SRID = 31370
"""The demo is drawn in Lambert 72: the centres and areas of the plans are known there."""


@dataclass(frozen=True, kw_only=True)
class TownPlan:
    """One municipality: facts first, then what the invented town under it must look like.

    Attributes
    ----------
    nis_code, name_nl, name_fr, name_en, postcodes, area_km2, population, population_on, market_weekdays
        Facts (invented from 90001 on). Weekdays are 1 = Monday to 7 = Sunday.
    centre_x_m, centre_y_m
        Centre in Lambert 72, metres.
    square, main_streets, square_street
        Name of the market square; the streets that leave it, each with its bearing (degrees clockwise from
        north), the first one the main shopping street; and a small street beside the square.
    station_street
        Name of the street that leads to the station.
    outer_names, quay, ring_names
        Names beyond the ring, along the water, and of the ring.
    water, water_bearing, water_distance_m, water_width_m
        A river or canal: name, side of the centre it lies on, distance, width. Width 0: none.
    rail_bearing, rail_distance_m
        Side and distance of the railway, parallel to the water.
    coast_bearing, coast_distance_m
        Side and distance of the sea; distance 0: no coast.
    villages
        Names of the villages.
    unit_factor
        Shop units per inhabitant relative to an ordinary town.
    is_pedestrianised
        Is the main shopping street a pedestrian zone?
    mall
        Name of a shopping centre in the core; empty: none.
    declines
        Places where vacancy is truly concentrated.
    vacancy_share
        Share of shop units vacant at the end, 0-1.
    passages_per_day
        Pedestrian passages at the busiest point on an average day.
    coast_season
        How strongly summer and weather rule footfall: 0 inland, 1 on the coast.
    floor_area_unknown_share
        Share of shop units whose floor area nobody measured, 0-1.
    has_street_island
        Does the network hold a piece that nothing connects to the rest?
    """

    nis_code: str
    name_nl: str
    name_fr: str
    name_en: str
    postcodes: tuple[str, ...]
    area_km2: float
    population: int
    population_on: date
    centre_x_m: float
    centre_y_m: float
    market_weekdays: tuple[int, ...]
    square: str
    main_streets: tuple[tuple[str, float], ...]
    square_street: str = ""
    station_street: str = "Stationsstraat"
    outer_names: tuple[str, ...] = ()
    quay: str = ""
    ring_names: tuple[str, ...] = ("Noordlaan", "Oostlaan", "Zuidlaan", "Westlaan")
    water: str = ""
    water_bearing: float = 0.0
    water_distance_m: float = 0.0
    water_width_m: float = 0.0
    rail_bearing: float = 180.0
    rail_distance_m: float = 550.0
    coast_bearing: float = 0.0
    coast_distance_m: float = 0.0
    villages: tuple[str, ...] = ()
    unit_factor: float = 1.0
    is_pedestrianised: bool = False
    mall: str = ""
    declines: int = 0
    vacancy_share: float = 0.11
    passages_per_day: float = 2500.0
    coast_season: float = 0.0
    floor_area_unknown_share: float = 0.05
    has_street_island: bool = False

    @property
    def centre(self) -> np.ndarray:
        """Centre in Lambert 72, metres, shape (2,)."""
        return np.array([self.centre_x_m, self.centre_y_m])

    @property
    def radius_m(self) -> float:
        """Radius of the circle with the town's area, metres."""
        return math.sqrt(self.area_km2 * 1e6 / math.pi)

    @property
    def ring_radius_m(self) -> float:
        """Radius of the ring road around the old town, metres."""
        return 300.0 + 2.2 * math.sqrt(self.population / 3.0)

    @property
    def built_radius_m(self) -> float:
        """Distance to which the town is built up all round, metres."""
        return self.ring_radius_m * 1.55 + 60.0

    @property
    def shop_units(self) -> int:
        """How many shop units the town has."""
        return int(np.clip(self.population * 0.0105 * self.unit_factor, 150, 430))

    @property
    def is_invented(self) -> bool:
        """Is the municipality itself invented?"""
        return self.nis_code >= "90000"


def dice(plan: TownPlan, seed: int, topic: str) -> np.random.Generator:
    """Make the random numbers of one topic of one town.

    Topics do not share numbers, so that a change in one (another street) does not reshuffle all others.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the whole data set.
    topic
        What the numbers are for.
    """
    return np.random.default_rng([seed, int(plan.nis_code), zlib.crc32(topic.encode())])
