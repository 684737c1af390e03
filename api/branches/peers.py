"""With which towns a town is compared, and why they are alike."""

import math
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from api.branches import entries, queries
from api.db.session import adding_up
from api.dependencies import require_municipality
from api.numbers import known
from gis.kept import Kept
from gis.peers import FACTS, FEWEST_FACTS, alikeness

DEFAULT_PEERS = 5
# Of a town where the branch of one shop in five is not known, an absent branch may be an unknown one.
FEWEST_KNOWN_SHARE = 0.8
Row = dict[str, Any]
_kept: Kept[str, dict[str, Row]] = Kept(4)


def list_peers(session: Session, nis_code: str, *, k: int = DEFAULT_PEERS) -> Row:
    """
    All other towns with how alike each is and why, the most alike first, and which of them are compared with.

    Raises
    ------
    NotFound
        When the municipality is not known.
    """
    require_municipality(session, nis_code)
    towns = _towns(session)
    facts = pd.DataFrame(
        {name: {code: row[name] for code, row in towns.items()} for name in FACTS}, dtype=float
    )
    alike = alikeness(facts, nis_code)
    choice = entries.chosen_peers(session, nis_code)
    chosen = None if choice is None else choice["peer_codes"]
    items: list[Row] = []
    for code, row in alike.iterrows():
        town = towns[str(code)]
        distance = known(row["distance"])
        items.append(
            {
                **_told(town),
                "distance": distance,
                "n_facts": int(row["n_facts"]),
                "facts": [_fact(name, towns[nis_code], town, row) for name in FACTS],
                "missing": [name for name in FACTS if math.isnan(row[f"{name}_apart"])],
                "why_not": _why_not(town),
                "is_peer": False,
            }
        )
    usable = [item for item in items if item["why_not"] is None]
    picked = (
        [item for item in usable if item["distance"] is not None][:k]
        if chosen is None
        else [item for item in usable if item["nis_code"] in chosen]
    )
    for item in picked:
        item["is_peer"] = True
    return {
        "town": {**_told(towns[nis_code]), "why_not": _why_not(towns[nis_code])},
        "choice": None
        if choice is None
        else {name: choice[name] for name in ("id", "peer_codes", "reason", "made_by", "made_at")},
        "is_by_hand": chosen is not None,
        "k": k,
        "least_facts": FEWEST_FACTS,
        "items": items,
    }


def _towns(session: Session) -> dict[str, Row]:
    """Facts of every municipality, read anew only when data changed."""

    def read() -> dict[str, Row]:
        codes = queries.municipality_codes(session)
        with adding_up(session):
            facts = queries.town_facts(session, codes)
        return {row["nis_code"]: _with_rates(row) for row in facts}

    return _kept.get(queries.data_state(session), read)


def _with_rates(row: Row) -> Row:
    inhabitants, area, shops = row["inhabitants"], row["area_km2"], row["n_shops"]
    row["inhabitants"] = inhabitants or None
    row["inhabitants_per_km2"] = inhabitants / area if inhabitants and area else None
    row["shops_per_1000"] = 1000 * shops / inhabitants if inhabitants and shops else None
    return row


def _told(town: Row) -> Row:
    names = ("nis_code", "name_nl", "name_fr", "name_en", "is_demo", "n_shops", "n_branch_known", "seen_on")
    return {**{name: town[name] for name in names}, **{name: known(town[name]) for name in FACTS}}


def _fact(name: str, own: Row, other: Row, row: Any) -> Row:
    return {
        "fact": name,
        "own": known(own[name]),
        "theirs": known(other[name]),
        "apart": known(row[f"{name}_apart"]),
    }


def _why_not(town: Row) -> str | None:
    """Why nothing can be compared with a town; None where it can."""
    if not town["inhabitants"]:
        return "no_inhabitants"
    if not town["n_shops"]:
        return "no_shops"
    return "branches_unknown" if town["n_branch_known"] < FEWEST_KNOWN_SHARE * town["n_shops"] else None
