"""Shops that move inside the municipality: proposed from their names, chained, and netted out."""

import datetime as dt
import re
import unicodedata

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis.frames import require

# A shop may open the new place before it leaves the old one, or after months of fitting out.
DAYS_BEFORE, DAYS_AFTER = 90, 180
CHAIN_DAYS = 365
_LEGAL_FORMS = frozenset({"bv", "bvba", "nv", "vof", "sa", "srl", "sprl", "comm", "commv", "cv"})
MOVE_COLUMNS = ("from_unit_id", "to_unit_id", "closed_on", "opened_on")
_NAMED = {
    "id_new": "occupancy_id",
    "id_old": "from_occupancy_id",
    "shop_unit_id_old": "from_unit_id",
    "shop_unit_id_new": "to_unit_id",
    "to_on_old": "closed_on",
    "from_on_new": "opened_on",
}
_COLUMNS = ["from_occupancy_id", "from_unit_id", "to_unit_id", "closed_on", "opened_on", "gap_days"]
OCCUPANCY_COLUMNS = ("shop_unit_id", "from_on", "to_on")


def plain_name(name: str | None) -> str:
    """Write a name over a door without accents, signs, capitals and legal form, so that spellings meet.

    Parameters
    ----------
    name
        Name over the door; None gives an empty text.
    """
    flat = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", " ", flat.replace("'", "")).split()
    return " ".join(word for word in words if word not in _LEGAL_FORMS)


def propose_moves(occupancies: pd.DataFrame) -> pd.DataFrame:
    """Find shops that closed in one unit and opened under the same name in another at about the same time.

    A proposal is for a person to confirm: two shops may have one name. Every occupancy is proposed at most
    once as the old place and once as the new one, the nearest in time first.

    Parameters
    ----------
    occupancies
        Index: ids; ``shop_unit_id``, ``from_on``, ``to_on`` (NaT while it lasts) and ``occupant_name``, without
        temporary uses.

    Returns
    -------
    pandas.DataFrame
        Index: id of the new occupancy; ``from_occupancy_id``, ``from_unit_id``, ``to_unit_id``, ``closed_on``,
        ``opened_on`` and ``gap_days`` (negative: it opened before it closed).

    Raises
    ------
    FrameError
        When a column is missing.
    """
    require(occupancies, *OCCUPANCY_COLUMNS, "occupant_name", what="occupancies")
    rows = (
        occupancies.assign(name=occupancies["occupant_name"].map(plain_name)).rename_axis("id").reset_index()
    )
    rows = rows[rows["name"].str.len() >= 3]
    old = rows[rows["to_on"].notna()][["id", "shop_unit_id", "from_on", "to_on", "name"]]
    new = rows[["id", "shop_unit_id", "from_on", "to_on", "name"]]
    both = old.merge(new, on="name", suffixes=("_old", "_new"))
    gap = (both["from_on_new"] - both["to_on_old"]).dt.days
    fits = (both["shop_unit_id_old"] != both["shop_unit_id_new"]) & gap.between(-DAYS_BEFORE, DAYS_AFTER)
    # The new place opened while the old one had its time, not before it.
    fits &= both["from_on_new"] > both["from_on_old"]
    both = both.assign(gap_days=gap, apart=gap.abs())[fits].sort_values(["apart", "id_new", "id_old"])
    left: set[object] = set()
    come: set[object] = set()
    kept = []
    for row in both.itertuples():
        if row.id_old not in left and row.id_new not in come:
            left.add(row.id_old)
            come.add(row.id_new)
            kept.append(row.Index)
    found = both.loc[kept].rename(columns=_NAMED).set_index("occupancy_id")
    return found[_COLUMNS]


def told_moves(occupancies: pd.DataFrame) -> pd.DataFrame:
    """Give the moves of which the unit that was left is known, with the occupancy that ended there.

    Of several that ended in that unit the one under the same name is meant, else the nearest in time.

    Parameters
    ----------
    occupancies
        As for `propose_moves`, with ``moved_from_unit_id`` (NaN where none is known).

    Returns
    -------
    pandas.DataFrame
        As `propose_moves` gives. A move from a unit in which nothing is known to have ended around that time
        is left out.

    Raises
    ------
    FrameError
        When a column is missing.
    """
    require(occupancies, *OCCUPANCY_COLUMNS, "occupant_name", "moved_from_unit_id", what="occupancies")
    rows = (
        occupancies.assign(name=occupancies["occupant_name"].map(plain_name)).rename_axis("id").reset_index()
    )
    new = rows[rows["moved_from_unit_id"].notna()].astype({"moved_from_unit_id": rows["shop_unit_id"].dtype})
    old = rows[rows["to_on"].notna()]
    both = new.merge(old, left_on="moved_from_unit_id", right_on="shop_unit_id", suffixes=("_new", "_old"))
    gap = (both["from_on_new"] - both["to_on_old"]).dt.days
    fits = gap.between(-CHAIN_DAYS, CHAIN_DAYS) & (both["id_new"] != both["id_old"])
    both = both.assign(gap_days=gap, apart=gap.abs(), is_other=both["name_new"] != both["name_old"])[fits]
    both = (
        both.sort_values(["is_other", "apart", "id_old"]).drop_duplicates("id_new").drop_duplicates("id_old")
    )
    found = both.rename(columns=_NAMED).set_index("occupancy_id").sort_index()
    return found[_COLUMNS]


def chain_moves(moves: pd.DataFrame, *, within_days: int = CHAIN_DAYS) -> pd.DataFrame:
    """Link moves into chains: one fills the unit that another empties, within so many days.

    Whatever its length a chain fills as many units as it empties, so it counts as zero: what it changes is
    which unit stands empty in the end. A chain that closes on itself changes nothing at all.

    Parameters
    ----------
    moves
        Index: ids; ``from_unit_id``, ``to_unit_id``, ``closed_on``, ``opened_on``.
    within_days
        Longest time between leaving a unit and filling it, either first.

    Returns
    -------
    pandas.DataFrame
        One row per chain, the newest first: ``move_ids`` (in order of time), ``n_moves``, ``n_units``,
        ``emptied_unit_ids``, ``filled_unit_ids``, ``is_cycle``, ``from_on``, ``to_on`` and ``n_net``.

    Raises
    ------
    FrameError
        When a column is missing.
    """
    require(moves, *MOVE_COLUMNS, what="moves")
    columns = ["move_ids", "n_moves", "n_units", "emptied_unit_ids", "filled_unit_ids", "is_cycle"]
    if moves.empty:
        return pd.DataFrame(columns=[*columns, "from_on", "to_on", "n_net"])
    ordered = moves.assign(moved_on=moves[["closed_on", "opened_on"]].min(axis=1))
    ordered = ordered.sort_values(["moved_on", "opened_on"], kind="stable")
    rows = [_chain(part) for _, part in ordered.groupby(_linked(ordered, within_days))]
    return pd.DataFrame(rows).sort_values(["to_on", "from_on"], ascending=False, ignore_index=True)


def _linked(moves: pd.DataFrame, within_days: int) -> np.ndarray:
    leaves = pd.DataFrame({"unit": moves["from_unit_id"], "on": moves["closed_on"], "at": range(len(moves))})
    fills = pd.DataFrame({"unit": moves["to_unit_id"], "on": moves["opened_on"], "at": range(len(moves))})
    pairs = leaves.merge(fills, on="unit", suffixes=("_left", "_filled"))
    pairs = pairs[(pairs["on_left"] - pairs["on_filled"]).dt.days.abs() <= within_days]
    size = (len(moves), len(moves))
    links = coo_array((np.ones(len(pairs)), (pairs["at_left"], pairs["at_filled"])), shape=size)
    _, chain = connected_components(links, directed=False)
    return np.asarray(chain)


def _chain(moves: pd.DataFrame) -> dict[str, object]:
    balance = moves["to_unit_id"].value_counts().sub(moves["from_unit_id"].value_counts(), fill_value=0)
    emptied, filled = (sorted(balance.index[sign * balance > 0].tolist()) for sign in (-1, 1))
    return {
        "move_ids": moves.index.tolist(),
        "n_moves": len(moves),
        "n_units": len(balance),
        "emptied_unit_ids": emptied,
        "filled_unit_ids": filled,
        "is_cycle": not emptied,
        "from_on": moves["moved_on"].min(),
        "to_on": moves["opened_on"].max(),
        "n_net": int(balance.sum()),
    }


def net_occupancies(
    occupancies: pd.DataFrame, moves: pd.DataFrame, *, from_on: dt.date, until: dt.date
) -> dict[str, int]:
    """Count openings and closures of a period, and what is left when moves inside count as zero.

    Parameters
    ----------
    occupancies
        Index: ids; ``shop_unit_id``, ``from_on`` and ``to_on``, without temporary uses.
    moves
        Index: id of the new occupancy, with ``from_occupancy_id``.
    from_on, until
        First day, and the day after the last.

    Returns
    -------
    dict
        n_openings, n_closures, n_moved_in, n_moved_out (halves of moves whose day lies in the period), n_new
        (openings that came from outside), n_lost (closures that went nowhere inside), n_net = n_new - n_lost,
        and n_change = n_openings - n_closures, the change in the number of units that trade. The two differ
        only by moves of which one half lies in another period.

    Raises
    ------
    FrameError
        When a column is missing.
    """
    require(occupancies, *OCCUPANCY_COLUMNS, what="occupancies")
    require(moves, "from_occupancy_id", what="moves")
    start, end = pd.Timestamp(from_on), pd.Timestamp(until)
    opened = occupancies["from_on"].ge(start) & occupancies["from_on"].lt(end)
    closed = occupancies["to_on"].ge(start) & occupancies["to_on"].lt(end)
    n_in = int(opened[occupancies.index.isin(moves.index)].sum())
    n_out = int(closed[occupancies.index.isin(moves["from_occupancy_id"])].sum())
    n_openings, n_closures = int(opened.sum()), int(closed.sum())
    return {
        "n_openings": n_openings,
        "n_closures": n_closures,
        "n_moved_in": n_in,
        "n_moved_out": n_out,
        "n_new": n_openings - n_in,
        "n_lost": n_closures - n_out,
        "n_net": (n_openings - n_in) - (n_closures - n_out),
        "n_change": n_openings - n_closures,
    }
