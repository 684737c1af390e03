"""What a city knows of its shop units: occupancies and vacancy spells as survey rounds reveal them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.demo.history import Periods
from api.demo.lineage import NO_DAY, Lineage
from api.demo.plan import TownPlan, dice
from api.demo.trades import ANCHORS, NOUNS, choose, signs, trades

Ints = NDArray[np.int64]

_NEVER = 1 << 40
NO_UNIT = -1
_POPUP_TRADES = ("gift_shop", "womens_clothing", "home_decoration", "gallery_museum", "delicatessen")
_CAUSES = ("retirement", "bankruptcy", "end_of_lease", "chain_closure", "works", "unknown")
_CAUSE_SHARE = {True: (0.0, 0.22, 0.12, 0.5, 0.02, 0.14), False: (0.31, 0.2, 0.17, 0.0, 0.04, 0.28)}


@dataclass(frozen=True)
class Tenancy:
    """Occupancies and spells.

    Attributes
    ----------
    occupancies
        unit, from_day, to_day (NO_DAY while it lasts), occupant_name, branch_code, is_chain, is_popup, is_anchor,
        origin, moved_from (unit it left for this one; NO_UNIT where nobody knows of one).
    spells
        unit, earliest (NO_DAY when not known), latest, ended (NO_DAY while it lasts), start_basis, end_reason,
        cause, market_status, rent_eur, last_branch_code.
    """

    occupancies: pd.DataFrame
    spells: pd.DataFrame


def tenancy(plan: TownPlan, seed: int, known: Lineage, played: Periods, *, end: int) -> Tenancy:
    """Turn what happened into what is on record.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    known
        All units, past and present.
    played
        What happened to them.
    end
        Last day, days since 1970-01-01.
    """
    rng = dice(plan, seed, "tenancy")
    rows = _with_occupants(rng, known.units, played.periods)
    _relocate(rng, known.units, rows)
    rows = _seen(rng, rows, played.rounds, end)
    spells = _spells(rng, known.units, rows)
    popups = _popups(rng, spells, end)
    spells.loc[popups.loc[popups["to_day"] == NO_DAY, "spell"], "market_status"] = "temporary_use"
    let = rows[rows["is_occupied"]]
    told = ["unit", "occupant_name", "branch_code", "is_chain", "is_anchor", "origin", "moved_from"]
    occupancies = let[told].assign(from_day=let["known_from"], to_day=let["known_to"], is_popup=False)
    every = pd.concat([occupancies, popups.drop(columns="spell")], ignore_index=True)
    return Tenancy(every.sort_values(["unit", "from_day"], ignore_index=True), spells.reset_index(drop=True))


def _with_occupants(rng: np.random.Generator, units: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    unit = periods["unit"].to_numpy()
    area = units["area_m2"].to_numpy()[unit]
    trade = choose(rng, units["kind"].to_numpy()[unit], area)
    names, is_chain = signs(rng, trade)
    code = np.array([t.code for t in trades()])[trade]
    origin = np.select(
        [periods["is_first"], periods["is_takeover"], is_chain & (rng.random(len(unit)) < 0.75)],
        ["unknown", "takeover", "chain_expansion"],
        rng.choice(["starter", "relocation_outside", "unknown"], len(unit), p=[0.62, 0.16, 0.22]),
    )
    return periods.assign(
        occupant_name=names,
        branch_code=code,
        is_chain=is_chain,
        is_anchor=np.isin(code, ANCHORS) & (area >= 450.0),
        origin=origin,
        known_from=np.where(
            periods["is_first"], periods["start"] - rng.integers(60, 5200, len(unit)), periods["start"]
        ),
        cause="",
    )


def _relocate(rng: np.random.Generator, units: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Let some shops that open be shops that closed elsewhere in town: their old unit is the price."""
    area = units["area_m2"].to_numpy()[rows["unit"]]
    start, unit = rows["start"].to_numpy(), rows["unit"].to_numpy()
    usual = ~(rows["is_first"] | rows["is_new"]).to_numpy()
    occupied, takeover = rows["is_occupied"].to_numpy(), rows["is_takeover"].to_numpy()
    closings = np.flatnonzero(usual & ~occupied)
    closings = closings[np.argsort(start[closings], kind="stable")]
    openings = np.flatnonzero(usual & occupied & ~takeover & (rng.random(len(rows)) < 0.2))
    source, left = np.arange(len(rows)), np.full(len(rows), NO_UNIT)
    gone: set[int] = set()
    for opening in openings[np.argsort(start[openings], kind="stable")]:
        first, last = np.searchsorted(start[closings], [start[opening] - 30, start[opening] + 45])
        for closing in closings[first:last]:
            alike = abs(np.log(area[closing] / area[opening])) < 0.7
            if alike and closing not in gone and unit[closing] != unit[opening]:
                gone.add(int(closing))
                # The row before a closing is the occupant that left, under the name it then had.
                source[opening] = source[closing - 1]
                left[opening] = unit[closing]
                break
    for told in ("occupant_name", "branch_code", "is_chain", "is_anchor"):
        rows[told] = rows[told].to_numpy()[source]
    rows.loc[source != np.arange(len(rows)), "origin"] = "relocation_within"
    # The city knows of most where they came from; of the others only the name over the door tells.
    rows["moved_from"] = np.where(unit % 5 < 3, left, NO_UNIT)
    rows.loc[sorted(gone), "cause"] = "relocation"


def _seen(rng: np.random.Generator, rows: pd.DataFrame, rounds: Ints, end: int) -> pd.DataFrame:
    """Say within which days each spell must have begun, and until when the occupant before was seen."""
    n = len(rows)
    day, until = rows["start"].to_numpy(), np.where(rows["end"] == NO_DAY, _NEVER, rows["end"])
    opened = np.append(0, day[:-1])
    after = np.searchsorted(rounds, day, side="right")
    before = rounds[np.maximum(after - 1, 0)]
    following = np.append(rounds, _NEVER)[after]
    draw = rng.random(n)
    between = (draw < 0.58) & (following < until) & (following < _NEVER)
    owner = ~between & (draw > 0.86)
    earliest = np.select([between, owner], [before, day - 15], day)
    earliest = np.maximum(earliest, np.minimum(opened + 1, day))
    latest = np.select([between, owner], [following, np.minimum(np.minimum(day + 15, until - 1), end)], day)
    basis = np.select([between, owner], ["between_visits", "owner_statement"], "exact")
    first, new = rows["is_first"].to_numpy(), rows["is_new"].to_numpy()
    earliest = np.select([first, new], [NO_DAY, day], earliest)
    latest = np.where(first | new, day, latest)
    basis = np.select([first, new], ["first_seen", "exact"], basis)
    vacant_next = np.append(~rows["is_occupied"].to_numpy()[1:], False)
    vacant_next &= np.append(rows["unit"].to_numpy()[1:] == rows["unit"].to_numpy()[:-1], False)
    known_to = np.where(vacant_next, np.append(earliest[1:], NO_DAY), rows["end"])
    return rows.assign(earliest=earliest, latest=latest, start_basis=basis, known_to=known_to)


def _spells(rng: np.random.Generator, units: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    before = rows[["branch_code", "is_chain"]].shift(1)
    is_spell = ~rows["is_occupied"].to_numpy()
    spells = rows.loc[
        is_spell, ["unit", "earliest", "latest", "end", "start_basis", "cause", "is_first", "is_new"]
    ]
    n = len(spells)
    after_chain = before["is_chain"][is_spell].fillna(False).astype(bool).to_numpy()
    drawn = [rng.choice(_CAUSES, n, p=_CAUSE_SHARE[chain]) for chain in (False, True)]
    cause = np.where(after_chain, drawn[1], drawn[0])
    spells["cause"] = np.select(
        [spells["cause"] != "", spells["is_new"], spells["is_first"]],
        [spells["cause"], "new_build", "unknown"],
        cause,
    )
    nobody = (spells["is_first"] | spells["is_new"]).to_numpy()
    spells["last_branch_code"] = before["branch_code"][is_spell].astype(object).where(~nobody, None)
    lasts = (spells["end"] == NO_DAY).to_numpy()
    lifecycle = units["lifecycle"].to_numpy()[spells["unit"]]
    let = np.where(rng.random(n) < 0.88, "let", "sold_own_use")
    reason = np.where(lifecycle == "active", let, lifecycle).astype(object)
    reason[lasts] = None
    spells["end_reason"] = reason
    status = rng.choice(
        ["listed", "unlisted", "under_offer", "signed", "fit_out", "withdrawn"],
        n,
        p=[0.56, 0.22, 0.07, 0.05, 0.04, 0.06],
    )
    shown = status.astype(object)
    shown[~lasts] = None
    spells["market_status"] = shown
    spells["rent_eur"] = _rent_eur(rng, units.iloc[spells["unit"]])
    advertised = lasts & np.isin(status, ["listed", "under_offer"]) & (rng.random(n) < 0.82)
    spells.loc[~advertised, "rent_eur"] = np.nan
    return spells.rename(columns={"end": "ended"}).drop(columns=["is_first", "is_new"])


def _rent_eur(rng: np.random.Generator, units: pd.DataFrame) -> NDArray[np.float64]:
    area = units["area_m2"].to_numpy()
    per_m2 = (5.0 + 9.0 * np.sqrt(units["busyness"].to_numpy())) * (area / 100.0) ** -0.28
    rent = per_m2 * area * rng.lognormal(0, 0.14, len(units))
    return np.asarray(np.maximum((rent / 25.0).round() * 25.0, 250.0))


def _popups(rng: np.random.Generator, spells: pd.DataFrame, end: int) -> pd.DataFrame:
    """Temporary use inside long spells; one of them goes on today."""
    last = np.where(spells["ended"] == NO_DAY, end, spells["ended"])
    room = last - spells["latest"].to_numpy()
    chosen = np.flatnonzero((room > 240) & (rng.random(len(spells)) < 0.11))
    n = len(chosen)
    begin = spells["latest"].to_numpy()[chosen] + (30 + rng.random(n) * (room[chosen] - 150)).astype(np.int64)
    close = begin + rng.integers(25, 110, n)
    lasting = np.flatnonzero((spells["ended"] == NO_DAY) & (room > 120))
    lasting = np.setdiff1d(lasting, chosen)[:1]
    spell = np.append(chosen, lasting)
    m = len(spell)
    return pd.DataFrame(
        {
            "spell": spells.index[spell],
            "unit": spells["unit"].to_numpy()[spell],
            "from_day": np.append(begin, np.full(len(lasting), end - 24)),
            "to_day": np.append(close, np.full(len(lasting), NO_DAY)),
            "occupant_name": [f"Pop-up {NOUNS[i]}" for i in rng.integers(0, len(NOUNS), m)],
            "branch_code": rng.choice(_POPUP_TRADES, m),
            "is_chain": False,
            "is_anchor": False,
            "is_popup": True,
            "origin": "starter",
            "moved_from": NO_UNIT,
        }
    )
