import { html, nothing, svg, type TemplateResult } from "lit";
import type { CurvePoint } from "../api/types.ts";
import { number, percent } from "../text/format.ts";
import { t } from "../text/index.ts";
import { monthsText } from "./spans.ts";

const WIDTH = 336;
const LEFT = 34;
const TOP = 6;
const BOTTOM = 150;
// Where fewer are still watched the line is mostly chance; the table goes on.
const FEWEST_DRAWN = 5;

/** The part of a curve that is drawn. */
export function drawnPart(curve: readonly CurvePoint[]): CurvePoint[] {
  return curve.filter(({ month, n_at_risk }) => month < 2 || n_at_risk >= FEWEST_DRAWN);
}

/** Months that carry a mark under the curve: years, two or three of them at a time where there are many. */
export function yearMarks(months: number): number[] {
  const step = 12 * Math.max(1, Math.ceil(months / 12 / 6));
  return Array.from({ length: Math.floor(months / step) + 1 }, (_, i) => i * step);
}

/** Points of the table beside the figure: half years up to three years, whole years beyond. */
export function tablePoints(curve: readonly CurvePoint[]): CurvePoint[] {
  return curve.filter(({ month }) => (month <= 36 ? month % 6 === 0 : month % 12 === 0));
}

/** The share that is still empty by months since the start, with its band; another line in grey behind it. */
export function survivalCurve(
  whole: readonly CurvePoint[],
  other: readonly CurvePoint[] | null,
): TemplateResult {
  const curve = drawnPart(whole);
  const last = Math.max(1, curve.at(-1)!.month);
  const x = (month: number) => LEFT + (month / last) * (WIDTH - LEFT);
  const y = (share: number) => BOTTOM - share * (BOTTOM - TOP);
  const line = (points: readonly CurvePoint[], read: (point: CurvePoint) => number) =>
    points.map((point) => `${x(point.month).toFixed(1)},${y(read(point)).toFixed(1)}`).join(" ");
  const upper = line(curve, (point) => point.upper_share);
  const lower = line([...curve].reverse(), (point) => point.lower_share);
  const behind = other?.filter(({ month }) => month <= last) ?? [];
  const values = tablePoints(curve)
    .slice(1)
    .map(({ month, survival_share }) => `${monthsText(month)}: ${percent(survival_share, 0)}`)
    .join("; ");
  return html`<svg class="figure" viewBox="0 0 ${WIDTH} 176" role="img" aria-label=${t("lasting.curve_alt", { values })}>
    ${[0, 0.25, 0.5, 0.75, 1].map(
      (
        share,
      ) => svg`<line x1=${LEFT} x2=${WIDTH} y1=${y(share)} y2=${y(share)} stroke=${share === 0.5 ? "#84919a" : "#e3e8ea"} stroke-dasharray=${share === 0.5 ? "4 3" : "none"} />
        <text x=${LEFT - 5} y=${y(share) + 4} text-anchor="end">${percent(share, 0)}</text>`,
    )}
    <polygon points="${upper} ${lower}" fill="#b8400e" fill-opacity="0.16" />
    ${behind.length ? svg`<polyline points=${line(behind, (point) => point.survival_share)} fill="none" stroke="#84919a" stroke-width="1.6" />` : nothing}
    <polyline points=${line(curve, (point) => point.survival_share)} fill="none" stroke="#b8400e" stroke-width="2.4" stroke-linejoin="round" />
    ${yearMarks(last).map(
      (month, i) => svg`<line x1=${x(month)} x2=${x(month)} y1=${BOTTOM} y2=${BOTTOM + 4} stroke="#84919a" />
        <text x=${x(month)} y=${BOTTOM + 18} text-anchor=${i === 0 ? "start" : x(month) > WIDTH - 24 ? "end" : "middle"}>${month === 0 ? "0" : monthsText(Math.max(month, 12))}</text>`,
    )}
  </svg>`;
}

/** The same as a table. */
export function survivalTable(curve: readonly CurvePoint[]): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${t("lasting.month")}</th>
        <th scope="col">${t("lasting.still")}</th>
        <th scope="col">${t("lasting.margin")}</th>
        <th scope="col">${t("lasting.at_risk")}</th>
      </tr>
    </thead>
    <tbody>
      ${tablePoints(curve).map(
        (point) => html`<tr>
          <td>${monthsText(point.month)}</td>
          <td>${percent(point.survival_share, 0)}</td>
          <td>${percent(point.lower_share, 0)}–${percent(point.upper_share, 0)}</td>
          <td>${number(point.n_at_risk)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}
