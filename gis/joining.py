"""Vacant shop units that would fit a business if they were joined: which stand wall to wall, and what they make together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis.frames import require
from gis.match import Wish, match

AREA, FRONT, RENT, RENT_M2 = "floor_area_m2", "frontage_m", "rent_eur_per_month", "rent_eur_per_m2_year"
SIZES = (AREA, FRONT)
MOST = 3
# Parcels of a cadastral plan do not meet to the centimetre, and those that meet in a corner share no wall.
GAP_M, WALL_M = 0.3, 2.0
UNIT_COLUMNS = ("street", "number", "suffix", "floor_level", "parcel_id")
Sets = list[tuple[int, ...]]


def adjoining(units: pd.DataFrame, parcels: gpd.GeoSeries, *, offered: pd.Index) -> Sets:
    """Find pairs of offered shop units that stand wall to wall with their fronts beside each other in one street.

    Parameters
    ----------
    units
        All shop units, also those in use, with ``street``, ``number`` (house number, a number), ``suffix`` (text),
        ``floor_level`` and ``parcel_id``; what is not known is NaN or None.
    parcels
        Parcels by their key, in metres.
    offered
        Labels of the units that are looked at.

    Returns
    -------
    list of tuple
        Pairs of labels, each once. Two units adjoin when their street and floor level are known and the same, they
        stand on one parcel or on two that share at least 2 m of boundary, and no other unit of that street has a
        house number between theirs, on that side of the street where both stand on one side. A street belongs
        to no parcel, so that nothing adjoins across it.
    """
    require(units, *UNIT_COLUMNS, what="units")
    is_told = units["street"].notna() & units["number"].notna() & units["parcel_id"].notna()
    told = units[is_told & units["floor_level"].notna() & (units["floor_level"] != "unknown")]
    on_offer = told.index.isin(offered)
    walls = _walls(parcels.reindex(pd.unique(told.loc[on_offer, "parcel_id"])).dropna())
    pairs: Sets = []
    for _, group in told.groupby(["street", "floor_level"], sort=True):
        doors = sorted(zip(group["number"], group["suffix"].fillna(""), strict=True))
        rows = group[group.index.isin(offered)].sort_values(["number", "suffix"], kind="stable")
        facts = list(
            zip(rows.index, rows["number"], rows["suffix"].fillna(""), rows["parcel_id"], strict=True)
        )
        for one, other in combinations(facts, 2):
            same = one[3] == other[3]
            if (same or frozenset((one[3], other[3])) in walls) and not _between(one[1:3], other[1:3], doors):
                pairs.append((one[0], other[0]))
    return pairs


def joined_sets(pairs: Iterable[tuple[int, ...]], *, most: int = MOST) -> Sets:
    """List every set of two and more units that hangs together.

    Parameters
    ----------
    pairs
        Units that adjoin.
    most
        Units in the largest set.

    Returns
    -------
    list of tuple
        Each set once, its units in ascending order; small sets first.
    """
    beside: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        beside[one].add(other)
        beside[other].add(one)
    layer = {frozenset(pair) for pair in pairs}
    found: list[frozenset[int]] = []
    for _ in range(most - 1):
        found += sorted(layer, key=sorted)
        layer = {
            members | {more}
            for members in layer
            for unit in members
            for more in beside[unit]
            if more not in members
        }
    return [tuple(sorted(members)) for members in found]


def joined_values(values: pd.DataFrame, sets: Sequence[tuple[int, ...]]) -> pd.DataFrame:
    """Say what units are when they are joined, seen from each of them.

    Parameters
    ----------
    values
        Shop units x what is asked about; NaN is unknown.
    sets
        Units that are joined.

    Returns
    -------
    pandas.DataFrame
        One row per set and unit of it, with index levels ``set`` (its position) and ``base``. Floor area, front and
        rent a month are sums, and unknown when one is; rent per m2 follows from both. All else is that of the base,
        where the door of the whole would be.
    """
    rows = [(at, base) for at, members in enumerate(sets) for base in members]
    index = pd.MultiIndex.from_tuples(rows, names=["set", "base"])
    joined = values.loc[[base for _, base in rows]].set_axis(index)
    sums = [name for name in (AREA, FRONT, RENT) if name in values.columns]
    lengths = np.array([len(members) for members in sets], dtype=np.int64)
    for name in sums:
        column = values[name]
        totals = [column.loc[list(members)].sum(skipna=False) for members in sets]
        joined[name] = np.repeat(np.array(totals, dtype=float), lengths)
    if RENT_M2 in values.columns:
        joined[RENT_M2] = 12.0 * joined[RENT] / joined[AREA] if {AREA, RENT} <= set(sums) else np.nan
    return joined


def near_by_joining(
    values: pd.DataFrame, wishes: Sequence[Wish], sets: Sequence[tuple[int, ...]]
) -> pd.DataFrame:
    """Find units that are too small for a business alone and large enough joined with those beside them.

    Parameters
    ----------
    values
        Shop units x what is asked about, with ``floor_area_m2``, ``frontage_m`` and ``rent_eur_per_month``.
    wishes
        What the business asks.
    sets
        As `joined_sets` gives.

    Returns
    -------
    pandas.DataFrame
        One row per set, smallest first: ``base`` (the unit whose door and surroundings count), ``units`` (all of
        them), the joined columns of `joined_values`, and ``hard_unknown``, ``soft_met``, ``soft_unknown``, ``soft``.
        A set is listed when the base alone fails floor area or front and no other hard wish, the whole is known
        to meet all that it failed and fails nothing, and no part of the set does without failing. Where several
        of its units can be the base, the one that meets most soft wishes is, then the first.
    """
    require(values, AREA, FRONT, RENT, what="values")
    alone = match(values, [wishes]).of_profile(0)
    is_free = alone["hard_failed"] == 0
    sizes = [wish for wish in wishes if wish.is_hard and wish.code in SIZES]
    of_sizes = match(values, [sizes]).of_profile(0)["hard_failed"]
    is_small = (of_sizes > 0) & (of_sizes == alone["hard_failed"])
    wanted = [members for members in sets if not any(is_free[list(members)]) and any(is_small[list(members)])]
    joined = joined_values(values, wanted)
    base = joined.index.get_level_values("base")
    whole = match(joined, [wishes]).of_profile(0)
    does = (whole["hard_failed"] == 0) & is_small.loc[base].to_numpy()
    for wish in sizes:
        was_failed = match(values, [[wish]]).of_profile(0).loc[base, "hard_failed"].to_numpy() > 0
        # Failed alone and unknown together is not repaired.
        does &= ~was_failed | (match(joined, [[wish]]).of_profile(0)["hard_unknown"] == 0)
    best = whole[does].sort_values("soft_met", ascending=False, kind="stable")
    best = best[~best.index.get_level_values("set").duplicated()].sort_index(kind="stable")
    kept: list[int] = []
    done: list[set[int]] = []
    for place, _ in best.index:
        members = set(wanted[place])
        if not any(part < members for part in done):
            kept.append(place)
        done.append(members)
    best = best[best.index.get_level_values("set").isin(kept)]
    told: pd.DataFrame = joined.loc[best.index].join(
        best[["hard_unknown", "soft_met", "soft_unknown", "soft"]]
    )
    told["units"] = [wanted[place] for place, _ in told.index]
    told["base"] = told.index.get_level_values("base")
    told.index = pd.RangeIndex(len(told))
    return told


def _walls(parcels: gpd.GeoSeries) -> set[frozenset[int]]:
    """Pairs of parcels that share enough of their boundary."""
    shapes = parcels.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=GAP_M)
    is_once = one < other
    one, other = one[is_once], other[is_once]
    # Of two lines that run along each other within the gap, the shorter overlap is what both share.
    shared = np.minimum(_along(shapes[one], shapes[other]), _along(shapes[other], shapes[one]))
    keys = parcels.index.to_numpy()
    return {
        frozenset((keys[i], keys[j]))
        for i, j, metres in zip(one, other, shared, strict=True)
        if metres >= WALL_M
    }


def _along(line: NDArray[np.object_], shape: NDArray[np.object_]) -> NDArray[np.float64]:
    near = shapely.buffer(shape, GAP_M, quad_segs=1)
    return np.asarray(shapely.length(shapely.intersection(shapely.boundary(line), near)), dtype=float)


def _between(one: tuple[float, str], other: tuple[float, str], doors: list[tuple[float, str]]) -> bool:
    """Whether another door stands between two; where both are on one side, only doors of that side do."""
    first, last = sorted((one, other))
    is_one_side = first[0] % 2 == last[0] % 2
    return any(first < door < last and (not is_one_side or door[0] % 2 == first[0] % 2) for door in doors)
