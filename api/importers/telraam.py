"""Telraam: counts per segment and hour or quarter, in UTC, already scaled to a full hour of uptime."""

from __future__ import annotations

import pandas as pd

from api.importers.counts import Checks
from api.importers.directed_counts import Counted, long_counts, sensor_reading
from api.importers.mapping import Field, names
from api.importers.opening import open_source
from api.importers.reading import Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.streaming import Recipe, read

COUNTED = (
    Counted("ped", "pedestrian", "pedestrian_lft", "pedestrian_rgt"),
    Counted("bike", "bike", "bike_lft", "bike_rgt"),
    Counted("auto", "car", "car_lft", "car_rgt"),
    Counted("truck", "heavy", "heavy_lft", "heavy_rgt"),
)
_MINUTES = {
    "hourly": 60.0,
    "perhour": 60.0,
    "hour": 60.0,
    "quarterly": 15.0,
    "perquarter": 15.0,
    "daily": 1440.0,
}
FIELDS = (
    Field("sensor_code", names=names("segment_id"), is_required=True),
    Field("instance_id"),
    Field("start", "raw", names=names("date timestamp"), is_required=True),
    Field("interval"),
    Field("uptime", "number", lowest=0, highest=1),
    *(Field(column, "number") for one in COUNTED for column in (one.total, one.a, one.b)),
)


def read_telraam(request: Request) -> list[Reading]:
    """Read a Telraam report (CSV, or the JSON of its API)."""
    checks = Checks(request)

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = _on(frame.copy(), refusals)
        own = frame["sensor_code"] == "-1"
        if own.any() and "instance_id" in frame.columns:
            frame["sensor_code"] = frame["sensor_code"].mask(own, frame["instance_id"])
        kinds = frame["interval"] if "interval" in frame.columns else pd.Series("hourly", index=frame.index)
        folded = kinds.str.replace(r"[^a-z]", "", regex=True)
        frame["minutes"] = folded.map(_MINUTES).fillna(float(request.options.get("minutes", "60")))
        frame["is_utc"] = True
        notes.say("Telraam gives UTC and has scaled its counts to full uptime: nothing is scaled again")
        notes.say("Left is direction a, right is direction b; counts at night without pictures are not used")
        return checks.run(long_counts(frame, COUNTED, notes), refusals, notes)

    counts = read(request, Recipe("footfall_count", FIELDS, finish))
    sensor = sensor_reading(
        request, _first_code(request), instrument="telraam", measure_kind="passage", stores_images=False
    ) if "lon" in request.options else None  # fmt: skip
    return [counts] if sensor is None else [sensor, counts]


def _on(frame: pd.DataFrame, refusals: Refusals) -> pd.DataFrame:
    """Rows in which the counter was on at all."""
    if "uptime" not in frame.columns:
        frame["uptime"] = float("nan")
    off = frame["uptime"] == 0
    refusals.add_where(
        off,
        frame["uptime"],
        column="uptime",
        reason="The counter was off all the time: its zeros are no counts.",
        remedy="Nothing to do.",
    )
    kept: pd.DataFrame = frame.loc[~off]
    return kept


def _first_code(request: Request) -> str:
    source = open_source(request, Notes())
    column = next((name for name in source.columns if name.lower() == "segment_id"), None)
    if column is not None:
        for batch in source.read([column]):
            if len(batch.frame):
                return str(batch.frame[column].iloc[0])
    return request.path.stem
