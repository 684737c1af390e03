import { html, svg, type TemplateResult } from "lit";
import type { ForecastBand, ForecastDay, ForecastHour } from "../api/types.ts";
import { number, weekday } from "../text/format.ts";
import { t } from "../text/index.ts";

/** A forecast promises no single persons: tens below a thousand, hundreds above. */
export function round(value: number): string {
  const step = value < 100 ? 5 : value < 1000 ? 10 : value < 10_000 ? 50 : 100;
  return number(Math.round(value / step) * step);
}

/** The 80 % band in words, such as "310 tot 420". */
export function range(band: ForecastBand): string {
  return t("forecast.range", { low: round(band.q10), high: round(band.q90) });
}

/** 0 = Monday of a day such as 2026-11-28. */
export function weekdayOf(on: string): number {
  return (new Date(`${on}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** "za 28/11". */
export function dayName(on: string, width: "short" | "long" = "short"): string {
  return `${weekday(weekdayOf(on), width)} ${Number(on.slice(8))}/${Number(on.slice(5, 7))}`;
}

/** The hours of one day. */
export function hoursOf(hours: readonly ForecastHour[], on: string): ForecastHour[] {
  return hours.filter(({ start }) => start.startsWith(on));
}

/** The hour with most passages; null without hours. */
export function busiestHour(hours: readonly ForecastHour[]): ForecastHour | null {
  return hours.reduce<ForecastHour | null>(
    (most, hour) => (hour.expected > (most?.expected ?? -1) ? hour : most),
    null,
  );
}

export function hourOf(hour: ForecastHour): number {
  return Number(hour.start.slice(11, 13));
}

/** The share of the widest day at which a number stands. */
export function top(days: readonly ForecastDay[]): number {
  return Math.max(1, ...days.map(({ q90 }) => q90));
}

const WIDTH = 336;
const LEFT = 34;
const HEIGHT = 120;

/** The hours of a day as a line with its bands of 50 and 80 %. */
export function hourChart(hours: readonly ForecastHour[], on: string): TemplateResult {
  const highest = niceTop(Math.max(1, ...hours.map(({ q90 }) => q90)));
  const x = (hour: ForecastHour) => LEFT + (hourOf(hour) / 23) * (WIDTH - LEFT - 4);
  const y = (value: number) => 8 + (1 - value / highest) * (HEIGHT - 8);
  const area = (low: "q10" | "q25", high: "q90" | "q75") =>
    [
      ...hours.map((hour) => `${x(hour).toFixed(1)},${y(hour[high]).toFixed(1)}`),
      ...[...hours].reverse().map((hour) => `${x(hour).toFixed(1)},${y(hour[low]).toFixed(1)}`),
    ].join(" ");
  const line = hours.map((hour) => `${x(hour).toFixed(1)},${y(hour.expected).toFixed(1)}`).join(" ");
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT + 18}" role="img" aria-label=${t("forecast.hours_alt", { day: dayName(on, "long") })}>
    ${[0, highest / 2, highest].map(
      (
        value,
      ) => svg`<line x1=${LEFT} x2=${WIDTH} y1=${y(value)} y2=${y(value)} stroke=${value ? "#e6ebed" : "#84919a"} />
        <text x=${LEFT - 4} y=${y(value) + 4} text-anchor="end">${number(value)}</text>`,
    )}
    ${[0, 6, 12, 18, 23].map(
      (hour) =>
        svg`<text x=${LEFT + (hour / 23) * (WIDTH - LEFT - 4)} y=${HEIGHT + 14} text-anchor=${hour === 23 ? "end" : hour ? "middle" : "start"}>${t("forecast.hour", { hour })}</text>`,
    )}
    <polygon points=${area("q10", "q90")} fill="#d3e5ea" />
    <polygon points=${area("q25", "q75")} fill="#9cc4cd" />
    <polyline points=${line} fill="none" stroke="#0b5563" stroke-width="2.2" stroke-linejoin="round" />
  </svg>`;
}

/** A round number at or above the largest, for the top of an axis. */
export function niceTop(largest: number): number {
  const size = 10 ** Math.floor(Math.log10(Math.max(largest, 1)));
  return [1, 2, 3, 4, 5, 6, 8, 10].map((times) => times * size).find((value) => value >= largest)!;
}
