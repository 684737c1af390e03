"""Importers: an outside file becomes a frame with our column names, plus what was refused and why. No database."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from api.importers.reading import Chunk, Importer, Reading, Request, UnreadableSource

__all__ = ["IMPORTERS", "Chunk", "Importer", "Reading", "Request", "UnreadableSource"]


def _importer(name: str, summary: str, targets: str, place: str, **options: str) -> Importer:
    """Register a source; its module is loaded when it is used, so that listing the sources is instant."""
    module, function = place.split(".")

    def start(request: Request) -> Iterable[Reading]:
        from api.importers.asking import check

        check(IMPORTERS[name], request)
        readings: Iterable[Reading] = getattr(import_module(f"api.importers.{module}"), function)(request)
        return readings

    return Importer(name, summary, tuple(targets.split()), start, options)


_CLOCK = "time zone of clock times without an offset; Europe/Brussels unless said"
_MOST = "more counts per hour than this are refused; 30000 unless said"

IMPORTERS: dict[str, Importer] = {
    one.name: one
    for one in (
        _importer(
            "parcels",
            "Cadastral parcels: GRB (GeoJSON, GML, shapefile, GeoPackage) or any polygons",
            "parcel",
            "parcels.read_parcels",
        ),
        _importer(
            "buildings",
            "Buildings: GRB, OpenStreetMap extracts or any polygons",
            "building",
            "buildings.read_buildings",
        ),
        _importer(
            "osm",
            "OpenStreetMap file: streets, buildings, backdrop, shops as hints, public places, car parks",
            "street_segment building backdrop place_hint public_place parking_zone",
            "osm.read_osm",
            only="what to read of it, such as street_segment,building",
        ),
        _importer(
            "streets",
            "Streets from any layer of lines",
            "street_segment",
            "streets.read_streets",
            class_map="CSV from their street classes to ours",
        ),
        _importer(
            "shop-units",
            "Shop units from a survey, Locatus or any table, with the state that was seen",
            "shop_unit",
            "shop_units.read_shop_units",
            branch_map="CSV from their branches to ours, vacant or non_retail",
        ),
        _importer(
            "counts",
            "Counts in long form: one row per counter, moment, mode and direction",
            "footfall_count",
            "counts.read_counts",
            timezone=_CLOCK,
            minutes="length of an interval where no column says it; 60 unless said",
            mode="mode where no column says it; ped unless said",
            max_per_hour=_MOST,
        ),
    )
}
