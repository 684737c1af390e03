"""hystreet and other laser counters with its columns: passages in two directions."""

from __future__ import annotations

import pandas as pd

from api.importers.counts import Checks, zone_of
from api.importers.directed_counts import Counted, long_counts, sensor_reading
from api.importers.mapping import Field, names
from api.importers.opening import open_source
from api.importers.reading import Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.streaming import Recipe, read

COUNTED = (Counted("ped", "pedestrians_count", "ltr_pedestrians_count", "rtl_pedestrians_count"),)
FIELDS = (
    Field("sensor_code", names=names("location_id"), is_required=True),
    Field("start", "raw", names=names("timestamp time_of_measurement"), is_required=True),
    Field("pedestrians_count", "number", names("total"), is_required=False),
    Field("ltr_pedestrians_count", "number", names("ltr")),
    Field("rtl_pedestrians_count", "number", names("rtl")),
)


def read_hystreet(request: Request) -> list[Reading]:
    """Read hystreet counts; the weather columns of the file are left to a weather source."""
    checks = Checks(request)
    minutes = int(float(request.options.get("minutes", "60")))

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = frame.copy()
        frame["minutes"], frame["uptime"], frame["is_utc"] = minutes, float("nan"), False
        notes.say(f"Counts are taken to be per {minutes} minutes; left to right is direction a")
        notes.say(f"Moments without an offset are read by the clock of {zone_of(request).key}")
        return checks.run(long_counts(frame, COUNTED, notes), refusals, notes)

    needs = (("pedestrians_count", "ltr_pedestrians_count"),)
    counts = read(request, Recipe("footfall_count", FIELDS, finish, needs=needs))
    if "lon" not in request.options:
        return [counts]
    known = _first_row(request)
    name = request.options.get("name") or known.get("location_name")
    sensor = sensor_reading(
        request,
        known.get("location_id", request.path.stem),
        name=name,
        instrument="laser",
        measure_kind="passage",
        direction_a=known.get("ltr_label"),
        direction_b=known.get("rtl_label"),
        stores_images=False,
    )
    return [counts] if sensor is None else [sensor, counts]


def _first_row(request: Request) -> dict[str, str]:
    source = open_source(request, Notes())
    wanted = [
        name for name in source.columns if name in ("location_id", "location_name", "ltr_label", "rtl_label")
    ]
    for batch in source.read(wanted):
        if batch.frame.empty:
            continue
        return {name: str(batch.frame[name].iloc[0]) for name in wanted}
    return {}
