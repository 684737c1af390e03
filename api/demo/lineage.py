"""Units that are no more: merged, split, demolished or given another use, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from api.demo.plan import TownPlan, dice
from api.demo.trades import PLACES

NO_DAY = -1
"""A day that is not there; days are whole numbers since 1970-01-01."""


@dataclass(frozen=True)
class Lineage:
    """All units, past and present.

    Attributes
    ----------
    units
        The units of `units.shop_units` with local_code, lifecycle, valid_from and valid_to (days; NO_DAY for
        none), those that are no more included.
    relations
        from_unit and to_unit (positions in `units`), kind, day.
    """

    units: pd.DataFrame
    relations: pd.DataFrame


def lineage(
    plan: TownPlan, seed: int, units: pd.DataFrame, houses: pd.DataFrame, *, start: int, end: int
) -> Lineage:
    """Add the units that are no more.

    Parameters
    ----------
    plan
        The town.
    seed
        Seed of the data set.
    units
        The units of today.
    houses
        Addresses of all houses.
    start, end
        First and last day of the history, days since 1970-01-01.
    """
    rng = dice(plan, seed, "lineage")
    today = units.assign(lifecycle="active", valid_from=NO_DAY, valid_to=NO_DAY)
    past: list[pd.DataFrame] = []
    relations: list[tuple[int, int, str, int]] = []

    def retire(rows: pd.DataFrame, lifecycle: str, day: int, heirs: list[int], kind: str) -> None:
        first = len(today) + sum(map(len, past))
        past.append(rows.assign(lifecycle=lifecycle, valid_from=NO_DAY, valid_to=day))
        today.loc[heirs, "valid_from"] = day
        relations.extend((first + i, heir, kind, day) for i in range(len(rows)) for heir in heirs)

    central = today["kind"].isin([0, 1]) & (today["floor_level"] == "ground")
    whole = central & (today["suffix"] == "") & (today["frontage_m"] > 6.5) & (today["decline"] < 0)
    count = max(2, round(0.012 * len(today)))
    chosen = rng.choice(np.flatnonzero(whole), count + 1, replace=False)
    days = rng.integers(start + 500, end - 300, len(chosen))
    for heir, day in zip(chosen[:-1].tolist(), days[:-1].tolist(), strict=True):
        retire(_halves(today.iloc[[heir]]), "merged", day, [heir], "merge")
    replaced = int(chosen[-1])
    retire(today.iloc[[replaced]].copy(), "demolished", int(days[-1]), [replaced], "replace")
    for pair in _pairs(today)[:3]:
        day = int(rng.integers(start + 500, end - 300))
        retire(_joined(today.iloc[pair]), "split", day, pair, "split")
    past.append(_converted(rng, today, houses, start=start, end=end))
    every = pd.concat([today, *past], ignore_index=True)
    every["local_code"] = [f"HP-{i:04d}" for i in range(1, len(every) + 1)]
    return Lineage(every, pd.DataFrame(relations, columns=["from_unit", "to_unit", "kind", "day"]))


def _halves(unit: pd.DataFrame) -> pd.DataFrame:
    left, right = unit.assign(suffix="A"), unit.assign(suffix="B")
    for half, share in ((left, 0.45), (right, 0.55)):
        half["frontage_m"] = (half["frontage_m"] * share).round(1)
        half["area_m2"] = (half["area_m2"] * share).round().clip(lower=12.0)
    return pd.concat([left, right])


def _joined(pair: pd.DataFrame) -> pd.DataFrame:
    whole = pair.iloc[[0]].assign(suffix="")
    for name in ("area_m2", "frontage_m"):
        whole[name] = pair[name].sum()
    for name in ("x_m", "y_m"):
        whole[name] = pair[name].mean()
    return whole


def _pairs(today: pd.DataFrame) -> list[list[int]]:
    shared = today[today["suffix"] != ""]
    return [list(rows) for rows in shared.groupby(["building", "number"]).groups.values() if len(rows) == 2]


def _converted(
    rng: np.random.Generator, today: pd.DataFrame, houses: pd.DataFrame, *, start: int, end: int
) -> pd.DataFrame:
    """Houses that had a shop in them until it became a home, or came down."""
    free = houses[~houses["building"].isin(today["building"]) & (houses["style"].isin(["core", "town"]))]
    appeal = np.log(free["busyness"].to_numpy()) + rng.gumbel(0, 1.0, len(free))
    rows = free.iloc[np.argsort(-appeal, kind="stable")[: round(0.045 * len(today))]]
    n = len(rows)
    gap = rng.uniform(2.1, 4.0, n)
    gone = pd.DataFrame({name: rows[name].to_numpy() for name in ("building", "street", "number", "place")})
    gone["postcode"], gone["village"] = rows["postcode"].to_numpy(), rows["village"].to_numpy()
    gone["x_m"] = rows["x_m"].to_numpy() - rows["in_x"].to_numpy() * gap
    gone["y_m"] = rows["y_m"].to_numpy() - rows["in_y"].to_numpy() * gap
    gone["frontage_m"], gone["busyness"] = rows["front_m"].to_numpy(), rows["busyness"].to_numpy()
    return gone.assign(
        number_end="",
        suffix="",
        box="",
        floor_level="ground",
        kind=PLACES.index("other"),
        decline=-1,
        area_m2=rng.lognormal(4.2, 0.4, n).round(),
        lifecycle=np.where(rng.random(n) < 0.85, "converted", "demolished"),
        valid_from=NO_DAY,
        valid_to=rng.integers(start + 700, end - 100, n),
    )
