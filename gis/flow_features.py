"""What passes a place by way of trips to shops: the flows of the streets around it, as features of the footfall."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from gis.network import StreetNetwork
from gis.snapping import Positions
from gis.street_flow import Trips, on_segments, points_of_segments, street_flows

Floats = NDArray[np.float64]
# Kinds of trips to shops, and the distance over which a shop loses 63 % of its pull, metres.
SCALES_M = {"from_stops": 800.0, "from_parking": 400.0, "from_homes": 500.0, "between_shops": 400.0}
LONGEST_TRIP_M = 1500.0
# Over how many metres the flows of streets are taken together: a counter stands on one side of a street, and passages
# and courtyards are not in every network.
AROUND_M, FURTHEST_M = 100.0, 400.0
PIECE_M = 20.0


@dataclass(frozen=True, eq=False)
class Places:
    """Where trips begin or end: positions, and how much each counts (none: one each)."""

    at: Positions
    amounts: ArrayLike | None = None


@dataclass(frozen=True, eq=False)
class Flows:
    """Trips on every street.

    Attributes
    ----------
    table
        Trips of each kind out of a thousand that begin, shape (segments, kinds).
    kinds
        Names of the columns.
    xy, rows, weight_m
        Pieces of streets no longer than 20 m: their middle, metres, their segment and their length.
    """

    table: Floats
    kinds: tuple[str, ...]
    xy: Floats
    rows: NDArray[np.int64]
    weight_m: Floats


def trips_on_streets(network: StreetNetwork, *, shops: Places, origins: dict[str, Places]) -> Flows:
    """Send trips to the shops over the streets, and take up which street each uses.

    Each trip is divided over the shops within 1,500 m by their nearness, and walks the shortest way (Sevtsuk et al.
    2021, doi:10.1371/journal.pone.0257534, measure what such flows tell of footfall).

    Parameters
    ----------
    network
        The walking network.
    shops
        Occupied shops.
    origins
        Where trips begin, by a name of `SCALES_M`; ``between_shops`` is always there.

    Returns
    -------
    Flows
        For `flow_features`.
    """
    every = {**origins, "between_shops": shops}
    kinds = tuple(name for name in SCALES_M if name in every)
    end = on_segments(network, shops.at, shops.amounts)
    trips = [
        Trips(on_segments(network, every[name].at, every[name].amounts), end, SCALES_M[name], LONGEST_TRIP_M)
        for name in kinds
    ]
    begins_at = points_of_segments(network, [(every[name].at, every[name].amounts) for name in kinds])
    ends_at = points_of_segments(network, [(shops.at, shops.amounts)])
    flows = street_flows(network, trips, begins_at=begins_at, ends_at=ends_at)
    totals = np.array([max(float(kind.begin.sum()), 1e-12) for kind in trips])
    # A street without a single trip of ten thousand adds nothing, but its metres do: it is a street nobody walks.
    return Flows(1000.0 * flows / totals, kinds, *_pieces(network, _near(network, flows)))


def flow_features(flows: Flows, xy: Floats, *, index: pd.Index) -> pd.DataFrame:
    """The trips that pass around places, per metre of street, streets further away counting less.

    Parameters
    ----------
    flows
        As `trips_on_streets` gives.
    xy
        Coordinates of the places in metres, shape (places, 2).
    index
        Ids of the places.

    Returns
    -------
    pandas.DataFrame
        On ``index``, one column per kind of trip: ln(1 + trips of a thousand). 0 where no street is near.
    """
    if not len(xy) or not len(flows.xy):
        return pd.DataFrame(0.0, index=index, columns=list(flows.kinds))
    near = cKDTree(xy).sparse_distance_matrix(cKDTree(flows.xy), FURTHEST_M, output_type="coo_matrix")
    weight = flows.weight_m[near.col] * np.exp(-near.data / AROUND_M)
    table = csr_array((weight, (near.row, near.col)), shape=(len(xy), len(flows.xy)))
    total = np.asarray(table.sum(axis=1))
    mean = (table @ flows.table[flows.rows]) / np.where(total > 0, total, 1.0)[:, None]
    return pd.DataFrame(np.log1p(mean), index=index, columns=list(flows.kinds))


def _near(network: StreetNetwork, flows: Floats) -> NDArray[np.int64]:
    """Segments with trips, and the others around them."""
    used = np.flatnonzero(flows.sum(axis=1) > 0)
    if not len(used):
        return used
    graph = network.graph
    middles = (graph.node_mm[graph.segment_from] + graph.node_mm[graph.segment_to]) / 2000.0
    low, high = middles[used].min(axis=0) - FURTHEST_M, middles[used].max(axis=0) + FURTHEST_M
    inside = ((middles >= low) & (middles <= high)).all(axis=1) & network.snaps
    return np.flatnonzero(inside | (flows.sum(axis=1) > 0))


def _pieces(network: StreetNetwork, segments: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64], Floats]:
    length_m = network.graph.length_m[segments].astype(float)
    n = np.maximum(np.ceil(length_m / PIECE_M).astype(int), 1)
    rows = np.repeat(segments, n)
    place = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
    lines = np.repeat(network.graph.lines(segments), n)
    middles = shapely.line_interpolate_point(lines, (place + 0.5) / np.repeat(n, n), normalized=True)
    return shapely.get_coordinates(middles).reshape(-1, 2), rows, np.repeat(length_m / n, n)
