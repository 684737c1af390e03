"""What draws people past a place: the features of the footfall, of shop units, counts and streets alike."""

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.refresh import queries
from api.refresh.ground import Ground
from gis.flow_features import Flows, Places, flow_features, trips_on_streets
from gis.footfall_estimate import footfall_features
from gis.snapping import Positions

FEATURE_REACH_M = 900.0
# How far around the shops a trip may begin.
AROUND_M = 1500.0
# A station of which nobody says how many board there draws as so many stops.
STOPS_OF_A_STATION = 20.0


class Draws:
    """Shops, anchors, parking, stops and homes of a municipality, and the trips between them over its streets."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        units = ground.units
        trading = units["state"].eq("occupied").to_numpy()
        self.at_shops = ground.at_units[np.flatnonzero(trading)]
        self.at_anchors = ground.at_units[np.flatnonzero(trading & units["is_anchor"].to_numpy())]
        self.floor_area_m2 = units["floor_area_m2"][trading]

    @cached_property
    def _stops(self) -> tuple[Positions, pd.Series]:
        stops = queries.stops(self.ground.session, tuple(self.ground.units.total_bounds), AROUND_M)
        weight = stops["weight"].astype(float)
        unsaid = stops["kind"].eq("station") & weight.eq(1.0)
        return self.ground.snap(stops), weight.where(~unsaid, STOPS_OF_A_STATION)

    @cached_property
    def _flows(self) -> Flows:
        ground = self.ground
        at_stops, power = self._stops
        origins = {}
        if len(at_stops):
            origins["from_stops"] = Places(at_stops, power.to_numpy())
        if len(ground.parking):
            origins["from_parking"] = Places(
                ground.at_parking, ground.parking["spaces"].fillna(0.0).to_numpy()
            )
        if len(ground.people):
            people = ground.people
            near = people[
                people.geometry.intersects(shapely.box(*ground.units.total_bounds).buffer(AROUND_M))
            ]
            origins["from_homes"] = Places(ground.snap(near), near["persons"].to_numpy(float))
        return trips_on_streets(ground.network, shops=Places(self.at_shops), origins=origins)

    def of(self, at: Positions, xy: NDArray[np.float64], index: pd.Index) -> pd.DataFrame | None:
        """Features of places, by where they are on the streets and on the ground; None where nobody trades."""
        if not len(self.at_shops) or not len(index):
            return None
        ground = self.ground

        def to(there: Positions) -> Any:
            return ground.distances(at, there, limit_m=FEATURE_REACH_M)

        optional: dict[str, Any] = {}
        if len(self.at_anchors):
            optional["to_anchors"] = to(self.at_anchors)
        if len(ground.parking):
            optional |= {"to_parking": to(ground.at_parking), "spaces": ground.parking["spaces"]}
        at_stops, power = self._stops
        if len(at_stops):
            optional |= {"to_stops": to(at_stops), "power": power}
        static = footfall_features(
            index, to_shops=to(self.at_shops), floor_area_m2=self.floor_area_m2, **optional
        )
        return static.join(flow_features(self._flows, xy, index=index))
