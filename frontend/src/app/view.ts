import type { Mode } from "../api/types.ts";
import { MODES, NO_QUESTION, type Question, readQuestion, writeQuestion } from "../catchment/question.ts";
import { WITHOUT } from "../match/words.ts";
import { type Filters, NO_FILTERS, STATES, VACANCY_CLASSES } from "../places/filter.ts";
import { SORTS, type Sort } from "../places/sort.ts";
import { GENERAL, MOST_COMPARED } from "../score/profile.ts";
import type { Weights } from "../score/ranking.ts";
import { isLanguage, type Language } from "../text/index.ts";
import {
  type ClustersAsked,
  NO_CLUSTERS_ASKED,
  readClusters,
  writeClusters,
} from "../vacancy/clusters-asked.ts";
import { readPastDay } from "../vacancy/past-days.ts";

export const COLOURINGS = ["state", "score", "duration"] as const;
export type Colouring = (typeof COLOURINGS)[number];
export const LAYERS = [
  "clusters",
  "cores",
  "legal",
  "premises",
  "sensors",
  "streets",
  "parking",
  "parcels",
] as const;
export type LayerName = (typeof LAYERS)[number];
export const BASES = ["own", "grb", "osm"] as const;
export type Base = (typeof BASES)[number];
export const TABS = ["units", "weights", "cases", "vacancy", "footfall", "catchment"] as const;
export type Tab = (typeof TABS)[number];
/** What the tab about vacancy can show, in the order of its menu. */
export const VACANCY_SECTIONS = [
  "rates",
  "durations",
  "clusters",
  "outlook",
  "registers",
  "worklist",
  "rounds",
] as const;
export type VacancySection = (typeof VACANCY_SECTIONS)[number];
/** What the tab about footfall can show, in the order of its menu. */
export const FOOTFALL_SECTIONS = ["overview", "forecast", "events", "streets", "opening", "quality"] as const;
export type FootfallSection = (typeof FOOTFALL_SECTIONS)[number];
/** How the tab about cases shows them. */
export const CASE_SECTIONS = ["board", "table", "places", "seek", "branches", "offer", "figures"] as const;
export type CaseSection = (typeof CASE_SECTIONS)[number];
export type Section = VacancySection | FootfallSection | CaseSection;
const SECTIONS: readonly Section[] = [...VACANCY_SECTIONS, ...FOOTFALL_SECTIONS, ...CASE_SECTIONS];
export const SCOPES = ["all_branches", "retail_only"] as const;
export type Scope = (typeof SCOPES)[number];
export const DEFAULT_LAYERS: readonly LayerName[] = ["clusters", "cores"];

/** Everything that decides what is on the screen; it lives in the address, so that a link shows the same. */
export interface View {
  language: Language | null;
  municipality: string | null;
  map: { lat: number; lon: number; zoom: number } | null;
  tab: Tab;
  section: Section;
  scope: Scope;
  filters: Filters;
  sort: Sort;
  colouring: Colouring;
  /** Do shop units fade with the time since somebody looked? */
  fades: boolean;
  layers: LayerName[];
  base: Base;
  /** The score profile in force. */
  profile: string;
  weights: Weights | null;
  /** Units that are compared side by side, at most four. */
  compared: number[];
  unit: number | null;
  /** The footfall sensor that the tab about footfall shows; empty for the busiest. */
  sensor: number | null;
  /** The case that is open. */
  case: number | null;
  /** The requirement profile whose matches are shown, and which units beside the vacant ones are left out. */
  seek: string | null;
  seekWithout: readonly string[];
  /** The past day that is shown; empty for today. */
  on: string | null;
  /** What the section about clusters asks. */
  clusters: ClustersAsked;
  /** How the catchment in the panel of a unit is travelled. */
  catchment: Mode | null;
  /** What the tab of catchments asks. */
  question: Question;
}

export const START: View = {
  language: null,
  municipality: null,
  map: null,
  tab: "units",
  section: "rates",
  scope: "all_branches",
  filters: NO_FILTERS,
  sort: "score",
  colouring: "state",
  fades: true,
  layers: [...DEFAULT_LAYERS],
  base: "own",
  profile: GENERAL,
  weights: null,
  compared: [],
  unit: null,
  sensor: null,
  case: null,
  seek: null,
  seekWithout: [],
  on: null,
  clusters: NO_CLUSTERS_ASKED,
  catchment: null,
  question: NO_QUESTION,
};

/** The section that a tab shows: the one asked for, or its first where that is of another tab. */
export function oneOfSections<S extends Section>(sections: readonly S[], asked: Section): S {
  return sections.find((section) => section === asked) ?? sections[0]!;
}

/** Whether the streets are on the map: by their layer, or because the section about them is open. */
export function showsStreets({ layers, tab, section }: View): boolean {
  return layers.includes("streets") || (tab === "footfall" && section === "streets");
}

function oneOf<T extends string>(all: readonly T[], value: string | null): T | null {
  return all.includes(value as T) ? (value as T) : null;
}

function manyOf<T extends string>(all: readonly T[], value: string | null): T[] {
  return (value ?? "").split(",").filter((item): item is T => all.includes(item as T));
}

function positive(value: string | null): number | null {
  if (value === null || value === "") return null;
  const number = Number(value);
  return Number.isFinite(number) && number >= 0 ? number : null;
}

function readMap(value: string | null): View["map"] {
  const [zoom, lat, lon] = (value ?? "").split("/").map(Number);
  if (zoom === undefined || lat === undefined || lon === undefined) return null;
  if (![zoom, lat, lon].every(Number.isFinite) || Math.abs(lat) > 86 || Math.abs(lon) > 180) return null;
  return { zoom: Math.min(20, Math.max(8, zoom)), lat, lon };
}

function readWeights(value: string | null): Weights | null {
  const weights: Weights = {};
  for (const part of (value ?? "").split(",")) {
    const [code, text] = part.split(":");
    const weight = positive(text ?? null);
    if (code && /^\w+$/.test(code) && weight !== null) weights[code] = weight;
  }
  return Object.keys(weights).length ? weights : null;
}

function readCompared(value: string | null): number[] {
  const ids = (value ?? "")
    .split(",")
    .filter((id) => /^\d{1,15}$/.test(id))
    .map(Number);
  return [...new Set(ids)].slice(0, MOST_COMPARED);
}

function readFilters(q: URLSearchParams): Filters {
  return {
    state: manyOf(STATES, q.get("state")),
    branchGroup: (q.get("branch_group") ?? "").split(",").filter((code) => /^\w+$/.test(code)),
    vacancyClass: manyOf(VACANCY_CLASSES, q.get("vacancy_class")),
    notSeenMonths: positive(q.get("not_seen")),
    minFloorAreaM2: positive(q.get("min_m2")),
    maxFloorAreaM2: positive(q.get("max_m2")),
    core: positive(q.get("core")),
    cluster: positive(q.get("cluster")),
    text: q.get("q") ?? "",
  };
}

/** Read a view from the part of an address behind `#`; what makes no sense is left at its default. */
export function readView(hash: string): View {
  const q = new URLSearchParams(hash.replace(/^#/, ""));
  const wanted = q.get("lang");
  const layers = q.get("layers");
  return {
    language: isLanguage(wanted) ? wanted : null,
    municipality: /^\w{1,12}$/.test(q.get("m") ?? "") ? q.get("m") : null,
    map: readMap(q.get("map")),
    tab: oneOf(TABS, q.get("tab")) ?? START.tab,
    section: oneOf(SECTIONS, q.get("section")) ?? START.section,
    scope: oneOf(SCOPES, q.get("scope")) ?? START.scope,
    filters: readFilters(q),
    sort: oneOf(SORTS, q.get("sort")) ?? START.sort,
    colouring: oneOf(COLOURINGS, q.get("colour")) ?? START.colouring,
    fades: q.get("fade") !== "0",
    layers: layers === null ? [...DEFAULT_LAYERS] : manyOf(LAYERS, layers),
    base: oneOf(BASES, q.get("base")) ?? START.base,
    profile: /^[\w-]{1,80}$/.test(q.get("profile") ?? "") ? q.get("profile")! : START.profile,
    weights: readWeights(q.get("weights")),
    compared: readCompared(q.get("compare")),
    unit: positive(q.get("unit")),
    sensor: positive(q.get("sensor")),
    case: positive(q.get("case")),
    seek: /^[\w-]{1,80}$/.test(q.get("seek") ?? "") ? q.get("seek") : null,
    seekWithout: manyOf(WITHOUT, q.get("seek_without")),
    on: readPastDay(q.get("on")),
    clusters: readClusters(q),
    catchment: oneOf(MODES, q.get("catchment")),
    question: readQuestion(q),
  };
}

function compact(number: number, digits: number): string {
  return String(Number(number.toFixed(digits)));
}

/** Write a view behind `#`; defaults are left out, so that a plain view has a plain address. */
export function writeView(view: View): string {
  const q = new URLSearchParams();
  const put = (key: string, value: string | number | null | undefined) => {
    if (value !== null && value !== undefined && value !== "") q.set(key, String(value));
  };
  put("m", view.municipality);
  put("lang", view.language);
  if (view.map) {
    put("map", [view.map.zoom, compact(view.map.lat, 5), compact(view.map.lon, 5)].join("/"));
  }
  if (view.tab !== START.tab) put("tab", view.tab);
  if (view.section !== START.section) put("section", view.section);
  if (view.scope !== START.scope) put("scope", view.scope);
  put("state", view.filters.state.join(","));
  put("branch_group", view.filters.branchGroup.join(","));
  put("vacancy_class", view.filters.vacancyClass.join(","));
  put("not_seen", view.filters.notSeenMonths);
  put("min_m2", view.filters.minFloorAreaM2);
  put("max_m2", view.filters.maxFloorAreaM2);
  put("core", view.filters.core);
  put("cluster", view.filters.cluster);
  put("q", view.filters.text.trim());
  if (view.sort !== START.sort) put("sort", view.sort);
  if (view.colouring !== START.colouring) put("colour", view.colouring);
  if (!view.fades) put("fade", "0");
  if (view.layers.join() !== DEFAULT_LAYERS.join()) q.set("layers", view.layers.join(","));
  if (view.base !== START.base) put("base", view.base);
  if (view.profile !== START.profile) put("profile", view.profile);
  if (view.weights) {
    put(
      "weights",
      Object.entries(view.weights)
        .map(([code, weight]) => `${code}:${compact(weight, 3)}`)
        .join(","),
    );
  }
  put("compare", view.compared.join(","));
  put("unit", view.unit);
  put("sensor", view.sensor);
  put("case", view.case);
  put("seek", view.seek);
  put("seek_without", view.seekWithout.join(","));
  put("on", view.on);
  writeClusters(view.clusters, q);
  put("catchment", view.catchment);
  writeQuestion(view.question, q);
  // These signs may stand in a fragment as they are: an address that people mail should be readable.
  return q.toString().replace(/%2C/g, ",").replace(/%2F/g, "/").replace(/%3A/g, ":").replace(/%3B/g, ";");
}
