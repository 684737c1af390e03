"""Stations, schools, town halls: places that people go to whatever the shops are."""

from __future__ import annotations

import pandas as pd

from api.importers.keys import with_keys, with_municipality
from api.importers.mapping import Field, fold, names
from api.importers.reading import Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.scope import Scope
from api.importers.streaming import Recipe, read

KINDS = {
    **dict.fromkeys(("station", "gare", "treinstation", "trainstation"), "station"),
    **dict.fromkeys(("stop", "halte", "bushalte", "busstop", "arret", "tramhalte"), "stop"),
    **dict.fromkeys(("school", "ecole", "onderwijs"), "school"),
    **dict.fromkeys(("hospital", "ziekenhuis", "hopital"), "hospital"),
    **dict.fromkeys(("townhall", "stadhuis", "gemeentehuis", "mairie", "hoteldeville"), "town_hall"),
    **dict.fromkeys(("library", "bibliotheek", "bibliotheque"), "library"),
}
FIELDS = (
    Field("source_key", names=names("@id osm_id uri code id")),
    Field("nis_code", names=names("nis niscode")),
    Field("kind", names=names("soort type amenity"), is_required=True),
    Field("name", names=names("naam nom")),
    Field("weight", "number", names("gewicht poids average_weekday_embarkments"), lowest=0),
)


def read_public_places(request: Request) -> list[Reading]:
    """Read public places; a kind that we do not know is `other`."""

    def finish(frame: pd.DataFrame, _refusals: Refusals, notes: Notes) -> pd.DataFrame:
        frame = frame.copy()
        kinds = frame["kind"].map(lambda word: KINDS.get(fold(word)))
        strange = frame["kind"][kinds.isna()]
        notes.name("Kinds of place that are not known are read as other: {names}", strange.tolist())
        frame["kind"] = kinds.fillna("other")
        if "weight" not in frame.columns:
            frame["weight"] = 1.0
        frame["weight"] = frame["weight"].fillna(1.0)
        return with_municipality(with_keys(frame, notes, what="place"), request.nis_code, notes)

    return [read(request, Recipe("public_place", FIELDS, finish, Scope(margin_m=1000.0)))]
