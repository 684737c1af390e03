"""Three notions of vacancy: what the survey saw, the legal register, the inventory of business premises."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.frames import require

SMALLEST_SHARE = 0.01
"""Cadastral borders move by centimetres between versions: less than this of a parcel is no part of it."""
WHOLE_SHARE = 0.95
"""From this share of what is held today on, an earlier parcel lies on one parcel of today."""
HELD_SHARE = 0.5
"""Where parcels of today hold less than this of an earlier parcel, nothing is left to place a record on."""
AREAS = ("Polygon", "MultiPolygon")


def parcels_under(earlier: gpd.GeoDataFrame, today: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Which parcels of today lie under parcels of an earlier cadastre.

    Ground that two parcels of today both claim is given to the one with the larger overlap, so the shares of one
    earlier parcel never sum to more than 1; what no parcel of today holds is given to none.

    Parameters
    ----------
    earlier, today
        Polygons in one metric CRS; index: their keys.

    Returns
    -------
    ``earlier``, ``today`` (keys) and ``share`` (of the earlier parcel's area, 0-1), at least `SMALLEST_SHARE`, the
    largest first within each earlier parcel.

    Raises
    ------
    FrameError
        A frame without geometry or CRS.
    """
    require(earlier, geometry=AREAS, what="earlier parcels")
    require(today, geometry=AREAS, what="parcels of today")
    olds, news = earlier.geometry.to_numpy(), today.geometry.to_numpy()
    tree = shapely.STRtree(news)
    at_old, at_new = tree.query(olds, predicate="intersects")
    pieces = shapely.intersection(olds[at_old], news[at_new])
    area = shapely.area(pieces)
    found: list[tuple[int, int, float]] = []
    for place in np.unique(at_old):
        mine = np.flatnonzero(at_old == place)
        mine = mine[np.lexsort((at_new[mine], -area[mine]))]
        whole = float(shapely.area(olds[place]))
        found += _shares(int(place), whole, at_new[mine], pieces[mine])
    table = pd.DataFrame(found, columns=["earlier", "today", "share"])
    table["earlier"] = earlier.index.to_numpy()[table["earlier"].to_numpy(dtype=int)]
    table["today"] = today.index.to_numpy()[table["today"].to_numpy(dtype=int)]
    return table


def _shares(
    place: int, whole_m2: float, parcels: np.ndarray, pieces: np.ndarray
) -> list[tuple[int, int, float]]:
    """Share of each piece in one earlier parcel, ground counted once."""
    taken = shapely.Polygon()
    found = []
    left = 1.0
    for parcel, piece in zip(parcels, pieces, strict=True):
        own = shapely.difference(piece, taken)
        taken = shapely.union(taken, piece)
        share = min(float(shapely.area(own)) / whole_m2, left) if whole_m2 > 0 else 0.0
        if share >= SMALLEST_SHARE:
            found.append((place, int(parcel), share))
            left -= share
    return sorted(found, key=lambda row: -row[2])


def one_parcel(shares: pd.DataFrame) -> pd.Series:
    """
    Which single parcel of today an earlier parcel has become, where there is one.

    Parameters
    ----------
    shares
        As `parcels_under` gives them.

    Returns
    -------
    Index: the earlier parcel. The key of today's parcel; NA when it was split, or when parcels of today hold less
    than half of it.
    """
    held = shares.groupby("earlier")["share"].sum()
    first = shares.sort_values("share", ascending=False, kind="stable").groupby("earlier").first()
    is_one = (held >= HELD_SHARE) & (first["share"] >= WHOLE_SHARE * held)
    return first["today"].astype("Int64").where(is_one.reindex(first.index))


def compare_notions(units: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """
    Where the survey and the two registers agree and where they do not, on one day.

    Parameters
    ----------
    units
        Index: the shop unit. ``state`` (occupied, vacant, non_retail, unknown), ``vacant_start_earliest_on`` and
        ``vacant_start_latest_on`` (datetime64), ``legal`` and ``business``: "sure" when the unit stands on a record's
        one parcel, "unsure" when on one of several, None when on none.
    on
        The day.

    Returns
    -------
    On the same index ``is_vacant``, ``is_in_use``, ``is_vacant_registered``, ``is_entry_candidate`` (vacant for
    twelve months, on neither register), ``is_entry_uncertain`` (one, but its start may lie later or its parcel may
    be registered), ``is_removal_candidate`` (on the legal register for sure, and in use).
    """
    dates = ("vacant_start_earliest_on", "vacant_start_latest_on")
    require(units, "state", "legal", "business", *dates, what="shop units")
    year_ago = pd.Timestamp(on) - pd.DateOffset(years=1)
    vacant = units["state"] == "vacant"
    in_use = units["state"].isin(("occupied", "non_retail"))
    surely_long = units["vacant_start_latest_on"] <= year_ago
    perhaps_long = surely_long | (units["vacant_start_earliest_on"] <= year_ago)
    legal, business = units["legal"], units["business"]
    # The decree of 1995 takes business premises out of the legal register, so they are no candidates for it.
    candidate = vacant & perhaps_long & (legal != "sure") & (business != "sure")
    uncertain = ~surely_long | (legal == "unsure") | (business == "unsure")
    return pd.DataFrame(
        {
            "is_vacant": vacant,
            "is_in_use": in_use,
            "is_vacant_registered": vacant & (legal == "sure"),
            "is_entry_candidate": candidate,
            "is_entry_uncertain": candidate & uncertain,
            "is_removal_candidate": in_use & (legal == "sure"),
        },
        index=units.index,
    )


def narrow_to_address(links: pd.DataFrame) -> pd.DataFrame:
    """
    Which units on a record's parcel the record is about.

    A parcel can hold several units and a record speaks of one building: where units of the parcel have the record's
    address, it is about those; where none has and there are several, it may be about any of them.

    Parameters
    ----------
    links
        One row per record and unit on its parcel: ``record``, ``shop_unit_id``, ``is_same_address``, ``is_sure``
        (does the record lie on one parcel?).

    Returns
    -------
    The rows that stay, with ``is_sure`` turned off where the unit may be another.
    """
    require(links, "record", "shop_unit_id", "is_same_address", "is_sure", what="links")
    if links.empty:
        return links
    by_record = links.groupby("record")
    has_same = by_record["is_same_address"].transform("any")
    several = by_record["shop_unit_id"].transform("nunique") > 1
    kept = links[~has_same | links["is_same_address"]]
    unclear = several & ~has_same
    return kept.assign(is_sure=kept["is_sure"] & ~unclear[kept.index])
