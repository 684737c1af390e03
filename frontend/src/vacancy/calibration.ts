import { html, svg, type TemplateResult } from "lit";
import type { Outlook } from "../api/types.ts";
import { number, percent } from "../text/format.ts";
import { t } from "../text/index.ts";

const SIDE = 170;
const LEFT = 40;

/** Expected against observed, in five groups, with the interval of each and the line of a perfect answer. */
export function calibrationFigure(groups: Outlook["calibration"]): TemplateResult {
  const most = Math.max(0.05, ...groups.map((group) => Math.max(group.expected_share, group.upper_share)));
  const x = (share: number) => LEFT + (share / most) * (330 - LEFT);
  const y = (share: number) => SIDE - 22 - (share / most) * (SIDE - 32);
  const values = groups
    .map((group) => `${percent(group.expected_share)}: ${percent(group.observed_share)}`)
    .join("; ");
  return html`<svg class="figure" viewBox="0 0 336 ${SIDE}" role="img" aria-label=${t("risk.calibration_alt", { values })}>
    <line x1=${x(0)} y1=${y(0)} x2=${x(most)} y2=${y(most)} stroke="#84919a" stroke-dasharray="4 3" />
    <line x1=${x(0)} y1=${y(0)} x2=${x(most)} y2=${y(0)} stroke="#45545d" />
    <line x1=${x(0)} y1=${y(0)} x2=${x(0)} y2=${y(most)} stroke="#45545d" />
    <text x=${LEFT - 5} y=${y(most) + 8} text-anchor="end">${percent(most, 0)}</text>
    <text x=${LEFT - 5} y=${y(0) + 4} text-anchor="end">0%</text>
    <text x=${x(most)} y=${SIDE - 6} text-anchor="end">${t("risk.expected")}: ${percent(most, 0)}</text>
    <text x=${LEFT + 6} y=${y(most) + 8}>${t("risk.observed")}</text>
    ${groups.map(
      (
        group,
      ) => svg`<line x1=${x(group.expected_share)} x2=${x(group.expected_share)} y1=${y(group.lower_share)} y2=${y(group.upper_share)} stroke="#b8400e" stroke-width="2" />
        <circle cx=${x(group.expected_share)} cy=${y(group.observed_share)} r="4.5" fill="#b8400e" />`,
    )}
  </svg>`;
}

/** The same as a table. */
export function calibrationTable(groups: Outlook["calibration"]): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${t("risk.expected")}</th>
        <th scope="col">${t("risk.observed")}</th>
        <th scope="col">${t("lasting.margin")}</th>
        <th scope="col">${t("lasting.inflow")}</th>
      </tr>
    </thead>
    <tbody>
      ${groups.map(
        (group) => html`<tr>
          <td>${percent(group.expected_share)}</td>
          <td>${percent(group.observed_share)}</td>
          <td>${percent(group.lower_share)}–${percent(group.upper_share)}</td>
          <td>${t("vacancy.of", { n: number(group.events), of: number(group.n) })}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}
