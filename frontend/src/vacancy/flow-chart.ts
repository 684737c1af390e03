import { html, svg, type TemplateResult } from "lit";
import type { FlowYear } from "../api/types.ts";
import { number } from "../text/format.ts";
import { t } from "../text/index.ts";

const WIDTH = 336;
const MIDDLE = 72;
const IN = "#b8400e";
const LET = "#0b5563";
const GONE = "#84919a";

export function yearName({ year, is_partial }: { year: number; is_partial: boolean }): string {
  return `${year}${is_partial ? "*" : ""}`;
}

export function signed(value: number): string {
  return value > 0 ? `+${number(value)}` : number(value).replace("-", "−");
}

/** Per year upwards what fell empty, downwards what was let or left the market. */
export function flowChart(years: readonly FlowYear[]): TemplateResult {
  const most = Math.max(1, ...years.map((year) => Math.max(year.n_inflow, year.n_let + year.n_withdrawn)));
  const step = WIDTH / years.length;
  const high = (n: number) => (n / most) * 56;
  const values = years
    .map((year) => `${year.year}: ${number(year.n_inflow)}, ${number(year.n_let)}`)
    .join("; ");
  return html`<svg class="figure" viewBox="0 0 ${WIDTH} 160" role="img" aria-label=${t("lasting.flows_alt", { values })}>
      ${years.map((year, i) => {
        const x = i * step + step * 0.14;
        const wide = step * 0.72;
        const out = high(year.n_let);
        return svg`<rect x=${x} y=${MIDDLE - high(year.n_inflow)} width=${wide} height=${high(year.n_inflow)} fill=${IN} />
          <rect x=${x} y=${MIDDLE + 1} width=${wide} height=${out} fill=${LET} />
          <rect x=${x} y=${MIDDLE + 1 + out} width=${wide} height=${high(year.n_withdrawn)} fill=${GONE} />
          <text x=${x + wide / 2} y=${MIDDLE - high(year.n_inflow) - 4} text-anchor="middle">${number(year.n_inflow)}</text>
          <text x=${x + wide / 2} y="156" text-anchor="middle">${years.length > 7 ? `’${String(year.year).slice(2)}` : year.year}</text>`;
      })}
      <line x1="0" x2=${WIDTH} y1=${MIDDLE} y2=${MIDDLE} stroke="#45545d" />
    </svg>
    <p class="small">
      <span aria-hidden="true" style="color:${IN}">■</span> ${t("lasting.inflow")}
      <span aria-hidden="true" style="color:${LET}">■</span> ${t("lasting.let")}
      <span aria-hidden="true" style="color:${GONE}">■</span> ${t("lasting.withdrawn")}
    </p>`;
}

/** The same as a table whose sums close. */
export function flowTable(years: readonly FlowYear[]): TemplateResult {
  const heads = ["inflow", "first_seen", "let", "withdrawn", "net", "vacant_end"] as const;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("lasting.flows")}><table>
      <thead>
        <tr>
          <th scope="col">${t("lasting.year_head")}</th>
          ${heads.map((head) => html`<th scope="col">${t(`lasting.${head}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${years.map(
          (year) => html`<tr>
            <td>${yearName(year)}</td>
            ${heads.map((head) => html`<td>${head === "net" ? signed(year.n_net) : number(year[`n_${head}`])}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table></div>
    <p class="small muted">${t("lasting.partial")}</p>`;
}
