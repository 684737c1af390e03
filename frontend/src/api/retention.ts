import { officer } from "./cases.ts";
import { apiUrl, get, send } from "./request.ts";

export const KEPT_MONTHS = ["prospect_months", "owner_months", "lost_months", "log_months"] as const;
export type KeptMonths = Record<(typeof KEPT_MONTHS)[number], number>;

/** What the retention job let go on one day, in numbers. */
export interface RetentionRun {
  ran_at: string;
  n_prospect: number;
  n_owner: number;
  n_lost: number;
  n_log: number;
  n_documents: number;
}

export interface Retention extends KeptMonths {
  usual: KeptMonths;
  changed_by: string | null;
  changed_at: string | null;
  /** Contacts that go at the next run: by unit or case, without a name. */
  due: { person_id: number; rule: string; keep_until: string; places: string[] | null }[];
  n_log_due: number;
  runs: RetentionRun[];
  changes: (KeptMonths & { reason: string | null; changed_by: string; changed_at: string })[];
}

export const retentionApi = {
  get: (municipality: string, signal?: AbortSignal) =>
    get<Retention>("persons/retention", { municipality }, signal),
  set: (municipality: string, months: KeptMonths, reason: string) => {
    const path = apiUrl("persons/retention", { municipality }).replace(/^api\//, "");
    const headers = { "Kernkaart-Officer": encodeURIComponent(officer()) };
    return send<Retention & { was: KeptMonths }>("PUT", path, { ...months, reason }, headers);
  },
};
