"""Who and what can reach a place: isochrones, and what they hold."""

from collections.abc import Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from gis.contour import polygon_within
from gis.engine import Direction, Unit
from gis.errors import GisError
from gis.network import MAX_SNAP_M, StreetNetwork
from gis.snap_grid import fill_field, reached_window
from gis.snapping import Positions
from gis.speeds import Mode

DEFAULT_MINUTES = (5.0, 10.0, 15.0)
# Parts and holes smaller than this are noise at the size at which each mode's shape is looked at.
MIN_PART_M2: dict[Mode, float] = {"walk": 5_000.0, "bicycle": 20_000.0, "car": 100_000.0}


class Bands(NamedTuple):
    """The limits of a catchment, ascending, in the unit of the search."""

    name: str
    values: tuple[float, ...]
    limits: tuple[float, ...]
    unit: Unit


def isochrones(
    network: StreetNetwork,
    xy: ArrayLike,
    *,
    minutes: Sequence[float] | None = None,
    metres: Sequence[float] | None = None,
    direction: Direction = "outward",
    rings: bool = False,
    max_distance_m: float = MAX_SNAP_M,
    edge_m: float = MAX_SNAP_M,
) -> gpd.GeoDataFrame:
    """Draw what can be reached from one place, or from where it can be reached.

    Parameters
    ----------
    network
        Streets of one mode.
    xy
        The place, metres in the network's CRS, shape (2,).
    minutes
        Bands in minutes; 5, 10 and 15 when neither these nor `metres` are given.
    metres
        Bands in metres along the streets instead.
    direction
        "outward" travels from the place, "towards" travels to it.
    rings
        Take each band out of the next, instead of letting a band hold all before it.
    max_distance_m
        The place may lie this far from a street.
    edge_m
        Leave out ground further than this from a street. Less than the distance at which addresses are put on streets
        makes a tighter shape, which then leaves out people who are counted.

    Returns
    -------
    GeoDataFrame
        One row per band in ascending order: `minutes` or `metres`, `area_m2` and a valid MultiPolygon.

    Raises
    ------
    PointOffNetwork
        If no usable street is within `max_distance_m`.
    """
    bands = _bands(minutes, metres)
    position = network.snap_one(xy, max_distance_m=max_distance_m)
    costs = network.engine.costs(direction, bands.unit)
    with network.engine.searched(position, bands.limits[-1], costs) as search:
        field = fill_field(network, search, reached_window(network, position, search), edge_m=edge_m)
    shapes = [
        polygon_within(
            field.cost,
            limit,
            cell_m=field.cell_m,
            corner=field.corner(network),
            step=field.cell_m * costs.access_per_m / costs.per_unit,
            min_part_m2=MIN_PART_M2[network.mode],
        )
        for limit in bands.limits
    ]
    if rings:
        inner = [shapely.MultiPolygon(), *shapes[:-1]]
        shapes = [_as_multi(shapely.difference(a, b)) for a, b in zip(shapes, inner, strict=True)]
    return gpd.GeoDataFrame(
        {bands.name: bands.values, "area_m2": shapely.area(shapes)},
        geometry=np.array(shapes, object),
        crs=network.graph.crs,
    )


def costs_to(
    network: StreetNetwork,
    xy: ArrayLike,
    places: Positions,
    *,
    minutes: float | None = None,
    metres: float | None = None,
    direction: Direction = "outward",
    max_distance_m: float = MAX_SNAP_M,
) -> NDArray[np.float64]:
    """The cost of each place from one place: minutes, or metres; inf beyond the limit or off the network.

    Parameters
    ----------
    network, xy, direction, max_distance_m
        As for `isochrones`.
    places
        Positions of people, shop units or anything else.
    minutes, metres
        The limit, one of the two.

    Returns
    -------
    array
        Shape (places,).
    """
    if (minutes is None) == (metres is None):
        raise GisError("a limit in minutes or in metres is needed, and not both")
    position = network.snap_one(xy, max_distance_m=max_distance_m)
    cost = np.full(len(places), np.inf)
    if minutes is not None:
        table = network.times(position, places, limit_s=minutes * 60.0, direction=direction)
        cost[table.indices] = table.data / 60.0
    elif metres is not None:
        table = network.distances(position, places, limit_m=metres, direction=direction)
        cost[table.indices] = table.data
    return cost


def holdings(
    network: StreetNetwork,
    xy: ArrayLike,
    places: Positions,
    amounts: pd.DataFrame,
    *,
    minutes: Sequence[float] | None = None,
    metres: Sequence[float] | None = None,
    direction: Direction = "outward",
    rings: bool = False,
    max_distance_m: float = MAX_SNAP_M,
) -> pd.DataFrame:
    """Sum what a catchment holds, by the cost of each place on the network and never by the polygon.

    Parameters
    ----------
    network, xy, minutes, metres, direction, rings, max_distance_m
        As for `isochrones`.
    places
        Positions of people, shop units or anything else; what is off the network is in no band.
    amounts
        One row per place, one numeric column per thing that is summed. A missing amount is unknown: it adds
        nothing, and is counted in `<column>_unknown`.

    Returns
    -------
    DataFrame
        One row per band: `minutes` or `metres`, `places` (how many), each column's sum, and for each column
        `<column>_unknown`, the number of places inside whose amount is missing.
    """
    bands = _bands(minutes, metres)
    if len(amounts) != len(places):
        raise GisError(f"{len(amounts)} rows of amounts for {len(places)} places")
    limit = {"minutes": None, "metres": None} | {bands.name: bands.values[-1]}
    cost = costs_to(network, xy, places, direction=direction, max_distance_m=max_distance_m, **limit)
    lower = [-1.0, *bands.values[:-1]] if rings else [-1.0] * len(bands.values)
    rows = []
    for above, value in zip(lower, bands.values, strict=True):
        inside = amounts[(cost > above) & (cost <= value)]
        unknown = inside.isna().sum().add_suffix("_unknown")
        rows.append({bands.name: value, "places": len(inside), **inside.sum(), **unknown})
    return pd.DataFrame(rows)


def wrong_side_share(
    shape: shapely.MultiPolygon,
    xy: ArrayLike,
    cost: ArrayLike,
    *,
    limit: float,
    weights: ArrayLike | None = None,
) -> tuple[float, float]:
    """How far a polygon and the counted people disagree.

    Parameters
    ----------
    shape
        One band of an isochrone.
    xy
        Where the people are, shape (n, 2).
    cost
        Their cost on the network in the unit of the limit, inf out of reach, shape (n,).
    limit
        The band.
    weights
        People per place; 1 each when left out.

    Returns
    -------
    tuple of float
        People inside the polygon but beyond the limit, and people within the limit but outside the polygon,
        both as a share of the people within the limit; NaN if there are none.
    """
    points = np.asarray(xy, float).reshape(-1, 2)
    weight = np.ones(len(points)) if weights is None else np.asarray(weights, float)
    shapely.prepare(shape)
    is_in_shape = shapely.contains_xy(shape, points[:, 0], points[:, 1])
    is_within = np.asarray(cost, float) <= limit
    within = weight[is_within].sum()
    if within == 0:
        return float("nan"), float("nan")
    wrongly_in, wrongly_out = weight[is_in_shape & ~is_within].sum(), weight[~is_in_shape & is_within].sum()
    return float(wrongly_in / within), float(wrongly_out / within)


def _bands(minutes: Sequence[float] | None, metres: Sequence[float] | None) -> Bands:
    if minutes is not None and metres is not None:
        raise GisError("bands are in minutes or in metres, not both")
    name, given = ("minutes", DEFAULT_MINUTES if minutes is None else minutes)
    if metres is not None:
        name, given = "metres", metres
    values = tuple(sorted({float(value) for value in given}))
    if not values or values[0] <= 0 or not np.isfinite(values).all():
        raise GisError(f"at least one band above 0 {name} is needed")
    factor = 60.0 if name == "minutes" else 1.0
    return Bands(name, values, tuple(value * factor for value in values), "s" if name == "minutes" else "m")


def _as_multi(shape: shapely.Geometry) -> shapely.MultiPolygon:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]
    return shapely.MultiPolygon(parts)
