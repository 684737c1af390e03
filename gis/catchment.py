"""Who and what can reach a place: isochrones, and what they hold."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from gis.engine import Direction
from gis.errors import GisError, PointOffNetwork
from gis.isochrone import Bands, to_rings
from gis.network import MAX_SNAP_M, StreetNetwork
from gis.snapping import Positions
from gis.survey import Placed, surveyed

DEFAULT_MINUTES = (5.0, 10.0, 15.0)


def isochrones(
    network: StreetNetwork,
    xy: ArrayLike,
    *,
    minutes: Sequence[float] | None = None,
    metres: Sequence[float] | None = None,
    direction: Direction = "outward",
    rings: bool = False,
    competitors: ArrayLike | None = None,
    max_distance_m: float = MAX_SNAP_M,
    edge_m: float = MAX_SNAP_M,
) -> gpd.GeoDataFrame:
    """Draw what can be reached from one place, or from where it can be reached.

    Parameters
    ----------
    network
        Streets of one mode.
    xy
        The place, metres in the network's CRS, shape (2,); or its several doors, shape (doors, 2).
    minutes
        Bands in minutes; 5, 10 and 15 when neither these nor `metres` are given.
    metres
        Bands in metres along the streets instead.
    direction
        "outward" travels from the place, "towards" travels to it.
    rings
        Take each band out of the next, instead of letting a band hold all before it.
    competitors
        Other places, shape (n, 2): only the ground that is no further from this place than from any of them is drawn.
    max_distance_m
        Places may lie this far from a street.
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
    bands = _bands(minutes, metres, direction)
    place = _on_network(network, xy, max_distance_m)
    others = None if competitors is None else network.snap(competitors, max_distance_m=max_distance_m)
    with surveyed(network, place, bands, competitors=others) as found:
        shapes = found.shapes(edge_m=edge_m)
    if rings:
        shapes = to_rings(shapes)
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
    competitors: ArrayLike | None = None,
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
    competitors
        Other places, shape (n, 2): what is nearer to one of them is inf; what is as near is kept.

    Returns
    -------
    array
        Shape (places,).
    """
    if (minutes is None) == (metres is None):
        raise GisError("a limit in minutes or in metres is needed, and not both")
    limit = _limit(minutes, metres, direction)
    place = _on_network(network, xy, max_distance_m)
    others = None if competitors is None else network.snap(competitors, max_distance_m=max_distance_m)
    with surveyed(network, place, limit, competitors=others) as found:
        return found.costs(Placed(places))


def minutes_until(
    network: StreetNetwork,
    xy: ArrayLike,
    places: Positions,
    amounts: ArrayLike,
    *,
    total: float,
    minutes: float = 60.0,
    direction: Direction = "outward",
    competitors: ArrayLike | None = None,
    max_distance_m: float = MAX_SNAP_M,
) -> float:
    """How many minutes a catchment needs to hold a total, for example 5,000 inhabitants.

    Parameters
    ----------
    network, xy, places, direction, competitors, max_distance_m
        As for `costs_to`.
    amounts
        What each place adds, 0 or more; a missing amount is unknown and adds nothing. Shape (places,).
    total
        How much the catchment has to hold.
    minutes
        Where to stop looking.

    Returns
    -------
    float
        The smallest number of minutes; inf if `minutes` are not enough.
    """
    amount = np.nan_to_num(np.asarray(amounts, float))
    if len(amount) != len(places) or (amount < 0).any():
        raise GisError("one amount of 0 or more is needed per place")
    cost = costs_to(
        network,
        xy,
        places,
        minutes=minutes,
        direction=direction,
        competitors=competitors,
        max_distance_m=max_distance_m,
    )
    return float(cost_of_totals(cost, amount, [total])[0])


def cost_of_totals(cost: ArrayLike, amounts: ArrayLike, totals: ArrayLike) -> NDArray[np.float64]:
    """At which cost places, taken in the order of their costs, together hold each total.

    Parameters
    ----------
    cost
        Cost of each place, inf out of reach, shape (places,).
    amounts
        What each place adds, 0 or more, shape (places,).
    totals
        How much has to be held, shape (totals,).

    Returns
    -------
    array
        The smallest cost, inf where all places together are not enough, shape (totals,).
    """
    costs, wanted = np.asarray(cost, float), np.asarray(totals, float)
    order = np.argsort(costs, kind="stable")
    order = order[np.isfinite(costs[order])]
    # Shares of a whole number add up to it but for rounding.
    first = np.searchsorted(np.cumsum(np.asarray(amounts, float)[order]), wanted * (1 - 1e-9), side="left")
    return np.append(costs[order], np.inf)[first]


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
    competitors: ArrayLike | None = None,
    max_distance_m: float = MAX_SNAP_M,
) -> pd.DataFrame:
    """Sum what a catchment holds, by the cost of each place on the network and never by the polygon.

    Parameters
    ----------
    network, xy, minutes, metres, direction, rings, competitors, max_distance_m
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
    bands = _bands(minutes, metres, direction)
    if len(amounts) != len(places):
        raise GisError(f"{len(amounts)} rows of amounts for {len(places)} places")
    cost = costs_to(
        network,
        xy,
        places,
        minutes=bands.values[-1] if bands.unit == "s" else None,
        metres=bands.values[-1] if bands.unit == "m" else None,
        direction=direction,
        competitors=competitors,
        max_distance_m=max_distance_m,
    )
    known = amounts.to_numpy(float)
    is_unknown = np.isnan(known)
    columns = np.hstack([np.ones((len(amounts), 1)), np.where(is_unknown, 0.0, known), is_unknown])
    sums = band_sums(cost, bands.values, columns, rings=rings)
    names = ["places", *amounts.columns, *(f"{name}_unknown" for name in amounts.columns)]
    frame = pd.DataFrame(sums, columns=names)
    counts = [name for name in names if name == "places" or name not in amounts.columns]
    frame = frame.astype(dict.fromkeys(counts, int))
    frame.insert(0, bands.name, bands.values)
    return frame


def band_sums(
    cost: NDArray[np.float64], bands: Sequence[float], amounts: ArrayLike, *, rings: bool = False
) -> NDArray[np.float64]:
    """Add up amounts by the band in which their place lies.

    Parameters
    ----------
    cost
        Cost of each place, inf out of reach, shape (places,).
    bands
        Limits in the unit of the costs, ascending; a place at the limit is inside.
    amounts
        Finite, shape (places, columns).
    rings
        Leave out of each band what lies in the one before it.

    Returns
    -------
    array
        Shape (bands, columns).
    """
    columns = np.asarray(amounts, float)
    columns = columns[:, None] if columns.ndim == 1 else columns
    limits = np.asarray(bands, float)
    is_inside = cost <= limits[-1]
    band = np.searchsorted(limits, cost[is_inside], side="left")
    inside = columns[is_inside]
    sums = np.zeros((len(limits), columns.shape[1]))
    for i in range(columns.shape[1]):
        sums[:, i] = np.bincount(band, inside[:, i], len(limits))
    return sums if rings else sums.cumsum(axis=0)


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
    within, wrongly_in, wrongly_out = wrong_side_sums(shape, points, cost, limit=limit, weights=weight)
    if within == 0:
        return float("nan"), float("nan")
    return wrongly_in / within, wrongly_out / within


def wrong_side_sums(
    shape: shapely.MultiPolygon, xy: ArrayLike, cost: ArrayLike, *, limit: float, weights: ArrayLike
) -> tuple[float, float, float]:
    """The people of `wrong_side_share` themselves, so that those of several places can be added up.

    Returns
    -------
    tuple of float
        People within the limit; inside the polygon but beyond the limit; within the limit but outside the polygon.
    """
    points, weight = np.asarray(xy, float).reshape(-1, 2), np.asarray(weights, float)
    is_within = np.asarray(cost, float) <= limit
    west, south, east, north = shape.bounds if not shape.is_empty else (0.0, 0.0, -1.0, -1.0)
    x, y = points.T
    near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
    shapely.prepare(shape)
    is_in_shape = np.zeros(len(points), bool)
    is_in_shape[near] = shapely.contains_xy(shape, x[near], y[near])
    return (
        float(weight[is_within].sum()),
        float(weight[is_in_shape & ~is_within].sum()),
        float(weight[~is_in_shape & is_within].sum()),
    )


def _on_network(network: StreetNetwork, xy: ArrayLike, max_distance_m: float) -> Positions:
    position = network.snap(xy, max_distance_m=max_distance_m)
    if not position.is_snapped.all() or len(position) == 0:
        raise PointOffNetwork(mode=network.mode, max_distance_m=max_distance_m)
    return position


def _limit(minutes: float | None, metres: float | None, direction: Direction) -> Bands:
    """A single limit, zero included, as bands."""
    if minutes is not None:
        return Bands("minutes", (minutes,), (minutes * 60.0,), "s", direction)
    assert metres is not None
    return Bands("metres", (metres,), (metres,), "m", direction)


def _bands(minutes: Sequence[float] | None, metres: Sequence[float] | None, direction: Direction) -> Bands:
    if minutes is not None and metres is not None:
        raise GisError("bands are in minutes or in metres, not both")
    name, given = ("minutes", DEFAULT_MINUTES if minutes is None else minutes)
    if metres is not None:
        name, given = "metres", metres
    values = tuple(sorted({float(value) for value in given}))
    if not values or values[0] <= 0 or not np.isfinite(values).all():
        raise GisError(f"at least one band above 0 {name} is needed")
    if name == "metres":
        return Bands(name, values, values, "m", direction)
    return Bands(name, values, tuple(value * 60.0 for value in values), "s", direction)
