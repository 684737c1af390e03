"""Weather by the hour: an archive, the hourly layer of the KMI, or a forecast with the moment it was issued."""

from __future__ import annotations

from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.importers.clock import parse_timezone, read_moments
from api.importers.keys import with_municipality
from api.importers.mapping import Field, names
from api.importers.reading import Reading, Request, UnreadableSource
from api.importers.refusals import Notes, Refusals
from api.importers.streaming import Recipe, read, style_of

_AT = "time timestamp date datetime datum datum_tijd tijdstip moment uur hour heure"
_WARMTH = "temperature temperatuur temp temperature_2m temperature_2m_c air_temperature"
FIELDS = (
    Field("nis_code", names=names("nis niscode")),
    Field("station", names=names("code station_id station_code weerstation")),
    Field("hour_at", "raw", names=names(_AT)),
    Field("issued_at", "raw", names=names("issued issue_time uitgegeven uitgegeven_op model_run run_at emis_le")),
    Field("temperature_c", "number", names(_WARMTH), lowest=-60, highest=60),
    Field("precipitation_mm", "number", names("neerslag neerslag_mm precipitation pluie_mm regen_mm"), lowest=0, highest=500),
    Field("wind_speed_kmh", "number", names("wind_kmh windsnelheid_kmh wind_speed_10m_kmh vent_kmh"), lowest=0, highest=400),
    Field("wind_speed_ms", "number", names("wind_ms windsnelheid_ms wind_speed_10m_m_s"), lowest=0, highest=111),
    Field("sunshine_min", "number", names("zon_min zonneschijn_min soleil_min"), lowest=0, highest=60),
    Field("sunshine_s", "number", names("sunshine_duration_s sunshine_duration zon_s"), lowest=0, highest=3600),
    Field("cloud_cover_percent", "number", names("cloud_cover_pct cloud_cover bewolking nebulosite"), lowest=0, highest=100),
    Field("kmi_temperature_c", "number", names("temp_dry_shelter_avg"), lowest=-60, highest=60),
    Field("kmi_precipitation_mm", "number", names("precip_quantity"), lowest=0, highest=500),
    Field("kmi_wind_speed_ms", "number", names("wind_speed_10m"), lowest=0, highest=111),
    Field("kmi_sunshine_min", "number", names("sun_duration"), lowest=0, highest=60),
)  # fmt: skip
VALUES = ("temperature_c", "precipitation_mm", "wind_speed_kmh", "sunshine_min", "cloud_cover_percent")
# What else a file may call them, and what makes ours of it.
OTHERS = {
    "wind_speed_ms": ("wind_speed_kmh", 3.6),
    "sunshine_s": ("sunshine_min", 1 / 60),
    "kmi_temperature_c": ("temperature_c", 1.0),
    "kmi_precipitation_mm": ("precipitation_mm", 1.0),
    "kmi_wind_speed_ms": ("wind_speed_kmh", 3.6),
    "kmi_sunshine_min": ("sunshine_min", 1.0),
}
# No other supplier writes these; what else the KMI writes others write too, in other units.
OF_THE_KMI = {"kmi_temperature_c", "kmi_precipitation_mm"}
# What is meant has no unit elsewhere: the columns it may be.
UNSURE = {
    "kmi_wind_speed_ms": ("wind_speed_kmh", "wind_speed_ms"),
    "kmi_sunshine_min": ("sunshine_min", "sunshine_s"),
}
NEEDS = (("hour_at",), (*VALUES, *OTHERS))
HOUR = pd.Timedelta(hours=1)
_WRITE = "Write 2026-03-31T08:00Z, or 31/03/2026 08:00 with --option timezone=Europe/Brussels."


def read_weather(request: Request) -> list[Reading]:
    """Read weather by the hour.

    Options: `timezone` of moments without an offset (UTC unless said); `issued_at`, the moment a forecast was made,
    where no column says it; `hour_is=end` where the moment ends the hour; `station` in a file with several.

    Raises
    ------
    UnreadableSource
        An option that cannot be.
    """
    hour_is = request.options.get("hour_is")
    if hour_is not in (None, "begin", "end"):
        raise UnreadableSource(f"hour_is={hour_is} is not known", "Use begin or end")
    issued = _issued_option(request)
    chosen: list[str] = [request.options["station"]] if "station" in request.options else []
    shown: Counter[tuple[str, ...]] = Counter()

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = with_municipality(frame.copy(), request.nis_code, notes)
        frame = _of_one_station(frame, chosen, refusals, notes, is_asked="station" in request.options)
        is_kmi = not OF_THE_KMI.isdisjoint(frame.columns)
        if not is_kmi:
            frame = _without_unsure(frame, request)
        is_end = hour_is == "end" or (hour_is is None and is_kmi)
        frame = _valued(frame, notes)
        frame = _issued(frame, request, issued, refusals)
        return _timed(frame, request, refusals, notes, is_end=is_end, shown=shown)

    return [read(request, Recipe("weather_hour", FIELDS, finish, needs=NEEDS))]


def _zone(request: Request) -> ZoneInfo:
    """Whose clock shows moments without an offset: weather comes in UTC, unlike counts."""
    return parse_timezone(request.options.get("timezone", "UTC"))


def _issued_option(request: Request) -> pd.Timestamp | None:
    zone = _zone(request)
    given = request.options.get("issued_at")
    if given is None:
        return None
    moment = read_moments(pd.Series([given], dtype="str"), zone, month_first=style_of(request).month_first)
    if moment.utc.isna().any():
        raise UnreadableSource(f"issued_at={given} is not a moment", "Write it as 2026-11-28T06:00Z")
    return pd.Timestamp(moment.utc.iloc[0])


def _of_one_station(
    frame: pd.DataFrame, chosen: list[str], refusals: Refusals, notes: Notes, *, is_asked: bool
) -> pd.DataFrame:
    """Keep one station: the one asked for, else the first of the file; rows of others are told."""
    if "station" not in frame.columns or frame.empty:
        return frame
    if not chosen:
        chosen += [str(one) for one in frame["station"].dropna().unique()[:1]]
    if not chosen:
        return frame
    other = frame["station"].notna() & (frame["station"] != chosen[0])
    if is_asked:
        notes.count("{n} rows are of other stations and are not imported", int(other.sum()))
    else:
        notes.say(f"The weather is that of station {chosen[0]}")
        refusals.add_where(
            other,
            frame["station"],
            column="station",
            reason=f"The file holds several stations; this row is not of {chosen[0]}, the first one.",
            remedy="Choose the station nearest to the municipality with --option station=CODE.",
        )
    kept: pd.DataFrame = frame.loc[~other].copy()
    return kept


def _without_unsure(frame: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Leave out what has no unit where the file has the same with one; refuse the file where it has not."""
    for theirs, ours in UNSURE.items():
        if theirs not in frame.columns or theirs in request.mapping:
            continue
        if set(ours).isdisjoint(frame.columns):
            name = next(field.names[0] for field in FIELDS if field.ours == theirs)
            raise UnreadableSource(
                f"Column {name} does not say its unit, and the file is not one of the KMI",
                f"Say it with --map {ours[0]}={name} or --map {ours[1]}={name}, or leave it out with --map {theirs}=",
            )
        frame = frame.drop(columns=theirs)
    return frame


def _valued(frame: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Bring every value to our units; a row without any is no row."""
    for theirs, (ours, factor) in OTHERS.items():
        if theirs in frame.columns:
            made = (frame[theirs].astype("float64") * factor).round(3)
            frame[ours] = frame[ours].astype("float64").fillna(made) if ours in frame.columns else made
    known = [name for name in VALUES if name in frame.columns]
    empty = frame[known].isna().all(axis=1)
    notes.count("{n} rows say nothing of the weather and are not imported", int(empty.sum()))
    missing = [name for name in ("temperature_c", "precipitation_mm") if name not in known]
    if missing:
        notes.say(f"The file has no {' and no '.join(missing)}: the forecast of footfall needs both")
    kept: pd.DataFrame = frame.loc[~empty].copy()
    return kept


def _issued(
    frame: pd.DataFrame, request: Request, issued: pd.Timestamp | None, refusals: Refusals
) -> pd.DataFrame:
    """When a forecast was made; a row without it was measured, unless the option says when."""
    if "issued_at" not in frame.columns:
        frame["issued_at"] = pd.Series(issued, index=frame.index, dtype="datetime64[us, UTC]")
        return frame
    given = frame["issued_at"]
    moments = read_moments(given, _zone(request), month_first=style_of(request).month_first)
    bad = moments.is_bad | moments.is_gap
    refusals.add_where(
        bad, given, column="issued_at", reason="This is not a moment at which a forecast was made.", remedy=_WRITE
    )  # fmt: skip
    frame["issued_at"] = moments.utc if issued is None else moments.utc.fillna(issued)
    kept: pd.DataFrame = frame.loc[~bad.to_numpy(dtype=bool)].copy()
    return kept


def _timed(
    frame: pd.DataFrame,
    request: Request,
    refusals: Refusals,
    notes: Notes,
    *,
    is_end: bool,
    shown: Counter[tuple[str, ...]],
) -> pd.DataFrame:
    zone = _zone(request)
    given: pd.Series[Any] = frame["hour_at"]
    moments = read_moments(given, zone, month_first=style_of(request).month_first)
    notes.say(
        f"Moments without an offset are read by the clock of {zone.key}, and are the "
        f"{'end' if is_end else 'begin'} of their hour"
    )
    refusals.add_where(
        moments.is_gap,
        given,
        column="hour_at",
        reason="The clock skipped this hour when summer time began.",
        remedy="Leave the row out, or give moments in UTC.",
    )
    lost = moments.utc.isna() & ~moments.is_gap
    refusals.add_where(lost, given, column="hour_at", reason="This is not a moment.", remedy=_WRITE)
    is_second = _is_second(frame, moments.is_double.to_numpy(dtype=bool), shown)
    start = moments.utc.where(~is_second, moments.second) - (HOUR if is_end else pd.Timedelta(0))
    part = start.notna() & (start != start.dt.floor("h"))
    refusals.add_where(
        part,
        given,
        column="hour_at",
        reason="This is not a whole hour.",
        remedy="Give weather by the hour; of ten minutes, sum the rain and average the rest first.",
    )
    frame["hour_at"] = start
    kept: pd.DataFrame = frame.loc[(start.notna() & ~part).to_numpy(dtype=bool)].copy()
    return kept


def _is_second(
    frame: pd.DataFrame, is_double: NDArray[np.bool_], shown: Counter[tuple[str, ...]]
) -> NDArray[np.bool_]:
    """Of the hour that the clock shows twice, the second row of the same issue is the second hour.

    ``shown`` is carried on from batch to batch: a file is read in pieces, and one may end between the two.
    """
    found = np.zeros(len(frame), dtype=bool)
    for place in np.flatnonzero(is_double):
        key = tuple(str(frame[name].iloc[place]) for name in ("nis_code", "hour_at", "issued_at"))
        found[place] = shown[key] > 0
        shown[key] += 1
    return found
