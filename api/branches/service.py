"""Branches that a town has fewer or more of than alike towns, each with its certainty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy.orm import Session

from api.branches import entries, queries
from api.branches.entries import require_core
from api.branches.formulas import missing_formulas
from api.branches.peers import list_peers
from api.db.models.unit import BRANCH_VERSION
from api.db.session import adding_up, current_day
from api.numbers import known
from gis.branch_gap import SURE, area_gap, room_m2, unit_gaps
from gis.small_cells import FEWEST_OUTLETS, hidden_cells

# Of a branch of which the floor area of one shop in ten is not known, no floor area is shown.
FEWEST_MEASURED_SHARE = 0.9
Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """Whose gaps: a town or one of its cores, by branch or by group of branches, with or without what it does not want."""

    nis_code: str
    core_id: int | None = None
    level: str = "branch"
    with_unwanted: bool = False


@dataclass(frozen=True)
class _Place:
    """A town or core that is compared: its key, inhabitants in thousands, and which shops are its own."""

    key: str
    nis_code: str
    core_id: int | None
    exposure: float

    def shops(self, trading: pd.DataFrame) -> pd.DataFrame:
        mine = trading[trading["nis_code"] == self.nis_code]
        return mine if self.core_id is None else mine[mine["core_id"] == self.core_id]


def get_gaps(session: Session, asked: Asked) -> Row:
    """
    Per branch what a town or core has, what alike towns have per 1,000 inhabitants, the gap, and how sure it is.

    Raises
    ------
    NotFound
        When municipality or core are not known.
    """
    told = list_peers(session, asked.nis_code)
    core = None if asked.core_id is None else require_core(session, asked.nis_code, asked.core_id)
    peers = [item for item in told["items"] if item["is_peer"]]
    codes = [asked.nis_code, *(item["nis_code"] for item in peers)]
    own, others, reason = _places(session, told, peers, core)
    branches = queries.branches(session, asked.level, BRANCH_VERSION)
    wishes = entries.stances(
        queries.entries(session, entries.WISH, asked.nis_code),
        current_day(session),
        None if core is None else core["code"],
    )
    about = {
        **told,
        "core": core,
        "cores": queries.cores(session, asked.nis_code),
        "level": asked.level,
        "unit_of_exposure": "inhabitants" if core is None else "inhabitants_near_core",
        "near_core_m": queries.NEAR_CORE_M,
        "least_outlets": FEWEST_OUTLETS,
        "today": current_day(session),
        **dict(queries.survey_source(session, codes)),
    }
    if own is None or not others:
        return {**about, "why_not": reason, "rows": [], "own_variance": None, "formulas": [], "chains": None,
                "n_compared": 0, "n_sure": 0, "chance_sure": 0.0, "left_out": [], "exposure": None, "peers_exposure": None}  # fmt: skip
    with adding_up(session):
        trading, names = queries.trading(session, codes), queries.shop_names(session, codes)
    flows = entries.flows(queries.entries(session, entries.FLOW, asked.nis_code))
    rows, variance = _rows(trading, own, others, branches, asked.level)
    left_out = (
        [] if asked.with_unwanted else [code for code, row in wishes.items() if row["stance"] == "unwanted"]
    )
    rows = [
        {
            **row,
            "wish": wishes.get(row["branch"]),
            **_flowing(row, flows, _group_m2(trading, own, row["branch_group"])),
        }
        for row in rows
    ]
    shown = [row for row in rows if row["branch"] not in left_out]
    return {
        **about,
        "why_not": None,
        "rows": shown,
        "own_variance": variance,
        "n_compared": len(shown),
        "n_sure": sum(row["certainty"] == "sure" for row in shown),
        "chance_sure": SURE * sum(row["certainty"] not in {None, "few_peers"} for row in shown),
        "left_out": left_out,
        "exposure": own.exposure,
        "peers_exposure": sum(place.exposure for place in others),
        **missing_formulas(names, asked.nis_code, asked.core_id, left_out),
    }


def _places(
    session: Session, told: Row, peers: Sequence[Row], core: Row | None
) -> tuple[_Place | None, list[_Place], str | None]:
    """What is compared with what, or the reason why nothing is."""
    town = told["town"]
    if town["why_not"] is not None:
        return None, [], town["why_not"]
    if not peers:
        return None, [], "no_peers" if told["items"] else "alone"
    if core is None:
        own = _Place(town["nis_code"], town["nis_code"], None, town["inhabitants"] / 1000)
        return own, [_Place(p["nis_code"], p["nis_code"], None, p["inhabitants"] / 1000) for p in peers], None
    codes = [town["nis_code"], *(peer["nis_code"] for peer in peers)]
    found = [
        _Place(str(row["id"]), row["nis_code"], row["id"], row["near"] / 1000)
        for row in queries.cores_of_type(session, codes, core["area_type"])
        if row["near"]
    ]
    own_core = next((place for place in found if place.core_id == core["id"]), None)
    others = [place for place in found if place.nis_code != town["nis_code"]]
    if own_core is None:
        return None, [], "core_without_inhabitants"
    return own_core, others, None if others else "no_cores"


def _rows(
    trading: pd.DataFrame, own: _Place, others: Sequence[_Place], branches: Sequence[Row], level: str
) -> tuple[list[Row], float | None]:
    column = "branch_group" if level == "group" else "branch_code"
    codes = [row["code"] for row in branches]
    tables = {place.key: _table(place.shops(trading), column) for place in (own, *others)}
    names = [place.key for place in others]
    counts = pd.DataFrame({name: _counts(tables[name], codes) for name in names})
    exposure = pd.Series({place.key: place.exposure for place in others})
    mine = _counts(tables[own.key], codes)
    is_there = (mine > 0) | (counts.sum(axis=1) > 0)
    gaps, variance = unit_gaps(mine[is_there], own.exposure, counts[is_there], exposure)
    rows = []
    for branch in branches:
        code = branch["code"]
        if not is_there[code]:
            continue
        row: Row = {str(name): known(value) for name, value in gaps.loc[code].items()}
        cells = [tables[name].get(code, _Shops()).n for name in names]
        hidden, is_sum_hidden = hidden_cells(cells)
        row["cells"] = [
            {"place": place.key, "nis_code": place.nis_code, "n": None if is_hidden or is_sum_hidden else n}
            for place, n, is_hidden in zip(others, cells, hidden, strict=True)
        ]
        row["is_hidden"] = is_sum_hidden
        row |= _areas(tables, own, others, code, n_peers=sum(cells))
        if is_sum_hidden:
            row |= dict.fromkeys(HIDDEN, None)
        rows.append(
            {
                **{name: branch[name] for name in ("branch_group", "label_nl", "label_fr", "label_en")},
                "branch": code,
                **row,
            }
        )
    return rows, variance


# What would give the sum of the peers away where it is too small to be shown.
HIDDEN = (
    "n_peers", "n_with", "rate_per_1000", "rate_lower_per_1000", "rate_upper_per_1000", "expected", "gap", "usual_lower",
    "usual_upper", "kind", "certainty", "m2_per_1000", "expected_m2", "gap_m2", "usual_lower_m2", "usual_upper_m2",
)  # fmt: skip
NO_AREA = dict.fromkeys(("m2_per_1000", "expected_m2", "gap_m2", "usual_lower_m2", "usual_upper_m2"), None)


class _Shops(NamedTuple):
    """Shops of a branch in a place, of how many the floor area is known, and that floor area, m2."""

    n: int = 0
    n_measured: int = 0
    m2: float = 0.0

    @property
    def is_measured(self) -> bool:
        """Whether the floor area of enough of them is known to be shown."""
        return self.n_measured >= FEWEST_MEASURED_SHARE * self.n


Table = dict[str, _Shops]


def _counts(table: Table, codes: Sequence[str]) -> pd.Series:
    return pd.Series({code: table.get(code, _Shops()).n for code in codes}, dtype=int)


def _table(shops: pd.DataFrame, column: str) -> Table:
    sums = shops.groupby(column)[["n", "n_measured", "m2"]].sum()
    return {
        str(code): _Shops(int(n), int(measured), float(m2))
        for code, n, measured, m2 in sums.itertuples(name=None)
    }


def _areas(
    tables: Mapping[str, Table], own: _Place, others: Sequence[_Place], code: str, *, n_peers: int
) -> Row:
    """Floor area of a branch here and among the peers of which it is known."""
    mine = tables[own.key].get(code, _Shops())
    usable = {place.key: tables[place.key].get(code, _Shops()) for place in others}
    usable = {key: shops for key, shops in usable.items() if shops.is_measured}
    told: Row = {"own_m2": mine.m2 if mine.is_measured else None, "n_peers_m2": len(usable), **NO_AREA}
    n_usable = sum(shops.n for shops in usable.values())
    # A floor area of one or two shops is that of those shops.
    if not mine.is_measured or not usable or (n_peers and n_usable < FEWEST_OUTLETS):
        return told
    areas = pd.Series({key: shops.m2 for key, shops in usable.items()})
    exposure = pd.Series({place.key: place.exposure for place in others if place.key in usable})
    return {**told, **area_gap(mine.m2, own.exposure, areas, exposure)}


def _group_m2(trading: pd.DataFrame, own: _Place, group: str) -> float | None:
    """Floor area of a branch group here; None where too much of it is not known."""
    shops = own.shops(trading)
    shops = shops[shops["branch_group"] == group]
    if shops["n_measured"].sum() < FEWEST_MEASURED_SHARE * shops["n"].sum():
        return None
    return float(shops["m2"].sum())


def _flowing(row: Row, flows: dict[tuple[str, str], Row], group_m2: float | None) -> Row:
    """What flows away and online of the branch group, the room that leaves, and how much of the gap it backs."""
    leakage, online = (flows.get((row["branch_group"], kind)) for kind in ("leakage", "online"))
    told: Row = {
        "leakage": _share(leakage), "online": _share(online), "room_group_m2": None, "backed_gap_m2": None,
    }  # fmt: skip
    if leakage and online and group_m2 is not None:
        told["room_group_m2"] = room_m2(group_m2, leakage["share"], online["share"])
    gap = row["gap_m2"]
    if told["room_group_m2"] is not None and gap is not None and gap > 0:
        told["backed_gap_m2"] = min(gap, told["room_group_m2"])
    return told


def _share(flow: Row | None) -> Row | None:
    return None if flow is None else {name: flow[name] for name in ("share", "source", "year")}
