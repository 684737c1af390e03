"""An OpenStreetMap file (.osm, .osm.gz, .osm.bz2, .osm.pbf) as ways and things with coordinates.

The file may hold ways before nodes (Overpass) and may be cut at its edge: the places of all nodes are read
first, and a node that is not in the file is simply not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import numpy as np
import osmium
import shapely
from numpy.typing import NDArray
from osmium.filter import KeyFilter
from osmium.osm import osm_entity_bits as bits

from api.importers.reading import UnreadableSource

SUFFIXES = (".osm", ".pbf", ".osm.gz", ".osm.bz2")
ThingKind = Literal["node", "way", "relation"]


@dataclass(frozen=True)
class Way:
    """A way with the places of its nodes.

    Attributes
    ----------
    id
        OSM id.
    tags
        All tags.
    refs
        Node ids, shape (nodes,).
    xy
        Longitude and latitude, NaN for a node that the file does not hold, shape (nodes, 2).
    """

    id: int
    tags: dict[str, str]
    refs: NDArray[np.int64]
    xy: NDArray[np.float64]

    @property
    def is_closed(self) -> bool:
        """It ends where it begins."""
        return len(self.refs) > 3 and self.refs[0] == self.refs[-1]

    @property
    def missing(self) -> int:
        """How many of its nodes the file does not hold."""
        return int(np.isnan(self.xy[:, 0]).sum())


@dataclass(frozen=True)
class Thing:
    """Something with tags and a shape.

    Attributes
    ----------
    key
        Such as way/123.
    tags
        All tags.
    geometry
        Point, LineString, Polygon or MultiPolygon in degrees; None where the file lacks too many nodes.
    """

    key: str
    tags: dict[str, str]
    geometry: Any


class OsmFile:
    """Reads a file as often as needed; the places of the nodes are kept between the passes.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    UnreadableSource
        Not an OpenStreetMap file, cut off, or without nodes.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._locations = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
        self._locations.ignore_errors()
        self._locations.apply_nodes_to_ways = False
        with self._plainly(), osmium.io.Reader(str(path), bits.NODE) as reader:
            osmium.apply(reader, self._locations)
        self._locations.apply_nodes_to_ways = True
        self.sample = self._first_places()
        if not len(self.sample):
            raise UnreadableSource(f"{path.name} holds no nodes", "Export ways together with their nodes")

    def _first_places(self) -> NDArray[np.float64]:
        """Longitude and latitude of the first nodes, shape (nodes, 2)."""
        nodes = islice(self._objects(bits.NODE), 500)
        places = [(node.location.lon, node.location.lat) for node in nodes if node.location.valid()]
        return np.array(places, dtype="float64").reshape(-1, 2)

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except (RuntimeError, OSError, ValueError, osmium.InvalidLocationError) as error:
            raise UnreadableSource(
                f"{self.path.name} is no readable OpenStreetMap file ({error})",
                "Download it again; its name must end in .osm, .osm.gz or .osm.pbf",
            ) from error

    def _objects(self, kind: Any, *handlers: Any) -> Iterator[Any]:
        with self._plainly(), osmium.io.Reader(str(self.path), kind) as reader:
            yield from osmium.OsmFileIterator(reader, *handlers)

    def way_refs(self, *keys: str) -> Iterator[tuple[dict[str, str], list[int]]]:
        """Tags and node ids of the ways with one of the keys."""
        for way in self._objects(bits.WAY, KeyFilter(*keys)):
            yield {tag.k: tag.v for tag in way.tags}, [node.ref for node in way.nodes]

    def ways(self, *keys: str) -> Iterator[Way]:
        """Ways with one of the keys."""
        for way in self._objects(bits.WAY, self._locations, KeyFilter(*keys)):
            yield _way(way)

    def things(self, *keys: str, nodes: bool = True) -> Iterator[Thing]:
        """Nodes, ways and multipolygons with one of the keys."""
        if nodes:
            for node in self._objects(bits.NODE, KeyFilter(*keys)):
                place = shapely.Point(node.location.lon, node.location.lat) if node.location.valid() else None
                yield Thing(f"node/{node.id}", {tag.k: tag.v for tag in node.tags}, place)
        for way in self.ways(*keys):
            yield Thing(f"way/{way.id}", way.tags, _shape_of(way))
        yield from self._multipolygons(*keys)

    def _multipolygons(self, *keys: str) -> Iterator[Thing]:
        found: list[tuple[int, dict[str, str], list[int]]] = []
        for relation in self._objects(bits.RELATION, KeyFilter(*keys)):
            tags = {tag.k: tag.v for tag in relation.tags}
            if tags.get("type") in ("multipolygon", "boundary"):
                found.append((relation.id, tags, [one.ref for one in relation.members if one.type == "w"]))
        if not found:
            return
        lines = self._lines({member for _, _, members in found for member in members})
        for number, tags, members in found:
            parts = [lines.get(member) for member in members]
            area = None
            if parts and all(part is not None for part in parts):
                area = shapely.build_area(shapely.multilinestrings(parts))
            yield Thing(f"relation/{number}", tags, None if area is None or area.is_empty else area)

    def _lines(self, wanted: Collection[int]) -> dict[int, Any]:
        """Whole member ways by id; a way that is cut is left out, because its ring would not close."""
        out: dict[int, Any] = {}
        for way in self._objects(bits.WAY, self._locations, osmium.filter.IdFilter(wanted)):
            read = _way(way)
            if read.missing == 0 and len(read.refs) > 1:
                out[read.id] = shapely.linestrings(read.xy)
        return out


def _way(way: Any) -> Way:
    refs, places = [], []
    for node in way.nodes:
        refs.append(node.ref)
        location = node.location
        places.append((location.lon, location.lat) if location.valid() else (np.nan, np.nan))
    xy = np.array(places, dtype="float64").reshape(-1, 2)
    return Way(way.id, {tag.k: tag.v for tag in way.tags}, np.array(refs, dtype="int64"), xy)


def _shape_of(way: Way) -> Any:
    """Polygon of a closed way, line of an open one; None where nodes of it are missing."""
    if way.missing or len(way.refs) < 2:
        return None
    return shapely.polygons(way.xy) if way.is_closed else shapely.linestrings(way.xy)
