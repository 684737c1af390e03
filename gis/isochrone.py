"""The shapes of a catchment's bands, before they become a frame."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.contour import polygon_within
from gis.engine import Direction, Search, Unit
from gis.network import MAX_SNAP_M, StreetNetwork
from gis.snap_grid import Field, fill_field, reached_window
from gis.snapping import Positions
from gis.speeds import Mode

# Parts and holes smaller than this are noise at the size at which each mode's shape is looked at.
MIN_PART_M2: dict[Mode, float] = {"walk": 500.0, "bicycle": 2_500.0, "car": 10_000.0}


class Bands(NamedTuple):
    """The limits of a catchment, ascending.

    Attributes
    ----------
    name
        "minutes" or "metres".
    values
        The limits as asked.
    limits
        The limits in the unit of the search.
    unit
        "s" or "m".
    direction
        "outward" or "towards".
    """

    name: str
    values: tuple[float, ...]
    limits: tuple[float, ...]
    unit: Unit
    direction: Direction


def draw_bands(
    network: StreetNetwork,
    place: Positions,
    bands: Bands,
    *,
    found: Search,
    rivals: Search | None = None,
    edge_m: float,
) -> list[shapely.MultiPolygon]:
    """One valid shape per band, each holding those before it.

    Parameters
    ----------
    network
        Streets of one mode.
    place
        Positions on the network; the catchment is that of all of them together.
    bands
        The limits.
    found
        A search from the place to the largest limit.
    rivals
        A search from its competitors: ground that is nearer to one of these is left out.
    edge_m
        Leave out ground further than this from a street.
    """
    costs = found.costs
    field = fill_field(network, found, reached_window(network, place, found), edge_m=edge_m)
    lead = None if rivals is None else _lead_of(network, rivals, field)
    shapes = []
    for limit in bands.limits:
        # At a border with a competitor the difference of two costs changes twice as fast as either.
        cost = field.cost if lead is None else np.maximum(field.cost, np.float32(limit) + lead / 2)
        shape = polygon_within(
            cost,
            limit,
            cell_m=field.cell_m,
            corner=field.corner(network),
            step=field.cell_m * costs.access_per_m / costs.per_unit,
            min_part_m2=MIN_PART_M2[network.mode],
        )
        shapes.append(shape)
    return shapes


def to_rings(shapes: list[shapely.MultiPolygon]) -> list[shapely.MultiPolygon]:
    """Take each shape out of the next."""
    inner = [shapely.MultiPolygon(), *shapes[:-1]]
    return [polygons_of(shapely.difference(a, b)) for a, b in zip(shapes, inner, strict=True)]


def _lead_of(network: StreetNetwork, rivals: Search, field: Field) -> NDArray[np.float32]:
    """By how much each cell is nearer to a competitor; negative where it is nearer to the place."""
    theirs = field._replace(cost=np.full_like(field.cost, np.inf))
    fill_field(network, rivals, theirs, edge_m=MAX_SNAP_M)
    with np.errstate(invalid="ignore"):
        lead: NDArray[np.float32] = np.nan_to_num(field.cost - theirs.cost, nan=-np.inf)
    return lead


def polygons_of(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """The polygons of a difference, which may also hold lines where borders coincide."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]
    return shapely.orient_polygons(shapely.MultiPolygon(parts))
