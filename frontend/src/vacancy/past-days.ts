import type { Points, UnitsOn } from "../api/types.ts";

const FIRST_YEAR = 1900;
const SHOWN_YEARS = 10;

/** The day of an instant where the reader is. */
export function dayOf(instant: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${instant.getFullYear()}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`;
}

/** A day that has passed, as an address or a field gives it; anything else is today, which has no name. */
export function readPastDay(value: string | null, today = dayOf(new Date())): string | null {
  if (!value || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return null;
  const instant = new Date(`${value}T00:00:00Z`);
  const isDay = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(value);
  return isDay && value < today && Number(value.slice(0, 4)) >= FIRST_YEAR ? value : null;
}

/** The first days of the quarters of the last ten years, and today at the end. */
export function quarterDays(today: string, years = SHOWN_YEARS): string[] {
  const days: string[] = [];
  const last = Number(today.slice(0, 4));
  for (let year = last - years; year <= last; year += 1) {
    for (const month of ["01", "04", "07", "10"]) {
      const day = `${year}-${month}-01`;
      if (day >= `${last - years}${today.slice(4)}` && day < today) days.push(day);
    }
  }
  return [...days, today];
}

/** The step of a slider nearest before a day. */
export function stepOf(days: readonly string[], day: string): number {
  let step = 0;
  days.forEach((begin, i) => {
    if (begin <= day) step = i;
  });
  return step;
}

/** Units of a past day as the map and the list know them: of that day nobody computed a score. */
export function pointsOn(units: UnitsOn): Points {
  const nothing = units.ids.map(() => null);
  const { on: _day, is_active: _still, ...columns } = units;
  return {
    ...columns,
    cluster_id: nothing,
    score: nothing,
    rank: nothing,
    rank_lower: nothing,
    rank_upper: nothing,
    footfall_per_day: nothing,
    footfall_class: nothing,
    last_seen_on: nothing,
    // How long ago somebody looked says nothing of that day: no unit fades.
    seen_months_ago: nothing,
    freshness: units.ids.map(() => "fresh" as const),
    fresh_months: 0,
    stale_months: 0,
    criteria: [],
    scaled: {},
  };
}
