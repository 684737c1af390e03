"""The real city for tests and benchmarks of footfall: its sensors, and what surrounds them on its streets."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.counts import quality_flags
from gis.flow_features import Places, flow_features, trips_on_streets
from gis.footfall import footfall_per_day
from gis.footfall_estimate import footfall_features
from gis.network import StreetNetwork
from gis.population import place_population
from gis.snapping import Positions
from tests.gis.real_streets import read

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "melbourne"
TIMEZONE = "Australia/Melbourne"
EPSG = 7855
# Supermarkets and department stores in the industry classification of the city's census.
ANCHOR_CODES = (4110, 4260)
LIMIT_M = 2000.0
# The list of stations leaves out the four of the middle of the city; where they lie is known to every traveller.
MORE_STATIONS = {
    "Southern Cross": (144.9526, -37.8183),
    "Melbourne Central": (144.9628, -37.8099),
    "Parliament": (144.9730, -37.8110),
    "Flagstaff": (144.9562, -37.8122),
}
# Addresses of shops whose spread is the measure of a feature, as that of the shop units of a town is.
N_SHOPS = 1500


@dataclass(frozen=True)
class Sensors:
    """Sensors with their footfall per day, their distances along the streets, what draws people to each, and to shops."""

    points: gpd.GeoDataFrame
    metres: NDArray[np.float64]
    features: pd.DataFrame
    of_shops: pd.DataFrame


def is_there() -> bool:
    return FOLDER.exists()


def counts(*, first: str = "2013-01-01", last: str = "2019-12-31") -> pd.DataFrame:
    """Hourly counts before the lockdowns, one row per sensor and hour."""
    wide = pd.read_parquet(FOLDER / "ped_hourly_wide_2013_2021.parquet").loc[first:last]
    known = pd.Index(_positions().index).intersection(wide.columns)
    clock = pd.DatetimeIndex(wide.index).tz_localize(TIMEZONE, ambiguous="NaT", nonexistent="NaT")
    frame = wide[known].set_axis(clock.tz_convert("UTC"), axis=0)
    frame = frame[frame.index.notna()].rename_axis(index="start_at", columns="sensor_id")
    long = frame.astype(float).stack().rename("value").reset_index()
    return long.assign(minutes=60, quality_flag=quality_flags(long.assign(minutes=60), timezone=TIMEZONE))


def sensors(footfall: pd.Series) -> Sensors:
    """Place the sensors on the streets and describe what is around each.

    `footfall` is per sensor name, as `footfall_per_day` gives.
    """
    streets = read("melbourne")
    network = StreetNetwork.from_streets(streets, mode="walk")
    places = _positions().loc[footfall.index]
    points = gpd.GeoDataFrame(
        {"footfall_per_day": footfall.to_numpy()},
        geometry=gpd.points_from_xy(places["Longitude"], places["Latitude"], crs=4326).to_crs(EPSG),
        index=footfall.index,
    )
    units = pd.read_csv(FOLDER / "clue_units_2021.csv.gz")
    shops = units[units["storefront_class"].isin(["retail", "food", "personal"]) & ~units["vacant"]]
    addresses = shops.drop_duplicates(["Longitude", "Latitude"]).sample(N_SHOPS, random_state=1)
    around = _Around(network, streets, shops)
    sensor_features = around.of(points.geometry)
    here = _on_street(network, points.geometry)
    metres = _metres(network, here, here)
    np.fill_diagonal(metres, 0.0)
    return Sensors(points, metres, sensor_features, around.of(_points(addresses)))


class _Around:
    """What lies around places of the city, each read once."""

    def metres(self, here: gpd.GeoSeries, there: gpd.GeoSeries) -> NDArray[np.float64]:
        """Distances along the streets, inf beyond `LIMIT_M`, shape (here, there)."""
        return _metres(self.network, _on_street(self.network, here), _on_street(self.network, there))

    def __init__(self, network: StreetNetwork, streets: gpd.GeoDataFrame, shops: pd.DataFrame) -> None:
        self.network = network
        self.bays = pd.read_csv(FOLDER / "on-street-parking-bays.csv.gz")
        self.at_bays = _on_street(network, _points(self.bays))
        self.at_stops = _on_street(network, _stations(streets))
        self.at_shops = _on_street(network, _points(shops))
        is_anchor = shops["Industry_ANZSIC4_code"].isin(ANCHOR_CODES).to_numpy()
        self.at_anchors = self.at_shops[np.flatnonzero(is_anchor)]
        people = _people(streets)
        self.flows = trips_on_streets(
            network,
            shops=Places(self.at_shops),
            origins={
                "from_stops": Places(self.at_stops),
                "from_parking": Places(self.at_bays),
                "from_homes": Places(_on_street(network, people.geometry), people["persons"].to_numpy()),
            },
        )

    def of(self, geometry: gpd.GeoSeries) -> pd.DataFrame:
        """Features of places."""
        here = _on_street(self.network, geometry)
        to_shops = _metres(self.network, here, self.at_shops)
        static = footfall_features(
            geometry.index,
            to_shops=to_shops,
            floor_area_m2=pd.Series(np.nan, index=range(to_shops.shape[1])),
            to_anchors=_metres(self.network, here, self.at_anchors),
            to_parking=_metres(self.network, here, self.at_bays),
            spaces=pd.Series(1.0, index=self.bays.index),
            to_stops=_metres(self.network, here, self.at_stops),
            power=pd.Series(1.0, index=range(len(self.at_stops))),
        )
        xy = shapely.get_coordinates(geometry.to_numpy())
        return static.join(flow_features(self.flows, xy, index=geometry.index))


def around() -> _Around:
    """What lies around any place of the city; shops are those that traded."""
    streets = read("melbourne")
    units = pd.read_csv(FOLDER / "clue_units_2021.csv.gz")
    shops = units[units["storefront_class"].isin(["retail", "food", "personal"]) & ~units["vacant"]]
    return _Around(StreetNetwork.from_streets(streets, mode="walk"), streets, shops)


def _metres(network: StreetNetwork, here: Positions, there: Positions) -> NDArray[np.float64]:
    dense = network.distances(here, there, limit_m=LIMIT_M).toarray().astype(float)
    return np.where(dense > 0, dense, np.inf)


def _stations(streets: gpd.GeoDataFrame) -> gpd.GeoSeries:
    named = json.loads((FOLDER / "train-stations.json").read_text(encoding="utf-8"))
    rows = [row["coord"] for row in named] + list(MORE_STATIONS.values())
    places = gpd.GeoSeries(gpd.points_from_xy(*zip(*rows, strict=True), crs=4326)).to_crs(EPSG)
    return places[places.within(shapely.box(*streets.total_bounds))]


def real_footfall(*, first: str = "2013-01-01") -> pd.Series:
    """Passages per day from ten to eighteen until 2019, of the sensors that counted long enough."""
    table = footfall_per_day(counts(first=first), timezone=TIMEZONE, min_days=100)
    return table["footfall_per_day"].dropna()


def _positions() -> pd.DataFrame:
    rows = pd.read_csv(FOLDER / "ped_sensors.csv")
    return rows.drop_duplicates("New_Sensor_Name").set_index("New_Sensor_Name")


def _points(rows: pd.DataFrame) -> gpd.GeoSeries:
    return gpd.GeoSeries(gpd.points_from_xy(rows["Longitude"], rows["Latitude"], crs=4326)).to_crs(EPSG)


def _on_street(network: StreetNetwork, geometry: gpd.GeoSeries) -> Positions:
    """Where places meet the street; the way from the street to the door is left out of distances."""
    snapped = network.snap(shapely.get_coordinates(geometry.to_numpy()), max_distance_m=250)
    return replace(snapped, distance_m=np.where(snapped.is_snapped, 0.0, np.nan))


def _people(streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    buildings = gpd.read_parquet(FOLDER / "osm_buildings.parquet").to_crs(EPSG)
    extent = shapely.box(*buildings.total_bounds)
    areas = gpd.read_file(FOLDER / "sa2_population.geojson").to_crs(EPSG)
    areas = areas[areas.intersects(extent)].rename(columns={"erp_2021": "population"})
    return place_population(areas, buildings, streets=streets, buildings_extent=extent)
