import { html, svg, type TemplateResult } from "lit";
import { number, roughly, weekday } from "../text/format.ts";
import { t } from "../text/index.ts";
import { dayTotal, niceTop, type Profile, peakOf } from "./profile.ts";

// Pale to dark in one hue: it stays readable in grey and for who does not see colours apart.
const STEPS = ["#eef4f5", "#d3e5e8", "#a8cbd1", "#74aab4", "#3f8593", "#0b5563"] as const;
const LEFT = 30;
const CELL = 12.4;
const ROW = 16;
const KEY = 34;

/** Where a step begins: close together below, as one market morning would else leave all other hours alike. */
export function stepFrom(step: number, top: number): number {
  return top * (step / STEPS.length) ** 2;
}

export function shade(value: number, top: number): string {
  const share = Math.min(1, Math.max(0, value) / top);
  return STEPS[Math.min(STEPS.length - 1, Math.floor(Math.sqrt(share) * STEPS.length))]!;
}

/** Hours across, weekdays down: when it is busy at a glance. */
export function heatMap(profile: Profile): TemplateResult {
  const peak = peakOf(profile);
  const top = niceTop(peak.value);
  const label = t("footfall.week_alt", {
    day: weekday(peak.day, "long"),
    hour: peak.hour,
    value: roughly(peak.value),
  });
  return html`<svg class="heat" viewBox="0 0 ${LEFT + 24 * CELL} ${7 * ROW + 40}" role="img" aria-label=${label}>
    ${profile.map(
      (row, day) => svg`<text x="0" y=${day * ROW + 12}>${weekday(day)}</text>
        ${row.map(
          (value, hour) => svg`<rect
            x=${LEFT + hour * CELL} y=${day * ROW} width=${CELL - 1} height=${ROW - 1.5}
            fill=${value === null ? "none" : shade(value, top)}
            stroke=${value === null ? "#c3ccd1" : "none"} stroke-dasharray="2 2"
          ><title>${t("passing.cell", {
            day: weekday(day, "long"),
            hour,
            value: value === null ? t("unknown") : number(value),
          })}</title></rect>`,
        )}`,
    )}
    ${[0, 6, 12, 18].map(
      (hour) => svg`<text x=${LEFT + hour * CELL} y=${7 * ROW + 11}>${t("passing.hour", { hour })}</text>`,
    )}
    ${STEPS.map(
      (
        colour,
        step,
      ) => svg`<rect x=${LEFT + step * KEY} y=${7 * ROW + 20} width=${KEY - 1} height="8" fill=${colour} />
        <text x=${LEFT + step * KEY} y=${7 * ROW + 40}>${roughly(stepFrom(step, top))}</text>`,
    )}
    <text x=${LEFT + STEPS.length * KEY + 4} y=${7 * ROW + 28}>${t("footfall.per_hour", { value: number(top) })}</text>
  </svg>`;
}

/** The same to read: every hour of the week, and the days as sums. */
export function heatTable(profile: Profile): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${t("footfall.week")}>
    <table class="num">
      <caption>
        ${t("passing.per_hour_caption")}
      </caption>
      <thead>
        <tr>
          <td></td>
          ${profile.map((_, day) => html`<th scope="col">${weekday(day)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${Array.from(
          { length: 24 },
          (_, hour) => html`<tr>
            <th scope="row">${t("passing.hour", { hour })}</th>
            ${profile.map((row) => html`<td>${row[hour] == null ? "–" : number(row[hour]!)}</td>`)}
          </tr>`,
        )}
        <tr>
          <th scope="row">${t("passing.day_total")}</th>
          ${profile.map((row) => {
            const total = dayTotal(row);
            return html`<td>${total === null ? "–" : number(total)}</td>`;
          })}
        </tr>
      </tbody>
    </table>
  </div>`;
}
