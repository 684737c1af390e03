"""Chains that trade in alike towns and not here."""

from typing import Any

import pandas as pd


def missing_formulas(
    shops: pd.DataFrame, nis_code: str, core_id: int | None, left_out: list[str]
) -> dict[str, Any]:
    """
    Names of chains among the peers that trade nowhere in the town (or core), with in how many peers.

    Parameters
    ----------
    shops
        Shops that trade in the town and its peers: nis_code, core_id, occupant_name, branch_code, is_chain.
    nis_code, core_id
        The town, and its core where only that is looked at.
    left_out
        Branches that the town does not want.

    Returns
    -------
    ``formulas``: name, branch, n_towns, the most spread first; ``chains``: of how many shops it is known whether they are
    of a chain. A shop counts as a chain only where the source says so: a name alone may be a person's.
    """
    named = shops[shops["occupant_name"].notna()].assign(key=lambda rows: rows["occupant_name"].map(_key))
    is_own = named["nis_code"] == nis_code
    if core_id is not None:
        is_own &= named["core_id"] == core_id
    here = set(named.loc[is_own, "key"])
    is_chain = named["is_chain"].map(lambda value: value is True)
    there = named[(named["nis_code"] != nis_code) & is_chain & ~named["key"].isin(here)]
    there = there[~there["branch_code"].isin(left_out) & (there["key"] != "")]
    formulas: list[dict[str, Any]] = [
        {
            "name": str(rows["occupant_name"].mode().iloc[0]),
            "branch": None if rows["branch_code"].mode().empty else str(rows["branch_code"].mode().iloc[0]),
            "n_towns": int(rows["nis_code"].nunique()),
        }
        for _, rows in there.groupby("key")
    ]
    formulas.sort(key=lambda row: (-row["n_towns"], row["name"].lower()))
    return {
        "formulas": formulas,
        "chains": {"n": len(shops), "n_known": int(shops["is_chain"].notna().sum())},
    }


def _key(name: str) -> str:
    """The same formula however it is written over the door."""
    return " ".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())
