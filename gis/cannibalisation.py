"""How much of the people of existing shops a new shop of the same branch would share."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.errors import FrameError

Floats = NDArray[np.float64]


def shared_people(candidate: Floats, shops: Floats, persons: Floats, limits: Sequence[float]) -> pd.DataFrame:
    """
    People who live in the catchment of a candidate and in that of each existing shop.

    Parameters
    ----------
    candidate
        Travel time of everybody to the candidate, minutes, shape (people,); inf out of reach.
    shops
        The same to each existing shop, shape (shops, people).
    persons
        How many each row of people stands for, shape (people,).
    limits
        Bands, minutes.

    Returns
    -------
    One row per shop and limit: shop (row of `shops`), limit, people (in the shop's catchment), shared (in both), shared_share
    (of the shop's catchment; NaN where nobody is in it).

    Raises
    ------
    FrameError
        When the shapes do not fit.
    """
    _check(candidate, shops, persons)
    rows = []
    for limit in limits:
        here = candidate <= limit
        for shop, cost in enumerate(shops):
            there = cost <= limit
            people = float(persons[there].sum())
            shared = float(persons[there & here].sum())
            rows.append((shop, limit, people, shared, shared / people if people > 0 else np.nan))
    return pd.DataFrame(rows, columns=["shop", "limit", "people", "shared", "shared_share"])


def served_people(candidate: Floats, shops: Floats, persons: Floats, limits: Sequence[float]) -> pd.DataFrame:
    """
    How many people in the catchment of a candidate are in that of some existing shop already.

    Parameters and errors as for `shared_people`.

    Returns
    -------
    Per limit: limit, people, served, served_share (NaN where nobody is in the catchment).
    """
    _check(candidate, shops, persons)
    rows = []
    for limit in limits:
        here = candidate <= limit
        is_served = (shops <= limit).any(axis=0) if len(shops) else np.zeros(len(persons), bool)
        people, served = float(persons[here].sum()), float(persons[here & is_served].sum())
        rows.append((limit, people, served, served / people if people > 0 else np.nan))
    return pd.DataFrame(rows, columns=["limit", "people", "served", "served_share"])


def drawn_away(candidate: Floats, shops: Floats, persons: Floats, halves: Sequence[float]) -> pd.DataFrame:
    """
    Share of its visitors that each existing shop would lose, when people choose by travel time (Huff, 1964, doi:10.1177/002224296402800307).

    Everybody chooses a shop with a chance in proportion to 2^(-minutes / half), all shops equally attractive.

    Parameters
    ----------
    candidate, shops, persons
        As for `shared_people`.
    halves
        Minutes over which the pull of a shop halves.

    Returns
    -------
    One row per shop and half: shop, half, before and after (expected visitors), lost_share (NaN where nobody comes).

    Raises
    ------
    FrameError
        When the shapes do not fit.
    """
    _check(candidate, shops, persons)
    rows = []
    for half in halves:
        pull, new = np.exp2(-shops / half), np.exp2(-candidate / half)
        every = pull.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            before = np.nan_to_num(persons * pull / every).sum(axis=1)
            after = np.nan_to_num(persons * pull / (every + new)).sum(axis=1)
        for shop, (was, becomes) in enumerate(zip(before, after, strict=True)):
            lost = 1 - becomes / was if was > 0 else np.nan
            rows.append((shop, half, float(was), float(becomes), float(lost)))
    return pd.DataFrame(rows, columns=["shop", "half", "before", "after", "lost_share"])


def _check(candidate: Floats, shops: Floats, persons: Floats) -> None:
    if candidate.shape != persons.shape or shops.ndim != 2 or shops.shape[1] != len(persons):
        raise FrameError("costs: one per row of people for the candidate, and one row of them per shop")
