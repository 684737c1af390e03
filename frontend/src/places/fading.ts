import type { Freshness, Points } from "../api/types.ts";
import { type Colouring, type UnitStyle, unitStyle } from "./unit-style.ts";

export const FRESHNESS: readonly Freshness[] = ["fresh", "ageing", "stale", "never"];
/** How much of the colour gives way to white. The line keeps the colour, so that the shape stays as plain as before. */
const PALER: Record<Freshness, number> = { fresh: 0, ageing: 0.3, stale: 0.75, never: 1 };
const DARK = "#5d6b74";
const ENOUGH_CONTRAST = 3;

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function luminance(colour: string): number {
  const [r, g, b] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/** Contrast of two colours as WCAG counts it, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

export function paler(colour: string, share: number): string {
  return `#${channels(colour)
    .map((value) =>
      Math.round(value + (255 - value) * share)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

/** A symbol as it looks when nobody looked at the unit for a while. */
export function faded(style: UnitStyle, freshness: Freshness): UnitStyle {
  if (freshness === "fresh") return style;
  const own = contrast(style.fill, "#ffffff") >= ENOUGH_CONTRAST ? style.fill : DARK;
  return {
    ...style,
    key: `${style.key}-${freshness}`,
    fill: paler(style.fill, PALER[freshness]),
    line: contrast(style.line, "#ffffff") >= ENOUGH_CONTRAST ? style.line : own,
    isDashed: freshness === "never",
  };
}

/** How a unit is drawn. A score is read from how light the colour is, so that colouring does not fade. */
export function fadedStyle(
  points: Points,
  i: number,
  how: { colouring: Colouring; fades: boolean },
  score: ArrayLike<number>,
): UnitStyle {
  const style = unitStyle(points, i, how.colouring, score);
  return how.fades && how.colouring !== "score" ? faded(style, points.freshness[i] ?? "never") : style;
}
