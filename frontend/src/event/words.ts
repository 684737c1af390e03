import type { EventCaution, EventPart } from "../api/types.ts";
import { date, number, percent } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";

/** A share with its sign: "+34 %", "−12 %". */
export function signed(share: number | null): string {
  if (share === null) return t("events.none");
  const text = percent(Math.abs(share), 0);
  const isZero = Math.round(Math.abs(share) * 100) === 0;
  return isZero ? text : `${share > 0 ? "+" : "−"}${text}`;
}

/** "van +12 % tot +60 %", or why there is none. */
export function rangeText(part: Pick<EventPart, "lower" | "upper" | "reason">): string {
  if (part.lower === null || part.upper === null) return tCode("event_reason", part.reason);
  return t("events.range", { lower: signed(part.lower), upper: signed(part.upper) });
}

/** One day, or from the first to the last. */
export function daysText(first: string, last: string): string {
  return first === last ? date(first) : t("events.span", { first: date(first), last: date(last) });
}

export function cautionText({ code, level, days, names }: EventCaution): string {
  return tCode("event_caution", code)
    .replace("{level}", level === undefined ? "" : percent(level, 0))
    .replace("{days}", days === undefined ? "" : number(days))
    .replace("{names}", names?.join(", ") ?? "");
}

/** What the clock of a date-time field shows, of an instant. */
export function localInput(instant: string | null): string {
  if (!instant) return "";
  const at = new Date(instant);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

const DAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;
export const REPEATS = ["once", "weekly", "fortnightly", "monthly", "yearly", "own"] as const;
export type Repeat = (typeof REPEATS)[number];

/** The rule of a choice: of a month the same weekday of the same week, as "every first Sunday". */
export function ruleOf(repeat: Repeat, startsAt: string, own: string): string | null {
  const start = new Date(startsAt);
  const day = DAYS[start.getDay()]!;
  const week = Math.ceil(start.getDate() / 7);
  if (repeat === "weekly") return `FREQ=WEEKLY;BYDAY=${day}`;
  if (repeat === "fortnightly") return `FREQ=WEEKLY;INTERVAL=2;BYDAY=${day}`;
  if (repeat === "monthly") return `FREQ=MONTHLY;BYDAY=${week > 4 ? -1 : week}${day}`;
  if (repeat === "yearly") return "FREQ=YEARLY";
  return repeat === "own" ? own.trim() || null : null;
}

/** The choice of a rule; one that no choice makes is our own. */
export function repeatOf(rule: string | null, startsAt: string): Repeat {
  if (!rule) return "once";
  const made = REPEATS.find((repeat) => repeat !== "own" && ruleOf(repeat, startsAt, "") === rule);
  return made ?? "own";
}

/** "50,888 3,43" as longitude and latitude; null where it is no place. */
export function readPoint(text: string): [number, number] | null {
  const parts = text
    .replace(/(\d),(\d)/g, "$1.$2")
    .split(/[\s;,]+/)
    .filter(Boolean)
    .map(Number);
  const [lat, lon] = parts;
  if (parts.length !== 2 || lat === undefined || lon === undefined) return null;
  if (!(Math.abs(lat) <= 85 && Math.abs(lon) <= 180)) return null;
  return [lon, lat];
}

/** How many placebos fall in each of `bins` equal steps, and where the event stands, from 0 to 1. */
export function spread(shares: readonly number[], event: number, bins: number) {
  const sizes = shares.map(Math.abs).sort((a, b) => a - b);
  const reach = 1.15 * Math.max(sizes[Math.floor(0.96 * (sizes.length - 1))] ?? 0, Math.abs(event), 0.02);
  const counts = Array.from({ length: bins }, () => 0);
  for (const share of shares) {
    const at = Math.floor(((share + reach) / (2 * reach)) * bins);
    counts[Math.min(bins - 1, Math.max(0, at))]! += 1;
  }
  return { counts, reach, at: (event + reach) / (2 * reach) };
}
