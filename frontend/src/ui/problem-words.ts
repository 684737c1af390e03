import type { ApiError } from "../api/client.ts";
import { date, number } from "../text/format.ts";
import { tMaybe } from "../text/index.ts";

/** A day and a number as the reader writes them; all else as it came. */
function written(value: unknown): string {
  if (typeof value === "number") return number(value, Number.isInteger(value) ? 0 : 1);
  const text = String(value);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? date(text) : text;
}

interface Words {
  detail: string;
  wayOut: string | null;
}

/** Our words for a code, or nothing for one we do not know. */
export function wordsOf(code: string, values: Record<string, unknown>): Words | null {
  const shown = Object.fromEntries(Object.entries(values).map(([name, one]) => [name, written(one)]));
  const detail = tMaybe(`problem.${code}`, shown);
  return detail ? { detail, wayOut: tMaybe(`problem_way.${code}`, shown) } : null;
}

/** What the server refused and the way out, in the language of the reader where it says which refusal it is. */
export function problemWords(error: ApiError): Words {
  const words = error.code ? wordsOf(error.code, error.values) : null;
  return words ?? { detail: error.detail ?? error.title, wayOut: error.wayOut };
}
