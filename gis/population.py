"""Where people live: totals per area, placed on the buildings in it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.errors import FrameError
from gis.frames import require

MIN_FOOTPRINT_M2 = 20.0


def place_population(
    areas: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    *,
    streets: gpd.GeoDataFrame | None = None,
    buildings_extent: BaseGeometry | None = None,
    spacing_m: float = 50.0,
) -> gpd.GeoDataFrame:
    """Spread the inhabitants of each area over points where they can live.

    Buildings share an area's total by footprint x floors. An area without a building that can be lived in, or
    that reaches beyond where buildings are known, is spread along its streets, and without streets over a
    grid. The total of an area is kept. A suppressed or unknown total is not placed; `placement` lists it.

    Parameters
    ----------
    areas
        Polygons with ``population`` (NaN where not known) and, optionally, ``is_suppressed``.
    buildings
        Polygons, optionally with ``floors`` and ``is_residential`` (missing counts as residential).
    streets
        Lines, for areas without buildings.
    buildings_extent
        Where buildings are known; none means everywhere. An area less than 90 % inside it is not left to the
        few buildings at its edge.
    spacing_m
        Distance between points along streets and in the grid, in metres.

    Returns
    -------
    geopandas.GeoDataFrame
        Points with ``persons``, ``area_id`` and ``basis`` (building, street or grid).

    Raises
    ------
    FrameError
        When a column is missing, a population is negative or the frames are not in one coordinate system.
    """
    require(areas, "population", what="areas")
    _check_same_system(areas, buildings, streets)
    people = areas["population"].astype(float).where(~suppressed(areas))
    if (people < 0).any():
        raise FrameError(f"population is negative in area {people.index[people < 0][0]}")
    filled = areas[people > 0]
    by_buildings = _building_points(_covered(filled, buildings_extent), buildings)
    rest = filled[~filled.index.isin(by_buildings["area_id"])]
    by_streets = _street_points(rest, streets, spacing_m)
    rest = rest[~rest.index.isin(by_streets["area_id"])]
    points = pd.concat([by_buildings, by_streets, _grid_points(rest, spacing_m)], ignore_index=True)
    total = points.groupby("area_id")["weight"].transform("sum")
    points["persons"] = points["area_id"].map(people).astype(float) * points["weight"].astype(float) / total
    return gpd.GeoDataFrame(
        points[["persons", "area_id", "basis", "geometry"]], geometry="geometry", crs=areas.crs
    )


def placement(areas: gpd.GeoDataFrame, points: gpd.GeoDataFrame) -> pd.DataFrame:
    """Say for every area what became of its inhabitants.

    Parameters
    ----------
    areas
        As given to `place_population`.
    points
        What it returned.

    Returns
    -------
    pandas.DataFrame
        On the index of ``areas``: ``state`` (placed, suppressed or unknown), ``persons``, ``n_points`` and
        ``basis``.
    """
    grouped = points.groupby("area_id")
    state = pd.Series("placed", index=areas.index)
    state[areas["population"].isna()] = "unknown"
    state[suppressed(areas)] = "suppressed"
    persons = grouped["persons"].sum().reindex(areas.index)
    return pd.DataFrame(
        {
            "state": state,
            "persons": persons.where(persons.notna() | (state != "placed"), 0.0),
            "n_points": grouped.size().reindex(areas.index, fill_value=0),
            "basis": grouped["basis"].first().reindex(areas.index),
        }
    )


def suppressed(areas: gpd.GeoDataFrame) -> pd.Series:
    """Tell which areas have a total that its publisher withholds.

    Parameters
    ----------
    areas
        Areas, with ``is_suppressed`` where their source withholds totals.

    Returns
    -------
    pandas.Series
        True where the total is withheld.
    """
    if "is_suppressed" not in areas.columns:
        return pd.Series(False, index=areas.index)
    withheld: pd.Series = areas["is_suppressed"].astype("boolean").fillna(False).astype(bool)
    return withheld


def _check_same_system(areas: gpd.GeoDataFrame, *others: gpd.GeoDataFrame | None) -> None:
    for other in others:
        if other is not None and other.crs != areas.crs:
            raise FrameError(
                f"areas are in {areas.crs}, but another layer is in {other.crs}: "
                "bring both to one metric system"
            )


def _covered(areas: gpd.GeoDataFrame, extent: BaseGeometry | None) -> gpd.GeoDataFrame:
    if extent is None:
        return areas
    inside_m2 = areas.geometry.intersection(extent).area
    return areas[inside_m2 >= 0.9 * areas.geometry.area]


def _homes(buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    homes = buildings[~(buildings.geometry.is_empty | buildings.geometry.isna())]
    if "is_residential" in homes.columns:
        homes = homes[homes["is_residential"].astype("boolean").fillna(True).astype(bool)]
    return homes


def _living_space_m2(homes: gpd.GeoDataFrame) -> NDArray[np.float64]:
    footprint_m2: NDArray[np.float64] = homes.geometry.area.to_numpy(float)
    if "floors" not in homes.columns:
        return footprint_m2
    floors = pd.to_numeric(homes["floors"], errors="coerce").to_numpy(float)
    is_known = np.isfinite(floors) & (floors > 0)
    usual = float(np.median(floors[is_known])) if is_known.any() else 1.0
    space_m2: NDArray[np.float64] = footprint_m2 * np.where(is_known, floors, usual)
    return space_m2


def _frame(area_id: object, weight: object, basis: str, geometry: object) -> pd.DataFrame:
    frame = pd.DataFrame({"area_id": area_id, "weight": weight, "basis": basis, "geometry": geometry})
    return frame.astype({"weight": float})


def _building_points(areas: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> pd.DataFrame:
    homes = _homes(buildings)
    where = shapely.point_on_surface(homes.geometry.to_numpy())
    home, area = areas.sindex.query(where, predicate="intersects")
    # A home on a shared border belongs to one area only: the smaller one, which knows more.
    order = np.lexsort((areas.index.to_numpy()[area].astype(str), areas.geometry.area.to_numpy()[area], home))
    home, first = np.unique(home[order], return_index=True)
    area = area[order][first]
    space_m2, footprint_m2 = _living_space_m2(homes)[home], homes.geometry.area.to_numpy()[home]
    found: pd.DataFrame = _frame(areas.index.to_numpy()[area], space_m2, "building", where[home])
    # Sheds and garages are small; an area that has nothing else keeps them.
    is_house = footprint_m2 >= MIN_FOOTPRINT_M2
    has_house = found["area_id"].isin(found["area_id"][is_house]).to_numpy()
    kept: pd.DataFrame = found[(is_house | ~has_house) & (space_m2 > 0)]
    return kept


def _street_points(
    areas: gpd.GeoDataFrame, streets: gpd.GeoDataFrame | None, spacing_m: float
) -> pd.DataFrame:
    parts = [_frame([], [], "street", [])]
    if streets is not None and len(areas):
        lines = streets.geometry.to_numpy()
        for area_id, polygon in areas.geometry.items():
            near = lines[streets.sindex.query(polygon, predicate="intersects")]
            inside = shapely.get_parts(shapely.intersection(near, polygon))
            along = [_along(line, spacing_m) for line in inside[shapely.length(inside) > 0]]
            for line, points in zip(inside[shapely.length(inside) > 0], along, strict=True):
                parts.append(_frame(area_id, line.length / len(points), "street", points))
    return pd.concat(parts, ignore_index=True)


def _along(line: BaseGeometry, spacing_m: float) -> NDArray[np.object_]:
    n = max(1, round(line.length / spacing_m))
    points: NDArray[np.object_] = shapely.line_interpolate_point(
        line, (np.arange(n) + 0.5) / n, normalized=True
    )
    return points


def _grid_points(areas: gpd.GeoDataFrame, spacing_m: float) -> pd.DataFrame:
    parts = [_frame([], [], "grid", [])]
    for area_id, polygon in areas.geometry.items():
        west, south, east, north = polygon.bounds
        x, y = np.meshgrid(
            np.arange(west + spacing_m / 2, east, spacing_m),
            np.arange(south + spacing_m / 2, north, spacing_m),
        )
        inside = shapely.contains_xy(polygon, x.ravel(), y.ravel())
        points = shapely.points(x.ravel()[inside], y.ravel()[inside])
        if len(points) == 0:
            points = np.array([shapely.point_on_surface(polygon)], dtype=object)
        parts.append(_frame(area_id, 1.0, "grid", points))
    return pd.concat(parts, ignore_index=True)
