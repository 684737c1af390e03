"""Statistical sectors, or any polygons that people are counted in, with or without their counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from api.importers.fields import Style
from api.importers.keys import nis_of_code, with_municipality
from api.importers.mapping import Field, match, names
from api.importers.opening import open_source
from api.importers.reading import Chunk, Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.scope import Scope
from api.importers.statistics import STAT_KEYS, stat_rows
from api.importers.streaming import Recipe, read, style_of
from api.importers.targets import conform

_CODE = "cd_sector geoitem statsec cs01012020 cs01012019 nis9 sector_code sector sa2code code_secteur id"
SECTOR = (
    Field("code", names=names(_CODE), is_required=True),
    Field("name_nl", names=names("tx_sector_descr_nl t_sec_nl statsec_naam naam name nom")),
    Field("name_fr", names=names("tx_sector_descr_fr t_sec_fr")),
    Field("nis_code", names=names("cd_munty_refnis refnis niscode nis gemeente cd_refnis")),
    Field("year", "integer", names=names("jaar annee cd_year"), lowest=1900, highest=2200),
)
STATS = (
    Field("population", names=names("inwoners bevolking aantal_inwoners ms_population habitants erp")),
    Field("households", names=names("huishoudens menages")),
    Field("dwellings", names=names("woningen logements wooneenheden")),
    Field("income_median_eur", names=names("mediaan_inkomen median_income")),
)  # fmt: skip


def read_sectors(request: Request) -> list[Reading]:
    """Read sectors, and their statistics where the layer has columns for them."""
    year = year_of(request)

    def finish(frame: pd.DataFrame, _refusals: Refusals, notes: Notes) -> pd.DataFrame:
        return _finished(frame, year, request, notes)

    recipe = Recipe("stat_sector", (*SECTOR, *STATS), finish, Scope(), needs=needs_year(year))
    first = read(request, recipe)
    return [first, _statistics(request, year)] if _has_statistics(request) else [first]


def _has_statistics(request: Request) -> bool:
    """Whether the file has a column for any statistic."""
    columns = open_source(request, Notes()).columns
    keys = {one.ours for one in STATS}
    asked = {ours: theirs for ours, theirs in request.mapping.items() if ours in keys}
    matched = match(STATS, columns, asked, Notes())
    return bool(matched.columns or matched.constants)


def _finished(frame: pd.DataFrame, year: int | None, request: Request, notes: Notes) -> pd.DataFrame:
    frame = frame.copy()
    frame["year"] = with_year(frame, year)
    own = (
        frame["nis_code"] if "nis_code" in frame.columns else pd.Series(None, index=frame.index, dtype="str")
    )
    own = own.where(own.str.fullmatch(r"\d{5}").fillna(False).astype(bool))
    frame["nis_code"] = own.fillna(frame["code"].map(nis_of_code)).astype("str")
    if frame["nis_code"].isna().all():
        frame = frame.drop(columns="nis_code")
    return with_municipality(frame, request.nis_code, notes)


def _statistics(request: Request, year: int | None) -> Reading:
    """The statistics of the sectors that are kept: one row per sector and key."""
    found: list[pd.DataFrame] = []

    def finish(frame: pd.DataFrame, _refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = _finished(frame, year, request, notes)
        found.append(frame)
        return frame

    recipe = Recipe("stat_sector", (*SECTOR, *STATS), finish, Scope(), needs=needs_year(year))
    inner = read(request, recipe)
    notes = Notes()
    return Reading("sector_stat", notes.sentences, _melted(inner, found, style_of(request), request.srid))


def _melted(inner: Reading, found: list[pd.DataFrame], style: Style, srid: int) -> Iterator[Chunk]:
    for chunk in inner.chunks:
        frame = found.pop()
        frame = frame.loc[frame.index.isin(chunk.rows["row_number"])]
        refusals = Refusals()
        parts = [
            stat_rows(frame, key, frame[key], refusals, style) for key in STAT_KEYS if key in frame.columns
        ]
        rows = pd.concat(parts) if parts else pd.DataFrame()
        yield Chunk(
            conform(rows.sort_index(kind="stable"), "sector_stat", srid=srid),
            refusals.frame(),
            chunk.done_share,
        )


def with_year(frame: pd.DataFrame, year: int | None) -> pd.Series[Any]:
    """The year of each row: its own, else that of the file."""
    own = frame["year"] if "year" in frame.columns else pd.Series(None, index=frame.index, dtype="float64")
    return own.astype("float64").fillna(float(year) if year is not None else float("nan"))


def year_of(request: Request) -> int | None:
    """The year that the user or the file name says, None where a column must."""
    given = request.options.get("year")
    if given is not None:
        return int(float(given))
    if "year" in request.mapping:
        return None
    found = re.findall(r"(?<!\d)((?:19|20)\d{2})(?:0101)?(?!\d)", request.path.name)
    return int(found[-1]) if found else None


def needs_year(year: int | None) -> tuple[tuple[str, ...], ...]:
    """A file of which nobody says the year must have a column for it."""
    return () if year is not None else (("year",),)
