import type { BandUnit, Mode } from "../api/types.ts";
import { number } from "../text/format.ts";
import { t } from "../text/index.ts";

/** Near to far: the nearest is the darkest. */
export const BAND_COLOURS = ["#3a2a78", "#6d58b5", "#a394d6"] as const;
const MANY_BANDS = ["#2c1f63", "#48379a", "#6551b0", "#8371c4", "#a394d6", "#bfb4e3"] as const;

/** Places side by side; white letters stay readable on each. */
export const PLACE_COLOURS = ["#5a3fb0", "#00707a", "#a8246f", "#855400"] as const;
export const LETTERS = ["A", "B", "C", "D"] as const;
export const MOST_PLACES = LETTERS.length;

export const BAND_UNITS: readonly BandUnit[] = ["minutes", "metres", "inhabitants"];
export const MOST_BANDS = 6;
export const DEFAULT_BANDS: readonly number[] = [5, 10, 15];
export const PRESETS: Record<BandUnit, readonly (readonly number[])[]> = {
  minutes: [DEFAULT_BANDS, [3, 6, 9], [10, 20, 30]],
  metres: [
    [400, 800, 1200],
    [250, 500, 1000],
    [1000, 2500, 5000],
  ],
  inhabitants: [
    [2000, 5000, 10_000],
    [1000, 2500, 5000],
  ],
};

/** The longest that is searched, as the server has it. */
const MOST_MINUTES: Record<Mode, number> = { walk: 60, bicycle: 60, car: 45 };

export type BandProblem = "none" | "many" | "long";

/** Bands as somebody types them, in any order and with any sign between them. */
export function parseBands(text: string, unit: BandUnit, mode: Mode): number[] | BandProblem {
  // In Dutch and French a comma is also the sign of a fraction; bands are whole, so here it only separates.
  const words = text.split(/[\s,;/]+/).filter(Boolean);
  const bands = [...new Set(words.map(Number))].sort((a, b) => a - b);
  if (bands.length === 0 || bands.some((band) => !Number.isFinite(band) || band <= 0)) return "none";
  if (bands.length > MOST_BANDS) return "many";
  if (unit === "minutes" && bands.at(-1)! > MOST_MINUTES[mode]) return "long";
  return bands;
}

export function mostMinutes(mode: Mode): number {
  return MOST_MINUTES[mode];
}

/** Bands that a mode can be asked: a longer search than it allows is cut, not refused. */
export function bandsFor(bands: readonly number[], unit: BandUnit, mode: Mode): number[] {
  if (unit !== "minutes") return [...bands];
  return [...new Set(bands.map((band) => Math.min(band, MOST_MINUTES[mode])))];
}

export function bandColour(index: number, count: number): string {
  return count <= BAND_COLOURS.length ? BAND_COLOURS[index]! : MANY_BANDS[index % MANY_BANDS.length]!;
}

export function bandText(band: number, unit: BandUnit): string {
  if (unit === "metres") return `${number(band)}\u00a0m`;
  if (unit === "inhabitants") return t("catchment.band_inhabitants", { value: number(band) });
  return t("minutes", { value: number(band, Number.isInteger(band) ? 0 : 1) });
}

/** "5 · 10 · 15 min" */
export function bandsText(bands: readonly number[], unit: BandUnit): string {
  const last = bands.at(-1);
  if (last === undefined) return "";
  return [...bands.slice(0, -1).map((band) => number(band)), bandText(last, unit)].join(" · ");
}
