import type { CaseState } from "./cases.ts";
import { officer } from "./cases.ts";
import { apiUrl, get, request } from "./request.ts";

/** A file that belongs to a case. */
export interface CaseDocument {
  id: number;
  name: string;
  format: string;
  description: string | null;
  size_bytes: number;
  added_by: string;
  added_at: string;
  changed_by: string;
}

export interface CaseDocuments {
  case_id: number;
  items: CaseDocument[];
  formats: string[];
  most_bytes: number;
  longest_name: number;
}

export interface RemovedCase {
  id: number;
  title: string;
  prospect_name: string | null;
  branch_code: string | null;
  state: CaseState;
  removed_at: string;
  removed_by: string | null;
}

export interface SaidOfDocument {
  name: string;
  description: string | null;
}

async function act<T>(method: string, url: string, body?: object | Blob): Promise<T> {
  const headers: Record<string, string> = { "Kernkaart-Officer": encodeURIComponent(officer()) };
  const init: RequestInit = { method, headers };
  if (body instanceof Blob) {
    init.body = body;
    headers["Content-Type"] = "application/octet-stream";
  } else if (body) {
    init.body = JSON.stringify(body);
    headers["Content-Type"] = "application/json";
  }
  return (await (await request(url, undefined, init)).json()) as T;
}

const of = (id: number, rest = "") => `cases/${id}/documents${rest}`;

export const documentsApi = {
  list: (id: number, signal?: AbortSignal) => get<CaseDocuments>(of(id), {}, signal),
  add: (id: number, file: Blob, said: SaidOfDocument) =>
    act<CaseDocuments & { added: number }>("POST", apiUrl(of(id), { ...said }), file),
  describe: (id: number, key: number, said: SaidOfDocument, was: SaidOfDocument) =>
    act<CaseDocuments>("PATCH", apiUrl(of(id, `/${key}`)), { ...said, was }),
  remove: (id: number, key: number) => act<CaseDocuments>("DELETE", apiUrl(of(id, `/${key}`))),
  restore: (id: number, key: number) => act<CaseDocuments>("POST", apiUrl(of(id, `/${key}/restore`))),
  file: (id: number, key: number) => apiUrl(of(id, `/${key}/file`)),
};

export const caseListsApi = {
  removed: (municipality: string, signal?: AbortSignal) =>
    get<{ items: RemovedCase[] }>("cases/removed", { municipality }, signal),
  csv: (
    municipality: string,
    wanted: { text: string; acts: string; handled_by: string; with_closed: boolean },
  ) => apiUrl("cases.csv", { municipality, ...wanted }),
};
