"""Indicators of every shop unit that score profiles weigh."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import psycopg
from sqlalchemy import text

from api.numbers import known, whole
from api.refresh import indicator_queries
from api.refresh.footfall import Footfall
from api.refresh.ground import Ground
from api.refresh.scores import Scored
from api.score.criteria import FAR_M, INDICATORS, NEAR_M
from gis.parking import occupancy_around, parking_around
from gis.profile import BAD, COMPETITORS, GOOD
from gis.reach import branches_around
from gis.rent import rent_against_core
from gis.scan import Scan

# A1 is the busiest.
PASSAGE = {"A1": 5.0, "A2": 4.0, "B1": 3.0, "B2": 2.0, "C": 1.0}
PARKING_REACH_M = 400.0
# A purchasing power of which less is known is none.
MIN_INCOME_SHARE = 0.5
Sources = dict[str, tuple[str, str]]


def store_unit_indicators(
    ground: Ground,
    run_id: int,
    *,
    scored: Scored,
    footfall: Footfall,
    scan: Scan,
    occupancy: pd.Series,
    sources: Sources,
) -> dict[str, Any]:
    """
    Compute and store what profiles weigh; returns where each indicator comes from, for the run to remember.

    `occupancy` is the mean share taken per parking zone in opening hours. Needs the accessibility of this run.
    """
    table = compute_unit_indicators(
        ground, run_id, scored=scored, footfall=footfall, scan=scan, occupancy=occupancy
    )
    near, far = (
        branches_around(ground.units, ground.between_units, reach_m=reach) for reach in (NEAR_M, FAR_M)
    )
    # A unit that stands off the streets has neighbours that cannot be counted: not none, but unknown.
    nowhere = (ground.at_units.segment < 0).tolist()
    around = [
        [None if is_off else row for row, is_off in zip(_sparse(frame), nowhere, strict=True)]
        for frame in (near, far)
    ]
    _copy(ground, run_id, _told(table, scored), *around)
    every = {**sources, **indicator_queries.more_sources(ground.session, ground.nis_code)}
    return {item.code: _origin([every[name] for name in item.sources]) for item in INDICATORS}


def compute_unit_indicators(
    ground: Ground, run_id: int, *, scored: Scored, footfall: Footfall, scan: Scan, occupancy: pd.Series
) -> pd.DataFrame:
    """Shop units x indicators, all but those that depend on the kind of business; NaN is unknown."""
    units, session = ground.units, ground.session
    facts = indicator_queries.unit_facts(session, ground.nis_code).reindex(units.index)
    values = scored.values.join(indicator_queries.reached(session, run_id))
    values["passage_class"] = footfall.passage.map(PASSAGE).astype(float)
    values["purchasing_power"] = _purchasing_power(ground)
    values = values.join(_parking(ground, occupancy))
    values["vacancy_cluster"] = _in_cluster(scan, units)
    values["frontage_m"] = facts["frontage_m"]
    values["floor_area_m2"] = units["floor_area_m2"].where(units["floor_area_m2"] > 0)
    values["asking_rent_eur_per_month"] = facts["asking_rent_eur_per_month"]
    with_rent = units.assign(asking_rent_eur_per_month=facts["asking_rent_eur_per_month"])
    values["rent_ratio"] = rent_against_core(with_rent)["rent_ratio"]
    level = facts["floor_level"]
    values["is_ground_floor"] = (level == "ground").astype(float).where(level != "unknown")
    values.loc[ground.at_units.segment < 0, ["spaces_200_m", "spaces_400_m", "free_spaces_400_m"]] = np.nan
    return values[[item.code for item in INDICATORS if item.code not in {GOOD, BAD, COMPETITORS}]]


def _purchasing_power(ground: Ground) -> pd.Series:
    """Inhabitants within a walk, each counted as often as the income of the sector is that of the average inhabitant."""
    incomes = indicator_queries.incomes(ground.session, ground.nis_code)
    persons = (
        ground.people.groupby("sector_code")["persons"].sum()
        if len(ground.people)
        else pd.Series(dtype=float)
    )
    of_known = persons.reindex(incomes.index).dropna()
    if persons.sum() <= 0 or of_known.sum() < MIN_INCOME_SHARE * persons.sum():
        return pd.Series(np.nan, index=ground.units.index)
    mean = float(np.average(incomes[of_known.index], weights=of_known))
    return ground.people_within(weights=incomes / mean)


def _parking(ground: Ground, occupancy: pd.Series) -> pd.DataFrame:
    names = ["spaces_200_m", "spaces_400_m", "free_spaces_400_m"]
    if ground.parking.empty:
        return pd.DataFrame(np.nan, index=ground.units.index, columns=names)
    near = ground.distances(ground.at_units, ground.at_parking, limit_m=PARKING_REACH_M)
    around = parking_around(ground.units, near, ground.parking["spaces"], reach_m=PARKING_REACH_M)
    zones = ground.parking.assign(occupancy_share=occupancy.reindex(ground.parking.index).clip(upper=1.0))
    taken = occupancy_around(ground.units, near, zones, reach_m=PARKING_REACH_M)
    return pd.DataFrame(
        {
            "spaces_200_m": around["spaces_near"],
            "spaces_400_m": around["spaces_within_reach"],
            "free_spaces_400_m": around["spaces_within_reach"] * (1.0 - taken),
        }
    )


def _in_cluster(scan: Scan, units: pd.DataFrame) -> pd.Series:
    if scan.reason in {"too_few_units", "too_few_vacant"}:
        return pd.Series(np.nan, index=units.index)
    members = {member for group in scan.clusters["member_ids"] for member in group}
    return pd.Series(units.index.isin(members).astype(float), index=units.index)


def _told(table: pd.DataFrame, scored: Scored) -> list[dict[str, Any]]:
    """Per unit what is known of it; footfall with both ends of its interval."""
    ends = zip(
        scored.lower["footfall"].round(1).tolist(), scored.upper["footfall"].round(1).tolist(), strict=True
    )
    rows = []
    for row, (low, high) in zip(table.round(4).to_dict("records"), ends, strict=True):
        told = {str(code): known(value) for code, value in row.items() if known(value) is not None}
        if "footfall" in told and known(low) is not None and known(high) is not None:
            told["footfall"] = [told["footfall"], low, high]
        rows.append(told)
    return rows


def _copy(ground: Ground, run_id: int, *columns: Sequence[dict[str, Any] | None]) -> None:
    session, nis = ground.session, ground.nis_code
    session.execute(text("DELETE FROM unit_indicators WHERE nis_code = :nis"), {"nis": nis})
    raw = session.connection().connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    with raw.cursor().copy(
        "COPY unit_indicators (nis_code, run_id, shop_unit_id, indicators, near, far) FROM STDIN"
    ) as copy:
        for unit_id, *told in zip(ground.units.index, *columns, strict=True):
            jsons = [None if one is None else json.dumps(one) for one in told]
            copy.write_row((nis, run_id, whole(unit_id), *jsons))


def _sparse(frame: pd.DataFrame) -> list[dict[str, int]]:
    """Per row the columns that are not zero."""
    found: list[dict[str, int]] = [{} for _ in range(len(frame))]
    numbers, names = frame.to_numpy(), list(frame.columns)
    for row, column in zip(*np.nonzero(numbers), strict=True):
        found[row][names[column]] = int(numbers[row, column])
    return found


def _origin(named: list[tuple[str, str]]) -> dict[str, str | None]:
    return {
        "source": ", ".join(name for name, _ in named if name) or None,
        "observed_on": ", ".join(when for _, when in named if when) or None,
    }
