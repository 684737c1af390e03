import { html, svg, type TemplateResult } from "lit";
import type { FootfallWeek } from "../api/types.ts";
import { number, shortMonth } from "../text/format.ts";
import { t } from "../text/index.ts";
import { niceTop } from "./profile.ts";
import { along, linePath, type Scale, weeksOf, xOf, yOf } from "./week-lines.ts";

/** The latest year: more weeks than that are too many to follow a line. */
const YEAR_MS = 52 * 604_800_000;
const QUARTERS = [1, 14, 27, 40];

/** This ISO year beside the one before it, week by week. */
export function yearChart(weeks: readonly FootfallWeek[], year: number): TemplateResult {
  const now = weeksOf(weeks, year);
  const before = weeksOf(weeks, year - 1);
  const highest = niceTop(Math.max(...[...now, ...before].map(({ value }) => value ?? 0)));
  const scale: Scale = { left: 2, width: 330, top: 14, height: 92, lowest: 0, highest, steps: 53 };
  return html`<svg class="chart" viewBox="0 0 336 126" role="img" aria-label=${t("passing.year_alt", { year, before: year - 1 })}>
    <text x="0" y="9">${t("footfall.per_day_axis", { value: number(highest) })}</text>
    ${[highest, highest / 2, 0].map(
      (value) =>
        svg`<line x1="0" x2="336" y1=${yOf(scale, value)} y2=${yOf(scale, value)} stroke=${value ? "#e6ebed" : "#84919a"} />`,
    )}
    ${QUARTERS.map((week) => svg`<text x=${xOf(scale, week)} y="121">${t("passing.week", { week })}</text>`)}
    <path d=${linePath(before, scale)} fill="none" stroke="#84919a" stroke-width="1.6" stroke-linecap="round" />
    <path d=${linePath(now, scale)} fill="none" stroke="#0b5563" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round" />
  </svg>`;
}

export interface IndexLine {
  name: string;
  colour: string;
  dash: string;
  weeks: readonly { starts_on: string; index: number | null }[];
}

/** Lines of different size on one scale: 100 is the latest year of each. */
export function indexChart(lines: readonly IndexLine[]): TemplateResult {
  const latest = lines
    .flatMap(({ weeks }) => weeks)
    .reduce((last, { starts_on, index }) => (index !== null && starts_on > last ? starts_on : last), "");
  const from = latest && new Date(Date.parse(latest) - YEAR_MS).toISOString().slice(0, 10);
  const all = lines.flatMap(({ weeks }) =>
    weeks.filter((week) => week.index !== null && week.starts_on >= from),
  );
  if (!all.length) return html`<p class="small muted">${t("passing.no_index")}</p>`;
  const days = all.map(({ starts_on }) => starts_on).sort();
  const first = days[0]!;
  const last = days[days.length - 1]!;
  const steps = 1 + Math.round((Date.parse(last) - Date.parse(first)) / 604_800_000);
  const highest = Math.max(125, Math.ceil(Math.max(...all.map(({ index }) => index!)) / 25) * 25);
  const scale: Scale = { left: 26, width: 306, top: 6, height: 104, lowest: 0, highest, steps };
  return html`<svg class="chart" viewBox="0 0 336 128" role="img" aria-label=${t("passing.index_alt", {
    names: lines.map(({ name }) => name).join(", "),
  })}>
    ${[0, 100, highest].map(
      (
        value,
      ) => svg`<line x1="26" x2="336" y1=${yOf(scale, value)} y2=${yOf(scale, value)} stroke=${value === 100 ? "#84919a" : "#e6ebed"} />
        <text x="22" y=${yOf(scale, value) + 4} text-anchor="end">${number(value)}</text>`,
    )}
    <text x="26" y="125">${shortMonth(first)}</text>
    <text x="336" y="125" text-anchor="end">${shortMonth(last)}</text>
    ${lines.map(
      ({ weeks, colour, dash }) =>
        svg`<path d=${linePath(
          along(
            weeks.filter(({ starts_on }) => starts_on >= from),
            first,
          ),
          scale,
        )} fill="none" stroke=${colour} stroke-width="2" stroke-dasharray=${dash} stroke-linejoin="round" />`,
    )}
  </svg>`;
}

/** The weeks of two years to read. */
export function yearTable(weeks: readonly FootfallWeek[], year: number): TemplateResult {
  const now = new Map(weeksOf(weeks, year).map(({ week, value }) => [week, value]));
  const before = new Map(weeksOf(weeks, year - 1).map(({ week, value }) => [week, value]));
  const numbers = [...new Set([...now.keys(), ...before.keys()])].sort((one, other) => one - other);
  const cell = (value: number | null | undefined) => (value == null ? "–" : number(value));
  return html`<table class="num">
    <caption>
      ${t("passing.year_caption")}
    </caption>
    <thead>
      <tr>
        <th scope="col">${t("passing.week_column")}</th>
        <th scope="col">${year - 1}</th>
        <th scope="col">${year}</th>
      </tr>
    </thead>
    <tbody>
      ${numbers.map(
        (week) => html`<tr>
          <th scope="row">${week}</th>
          <td>${cell(before.get(week))}</td>
          <td>${cell(now.get(week))}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}
