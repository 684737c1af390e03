"""How well places can be reached: people within bands, and the way on foot to what is nearest.

Everything is measured on the network towards the place, as its visitors come. A number that cannot be known is NaN and
has a reason; a distance beyond the limit of the search is infinite, and has one too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.bands import band_sums
from gis.frames import require
from gis.network import StreetNetwork
from gis.snapping import Positions
from gis.speeds import MODES, Mode

# 0.1813 a minute on foot: Handy & Niemeier (1997), doi:10.1068/a291175.
WALK_DECAY_PER_MIN = 0.1813
NEAREST_LIMIT_M = 5000.0

# Minutes of each band, the shortest first.
PEOPLE: Mapping[Mode, Mapping[str, float]] = {
    "walk": {"persons_walk_5_min": 5, "persons_walk_10_min": 10, "persons_walk_15_min": 15},
    "bicycle": {"persons_bicycle_15_min": 15},
    "car": {"persons_car_10_min": 10},
}
DECAYED = "persons_walk_decayed"
INDICATORS = (
    *PEOPLE["walk"], DECAYED, *PEOPLE["bicycle"], *PEOPLE["car"], "parking_m", "stop_m", "competitor_m",
)  # fmt: skip

Reason = Literal[
    "off_network", "no_such_network", "no_people_known", "lower_bound", "none_known", "none_within_limit",
    "not_trading", "not_a_shop_unit", "branch_unknown",
]  # fmt: skip
Kind = Literal["people", "parking", "stops", "shops", "unknown"]


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What places are measured against, put on the networks once.

    Attributes
    ----------
    networks
        One network per mode; a mode without any street may be missing.
    people
        Points with `persons`, finite.
    parking, stops
        Points of parking zones, and of stops and stations of public transport.
    shops
        Points of all occupied shop units, on a unique index, with `branch_code`.
    unknown
        Points on the streets of areas whose people are not known: a band that holds one is a lower bound.
    extent
        West, south, east and north of the places to be measured, metres: people too far from it are left alone.
    """

    networks: Mapping[Mode, StreetNetwork]
    people: gpd.GeoDataFrame
    parking: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame
    shops: gpd.GeoDataFrame
    unknown: gpd.GeoDataFrame
    extent: tuple[float, float, float, float]
    _at: dict[tuple[str, Mode], Positions] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require(self.people, kinds={"persons": "number"}, geometry="Point", what="people")
        require(self.parking, geometry="Point", what="parking")
        require(self.stops, geometry="Point", what="stops")
        require(self.shops, "branch_code", geometry="Point", what="shops")
        require(self.unknown, geometry="Point", what="unknown")

    def at(self, what: Kind, mode: Mode = "walk") -> Positions:
        """Positions of what is around on the network of a mode."""
        if (what, mode) not in self._at:
            network, frame = self.networks[mode], getattr(self, what)
            at = snap(network, frame)
            if what == "people":
                reach_m = furthest_m(network, max(PEOPLE[mode].values()))
                at.segment[~is_near(frame, self.extent, reach_m)] = -1
            self._at[what, mode] = at
        return self._at[what, mode]


def snap(network: StreetNetwork, frame: gpd.GeoDataFrame) -> Positions:
    """Positions of the points of a frame, at most 250 m from their street."""
    return network.snap(shapely.get_coordinates(frame.geometry.to_numpy()))


def furthest_m(network: StreetNetwork, minutes: float) -> float:
    """How far anybody can get in some minutes, metres: at the highest speed of the network all the way."""
    everywhere = [network.speeds, *network.speeds.by_area.values()]
    fastest_kmh = max(max(speeds.of(network.mode).values()) for speeds in everywhere)
    own = network.graph.car_speed_kmh
    if network.mode == "car" and not np.isnan(own).all():
        fastest_kmh = max(fastest_kmh, float(np.nanmax(own)))
    return fastest_kmh * 1000.0 / 60.0 * minutes


def is_near(
    points: gpd.GeoDataFrame, extent: tuple[float, float, float, float], reach_m: float
) -> NDArray[np.bool_]:
    """Which points lie within an extent or no further beyond it than a reach, shape (points,)."""
    x, y = shapely.get_coordinates(points.geometry.to_numpy()).T
    west, south, east, north = extent
    is_in = (x >= west - reach_m) & (x <= east + reach_m) & (y >= south - reach_m) & (y <= north + reach_m)
    return np.asarray(is_in)


def accessibility(places: gpd.GeoDataFrame, around: Surroundings) -> pd.DataFrame:
    """Measure all indicators of places.

    Parameters
    ----------
    places
        Points. Shop units also have `state` and `branch_code`, and the index of `Surroundings.shops`, so that none is
        its own competitor; places without these columns are no shop units and have no competitors.
    around
        What they are measured against.

    Returns
    -------
    DataFrame
        On the index of `places`, the columns of `INDICATORS` (persons; metres on foot, infinite where there is
        nothing within `NEAREST_LIMIT_M`; NaN where it cannot be known), and for each a column `<name>_reason`, which
        says why there is no finite number, or that persons are a lower bound.

    Raises
    ------
    FrameError
        When a frame lacks something.
    """
    require(places, geometry="Point", what="places")
    parts = [people_within(places, around, mode=mode) for mode in MODES]
    parts += [nearest_distance(places, around, to="parking"), nearest_distance(places, around, to="stops")]
    table = pd.concat([*parts, competitor_distance(places, around)], axis=1)
    return table[[*INDICATORS, *(f"{name}_reason" for name in INDICATORS)]]


def people_within(places: gpd.GeoDataFrame, around: Surroundings, *, mode: Mode) -> pd.DataFrame:
    """Count the people who reach places within the bands of a mode; on foot also with decay.

    Parameters
    ----------
    places
        Points.
    around
        The people and the networks.
    mode
        "walk", "bicycle" or "car".

    Returns
    -------
    DataFrame
        Persons per band and their reasons, as in `accessibility`.
    """
    limits_s = [minutes * 60.0 for minutes in PEOPLE[mode].values()]
    until_s = dict(zip(PEOPLE[mode], limits_s, strict=True))
    if mode == "walk":
        until_s[DECAYED] = limits_s[-1]
    names = list(until_s)
    values = pd.DataFrame(np.nan, index=places.index, columns=names)
    nothing = np.full((len(places), len(names)), None, object)
    reasons = pd.DataFrame(nothing, index=places.index, columns=[f"{name}_reason" for name in names])
    if mode not in around.networks:
        reasons[:] = "no_such_network"
        return values.join(reasons)
    network = around.networks[mode]
    at = snap(network, places)
    if around.people.empty:
        reasons[:] = "no_people_known"
    else:
        found = band_sums(
            network,
            at,
            around.at("people", mode),
            around.people["persons"].to_numpy(float),
            limits_s=limits_s,
            scale_s=60.0 / WALK_DECAY_PER_MIN if mode == "walk" else None,
            direction="towards",
        )
        values[:] = np.where(at.is_snapped[:, None], found, np.nan)
        unknown = around.at("unknown", mode)
        unknown_s, _ = network.nearest(at, unknown, limit_s=limits_s[-1], direction="towards")
        for name, limit_s in until_s.items():
            reasons.loc[unknown_s <= limit_s, f"{name}_reason"] = "lower_bound"
    reasons[~at.is_snapped] = "off_network"
    return values.join(reasons)


def nearest_distance(
    places: gpd.GeoDataFrame, around: Surroundings, *, to: Literal["parking", "stops"]
) -> pd.DataFrame:
    """Metres on foot from the nearest parking zone, or stop of public transport.

    Parameters
    ----------
    places, around
        As for `accessibility`.
    to
        What is looked for.

    Returns
    -------
    DataFrame
        `parking_m` or `stop_m` and its reason, as in `accessibility`.
    """
    name = {"parking": "parking_m", "stops": "stop_m"}[to]
    network = around.networks["walk"]
    at, facilities = snap(network, places), around.at(to)
    metres = np.full(len(places), np.nan)
    reasons = np.full(len(places), "none_known", object)
    if len(facilities):
        metres, _ = network.nearest_distances(at, facilities, limit_m=NEAREST_LIMIT_M, direction="towards")
        metres[~at.is_snapped] = np.nan
        reasons[:] = None
        reasons[np.isinf(metres)] = "none_within_limit"
    reasons[~at.is_snapped] = "off_network"
    return _with_reasons(places.index, name, metres, reasons)


def competitor_distance(places: gpd.GeoDataFrame, around: Surroundings) -> pd.DataFrame:
    """Metres on foot to the nearest other occupied shop unit of the same branch.

    Parameters
    ----------
    places, around
        As for `accessibility`.

    Returns
    -------
    DataFrame
        `competitor_m` and `competitor_m_reason`. Only an occupied shop unit of a known branch has competitors.
    """
    metres, reasons = np.full(len(places), np.nan), np.full(len(places), "not_a_shop_unit", object)
    if {"state", "branch_code"} <= set(places.columns):
        at = snap(around.networks["walk"], places)
        branch = places["branch_code"].astype(object)
        is_asked = (places["state"] == "occupied").to_numpy() & branch.notna().to_numpy() & at.is_snapped
        reasons[:] = None
        for code in branch[is_asked].unique():
            rows = np.flatnonzero(is_asked & (branch == code).to_numpy())
            metres[rows] = _to_others(around, places.index[rows], at[rows], code)
        reasons[np.isinf(metres)] = "none_within_limit"
        reasons[is_asked & np.isnan(metres)] = "none_known"
        reasons[~at.is_snapped] = "off_network"
        reasons[branch.isna().to_numpy()] = "branch_unknown"
        reasons[places["state"].isin(("vacant", "non_retail")).to_numpy()] = "not_trading"
        # Nobody looked, so nobody knows what is sold there.
        reasons[(places["state"] == "unknown").to_numpy()] = "branch_unknown"
    return _with_reasons(places.index, "competitor_m", metres, reasons)


def _with_reasons(
    index: pd.Index, name: str, metres: NDArray[np.float64], reasons: NDArray[np.object_]
) -> pd.DataFrame:
    # As objects, so that "no reason" stays None.
    why = pd.Series(reasons, index=index, dtype=object)
    return pd.DataFrame({name: metres, f"{name}_reason": why}, index=index)


def _to_others(around: Surroundings, ids: pd.Index, at: Positions, code: object) -> NDArray[np.float64]:
    """Metres to the nearest shop of a branch with another id: infinite beyond the limit, NaN if there is no other."""
    rivals = np.flatnonzero((around.shops["branch_code"] == code).to_numpy() & around.at("shops").is_snapped)
    own = around.shops.index[rivals].get_indexer(ids)
    n_others = len(rivals) - (own >= 0)
    table = (
        around.networks["walk"]
        .distances(at, around.at("shops")[rivals], limit_m=NEAREST_LIMIT_M, direction="towards")
        .tocoo()
    )
    is_other = table.col != own[table.row]
    metres = np.full(len(ids), np.inf)
    np.minimum.at(metres, table.row[is_other], table.data[is_other].astype(float))
    return np.where(n_others > 0, metres, np.nan)
