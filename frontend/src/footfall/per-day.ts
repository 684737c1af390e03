import type { SeriesItem } from "../api/types.ts";

// The API counts coverage against a month of mean length (43,800 minutes), not against the month itself.
const MEAN_MONTH_DAYS = 43_800 / 1440;

/** Mean per day of a month, so that February and a month with a gap stand beside the others. */
export function perDay(item: SeriesItem): SeriesItem {
  const days = daysIn(item.start);
  // In a long month the API's share is cut at 1, which says that all of it was measured.
  const measuredDays = item.coverage >= 1 ? days : Math.min(days, item.coverage * MEAN_MONTH_DAYS);
  if (item.value === null || measuredDays <= 0) return { ...item, value: null, coverage: 0 };
  return { ...item, value: item.value / measuredDays, coverage: measuredDays / days };
}

/** The months from the first to the last, those without counts as gaps. */
export function everyMonth(items: readonly SeriesItem[]): SeriesItem[] {
  const filled: SeriesItem[] = [];
  for (const item of items) {
    for (
      let previous = filled.at(-1);
      previous && monthIndex(previous.start) + 1 < monthIndex(item.start);
    ) {
      const next = monthIndex(previous.start) + 1;
      const start = `${Math.floor(next / 12)}-${String((next % 12) + 1).padStart(2, "0")}-01`;
      previous = { start, value: null, coverage: 0, flagged: 0 };
      filled.push(previous);
    }
    filled.push(item);
  }
  return filled;
}

function monthIndex(start: string): number {
  const [year, month] = start.split("-").map(Number);
  return year! * 12 + month! - 1;
}

function daysIn(start: string): number {
  const [year, month] = start.split("-").map(Number);
  return new Date(Date.UTC(year!, month!, 0)).getUTCDate();
}
