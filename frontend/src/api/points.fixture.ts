import type { Criterion, FootfallClass, Freshness, Points, UnitState, VacancyClass } from "./types.ts";

/** One shop unit as tests write it down; what is left out is unknown. */
export interface APoint {
  lon?: number;
  lat?: number;
  state?: UnitState;
  branch_group?: string | null;
  vacancy_class?: VacancyClass | null;
  floor_area_m2?: number | null;
  core_id?: number | null;
  cluster_id?: number | null;
  address?: string | null;
  name?: string | null;
  local_code?: string | null;
  footfall_per_day?: number | null;
  footfall_class?: FootfallClass | null;
  seen_months_ago?: number | null;
  freshness?: Freshness;
  scaled?: Record<string, number | null>;
}

/** Columns of shop units for tests, with one criterion per weight. */
export function aPoints(units: APoint[], weights: Record<string, number> = {}): Points {
  const column = <T>(read: (unit: APoint) => T | undefined, otherwise: T) =>
    units.map((unit) => read(unit) ?? otherwise);
  const nothing = units.map(() => null);
  return {
    ids: units.map((_, i) => i + 1),
    lon: column((unit) => unit.lon, 0),
    lat: column((unit) => unit.lat, 0),
    state: column((unit) => unit.state, "vacant"),
    branch_group: column((unit) => unit.branch_group, null),
    vacancy_class: column((unit) => unit.vacancy_class, null),
    floor_area_m2: column((unit) => unit.floor_area_m2, null),
    core_id: column((unit) => unit.core_id, null),
    cluster_id: column((unit) => unit.cluster_id, null),
    address: column((unit) => unit.address, null),
    name: column((unit) => unit.name, null),
    local_code: column((unit) => unit.local_code, null),
    score: nothing,
    rank: nothing,
    rank_lower: nothing,
    rank_upper: nothing,
    footfall_per_day: column((unit) => unit.footfall_per_day, null),
    footfall_class: column((unit) => unit.footfall_class, null),
    last_seen_on: nothing,
    seen_months_ago: column((unit) => unit.seen_months_ago, null),
    freshness: column((unit) => unit.freshness, "fresh"),
    fresh_months: 6,
    stale_months: 18,
    criteria: Object.entries(weights).map(([code, weight]) => aCriterion(code, weight)),
    scaled: Object.fromEntries(
      Object.keys(weights).map((code) => [code, units.map((unit) => unit.scaled?.[code] ?? null)]),
    ),
  };
}

function aCriterion(code: string, weight: number): Criterion {
  return {
    code,
    label_nl: code,
    label_fr: code,
    label_en: code,
    unit: null,
    direction: "more",
    weight,
    reference_low: 0,
    reference_high: 1,
    scale: "linear",
  };
}
