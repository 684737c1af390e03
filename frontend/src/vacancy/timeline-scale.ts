import type { HistoryItem } from "../api/types.ts";

const DAY_MS = 86_400_000;
const YEAR_MS = 365.25 * DAY_MS;

export interface Bar {
  item: HistoryItem;
  /** Shares of the width: where it may have begun, where it surely runs, where it ends. */
  maybe: number;
  from: number;
  to: number;
}

/** The last `years` years until `now`, placed from 0 to 1; what ended earlier is left out. */
export function timelineBars(history: readonly HistoryItem[], now: Date, years = 10): Bar[] {
  const end = now.getTime();
  const begin = end - years * YEAR_MS;
  const at = (day: string | null, otherwise: number) => {
    const time = day ? Date.parse(day) : Number.NaN;
    return Math.min(1, Math.max(0, ((Number.isNaN(time) ? otherwise : time) - begin) / (end - begin)));
  };
  return history
    .filter((item) => !item.to || Date.parse(item.to) > begin)
    .sort((a, b) => (a.from ?? "").localeCompare(b.from ?? ""))
    .map((item, i, sorted) => {
      const from = at(item.from, begin);
      // Without an earliest day it may have begun at any moment since the period before it ended.
      const before = at(sorted[i - 1]?.to ?? null, begin);
      const maybe = item.from_earliest
        ? at(item.from_earliest, begin)
        : isSure(item)
          ? from
          : Math.min(before, from);
      return { item, from, maybe: Math.min(maybe, from), to: at(item.to, end) };
    });
}

/** Whether the first day is known as such. */
export function isSure(item: HistoryItem): boolean {
  return item.start_basis === "exact" || (item.from_earliest !== null && item.from_earliest === item.from);
}

/** The years whose first of January lies on the line, with their place. */
export function yearTicks(now: Date, years = 10): { year: number; at: number }[] {
  const end = now.getTime();
  const begin = end - years * YEAR_MS;
  const ticks: { year: number; at: number }[] = [];
  for (let year = new Date(begin).getUTCFullYear() + 1; year <= now.getUTCFullYear(); year += 1) {
    ticks.push({ year, at: (Date.UTC(year, 0, 1) - begin) / (end - begin) });
  }
  return ticks;
}
