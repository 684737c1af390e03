"""Cadastral parcels: GRB Adp in GeoJSON, GML, shapefile or GeoPackage, the federal plan, any polygons."""

from __future__ import annotations

import pandas as pd

from api.importers.keys import with_municipality
from api.importers.mapping import Field, names
from api.importers.reading import Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.shapes import areas_m2
from api.importers.streaming import Recipe, read

_CAPAKEY = r"\d{5}[A-Z_]\d{4}/\d{2}[A-Z_]\d{3}"
FIELDS = (
    Field("capakey", names=names("ref_identifier parcel_id perceelnummer parcelid"), is_required=True),
    Field("nis_code", names=names("niscode nis")),
    Field("canu"),
    Field("oidn", "integer"),
    Field("uidn", "integer"),
    Field("version", "integer", names("versie")),
    Field("begins_on", "date", names("begindatum")),
    Field("fiscal_on", "date", names("fiscdatum")),
    Field("area_m2", "number", names("oppervl oppervlakte shape_area shape.starea__"), lowest=0),
    Field("ended_on", "date", names("einddatum")),
    Field("change", "integer", names("bewerk")),
)  # fmt: skip


def read_parcels(request: Request) -> list[Reading]:
    """Read parcels; those that have ended are refused by name, so that the map shows today's."""

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = _current(frame, refusals)
        odd = ~frame["capakey"].str.fullmatch(_CAPAKEY).astype(bool)
        notes.count("{n} parcel keys are not written as a CAPAKEY (24062A0001/00A000)", int(odd.sum()))
        frame = with_municipality(frame, request.nis_code, notes)
        return with_areas(frame, notes)

    return [read(request, Recipe("parcel", FIELDS, finish))]


def _current(frame: pd.DataFrame, refusals: Refusals) -> pd.DataFrame:
    ended = pd.Series(False, index=frame.index)
    if "ended_on" in frame.columns:
        ended |= frame["ended_on"].notna()
    if "change" in frame.columns:
        ended |= frame["change"] == 1
    shown = frame["ended_on"] if "ended_on" in frame.columns else frame["capakey"]
    refusals.add_where(
        ended,
        shown,
        column="EINDDATUM",
        reason="The parcel has ended (EINDDATUM or BEWERK = 1): it is not on today's map.",
        remedy="Nothing to do, unless it still is on the map: then import the full file of the municipality.",
    )
    return frame.loc[~ended].copy()


def with_areas(frame: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Fill area_m2 from the outline where the file gives none."""
    measured = areas_m2(frame["geometry"])
    if "area_m2" not in frame.columns:
        notes.say("The file gives no areas: they are measured from the outlines")
        frame["area_m2"] = measured
    else:
        frame["area_m2"] = frame["area_m2"].fillna(measured)
    return frame
