"""The three notions of vacancy side by side on a day, and where they agree or not."""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from api.errors import NotFound
from api.numbers import whole
from api.registers import queries
from api.registers.registers import REGISTERS
from api.registers.service import day_of
from api.vacancy import queries as survey
from api.vacancy.service import state_on
from gis.registers import compare_notions, narrow_to_address

SHOWN_OF_RECORD = (
    "register", "record_key", "dossier_number", "status", "found_on", "entered_on", "objection", "exemption",
    "exemption_until", "is_sure",
)  # fmt: skip


def get_notions(session: Session, nis_code: str, on: date | None) -> dict[str, Any]:
    """Vacant in the survey, on the legal register, in the inventory of business premises: counts and overlaps."""
    day = day_of(session, on)
    units, periods = survey.register(session, nis_code)
    states = state_on(units, periods, day)
    links = _links(session, nis_code, day, states)
    states["legal"] = _surest(links, "legal-vacancy", states)
    states["business"] = _surest(links, "business-premises", states)
    found = compare_notions(states, on=day)
    vacant = int(found["is_vacant"].sum())
    registered = int((states["legal"] == "sure").sum())
    seen = survey.sources(session, nis_code)
    return {
        "on": day,
        "market": {
            "vacant": vacant,
            "counted": vacant + int((states["state"] == "occupied").sum()),
            "source": seen["source"],
            "as_of": seen["surveyed_on"],
        },
        "legal": _register(session, "legal-vacancy", nis_code, day, states["legal"]),
        "business": _register(session, "business-premises", nis_code, day, states["business"]),
        "vacant_registered": {
            "numerator": int(found["is_vacant_registered"].sum()),
            "denominator": vacant,
            "unsure": int((found["is_vacant"] & (states["legal"] == "unsure")).sum()),
            "items": _items(session, states, found["is_vacant_registered"], links),
        },
        "entry_candidates": {
            "numerator": int(found["is_entry_candidate"].sum()),
            "denominator": vacant,
            "unsure": int(found["is_entry_uncertain"].sum()),
            "items": _items(session, states, found["is_entry_candidate"], links, found["is_entry_uncertain"]),
        },
        "removal_candidates": {
            "numerator": int(found["is_removal_candidate"].sum()),
            "denominator": registered,
            "unsure": int((found["is_in_use"] & (states["legal"] == "unsure")).sum()),
            "items": _items(session, states, found["is_removal_candidate"], links),
        },
    }


def of_unit(session: Session, unit_id: int, on: date | None) -> dict[str, Any]:
    """
    Records that lie on the parcel of a shop unit on a day.

    Raises
    ------
    NotFound
        When there is no such unit.
    """
    nis_code = queries.municipality_of_unit(session, unit_id)
    if nis_code is None:
        raise NotFound(
            f"There is no shop unit {unit_id}.", "GET /api/shop-units?municipality=NIS lists them."
        )
    day = day_of(session, on)
    units, periods = survey.register(session, nis_code)
    links = _links(session, nis_code, day, state_on(units, periods, day))
    mine = links[links["shop_unit_id"] == unit_id]
    return {
        "shop_unit_id": unit_id,
        "nis_code": nis_code,
        "on": day,
        "items": [_shown(row) for row in mine.to_dict("records")],
    }


def _links(session: Session, nis_code: str, day: date, states: pd.DataFrame) -> pd.DataFrame:
    """Records of the day with the units of the day that they are about."""
    links = queries.unit_links(session, nis_code, day)
    links = links[links["shop_unit_id"].isin(states.index)].reset_index(drop=True)
    links["record"] = links["register"] + ":" + links["id"].astype(str)
    for name in ("is_same_address", "is_sure"):
        links[name] = links[name].astype(bool)
    return narrow_to_address(links)


def _surest(links: pd.DataFrame, register: str, states: pd.DataFrame) -> pd.Series:
    """Per unit "sure", "unsure" or None."""
    own = links[links["register"] == register].groupby("shop_unit_id")["is_sure"].any()
    words = own.map({True: "sure", False: "unsure"}).astype(object)
    found = words.reindex(states.index).astype(object)
    return found.where(found.notna(), None)


def _register(session: Session, name: str, nis_code: str, day: date, per_unit: pd.Series) -> dict[str, Any]:
    return {
        **queries.counts(session, REGISTERS[name], nis_code, day),
        "units": int((per_unit == "sure").sum()),
        "units_unsure": int((per_unit == "unsure").sum()),
    }


def _items(
    session: Session,
    states: pd.DataFrame,
    wanted: pd.Series,
    links: pd.DataFrame,
    unsure: pd.Series | None = None,
) -> list[dict[str, Any]]:
    """Units of a list with address, start of the vacancy and dossier, the longest vacant first."""
    mine = states[wanted].sort_values(["vacant_start_latest_on", "street"], na_position="last", kind="stable")
    keys = [whole(key) for key in mine.index]
    names = queries.unit_names(session, keys)
    legal = links[links["register"] == "legal-vacancy"]
    dossiers = legal.drop_duplicates("shop_unit_id").set_index("shop_unit_id")["dossier_number"].to_dict()
    doubted = set() if unsure is None else {whole(key) for key in unsure[unsure].index}
    return [
        {
            "shop_unit_id": key,
            "address": names[key]["address"],
            "state": row["state"],
            "vacant_earliest_on": _day(row["vacant_start_earliest_on"]),
            "vacant_latest_on": _day(row["vacant_start_latest_on"]),
            "dossier_number": dossiers.get(key),
            "is_unsure": key in doubted,
        }
        for key, row in zip(keys, mine.to_dict("records"), strict=True)
    ]


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()


def _shown(row: dict[Any, Any]) -> dict[str, Any]:
    return {name: None if pd.isna(row[name]) else row[name] for name in SHOWN_OF_RECORD}
