"""Places in a file of which somebody wants to know something: a name where there is one, and where they are."""

from __future__ import annotations

import pandas as pd

from api.importers.mapping import Field, names
from api.importers.reading import Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.streaming import Recipe, read

FIELDS = (
    Field("source_key", names=names("id code uri local_code capakey")),
    Field("name", names=names("naam nom label adres address")),
)


def read_places_asked(request: Request) -> Reading:
    """Read the points of any file; a shape is its middle, and what has neither name nor code is its row number."""

    def finish(frame: pd.DataFrame, _refusals: Refusals, _notes: Notes) -> pd.DataFrame:
        number = "row " + pd.Series(frame.index.astype(str), index=frame.index, dtype="str")
        known = [frame[column] for column in ("name", "source_key") if column in frame.columns]
        name = pd.Series(None, index=frame.index, dtype="str")
        for column in (*known, number):
            name = name.fillna(column)
        return frame.assign(name=name, kind="other", weight=1.0)

    recipe = Recipe("public_place", FIELDS, finish, scope=None, has_unique_rows=False)
    return read(request, recipe)
