"""What all steps of a refresh share: units, people and parking on the walking network."""

import dataclasses
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from sqlalchemy.orm import Session

from api.catchment.networks import get_network
from api.refresh import queries
from gis.network import StreetNetwork
from gis.population import place_population, placement
from gis.snapping import Positions

WALK_MINUTES = 10.0
# Fewer pairs where units are many: the scan looks at no window wider than that anyway.
NEAR_M, FAR_M, MANY_UNITS = 800.0, 2500.0, 1500


class Ground:
    """Frames of one municipality and their positions on the walking network, each read once."""

    def __init__(self, session: Session, nis_code: str) -> None:
        self.session = session
        self.nis_code = nis_code
        self.network: StreetNetwork = get_network(session, "walk")
        self.units = queries.units(session, nis_code)
        self.parking = queries.parking_zones(session, nis_code)

    def snap(self, frame: gpd.GeoDataFrame) -> Positions:
        """Positions of points on the walking network."""
        return self.network.snap(shapely.get_coordinates(frame.geometry.to_numpy()))

    def distances(self, origins: Positions, destinations: Positions, *, limit_m: float) -> csr_array:
        """Walking distances, metres; a pair further apart is missing."""
        return self.network.distances(origins, destinations, limit_m=limit_m)

    @cached_property
    def at_units(self) -> Positions:
        """Positions of the shop units."""
        return self.snap(self.units)

    @cached_property
    def at_parking(self) -> Positions:
        """Positions of the parking zones."""
        return self.snap(self.parking)

    @cached_property
    def between_units(self) -> csr_array:
        """Walking distances between all shop units."""
        return self.between(self.at_units)

    def between(self, at: Positions) -> csr_array:
        """Walking distances among shop units."""
        limit = FAR_M if len(at.segment) <= MANY_UNITS else NEAR_M
        # Neighbours are as far apart as the street between their doors; the step to the street is no distance.
        doors = dataclasses.replace(at, distance_m=np.zeros(len(at.segment)))
        return self.distances(doors, doors, limit_m=limit)

    @cached_property
    def people(self) -> gpd.GeoDataFrame:
        """Inhabitants placed at points, with the code of their sector."""
        areas = queries.areas(self.session, self.nis_code)
        self.areas = areas
        if areas.empty or areas["population"].notna().sum() == 0:
            nothing: dict[str, list[Any]] = {"persons": [], "sector_code": []}
            return gpd.GeoDataFrame(nothing, geometry=[], crs=queries.CRS)
        buildings = queries.buildings(self.session, self.nis_code)
        extent = shapely.box(*buildings.total_bounds) if len(buildings) else shapely.Polygon()
        placed = place_population(
            areas,
            buildings,
            streets=queries.streets(self.session, self.nis_code),
            buildings_extent=extent,
        )
        self.placement = placement(areas, placed)
        return placed.assign(sector_code=areas["code"].reindex(placed["area_id"]).to_numpy())

    def population_coverage(self) -> dict[str, Any]:
        """How many sectors have people placed, and how many are suppressed or unknown."""
        states = getattr(self, "placement", pd.DataFrame({"state": []}))["state"].value_counts()
        return {name: int(states.get(name, 0)) for name in ("placed", "suppressed", "unknown")}

    def people_within(self, minutes: float = WALK_MINUTES, *, weights: pd.Series | None = None) -> pd.Series:
        """
        Inhabitants within a walk of every shop unit; NaN where no inhabitants are known at all.

        `weights` per sector code counts each inhabitant for more or less than one; those of other sectors and
        municipalities count for one.
        """
        points = self._people_around(minutes * 100.0)
        if points.empty:
            return pd.Series(np.nan, index=self.units.index)
        persons = points["persons"].to_numpy(float)
        if weights is not None:
            persons = persons * points["sector_code"].map(weights).fillna(1.0).to_numpy(float)
        where = self.network.snap(points[["x", "y"]].to_numpy(float))
        found = self.network.sums(self.at_units, where, persons, limit_s=minutes * 60.0, direction="towards")
        is_on_network = self.at_units.segment >= 0
        return pd.Series(np.where(is_on_network, found, np.nan), index=self.units.index)

    def _people_around(self, reach_m: float) -> pd.DataFrame:
        own = pd.DataFrame(
            {
                "x": self.people.geometry.x.to_numpy(),
                "y": self.people.geometry.y.to_numpy(),
                "persons": self.people["persons"].to_numpy(float),
                "sector_code": self.people["sector_code"].to_numpy(object),
            }
        )
        west, south, east, north = self.units.total_bounds
        box = (west - reach_m, south - reach_m, east + reach_m, north + reach_m)
        beyond = queries.neighbours_people(self.session, self.nis_code, box)
        return pd.concat([own, beyond], ignore_index=True) if len(beyond) else own
