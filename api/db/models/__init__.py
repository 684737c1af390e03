"""The tables. Every column comments itself, with its unit: PostGIS stores it, QGIS shows it."""

from api.db.models.accessibility import Accessibility
from api.db.models.account import (
    Account,
    ApiToken,
    Attempt,
    Audit,
    Membership,
    RoleRight,
    ShareDefault,
    Sharing,
    SignedIn,
    WelcomeLink,
)
from api.db.models.acquisition import (
    AcquisitionCase,
    CaseActivity,
    CaseChange,
    CaseDocument,
    CaseUnit,
    IncentiveGrant,
)
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
from api.db.models.branches import BranchFlow, BranchWish, PeerChoice
from api.db.models.card import (
    OwnerLink,
    PublicContact,
    UnitCard,
    UnitCardChange,
    UnitConsent,
    UnitPhoto,
    UnitProposal,
    UnitProposalField,
)
from api.db.models.catchment import Catchment, CatchmentBand, CatchmentRun
from api.db.models.company import CompanyEstablishment, WorklistDecision
from api.db.models.counts import (
    AreaFigure,
    FootfallClock,
    FootfallDay,
    FootfallHour,
    ManualCount,
    PushSupplier,
)
from api.db.models.duration import ExpectedVacancy, RelocationDecision, VacancyDuration, VacancyOutlook
from api.db.models.event import Event, EventEffect
from api.db.models.finding import CountFinding
from api.db.models.footfall import FootfallCount, FootfallSensor
from api.db.models.forecast import ForecastDay, ForecastRun, ForecastValue
from api.db.models.land import Backdrop, Building, Parcel, PlaceHint, PublicPlace, StreetSegment
from api.db.models.parking import ParkingObservation, ParkingZone
from api.db.models.person import AccessLog, Erasure, Person, PersonChange, PersonTie
from api.db.models.profile import ScoreProfile, UnitIndicators
from api.db.models.register import (
    BusinessPremisesRecord,
    FormerParcel,
    LegalVacancyRecord,
    RegisterAssignment,
    RegisterParcel,
)
from api.db.models.requirement import RequirementProfile
from api.db.models.retention import Retention, RetentionChange, RetentionRun
from api.db.models.round import SurveyObservation, SurveyPhoto, SurveyRound, SurveyStop
from api.db.models.series import SeriesBreak
from api.db.models.source import CodeList, Dataset, ImportBatch, ImportChange, ImportRefusal
from api.db.models.street import StreetIsland, TravelSpeed
from api.db.models.street_footfall import StreetFootfall
from api.db.models.unit import Occupancy, ShopUnit, ShopUnitRelation, VacancySpell
from api.db.models.weather import WeatherHour

__all__ = [
    "AccessLog",
    "Accessibility",
    "Account",
    "AcquisitionCase",
    "AnalysisRun",
    "ApiToken",
    "AreaFigure",
    "Attempt",
    "Audit",
    "Backdrop",
    "BranchFlow",
    "BranchWish",
    "Building",
    "BusinessPremisesRecord",
    "CaseActivity",
    "CaseChange",
    "CaseDocument",
    "CaseUnit",
    "Catchment",
    "CatchmentBand",
    "CatchmentRun",
    "CodeList",
    "CompanyEstablishment",
    "Core",
    "CountFinding",
    "Dataset",
    "Erasure",
    "Event",
    "EventEffect",
    "ExpectedVacancy",
    "FootfallClock",
    "FootfallCount",
    "FootfallDay",
    "FootfallHour",
    "FootfallSensor",
    "ForecastDay",
    "ForecastRun",
    "ForecastValue",
    "FormerParcel",
    "ImportBatch",
    "ImportChange",
    "ImportRefusal",
    "IncentiveGrant",
    "IndicatorValue",
    "LegalVacancyRecord",
    "LocationScore",
    "ManualCount",
    "Membership",
    "Municipality",
    "Neighbourhood",
    "Occupancy",
    "OwnerLink",
    "Parcel",
    "ParkingObservation",
    "ParkingZone",
    "PeerChoice",
    "Person",
    "PersonChange",
    "PersonTie",
    "PlaceHint",
    "PopulationPoint",
    "PublicContact",
    "PublicPlace",
    "PushSupplier",
    "RegisterAssignment",
    "RegisterParcel",
    "RelocationDecision",
    "RequirementProfile",
    "Retention",
    "RetentionChange",
    "RetentionRun",
    "RoleRight",
    "ScoreProfile",
    "SectorStat",
    "SeriesBreak",
    "ShareDefault",
    "Sharing",
    "ShopUnit",
    "ShopUnitRelation",
    "SignedIn",
    "StatSector",
    "StreetFootfall",
    "StreetIsland",
    "StreetSegment",
    "SurveyObservation",
    "SurveyPhoto",
    "SurveyRound",
    "SurveyStop",
    "TravelSpeed",
    "UnitCard",
    "UnitCardChange",
    "UnitConsent",
    "UnitIndicators",
    "UnitPhoto",
    "UnitProposal",
    "UnitProposalField",
    "VacancyCluster",
    "VacancyClusterUnit",
    "VacancyDuration",
    "VacancyOutlook",
    "VacancyScan",
    "VacancySpell",
    "WeatherHour",
    "WelcomeLink",
    "WorklistDecision",
]
