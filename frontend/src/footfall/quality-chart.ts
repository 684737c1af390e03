import { html, svg, type TemplateResult } from "lit";
import type { FindingAround, SensorQuality } from "../api/types.ts";
import { number, percent, shortDate } from "../text/format.ts";
import { t } from "../text/index.ts";
import { niceTop } from "./profile.ts";
import { linePath, type Scale, xOf, yOf } from "./week-lines.ts";

/** What became of the hours of a sensor, in the order of how much they may be believed. */
export const PARTS = ["valid", "in_doubt", "filled", "unknown"] as const;
export type Part = (typeof PARTS)[number];
const COLOURS: Record<Part, string> = {
  valid: "#0b5563",
  in_doubt: "#d98a00",
  filled: "#8fb8c4",
  unknown: "#d5dade",
};

/** Shares of the hours that should be there; they add up to one. */
export function partsOf(quality: SensorQuality): Record<Part, number> | null {
  if (quality.valid_share === null) return null;
  const gone = (quality.left_out_share ?? 0) + (quality.missing_share ?? 0);
  const filled = Math.min(gone, quality.fillable_share ?? 0);
  return {
    valid: quality.valid_share,
    in_doubt: quality.in_doubt_share ?? 0,
    filled,
    unknown: Math.max(0, gone - filled),
  };
}

/** One bar over the whole width: what is believed stands left. */
export function shareBar(quality: SensorQuality): TemplateResult {
  const parts = partsOf(quality);
  if (!parts) return html`<p class="small muted">${t("cq.no_hours")}</p>`;
  const said = PARTS.map((part) => `${t(`cq.${part}`)} ${percent(parts[part], 1)}`).join(", ");
  let left = 0;
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${quality.sensor}: ${said}">
    ${PARTS.map((part) => {
      const width = 100 * parts[part];
      const rect = svg`<rect x=${left} y="0" width=${width} height="10" fill=${COLOURS[part]} />`;
      left += width;
      return rect;
    })}
  </svg>`;
}

export function shareLegend(): TemplateResult {
  return html`<ul class="legend small">
    ${PARTS.map((part) => html`<li><i style="background:${COLOURS[part]}"></i>${t(`cq.${part}`)}</li>`)}
  </ul>`;
}

/** What was counted around a finding beside what is usual; the finding itself lies on a coloured ground. */
export function aroundChart({ finding, step, items }: FindingAround): TemplateResult {
  const values = items.flatMap(({ value, usual }) => [value, usual]).filter((value) => value !== null);
  if (values.length === 0) return html`<p class="small muted">${t("cq.no_chart")}</p>`;
  const typical = items.flatMap(({ usual }) => (usual === null ? [] : [usual]));
  const most = Math.max(...values);
  // A spike of a thousand times the usual would flatten everything else.
  const cut = typical.length > 0 ? 6 * Math.max(...typical) : most;
  const highest = niceTop(Math.max(1, Math.min(most, cut)));
  const scale: Scale = { left: 2, width: 332, top: 16, height: 84, lowest: 0, highest, steps: items.length };
  const line = (key: "value" | "usual") =>
    linePath(
      items.map((item, i) => {
        const value = item[key];
        return { week: i + 1, value: value === null ? null : Math.min(value, highest) };
      }),
      scale,
    );
  const [first, last] = spanOf(finding, step, items);
  const axis = step === "day" ? "footfall.per_day_axis" : "cq.per_hour_axis";
  const end = items.at(-1)!.start;
  return html`<svg class="chart" viewBox="0 0 336 118" role="img" aria-label=${t("cq.chart_alt", { said: finding.sentence })}>
    ${
      last > first
        ? svg`<rect x=${xOf(scale, first) - 1} y="14" width=${Math.max(3, xOf(scale, last) - xOf(scale, first))} height="88" fill="#fbeed3" />`
        : ""
    }
    <text x="0" y="10">${t(axis, { value: number(highest) })}</text>
    ${[highest, highest / 2, 0].map(
      (value) =>
        svg`<line x1="0" x2="336" y1=${yOf(scale, value)} y2=${yOf(scale, value)} stroke=${value ? "#e6ebed" : "#84919a"} />`,
    )}
    <text x="0" y="114">${labelOf(items[0]!.start, step)}</text>
    <text x="336" y="114" text-anchor="end">${labelOf(end, step)}</text>
    <path d=${line("usual")} fill="none" stroke="#6b7a84" stroke-width="1.6" stroke-dasharray="4 3" />
    <path d=${line("value")} fill="none" stroke="#0b5563" stroke-width="2.2" stroke-linejoin="round" />
  </svg>`;
}

/** First step of the finding and the one after its last, counted from one; none on a mean day. */
function spanOf(
  finding: FindingAround["finding"],
  step: FindingAround["step"],
  items: FindingAround["items"],
): [number, number] {
  if (step === "hour_of_day") return [0, 0];
  // Both are on the clock of the wall, so that they compare as text.
  const length = step === "day" ? 10 : 16;
  const from = finding.from.slice(0, length);
  const to = finding.to.slice(0, length);
  const inside = items.map(({ start }) => start.slice(0, length)).map((at) => at >= from && at < to);
  const first = inside.indexOf(true);
  return first < 0 ? [0, 0] : [first + 1, inside.lastIndexOf(true) + 2];
}

function labelOf(start: string, step: FindingAround["step"]): string {
  if (step === "hour_of_day") return start;
  return step === "day" ? shortDate(start) : `${shortDate(start)} ${start.slice(11, 16)}`;
}
