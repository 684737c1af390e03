"""Shapes of the answers about places."""

import uuid
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

State = Literal["occupied", "vacant", "non_retail", "unknown"]
Freshness = Literal["fresh", "ageing", "stale", "never"]
FootfallClass = Literal["main", "secondary", "side"]
ClassReason = Literal["few_counts", "check_failed"]


class Interval(BaseModel):
    """A value with its 80 % interval."""

    value: float
    lower: float | None
    upper: float | None


class VacantSince(BaseModel):
    """Start of a vacancy spell; an interval when it is not known to the day."""

    earliest: date | None = Field(description="Earliest day it can have begun; null: not known.")
    latest: date = Field(description="Latest day it can have begun.")
    basis: str = Field(description="How it is known: exact, between_visits, first_seen, owner_statement.")


class ScoreSummary(BaseModel):
    """Location score, and for a vacant unit its rank with the range that 80 % of all weightings give."""

    value: float = Field(description="0-100.")
    rank: int | None = Field(description="Among the vacant units; null when occupied.")
    rank_lower: int | None
    rank_upper: int | None
    of: int = Field(description="How many vacant units were ranked.")


class ShopUnit(BaseModel):
    """A shop unit as lists show it."""

    id: int
    uid: uuid.UUID
    nis_code: str
    local_code: str
    name: str | None = Field(description="Name of the occupant, else of the unit.")
    address: str
    street: str | None
    house_number: str | None
    postcode: str | None
    state: State
    branch_code: str | None
    branch_group: str | None
    floor_area_m2: float | None = Field(description="Sales floor area, m2; null: not known.")
    vacancy_class: Literal["initial", "long_term", "structural", "unknown"] | None
    vacant_since: VacantSince | None
    market_status: str | None
    asking_rent_eur_per_month: float | None
    core_id: int | None
    cluster_id: int | None
    footfall_per_day: Interval | None
    footfall_class: FootfallClass | None = Field(
        description="By the footfall within its core; null: not known."
    )
    class_reason: ClassReason | None = Field(
        description="Why only the class is given, and no number; null: a number may be."
    )
    score: ScoreSummary | None
    last_seen_on: date | None
    seen_months_ago: int | None = Field(description="Whole months since then; null: never seen.")
    freshness: Freshness = Field(description="By the months that its municipality chose.")
    lon: float
    lat: float


class ShopUnitPage(BaseModel):
    """One page of shop units; `total` counts all pages."""

    total: int
    next: str | None = Field(description="Address of the next page; null on the last.")
    items: list[ShopUnit]


class Fact(BaseModel):
    """One fact about a shop unit, with where it came from."""

    code: str
    value: str | float | bool | None
    unit: str | None = None
    source: str | None = None
    observed_on: date | None = None


class Period(BaseModel):
    """An occupancy or a vacancy spell."""

    kind: Literal["occupancy", "vacancy"]
    from_: date = Field(alias="from")
    to: date | None
    from_earliest: date | None
    start_basis: str
    occupant_name: str | None
    branch_code: str | None
    branch_label: str | None
    cause: str | None
    end_reason: str | None
    is_popup: bool
    source: str | None


class Relation(BaseModel):
    """Another unit this one came out of or went into."""

    kind: str
    happened_on: date | None
    id: int
    local_code: str
    address: str
    is_later: bool


class Component(BaseModel):
    """What one criterion adds to a location score."""

    code: str
    label: str
    value: float | None
    unit: str | None
    lower: float | None
    upper: float | None
    scaled: float | None = Field(description="0-100 between the reference values; null: missing.")
    weight: float = Field(description="Share of the score, 0-1, after missing criteria are left out.")
    contribution: float = Field(description="Points of the score.")
    source: str | None
    observed_on: str | None
    note: str | None


class Run(BaseModel):
    """The analysis run a figure comes from."""

    id: int
    finished_at: datetime
    code_version: str
    data_version: int


class ScoreDetail(ScoreSummary):
    """A location score with all that makes it up."""

    profile: str
    p_first: float | None
    p_top5: float | None
    missing: list[str]
    components: list[Component]
    run: Run


class NearSensor(BaseModel):
    """A sensor, or a point that was counted by hand, on which an estimate rests."""

    id: int | None = Field(description="Key of the sensor; none of a point that was counted by hand.")
    name: str
    distance_m: float | None


class FootfallEstimate(BaseModel):
    """Footfall in front of a unit, with its 80 % interval, or why there is none."""

    value: float | None
    lower: float | None
    upper: float | None
    per: Literal["day"] = "day"
    sensors: list[NearSensor]
    passage_class: str | None
    footfall_class: FootfallClass | None
    reason: str | None = Field(
        description="no_sensor, no_sensor_within_reach; few_counts, check_failed: only `footfall_class` is known."
    )


class AccessibilityValue(BaseModel):
    """One accessibility indicator, or why there is none."""

    code: str
    label: str
    value: float | None
    unit: Literal["persons", "m"]
    reason: str | None = Field(
        description="Code list accessibility_reason; with a value only `lower_bound`: not all people are known."
    )
    reason_label: str | None
    source: str | None
    observed_on: str | None = Field(description="Date or period of the source.")


class Accessibility(BaseModel):
    """Who can reach a unit, and how far what matters is; all travelled towards it."""

    items: list[AccessibilityValue]
    nearest_limit_m: float = Field(description="How far was looked for parking, stops and competitors.")
    decay_per_min: float = Field(description="Decay of `persons_walk_decayed`: exp(-decay x minutes).")
    run: Run


class ParcelSummary(BaseModel):
    """The parcel a unit stands on."""

    id: int
    capakey: str
    area_m2: float


class ClusterSummary(BaseModel):
    """The vacancy cluster a unit belongs to."""

    id: int
    label: str
    p_value: float
    sentence: str


class VacantNeighbours(BaseModel):
    """How many neighbours of a vacant unit stand vacant too: a local view, tested one by one."""

    vacant: int
    units: int
    expected: float
    p_value: float
    q_value: float
    reach_m: float
    n_tested: int
    sentence: str


class ShopUnitDetail(ShopUnit):
    """A shop unit with its history and what was computed about it."""

    today: date = Field(description="Day it is in the database: an edit that says no other begins on it.")
    facts: list[Fact]
    history: list[Period]
    relations: list[Relation]
    score_detail: ScoreDetail | None
    footfall: FootfallEstimate | None
    accessibility: Accessibility | None = Field(
        description="null: not computed yet, `kernkaart refresh` does."
    )
    parcel: ParcelSummary | None
    cluster: ClusterSummary | None
    vacant_neighbours: VacantNeighbours | None


class Counts(BaseModel):
    """How much is known of a municipality."""

    shop_units: int
    vacant: int
    parcels: int
    buildings: int
    street_segments: int
    sensors: int
    parking_zones: int


class Rate(BaseModel):
    """Vacant units over vacant and occupied ones; units without a trade or in an unknown state are in neither."""

    rate: float | None
    numerator: int
    denominator: int


class Municipality(BaseModel):
    """A municipality, with what is known of it."""

    nis_code: str
    name_nl: str
    name_fr: str
    name_en: str
    population: int | None
    population_on: date | None
    market_weekdays: list[int] | None = Field(description="1 Monday to 7 Sunday.")
    centre: tuple[float, float] | None = Field(description="Longitude, latitude.")
    bbox: tuple[float, float, float, float] | None = Field(description="west, south, east, north.")
    is_demo: bool
    data_version: int
    counts: Counts
    vacancy: Rate
    refreshed_at: datetime | None = Field(description="When its figures were computed; null: not yet.")
    is_stale: bool = Field(description="Has something changed since then?")


class Core(BaseModel):
    """A shopping area."""

    id: int
    code: str
    name: str
    area_type: str
    shop_units: int


class MunicipalityDetail(Municipality):
    """A municipality with its cores."""

    cores: list[Core]


class MunicipalityList(BaseModel):
    """All municipalities."""

    items: list[Municipality]


class CodeItem(BaseModel):
    """One code with its labels."""

    code: str
    label_nl: str
    label_fr: str
    label_en: str
    parent_code: str | None
    locatus_group: str | None
    provincial_group: str | None


class CodeListAnswer(BaseModel):
    """A code list of one version."""

    scheme: str
    version: str | None
    items: list[CodeItem]


class FoundPlace(BaseModel):
    """A place found by name."""

    kind: Literal["shop_unit", "address", "street", "parcel", "public_place"]
    id: int | None = Field(description="Its key; empty for a street or an address.")
    label: str
    detail: str | None = Field(description="Who trades there, or the kind of public place.")
    lon: float
    lat: float
    is_about: bool = Field(description="Is the place estimated: between known house numbers, or mid-street?")


class FoundPlaces(BaseModel):
    """Places, the likeliest first."""

    items: list[FoundPlace]
