"""The demo as frames per town and target."""

from __future__ import annotations

from datetime import date

import pandas as pd

from api.demo import readings

UNTIL = date(2026, 11, 24)
SEED = 20261124

Demo = dict[str, dict[str, pd.DataFrame]]


def collect(**asked: object) -> Demo:
    """Read the demo; what is not asked for is as in the tests' own data set."""
    towns: Demo = {}
    nis_code = ""
    for reading in readings(**{"srid": 31370, "seed": SEED, "until": UNTIL, **asked}):  # type: ignore[arg-type]
        frame = pd.concat([chunk.rows for chunk in reading.chunks], ignore_index=True)
        if reading.target == "municipality":
            nis_code = frame["nis_code"].iloc[0]
        towns.setdefault(nis_code, {})[reading.target] = frame
    return towns


def vacant_today(town: dict[str, pd.DataFrame]) -> pd.Series:
    """Say of each active unit whether a spell of it goes on."""
    units = town["shop_unit"]
    units = units[units["lifecycle"] == "active"]
    spells = town["vacancy_spell"]
    return units["local_code"].isin(spells.loc[spells["ended_on"].isna(), "local_code"])
