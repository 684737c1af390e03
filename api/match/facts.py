"""What shop units have of what is asked: from the register as it is now, and from the last refresh."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from api.db.codes import MATCH_OFFER
from api.match import queries
from api.match.wishes import BY_CODE, FAR_M, OWN
from api.numbers import known
from gis.joining import adjoining, joined_sets
from gis.match import Wish, own_branch_distance
from gis.moves import plain_name

REGISTER = ("floor_area_m2", "frontage_m", "rent_eur_per_month")


@dataclass(frozen=True)
class Offer:
    """Which shop units are looked at: vacant ones always.

    `only` is one unit more, whatever its state.
    """

    is_temporary: bool = True
    is_expected: bool = True
    only: int | None = None


class Facts:
    """The shop units of a municipality, those on offer, and what each has of what is asked.

    Parameters
    ----------
    session
        Where they are read.
    nis_code
        The municipality.
    offer
        Which of them are looked at.
    """

    def __init__(self, session: Session, nis_code: str, offer: Offer) -> None:
        self._session = session
        self.units = queries.units(session, nis_code)
        self.units["offer"] = _offers(self.units)
        kinds = ["vacant"]
        kinds += ["temporary"] if offer.is_temporary else []
        kinds += ["expected"] if offer.is_expected else []
        is_offered = self.units["offer"].isin(kinds)
        if offer.only is not None:
            is_offered |= self.units.index == offer.only
        self.offered = self.units[is_offered]
        self.computed_at = queries.computed_at(session, nis_code)

    @cached_property
    def _told(self) -> dict[int, dict[str, Any]]:
        return queries.indicators(self._session, [int(key) for key in self.offered.index])

    def values(self, profiles: Sequence[dict[str, Any]]) -> tuple[pd.DataFrame, list[list[Wish]]]:
        """Units on offer x what these profiles ask, and the wishes of each over these columns."""
        columns: dict[str, Any] = {name: self.offered[name] for name in REGISTER}
        columns["floor_area_m2"] = columns["floor_area_m2"].where(columns["floor_area_m2"] > 0)
        asked: list[list[Wish]] = []
        for profile in profiles:
            wishes = []
            for wish in profile["content"]["wishes"]:
                name = _column(profile, wish)
                if name not in columns:
                    columns[name] = self._values_of(profile, wish)
                wishes.append(Wish(name, wish["low"], wish["high"], wish["is_hard"]))
            asked.append(wishes)
        return pd.DataFrame(columns, index=self.offered.index).astype(float), asked

    @cached_property
    def sets(self) -> list[tuple[int, ...]]:
        """Units on offer that may be joined: two or three, wall to wall."""
        return joined_sets(self.pairs)

    @cached_property
    def pairs(self) -> list[tuple[int, ...]]:
        """Units on offer that stand wall to wall, two by two."""
        offered = self.offered
        if offered["parcel_id"].dropna().empty:
            return []
        keys = [int(key) for key in offered["parcel_id"].dropna().unique()]
        doors = self.units.assign(
            number=self.units["house_number"].map(_number).astype(float),
            parcel_id=self.units["parcel_id"].astype(object).where(self.units["parcel_id"].notna(), None),
        )
        return adjoining(doors, queries.parcels(self._session, keys), offered=offered.index)

    def _values_of(self, profile: dict[str, Any], wish: dict[str, Any]) -> Any:
        code, units = wish["code"], self.offered
        if BY_CODE[code].indicator:
            return [self._indicator(key, code) for key in units.index]
        if BY_CODE[code].kind == "branches":
            return [self._around(key, wish) for key in units.index]
        if code == OWN:
            return self._own(profile, wish)
        return _registered(units, code)

    def _indicator(self, key: Any, code: str) -> float:
        value = self._told.get(key, {}).get("indicators", {}).get(code)
        value = value[0] if isinstance(value, list) else value
        return np.nan if value is None else float(value)

    def _around(self, key: Any, wish: dict[str, Any]) -> float:
        around = self._told.get(key, {}).get("far" if wish["reach_m"] == FAR_M else "near")
        return np.nan if around is None else float(sum(around.get(code, 0) for code in set(wish["branches"])))

    def _own(self, profile: dict[str, Any], wish: dict[str, Any]) -> Any:
        """Where only the most is asked, a shop without a name anywhere nearer than it leaves the answer open."""
        name = plain_name(profile["prospect_name"])
        trading = self.units[self.units["state"].isin(["occupied", "unknown", "non_retail"])]
        names = trading["occupant_name"].fillna("").map(plain_name)
        own = trading[(names == name) & (name != "")]
        unnamed = trading[(names == "") & (trading["state"] != "non_retail")]
        at, of, doubt = (frame[["x", "y"]].to_numpy(float) for frame in (self.offered, own, unnamed))
        least = wish["low"] if wish["low"] is not None else np.inf
        return own_branch_distance(at, of, doubt, least_m=least)


def vacant_beside(session: Session, nis_code: str, unit_id: int) -> list[dict[str, Any]]:
    """Vacant units wall to wall with a unit, as the near misses of a match are found."""
    facts = Facts(session, nis_code, Offer(is_expected=False, only=unit_id))
    keys = sorted({key for pair in facts.pairs if unit_id in pair for key in pair} - {unit_id})
    beside = facts.units.loc[keys]
    return [
        {"id": key, "address": address, "floor_area_m2": known(area)}
        for key, address, area in zip(keys, beside["address"], beside["floor_area_m2"], strict=True)
    ]


def _registered(units: pd.DataFrame, code: str) -> pd.Series:
    if code == "rent_eur_per_m2_year":
        area = units["floor_area_m2"]
        return 12.0 * units["rent_eur_per_month"] / area.where(area > 0)
    if code == "is_ground_floor":
        level = units["floor_level"]
        return (level == "ground").astype(float).where(level != "unknown")
    if code == "is_in_core":
        return units["core_id"].notna().astype(float)
    return units[code].map({True: 1.0, False: 0.0}).astype(float)


def _column(profile: dict[str, Any], wish: dict[str, Any]) -> str:
    code: str = wish["code"]
    if BY_CODE[code].kind == "branches":
        return f"{code} {wish['reach_m']} {' '.join(sorted(set(wish['branches'])))}"
    if code == OWN:
        return f"{code} {wish['low']} {plain_name(profile['prospect_name'])}"
    return code


def _offers(units: pd.DataFrame) -> pd.Series:
    vacant, temporary, expected = MATCH_OFFER
    is_vacant = units["state"] == "vacant"
    is_temporary = is_vacant & (units["is_in_use"].astype(bool) | (units["market_status"] == "temporary_use"))
    is_expected = ~is_vacant & units["is_expected"].fillna(False).astype(bool)
    chosen = np.select([is_temporary, is_vacant, is_expected], [temporary, vacant, expected], "")
    return pd.Series(chosen, index=units.index).where(lambda each: each != "", None)


def _number(text: Any) -> float:
    found = re.match(r"\d{1,6}", text) if isinstance(text, str) else None
    return float(found[0]) if found else np.nan
