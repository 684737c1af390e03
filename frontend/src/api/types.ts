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
  parent_code: string | null;
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
  footfall_class: (FootfallClass | null)[];
  last_seen_on: (string | null)[];
  seen_months_ago: (number | null)[];
  freshness: Freshness[];
  fresh_months: number;
  stale_months: number;
  criteria: Criterion[];
  scaled: Record<string, (number | null)[]>;
  /** Whether a unit fails a hard wish of the profile in force; absent where there are none. */
  is_out?: boolean[];
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
  /** What it rests on; a point that was counted by hand is no sensor and has no key. */
  sensors: { id: number | null; name: string; distance_m: number | null }[];
  passage_class: string | null;
  footfall_class: FootfallClass | null;
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
  footfall_class: FootfallClass | null;
  class_reason: ClassReason | null;
  score: {
    value: number;
    rank: number | null;
    rank_lower: number | null;
    rank_upper: number | null;
    of: number | null;
  } | null;
  last_seen_on: string | null;
  seen_months_ago: number | null;
  freshness: Freshness;
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
  /** Day it is in the database, whatever the clock here says. */
  today: string;
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
    /** What whoever asks may not see, and is not counted; missing in what was stored before. */
    withheld?: { nis_code: string; subjects: string[] }[];
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

/** A rate of a group with all that it is made of. */
export interface GroupRates {
  units: Rate;
  floor_area: FloorAreaRate;
  unknown: number;
}

/** A day from which figures must not be compared with those before. */
export interface SeriesBreak {
  on: string;
  kind: string;
  reason: string | null;
  source: string | null;
  is_automatic: boolean;
  before: string | null;
  after: string | null;
}

/** A point of the history; points of one stretch may be joined by a line. */
export interface SeriesPoint extends Rate {
  on: string;
  stretch: number;
  floor_area: FloorAreaRate;
}

export interface LongVacant {
  id: number;
  address: string | null;
  local_code: string | null;
  branch_group: string;
  floor_area_m2: number | null;
  since_earliest: string | null;
  since_latest: string | null;
  min_days: number;
  max_days: number | null;
  vacancy_class: VacancyClass;
  is_active: boolean;
}

export interface Vacancy extends GroupRates {
  on: string;
  scope: string;
  core_id: number | null;
  core_name: string | null;
  by_core: (GroupRates & { core_id: number; name: string | null })[];
  by_street: (GroupRates & { street: string | null })[];
  by_branch_group: (GroupRates & { branch_group: string })[];
  longest_vacant: LongVacant[];
  uncertain_classes: number;
  by_class: Record<VacancyClass, number>;
  source: string | null;
  surveyed_on: string | null;
  series: SeriesPoint[];
  breaks: SeriesBreak[];
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

/** What goes on in a unit that an edit makes. */
export interface EditContent {
  state: "as_before" | "vacant" | "occupied" | "unknown";
  occupant_name: string | null;
  branch_code: string | null;
}

export interface EditPart extends EditContent {
  floor_area_m2: number | null;
  box: string | null;
}

export interface EditAnswer {
  id: number;
  kind: "split" | "merge" | "end";
  on: string;
  units: { id: number; local_code: string; floor_area_m2: number | null }[];
  ceased: number[];
  temporary_uses: { unit: string; occupant_name: string | null }[];
}

export interface Edit {
  id: number;
  kind: string;
  label: string;
  on: string;
  made_at: string;
  state: "done" | "undone";
  undone_at: string | null;
  units: number[];
}

export interface EditNeighbour {
  id: number;
  address: string;
  state: string;
  name: string | null;
  floor_area_m2: number | null;
  distance_m: number;
}

export type RegisterName = "legal-vacancy" | "business-premises";

export interface RegisterProperties {
  record_key: string;
  dossier_number: string;
  address: string;
  status: string | null;
  capakey: string | null;
  capakey_today: string | null;
  found_on: string | null;
  entered_on: string | null;
  objection: string | null;
  exemption: string | null;
  exemption_until: string | null;
  matched_by: string;
  match_doubt: string | null;
}

export interface RegisterRecords {
  type: "FeatureCollection";
  features: (Omit<Keyed<GeoJSON.Geometry, RegisterProperties>, "geometry"> & {
    geometry: GeoJSON.Geometry | null;
  })[];
}

export interface RegisterToSettle {
  id: number;
  record_key: string;
  dossier_number: string;
  capakey: string | null;
  address: string;
  match_doubt: string | null;
  assigned_capakey: string | null;
  candidates: { capakey: string; share: number; units: string[] }[];
}

export interface RegisterUnmatched {
  register: RegisterName;
  records: number;
  items: RegisterToSettle[];
  settled: RegisterToSettle[];
}

export interface RegisterCount {
  records: number;
  placed: number;
  units: number;
  units_unsure: number;
  source: string | null;
  as_of: string | null;
}

export interface NotionUnit {
  shop_unit_id: number;
  address: string;
  vacant_latest_on: string | null;
  dossier_number: string | null;
  is_unsure: boolean;
}

export interface NotionList {
  numerator: number;
  denominator: number;
  unsure: number;
  items: NotionUnit[];
}

export interface VacancyNotions {
  on: string;
  market: { vacant: number; counted: number; source: string | null; as_of: string | null };
  legal: RegisterCount;
  business: RegisterCount;
  vacant_registered: NotionList;
  entry_candidates: NotionList;
  removal_candidates: NotionList;
}

export interface RecordOfUnit {
  register: RegisterName;
  record_key: string;
  dossier_number: string;
  found_on: string | null;
  entered_on: string | null;
  is_sure: boolean;
}

/** How long ago somebody looked, by the months that the municipality chose. */
export type Freshness = "fresh" | "ageing" | "stale" | "never";

export type WorklistVerdict = "survey_right" | "register_right" | "next_round" | "not_same";

export interface WorklistSide {
  source: string;
  observed_on: string | null;
  says: string[];
}

export interface WorklistChange {
  state: "occupied" | "vacant" | "non_retail";
  on: string;
  occupant_name: string | null;
  branch_group: string | null;
}

export interface WorklistItem {
  id: number;
  kind: string;
  shop_unit_id: number;
  address: string;
  street: string | null;
  state: UnitState;
  last_seen_on: string | null;
  seen_months_ago: number | null;
  evidence_key: string;
  survey: WorklistSide;
  other: WorklistSide | null;
  suggestion: WorklistVerdict;
  verdicts: WorklistVerdict[];
  change: WorklistChange | null;
  decision: { id: number; verdict: WorklistVerdict; reason: string | null; by: string; at: string } | null;
}

export interface Worklist {
  total: number;
  kinds: Record<string, number>;
  streets: { street: string | null; items: number }[];
  fresh_months: number;
  stale_months: number;
  companies: { snapshot_on: string; establishments: number; matched: number } | null;
  next: string | null;
  items: WorklistItem[];
}

export interface WorklistDecision {
  municipality: string;
  items: { shop_unit_id: number; kind: string; evidence_key: string }[];
  verdict: WorklistVerdict;
  by: string;
  reason?: string | null;
  change?: { state: string; on: string; occupant_name: string | null; branch_code: string | null } | null;
  // -- street rounds ------------------------------------------------------------------------------
}

export type RoundState = "occupied" | "vacant" | "non_retail" | "unknown";
export type RoundStatus =
  | "same"
  | "vacant"
  | "occupied"
  | "non_retail"
  | "not_found"
  | "new_unit"
  | "withdrawn";

export interface RoundStreet {
  street: string;
  stops: number;
  seen: number;
  pending: number;
  last_seen_at: string | null;
}

export interface Round {
  id: number;
  nis_code: string;
  name: string;
  scope: "municipality" | "core" | "streets";
  core_name: string | null;
  streets: string[];
  started_on: string;
  closed_at: string | null;
  stops: number;
  seen: number;
  pending: number;
  officers: string[];
}

export interface RoundDetail extends Round {
  by_street: RoundStreet[];
}

export interface RoundList {
  items: Round[];
  streets: { street: string; units: number; last_seen_on: string | null }[];
}

export interface RoundIn {
  municipality: string;
  name: string;
  scope: Round["scope"];
  core_id: number | null;
  streets: string[];
}

/** A shop unit of a round as a phone takes it along; metres are from the corner of the round. */
export interface RoundStop {
  unit_id: number;
  position: number;
  street: string;
  side: "left" | "right";
  address: string;
  state: RoundState;
  occupant_name: string | null;
  branch_code: string | null;
  last_branch_code: string | null;
  vacant_latest_on: string | null;
  last_seen_on: string | null;
  is_ended: boolean;
  x_m: number;
  y_m: number;
}

export interface RoundBranch {
  code: string;
  branch_group: string | null;
  label_nl: string;
  label_fr: string;
  label_en: string;
}

export interface RoundSeen {
  unit_id: number;
  officer: string;
  status: RoundStatus;
  observed_at: string;
  uid: string;
}

export interface RoundPackage {
  round: Pick<Round, "id" | "nis_code" | "name" | "started_on" | "closed_at">;
  made_at: string;
  streets: { name: string; lines: [number, number][][] }[];
  stops: RoundStop[];
  branches: RoundBranch[];
  seen: RoundSeen[];
}

/** What is sent of one observation; the key is made on the phone. */
export interface RoundObservationIn {
  uid: string;
  unit: number;
  officer: string;
  status: RoundStatus;
  branch_code: string | null;
  occupant_name: string | null;
  note: string | null;
  is_bulk: boolean;
  observed_at: string;
  supersedes: string | null;
  base_state: RoundState;
  base_occupant_name: string | null;
  base_branch_code: string | null;
}

export interface RoundReceipt {
  closed_at: string | null;
  items: { uid: string; is_late: boolean }[];
}

export type RoundKind =
  | "confirmed"
  | "became_vacant"
  | "let"
  | "other_occupant"
  | "now_trading"
  | "non_retail"
  | "not_found"
  | "new_unit"
  | "taken_back";

export interface RoundObservation extends Omit<RoundObservationIn, "unit" | "supersedes"> {
  id: number;
  received_at: string;
  is_late: boolean;
  decision: "pending" | "accepted" | "rejected";
  decided_at: string | null;
  batch_id: number | null;
  photos: number[];
}

export interface RoundDifference {
  unit_id: number;
  local_code: string;
  address: string;
  street: string;
  position: number;
  kind: RoundKind;
  decision: RoundObservation["decision"];
  conflicts: ("two_views" | "register_changed" | "unit_ended" | "late")[];
  needs_choice: boolean;
  now: {
    state: RoundState;
    occupant_name: string | null;
    branch_code: string | null;
    last_seen_on: string | null;
  };
  observations: RoundObservation[];
}

export interface RoundDifferences {
  closed_at: string | null;
  items: RoundDifference[];
  waiting: Partial<Record<RoundKind, number>>;
  batches: { id: number; imported_at: string; accepted: number }[];
}

export interface RoundDecided {
  batch_id: number | null;
  accepted: number;
  rejected: number;
  refused: { id: number; code: string; reason: string; way_out: string }[];
}

/** Units as they stood on a past day: columns, one entry per shop unit, in one order. */
export interface UnitsOn
  extends Pick<
    Points,
    | "ids"
    | "lon"
    | "lat"
    | "state"
    | "branch_group"
    | "vacancy_class"
    | "floor_area_m2"
    | "core_id"
    | "address"
    | "name"
    | "local_code"
  > {
  on: string;
  /** Whether the unit is still there. */
  is_active: boolean[];
}

export type DurationBy = "core" | "branch_group" | "size";

export interface CurvePoint {
  month: number;
  survival_share: number;
  lower_share: number;
  upper_share: number;
  n_at_risk: number;
}

export interface Chance {
  chance: number;
  chance_lower: number;
  chance_upper: number;
}

export interface DurationGroup {
  code: string | null;
  name: string | null;
  spells: number;
  let: number;
  withdrawn: number;
  running: number;
  between_dates: number;
  unknown_start: number;
  method: "kaplan_meier" | "turnbull" | null;
  reason: string | null;
  source: string | null;
  observed_on: string | null;
  median_days: number | null;
  median_lower_days: number | null;
  median_upper_days: number | null;
  watched_months: number | null;
  still_empty: CurvePoint[];
  let_within_a_year: Chance | null;
  curve: CurvePoint[];
  classes: {
    counts: Record<VacancyClass, number>;
    uncertain: Partial<Record<VacancyClass, number>>;
    vacant: number;
  };
}

export interface Durations {
  by: DurationBy;
  computed_at: string | null;
  level: number;
  fewest_let: number;
  whole: DurationGroup | null;
  groups: DurationGroup[];
  on: string;
  source: string | null;
  surveyed_on: string | null;
}

export interface FlowYear {
  year: number;
  n_vacant_start: number;
  n_inflow: number;
  n_first_seen: number;
  n_let: number;
  n_withdrawn: number;
  n_vacant_end: number;
  n_net: number;
  is_partial: boolean;
}

export interface Flows {
  on: string;
  years: FlowYear[];
  source: string | null;
  surveyed_on: string | null;
}

export interface MovePlace {
  shop_unit_id: number;
  address: string | null;
}

export interface Move {
  occupancy_id: number;
  name: string | null;
  from: MovePlace;
  to: MovePlace;
  closed_on: string | null;
  opened_on: string | null;
}

export interface MoveChain {
  moves: Move[];
  emptied: MovePlace[];
  filled: MovePlace[];
  is_cycle: boolean;
  n_net: number;
  from_on: string;
  to_on: string;
}

export interface MoveDecision {
  id: number;
  occupancy_id: number;
  is_confirmed: boolean;
  occupant_name: string | null;
  from_address: string;
  to_address: string;
}

export interface Chains {
  chains: MoveChain[];
  years: {
    year: number;
    is_partial: boolean;
    n_openings: number;
    n_closures: number;
    n_moved_in: number;
    n_moved_out: number;
    n_new: number;
    n_lost: number;
    n_net: number;
    n_change: number;
  }[];
  proposals: (Move & { gap_days: number })[];
  n_proposals: number;
  decided: MoveDecision[];
  source: string | null;
  surveyed_on: string | null;
}

export type ExpectedKind = "announced_closing" | "lease_end" | "other";

export interface ExpectedVacancy {
  id: number;
  shop_unit_id: number;
  address: string;
  kind: ExpectedKind;
  expected_on: string | null;
  source: string | null;
  note: string | null;
  state: string | null;
}

export interface RiskReason {
  feature: string;
  value: string | number | boolean | null;
  odds_ratio: number;
}

export interface RiskUnit extends Chance {
  shop_unit_id: number;
  address: string;
  occupant_name: string | null;
  branch_group: string | null;
  reasons: RiskReason[];
}

export interface Outlook {
  base: {
    events: number;
    unit_years: number;
    rate_share: number | null;
    lower_share: number;
    upper_share: number;
  } | null;
  is_model_used: boolean;
  reason: string | null;
  test: {
    brier_model: number;
    brier_base: number;
    skill: number;
    skill_lower: number;
    skill_upper: number;
    n: number;
    events: number;
  } | null;
  calibration: {
    n: number;
    events: number;
    expected_share: number;
    observed_share: number;
    lower_share: number;
    upper_share: number;
  }[];
  model_version: string | null;
  computed_at: string | null;
  source: string | null;
  observed_on: string | null;
  items: RiskUnit[];
  expected: ExpectedVacancy[];
}

export interface Prospects {
  shop_unit_id: number;
  state: string;
  reletting:
    | (Partial<Chance> & {
        months_empty: number;
        is_start_known: boolean;
        reason: string | null;
        group?: "core" | "all";
        group_name?: string | null;
        wider_because?: string | null;
        n_at_risk?: number;
        let?: number;
        source?: string | null;
        observed_on?: string | null;
      })
    | null;
  expected: ExpectedVacancy[];
  outlook: (Chance & { reasons: RiskReason[] }) | null;
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

// -- breaks of the series, as people write them down ---------------------------------------------
export type BreakKind = "definition" | "source" | "method" | "boundary";

export interface WrittenBreak {
  id: number;
  breaks_on: string;
  kind: BreakKind;
  reason: string;
  source: string | null;
}

export type BreakIn = Omit<WrittenBreak, "id">;

export interface PastDecision {
  id: number;
  kind: string;
  shop_unit_id: number;
  address: string;
  verdict: WorklistVerdict;
  reason: string | null;
  by: string;
  at: string;
  is_written: boolean;
  undone_by: string | null;
  undone_at: string | null;
}

export interface PastDecisions {
  items: PastDecision[];
  next: number | null;
}

export interface FootfallWeek {
  year: number;
  week: number;
  starts_on: string;
  /** Mean passages per day; null where too little of the week was counted. */
  per_day: number | null;
  valid_share: number;
  index: number | null;
}

export interface SensorOverview {
  id: number;
  code: string;
  name: string;
  source: string | null;
  latest: {
    per_day: number | null;
    n_weeks: number;
    from: string;
    to: string;
    before_per_day: number | null;
    n_pairs: number;
    change_share: number | null;
  } | null;
  weeks: FootfallWeek[];
}

export interface TownWeek {
  starts_on: string;
  year: number;
  week: number;
  index: number | null;
  n_sensors: number;
}

export interface FootfallOverview {
  municipality: string;
  items: SensorOverview[];
  town: TownWeek[];
  towns: { nis_code: string; name: string }[];
}

export interface FootfallComparison {
  items: { nis_code: string; name: string; weeks: TownWeek[] }[];
}

export type FindingKind =
  | "zero_run"
  | "stuck"
  | "spike"
  | "drop_out"
  | "spike_review"
  | "level_shift"
  | "clock"
  | "night"
  | "one_direction"
  | "low_uptime"
  | "twin"
  | "gap";
export type FindingVerdict = "confirmed" | "overruled";

/** Hours of a sensor that look wrong. */
export interface CountFinding {
  id: number;
  sensor_id: number;
  sensor: string;
  kind: FindingKind;
  from: string;
  to: string;
  hours: number;
  strength: number | null;
  sentence: string;
  state: "open" | FindingVerdict;
  is_counted: boolean;
  is_decidable: boolean;
  decided_at: string | null;
  decided_by: string | null;
  reason: string | null;
}

export interface CountFindings {
  total: number;
  states: Record<"open" | "confirmed" | "overruled" | "gap", number>;
  items: CountFinding[];
}

export interface FindingAround {
  finding: CountFinding;
  step: "hour" | "day" | "hour_of_day";
  items: { start: string; value: number | null; usual: number | null }[];
}

/** Shares of the hours in which a sensor should have counted. */
export interface SensorQuality {
  sensor_id: number;
  sensor: string;
  n_expected: number;
  valid_share: number | null;
  in_doubt_share: number | null;
  left_out_share: number | null;
  missing_share: number | null;
  fillable_share: number | null;
  n_open: number;
}

export interface SensorQualities {
  from: string;
  to: string;
  items: SensorQuality[];
}
/** Footfall along one street segment; the words for a class are rough on purpose. */
export interface StreetFootfall {
  segment_id: number;
  name: string | null;
  shop_units: number;
  footfall_per_day: number | null;
  lower_per_day: number | null;
  upper_per_day: number | null;
  passage_class: PassageClass | null;
  footfall_class: FootfallClass | null;
  is_class_only: boolean;
  /** Why only the kind of street is told; null: a number may be given. */
  class_reason: ClassReason | null;
  reason: "no_sensor" | "no_sensor_within_reach" | null;
  gain_share: number | null;
}

export type PassageClass = "A1" | "A2" | "B1" | "B2" | "C";
export type FootfallClass = "main" | "secondary" | "side";
export type ClassReason = "few_counts" | "check_failed";

export interface StreetsFootfall {
  features: Keyed<GeoJSON.LineString, StreetFootfall>[];
  computed_at: string | null;
  counts: { sensor: number; manual: number };
  accuracy: {
    n_places: number;
    spearman: number;
    median_error_share: number;
    within_half_share: number;
    coverage_share: number;
    rmse_log: number;
  } | null;
  /** Cores whose counts bear no numbers, and what would give them. */
  numbers: {
    core_id: number | null;
    core: string | null;
    n_places: number;
    n_missing: number;
    spearman: number | null;
    median_error_share: number | null;
    reason: ClassReason;
  }[];
  source: string | null;
  period: { from: string; to: string } | null;
  advice: { segment_id: number; name: string; gain_share: number }[];
}

export interface StreetCount {
  kind: "sensor" | "manual";
  id: string;
  name: string;
  per_day: number;
  n_visits: number;
  distance_m: number | null;
  weight: number;
}

export interface StreetWhy extends StreetFootfall {
  nis_code: string;
  counts: StreetCount[];
  average_per_day: number | null;
  drivers: { code: StreetDriver; factor: number }[];
  nearby_factor: number | null;
}

export type StreetDriver =
  | "shops"
  | "anchors"
  | "parking"
  | "stops"
  | "from_stops"
  | "from_parking"
  | "from_homes"
  | "between_shops";
export interface ForecastBand {
  expected: number;
  q025: number;
  q10: number;
  q25: number;
  q50: number;
  q75: number;
  q90: number;
  q975: number;
  is_less_certain: boolean;
}

export type DayMarkKind = "holiday" | "event" | "market" | "school_holiday" | "sales" | "neighbour_holiday";

export interface DayMark {
  kind: DayMarkKind;
  name: string | null;
}

export interface ForecastDay extends ForecastBand {
  on: string;
  hours: number;
  marks: DayMark[];
  weather: DayWeather | null;
}

export interface ForecastHour extends ForecastBand {
  /** Begin of the hour, with the offset of the clock on the wall. */
  start: string;
}

export interface ForecastIssue {
  begins_on: string;
  ends_on: string;
  issued_at: string;
  counted_until: string;
  method: "weeks" | "weeks_season" | "learned";
  missed: Partial<Record<"weeks" | "weeks_season" | "learned", number>>;
  /** Null where nobody supplied weather. */
  weather: ForecastWeather | null;
  source: string | null;
}

export interface ForecastAbout {
  /** Why there is no forecast: no_issue, no_counts, too_short or stale. */
  reason: string | null;
  is_cold: boolean;
  n_days: number;
  n_errors: number;
  from_on: string | null;
  to_on: string | null;
}

export interface ForecastOverview {
  municipality: string;
  issue: ForecastIssue | null;
  holiday_countries: ("FR" | "NL")[];
  holiday_countries_are_usual: boolean;
  items: (ForecastAbout & {
    id: number;
    code: string;
    name: string;
    source: string | null;
    first_day: ForecastBand | null;
  })[];
}

export interface SensorForecast extends ForecastAbout {
  sensor: { id: number; nis_code: string; code: string; name: string; source: string | null };
  issue: ForecastIssue | null;
  before: { on: string; value: number | null }[];
  days: ForecastDay[];
  hours: ForecastHour[];
}

export interface HitRate {
  n: number;
  in_50_share: number | null;
  in_80_share: number | null;
  in_95_share: number | null;
  missed_share: number | null;
  missed_share_naive: number | null;
  missed_share_there: number | null;
  bias_share: number | null;
}

export interface ForecastHitRate {
  weeks: number;
  from_on: string | null;
  to_on: string | null;
  n_issues: number;
  n_back_tests: number;
  hours: HitRate | null;
  days: HitRate | null;
  by_week: (HitRate & { week: number })[];
  less_certain: HitRate | null;
  sensors: (HitRate & { id: number; name: string })[];
}

export interface OpeningDay {
  /** 1 Monday to 7 Sunday. */
  weekday: number;
  n_days: number;
  inside: number | null;
  outside: number | null;
  inside_share: number | null;
  before_hour: number | null;
  before_passages: number | null;
  before_lower: number | null;
  before_upper: number | null;
  after_hour: number | null;
  after_passages: number | null;
  after_lower: number | null;
  after_upper: number | null;
}

export interface OpenSunday {
  reason: "no_open_sunday" | "too_few_open_sundays" | "too_few_sundays" | null;
  n_held: number;
  expected: number | null;
  lower: number | null;
  upper: number | null;
  ratio: number | null;
  sunday: number | null;
  sunday_lower: number | null;
  sunday_upper: number | null;
  n_sundays: number;
}

export interface OpeningHours {
  opens: number;
  closes: number;
  weekdays: number[];
  sunday_hours: [number, number];
  from_on: string | null;
  to_on: string | null;
  sensor: { id: number; name: string; source: string | null };
  items: OpeningDay[];
  sunday: OpenSunday | null;
  sundays_held: string[];
}

/** Events, actions and measures. */
export type EventVerdict = "more" | "less" | "not_conclusive" | "not_measurable";

export interface EventAnswer {
  verdict: EventVerdict;
  reason: string | null;
  method: "controls" | "last_year" | "own_weeks";
  effect_share: number | null;
  lower_share: number | null;
  upper_share: number | null;
  level_share: number;
  p_value: number | null;
  smallest_share: number | null;
  observed: number | null;
  expected: number | null;
  treated: number;
  controls: number;
  placebos: number;
  sentence_nl: string;
  sentence_fr: string;
  sentence_en: string;
}

export interface EventItem {
  id: number;
  name: string;
  kind: string;
  starts_at: string;
  ends_at: string | null;
  recurring_rule: string | null;
  cost_net_eur: number | null;
  organiser: string | null;
  streets: string[] | null;
  reach_m: number | null;
  note: string | null;
  source: string | null;
  version: string;
  has_area: boolean;
  has_place: boolean;
}

export interface EventHeld {
  first_on: string;
  last_on: string;
  hours: [number, number];
  effect: (EventAnswer & { is_stale: boolean }) | null;
}

export interface EventListed extends EventItem {
  is_regular: boolean;
  times: number;
  held: EventHeld[];
}

export interface EventList {
  counted_to: string | null;
  today: string;
  sensors: number;
  items: EventListed[];
}

export interface EventChoices {
  kinds: { code: string; label_nl: string; label_fr: string; label_en: string }[];
  streets: string[];
  cores: { id: number; name: string; geometry: EventPlace }[];
}

export interface EventPlace {
  type: "Point" | "Polygon" | "MultiPolygon";
  coordinates: number[] | number[][][] | number[][][][];
}

export interface EventIn {
  name: string;
  kind: string;
  starts_at: string;
  ends_at: string | null;
  recurring_rule: string | null;
  cost_net_eur: number | null;
  organiser: string | null;
  geometry: EventPlace | null;
  streets: string[] | null;
  reach_m: number | null;
  note: string | null;
}

export interface EventDetail extends EventItem {
  nis_code: string;
  geometry: { type: string; coordinates: unknown } | null;
}

export interface EventBand {
  observed: number | null;
  expected: number | null;
  lower: number | null;
  upper: number | null;
}

export interface EventPart {
  verdict: EventVerdict;
  reason: string | null;
  share: number | null;
  lower: number | null;
  upper: number | null;
}

export interface EventWindow extends EventPart {
  from_on: string;
  to_on: string;
}

export interface EventSensor extends EventPart {
  sensor_id: number;
  name: string;
  town: string;
  is_own: boolean;
  role: "treated" | "between" | "near_control" | "control" | "door";
  is_used: boolean;
  distance_m: number | null;
}

export interface EventCaution {
  code: string;
  level?: number;
  days?: number;
  names?: string[];
}

export interface EventStudy extends EventAnswer {
  event: EventDetail;
  first_on: string;
  held_to: string;
  times: { first_on: string; last_on: string }[];
  extra: { value: number; lower: number; upper: number } | null;
  cost_per_extra: { value: number; lower: number; upper: number | null } | null;
  parameters: { hours: [number, number]; days: number; from_on: string };
  placebo_shares: number[];
  days: (EventBand & { day: string; is_event: boolean })[];
  hours: (EventBand & { hour: number })[];
  before: EventWindow | null;
  after: EventWindow | null;
  around: EventWindow | null;
  day_itself: EventWindow | null;
  saturday_share: number | null;
  blocks: EventWindow[];
  without_near: (EventPart & { controls: number }) | null;
  second: EventPart | null;
  forecast: EventForecast;
  sensors: EventSensor[];
  capture: (EventPart & { doors: number; share_in: number | null }) | null;
  cautions: EventCaution[];
  counted_from: string | null;
  counted_to: string | null;
}

export interface EventEdition extends EventAnswer {
  event_id: number;
  first_on: string;
  held_to: string;
  cost_net_eur: number | null;
  cost_per_extra: { value: number; lower: number; upper: number | null } | null;
}

export interface EventEditions {
  event: EventItem;
  items: EventEdition[];
  together: EventAnswer & { editions: number };
}

export type ProfileDirection = "more" | "less" | "ideal";
export type ShareLevel = "own" | "partners" | "public";

export interface ProfileCriterion {
  code: string;
  weight: number;
  is_on: boolean;
  direction: ProfileDirection;
  scale: "linear" | "log";
  ideal: number | null;
  low: number | null;
  high: number | null;
}

export interface ProfileWish {
  code: string;
  low: number | null;
  high: number | null;
  is_unknown_out: boolean;
}

export interface ProfileContent {
  criteria: ProfileCriterion[];
  wishes: ProfileWish[];
  good: string[];
  bad: string[];
  rivals: string[];
}

export interface ScoreProfile {
  key: string;
  name: string;
  label_nl: string;
  label_fr: string;
  label_en: string;
  is_own: boolean;
  nis_code: string | null;
  version: number | null;
  based_on: string | null;
  share_level: ShareLevel;
  is_removed: boolean;
  made_by: string | null;
  made_at: string | null;
  content: ProfileContent;
}

export interface ProfileIn {
  municipality: string;
  name: string;
  based_on: string | null;
  content: ProfileContent;
  share_level: ShareLevel;
  made_by: string | null;
}

export interface LabelledWish extends ProfileWish {
  label_nl: string;
  label_fr: string;
  label_en: string;
  unit: string | null;
}

export interface ProfileRanking {
  ids: number[];
  score: (number | null)[];
  rank: (number | null)[];
  rank_lower: (number | null)[];
  rank_upper: (number | null)[];
  first_share: (number | null)[];
  scaled: Record<string, (number | null)[]>;
  criteria: Criterion[];
  wishes: LabelledWish[];
  failed: Record<string, number[]>;
  unknown: Record<string, number[]>;
  is_out: boolean[];
  candidates: number;
  ranked: number;
  /** Candidates that fail a hard wish. */
  out: number;
  topsis_agreement: number | null;
}

export interface ProfileExplanation {
  score: number | null;
  of: number;
  rank: number | null;
  rank_lower: number | null;
  rank_upper: number | null;
  first_share: number | null;
  top_share: number | null;
  topsis_rank: number | null;
  is_out: boolean;
  missing: string[];
  components: (ScoreComponent & { rank_without: number | null })[];
  wishes: (LabelledWish & { value: number | null; verdict: "met" | "failed" | "unknown" })[];
  run: { finished_at: string | null; data_version: number | string };
}

/** What may count in a profile, with the settings it starts from. */
export type Indicator = Pick<
  Criterion,
  "code" | "label_nl" | "label_fr" | "label_en" | "unit" | "direction" | "scale"
>;
/** The second estimate of an event: against the forecast of its hours. */
export interface EventForecast extends EventPart {
  level: number;
  placebos: number;
  agreement: "same" | "partly" | "neither" | "against" | null;
  sentence_nl: string | null;
  sentence_fr: string | null;
  sentence_en: string | null;
}

/** Where an event is or would be. */
export interface EventWhere {
  geometry: EventPlace | null;
  streets: string[] | null;
  reach_m: number | null;
}

/** What a sensor would be to an event in a place. */
export interface EventRole {
  sensor_id: number;
  name: string;
  town: string;
  is_own: boolean;
  role: EventSensor["role"];
  distance_m: number | null;
  lon: number;
  lat: number;
}

export interface EventRoles {
  items: EventRole[];
  least_controls: number;
  // -- weather --
}

/** Weather of a day between 8 and 20 h. */
export interface DayWeather {
  temperature_c: number | null;
  precipitation_mm: number | null;
  hours: number;
  /** When it was forecast; null where it was measured. */
  issued_at: string | null;
}

/** What weather an issue of the forecast rests on, or why on none. */
export interface ForecastWeather {
  is_used: boolean;
  reason: "no_forecast" | "few_measured" | "few_tried" | "no_better" | null;
  /** With the offset of the clock on the wall. */
  issued_at: string | null;
  known_until: string | null;
  n_tried: number;
  missed: number | null;
  missed_without: number | null;
  source: string | null;
}
