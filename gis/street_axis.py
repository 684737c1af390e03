"""Streets by name: their pieces, the line along each piece, and the ways between them."""

from functools import cached_property
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

# Ends that lie closer together than this are one crossing.
JOIN_M = 0.01


class StreetGround:
    """The streets of a round, in an order of their own, so that the order they came in does not matter.

    Attributes
    ----------
    lines
        LineStrings, shape (segments,).
    names
        Names in small letters, empty where there is none, shape (segments,).
    spelling
        One spelling of each name.
    nodes
        Ends of segments, metres, shape (nodes, 2).
    ends
        First and last node of each segment, shape (segments, 2).
    """

    def __init__(self, streets: gpd.GeoDataFrame) -> None:
        lines = streets.geometry.to_numpy()
        order = np.argsort([line.wkb_hex for line in lines], kind="stable")
        self.lines: NDArray[np.object_] = lines[order]
        given = [str(name).strip() if pd.notna(name) else "" for name in streets["name"].to_numpy()[order]]
        self.names = np.array([name.casefold() for name in given], dtype=object)
        self.spelling = {name.casefold(): name for name in sorted(given, reverse=True)}
        self.nodes, self.ends = _join(self.lines)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the lines."""
        return shapely.STRtree(self.lines)

    @cached_property
    def graph(self) -> csr_array:
        """Shortest segment between any two nodes, metres, shape (nodes, nodes)."""
        return _graph(self.lines, self.ends, len(self.nodes))

    def nearest_nodes(self, xy: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The nearest node of each place, and how far it is, metres; zeros where there are no streets."""
        if not len(self.nodes):
            return np.zeros(len(xy), np.int64), np.zeros(len(xy))
        away_m, node = cKDTree(self.nodes).query(xy)
        return node, away_m

    def pieces(self, name: str) -> list[NDArray[np.object_]]:
        """The lines of a street, in pieces that hang together; none where no line has the name."""
        own = np.flatnonzero(self.names == name) if name else np.array([], np.int64)
        if not len(own):
            return []
        ends = self.ends[own]
        links = coo_array((np.ones(len(own)), ends.T), shape=(len(self.nodes), len(self.nodes)))
        _, label = connected_components(links, directed=False)
        return [self.lines[own[label[ends[:, 0]] == one]] for one in dict.fromkeys(label[ends[:, 0]])]


def axis_of(lines: NDArray[np.object_]) -> shapely.LineString:
    """The line along a street: between its two ends that lie furthest apart along it.

    Found by two sweeps, which is exact on a street without rings (a tree) and near enough on one with.

    Parameters
    ----------
    lines
        LineStrings that hang together, shape (segments,).
    """
    nodes, ends = _join(lines)
    graph = _graph(lines, ends, len(nodes))
    first = int(np.nanargmax(np.where(np.isfinite(d := dijkstra(graph, directed=False, indices=0)), d, -1.0)))
    reach, before = dijkstra(graph, directed=False, indices=first, return_predecessors=True)
    last = int(np.where(np.isfinite(reach), reach, -1.0).argmax())
    path = [last]
    while path[-1] != first:
        path.append(int(before[path[-1]]))
    if len(path) == 1:
        # A street that is one ring: it is walked as it is drawn.
        return shapely.LineString(shapely.get_coordinates(lines[0]))
    if tuple(nodes[path[0]]) > tuple(nodes[path[-1]]):
        path = path[::-1]
    return shapely.LineString(np.concatenate([_between(lines, ends, a, b) for a, b in pairwise(path)]))


def _between(lines: NDArray[np.object_], ends: NDArray[np.int64], a: int, b: int) -> NDArray[np.float64]:
    """Coordinates of the shortest segment from node a to node b."""
    joined = np.flatnonzero((np.sort(ends, axis=1) == sorted((a, b))).all(axis=1))
    shortest = joined[int(shapely.length(lines[joined]).argmin())]
    xy = shapely.get_coordinates(lines[shortest])
    return np.asarray(xy if ends[shortest, 0] == a else xy[::-1])


def _join(lines: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Number the ends of lines, those at one place with one number, from west to east."""
    if not len(lines):
        return np.empty((0, 2)), np.empty((0, 2), np.int64)
    first, last = (shapely.get_coordinates(shapely.get_point(lines, at)) for at in (0, -1))
    places = np.round(np.concatenate([first, last]) / JOIN_M).astype(np.int64)
    unique, number = np.unique(places, axis=0, return_inverse=True)
    return np.asarray(unique * JOIN_M, np.float64), np.asarray(number.reshape(2, -1).T, np.int64)


def _graph(lines: NDArray[np.object_], ends: NDArray[np.int64], n_nodes: int) -> csr_array:
    length = shapely.length(lines)
    low, high = np.sort(ends, axis=1).T
    # Two segments between the same ends would be added up: only the shorter one counts.
    order = np.lexsort((length, high, low))
    keep = (
        order[np.concatenate([[True], np.any(np.diff(np.c_[low, high][order], axis=0), axis=1)])]
        if len(order)
        else order
    )
    return csr_array(coo_array((length[keep], (low[keep], high[keep])), shape=(n_nodes, n_nodes)))
