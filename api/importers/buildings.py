"""Buildings: GRB Gbg, OpenStreetMap extracts, any polygons."""

from __future__ import annotations

from typing import Any

import pandas as pd

from api.importers.keys import with_keys, with_municipality
from api.importers.mapping import Field, fold, names
from api.importers.osm_tags import building_type, building_use
from api.importers.reading import Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.scope import Scope
from api.importers.streaming import Recipe, read

FIELDS = (
    Field("source_key", names=names("oidn osm_way_id osm_id @id gml_id gebouwid building_id id fid")),
    Field("nis_code", names=names("niscode nis")),
    Field("building_type", names=names("type lbltype gebouwtype")),
    Field("use", names=names("building gebruik functie usage")),
    Field("floors", "integer", names("building:levels levels verdiepingen storeys"), lowest=0, highest=150),
    Field("height_m", "number", names("hoogte height building:height hauteur"), lowest=0, highest=500),
    Field("ended_on", "date", names("einddatum")),
)  # fmt: skip
_TYPES = {
    "1": "main", "hoofdgebouw": "main", "main": "main",
    "2": "annex", "bijgebouw": "annex", "annex": "annex",
    "3": "clipped", "gebouwafgezoomdmetvirtuelegevels": "clipped", "clipped": "clipped",
    "other": "other",
}  # fmt: skip
_USES = {
    "wonen": "residential", "woning": "residential", "residentieel": "residential", "logement": "residential",
    "handel": "commercial", "winkel": "commercial", "commerce": "commercial", "commercieel": "commercial",
    "gemengd": "mixed", "mixte": "mixed",
}  # fmt: skip


def read_buildings(request: Request) -> list[Reading]:
    """Read buildings."""

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        if "ended_on" in frame.columns:
            refusals.add_where(
                frame["ended_on"].notna(),
                frame["ended_on"],
                column="EINDDATUM",
                reason="The building has ended: it is not on today's map.",
                remedy="Nothing to do.",
            )
            frame = frame.loc[frame["ended_on"].isna()].copy()
        tag = frame["use"] if "use" in frame.columns else pd.Series(None, index=frame.index, dtype="str")
        kind = frame["building_type"] if "building_type" in frame.columns else tag
        frame["building_type"] = _each(kind, lambda word: _TYPES.get(fold(word)) or building_type(word))
        frame["building_type"] = frame["building_type"].fillna("main")
        frame["use"] = _each(tag, _use)
        return with_municipality(with_keys(frame, notes, what="building"), request.nis_code, notes)

    return [read(request, Recipe("building", FIELDS, finish, Scope(touches=True)))]


def _use(word: str) -> str | None:
    if word in ("residential", "commercial", "mixed", "other"):
        return word
    return _USES.get(fold(word)) or building_use(word)


def _each(series: pd.Series[Any], reader: Any) -> pd.Series[Any]:
    known = {word: reader(word) for word in series.dropna().unique()}
    return series.map(known).astype("str")
