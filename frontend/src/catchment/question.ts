import type { Query } from "../api/client.ts";
import type { BandUnit, CatchmentParameters, Direction, Mode, Position } from "../api/types.ts";
import { BAND_UNITS, DEFAULT_BANDS, MOST_BANDS, MOST_PLACES } from "./bands.ts";

export const MODES: readonly Mode[] = ["walk", "bicycle", "car"];
export const DIRECTIONS: readonly Direction[] = ["towards", "outward"];

export type Place =
  | { kind: "unit" | "parcel"; id: number }
  | { kind: "point"; lon: number; lat: number; label: string };

/** A stored catchment, one of its runs or the current one. */
export interface StoredKey {
  id: number;
  run: number | null;
}

/** Everything the tab of catchments is asked; the first place is the one whose figures are shown in full. */
export interface Question {
  places: readonly Place[];
  mode: Mode;
  direction: Direction;
  unit: BandUnit;
  bands: readonly number[];
  rings: boolean;
  competitors: readonly number[];
  competitorBranch: string | null;
  closed: readonly number[];
  opened: readonly number[];
  barriers: readonly (readonly Position[])[];
  /** The band whose holdings are read; null is the largest. */
  band: number | null;
  stored: StoredKey | null;
  versus: StoredKey | null;
}

export const NO_QUESTION: Question = {
  places: [],
  mode: "walk",
  direction: "towards",
  unit: "minutes",
  bands: DEFAULT_BANDS,
  rings: false,
  competitors: [],
  competitorBranch: null,
  closed: [],
  opened: [],
  barriers: [],
  band: null,
  stored: null,
  versus: null,
};

// A metre or so: what a hand can point at, and what an address can be mailed with.
const DEGREE_DIGITS = 5;

export function rounded(degrees: number): number {
  return Number(degrees.toFixed(DEGREE_DIGITS));
}

export function pointAt(lon: number, lat: number, label = ""): Place {
  return {
    kind: "point",
    lon: rounded(lon),
    lat: rounded(lat),
    label: label.replaceAll(/[;:]/g, " ").trim(),
  };
}

function numbers(text: string | null): number[] {
  return (text ?? "")
    .split(",")
    .filter(Boolean)
    .map(Number)
    .filter((value) => Number.isFinite(value) && value >= 0);
}

function keys(text: string | null): number[] {
  return [...new Set(numbers(text).filter(Number.isInteger))];
}

function readPosition(text: string): Position | null {
  const [lon, lat, ...more] = text.split(",").map(Number);
  if (lon === undefined || lat === undefined || more.length || !Number.isFinite(lon + lat)) return null;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 86 ? [rounded(lon), rounded(lat)] : null;
}

function readPlace(text: string): Place | null {
  const [kind, where = "", label = ""] = text.split(":");
  if (kind === "point") {
    const position = readPosition(where);
    return position && pointAt(position[0], position[1], label);
  }
  const [id] = keys(where);
  return (kind === "unit" || kind === "parcel") && id !== undefined ? { kind, id } : null;
}

function writePlace(place: Place): string {
  if (place.kind !== "point") return `${place.kind}:${place.id}`;
  return `point:${place.lon},${place.lat}${place.label ? `:${place.label}` : ""}`;
}

function readKey(text: string | null): StoredKey | null {
  const [id, run = null] = keys((text ?? "").replace(":", ","));
  return id === undefined ? null : { id, run };
}

function writeKey(key: StoredKey): string {
  return key.run === null ? String(key.id) : `${key.id}:${key.run}`;
}

function readBands(q: URLSearchParams): Pick<Question, "unit" | "bands"> {
  for (const unit of BAND_UNITS) {
    const bands = [...new Set(numbers(q.get(unit)))].filter((band) => band > 0).sort((a, b) => a - b);
    if (bands.length) return { unit, bands: bands.slice(0, MOST_BANDS) };
  }
  return { unit: NO_QUESTION.unit, bands: NO_QUESTION.bands };
}

function isThere<T>(value: T | null): value is T {
  return value !== null;
}

/** Read a question from an address; what makes no sense is left at its default. */
export function readQuestion(q: URLSearchParams): Question {
  const mode = q.get("mode") as Mode;
  const direction = q.get("direction") as Direction;
  const branch = q.get("competitor_branch") ?? "";
  const [band] = numbers(q.get("band"));
  return {
    places: (q.get("at") ?? "").split(";").map(readPlace).filter(isThere).slice(0, MOST_PLACES),
    mode: MODES.includes(mode) ? mode : NO_QUESTION.mode,
    direction: DIRECTIONS.includes(direction) ? direction : NO_QUESTION.direction,
    ...readBands(q),
    rings: q.get("rings") === "1",
    competitors: keys(q.get("competitors")),
    competitorBranch: /^\w+$/.test(branch) ? branch : null,
    closed: keys(q.get("closed")),
    opened: keys(q.get("opened")),
    barriers: q
      .getAll("barrier")
      .map((line) => line.split(";").map(readPosition).filter(isThere))
      .filter((line) => line.length > 1),
    band: band ?? null,
    stored: readKey(q.get("stored")),
    versus: readKey(q.get("versus")),
  };
}

/** Write a question into an address; defaults are left out. */
export function writeQuestion(question: Question, q: URLSearchParams): void {
  const list = (key: string, values: readonly number[]) => {
    if (values.length) q.set(key, values.join(","));
  };
  if (question.places.length) q.set("at", question.places.map(writePlace).join(";"));
  if (question.mode !== NO_QUESTION.mode) q.set("mode", question.mode);
  if (question.unit !== NO_QUESTION.unit || question.bands.join() !== NO_QUESTION.bands.join())
    list(question.unit, question.bands);
  if (question.direction !== NO_QUESTION.direction) q.set("direction", question.direction);
  if (question.rings) q.set("rings", "1");
  list("competitors", question.competitors);
  if (question.competitorBranch) q.set("competitor_branch", question.competitorBranch);
  list("closed", question.closed);
  list("opened", question.opened);
  for (const line of question.barriers) q.append("barrier", line.map((at) => at.join(",")).join(";"));
  if (question.band !== null) q.set("band", String(question.band));
  if (question.stored) q.set("stored", writeKey(question.stored));
  if (question.versus) q.set("versus", writeKey(question.versus));
}

export function isScenario({ closed, opened, barriers }: Question): boolean {
  return closed.length + opened.length + barriers.length > 0;
}

/** What the server is asked about one of the places. */
export function catchmentQuery(question: Question, place: Place): Query {
  return {
    shop_unit: place.kind === "unit" ? place.id : null,
    parcel: place.kind === "parcel" ? place.id : null,
    lon: place.kind === "point" ? place.lon : null,
    lat: place.kind === "point" ? place.lat : null,
    mode: question.mode,
    direction: question.direction,
    [question.unit]: question.bands.join(","),
    rings: question.rings || null,
    competitors: question.competitors.join(","),
    competitor_branch: question.competitorBranch,
    closed: question.closed.join(","),
    opened: question.opened.join(","),
    barrier: question.barriers.map((line) => line.map((at) => at.join(",")).join(";")),
  };
}

/** The same as a catchment that is to be stored. */
export function parametersOf(question: Question, place: Place): CatchmentParameters {
  return {
    ...(place.kind === "unit" && { shop_unit: place.id }),
    ...(place.kind === "parcel" && { parcel: place.id }),
    ...(place.kind === "point" && { lon: place.lon, lat: place.lat }),
    mode: question.mode,
    direction: question.direction,
    [question.unit]: [...question.bands],
    rings: question.rings,
    competitors: [...question.competitors],
    competitor_branch: question.competitorBranch,
    closed: [...question.closed],
    opened: [...question.opened],
    barriers: question.barriers.map((line) => [...line]),
  };
}

/** The question that was stored, so that whoever opens it may go on from there. */
export function questionOf(parameters: CatchmentParameters, stored: StoredKey): Question {
  const { shop_unit: unit, parcel, lon, lat } = parameters;
  const place: Place | null =
    typeof unit === "number"
      ? { kind: "unit", id: unit }
      : typeof parcel === "number"
        ? { kind: "parcel", id: parcel }
        : typeof lon === "number" && typeof lat === "number"
          ? pointAt(lon, lat)
          : null;
  const unitOf = BAND_UNITS.find((name) => parameters[name]?.length) ?? NO_QUESTION.unit;
  return {
    ...NO_QUESTION,
    places: place ? [place] : [],
    mode: parameters.mode ?? NO_QUESTION.mode,
    direction: parameters.direction ?? NO_QUESTION.direction,
    unit: unitOf,
    bands: parameters[unitOf]?.length ? [...parameters[unitOf]].sort((a, b) => a - b) : NO_QUESTION.bands,
    rings: parameters.rings ?? false,
    competitors: parameters.competitors ?? [],
    competitorBranch: parameters.competitor_branch ?? null,
    closed: parameters.closed ?? [],
    opened: parameters.opened ?? [],
    barriers: parameters.barriers ?? [],
    stored,
  };
}

// What is asked of the figures shown, not of the catchment itself.
const READING: readonly (keyof Question)[] = ["band", "versus", "stored"];

/** A question changed; whoever changes what a stored catchment asked has left it. */
export function changed(question: Question, patch: Partial<Question>): Question {
  const isReading = Object.keys(patch).every((key) => READING.includes(key as keyof Question));
  const next = { ...question, ...patch };
  if (!isReading && !("stored" in patch)) return { ...next, stored: null, versus: null };
  return next;
}
