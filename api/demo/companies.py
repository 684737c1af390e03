"""Establishments as a company register would list them: most agree with the survey, a few do not.

Numbers cannot be real: they begin with 9, and their last two digits do not follow from the others.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from api.demo.lineage import NO_DAY
from api.demo.plan import dice
from api.demo.records import dates, shop_unit_frame
from api.demo.town import Town
from api.importers.branches import branch_list

NACE = {
    "daily": "47240", "fashion_luxury": "47710", "leisure_goods": "47610", "home_garden": "47550",
    "retail_other": "47790", "hospitality": "56111", "leisure_culture": "93130", "services": "96210",
    "transport_fuel": "47300", "non_retail": "69200",
}  # fmt: skip
REGISTERED_SHARE = 0.72
LEGAL_SHARE = 0.6
# How many units of each kind contradict the survey.
NEW_IN_VACANT, NEVER_STRUCK_OFF, ENDED, OTHER_BRANCH = 3, 3, 2, 3
_NAMES = ("Atelier Linde", "Bar Noord", "Eethuis Vlas", "Huis Zon", "Koffie Zuid", "Tafel Zeven")
_COLUMNS = (
    "street", "house_number", "house_number_suffix", "house_number_end", "box", "postcode", "local_code",
)  # fmt: skip


def company_frame(town: Town) -> pd.DataFrame:
    """Give the establishments.

    Parameters
    ----------
    town
        The town.
    """
    rng = dice(town.plan, town.seed, "companies")
    units = shop_unit_frame(town)
    known = units[(units["lifecycle"] == "active") & (units["floor_level"] == "ground")]
    known = known[known["last_seen_on"].notna()]
    rows = town.tenancy.occupancies
    trading = rows[(rows["to_day"] == NO_DAY) & ~rows["is_popup"]].drop_duplicates("unit").set_index("unit")
    trading = trading[trading.index.isin(known.index)]
    spells = town.tenancy.spells
    vacant = spells[(spells["ended"] == NO_DAY) & spells["unit"].isin(known.index)].drop_duplicates("unit")
    made = _agreeing(rng, known, trading)
    made += _in_vacant(rng, known, vacant, town.order.until)
    frame = pd.DataFrame(made)
    frame["establishment_number"] = [_number(town.number, 2 * i) for i in range(len(frame))]
    frame["enterprise_number"] = [_number(town.number, 2 * i + 1) for i in range(len(frame))]
    frame["name"] = frame["name"].where(~frame["is_natural_person"].to_numpy(bool), None)
    frame["nis_code"], frame["nace_version"], frame["gone_on"] = town.plan.nis_code, "2025", None
    frame["snapshot_on"] = pd.Series([town.order.until] * len(frame), dtype=object)
    return frame.drop(columns="local_code")


def _agreeing(rng: np.random.Generator, known: pd.DataFrame, trading: pd.DataFrame) -> list[dict[str, Any]]:
    """Shops that the survey knows; the last few ended or trade in something else, says the register."""
    groups = branch_list()
    registered = trading[rng.random(len(trading)) < REGISTERED_SHARE]
    is_shop = (registered["branch_code"].map(groups) != "non_retail").to_numpy(bool)
    shops = registered.index.to_numpy(np.int64)[is_shop]
    odd = rng.permutation(shops)[: ENDED + OTHER_BRANCH].tolist()
    first_days = dates(registered["from_day"].to_numpy(np.int64))
    made = []
    numbers = registered.index.to_numpy(np.int64).tolist()
    for unit, (_, shop), begun in zip(numbers, registered.iterrows(), first_days, strict=True):
        place: Any = known.loc[unit]
        group = groups.get(str(shop["branch_code"]), "services")
        ended = None
        if unit in odd[:ENDED]:
            ended = place["last_seen_on"] + timedelta(days=int(rng.integers(5, 40)))
        elif unit in odd[ENDED:]:
            group = "hospitality" if group != "hospitality" else "services"
        is_legal = bool(shop["is_chain"]) or rng.random() < LEGAL_SHARE
        made.append(_row(place, shop["occupant_name"], group, begun, is_legal=is_legal, ended=ended))
    return made


def _in_vacant(
    rng: np.random.Generator, known: pd.DataFrame, vacant: pd.DataFrame, until: date
) -> list[dict[str, Any]]:
    """Companies at vacant units: some began after the last visit, some were never struck off."""
    chosen = vacant.iloc[rng.permutation(len(vacant))[: NEW_IN_VACANT + NEVER_STRUCK_OFF]]
    names = [str(name) for name in rng.permutation(_NAMES)]
    made = []
    for place_in_row, (_, spell) in enumerate(chosen.iterrows()):
        place = known.loc[spell["unit"]]
        if place_in_row < NEW_IN_VACANT:
            begun = min(place["last_seen_on"] + timedelta(days=int(rng.integers(10, 60))), until)
            made.append(_row(place, names[place_in_row], "hospitality", begun, is_legal=True, ended=None))
        else:
            begun = date(2009, 1, 1) + timedelta(days=int(rng.integers(0, 1500)))
            made.append(_row(place, None, "fashion_luxury", begun, is_legal=False, ended=None))
    return made


def _row(
    place: Any, name: str | None, group: str, begun: date, *, is_legal: bool, ended: date | None
) -> dict[str, Any]:
    return {
        **{column: place[column] for column in _COLUMNS},
        "name": name,
        "nace_code": NACE[group],
        "nace_codes": [NACE[group]],
        "started_on": begun,
        "struck_off_on": ended,
        "is_natural_person": not is_legal,
    }


def _number(town: int, serial: int) -> str:
    """Ten digits that no register gives: they begin with 9 and break its rule of 97."""
    eight = f"9{town:03d}{serial // 10:04d}"
    check = (97 - int(eight) % 97 + 1 + serial % 10) % 100
    return f"{eight}{check:02d}"
