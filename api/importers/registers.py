"""The legal vacancy register and the inventory of business premises: one row per record, never an owner."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

from api.importers.house_numbers import parse_box, parse_house_number, split_address
from api.importers.keys import with_municipality
from api.importers.mapping import Field, fold, names
from api.importers.reading import Reading, Request, UnreadableSource
from api.importers.refusals import Notes, Refusals
from api.importers.register_fields import EXEMPTION, FIELDS, REMOVED
from api.importers.scope import Scope
from api.importers.streaming import Recipe, read

_WITHOUT_SIGN = re.compile(r"(\d{5}[A-Z_]\d{4})/?(\d{2}[A-Z_]\d{3})")
_KEY = ("dossier_prefix", "dossier_type", "dossier_number", "internal_number")
_EARLIER_FIELDS = (
    Field("capakey", names=names("ref_identifier parcel_id perceelnummer parcelid"), is_required=True),
    Field("nis_code", names=names("niscode nis")),
)
NEVER_OWNERS = "Nothing about an owner is read: name, address, telephone and national number of a person have no column here"


def read_legal_vacancy(request: Request) -> list[Reading]:
    """Read the municipal vacancy register.

    Options: `earlier`, `earlier_layer` and `earlier_crs` name a layer of an earlier cadastre.
    """
    return _read(request, "legal_vacancy_record")


def read_business_premises(request: Request) -> list[Reading]:
    """Read the Flemish inventory of vacant and neglected business premises; options as for the legal register."""
    return _read(request, "business_premises_record")


def _read(request: Request, target: str) -> list[Reading]:
    if request.options.get("complete", "no") not in ("yes", "no"):
        raise UnreadableSource(
            f"complete={request.options['complete']} is neither yes nor no",
            "Write complete=yes when the file is the whole register",
        )

    if request.options.get("complete") == "yes" and request.nis_code is None:
        raise UnreadableSource(
            "complete=yes strikes off what the file lacks, and no municipality is named",
            "Name it with --municipality NIS",
        )

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        notes.say(NEVER_OWNERS)
        frame = with_municipality(frame.copy(), request.nis_code, notes)
        frame["record_key"] = _record_keys(frame)
        frame["capakey"] = _capakeys(_column(frame, "capakey"), notes)
        frame = _with_address(frame)
        frame["is_removed"] = _struck_off(frame, notes)
        frame["objection"] = _objections(frame)
        frame["exemption"] = _exemptions(frame, notes)
        return _in_order(frame, refusals)

    return [*_earlier(request), read(request, Recipe(target, FIELDS, finish))]


def _earlier(request: Request) -> list[Reading]:
    """Parcels of an earlier cadastre, where the request names a layer of one."""
    place = request.options.get("earlier")
    if place is None:
        return []
    path = Path(place).expanduser()
    if not path.exists():
        raise UnreadableSource(
            f"earlier={place} does not exist", "Name the layer of parcels of the earlier cadastre"
        )
    named = {"layer": "earlier_layer", "crs": "earlier_crs"}
    options = {ours: request.options[theirs] for ours, theirs in named.items() if theirs in request.options}

    def finish(frame: pd.DataFrame, _refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = with_municipality(frame.copy(), request.nis_code, notes)
        frame["capakey"] = _capakeys(frame["capakey"], notes)
        return frame

    older = Request(path, request.srid, request.nis_code, {}, request.within, options)
    return [read(older, Recipe("former_parcel", _EARLIER_FIELDS, finish, Scope(touches=True)))]


def _column(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    return frame[name] if name in frame.columns else pd.Series(None, index=frame.index, dtype="object")


def _first(one: pd.Series[Any], other: pd.Series[Any]) -> pd.Series[Any]:
    """The one where it is known, else the other."""
    known = one.astype("object")
    return known.where(known.notna(), other.astype("object"))


def _record_keys(frame: pd.DataFrame) -> pd.Series[Any]:
    parts = [_column(frame, name).astype("object") for name in _KEY]
    keys = [
        "/".join(str(part).strip() for part in row if isinstance(part, str) and part.strip())
        for row in zip(*parts, strict=True)
    ]
    return pd.Series(keys, index=frame.index, dtype="object")


def _capakeys(given: pd.Series[Any], notes: Notes) -> pd.Series[Any]:
    """Keys as the cadastre writes them; one that is written otherwise stays as it stands."""
    texts = given.astype("object")
    known = texts.notna()
    upper = texts[known].map(lambda text: re.sub(r"\s+", "", str(text)).upper())
    found = upper.map(_WITHOUT_SIGN.fullmatch)
    odd = found.map(lambda one: one is None)
    notes.count("{n} parcel keys are not written as a CAPAKEY (24062A0001/00A000)", int(odd.sum()))
    texts.loc[known] = [
        text if one is None else f"{one[1]}/{one[2]}" for text, one in zip(upper, found, strict=True)
    ]
    return texts


def _with_address(frame: pd.DataFrame) -> pd.DataFrame:
    """Street, number and box apart; a number that is not understood stays as it is written."""
    split = _column(frame, "address").map(
        lambda text: split_address(text) if isinstance(text, str) else (None, None)
    )
    street = _first(_column(frame, "street"), split.str[0])
    number = _first(_column(frame, "house_number"), split.str[1])
    parsed = [_number(text) if isinstance(text, str) else (None, None) for text in number]
    box = _column(frame, "box").astype("object").map(parse_box, na_action="ignore")
    frame["street"] = street
    frame["house_number"] = pd.Series([one[0] for one in parsed], index=frame.index, dtype="object")
    frame["box"] = _first(box, pd.Series([one[1] for one in parsed], index=frame.index, dtype="object"))
    return frame


def _number(text: str) -> tuple[str, str | None]:
    try:
        number, suffix, end, box = parse_house_number(text)
    except ValueError:
        return text.strip(), None
    return f"{number}{suffix or ''}{f'-{end}' if end else ''}", box


def _struck_off(frame: pd.DataFrame, notes: Notes) -> pd.Series[Any]:
    said = _column(frame, "status").map(lambda text: isinstance(text, str) and fold(text).startswith(REMOVED))
    removed = said.astype(bool) | _column(frame, "removed_on").notna()
    undated = removed & _column(frame, "removed_on").isna()
    notes.count(
        "{n} records were struck off on a day the file does not give: they count on no day",
        int(undated.sum()),
    )
    return removed


def _objections(frame: pd.DataFrame) -> pd.Series[Any]:
    """What was ruled, else whether there is an objection, else that a day of one is known."""
    said = _first(_column(frame, "ruling"), _column(frame, "objection"))
    return said.mask(said.isna() & _column(frame, "objection_on").notna(), "pending")


def _exemptions(frame: pd.DataFrame, notes: Notes) -> pd.Series[Any]:
    given = _column(frame, "exemption").astype("object")
    known = given.map(lambda text: EXEMPTION.get(fold(text)) if isinstance(text, str) else None)
    no_code = (
        given.notna()
        & known.isna()
        & ~given.map(lambda text: str(text).lower() in ("nee", "neen", "non", "no", "n"))
    )
    notes.count(
        "{n} grounds of exemption have no code here and became other: such words can tell of a person",
        int(no_code.sum()),
    )
    return known.astype("object").mask(no_code, "other")


def _in_order(frame: pd.DataFrame, refusals: Refusals) -> pd.DataFrame:
    """Refuse what left the register before it came on it."""
    removed = pd.to_datetime(_column(frame, "removed_on"))
    entered = pd.to_datetime(_first(_column(frame, "entered_on"), _column(frame, "found_on")))
    wrong = removed < entered
    refusals.add_where(
        wrong,
        _column(frame, "removed_on"),
        column="removed_on",
        reason="The record was struck off before it came on the register.",
        remedy="Correct one of the two dates.",
    )
    kept: pd.DataFrame = frame.loc[~wrong]
    return kept
