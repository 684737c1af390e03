import type { ApiError } from "../api/client.ts";
import { date, number } from "../text/format.ts";
import { tMaybe } from "../text/index.ts";

/** A day and a number as the reader writes them; all else as it came. */
function written(value: unknown): string {
  if (typeof value === "number") return number(value, Number.isInteger(value) ? 0 : 1);
  const text = String(value);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? date(text) : text;
}

/** What the server refused and the way out, in the language of the reader where it says which refusal it is. */
export function problemWords(error: ApiError): { detail: string; wayOut: string | null } {
  const { code } = error;
  const values = Object.fromEntries(Object.entries(error.values).map(([name, one]) => [name, written(one)]));
  const detail = code && tMaybe(`problem.${code}`, values);
  if (!detail) return { detail: error.detail ?? error.title, wayOut: error.wayOut };
  return { detail, wayOut: tMaybe(`problem_way.${code}`, values) };
}
