"""Block edges: which of them face a street, and how deep and wide the lots along them may be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.demo.streets import Network
from api.demo.subdivide import Shapes

Floats = NDArray[np.float64]

_HALF_STREET_M = {"core": 5.6, "town": 6.4, "village": 6.4, "rural": 8.0}
_WIDTH_M = {"core": 7.9, "town": 10.6, "village": 14.5, "rural": 18.0}
_DEPTH_M = {"core": 27.0, "town": 32.0, "village": 36.0, "rural": 42.0}
_ZONES = tuple(_HALF_STREET_M)
_NO_FRONTS = ("cycleway", "path", "track", "service")
_STRAIGHT = np.radians(24.0)


def without_streets(blocks: Shapes, zone: NDArray[np.str_]) -> Shapes:
    """Take half a street off every side of the blocks; what is left is counter-clockwise and has few corners.

    Parameters
    ----------
    blocks
        Land between the middles of the streets, shape (blocks,).
    zone
        Zone of each block, shape (blocks,).
    """
    half = np.array([_HALF_STREET_M[z] for z in zone])
    inner = shapely.simplify(shapely.buffer(blocks, -half, join_style="mitre", quad_segs=2), 1.3)
    parts, owner = shapely.get_parts(inner, return_index=True)
    order = np.lexsort((-shapely.area(parts), owner))
    parts, owner = parts[order], owner[order]
    _, first = np.unique(owner, return_index=True)
    out = np.full(len(blocks), shapely.Polygon(), dtype=object)
    out[owner[first]] = shapely.orient_polygons(shapely.polygons(shapely.get_exterior_ring(parts[first])))
    return out


def frontage(inner: Shapes, zone: NDArray[np.str_], net: Network) -> pd.DataFrame:
    """List the edges of blocks with what decides the lots along them.

    Parameters
    ----------
    inner
        Blocks without streets, counter-clockwise, shape (blocks,).
    zone
        Zone of each block, shape (blocks,).
    net
        The streets.
    """
    edges, before, after = _edges(inner)
    block = edges["block"].to_numpy()
    middle = shapely.points(
        edges[["x_m", "y_m"]].to_numpy() + edges[["tx", "ty"]].to_numpy() * edges[["length_m"]].to_numpy() / 2
    )
    lines = net.segments["geometry"].to_numpy()
    nearest = shapely.STRtree(lines).nearest(middle)
    faced = net.segments.iloc[nearest]
    edges["zone"], edges["segment"], edges["kind"] = zone[block], nearest, faced["kind"].to_numpy()
    is_close = shapely.distance(middle, lines[nearest]) < 12.5
    edges["is_front"] = (
        is_close & ~faced["street_class"].isin(_NO_FRONTS).to_numpy() & (edges["length_m"] > 6.0)
    )
    weight = np.where(edges["is_front"], edges["length_m"] + 900.0 * faced["rank"].to_numpy(), -1.0)
    edges["owns_start"], edges["owns_end"] = weight >= weight[before], weight > weight[after]
    edges["depth_m"] = _depth_m(inner, zone)[block]
    edges["width_m"] = edges["zone"].map(_WIDTH_M).astype(float)
    box = ((edges["kind"] == "ribbon") & (edges["zone"] == "rural")).to_numpy()
    edges["style"] = np.where(box, "box", edges["zone"])
    edges["depth_m"] = np.where(box, 88.0, edges["depth_m"])
    edges["width_m"] = np.where(box, 60.0, edges["width_m"])
    return edges[edges["depth_m"] > 9.0]


def _edges(inner: Shapes) -> tuple[pd.DataFrame, NDArray[np.int64], NDArray[np.int64]]:
    """List the edges, and the edge before and after each."""
    points, block = shapely.get_coordinates(shapely.get_exterior_ring(inner), return_index=True)
    is_last = np.append(block[1:] != block[:-1], True)
    start, end, block = points[~is_last], points[1:][~is_last[:-1]], block[~is_last]
    along = end - start
    length = np.hypot(*along.T)
    along = along / length[:, None]
    opens = np.append(True, block[1:] != block[:-1])
    closes = np.append(opens[1:], True)
    index = np.arange(len(block))
    before, after = index - 1, index + 1
    before[opens], after[closes] = index[closes], index[opens]
    cross = along[before, 0] * along[:, 1] - along[before, 1] * along[:, 0]
    turn = np.arctan2(cross, (along[before] * along).sum(axis=1))
    edges = pd.DataFrame({"block": block, "length_m": length, "start_turn": turn, "end_turn": turn[after]})
    edges[["x_m", "y_m"]], edges[["tx", "ty"]] = start, along
    return edges, before, after


def _depth_m(inner: Shapes, zone: NDArray[np.str_]) -> Floats:
    """Built blocks share one depth, so that rows meet at the corners without overlap."""
    short = np.zeros(len(inner))
    has_land = shapely.area(inner) > 0
    box = shapely.get_coordinates(shapely.oriented_envelope(inner[has_land])).reshape(-1, 5, 2)
    short[has_land] = np.hypot(*np.diff(box[:, :3], axis=1).transpose(2, 0, 1)).min(axis=1)
    deepest = np.array([_DEPTH_M[z] for z in zone])
    return np.where(zone == "rural", deepest, np.minimum(deepest, 0.47 * short))


def corner_gap(
    turn: Floats, owns: NDArray[np.bool_], depth: Floats, rural: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """How far from a corner the front and the back of the first lot begin, metres.

    Parameters
    ----------
    turn
        Change of direction at the corner, radians, positive to the inside, shape (edges,).
    owns
        Does the corner lot belong to this edge?
    depth
        Depth of the lots, metres.
    rural
        Do the two edges have lots of different depth? Then the bisector parts them.
    """
    inside = np.pi - turn
    bisector = depth / np.tan(inside / 2)
    safe = np.maximum(np.abs(np.sin(inside)), 0.2)
    straight = np.abs(turn) < _STRAIGHT
    hollow = turn <= -_STRAIGHT
    sharp = inside < np.radians(50.0)
    cases = [straight, hollow, sharp | rural, owns]
    front = np.select(
        cases, [np.zeros_like(turn), np.zeros_like(turn), bisector, np.zeros_like(turn)], depth / safe
    )
    back = np.select(
        cases,
        [bisector, np.zeros_like(turn), bisector, depth / np.tan(inside)],
        depth / safe + depth / np.tan(inside),
    )
    return front, back
