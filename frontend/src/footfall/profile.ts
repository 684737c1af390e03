import type { Series } from "../api/types.ts";

/** Mean per weekday (0 = Monday) and hour, null where nothing was measured. */
export type Profile = (number | null)[][];

const DAYS = 7;
const HOURS = 24;

/** The usual week of a sensor as seven rows of twenty-four hours; null when there is none. */
export function readProfile(cells: Series["profile"]): Profile | null {
  if (cells.length === 0) return null;
  const profile: Profile = Array.from({ length: DAYS }, () => new Array<number | null>(HOURS).fill(null));
  for (const { weekday, hour, value } of cells) {
    const row = profile[weekday - 1];
    if (row && hour >= 0 && hour < HOURS) row[hour] = value;
  }
  return profile;
}

/** The hour of the week that is busiest. */
export function peakOf(profile: Profile): { day: number; hour: number; value: number } {
  let peak = { day: 0, hour: 0, value: -1 };
  profile.forEach((row, day) => {
    row.forEach((value, hour) => {
      if (value !== null && value > peak.value) peak = { day, hour, value };
    });
  });
  return peak;
}

/** Total of one day; null when more than a quarter of its hours is unknown. */
export function dayTotal(row: readonly (number | null)[]): number | null {
  const known = row.filter((value): value is number => value !== null);
  if (known.length < 0.75 * row.length) return null;
  return known.reduce((sum, value) => sum + value, 0);
}

/** A round number at or above the largest value, for the top of an axis. */
export function niceTop(largest: number): number {
  if (largest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  return power * ([1, 1.5, 2, 3, 4, 5, 7.5, 10].find((step) => step * power >= largest) ?? 10);
}
