"""OpenStreetMap ways as street segments, split where streets meet."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.importers.osm_file import OsmFile, Way
from api.importers.osm_tags import Access, access_of, street_tags
from api.importers.refusals import Notes, Refusals

CODE_SCHEME = "osm_highway"
_CHUNK_SEGMENTS = 10_000


@dataclass
class _Pieces:
    """Segments of some ways, column by column."""

    number: list[int] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    name: list[str | None] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    access: list[Access] = field(default_factory=list)
    xy: list[NDArray[np.float64]] = field(default_factory=list)

    def frame(self) -> pd.DataFrame:
        index = pd.Index(self.number, dtype="int64")
        table = pd.DataFrame(self.access, index=index, columns=Access._fields)
        table["source_key"] = pd.Series(self.key, index=index, dtype="str")
        table["name"] = pd.Series(self.name, index=index, dtype="str")
        table["code_scheme"] = CODE_SCHEME
        table["code"] = pd.Series(self.code, index=index, dtype="str")
        lengths = [len(one) for one in self.xy]
        flat = np.concatenate(self.xy) if self.xy else np.zeros((0, 2))
        lines = shapely.linestrings(flat, indices=np.repeat(np.arange(len(lengths)), lengths))
        table["geometry"] = pd.Series(list(lines), index=index, dtype="object")
        return table


class StreetAccess:
    """Remembers what a combination of tags means: a town has a few hundred of them."""

    def __init__(self) -> None:
        self._known: dict[tuple[tuple[str, str], ...], Access | None] = {}

    def of(self, tags: dict[str, str]) -> Access | None:
        """Who may go along a way, None when it is no street."""
        key = street_tags(tags)
        if key not in self._known:
            self._known[key] = access_of(dict(key))
        return self._known[key]


def junctions(file: OsmFile, access: StreetAccess) -> NDArray[np.int64]:
    """Nodes that more than one street uses, or one street twice; sorted."""
    refs = array("q")
    for tags, nodes in file.way_refs("highway", "route"):
        if access.of(tags) is not None:
            refs.extend(nodes)
    found, counts = np.unique(np.frombuffer(refs, dtype="int64"), return_counts=True)
    return found[counts > 1]


def street_frames(file: OsmFile, refusals: Refusals, notes: Notes) -> Iterator[pd.DataFrame]:
    """Segments in degrees, some thousands at a time; row numbers count them, `refusals` is filled."""
    access = StreetAccess()
    crossings = junctions(file, access)
    pieces, number = _Pieces(), 0
    for way in file.ways("highway", "route"):
        allowed = access.of(way.tags)
        if allowed is None:
            notes.count("{n} ways are no streets that people use now (planned, being built, platforms...)", 1)
            continue
        _note(way, notes)
        cut = split(way, crossings)
        if not cut:
            number += 1
            refusals.add(
                [number],
                [f"way/{way.id}"],
                column="nd",
                reason="The file holds fewer than two points of this way: it was cut at its edge.",
                remedy="Nothing to do, or download a slightly larger area.",
            )
        for key, xy in cut:
            number += 1
            pieces.number.append(number)
            pieces.key.append(key)
            pieces.name.append(way.tags.get("name") or way.tags.get("ref"))
            pieces.code.append(way.tags.get("highway") or "ferry")
            pieces.access.append(allowed)
            pieces.xy.append(xy)
        if len(pieces.number) >= _CHUNK_SEGMENTS:
            yield pieces.frame()
            pieces = _Pieces()
    yield pieces.frame()


def _note(way: Way, notes: Notes) -> None:
    if way.missing and way.missing < len(way.refs):
        notes.count("{n} ways miss points that the file does not hold: their pieces inside are kept", 1)
    if way.tags.get("area") == "yes" and way.is_closed:
        notes.count("{n} squares and other areas are walked along their edge, not across", 1)


def split(way: Way, crossings: NDArray[np.int64]) -> list[tuple[str, NDArray[np.float64]]]:
    """Cut a way at crossings and at points that are not in the file.

    Parameters
    ----------
    way
        With places in degrees.
    crossings
        Node ids, sorted.

    Returns
    -------
    list
        Key (way, first node, last node) and coordinates of each piece, in the direction of the way.
    """
    place = np.searchsorted(crossings, way.refs)
    is_crossing = np.zeros(len(way.refs), dtype=bool)
    known = place < len(crossings)
    is_crossing[known] = crossings[place[known]] == way.refs[known]
    out: list[tuple[str, NDArray[np.float64]]] = []
    used: dict[str, int] = {}
    for first, last in _runs(is_crossing, np.isnan(way.xy[:, 0])):
        xy = way.xy[first : last + 1]
        if np.all(xy == xy[0]):
            continue
        key = f"way/{way.id}/{way.refs[first]}-{way.refs[last]}"
        used[key] = used.get(key, 0) + 1
        out.append((key if used[key] == 1 else f"{key}/{used[key]}", xy))
    return out


def _runs(is_crossing: NDArray[np.bool_], is_missing: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First and last position of each piece of at least two points."""
    start: int | None = None
    for position in range(len(is_crossing)):
        if is_missing[position]:
            if start is not None and position - 1 > start:
                yield start, position - 1
            start = None
        elif start is None:
            start = position
        elif is_crossing[position]:
            yield start, position
            start = position
    if start is not None and len(is_crossing) - 1 > start:
        yield start, len(is_crossing) - 1


def things_frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows with `number`, `geometry` and columns of ours as a frame."""
    index = pd.Index([row["number"] for row in rows], dtype="int64")
    names = list(dict.fromkeys(name for row in rows for name in row if name != "number"))
    data = {name: pd.Series([row.get(name) for row in rows], index=index, dtype="object") for name in names}
    return pd.DataFrame(data, index=index)
