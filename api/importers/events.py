"""Events, actions and measures from a list: when, where, what they cost, how often they come back."""

from __future__ import annotations

import hashlib
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from api.importers.clock import read_moments
from api.importers.counts import zone_of
from api.importers.keys import with_municipality
from api.importers.mapping import Field, fold, names
from api.importers.reading import Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.streaming import Recipe, read, style_of

KIND = {
    **dict.fromkeys(("market", "markt", "weekmarkt", "jaarmarkt", "marche", "rommelmarkt"), "market"),
    **dict.fromkeys(("fair", "kermis", "foor", "kermesse", "foire"), "fair"),
    **dict.fromkeys(("braderie", "braderij", "brocante"), "braderie"),
    **dict.fromkeys(("festival", "feest", "feesten", "concert", "fete"), "festival"),
    **dict.fromkeys(("salessunday", "koopzondag", "dimanchecommercial", "shoppingsunday"), "sales_sunday"),
    **dict.fromkeys(("sport", "koers", "wedstrijd", "course"), "sport"),
    **dict.fromkeys(("procession", "processie", "stoet", "cortege", "optocht"), "procession"),
    **dict.fromkeys(("action", "actie", "handelsactie", "promotie", "campagne", "actioncommerciale"), "action"),
    **dict.fromkeys(("seasonal", "seizoen", "kerstmarkt", "saison", "ijspiste"), "seasonal"),
    **dict.fromkeys(("works", "werken", "wegenwerken", "travaux"), "works"),
    **dict.fromkeys(("streetclosure", "afsluiting", "autovrij", "autoluw", "fermeture", "pietonnisation"), "street_closure"),
    **dict.fromkeys(("parkingmeasure", "parkeermaatregel", "parkeren", "stationnement"), "parking_measure"),
    **dict.fromkeys(("other", "andere", "autre"), "other"),
}  # fmt: skip
_START = "start begin van startdatum begindatum start_date debut date_debut datum date starts"
_END = "end einde tot einddatum end_date fin date_fin ends"
FIELDS = (
    Field("code", names=names("id code gipodid event_id uid @id")),
    Field("nis_code", names=names("nis niscode")),
    Field("name", names=names("naam nom titel title description omschrijving"), is_required=True),
    Field("kind", names=names("soort type categorie category")),
    Field("starts", "raw", names=names(_START), is_required=True),
    Field("ends", "raw", names=names(_END)),
    Field("recurring_rule", names=names("recurring_rule rrule herhaling recurrence regel")),
    Field("cost_net_eur", "number", names=names("cost_net kost kostprijs nettokost cost cout budget"), lowest=0, highest=1e9),
    Field("organiser", names=names("organisator organisateur owner inrichter organizer")),
    Field("streets", names=names("straten straat street rues rue")),
    Field("reach_m", "integer", names=names("reikwijdte straal radius rayon"), lowest=10, highest=5000),
    Field("note", names=names("opmerking nota remarque toelichting")),
    Field("at_lon", "number", names=names("lon lng longitude long lengtegraad")),
    Field("at_lat", "number", names=names("lat latitude breedtegraad")),
    Field("area", names=names("area gebied wkt zone geometry")),
)  # fmt: skip
MEASURES = ("works", "street_closure", "parking_measure")
# Further than this outside its border nothing is an event of the municipality.
MARGIN_M = 2000.0


def read_events(request: Request) -> list[Reading]:
    """Read events from a table; the place may be missing, an end too.

    Options: `timezone`, whose clock shows moments without an offset.
    """
    zone_of(request)

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = _with_kinds(frame.copy(), notes)
        frame = _with_moments(frame, request, refusals, notes)
        frame = _with_places(frame, request, refusals)
        frame["streets"] = _column(frame, "streets").map(_listed)
        frame["recurring_rule"] = _column(frame, "recurring_rule").map(_rule)
        return with_municipality(_with_codes(frame, notes), request.nis_code, notes)

    return [read(request, Recipe("event", FIELDS, finish, scope=None))]


def _column(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    column = frame[name] if name in frame.columns else pd.Series(None, index=frame.index, dtype="object")
    column = column.astype("object")
    return column.where(column.notna(), None)


def _listed(text: str | None) -> list[str] | None:
    parts = [part.strip() for part in (text or "").replace("|", ",").split(",")]
    return [part for part in parts if part] or None


def _rule(text: str | None) -> str | None:
    """A rule that makes no sense is kept as it is written: the register shows it, and the event counts once."""
    return None if text is None else text.strip().upper().removeprefix("RRULE:")


def _with_kinds(frame: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    given = _column(frame, "kind")
    kinds = given.map(lambda word: None if word is None else KIND.get(fold(word)))
    strange = given[given.notna() & kinds.isna()]
    notes.name("Kinds of event that are not known are read as other: {names}", strange.tolist())
    frame["kind"] = kinds.where(kinds.notna(), "other")
    return frame


def _with_moments(frame: pd.DataFrame, request: Request, refusals: Refusals, notes: Notes) -> pd.DataFrame:
    zone, month_first = zone_of(request), style_of(request).month_first
    starts = read_moments(frame["starts"], zone, month_first=month_first)
    ends = read_moments(_column(frame, "ends"), zone, month_first=month_first)
    frame["starts_at"], frame["ends_at"] = starts.utc, ends.utc
    # A last day without a time means the whole of that day.
    is_day = _column(frame, "ends").map(
        lambda text: text is not None and ":" not in str(text) and "h" not in str(text).lower()
    )
    local = frame["ends_at"].dt.tz_convert(zone)
    is_midnight = is_day & local.notna() & (local.dt.hour == 0)
    frame.loc[is_midnight, "ends_at"] = _midnight(frame.loc[is_midnight, "ends_at"], zone)
    notes.count("{n} ends are days without a time: read as the end of that day", int(is_midnight.sum()))
    # Only a measure goes on; a feast without an end is over at midnight.
    is_feast = frame["ends_at"].isna() & ~ends.is_bad & ~frame["kind"].isin(MEASURES) & starts.utc.notna()
    frame.loc[is_feast, "ends_at"] = _midnight(frame.loc[is_feast, "starts_at"], zone)
    notes.count("{n} events without an end: read as over at midnight", int(is_feast.sum()))
    _refuse(
        frame,
        starts.is_bad | starts.utc.isna(),
        refusals,
        column="starts",
        reason="The begin is no moment.",
        remedy="Write it as 2026-06-20 10:00.",
    )
    _refuse(
        frame,
        ends.is_bad,
        refusals,
        column="ends",
        reason="The end is no moment.",
        remedy="Write it as 2026-06-21 18:00, or leave it empty.",
    )
    is_early = frame["ends_at"].notna() & (frame["ends_at"] <= frame["starts_at"])
    _refuse(
        frame,
        is_early,
        refusals,
        column="ends",
        reason="It ends before it begins.",
        remedy="Correct one of the two.",
    )
    is_wrong = starts.is_bad | starts.utc.isna() | ends.is_bad | is_early
    return frame.loc[~is_wrong].copy()


def _midnight(moments: pd.Series[Any], zone: ZoneInfo) -> pd.Series[Any]:
    """The end of the local day of each moment, UTC."""
    days = moments.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize() + pd.Timedelta(days=1)
    local: pd.Series[Any] = days.dt.tz_localize(zone, nonexistent="shift_forward", ambiguous=True)
    ends: pd.Series[Any] = local.dt.tz_convert("UTC")
    return ends


def _refuse(
    frame: pd.DataFrame, is_wrong: Any, refusals: Refusals, *, column: str, reason: str, remedy: str
) -> None:
    rows = frame.index[np.asarray(is_wrong, dtype=bool)]
    if len(rows):
        told = frame.loc[rows, column].astype("str") if column in frame.columns else pd.Series("", index=rows)
        refusals.add(rows, told, column=column, reason=reason, remedy=remedy)


def _with_places(frame: pd.DataFrame, request: Request, refusals: Refusals) -> pd.DataFrame:
    """Points and areas in degrees, brought to the deployment's coordinates; no place is allowed."""
    to_metres = Transformer.from_crs(4326, request.srid, always_xy=True).transform
    lon, lat = (pd.to_numeric(_column(frame, name)).to_numpy(float) for name in ("at_lon", "at_lat"))
    points = np.full(len(frame), None, dtype=object)
    x, y = to_metres(lon, lat)
    # What is no place on earth has no place in metres.
    has_point = np.isfinite(x) & np.isfinite(y)
    points[has_point] = shapely.points(np.column_stack((x[has_point], y[has_point])))
    is_far = np.isfinite(lon) & np.isfinite(lat) & ~has_point
    areas, is_bad = np.full(len(frame), None, dtype=object), np.zeros(len(frame), dtype=bool)
    for i, text in enumerate(_column(frame, "area")):
        if text is None:
            continue
        shape = shapely.from_wkt(text, on_invalid="ignore")
        if shape is None or shapely.get_dimensions(shape) != 2 or not shapely.is_valid(shape):
            is_bad[i] = True
            continue
        metric = shapely.transform(shape, lambda xy: np.column_stack(to_metres(xy[:, 0], xy[:, 1])))
        if not np.isfinite(metric.bounds).all():
            is_bad[i] = True
            continue
        areas[i] = metric if metric.geom_type == "MultiPolygon" else shapely.MultiPolygon([metric])
        points[i] = shapely.point_on_surface(metric) if points[i] is None else points[i]
    frame["geom"], frame["area_geom"] = points, areas
    if request.within is not None:
        is_there = np.array([one is not None for one in points], dtype=bool)
        # Degrees given the wrong way round land here too.
        is_far[is_there] |= ~(shapely.distance(request.within, points[is_there]) <= MARGIN_M)
    remedy = "Give longitude and latitude in degrees, or an area as WKT in degrees."
    _refuse(frame, is_bad, refusals, column="area", reason="The area is no valid polygon.", remedy=remedy)
    _refuse(
        frame,
        is_far,
        refusals,
        column="at_lat",
        reason="The place lies outside the municipality.",
        remedy=remedy,
    )
    kept: pd.DataFrame = frame.loc[~(is_bad | is_far)].copy()
    return kept


def _with_codes(frame: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Without a key of its own an event is its name and its first day."""
    codes = _column(frame, "code")
    if codes.isna().any():
        notes.say("Events without a key are known by their name and begin: another begin is another event")
        made = [
            hashlib.sha1(f"{fold(str(name))}/{at.isoformat()}".encode(), usedforsecurity=False).hexdigest()[
                :16
            ]
            for name, at in zip(frame["name"], frame["starts_at"], strict=True)
        ]
        codes = codes.where(codes.notna(), pd.Series(made, index=frame.index))
    frame["code"] = codes.astype("str")
    return frame
