"""Municipalities, cores and neighbourhoods from any layer of polygons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import shapely

from api.importers.core_types import LEGAL_BASES, area_type_of, name_of_core
from api.importers.keys import nis_of_code, with_municipality
from api.importers.mapping import Field, names
from api.importers.reading import Chunk, Reading, Request
from api.importers.refusals import Notes, Refusals, no_refusals
from api.importers.scope import Scope
from api.importers.streaming import Recipe, read
from api.importers.targets import conform

_NIS = "nis niscode geoitem cd_munty_refnis refnis cd_refnis gemeente nis_code_gemeente municipality_code"
_NAME = "naam gemeentenaam tx_munty_descr_nl nom name gemeente_naam municipality"
MUNICIPALITY = (
    Field("nis_code", names=names(_NIS), is_required=True),
    Field("name_nl", names=names(_NAME), is_required=True),
    Field("name_fr", names=names("tx_munty_descr_fr nom_fr")),
    Field("name_en", names=names("tx_munty_descr_en")),
    Field("postcodes", names=names("postnummers codes_postaux postcode")),
    Field("population", "integer", names=names("inwoners bevolking population_20200101"), lowest=0),
    Field("population_on", "date"),
)
CORE = (
    Field("code", names=names("winkelgebied_id winkelgebi kwg_id winkelgebied geoitem id"), is_required=True),
    Field("name", names=names("winkelge_1 winkelgebied_naam naam nom"), is_required=True),
    Field("nis_code", names=names("nis niscode gemeente")),
    Field("main_type", names=names("winkelge_2 hoofdtype winkelgebied_hoofdtype")),
    Field("area_type", names=names("winkelge_3 winkelgebied_type gebiedstype type")),
    Field("legal_basis", "choice", names("juridische_basis base_legale"), choices=LEGAL_BASES),
    Field("plan_ref", names=names("plan rup plannummer")),
    Field("valid_from", "date", names("geldig_van")),
    Field("valid_to", "date", names("geldig_tot")),
)
NEIGHBOURHOOD = (
    Field("code", names=names("geoitem ggw7 wijkcode wijk_id deelgemeente kern id"), is_required=True),
    Field("name", names=names("naam wijknaam nom ggw7_naam"), is_required=True),
    Field("nis_code", names=names("nis niscode gemeente")),
)


def read_municipalities(request: Request) -> list[Reading]:
    """Read municipality borders; option dissolve joins all rows with the same code into one border."""

    def finish(frame: pd.DataFrame, _refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = frame.copy()
        frame["nis_code"] = frame["nis_code"].map(_padded).astype("str")
        if "postcodes" in frame.columns:
            frame["postcodes"] = frame["postcodes"].map(_words).astype("object")
        return with_municipality(frame, request.nis_code, notes)

    is_dissolved = request.options.get("dissolve", "no").lower() in ("yes", "ja", "oui", "true", "1")
    recipe = Recipe("municipality", MUNICIPALITY, finish, scope=None, has_unique_rows=not is_dissolved)
    reading = read(request, recipe)
    if not is_dissolved:
        return [reading]
    return [Reading(reading.target, reading.assumed, _dissolved(reading, request))]


def _dissolved(reading: Reading, request: Request) -> Iterator[Chunk]:
    """One row per municipality, its border around all of its rows."""
    parts, refused = [], [no_refusals()]
    for chunk in reading.chunks:
        parts.append(chunk.rows)
        refused.append(chunk.refused)
    rows = pd.concat(parts, ignore_index=True)
    first = rows.groupby("nis_code", sort=True).first()
    borders = rows.groupby("nis_code", sort=True)["geometry"].agg(lambda part: shapely.union_all(list(part)))
    frame = first.drop(columns=["row_number", "geometry"]).reset_index()
    frame["geometry"] = [
        one if shapely.get_type_id(one) == 6 else shapely.multipolygons([one]) for one in borders
    ]
    frame.index = pd.Index(first["row_number"], dtype="int64")
    reading.assumed.append(f"{len(rows):,} areas were joined into {len(frame):,} municipality borders")
    yield Chunk(conform(frame, "municipality", srid=request.srid), pd.concat(refused, ignore_index=True), 1.0)


def _padded(code: Any) -> Any:
    return code.zfill(5) if isinstance(code, str) and code.isdigit() else code


def _words(text: Any) -> Any:
    if not isinstance(text, str):
        return None
    return [word for word in text.replace(";", ",").replace(" ", ",").split(",") if word]


def read_cores(request: Request) -> list[Reading]:
    """Read shopping areas; a municipality that is only a name is left open (the place of the area decides)."""

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = frame.copy()
        formal = frame["name"].str.startswith("KWG_").fillna(False).astype(bool)
        frame["code"] = frame["code"].where(~formal, "KWG" + frame["code"])
        frame["name"] = frame["name"].map(name_of_core)
        kinds = frame["area_type"] if "area_type" in frame.columns else pd.Series(None, index=frame.index)
        found = kinds.map(area_type_of, na_action="ignore")
        strange = kinds[found.isna() & kinds.notna()]
        notes.name("Types of area that are not known are read as other: {names}", strange.tolist())
        default = request.options.get("area_type", "other")
        frame["area_type"] = found.mask(found.isna() & formal, "core_shopping_area").fillna(default)
        if "main_type" in frame.columns and "legal_basis" not in frame.columns:
            notes.say("Areas with the types of Locatus get legal basis locatus")
            frame["legal_basis"] = "locatus"
        return _with_nis(frame, request, refusals, notes)

    return [read(request, Recipe("core", CORE, finish, scope=None))]


def read_neighbourhoods(request: Request) -> list[Reading]:
    """Read neighbourhoods; the municipality is read from the first five digits of their code."""

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        return _with_nis(frame.copy(), request, refusals, notes)

    return [read(request, Recipe("neighbourhood", NEIGHBOURHOOD, finish, scope=None))]


def _with_nis(frame: pd.DataFrame, request: Request, refusals: Refusals, notes: Notes) -> pd.DataFrame:
    """Keep a nis_code that is one, else take it from the code, else from the place where a border is known."""
    own = (
        frame["nis_code"] if "nis_code" in frame.columns else pd.Series(None, index=frame.index, dtype="str")
    )
    own = own.where(own.str.fullmatch(r"\d{5}").fillna(False).astype(bool))
    frame["nis_code"] = own.fillna(frame["code"].map(nis_of_code)).astype("str")
    lost = frame["nis_code"].isna()
    if not lost.any():
        return with_municipality(frame, request.nis_code, notes)
    if request.within is None:
        notes.say("Areas without a NIS code: their place on the map decides which municipality they are in")
        return with_municipality(frame, request.nis_code, notes) if not lost.all() else frame
    placed = Scope().keep(frame.loc[lost], request, refusals, notes).assign(nis_code=request.nis_code)
    return with_municipality(pd.concat([frame.loc[~lost], placed]).sort_index(), request.nis_code, notes)
