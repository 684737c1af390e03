/** What the API answers, after the contract; to be replaced by types generated from OpenAPI. */

export type UnitState = "occupied" | "vacant" | "non_retail" | "unknown";
export type VacancyClass = "initial" | "long_term" | "structural" | "unknown";
export type Mode = "walk" | "bicycle" | "car";
export type Position = [lon: number, lat: number];
export type Bbox = [west: number, south: number, east: number, north: number];

export interface Estimate {
  value: number;
  lower: number | null;
  upper: number | null;
}

export interface About {
  version: string;
  srid: number;
  is_demo: boolean;
  languages: string[];
  attribution: {
    dataset: string;
    publisher: string | null;
    licence: string | null;
    attribution: string | null;
    vintage_on: string | null;
  }[];
}

export interface Municipality {
  nis_code: string;
  name_nl: string;
  name_fr: string | null;
  name_en: string | null;
  population: number | null;
  population_on: string | null;
  centre: Position | null;
  bbox: Bbox | null;
  is_demo: boolean;
  data_version: number | string;
  counts: {
    shop_units: number;
    vacant: number;
    parcels: number;
    buildings: number;
    street_segments: number;
    sensors: number;
    parking_zones: number;
  };
  /** Vacant over vacant and occupied: the one definition, as the server counts. */
  vacancy: { rate: number | null; numerator: number; denominator: number };
  refreshed_at: string | null;
  is_stale: boolean;
}

export interface CodeItem {
  code: string;
  label_nl: string;
  label_fr: string;
  label_en: string;
}

export interface Core {
  id: number;
  code: string;
  name: string;
  area_type: string | null;
}

export interface MunicipalityDetail extends Municipality {
  cores: Core[];
  market_weekdays: number[] | null;
}

export interface Criterion {
  code: string;
  label_nl: string;
  label_fr: string;
  label_en: string;
  unit: string | null;
  direction: string;
  weight: number;
  reference_low: number | null;
  reference_high: number | null;
  scale: string;
}

/** Columns, one entry per shop unit, in one order. */
export interface Points {
  ids: number[];
  lon: number[];
  lat: number[];
  state: UnitState[];
  branch_group: (string | null)[];
  vacancy_class: (VacancyClass | null)[];
  floor_area_m2: (number | null)[];
  core_id: (number | null)[];
  cluster_id: (number | null)[];
  address: (string | null)[];
  name: (string | null)[];
  local_code: (string | null)[];
  score: (number | null)[];
  rank: (number | null)[];
  rank_lower: (number | null)[];
  rank_upper: (number | null)[];
  footfall_per_day: (number | null)[];
  last_seen_on: (string | null)[];
  criteria: Criterion[];
  scaled: Record<string, (number | null)[]>;
}

export interface Fact {
  code: string;
  value: string | number | boolean | null;
  unit: string | null;
  source: string | null;
  observed_on: string | null;
}

export interface HistoryItem {
  kind: "occupancy" | "vacancy";
  from: string | null;
  to: string | null;
  from_earliest: string | null;
  start_basis: string;
  occupant_name: string | null;
  branch_code: string | null;
  branch_label: string | null;
  cause: string | null;
  end_reason: string | null;
  is_popup: boolean;
  source: string | null;
}

export interface ScoreComponent {
  code: string;
  label: string;
  value: number | null;
  unit: string | null;
  lower: number | null;
  upper: number | null;
  scaled: number | null;
  weight: number;
  contribution: number | null;
  source: string | null;
  observed_on: string | null;
  note: string | null;
}

export interface ScoreDetail {
  profile: string;
  value: number | null;
  rank: number | null;
  rank_lower: number | null;
  rank_upper: number | null;
  of: number | null;
  p_first: number | null;
  p_top5: number | null;
  missing: string[];
  components: ScoreComponent[];
  run: { id: number; finished_at: string | null; code_version: string; data_version: number | string } | null;
}

export interface UnitFootfall {
  value: number | null;
  lower: number | null;
  upper: number | null;
  sensors: { id: number; name: string; distance_m: number | null }[];
  passage_class: string | null;
  reason: string | null;
}

export interface ShopUnit {
  id: number;
  uid: string;
  nis_code: string;
  local_code: string;
  name: string | null;
  address: string;
  street: string | null;
  house_number: string | null;
  postcode: string | null;
  state: UnitState;
  branch_code: string | null;
  branch_group: string | null;
  floor_area_m2: number | null;
  vacancy_class: VacancyClass | null;
  vacant_since: { earliest: string | null; latest: string | null; basis: string } | null;
  market_status: string | null;
  asking_rent_eur_per_month: number | null;
  core_id: number | null;
  cluster_id: number | null;
  footfall_per_day: Estimate | null;
  score: {
    value: number;
    rank: number | null;
    rank_lower: number | null;
    rank_upper: number | null;
    of: number | null;
  } | null;
  last_seen_on: string | null;
  lon: number;
  lat: number;
}

/** One figure of how well a place can be reached; without a value there is a reason. */
export interface AccessibilityItem {
  code: string;
  label: string;
  value: number | null;
  unit: "persons" | "m";
  reason: string | null;
  reason_label: string | null;
  source: string | null;
  observed_on: string | null;
}

export interface Accessibility {
  items: AccessibilityItem[];
  run: { finished_at: string | null } | null;
}

export interface ShopUnitDetail extends ShopUnit {
  accessibility: Accessibility | null;
  facts: Fact[];
  history: HistoryItem[];
  relations: { kind: string; happened_on: string | null; id: number; address: string; is_later: boolean }[];
  score_detail: ScoreDetail | null;
  footfall: UnitFootfall | null;
  parcel: { id: number; capakey: string; area_m2: number | null } | null;
  cluster: { id: number; label: string; p_value: number; sentence: string } | null;
  vacant_neighbours: {
    vacant: number;
    units: number;
    p_value: number;
    q_value: number;
    sentence: string;
  } | null;
}

export interface Sensor {
  id: number;
  code: string;
  name: string;
  instrument: string | null;
  measure_kind: string;
  interval_minutes: number | null;
  supplier: string | null;
  lon: number;
  lat: number;
  active_from: string | null;
  active_to: string | null;
  first_at: string | null;
  last_at: string | null;
  footfall_per_day: (Estimate & { n_days: number | null }) | null;
  flagged_share: number | null;
}

export interface SeriesItem {
  start: string;
  value: number | null;
  coverage: number;
  flagged: number;
}

export interface Series {
  sensor: { id: number; code: string; name: string };
  interval: string;
  mode: string;
  timezone: string;
  items: SeriesItem[];
  profile: { weekday: number; hour: number; value: number; n: number }[];
}

/** A feature whose key is its `id`, as GeoJSON has it. */
export type Keyed<G extends GeoJSON.Geometry, P> = GeoJSON.Feature<G | null, P> & { id: number };

export interface ParkingProperties {
  code: string;
  name: string;
  kind: string;
  capacity: number | null;
  regime: string;
  max_stay_min: number | null;
  lon: number;
  lat: number;
  occupancy: { mean_share: number; p85_share: number | null; n: number | null } | null;
}

export type Direction = "towards" | "outward";
export type BandUnit = "minutes" | "metres" | "inhabitants";

/** One band of a catchment and what it holds; null is not known, a *_unknown counts what is inside without an amount. */
export interface CatchmentBand {
  band: number;
  lower: number;
  minutes: number | null;
  metres: number | null;
  inhabitants: number | null;
  area_m2: number;
  wrong_in_share: number | null;
  wrong_out_share: number | null;
  population: number | null;
  population_unknown: number;
  households: number | null;
  households_unknown: number;
  income_median_eur: number | null;
  income_known_share: number | null;
  shop_units: number | null;
  vacant_units: number | null;
  floor_area_m2: number | null;
  floor_area_m2_unknown: number;
  vacant_floor_area_m2: number | null;
  parking_spaces: number | null;
  parking_spaces_unknown: number;
  sensors: number | null;
  public_places: number | null;
  branches: Record<string, { units: number; floor_area_m2: number; floor_area_m2_unknown: number }>;
  places: Record<string, number>;
}

export type BandFeature = GeoJSON.Feature<GeoJSON.Polygon | GeoJSON.MultiPolygon, CatchmentBand>;

/** Where a kind of figure comes from, and how much of it is known here. */
export interface CatchmentLayerSource {
  code: string;
  source: string | null;
  observed_on: string | null;
  coverage: number | null;
  suppressed: number | null;
  note: string | null;
}

export interface CatchmentPlace {
  kind: "shop_unit" | "parcel" | "point";
  id: number | null;
  label: string | null;
  nis_code: string | null;
}

export interface CatchmentRun {
  id: number;
  computed_at: string;
  network_version: string | null;
  data_version: number | string | null;
  code_version: string | null;
  seconds: number | null;
}

/** What a stored catchment was asked with, as it was posted. */
export interface CatchmentParameters {
  shop_unit?: number | null;
  parcel?: number | null;
  lon?: number | null;
  lat?: number | null;
  mode?: Mode;
  direction?: Direction;
  minutes?: number[] | null;
  metres?: number[] | null;
  inhabitants?: number[] | null;
  rings?: boolean;
  competitors?: number[];
  competitor_branch?: string | null;
  closed?: number[];
  opened?: number[];
  barriers?: Position[][];
}

export interface Catchment {
  type: "FeatureCollection";
  features: BandFeature[];
  catchment: {
    mode: Mode;
    direction: Direction;
    unit: BandUnit;
    rings: boolean;
    place: CatchmentPlace;
    origin: Position;
    snapped: Position;
    snap_distance_m: number;
    unreached: number[];
    competitors: { id: number; label: string | null }[];
    scenario: { closed: number[]; opened: number[]; barriers: number; segments_changed: number } | null;
    population_coverage: number | null;
    sources: string[];
    layers: CatchmentLayerSource[];
    computed_ms: number;
  };
  baseline: { features: BandFeature[] } | null;
  stored?: {
    id: number;
    name: string;
    run: CatchmentRun;
    runs: CatchmentRun[];
    is_stale: boolean;
    stale_because: string[];
    parameters: CatchmentParameters;
  };
}

export interface StoredCatchment {
  id: number;
  name: string;
  nis_code: string;
  mode: Mode;
  unit: BandUnit;
  bands: number[];
  place: CatchmentPlace;
  is_scenario: boolean;
  created_at: string;
  computed_at: string;
  is_stale: boolean;
  stale_because: string[];
  lon: number;
  lat: number;
  parameters: CatchmentParameters;
  largest: { band: number; population: number | null } | null;
}

export interface Compared {
  a: number | null;
  b: number | null;
  difference: number | null;
}

export interface CatchmentDifference {
  type: "FeatureCollection";
  a: { id: number; name: string; run: CatchmentRun };
  b: { id: number; name: string; run: CatchmentRun };
  bands: ({ band: number; unit: BandUnit } & Record<
    "population" | "households" | "shop_units" | "vacant_units" | "floor_area_m2" | "parking_spaces",
    Compared
  >)[];
  features: GeoJSON.Feature<
    GeoJSON.Polygon | GeoJSON.MultiPolygon,
    { kind: "only_a" | "only_b" | "both"; area_m2: number }
  >[];
}

export interface FoundPlace {
  kind: "shop_unit" | "address" | "street" | "parcel" | "public_place";
  id: number | null;
  label: string;
  detail: string | null;
  lon: number;
  lat: number;
  is_about: boolean;
}

export type StreetSegment = GeoJSON.Feature<
  GeoJSON.LineString | GeoJSON.MultiLineString,
  {
    name: string | null;
    street_class: string | null;
    length_m: number;
    distance_m?: number;
    is_open: boolean;
    same_name: number[];
  }
> & { id: number };

export interface Rate {
  rate: number | null;
  numerator: number;
  denominator: number;
}

export interface FloorAreaRate {
  rate: number | null;
  numerator_m2: number | null;
  denominator_m2: number | null;
  coverage: number | null;
  reason: string | null;
}

export interface Vacancy {
  on: string;
  scope: string;
  units: Rate;
  floor_area: FloorAreaRate;
  by_core: { core_id: number; name: string | null; units: Rate; floor_area: FloorAreaRate }[];
  uncertain_classes: number;
  by_class: Record<VacancyClass, number>;
  source: string | null;
  surveyed_on: string | null;
  series: (Rate & { on: string })[];
}

export type ClusterQuestion = "location" | "average";
export type ClusterChange = "new" | "growing" | "stable" | "shrinking" | "merged" | "split" | "dissolved";

/** What is known of a vacancy cluster at one inventory; how long vacant is null in figures of an earlier version. */
export interface ClusterFigures {
  label: string;
  units: number;
  vacant: number;
  expected: number;
  relative_risk: number;
  p_value: number;
  replications: number | null;
  floor_area_m2: number | null;
  without_floor_area: number | null;
  initial: number | null;
  long_term: number | null;
  structural: number | null;
  unknown_duration: number | null;
  uncertain_duration: number | null;
  change: ClusterChange | null;
  next_change: ClusterChange | null;
  inventories: number | null;
}

export interface ClusterProperties extends ClusterFigures {
  is_dissolved: boolean;
  last_on: string | null;
  gone_on: string | null;
  unit_ids: number[];
  sentence_nl: string;
  sentence_fr: string;
  sentence_en: string;
}

export interface Clusters {
  type: "FeatureCollection";
  features: Keyed<GeoJSON.Geometry, ClusterProperties>[];
  verdict: ClusterVerdict | null;
}

export interface AreaProperties {
  kind: "border" | "core" | "neighbourhood";
  name: string | null;
}

export type Areas = GeoJSON.FeatureCollection<GeoJSON.Geometry, AreaProperties>;
export interface ParkingZones {
  type: "FeatureCollection";
  features: Keyed<GeoJSON.Geometry, ParkingProperties>[];
}

/** The answer of a search for clusters; where nothing was computed it only gives a reason. */
export interface ClusterVerdict {
  reason: string;
  question: ClusterQuestion;
  on: string | null;
  tested_units?: number;
  vacant?: number;
  null_model?: "homogeneous" | "location_adjusted";
  replications?: number;
  lowest_p_value?: number | null;
  message_nl: string;
  message_fr: string;
  message_en: string;
}

export interface VacantAt {
  on: string;
  vacant: number;
  known: number;
}

export interface ClusterInventory {
  on: string;
  is_today: boolean;
  reason: string;
  tested_units: number;
  vacant: number;
  lowest_p_value: number | null;
  p_value_over_inventories: number | null;
  clusters: (ClusterFigures & {
    id: number;
    from_ids: number[];
    to_ids: number[];
    vacant_over_time: VacantAt[];
  })[];
}

export interface ClusterHistory {
  question: ClusterQuestion;
  min_shared: number;
  inventories: ClusterInventory[];
}
