"""Cut land into ever smaller pieces, as streets cut a town into blocks and ditches cut fields.

Recursive halving across the longer side (Vanegas et al. 2012, doi:10.1111/j.1467-8659.2012.03047.x), done
for all pieces of one generation at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]

GENERATIONS = 18
_SMALLEST_SHARE = 0.22
_SHORTEST_CUT_M = 18.0


@dataclass(frozen=True)
class Pieces:
    """What came of a subdivision.

    Attributes
    ----------
    polygons
        The pieces, shape (pieces,).
    cuts
        The lines between them, shape (cuts,).
    """

    polygons: Shapes
    cuts: Shapes


def subdivide(
    polygons: Shapes,
    rng: np.random.Generator,
    *,
    target_m2: Callable[[Shapes], NDArray[np.float64]],
    sway: float,
) -> Pieces:
    """Halve polygons until each is smaller than its target.

    Parameters
    ----------
    polygons
        Polygons without overlaps, shape (n,).
    rng
        Random numbers.
    target_m2
        Gives the largest area a polygon may keep, square metres, shape (n,).
    sway
        How crooked the cuts are, 0 for straight and square.
    """
    todo, done, cuts = polygons, [], []
    for _ in range(GENERATIONS):
        target = target_m2(todo) * rng.uniform(0.75, 1.35, len(todo))
        big = shapely.area(todo) > target
        done.append(todo[~big])
        todo, target = todo[big], target[big]
        if not len(todo):
            break
        lines, sides = _cut_lines(todo, rng, sway)
        halves = shapely.intersection(todo[:, None], sides)
        good = shapely.area(halves).min(axis=1) > _SMALLEST_SHARE * target
        done.append(todo[~good])
        made = shapely.get_parts(shapely.intersection(lines[good], todo[good]))
        cuts.append(made[(shapely.get_type_id(made) == 1) & (shapely.length(made) > _SHORTEST_CUT_M)])
        todo = shapely.get_parts(halves[good].ravel())
        todo = todo[(shapely.get_type_id(todo) == 3) & (shapely.area(todo) > 60.0)]
    done.append(todo)
    return Pieces(np.concatenate(done), np.concatenate(cuts) if cuts else np.empty(0, dtype=object))


def _cut_lines(polygons: Shapes, rng: np.random.Generator, sway: float) -> tuple[Shapes, Shapes]:
    """Draw one line across each polygon, and the half-planes on its two sides, shape (n, 2)."""
    n = len(polygons)
    corner = shapely.get_coordinates(shapely.oriented_envelope(polygons)).reshape(n, 5, 2)
    one, two = corner[:, 1] - corner[:, 0], corner[:, 3] - corner[:, 0]
    longer = np.hypot(*one.T) >= np.hypot(*two.T)
    along = np.where(longer[:, None], one, two)
    across = np.where(longer[:, None], two, one)
    turn = sway * rng.uniform(-0.22, 0.22, n)
    across = (
        across * np.cos(turn)[:, None]
        + np.column_stack([-across[:, 1], across[:, 0]]) * np.sin(turn)[:, None]
    )
    start = corner[:, 0] + along * rng.uniform(0.4, 0.6, n)[:, None] - across * 0.02
    place = np.array([-0.4, 0.0, 0.33, 0.67, 1.0, 1.4])
    bend = np.zeros((n, 6))
    bend[:, 2:4] = (
        sway * rng.uniform(-0.05, 0.05, (n, 2)) * np.hypot(*across.T)[:, None] / np.hypot(*along.T)[:, None]
    )
    points = start[:, None] + across[:, None] * place[:, None] + along[:, None] * bend[:, :, None]
    sides = np.empty((n, 2), dtype=object)
    for side, reach in enumerate((-2.0, 2.0)):
        far = points[:, [5, 0]] + reach * along[:, None]
        sides[:, side] = shapely.polygons(np.concatenate([points, far], axis=1))
    return shapely.linestrings(points), sides
