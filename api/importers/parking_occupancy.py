"""How many spaces were taken: parking surveys, live feeds of garages, tables of shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from api.importers.clock import read_moments
from api.importers.counts import dates_and_hours, zone_of
from api.importers.lookups import read_lookup
from api.importers.mapping import Field, names
from api.importers.reading import Reading, Request, UnreadableSource
from api.importers.refusals import Notes, Refusals
from api.importers.streaming import Recipe, read, style_of
from api.importers.values import parse_number

_CODE = "section_id sectie_id zone_id parking_id segment_id parkeerzone garage parking zone name naam code id"
_AT = "observed_at lastupdate last_update tijdstip timestamp datetime datum_tijd rounded_hour hour_start start_local"
_SHARE = "occupancy_rate occupation bezettingsgraad bezetting_pct occupancy taux_occupation share"
FIELDS = (
    Field("zone_code", names=names(_CODE), is_required=True),
    Field("observed_utc", "raw", names=names("utc timestamp_utc")),
    Field("observed_local", "raw", names=names(_AT)),
    Field("date", names=names("datum jour dag")),
    Field("time_from", "clock", names("van uur_van heure_de time tijd uur start")),
    Field("time_to", "clock", names("tot uur_tot heure_a end")),
    Field("minutes", "integer", names("duur_min interval_min"), lowest=0, highest=1440),
    Field(
        "capacity", "number", names("capaciteit totalcapacity total_capacity plaatsen total capacite spaces")
    ),
    Field("occupied", "number", names("bezet ingenomen occupied_spaces aantal_voertuigen voertuigen occupe")),
    Field(
        "available", "number", names("availablecapacity available_capacity vrij vrije_plaatsen free libres")
    ),
    Field("occupancy_share", "number", names(_SHARE)),
)
_TAKEN = ("occupied", "available", "occupancy_share")


def read_parking_occupancy(request: Request) -> list[Reading]:
    """Read occupancy of parking zones.

    Options: `capacity_map`, a CSV from zone to number of spaces; `capacity_is=log1p` for a column that holds the
    logarithm of one more than the number; `timezone`, `minutes`, `max_share`.
    """
    lookup = read_lookup(request, "capacity_map")
    form = request.options.get("capacity_is", "number")
    if form not in ("number", "log1p"):
        raise UnreadableSource(f"capacity_is={form} is not known", "Use number or log1p")
    is_percent: list[bool] = []

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = frame.copy()
        if lookup is not None:
            frame["capacity"] = frame["zone_code"].map(lambda code: _spaces(lookup.get(code)))
        elif form == "log1p" and "capacity" in frame.columns:
            notes.say("Capacity is read as exp(value) - 1")
            frame["capacity"] = np.expm1(frame["capacity"].astype("float64"))
        frame["capacity"] = _number(frame, "capacity").round()
        frame = _with_occupied(frame, is_percent, notes)
        return _with_moments(_checked(frame, request, refusals, notes), request, refusals, notes)

    needs = (("observed_utc", "observed_local", "date"), _TAKEN)
    return [read(request, Recipe("parking_observation", FIELDS, finish, needs=needs))]


def _spaces(text: str | None) -> float:
    try:
        return parse_number(text) if text is not None else float("nan")
    except ValueError:
        return float("nan")


def _number(frame: pd.DataFrame, name: str) -> pd.Series[float]:
    if name not in frame.columns:
        return pd.Series(np.nan, index=frame.index)
    return frame[name].astype("float64")


def _with_occupied(frame: pd.DataFrame, is_percent: list[bool], notes: Notes) -> pd.DataFrame:
    """Spaces taken: as counted, else capacity less what is free, else share of the capacity."""
    capacity, share = _number(frame, "capacity"), _number(frame, "occupancy_share")
    if not is_percent and share.notna().any():
        # Decided once for the file, so that a quiet day in percent is not read as shares.
        is_percent.append(bool(share.max() > 1.5))
        notes.say(
            f"Occupancy is read as {'percent (0-100)' if is_percent[0] else 'a share (0-1)'} of the capacity"
        )
    if is_percent and is_percent[0]:
        share = share / 100
    frame["occupied"] = (
        _number(frame, "occupied")
        .fillna(capacity - _number(frame, "available"))
        .fillna((share * capacity).round(3))
    )
    return frame


def _checked(frame: pd.DataFrame, request: Request, refusals: Refusals, notes: Notes) -> pd.DataFrame:
    capacity, occupied = frame["capacity"], frame["occupied"]
    max_share = float(request.options.get("max_share", "1"))
    given = _number(frame, "occupancy_share").notna() & occupied.isna()
    refusals.add_where(
        given,
        frame["zone_code"],
        column="capacity",
        reason="A share says nothing without the number of spaces.",
        remedy="Map a column to capacity, or give --option capacity_map=FILE.csv.",
    )
    missing = occupied.isna() & ~given
    notes.count("{n} empty observations are no rows: unknown is not zero", int(missing.sum()))
    refusals.add_where(
        occupied < 0,
        occupied,
        column="occupied",
        reason="Fewer than no spaces cannot be taken.",
        remedy="Check occupied, free and capacity.",
    )
    over = occupied > capacity * max_share + 1e-6
    refusals.add_where(
        over,
        occupied,
        column="occupied",
        reason="More spaces are taken than there are.",
        remedy="Correct it; where cars do park beside the spaces, allow it with --option max_share=1.3.",
    )
    kept: pd.DataFrame = frame.loc[occupied.notna() & (occupied >= 0) & ~over].copy()
    return kept


def _with_moments(frame: pd.DataFrame, request: Request, refusals: Refusals, notes: Notes) -> pd.DataFrame:
    zone = zone_of(request)
    if "observed_utc" in frame.columns:
        given: pd.Series[Any] = frame["observed_utc"]
        zone = zone_of(Request(request.path, options={"timezone": "UTC"}))
    elif "observed_local" in frame.columns:
        given = frame["observed_local"]
    else:
        given = dates_and_hours(frame["date"], _clock(frame))
    if "observed_utc" not in frame.columns:
        notes.say(f"Moments without an offset are read by the clock of {zone.key}")
    moments = read_moments(given, zone, month_first=style_of(request).month_first)
    refusals.add_where(
        moments.utc.isna(),
        given,
        column="observed_at",
        reason="This is not a moment, or one that the clock skipped when summer time began.",
        remedy="Write 2026-03-31T08:00, or 31/03/2026 08:00.",
    )
    frame["observed_at"] = moments.utc
    frame["minutes"] = _minutes(frame, request)
    kept: pd.DataFrame = frame.loc[moments.utc.notna()]
    return kept


def _clock(frame: pd.DataFrame) -> pd.Series[Any] | None:
    if "time_from" not in frame.columns:
        return None
    return frame["time_from"].map(lambda m: f"{int(m) // 60:02d}:{int(m) % 60:02d}", na_action="ignore")


def _minutes(frame: pd.DataFrame, request: Request) -> pd.Series[float]:
    """Length of the band; 0 for a look at one moment."""
    own = _number(frame, "minutes")
    if "time_from" in frame.columns and "time_to" in frame.columns:
        own = own.fillna(_number(frame, "time_to") - _number(frame, "time_from"))
    return own.where(own >= 0).fillna(float(request.options.get("minutes", "0")))
