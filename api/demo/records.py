"""Frames of the shop units and their history, with the columns that the store knows."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.demo.lineage import NO_DAY
from api.demo.plan import dice
from api.demo.tenancy import NO_UNIT
from api.demo.town import Town

Ints = NDArray[np.int64]

COUNTED_OTHERWISE = date(2020, 1, 1)
_FITOUT = ("ready", "refresh", "renovate", "shell")


def dates(days: Ints) -> NDArray[np.object_]:
    """Turn days since 1970-01-01 into dates, NO_DAY into None, shape (n,)."""
    out: NDArray[np.object_] = np.asarray(days, dtype="datetime64[D]").astype(object)
    out[np.asarray(days) == NO_DAY] = None
    return out


def shop_unit_frame(town: Town) -> pd.DataFrame:
    """Give the shop units, past and present.

    Parameters
    ----------
    town
        The town.
    """
    units = town.lineage.units
    rng = dice(town.plan, town.seed, "unit records")
    n = len(units)
    seen = dates(_last_seen(rng, town, units))
    area = units["area_m2"].to_numpy(float)
    measured = rng.random(n) >= town.plan.floor_area_unknown_share
    return pd.DataFrame(
        {
            "nis_code": town.plan.nis_code,
            "local_code": units["local_code"].to_numpy(),
            "name": None,
            "street": units["street"].to_numpy(),
            "house_number": units["number"].astype(str).to_numpy(),
            "house_number_suffix": _or_none(units["suffix"]),
            "house_number_end": _or_none(units["number_end"]),
            "box": _or_none(units["box"]),
            "postcode": units["postcode"].to_numpy(),
            "place": units["place"].to_numpy(),
            "floor_area_m2": np.where(measured, area, np.nan),
            "gross_area_m2": np.where(measured, (area * rng.uniform(1.2, 1.6, n)).round(), np.nan),
            "frontage_m": units["frontage_m"].to_numpy(float).round(1),
            "floor_level": units["floor_level"].to_numpy(),
            "lifecycle": units["lifecycle"].to_numpy(),
            "fitout_state": _fitout(rng, town, n),
            "is_storefront": (units["floor_level"] == "ground").to_numpy() & (rng.random(n) > 0.03),
            "is_terrace_possible": _said(town, "terraces", n, share=0.4),
            "is_horeca_permitted": _said(town, "permits for food and drink", n, share=0.35),
            "last_seen_on": seen,
            "seen_on": seen,
            "valid_from": dates(units["valid_from"].to_numpy()),
            "valid_to": dates(units["valid_to"].to_numpy()),
            "note": None,
            "geometry": shapely.points(units[["x_m", "y_m"]].to_numpy().round(2)),
        }
    )


def _said(town: Town, about: str, count: int, *, share: float) -> NDArray[np.object_]:
    """Yes, no, or in three units of ten nobody knows; own dice, so that nothing else of the town changes."""
    rng = dice(town.plan, town.seed, about)
    said: NDArray[np.object_] = (rng.random(count) < share).astype(object)
    said[rng.random(count) < 0.3] = None
    return said


def _or_none(text: pd.Series) -> NDArray[np.object_]:
    filled: NDArray[np.object_] = text.astype(object).to_numpy(copy=True)
    filled[filled == ""] = None
    return filled


def _last_seen(rng: np.random.Generator, town: Town, units: pd.DataFrame) -> Ints:
    """The last survey round, which takes some days; a few units were passed over, once or twice."""
    rounds = town.history.rounds
    missed = (rng.random(len(units)) < 0.04) & (len(rounds) > 1)
    day = np.where(missed, rounds[-2 if len(rounds) > 1 else -1], rounds[-1]) + rng.integers(0, 9, len(units))
    # A few more were passed over twice; own dice, so that nothing else of the town changes.
    twice = dice(town.plan, town.seed, "passed over twice").random(len(units)) < 0.03
    day = np.where(twice & (len(rounds) > 2), rounds[-3 if len(rounds) > 2 else -1], day)
    gone = units["valid_to"].to_numpy()
    latest = np.where(gone == NO_DAY, town.last_day, gone)
    seen: Ints = np.minimum(day, latest)
    return seen


def _fitout(rng: np.random.Generator, town: Town, count: int) -> NDArray[np.object_]:
    spells = town.tenancy.spells
    empty = spells.loc[spells["ended"] == NO_DAY]
    years = (town.last_day - empty["latest"].to_numpy()) / 365.25
    worn = np.clip(0.15 + 0.18 * years, 0, 0.75)
    draw = rng.random(len(empty))
    state = np.select([draw < 0.04, draw < worn, draw < worn + 0.35], [3, 2, 1], 0)
    out = np.full(count, None, dtype=object)
    out[empty["unit"].to_numpy()] = np.array(_FITOUT, dtype=object)[state]
    return out


def occupancy_frame(town: Town) -> pd.DataFrame:
    """Give the occupancies."""
    rows = town.tenancy.occupancies
    return pd.DataFrame(
        {
            "nis_code": town.plan.nis_code,
            "local_code": _codes(town, rows["unit"]),
            "from_on": dates(rows["from_day"].to_numpy(np.int64)),
            "to_on": dates(rows["to_day"].to_numpy(np.int64)),
            "occupant_name": rows["occupant_name"].to_numpy(),
            "branch_code": rows["branch_code"].to_numpy(),
            "is_chain": rows["is_chain"].to_numpy(bool),
            "is_popup": rows["is_popup"].to_numpy(bool),
            "is_anchor": rows["is_anchor"].to_numpy(bool),
            "origin": rows["origin"].to_numpy(),
            "moved_from_local_code": _left(town, rows["moved_from"]),
        }
    )


def _left(town: Town, unit: pd.Series) -> NDArray[np.object_]:
    """Codes of the units that were left, None where nobody knows of one."""
    codes = _codes(town, unit.clip(lower=0))
    codes[unit.to_numpy() == NO_UNIT] = None
    return codes


def vacancy_spell_frame(town: Town) -> pd.DataFrame:
    """Give the vacancy spells."""
    rows = town.tenancy.spells
    return pd.DataFrame(
        {
            "nis_code": town.plan.nis_code,
            "local_code": _codes(town, rows["unit"]),
            "start_earliest_on": dates(rows["earliest"].to_numpy(np.int64)),
            "start_latest_on": dates(rows["latest"].to_numpy(np.int64)),
            "start_basis": rows["start_basis"].to_numpy(),
            "ended_on": dates(rows["ended"].to_numpy(np.int64)),
            "end_reason": rows["end_reason"].to_numpy(),
            "cause": rows["cause"].to_numpy(),
            "market_status": rows["market_status"].to_numpy(),
            "asking_rent_eur_per_month": rows["rent_eur"].to_numpy(float),
            "last_branch_code": rows["last_branch_code"].to_numpy(),
        }
    )


def relation_frame(town: Town) -> pd.DataFrame:
    """Give the splits, merges and replacements."""
    rows = town.lineage.relations
    return pd.DataFrame(
        {
            "nis_code": town.plan.nis_code,
            "from_local_code": _codes(town, rows["from_unit"]),
            "to_local_code": _codes(town, rows["to_unit"]),
            "kind": rows["kind"].to_numpy(),
            "happened_on": dates(rows["day"].to_numpy(np.int64)),
        }
    )


def _codes(town: Town, unit: pd.Series) -> NDArray[np.object_]:
    codes: NDArray[np.object_] = town.lineage.units["local_code"].to_numpy(object)[unit.to_numpy()]
    return codes


def municipality_frame(town: Town) -> pd.DataFrame:
    """Give the municipality."""
    plan = town.plan
    return pd.DataFrame(
        {
            "nis_code": [plan.nis_code],
            "name_nl": [plan.name_nl],
            "name_fr": [plan.name_fr],
            "name_en": [plan.name_en],
            "postcodes": [list(plan.postcodes)],
            "population": [plan.population],
            "population_on": pd.Series([plan.population_on], dtype=object),
            "market_weekdays": [list(plan.market_weekdays)],
            "is_demo": [True],
            "geometry": [town.border.polygon],
        }
    )


def building_frame(town: Town) -> pd.DataFrame:
    """Give the buildings; those with a shop unit in them are commercial or mixed."""
    rows = town.buildings.buildings
    units = town.lineage.units
    shops = units.loc[units["lifecycle"] == "active", "building"].unique()
    use = rows["use"].to_numpy(object, copy=True)
    use[shops] = np.where(rows["floors"].to_numpy()[shops] > 1, "mixed", "commercial")
    return pd.DataFrame(
        {
            "nis_code": town.plan.nis_code,
            "source_key": [f"{town.plan.nis_code}-g{i:05d}" for i in range(1, len(rows) + 1)],
            "building_type": rows["building_type"].to_numpy(),
            "use": use,
            "floors": rows["floors"].to_numpy(np.int64),
            "height_m": rows["height_m"].to_numpy(float),
            "geometry": rows["geometry"].to_numpy(),
        }
    )


def street_frame(town: Town) -> pd.DataFrame:
    """Give the streets."""
    rows = town.network.segments
    access = [f"is_{mode}_{way}" for mode in ("walk", "bicycle", "car") for way in ("forward", "backward")]
    named = rows["name"].to_numpy(object, copy=True)
    named[named == ""] = None
    return pd.DataFrame(
        {
            "nis_code": town.plan.nis_code,
            "source_key": [f"{town.plan.nis_code}-s{i:05d}" for i in range(1, len(rows) + 1)],
            "name": named,
            "street_class": rows["street_class"].to_numpy(),
            **{name: rows[name].to_numpy(bool) for name in access},
            "car_speed_kmh": rows["car_speed_kmh"].to_numpy(float),
            "code_scheme": "demo",
            "code_version": "1",
            "code": rows["kind"].to_numpy(),
            "is_private": rows["is_private"].to_numpy(bool),
            "geometry": rows["geometry"].to_numpy(),
        }
    )


def years_allowed(years: int, until: date) -> None:
    """Refuse a history that is too short to tell.

    Raises
    ------
    ValueError
        Fewer than 3 years, or more than there are.
    """
    if not 3 <= years < until.year - 1970:
        raise ValueError(f"The demo can tell 3 to {until.year - 1971} years of history, not {years}.")


def series_break_frame(town: Town) -> pd.DataFrame:
    """Give the day on which the survey began to count otherwise, where the history reaches back that far."""
    order = town.order
    is_within = order.until.year - order.years < COUNTED_OTHERWISE.year < order.until.year
    rows = {
        "nis_code": town.plan.nis_code,
        "breaks_on": COUNTED_OTHERWISE,
        "kind": "definition",
        "reason": "Sinds 2020 wordt ook de winkelvloer van horeca en diensten opgemeten",
        "source": "Verzonnen handleiding bij de demodata",
    }
    return pd.DataFrame([rows] if is_within else [], columns=list(rows))
