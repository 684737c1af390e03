"""OSLO Verkeersmetingen as JSON-LD: sensors with their measuring points, and what was counted there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from api.importers.counts import Checks
from api.importers.crs import Label
from api.importers.keys import with_municipality
from api.importers.mapping import Field
from api.importers.oslo_graph import Graph, local
from api.importers.oslo_terms import COUNT_WORDS, DIRECTION_OF, INSTRUMENT_OF, MODE_OF
from api.importers.reading import Reading, Request, UnreadableSource
from api.importers.refusals import Notes, Refusals
from api.importers.scope import Scope
from api.importers.source import Batch, Source
from api.importers.streaming import Recipe, read

KINDS = ("Verkeersmeting", "Verkeerstelling")
COUNT_FIELDS = (
    Field("sensor_code", is_required=True),
    Field("start", "raw", is_required=True),
    Field("end", "raw", is_required=True),
    Field("mode"),
    Field("direction"),
    Field("value", "raw"),
    Field("feature"),
)
SENSOR_FIELDS = (
    Field("code", is_required=True),
    Field("name"),
    Field("instrument"),
    Field("direction_a"),
    Field("direction_b"),
)


def read_oslo(request: Request) -> list[Reading]:
    """Read counts, and the sensors of which the file says where they stand."""
    graph = Graph(request.path)
    rows = [_measured(graph, each) for each in graph.of_type(*KINDS)]
    if not rows:
        raise UnreadableSource(
            f"{request.path.name} holds no Verkeersmeting", "Give JSON-LD of OSLO Verkeersmetingen"
        )
    sensors = _sensors(rows)
    readings = []
    if sensors:
        points = np.array([row.pop("point") for row in sensors], dtype=object)
        source = _source(sensors, [one.ours for one in SENSOR_FIELDS], points)
        recipe = Recipe(
            "footfall_sensor",
            SENSOR_FIELDS,
            _finish_sensors(request),
            Scope(is_outside_refused=True, margin_m=100.0),
        )
        readings.append(read(request, recipe, source=source))
    recipe = Recipe("footfall_count", COUNT_FIELDS, _finish_counts(request))
    readings.append(read(request, recipe, source=_source(rows, [one.ours for one in COUNT_FIELDS])))
    return readings


def _measured(graph: Graph, each: dict[str, Any]) -> dict[str, Any]:
    """One measurement as a row; what the file leaves open is None."""
    feature = graph.value(each, "geobserveerdkenmerk", "observedproperty")
    point = graph.value(each, "geobserveerdobject", "hasfeatureofinterest", "featureofinterest")
    sensor = graph.value(each, "uitgevoerdmet", "uitgevoerddoor", "madebysensor")
    begin, end = _interval(graph, graph.value(each, "fenomeentijd", "phenomenontime"))
    result = graph.value(each, "resultaat", "hassimpleresult", "result", "verkeerstellingtellingresultaat")
    return {
        "sensor_code": _code(graph, sensor) or _code(graph, point),
        "start": begin,
        "end": end,
        "mode": local(graph.value(feature, "voertuigtype")).lower() or None,
        "direction": local(_direction(graph, point)).lower() or None,
        "value": graph.value(result, "waarde", "value") if isinstance(result, dict) else result,
        "feature": local(graph.value(feature, "type", "kenmerktype")).lower() or None,
        "name": graph.value(sensor, "naam", "label"),
        "instrument": local(graph.value(sensor, "type")).lower() or None,
        "label": graph.value(point, "naam", "label"),
        "point": _point(graph, point),
    }


def _code(graph: Graph, thing: Any) -> str | None:
    if isinstance(thing, str):
        return thing
    told = graph.value(thing, "identificator", "identifier")
    if isinstance(told, dict):
        told = graph.value(told, "identificator", "notation", "identifier")
    return str(told) if told is not None else (thing.get("@id") if isinstance(thing, dict) else None)


def _direction(graph: Graph, point: Any) -> Any:
    """Of the point itself, of the way it samples, or of its place in the network."""
    for thing in (point, graph.value(point, "bemonsterdobject"), graph.value(point, "netwerkreferentie")):
        found = graph.value(thing, "rijrichting", "toepassingsrichting")
        if isinstance(found, dict):
            found = graph.value(found, "rijrichting", "toepassingsrichting")
        if found is not None:
            return found
    return None


def _interval(graph: Graph, moment: Any) -> tuple[Any, Any]:
    inner = graph.value(moment, "fenomeentijd", "phenomenontime")
    moment = inner if isinstance(inner, dict) else moment
    ends = []
    for names in (("begin", "hasbeginning"), ("einde", "hasend")):
        found = graph.value(moment, *names)
        ends.append(
            graph.value(found, "inxsddatetime", "inxsddatetimestamp") if isinstance(found, dict) else found
        )
    return ends[0], ends[1]


def _point(graph: Graph, thing: Any) -> Any:
    """The place of a measuring point, in degrees, from its WKT."""
    text = graph.value(graph.value(thing, "geometrie", "hasgeometry"), "aswkt", "wkt")
    if not isinstance(text, str):
        return None
    try:
        found = shapely.from_wkt(text.rsplit(">", 1)[-1].strip())
    except shapely.errors.ShapelyError:
        return None
    return found if found is not None and found.geom_type == "Point" else None


def _sensors(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row per sensor with a place, with the names of its two directions."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["sensor_code"] is None or row["point"] is None:
            continue
        one = found.setdefault(
            row["sensor_code"],
            {"code": row["sensor_code"], "name": row["name"] or row["sensor_code"], "instrument": row["instrument"],
             "direction_a": None, "direction_b": None, "point": row["point"]},
        )  # fmt: skip
        direction = DIRECTION_OF.get(row["direction"] or "")
        if direction in {"a", "b"} and row["label"]:
            one[f"direction_{direction}"] = row["label"]
    return list(found.values())


def _source(rows: list[dict[str, Any]], columns: list[str], points: Any = None) -> Source:
    index = pd.RangeIndex(1, len(rows) + 1)

    def batches(wanted: Sequence[str]) -> Iterator[Batch]:
        data = {name: [row.get(name) for row in rows] for name in wanted}
        yield Batch(pd.DataFrame(data, index=index, dtype="object"), points, done_share=1.0)

    return Source(columns, batches, None if points is None else Label(CRS.from_epsg(4326), is_stated=True))


def _finish_sensors(request: Request) -> Any:
    def finish(frame: pd.DataFrame, _refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = frame.copy()
        known = frame["instrument"].map(lambda word: INSTRUMENT_OF.get(str(word)))
        notes.count(
            "{n} sensors name no instrument of the standard: read as unknown", int(known.isna().sum())
        )
        frame["instrument"] = known.fillna("unknown")
        frame["measure_kind"] = "passage"
        return with_municipality(frame, request.nis_code, notes)

    return finish


def _finish_counts(request: Request) -> Any:
    checks = Checks(request)

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = frame.copy()
        other = ~frame["feature"].isin(COUNT_WORDS)
        refusals.add_where(
            other,
            frame["feature"],
            column="type",
            reason="This measures no number of passages (aantal).",
            remedy="Nothing to do: speeds are not used here.",
        )
        frame = frame.loc[~other].copy()
        strange = frame["mode"].notna() & ~frame["mode"].isin(MODE_OF)
        refusals.add_where(
            strange,
            frame["mode"],
            column="voertuigType",
            reason="This is no voertuigType of the standard.",
            remedy="Write voetganger, fiets, auto or vrachtwagen, or leave it out for all traffic.",
        )
        frame = frame.loc[~strange].copy()
        frame["mode"] = frame["mode"].map(MODE_OF).fillna("all")
        frame["direction"] = frame["direction"].map(DIRECTION_OF).fillna("both")
        return _timed(frame, checks, refusals, notes)

    return finish


def _timed(frame: pd.DataFrame, checks: Checks, refusals: Refusals, notes: Notes) -> pd.DataFrame:
    """Counts with the minutes between begin and end."""
    begin, end = (
        pd.to_datetime(frame[name], utc=True, errors="coerce", format="ISO8601") for name in ("start", "end")
    )
    minutes = (end - begin).dt.total_seconds() / 60
    bad = ~((minutes >= 5) & (minutes <= 1440) & (minutes % 1 == 0))
    refusals.add_where(
        bad,
        frame["start"].astype("str") + " / " + frame["end"].astype("str"),
        column="fenomeentijd",
        reason="Begin and end are not 5 to 1440 whole minutes apart.",
        remedy="Write both as 2026-03-31T08:00:00Z.",
    )
    frame = frame.loc[~bad].copy()
    frame["minutes"] = minutes[~bad].astype("int64")
    frame["start"], frame["is_utc"], frame["uptime"] = begin[~bad], True, float("nan")
    return checks.run(frame, refusals, notes)
