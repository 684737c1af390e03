import { officer } from "./cases.ts";
import { apiUrl, type Query, request } from "./client.ts";

export const PERSON_BASES = ["public_task", "pre_contract", "consent"] as const;
export const PERSON_SOURCES = ["self", "broker_listing", "kbo", "cadastre", "register"] as const;
export const PERSON_ROLES = ["owner", "broker", "prospect", "operator"] as const;
export type PersonPurpose = "acquisition" | "levy";

export interface PersonTie {
  id: number;
  role: string;
  shop_unit_id: number | null;
  case_id: number | null;
  label: string;
}

export interface PersonFacts {
  full_name: string;
  organisation: string | null;
  email: string | null;
  phone: string | null;
  language: string;
  legal_basis: string;
  legal_basis_note: string | null;
  informed_on: string | null;
  last_contact_on: string | null;
  do_not_contact: boolean;
  note: string | null;
  acquisition_basis: string | null;
  acquisition_basis_note: string | null;
}

export interface Person extends PersonFacts {
  id: number;
  nis_code: string;
  source: string;
  purpose: PersonPurpose;
  collected_on: string;
  inform_by: string;
  is_for_acquisition: boolean;
  acquisition_basis_by: string | null;
  acquisition_basis_at: string | null;
  version: number;
  ties: PersonTie[];
  keep: { rule: string; keep_until: string | null } | null;
  can_undo: boolean;
  is_information_overdue: boolean;
}

export interface PersonIn extends Partial<PersonFacts> {
  full_name: string;
  legal_basis: string;
  source: string;
  purpose: PersonPurpose;
  tie?: TieIn | null;
}

export interface TieIn {
  role: string;
  shop_unit?: number | null;
  case?: number | null;
}

export interface PersonList {
  today: string;
  n_held_back: number;
  items: Person[];
}

export interface PersonCounts {
  n: number;
  n_acquisition: number;
  n_levy: number;
  n_not_to_contact: number;
  n_overdue: number;
}

/** Somebody who is to be informed; who it is, is not told. */
export interface DuePerson {
  id: number;
  nis_code: string;
  due_on: string;
  shop_unit_id: number | null;
  case_id: number | null;
  label: string | null;
}

export interface ErasurePreview {
  version: number;
  n_ties: number;
  n_changes: number;
  n_log_kept: number;
  n_notes_blanked: number;
  n_cases_blanked: number;
  cases_kept: { id: number }[];
  n_documents_blanked: number;
  documents_kept: { case_id: number }[];
}

export interface About {
  municipality: string;
  shop_unit?: number | null;
  case?: number | null;
}

function headers(version?: number): Record<string, string> {
  const said: Record<string, string> = { "Kernkaart-Officer": encodeURIComponent(officer()) };
  if (version !== undefined) said["If-Match"] = `"${version}"`;
  return said;
}

async function get<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
  return (await (await request(apiUrl(path, query), signal, { headers: headers() })).json()) as T;
}

async function act<T>(
  method: string,
  path: string,
  query: Query,
  body?: object,
  version?: number,
): Promise<T> {
  const init: RequestInit = { method, headers: headers(version) };
  if (body) {
    init.body = JSON.stringify(body);
    init.headers = { ...headers(version), "Content-Type": "application/json" };
  }
  return (await (await request(apiUrl(path, query), undefined, init)).json()) as T;
}

export const personsApi = {
  counts: (about: About, signal?: AbortSignal) => get<PersonCounts>("persons/counts", { ...about }, signal),
  list: (about: About, purpose: PersonPurpose, signal?: AbortSignal) =>
    get<PersonList>("persons", { ...about, purpose }, signal),
  choices: (municipality: string) => get<PersonList>("persons", { municipality, is_choice: true }),
  due: (signal?: AbortSignal) => get<{ today: string; items: DuePerson[] }>("persons/due", {}, signal),
  add: (municipality: string, purpose: PersonPurpose, body: PersonIn) =>
    act<Person>("POST", "persons", { municipality, purpose }, body),
  change: (person: Person, purpose: PersonPurpose, body: Partial<PersonFacts>) =>
    act<Person>("PATCH", `persons/${person.id}`, { purpose }, body, person.version),
  undo: (person: Person, purpose: PersonPurpose) =>
    act<Person>("POST", `persons/${person.id}/undo`, { purpose }, undefined, person.version),
  tie: (id: number, purpose: PersonPurpose, body: TieIn) =>
    act<Person>("POST", `persons/${id}/ties`, { purpose }, body),
  untie: (id: number, purpose: PersonPurpose, key: number) =>
    act<Person>("DELETE", `persons/${id}/ties/${key}`, { purpose }),
  access: async (id: number): Promise<Blob> =>
    (await request(apiUrl(`persons/${id}/access`), undefined, { headers: headers() })).blob(),
  preview: (id: number) => get<ErasurePreview>(`persons/${id}/erasure`, {}),
  erase: (id: number, version: number) =>
    act<unknown>("POST", `persons/${id}/erasure`, {}, { is_sure: true }, version),
};
