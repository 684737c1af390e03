import { html, svg, type TemplateResult } from "lit";
import type { SeriesItem } from "../api/types.ts";
import { number, roughly, shortMonth, weekday } from "../text/format.ts";
import { t } from "../text/index.ts";
import { dayTotal, niceTop, type Profile, peakOf } from "./profile.ts";

const ACCENT = "#0b5563";
const PALE = "#a8cbd1";

/** One week, hour after hour, as a filled line; the days that have a market are named so. */
export function weekChart(profile: Profile, marketWeekdays: readonly number[]): TemplateResult {
  const flat = profile.flat();
  const top = niceTop(Math.max(...flat.map((value) => value ?? 0)));
  const x = (i: number) => (i / flat.length) * 336;
  const y = (value: number) => 92 - (value / top) * 80;
  const peak = peakOf(profile);
  let path = "";
  let isOpen = false;
  flat.forEach((value, i) => {
    if (value === null) {
      if (isOpen) path += `L${x(i)} 92Z`;
      isOpen = false;
      return;
    }
    path += isOpen ? `L${x(i + 0.5)} ${y(value)}` : `M${x(i)} 92L${x(i + 0.5)} ${y(value)}`;
    isOpen = true;
  });
  if (isOpen) path += "L336 92Z";
  const label = t("footfall.week_alt", {
    day: weekday(peak.day, "long"),
    hour: peak.hour,
    value: roughly(peak.value),
  });
  return html`<svg class="chart" viewBox="0 0 336 122" role="img" aria-label=${label}>
    <text x="0" y="9">${t("footfall.per_hour", { value: number(top) })}</text>
    <line x1="0" x2="336" y1="12" y2="12" stroke="#e6ebed" />
    <line x1="0" x2="336" y1="52" y2="52" stroke="#e6ebed" />
    <path d=${path} fill=${PALE} stroke=${ACCENT} stroke-width="1.2" stroke-linejoin="round" />
    <line x1="0" x2="336" y1="92" y2="92" stroke="#84919a" />
    ${profile.map((_, day) => {
      const isMarket = marketWeekdays.includes(day + 1);
      return svg`<line x1=${day * 48} x2=${day * 48} y1="12" y2="96" stroke="#d4dbde" />
        <text x=${day * 48 + 24} y="106" text-anchor="middle" style=${isMarket ? "font-weight:700;fill:var(--ink)" : ""}>${weekday(day)}</text>
        ${isMarket ? svg`<text x=${day * 48 + 24} y="119" text-anchor="middle">${t("footfall.market")}</text>` : ""}`;
    })}
  </svg>`;
}

/** One bar per month; a month that was measured in part is drawn pale, one without counts as a gap. */
export function monthChart(items: readonly SeriesItem[]): TemplateResult {
  const top = niceTop(Math.max(...items.map((item) => item.value ?? 0)));
  const step = 336 / items.length;
  const first = items[0]!;
  const last = items[items.length - 1]!;
  return html`<svg class="chart" viewBox="0 0 336 112" role="img" aria-label=${t("footfall.month_alt", {
    from: shortMonth(first.start),
    to: shortMonth(last.start),
  })}>
    <text x="0" y="9">${t("footfall.per_day_axis", { value: number(top) })}</text>
    <line x1="0" x2="336" y1="12" y2="12" stroke="#e6ebed" />
    <line x1="0" x2="336" y1="52" y2="52" stroke="#e6ebed" />
    ${items.map((item, i) => {
      const left = i * step + 1;
      const width = Math.max(1, step - 2);
      if (item.value === null) {
        return svg`<line x1=${left} x2=${left + width} y1="90" y2="90" stroke="#84919a" stroke-dasharray="2 2" />`;
      }
      const height = (item.value / top) * 80;
      const isPart = item.coverage < 0.9;
      return svg`<rect x=${left} y=${92 - height} width=${width} height=${height} fill=${isPart ? "#dcebee" : "#3f8593"} stroke=${isPart ? ACCENT : "none"} stroke-dasharray="3 2" />`;
    })}
    <line x1="0" x2="336" y1="92" y2="92" stroke="#84919a" />
    <text x="0" y="107">${shortMonth(first.start)}</text>
    <text x="336" y="107" text-anchor="end">${shortMonth(last.start)}</text>
  </svg>`;
}

/** The same figures to read: totals per day of the typical week and per month. */
export function footfallTables(profile: Profile | null, months: readonly SeriesItem[]): TemplateResult {
  return html`<div class="tables">
    ${
      profile
        ? html`<table class="num">
          <caption>
            ${t("footfall.week")}
          </caption>
          <tbody>
            ${profile.map((row, day) => {
              const total = dayTotal(row);
              return html`<tr>
                <th scope="row">${weekday(day, "long")}</th>
                <td>${total === null ? t("unknown") : number(total)}</td>
              </tr>`;
            })}
          </tbody>
        </table>`
        : ""
    }
    ${
      months.length
        ? html`<table class="num">
          <caption>
            ${t("footfall.months")}
          </caption>
          <tbody>
            ${months.map(
              (item) => html`<tr>
                <th scope="row">${shortMonth(item.start)}</th>
                <td>${item.value === null ? t("footfall.no_counts") : number(item.value)}</td>
              </tr>`,
            )}
          </tbody>
        </table>`
        : ""
    }
  </div>`;
}
