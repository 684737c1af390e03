"""How vacancy clusters change from one inventory to the next: new, growing, shrinking, dissolved."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gis.frames import require

CHANGES = ("new", "growing", "stable", "shrinking", "merged", "split", "dissolved")
MIN_SHARED = 0.5
Told = tuple[str | None, list[object]]


def cluster_links(
    earlier: pd.DataFrame, later: pd.DataFrame, *, min_shared: float = MIN_SHARED
) -> pd.DataFrame:
    """Find which clusters of two inventories are the same.

    Two clusters are linked when they share at least half of the shop units of the smaller one. So a cluster that
    doubled is still itself, and two that became one are both linked to it. The rule is the same in both directions
    of time.

    Parameters
    ----------
    earlier, later
        Clusters with ``member_ids``, on a unique index.
    min_shared
        Share of the smaller cluster that both must hold.

    Returns
    -------
    pandas.DataFrame
        ``earlier``, ``later`` (their index values), ``n_shared`` and ``jaccard``, in the order of the frames.

    Raises
    ------
    FrameError
        When a column is missing.
    """
    require(earlier, "member_ids", what="earlier clusters")
    require(later, "member_ids", what="later clusters")
    rows = []
    after = {key: set(ids) for key, ids in later["member_ids"].items()}
    for before_key, before_ids in earlier["member_ids"].items():
        before = set(before_ids)
        for after_key, ids in after.items():
            n_shared = len(before & ids)
            if n_shared and n_shared >= min_shared * min(len(before), len(ids)):
                rows.append((before_key, after_key, n_shared, n_shared / len(before | ids)))
    return pd.DataFrame(rows, columns=["earlier", "later", "n_shared", "jaccard"])


def cluster_history(inventories: Sequence[pd.DataFrame], *, min_shared: float = MIN_SHARED) -> pd.DataFrame:
    """Follow clusters through successive inventories.

    Parameters
    ----------
    inventories
        From the first to the last: clusters with ``member_ids`` and ``n_vacant``. An inventory without clusters is
        an empty frame; no index value may come twice, in whatever inventory.
    min_shared
        As in `cluster_links`.

    Returns
    -------
    pandas.DataFrame
        On all index values: ``inventory`` (position), ``change`` since the inventory before (None in the first),
        ``next_change`` until the one after (None in the last), ``n_inventories`` (in how many successive inventories
        it, or what it came from, was there; this one included), ``from_keys`` and ``to_keys`` (linked clusters just
        before and just after). The words are `CHANGES`: growing and shrinking go by the number of vacant units;
        merged: from several; split: part of one that became several.
    """
    for clusters in inventories:
        require(clusters, "member_ids", "n_vacant", what="clusters")
    since: dict[object, Told] = {}
    until: dict[object, Told] = {}
    for earlier, later in pairwise(inventories):
        links = cluster_links(earlier, later, min_shared=min_shared)
        vacant = (earlier["n_vacant"], later["n_vacant"])
        since |= _told(links, vacant, seen_from="later", words=("new", "merged", "split"))
        until |= _told(links, vacant, seen_from="earlier", words=("dissolved", "split", "merged"))
    nothing: Told = (None, [])
    rows, lasted = {}, dict[object, int]()
    for position, clusters in enumerate(inventories):
        for key in clusters.index:
            (change, from_keys), (next_change, to_keys) = since.get(key, nothing), until.get(key, nothing)
            lasted[key] = 1 + max((lasted[before] for before in from_keys), default=0)
            rows[key] = (position, change, next_change, lasted[key], from_keys, to_keys)
    names = ["inventory", "change", "next_change", "n_inventories", "from_keys", "to_keys"]
    # As objects from the first: a column of words and None would be read as text, and None as NaN.
    table = pd.DataFrame(
        list(rows.values()), index=pd.Index(list(rows), dtype=object), columns=names, dtype=object
    )
    return table.astype({"inventory": int, "n_inventories": int})


def _told(
    links: pd.DataFrame, vacant: tuple[pd.Series, pd.Series], *, seen_from: str, words: tuple[str, str, str]
) -> dict[object, Told]:
    """Say of every cluster of one side what it is to the other: linked to none, to many, to one of many, to one."""
    linked_to_none, linked_to_many, one_of_many = words
    other = "earlier" if seen_from == "later" else "later"
    before, after = vacant
    told: dict[object, Told] = {}
    for key in after.index if seen_from == "later" else before.index:
        keys = links.loc[links[seen_from] == key, other].tolist()
        if not keys:
            word = linked_to_none
        elif len(keys) > 1:
            word = linked_to_many
        elif (links[other] == keys[0]).sum() > 1:
            word = one_of_many
        else:
            then, now = (
                (before[keys[0]], after[key]) if seen_from == "later" else (before[key], after[keys[0]])
            )
            word = "growing" if now > then else "shrinking" if now < then else "stable"
        told[key] = (word, keys)
    return told


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Correct p-values for looking at several inventories (Holm 1979).

    Parameters
    ----------
    p_values
        One per inventory, shape (inventories,).

    Returns
    -------
    numpy.ndarray
        Shape (inventories,); those under alpha make a false one anywhere with chance alpha at most, however much
        the inventories resemble each other.
    """
    values = np.asarray(p_values, dtype=float)
    order = np.argsort(values, kind="stable")
    stepped = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    corrected = np.empty(len(values))
    corrected[order] = np.minimum(stepped, 1.0)
    return corrected
