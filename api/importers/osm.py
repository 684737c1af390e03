"""OpenStreetMap: streets, buildings, backdrop, shops as hints, public places and car parks from one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from api.importers import osm_things
from api.importers.crs import WGS84, Projection, in_area, outside
from api.importers.keys import with_municipality
from api.importers.opening import told_plainly
from api.importers.osm_file import OsmFile, Thing
from api.importers.osm_streets import street_frames, things_frame
from api.importers.reading import Chunk, Reading, Request, UnreadableSource
from api.importers.refusals import Notes, Refusals
from api.importers.scope import KeysSeen, Scope
from api.importers.shapes import fit
from api.importers.streets import STREET_SCOPE
from api.importers.targets import TARGETS, conform

_CHUNK_THINGS = 5_000
Pick = Callable[[Mapping[str, str], Any], dict[str, Any] | None]


@dataclass(frozen=True)
class _Kind:
    """How things become rows of one target."""

    keys: tuple[str, ...]
    pick: Pick
    scope: Scope
    nodes: bool = True
    key_column: str = "source_key"


KINDS = {
    "building": _Kind(("building",), osm_things.building, Scope(touches=True), nodes=False),
    "backdrop": _Kind(osm_things.BACKDROP_KEYS, osm_things.backdrop, Scope(touches=True), nodes=False),
    "place_hint": _Kind(osm_things.HINT_KEYS, osm_things.place_hint, Scope()),
    "public_place": _Kind(osm_things.PLACE_KEYS, osm_things.public_place, Scope(margin_m=1000.0)),
    "parking_zone": _Kind(("amenity",), osm_things.parking_zone, Scope(), key_column="code"),
}


def read_osm(request: Request) -> Iterable[Reading]:
    """Open an OpenStreetMap file; `only` limits what is read."""
    targets = ("street_segment", *KINDS)
    only = [word.strip() for word in request.options.get("only", ",".join(targets)).split(",")]
    if unknown := sorted(set(only) - set(targets)):
        gives = ", ".join(targets)
        raise UnreadableSource(f"only={unknown[0]} is nothing that this source gives", f"It gives: {gives}")
    with told_plainly(request.path):
        if not request.path.exists():
            raise FileNotFoundError(request.path)
        file = OsmFile(request.path)
        projection = _projection(file, request.srid)
    for target in targets:
        if target in only:
            notes = Notes()
            chunks = _streets if target == "street_segment" else _things
            yield Reading(target, notes.sentences, chunks(file, target, projection, request, notes))


def _projection(file: OsmFile, srid: int) -> Projection:
    degrees = CRS.from_epsg(WGS84)
    if not in_area(file.sample[:, 0], file.sample[:, 1], degrees, srid=srid).any():
        raise outside(file.sample[:, 0], file.sample[:, 1], degrees, srid=srid)
    return Projection(degrees, srid)


def _streets(
    file: OsmFile, target: str, projection: Projection, request: Request, notes: Notes
) -> Iterator[Chunk]:
    finish = _Finish(target, projection, request, notes, STREET_SCOPE)
    refusals = Refusals()
    for frame in street_frames(file, refusals, notes):
        yield finish.chunk(frame, refusals)
        refusals.clear()
    notes.close()


def _things(
    file: OsmFile, target: str, projection: Projection, request: Request, notes: Notes
) -> Iterator[Chunk]:
    kind = KINDS[target]
    finish = _Finish(target, projection, request, notes, kind.scope)
    refusals = Refusals()
    rows: list[dict[str, Any]] = []
    number = 0
    for thing in file.things(*kind.keys, nodes=kind.nodes):
        row = _row(thing, kind, number + 1, refusals)
        if row is None:
            continue
        number += 1
        if "geometry" in row:
            rows.append(row)
        if len(rows) >= _CHUNK_THINGS:
            yield finish.chunk(things_frame(rows), refusals)
            rows = []
            refusals.clear()
    yield finish.chunk(things_frame(rows), refusals)
    notes.close()


def _row(thing: Thing, kind: _Kind, number: int, refusals: Refusals) -> dict[str, Any] | None:
    """A row of ours, {} for a thing that is one but lost its shape, None for anything else."""
    whole = thing.geometry if thing.geometry is not None else shapely.box(0, 0, 1, 1)
    picked = kind.pick(thing.tags, whole)
    if picked is None:
        return None
    if thing.geometry is None:
        refusals.add(
            [number],
            [thing.key],
            column="nd",
            reason="Points of its outline are not in the file: it was cut at its edge.",
            remedy="Nothing to do, or download a slightly larger area.",
        )
        return {}
    return {"number": number, kind.key_column: f"osm/{thing.key}", "geometry": thing.geometry, **picked}


@dataclass
class _Finish:
    """From degrees to a chunk of the target."""

    target: str
    projection: Projection
    request: Request
    notes: Notes
    scope: Scope

    def __post_init__(self) -> None:
        self.keys = KeysSeen(self.target, "@id")

    def chunk(self, frame: pd.DataFrame, refusals: Refusals) -> Chunk:
        """Transform, limit to the municipality, and conform."""
        if frame.empty:
            frame = pd.DataFrame({"geometry": pd.Series(dtype="object")}, index=pd.Index([], dtype="int64"))
        else:
            frame = self._shaped(frame, refusals)
            frame = self.scope.keep(frame, self.request, refusals, self.notes)
            frame = with_municipality(frame.copy(), self.request.nis_code, self.notes)
            frame = self.keys.first(frame, refusals)
        return Chunk(conform(frame, self.target, srid=self.request.srid), refusals.frame(), None)

    def _shaped(self, frame: pd.DataFrame, refusals: Refusals) -> pd.DataFrame:
        shape = TARGETS[self.target].shape
        assert shape is not None
        metric = self.projection.geometries(frame["geometry"].to_numpy(dtype=object))
        if "width_m" in frame.columns:
            width_m = frame["width_m"].astype("float64").fillna(0).to_numpy()
            metric = np.where(width_m > 0, shapely.buffer(metric, width_m / 2, cap_style="flat"), metric)
            self.notes.count(
                "{n} lines of water and rail are drawn at their tagged or usual width", (width_m > 0).sum()
            )
        if "area_geom" in frame.columns:
            areas = [
                _multi(one) for one in self.projection.geometries(frame["area_geom"].to_numpy(dtype=object))
            ]
            frame["area_geom"] = pd.Series(areas, index=frame.index, dtype="object")
        ours = Projection(CRS.from_epsg(self.request.srid), self.request.srid)
        moved = pd.Series(metric, index=frame.index, dtype="object")
        geometry = fit(moved, ours, shape, refusals, self.notes)
        frame = frame.loc[geometry.index].copy()
        frame["geometry"] = geometry.to_numpy(dtype=object)
        return frame


def _multi(area: Any) -> Any:
    return shapely.multipolygons([area]) if area is not None and shapely.get_type_id(area) == 3 else area
