"""Shops out of OpenStreetMap as GeoJSON (overpass-turbo): hints for the map and the survey, never for a rate."""

from __future__ import annotations

from typing import Any

import pandas as pd

from api.importers.keys import with_keys, with_municipality
from api.importers.mapping import Field, names
from api.importers.osm_things import HINT_TAGS, place_hint
from api.importers.reading import Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.streaming import Recipe, read

_COLUMNS = ("kind", "name", "brand", "tags", "checked_on")
FIELDS = (
    Field("source_key", names=names("@id osm_id id")),
    *(Field(f"tag:{tag}", names=(tag,)) for tag in sorted(HINT_TAGS)),
)


def read_osm_shops(request: Request) -> list[Reading]:
    """Read the features that are a shop, a restaurant or another place with customers."""

    def finish(frame: pd.DataFrame, _refusals: Refusals, notes: Notes) -> pd.DataFrame:
        hints = [place_hint(_tags(row), None) for row in frame.to_dict("records")]
        is_hint = [one is not None for one in hints]
        notes.count("{n} features are no place with customers and are left out", is_hint.count(False))
        frame = frame.loc[is_hint].copy()
        kept = [one for one in hints if one is not None]
        for column in _COLUMNS:
            values: list[Any] = [one[column] for one in kept]
            frame[column] = pd.Series(values, index=frame.index, dtype="object")
        if "source_key" in frame.columns:
            frame["source_key"] = "osm/" + frame["source_key"].str.removeprefix("osm/")
        return with_municipality(with_keys(frame, notes, what="shop"), request.nis_code, notes)

    return [read(request, Recipe("place_hint", FIELDS, finish))]


def _tags(row: dict[Any, Any]) -> dict[str, str]:
    found = {
        str(name).removeprefix("tag:"): value for name, value in row.items() if str(name).startswith("tag:")
    }
    return {name: value for name, value in found.items() if isinstance(value, str)}
