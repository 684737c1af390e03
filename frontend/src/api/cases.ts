import { apiUrl, type Query, request } from "./client.ts";

/** States in the order of the process, and those beside it. */
export const CASE_PROCESS = [
  "identified",
  "qualified",
  "contacted",
  "in_dialogue",
  "visit_planned",
  "visited",
  "offer",
  "negotiation",
  "signed",
  "fit_out",
  "opened",
  "aftercare",
] as const;
export const CASE_SIDE = ["on_hold", "lost", "rejected"] as const;
export const CASE_STATES = [...CASE_PROCESS, ...CASE_SIDE] as const;
export type CaseState = (typeof CASE_STATES)[number];
export const CASE_ACTORS = ["city", "owner", "prospect", "broker"] as const;
export const CASE_NEEDS = [
  "ground_floor",
  "corner",
  "terrace",
  "parking_near",
  "loading_near",
  "kitchen_extraction",
  "step_free",
  "storage",
] as const;
export const CASE_ORIGINS = [
  "unknown",
  "starter",
  "relocation_within",
  "relocation_outside",
  "chain_expansion",
  "takeover",
] as const;

/** A state that a case may go to, and what it still lacks for it. */
export interface CaseStep {
  to: CaseState;
  way: "forward" | "back" | "side" | "resume";
  needs: string[];
}

export interface CaseUnit {
  shop_unit_id: number;
  address: string;
  response: string;
  owner_state: string;
  unit_state: string | null;
  floor_area_m2: number | null;
  is_active: boolean;
  lon: number;
  lat: number;
}

export interface CaseFacts {
  title: string;
  prospect_name: string | null;
  branch_code: string | null;
  is_wished: boolean | null;
  min_m2: number | null;
  max_m2: number | null;
  max_rent_eur_per_month: number | null;
  needs: string[];
  origin: string;
  acts: (typeof CASE_ACTORS)[number];
  handled_by: string | null;
  next_action: string | null;
  next_action_on: string | null;
}

export interface Case extends CaseFacts {
  id: number;
  nis_code: string;
  state: CaseState;
  resumes_at: CaseState | null;
  hold_until: string | null;
  loss_reason: string | null;
  signed_on: string | null;
  signed_unit_id: number | null;
  is_temporary: boolean;
  opened_on: string | null;
  due_on: string | null;
  last_contact_at: string | null;
  version: number;
  changed_at: string;
  changed_by: string;
  units: CaseUnit[];
  steps: CaseStep[];
}

export interface CaseChange {
  id: number;
  version: number;
  kind: string;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  changed_by: string;
  changed_at: string;
  is_undone: boolean;
}

export interface CaseActivity {
  id: number;
  kind: string;
  happened_at: string;
  note: string | null;
  written_by: string;
}

export interface CaseGrant {
  id: number;
  scheme: string;
  amount_eur: number;
  paid_on: string | null;
}

export interface CaseDetail extends Case {
  activities: CaseActivity[];
  grants: CaseGrant[];
  changes: CaseChange[];
  can_undo: boolean;
  today: string;
}

export interface DueCase {
  id: number;
  nis_code: string;
  name_nl: string;
  title: string;
  state: CaseState;
  acts: string;
  handled_by: string | null;
  next_action: string | null;
  due_on: string;
}

export interface CaseStepIn {
  to: CaseState;
  on?: string | null;
  shop_unit?: number | null;
  is_temporary?: boolean;
  next_action_on?: string | null;
  hold_until?: string | null;
  loss_reason?: string | null;
}

/** A share with its interval; null: not measurable. */
export interface CaseShare {
  share: number | null;
  lower: number | null;
  upper: number | null;
  n: number;
  of: number;
}

export interface CaseFigures {
  today: string;
  n_cases: number;
  first_on: string | null;
  funnel: {
    state: CaseState;
    n_reached: number;
    n_on: number;
    n_left: number;
    n_here: number;
    on_share: number | null;
    lower_share: number | null;
    upper_share: number | null;
  }[];
  signed_within: (CaseShare & { days: number })[];
  median_days_to_signing: number | null;
  opened_within: CaseShare & { days: number };
  losses: { reason: string; n: number }[];
  filled: { n: number; n_area_known: number; floor_area_m2: number; n_temporary: number };
  wished: CaseShare;
  stayed: (CaseShare & { months: number })[];
}

/** What two officers wrote of one thing. */
export interface CaseConflict {
  field: keyof CaseFacts;
  read: unknown;
  yours: unknown;
  theirs: unknown;
}

const ALIAS = "kernkaart.alias";

/** The name of who is at work: of the account, or what somebody at a shared desk gave. */
export function officer(): string {
  return localStorage.getItem(ALIAS)?.trim() ?? "";
}

export function setOfficer(name: string): void {
  localStorage.setItem(ALIAS, name);
}

async function get<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
  return (await (await request(apiUrl(path, query), signal)).json()) as T;
}

async function act<T>(method: string, path: string, body?: object, version?: number): Promise<T> {
  const headers: Record<string, string> = { "Kernkaart-Officer": encodeURIComponent(officer()) };
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  if (body) headers["Content-Type"] = "application/json";
  const init: RequestInit = { method, headers };
  if (body) init.body = JSON.stringify(body);
  return (await (await request(path, undefined, init)).json()) as T;
}

const of = (id: number, rest = "") => apiUrl(`cases/${id}${rest}`);

export const casesApi = {
  list: (query: { municipality: string; shop_unit?: number }, signal?: AbortSignal) =>
    get<{ today: string; items: Case[] }>("cases", query, signal),
  due: (municipality: string | null, signal?: AbortSignal) =>
    get<{ today: string; items: DueCase[] }>("cases/due", { municipality }, signal),
  figures: (municipality: string, signal?: AbortSignal) =>
    get<CaseFigures>("cases/figures", { municipality }, signal),
  get: (id: number, signal?: AbortSignal) => get<CaseDetail>(`cases/${id}`, {}, signal),
  add: (municipality: string, body: Partial<CaseFacts> & { title: string; shop_unit?: number | null }) =>
    act<CaseDetail>("POST", apiUrl("cases", { municipality }), body),
  change: (id: number, version: number, body: Partial<CaseFacts>) =>
    act<CaseDetail>("PATCH", of(id), body, version),
  step: (id: number, version: number, body: CaseStepIn) =>
    act<CaseDetail>("POST", of(id, "/step"), body, version),
  undo: (id: number, version: number) => act<CaseDetail>("POST", of(id, "/undo"), undefined, version),
  remove: (id: number) => act<unknown>("DELETE", of(id)),
  restore: (id: number) => act<unknown>("POST", of(id, "/restore")),
  putUnit: (
    id: number,
    unit: number,
    body: { response: string; owner_state: string; was?: { response: string; owner_state: string } },
  ) => act<CaseDetail>("PUT", of(id, `/units/${unit}`), body),
  removeUnit: (id: number, unit: number) => act<CaseDetail>("DELETE", of(id, `/units/${unit}`)),
  addActivity: (id: number, body: { kind: string; note: string | null }) =>
    act<CaseDetail & { added: number }>("POST", of(id, "/activities"), body),
  removeActivity: (id: number, key: number) => act<CaseDetail>("DELETE", of(id, `/activities/${key}`)),
  restoreActivity: (id: number, key: number) => act<CaseDetail>("POST", of(id, `/activities/${key}/restore`)),
  addGrant: (id: number, body: { scheme: string; amount_eur: number; paid_on: string | null }) =>
    act<CaseDetail & { added: number }>("POST", of(id, "/grants"), body),
  removeGrant: (id: number, key: number) => act<CaseDetail>("DELETE", of(id, `/grants/${key}`)),
  restoreGrant: (id: number, key: number) => act<CaseDetail>("POST", of(id, `/grants/${key}/restore`)),
};
