"""Shop units from a survey, Locatus or any other table: one row per unit, with the state that was seen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from api.importers.branches import NON_RETAIL, VACANT, with_branches
from api.importers.house_numbers import parse_box, parse_house_number, split_address
from api.importers.keys import with_municipality
from api.importers.lookups import read_lookup
from api.importers.mapping import fold
from api.importers.reading import Reading, Request
from api.importers.refusals import CELL_EMPTIED, Notes, Refusals
from api.importers.scope import Scope
from api.importers.shop_fields import FIELDS
from api.importers.streaming import Recipe, read

_PARTS = ("house_number", "house_number_suffix", "house_number_end", "box")


def read_shop_units(request: Request) -> list[Reading]:
    """Read shop units.

    Options: `branch_map` names a table from their branches to ours.
    """
    branch_map = read_lookup(request, "branch_map")

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = frame.copy()
        frame = with_house_numbers(with_addresses(frame), refusals)
        frame = _with_state(with_branches(frame, branch_map, notes), notes)
        frame = _with_dates(frame, refusals, notes)
        frame = with_municipality(_only_codes(frame), request.nis_code, notes)
        frame["lifecycle"] = _column(frame, "lifecycle").fillna("active")
        frame["floor_level"] = _column(frame, "floor_level").fillna("unknown")
        return _with_local_codes(frame, refusals, notes)

    return [
        read(request, Recipe("shop_unit", FIELDS, finish, Scope(is_outside_refused=True, margin_m=100.0)))
    ]


def _column(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    return frame[name] if name in frame.columns else pd.Series(None, index=frame.index, dtype="object")


def with_addresses(frame: pd.DataFrame) -> pd.DataFrame:
    """Street and number out of one address column, where they have no columns of their own."""
    if "address" not in frame.columns:
        return frame
    split = frame["address"].map(lambda text: split_address(text) if isinstance(text, str) else (None, None))
    for place, name in enumerate(("street", "house_number")):
        own = _column(frame, name)
        frame[name] = own.fillna(split.str[place]).astype("str")
    return frame


def with_house_numbers(frame: pd.DataFrame, refusals: Refusals) -> pd.DataFrame:
    """Take "12-14", "12/001" and "12A bus 2" apart; columns that the file fills itself are kept."""
    if "house_number" not in frame.columns:
        return frame
    given = frame["house_number"]
    parsed: dict[Any, Any] = {}
    for text in given.dropna().unique():
        try:
            parsed[text] = parse_house_number(text)
        except ValueError:
            parsed[text] = None
    bad = given.notna() & given.map(parsed).isna()
    refusals.add_where(
        bad,
        given,
        column="house_number",
        reason="This is not understood as a house number. The row is kept with the number as it stands.",
        remedy="Write 12, 12A, 12-14, 12/001 or 12A bus 2.",
    )
    if "box" in frame.columns:
        # An empty column would otherwise turn into numbers, which take no text.
        frame["box"] = frame["box"].map(parse_box, na_action="ignore").astype("object")
    for place, name in enumerate(_PARTS):
        values = given.map({text: one[place] for text, one in parsed.items() if one is not None})
        own = None if name == "house_number" else _column(frame, name)
        frame[name] = values.astype("object") if own is None else own.fillna(values.astype("object"))
    frame["house_number"] = frame["house_number"].fillna(given.where(bad))
    return frame


def _with_state(frame: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Fill status from what the file says most directly."""
    status = _column(frame, "status").astype("object")
    is_vacant = _column(frame, "is_vacant")
    status = status.fillna(is_vacant.map({True: "vacant", False: "occupied"}).astype("object"))
    says = frame["branch_says"].astype("object")
    is_open = status.isna() | (status == "unknown")
    status = status.mask((says == VACANT) & is_open, "vacant")
    status = status.mask((says == NON_RETAIL) & (is_open | (status == "occupied")), NON_RETAIL)
    trades = status.isna() & (frame["branch_code"].notna() | _column(frame, "occupant_name").notna())
    notes.count("{n} rows name a shop and nothing of vacancy: read as occupied", int(trades.sum()))
    frame["status"] = status.mask(trades, "occupied").fillna("unknown")
    # A vacant unit is often named "Vacant"; the name of its last shop would be read as an occupant.
    frame["occupant_name"] = _column(frame, "occupant_name").where(frame["status"] != "vacant")
    return frame


def _with_dates(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
    seen = _column(frame, "seen_on").fillna(_column(frame, "last_seen_on"))
    frame["seen_on"] = seen
    frame["last_seen_on"] = _column(frame, "last_seen_on").fillna(seen)
    if seen.isna().all():
        notes.say(
            "The file does not say when the units were seen: its date stands for it (--vintage, else when it was written)"
        )
    since = _column(frame, "vacant_since")
    is_vacant = frame["status"] == "vacant"
    idle = int((since.notna() & ~is_vacant).sum())
    notes.count("{n} units that are not vacant carry a date of vacancy: it is left out", idle)
    late = pd.Series([_is_after(one, day) for one, day in zip(since, seen, strict=True)], index=frame.index)
    refusals.add_where(
        late & is_vacant,
        since,
        column="vacant_since",
        reason=f"The vacancy begins after the day the unit was seen.{CELL_EMPTIED}",
        remedy="Correct one of the two dates.",
    )
    frame["vacant_since"] = since.where(is_vacant & ~late)
    return frame


def _is_after(one: Any, other: Any) -> bool:
    return isinstance(one, date) and isinstance(other, date) and one > other


def _only_codes(frame: pd.DataFrame) -> pd.DataFrame:
    """A municipality that is a name and no NIS code is a place."""
    if "nis_code" in frame.columns and not frame["nis_code"].dropna().str.fullmatch(r"\d{5}").all():
        frame["place"] = _column(frame, "place").fillna(frame["nis_code"])
        frame = frame.drop(columns="nis_code")
    return frame


def _with_local_codes(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
    """Fill local_code from the address where the file has none."""
    codes = _column(frame, "local_code").astype("object")
    empty = codes.isna()
    if not empty.any():
        return frame
    notes.say("Units without a code get one from their address: street, number and box")
    made = [_code(row) for row in frame.loc[empty].to_dict("records")]
    codes.loc[empty] = made
    frame["local_code"] = codes
    lost = codes.isna()
    refusals.add_where(
        lost,
        _column(frame, "address"),
        column="local_code",
        reason="The row has neither a code nor an address.",
        remedy="Give every unit a code of its own that stays the same.",
    )
    kept: pd.DataFrame = frame.loc[~lost]
    return kept


def _code(row: dict[Any, Any]) -> str | None:
    parts = [row.get(name) for name in ("street", *_PARTS)]
    words = [fold(str(part)) for part in parts if isinstance(part, str) and part]
    return "-".join(words) if words and isinstance(row.get("street"), str) else None
