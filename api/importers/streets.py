"""Streets from any layer of lines: class, direction and access after OpenStreetMap's words, by mapping."""

from __future__ import annotations

import ast
import re
from typing import Any

import pandas as pd

from api.importers.keys import with_keys, with_municipality
from api.importers.lookups import Lookup, read_lookup
from api.importers.mapping import Field, names
from api.importers.osm_tags import Access, access_of, class_of
from api.importers.reading import Reading, Request
from api.importers.refusals import Notes, Refusals
from api.importers.scope import Scope
from api.importers.streaming import Recipe, read

# Streets just outside the border carry people to shops inside it.
STREET_SCOPE = Scope(margin_m=1000.0, touches=True)
FIELDS = (
    Field("source_key", names=names("edge_id segment_id osm_id way_id id gid fid oidn")),
    Field("name", names=names("straatnaam straat street street_name lstrnm nom_rue rue")),
    Field("street_class", names=names("highway fclass wegklasse road_class class klasse type")),
    Field("access", names=names("toegang")),
    Field("foot"),
    Field("bicycle"),
    Field("motor_vehicle"),
    Field("oneway", names=names("eenrichting sens_unique")),
    Field("oneway:bicycle", names=names("oneway_bicycle")),
    Field("cycleway"),
    Field("junction"),
    Field("route"),
    Field("car_speed_kmh", names=names("maxspeed snelheid max_speed vitesse")),
    Field("other_tags"),
    Field("from_node", names=names("u")),
    Field("to_node", names=names("v")),
    Field("parallel", names=names("key")),
    Field("code_scheme"),
    Field("code_version"),
    Field("code"),
)
_TAGS = (
    "access",
    "foot",
    "bicycle",
    "motor_vehicle",
    "oneway",
    "oneway:bicycle",
    "cycleway",
    "junction",
    "route",
)
_HSTORE = re.compile(r'"([^"]+)"=>"([^"]*)"')
_ACCESS_COLUMNS = Access._fields


def read_streets(request: Request) -> list[Reading]:
    """Read a layer of lines as street segments."""
    classes = read_lookup(request, "class_map")

    def finish(frame: pd.DataFrame, refusals: Refusals, notes: Notes) -> pd.DataFrame:
        if frame.empty:
            return frame
        frame = _classified(frame, classes, refusals, notes)
        frame = with_keys(_own_keys(frame), notes, what="street")
        frame["source_key"] = numbered_pieces(frame["source_key"])
        return with_municipality(frame, request.nis_code, notes)

    return [read(request, Recipe("street_segment", FIELDS, finish, STREET_SCOPE))]


def numbered_pieces(keys: pd.Series[Any]) -> pd.Series[Any]:
    """Give the second and later pieces of one row (same row number, same key) a number."""
    place = keys.groupby([keys.index, keys]).cumcount()
    return keys.where(place == 0, keys + "/" + (place + 1).astype("str"))


def _own_keys(frame: pd.DataFrame) -> pd.DataFrame:
    """An edge list names its edges by their end points."""
    ends = {"from_node", "to_node"} <= set(frame.columns)
    # With a column for parallel edges the id column is that of a whole way, which many edges share.
    if ends and "parallel" in frame.columns:
        frame["source_key"] = frame["from_node"] + "-" + frame["to_node"] + "-" + frame["parallel"]
    elif ends and "source_key" not in frame.columns:
        frame["source_key"] = frame["from_node"] + "-" + frame["to_node"]
    return frame


def _classified(
    frame: pd.DataFrame, classes: Lookup | None, refusals: Refusals, notes: Notes
) -> pd.DataFrame:
    if "street_class" not in frame.columns:
        notes.say(
            "The layer has no street class: every street is read as an ordinary local road (unclassified)"
        )
    tags = [_tags(row, classes, notes) for row in frame.to_dict("records")]
    known: dict[tuple[tuple[str, str], ...], Access | None] = {}
    found = []
    for one in tags:
        key = tuple(one.items())
        if key not in known:
            known[key] = access_of(one)
        found.append(known[key])
    is_street = pd.Series([one is not None for one in found], index=frame.index)
    refusals.add_where(
        ~is_street,
        pd.Series([one.get("highway", "") for one in tags], index=frame.index),
        column="street_class",
        reason="This class is no street that people use.",
        remedy="If it is, translate it with --option class_map=FILE.csv.",
    )
    frame = frame.loc[is_street.to_numpy()].copy()
    table = pd.DataFrame(
        [one for one in found if one is not None], index=frame.index, columns=_ACCESS_COLUMNS
    )
    for column in _ACCESS_COLUMNS:
        frame[column] = table[column]
    return frame


def _tags(row: dict[Any, Any], classes: Lookup | None, notes: Notes) -> dict[str, str]:
    """One row as OpenStreetMap would tag it."""
    tags = dict(_HSTORE.findall(row["other_tags"])) if isinstance(row.get("other_tags"), str) else {}
    for name in _TAGS:
        if isinstance(row.get(name), str):
            tags[name] = first_of(row[name]).lower()
    if isinstance(row.get("car_speed_kmh"), str):
        tags["maxspeed"] = first_of(row["car_speed_kmh"])
    word = first_of(row["street_class"]) if isinstance(row.get("street_class"), str) else ""
    if word and classes is not None:
        word = classes.get(word) or word
    if word == "ferry":
        tags["route"] = "ferry"
    tags["highway"] = word.lower() or "unclassified"
    if class_of(tags) is None and tags["highway"] not in _NO_STREETS and classes is None:
        notes.name("Street classes that are not known are read as local roads: {names}", [word])
        tags["highway"] = "unclassified"
    return tags


_NO_STREETS = frozenset(
    {
        "construction",
        "proposed",
        "abandoned",
        "razed",
        "platform",
        "elevator",
        "raceway",
        "rest_area",
        "services",
    }
)


def first_of(text: str) -> str:
    """The first of several values in one cell: "['residential', 'tertiary']" or "30;50"."""
    if text.startswith("["):
        try:
            values = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            return text
        return str(values[0]) if values else ""
    return text.split(";", maxsplit=1)[0].strip()
