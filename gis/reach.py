"""What lies within reach: network distances in, weights and sums out.

Distances come from the street network as a table of origins by destinations in metres, dense (``inf`` where
there is no way) or sparse (an absent entry is beyond the limit of the search; a stored zero is a real
distance of zero).
"""

import math
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from gis.errors import FrameError

Distances: TypeAlias = NDArray[np.float64] | sparse.sparray
Pairs: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]


def pairs(distances: Distances, *, limit_m: float = math.inf, is_same: bool = False) -> Pairs:
    """List every origin and destination that are no further apart than the limit.

    Parameters
    ----------
    distances
        Origins x destinations, metres, dense or scipy sparse.
    limit_m
        Furthest distance kept, in metres, itself included.
    is_same
        Origins and destinations are the same rows: a row is then no neighbour of itself.

    Returns
    -------
    tuple of arrays
        Row positions, column positions and metres, each of shape (pairs,), ordered by row, then column.
    """
    if sparse.issparse(distances):
        table = sparse.coo_array(distances)
        rows, columns, metres = table.row, table.col, table.data
    else:
        dense = np.asarray(distances, dtype=float)
        rows, columns = np.nonzero(np.isfinite(dense))
        metres = dense[rows, columns]
    keep = metres <= limit_m
    if is_same:
        keep &= rows != columns
    rows, columns, metres = rows[keep], columns[keep], metres[keep]
    order = np.lexsort((columns, rows))
    return (
        rows[order].astype(np.int64),
        columns[order].astype(np.int64),
        metres[order].astype(np.float64),
    )


def reach_weights(
    distances: Distances, *, limit_m: float = math.inf, decay_m: float = math.inf, is_same: bool = False
) -> sparse.csr_array:
    """Weigh every destination within the limit by ``exp(-distance / decay_m)``.

    Parameters
    ----------
    distances
        Origins x destinations, metres, dense or scipy sparse.
    limit_m
        Furthest distance that counts, in metres.
    decay_m
        Distance at which a destination weighs 0.37, in metres; infinite counts all alike.
    is_same
        Leave a row out of its own surroundings.

    Returns
    -------
    scipy.sparse.csr_array
        Origins x destinations; multiply it with amounts per destination.
    """
    rows, columns, metres = pairs(distances, limit_m=limit_m, is_same=is_same)
    return sparse.csr_array((np.exp(-metres / decay_m), (rows, columns)), shape=distances.shape)


def reached_sum(
    distances: Distances,
    amounts: ArrayLike,
    *,
    index: pd.Index,
    limit_m: float = math.inf,
    decay_m: float = math.inf,
    is_same: bool = False,
) -> pd.Series:
    """Add up what lies within reach of every origin.

    Parameters
    ----------
    distances
        Origins x destinations, metres, dense or scipy sparse.
    amounts
        One amount per destination; NaN is unknown, not zero.
    index
        Ids of the origins, in the order of the rows of ``distances``.
    limit_m, decay_m, is_same
        As in `reach_weights`.

    Returns
    -------
    pandas.Series
        Decayed sum per origin: 0 where nothing is within reach, NaN where all that is within reach is
        unknown.

    Raises
    ------
    FrameError
        When the table does not fit the origins or the amounts.
    """
    values = np.asarray(amounts, dtype=float)
    if distances.shape != (len(index), len(values)):
        raise FrameError(
            f"distances are {distances.shape}, but there are {len(index)} origins and {len(values)} amounts"
        )
    weights = reach_weights(distances, limit_m=limit_m, decay_m=decay_m, is_same=is_same)
    is_known = np.isfinite(values)
    total = weights @ np.where(is_known, values, 0.0)
    is_empty = (weights @ np.ones(len(values)) > 0) & (weights @ is_known.astype(float) == 0)
    return pd.Series(np.where(is_empty, np.nan, total), index=index)


def fit_to(distances: Distances, origins: pd.DataFrame, destinations: pd.DataFrame) -> None:
    """Refuse a table of distances that is not origins x destinations.

    Parameters
    ----------
    distances
        Origins x destinations, metres.
    origins, destinations
        The frames whose rows it must match.

    Raises
    ------
    FrameError
        When the shapes differ.
    """
    wanted = (len(origins), len(destinations))
    if tuple(distances.shape) != wanted:
        raise FrameError(f"distances: they are {tuple(distances.shape)}, but the frames need {wanted}")


def among(distances: Distances, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Distances:
    """Keep some origins and destinations, by position, in the order given."""
    if sparse.issparse(distances):
        return sparse.csr_array(distances)[rows][:, columns]
    return np.asarray(distances, dtype=float)[np.ix_(rows, columns)]


def nearest(distances: Distances) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find the nearest destination of every origin.

    Parameters
    ----------
    distances
        Origins x destinations, metres, dense or scipy sparse.

    Returns
    -------
    tuple of arrays
        Column position (-1 where none is in reach) and metres (infinite there), each of shape (origins,). Of
        two at the same distance the first column is taken.
    """
    n_origins = distances.shape[0]
    rows, columns, metres = pairs(distances)
    order = np.lexsort((columns, metres, rows))
    first_rows, first = np.unique(rows[order], return_index=True)
    position = np.full(n_origins, -1, dtype=np.int64)
    distance_m = np.full(n_origins, np.inf)
    position[first_rows] = columns[order][first]
    distance_m[first_rows] = metres[order][first]
    return position, distance_m


def shops_around(units: pd.DataFrame, distances: Distances, *, reach_m: float = 100.0) -> pd.Series:
    """Count the occupied shops within reach of every shop unit, itself left out.

    Parameters
    ----------
    units
        Shop units with ``state``.
    distances
        Units x units, metres, in the order of the frame.
    reach_m
        Furthest neighbour that counts, in metres.

    Returns
    -------
    pandas.Series
        Occupied neighbours per shop unit.
    """
    is_occupied = (units["state"] == "occupied").to_numpy(float)
    counted = reached_sum(distances, is_occupied, index=units.index, limit_m=reach_m, is_same=True)
    return counted.rename("shops_around")


def anchors_around(
    units: pd.DataFrame, distances: Distances, *, decay_m: float = 300.0, reach_m: float = 900.0
) -> pd.Series:
    """Sum ``exp(-distance / decay_m)`` over the trading anchor shops around every shop unit, itself left out.

    Parameters
    ----------
    units
        Shop units with ``is_anchor`` and ``state``; an anchor that stands empty draws nobody.
    distances
        Units x units, metres, in the order of the frame.
    decay_m
        Distance at which an anchor weighs 0.37, in metres.
    reach_m
        Furthest anchor that counts, in metres.

    Returns
    -------
    pandas.Series
        Anchors per shop unit, each weighed by its nearness.
    """
    is_anchor = (units["is_anchor"].fillna(False).astype(bool) & (units["state"] == "occupied")).to_numpy(
        float
    )
    weighed = reached_sum(
        distances, is_anchor, index=units.index, limit_m=reach_m, decay_m=decay_m, is_same=True
    )
    return weighed.rename("anchors_around")


def branches_around(units: pd.DataFrame, distances: Distances, *, reach_m: float = 100.0) -> pd.DataFrame:
    """Count the occupied shops of every branch within reach of every shop unit, itself left out.

    Parameters
    ----------
    units
        Shop units with ``state`` and ``branch_code``; a shop whose branch is not known is counted under none.
    distances
        Units x units, metres, in the order of the frame.
    reach_m
        Furthest neighbour that counts, in metres.

    Returns
    -------
    pandas.DataFrame
        Shop units x branch codes that trade somewhere, in the order of the alphabet: number of shops.
    """
    is_trading = (units["state"] == "occupied").to_numpy() & units["branch_code"].notna().to_numpy()
    codes, number = np.unique(
        units["branch_code"].to_numpy(object)[is_trading].astype(str), return_inverse=True
    )
    trades = sparse.csr_array(
        (np.ones(len(number)), (np.flatnonzero(is_trading), number)), shape=(len(units), len(codes))
    )
    near = reach_weights(distances, limit_m=reach_m, is_same=True)
    return pd.DataFrame((near @ trades).toarray(), index=units.index, columns=pd.Index(codes, dtype=object))
