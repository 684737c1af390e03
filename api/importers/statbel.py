"""Statbel's text files per statistical sector: population and income."""

from __future__ import annotations

import pandas as pd

from api.importers.keys import nis_of_code
from api.importers.mapping import Field, names
from api.importers.reading import Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.sectors import needs_year, with_year, year_of
from api.importers.statistics import stat_rows
from api.importers.streaming import Recipe, read, style_of

_NOT_LOCATED = r"ZZZZ"
POPULATION = (
    Field("code", names=names("cd_sector sector_code nis9"), is_required=True),
    Field("year", "integer", names("cd_year jaar"), lowest=1900, highest=2200),
    # The published column sheet says MS_POPULATION, the file says TOTAL.
    Field("number", names=names("total ms_population totaal"), is_required=False),
)
INCOME = (
    Field("code", names=names("cd_refnis_sector cd_sector sector_code"), is_required=True),
    Field("year", "integer", names("cd_year jaar"), lowest=1900, highest=2200),
    Field("number", names=names("ms_median_net_taxable_inc mediaan")),
)


def read_statbel_population(request: Request) -> list[Reading]:
    """Read OPENDATA_SECTOREN_{year}.txt (or its zip)."""
    return [_read(request, POPULATION, "population", year_of(request))]


def read_statbel_income(request: Request) -> list[Reading]:
    """Read TF_PSNL_INC_TAX_SECTOR.txt: the median net taxable income per sector; C is a hidden number."""
    year = year_of(request) if "year" in request.options else None
    return [_read(request, INCOME, "income_median_eur", year)]


def _read(request: Request, fields: tuple[Field, ...], key: str, year: int | None) -> Reading:
    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = _of_municipality(frame, request.nis_code, notes)
        lost = frame["code"].str.contains(_NOT_LOCATED).fillna(False).astype(bool)
        refusals.add_where(
            lost,
            frame["code"],
            column="CD_SECTOR",
            reason="These people are in the municipality, but their sector is not known.",
            remedy="Nothing to do: they cannot be drawn, and totals per catchment are without them.",
        )
        frame = frame.loc[~lost].copy()
        frame["year"] = with_year(frame, year)
        rows = stat_rows(frame, key, frame["number"], refusals, style_of(request))
        notes.count(
            "{n} values are not published (suppressed): unknown, not zero", int(rows["is_suppressed"].sum())
        )
        return rows

    recipe = Recipe("sector_stat", fields, finish, needs=(("number",), *needs_year(year)))
    return read(request, recipe)


def _of_municipality(frame: pd.DataFrame, nis_code: str | None, notes: Notes) -> pd.DataFrame:
    """Sectors of the municipality asked for: their code begins with its NIS code."""
    if nis_code is None:
        return frame
    other = frame["code"].map(nis_of_code) != nis_code
    notes.count("{n} rows belong to other municipalities and are not imported", int(other.sum()))
    kept: pd.DataFrame = frame.loc[~other]
    return kept
