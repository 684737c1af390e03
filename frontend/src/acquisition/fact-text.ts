import type { CaseFacts } from "../api/cases.ts";
import { date, euro, squareMetres } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";

/** A fact of a case as a person reads it. */
export function factText(field: keyof CaseFacts | string, value: unknown): string {
  if (value === null || value === undefined || value === "") return t("unknown");
  if (Array.isArray(value))
    return value.length ? value.map((code) => tCode("case_need", String(code))).join(", ") : "–";
  if (typeof value === "boolean") return t(value ? "case.yes" : "case.no");
  if (typeof value === "number")
    return field.endsWith("_m2") ? squareMetres(value) : field.includes("eur") ? euro(value) : String(value);
  const scheme = {
    branch_code: "branch",
    origin: "origin",
    acts: "case_actor",
    state: "case_state",
    resumes_at: "case_state",
    loss_reason: "loss_reason",
  }[field];
  if (scheme) return tCode(scheme, String(value));
  return /_on$|_until$/.test(field) ? date(String(value)) : String(value);
}
