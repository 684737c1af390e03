import { officer } from "./cases.ts";
import { apiUrl, type Query, request } from "./request.ts";
import type { FootfallClass } from "./types.ts";

/** A code with its labels. */
export interface Choice {
  code: string;
  label_nl: string;
  label_fr: string;
  label_en: string;
}

export type Choices = Record<string, Choice[]>;
export type FactValue = string | number | boolean | null;

/** One fact of a card: how it is written, and in which code list. */
export interface FactKind {
  name: string;
  kind: "number" | "whole" | "flag" | "code" | "text";
  unit: string | null;
  scheme: string | null;
}

export interface CardFact extends FactKind {
  group: "premises" | "use" | "terms";
  label_nl: string;
  label_fr: string;
  label_en: string;
  is_editable: boolean;
  value: FactValue;
  /** card: somebody wrote it on the card; else the dataset it comes from; null: nobody knows. */
  source: string | null;
  on: string | null;
  by: string | null;
}

export interface Proposal {
  id: number;
  shop_unit_id: number;
  address: string;
  role: string;
  made_at: string;
  field: string;
  old_value: FactValue;
  new_value: FactValue;
  value_now: FactValue;
  decision: "pending" | "accepted" | "rejected";
  reason: string | null;
  decided_by: string | null;
  photo_id: number | null;
}

export interface OwnerLink {
  id: number;
  role: string;
  made_by: string;
  expires_at: string;
  revoked_at: string | null;
  is_open: boolean;
}

export interface CardAround {
  joinable: { id: number; address: string; floor_area_m2: number | null }[];
  anchors: { name: string; distance_m: number }[];
  parking: { within_m: number; zones: number; spaces: number | null; unknown: number }[];
  stops: { name: string | null; distance_m: number }[];
  footfall: {
    value: number | null;
    lower: number | null;
    upper: number | null;
    passage_class: string | null;
    footfall_class: FootfallClass | null;
    source: string | null;
    observed_on: string | null;
    n_sensors: number;
  } | null;
}

export interface UnitCard {
  shop_unit: number;
  version: number;
  unit: { address: string; capakey: string | null; core_name: string | null; floor_area_m2: number | null };
  fields: CardFact[];
  choices: Choices;
  around: CardAround;
  photos: { id: number; decision: string; added_at: string }[];
  consent: {
    fields: string[];
    role: string;
    given_via: string;
    agreed_at: string;
    recorded_by: string | null;
  } | null;
  links: OwnerLink[];
  proposals: Proposal[];
  publishable: string[];
  changes: {
    id: number;
    after: Record<string, FactValue>;
    changed_by: string;
    changed_at: string;
    undoes_id: number | null;
  }[];
  can_undo: boolean;
}

export interface UnitOffer {
  published: {
    shop_unit_id: number;
    address: string;
    state: string;
    fields: string[];
    role: string;
    agreed_at: string;
  }[];
  proposals: Proposal[];
  contact: { organisation: string; contact: string } | null;
  choices: Choices;
  fields: FactKind[];
}

/** What two officers wrote of one fact. */
export interface CardConflict {
  field: string;
  read: FactValue;
  yours: FactValue;
  theirs: FactValue;
}

export interface OwnerForm {
  address: string;
  town_nl: string;
  town_fr: string;
  town_en: string;
  role: string;
  expires_at: string;
  facts: (Omit<CardFact, "is_editable" | "source" | "by"> & { may_propose: boolean })[];
  choices: Choices;
  publishable: string[];
  consent: { fields: string[]; agreed_at: string } | null;
  proposals: Omit<Proposal, "shop_unit_id" | "address" | "role" | "value_now" | "decided_by" | "photo_id">[];
  contact: { organisation: string; contact: string } | null;
}

export type Facts = Record<string, FactValue>;

async function call<T>(
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: object | Blob,
): Promise<T> {
  const init: RequestInit = { method, headers: { ...headers } };
  if (body instanceof Blob) init.body = body;
  else if (body) {
    init.body = JSON.stringify(body);
    init.headers = { ...headers, "Content-Type": "application/json" };
  }
  return (await (await request(url, undefined, init)).json()) as T;
}

function act<T>(
  method: string,
  path: string,
  { body, version, query }: { body?: object | Blob; version?: number; query?: Query } = {},
): Promise<T> {
  const headers: Record<string, string> = { "Kernkaart-Officer": encodeURIComponent(officer()) };
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  return call(method, apiUrl(path, query), headers, body);
}

async function get<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
  return (await (await request(apiUrl(path, query), signal)).json()) as T;
}

const of = (unit: number, rest: string) => `shop-units/${unit}/${rest}`;
const NO_PERSONS = { is_without_persons: true };

export const cardApi = {
  get: (unit: number, signal?: AbortSignal) => get<UnitCard>(of(unit, "card"), {}, signal),
  change: (unit: number, version: number, body: Facts) =>
    act<UnitCard>("PATCH", of(unit, "card"), { body, version }),
  undo: (unit: number, version: number) => act<UnitCard>("POST", of(unit, "card/undo"), { version }),
  pdf: (unit: number, lang: string) => apiUrl(of(unit, "card.pdf"), { lang }),
  photo: (id: number) => apiUrl(`unit-photos/${id}.jpg`),
  addPhoto: (unit: number, file: Blob) =>
    act<UnitCard>("POST", of(unit, "photos"), { body: file, query: NO_PERSONS }),
  removePhoto: (unit: number, id: number) => act<UnitCard>("DELETE", of(unit, `photos/${id}`)),
  restorePhoto: (unit: number, id: number) => act<UnitCard>("POST", of(unit, `photos/${id}/restore`)),
  addLink: (unit: number, role: string) =>
    act<UnitCard & { token: string }>("POST", of(unit, "owner-links"), { body: { role } }),
  revokeLink: (unit: number, id: number) => act<UnitCard>("DELETE", of(unit, `owner-links/${id}`)),
  restoreLink: (unit: number, id: number) => act<UnitCard>("POST", of(unit, `owner-links/${id}/restore`)),
  consent: (unit: number, body: { fields: string[]; role: string; given_via: string }) =>
    act<UnitCard>("PUT", of(unit, "consent"), { body }),
  withdraw: (unit: number) => act<UnitCard>("DELETE", of(unit, "consent")),
  consentAgain: (unit: number) => act<UnitCard>("POST", of(unit, "consent/restore")),
  offer: (municipality: string, signal?: AbortSignal) =>
    get<UnitOffer>("unit-offer", { municipality }, signal),
  setContact: (municipality: string, body: { organisation: string; contact: string }) =>
    act<UnitOffer>("PUT", "unit-offer/contact", { body, query: { municipality } }),
  decide: (id: number, decision: string, reason: string | null = null) =>
    act<UnitCard>("POST", `unit-proposals/${id}/decision`, { body: { decision, reason } }),
};

/** What whoever holds a link may ask; the link itself goes in a header, so that no log keeps it. */
export function ownerApi(token: string) {
  const headers = { "Kernkaart-Owner-Link": token };
  const ask = (method: string, rest = "", body?: object | Blob, query: Query = {}) =>
    call<OwnerForm>(method, apiUrl(`owner-form${rest}`, query), headers, body);
  return {
    open: () => ask("GET"),
    propose: (body: Facts) => ask("POST", "/proposals", body),
    sendPhoto: (file: Blob) => ask("POST", "/photos", file, NO_PERSONS),
    consent: (fields: string[]) => ask("PUT", "/consent", { fields }),
    withdraw: () => ask("DELETE", "/consent"),
  };
}
