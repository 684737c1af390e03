"""Spending and visitors of areas as suppliers sell them, with the cells that they or we must hide."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from api.importers.fields import parse_each
from api.importers.keys import with_municipality
from api.importers.mapping import Field, names
from api.importers.reading import Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.statistics import HIDDEN
from api.importers.streaming import Recipe, read, style_of
from api.importers.values import parse_number

KIND = {
    **dict.fromkeys(("spending", "besteding", "bestedingen", "uitgaven", "depenses"), "spending"),
    **dict.fromkeys(("visitors", "bezoekers", "visiteurs", "bezoek"), "visitors"),
}
UNIT = {
    **dict.fromkeys(("eur", "euro", "euros"), "eur"),
    **dict.fromkeys(("index", "indexcijfer", "indice"), "index"),
    **dict.fromkeys(("persons", "personen", "personnes", "bezoekers", "visitors"), "persons"),
    **dict.fromkeys(("transactions", "transacties", "verrichtingen"), "transactions"),
}
FIELDS = (
    Field("nis_code", names=names("nis niscode")),
    Field("kind", "choice", names("soort soort_cijfer type"), choices=KIND, is_strict=True),
    Field("area", names=names("gebied zone area_id kern winkelgebied quartier"), is_required=True),
    Field("from_on", "date", names("van start datum_van debut")),
    Field("until_on", "date", names("tot_en_met tem until laatste_dag jusque")),
    Field("period", names=names("periode maand month mois jaar year annee")),
    Field("origin", names=names("herkomst origine origin_zone woonplaats")),
    Field("branch_group", names=names("branchegroep branche branch secteur")),
    Field("unit", "choice", names("eenheid unite"), choices=UNIT, is_strict=True),
    Field("value", "raw", names=names("waarde bedrag aantal cijfer valeur amount")),
    Field("cards", "integer", names("kaarten cartes n_cards"), lowest=0),
    Field("merchants", "integer", names("handelaars commercants n_merchants"), lowest=0),
    Field(
        "largest_merchant_share",
        "number",
        names(
            "grootste_handelaar aandeel_grootste_handelaar plus_grand_commercant part_plus_grand_commercant"
        ),
        lowest=0,
        highest=100,
    ),
    Field("suppressed", "boolean", names("afgeschermd onderdrukt masque is_suppressed")),
)
# Fewer than this and a person, or a shop, could be recognised.
LEAST_PERSONS, LEAST_CARDS, LEAST_MERCHANTS = 30, 10, 3
# From this share of one merchant on, its turnover could be read from the figure.
LARGEST_MERCHANT_SHARE = 0.6
NEEDS = (("from_on", "period"), ("value",))
_DEFAULT_UNIT = {"spending": "eur", "visitors": "persons"}


def read_area_figures(request: Request) -> list[Reading]:
    """Read figures of areas; a cell that is hidden, or that we must hide, is suppressed and never zero."""

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = with_municipality(frame.copy(), request.nis_code, notes)
        frame = _with_kind(frame, request, refusals, notes)
        frame = _with_period(frame, refusals)
        for name in ("origin", "branch_group"):
            if name not in frame.columns:
                frame[name] = "all"
            frame[name] = frame[name].fillna("all")
        return _with_state(frame, request, refusals, notes)

    return [read(request, Recipe("area_figure", FIELDS, finish, needs=NEEDS))]


def _with_kind(frame: pd.DataFrame, request: Request, refusals: Refusals, notes: Notes) -> pd.DataFrame:
    if "kind" not in frame.columns:
        frame["kind"] = KIND.get(request.options.get("kind", ""))
    missing = frame["kind"].isna()
    refusals.add_where(
        missing,
        frame["kind"],
        column="kind",
        reason="It is not said whether this is spending or visitors.",
        remedy="Add a column kind, or say --option kind=spending or kind=visitors.",
    )
    frame = frame.loc[~missing].copy()
    usual = frame["kind"].map(_DEFAULT_UNIT)
    if "unit" not in frame.columns:
        notes.say("No column for the unit: spending is read as euro, visitors as persons")
        frame["unit"] = usual
    frame["unit"] = frame["unit"].fillna(usual)
    return frame


def _with_period(frame: pd.DataFrame, refusals: Refusals) -> pd.DataFrame:
    """First day, and the day after the last."""
    given = (
        frame["period"] if "period" in frame.columns else pd.Series(None, index=frame.index, dtype="object")
    )
    first = (
        frame["from_on"] if "from_on" in frame.columns else pd.Series(None, index=frame.index, dtype="object")
    )
    until = (
        frame["until_on"]
        if "until_on" in frame.columns
        else pd.Series(None, index=frame.index, dtype="object")
    )
    spans = [
        _span(a, b, c)
        for a, b, c in zip(given.where(given.notna(), None), first.where(first.notna(), None),
                           until.where(until.notna(), None), strict=True)
    ]  # fmt: skip
    bad = pd.Series([span is None for span in spans], index=frame.index)
    refusals.add_where(
        bad,
        given.where(given.notna(), first),
        column="period",
        reason="This is no period.",
        remedy="Write 2026, 2026-Q2, 2026-05, or a first and a last day (from_on and until_on).",
    )
    kept = frame.loc[~bad].copy()
    known = [span for span in spans if span is not None]
    kept["from_on"] = pd.Series([span[0] for span in known], index=kept.index, dtype="object")
    kept["to_on"] = pd.Series([span[1] for span in known], index=kept.index, dtype="object")
    return kept


def _span(period: Any, first: Any, last: Any) -> tuple[date, date] | None:
    """(first day, day after the last) of a year, quarter or month, or of two days."""
    if first is not None and last is not None:
        begin, end = pd.Timestamp(first).date(), pd.Timestamp(last).date() + timedelta(days=1)
        return (begin, end) if begin < end else None
    text = str(period or "").strip()
    if found := re.fullmatch(r"(\d{4})(?:\.0)?", text):
        return date(int(found[1]), 1, 1), date(int(found[1]) + 1, 1, 1)
    if found := re.fullmatch(r"(\d{4})[- ]?[QKT]([1-4])", text, re.IGNORECASE):
        year, month, months = int(found[1]), 3 * int(found[2]) - 2, 3
    elif found := re.fullmatch(r"(\d{4})-(0?[1-9]|1[0-2])", text):
        year, month, months = int(found[1]), int(found[2]), 1
    else:
        return None
    last_month = month + months - 1
    end = date(year, last_month, calendar.monthrange(year, last_month)[1]) + timedelta(days=1)
    return date(year, month, 1), end


def _with_state(frame: pd.DataFrame, request: Request, refusals: Refusals, notes: Notes) -> pd.DataFrame:
    """Known, suppressed or missing; what rests on too few is suppressed here even when the file gives it."""
    given = frame["value"]
    hidden = given.astype("str").str.strip().str.lower().isin(HIDDEN)
    if "suppressed" in frame.columns:
        hidden = hidden | frame["suppressed"].fillna(False).astype(bool)
    blank = given.isna() | (given.astype("str").str.strip() == "")
    parsed, bad = parse_each(
        given.where(~hidden & ~blank), partial(parse_number, decimal=style_of(request).decimal)
    )
    value = pd.to_numeric(parsed, errors="coerce").astype("float64")
    bad = bad | (value < 0)
    refusals.add_where(
        bad,
        given,
        column="value",
        reason="value is not a number from 0.",
        remedy="Write digits; x or C where it is hidden for privacy; nothing where it was not measured.",
    )
    few = value.notna() & (
        ((frame["kind"] == "visitors") & (frame["unit"] == "persons") & (value < LEAST_PERSONS))
        | (_number(frame, "cards") < LEAST_CARDS)
        | (_number(frame, "merchants") < LEAST_MERCHANTS)
    )
    largest = _shares(_number(frame, "largest_merchant_share"))
    dominated = value.notna() & ~few & (frame["kind"] == "spending") & (largest >= LARGEST_MERCHANT_SHARE)
    notes.count(
        f"In {{n}} figures one merchant has {LARGEST_MERCHANT_SHARE:.0%} or more of the spending: they are suppressed and "
        "their value is not kept",
        int(dominated.sum()),
    )
    few = few | dominated
    frame["largest_merchant_share"] = largest.where(~few & ~hidden)
    notes.count(
        f"{{n}} figures rest on fewer than {LEAST_PERSONS} persons, {LEAST_CARDS} cards or {LEAST_MERCHANTS} merchants: "
        "they are suppressed and their value is not kept",
        int(few.sum()),
    )
    frame["value"] = value.where(~few)
    frame["state"] = np.select(
        [(hidden | few).to_numpy(), frame["value"].isna().to_numpy()], ["suppressed", "missing"], "known"
    )
    kept: pd.DataFrame = frame.loc[~bad].copy()
    return kept


def _shares(told: pd.Series[float]) -> pd.Series[float]:
    """Shares of 0-1, also where the file writes per cent."""
    return told / 100 if (told > 1).any() else told


def _number(frame: pd.DataFrame, name: str) -> pd.Series[float]:
    if name not in frame.columns:
        return pd.Series(np.nan, index=frame.index)
    return frame[name].astype("float64")
