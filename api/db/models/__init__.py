"""The tables. Every column comments itself, with its unit: PostGIS stores it, QGIS shows it."""

from api.db.models.accessibility import Accessibility
from api.db.models.analysis import (
    AnalysisRun,
    IndicatorValue,
    LocationScore,
    PopulationPoint,
    VacancyCluster,
    VacancyClusterUnit,
    VacancyScan,
)
from api.db.models.area import Core, Municipality, Neighbourhood, SectorStat, StatSector
from api.db.models.catchment import Catchment, CatchmentBand, CatchmentRun
from api.db.models.footfall import FootfallCount, FootfallSensor
from api.db.models.land import Backdrop, Building, Parcel, PlaceHint, PublicPlace, StreetSegment
from api.db.models.parking import Event, ParkingObservation, ParkingZone
from api.db.models.source import CodeList, Dataset, ImportBatch, ImportChange, ImportRefusal
from api.db.models.street import StreetIsland, TravelSpeed
from api.db.models.unit import Occupancy, ShopUnit, ShopUnitRelation, VacancySpell

__all__ = [
    "Accessibility",
    "AnalysisRun",
    "Backdrop",
    "Building",
    "Catchment",
    "CatchmentBand",
    "CatchmentRun",
    "CodeList",
    "Core",
    "Dataset",
    "Event",
    "FootfallCount",
    "FootfallSensor",
    "ImportBatch",
    "ImportChange",
    "ImportRefusal",
    "IndicatorValue",
    "LocationScore",
    "Municipality",
    "Neighbourhood",
    "Occupancy",
    "Parcel",
    "ParkingObservation",
    "ParkingZone",
    "PlaceHint",
    "PopulationPoint",
    "PublicPlace",
    "SectorStat",
    "ShopUnit",
    "ShopUnitRelation",
    "StatSector",
    "StreetIsland",
    "StreetSegment",
    "TravelSpeed",
    "VacancyCluster",
    "VacancyClusterUnit",
    "VacancyScan",
    "VacancySpell",
]
