"""People counted by hand: at a point, for some minutes, with the factor that makes more of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from api.importers.count_fields import MODE
from api.importers.counts import Checks, with_start
from api.importers.keys import with_municipality
from api.importers.mapping import Field, names
from api.importers.reading import Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.scope import Scope
from api.importers.streaming import Recipe, read

EXPANDS_TO = {
    **dict.fromkeys(("hour", "uur", "heure", "perhour", "peruur"), "hour"),
    **dict.fromkeys(("day", "dag", "jour", "perday", "perdag"), "day"),
    **dict.fromkeys(("week", "semaine", "perweek"), "week"),
}
FIELDS = (
    Field("code", names=names("telpunt_id telpunt punt point counting_point location_id id"), is_required=True),
    Field("nis_code", names=names("nis niscode")),
    Field("name", names=names("naam omschrijving straat street location_name nom")),
    Field("start_utc", "raw", names=names("start_at utc timestamp_utc")),
    Field("start_local", "raw", names=names("start timestamp tijdstip datum_tijd datetime begin starttijd van")),
    Field("date", names=names("datum jour day dag")),
    Field("hour", names=names("uur heure time time_from tijd")),
    Field(
        "minutes", "integer", names("getelde_minuten minuten duur_min duration_min counted_minutes"),
        is_required=True, lowest=1, highest=1440,
    ),
    Field("mode", "choice", names("vervoerswijze modus type"), choices=MODE, is_strict=True),
    Field("value", names=names("geteld count aantal telling counted passages passanten nombre")),
    Field("factor", "number", names("ophoogfactor ophoging weegfactor facteur"), lowest=1e-9),
    Field("expanded", "number", names("opgehoogd totaal total geschat estimated"), lowest=0),
    Field("expands_to", "choice", names("opgehoogd_tot per ophoging_tot periode"), choices=EXPANDS_TO, is_strict=True),
)  # fmt: skip
NEEDS = (("start_utc", "start_local", "date"), ("value",))


def read_manual_counts(request: Request) -> list[Reading]:
    """Read counts by hand; the counted minutes and the factor are kept, nothing is expanded twice."""
    checks = Checks(request)
    told = request.options.get("expands_to")

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = with_municipality(frame.copy(), request.nis_code, notes)
        frame["sensor_code"], frame["direction"] = frame["code"], "both"
        if "mode" not in frame.columns:
            notes.say("Counts are taken to be of people on foot")
            frame["mode"] = "ped"
        frame["mode"] = frame["mode"].fillna("ped")
        frame = checks.run(with_start(frame, request, notes), refusals, notes)
        if "expands_to" not in frame.columns:
            frame["expands_to"] = told
        return _with_factor(frame, refusals, notes)

    scope = Scope(is_outside_refused=True, margin_m=100.0)
    return [read(request, Recipe("manual_count", FIELDS, finish, scope, needs=NEEDS))]


def _with_factor(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
    """The factor as it is given, or as the expanded value implies it; both must agree."""
    factor, expanded = _numbers(frame, "factor"), _numbers(frame, "expanded")
    value = frame["value"].astype("float64")
    implied = (expanded / value).where(value > 0)
    off = (factor * value - expanded).abs() > 0.02 * expanded + 1
    refusals.add_where(
        off,
        expanded,
        column="expanded",
        reason="The expanded value is not the count times the factor.",
        remedy="Correct one of the three, or leave the expanded value out.",
    )
    only_implied = factor.isna() & implied.notna()
    notes.count("{n} factors follow from the expanded value", int(only_implied.sum()))
    lost = factor.isna() & implied.isna() & (expanded > 0)
    refusals.add_where(
        lost,
        expanded,
        column="expanded",
        reason="An expanded value of a count of nobody says nothing of the factor.",
        remedy="Give the factor itself, or leave the expanded value out.",
    )
    frame["factor"] = factor.fillna(implied)
    blank = frame["factor"].notna() & frame["expands_to"].isna() & ~off & ~lost
    notes.count(
        "{n} counts have a factor but do not say of what (hour, day or week): say it with --option expands_to=day",
        int(blank.sum()),
    )
    kept: pd.DataFrame = frame.loc[~off & ~lost].copy()
    return kept


def _numbers(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    if name not in frame.columns:
        return pd.Series(np.nan, index=frame.index)
    return frame[name].astype("float64")
