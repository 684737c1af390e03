"""The demo as readings: town after town, kind after kind, nothing kept longer than needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from api.demo import records
from api.demo.companies import company_frame
from api.demo.counts import footfall_counts
from api.demo.events import event_frame
from api.demo.expected import expected_frame
from api.demo.hand_counts import area_figure_frame, manual_count_frame
from api.demo.invented import plans
from api.demo.parking import parking_observations, zone_frame
from api.demo.plan import SOURCE_SRID
from api.demo.registers import business_premises_frame, former_parcel_frame, legal_vacancy_frame
from api.demo.sensors import sensor_frame
from api.demo.subdivide import Shapes
from api.demo.surroundings import backdrop, cores, public_places
from api.demo.town import Order, Town
from api.demo.weather import weather_frame

if TYPE_CHECKING:
    from api.importers import Chunk, Reading

_FICTION = (
    "Fictional demo data: names, NIS codes, location, area, inhabitants and market days are true of the seven "
    "municipalities, everything else is invented."
)
_REFUSED = ("row_number", "column_name", "value", "reason", "remedy")
_POLYGONS = frozenset(
    {"municipality", "core", "parcel", "building", "backdrop", "stat_sector", "former_parcel"}
)

Frames = Callable[[Town], Iterator[pd.DataFrame]]


def readings(
    *,
    srid: int,
    municipalities: int = 7,
    seed: int = 20261124,
    until: date,
    years: int = 10,
    count_days: int = 730,
) -> Iterator[Reading]:
    """Invent the demo.

    The same seed and last day give the same rows, to the byte. Readings of one town follow each other, its
    municipality first; rows are made when a reading's chunks are read, so a town that is passed over costs nothing.

    Parameters
    ----------
    srid
        EPSG number of the metric CRS of the geometry.
    municipalities
        How many: the seven, then up to 293 invented towns.
    seed
        Another seed invents other towns.
    until
        Last day of the history; counts end at the midnight before it.
    years
        Years of occupancies and vacancy spells, at least 3.
    count_days
        Days of hourly counts.

    Raises
    ------
    ValueError
        A number of towns or years that cannot be.
    """
    records.years_allowed(years, until)
    order = Order(srid=srid, seed=seed, until=until, years=years, count_days=max(count_days, 0))
    return _stream(order, plans(municipalities))


def _stream(order: Order, listed: list) -> Iterator[Reading]:  # type: ignore[type-arg]
    from api.importers import Reading

    for number, plan in enumerate(listed, start=1):
        town = Town(plan, number, order)
        for target, frames in _TARGETS.items():
            if order.count_days == 0 and target in ("footfall_count", "parking_observation", "weather_hour"):
                continue
            yield Reading(target=target, assumed=[_FICTION], chunks=_chunks(town, target, frames))


def _chunks(town: Town, target: str, frames: Frames) -> Iterator[Chunk]:
    from api.importers import Chunk

    row = 1
    for frame in frames(town):
        rows = _located(frame, target, town.order.srid)
        rows.insert(0, "row_number", np.arange(row, row + len(rows), dtype=np.int64))
        row += len(rows)
        yield Chunk(rows=rows, refused=pd.DataFrame(columns=list(_REFUSED)), done_share=None)


def _located(frame: pd.DataFrame, target: str, srid: int) -> pd.DataFrame | gpd.GeoDataFrame:
    if "geometry" not in frame.columns:
        return frame
    geometry = frame["geometry"].to_numpy(object)
    if target in _POLYGONS:
        geometry = as_multipolygons(geometry)
    rows = frame.drop(columns="geometry")
    if "area_geom" in rows.columns:
        rows["area_geom"] = transformed(as_multipolygons(rows["area_geom"].to_numpy(object)), srid)
    return gpd.GeoDataFrame(rows, geometry=transformed(geometry, srid), crs=srid)


def as_multipolygons(shapes: Shapes) -> Shapes:
    """Make every area a MultiPolygon, as the database stores it.

    Parameters
    ----------
    shapes
        Polygons and MultiPolygons, shape (n,).
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    areas = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    multi: Shapes = shapely.multipolygons(parts[areas], indices=owner[areas])
    return multi


def transformed(shapes: Shapes, srid: int) -> Shapes:
    """Move shapes from Lambert 72 to another CRS.

    Parameters
    ----------
    shapes
        Geometries in Lambert 72, shape (n,).
    srid
        EPSG number of the CRS wanted.
    """
    if srid == SOURCE_SRID:
        return shapes
    move = _transformer(srid).transform
    moved: Shapes = shapely.transform(shapes, lambda xy: np.column_stack(move(xy[:, 0], xy[:, 1])))
    return moved


@lru_cache(maxsize=4)
def _transformer(srid: int) -> Transformer:
    return Transformer.from_crs(SOURCE_SRID, srid, always_xy=True)


def _one(make: Callable[[Town], pd.DataFrame]) -> Frames:
    def frames(town: Town) -> Iterator[pd.DataFrame]:
        yield make(town)

    return frames


def _backdrop(town: Town) -> pd.DataFrame:
    return backdrop(
        town.plan, town.seed, town.skeleton, limits=town.border, made=town.lots, specials=town.specials
    )


def _counts(town: Town) -> Iterator[pd.DataFrame]:
    return footfall_counts(
        town.plan,
        town.seed,
        town.sensors,
        town.events,
        until=town.order.until,
        count_days=town.order.count_days,
    )


def _observations(town: Town) -> pd.DataFrame:
    return parking_observations(
        town.plan, town.seed, town.parking, until=town.order.until, count_days=town.order.count_days
    )


_TARGETS: dict[str, Frames] = {
    "municipality": _one(records.municipality_frame),
    "core": _one(lambda town: cores(town.plan, town.skeleton, town.specials)),
    "stat_sector": _one(lambda town: town.sectors.sectors),
    "sector_stat": _one(lambda town: town.sectors.stats),
    "backdrop": _one(_backdrop),
    "street_segment": _one(records.street_frame),
    "parcel": _one(lambda town: town.parcels),
    "building": _one(records.building_frame),
    "public_place": _one(
        lambda town: public_places(town.plan, town.seed, town.skeleton, town.lots, town.specials)
    ),
    "shop_unit": _one(records.shop_unit_frame),
    "shop_unit_relation": _one(records.relation_frame),
    "occupancy": _one(records.occupancy_frame),
    "vacancy_spell": _one(records.vacancy_spell_frame),
    "company_establishment": _one(company_frame),
    "series_break": _one(records.series_break_frame),
    "expected_vacancy": _one(expected_frame),
    "footfall_sensor": _one(lambda town: sensor_frame(town.plan, town.sensors)),
    "footfall_count": _counts,
    "manual_count": _one(manual_count_frame),
    "area_figure": _one(area_figure_frame),
    "parking_zone": _one(lambda town: zone_frame(town.plan, town.parking)),
    "parking_observation": _one(_observations),
    "weather_hour": _one(weather_frame),
    "event": _one(lambda town: event_frame(town.plan, town.skeleton, town.events)),
    "former_parcel": _one(former_parcel_frame),
    "legal_vacancy_record": _one(legal_vacancy_frame),
    "business_premises_record": _one(business_premises_frame),
}
