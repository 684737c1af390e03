import type { Query } from "../api/client.ts";
import type { Points, UnitState, VacancyClass } from "../api/types.ts";

export const STATES: readonly UnitState[] = ["vacant", "occupied", "non_retail", "unknown"];
export const VACANCY_CLASSES: readonly VacancyClass[] = ["initial", "long_term", "structural", "unknown"];
export const BRANCH_GROUPS = [
  "daily",
  "fashion_luxury",
  "leisure_goods",
  "home_garden",
  "retail_other",
  "hospitality",
  "leisure_culture",
  "services",
  "transport_fuel",
  "non_retail",
] as const;

/** What the user asks for; an empty list or null asks for nothing. */
export interface Filters {
  state: UnitState[];
  branchGroup: string[];
  vacancyClass: VacancyClass[];
  /** Not seen for so many months or more, or never. */
  notSeenMonths: number | null;
  minFloorAreaM2: number | null;
  maxFloorAreaM2: number | null;
  core: number | null;
  cluster: number | null;
  text: string;
}

export const NO_FILTERS: Filters = {
  state: [],
  branchGroup: [],
  vacancyClass: [],
  notSeenMonths: null,
  minFloorAreaM2: null,
  maxFloorAreaM2: null,
  core: null,
  cluster: null,
  text: "",
};

/** What is searched of each shop unit, made once per municipality; the line ends keep a phrase within one field. */
export function searchTexts(points: Points): string[] {
  return points.ids.map((_, i) =>
    [points.address[i], points.name[i], points.local_code[i]].join("\n").toLowerCase(),
  );
}

/** Indices of the shop units that pass, in their original order. */
export function filterUnits(points: Points, filters: Filters, texts: readonly string[]): number[] {
  // The server searches the phrase as it stands (ILIKE): an export must hold what the list shows.
  const phrase = filters.text.trim().toLowerCase();
  const { minFloorAreaM2: min, maxFloorAreaM2: max } = filters;
  const kept: number[] = [];
  for (let i = 0; i < points.ids.length; i += 1) {
    if (filters.state.length && !filters.state.includes(points.state[i]!)) continue;
    if (filters.branchGroup.length && !filters.branchGroup.includes(points.branch_group[i] ?? "")) continue;
    const vacancyClass = points.vacancy_class[i];
    if (filters.vacancyClass.length && !(vacancyClass && filters.vacancyClass.includes(vacancyClass)))
      continue;
    if (filters.core !== null && points.core_id[i] !== filters.core) continue;
    if (filters.cluster !== null && points.cluster_id[i] !== filters.cluster) continue;
    const seen = points.seen_months_ago[i] ?? null;
    if (filters.notSeenMonths !== null && seen !== null && seen < filters.notSeenMonths) continue;
    const area = points.floor_area_m2[i] ?? null;
    if (min !== null && (area === null || area < min)) continue;
    if (max !== null && (area === null || area > max)) continue;
    if (phrase && !texts[i]!.includes(phrase)) continue;
    kept.push(i);
  }
  return kept;
}

/** The units that a floor area filter drops only because nobody knows their area. */
export function droppedForUnknownArea(points: Points, filters: Filters, texts: readonly string[]): number {
  if (filters.minFloorAreaM2 === null && filters.maxFloorAreaM2 === null) return 0;
  const without = { ...filters, minFloorAreaM2: null, maxFloorAreaM2: null };
  return filterUnits(points, without, texts).filter((i) => points.floor_area_m2[i] === null).length;
}

/** The same question in the words of `/api/shop-units`, so that an export holds what the list shows. */
export function filterQuery(filters: Filters): Query {
  return {
    state: filters.state.join(","),
    branch_group: filters.branchGroup.join(","),
    vacancy_class: filters.vacancyClass.join(","),
    not_seen_months: filters.notSeenMonths,
    min_floor_area_m2: filters.minFloorAreaM2,
    max_floor_area_m2: filters.maxFloorAreaM2,
    core: filters.core,
    cluster: filters.cluster,
    q: filters.text.trim(),
  };
}

export type FilterPart = { key: keyof Filters; value: string | number };

/** Each separate thing that is asked for, as the chips show them. */
export function filterParts(filters: Filters): FilterPart[] {
  const parts: FilterPart[] = [];
  for (const key of ["state", "branchGroup", "vacancyClass"] as const) {
    for (const value of filters[key]) parts.push({ key, value });
  }
  for (const key of ["notSeenMonths", "minFloorAreaM2", "maxFloorAreaM2", "core", "cluster"] as const) {
    const value = filters[key];
    if (value !== null) parts.push({ key, value });
  }
  if (filters.text.trim()) parts.push({ key: "text", value: filters.text.trim() });
  return parts;
}

/** The filters without one of their parts. */
export function withoutPart(filters: Filters, part: FilterPart): Filters {
  const value = filters[part.key];
  if (Array.isArray(value)) return { ...filters, [part.key]: value.filter((item) => item !== part.value) };
  return { ...filters, [part.key]: NO_FILTERS[part.key] };
}

/** The list with `value` added, or taken out when it was in. */
export function toggled<T>(list: readonly T[], value: T): T[] {
  return list.includes(value) ? list.filter((item) => item !== value) : [...list, value];
}
